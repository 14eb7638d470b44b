"""The merge into `current`: which value holds, and who said the others."""

from __future__ import annotations

from random import Random

import pytest

from emkg.ids import graph_iri, mint
from emkg.merge import merge
from emkg.rdf import Literal, NamedNode, Quad, Term, Triple
from emkg.vocab import DCTERMS, EM, PROV, RDF, XSD

VOLUME = mint("volume", "j0126")
CURATED, META = graph_iri("curated"), graph_iri("meta")
OLD, NEW = graph_iri("src", "aed", "e69e236", "overview", "04"), graph_iri("src", "aed", "be275e8", "overview", "04")


def nm(text: str) -> Literal:
    return Literal(text, datatype=XSD.decimal)


def versions() -> list[Quad]:
    quads = []
    for graph, slug, day in ((OLD, "aed-e69e236", "2022-07-29"), (NEW, "aed-be275e8", "2022-12-12")):
        version = mint("source-version", slug)
        quads.append(Quad(graph, EM.inVersion, version, META))
        quads.append(Quad(version, DCTERMS.issued, Literal(day, datatype=XSD.date), META))
    return quads


def claim(slug: str, value: Term, status: NamedNode, prop: NamedNode | None = None) -> list[Quad]:
    node = mint("claim", slug)
    pairs = [
        (RDF.type, EM.Claim),
        (EM.about, VOLUME),
        (EM.property, prop or EM.voxelX),
        (EM.claimedValue, value),
        (EM.status, status),
    ]
    return [Quad(node, predicate, object_, CURATED) for predicate, object_ in pairs]


def values(quads: list[Quad], prop: NamedNode | None = None) -> set[str]:
    prop = prop or EM.voxelX
    return {t.object.value for t in merge(quads).triples if t.subject == VOLUME and t.predicate == prop}


STATED = [Quad(VOLUME, EM.voxelX, nm("9.0"), OLD), Quad(VOLUME, EM.voxelX, nm("10.0"), NEW)]


@pytest.mark.parametrize(
    "extra, expected",
    [
        ([], "10.0"),
        ([Quad(VOLUME, EM.voxelX, nm("11.0"), CURATED)], "11.0"),
        (claim("a", nm("9.0"), EM.accepted), "9.0"),
        ([Quad(VOLUME, EM.voxelX, nm("11.0"), CURATED), *claim("a", nm("12.0"), EM.accepted)], "12.0"),
        (claim("a", nm("9.0"), EM.disputed), "10.0"),
        (claim("a", nm("9.0"), EM.proposed), "10.0"),
        (claim("a", nm("10.0"), EM.rejected), "9.0"),
    ],
    ids=["newest-source", "curated", "accepted-claim", "claim-over-curated", "disputed", "proposed", "rejected"],
)
def test_which_value_holds(extra: list[Quad], expected: str) -> None:
    assert values([*versions(), *STATED, *extra]) == {expected}


def test_many_valued_properties_take_the_union_and_lose_what_is_rejected() -> None:
    regions = [NamedNode(f"http://example.org/region/{name}") for name in "abc"]
    quads = [Quad(VOLUME, EM.region, regions[0], OLD), Quad(VOLUME, EM.region, regions[1], NEW)]
    quads += claim("a", regions[0], EM.rejected, EM.region) + claim("b", regions[2], EM.accepted, EM.region)
    assert values(quads, EM.region) == {regions[1].value, regions[2].value}


def test_a_conflict_tells_who_states_what() -> None:
    decisions = merge([*versions(), *STATED]).decisions
    status = {t.subject: t.object for t in decisions if t.predicate == EM.status}
    graphs = {t.subject: t.object for t in decisions if t.predicate == PROV.wasDerivedFrom}
    assert {(graphs[node], status[node]) for node in status} == {(OLD, EM.superseded), (NEW, EM.accepted)}


def test_a_curator_s_own_claim_is_not_written_twice() -> None:
    decisions = merge([*versions(), *STATED, *claim("a", nm("9.0"), EM.accepted)]).decisions
    assert {t.object.value for t in decisions if t.predicate == EM.claimedValue} == {"10.0"}


def test_another_wording_is_no_conflict() -> None:
    words = [Quad(VOLUME, EM.statedExtent, Literal(text), graph) for text, graph in (("30×30", OLD), ("30x30", NEW))]
    assert values([*versions(), *words], EM.statedExtent) == {"30x30"}
    assert not merge([*versions(), *words]).decisions


def test_agreement_is_no_conflict() -> None:
    same = [Quad(VOLUME, EM.voxelX, nm("9.0"), graph) for graph in (OLD, NEW)]
    merged = merge([*versions(), *same])
    assert not merged.decisions and Triple(VOLUME, EM.voxelX, nm("9.0")) in merged.triples


def test_the_order_of_the_quads_does_not_matter() -> None:
    quads = [*versions(), *STATED, *claim("a", nm("9.0"), EM.disputed)]
    expected = merge(quads)
    Random(7).shuffle(quads)
    assert set(merge(quads).triples) == set(expected.triples) and set(merge(quads).decisions) == set(expected.decisions)
