"""The engine: what is asked for, and what comes back, from real worker processes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from emkg.config import Limits
from emkg.errors import BadQuery, NotAcceptable
from emkg.formats import RESULT_FORMATS, by_name
from emkg.ids import graph_iri
from emkg.web.engine import Query, Wish
from emkg.web.pool import WorkerEngine

Run = Callable[[Callable[[], Awaitable[Any]]], Any]


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as made:
        yield made


@pytest.fixture(scope="module")
def engine(built: Path, runner: asyncio.Runner) -> Iterator[WorkerEngine]:
    made = WorkerEngine(built / "current" / "emkg.nq", Limits()).start()
    yield made
    made.close()


@pytest.fixture(scope="module")
def run(runner: asyncio.Runner) -> Run:
    """Runs work in the loop that the engine belongs to."""

    async def main(work: Callable[[], Awaitable[Any]]) -> Any:
        return await work()

    return lambda work: runner.run(main(work))


def test_graphs_of_the_request(engine: WorkerEngine, run: Run) -> None:
    row = graph_iri("src", "aed", "be275e8", "overview", "03").value
    asked = Query("SELECT ?d { ?d a emkg:Dataset }", default_graphs=(row,))
    assert run(lambda: engine.answer(asked, by_name("csv", RESULT_FORMATS))).count(b"\r\n") == 2


@pytest.mark.parametrize(
    ("text", "form", "name"),
    [("ASK {}", "ASK", "xml"), ("SELECT * {}", "SELECT", "csv"), ("DESCRIBE <s:a>", "DESCRIBE", "trig")],
)
def test_the_query_decides_which_wish_counts(engine: WorkerEngine, run: Run, text: str, form: str, name: str) -> None:
    async def head() -> tuple[str, str]:
        answer = await engine.ask(Query(text), Wish("csv", "xml", "trig"))
        answer.abandon()
        return answer.head.form, answer.head.format

    assert run(head) == (form, name)


def test_what_is_not_wished_is_not_answered(engine: WorkerEngine, run: Run) -> None:
    with pytest.raises(NotAcceptable, match="ASK"):
        run(lambda: engine.ask(Query("ASK {}"), Wish(truth="")))


@pytest.mark.parametrize(
    ("text", "changing"), [("SELECT (NOW() AS ?t) {}", True), ("SELECT ?s { ?s ?p ?o } LIMIT 1", False)]
)
def test_it_is_told_what_may_answer_otherwise_next_time(
    engine: WorkerEngine, run: Run, text: str, changing: bool
) -> None:
    async def head() -> bool:
        return (await engine.ask(Query(text), Wish())).head.changing

    assert run(head) is changing


def test_a_bad_query_keeps_its_place(engine: WorkerEngine, run: Run) -> None:
    with pytest.raises(BadQuery) as fault:
        run(lambda: engine.ask(Query("SELECT ?s\nWHERE { ?s ?p }"), Wish()))
    assert (fault.value.line, fault.value.column) == (2, 16)
