"""A real server in a process of its own, asked over a socket by clients that people use."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
import rdflib
from SPARQLWrapper import JSON, POST, SPARQLWrapper

from emkg.errors import ConfigError
from emkg.web.serve import listen, log_to
from tests.running import serving

CODE = """
import sys
from pathlib import Path
from emkg.web.serve import run
run(Path(sys.argv[1]), "127.0.0.1", 0, announce=lambda line: print(line, flush=True))
"""


@pytest.fixture(scope="module")
def server(built: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address that the server announces, and its process."""
    root = Path(__file__).resolve().parent.parent.parent
    command = [sys.executable, "-c", CODE, str(built.resolve())]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("emkg serves http://127.0.0.1:"), line + (
            process.stderr.read() if process.stderr else ""
        )
        yield line.split()[2], process
        process.send_signal(signal.SIGINT)
        process.wait(20)


def get(address: str, accept: str = "*/*") -> tuple[str, str]:
    with urlopen(Request(address, headers={"Accept": accept}), timeout=20) as answer:
        return answer.headers["Content-Type"], answer.read().decode()


def test_curl_follows_a_thing_to_its_turtle(server: tuple[str, subprocess.Popen[str]]) -> None:
    kind, text = get(server[0] + "/id/dataset/h01", "text/turtle")
    assert kind == "text/turtle; charset=utf-8" and "H01" in text


def test_rdflib_reads_the_address_of_a_thing(server: tuple[str, subprocess.Popen[str]]) -> None:
    graph = rdflib.Graph().parse(server[0] + "/id/dataset/h01")
    assert (None, rdflib.DCTERMS.title, rdflib.Literal("H01")) in graph


def test_sparqlwrapper_asks(server: tuple[str, subprocess.Popen[str]]) -> None:
    for method in ("GET", POST):
        asked = SPARQLWrapper(server[0] + "/sparql")
        asked.setMethod(method)
        asked.setReturnFormat(JSON)
        asked.setQuery("SELECT ?d WHERE { ?d a emkg:Dataset } ORDER BY ?d LIMIT 3")
        rows = asked.query().convert()["results"]["bindings"]
        assert len(rows) == 3


def test_head_has_no_body_on_the_wire(server: tuple[str, subprocess.Popen[str]]) -> None:
    host, port = server[0].removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        wire.sendall(b"HEAD /doc/dataset/h01.ttl HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: wire.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"200 OK" in head and b"content-length" in head.lower() and body == b""


def test_a_slow_query_delays_nobody(server: tuple[str, subprocess.Popen[str]]) -> None:
    slow = "/sparql?query=SELECT+(COUNT(*)+AS+?n)+{+?a+a+?b+.+?c+a+?d+FILTER(STRLEN(STR(?a))+<+STRLEN(STR(?c)))+}"
    host, port = server[0].removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as wire:
        wire.sendall(f"GET {slow.replace('<', '%3C')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        time.sleep(0.1)
        begun = time.perf_counter()
        get(server[0] + "/healthz")
        waited = time.perf_counter() - begun
        assert b"200 OK" in wire.recv(200)
    whole = time.perf_counter() - begun
    assert waited < max(whole / 2, 0.5)


def test_a_taken_port_is_told() -> None:
    with listen("127.0.0.1", 0) as taken:
        taken.listen()
        with pytest.raises(ConfigError, match="--port"):
            listen("127.0.0.1", taken.getsockname()[1])
    with pytest.raises(ConfigError):
        listen("no.such.host.invalid", 0)


def test_it_ends_when_told(built: Path) -> None:
    root = Path(__file__).resolve().parent.parent.parent
    command = [sys.executable, "-c", CODE, str(built.resolve())]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stdout.readline().startswith("emkg serves ")
        os.kill(process.pid, signal.SIGTERM)
        rest, said = process.communicate(timeout=20)
    assert rest == "" and "Traceback" not in said, said


def test_what_strangers_send_amiss_fills_no_log(built: Path) -> None:
    """And they are answered: a request to upgrade as HTTP/1.1 (RFC 9110 §7.8), what is no request by 400."""
    upgrade = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n"
    with serving(built) as running:
        for sent, status in ((upgrade, b"200"), (b"\x16\x03\x01 no request\r\n\r\n", b"400")):
            with running.connect() as wire:
                wire.sendall(sent)
                assert wire.recv(1000).split()[1] == status
        assert running.said() == ""


def test_the_access_log_is_a_file_of_json_lines(built: Path, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    with serving(built, EMKG_ACCESS_LOG=str(log)) as running:
        running.get("/healthz?secret=1")
        ends = time.monotonic() + 10
        while not log.read_text() and time.monotonic() < ends:  # a line is written once its answer has gone out
            time.sleep(0.01)
        log.rename(tmp_path / "access.log.1")  # as logrotate does
        running.get("/robots.txt")
    old, new = (json.loads(path.read_text()) for path in (tmp_path / "access.log.1", log))
    assert (old["path"], new["path"], new["status"], new["client"]) == ("/healthz", "/robots.txt", 200, "127.0.0.0/24")


def test_an_access_log_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="EMKG_ACCESS_LOG"):
        log_to(str(tmp_path / "none" / "access.log"))


def test_the_options_of_the_command_are_limits(built: Path) -> None:
    """A limit by option wins over the environment, and a useless one is told before anything is loaded."""
    command = [sys.executable, "-m", "emkg", "serve", "--no-build", "--port", "0", "--build", str(built)]
    done = subprocess.run(
        [*command, "--service", "https://example.org"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2 and "EMKG_SERVICE" in done.stderr
    given = {**os.environ, "EMKG_QUERY_SECONDS": "9"}
    with subprocess.Popen([*command, "--seconds", "1"], stdout=subprocess.PIPE, text=True, env=given) as process:
        assert process.stdout
        address = process.stdout.readline().split()[-1]
        told = get(address + "/sparql", "application/n-triples")[1]
        assert (
            '#limit-seconds> <http://schema.org/maxValue> "1.0"' in told
            or "#limit-seconds> <https://schema.org/maxValue> " in told
        )
        assert '"9.0"' not in told
        process.send_signal(signal.SIGTERM)
        process.wait(20)
