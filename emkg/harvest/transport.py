"""One exchange over HTTP: paced, bounded in time and size, its body read to the end before anybody sees it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from io import BytesIO

import requests
from requests.adapters import HTTPAdapter
from requests_cache import CachedSession
from urllib3 import HTTPResponse
from urllib3.exceptions import DecodeError, HTTPError, ReadTimeoutError

from emkg.errors import FetchError
from emkg.harvest.manners import Hosts, Manners, joined, redirect_refused

_CHUNK = 64 * 1024
_OF_THE_WIRE = {"content-encoding", "content-length", "transfer-encoding", "connection"}


class BoundedAdapter(HTTPAdapter):
    """Reads each body whole, up to the largest size and the longest time; raises FetchError beyond."""

    def __init__(self, manners: Manners) -> None:
        super().__init__(max_retries=0)
        self.manners = manners

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float | None, float | None] | None = None,
        verify: bool | str = True,
        cert: str | tuple[str, str] | None = None,
        proxies: dict[str, str] | None = None,
    ) -> requests.Response:
        """The answer, as if the body had come undivided and uncompressed."""
        times = (self.manners.connect_timeout, self.manners.read_timeout)
        response = super().send(request, stream=True, timeout=times, verify=verify, cert=cert, proxies=proxies)
        try:
            body = self._body(response)
        finally:
            response.close()
        headers = {name: value for name, value in response.headers.items() if name.lower() not in _OF_THE_WIRE}
        raw = HTTPResponse(
            BytesIO(body),
            headers=headers,
            status=response.status_code,
            reason=response.reason,
            preload_content=False,
            request_method=request.method,
            request_url=request.url,
        )
        return self.build_response(request, raw)

    def _body(self, response: requests.Response) -> bytes:
        """Read as it comes, not chunk by chunk as requests does: it would wait for a chunk to fill, however slowly it drips."""
        parts, size, end = list[bytes](), 0, time.monotonic() + self.manners.whole_timeout
        try:
            while part := response.raw.read1(_CHUNK, decode_content=True):
                size += len(part)
                if size > self.manners.largest:
                    raise FetchError(f"larger than {self.manners.largest:,} bytes", response.url, "take a copy by hand")
                if time.monotonic() > end:
                    raise requests.Timeout(f"not finished after {self.manners.whole_timeout:g} s")
                parts.append(part)
        except ReadTimeoutError as fault:
            raise requests.Timeout(str(fault)) from None
        except DecodeError as fault:
            raise requests.exceptions.ContentDecodingError(str(fault)) from None
        except HTTPError as fault:
            raise requests.exceptions.ChunkedEncodingError(str(fault)) from None
        return b"".join(parts)


class PoliteAdapter(BoundedAdapter):
    """Asks a host only where it allows it, and only when it may be asked again; that holds for each hop of a redirect."""

    def __init__(self, hosts: Hosts) -> None:
        super().__init__(hosts.manners)
        self.hosts = hosts

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float | None, float | None] | None = None,
        verify: bool | str = True,
        cert: str | tuple[str, str] | None = None,
        proxies: dict[str, str] | None = None,
    ) -> requests.Response:
        """The answer; raises FetchError for an address that is not to be asked for."""
        url = request.url or ""
        self.hosts.admit(url)
        self.hosts.pace(url)
        return super().send(request, stream, timeout, verify, cert, proxies)


class PoliteSession(CachedSession):
    """A session with a cache that follows no redirect into a private network or out of encryption."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Where an answer sends us, None for nowhere; raises FetchError where we do not go."""
        target: str | None = super().get_redirect_target(resp)
        if target is not None:
            refused = redirect_refused(resp.url, joined(resp.url, target))
            if refused:
                raise FetchError(refused, resp.url, "see where the address leads, and take a copy by hand")
        return target


def retry_after(headers: Mapping[str, str], now: float) -> float:
    """Seconds that a server asks us to wait; 0 where it does not ask.

    It asks by Retry-After, a number or a date (RFC 9110 §10.2.3), or by telling when a limit that is used up begins anew
    (X-RateLimit-Reset, https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api).

    >>> retry_after({"Retry-After": "120"}, 0), retry_after({"Retry-After": "Thu, 01 Jan 1970 00:01:00 GMT"}, 15)
    (120.0, 45.0)
    >>> retry_after({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1000"}, 400)
    600.0
    >>> retry_after({}, 0), retry_after({"Retry-After": "soon"}, 0)
    (0.0, 0.0)
    """
    words = headers.get("Retry-After", "").strip()
    if words.isascii() and words.isdigit():
        return float(words[:9])
    reset = headers.get("X-RateLimit-Reset", "").strip()
    if headers.get("X-RateLimit-Remaining", "").strip() == "0" and reset.isascii() and reset.isdigit():
        return max(0.0, float(reset[:12]) - now)
    try:
        return max(0.0, parsedate_to_datetime(words).timestamp() - now)
    except (ValueError, OverflowError):
        return 0.0
