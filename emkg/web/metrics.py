"""/metrics: what a monitor reads (https://prometheus.io/docs/instrumenting/exposition_formats/), for those whom no client limit holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from emkg.web.clients import client_of
from emkg.web.engine import NOBODY
from emkg.web.gate import BUCKETS, Tally
from emkg.web.site import Site, site_of


async def metrics(request: Request) -> Response:
    """Counts and times for a monitor (Prometheus); for this machine and networks that EMKG_UNLIMITED names."""
    if client_of(request) != NOBODY:
        raise HTTPException(403, "the metrics are for the operator: EMKG_UNLIMITED names who may read them")
    registry = CollectorRegistry()
    registry.register(_Ours(request.app.state.tally, site_of(request)))
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    encode, kind = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(registry), headers={"Content-Type": kind, "Cache-Control": "no-store"})


class _Ours(Collector):
    """The tally of the gate and the state of the engine, as they are when they are asked for."""

    def __init__(self, tally: Tally, site: Site) -> None:
        self._tally, self._site = tally, site

    def collect(self) -> Iterable[Metric]:
        """Every metric of ours."""
        yield from self._requests()
        yield from self._queries()
        info = GaugeMetricFamily("emkg_build", "The build that is served, as labels.", labels=["version", "mark"])
        info.add_metric([self._site.version, self._site.mark], 1)
        yield info

    def _requests(self) -> Iterator[Metric]:
        requests = CounterMetricFamily(
            "emkg_http_requests", "Requests answered, by part of the site.", labels=["part", "method", "status"]
        )
        for (part, method, status), number in sorted(self._tally.requests.items()):
            requests.add_metric([part, method, str(status)], number)
        yield requests
        times = HistogramMetricFamily("emkg_http_request_seconds", "Time to the last byte.", labels=["part"])
        for part, counts in sorted(self._tally.times.items()):
            bounds = [*map(str, BUCKETS), "+Inf"]
            times.add_metric([part], list(zip(bounds, accumulate(counts), strict=True)), self._tally.seconds[part])
        yield times
        yield CounterMetricFamily("emkg_http_sent_bytes", "Bytes of bodies sent.", value=self._tally.sent)
        yield GaugeMetricFamily("emkg_http_open_requests", "Requests under way.", value=self._tally.open)

    def _queries(self) -> Iterator[Metric]:
        engine = self._site.engine
        ends = CounterMetricFamily("emkg_queries", "Queries that ended, by how.", labels=["end"])
        for end, number in sorted(engine.ends.items()):
            ends.add_metric([end], number)
        yield ends
        for name, about, value in (
            ("running", "Queries under way.", engine.turns.running),
            ("waiting", "Queries that wait for their turn.", engine.turns.waiting),
            ("workers", "Query workers, those that stand ready included.", len(engine.pids())),
            ("kept_answers", "Answers kept for who asks the same.", len(engine.answers)),
            ("kept_answer_bytes", "Bytes of the answers kept.", engine.answers.size),
        ):
            yield GaugeMetricFamily(f"emkg_query_{name}", about, value=value)
        yield CounterMetricFamily("emkg_query_cache_hits", "Answers that were kept.", value=engine.answers.hits)
        yield CounterMetricFamily("emkg_query_cache_misses", "Answers that were not.", value=engine.answers.misses)
