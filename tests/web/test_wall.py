"""The kernel's walls: what a worker cannot do even if no lexer has looked at its query."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from emkg.config import Limits
from emkg.errors import ConfigError
from emkg.formats import RESULT_FORMATS
from emkg.web import launch
from emkg.web.engine import Query
from emkg.web.launch import Launcher
from emkg.web.pool import WorkerEngine
from emkg.web.wall import raise_walls

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux: namespaces and seccomp")
# What a worker does, less the guard: the store is handed the query as it is.
BYPASS = """
import sys
from emkg.graph import Graph
from emkg.web.wall import raise_walls
if sys.argv[2] == "walled":
    print(raise_walls())
try:
    Graph().query("SELECT * { SERVICE <%s> { ?s ?p ?o } }" % sys.argv[1])
except Exception as fault:
    print(type(fault).__name__, fault)
"""
FORBIDDEN = """
import os, socket
from emkg.web.wall import raise_walls
print(raise_walls())
for attempt in (
    lambda: socket.socket(),
    lambda: socket.socket(socket.AF_UNIX),
    lambda: socket.socketpair(),
    lambda: os.execv("/bin/true", ["true"]),
    lambda: os.system("true") and (_ for _ in ()).throw(PermissionError),
):
    try:
        attempt()
    except PermissionError:
        print("refused")
"""


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[int]]]:
    """An address on this machine, and a list that grows with every call of it."""
    calls: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    wire, _ = server.accept()
                except OSError:
                    return
                calls.append(1)
                wire.close()

        threading.Thread(target=answer, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", calls
        server.shutdown(socket.SHUT_RDWR)


def run(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


@linux
def test_no_call_gets_out_even_past_the_lexer(listener: tuple[str, list[int]]) -> None:
    address, calls = listener
    run(BYPASS, address, "open")
    assert calls, "without the wall the call is heard, so that silence means something"
    before = len(calls)
    said = run(BYPASS, address, "walled")
    if said.startswith("[]"):
        pytest.skip("this kernel gives neither a network namespace nor seccomp")
    assert len(calls) == before and "Error" in said


@linux
def test_no_socket_and_no_program() -> None:
    said = run(FORBIDDEN)
    if "system call filter" not in said:
        pytest.skip("this kernel gives no seccomp")
    assert said.count("refused") == 5


@linux
def test_real_workers_stand_behind_the_wall(built: Path) -> None:
    async def main() -> None:
        workers = WorkerEngine(built / "current" / "emkg.nq", Limits()).start()
        try:
            await workers.answer(Query("ASK {}"), RESULT_FORMATS[0])
            await asyncio.sleep(0.1)
            assert workers.wall and workers.pids()
            for pid in workers.pids():
                if "network namespace" in workers.wall:
                    assert os.readlink(f"/proc/{pid}/ns/net") != os.readlink("/proc/self/ns/net")
                    assert (
                        Path(f"/proc/{pid}/net/dev").read_text(encoding="ascii").count(":") <= 1
                    )  # lo, and it is down
                if "system call filter" in workers.wall:
                    assert "Seccomp:\t2" in Path(f"/proc/{pid}/status").read_text(encoding="ascii")
                assert Path(f"/proc/{pid}/oom_score_adj").read_text(encoding="ascii").strip() == "800"
        finally:
            workers.close()
            await asyncio.sleep(0)

    asyncio.run(main())


def test_a_wall_can_be_asked_for(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where EMKG_WALL=1 and the kernel gives none, nothing is served. No kernel at hand gives none: the report is edited."""
    real = Launcher._first_report
    monkeypatch.setattr(launch.Launcher, "_first_report", lambda self: {**real(self), "wall": []})
    with pytest.raises(ConfigError, match="EMKG_WALL"):
        WorkerEngine(built / "current" / "emkg.nq", Limits(wall=True)).start()


@pytest.mark.skipif(sys.platform == "linux", reason="elsewhere than on Linux there is no wall")
def test_elsewhere_there_is_none() -> None:
    assert raise_walls() == []
