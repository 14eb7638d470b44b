"""RDF files as a graph that shapes and checks can be run on: what they state is `current`, with the ontology beside it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from emkg.graph import Graph
from emkg.ids import well_known_graphs
from emkg.rdf import DefaultGraph, NamedNode, Quad, in_graph, read_quads, triples_of
from emkg.vocab import ontology_quads

Files = list[tuple[Path, list[Quad]]]


def read_files(paths: Iterable[Path]) -> Files:
    """Each file with its quads; raises ParseError with line, column and what was expected."""
    return [(path, read_quads(path)) for path in paths]


def graph_of(files: Files) -> Graph:
    """The files' statements in ``current`` and in their own graphs (default: ``curated``), and the ontology in both of its graphs."""
    names = well_known_graphs()
    quads = [quad for _, part in files for quad in part]
    graph = Graph()
    graph.add(Quad(quad.subject, quad.predicate, quad.object, _graph_of(quad)) for quad in quads)
    graph.add(in_graph([*triples_of(quads), *triples_of(ontology_quads())], names["current"]))
    graph.add(in_graph(triples_of(ontology_quads()), names["ontology"]))
    return graph


def _graph_of(quad: Quad) -> NamedNode:
    named = quad.graph_name
    if isinstance(named, DefaultGraph) or not isinstance(named, NamedNode):
        return well_known_graphs()["curated"]
    return named
