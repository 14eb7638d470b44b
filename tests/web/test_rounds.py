"""What is under way is looked at, every so often, until it ends."""

from __future__ import annotations

import asyncio

from emkg.web.rounds import Rounds


def test_each_is_looked_at_until_its_end() -> None:
    async def main() -> tuple[list[float], list[float], bool]:
        rounds, first, second = Rounds(0.01), list[float](), list[float]()
        number = rounds.begin(first.append)
        await asyncio.sleep(0.05)
        rounds.begin(second.append)
        rounds.end(number)
        rounds.end(number)  # again: nothing
        seen = len(first)
        await asyncio.sleep(0.05)
        return first, second, len(first) == seen

    first, second, ended = asyncio.run(main())
    assert ended and len(first) > 1 and first == sorted(first) and first[-1] > second[0] > 0


def test_nothing_under_way_needs_no_timer_and_another_loop_begins_anew() -> None:
    rounds, seen = Rounds(0.01), list[float]()

    async def once() -> None:
        rounds.begin(seen.append)
        await asyncio.sleep(0.03)

    async def idle() -> None:
        rounds.end(rounds.begin(seen.append))
        await asyncio.sleep(0.03)
        assert rounds._timer is None

    asyncio.run(once())
    asyncio.run(idle())
    before = len(seen)
    asyncio.run(once())
    assert len(seen) > before
