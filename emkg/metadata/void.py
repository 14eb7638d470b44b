"""What is in the graph, counted: VoID with class, property and datatype partitions (https://www.w3.org/TR/void/, §4.5;
datatypes by http://ldf.fi/void-ext). Computed from the graph at build, published in the store and at /.well-known/void.

The counts are those of ``current`` before this description and the examples were added to it: a text cannot count itself.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from emkg.formats import RDF_FORMATS
from emkg.graph import Graph
from emkg.ids import own_iri, well_known_graphs
from emkg.metadata.counts import Counts, counts
from emkg.rdf import Literal, NamedNode, RdfFormat, Term, Triple
from emkg.vocab import DCTERMS, FOAF, RDF, RDFS, SD, VOID, VOIDEXT, XSD, curie, iri, prefixes

TITLE = "Knowledge graph of volume electron microscopy (emkg)"
ABOUT = (
    "What was imaged by volume electron microscopy, how, how finely and how large; who counted what in it; where it is "
    "kept, what to cite, who says so, and where sources disagree."
)
# What belongs to the description of the graph and not to its data.
_OF_SCHEMAS = ("owl", "sh", "rdf", "rdfs")


def dataset_iri() -> NamedNode:
    """The graph as a void:Dataset."""
    return own_iri("void#emkg")


def document_iri() -> NamedNode:
    """The document that describes it."""
    return own_iri("void")


def void_triples(graph: Graph, version: str) -> list[Triple]:
    """The whole description, with counts of what ``current`` holds."""
    found = counts(graph)
    return [*_head(version), *_statistics(found), *_partitions(found)]


def _head(version: str) -> Iterator[Triple]:
    node, document = dataset_iri(), document_iri()
    yield Triple(document, RDF.type, VOID.DatasetDescription)
    yield Triple(document, RDFS.label, Literal("VoID description of emkg", language="en"))
    yield Triple(document, DCTERMS.title, Literal("VoID description of emkg", language="en"))
    yield Triple(document, FOAF.primaryTopic, node)
    yield Triple(node, RDF.type, VOID.Dataset)
    yield Triple(node, RDFS.label, Literal(TITLE, language="en"))
    yield Triple(node, DCTERMS.title, Literal(TITLE, language="en"))
    yield Triple(node, DCTERMS.description, Literal(ABOUT, language="en"))
    yield Triple(node, DCTERMS.license, iri("cc:by/4.0/"))
    yield Triple(node, DCTERMS.hasVersion, Literal(version))
    yield Triple(node, FOAF.homepage, own_iri(""))
    yield Triple(node, VOID.sparqlEndpoint, own_iri("sparql"))
    yield Triple(node, VOID.uriSpace, Literal(prefixes()["emr"]))
    yield Triple(node, VOID.exampleResource, own_iri("id/dataset/h01"))
    for form in RDF_FORMATS:
        assert isinstance(form.rdf, RdfFormat)
        yield Triple(node, VOID.dataDump, own_iri(f"dump/emkg.{form.suffix}"))
        yield Triple(node, VOID.feature, NamedNode(form.rdf.iri))
    named = own_iri("void#current")
    yield Triple(named, RDF.type, SD.NamedGraph)
    yield Triple(named, RDFS.label, Literal("the merged graph", language="en"))
    yield Triple(named, SD.name, well_known_graphs()["current"])
    yield Triple(named, SD.graph, node)


def _statistics(found: Counts) -> Iterator[Triple]:
    node = dataset_iri()
    yield Triple(node, VOID.triples, _number(sum(found.properties.values())))
    yield Triple(node, VOID.distinctSubjects, _number(found.subjects))
    yield Triple(node, VOID.distinctObjects, _number(found.objects))
    yield Triple(node, VOID.properties, _number(len(found.properties)))
    yield Triple(node, VOID.classes, _number(len(found.classes)))
    yield Triple(node, VOID.entities, _number(found.entities))
    spaces = {curie(one).partition(":")[0] for one in found.properties} & prefixes().keys()
    for prefix in sorted(spaces):
        # Our namespace itself names no term; the ontology does name itself.
        space = well_known_graphs()["ontology"] if prefix == "emkg" else NamedNode(prefixes()[prefix])
        yield Triple(node, VOID.vocabulary, space)


def _partitions(found: Counts) -> Iterator[Triple]:
    node = dataset_iri()
    for property_, number in found.properties.items():
        part = _part("property", property_)
        yield Triple(node, VOID.propertyPartition, part)
        yield Triple(part, VOID.property, property_)
        yield Triple(part, VOID.triples, _number(number))
    for class_, number in found.classes.items():
        if _shown(class_):
            part = _part("class", class_)
            yield Triple(node, VOID.classPartition, part)
            yield Triple(part, VOID["class"], class_)
            yield Triple(part, VOID.entities, _number(number))
    yield from _properties_of_classes(found)


def _properties_of_classes(found: Counts) -> Iterator[Triple]:
    for (class_, property_), number in found.of_classes.items():
        if _shown(class_):
            part = _part("class", class_, property_)
            yield Triple(_part("class", class_), VOID.propertyPartition, part)
            yield Triple(part, VOID.property, property_)
            yield Triple(part, VOID.triples, _number(number))
    for (class_, property_, kind), number in found.of_kinds.items():
        if _shown(class_) and isinstance(kind, NamedNode):
            part = _part("class", class_, property_, kind)
            yield Triple(_part("class", class_, property_), VOID.classPartition, part)
            yield Triple(part, VOID["class"], kind)
            yield Triple(part, VOID.triples, _number(number))
    for (class_, property_, datatype), number in found.of_datatypes.items():
        if _shown(class_):
            part = _part("class", class_, property_, datatype)
            yield Triple(_part("class", class_, property_), VOIDEXT.datatypePartition, part)
            yield Triple(part, VOIDEXT.datatype, datatype)
            yield Triple(part, VOID.triples, _number(number))


def _shown(class_: Term) -> bool:
    """Is it a named class of the data, and none of schemas?"""
    hidden = tuple(prefixes()[prefix] for prefix in _OF_SCHEMAS)
    return isinstance(class_, NamedNode) and not class_.value.startswith(hidden)


def _number(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.integer)


def _part(*keys: str | Term) -> NamedNode:
    """The IRI of a partition: ``void#class-emkg-Dataset-dcterms-title``."""
    return own_iri("void#" + "-".join(key if isinstance(key, str) else _slug(key) for key in keys))


def _slug(term: Term) -> str:
    assert isinstance(term, NamedNode)
    name = curie(term)
    if name == term.value or not re.fullmatch(r"[\w.:-]+", name, re.ASCII):
        return hashlib.sha256(term.value.encode()).hexdigest()[:12]
    return name.replace(":", "-")
