"""Does the header tell what FOOPS! asks (https://w3id.org/foops/catalogue), as far as that can be told offline?"""

from __future__ import annotations

import pytest
import rdflib
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, URIRef

from emkg.paths import ontology_dir
from emkg.rdf import RdfFormat, parse_quads, stable_blank_nodes, triples_of, write
from emkg.vocab import base, ontology_quads, prefixes

BIBO = rdflib.Namespace("http://purl.org/ontology/bibo/")
OBO = rdflib.Namespace("http://purl.obolibrary.org/obo/")
HEADER = URIRef(base() + "ontology")
SCHEMA = rdflib.Namespace("https://schema.org/")

# Test of FOOPS!, what it wants to know, the properties of its list that we use.
WANTED = [
    ("FIND1", "prefix", VANN.preferredNamespacePrefix),
    ("VER1", "version IRI", OWL.versionIRI),
    ("OM1", "title", DCTERMS.title),
    ("OM1", "description", DCTERMS.description),
    ("OM1", "licence", DCTERMS.license),
    ("OM1", "creator", DCTERMS.creator),
    ("OM1", "namespace", VANN.preferredNamespaceUri),
    ("OM2", "version", OWL.versionInfo),
    ("OM2", "created", DCTERMS.created),
    ("OM2", "citation", DCTERMS.bibliographicCitation),
    ("OM2", "contributor", DCTERMS.contributor),
    ("OM3", "publisher", DCTERMS.publisher),
    ("OM3", "status", BIBO.status),
    ("OM3", "source", DCTERMS.source),
    ("OM3", "issued", DCTERMS.issued),
    ("OM3", "modified", DCTERMS.modified),
    ("OM4.1", "licence", DCTERMS.license),
    ("OM5.1", "created", DCTERMS.created),
    ("OM5.2", "issued", DCTERMS.issued),
]
NOT_YET = [("OM3", "DOI", BIBO.doi), ("OM3", "logo", SCHEMA.logo)]
LATER = pytest.mark.xfail(strict=True, reason="is given at the first archived release")


@pytest.mark.parametrize(
    ("test", "what", "predicate"), [*WANTED, *(pytest.param(*row, marks=LATER) for row in NOT_YET)]
)
def test_header_tells(ontology: rdflib.Graph, test: str, what: str, predicate: URIRef) -> None:
    assert list(ontology.objects(HEADER, predicate)), f"{test}: the header lacks {what}"


def test_version_iri_is_unique_and_agrees() -> None:
    """VER1, with the convention of https://www.w3.org/TR/owl2-syntax/#Versioning_of_OWL_2_Ontologies."""
    graph = rdflib.Graph().parse(ontology_dir() / "emkg.ttl")
    version = graph.value(HEADER, OWL.versionIRI, any=False)
    assert version == URIRef(f"{HEADER}/{graph.value(HEADER, OWL.versionInfo)}") != HEADER
    assert str(version) in str(graph.value(HEADER, DCTERMS.bibliographicCitation))


def test_identifier_is_consistent(ontology: rdflib.Graph) -> None:
    """URI2: one ontology, whose namespace is its IRI and a hash; FIND1: the prefix is that of the prefix table."""
    assert list(ontology.subjects(RDF.type, OWL.Ontology)) == [HEADER]
    space = str(ontology.value(HEADER, VANN.preferredNamespaceUri))
    assert space == f"{HEADER}#" == prefixes()[str(ontology.value(HEADER, VANN.preferredNamespacePrefix))]


def test_licence_is_known(ontology: rdflib.Graph) -> None:
    """OM4.1: by IRI, and that of the file LICENSE beside it."""
    licence = ontology.value(HEADER, DCTERMS.license, any=False)
    assert isinstance(licence, URIRef)
    assert str(licence) in (ontology_dir() / "LICENSE").read_text("utf-8")


def test_vocabularies_are_reused(ontology: rdflib.Graph) -> None:
    """VOC1: metadata in known vocabularies; VOC2: classes and properties of other vocabularies stand in axioms."""
    spaces = {str(predicate).rpartition("/")[0] for predicate in ontology.predicates(HEADER)}
    assert {"http://purl.org/dc/terms", "http://purl.org/vocab/vann"} <= spaces
    reused = {str(above) for above in ontology.objects(None, RDFS.subClassOf) if isinstance(above, URIRef)}
    assert {prefixes()["dcat"] + "Dataset", prefixes()["prov"] + "Activity", prefixes()["sosa"] + "Sample"} <= reused


@pytest.mark.parametrize("kind", [OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty])
@pytest.mark.parametrize("annotation", [RDFS.label, OBO.IAO_0000115])
def test_terms_are_documented(ontology: rdflib.Graph, kind: URIRef, annotation: URIRef) -> None:
    """VOC3 labels, VOC4 definitions; ours are held in obo:IAO_0000115, which OBO tools read."""
    own = [term for term in ontology.subjects(RDF.type, kind) if str(term).startswith(f"{HEADER}#")]
    assert own
    assert [term for term in own if not list(ontology.objects(term, annotation))] == []


FORMATS = [RdfFormat.TURTLE, RdfFormat.RDF_XML, RdfFormat.JSON_LD, RdfFormat.N_TRIPLES]


@pytest.mark.parametrize("rdf_format", FORMATS, ids=lambda chosen: chosen.name)
def test_available_as_rdf(rdf_format: RdfFormat) -> None:
    """RDF1: the same graph comes back from each serialisation."""
    told = set(stable_blank_nodes(triples_of(ontology_quads())))
    again = parse_quads(write(told, rdf_format), rdf_format)
    assert set(stable_blank_nodes(triples_of(again))) == told


def test_stub_schemes_are_titled(ontology: rdflib.Graph) -> None:
    schemes = list(ontology.subjects(RDF.type, SKOS.ConceptScheme))
    assert len(schemes) == 5
    assert all(ontology.value(scheme, DCTERMS.title) for scheme in schemes)
