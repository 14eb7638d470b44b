"""The one protocol of an export: a name, a format, its options, and how a graph or some of its datasets become bytes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from emkg.describe import describe
from emkg.errors import ExportError
from emkg.formats import Format
from emkg.graph import Graph
from emkg.ids import well_known_graphs
from emkg.rdf import DefaultGraph, NamedNode, Quad, Triple, canonical_statement, triples_of, write
from emkg.vocab import prefixes

Nodes = Sequence[NamedNode] | None


@dataclass(frozen=True, slots=True)
class Option:
    """What the writer of a document must or may say besides the graph: ``--name VALUE`` on the command line."""

    name: str
    about: str


class Export(ABC):
    """An export. A file in emkg/exports/ that defines a subclass is found; nothing is listed anywhere.

    ``about`` is one line for listings; ``per_dataset`` tells whether it can be written for some datasets alone. One with
    ``options`` needs more than the graph holds, and so is not offered by the server.
    """

    name: ClassVar[str]
    about: ClassVar[str]
    format: ClassVar[Format]
    per_dataset: ClassVar[bool] = True
    options: ClassVar[tuple[Option, ...]] = ()

    def given(self, values: Mapping[str, str]) -> Export:
        """The export with the values of its options; raises ExportError for an option that it does not have."""
        known = [f"--{option.name}" for option in self.options]
        if unknown := next((name for name in values if f"--{name}" not in known), None):
            repair = f"use {', '.join(known)}" if known else "leave it out: this export has no options"
            raise ExportError(f"{self.name} has no option --{unknown}", "", repair)
        return self.with_options(values) if values else self

    def with_options(self, values: Mapping[str, str]) -> Export:
        """A copy that holds the values; exports with options define it."""
        return self

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

    A document's default graph says what its Turtle says: who dereferences an IRI and asks without ``GRAPH`` has an answer.
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
    named = [quad for quad in found if quad.triple in described or quad.subject in whole]
    return [*named, *(Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()) for triple in described)]


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
