"""The servers that are measured: this one, the ``oxigraph`` program and rdflib-endpoint, all on the same statements."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote

from emkg.graph import Graph
from emkg.ids import well_known_graphs
from emkg.rdf import RdfFormat, triples_of, write

ROOT = Path(__file__).resolve().parent.parent
PLACES = os.pathsep.join((str(ROOT / ".venv" / "peers" / "bin"), str(Path(sys.executable).parent)))
ASK = "ASK { }"


@dataclass(frozen=True, slots=True)
class Peer:
    """A running server: where it listens, under which path it takes queries, and its first process."""

    name: str
    address: str
    endpoint: str
    process: subprocess.Popen[bytes]

    def path(self, query: str) -> str:
        """The target of a GET request that asks the query; the place of the number stays as it is."""
        return f"{self.endpoint}?query={quote(query, safe='@')}"

    def processor(self) -> float:
        """Seconds of processor time that the server has used so far, those of its living and finished children included."""
        return sum(_seconds(pid) for pid in _tree(self.process.pid))

    def settle(self, longest: float = 90) -> None:
        """Waits until the server has put down what clients that are gone have asked of it."""
        until, before = time.monotonic() + longest, self.processor()
        while time.monotonic() < until:
            time.sleep(0.3)
            now = self.processor()
            if now - before < 0.04:
                return
            before = now


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _tree(int(child))
    except FileNotFoundError:
        return  # ended meanwhile


def _seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")  # utime stime cutime cstime: proc(5)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def peers(folder: Path) -> Iterator[dict[str, Peer]]:
    """The servers by name, ours first, holding the build in ``folder/store``; one that is not installed is named and left out."""
    triples = folder / "current.nt"
    graph = Graph.load(folder / "store" / "current" / "emkg.nq")
    triples.write_bytes(write(triples_of(graph.quads(well_known_graphs()["current"])), RdfFormat.N_TRIPLES))
    del graph
    with ExitStack() as stack:
        command = [sys.executable, "-m", "emkg", "serve", "--no-build", "--port", "{port}"]
        surroundings = {"EMKG_BUILD": str(folder / "store")}
        found = {"emkg": stack.enter_context(serving("emkg", command, "/sparql", surroundings))}
        if program := shutil.which("oxigraph", path=PLACES) or shutil.which("oxigraph"):
            place = str(folder / "oxigraph")
            subprocess.run(
                [program, "load", "--location", place, "--file", str(triples)], check=True, capture_output=True
            )
            subprocess.run([program, "optimize", "--location", place], check=True, capture_output=True)
            command = [program, "serve-read-only", "--location", place, "--bind", "127.0.0.1:{port}"]
            found["oxigraph"] = stack.enter_context(serving("oxigraph", command, "/query"))
        else:
            print("left out: oxigraph is not installed (pip install oxigraph)")
        if program := shutil.which("rdflib-endpoint", path=PLACES) or shutil.which("rdflib-endpoint"):
            command = [program, "serve", "--host", "127.0.0.1", "--port", "{port}", str(triples)]
            found["rdflib-endpoint"] = stack.enter_context(serving("rdflib-endpoint", command, "/"))
        else:
            print("left out: rdflib-endpoint is not installed (make bench installs it into .venv/peers)")
        yield found


@contextmanager
def serving(
    name: str, command: list[str], endpoint: str, surroundings: Mapping[str, str] | None = None
) -> Iterator[Peer]:
    """A server that answers queries, until the block ends; ``{port}`` in the command is a free one."""
    port = free_port()
    filled = [part.replace("{port}", str(port)) for part in command]
    said = tempfile.TemporaryFile()
    process = subprocess.Popen(filled, cwd=ROOT, env=os.environ | (surroundings or {}), stdout=said, stderr=said)
    peer = Peer(name, f"http://127.0.0.1:{port}", endpoint, process)
    try:
        _answers(peer, 240, said)
        yield peer
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()  # rdflib-endpoint ends after the query that it is at
            process.wait()


def _answers(peer: Peer, wait: float, said: IO[bytes]) -> None:
    until = time.monotonic() + wait
    while True:
        try:
            accept = {"Accept": "application/sparql-results+json"}
            urllib.request.urlopen(
                urllib.request.Request(peer.address + peer.path(ASK), headers=accept), timeout=wait
            ).close()
            return
        except OSError as fault:
            if peer.process.poll() is not None or time.monotonic() > until:
                said.seek(0)
                sys.exit(f"{peer.name} does not answer: {fault}\n{said.read().decode(errors='replace')}")
            time.sleep(0.1)
