"""The one protocol of an export: a name, a format, and how a graph or some of its datasets become bytes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from typing import ClassVar

from emkg.describe import describe
from emkg.formats import Format
from emkg.graph import Graph
from emkg.ids import well_known_graphs
from emkg.rdf import NamedNode, Quad, Triple, canonical_statement, triples_of, write
from emkg.vocab import prefixes

Nodes = Sequence[NamedNode] | None


class Export(ABC):
    """An export. A file in emkg/exports/ that defines a subclass is found; nothing is listed anywhere.

    ``about`` is one line for listings; ``per_dataset`` tells whether it can be written for some datasets alone.
    """

    name: ClassVar[str]
    about: ClassVar[str]
    format: ClassVar[Format]
    per_dataset: ClassVar[bool] = True

    @abstractmethod
    def write(self, graph: Graph, nodes: Nodes = None) -> bytes:
        """The document of these resources, or with None of the whole graph; the same graph gives the same bytes."""


def triples(graph: Graph, nodes: Nodes) -> list[Triple]:
    """What an export of triples holds: the descriptions of the resources, or with None all of ``current``."""
    if nodes is not None:
        return describe(graph, nodes)
    return triples_of(canonical_statement(quad) for quad in graph.quads(well_known_graphs()["current"]))


def quads(graph: Graph, nodes: Nodes) -> list[Quad]:
    """What an export of named graphs holds: the same statements in ``current`` and in every graph that makes them,
    or with None all quads.
    """
    if nodes is None:
        return [canonical_statement(quad) for quad in graph.quads()]
    described = set(describe(graph, nodes))
    told = Counter(triple.subject for triple in described)
    found = _quads_about(graph, [subject for subject in told if isinstance(subject, NamedNode)])
    in_current = Counter(quad.subject for quad in found if quad.graph_name == well_known_graphs()["current"])
    # What a source says of a resource counts even where `current` decided otherwise; of mere neighbours only their
    # names are told.
    whole = {subject for subject, size in told.items() if size == in_current[subject]}
    return [quad for quad in found if quad.triple in described or quad.subject in whole]


def _quads_about(graph: Graph, subjects: list[NamedNode]) -> list[Quad]:
    values = " ".join(sorted(map(str, subjects)))
    rows = graph.select(f"SELECT ?s ?p ?o ?g WHERE {{ VALUES ?s {{ {values} }} GRAPH ?g {{ ?s ?p ?o }} }}")
    return [canonical_statement(Quad(*row)) for row in rows]  # type: ignore[arg-type]  # a pattern binds all four


class TriplesExport(Export):
    """An export of triples in an RDF format."""

    def write(self, graph: Graph, nodes: Nodes = None) -> bytes:
        """The triples, sorted."""
        assert self.format.rdf is not None
        return write(triples(graph, nodes), self.format.rdf, prefixes())


class QuadsExport(Export):
    """An export of named graphs in an RDF format."""

    def write(self, graph: Graph, nodes: Nodes = None) -> bytes:
        """The quads, sorted by graph."""
        assert self.format.rdf is not None
        return write(quads(graph, nodes), self.format.rdf, prefixes())
