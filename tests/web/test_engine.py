"""The engine: answers off the event loop."""

from __future__ import annotations

import asyncio
import time

from emkg.formats import RESULT_FORMATS, by_name
from emkg.graph import Graph
from emkg.ids import graph_iri
from emkg.web.engine import Query, ThreadEngine


def test_the_loop_stays_free_while_a_query_runs(graph: Graph) -> None:
    """Another coroutine goes on in the meantime: its longest wait is a small part of what the query took."""
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?a a ?b . ?c a ?d . FILTER(STRLEN(STR(?a)) < STRLEN(STR(?c))) }"

    async def both() -> tuple[float, float]:
        engine, waits, last = ThreadEngine(graph), [0.0], time.perf_counter()
        begun = last
        running = asyncio.ensure_future(engine.answer(Query(query), RESULT_FORMATS[0]))
        while not running.done():
            await asyncio.sleep(0.001)
            waits.append(time.perf_counter() - last)
            last = time.perf_counter()
        await running
        return max(waits), last - begun

    longest, whole = asyncio.run(both())
    assert whole > 0.2, "the query is too quick to tell"
    assert longest < whole / 2


def test_graphs_of_the_request(graph: Graph) -> None:
    engine = ThreadEngine(graph)
    row = graph_iri("src", "aed", "be275e8", "overview", "03").value
    asked = Query("SELECT ?d { ?d a emkg:Dataset }", default_graphs=(row,))
    assert asyncio.run(engine.answer(asked, by_name("csv", RESULT_FORMATS))).count(b"\r\n") == 2
