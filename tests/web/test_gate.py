"""The gate: whose requests are limited, what is counted, what the log says of people; and the metrics that come of it."""

from __future__ import annotations

import json
import logging
from ipaddress import ip_network
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from emkg.config import Limits
from emkg.errors import TooManyRequests
from emkg.web.app import create_app
from emkg.web.clients import known_as, shortened
from emkg.web.gate import LOG, Gate, part_of
from emkg.web.rates import Rates

LOCAL = (ip_network("127.0.0.0/8"),)


def test_one_client_s_haste_is_nobody_else_s_loss(built: Path) -> None:
    app = create_app(built, Limits(rate=1.0, burst=5, proxies=LOCAL, unlimited=()))
    with TestClient(app, client=("127.0.0.1", 4000)) as http:

        def ask(client: str) -> int:
            return http.get("/healthz", headers={"X-Forwarded-For": client}).status_code

        statuses = [ask("192.0.2.1") for _ in range(10)]
        assert statuses[:5] == [200] * 5 and 429 in statuses[5:]
        assert ask("192.0.2.2") == 200
        refused = http.get("/healthz", headers={"X-Forwarded-For": "192.0.2.1"})
        assert refused.status_code == 429 and int(refused.headers["retry-after"]) >= 1
        assert refused.json()["type"] == "/problems/TooManyRequests"
        assert refused.headers["access-control-allow-origin"] == "*"
        assert refused.headers["x-content-type-options"] == "nosniff"
        # What a client writes before the proxy's own entry does not make it another client.
        assert ask("203.0.113.9, 192.0.2.1") == 429


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "expected"),
    [
        ("192.0.2.1", "", (), "192.0.2.1"),
        ("192.0.2.1", "198.51.100.1", (), "192.0.2.1"),
        ("127.0.0.1", "198.51.100.1", LOCAL, "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1", LOCAL, "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1, 127.0.0.9", LOCAL, "198.51.100.1"),
        ("127.0.0.1", "unknown", LOCAL, "unknown"),
        ("2001:db8:1:2:3::4", "", (), "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "", (), "192.0.2.1"),
        ("127.0.0.1", "", (), ""),
        ("::ffff:127.0.0.1", "", (), ""),
    ],
)
def test_who_is_a_client(peer: str, forwarded: str, proxies: tuple[object, ...], expected: str) -> None:
    assert known_as(peer, forwarded, proxies, LOCAL) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("address", "expected"),
    [("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2:3::4", "2001:db8:1::/48"), ("nobody", "nobody"), ("", "")],
)
def test_the_log_knows_networks_only(address: str, expected: str) -> None:
    assert shortened(address, 48, 24) == expected


def test_a_bucket_fills_at_its_rate() -> None:
    now = [0.0]
    rates = Rates(Limits(rate=2.0, burst=3), clock=lambda: now[0])
    for _ in range(3):
        rates.count("a")
    with pytest.raises(TooManyRequests) as fault:
        rates.count("a")
    assert fault.value.retry_after == 1
    now[0] = 0.5
    rates.count("a")
    with pytest.raises(TooManyRequests):
        rates.count("a")
    now[0] = 100.0
    for _ in range(3):
        rates.count("a")
    with pytest.raises(TooManyRequests):
        rates.count("a")


def test_the_buckets_of_many_clients_stay_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emkg.web.rates._CLIENTS", 100)
    rates = Rates(Limits())
    for number in range(1000):
        rates.count(str(number))
    assert len(rates._buckets) == 100


def test_the_log_has_no_query_and_no_whole_address(built: Path, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(built, Limits(proxies=LOCAL))
    with TestClient(app, client=("127.0.0.1", 4000)) as http, caplog.at_level(logging.INFO, LOG.name):
        http.get(
            "/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%22secret%22%20%7D",
            headers={"X-Forwarded-For": "192.0.2.77", "User-Agent": "someone"},
        )
    (line,) = [record.getMessage() for record in caplog.records if record.name == LOG.name]
    told = json.loads(line)
    assert told["client"] == "192.0.2.0/24" and told["path"] == "/sparql" and told["status"] == 200
    assert told["bytes"] > 0 and told["ms"] > 0 and told["method"] == "GET"
    assert "secret" not in line and "192.0.2.77" not in line and "someone" not in line


def test_metrics(built: Path) -> None:
    app = create_app(built, Limits(proxies=LOCAL))
    with TestClient(app, client=("127.0.0.1", 4000), raise_server_exceptions=False) as http:
        for _ in range(3):
            http.get("/sparql", params={"query": "ASK {}"}, headers={"Cache-Control": "no-cache"})
        http.get("/sparql", params={"query": "ASK {"})
        http.get("/nonesuch")
        answer = http.get("/metrics")
        assert answer.headers["content-type"].startswith("text/plain")
        found = {
            (sample.name, *sorted(sample.labels.values())): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }
        assert found["emkg_http_requests_total", "200", "GET", "sparql"] == 3
        assert found["emkg_http_requests_total", "400", "GET", "sparql"] == 1
        assert found["emkg_http_requests_total", "404", "GET", "other"] == 1
        assert found["emkg_queries_total", "answered"] >= 1 and found["emkg_queries_total", "BadQuery"] == 1
        assert found["emkg_http_request_seconds_count", "sparql"] == 4
        assert found["emkg_query_workers",] >= 1 and found["emkg_query_running",] == 0
        assert found["process_resident_memory_bytes",] > 0
        stranger = http.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"})
        assert stranger.status_code == 403 and "emkg_" not in stranger.text


@pytest.mark.parametrize(
    ("path", "part"), [("/", "home"), ("", "home"), ("/sparql", "sparql"), ("/x/../sparql", "other")]
)
def test_parts_are_few(path: str, part: str) -> None:
    assert part_of(path) == part


def test_a_fault_is_counted_too(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(built)

    async def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(app.state.site.engine, "ask", broken)
    with TestClient(app, raise_server_exceptions=False) as http:
        assert http.get("/sparql", params={"query": "ASK {}"}).status_code == 500
    assert app.state.tally.requests["sparql", "GET", 500] == 1 and app.state.tally.open == 0
    assert isinstance(app.user_middleware[0].cls, type) and app.user_middleware[0].cls is Gate
