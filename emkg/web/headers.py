"""What every answer carries: security headers, and leave for any page on the web to read it (https://fetch.spec.whatwg.org/#http-cors-protocol)."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Pages bring their own style and no script; nothing of theirs may come from elsewhere, and nobody may frame them.
# All data are public and no answer depends on who asks, so every origin may read them, always: caches need not tell origins apart.
EVERY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Location, ETag, Link, Location, Retry-After",
}
RAW = [(name.lower().encode(), value.encode()) for name, value in EVERY.items()]  # as ASGI has them
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, Range",
    "Access-Control-Max-Age": "86400",
}


class EveryAnswer:
    """Adds the headers that every answer carries, and answers the questions that browsers ask before a request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, and the answer back with its headers."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.get("headers", ())
                named = {name for name, _ in headers}
                message["headers"] = [*headers, *(pair for pair in RAW if pair[0] not in named)]
            await send(message)

        app = self._app
        if (
            scope["type"] == "http"
            and scope["method"] == "OPTIONS"
            and "access-control-request-method" in Headers(scope=scope)
        ):
            app = Response(status_code=204, headers=PREFLIGHT)
        await app(scope, receive, sent)
