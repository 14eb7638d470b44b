"""The gate of every request: who comes too often waits outside, and what happened is counted, timed and, where asked for, logged.

The log has what finding a fault or an abuse needs and no more: no query text, no agent, and of an address the network only.
"""

from __future__ import annotations

import json
import logging
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emkg.config import Limits
from emkg.errors import TooManyRequests
from emkg.web.clients import Clients, peer_in, shortened
from emkg.web.headers import EVERY
from emkg.web.problem import from_emkg
from emkg.web.rates import Rates

LOG = logging.getLogger("emkg.access")
BUCKETS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 60.0)  # seconds
_PARTS = (
    "id",
    "doc",
    "technique",
    "graph",
    "datasets",
    "techniques",
    "species",
    "regions",
    "papers",
    "sources",
    "void",
    "catalog",
    "ask",
    "ontology",
    "dump",
    "static",
    "sparql",
    "healthz",
    "metrics",
)


@dataclass
class Tally:
    """What has happened since the start: requests by part of the site, method and status; their times by part; bytes sent."""

    requests: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    times: dict[str, list[int]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    sent: int = 0
    open: int = 0

    def note(self, part: str, method: str, status: int, seconds: float) -> None:
        """Counts a request."""
        self.requests[part, method, status] += 1
        counts = self.times.setdefault(part, [0] * (len(BUCKETS) + 1))
        counts[bisect_left(BUCKETS, seconds)] += 1
        self.seconds[part] = self.seconds.get(part, 0.0) + seconds


class Gate:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, tally: Tally) -> None:
        self._app, self._tally = app, tally
        self._rates: Rates | None = None
        self._clients: Clients | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request pass, or answers 429."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status, size = perf_counter(), 0, 0

        async def sent(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        site = scope["emkg.site"] = scope["app"].state.site
        site.users += 1
        self._tally.open += 1
        try:
            try:
                self._count(scope, site.limits)
            except TooManyRequests as fault:
                refusal = from_emkg(Request(scope), fault)
                refusal.headers.update(EVERY)  # the layer that adds them lies within
                await refusal(scope, receive, sent)
            else:
                await self._app(scope, receive, sent)
        finally:
            site.users -= 1
            self._tally.open -= 1
            self._tally.sent += size
            self._note(scope, status or 500, size, perf_counter() - begun)

    def _count(self, scope: Scope, limits: Limits) -> None:
        if self._rates is None or self._clients is None:
            self._rates, self._clients = Rates(limits), Clients(limits)
        client = scope["emkg.client"] = self._clients.find(scope)
        self._rates.count(client)

    def _note(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        self._tally.note(part_of(scope["path"]), scope["method"], status, seconds)
        if LOG.isEnabledFor(logging.INFO):
            line = {
                "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "client": shortened(peer_in(scope, scope["emkg.site"].limits), 48, 24),
                "method": scope["method"],
                "path": scope["path"],
                "status": status,
                "bytes": size,
                "ms": round(seconds * 1000, 1),
            }
            LOG.info("%s", json.dumps(line, ensure_ascii=False))


def part_of(path: str) -> str:
    """The part of the site that a path lies in: few values, whatever is asked for.

    >>> part_of("/doc/dataset/h01"), part_of("/"), part_of("/wp-login.php")
    ('doc', 'home', 'other')
    """
    first = path[1:].split("/", 1)[0]
    return first if first in _PARTS else "other" if first else "home"
