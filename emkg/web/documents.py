"""Rendered documents, made once for each build and kept while there is room; the least recently used go first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from cachetools import LRUCache
from starlette.concurrency import run_in_threadpool

from emkg.web.coding import SMALLEST, encode

ROOM = 96_000_000
"""Bytes of documents that are kept, encodings counted apart."""


@dataclass(frozen=True, slots=True)
class Document:
    """A body as it is sent, and its coding: ``identity`` also for what is too short to encode."""

    body: bytes
    coding: str
    besides: int = 0  # bytes that its key and the rest take


class Documents:
    """Documents by key and coding. All of it runs in the event loop, but for the making, which runs in a thread; who
    asks for what is being made waits for that, so that a hundred clients cost one rendering.

    >>> async def twice() -> list[bytes]:
    ...     kept, left = Documents(), [b"first", b"second"]
    ...     return [(await kept.get("a", "br", lambda: left.pop(0))).body for _ in range(2)]
    >>> asyncio.run(twice())
    [b'first', b'first']
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._kept: LRUCache[Hashable, Document] = LRUCache(room, getsizeof=_size)
        self._making: dict[Hashable, asyncio.Task[Document]] = {}

    async def get(self, key: Hashable, coding: str, make: Callable[[], bytes]) -> Document:
        """The document in that coding, kept or made."""
        place = (key, coding)
        found = self._kept.get(place)
        if found is not None:
            return found
        if place not in self._making:
            task = asyncio.create_task(self._make(key, coding, make))
            task.add_done_callback(lambda done: self._making.pop(place, None))
            self._making[place] = task
        # A client that leaves must not take the rendering away from the others.
        return await asyncio.shield(self._making[place])

    async def _make(self, key: Hashable, coding: str, make: Callable[[], bytes]) -> Document:
        if coding == "identity":
            made = Document(await run_in_threadpool(make), coding, 200 + len(repr(key)))
        else:
            made = await self.get(key, "identity", make)
            if len(made.body) >= SMALLEST:
                made = Document(await run_in_threadpool(encode, made.body, coding), coding, made.besides)
        if _size(made) <= self._room // 4:  # one giant must not turn all others out
            self._kept[key, coding] = made
        return made


def _size(document: Document) -> int:
    return len(document.body) + document.besides
