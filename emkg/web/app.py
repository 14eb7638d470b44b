"""The application: one list of routes, one table of errors, and what every answer carries."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emkg.web import entity, pages
from emkg.web.problem import HANDLERS
from emkg.web.site import HERE, Site
from emkg.web.sparql import sparql

# Pages bring their own style and no script; nothing of theirs may come from elsewhere, and nobody may frame them.
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def routes() -> list[BaseRoute]:
    """Every path that the server answers."""
    return [
        Route("/", pages.home),
        Route("/sparql", sparql, methods=["GET", "POST", "OPTIONS"]),
        Route("/id/{kind}/{slug:path}", entity.thing),
        Route("/technique/{slug:path}", entity.thing),
        Route("/graph/{slug:path}", entity.thing),
        Route("/doc/{kind}/{slug:path}", entity.document),
        Route("/datasets", pages.datasets),
        Route("/ask", pages.questions),
        Route("/ask/{name}", pages.question),
        Route("/ontology", pages.ontology),
        Route("/ontology/{version}", pages.ontology),
        Route("/context.jsonld", pages.context_jsonld),
        Route("/dump/", pages.dumps),
        Route("/dump/{name}", pages.dump),
        Route("/problems/{name}", pages.problem_type),
        Route("/healthz", pages.healthz),
        Route("/robots.txt", pages.robots),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]


class EveryAnswer:
    """Adds the headers that every answer carries."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, and the answer back with its headers."""

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sent)


def create_app(build_dir: Path) -> Starlette:
    """The site of a build; raises NoBuild where there is none."""
    cors = Middleware(
        CORSMiddleware,
        allow_origins=["*"],
        allow_methods=["GET", "HEAD", "POST", "OPTIONS"],
        allow_headers=["*"],
        expose_headers=["ETag", "Link", "Location"],
    )
    app = Starlette(routes=routes(), exception_handlers=HANDLERS, middleware=[Middleware(EveryAnswer), cors])
    app.state.site = Site.open(build_dir)
    return app
