"""Starts a zygote and speaks with it: orders out, reports in. Everything here returns at once, but for ``start`` and ``close``."""

from __future__ import annotations

import asyncio
import json
import math
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import emkg
from emkg.config import Limits
from emkg.errors import ConfigError, NoBuild
from emkg.graph import Graph
from emkg.web.zygote import be_zygote, limits_as_json

_END = 5.0  # seconds for a zygote to end by itself


def may_fork() -> bool:
    """Whether this process has one thread, so that a fork of it is sound."""
    tasks = Path("/proc/self/task")
    return threading.active_count() == 1 and (not tasks.is_dir() or len(list(tasks.iterdir())) == 1)


class _Forked:
    """A zygote that is a fork of this process; what is used of subprocess.Popen."""

    def __init__(self, mine: socket.socket, theirs: socket.socket, graph: Graph, limits: Limits) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            mine.close()
            be_zygote(theirs, graph, limits)
        theirs.close()

    def wait(self, timeout: float | None = None) -> None:
        """Waits for its end; raises TimeoutExpired."""
        ends = time.monotonic() + (timeout or math.inf)
        while self.pid and os.waitpid(self.pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > ends:
                raise subprocess.TimeoutExpired("zygote", timeout or 0)
            time.sleep(0.01)
        self.pid = 0

    def kill(self) -> None:
        """Ends it at once."""
        os.kill(self.pid, signal.SIGKILL)


class Launcher:
    """A zygote as its server sees it. ``statements`` and ``wall`` are what it reported once it had loaded the dump."""

    def __init__(self, dump: Path, limits: Limits, graph: Graph | None = None) -> None:
        """Starts the process. It loads the dump while the server does other things; or it is forked and shares the ``graph`` that was
        loaded already, which only a process of one thread may do.
        """
        self._dump, self._limits = dump, limits
        self._control, theirs = socket.socketpair()
        self._held = b""
        self.statements = 0
        self.wall: tuple[str, ...] = ()
        self._process = self._spawned(theirs) if graph is None else _Forked(self._control, theirs, graph, limits)

    def _spawned(self, theirs: socket.socket) -> subprocess.Popen[bytes]:
        place = str(Path(emkg.__file__).resolve().parent.parent)  # ours, wherever this process found it
        path = os.pathsep.join(filter(None, (place, os.environ.get("PYTHONPATH"))))
        with theirs:
            told = [str(theirs.fileno()), str(self._dump), limits_as_json(self._limits)]
            return subprocess.Popen(
                [sys.executable, "-m", "emkg.web.zygote", *told],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path},
            )

    def start(self) -> None:
        """Waits until the dump is loaded; raises NoBuild where it cannot be, ConfigError where a wall is asked for and none stands."""
        report = self._first_report()
        if "ready" not in report:
            self.close()
            raise NoBuild(
                f"the query workers did not start: {report.get('failed', 'their parent ended')}",
                str(self._dump),
                "make the build again: emkg build",
            )
        self.statements, self.wall = report["ready"], tuple(report["wall"])
        if self._limits.wall and not self.wall:
            self.close()
            raise ConfigError(
                "this kernel gives no wall around query workers",
                "EMKG_WALL",
                "allow user namespaces or seccomp, or unset it",
            )
        self._control.setblocking(False)

    def _first_report(self) -> dict[str, Any]:
        while b"\n" not in self._held:
            data = self._control.recv(1 << 16)
            if not data:
                return {}
            self._held += data
        line, self._held = self._held.split(b"\n", 1)
        report: dict[str, Any] = json.loads(line)
        return report

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def fileno(self) -> int:
        """The descriptor that can be read when there are reports."""
        return self._control.fileno()

    def fork(self, number: int) -> socket.socket:
        """Orders a worker; our end of its wire. Raises OSError where the zygote is gone."""
        mine, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._control, [json.dumps({"fork": number}).encode() + b"\n"], [theirs.fileno()])
            except OSError:
                mine.close()
                raise
        mine.setblocking(False)
        return mine

    def order(self, verb: str, number: int) -> None:
        """Orders something to be done to a worker: ``kill`` or ``nice``."""
        try:
            self._control.send(json.dumps({verb: number}).encode() + b"\n")
        except OSError:  # the zygote is gone, and its workers with it
            return

    def reports(self) -> list[dict[str, Any]] | None:
        """What has been reported since; None where the zygote is gone."""
        try:
            data = self._control.recv(1 << 16)
        except BlockingIOError:
            return []
        except OSError:
            data = b""
        if not data:
            return None
        *lines, self._held = (self._held + data).split(b"\n")
        return [json.loads(line) for line in lines]

    def close(self) -> None:
        """Ends the zygote and its workers, and waits for it."""
        self._control.close()
        try:
            self._process.wait(_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


async def relaunch(dump: Path, limits: Limits) -> Launcher:
    """A new zygote, once it is ready."""

    def start() -> Launcher:
        made = Launcher(dump, limits)
        made.start()
        return made

    return await asyncio.get_running_loop().run_in_executor(None, start)
