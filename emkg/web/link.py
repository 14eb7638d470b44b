"""The server's end of a worker's wire, and the answer that comes over it."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import lru_cache
from typing import Any, Protocol

from emkg.errors import EmkgError, WorkerLost
from emkg.web.engine import Head
from emkg.web.frames import Kind, Reader, unpack_error
from emkg.web.worker import STAYS

_HIGH, _LOW = (
    1 << 18,
    1 << 16,
)  # bytes held for a slow reader before the worker is made to wait, and again made to go on


@lru_cache(maxsize=64)
def _head(payload: bytes) -> Head:
    return Head(*json.loads(payload))


class Keeper(Protocol):
    """What a link tells of itself."""

    def answered(self, link: Link, stays: bool) -> None:
        """An answer has come to its end; the worker takes another query, or ends."""

    def lost(self, link: Link) -> None:
        """The worker is gone."""

    def stop(self, link: Link) -> None:
        """The worker is to be killed."""


class Link(asyncio.Protocol):
    """One worker, by its number; at most one answer is under way."""

    def __init__(self, number: int, keeper: Keeper) -> None:
        self.number, self.pid = number, 0
        self.tired = 0  # how often its priority was lowered
        self.since = 0.0  # when it began to wait for work, by the monotonic clock
        self.running: Running | None = None
        self.keeper = keeper
        self.transport: asyncio.Transport | None = None
        self._reader = Reader()

    @property
    def open(self) -> bool:
        """Whether the worker can be asked."""
        return self.transport is not None and not self.transport.is_closing()

    def connection_made(self, transport: Any) -> None:
        """The wire is there."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Frames of an answer."""
        for kind, payload in self._reader.feed(data):
            running = self.running
            if running is None:  # no worker of ours speaks unasked
                self.keeper.stop(self)
                return
            if kind is Kind.END:
                self.running = None
                if self.transport is not None:
                    self.transport.resume_reading()  # the answer's size may have paused it: the next one must be heard
                running.finish(None)
                self.keeper.answered(self, payload == STAYS)
            else:
                running.take(kind, payload)

    def connection_lost(self, fault: Exception | None) -> None:
        """The worker has ended."""
        self.keeper.lost(self)

    def close(self) -> None:
        """Lets the worker go: it ends when it reads the end of its wire."""
        if self.transport is not None:
            self.transport.close()


class Running:
    """An answer on its way; see emkg.web.engine.Answer."""

    head: Head

    def __init__(self, link: Link, request: bytes, changing: bool) -> None:
        """Sends the request to a worker that is free; ``changing`` tells that the answer depends on more than the graph."""
        assert link.transport is not None and link.running is None
        self._link = link
        self._parts: deque[bytes] = deque()
        self._size = 0
        self._changing = changing
        self._begun = self.done = False
        self._fault: EmkgError | None = None
        self.reason: EmkgError | None = None
        self._news: asyncio.Future[None] | None = None
        link.running = self
        link.transport.write(request)

    def take(self, kind: Kind, payload: bytes) -> None:
        """A frame of the answer."""
        if kind is Kind.HEAD:
            head = _head(payload)
            self.head, self._begun = replace(head, changing=True) if self._changing else head, True
        elif kind is Kind.DATA and self.reason is not None:
            return  # nobody waits for it; only the wire's end is of interest
        elif kind is Kind.DATA:
            self._parts.append(payload)
            self._size += len(payload)
            if self._size > _HIGH and self._link.transport is not None:
                self._link.transport.pause_reading()
        else:
            self._fault = unpack_error(payload)
        self._wake()

    def finish(self, fault: EmkgError | None) -> None:
        """The answer is whole, or will not be."""
        self.done, self._fault = True, self._fault or fault
        self._wake()

    def _wake(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    async def _wait(self) -> None:
        self._news = asyncio.get_running_loop().create_future()
        await self._news

    async def first(self) -> None:
        """Waits for the head; raises what the worker found wrong, or why it was stopped."""
        while not self._begun:
            if self._fault is not None:
                raise self._fault
            if self.done:
                raise WorkerLost("the query worker ended without an answer", "", "try again")
            await self._wait()

    async def settle(self, seconds: float) -> None:
        """Waits that long for the end of an answer that is not large, so that it may be told as a whole, or refused as a whole."""
        ends = asyncio.get_running_loop().time() + seconds
        while not self.done and self._size <= _HIGH and (left := ends - asyncio.get_running_loop().time()) > 0:
            try:
                await asyncio.wait_for(self._wait(), left)
            except TimeoutError:
                break
        if self._fault is not None:
            raise self._fault

    @property
    def whole(self) -> bytes | None:
        """All bytes, where they are there and none has been taken."""
        return b"".join(self._parts) if self.done and self._fault is None else None

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes as they come; raises QueryStopped where the answer breaks off."""
        while True:
            while self._parts:
                part = self._parts.popleft()
                self._size -= len(part)
                if self._size <= _LOW and self._link.transport is not None and not self.done:
                    self._link.transport.resume_reading()
                yield part
            if self._fault is not None:
                raise self._fault
            if self.done:
                return
            await self._wait()

    def halt(self, reason: EmkgError) -> None:
        """Stops the query, if it still runs, for that reason."""
        if not self.done and self.reason is None:
            self.reason = reason
            if self._link.transport is not None:
                self._link.transport.resume_reading()  # so that the wire's end is seen
            self._link.keeper.stop(self._link)

    def abandon(self) -> None:
        """Ends a query that nobody waits for."""
        self.halt(WorkerLost("nobody waits for the answer"))
