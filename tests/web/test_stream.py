"""Answers on the wire of a real server while they are being made: the first byte early, HTTP/1.0 and HEAD, and answers that break off."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.running import Server, serving

PRODUCT = "SELECT ?a ?b ?c ?d ?e ?f { ?a ?b ?c . ?d ?e ?f }"
ALL = "SELECT ?s ?p ?o { ?s ?p ?o }"
LAST_CHUNK = b"\r\n0\r\n\r\n"  # with the end of the line before: a row may end in 0 as well (RFC 9112 section 7.1)


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[Server]:
    with serving(built, EMKG_QUERY_SECONDS="15", EMKG_ANSWER_SIZE="8") as running:
        yield running
        assert "Traceback" not in running.said(), running.said()[-3000:]


def said(server: Server, method: str, query: str, accept: str = "text/csv", version: str = "1.1") -> bytes:
    """All that the server sends until it closes the connection."""
    request = f"{method} /sparql?query={quote(query)} HTTP/{version}\r\nHost: x\r\nAccept: {accept}\r\nConnection: close\r\n\r\n"
    with server.connect(timeout=30) as wire:
        wire.sendall(request.encode())
        return b"".join(iter(lambda: wire.recv(1 << 16), b""))


def parted(answer: bytes) -> tuple[str, bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.decode().lower(), body


def test_a_large_answer_comes_in_chunks_and_ends(server: Server) -> None:
    head, body = parted(said(server, "GET", ALL))
    assert "transfer-encoding: chunked" in head and "content-length" not in head
    assert body.endswith(LAST_CHUNK)
    answer = server.query(ALL, accept="text/csv")
    assert answer.whole and answer.body.count(b"\r\n") > 15_000


def test_the_first_byte_is_early(server: Server) -> None:
    request = f"GET /sparql?query={quote(PRODUCT)} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n"
    with server.connect() as wire:
        begun = time.perf_counter()
        wire.sendall(request.encode())
        assert wire.recv(100).startswith(b"HTTP/1.1 200")
        assert time.perf_counter() - begun < 1.0


@pytest.mark.parametrize("accept", ["text/csv", "application/sparql-results+json", "text/tab-separated-values"])
def test_an_answer_that_is_too_large_breaks_off(server: Server, accept: str) -> None:
    head, body = parted(said(server, "GET", PRODUCT, accept))
    assert "200 ok" in head and "transfer-encoding: chunked" in head
    assert len(body) > 1_000_000 and not body.endswith(LAST_CHUNK)
    assert not server.query(PRODUCT, accept=accept).whole


def test_http_1_0_gets_the_whole_or_a_refusal(server: Server) -> None:
    """The end of such a connection cannot be told from the end of an answer, so that nothing is sent before all is there."""
    head, body = parted(said(server, "GET", ALL, version="1.0"))
    length = next(int(line.split(":")[1]) for line in head.splitlines() if line.startswith("content-length"))
    assert "200 ok" in head and length == len(body) and body.count(b"\r\n") > 15_000
    head, body = parted(said(server, "GET", PRODUCT, version="1.0"))
    assert "503" in head.splitlines()[0] and "retry-after" in head
    assert json.loads(body)["type"] == "/problems/AnswerTooLarge"


def test_head_of_a_large_answer_sends_none_of_it(server: Server) -> None:
    head, body = parted(said(server, "HEAD", PRODUCT))
    assert "200 ok" in head and "content-type: text/csv" in head and body == b""


def test_a_small_answer_has_its_length(server: Server) -> None:
    head, body = parted(said(server, "GET", ALL + " LIMIT 3"))
    assert f"content-length: {len(body)}" in head and body.count(b"\r\n") == 4


def test_a_client_that_leaves_takes_its_query_along(server: Server) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with server.connect() as wire:
        wire.sendall(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.5)
        wire.shutdown(socket.SHUT_RDWR)
    ends = time.monotonic() + 8
    while b"emkg_query_running 0.0" not in server.get("/metrics").body:
        assert time.monotonic() < ends, server.get("/metrics").body.decode()
        time.sleep(0.1)
