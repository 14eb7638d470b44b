"""Allow-listed SERVICE on loopback: a real SPARQL server as the peer, and peers that misbehave."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from emkg.config import Limits
from emkg.errors import BadQuery, EndpointError
from emkg.graph import parse_results
from emkg.web.engine import Query, Wish
from emkg.web.pool import WorkerEngine
from tests.oxigraph_server import needs_server, serving

PEER = b'<http://e.org/a> <http://e.org/name> "Ann" .\n<http://e.org/b> <http://e.org/name> "B\\u00f6b" .\n'
EMPTY = b'{"head":{"vars":["s"]},"results":{"bindings":[]}}'


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("peer"), PEER) as address:
        yield address


@pytest.fixture(scope="module")
def odd() -> Iterator[str]:
    """A server whose paths misbehave, each in its way; ``heard`` lists what was asked of it."""

    class Odd(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def do_GET(self) -> None:
            heard.append(self.path)
            if self.path == "/open/slow":
                time.sleep(3)
            if self.path.startswith("/open/to-"):
                self.send_response(307)
                self.send_header(
                    "Location", {"secret": "/secret", "good": "/open/good", "loop": self.path}[self.path[9:]]
                )
                self.end_headers()
                return
            self.send_response(500 if self.path == "/open/fails" else 200)
            html = self.path == "/open/html"
            self.send_header("Content-Type", "text/html" if html else "application/sparql-results+json")
            self.end_headers()
            self.wfile.write({"/open/cut": EMPTY[:20], "/open/many": _many()}.get(self.path, EMPTY))

        def log_message(self, *_: object) -> None:
            pass

    heard: list[str] = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Odd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        server.heard = heard  # type: ignore[attr-defined]
        HEARD[:] = [heard]
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


HEARD: list[list[str]] = []


def _many() -> bytes:
    rows = ",".join('{"s":{"type":"literal","value":"x"}}' for _ in range(101))
    return f'{{"head":{{"vars":["s"]}},"results":{{"bindings":[{rows}]}}}}'.encode()


@asynccontextmanager
async def engine(built: Path, *service: str) -> AsyncIterator[WorkerEngine]:
    limits = Limits(service=service, service_seconds=1.0, service_rows=100)
    made = WorkerEngine(built / "current" / "emkg.nq", limits).start()
    try:
        yield made
    finally:
        made.close()
        await asyncio.sleep(0)


def ask(built: Path, text: str, *service: str) -> list[tuple[str | None, ...]]:
    async def main() -> list[tuple[str | None, ...]]:
        async with engine(built, *service) as workers:
            answer = await workers.ask(Query(text), Wish())
            table = parse_results(b"".join([chunk async for chunk in answer.chunks()]), "json")
            assert not isinstance(table, bool) and answer.head.changing, "what others say may change: it is not kept"
            return table.values()

    return asyncio.run(main())


@needs_server
def test_an_allowed_endpoint_is_joined(built: Path, peer: str) -> None:
    text = f"""PREFIX e: <http://e.org/> SELECT ?s ?name ?d {{
      SERVICE <{peer}> {{ ?s e:name ?name FILTER(STRLEN(?name) = 3) }}
      {{ SELECT ?d {{ ?d a emkg:Dataset }} ORDER BY ?d LIMIT 1 }} }} ORDER BY ?s"""
    rows = ask(built, text, peer)
    assert [row[:2] for row in rows] == [("http://e.org/a", "Ann"), ("http://e.org/b", "Böb")]
    assert all(row[2] for row in rows)


@needs_server
def test_two_calls_of_one_query(built: Path, peer: str) -> None:
    text = f"""SELECT ?a ?b {{ SERVICE <{peer}> {{ ?s <http://e.org/name> ?a }}
      OPTIONAL {{ SERVICE SILENT <{peer}> {{ ?s <http://e.org/name> ?b FILTER(?b = "Ann") }} }} }} ORDER BY ?a"""
    assert ask(built, text, peer) == [("Ann", "Ann"), ("Böb", None)]


@needs_server
def test_another_endpoint_is_refused_though_one_is_allowed(built: Path, peer: str) -> None:
    for other in ("http://127.0.0.1:9/", peer + "/../store", peer.replace("127.0.0.1", "localhost")):
        with pytest.raises(BadQuery, match="may not be called"):
            ask(built, f"SELECT * {{ SERVICE SILENT <{other}> {{ ?s ?p ?o }} }}", peer)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("slow", "within 1 s"),
        ("fails", "answered 500"),
        ("html", "text/html"),
        ("cut", "cannot be read"),
        ("many", "more than 100 rows"),
        ("to-secret", "may not call"),
        ("to-loop", "answered 307"),
    ],
)
def test_a_peer_that_misbehaves(built: Path, odd: str, path: str, said: str) -> None:
    text = f"SELECT * {{ SERVICE <{odd}/open/{path}> {{ ?s ?p ?o }} }}"
    with pytest.raises(EndpointError, match=said) as fault:
        ask(built, text, odd + "/open/")
    assert fault.value.status == 502 and fault.value.where == f"{odd}/open/{path}"
    assert len(ask(built, text.replace("SERVICE", "SERVICE SILENT"), odd + "/open/")) == 1
    assert "/secret" not in HEARD[0]


def test_a_redirect_to_where_a_query_may_call_is_followed(built: Path, odd: str) -> None:
    assert ask(built, f"SELECT * {{ SERVICE <{odd}/open/to-good> {{ ?s ?p ?o }} }}", odd + "/open/") == []
    assert HEARD[0][-2:] == ["/open/to-good", "/open/good"]


def test_nobody_there(built: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = f"http://127.0.0.1:{probe.getsockname()[1]}/"
    with pytest.raises(EndpointError, match="cannot be reached"):
        ask(built, f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}", address)


def test_without_an_allow_list_nothing_is_called(built: Path, odd: str) -> None:
    before = len(HEARD[0])
    with pytest.raises(BadQuery, match="federated"):
        ask(built, f"SELECT * {{ SERVICE <{odd}/open/good> {{ ?s ?p ?o }} }}")
    assert len(HEARD[0]) == before
