"""Every killer query ends at its limit with a truthful signal, costs nobody else anything, and leaves nothing behind.

The machine that runs the tests is shared and may have two cores, so a wait may be longer than the limit by what a busy machine adds: the
figures that an idle machine gives stand in docs/security.md.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.load.hostile import CALLS, KILLERS
from tests.running import ROOT, Answer, Server, serving

SECONDS, MEMORY = 1.0, 256  # the limits of these tests, in seconds and MiB
LATE = 1.0  # seconds after its limit by which a query is gone
BUSY = 2.0  # seconds that other work on the machine may add
SOON = 0.1  # seconds in which ASK answers on a machine that does nothing else
RUNNING = [
    pytest.param(name, marks=[] if killer.named else pytest.mark.slow)
    for name, killer in KILLERS.items()
    if not killer.refused
]


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[Server]:
    with serving(built, EMKG_QUERY_SECONDS=str(SECONDS), EMKG_QUERY_MEMORY=str(MEMORY)) as running:
        yield running


@contextmanager
def probing(server: Server) -> Iterator[list[float]]:
    """How long another client waits for ASK meanwhile, -1 for a refusal; the list is filled at the end of the block."""
    host, port = server.place
    command = [sys.executable, "-m", "tests.load.probe", host, str(port), "127.0.0.9"]
    times: list[float] = []
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield times
        shown, said = process.communicate()
    assert process.returncode == 0, said
    times += json.loads(shown)


@contextmanager
def peak(server: Server) -> Iterator[list[float]]:
    """The most memory that the server has within the block, in MB."""
    most, done = [server.memory()], threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            most[0] = max(most[0], server.memory())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        done.set()
        thread.join()


def truthful(answer: Answer) -> bool:
    """Whether nobody can take it for the whole answer: refused with a reason and a time to come back, or broken off."""
    if answer.status == 200:
        return not answer.whole
    problem = json.loads(answer.body)
    return (
        answer.status in (503, 504)
        and "retry-after" in answer.headers
        and problem["status"] == answer.status
        and bool(problem["detail"])
    )


@pytest.mark.parametrize("name", RUNNING)
def test_the_limit_holds_and_nobody_else_waits(server: Server, name: str) -> None:
    quiet = server.memory()
    with probing(server) as waits, peak(server) as most:
        time.sleep(0.3)
        begun = time.perf_counter()
        answer = server.query(KILLERS[name].text, post=True, accept="*/*")
        took = time.perf_counter() - begun
    assert truthful(answer) or KILLERS[name].harmless, (answer.status, answer.body[:300])
    assert took < SECONDS + LATE + BUSY, f"{took:.1f} s"
    assert waits and min(waits) >= 0, waits
    assert sorted(waits)[len(waits) // 2] < SOON * 3 and max(waits) < SECONDS, waits
    assert most[0] < quiet + 2 * MEMORY, f"{quiet:.0f} MB before, {most[0]:.0f} MB at most"


@pytest.mark.parametrize("name", [name for name, killer in KILLERS.items() if killer.refused])
def test_what_no_limit_would_hold_is_refused_at_once(server: Server, name: str) -> None:
    begun = time.perf_counter()
    answer = server.query(KILLERS[name].text, post=True)
    assert answer.status == KILLERS[name].refused, answer.body[:300]
    assert time.perf_counter() - begun < 1 + BUSY


def test_four_killers_at_once_leave_room_for_others(server: Server) -> None:
    answers: list[Answer] = []
    threads = [
        threading.Thread(target=lambda name=name: answers.append(server.query(KILLERS[name].text, post=True)))
        for name in ("cartesian COUNT", "GROUP_CONCAT of everything", "deep property path", "ORDER BY of a product")
    ]
    with probing(server) as waits:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(answers) == 4 and all(map(truthful, answers)) and min(waits) >= 0
    assert sorted(waits)[len(waits) // 2] < SOON * 5, waits


def test_a_query_without_a_client_is_stopped(server: Server) -> None:
    """Who hangs up takes the query along: the worker is free at once and not at the limit."""
    before = processor(server)
    with server.connect() as wire:
        text = KILLERS["cartesian COUNT"].text.encode()
        head = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        wire.sendall(f"{head}Content-Length: {len(text)}\r\n\r\n".encode() + text)
        time.sleep(0.5)
    time.sleep(0.5)
    used = processor(server)
    time.sleep(1)
    assert used - before > 0.1, "the query never ran"
    assert processor(server) - used < 0.5, "the query runs on"


def processor(server: Server) -> float:
    """Seconds of processor time of all processes, those that ended included."""
    total = 0.0
    for pid in server.processes():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(map(int, fields[11:15])) / 100
    return total


def test_nothing_is_left_of_them(server: Server) -> None:
    """After all of it: as many processes as a fresh server has, no more memory, and nothing in the log that is a bug."""
    for _ in range(50):
        if server.query("ASK {}").status == 200:
            break
        time.sleep(0.1)
    time.sleep(1)
    assert server.memory() < 400
    assert len(server.processes()) <= 12
    assert "Traceback" not in server.said(), server.said()[-3000:]


def test_nobody_is_called(server: Server) -> None:
    """FROM, LOAD, SERVICE, GRAPH: whatever a text says, no socket is opened; a listener on loopback hears nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.5)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        for text in CALLS:
            for post in (False, True):
                answer = server.query(text.format(address), post=post, accept="*/*")
                assert answer.status in (200, 400), (text, answer.status, answer.body[:200])
        with pytest.raises(TimeoutError):
            listener.accept()
