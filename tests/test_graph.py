"""The graph in memory: what a query sees, and what a wrong query is told."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from emkg.errors import BadQuery, NoBuild, ParseError
from emkg.graph import Graph
from emkg.ids import graph_iri, well_known_graphs
from emkg.rdf import BlankNode, Literal, NamedNode, Quad, RdfFormat

CURRENT, OTHER = well_known_graphs()["current"], graph_iri("src", "x")
A, P = NamedNode("s:a"), NamedNode("p:p")


@pytest.fixture
def small() -> Graph:
    graph = Graph()
    inner = BlankNode("b")
    graph.add([Quad(A, P, Literal("here"), CURRENT), Quad(A, P, Literal("there"), OTHER)])
    graph.add(
        [Quad(A, P, inner, CURRENT), Quad(inner, P, Literal("inside"), CURRENT), Quad(NamedNode("s:b"), P, A, CURRENT)]
    )
    return graph


def test_the_default_graph_is_current(small: Graph) -> None:
    found = small.select("SELECT ?o { <s:a> <p:p> ?o FILTER isLiteral(?o) }").values()
    assert found == [("here",)]


def test_named_graphs_are_reached_by_graph(small: Graph) -> None:
    assert small.select(f"SELECT ?o {{ GRAPH <{OTHER.value}> {{ ?s ?p ?o }} }}").values() == [("there",)]
    assert set(small.graphs()) == {CURRENT, OTHER}


@pytest.mark.parametrize(
    "query, line, column, word",
    [
        ("SELECT * WHERE {\n ?s ?p }", 2, 8, "expected"),
        ("SELEC ?x {}", 1, 1, "expected"),
        ("SELECT *\nWHERE {\n  ?s nope:x ?o }", 3, 10, "prefix"),
        ("INSERT DATA { <s:a> <p:p> 1 }", 1, 1, "is an update"),
    ],
)
def test_a_wrong_query_is_told_by_line_and_column(small: Graph, query: str, line: int, column: int, word: str) -> None:
    with pytest.raises(BadQuery, match=word) as caught:
        small.query(query)
    assert caught.value.line == line and abs(caught.value.column - column) <= 3, str(caught.value)


@pytest.mark.parametrize("method, query", [("select", "ASK {}"), ("ask", "SELECT * {}"), ("construct", "ASK {}")])
def test_a_query_of_another_form_is_told(small: Graph, method: str, query: str) -> None:
    with pytest.raises(BadQuery, match="not a"):
        getattr(small, method)(query)


def test_describe_follows_blank_nodes(small: Graph) -> None:
    assert {triple.object.value for triple in small.describe(A) if isinstance(triple.object, Literal)} == {
        "here",
        "inside",
    }
    assert [triple.subject.value for triple in small.mentions(A)] == ["s:b"]


def serialized(graph: Graph, query: str, results: str, rdf: RdfFormat = RdfFormat.TURTLE) -> bytes:
    out = io.BytesIO()
    graph.serialize(query, results, rdf, out)
    return out.getvalue()


def test_results_in_each_format(small: Graph) -> None:
    for name in ("json", "xml", "csv", "tsv"):
        assert b"here" in serialized(small, "SELECT ?o { <s:a> <p:p> ?o }", name)
    found = serialized(small, "CONSTRUCT WHERE { <s:b> ?p ?o }", "json", RdfFormat.N_TRIPLES)
    assert found == b"<s:b> <p:p> <s:a> .\n"


def test_a_truth_value_in_each_format(small: Graph) -> None:
    for name in ("json", "xml", "csv", "tsv"):
        assert b"true" in serialized(small, "ASK {}", name)


def test_rdf_xml_is_refused_where_it_cannot_hold_a_predicate(small: Graph) -> None:
    query = "CONSTRUCT { <s:a> <http://example.org/1> 1 } {}"
    with pytest.raises(BadQuery, match="RDF/XML"):
        serialized(small, query, "json", RdfFormat.RDF_XML)
    assert b"/1>" in serialized(small, query, "json", RdfFormat.TURTLE)


def test_a_missing_build_says_which_command_makes_it(tmp_path: Path) -> None:
    with pytest.raises(NoBuild, match="emkg build"):
        Graph.load(tmp_path / "none.nq")


def test_a_damaged_dump_is_told(tmp_path: Path) -> None:
    path = tmp_path / "emkg.nq"
    path.write_text("<s:a> <p:b> .\n")
    with pytest.raises(ParseError):
        Graph.load(path)
