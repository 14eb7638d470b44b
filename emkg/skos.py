"""Techniques as concepts: the SKOS scheme made from the technique classes, and their mappings to other vocabularies."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from emkg.errors import ParseError
from emkg.rdf import BlankNode, Literal, NamedNode, Term, Triple, sort_key
from emkg.vocab import DCTERMS, EM, OBO, OWL, RDF, RDFS, SKOS, Namespace, iri, ontology_quads, prefixes

_SSSOM = Namespace("sssom")
_REQUIRED = ("subject_id", "predicate_id", "object_id", "object_source")

_Edges = Mapping[NamedNode, set[NamedNode]]
_Statements = Mapping[Term, list[tuple[NamedNode, Term]]]


def concept_scheme(hierarchy: Iterable[Triple]) -> list[Triple]:
    """One concept per technique class, broader by the direct links of the given rdfs:subClassOf statements; sorted.

    The hierarchy is the inferred one: what is stated of a class is only the facets that it is built from.

    >>> sub = Triple(EM.SEM, RDFS.subClassOf, EM.ImagingAcquisition)
    >>> Triple(concept_of(EM.SEM), SKOS.broader, concept_of(EM.ImagingAcquisition)) in concept_scheme([sub])
    True
    """
    above = _techniques_above(hierarchy)
    facets = _facets_by_class(above)
    triples = [triple for technique in above for triple in _concept(technique, above, facets[technique])]
    return sorted(set(triples), key=sort_key)


def concept_of(technique: NamedNode) -> NamedNode:
    """The concept that stands for a technique class, of the same local name.

    >>> concept_of(EM.SBFSEM) == iri("emt:SBFSEM")
    True
    """
    return iri("emt:" + technique.value.removeprefix(prefixes()["emkg"]))


def mapping_triples(path: Path) -> list[Triple]:
    """The rows of an SSSOM table as SKOS mappings of technique concepts; sorted.

    A row to sssom:NoTermFound (https://w3id.org/sssom/NoTermFound) becomes emkg:noTermFoundIn the vocabulary searched.
    Raises ParseError for a row that lacks a column, UnknownTerm for a subject that is no technique of ours.
    """
    triples = {_mapping(row, path, number) for number, row in _rows(path)}
    return sorted(triples, key=sort_key)


def _techniques_above(hierarchy: Iterable[Triple]) -> dict[NamedNode, set[NamedNode]]:
    """Each technique class with every wider technique class."""
    stated: defaultdict[NamedNode, set[NamedNode]] = defaultdict(set)
    for triple in hierarchy:
        lower, wider = triple.subject, triple.object
        if triple.predicate == RDFS.subClassOf and isinstance(lower, NamedNode) and isinstance(wider, NamedNode):
            stated[lower].add(wider)
    root = EM.ImagingAcquisition
    closed = {node: _reachable(node, stated) for node in stated}
    known = {root} | {node for node in closed if root in closed[node]}
    return {node: closed.get(node, set()) & known for node in sorted(known, key=str)}


def _reachable(start: NamedNode, links: _Edges) -> set[NamedNode]:
    found: set[NamedNode] = set()
    todo = list(links.get(start, ()))
    while todo:
        node = todo.pop()
        if node not in found and node != start:
            found.add(node)
            todo.extend(links.get(node, ()))
    return found


def _direct(node: NamedNode, above: _Edges) -> set[NamedNode]:
    """The wider classes that no other wider class lies below."""
    return {wider for wider in above[node] if not any(wider in above[between] for between in above[node])}


def _concept(technique: NamedNode, above: _Edges, facets: set[NamedNode]) -> Iterator[Triple]:
    node = concept_of(technique)
    yield Triple(node, RDF.type, SKOS.Concept)
    yield Triple(node, SKOS.inScheme, EM.techniqueScheme)
    yield Triple(node, EM.conceptOf, technique)
    for predicate, value in _annotations(technique):
        yield Triple(node, predicate, value)
    for wider in _direct(technique, above):
        yield Triple(node, SKOS.broader, concept_of(wider))
    for facet in facets:
        yield Triple(node, EM.definingFacet, facet)
    if not above[technique]:
        yield Triple(node, SKOS.topConceptOf, EM.techniqueScheme)
        yield Triple(EM.techniqueScheme, SKOS.hasTopConcept, node)


def _annotations(technique: NamedNode) -> Iterator[tuple[NamedNode, Term]]:
    """What the class says of itself, in the words of SKOS."""
    kept = {
        RDFS.label: (RDFS.label, SKOS.prefLabel),
        SKOS.altLabel: (SKOS.altLabel,),
        SKOS.hiddenLabel: (SKOS.hiddenLabel,),
        SKOS.notation: (SKOS.notation,),
        SKOS.example: (SKOS.example,),
        OBO.IAO_0000115: (SKOS.definition,),
        OBO.IAO_0000116: (SKOS.editorialNote,),
        OBO.IAO_0000119: (DCTERMS.source,),
        EM.empiarExperimentType: (EM.empiarExperimentType,),
    }
    for predicate, value in _statements().get(technique, ()):
        for told in kept.get(predicate, ()):
            yield told, value


@cache
def _statements() -> _Statements:
    by_subject: defaultdict[Term, list[tuple[NamedNode, Term]]] = defaultdict(list)
    for quad in ontology_quads():
        if isinstance(quad.subject, NamedNode | BlankNode) and isinstance(quad.object, NamedNode | BlankNode | Literal):
            by_subject[quad.subject].append((quad.predicate, quad.object))
    return by_subject


def _facets_by_class(above: _Edges) -> dict[NamedNode, set[NamedNode]]:
    """The facet classes in the definition of each technique and of every wider one."""
    statements = _statements()
    own = {node: _named_in_definition(node, statements) - set(above) for node in above}
    return {node: own[node].union(*(own[wider] for wider in above[node])) for node in above}


def _named_in_definition(technique: NamedNode, statements: _Statements) -> set[NamedNode]:
    """Our classes inside the anonymous expressions that define a class (https://www.w3.org/TR/owl2-mapping-to-rdf/)."""
    inside = {OWL.intersectionOf, OWL.someValuesFrom, RDF.first, RDF.rest}
    found: set[NamedNode] = set()
    todo = [value for predicate, value in statements[technique] if predicate in (OWL.equivalentClass, RDFS.subClassOf)]
    while todo:
        node = todo.pop()
        if isinstance(node, BlankNode):
            todo.extend(value for predicate, value in statements[node] if predicate in inside)
        elif isinstance(node, NamedNode) and node != RDF.nil:
            found.add(node)
    return {node for node in found if node.value.startswith(prefixes()["emkg"])}


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows below the commented header, with line numbers (https://mapping-commons.github.io/sssom/spec-formats-tsv/)."""
    text = path.read_text("utf-8").splitlines()
    lines = [(number, line) for number, line in enumerate(text, 1) if not line.startswith("#")]
    table = csv.reader((line for _, line in lines), delimiter="\t")
    columns = next(table, [])
    missing = [name for name in _REQUIRED if name not in columns]
    if missing:
        head = lines[0][0] if lines else 1
        raise ParseError(f"no column {missing[0]!r}", str(path), head, 1, "name it in the head of the table")
    for (number, _), cells in zip(lines[1:], table, strict=True):
        if len(cells) != len(columns):
            message = f"{len(cells)} cells under {len(columns)} columns"
            raise ParseError(message, str(path), number, 1, "separate the cells by single tabs")
        yield number, dict(zip(columns, cells, strict=True))


def _mapping(row: Mapping[str, str], path: Path, number: int) -> Triple:
    empty = [name for name in _REQUIRED if not row[name]]
    if empty:
        raise ParseError(f"no {empty[0]}", str(path), number, 1, "fill the cell in")
    prefix, _, local = row["subject_id"].partition(":")
    if prefix != "emt":
        message = f"the subject {row['subject_id']} is no technique concept"
        raise ParseError(message, str(path), number, 1, "write emt:NAME")
    subject = concept_of(iri("emkg:" + local))
    if iri(row["object_id"]) == _SSSOM.NoTermFound:
        return Triple(subject, EM.noTermFoundIn, iri(row["object_source"]))
    return Triple(subject, iri(row["predicate_id"]), iri(row["object_id"]))
