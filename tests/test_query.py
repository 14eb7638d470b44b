"""Remote queries against a real server: PyPI's ``oxigraph`` program."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from emkg.errors import BadQuery, EndpointError, QueryTimeout
from emkg.graph import Graph, Table
from emkg.ids import graph_iri, mint
from emkg.query import Endpoint, declared, run_local, run_remote
from emkg.rdf import Literal, Quad
from emkg.vocab import DCTERMS, EM, RDF
from tests.oxigraph_server import free_port, needs_server, serving

H01 = mint("dataset", "h01")


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = f'{H01} {RDF.type} {EM.Dataset} .\n{H01} {DCTERMS.title} "H01" .\n'.encode()
    with serving(tmp_path_factory.mktemp("oxigraph"), data) as address:
        yield address


def test_local_and_remote_give_the_same_kinds() -> None:
    graph = Graph()
    graph.add([Quad(H01, RDF.type, EM.Dataset, graph_iri("current"))])
    assert run_local(graph, "ASK { ?d a emkg:Dataset }") is True
    table = run_local(graph, "SELECT ?d { ?d a emkg:Dataset }")
    assert isinstance(table, Table) and table.rows == ((H01,),)
    triples = run_local(graph, "DESCRIBE ?d { ?d a emkg:Dataset }")
    assert isinstance(triples, list) and len(triples) == 1


@needs_server
def test_select_gives_terms(endpoint: str) -> None:
    answer = run_remote(
        endpoint, "SELECT ?d ?t ?none { ?d a emkg:Dataset ; dcterms:title ?t OPTIONAL { ?d emkg:voxelX ?none } }"
    )
    assert isinstance(answer, Table)
    assert answer.columns == ("d", "t", "none")
    assert answer.rows == ((H01, Literal("H01"), None),)


@needs_server
@pytest.mark.parametrize(
    ("query", "expected"), [("ASK { ?d a emkg:Dataset }", True), ("ASK { ?d a emkg:Figure }", False)]
)
def test_ask_gives_a_truth_value(endpoint: str, query: str, expected: bool) -> None:
    assert run_remote(endpoint, query) is expected


@needs_server
@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT WHERE { ?d dcterms:title ?t }",
        "PREFIX emkg: <https://w3id.org/emkg/ontology#> DESCRIBE ?d { ?d a emkg:Dataset }",
    ],
)
def test_construct_and_describe_give_triples(endpoint: str, query: str) -> None:
    triples = run_remote(endpoint, query)
    assert isinstance(triples, list)
    assert (H01, DCTERMS.title, Literal("H01")) in {
        (triple.subject, triple.predicate, triple.object) for triple in triples
    }


@needs_server
def test_a_long_query_is_posted(endpoint: str) -> None:
    names = " ".join(f'"{number}"' for number in range(2000))
    answer = run_remote(endpoint, f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {names} }} }}")
    assert isinstance(answer, Table) and answer.values() == [("2000",)]


@needs_server
def test_a_bad_query_gives_the_endpoints_own_words_and_its_place(endpoint: str) -> None:
    with pytest.raises(BadQuery) as caught:
        run_remote(endpoint, "SELECT * {\n ?s ?p }")
    assert caught.value.line == 2
    assert "expected" in caught.value.what and "b'" not in caught.value.what


@needs_server
def test_another_path_is_no_endpoint(endpoint: str) -> None:
    with pytest.raises(EndpointError) as caught:
        run_remote(endpoint.replace("/query", "/nothing"), "ASK {}")
    assert "check the address" in caught.value.repair


@needs_server
def test_a_page_is_no_answer(endpoint: str) -> None:
    with pytest.raises(EndpointError, match="text/html"):
        run_remote(endpoint.replace("/query", "/"), "ASK {}")


@needs_server
def test_an_endpoint_answers_as_a_graph_does(endpoint: str) -> None:
    there = Endpoint(endpoint)
    assert len(there.select("SELECT ?d { ?d a emkg:Dataset }")) == 1
    assert len(there.construct("CONSTRUCT WHERE { ?d dcterms:title ?t }")) == 1
    with pytest.raises(BadQuery):
        there.select("ASK {}")
    with pytest.raises(BadQuery):
        there.construct("ASK {}")


def test_nobody_listens() -> None:
    with pytest.raises(EndpointError, match="cannot be reached"):
        run_remote(f"http://127.0.0.1:{free_port()}/sparql", "ASK {}", 2)


def test_a_host_that_does_not_take_the_call() -> None:
    """A full queue of connections: the kernel answers no further one."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for caller in waiting:
            caller.setblocking(False)
            caller.connect_ex(address)
        with pytest.raises(QueryTimeout, match="no answer within 1 s"):
            run_remote(f"http://127.0.0.1:{address[1]}/sparql", "ASK {}", 1)
        for caller in waiting:
            caller.close()


@pytest.mark.parametrize("address", ["file:///etc/hosts", "ftp://example.org/sparql", "sparql", "http:///sparql"])
def test_only_http_is_dialled(address: str) -> None:
    with pytest.raises(EndpointError, match="not an endpoint's address"):
        run_remote(address, "ASK {}")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 0, "not a query"),
        ("SELEC *", 0, "not a query"),
        ("# SELECT\nINSERT DATA { <s:a> <s:b> 1 }", 2, "INSERT is an update"),
        ("PREFIX x: <s:x>\nDROP ALL", 2, "DROP is an update"),
    ],
)
def test_what_is_no_query_is_not_sent(text: str, line: int, says: str) -> None:
    with pytest.raises(BadQuery, match=says) as caught:
        run_remote(f"http://127.0.0.1:{free_port()}/sparql", text)
    assert caught.value.line == line


@needs_server
def test_comments_do_not_mislead(endpoint: str) -> None:
    answer = run_remote(endpoint, "# ASK whether <http://x#y> SELECTs\nSELECT ?d # CONSTRUCT\n{ ?d a emkg:Dataset }")
    assert isinstance(answer, Table) and answer.rows == ((H01,),)


def serve(answer: Callable[[BaseHTTPRequestHandler], None]) -> HTTPServer:
    """A server that misbehaves as ``answer`` does: real sockets, no SPARQL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: tests read no log."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def silent(_: BaseHTTPRequestHandler) -> None:
    time.sleep(3)


def dripping(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/sparql-results+json")
    handler.end_headers()
    for _ in range(30):
        try:
            handler.wfile.write(b" ")
        except OSError:
            return
        time.sleep(0.1)


def broken(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/sparql-results+json")
    handler.end_headers()
    handler.wfile.write(b'{"head": {"vars": ["s"]}, "results"')


def overloaded(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(503)
    handler.end_headers()
    handler.wfile.write(b"<html><p>come back later</p></html>")


def cut_short(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/sparql-results+json")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"head":')


def not_http(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"220 mail server ready\r\n")


def ill(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(500)
    handler.end_headers()
    handler.wfile.write(b"out of memory")


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        (silent, QueryTimeout, "no answer within 1 s"),
        (dripping, QueryTimeout, "no answer within 1 s"),
        (broken, EndpointError, "cannot be read"),
        (overloaded, EndpointError, "503: come back later"),
        (ill, EndpointError, "refused: out of memory"),
        (cut_short, EndpointError, "the connection broke"),
        (not_http, EndpointError, "the connection broke"),
    ],
)
def test_a_server_that_misbehaves_is_told_in_a_line(
    answer: Callable[[BaseHTTPRequestHandler], None], error: type[Exception], says: str
) -> None:
    server = serve(answer)
    try:
        with pytest.raises(error, match=says):
            run_remote(f"http://127.0.0.1:{server.server_port}/sparql", "SELECT * { ?s ?p ?o }", 1)
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("ASK { ?d a emkg:Dataset }", 1),
        ("PREFIX emkg: <http://other/> ASK { ?d a emkg:Dataset ; dcterms:title ?t }", 1),
        ("prefix EMKG: <http://other/> ASK { ?d a <http://x/emkg:Dataset> }", 0),
        ("ASK {}", 0),
    ],
)
def test_only_the_prefixes_that_are_used_and_undeclared_are_added(query: str, lines: int) -> None:
    assert declared(query).endswith(query)
    assert declared(query).removesuffix(query).count("\n") == lines
