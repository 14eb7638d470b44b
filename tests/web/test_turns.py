"""Turns: who runs, who waits, in which order, and who is sent away."""

from __future__ import annotations

import asyncio

import pytest

from emkg.config import Limits
from emkg.errors import Overloaded, TooManyRequests
from emkg.web.turns import Turns


def limits(**given: float) -> Limits:
    return Limits(**{"workers": 2, "queue": 3, "wait": 0.2, "client": 2, **given})  # type: ignore[arg-type]


def test_clients_take_turns() -> None:
    """Three queries of one client stand in line before the first of another; the other is not served last."""

    async def main() -> list[str]:
        turns, order = Turns(limits(workers=1, client=9, queue=9, wait=5)), list[str]()
        await turns.take("first")

        async def one(client: str, name: str) -> None:
            await turns.take(client)
            order.append(name)
            turns.give(client)

        works = [asyncio.ensure_future(one("greedy", f"greedy {number}")) for number in range(3)]
        await asyncio.sleep(0)
        works.append(asyncio.ensure_future(one("modest", "modest")))
        await asyncio.sleep(0)
        assert turns.waiting == 4
        turns.give("first")
        await asyncio.gather(*works)
        assert (turns.running, turns.waiting) == (0, 0)
        return order

    assert asyncio.run(main()) == ["greedy 0", "modest", "greedy 1", "greedy 2"]


def test_a_client_has_its_share() -> None:
    async def main() -> None:
        turns = Turns(limits())
        await turns.take("a")
        await turns.take("a")
        with pytest.raises(TooManyRequests) as fault:
            await turns.take("a")
        assert fault.value.status == 429
        turns.give("a")
        await turns.take("a")

    asyncio.run(main())


def test_nobody_is_not_one_client() -> None:
    async def main() -> None:
        turns = Turns(limits(workers=9))
        for _ in range(9):
            await turns.take("")
        assert turns.running == 9

    asyncio.run(main())


def test_the_line_is_bounded_and_moves_or_ends() -> None:
    async def main() -> None:
        turns = Turns(limits(client=9))
        for client in "ab":
            await turns.take(client)
        waiting = [asyncio.ensure_future(turns.take(client)) for client in "cde"]
        await asyncio.sleep(0)
        with pytest.raises(Overloaded, match="full"):
            await turns.take("f")
        found = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(fault, Overloaded) for fault in found)
        assert (turns.running, turns.waiting) == (2, 0)
        turns.give("a")
        await turns.take("f")

    asyncio.run(main())


def test_who_leaves_gives_up_the_place() -> None:
    async def main() -> None:
        turns = Turns(limits(workers=1, client=1, wait=5))
        await turns.take("a")
        leaving, staying = (asyncio.ensure_future(turns.take(client)) for client in "bc")
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.sleep(0)
        turns.give("a")
        await staying
        assert (turns.running, turns.waiting) == (1, 0)
        turns.give("c")
        await turns.take("b")

    asyncio.run(main())


def test_who_leaves_in_the_moment_of_being_served() -> None:
    async def main() -> None:
        turns = Turns(limits(workers=1, wait=5))
        await turns.take("a")
        leaving = asyncio.ensure_future(turns.take("b"))
        await asyncio.sleep(0)
        turns.give("a")
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving
        assert (turns.running, turns.waiting) == (0, 0)

    asyncio.run(main())
