"""An answer to a client while it is still being made: the first byte early, no more held than the client takes, and never a short
answer that looks whole.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from tempfile import SpooledTemporaryFile
from typing import IO, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from emkg.errors import AnswerTooLarge, EmkgError
from emkg.web.engine import Answer
from emkg.web.rounds import Rounds

_LOG = logging.getLogger(__name__)
_ROUNDS = Rounds()
_MEMORY = 1 << 20  # bytes of a spooled answer that are not on disk
_CHUNK = 1 << 16
LEFT = 499  # nginx's status for a client that left; only logs see it
T = TypeVar("T")


async def while_connected(request: Request, work: Coroutine[None, None, T]) -> T | None:
    """What the work gives; where the client leaves before, None, and the work is cancelled: no query runs for nobody."""
    task, leaving = asyncio.current_task(), None
    assert task is not None

    def look(_: float) -> None:
        nonlocal leaving
        if leaving is None:
            leaving = asyncio.ensure_future(_disconnected(request.receive))
            leaving.add_done_callback(lambda done: done.cancelled() or task.cancel())

    under_way = _ROUNDS.begin(look)  # in the first moments nobody looks whether the client is still there
    try:
        return await work
    except asyncio.CancelledError:
        if leaving is None or not leaving.done():
            raise
        task.uncancel()
        return None
    finally:
        _ROUNDS.end(under_way)
        if leaving is not None:
            leaving.cancel()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def whole_of(answer: Answer, most: int) -> bytes:
    """All bytes of an answer; raises QueryStopped, also where there are more than ``most``."""
    body = bytearray()
    try:
        async for chunk in answer.chunks():
            body += chunk
            if len(body) > most:
                raise AnswerTooLarge(f"the answer has more than {most:,} bytes", "", "ask for less")
        return bytes(body)
    finally:
        answer.abandon()


class Streamed(Response):
    """200 with an answer's bytes as they come. Where the answer breaks off, or the client takes nothing for ``idle`` seconds, the
    connection is closed without the last chunk (RFC 9112 §8): no client can take that for the whole.
    """

    def __init__(self, answer: Answer, headers: Mapping[str, str], idle: float) -> None:
        self.status_code, self.background, self.body = 200, None, b""
        self.init_headers(headers)
        self._answer, self._idle = answer, idle
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the answer."""
        leaving = asyncio.ensure_future(_disconnected(receive))
        leaving.add_done_callback(lambda _: self._answer.abandon())
        try:
            if scope["method"] == "HEAD":
                await self._start(send)
                await send({"type": "http.response.body", "body": b""})
            elif scope.get("http_version") == "1.0":
                await self._spooled(send)
            else:
                await self._chunked(send)
        except TimeoutError:
            _LOG.info("a client took nothing for %g s: the answer was broken off", self._idle)
        finally:
            leaving.cancel()
            self._answer.abandon()

    async def _start(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})

    async def _chunked(self, send: Send) -> None:
        await self._start(send)
        try:
            async for chunk in self._answer.chunks():
                async with asyncio.timeout(self._idle):
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except EmkgError as fault:
            _LOG.info("an answer was broken off: %s", fault)
            return
        await send({"type": "http.response.body", "body": b""})

    async def _spooled(self, send: Send) -> None:
        """HTTP/1.0 has no chunks, and the connection's end would look like the answer's: so the whole comes first, then its length."""
        with SpooledTemporaryFile(_MEMORY) as file:
            async for chunk in self._answer.chunks():
                file.write(chunk)
            self.headers["content-length"] = str(file.tell())
            await self._start(send)
            await self._send_file(file, send)
        await send({"type": "http.response.body", "body": b""})

    async def _send_file(self, file: IO[bytes], send: Send) -> None:
        file.seek(0)
        while chunk := file.read(_CHUNK):
            async with asyncio.timeout(self._idle):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
