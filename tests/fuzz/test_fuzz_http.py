"""No request line, path, query string or header makes the running server fail, and none reaches a file or a page that it should not."""

from __future__ import annotations

import http.client
import os
import random
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.running import Server, serving

BATCH = 50
SHORT = int(os.environ.get("EMKG_FUZZ_SHORT", "4000")) // 2
LONG = int(os.environ.get("EMKG_FUZZ_CASES", "700000")) // 7
relaxed = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)

METHODS = ("GET",) * 12 + (
    "HEAD",
    "HEAD",
    "POST",
    "OPTIONS",
    "PUT",
    "DELETE",
    "PATCH",
    "TRACE",
    "CONNECT",
    "get",
    "QUERY",
    "X" * 40,
)
STARTS = """/ /id/ /id/dataset/ /doc/ /doc/dataset/ /doc/paper/ /technique/ /graph/ /datasets /ask/ /ontology/ /dump/ /static/ /problems/
  /sparql /sparql /sparql /.well-known/ /void /catalog /sitemap.xml /healthz /metrics /robots.txt /context.jsonld // /%2e%2e/ *
  http://127.0.0.1/doc/dataset/h01""".split()
STARTS.append("")
SEGMENTS = r"""h01 dataset .. . %2e%2e %2E. %2f %5c \ %00 %ff %C0%AE %e2%82 % %% %zz %F0%9F%A6%A0 %25%32%66 ;a=b #x ' " <script> {slug}
  10.7554/elife.57443 %E2%80%AE ~ + %20 %0d%0aX-Evil:1 .ttl .jsonld .html .nt .rdf .json h01.ttl h01.exe .... /etc/passwd etc passwd
  emkg.nq be275e8 current site.css @ : [ ] | ^ ` h01%2Ettl H01 0 -1 1e9 NotFound 0.1.0""".split()
SEGMENTS += ["a" * 300, "7" * 5000, "\xc3\xa9", "\x7f", "\x80\xff"]
QUERIES = """? ?format=ttl ?format= ?format=text/html ?format=application/ld+json ?format=../../etc/passwd ?format=csv ?page=-1 ?page=x
  ?page=99999999999999999999 ?species=%00 ?sort=%27 ?query=ASK%7B%7D ?query= ?query=%ff ?query=a&query=b ?update=x ?limit=0
  ?default-graph-uri=x ?default-graph-uri=%3C ?q=%25 ?voxel_max=nan ?voxel_max=1e999 ?technique=%F0%9F ?% ?=&=&
  ?query=SELECT%20*%20%7B%20SERVICE%20%3Chttp://127.0.0.1:9/%3E%20%7B%7D%20%7D ?query=ASK%20%7B%20FILTER(%3Cx:f%3E(1))%20%7D
  ?query=CONSTRUCT%7B?s%20%3Cx:%25%3E%20?o%7D%7B?s%20?p%20?o%7D ?query=SELECT%20*%20%7B%7D%20LIMIT%2099999999999999999999""".split()
QUERIES += [""] * 9 + ["?" + "a&" * 400, "?a=" + "b" * 3000, "?page=" + "7" * 5000, "?voxel_max=" + "7" * 5000]
VALUES = {
    "Accept": [
        "*/*",
        "text/turtle",
        "text/html",
        "application/ld+json;q=0.5, */*;q=0.1",
        "image/png",
        "",
        ",",
        "a" * 900,
        "*/*;q=0",
        "\xff",
    ],
    "If-None-Match": ["*", '"x"', 'W/"x"', "x", '"', '"a", "b"', "," * 300],
    "If-Modified-Since": ["Wed, 25 Nov 2026 00:00:00 GMT", "x", "0"],
    "Range": [
        "bytes=0-1",
        "bytes=-1",
        "bytes=9-1",
        "bytes=x",
        "bytes=0-0,2-3",
        "lines=1",
        "bytes=99999999999-",
        "bytes=-0",
    ],
    "Accept-Encoding": ["gzip", "br;q=0, zstd", "identity;q=0", "*;q=0", "gzip;q=x", "\xff", ""],
    "Content-Type": [
        "application/sparql-query",
        "application/x-www-form-urlencoded",
        "text/plain; charset=latin-1",
        "x",
        ";",
    ],
    "Content-Encoding": ["gzip", "identity"],
    "Origin": ["null", "http://evil.invalid"],
    "Access-Control-Request-Method": ["GET", "DELETE", ""],
    "Expect": ["100-continue", "x"],
    "X-Forwarded-For": ["1.2.3.4", "x" * 500, "::1, 127.0.0.1"],
    "Upgrade": ["h2c", "websocket"],
}
HOSTS = ["127.0.0.1"] * 9 + ["x", "evil.invalid:99999", "[::1]", ""]
BODIES = (b"", b"ASK {}", b"query=ASK%7B%7D", b"query=%ff", b"\xff\xfe", b"update=x", b"query=a&query=b", b"{" * 3000)
ALLOWED = {
    200,
    204,
    206,
    301,
    303,
    304,
    307,
    308,
    400,
    403,
    404,
    405,
    406,
    408,
    410,
    411,
    412,
    413,
    414,
    415,
    416,
    417,
    422,
    426,
    429,
    431,
}


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[Server]:
    with serving(built, EMKG_QUERY_SECONDS="5") as running:
        yield running
        assert "Traceback" not in running.said(), running.said()


class Client:
    """Sends bytes as they are, on one connection while the server keeps it open."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._wire: socket.socket | None = None

    def send(self, request: bytes, method: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        if self._wire is None:
            self._wire = self._server.connect()
        self._wire.sendall(request)
        answer = http.client.HTTPResponse(self._wire, method=method.upper() if method == "HEAD" else "GET")
        answer.begin()
        body = answer.read()
        if answer.will_close or (answer.status == 400 and b"Invalid HTTP" in body):
            self.close()
        return answer.status, answer.headers, body

    def close(self) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None


def request(chance: random.Random) -> tuple[bytes, str]:
    """A request's bytes and its method."""
    method = chance.choice(METHODS)
    target = chance.choice(STARTS) + chance.choice(("/", "", ".")).join(
        chance.choice(SEGMENTS) for _ in range(int(chance.random() * 4))
    )
    target += chance.choice(QUERIES)
    if chance.random() < 0.1:
        target = target.replace("/", chance.choice(("//", "/./", "/%2e/", "\\")), 2)
    lines = [f"{method} {target or '/'} HTTP/1.1", f"Host: {chance.choice(HOSTS)}"]
    lines += [f"{name}: {chance.choice(values)}" for name, values in VALUES.items() if chance.random() < 0.12]
    body = chance.choice(BODIES) if method in ("POST", "PUT", "PATCH", "QUERY") else b""
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body, method


def batch(server: Server, seed: int) -> None:
    chance = random.Random(seed)
    client = Client(server)
    try:
        for _ in range(BATCH):
            sent, method = request(chance)
            try:
                status, headers, body = client.send(sent, method)
            except (ConnectionError, http.client.RemoteDisconnected, http.client.BadStatusLine) as fault:
                raise AssertionError(f"{fault!r}: {sent!r}") from fault
            assert status in ALLOWED, (status, sent, body[:500])
            assert b"root:x:0" not in body and b"from __future__" not in body, sent
            assert "x-evil" not in headers, sent
            assert headers.get_content_type() != "text/html" or b"<script>" not in body, sent
            if status >= 400 and method != "HEAD" and b"Invalid HTTP" not in body:
                assert headers.get_content_type() in ("application/problem+json", "application/json", "text/html"), (
                    sent,
                    body[:200],
                )
    finally:
        client.close()


@settings(relaxed, max_examples=SHORT // BATCH)
@given(st.integers(0, 2**48))
def test_every_request_is_answered(server: Server, seed: int) -> None:
    batch(server, seed)


@pytest.mark.slow
@settings(relaxed, max_examples=LONG // BATCH)
@given(st.integers(0, 2**48))
def test_every_request_is_answered_in_many_cases(server: Server, seed: int) -> None:
    batch(server, seed)
