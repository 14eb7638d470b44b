"""Things that a list merely names with a link, as statements."""

from __future__ import annotations

from emkg.model import Named
from emkg.rdf import NamedNode
from emkg.rdfize.paper import paper_iri
from emkg.skos import concept_of
from emkg.terms import Pairs, english, literal, term
from emkg.vocab import DCTERMS, EM, FOAF, RDF, RDFS

_CLASS_OF_KIND = {"resource": "RelatedResource", "figure": "Figure", "method": "Method"}


def named_pairs(thing: Named) -> Pairs:
    """A related resource, a lab, a contributor, a figure."""
    yield RDFS.label, english(thing.name)
    if thing.kind in _CLASS_OF_KIND:
        yield RDF.type, EM[_CLASS_OF_KIND[thing.kind]]
    for name in thing.classes:
        yield RDF.type, term(name)
    if thing.kind == "agent":
        yield FOAF.name, literal(thing.name)
    if thing.url:
        yield FOAF.page, NamedNode(thing.url)
    for part in thing.part_of:
        yield EM.asStated, literal(part)
    if thing.paper:
        yield DCTERMS.isPartOf, paper_iri(thing.paper)


def technique_entry_pairs(thing: Named) -> Pairs:
    """An entry of a list of techniques."""
    yield RDF.type, EM.TechniqueEntry
    yield RDFS.label, english(thing.name)
    yield EM.asStated, literal(thing.name)
    for family in thing.part_of:
        yield EM.statedFamily, literal(family)
    for name in thing.classes:
        yield EM.entryFor, concept_of(term(name))
