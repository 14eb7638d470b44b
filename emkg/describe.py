"""What belongs to one resource: the statements that a reader of its document needs, chosen by queries/describe/*.rq."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from emkg.graph import Graph
from emkg.ids import own_iri, to_path
from emkg.paths import queries_dir
from emkg.rdf import BlankNode, NamedNode, Triple, canonical_statement, triples_of
from emkg.vocab import EM, base

LARGEST_GRAPH = 5000
"""Statements: the document of a named graph holds its content up to this size; larger ones are in the dumps."""
_EMPTY = "VALUES ?root { }"


@cache
def _query(kind: str) -> str:
    folder = queries_dir() / "describe"
    path = folder / f"{kind}.rq"
    return (path if path.is_file() else folder / "resource.rq").read_text(encoding="utf-8")


def kind_of(node: NamedNode) -> str:
    """The kind of one of our individuals, ``technique`` and ``graph`` likewise; ``resource`` for every other IRI.

    >>> from emkg.ids import mint
    >>> kind_of(mint("dataset", "h01"))
    'dataset'
    """
    path = node.value.removeprefix(base()) if node.value.startswith(base()) else ""
    kind, _, rest = path.removeprefix("id/").partition("/")
    return kind if rest and kind else "resource"


def document_path(node: NamedNode) -> str:
    """The path of the document about one of our things, without a suffix.

    >>> from emkg.ids import mint
    >>> document_path(mint("dataset", "h01"))
    '/doc/dataset/h01'
    """
    return "/doc/" + (to_path(node) or "").removeprefix("/id/").removeprefix("/")


def document_iri(node: NamedNode) -> NamedNode:
    """The document about one of our things, under the base of our IRIs."""
    return own_iri(document_path(node).removeprefix("/"))


def describe(graph: Graph, nodes: Iterable[NamedNode]) -> list[Triple]:
    """The statements about the resources and all that belongs to them; each node may have a query of its own kind.

    A node that is the subject of nothing gives no statement.
    """
    found: set[Triple] = set()
    for node in sorted(set(nodes), key=str):
        triples = graph.construct(_query(kind_of(node)).replace(_EMPTY, f"VALUES ?root {{ {node} }}"))
        if any(triple.subject == node for triple in triples):
            found.update(triples)
            found.update(_blank_closure(graph, triples))
        if kind_of(node) == "graph" and len(said := graph.quads(node)) <= LARGEST_GRAPH:
            found.update(triples_of(said))
    return sorted({canonical_statement(triple) for triple in found}, key=str)


def _blank_closure(graph: Graph, triples: Iterable[Triple]) -> list[Triple]:
    """What hangs on blank nodes (only the ontology's axioms have any): a CONSTRUCT does not follow them."""
    if not any(isinstance(triple.object, BlankNode) for triple in triples):
        return []
    subjects = {triple.subject for triple in triples if isinstance(triple.subject, NamedNode)}
    return [triple for subject in sorted(subjects, key=str) for triple in graph.describe(subject)]


def all_datasets(graph: Graph) -> list[NamedNode]:
    """The IRIs of all datasets, sorted."""
    rows = graph.select(f"SELECT DISTINCT ?d WHERE {{ ?d a {EM.Dataset} }} ORDER BY ?d")
    return [row[0] for row in rows if isinstance(row[0], NamedNode)]
