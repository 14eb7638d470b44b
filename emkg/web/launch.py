"""Starts a zygote and speaks with it: orders out, reports in. Everything here returns at once, but for ``start`` and ``close``."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import emkg
from emkg.config import Limits
from emkg.errors import ConfigError, NoBuild
from emkg.web.zygote import limits_as_json

_END = 5.0  # seconds for a zygote to end by itself


class Launcher:
    """A zygote as its server sees it. ``statements`` and ``wall`` are what it reported once it had loaded the dump."""

    def __init__(self, dump: Path, limits: Limits) -> None:
        """Starts the process; it loads the dump while the server does other things."""
        self._dump, self._limits = dump, limits
        self._control, theirs = socket.socketpair()
        place = str(Path(emkg.__file__).resolve().parent.parent)  # ours, wherever this process found it
        path = os.pathsep.join(filter(None, (place, os.environ.get("PYTHONPATH"))))
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "emkg.web.zygote", str(theirs.fileno()), str(dump), limits_as_json(limits)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path},
            )
        self._held = b""
        self.statements = 0
        self.wall: tuple[str, ...] = ()

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
