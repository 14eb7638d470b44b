"""SERVICE to endpoints that the operator allows, through the whole server: real rows from a real peer, and no call of anybody else.

The judge is pyoxigraph, which calls the peer itself: what it answers to the same query on the same dump must be our answer too.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph
import pytest

from emkg.ids import well_known_graphs
from emkg.vocab import prefixes
from tests.oxigraph_server import needs_server
from tests.oxigraph_server import serving as serving_oxigraph
from tests.running import Server, serving
from tests.web.test_clients import PEER

pytestmark = needs_server

# {} is the peer's address. What the peer knows is in test_clients.py.
ASKED = "?d <http://peer.invalid/asked> ?n"
FEDERATED = {
    "joined": f"SELECT ?title ?n {{{{ ?d a emkg:Dataset ; dcterms:title ?title . SERVICE <{{}}> {{{{ {ASKED} }}}} }}}}",
    "called first": f"SELECT ?title ?n {{{{ SERVICE <{{}}> {{{{ {ASKED} }}}} ?d a emkg:Dataset ; dcterms:title ?title }}}}",
    "alone": f"SELECT * {{{{ SERVICE <{{}}> {{{{ {ASKED} }}}} }}}}",
    "by prefixed name": f"PREFIX p: <{{}}> SELECT ?n {{{{ SERVICE p: {{{{ {ASKED} }}}} }}}}",
    "lower case, no blanks": f"SELECT*{{{{service<{{}}>{{{{{ASKED}}}}}}}}}",
    "in OPTIONAL": f"SELECT ?d ?n {{{{ ?d a emkg:Dataset OPTIONAL {{{{ SERVICE <{{}}> {{{{ {ASKED} }}}} }}}} }}}}",
    "in UNION": f"SELECT ?d {{{{ {{{{ ?d a emkg:Dataset }}}} UNION {{{{ SERVICE <{{}}> {{{{ {ASKED} }}}} }}}} }}}}",
    "in MINUS": f"SELECT ?d {{{{ ?d a emkg:Dataset MINUS {{{{ SERVICE <{{}}> {{{{ {ASKED} }}}} }}}} }}}}",
    "in a sub-query": f"SELECT ?m {{{{ {{{{ SELECT (MAX(?n) AS ?m) {{{{ SERVICE <{{}}> {{{{ {ASKED} }}}} }}}} }}}} }}}}",
    "a sub-query in it": "SELECT ?c {{ SERVICE <{}> {{ SELECT (COUNT(*) AS ?c) {{ ?s ?p ?o }} }} }}",
    "with a filter in it": f"SELECT ?n {{{{ SERVICE <{{}}> {{{{ {ASKED} FILTER(?n > 10) }}}} }}}}",
    "with braces in a string": f"SELECT ?n {{{{ SERVICE <{{}}> {{{{ {ASKED} FILTER(STR(?n) != '}}}}' && STR(?n) != \"{{{{\") }}}} }}}}",
    "with a brace in a comment": f"SELECT ?n {{{{ SERVICE <{{}}> {{{{ # }}}} SERVICE\n {ASKED} }}}} }}}}",
    "with BIND and VALUES in it": f"SELECT ?n ?x {{{{ SERVICE <{{}}> {{{{ VALUES ?n {{{{ 41 5 }}}} {ASKED} BIND(?n * 2 AS ?x) }}}} }}}}",
    "twice": f"SELECT ?n ?m {{{{ SERVICE <{{}}> {{{{ {ASKED} }}}} SERVICE <{{}}> {{{{ ?e <http://peer.invalid/asked> ?m }}}} }}}}",
    "with words of the table of prefixes": "SELECT ?d {{ SERVICE <{}> {{ VALUES ?d {{ emr:x }} }} }}",
    "with nothing in it": "SELECT * {{ SERVICE <{}> {{ }} }}",
    "as ASK": f"ASK {{{{ SERVICE <{{}}> {{{{ {ASKED} }}}} ?d a emkg:Dataset }}}}",
    "silent": f"SELECT ?n {{{{ SERVICE SILENT <{{}}> {{{{ {ASKED} }}}} }}}}",
}


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_oxigraph(tmp_path_factory.mktemp("peer"), PEER) as address:
        yield address


@pytest.fixture(scope="module")
def server(built: Path, peer: str) -> Iterator[Server]:
    with serving(built, EMKG_SERVICE=peer, EMKG_SERVICE_SECONDS="2", EMKG_SERVICE_ROWS="1000") as running:
        yield running
        assert "Traceback" not in running.said(), running.said()[-3000:]


@pytest.fixture(scope="module")
def store(built: Path) -> pyoxigraph.Store:
    made = pyoxigraph.Store()
    made.bulk_load(path=str(built / "current" / "emkg.nq"), format=pyoxigraph.RdfFormat.N_QUADS)
    return made


def rows(found: object) -> object:
    if isinstance(found, pyoxigraph.QueryBoolean):
        return bool(found)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    names = sorted(variable.value for variable in found.variables)
    return Counter(tuple(str(row[name]) for name in names) for row in found)


@pytest.mark.parametrize("text", FEDERATED.values(), ids=FEDERATED)
def test_the_answer_is_the_one_of_an_engine_that_calls_by_itself(
    server: Server, store: pyoxigraph.Store, peer: str, text: str
) -> None:
    query = text.format(peer, peer)
    judge = rows(store.query(query, prefixes=prefixes(), default_graph=well_known_graphs()["current"]))
    for post in (False, True):
        answer = server.query(query, post=post)
        assert answer.status == 200, answer.body.decode()
        assert rows(pyoxigraph.parse_query_results(answer.body, format=pyoxigraph.QueryResultsFormat.JSON)) == judge


class Trap(BaseHTTPRequestHandler):
    """A peer that is allowed and does what it should not: by its path it redirects, dawdles, never ends, or answers nonsense."""

    elsewhere = ""

    def do_POST(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        kind = urlsplit(self.path).path.rpartition("/")[2]
        if kind == "redirect":
            self.send_response(307)
            self.send_header("Location", self.elsewhere)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(500 if kind == "fault" else 200)
        self.send_header("Content-Type", "text/html" if kind == "page" else "application/sparql-results+json")
        self.end_headers()
        head = b'{"head": {"vars": ["x"]}, "results": {"bindings": ['
        row = b'{"x": {"type": "literal", "value": "' + b"a" * 1000 + b'"}}'
        try:
            match kind:
                case "slow":
                    time.sleep(8)
                case "drip":
                    for letter in head * 20:
                        self.wfile.write(bytes([letter]))
                        time.sleep(0.1)
                case "endless" | "many":
                    self.wfile.write(head + row)
                    for _ in range(2000 if kind == "many" else 10**7):
                        self.wfile.write(b"," + row)
                    self.wfile.write(b"]}}")
                case "broken":
                    self.wfile.write(head)
                case _:
                    self.wfile.write(b"<html>")
        except ConnectionError:
            return


@pytest.fixture(scope="module")
def traps() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Trap) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}/trap/"
        made.shutdown()


@pytest.fixture(scope="module")
def trapped(built: Path, traps: str) -> Iterator[Server]:
    with serving(built, EMKG_SERVICE=traps, EMKG_SERVICE_SECONDS="2", EMKG_SERVICE_ROWS="1000") as running:
        yield running
        assert "Traceback" not in running.said(), running.said()[-3000:]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        made.settimeout(0.3)
        yield made


def silent(listener: socket.socket) -> bool:
    """Whether nobody has called."""
    try:
        listener.accept()
    except TimeoutError:
        return True
    return False


@pytest.mark.parametrize("kind", ["fault", "page", "slow", "drip", "endless", "many", "broken", "other"])
def test_a_bad_peer_is_told_of_and_holds_nobody_up(trapped: Server, traps: str, kind: str) -> None:
    text = f"SELECT * {{ SERVICE <{traps}{kind}> {{ ?x ?y ?z }} }}"
    quiet, begun = trapped.memory(), time.perf_counter()
    answer = trapped.query(text)
    assert time.perf_counter() - begun < 2 + 3
    assert answer.status in (502, 504) and json.loads(answer.body)["detail"], answer
    assert trapped.memory() < quiet + 200
    silenced = trapped.query(text.replace("SERVICE", "SERVICE SILENT"))
    assert silenced.status == 200 and silenced.whole, silenced.body
    assert json.loads(silenced.body)["results"]["bindings"] == [{}]


def test_a_redirect_leads_nowhere_that_is_not_allowed(trapped: Server, traps: str, listener: socket.socket) -> None:
    Trap.elsewhere = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    answer = trapped.query(f"SELECT * {{ SERVICE <{traps}redirect> {{ ?x ?y ?z }} }}")
    assert answer.status == 502 and silent(listener)


SPELLINGS = (
    "http://127.0.0.1:{port}/",
    "HTTP://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://{allowed}@127.0.0.1:{port}/",
    "http://{allowed}%2f@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/#{prefix}",
    "http://127.0.0.1:{port}/?{prefix}",
    "http://127.0.0.1:{port}\\\\@{allowed}/",
    "{prefix}/../../@127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "http://2130706433:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "file:///etc/passwd",
    "ftp://127.0.0.1:{port}/",
    "{scheme_less}",
)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_other_address_is_called_in_any_spelling(
    server: Server, peer: str, listener: socket.socket, spelling: str
) -> None:
    parts = urlsplit(peer)
    address = spelling.format(
        port=listener.getsockname()[1], allowed=parts.netloc, prefix=peer, scheme_less=peer.removeprefix("http:")
    )
    calls = [f"SERVICE <{address}>", f"SERVICE SILENT <{address}>", f"BIND(IRI('{address}') AS ?e) SERVICE ?e"]
    for call in [*calls, f"VALUES ?e {{ <{address}> }} SERVICE ?e"]:
        answer = server.query(f"SELECT * {{ {call} {{ ?s ?p ?o }} }}")
        assert answer.status == 400, (call, answer.status, answer.body)
    nested = f"SELECT * {{ SERVICE <{peer}> {{ SERVICE <{address}> {{ ?s ?p ?o }} }} }}"
    assert server.query(nested).status in (200, 400, 502)  # what the peer calls is the peer's affair
    assert spelling.startswith("{prefix}") or silent(listener)


def test_a_prefix_holds_the_whole_host(built: Path) -> None:
    """A prefix without the slash behind the host would allow example.org.evil: the server does not start with one."""
    for prefix in ("http://127.0.0.1", "http://", "ftp://127.0.0.1/", "127.0.0.1/"):
        with pytest.raises(AssertionError, match="EMKG_SERVICE"), serving(built, EMKG_SERVICE=prefix):
            pass
