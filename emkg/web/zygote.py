"""The process that loads the graph once and forks query workers from it: single-threaded, so that forking is safe, and behind the wall.

It takes orders as JSON lines on a socket: ``{"fork": id}`` with the worker's wire as a file descriptor, ``{"kill": id}`` and
``{"nice": id}``. It reports ``{"ready": statements, "wall": [...]}``, ``{"id": id, "pid": pid}`` and ``{"id": id, "status": code}``.
It ends, with all its workers, when the socket is closed.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import selectors
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, NoReturn

from emkg.config import Limits
from emkg.errors import EmkgError
from emkg.graph import Graph
from emkg.web import worker
from emkg.web.wall import raise_walls

_LOG = logging.getLogger(__name__)
_DESCRIPTORS = 4096  # a server that has just begun has no more open
_LATE = (5, 19)  # niceness of a query that runs for long, and for very long: quick ones come first


class Zygote:
    """The loaded graph, and the workers that run."""

    def __init__(self, control: socket.socket, graph: Graph, limits: Limits) -> None:
        self._control, self._graph, self._limits = control, graph, limits
        self._workers: dict[int, int] = {}  # pid → id
        self._held = b""

    def run(self) -> None:
        """Takes orders until the server is gone."""
        wake, waker = os.pipe()
        for end in (wake, waker):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # so that its number is written to the pipe
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(wake, selectors.EVENT_READ)
            while True:
                ready = {key.fd for key, _ in selector.select()}
                if wake in ready:
                    os.read(wake, 4096)
                    self._reap()
                if self._control.fileno() in ready and not self._take_orders((wake, waker)):
                    break
        for pid in self._workers:
            os.kill(pid, signal.SIGKILL)

    def tell(self, **report: Any) -> None:
        """Reports to the server."""
        self._control.sendall(json.dumps(report).encode() + b"\n")

    def _take_orders(self, ends: tuple[int, int]) -> bool:
        """Carries out what has come; False where the server is gone."""
        data, wires, _, _ = socket.recv_fds(self._control, 1 << 16, 64)
        if not data:
            return False
        *lines, self._held = (self._held + data).split(b"\n")
        for line in lines:
            for verb, number in json.loads(line).items():
                if verb == "fork":
                    self._fork(number, wires.pop(0), ends)
                    continue
                for pid in [pid for pid, one in self._workers.items() if one == number]:
                    if verb == "kill":  # not reaped yet, so the number is no other process's
                        os.kill(pid, signal.SIGKILL)
                    else:
                        low = os.getpriority(os.PRIO_PROCESS, pid) >= _LATE[0]
                        os.setpriority(os.PRIO_PROCESS, pid, _LATE[low])
        return True

    def _fork(self, number: int, wire: int, ends: tuple[int, int]) -> None:
        pid = os.fork()
        if pid == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for end in ends:
                os.close(end)
            self._control.close()
            _and_no_further(lambda: worker.run(socket.socket(fileno=wire), self._graph, self._limits))
        os.close(wire)
        self._workers[pid] = number
        self.tell(id=number, pid=pid)

    def _reap(self) -> None:
        while self._workers:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            self.tell(id=self._workers.pop(pid), status=os.waitstatus_to_exitcode(status))


def main(arguments: list[str]) -> None:
    """Loads the dump and runs: number of the control socket's descriptor, the dump's path, the limits as JSON."""
    control = socket.socket(fileno=int(arguments[0]))
    try:
        graph = Graph.load(Path(arguments[1]))
    except EmkgError as fault:
        control.sendall(json.dumps({"failed": str(fault)}).encode() + b"\n")
        return
    _run(control, graph, limits_of(arguments[2]))


def be_zygote(control: socket.socket, graph: Graph, limits: Limits) -> NoReturn:
    """Runs in a process that was forked from its server, and ends it; whatever else the server had open is closed here."""
    kept = control.detach()
    for low, high in ((3, kept), (kept + 1, os.sysconf("SC_OPEN_MAX"))):
        os.closerange(low, min(high, _DESCRIPTORS))
    _and_no_further(lambda: _run(socket.socket(fileno=kept), graph, limits))


def _and_no_further(work: Callable[[], None]) -> NoReturn:
    """Does the work of a forked process and ends it, whatever happens: it must never return into its parent's code."""
    status = 1
    try:
        work()
        status = 0
    except (OSError, RuntimeError, ValueError, MemoryError) as fault:
        _LOG.error("a process of the query engine could not go on", exc_info=fault)
    finally:
        os._exit(status)


def _run(control: socket.socket, graph: Graph, limits: Limits) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the server decides when this ends
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.collect()
    gc.freeze()  # what is here stays as it is, and its pages stay shared
    zygote = Zygote(control, graph, limits)
    try:
        zygote.tell(ready=len(graph), wall=raise_walls())
        zygote.run()
    except (BrokenPipeError, ConnectionResetError):  # the server is gone
        return


def limits_as_json(limits: Limits) -> str:
    """What a worker must know of the limits."""
    return json.dumps({name: getattr(limits, name) for name in _TOLD})


def limits_of(text: str) -> Limits:
    """The limits out of JSON.

    >>> limits_of(limits_as_json(Limits(seconds=2.5))).seconds
    2.5
    """
    return Limits(**json.loads(text))


_TOLD = [one.name for one in fields(Limits) if one.name in ("seconds", "memory", "answer", "depth")]

if __name__ == "__main__":
    main(sys.argv[1:])
