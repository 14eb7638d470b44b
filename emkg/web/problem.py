"""Errors as answers: problem details (RFC 9457) for programs, a page for people; what a bug said stays in the log."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from emkg.errors import EmkgError, NotAcceptable, QueryStopped, Refused
from emkg.formats import HTML, Format
from emkg.negotiate import choose
from emkg.web.headers import EVERY

PROBLEM = Format("problem", ("application/problem+json", "application/json"), "json", "problem details")
_LOG = logging.getLogger(__name__)


def from_emkg(request: Request, fault: Exception) -> Response:
    """Our own errors: each class knows its status."""
    assert isinstance(fault, EmkgError)
    more = {key: value for key in ("line", "column") if (value := getattr(fault, key, 0))}
    if fault.where and not more:
        more["where"] = fault.where
    if fault.repair:
        more["repair"] = fault.repair
    headers = {"Vary": "Accept"} if isinstance(fault, NotAcceptable) else {}
    if isinstance(fault, QueryStopped | Refused):
        headers["Retry-After"] = str(fault.retry_after)
    if fault.status >= 500 and not isinstance(fault, QueryStopped | Refused):  # those are the limits at work
        _LOG.error("%s %s: %s", request.method, request.url.path, fault)
    return answer(request, fault.status, type(fault).__name__, fault.what, more, headers)


def from_http(request: Request, fault: Exception) -> Response:
    """What the framework refuses: no such path, a method that is not allowed."""
    assert isinstance(fault, HTTPException)
    status = HTTPStatus(fault.status_code)
    method = "GET" if request.method == "HEAD" else request.method  # HEAD is answered as GET is, to the letter
    said = fault.detail if fault.detail != status.phrase else f"{status.phrase}: {method} {request.url.path}"
    return answer(request, fault.status_code, "", said, {}, fault.headers or {})


def from_bug(request: Request, fault: Exception) -> Response:
    """All else is our fault: logged with its traceback, told without it."""
    _LOG.error("%s %s failed", request.method, request.url.path, exc_info=fault)
    said = "the server failed to answer; this is a bug of ours"
    # The framework sends this answer past the middleware that would add the headers.
    return answer(request, 500, "", said, {"repair": "please report what you asked"}, EVERY)


# The error table: the nearest class decides.
HANDLERS: dict[Any, Any] = {EmkgError: from_emkg, HTTPException: from_http, Exception: from_bug}


def answer(
    request: Request, status: int, kind: str, detail: str, more: Mapping[str, Any], headers: Mapping[str, str]
) -> Response:
    """A problem in the form that the client prefers; ``kind`` is the error's class, whose docstring
    /problems/{kind} shows.
    """
    problem = {
        "type": f"/problems/{kind}" if kind else "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
    }
    problem |= {"detail": detail, "instance": request.url.path, **more}
    extra = {**headers, "Vary": "Accept", "Cache-Control": "no-store"}
    try:
        wants_page = choose(request.headers.get("accept"), (PROBLEM, HTML)).format is HTML
    except NotAcceptable:
        wants_page = False  # an error that nobody can read helps nobody (RFC 9110 §15.5.7)
    if wants_page:
        templates = request.app.state.site.templates
        page: Response = templates.TemplateResponse(
            request, "problem.html", {"problem": problem}, status_code=status, headers=extra
        )
        return page
    body = json.dumps(problem, ensure_ascii=False, indent=1).encode()
    return Response(body, status, {**extra, "Content-Type": PROBLEM.media_type})
