"""The application: one list of routes, one table of errors, and what every answer carries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from emkg.config import Limits
from emkg.web import browse, entity, files, pages, selfdescription
from emkg.web.coding import Coded
from emkg.web.gate import Gate, Tally
from emkg.web.headers import EveryAnswer
from emkg.web.indexes import INDEXES
from emkg.web.metrics import metrics
from emkg.web.problem import HANDLERS
from emkg.web.repeat import Repeat
from emkg.web.short import Short
from emkg.web.site import Site
from emkg.web.sparql import sparql
from emkg.web.switch import watch

SPARQL = "/sparql"


def routes() -> list[BaseRoute]:
    """Every path that the server answers."""
    return [
        Route("/", pages.home),
        Route(SPARQL, sparql, methods=["GET", "POST", "OPTIONS"]),
        Route("/id/{kind}/{slug:path}", entity.thing),
        Route("/technique/{slug:path}", entity.thing),
        Route("/graph/{slug:path}", entity.thing),
        Route("/doc/{kind}/{slug:path}", entity.document),
        Route("/datasets", browse.datasets),
        *(Route(f"/{name}", browse.index(name)) for name in INDEXES),
        Route("/ask", pages.questions),
        Route("/ask/{name}", pages.question),
        Route("/ontology", pages.ontology),
        Route("/ontology/{version}", pages.ontology),
        Route("/context.jsonld", pages.context_jsonld),
        Route("/dump/", files.dumps),
        Route("/dump/{name}", files.dump),
        Route("/problems/{name}", pages.problem_type),
        Route("/healthz", pages.healthz),
        Route("/metrics", metrics),
        Route("/void", selfdescription.void),
        Route("/void.{suffix}", selfdescription.void),
        Route("/.well-known/void", selfdescription.void),
        Route("/catalog", selfdescription.catalog),
        Route("/catalog.{suffix}", selfdescription.catalog),
        Route("/sitemap.xml", selfdescription.sitemap),
        Route("/sitemap-{number:int}.xml", selfdescription.sitemap),
        Route("/robots.txt", selfdescription.robots),
        Route("/static/{name:path}", files.static),
    ]


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    watching = asyncio.create_task(watch(app, app.state.build_dir, app.state.site.limits))
    yield
    watching.cancel()
    app.state.site.close()


def create_app(build_dir: Path, limits: Limits | None = None) -> Starlette:
    """The site of a build; raises NoBuild where there is none. Its lifespan watches for new builds, and ends what was started."""
    tally = Tally()
    app = Starlette(
        lifespan=_lifespan,
        routes=routes(),
        exception_handlers=HANDLERS,
        # From the outside in: the gate counts everything, and what is repeated need not be made again.
        middleware=[
            Middleware(Gate, tally=tally),
            Middleware(Repeat),
            Middleware(Short, path=SPARQL),
            Middleware(EveryAnswer),
            Middleware(Coded),
        ],
    )
    app.state.tally, app.state.build_dir = tally, build_dir
    app.state.site = Site.open(build_dir, limits)
    return app
