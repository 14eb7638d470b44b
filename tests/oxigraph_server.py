"""A real SPARQL server to ask over HTTP: PyPI's ``oxigraph`` program, on a free port, with a store of its own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAM = shutil.which("oxigraph") or shutil.which("oxigraph", path=str(Path(sys.executable).parent))
needs_server = pytest.mark.skipif(PROGRAM is None, reason="needs the program oxigraph: pip install oxigraph")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(place: Path, nquads: bytes) -> Iterator[str]:
    """The query address of a server that holds the quads (Graph Store Protocol); it ends with the block."""
    if PROGRAM is None:
        pytest.skip("needs the program oxigraph: pip install oxigraph")
    server = f"127.0.0.1:{free_port()}"
    command = [PROGRAM, "serve", "--location", str(place), "--bind", server]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _load(f"http://{server}/store", nquads, process)
        yield f"http://{server}/query"
    finally:
        process.terminate()
        process.wait(10)


def _load(store: str, nquads: bytes, process: subprocess.Popen[bytes]) -> None:
    request = urllib.request.Request(store, nquads, {"Content-Type": "application/n-quads"}, method="POST")
    for _ in range(100):
        try:
            urllib.request.urlopen(request, timeout=30).close()
            return
        except OSError:
            assert process.poll() is None, "the server ended"
            time.sleep(0.1)
    raise AssertionError("the server does not answer")
