"""The real server as people start it, ``emkg serve`` in a process of its own: its answers, its processes, its memory."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parent.parent
JSON_RESULTS = "application/sparql-results+json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``whole`` is false where the server broke off, so that no client takes the body for an answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool = True


@dataclass
class Server:
    """A running server."""

    address: str
    process: subprocess.Popen[str]
    log: IO[str]

    @property
    def place(self) -> tuple[str, int]:
        parts = urlsplit(self.address)
        return str(parts.hostname), int(parts.port or 0)

    def connect(self, timeout: float = 30) -> socket.socket:
        """A bare connection."""
        return socket.create_connection(self.place, timeout=timeout)

    def get(self, target: str, *, accept: str = "*/*", timeout: float = 60, **headers: str) -> Answer:
        """The answer to a GET request."""
        return self.send("GET", target, headers={"Accept": accept, **headers}, timeout=timeout)

    def query(self, text: str, *, accept: str = JSON_RESULTS, timeout: float = 60, post: bool = False) -> Answer:
        """The answer to a query."""
        if post:
            kind = {"Content-Type": "application/sparql-query", "Accept": accept}
            return self.send("POST", "/sparql", headers=kind, body=text.encode(), timeout=timeout)
        return self.get("/sparql?" + urlencode({"query": text}), accept=accept, timeout=timeout)

    def send(
        self,
        method: str,
        target: str,
        *,
        headers: Mapping[str, str] = {},
        body: bytes | None = None,
        timeout: float = 60,
    ) -> Answer:
        """The answer to any request; raises OSError where the server gives none."""
        wire = http.client.HTTPConnection(*self.place, timeout=timeout)
        try:
            wire.request(method, target, body, dict(headers))
            answer = wire.getresponse()
            shown = {name.lower(): value for name, value in answer.getheaders()}
            try:
                return Answer(answer.status, shown, answer.read())
            except (http.client.IncompleteRead, ConnectionError) as fault:
                return Answer(answer.status, shown, getattr(fault, "partial", b""), whole=False)
        except http.client.HTTPException as fault:
            raise OSError(f"no answer: {fault!r}") from fault
        finally:
            wire.close()

    def processes(self) -> list[int]:
        """The ids of the server's processes, its first one in front."""
        return list(_tree(self.process.pid))

    def memory(self) -> float:
        """The memory of all its processes together in MB, pages that they share counted once (proportional set size, proc(5))."""
        return sum(map(_pss, self.processes())) / 1000

    def said(self) -> str:
        """What it has written to standard error."""
        self.log.flush()
        return Path(self.log.name).read_text(encoding="utf-8", errors="replace")


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))
    except (FileNotFoundError, ProcessLookupError):
        return  # ended meanwhile


def _pss(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)


@contextmanager
def serving(build: Path, **surroundings: str) -> Iterator[Server]:
    """``emkg serve`` on a build and a free port, with settings by environment variables, until the block ends."""
    command = [sys.executable, "-m", "emkg", "serve", "--no-build", "--port", "0"]
    given = os.environ | {"EMKG_BUILD": str(build.resolve()), "PYTHONUNBUFFERED": "1"} | surroundings
    with tempfile.NamedTemporaryFile("w+", encoding="utf-8", prefix="emkg-server-") as log:
        with subprocess.Popen(command, cwd=ROOT, env=given, stdout=subprocess.PIPE, stderr=log, text=True) as process:
            assert process.stdout
            line = process.stdout.readline()
            server = Server(line.split()[-1] if line.startswith("emkg serves ") else "", process, log)
            try:
                assert server.address.startswith("http://"), line + server.said()
                yield server
            finally:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(40)
                except subprocess.TimeoutExpired:
                    process.kill()
                    raise
