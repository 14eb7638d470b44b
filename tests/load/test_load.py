"""Half a minute, or in the slow run half an hour, of everything at once: right, wrong and hostile requests, killed workers, new builds.

No answer may be wrong, none 5xx but the announced 503 and 504, every limit holds, and memory stays what it was after the warm-up.
EMKG_LOAD_SECONDS sets the length of the slow run.
"""

from __future__ import annotations

import contextlib
import logging
import os
import random
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.load.test_killers import BUSY, LATE, SOON, probing
from tests.load.test_wire import FORM, INNER, PRODUCT, busiest, statuses
from tests.load.traffic import Book, Client, Judge, hostile, keep_on, valid, wrong
from tests.running import Server, serving
from tools.synthetic import point, synthesize

LOG = logging.getLogger(__name__)  # --log-cli-level=INFO shows what each round was like
SECONDS, QUEUE, MEMORY, IDLE = 2.0, 3.0, 192, 2.0
AT_REST = 4  # processes: the server, the parent of the workers, two workers that stand ready
LONG = float(os.environ.get("EMKG_LOAD_SECONDS", "1800"))
SETTINGS = {
    "EMKG_QUERY_SECONDS": str(SECONDS),
    "EMKG_QUERY_MEMORY": str(MEMORY),
    "EMKG_QUEUE_SECONDS": str(QUEUE),
    "EMKG_IDLE_SECONDS": str(IDLE),
    "EMKG_CLIENT_RATE": "30",  # a greedy client comes to it on a machine of which others take most, too
    "EMKG_CLIENT_BURST": "60",
    "EMKG_CACHE": "4",
    "EMKG_UNLIMITED": "",  # loopback too keeps to the limits
}


@dataclass(frozen=True, slots=True)
class Builds:
    """A folder with two builds, either of which may be the one in place."""

    place: Path
    folders: tuple[Path, Path]

    def switch(self) -> None:
        """Puts the other one in place."""
        held = (self.place / "current").resolve().name
        point(self.place, next(folder for folder in self.folders if folder.name != held))


@pytest.fixture(scope="module")
def builds(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Builds:
    place = tmp_path_factory.mktemp("builds")
    folders = []
    for datasets in (30, 10):
        synthesize(place, built, datasets)
        folders.append((place / "current").resolve())
    return Builds(place, (folders[0], folders[1]))


@pytest.fixture(scope="module")
def judge(builds: Builds) -> Judge:
    return Judge([folder / "emkg.nq" for folder in builds.folders])


def greedy(client: Client, seen: list[int]) -> None:
    """As fast as it can, the same small question."""
    if done := client.send("greedy", "GET", "/sparql?query=ASK%7B%7D", {"Accept": "*/*"}):
        seen.append(done[0].status)
        client.book.note("greedy", *done, "" if done[0].status == 200 else "not answered")


def rude(server: Server, chance: random.Random) -> None:
    """A connection that no honest client makes; what it is told does not matter, if others do not suffer."""
    with (
        contextlib.suppress(OSError),
        socket.create_connection(server.place, 5, source_address=("127.0.3.1", 0)) as wire,
    ):
        match chance.randrange(5):
            case 0:
                wire.sendall(FORM + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + INNER)
                wire.settimeout(3)
                assert 404 not in statuses(wire.recv(100_000))
            case 1:
                wire.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
                time.sleep(chance.random() * 3)
            case 2:
                wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                wire.sendall(f"GET {PRODUCT}300000 HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode())
                time.sleep(chance.random() * 4)
            case 3:
                wire.sendall(
                    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 50\r\n\r\n"
                )
                for letter in b"ASK { }":
                    wire.sendall(bytes([letter]))
                    time.sleep(0.3)
            case 4:
                wire.sendall(os.urandom(chance.randrange(1, 5000)))


def kill_a_worker(server: Server, kills: list[int]) -> None:
    worker = busiest(server)
    with contextlib.suppress(ProcessLookupError):
        os.kill(worker, signal.SIGKILL)
        kills.append(worker)


class Load:
    """All clients, started and stopped together."""

    def __init__(self, server: Server, judge: Judge, builds: Builds, address: str) -> None:
        self.book, self.greedy, self.kills = Book(), list[int](), list[int]()
        self._stop = threading.Event()
        late = SECONDS + QUEUE + LATE + BUSY
        works: list[tuple[Callable[[], None], float]] = []
        for number in range(1, 5):
            works.append(
                (partial(valid, self._client(server, f"127.0.1.{number}"), judge, random.Random(number)), 0.03)
            )
        for number in range(1, 3):
            client = self._client(server, f"127.0.2.{number}")
            works.append((partial(hostile, client, random.Random(number), late, address), 0.1))
            works.append((partial(rude, server, random.Random(number)), 0.05))
        works.append((partial(wrong, self._client(server, "127.0.1.9"), random.Random(9)), 0.05))
        works.append((partial(greedy, self._client(server, "127.0.4.1"), self.greedy), 0))
        works.append((builds.switch, 6))
        works.append((partial(kill_a_worker, server, self.kills), 5))
        self._threads = [keep_on(work, self._stop, pause) for work, pause in works]

    def _client(self, server: Server, source: str) -> Client:
        return Client(server, source, self.book)

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(90)
        assert not any(thread.is_alive() for thread in self._threads)


@contextlib.contextmanager
def loaded(server: Server, judge: Judge, builds: Builds) -> Iterator[Load]:
    """The whole load, and a listener that nobody may call."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        load = Load(server, judge, builds, f"http://127.0.0.1:{listener.getsockname()[1]}/")
        try:
            yield load
        finally:
            load.stop()
        with pytest.raises(BlockingIOError):
            listener.accept()


def at_rest(server: Server, judge: Judge) -> float:
    """The memory of the whole process tree, in MB, once nothing runs, the last build but one is gone, and so are spare workers.

    Both workers that stand ready have answered: one that has just taken a killed one's place shares all its pages with its parent still.
    """
    until = time.monotonic() + 60
    time.sleep(max(IDLE, SECONDS) + 1.5)
    stop = threading.Event()
    clients = [Client(server, f"127.0.5.{number}", Book()) for number in range(1, 5)]
    threads = [keep_on(partial(valid, client, judge, random.Random(1)), stop, 0) for client in clients]
    time.sleep(2)
    stop.set()
    for thread in threads:
        thread.join(30)
    time.sleep(IDLE + 1.5)
    while len(server.processes()) > AT_REST and time.monotonic() < until:
        time.sleep(0.5)
    return min(server.memory() for _ in range(3))


def told(book: Book) -> str:
    """The faults, each kind once with how often it was, and how all requests were answered."""
    kinds = Counter(fault[:120] for fault in book.faults)
    examples = {fault[:120]: fault for fault in book.faults}
    lines = [f"{number} x {examples[kind][:1500]}" for kind, number in kinds.most_common(10)]
    return "\n".join([f"{len(book.faults)} faults; {dict(book.counts)}", *lines])


def judged(load: Load, waits: list[float]) -> None:
    """What must hold of every load."""
    book = load.book
    assert not book.faults, told(book)
    asked, refused = book.total("query"), book.total("query", 429, 503)
    assert asked > 50 and refused < asked * 0.2, dict(book.counts)
    # A worker that is killed takes its own query along, an answer that is under way included.
    assert book.total("query", -200) + book.total("document", -200) <= len(load.kills), dict(book.counts)
    assert {200, 429} <= set(load.greedy), "the rate limit never held"
    assert book.total("killer") and book.total("call") and book.total("wrong") and book.total("document")
    assert waits and sorted(waits)[len(waits) // 2] < SOON * 4, waits
    assert waits.count(-1.0) <= len(load.kills) + len(waits) * 0.1, waits


def run(server: Server, judge: Judge, builds: Builds, warm: float, length: float, rounds: int) -> None:
    """The load in rounds; between them the server rests and its memory is compared with that after the first."""
    rests = []
    for number in range(rounds + 1):
        with probing(server) as waits, loaded(server, judge, builds) as load:
            time.sleep(length / rounds if number else warm)
        judged(load, waits)
        rests.append(at_rest(server, judge))
        slow = sorted(waits)
        LOG.info(
            "round %d: %.0f MB at rest in %d processes; ASK meanwhile: median %.0f ms, 95 %% within %.0f ms, most %.0f ms; "
            "%d workers killed; %s",
            number,
            rests[-1],
            len(server.processes()),
            slow[len(slow) // 2] * 1000,
            slow[len(slow) * 95 // 100] * 1000,
            slow[-1] * 1000,
            len(load.kills),
            dict(load.book.counts),
        )
    assert max(rests[1:]) < rests[0] * 1.1 + 5, f"memory at rest, MB: {rests}"
    assert "Traceback" not in server.said(), server.said()[-3000:]


def test_half_a_minute_of_everything(builds: Builds, judge: Judge) -> None:
    with serving(builds.place, **SETTINGS) as server:
        run(server, judge, builds, 10, 15, 1)


@pytest.mark.slow
def test_half_an_hour_of_everything(builds: Builds, judge: Judge) -> None:
    with serving(builds.place, **SETTINGS) as server:
        run(server, judge, builds, min(120, LONG / 5), LONG, max(1, round(LONG / 300)))


def test_a_new_build_takes_over_without_a_failed_request(builds: Builds, judge: Judge) -> None:
    """Clients ask all the time while builds change: every answer is that of one of the builds, and the last one is served soon."""
    with serving(builds.place) as server:
        book, stop = Book(), threading.Event()
        threads = []
        for number in range(1, 5):
            client = Client(server, f"127.0.1.{number}", book)
            threads.append(keep_on(partial(valid, client, judge, random.Random(number)), stop, 0.01))
        sizes = []
        for _ in range(4):
            builds.switch()
            time.sleep(2.5)
            sizes.append(
                server.query(f"SELECT (COUNT(*) AS ?n) {{ ?s a emkg:Dataset FILTER({time.time_ns()} > 0) }}").body
            )
        stop.set()
        for thread in threads:
            thread.join()
    assert not book.faults, told(book)
    assert {status for _, status in book.counts} == {200}, dict(book.counts)
    assert sizes[0] != sizes[1] and sizes[:2] == sizes[2:], sizes
