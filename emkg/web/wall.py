"""What the kernel forbids to query workers, whatever a query makes of the store: sockets, other programs, other processes.

Two walls, each used where the kernel has it: a network namespace of their own, in which there is no network
(namespaces(7), network_namespaces(7)), and a system call filter (seccomp(2)). The lexer of emkg.sparql is the first wall;
these are for the day it errs. Libraries looked at: pyseccomp needs the system's libseccomp, which slim images lack, and stands
still since 2021; the filter is thirty instructions.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
import sys

_CLONE_NEWNET, _CLONE_NEWUSER = 0x40000000, 0x10000000  # sched.h
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 1, 38, 22, 2  # linux/prctl.h
_X32 = 0x40000000  # x86-64 also takes calls by these numbers (asm/unistd.h)

# System call numbers by machine: audit architecture (linux/audit.h), then the calls refused (asm/unistd.h). In this order:
# socket socketpair connect bind listen accept accept4, execve execveat, ptrace process_vm_readv process_vm_writev pidfd_getfd,
# io_uring_setup io_uring_enter io_uring_register (which open sockets too), bpf, mount unshare setns, kexec_load init_module finit_module.
_CALLS = {
    "x86_64": (
        0xC000003E,
        (41, 53, 42, 49, 50, 43, 288, 59, 322, 101, 310, 311, 438, 425, 426, 427, 321, 165, 272, 308, 246, 175, 313),
    ),
    "aarch64": (
        0xC00000B7,
        (
            198,
            199,
            203,
            200,
            201,
            202,
            242,
            221,
            281,
            117,
            270,
            271,
            438,
            425,
            426,
            427,
            280,
            40,
            97,
            268,
            104,
            105,
            273,
        ),
    ),
}
# Classic BPF (linux/bpf_common.h, linux/seccomp.h): load a word, jump if equal, jump if at least, return.
_LOAD, _JEQ, _JGE, _RET = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _ARCH_AT = 0, 4  # offsets in struct seccomp_data
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000


def raise_walls() -> list[str]:
    """Raises every wall that this kernel gives to this process and its children, for good; the names of those that stand.

    Call it in a process of one thread.
    """
    if sys.platform != "linux":
        return []
    libc = ctypes.CDLL(None, use_errno=True)
    standing = []
    if libc.unshare(_CLONE_NEWNET) == 0 or libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0:
        standing.append("network namespace")
    if _filter(libc):
        standing.append("system call filter")
    return standing


def die_with_parent(signal_number: int) -> None:
    """Asks the kernel for a signal when the parent ends (prctl(2), Linux alone)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)


def _filter(libc: ctypes.CDLL) -> bool:
    calls = _CALLS.get(platform.machine())
    if calls is None or struct.calcsize("P") != 8:
        return False
    code = program(*calls)
    instructions = ctypes.create_string_buffer(code, len(code))
    head = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(instructions))  # struct sock_fprog
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    pointer = ctypes.create_string_buffer(head, len(head))
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, pointer, 0, 0) == 0)


def program(architecture: int, calls: tuple[int, ...]) -> bytes:
    """The filter: calls of a foreign architecture end the process, those listed and x32 fail with EPERM, all others pass.

    >>> len(program(*_CALLS["x86_64"])) // 8
    30
    """

    def step(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
        return struct.pack("HBBI", code, then, otherwise, value)

    refuse = len(calls) + 1  # instructions from the first comparison to the last line
    lines = [step(_LOAD, _ARCH_AT), step(_JEQ, architecture, 1, 0), step(_RET, _KILL), step(_LOAD, _NUMBER_AT)]
    lines.append(step(_JGE, _X32, refuse, 0))
    lines += [step(_JEQ, call, refuse - 1 - place, 0) for place, call in enumerate(calls)]
    lines += [step(_RET, _ALLOW), step(_RET, _ERRNO | errno.EPERM)]
    return b"".join(lines)


def volunteer_for_the_oom_killer() -> None:
    """Where the machine runs out of memory, a query ends before the server does (proc(5), oom_score_adj)."""
    try:
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write("800")
    except OSError:  # not Linux, or not allowed: then all processes stand alike
        return
