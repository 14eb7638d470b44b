"""How many requests a client may send: a bucket of tokens for each, which fills at a steady rate."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

from emkg.config import Limits
from emkg.errors import TooManyRequests
from emkg.web.engine import NOBODY

_CLIENTS = 20_000  # buckets that are kept; the client that was quiet for longest has a full one by then


class Rates:
    """The buckets of all clients. ``clock`` tells seconds.

    >>> rates = Rates(Limits(rate=1, burst=2), clock=lambda: 0.0)
    >>> rates.count("a"), rates.count("a"), rates.count("b")
    (None, None, None)
    >>> rates.count("a")
    Traceback (most recent call last):
    ...
    emkg.errors.TooManyRequests: more than 1 requests a second ...
    """

    def __init__(self, limits: Limits, clock: Callable[[], float] = monotonic) -> None:
        self._limits, self._clock = limits, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def count(self, client: str) -> None:
        """Takes a token; raises TooManyRequests, with the seconds after which there is one, where the bucket is empty."""
        if client == NOBODY:
            return
        now, rate = self._clock(), self._limits.rate
        tokens, since = self._buckets.get(client, (float(self._limits.burst), now))
        tokens = min(self._limits.burst, tokens + (now - since) * rate)
        if tokens < 1:
            self._keep(client, (tokens, now))
            raise TooManyRequests(
                f"more than {rate:g} requests a second",
                "",
                "ask more slowly, or take the dump",
                math.ceil((1 - tokens) / rate),
            )
        self._keep(client, (tokens - 1, now))

    def _keep(self, client: str, bucket: tuple[float, float]) -> None:
        self._buckets[client] = bucket
        self._buckets.move_to_end(client)
        if len(self._buckets) > _CLIENTS:
            self._buckets.popitem(last=False)
