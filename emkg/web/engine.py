"""Who answers queries: one protocol, behind which threads stand today and worker processes or a remote store may
stand tomorrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from starlette.concurrency import run_in_threadpool

from emkg.formats import Format
from emkg.graph import Graph, Scope
from emkg.rdf import NamedNode, RdfFormat


@dataclass(frozen=True, slots=True)
class Query:
    """A query as the protocol gives it: its text, and the graphs that the request (not the text) names."""

    text: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


class Engine(Protocol):
    """What answers a query. Queries and answers are plain values, so that they may cross to another process."""

    async def answer(self, query: Query, form: Format) -> bytes:
        """The whole answer in a format that fits the query's form; raises BadQuery, QueryTimeout."""


class ThreadEngine:
    """Answers in threads of this process, so that the event loop stays free. There is no time limit yet."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def answer(self, query: Query, form: Format) -> bytes:
        """The whole answer."""
        return await run_in_threadpool(self._answer, query, form)

    def _answer(self, query: Query, form: Format) -> bytes:
        scope = None
        if query.default_graphs or query.named_graphs:
            default, named = (tuple(map(NamedNode, iris)) for iris in (query.default_graphs, query.named_graphs))
            scope = Scope(default, named)
        results = form.name if form.results else "json"
        data, _ = self._graph.serialize_results(query.text, results, form.rdf or RdfFormat.TURTLE, scope)
        return data
