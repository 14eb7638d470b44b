"""Who asks, as far as fairness is concerned: an address, or the network that one household or host has."""

from __future__ import annotations

from functools import lru_cache, partial
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import Request
from starlette.types import Scope

from emkg.config import Limits, Network
from emkg.web.engine import NOBODY

_LONGEST = 400  # characters of X-Forwarded-For that count
_SITE = 64  # bits of an IPv6 address that one client holds in whole (RFC 6177)


def client_of(request: Request) -> str:
    """The client of a request, as the gate has found it; NOBODY where no client limit holds for it."""
    found: str = request.scope["emkg.client"]
    return found


class Clients:
    """The clients of requests, by their scopes."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        # Not of known_as itself: to hash the networks takes longer than all the rest.
        self._known = lru_cache(maxsize=4096)(partial(known_as, proxies=limits.proxies, unlimited=limits.unlimited))

    def find(self, scope: Scope) -> str:
        """The client; NOBODY where no client limit holds for it."""
        return self._known(_other_end(scope), _forwarded(scope, self._limits))


def peer_in(scope: Scope, limits: Limits) -> str:
    """The address from which a request comes, seen past trusted proxies."""
    return _peer(_other_end(scope), _forwarded(scope, limits), limits.proxies)


def _other_end(scope: Scope) -> str:
    """The address of the connection's other end; one that has none is a program on this machine (a Unix socket)."""
    address = str((scope.get("client") or ("", 0))[0])
    return address if "." in address or ":" in address else "127.0.0.1"


def _forwarded(scope: Scope, limits: Limits) -> str:
    if not limits.proxies:
        return ""
    hops = ",".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for")
    return hops[-_LONGEST:]  # what proxies add stands at the end


def known_as(peer: str, forwarded: str, proxies: tuple[Network, ...], unlimited: tuple[Network, ...]) -> str:
    """The address that limits count: the last in X-Forwarded-For that no trusted proxy has, where a trusted proxy is the peer.

    >>> local = (ip_network("127.0.0.0/8"),)
    >>> known_as("127.0.0.1", "6.6.6.6, 192.0.2.7", local, local)
    '192.0.2.7'
    >>> known_as("2001:db8::1", "192.0.2.7", local, local), known_as("127.0.0.1", "", local, local)
    ('2001:db8::/64', '')
    """
    found = _peer(peer, forwarded, proxies)
    return NOBODY if _within(found, unlimited) else shortened(found, _SITE, 32)


def _peer(peer: str, forwarded: str, proxies: tuple[Network, ...]) -> str:
    found = peer
    for hop in reversed([hop.strip() for hop in forwarded.split(",") if hop.strip()]):
        if not _within(found, proxies):
            break
        found = hop
    return found


def shortened(address: str, bits6: int, bits4: int) -> str:
    """The address, or the network of so many bits that it lies in; a text that is no address stays as it is.

    >>> shortened("192.0.2.77", 48, 24)
    '192.0.2.0/24'
    """
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    bits = bits6 if found.version == 6 else bits4
    return str(found) if bits == found.max_prefixlen else str(ip_network((found, bits), strict=False))


def _within(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in network for network in networks)
