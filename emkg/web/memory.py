"""Memory that is free goes back to the system: glibc keeps what threads and a retired build have freed (mallopt(3), malloc_trim(3))."""

from __future__ import annotations

import ctypes
import platform

_M_ARENA_MAX = -8  # malloc.h


def few_arenas() -> None:
    """Lets threads share two heaps; each of forty with its own would keep what it once needed. Call it before there are threads."""
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


def give_back() -> None:
    """Returns free pages to the system."""
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).malloc_trim(0)
