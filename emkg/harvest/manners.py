"""How do we behave on the Web: who we say we are, how fast we ask, how long we wait, how much we take, and where we do not go."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from protego import Protego

from emkg import __version__
from emkg.errors import FetchError
from emkg.vocab import base

NAME = "emkg"
"""The product token by which a robots.txt may speak of us (RFC 9309 §2.2.1)."""
_LARGEST_ROBOTS = 500 * 1024  # bytes; RFC 9309 §2.5


def user_agent() -> str:
    """Who asks: name, version and home page (RFC 9110 §10.1.5).

    >>> user_agent().startswith("emkg/")
    True
    """
    return f"{NAME}/{__version__} (+{base()})"


@dataclass(frozen=True, slots=True)
class Manners:
    """Limits of a harvest. Times are seconds, sizes bytes after decompression.

    ``delay`` lies between two requests to one host, unless its robots.txt asks for more; ``attempts`` are all tries for an address;
    ``backoff`` is the first pause between two tries, doubled each time; a server that asks (Retry-After) for more than
    ``longest_wait`` is not asked again in this run; nor is one from which ``patience`` addresses in a row could not be had.
    """

    delay: float = 0.25
    connect_timeout: float = 10
    read_timeout: float = 60
    whole_timeout: float = 600
    attempts: int = 5
    backoff: float = 1
    longest_wait: float = 120
    patience: int = 3
    largest: int = 256 * 1024 * 1024
    redirects: int = 5


@dataclass(slots=True)
class Host:
    """What we know of a host: its robots.txt, when it was asked last, how many addresses failed in a row, why it is asked no more."""

    rules: Protego | None = None
    delay: float = 0
    asked: float = float("-inf")
    failures: int = 0
    closed: str = ""


@dataclass(slots=True)
class Hosts:
    """The hosts of a run. ``read_robots`` gives the status and text of a robots.txt; (0, why) where the host does not answer."""

    manners: Manners
    read_robots: Callable[[str], tuple[int, str]]
    _known: dict[str, Host] = field(default_factory=dict)

    def of(self, url: str) -> Host:
        """The host of an address; raises FetchError for an address that is not of the Web."""
        scheme, netloc = parts_of(url)
        return self._known.setdefault(f"{scheme}://{netloc}", Host())

    def admit(self, url: str) -> None:
        """Raises FetchError where an address is not to be asked for: the host is closed, or its robots.txt forbids it."""
        host = self.of(url)
        if host.rules is None and not host.closed:
            self._learn(url, host)
        if host.closed:
            raise FetchError(host.closed, url, "run the harvest again later: it goes on where it stopped")
        if host.rules is not None and not host.rules.can_fetch(url, NAME):
            raise FetchError("robots.txt forbids it", url, "take a copy by hand and give it with --from PATH")

    def pace(self, url: str) -> None:
        """Waits until the host may be asked again."""
        host = self.of(url)
        pause = host.asked + max(self.manners.delay, host.delay) - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        host.asked = time.monotonic()

    def failed(self, url: str, reason: str) -> None:
        """An address could not be had; after some in a row the host is closed."""
        host = self.of(url)
        host.failures += 1
        if host.failures >= self.manners.patience and not host.closed:
            host.closed = f"asked no more: {host.failures} addresses in a row could not be had, the last for {reason}"

    def answered(self, url: str) -> None:
        """The host is well."""
        self.of(url).failures = 0

    def close(self, url: str, reason: str) -> None:
        """The host is not asked again in this run."""
        self.of(url).closed = f"asked no more: {reason}"

    def _learn(self, url: str, host: Host) -> None:
        """RFC 9309 §2.3.1: what is not there allows all, what cannot be reached forbids all."""
        scheme, netloc = parts_of(url)
        status, text = self.read_robots(f"{scheme}://{netloc}/robots.txt")
        if status == 200:
            host.rules = Protego.parse(text[:_LARGEST_ROBOTS])
        elif 400 <= status < 500 and status != 429:
            host.rules = Protego.parse("")
        else:
            host.closed = f"asked no more: its robots.txt could not be had ({text or f'status {status}'})"
            return
        host.delay = min(float(host.rules.crawl_delay(NAME) or 0), self.manners.longest_wait)


def parts_of(url: str) -> tuple[str, str]:
    """Scheme and host of an address; raises FetchError for one that is not of the Web.

    >>> parts_of("HTTPS://Example.org:8443/a")
    ('https', 'example.org:8443')
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https"):
        raise FetchError("not an address of the Web", url, "give one that begins with http:// or https://")
    return parts.scheme, parts.netloc.rpartition("@")[2].lower()


def joined(base: str, url: str) -> str:
    """An address made absolute; raises FetchError where it is none."""
    try:
        return urljoin(base, url)
    except ValueError:
        raise FetchError("not an address of the Web", url, "correct the address") from None


def redirect_refused(start: str, target: str) -> str:
    """Why a redirect is not followed: it gives up encryption, or leads from the Web into the machine or its network.

    >>> redirect_refused("https://example.org/", "http://example.org/"), redirect_refused("http://example.org/", "http://10.0.0.1/")
    ('a redirect from https to http', 'a redirect from the Web to a private address')
    >>> redirect_refused("http://127.0.0.1/", "http://localhost:8000/")
    ''
    """
    if parts_of(start)[0] == "https" and parts_of(target)[0] == "http":
        return "a redirect from https to http"
    if is_private(target) and not is_private(start):
        return "a redirect from the Web to a private address"
    return ""


def is_private(url: str) -> bool:
    """Whether an address names this machine or its network; a name is taken as it is written, without asking DNS."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False
