"""The client that asks for a source's addresses: politely, again where that may help, and never twice for what it has.

The libraries are requests (exchange, redirects, proxies, TLS), requests-cache (answers with ETag and Last-Modified in SQLite, POST
told apart by body), tenacity (when to try again) and Protego (robots.txt).
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import requests
from requests_cache.backends.sqlite import SQLiteCache
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from emkg.errors import FetchError
from emkg.harvest.journal import Entry, Journal
from emkg.harvest.manners import Hosts, Manners, joined, parts_of, user_agent
from emkg.harvest.transport import BoundedAdapter, PoliteAdapter, PoliteSession, retry_after
from emkg.model import Fault
from emkg.sources._live import Answer

S = TypeVar("S", bound=requests.Session)
_GONE = (404, 410)
_PASSING = (408, 425, 429, 500, 502, 503, 504)
_PASSING_FAULTS = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


class Passing(Exception):
    """What may be over when asked again: the reason, and the seconds that the server asks us to wait."""

    def __init__(self, reason: str, wait: float = 0) -> None:
        super().__init__(reason)
        self.reason, self.wait = reason, wait


@dataclass(slots=True)
class Client:
    """Fetches addresses relative to ``api``, with the answers of earlier harvests below ``folder``; use as a context.

    ``offline`` asks nobody: what is not in the cache is a fault. ``watch`` is told each address that
    is asked for; ``failed`` tells whether any could not be had.
    """

    folder: Path
    api: str
    journal: Journal
    manners: Manners = field(default_factory=Manners)
    offline: bool = False
    watch: Callable[[str], None] = lambda _: None
    failed: bool = False
    hosts: Hosts = field(init=False)
    _session: PoliteSession = field(init=False)
    _plain: requests.Session = field(init=False)

    def __post_init__(self) -> None:
        """The cache is opened; raises FetchError where it cannot be."""
        self.hosts = Hosts(self.manners, self._robots)
        self._plain = _dressed(requests.Session(), self.manners, BoundedAdapter(self.manners))
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            cache = SQLiteCache(str(self.folder / "answers.sqlite"), serializer="json", busy_timeout=10_000)
            session = PoliteSession(backend=cache, allowable_methods=("GET", "POST"), expire_after=-1)
            cache.contains("")  # opens the file
        except (sqlite3.Error, OSError) as fault:
            raise FetchError(
                f"the cache cannot be used: {fault}", str(self.folder), "remove it, or: --cache DIR"
            ) from None
        self._session = session
        _dressed(session, self.manners, PoliteAdapter(self.hosts))

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()  # type: ignore[no-untyped-call]
        self._plain.close()

    def __call__(
        self, url: str, *, body: str | None = None, params: Mapping[str, str | int] | None = None
    ) -> Answer | Fault:
        """The answer of an address, or the fault that it cannot be had (see ``emkg.sources._live.Fetch``)."""
        address = url
        try:
            address = joined(self.api, url)
            request = self._prepared(address, body, params)
            key = self._session.cache.create_key(request)
            known = self.journal.entries.get(key)
            if known is not None and known.finished:
                return self._again(request, key, known)
            if self.offline:
                return self._kept(request, key)
            return self._asked(request, key)
        except FetchError as fault:
            return self.told(Fault(address, 0, 0, fault.what, ""))

    def download(self, url: str) -> bytes:
        """The body of an address that the caller keeps; nothing of it goes into the cache; raises FetchError."""
        if self.offline:
            raise FetchError("not in the cache", url, "run the harvest once without --offline")
        with self._session.cache_disabled():
            response = self._tried(self._prepared(joined(self.api, url), None, None))
        if response.status_code != 200:
            raise FetchError(f"status {response.status_code} {response.reason}", url)
        return response.content

    def told(self, fault: Fault) -> Fault:
        """Writes down that an address could not be had."""
        self.failed = True
        entry = Entry(f"{fault.path} failed", fault.path, "failed", reason=fault.reason)
        if self.offline:
            self.journal.entries[entry.key] = entry
        else:
            self.journal.add(entry)
        return fault

    def _prepared(self, url: str, body: str | None, params: Mapping[str, str | int] | None) -> requests.PreparedRequest:
        parts_of(url)
        data = body.encode() if body is not None else None
        headers = {"Content-Type": "text/plain; charset=utf-8"} if body is not None else {}
        try:
            asked = requests.Request(
                "GET" if body is None else "POST", url, headers, params=dict(params or {}), data=data
            )
            return self._session.prepare_request(asked)
        except (requests.RequestException, UnicodeError):
            raise FetchError("not an address of the Web", url, "correct the address") from None

    def _again(self, request: requests.PreparedRequest, key: str, known: Entry) -> Answer | Fault:
        """An address that this harvest has had before it was killed."""
        if known.how == "gone":
            return Fault(request.url or "", 0, 0, known.reason, "")
        kept = self._session.cache.get_response(key)
        if kept is None or _sha256(kept.content or b"") != known.sha256:
            return self._asked(request, key) if not self.offline else self._kept(request, key)
        return _answer(kept, from_cache=True)

    def _kept(self, request: requests.PreparedRequest, key: str) -> Answer:
        kept = self._session.cache.get_response(key)
        if kept is None:
            raise FetchError("not in the cache", request.url or "", "run the harvest once without --offline")
        return _answer(kept, from_cache=True)

    def _asked(self, request: requests.PreparedRequest, key: str) -> Answer | Fault:
        old = self._session.cache.get_response(key)
        before = _sha256(old.content or b"") if old is not None else ""
        validated = old is not None and ("ETag" in old.headers or "Last-Modified" in old.headers)
        response = self._tried(request, "refresh" if validated else "force_refresh")
        url = request.url or ""
        if response.status_code in _GONE:
            reason = f"status {response.status_code} {response.reason}"
            self.journal.add(Entry(key, url, "gone", reason=reason))
            return Fault(url, 0, 0, reason, "")
        if response.status_code != 200:
            raise FetchError(f"status {response.status_code} {response.reason}", url)
        after = _sha256(response.content)
        how = "unchanged" if after == before else "changed" if before else "new"
        self.journal.add(Entry(key, url, how, after))
        return _answer(response, from_cache=bool(getattr(response, "revalidated", False)))

    def _tried(self, request: requests.PreparedRequest, refresh: str = "") -> requests.Response:
        """The answer after as many tries as it takes; raises FetchError when these are used up."""
        url = request.url or ""
        self.watch(url)
        waits = wait_exponential(self.manners.backoff, self.manners.longest_wait) + wait_random(0, self.manners.backoff)

        def pause(state: RetryCallState) -> float:
            fault = state.outcome.exception() if state.outcome else None
            return max(waits(state), fault.wait if isinstance(fault, Passing) else 0)

        tries = Retrying(
            stop=stop_after_attempt(self.manners.attempts),
            wait=pause,
            retry=retry_if_exception_type(Passing),
            reraise=True,
        )
        try:
            response: requests.Response = tries(self._once, request.copy(), refresh)
        except Passing as fault:
            self.hosts.failed(url, fault.reason)
            raise FetchError(fault.reason, url, "run the harvest again later: it goes on where it stopped") from None
        self.hosts.answered(url)
        return response

    def _once(self, request: requests.PreparedRequest, refresh: str) -> requests.Response:
        """One try, redirects included; raises Passing where another may help, FetchError where it does not."""
        url = request.url or ""
        settings = self._session.merge_environment_settings(url, {}, None, None, None)
        how = {refresh: True} if refresh else {}
        session = self._session
        try:
            response: requests.Response = session.send(request.copy(), allow_redirects=True, **how, **settings)
        except requests.TooManyRedirects:
            raise FetchError(f"more than {self.manners.redirects} redirects", url, "see where it leads") from None
        except _PASSING_FAULTS as fault:
            raise Passing(_words(fault)) from None
        except (requests.RequestException, UnicodeError) as fault:
            raise FetchError(_words(fault), url) from None
        except sqlite3.Error as fault:
            raise FetchError(
                f"the cache cannot be used: {fault}", str(self.folder), "remove it, or: --cache DIR"
            ) from None
        limited = response.status_code == 403 and retry_after(response.headers, time.time()) > 0  # as GitHub says it
        if response.status_code in _PASSING or limited:
            self._passing(response)
        return response

    def _passing(self, response: requests.Response) -> None:
        reason, wait = f"status {response.status_code} {response.reason}", retry_after(response.headers, time.time())
        if wait > self.manners.longest_wait:
            self.hosts.close(response.url, f"{reason}, and it asks us to wait for {wait:.0f} s")
            raise FetchError(f"{reason}; it asks us to wait for {wait:.0f} s", response.url)
        raise Passing(reason, wait)

    def _robots(self, url: str) -> tuple[int, str]:
        reason = ""
        for attempt in range(2):
            time.sleep(self.manners.backoff * attempt)
            try:
                response = self._plain.get(url)
            except (requests.RequestException, FetchError) as fault:
                reason = _words(fault)
                continue
            if response.status_code < 500 and response.status_code != 429:
                return response.status_code, response.content.decode("utf-8-sig", errors="replace")
            reason = f"status {response.status_code} {response.reason}"
        return 0, reason


def _dressed(session: S, manners: Manners, adapter: BoundedAdapter) -> S:
    """The session with our name, our limit of redirects, and our adapter for all addresses."""
    session.headers["User-Agent"] = user_agent()
    session.max_redirects = manners.redirects
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter)
    return session


def _answer(response: requests.Response, *, from_cache: bool) -> Answer:
    stated = requests.utils.get_encoding_from_headers(response.headers) if "charset" in str(response.headers) else None
    return Answer(response.url, response.status_code, response.content, stated or "", from_cache)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _words(fault: Exception) -> str:
    """What went wrong, in words that say nothing of objects in memory."""
    if isinstance(fault, requests.Timeout):
        return "no answer in time"
    if isinstance(fault, requests.exceptions.ChunkedEncodingError):
        return "the body ended too early"
    if isinstance(fault, requests.exceptions.ContentDecodingError):
        return "the body is not compressed as its header says"
    if isinstance(fault, requests.exceptions.SSLError):
        return "no trusted connection (TLS)"
    if isinstance(fault, requests.ConnectionError):
        return "no answer in time" if "timed out" in str(fault) else "no connection, or it broke off"
    return fault.what if isinstance(fault, FetchError) else type(fault).__name__
