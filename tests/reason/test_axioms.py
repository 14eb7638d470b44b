"""Axioms as the rules read them from RDF."""

from __future__ import annotations

import pytest

from emkg.errors import ReasonerError
from emkg.reason.axioms import And, Some, read_axioms
from emkg.vocab import EM


def test_a_definition_is_read_in_both_directions(view) -> None:
    axioms = read_axioms(view())
    defined = And(frozenset({EM.ImagingAcquisition, Some(EM.detectsSignal, EM.ElectronSignal)}))
    assert (EM.ElectronMicroscopy, defined) in axioms.subsumptions
    assert (defined, EM.ElectronMicroscopy) in axioms.subsumptions


def test_chains_transitivity_and_assertions(view) -> None:
    axioms = read_axioms(view("<volume/a> emkg:isSubVolumeOf <volume/b> . <acquisition/a> a emkg:SEM ."))
    assert ((EM.isSubVolumeOf, EM.acquiredBy), EM.acquiredBy) in axioms.chains
    assert ((EM.isSubVolumeOf, EM.isSubVolumeOf), EM.isSubVolumeOf) in axioms.chains
    assert [name for _, name in axioms.types] == [EM.SEM]
    assert EM.isSubVolumeOf in {role for _, role, _ in axioms.relations}


def test_disjoint_classes_are_pairs(view) -> None:
    planted = """[] a owl:AllDisjointClasses ; owl:members ( emkg:One emkg:Two emkg:Three ) .
        emkg:One a owl:Class . emkg:Two a owl:Class . emkg:Three a owl:Class ."""
    ours = {frozenset(pair) for pair in read_axioms(view()).disjoint}
    assert ours >= {frozenset({EM.SEM, EM.TEM}), frozenset({EM.BroadBeam, EM.ScannedBeam})}
    assert len({frozenset(pair) for pair in read_axioms(view(axioms=planted)).disjoint} - ours) == 3


def test_an_axiom_may_begin_with_an_expression(view) -> None:
    planted = """[ a owl:Restriction ; owl:onProperty emkg:usesBeam ; owl:someValuesFrom emkg:MultiBeam ]
        rdfs:subClassOf emkg:MultiBeamSEM ."""
    assert (Some(EM.usesBeam, EM.MultiBeam), EM.MultiBeamSEM) in read_axioms(view(axioms=planted)).subsumptions


REFUSED = {
    "emkg:usesBeam rdfs:range emkg:Beam .": "rdfs:range",
    "emkg:usesBeam rdfs:domain emkg:ImagingAcquisition .": "rdfs:domain",
    "emkg:usesBeam owl:inverseOf emkg:usesTool .": "owl:inverseOf",
    "emkg:usesBeam a owl:FunctionalProperty .": "owl:FunctionalProperty",
    "emkg:SEM owl:equivalentClass [ owl:unionOf ( emkg:TEM emkg:STEM ) ] .": "owl:unionOf",
    "emkg:SEM rdfs:subClassOf [ owl:onProperty emkg:usesBeam ; owl:allValuesFrom emkg:Beam ] .": "owl:allValuesFrom",
    "emkg:SEM rdfs:subClassOf [ owl:onProperty emkg:usesBeam ; owl:hasValue <facet/x> ] .": "owl:hasValue",
    "emkg:SEM rdfs:subClassOf [ owl:onProperty emkg:unknown ; owl:someValuesFrom emkg:Beam ] .": "no object property",
    "emkg:SEM rdfs:subClassOf [ owl:onProperty emkg:usesBeam ; owl:someValuesFrom emkg:Typo ] .": "emkg:Typo",
    "[] a owl:AllDisjointProperties ; owl:members ( emkg:usesBeam emkg:usesTool ) .": "owl:AllDisjointProperties",
}


@pytest.mark.parametrize("axioms", REFUSED)
def test_what_lies_outside_the_fragment_is_refused_by_name(view, axioms: str) -> None:
    with pytest.raises(ReasonerError, match=REFUSED[axioms]):
        read_axioms(view(axioms=axioms))
