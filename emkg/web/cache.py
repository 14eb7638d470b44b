"""Answers that were given and are kept for who asks the same, while there is room. A build never changes, so that none grows stale."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from cachetools import LRUCache

from emkg.web.engine import Answer, Head

_SHARE = 16  # no answer takes more than this part of the room, so that one giant does not turn all others out
_BESIDES = 500  # bytes that an entry costs beside its answer and query
Key = bytes  # a query and a wish as the worker is told them


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer whose bytes are all there; see emkg.web.engine.Answer."""

    head: Head
    whole: bytes | None
    size: int = 0

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes, at once."""
        yield self.whole or b""

    def abandon(self) -> None:
        """Does nothing: no query runs."""


class Answers:
    """Kept answers by what was asked; those who ask what is being asked wait for that answer, so that a hundred of them cost one query."""

    def __init__(self, room: int) -> None:
        """``room`` is in bytes."""
        self._room = room
        self._kept: LRUCache[Key, Kept] = LRUCache(max(room, 1), getsizeof=lambda kept: kept.size)
        self._asked: dict[Key, asyncio.Future[None]] = {}
        self.hits = self.misses = 0

    def find(self, key: Key) -> Kept | None:
        """The answer, where it is kept."""
        return self._kept.get(key)

    async def get(self, key: Key, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer, kept or by ``ask``; what that raises is raised to the one who asked first, and others ask by themselves."""
        found = self.find(key)
        if found is None and key in self._asked:
            await asyncio.wait({self._asked[key]})
            found = self.find(key)
        if found is not None:
            self.hits += 1
            return found
        self.misses += 1
        if key in self._asked:
            return await ask()
        done = self._asked[key] = asyncio.get_running_loop().create_future()
        try:
            answer = await ask()
            self._keep(key, answer)
            return answer
        finally:
            del self._asked[key]
            done.set_result(None)

    def _keep(self, key: Key, answer: Answer) -> None:
        whole = answer.whole
        if whole is None or answer.head.changing:
            return
        size = len(whole) + len(key) + _BESIDES
        if size <= self._room // _SHARE:
            self._kept[key] = Kept(answer.head, whole, size)

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return int(self._kept.currsize)
