"""What the tests of the curated facts share: every file read once, and the facts of a node at hand."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

from emkg.paths import data_dir
from emkg.rdf import BlankNode, Literal, NamedNode, Quad, read_quads
from emkg.vocab import EM, RDF, RDFS, SCHEMA, ontology_quads, prefixes

CURATED = data_dir() / "curated"
FILES = sorted(CURATED.rglob("*.ttl"))


def name(path: Path) -> str:
    return str(path.relative_to(CURATED))


@cache
def quads() -> tuple[Quad, ...]:
    return tuple(quad for path in FILES for quad in read_quads(path))


@cache
def described() -> dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]]:
    table: dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for quad in quads():
        assert isinstance(quad.subject, NamedNode)
        assert not isinstance(quad.object, BlankNode)
        table[quad.subject][quad.predicate].append(quad.object)
    return table


def of_type(kind: NamedNode) -> list[NamedNode]:
    return sorted((node for node, facts in described().items() if kind in facts[RDF.type]), key=str)


def one(node: NamedNode, predicate: NamedNode) -> NamedNode | Literal:
    values = described()[node][predicate]
    assert len(values) == 1, f"{node} {predicate}: {values}"
    return values[0]


def number(node: NamedNode, predicate: NamedNode) -> float:
    return float(one(node, predicate).value)


def claims_about(node: NamedNode, predicate: NamedNode) -> list[NamedNode]:
    about = [claim for claim in of_type(EM.Claim) if one(claim, EM.about) == node]
    return [claim for claim in about if one(claim, EM.property) == predicate]


def superclasses() -> dict[NamedNode, set[NamedNode]]:
    parents: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for lower, upper in pairs(RDFS.subClassOf):
        parents[lower].add(upper)
    return parents


def slug(node: NamedNode) -> str:
    return node.value.rsplit("/", 1)[1]


def ours(path: str) -> NamedNode:
    return NamedNode(prefixes()["emr"] + path)


def used() -> set[str]:
    """Every IRI that occurs."""
    terms = {term for quad in quads() for term in (quad.subject, quad.predicate, quad.object)}
    return {term.value for term in terms if isinstance(term, NamedNode)}


def defined() -> set[str]:
    """Every IRI that the ontology and its stubs describe."""
    return {quad.subject.value for quad in ontology_quads() if isinstance(quad.subject, NamedNode)}


def single_valued() -> set[NamedNode]:
    marks = [quad for quad in ontology_quads() if quad.predicate == EM.singleValued]
    return {quad.subject for quad in marks if isinstance(quad.subject, NamedNode) and quad.object.value == "true"}


def pairs(predicate: NamedNode) -> list[tuple[NamedNode, NamedNode]]:
    """Subject and object of every statement of the ontology with this predicate."""
    found = [(quad.subject, quad.object) for quad in ontology_quads() if quad.predicate == predicate]
    return [(s, o) for s, o in found if isinstance(s, NamedNode) and isinstance(o, NamedNode)]


def literal_ranges() -> dict[NamedNode, NamedNode]:
    return {s: o for s, o in pairs(SCHEMA.rangeIncludes) if o.value.startswith(prefixes()["xsd"])}
