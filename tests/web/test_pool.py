"""The limits of a query, on real workers: each holds within a second, costs its own query alone, and delays nobody."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from emkg.ask import questions
from emkg.config import Limits
from emkg.errors import AnswerTooLarge, BadQuery, QueryMemory, QueryStopped, QueryTimeout, WorkerLost
from emkg.formats import RESULT_FORMATS
from emkg.vocab import sparql_prefixes
from emkg.web.engine import Query, Wish
from emkg.web.pool import WorkerEngine

SECONDS = 2.0
SLACK = 1.0
JSON = RESULT_FORMATS[0]
ALL = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(4))
# Each is asked for, and either it is answered soon, or it is stopped, within SLACK of the limit.
KILLERS = {
    "cartesian COUNT": f"SELECT (COUNT(*) AS ?n) {{ {ALL} }}",
    "cartesian SELECT": f"SELECT * {{ {ALL} }}",
    "sorted cartesian SELECT": f"SELECT * {{ {ALL} }} ORDER BY ?a0",
    "deep property path": "SELECT (COUNT(*) AS ?n) { ?a (!<x:a>|^!<x:b>)+ ?b . ?b (!<x:a>|^!<x:b>)+ ?c }",
    "regex bomb": f'SELECT * {{ {ALL} FILTER(REGEX(STR(?a0), "^(([a-z])+.)+[A-Z]([a-z])+$(((x{{1,99}}){{1,99}}){{1,99}})")) }}',
    "huge VALUES": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(9000)))} }}" for n in range(4))
    + " }",
    "nested group": "SELECT * " + "{" * 10_000 + "}" * 10_000,
    "GROUP_CONCAT of everything": f"SELECT (GROUP_CONCAT(CONCAT(STR(?a0), STR(?a1), STR(?a2))) AS ?x) {{ {ALL} }}",
    "join of many patterns": "SELECT * { " + "?a ?b ?c . " * 20_000 + "}",
    "long sum": "ASK { FILTER(" + "1+" * 100_000 + "1) }",
    "quadratic MINUS": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c MINUS { ?d ?b ?e FILTER(STRLEN(STR(?e)) > 3) } MINUS { ?f ?g ?c } }",
}


@asynccontextmanager
async def engine(built: Path, limits: Limits | None = None) -> AsyncIterator[WorkerEngine]:
    made = WorkerEngine(built / "current" / "emkg.nq", limits or Limits(seconds=SECONDS)).start()
    try:
        yield made
    finally:
        made.close()
        await asyncio.sleep(0)


async def asked(workers: WorkerEngine, text: str) -> int:
    """Bytes of the answer."""
    answer = await workers.ask(Query(text), Wish())
    return sum([len(chunk) async for chunk in answer.chunks()])


async def slowest_ask(workers: WorkerEngine, until: asyncio.Future[int]) -> float:
    """The longest of the times that ``ASK {}`` takes while another query runs."""
    slowest = 0.0
    while not until.done():
        begun = time.perf_counter()
        assert await workers.answer(Query("ASK {}"), JSON, "another") == b'{"head":{},"boolean":true}'
        slowest = max(slowest, time.perf_counter() - begun)
        await asyncio.sleep(0.02)
    return slowest


@pytest.mark.parametrize("text", KILLERS.values(), ids=KILLERS)
def test_the_limit_holds_and_others_are_served(built: Path, text: str) -> None:
    async def main() -> None:
        async with engine(built) as workers:
            await workers.answer(Query("ASK {}"), JSON)
            begun = time.perf_counter()
            running = asyncio.ensure_future(asked(workers, text))
            slowest = await slowest_ask(workers, running)
            took = time.perf_counter() - begun
            fault = running.exception()
            assert took < SECONDS + SLACK
            assert slowest < 0.1, f"ASK {{}} took {slowest:.3f} s"
            if fault is not None:
                assert isinstance(fault, QueryStopped | BadQuery), fault
            assert await asked(workers, "ASK {}")

    asyncio.run(main())


def test_a_stopped_query_says_so(built: Path) -> None:
    async def main() -> None:
        async with engine(built) as workers:
            with pytest.raises(QueryTimeout, match="2 s") as fault:
                await asked(workers, KILLERS["cartesian COUNT"])
            assert fault.value.status == 503 and fault.value.retry_after

    asyncio.run(main())


def test_memory_is_limited(built: Path) -> None:
    async def main() -> None:
        async with engine(built, Limits(seconds=30, memory=64)) as workers:
            with pytest.raises(QueryMemory, match="64 MiB"):
                await asked(workers, KILLERS["sorted cartesian SELECT"])
            assert await asked(workers, "ASK {}")

    asyncio.run(main())


def test_an_answer_is_limited_and_breaks_off(built: Path) -> None:
    async def main() -> None:
        async with engine(built, Limits(seconds=30, answer=2)) as workers:
            answer = await workers.ask(Query(KILLERS["cartesian SELECT"]), Wish("tsv"))
            found = 0
            with pytest.raises(AnswerTooLarge):
                async for chunk in answer.chunks():
                    found += len(chunk)
            assert 0 < found <= 2 << 20 and answer.whole is None

    asyncio.run(main())


def test_a_reader_is_not_overrun(built: Path) -> None:
    """Where nobody reads, no more than the buffers is held, and the worker waits."""

    async def main() -> None:
        async with engine(built, Limits(seconds=5)) as workers:
            answer = await workers.ask(Query(KILLERS["cartesian SELECT"]), Wish("tsv"))
            await asyncio.sleep(0.5)
            held = sum(map(len, answer._parts))  # type: ignore[attr-defined]
            assert held < 2 << 20
            answer.abandon()

    asyncio.run(main())


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_worker_that_dies_costs_its_own_query_only(built: Path, number: signal.Signals) -> None:
    async def main() -> None:
        async with engine(built, Limits(seconds=20)) as workers:
            doomed = asyncio.ensure_future(asked(workers, KILLERS["cartesian COUNT"]))
            spared = asyncio.ensure_future(asked(workers, "SELECT * { ?s ?p ?o }"))
            await asyncio.sleep(0.3)
            (victim,) = [pid for pid, busy in workers.pids().items() if busy and not spared.done()] or [
                pid for pid, busy in workers.pids().items() if busy
            ]
            os.kill(victim, number)
            with pytest.raises(WorkerLost):
                await doomed
            assert await spared > 1_000_000
            for _ in range(20):
                assert await asked(workers, "ASK {}")

    asyncio.run(main())


def test_the_parent_of_the_workers_is_replaced(built: Path) -> None:
    async def main() -> None:
        async with engine(built) as workers:
            assert await asked(workers, "ASK {}")
            os.kill(workers._launcher.pid, signal.SIGKILL)
            for _ in range(100):
                try:
                    assert await asked(workers, "ASK {}")
                    return
                except WorkerLost:
                    await asyncio.sleep(0.1)
            raise AssertionError("no worker came back")

    asyncio.run(main())


def test_what_nobody_waits_for_is_ended(built: Path) -> None:
    async def main() -> None:
        async with engine(built, Limits(seconds=30)) as workers:
            task = asyncio.ensure_future(asked(workers, KILLERS["cartesian COUNT"]))
            await asyncio.sleep(0.2)
            assert workers.turns.running == 1
            task.cancel()
            for _ in range(20):
                await asyncio.sleep(0.05)
                if not workers.turns.running:
                    break
            assert workers.turns.running == 0 and not any(workers.pids().values())

    asyncio.run(main())


def test_nothing_is_left_behind(built: Path) -> None:
    async def main() -> list[int]:
        async with engine(built, Limits(seconds=30)) as workers:
            task = asyncio.ensure_future(asked(workers, KILLERS["cartesian COUNT"]))
            await asyncio.sleep(0.3)
            pids = [workers._launcher.pid, *workers.pids()]
            task.cancel()
            return pids

    pids = asyncio.run(main())
    assert len(pids) >= 2
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() and _runs(pid) for pid in pids):
        assert time.monotonic() < deadline, "a process of ours goes on"
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return False


def test_two_workers_give_the_same_bytes(built: Path) -> None:
    """So that a strong validator, which depends on the query and the data alone, is true (RFC 9110 §8.8.1)."""
    texts = [sparql_prefixes() + question.text for question in questions().values()]
    texts += [
        "SELECT * { ?s ?p ?o }",
        "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p",
        "DESCRIBE ?d { ?d a emkg:Dataset }",
    ]

    async def main() -> None:
        async with engine(built, Limits(cache=0)) as workers:
            for text in texts:
                both = [asyncio.ensure_future(workers.ask(Query(text), Wish())) for _ in range(2)]
                first, second = [b"".join([part async for part in (await one).chunks()]) for one in both]
                assert first == second, text
            assert len(workers.pids()) >= 2 and len(workers.answers) == 0

    asyncio.run(main())
