"""The curated claims: complete, decided once, and standing as the design notes decided."""

from __future__ import annotations

import re

import pytest

from emkg.rdf import Literal, NamedNode
from emkg.vocab import CITO, DCTERMS, EM, PROV, SKOS, prefixes
from tests.data_tests.curated import claims_about, described, literal_ranges, of_type, one, ours, single_valued, slug

ROW = re.compile(r"src/aed/be275e8/overview/0[1-9]$")
ONCE = (EM.about, EM.property, EM.claimedValue, EM.status, EM.rationale)


@pytest.mark.parametrize("claim", of_type(EM.Claim), ids=slug)
def test_a_claim_is_complete(claim: NamedNode) -> None:
    facts = described()[claim]
    assert [len(facts[predicate]) for predicate in ONCE] == [1] * len(ONCE)
    assert facts[EM.status][0] in {EM.accepted, EM.proposed, EM.disputed, EM.rejected, EM.superseded}
    sources = facts[DCTERMS.source] + facts[PROV.hadPrimarySource]
    assert sources and all(isinstance(source, NamedNode) for source in sources)
    assert all(ROW.search(row.value) for row in facts[PROV.hadPrimarySource])
    assert all(0 < float(value.value) <= 1 for value in facts[EM.confidence])


def test_at_most_one_value_is_accepted_where_one_holds() -> None:
    accepted = [claim for claim in of_type(EM.Claim) if one(claim, EM.status) == EM.accepted]
    single = single_valued()
    stated = [(one(claim, EM.about), one(claim, EM.property)) for claim in accepted]
    decided = [pair for pair in stated if pair[1] in single]
    assert len(decided) > 10
    assert len(decided) == len(set(decided))


def test_what_is_accepted_is_not_also_unsure() -> None:
    for claim in of_type(EM.Claim):
        sure = [float(value.value) for value in described()[claim][EM.confidence]]
        assert one(claim, EM.status) != EM.accepted or (sure and sure[0] >= 0.7), claim


def test_a_claimed_number_has_the_datatype_of_its_property() -> None:
    ranges = literal_ranges()
    numbers = [claim for claim in of_type(EM.Claim) if one(claim, EM.property) in ranges]
    assert len(numbers) > 30
    values = [(one(claim, EM.claimedValue), ranges[NamedNode(one(claim, EM.property).value)]) for claim in numbers]
    assert [value for value, datatype in values if not isinstance(value, Literal) or value.datatype != datatype] == []


def test_a_newer_claim_supersedes_one_that_says_so() -> None:
    links = [(claim, old) for claim in of_type(EM.Claim) for old in described()[claim][EM.supersedes]]
    assert links
    for claim, old in links:
        assert isinstance(old, NamedNode)
        assert (one(claim, EM.status), one(old, EM.status)) == (EM.accepted, EM.superseded)
        assert (one(claim, EM.about), one(claim, EM.property)) == (one(old, EM.about), one(old, EM.property))


@pytest.mark.parametrize(
    ("about", "prop", "value", "status"),
    [
        ("volume/j0126", EM.voxelX, "9.0", EM.accepted),
        ("volume/j0126", EM.voxelX, "10.0", EM.disputed),
        ("volume/h01", EM.voxelZ, "33.0", EM.accepted),
        ("volume/h01", EM.voxelZ, "30.0", EM.disputed),
        ("count/h01-cell", EM.value, "57000", EM.accepted),
        ("count/h01-cell", EM.value, "50000", EM.superseded),
        ("count/h01-synapse", EM.value, "150000000", EM.accepted),
        ("count/axonem-axon", EM.comparator, "ontology#atLeast", EM.accepted),
        ("count/j0126-skeleton-12", EM.countRole, "ontology#validationSet", EM.proposed),
        ("volume/axonem-m", EM.isSubVolumeOf, "id/volume/microns-l23", EM.proposed),
        ("distribution/microns-mm3-zenodo", EM.accessRole, "ontology#groundTruth", EM.accepted),
        ("distribution/kasthuri-vast", EM.accessRole, "ontology#softwarePage", EM.accepted),
        ("count/kasthuri-synapse", EM.countScope, "ontology#subVolumeScope", EM.accepted),
        ("volume/h01", EM.technique, "technique/ssTEM", EM.rejected),
        ("volume/j0126", EM.technique, "technique/FIBSEM", EM.rejected),
        ("volume/hemibrain", EM.technique, "technique/EnhancedFIBSEM", EM.proposed),
        ("volume/hemibrain", EM.gridX, "34427", EM.disputed),
        ("sample/mitoem-h", EM.region, "UBERON_0001870", EM.disputed),
        ("acquisition/microns-mm3", EM.collectsOn, "ontology#GridTape", EM.proposed),
        ("dataset/isbi-2012", CITO.isDocumentedBy, "10.1371/journal.pbio.1000502", EM.proposed),
    ],
)
def test_what_sources_dispute_stands_as_decided(about: str, prop: NamedNode, value: str, status: NamedNode) -> None:
    claims = claims_about(ours(about), prop)
    assert [one(claim, EM.status) for claim in claims if one(claim, EM.claimedValue).value.endswith(value)] == [status]


def test_sef_sem_is_a_proposed_reading_of_sbf_sem() -> None:
    (claim,) = claims_about(NamedNode(prefixes()["emt"] + "SBFSEM"), SKOS.hiddenLabel)
    assert (one(claim, EM.claimedValue).value, one(claim, EM.status)) == ("SEF-SEM", EM.proposed)
