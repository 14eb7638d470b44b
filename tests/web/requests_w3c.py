"""Requests of the SPARQL 1.1 Protocol: ours, each restating one of the W3C's tests for queries, and the W3C's own where they are given."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, Namespace

FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
GRAPHS = [f"http://example.org/graph/{number}" for number in (1, 2, 3)]
HT, CNT = Namespace("http://www.w3.org/2011/http#"), Namespace("http://www.w3.org/2011/content#")
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")


@dataclass(frozen=True)
class Asked:
    """A request to the endpoint, and what must come: a class of statuses (2 or 4), the truth value, the kind of answer."""

    name: str
    status: int
    method: str = "GET"
    address: str = ""
    body: bytes = b""
    kind: str = ""
    truth: bool | None = None
    format: str = ""
    graphs: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)


def typed(*names: str) -> str:
    """A pattern that holds where each graph's own node has a type."""
    return " ".join(f"<{name}> a ?type{number} ." for number, name in enumerate(names))


def address(**parameters: str | list[str]) -> str:
    """A query string; ``_`` in a name stands for ``-``."""
    pairs = [(n, v) for n, vs in parameters.items() for v in (vs if isinstance(vs, list) else [vs])]
    return "?" + "&".join(f"{name.replace('_', '-')}={quote(value, safe='')}" for name, value in pairs)


ONE, TWO, THREE = GRAPHS
BOTH = f"ASK {{ {typed(ONE, TWO)} }}"
NAMED = f"ASK {{ GRAPH ?g {{ <{ONE}> a ?t }} GRAPH ?h {{ <{TWO}> a ?u }} }}"
FULL = f"ASK {{ <{THREE}> a ?v . GRAPH ?g {{ <{ONE}> a ?t }} GRAPH ?h {{ <{TWO}> a ?u }} }}"
AGAINST = f"ASK FROM <{THREE}> {{ GRAPH ?g {{ <{ONE}> a ?t }} }}"
SELECT, DESCRIBE = "SELECT (1 AS ?one) {}", f"DESCRIBE <{ONE}>"
CONSTRUCT = "CONSTRUCT { <s:a> <p:b> 1 } WHERE {}"
OURS = [
    Asked("GET", 2, address=address(query="ASK {}"), truth=True, format="boolean"),
    Asked("POST of a form", 2, "POST", "", b"query=ASK%20%7B%7D", FORM, True, "boolean"),
    Asked("POST of a query", 2, "POST", "", b"ASK {}", DIRECT, True, "boolean"),
    Asked("default graphs by GET", 2, address=address(query=BOTH, default_graph_uri=[ONE, TWO]), truth=True),
    Asked("default graphs by POST", 2, "POST", address(default_graph_uri=[ONE, TWO]), BOTH.encode(), DIRECT, True),
    Asked(
        "default graphs in a form",
        2,
        "POST",
        "",
        address(query=BOTH, default_graph_uri=[ONE, TWO])[1:].encode(),
        FORM,
        True,
    ),
    Asked("one default graph of two", 2, address=address(query=BOTH, default_graph_uri=ONE), truth=False),
    Asked("named graphs by GET", 2, address=address(query=NAMED, named_graph_uri=[ONE, TWO]), truth=True),
    Asked("named graphs by POST", 2, "POST", address(named_graph_uri=[ONE, TWO]), NAMED.encode(), DIRECT, True),
    Asked("both", 2, "POST", address(default_graph_uri=THREE, named_graph_uri=[ONE, TWO]), FULL.encode(), DIRECT, True),
    Asked(
        "against the query's own",
        2,
        "POST",
        address(default_graph_uri=TWO, named_graph_uri=ONE),
        AGAINST.encode(),
        DIRECT,
        True,
    ),
    Asked(
        "a graph that nobody knows", 2, address=address(query="ASK {}", default_graph_uri="http://e.org/no"), truth=True
    ),
    Asked("a SELECT's type", 2, "POST", "", SELECT.encode(), DIRECT, format="tabular"),
    Asked("an ASK's type", 2, "POST", "", b"ASK {}", DIRECT, format="boolean"),
    Asked("a DESCRIBE's type", 2, "POST", "", DESCRIBE.encode(), DIRECT, format="RDF"),
    Asked("a CONSTRUCT's type", 2, "POST", "", CONSTRUCT.encode(), DIRECT, format="RDF"),
    Asked("IRIs relative to the endpoint", 2, address=address(query="CONSTRUCT { <s> <p> <o> } {}"), format="RDF"),
    Asked("neither GET nor POST", 4, "PUT", address(query="ASK {}"), b"", FORM),
    Asked("two queries", 4, address=address(query=["ASK {}", "SELECT * {}"])),
    Asked("another type", 4, "POST", "", b"ASK {}", "text/plain"),
    Asked("a form without its type", 4, "POST", "", b"query=ASK%20%7B%7D"),
    Asked("a query without its type", 4, "POST", "", b"ASK {}"),
    Asked("UTF-16", 4, "POST", "", "ASK {}".encode("utf-16"), DIRECT + "; charset=UTF-16"),
    Asked("UTF-16 that is not told", 4, "POST", "", "ASK {}".encode("utf-16"), DIRECT),
    Asked("no query", 4, address=address(query="ASK {")),
    Asked("an update by GET", 4, address=address(update="CLEAR ALL")),
    Asked("an update in a form", 4, "POST", "", b"update=CLEAR%20ALL", FORM),
    Asked("an update", 4, "POST", "", b"CLEAR ALL", "application/sparql-update"),
    Asked("an update as a query", 4, "POST", "", b"CLEAR ALL", DIRECT),
]
OUR_DATA = tuple((name, f"<{name}> <{RDF.type}> <http://example.org/Document> .".encode()) for name in GRAPHS)


def theirs(folder: Path) -> Iterator[Asked]:
    """The W3C's tests: those for queries as they stand; of those for updates the first request, which a server that only reads refuses."""
    place = folder / "sparql" / "sparql11" / "protocol" / "manifest.ttl"
    graph = rdflib.Graph().parse(place, publicID=place.as_uri())
    for test in Collection(graph, graph.value(graph.value(None, RDF.type, MF.Manifest), MF.entries)):
        name = str(test).rpartition("#")[2]
        data = tuple(
            (
                str(graph.value(node, rdflib.RDFS.label)),
                (place.parent / Path(str(graph.value(node, UT.graph))).name).read_bytes(),
            )
            for node in graph.objects(test, UT.graphData)
        )
        requests = Collection(graph, graph.value(graph.value(test, MF.action), HT.requests))
        for number, request in enumerate(requests):
            if "update" not in name:
                yield _request(graph, request, f"{name} {number + 1}", data)
            elif number == 0:
                asked = _request(graph, request, name, ())
                yield Asked(name, 4, asked.method, asked.address, asked.body, asked.kind)


def _request(graph: rdflib.Graph, request: rdflib.term.Node, name: str, data: tuple[tuple[str, bytes], ...]) -> Asked:
    answer, body = graph.value(request, HT.resp), graph.value(request, HT.body)
    headers = Collection(graph, graph.value(request, HT.headers)) if graph.value(request, HT.headers) else []
    kinds = [str(graph.value(h, HT.fieldValue)) for h in headers if str(graph.value(h, HT.fieldName)) == "content-type"]
    truth = graph.value(answer, MF.expectedBoolean)
    statuses = {str(status)[-3] for status in graph.objects(answer, MF.expectedStatus)}
    encoding = str(graph.value(body, CNT.characterEncoding) or "utf-8") if body else "utf-8"
    return Asked(
        name,
        2 if "2" in statuses else 4,
        str(graph.value(request, HT.methodName)),
        str(graph.value(request, HT.absolutePath)).removeprefix("/sparql/"),
        str(graph.value(body, CNT.chars)).encode(encoding) if body else b"",
        kinds[0] if kinds else "",
        None if truth is None else json.loads(str(truth)),
        str(graph.value(answer, MF.expectedFormat) or ""),
        data,
    )
