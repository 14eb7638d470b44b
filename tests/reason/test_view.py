"""What the reasoner is given, and what it is spared."""

from __future__ import annotations

import pytest

from emkg.errors import ReasonerError
from emkg.ids import mint
from emkg.rdf import BlankNode, Literal, NamedNode, Triple
from emkg.reason.view import reasoning_view
from emkg.vocab import DCAT, EM, OWL, RDF, RDFS, ontology_quads


def kept(*facts: Triple) -> set[Triple]:
    """What the view holds because of these facts."""
    return set(reasoning_view(ontology_quads(), facts)) - set(reasoning_view(ontology_quads(), []))


VOLUME, OTHER = mint("volume", "h01"), mint("volume", "other")


@pytest.mark.parametrize(
    "fact",
    [
        Triple(VOLUME, EM.voxelX, Literal("8.0")),
        Triple(VOLUME, RDFS.label, Literal("H01")),
        Triple(VOLUME, EM.resampledFrom, OTHER),
        Triple(VOLUME, RDF.type, DCAT.Dataset),
        Triple(mint("claim", "x"), EM.about, VOLUME),
        Triple(EM.SEM, EM.acquiredBy, VOLUME),
    ],
    ids=str,
)
def test_left_out(fact: Triple) -> None:
    assert kept(fact) == set()


@pytest.mark.parametrize(
    "name", ["isSubVolumeOf", "acquiredBy", "hasSample", "hasVolume", "taxon", "region", "usesBeam"]
)
def test_relations_that_axioms_speak_of_are_kept_and_both_ends_declared(name: str) -> None:
    fact = Triple(VOLUME, EM[name], OTHER)
    declared = {Triple(node, RDF.type, OWL.NamedIndividual) for node in (VOLUME, OTHER)}
    assert kept(fact) == {fact} | declared


def test_a_technique_is_kept() -> None:
    node = mint("acquisition", "h01")
    fact = Triple(node, RDF.type, EM.ATUMmSEM)
    assert kept(fact) == {fact, Triple(node, RDF.type, OWL.NamedIndividual)}


def test_no_literal_no_annotation_and_every_name_declared() -> None:
    view = reasoning_view(ontology_quads(), [])
    assert not [triple for triple in view if isinstance(triple.object, Literal)]
    declared = {triple.subject for triple in view if triple.predicate == RDF.type}
    logical = {OWL.Class, OWL.ObjectProperty, OWL.NamedIndividual, OWL.Restriction, OWL.TransitiveProperty, RDF.nil}
    used = {node for triple in view for node in (triple.subject, triple.object) if isinstance(node, NamedNode)}
    assert used - declared <= logical
    assert {triple.object for triple in view if triple.predicate == RDFS.subClassOf} <= declared | used
    assert {EM.SEM, EM.isSubVolumeOf, EM.withinRegion} <= declared


def test_blank_nodes_among_the_facts_are_refused() -> None:
    with pytest.raises(ReasonerError, match="blank node"):
        kept(Triple(BlankNode(), EM.acquiredBy, VOLUME))


def test_the_order_of_the_input_does_not_matter() -> None:
    facts = [Triple(VOLUME, EM.isSubVolumeOf, OTHER), Triple(mint("acquisition", "h01"), RDF.type, EM.SEM)]
    forth, back = (reasoning_view(quads, facts) for quads in (ontology_quads(), ontology_quads()[::-1]))
    assert forth == back
