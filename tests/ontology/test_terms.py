"""Is every term of the ontology complete, connected and ours?"""

from __future__ import annotations

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, URIRef

from emkg.vocab import base, prefixes

EM = rdflib.Namespace(prefixes()["emkg"])
OBO = rdflib.Namespace(prefixes()["obo"])
QUDT = rdflib.Namespace(prefixes()["qudt"])
SDO = rdflib.Namespace(prefixes()["schema"])
PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
DECLARATIONS = {OWL.Class, *PROPERTIES}
STUB_ONLY = {SKOS.broader, SKOS.prefLabel, SKOS.altLabel, SKOS.notation, SKOS.inScheme, SKOS.topConceptOf}


def own_terms(graph: rdflib.Graph) -> set[URIRef]:
    return {term for term in graph.subjects(RDF.type) if isinstance(term, URIRef) and str(term).startswith(str(EM))}


def hijacked(graph: rdflib.Graph) -> list[str]:
    """What is said of other people's terms beyond their kind: only marks of ours, and on stubs what a stub is made of.

    OOPS! P40, namespace hijacking.
    """
    found = []
    for subject, predicate, value in graph:
        if not isinstance(subject, URIRef) or str(subject).startswith(base()) or str(predicate).startswith(str(EM)):
            continue
        stub = (subject, RDF.type, SKOS.Concept) in graph
        kinds = {SKOS.Concept} if stub else DECLARATIONS
        if predicate == RDF.type and value in kinds:
            continue
        annotated = {RDFS.label, SKOS.exactMatch, OBO.IAO_0000116, rdflib.DCTERMS.source, *STUB_ONLY}
        if not (stub and predicate in annotated):
            found.append(f"{subject} {predicate} {value}")
    return sorted(found)


def test_no_term_of_others_is_defined(ontology: rdflib.Graph) -> None:
    assert hijacked(ontology) == []


@pytest.mark.parametrize(
    "fault",
    [
        "dcat:Dataset rdfs:subClassOf emkg:Dataset .",
        "dcterms:title rdfs:label 'Title'@en .",
        "obo:CL_0000540 a owl:Class .",
        "obo:CL_0000540 rdfs:subClassOf obo:CL_0000000 .",
        "prov:Entity owl:equivalentClass emkg:Claim .",
        "skos:broader rdfs:domain skos:Concept .",
    ],
)
def test_hijacking_is_caught(ontology: rdflib.Graph, fault: str) -> None:
    head = "".join(f"@prefix {name}: <{space}> .\n" for name, space in prefixes().items())
    assert hijacked(ontology + rdflib.Graph().parse(data=head + fault, format="turtle"))


@pytest.mark.parametrize("annotation", [RDFS.label, OBO.IAO_0000115, OBO.IAO_0000119, SKOS.example, RDFS.isDefinedBy])
def test_every_term_has(ontology: rdflib.Graph, annotation: URIRef) -> None:
    assert [term for term in sorted(own_terms(ontology)) if (term, annotation, None) not in ontology] == []


def test_every_subject_of_ours_is_typed(ontology: rdflib.Graph) -> None:
    subjects = {term for term in ontology.subjects() if str(term).startswith(str(EM))}
    assert subjects == own_terms(ontology)


def test_definitions_are_one_sentence(ontology: rdflib.Graph) -> None:
    for term, text in ontology.subject_objects(OBO.IAO_0000115):
        assert text[0].isupper() and text.endswith("."), f"{term}: {text}"
        assert text.count(". ") == 0, f"{term}: {text}"


def test_properties_are_connected(ontology: rdflib.Graph) -> None:
    """OOPS! P04, P11: each property tells what it is used on and what it leads to, by terms that exist."""
    properties = {term for kind in PROPERTIES for term in ontology.subjects(RDF.type, kind)} & own_terms(ontology)
    declared = own_terms(ontology)
    for term in properties:
        for hint in (SDO.domainIncludes, SDO.rangeIncludes):
            ends = list(ontology.objects(term, hint))
            assert ends, f"{term} has no {hint}"
            assert {end for end in ends if str(end).startswith(str(EM))} <= declared, f"{term}: {ends}"


def test_enumerations_have_members(ontology: rdflib.Graph) -> None:
    names = "Comparator AccessRole ClaimStatus ExtentKind CountRole CountScope TaxonStatus LicenceStatus"
    for name in names.split():
        assert len(set(ontology.subjects(RDF.type, EM[name]))) >= 2, name


def test_sizes_carry_the_agreed_unit(ontology: rdflib.Graph) -> None:
    """Voxels in nanometres, extents in micrometres: what the numbers in the data mean."""
    unit = prefixes()["unit"]
    for axis in "XYZ":
        assert list(ontology.objects(EM[f"voxel{axis}"], QUDT.hasUnit)) == [URIRef(unit + "NanoM")]
        assert list(ontology.objects(EM[f"extent{axis}"], QUDT.hasUnit)) == [URIRef(unit + "MicroM")]


def test_single_valued_marks_are_booleans_on_properties(ontology: rdflib.Graph) -> None:
    marked = dict(ontology.subject_objects(EM.singleValued))
    assert {EM.voxelX, EM.extentZ, EM.value, EM.taxon, EM.acquiredBy, rdflib.DCTERMS.title} <= set(marked)
    assert not {EM.hasVolume, EM.region, EM.hasCount} & set(marked)
    assert set(marked.values()) == {rdflib.Literal(True)}
    assert all(any((term, RDF.type, kind) in ontology for kind in PROPERTIES) for term in marked)
