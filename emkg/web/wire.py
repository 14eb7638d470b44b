"""HTTP/1.1 on the wire: uvicorn's reading and writing, and what it lacks against clients that are slow, greedy or sly.

A request must arrive within a time and a size; one that has both Transfer-Encoding and Content-Length is refused, since two servers in a
row may part it differently (RFC 9112 §6.1, request smuggling); pipelined requests are not run ahead; and who does not take what was
sent to him loses the connection.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import struct
from collections import Counter
from enum import Enum
from http import HTTPStatus
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from emkg.config import Limits
from emkg.web.clients import known_as
from emkg.web.engine import NOBODY

LONGEST_URL = 65_536  # bytes; a longer query comes by POST
LARGEST_HEAD = 98_304  # bytes of a request before its body, address included
_AT_ONCE = struct.pack("ii", 1, 0)
_WASTE = 16_000_000  # bytes of a body that are read though its request is answered
_LOG = logging.getLogger(__name__)


class Part(Enum):
    """Which part of a request comes next; NONE before its first byte."""

    NONE = "none"
    HEAD = "head"
    BODY = "body"


class WireConfig(uvicorn.Config):
    """uvicorn's configuration, with our limits and the connections of each client."""

    def __init__(self, app: Any, limits: Limits, **settings: Any) -> None:
        super().__init__(app, http=Wire, **settings)
        self.limits = limits
        self.connected: Counter[str] = Counter()


class Wire(HttpToolsProtocol):
    """One connection."""

    config: WireConfig

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._idle = self.config.limits.idle
        self._head = self._unsent = self._wasted = 0
        self._part, self._refused = Part.NONE, False
        self._clock: asyncio.TimerHandle | None = None
        self._stall: asyncio.TimerHandle | None = None
        self._peer = NOBODY

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has come; too many from one address are turned away."""
        super().connection_made(transport)
        limits = self.config.limits
        self._peer = known_as((self.client or ("", 0))[0], "", (), (*limits.unlimited, *limits.proxies))
        self.config.connected[self._peer] += 1
        if len(self.connections) > limits.connections or (
            self._peer != NOBODY and self.config.connected[self._peer] > limits.client_connections
        ):
            self.refuse(HTTPStatus.SERVICE_UNAVAILABLE, "too many connections", "Retry-After: 5\r\n")
        else:
            self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._stop_clocks()
        self.config.connected[self._peer] -= 1
        if not self.config.connected[self._peer]:
            del self.config.connected[self._peer]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes of a request."""
        if self._refused:
            return
        if self._part is Part.NONE:
            self._expect()  # the first bytes of another request
        elif self._part is Part.BODY and self.cycle.response_complete:
            self._wasted += len(data)  # an early refusal is only read by clients that may first send all they have
            if self._wasted > _WASTE:
                self.transport.abort()
                return
        self._head += len(data)
        super().data_received(data)
        if self._head > LARGEST_HEAD and not self._refused:
            self.refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, f"a request's head may have {LARGEST_HEAD:,} bytes")

    def on_url(self, url: bytes) -> None:
        """Part of the address."""
        super().on_url(url)
        if len(self.url) > LONGEST_URL and not self._refused:
            self.refuse(
                HTTPStatus.REQUEST_URI_TOO_LONG, f"an address may have {LONGEST_URL:,} bytes: send the query by POST"
            )

    def on_headers_complete(self) -> None:
        """The head is there: the request runs, unless it is refused, or was sent ahead."""
        names = [name for name, _ in self.headers]
        self._head = 0
        if self._refused:
            return
        if names.count(b"content-length") + names.count(b"transfer-encoding") > 1:
            self.refuse(HTTPStatus.BAD_REQUEST, "the length of the body is stated twice")
        elif self.cycle is not None and not self.cycle.response_complete:
            self._refused = True  # RFC 9112 §9.3.2: the client asks again on another connection
            self.cycle.keep_alive = False
            self._stop_clocks()
        else:
            super().on_headers_complete()  # raises where the address is none: then no answer is under way
            self._part = Part.BODY

    def on_body(self, body: bytes) -> None:
        """Part of the body."""
        self._head = 0
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is there: time no longer counts against the client."""
        self._head = 0
        if not self._refused:
            self._part = Part.NONE
            if self._clock is not None:
                self._clock.cancel()
            super().on_message_complete()

    def refuse(self, status: HTTPStatus, detail: str, more: str = "") -> None:
        """Answers what is no request, and closes."""
        self._refused = True
        problem = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
        body = json.dumps(problem).encode()
        head = (
            f"content-type: application/problem+json\r\ncontent-length: {len(body)}\r\nconnection: close\r\n"
            f"access-control-allow-origin: *\r\nx-content-type-options: nosniff\r\n{more}\r\n"
        )
        if self._silent:
            self.transport.write(STATUS_LINE[status.value] + head.encode() + body)
        self.transport.close()

    @property
    def _silent(self) -> bool:
        """Whether no answer is under way, nor has been given to the request that comes in."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None:
            return True
        return not cycle.response_started if self._part is Part.BODY else cycle.response_complete

    def send_400_response(self, msg: str) -> None:
        """What the parser cannot read."""
        if not self._refused:
            self.refuse(HTTPStatus.BAD_REQUEST, msg)

    def _expect(self) -> None:
        """A request must be there, whole, in time."""
        self._part, self._wasted = Part.HEAD, 0
        if self._clock is not None:
            self._clock.cancel()
        self._clock = self.loop.call_later(self._idle, self._too_slow)

    def _too_slow(self) -> None:
        if not self.transport.is_closing():
            self.refuse(HTTPStatus.REQUEST_TIMEOUT, f"a request must be there within {self._idle:g} s")

    def pause_writing(self) -> None:
        """The client takes more slowly than we send."""
        super().pause_writing()
        self._unsent = self.transport.get_write_buffer_size()
        self._stall = self.loop.call_later(self._idle, self._progress)

    def resume_writing(self) -> None:
        """The client has taken enough."""
        super().resume_writing()
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None

    def _progress(self) -> None:
        """Leaves a client that has taken nothing since the last look."""
        left = self.transport.get_write_buffer_size()
        if left >= self._unsent:
            # Reset, not closed: else the kernel would offer what it has taken over for minutes more (socket(7), SO_LINGER).
            self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            self.transport.abort()
            return
        self._unsent = left
        self._stall = self.loop.call_later(self._idle, self._progress)

    def timeout_keep_alive_handler(self) -> None:
        """Nobody asks any more; what a client has not taken by now is not kept for it."""
        super().timeout_keep_alive_handler()
        if self.transport.get_write_buffer_size() and self._stall is None:
            self._unsent = self.transport.get_write_buffer_size()
            self._stall = self.loop.call_later(self._idle, self._progress)

    def _stop_clocks(self) -> None:
        for clock in (self._clock, self._stall):
            if clock is not None:
                clock.cancel()
        self._clock = self._stall = None
