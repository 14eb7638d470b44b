"""What strangers do to connections: smuggled requests, slow and silent clients; and workers that are killed, a stop in the middle."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.load.hostile import KILLERS
from tests.load.test_killers import truthful
from tests.running import Answer, Server, serving

IDLE = 1.0  # seconds without progress after which the server of these tests leaves a client
BUSY = 3.0  # seconds that a busy machine may add
PRODUCT = "/sparql?query=SELECT%20*%20%7B%20?s%20?p%20?o%20.%20?t%20?q%20?u%20%7D%20LIMIT%20"


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[Server]:
    with serving(built, EMKG_QUERY_SECONDS="8", EMKG_IDLE_SECONDS=str(IDLE)) as running:
        yield running
        assert "Traceback" not in running.said(), running.said()[-3000:]


def exchange(server: Server, sent: bytes, wait: float = 1.5) -> bytes:
    """All that the server says to these bytes, until it closes or has been silent for a while."""
    got = b""
    with server.connect(timeout=wait) as wire, contextlib.suppress(TimeoutError, ConnectionError):
        wire.sendall(sent)
        while more := wire.recv(65536):
            got += more
    return got


def statuses(got: bytes) -> list[int]:
    """The status of each answer in what a server said."""
    return [int(found) for found in re.findall(rb"HTTP/1\.[01] (\d{3}) ", got)]


INNER = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
FORM = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
SMUGGLED = {
    "both lengths": FORM + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + INNER,
    "both lengths, the other way round": FORM + b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\nX" + INNER,
    "two lengths": FORM + b"Content-Length: 0\r\nContent-Length: 38\r\n\r\n" + INNER,
    "two lengths in one line": FORM + b"Content-Length: 0, 38\r\n\r\n" + INNER,
    "a length with a sign": FORM + b"Content-Length: +0\r\n\r\n" + INNER,
    "a negative length": FORM + b"Content-Length: -1\r\n\r\n" + INNER,
    "a length in hexadecimals": FORM + b"Content-Length: 0x0\r\n\r\n" + INNER,
    "an unknown coding": FORM + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + INNER,
    "two codings": FORM + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + INNER,
    "a coding after chunked": FORM + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + INNER,
    "a blank before the colon": FORM + b"Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + INNER,
    "a tab as the name's end": FORM + b"Transfer-Encoding\t: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + INNER,
    "a vertical tab": FORM + b"Transfer-Encoding: \x0bchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + INNER,
    "a chunk size that is none": FORM + b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + INNER,
    "a chunk size beyond all numbers": FORM + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffffff\r\n\r\n" + INNER,
    "a negative chunk size": FORM + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + INNER,
    "a bare carriage return": FORM + b"X: a\rTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + INNER,
    "a nul in a header": FORM + b"X: a\x00b\r\nContent-Length: 0\r\n\r\n" + INNER,
}  # fmt: skip


@pytest.mark.parametrize("sent", SMUGGLED.values(), ids=SMUGGLED)
def test_no_request_is_smuggled_inside_another(server: Server, sent: bytes) -> None:
    """Where two servers could disagree about a request's end it is refused, and the connection with it (RFC 9112 §6.3, §11.2)."""
    got = exchange(server, sent)
    assert statuses(got) in ([], [400], [501]), got
    assert b"smuggled" not in got


def test_requests_on_one_connection_are_answered_in_turn(server: Server) -> None:
    sent = b"".join(
        b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n" % name for name in (b"healthz", b"robots.txt", b"nothing-here")
    )
    assert statuses(exchange(server, sent)) in ([200, 200, 404], [200])


NO_REQUESTS = {
    "a TLS greeting": b"\x16\x03\x01\x02\x00\x01\x00",
    "nuls": b"\x00" * 500,
    "half a line": b"GET\r\n\r\n",
    "empty lines": b"\r\n" * 2000,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/9.9": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "one endless word": b"G" * 200_000,
}


@pytest.mark.parametrize("sent", NO_REQUESTS.values(), ids=NO_REQUESTS)
def test_what_is_no_request_gets_no_answer_but_400(server: Server, sent: bytes) -> None:
    assert set(statuses(exchange(server, sent))) <= {400, 408, 414, 431, 505}
    assert server.get("/healthz").status == 200


HEADS = {
    "one header": b"X: " + b"a" * 1_000_000,
    "many headers": b"".join(b"X%d: a\r\n" % n for n in range(100_000)),
    "one cookie": b"Cookie: " + b"a=b; " * 100_000,
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_endless_headers_are_refused(server: Server, head: bytes) -> None:
    got = exchange(server, b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n")
    assert statuses(got) in ([], [400], [413], [431]), got[:300]
    assert server.get("/healthz").status == 200


def test_an_endless_body_is_cut_off(server: Server) -> None:
    """A body without end is refused at the limit: the server does not read on."""
    sent = 0
    with server.connect(timeout=10) as wire, contextlib.suppress(ConnectionError, TimeoutError):
        wire.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        piece = b"8000\r\n" + b"#" * 0x8000 + b"\r\n"
        while sent < 64_000_000:
            wire.sendall(piece)
            sent += 0x8000
    assert sent < 32_000_000
    assert (
        server.send(
            "POST", "/sparql", headers={"Content-Type": "application/sparql-query"}, body=b"#" * 3_000_000
        ).status
        == 413
    )


def closed(wire: socket.socket, within: float) -> bool:
    """Whether the server closes the connection in that time; what it says meanwhile is read away."""
    wire.settimeout(within)
    until = time.monotonic() + within
    try:
        while time.monotonic() < until:
            if not wire.recv(65536):
                return True
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return False


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET /healthz HT",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 100\r\n\r\nASK {",
    ],
    ids=["nothing", "half a line", "half a head", "half a body"],
)
def test_a_silent_client_is_left(server: Server, begun: bytes) -> None:
    with server.connect() as wire:
        wire.sendall(begun)
        assert closed(wire, IDLE * 6 + BUSY)


@pytest.mark.slow
def test_a_client_that_sends_a_byte_now_and_then_is_left(server: Server) -> None:
    """Progress by single bytes buys nobody a connection for ever (Slowloris)."""
    with server.connect() as wire:
        wire.settimeout(0.01)
        wire.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: ")
        begun = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - begun < 60:
                wire.sendall(b"a")
                with contextlib.suppress(TimeoutError):
                    if not wire.recv(1000):
                        break
                time.sleep(IDLE / 2)
        assert time.monotonic() - begun < 50


def test_many_half_open_connections_leave_room_for_others(server: Server) -> None:
    with contextlib.ExitStack() as stack:
        for number in range(300):
            wire = stack.enter_context(server.connect())
            wire.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" if number % 2 else b"")
        begun = time.perf_counter()
        assert server.query(f"ASK {{ FILTER({time.time_ns()} > 0) }}").status == 200
        assert time.perf_counter() - begun < 1 + BUSY


def test_a_client_that_does_not_read_is_left_and_its_query_with_it(server: Server) -> None:
    """An answer of some hundred megabytes is held up by who asked for it: nothing of it piles up here, and the worker is freed."""
    quiet = server.memory()
    with server.connect() as wire:
        wire.sendall(f"GET {PRODUCT}2000000 HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode())
        time.sleep(IDLE + 0.5)
        assert server.memory() < quiet + 100
        time.sleep(IDLE * 2 + 1)
        busy = max(processor_of(server).values())
        time.sleep(0.5)
        assert max(processor_of(server).values()) - busy < 0.4
        assert closed(wire, IDLE * 6 + BUSY)
    assert server.memory() < quiet + 100


def test_a_large_answer_streams_in_flat_memory(server: Server) -> None:
    """The first bytes come at once, the rest as it is read, and the server keeps nothing of it."""
    quiet, begun = server.memory(), time.perf_counter()
    with server.connect() as wire:
        head = "HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\nConnection: close\r\n\r\n"
        wire.sendall(f"GET {PRODUCT}120000 {head}".encode())
        first = wire.recv(1000)
        early = time.perf_counter() - begun
        size, pieces, most = len(first), 0, 0.0
        while more := wire.recv(1 << 20):
            size, pieces = size + len(more), pieces + 1
            most = max(most, server.memory()) if pieces % 20 == 0 else most
        took = time.perf_counter() - begun
    assert first.startswith(b"HTTP/1.1 200") and size > 15_000_000, size
    assert early < took / 2 or early < 0.5
    assert 0 < most < quiet + 100


def processor_of(server: Server) -> dict[int, float]:
    """Seconds of processor time of each process."""
    found = {}
    for pid in server.processes():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            found[pid] = (int(fields[11]) + int(fields[12])) / 100
    return found


def busiest(server: Server) -> int:
    """The process, other than the first, that works hardest just now."""
    before = processor_of(server)
    time.sleep(0.5)
    after = processor_of(server)
    del after[server.process.pid]
    return max(after, key=lambda pid: after[pid] - before.get(pid, 0.0))


def test_a_killed_worker_costs_its_own_query_only(server: Server) -> None:
    """kill -9 in the middle of a query: that client is told, all others get their answers, and a new worker takes the place."""
    lost: list[Answer] = []
    others: list[Answer] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            others.append(server.query(f"SELECT (COUNT(*) AS ?n) {{ ?s a emkg:Dataset FILTER({time.time_ns()} > 0) }}"))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    victim = threading.Thread(target=lambda: lost.append(server.query(KILLERS["cartesian COUNT"].text)))
    victim.start()
    time.sleep(0.5)
    worker = busiest(server)
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    os.kill(worker, signal.SIGKILL)
    victim.join(5)
    time.sleep(0.5)
    stop.set()
    for thread in threads:
        thread.join()
    assert len(lost) == 1 and truthful(lost[0]), lost
    assert len(others) > 5 and {(answer.status, answer.body) for answer in others} == {(200, others[0].body)}


def test_every_process_but_the_first_may_be_killed(server: Server) -> None:
    """Whichever of its processes dies, the server has another soon."""
    for pid in server.processes()[1:]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 15
    while (
        answer := server.query("SELECT (COUNT(*) AS ?n) { ?s a emkg:Dataset }", timeout=20)
    ).status != 200 and time.monotonic() < until:
        assert answer.status == 503 and "retry-after" in answer.headers, answer
        time.sleep(0.2)
    assert answer.status == 200


def test_a_stop_lets_running_answers_end(built: Path) -> None:
    with serving(built, EMKG_QUERY_SECONDS="20") as stopped:
        answers: list[Answer] = []
        slow = "SELECT (COUNT(*) AS ?n) { ?a a ?b . ?c a ?d FILTER(STRLEN(STR(?a)) < STRLEN(STR(?c))) }"
        asking = threading.Thread(target=lambda: answers.append(stopped.query(slow)))
        asking.start()
        time.sleep(0.4)
        running = asking.is_alive()
        stopped.process.send_signal(signal.SIGTERM)
        asking.join(30)
        stopped.process.wait(30)
        assert running, "the query was over before the stop"
        assert answers and answers[0].status == 200 and answers[0].whole
        with pytest.raises(OSError):
            stopped.connect(1)
