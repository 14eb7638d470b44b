"""Looks at what is under way, every so often: one timer for all of it, since a timer for each would cost more than most queries take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count

EVERY = 0.05  # seconds
Look = Callable[[float], None]


class Rounds:
    """What is under way in one event loop; asked from another loop, it begins anew there."""

    def __init__(self, every: float = EVERY) -> None:
        self._every, self._numbers = every, count()
        self._looks: dict[int, tuple[float, Look]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, look: Look) -> int:
        """From now on, ``look`` is called on every round, with the seconds since; the number ends that."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._looks, self._loop, self._timer = {}, loop, None
        if self._timer is None:
            self._timer = loop.call_later(self._every, self._go, loop)
        number = next(self._numbers)
        self._looks[number] = (loop.time(), look)
        return number

    def end(self, number: int) -> None:
        """It is no longer under way."""
        self._looks.pop(number, None)

    def _go(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = loop.call_later(self._every, self._go, loop) if self._looks else None
        now = loop.time()
        for begun, look in list(self._looks.values()):
            look(now - begun)
