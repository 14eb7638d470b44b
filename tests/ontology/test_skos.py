"""Is the SKOS scheme the same tree as the inferred class hierarchy?"""

from __future__ import annotations

import pytest

from emkg.paths import ontology_dir
from emkg.rdf import Literal, NamedNode, Triple, read_quads, triples_of
from emkg.skos import concept_of, concept_scheme
from emkg.vocab import EM, RDF, RDFS, SKOS, iri

# What follows from the facets; the reasoner of record gives the same.
ABOVE = {
    "ImagingAcquisition": "",
    "ElectronMicroscopy": "ImagingAcquisition",
    "XRayMicroCT": "ImagingAcquisition",
    "SEM": "ElectronMicroscopy",
    "TEM": "ElectronMicroscopy",
    "STEM": "ElectronMicroscopy",
    "ElectronTomography": "ElectronMicroscopy",
    "SerialSectionEM": "ElectronMicroscopy",
    "BlockFaceEM": "SEM",
    "IonBeamSEM": "SEM",
    "MultiBeamSEM": "SEM",
    "ssSEM": "SEM SerialSectionEM",
    "SBFSEM": "BlockFaceEM",
    "FIBSEM": "BlockFaceEM IonBeamSEM",
    "EnhancedFIBSEM": "FIBSEM",
    "GCIBSEM": "IonBeamSEM ssSEM",
    "ATUMSEM": "ssSEM",
    "ATUMmSEM": "ATUMSEM MultiBeamSEM",
    "ssTEM": "SerialSectionEM TEM",
    "TEMCA": "ssTEM",
    "AutoTEM": "ssTEM",
    "GridTapeTEM": "ssTEM",
    "sET": "ElectronTomography TEM",
    "ssET": "ElectronTomography ssTEM",
}


def hierarchy() -> list[Triple]:
    return triples_of(read_quads(ontology_dir() / "inferred" / "hierarchy.ttl"))


def expected() -> list[Triple]:
    return [Triple(EM[name], RDFS.subClassOf, EM[wider]) for name, above in ABOVE.items() for wider in above.split()]


def broader(triples: list[Triple]) -> set[tuple[object, object]]:
    return {(triple.subject, triple.object) for triple in triples if triple.predicate == SKOS.broader}


def test_scheme_is_the_inferred_hierarchy() -> None:
    assert broader(concept_scheme(hierarchy())) == {
        (concept_of(EM[name]), concept_of(EM[wider])) for name, above in ABOVE.items() for wider in above.split()
    }


def test_closure_gives_the_same_scheme() -> None:
    """Indirect links are dropped, so a full closure and its reduction give one tree."""
    closure = [
        *expected(),
        Triple(EM.ATUMmSEM, RDFS.subClassOf, EM.SEM),
        Triple(EM.SBFSEM, RDFS.subClassOf, EM.ImagingAcquisition),
        Triple(EM.SEM, RDFS.subClassOf, EM.SEM),
    ]
    assert concept_scheme(closure) == concept_scheme(expected())


def test_order_of_input_does_not_matter() -> None:
    assert concept_scheme(reversed(expected())) == concept_scheme(expected())


def test_other_classes_are_left_out() -> None:
    more = [Triple(EM.DiamondKnife, RDFS.subClassOf, EM.Tool), Triple(EM.Dataset, RDFS.subClassOf, iri("dcat:Dataset"))]
    assert concept_scheme([*expected(), *more]) == concept_scheme(expected())


def test_one_concept_per_class() -> None:
    triples = concept_scheme(expected())
    concepts = {triple.subject for triple in triples if triple.predicate == RDF.type}
    assert concepts == {concept_of(EM[name]) for name in ABOVE}
    assert {(triple.subject, triple.object) for triple in triples if triple.predicate == EM.conceptOf} == {
        (concept_of(EM[name]), EM[name]) for name in ABOVE
    }
    for predicate in (SKOS.prefLabel, SKOS.definition, SKOS.inScheme):
        assert sorted(str(t.subject) for t in triples if t.predicate == predicate) == sorted(map(str, concepts))


def test_one_top_concept() -> None:
    tops = [triple for triple in concept_scheme(expected()) if triple.predicate == SKOS.hasTopConcept]
    assert tops == [Triple(EM.techniqueScheme, SKOS.hasTopConcept, iri("emt:ImagingAcquisition"))]


@pytest.mark.parametrize(
    ("name", "predicate", "value"),
    [
        ("SBFSEM", SKOS.notation, Literal("SBF-SEM")),
        ("SBFSEM", SKOS.altLabel, Literal("SBEM", language="en")),
        ("SBFSEM", SKOS.hiddenLabel, Literal("SEF-SEM", language="en")),
        ("ATUMmSEM", SKOS.notation, Literal("ATUM-mSEM")),
        ("ssET", EM.empiarExperimentType, Literal(13)),
        ("SBFSEM", EM.definingFacet, EM.DiamondKnife),
        ("SBFSEM", EM.definingFacet, EM.ScannedBeam),
        ("AutoTEM", EM.definingFacet, EM.ReelToReel),
        ("XRayMicroCT", EM.definingFacet, EM.XRayTransmission),
    ],
)
def test_concept_tells(name: str, predicate: NamedNode, value: Literal | NamedNode) -> None:
    assert Triple(iri(f"emt:{name}"), predicate, value) in concept_scheme(expected())


@pytest.mark.parametrize("name", ["ssTEM", "TEMCA", "AutoTEM", "GridTapeTEM", "SEM", "TEM"])
def test_no_empiar_code_where_empiar_has_none(name: str) -> None:
    told = {t.subject for t in concept_scheme(expected()) if t.predicate == EM.empiarExperimentType}
    assert iri(f"emt:{name}") not in told


def test_notations_and_labels_name_one_technique() -> None:
    named: dict[str, set[str]] = {}
    for triple in concept_scheme(expected()):
        if triple.predicate in (SKOS.notation, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel):
            named.setdefault(triple.object.value, set()).add(str(triple.subject))
    assert {text: subjects for text, subjects in named.items() if len(subjects) > 1} == {}
