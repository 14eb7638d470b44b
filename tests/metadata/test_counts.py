"""The counts of one walk are those that SPARQL gives."""

from __future__ import annotations

from collections.abc import Mapping

from emkg.graph import Graph
from emkg.ids import well_known_graphs
from emkg.metadata.counts import counts
from emkg.rdf import Quad, RdfFormat, parse_quads


def of_query(graph: Graph, query: str) -> dict[tuple[str, ...], int]:
    """Keys → number, from a SELECT whose last column is the number."""
    return {tuple(map(str, row[:-1])): int(row[-1].value) for row in graph.select(f"SELECT {query}") if row[-1]}


def of_walk(found: Mapping[object, int]) -> dict[tuple[str, ...], int]:
    return {tuple(map(str, key if isinstance(key, tuple) else (key,))): number for key, number in found.items()}


def check(graph: Graph) -> None:
    found = counts(graph)
    whole = "(COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    assert {(): sum(found.properties.values())} == of_query(graph, whole)
    assert {(): found.subjects} == of_query(graph, "(COUNT(DISTINCT ?s) AS ?n) WHERE { ?s ?p ?o }")
    assert {(): found.objects} == of_query(graph, "(COUNT(DISTINCT ?o) AS ?n) WHERE { ?s ?p ?o }")
    assert {(): found.entities} == of_query(graph, "(COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?c FILTER(ISIRI(?s)) }")
    assert of_walk(found.classes) == of_query(graph, "?c (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?c } GROUP BY ?c")
    assert of_walk(found.properties) == of_query(graph, "?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p")
    of_classes = "?c ?p (COUNT(*) AS ?n) WHERE { ?s a ?c ; ?p ?o } GROUP BY ?c ?p"
    assert of_walk(found.of_classes) == of_query(graph, of_classes)
    of_kinds = "?c ?p ?k (COUNT(*) AS ?n) WHERE { ?s a ?c ; ?p ?o . ?o a ?k } GROUP BY ?c ?p ?k"
    assert of_walk(found.of_kinds) == of_query(graph, of_kinds)
    literals = "{ ?s a ?c ; ?p ?o FILTER(ISLITERAL(?o)) BIND(DATATYPE(?o) AS ?k) }"
    assert of_walk(found.of_datatypes) == of_query(
        graph, f"?c ?p ?k (COUNT(*) AS ?n) WHERE {literals} GROUP BY ?c ?p ?k"
    )


def test_they_are_those_of_sparql(graph: Graph) -> None:
    check(graph)


def test_two_classes_no_class_a_blank_node_and_a_language() -> None:
    text = """
    <s:a> a <c:One>, <c:Two> ; <p:b> <s:b>, "x", "x"@en, 4 . <s:b> a <c:Two> ; <p:b> _:c . _:c a _:d ; <p:b> <s:a> .
    <s:e> <p:b> <s:a>, "x" ."""
    graph = Graph()
    graph.add(
        Quad(quad.subject, quad.predicate, quad.object, well_known_graphs()["current"])
        for quad in parse_quads(text, RdfFormat.TURTLE)
    )
    check(graph)


def test_an_empty_graph_has_none() -> None:
    found = counts(Graph())
    assert found.subjects == found.objects == found.entities == 0 and not found.properties
