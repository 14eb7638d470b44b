"""The parent of the workers, spoken to as its server does: orders, reports, and its end; spawned, and forked from a loaded process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from emkg.config import Limits
from emkg.errors import NoBuild
from emkg.web.engine import Query, Wish
from emkg.web.frames import Kind, received
from emkg.web.launch import Launcher, may_fork
from emkg.web.worker import request_frame
from emkg.web.zygote import limits_as_json, limits_of


def reports(launcher: Launcher, number: int) -> list[dict[str, int]]:
    found: list[dict[str, int]] = []
    ends = time.monotonic() + 10
    while len(found) < number:
        assert time.monotonic() < ends, found
        found += launcher.reports() or []
        time.sleep(0.01)
    return found


def test_a_worker_is_ordered_asked_and_ended(built: Path) -> None:
    launcher = Launcher(built / "current" / "emkg.nq", Limits())
    launcher.start()
    assert launcher.statements > 30_000
    with launcher.fork(7) as wire:
        wire.setblocking(True)
        (born,) = reports(launcher, 1)
        assert born["id"] == 7 and Path(f"/proc/{born['pid']}").exists()
        wire.sendall(request_frame(Query("ASK {}"), Wish()))
        frames = received(wire)
        assert [next(frames)[0] for _ in range(3)] == [Kind.HEAD, Kind.DATA, Kind.END]
        launcher.order("kill", 8)  # there is none
        launcher.order("kill", 7)
        assert reports(launcher, 1) == [{"id": 7, "status": -9}]
        assert next(frames, None) is None
    launcher.close()
    assert launcher.reports() is None


def test_a_worker_ends_when_its_wire_does(built: Path) -> None:
    launcher = Launcher(built / "current" / "emkg.nq", Limits())
    launcher.start()
    launcher.fork(1).close()
    assert {"id": 1, "status": 0} in reports(launcher, 2)
    launcher.close()


def test_no_dump_no_zygote(tmp_path: Path) -> None:
    with pytest.raises(NoBuild, match="did not start"):
        Launcher(tmp_path / "none.nq", Limits()).start()


def test_limits_cross_over() -> None:
    assert limits_of(limits_as_json(Limits(seconds=1.5, depth=7, memory=3, answer=2))) == Limits(
        seconds=1.5, depth=7, memory=3, answer=2
    )


FORK = """
import json, os, socket, sys
from pathlib import Path
from emkg.config import Limits
from emkg.graph import Graph
from emkg.web.engine import Query, Wish
from emkg.web.frames import received
from emkg.web.launch import Launcher, may_fork
from emkg.web.worker import request_frame
graph = Graph.load(Path(sys.argv[1]))
assert may_fork()
listener = socket.create_server(("127.0.0.1", 0))
launcher = Launcher(Path(sys.argv[1]), Limits(), graph)
launcher.start()
wire = launcher.fork(1)
wire.setblocking(True)
wire.sendall(request_frame(Query("ASK { ?s a emkg:Dataset }"), Wish()))
frames = received(wire)
answer = [next(frames) for _ in range(3)][1][1].decode()
held = [os.readlink(f"/proc/{launcher.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{launcher.pid}/fd")]
ours = os.readlink(f"/proc/self/fd/{listener.fileno()}")
print(json.dumps({"answer": answer, "wall": launcher.wall, "listens": ours in held, "pid": launcher.pid}))
launcher.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_forked_one_shares_the_graph_and_holds_nothing_else(built: Path) -> None:
    command = [sys.executable, "-c", FORK, str(built / "current" / "emkg.nq")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["answer"] == '{"head":{},"boolean":true}' and told["listens"] is False
    assert not Path(f"/proc/{told['pid']}").exists()


def test_a_process_with_threads_does_not_fork(built: Path) -> None:
    import threading

    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert not may_fork() and os.getpid() > 1
    finally:
        stop.set()
        thread.join()
