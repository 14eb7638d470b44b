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
    return [*_head(version), *_statistics(graph), *_partitions(graph)]


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


def _statistics(graph: Graph) -> Iterator[Triple]:
    node = dataset_iri()
    counts = {
        "triples": "(COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
        "distinctSubjects": "(COUNT(DISTINCT ?s) AS ?n) WHERE { ?s ?p ?o }",
        "distinctObjects": "(COUNT(DISTINCT ?o) AS ?n) WHERE { ?s ?p ?o }",
        "properties": "(COUNT(DISTINCT ?p) AS ?n) WHERE { ?s ?p ?o }",
        "classes": "(COUNT(DISTINCT ?c) AS ?n) WHERE { ?s a ?c }",
        "entities": "(COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?c FILTER(ISIRI(?s)) }",
    }
    for name, query in counts.items():
        ((number,),) = graph.select(f"SELECT {query}").values()
        yield Triple(node, VOID[name], _number(number))
    used = (row[0] for row in graph.select("SELECT DISTINCT ?p WHERE { ?s ?p ?o }"))
    spaces = {curie(one).partition(":")[0] for one in used if isinstance(one, NamedNode)} & prefixes().keys()
    for prefix in sorted(spaces):
        # Our namespace itself names no term; the ontology does name itself.
        space = well_known_graphs()["ontology"] if prefix == "emkg" else NamedNode(prefixes()[prefix])
        yield Triple(node, VOID.vocabulary, space)


def _partitions(graph: Graph) -> Iterator[Triple]:
    node = dataset_iri()
    for (property_,), number in _rows(graph, "?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p"):
        part = _part("property", property_)
        yield Triple(node, VOID.propertyPartition, part)
        yield Triple(part, VOID.property, property_)
        yield Triple(part, VOID.triples, number)
    for (class_,), number in _rows(graph, "?c (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?c } GROUP BY ?c"):
        part = _part("class", class_)
        yield Triple(node, VOID.classPartition, part)
        yield Triple(part, VOID["class"], class_)
        yield Triple(part, VOID.entities, number)
    yield from _properties_of_classes(graph)


def _properties_of_classes(graph: Graph) -> Iterator[Triple]:
    for (class_, property_), number in _rows(graph, "?c ?p (COUNT(*) AS ?n) WHERE { ?s a ?c ; ?p ?o } GROUP BY ?c ?p"):
        part = _part("class", class_, property_)
        yield Triple(_part("class", class_), VOID.propertyPartition, part)
        yield Triple(part, VOID.property, property_)
        yield Triple(part, VOID.triples, number)
    objects = "?c ?p ?k (COUNT(*) AS ?n) WHERE { ?s a ?c ; ?p ?o . ?o a ?k } GROUP BY ?c ?p ?k"
    for (class_, property_, kind), number in _rows(graph, objects):
        part = _part("class", class_, property_, kind)
        yield Triple(_part("class", class_, property_), VOID.classPartition, part)
        yield Triple(part, VOID["class"], kind)
        yield Triple(part, VOID.triples, number)
    literals = "?c ?p ?k (COUNT(*) AS ?n) WHERE { ?s a ?c ; ?p ?o FILTER(ISLITERAL(?o)) BIND(DATATYPE(?o) AS ?k) } GROUP BY ?c ?p ?k"
    for (class_, property_, kind), number in _rows(graph, literals):
        part = _part("class", class_, property_, kind)
        yield Triple(_part("class", class_, property_), VOIDEXT.datatypePartition, part)
        yield Triple(part, VOIDEXT.datatype, kind)
        yield Triple(part, VOID.triples, number)


def _rows(graph: Graph, query: str) -> Iterator[tuple[list[NamedNode], Literal]]:
    """The rows of a count whose keys are all named, less those of schemas; the last column is the number."""
    hidden = tuple(prefixes()[prefix] for prefix in _OF_SCHEMAS)
    for *keys, number in sorted(graph.select(f"SELECT {query}"), key=str):
        named = [key for key in keys if isinstance(key, NamedNode)]
        schema = "?c" in query and named and named[0].value.startswith(hidden)
        if len(named) == len(keys) and not schema and number is not None:
            yield named, _number(number.value)


def _number(text: str | None) -> Literal:
    return Literal(str(int(text or 0)), datatype=XSD.integer)


def _part(*keys: str | Term) -> NamedNode:
    """The IRI of a partition: ``void#class-emkg-Dataset-dcterms-title``."""
    return own_iri("void#" + "-".join(key if isinstance(key, str) else _slug(key) for key in keys))


def _slug(term: Term) -> str:
    assert isinstance(term, NamedNode)
    name = curie(term)
    if name == term.value or not re.fullmatch(r"[\w.:-]+", name, re.ASCII):
        return hashlib.sha256(term.value.encode()).hexdigest()[:12]
    return name.replace(":", "-")
