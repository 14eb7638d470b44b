"""The catalogue conforms to DCAT-AP 3.0.1: always to its mandatory rules in our own words, and to the official shapes
where EMKG_DCAT_AP_SHAPES names the folder that holds them (SEMICeu/DCAT-AP, releases/3.0.1).
"""

from __future__ import annotations

import os
from pathlib import Path

import pyshacl
import pytest
import rdflib

from emkg.graph import Graph
from emkg.metadata.dcat import catalog_iri, catalog_triples
from emkg.metadata.summaries import summaries
from emkg.rdf import RdfFormat, write
from emkg.vocab import curie, prefixes

SHAPES = os.environ.get("EMKG_DCAT_AP_SHAPES", "")
SH = rdflib.SH
# The profile's mandatory properties (its §5 and §6), and those that may stand once only.
RULES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix : <urn:x:> .
:Catalog a sh:NodeShape ; sh:targetClass dcat:Catalog ; sh:property
  [ sh:path dct:title ; sh:minCount 1 ; sh:nodeKind sh:Literal ] , [ sh:path dct:description ; sh:minCount 1 ; sh:nodeKind sh:Literal ] ,
  [ sh:path dct:publisher ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Agent ] , [ sh:path dcat:dataset ; sh:class dcat:Dataset ] ,
  [ sh:path dcat:service ; sh:class dcat:DataService ] , [ sh:path dct:license ; sh:maxCount 1 ; sh:class dct:LicenseDocument ] ,
  [ sh:path foaf:homepage ; sh:maxCount 1 ; sh:class foaf:Document ] , [ sh:path dct:modified ; sh:maxCount 1 ] .
:Dataset a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:property
  [ sh:path dct:title ; sh:minCount 1 ; sh:nodeKind sh:Literal ] , [ sh:path dct:description ; sh:minCount 1 ; sh:nodeKind sh:Literal ] ,
  [ sh:path dct:publisher ; sh:maxCount 1 ; sh:class foaf:Agent ] , [ sh:path dct:creator ; sh:class foaf:Agent ] ,
  [ sh:path dcat:keyword ; sh:nodeKind sh:Literal ] , [ sh:path dcat:landingPage ; sh:class foaf:Document ] ,
  [ sh:path foaf:page ; sh:class foaf:Document ] , [ sh:path dcat:distribution ; sh:class dcat:Distribution ] ,
  [ sh:path dct:accessRights ; sh:maxCount 1 ; sh:class dct:RightsStatement ] , [ sh:path dct:identifier ; sh:nodeKind sh:Literal ] ,
  [ sh:path dct:issued ; sh:maxCount 1 ] , [ sh:path dct:modified ; sh:maxCount 1 ] .
:Distribution a sh:NodeShape ; sh:targetClass dcat:Distribution ; sh:property
  [ sh:path dcat:accessURL ; sh:minCount 1 ; sh:nodeKind sh:IRI ] , [ sh:path dct:license ; sh:maxCount 1 ; sh:class dct:LicenseDocument ] ,
  [ sh:path dcat:byteSize ; sh:maxCount 1 ; sh:datatype xsd:nonNegativeInteger ] , [ sh:path dct:conformsTo ; sh:class dct:Standard ] ,
  [ sh:path dct:format ; sh:maxCount 1 ; sh:class dct:MediaTypeOrExtent ] .
:DataService a sh:NodeShape ; sh:targetClass dcat:DataService ; sh:property
  [ sh:path dct:title ; sh:minCount 1 ] , [ sh:path dcat:endpointURL ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
  [ sh:path dcat:servesDataset ; sh:class dcat:Dataset ] .
:Agent a sh:NodeShape ; sh:targetClass foaf:Agent ; sh:property [ sh:path foaf:name ; sh:minCount 1 ; sh:nodeKind sh:Literal ] .
"""


@pytest.fixture(scope="module")
def catalogue(graph: Graph) -> rdflib.Graph:
    triples = catalog_triples(summaries(graph, curie), "1.0", "2024-11-13")
    return rdflib.Graph().parse(data=write(triples, RdfFormat.N_TRIPLES, prefixes()), format="nt")


def violations(data: rdflib.Graph, shapes: rdflib.Graph) -> list[str]:
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False)
    faults = report.subjects(SH.resultSeverity, SH.Violation)
    return [f"{report.value(one, SH.focusNode)} {report.value(one, SH.resultPath)}" for one in faults]


def test_the_mandatory_rules(catalogue: rdflib.Graph) -> None:
    assert violations(catalogue, rdflib.Graph().parse(data=RULES, format="turtle")) == []


def test_the_rules_can_fail(catalogue: rdflib.Graph) -> None:
    broken = rdflib.Graph() + catalogue
    broken.remove((None, rdflib.DCTERMS.description, None))
    assert len(violations(broken, rdflib.Graph().parse(data=RULES, format="turtle"))) > 20


def official() -> list[str]:
    wanted = ("shacl/dcat-ap-SHACL.ttl", "shacl/ranges.ttl", "html/shacl/shapes.ttl", "html/shacl/range.ttl")
    return [name for name in wanted if SHAPES and (Path(SHAPES) / name).is_file()]


@pytest.mark.skipif(not SHAPES, reason="EMKG_DCAT_AP_SHAPES does not name the folder releases/3.0.1 of SEMICeu/DCAT-AP")
@pytest.mark.parametrize("name", official() or ["none"])
def test_the_official_shapes(catalogue: rdflib.Graph, name: str) -> None:
    assert name != "none", f"{SHAPES} holds none of the official shapes"
    shapes = rdflib.Graph().parse(Path(SHAPES) / name, format="turtle")
    for shape, property_ in list(shapes.subject_objects(SH.property)):
        if (property_, SH.path, None) not in shapes:  # two files of the release point at shapes that they do not define
            shapes.remove((shape, SH.property, property_))
    assert violations(catalogue, shapes) == []


def test_every_dataset_is_listed(graph: Graph, catalogue: rdflib.Graph) -> None:
    listed = set(catalogue.objects(rdflib.URIRef(catalog_iri().value), rdflib.DCAT.dataset))
    assert len(listed) == len(summaries(graph, curie)) + 1, "and the graph itself"
