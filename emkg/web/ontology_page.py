"""The ontology as a person reads it: terms in groups, each with definition, example and source."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from emkg.ids import well_known_graphs
from emkg.rdf import BlankNode, Literal, NamedNode, Term
from emkg.vocab import DCTERMS, OBO, OWL, RDF, RDFS, SCHEMA, SKOS, curie, prefixes
from emkg.web.facts import Value, row, value
from emkg.web.site import Site


@dataclass(frozen=True, slots=True)
class TermLine:
    """One term."""

    name: str
    label: str
    definition: str
    examples: tuple[str, ...]
    unit: str
    sources: tuple[Value, ...]
    above: tuple[Value, ...]
    domain: tuple[Value, ...]
    range: tuple[Value, ...]


def groups(site: Site) -> list[tuple[str, list[TermLine]]]:
    """Heading → terms, for all terms of ours that the ontology's own graph defines."""
    facts: dict[NamedNode, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for quad in site.graph.quads(well_known_graphs()["ontology"]):
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(prefixes()["emkg"]):
            if isinstance(quad.object, NamedNode | BlankNode | Literal):
                facts[quad.subject][quad.predicate].append(quad.object)
    found: dict[str, list[TermLine]] = defaultdict(list)
    for node, about in sorted(facts.items(), key=lambda item: item[0].value.casefold()):
        if heading := _heading(about):
            found[heading].append(_line(site, node, about))
    return [(heading, found[heading]) for heading in _ORDER if found[heading]]


_ORDER = (
    "Classes",
    "Technique classes and facets",
    "Object properties",
    "Datatype properties",
    "Annotation properties",
    "Values",
)


def _heading(about: dict[NamedNode, list[Term]]) -> str:
    types = about[RDF.type]
    if OWL.Class in types:
        ours = [
            term
            for term in about[RDFS.subClassOf]
            if isinstance(term, NamedNode) and term.value.startswith(prefixes()["emkg"])
        ]
        return "Technique classes and facets" if ours or about[OWL.equivalentClass] else "Classes"
    for kind, heading in (
        (OWL.ObjectProperty, _ORDER[2]),
        (OWL.DatatypeProperty, _ORDER[3]),
        (OWL.AnnotationProperty, _ORDER[4]),
    ):
        if kind in types:
            return heading
    return "Values" if about[OBO.IAO_0000115] or about[SKOS.definition] else ""


def _line(site: Site, node: NamedNode, about: dict[NamedNode, list[Term]]) -> TermLine:
    def texts(*properties: NamedNode) -> tuple[str, ...]:
        return tuple(term.value for property_ in properties for term in about[property_] if isinstance(term, Literal))

    def things(*properties: NamedNode) -> tuple[Value, ...]:
        return tuple(
            value(site, term)
            for property_ in properties
            for term in about[property_]
            if isinstance(term, NamedNode | Literal)
        )

    above = [term for p in (RDFS.subClassOf, RDFS.subPropertyOf) for term in about[p] if isinstance(term, NamedNode)]
    kinds = [
        term for term in about[RDF.type] if isinstance(term, NamedNode) and term.value.startswith(prefixes()["emkg"])
    ]
    return TermLine(
        name=curie(node).partition(":")[2],
        label=site.label(node),
        definition=" ".join(texts(OBO.IAO_0000115, SKOS.definition)[:1]),
        examples=texts(SKOS.example),
        unit=row(site, node, []).unit,
        sources=things(OBO.IAO_0000119, DCTERMS.source),
        above=tuple(value(site, term) for term in [*above, *kinds]),
        domain=things(SCHEMA.domainIncludes),
        range=things(SCHEMA.rangeIncludes),
    )
