"""Asks the endpoints that a query calls, where the operator allows them: within a time and a size, and following no redirect that leads
elsewhere (OWASP: server-side request forgery).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from http.client import HTTPException, HTTPMessage
from time import monotonic
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from emkg.config import Limits
from emkg.errors import BadQuery, EndpointError, ParseError
from emkg.formats import RESULT_FORMATS, find_by_media_type
from emkg.graph import Table, parse_results
from emkg.sparql import place
from emkg.web.service import Call, allowed, calls, without_calls

_LARGEST = 32_000_000  # bytes of an endpoint's answer
_CHUNK = 1 << 16
_ACCEPT = "application/sparql-results+json, application/sparql-results+xml;q=0.9"


async def federated(text: str, limits: Limits) -> tuple[str, bool]:
    """The query with the rows of the endpoints that it calls, and whether it called any; raises BadQuery for one that is not allowed,
    EndpointError for one that fails.
    """
    plain = text.lower()
    if not limits.service or ("service" not in plain and "\\u" not in plain):
        return text, False  # what calls all the same, the guard refuses
    found = await asyncio.to_thread(calls, text)
    for call in found:
        if not allowed(call.endpoint, limits.service):
            raise BadQuery(
                f"this endpoint may not be called from here: {call.endpoint}",
                *place(text, "SERVICE"),
                "allowed are: " + ", ".join(limits.service),
            )
    tables = await asyncio.gather(*(asyncio.to_thread(_rows, call, limits) for call in found))
    return without_calls(text, list(zip(found, tables, strict=True))), bool(found)


def _rows(call: Call, limits: Limits) -> Table | None:
    try:
        body, kind = _fetch(call, limits)
        form = find_by_media_type(kind, RESULT_FORMATS)
        if form is None or form.name not in ("json", "xml"):
            raise EndpointError(f"the endpoint answered with {kind or 'no media type'}", call.endpoint, "check it")
        table = parse_results(body, form.name)
        if not isinstance(table, Table):
            raise EndpointError("the endpoint answered with a truth value", call.endpoint, "check it")
        if len(table) > limits.service_rows:
            raise EndpointError(
                f"the endpoint answered more than {limits.service_rows:,} rows",
                call.endpoint,
                "narrow the SERVICE's pattern",
            )
        return table
    except ParseError as fault:
        what = f"the endpoint's answer cannot be read: {fault.what}"
        failed = EndpointError(what, call.endpoint, "try again later")
    except EndpointError as fault:
        failed = fault
    if not call.silent:
        raise failed
    return None


def _fetch(call: Call, limits: Limits) -> tuple[bytes, str]:
    """The body and media type of an endpoint's answer."""
    ends = monotonic() + limits.service_seconds
    request = Request(
        call.endpoint, urlencode({"query": call.query}).encode(), {"Accept": _ACCEPT, "User-Agent": "emkg"}
    )
    try:
        with _opener(limits.service).open(request, timeout=limits.service_seconds) as answer:
            body = bytearray()
            while chunk := answer.read1(_CHUNK):
                body += chunk
                if monotonic() > ends:
                    raise TimeoutError
                if len(body) > _LARGEST:
                    raise EndpointError(
                        f"the endpoint answered more than {_LARGEST:,} bytes", call.endpoint, "ask for less"
                    )
            return bytes(body), answer.headers.get("Content-Type", "")
    except TimeoutError:
        what = f"the endpoint did not answer within {limits.service_seconds:g} s"
        raise EndpointError(what, call.endpoint, "ask for less, or try again later") from None
    except HTTPError as fault:
        with fault:
            raise EndpointError(f"the endpoint answered {fault.code}", call.endpoint, "try the call there") from None
    except (URLError, OSError, HTTPException) as fault:
        reason = getattr(fault, "reason", fault)
        raise EndpointError(f"the endpoint cannot be reached: {reason}", call.endpoint, "try again later") from None


def _opener(allow: Sequence[str]) -> OpenerDirector:
    return build_opener(_Redirects(allow))


class _Redirects(HTTPRedirectHandler):
    """Follows a redirect only to where a query might call by itself."""

    max_redirections = 3

    def __init__(self, allow: Sequence[str]) -> None:
        self._allow = allow

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """The request to send instead, with its body."""
        if not allowed(newurl, self._allow):
            fp.close()
            raise EndpointError(f"the endpoint redirects to where this server may not call: {newurl}", req.full_url)
        again = Request(newurl, req.data, dict(req.header_items()))
        again.remove_header("Host")
        return again
