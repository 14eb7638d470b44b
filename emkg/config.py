"""What can be set from outside: where the build and the cache lie, where the server listens, and what a client or query may take."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from platformdirs import user_cache_path

from emkg.errors import ConfigError

Network = IPv4Network | IPv6Network
T = TypeVar("T")


def _set_by(variable: str, about: str, default: T, read: Callable[[str], T]) -> T:
    """A field of a dataclass that an environment variable sets."""
    made: T = field(default=default, metadata={"variable": variable, "about": about, "read": read})
    return made


def _number(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise ValueError("give a number above 0")
    return value


def _whole(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError("give a whole number above 0")
    return value


def _from_zero(text: str) -> int:
    value = int(text)
    if value < 0:
        raise ValueError("give a whole number from 0")
    return value


def _prefixes(text: str) -> tuple[str, ...]:
    """IRI prefixes, between blanks. Each holds the whole authority, so that example.org does not open example.org.evil."""
    for prefix in text.split():
        parts = urlsplit(prefix)
        if parts.scheme not in ("http", "https") or not parts.hostname or not parts.path or "@" in parts.netloc:
            raise ValueError(f"{prefix} is no http(s) address with a path: write at least the / behind the host")
    return tuple(text.split())


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(ip_network(part) for part in text.split())


def _switch(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("give 0 or 1")
    return text == "1"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query, one client and all together may take; each has an environment variable.

    The metadata of a field hold its ``variable`` and what it is ``about``: the docs and the service description read them.
    """

    seconds: float = _set_by("EMKG_QUERY_SECONDS", "seconds that a query may run, its sending included", 30.0, _number)
    memory: int = _set_by("EMKG_QUERY_MEMORY", "MiB that a query may take beyond the graph", 1024, _whole)
    answer: int = _set_by("EMKG_ANSWER_SIZE", "MiB that an answer may have", 256, _whole)
    text: int = _set_by("EMKG_QUERY_SIZE", "bytes that a query's text may have", 262_144, _whole)
    depth: int = _set_by("EMKG_QUERY_DEPTH", "brackets that may be open at once in a query", 100, _whole)
    workers: int = _set_by("EMKG_WORKERS", "queries that run at the same time", 16, _whole)
    queue: int = _set_by("EMKG_QUEUE", "queries that may wait for their turn", 64, _from_zero)
    wait: float = _set_by("EMKG_QUEUE_SECONDS", "seconds that a query waits for its turn", 10.0, _number)
    client: int = _set_by(
        "EMKG_CLIENT_QUERIES", "queries of one client at the same time, waiting ones included", 4, _whole
    )
    connections: int = _set_by("EMKG_CONNECTIONS", "open connections", 1000, _whole)
    client_connections: int = _set_by("EMKG_CLIENT_CONNECTIONS", "open connections of one client", 50, _whole)
    rate: float = _set_by("EMKG_CLIENT_RATE", "requests a second of one client in the long run", 50.0, _number)
    burst: int = _set_by("EMKG_CLIENT_BURST", "requests of one client at once", 500, _whole)
    idle: float = _set_by("EMKG_IDLE_SECONDS", "seconds without progress before a slow client is left", 10.0, _number)
    cache: int = _set_by("EMKG_CACHE", "MiB of answers kept for who asks the same", 64, _from_zero)
    service: tuple[str, ...] = _set_by(
        "EMKG_SERVICE", "IRI prefixes that SERVICE may call, none by default", (), _prefixes
    )
    service_seconds: float = _set_by("EMKG_SERVICE_SECONDS", "seconds that a called endpoint may take", 20.0, _number)
    service_rows: int = _set_by("EMKG_SERVICE_ROWS", "rows that a called endpoint may answer", 10_000, _whole)
    proxies: tuple[Network, ...] = _set_by("EMKG_PROXIES", "networks whose X-Forwarded-For is believed", (), _networks)
    unlimited: tuple[Network, ...] = _set_by(
        "EMKG_UNLIMITED",
        "networks whose clients no client limit holds for, and who may read /metrics",
        (ip_network("127.0.0.0/8"), ip_network("::1/128")),
        _networks,
    )
    wall: bool = _set_by(
        "EMKG_WALL", "1: do not serve where the kernel gives no wall around query workers", False, _switch
    )

    @classmethod
    def load(cls, environment: Mapping[str, str] | None = None) -> Limits:
        """The limits that the environment gives; raises ConfigError, naming the variable.

        >>> Limits.load({"EMKG_QUERY_SECONDS": "5"}).seconds
        5.0
        """
        given = os.environ if environment is None else environment
        found: dict[str, Any] = {}
        for one in fields(cls):
            variable, read = one.metadata["variable"], one.metadata["read"]
            if variable in given:
                try:
                    found[one.name] = read(given[variable])
                except ValueError as fault:
                    raise ConfigError(f"no usable value: {given[variable]!r}", variable, str(fault)) from None
        return cls(**found)


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a run; each has an environment variable, and the command line wins over it."""

    build: Path = Path("build")
    host: str = "127.0.0.1"
    port: int = 8000
    cache: Path = field(default_factory=lambda: user_cache_path("emkg", appauthor=False))
    access_log: str = ""  # a file, or - for the standard error; empty for none

    @classmethod
    def load(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """What EMKG_BUILD, EMKG_HOST, EMKG_PORT, EMKG_CACHE and EMKG_ACCESS_LOG give; raises ConfigError for a port that is none.

        >>> Settings.load({"EMKG_PORT": "9000"}).port
        9000
        """
        given = os.environ if environment is None else environment
        port = given.get("EMKG_PORT", "8000")
        if not port.isdecimal() or not 0 <= int(port) <= 65535:
            raise ConfigError(f"not a port: {port!r}", "EMKG_PORT", "give a number from 0 to 65535")
        build, host = Path(given.get("EMKG_BUILD", "build")), given.get("EMKG_HOST", "127.0.0.1")
        made = cls(build, host, int(port), access_log=given.get("EMKG_ACCESS_LOG", ""))
        return replace(made, cache=Path(given["EMKG_CACHE"])) if given.get("EMKG_CACHE") else made
