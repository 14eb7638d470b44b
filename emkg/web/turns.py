"""Whose query comes next: so many run at once, so many wait, and no client holds more than its share of either.

Those who wait are served in turn by client, so that a hundred queries of one do not stand before the first of another.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque

from emkg.config import Limits
from emkg.errors import Overloaded, TooManyRequests
from emkg.web.engine import NOBODY


class Turns:
    """The places at which queries run, and the line before them. For one event loop."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held: Counter[str] = Counter()
        self._line: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        self.running = self.waiting = 0

    async def take(self, client: str) -> None:
        """Waits for a place; ``give`` gives it back. Raises TooManyRequests where the client has its share, Overloaded where the line is
        full or does not move.
        """
        if client != NOBODY and self._held[client] >= self._limits.client:
            raise TooManyRequests(
                f"{self._limits.client} of your queries run or wait already", "", "wait for their answers", 2
            )
        if self.running < self._limits.workers and not self.waiting:
            self._held[client] += 1
            self.running += 1
            return
        if self.waiting >= self._limits.queue:
            raise Overloaded("all query workers are busy, and the line before them is full", "", "try again later")
        self._held[client] += 1
        await self._wait(client)

    async def _wait(self, client: str) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._line.setdefault(client, deque()).append(turn)
        self.waiting += 1
        try:
            async with asyncio.timeout(self._limits.wait):
                await turn
        except (TimeoutError, asyncio.CancelledError) as fault:
            if turn.done() and not turn.cancelled():  # the place came in the same moment
                self.give(client)
            else:
                self._leave(client, turn)
            if isinstance(fault, asyncio.CancelledError):
                raise
            raise Overloaded("all query workers are busy", "", "try again later") from None

    def _leave(self, client: str, turn: asyncio.Future[None]) -> None:
        self._line[client].remove(turn)
        if not self._line[client]:
            del self._line[client]
        self.waiting -= 1
        self._drop(client)

    def give(self, client: str) -> None:
        """Gives a place back: to the next in line, if any."""
        self.running -= 1
        self._drop(client)
        while self._line and self.running < self._limits.workers:
            first, turns = self._line.popitem(last=False)
            turn = turns.popleft()
            if turns:
                self._line[first] = turns  # at the end of the line
            self.waiting -= 1
            self.running += 1
            if turn.cancelled():
                self.running -= 1
                self._drop(first)
                continue
            turn.set_result(None)

    def _drop(self, client: str) -> None:
        self._held[client] -= 1
        if not self._held[client]:
            del self._held[client]
