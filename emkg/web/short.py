"""The short way of a query: its answer leaves at once where nothing on the long way would change a byte of it.

The long way, through all that this application has for its pages, takes three times as long as a small look-up in the store. So a query
is asked out here; an answer that is whole, and that the client takes as it is, is sent, and with any other outcome the request goes on:
what was asked is not asked again.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from emkg.errors import EmkgError
from emkg.formats import HTML
from emkg.web.answers import content_type
from emkg.web.asked import Asked, ask
from emkg.web.coding import SMALLEST, choose_coding
from emkg.web.headers import RAW

ASKED = "emkg.asked"
"""Where the scope of a request that goes on says what came of its query."""
_Headers = list[tuple[bytes, bytes]]


class Short:
    """Answers a plain query by GET; ``path`` is the endpoint's."""

    def __init__(self, app: ASGIApp, path: str) -> None:
        self._app, self._path = app, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the answer, or passes the request on with what came of its query."""
        if self._may(scope):
            try:
                asked = await ask(Request(scope, receive))
            except (EmkgError, HTTPException):  # no such request: found again on the long way, where it is told
                asked = None
            if asked is not None:
                if (plain := _plain(asked, scope["headers"])) is not None:
                    headers, body = plain
                    await send({"type": "http.response.start", "status": 200, "headers": headers})
                    await send({"type": "http.response.body", "body": body})
                    return
                scope[ASKED] = asked
        await self._app(scope, receive, send)

    def _may(self, scope: Scope) -> bool:
        """Whether it is a query by GET; validators are compared on the long way, where each coding has its own."""
        if scope["type"] != "http" or scope["path"] != self._path or scope["method"] != "GET":
            return False
        return all(name != b"if-none-match" for name, _ in scope["headers"])


def _plain(asked: Asked, sent: _Headers) -> tuple[_Headers, bytes] | None:
    """Headers and body of an answer that leaves as it is, else None."""
    if isinstance(asked.outcome, EmkgError | int):
        return None
    body, pick = asked.outcome.whole, asked.wanted.picks[asked.outcome.head.form]
    if body is None or pick is None or pick.format is HTML:
        return None
    told = asked.headers()
    if len(body) >= SMALLEST:
        if (
            choose_coding(",".join(value.decode("latin-1") for name, value in sent if name == b"accept-encoding"))
            != "identity"
        ):
            return None
        told["Vary"] += ", Accept-Encoding"
    told |= {"Content-Type": content_type(pick), "Content-Length": str(len(body))}
    return [*((name.lower().encode(), value.encode("latin-1")) for name, value in told.items()), *RAW], body
