"""A dataset in short holds what the graph says, and the words made of it say no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from emkg.graph import Graph
from emkg.ids import mint
from emkg.metadata import words
from emkg.metadata.summaries import Summary, Thing, summaries
from emkg.rdf import NamedNode
from emkg.vocab import EM, curie, iri


@pytest.fixture(scope="module")
def found(graph: Graph) -> dict[str, Summary]:
    return {one.slug: one for one in summaries(graph, curie)}


def test_each_dataset_once(graph: Graph, found: dict[str, Summary]) -> None:
    rows = graph.select("SELECT DISTINCT ?d WHERE { ?d a emkg:Dataset }").values()
    assert {one.node.value for one in found.values()} == {row[0] for row in rows} and len(found) == len(rows)


def test_h01(found: dict[str, Summary]) -> None:
    h01 = found["h01"]
    assert [thing.short for thing in h01.techniques] == ["ATUM-mSEM"]
    assert {curie(thing.node) for thing in h01.all_techniques} >= {"emt:SEM", "emt:ElectronMicroscopy", "emt:ATUMmSEM"}
    assert [thing.node for thing in h01.species] == [iri("NCBITaxon:9606")] and "human" in (
        *h01.species[0].others,
        h01.species[0].short,
    )
    assert {curie(thing.node) for thing in h01.all_regions} > {curie(thing.node) for thing in h01.regions}
    assert words.lengths_text(h01.voxels[0]) == "4 × 4 × 33"
    assert h01.year == "2021" and h01.modified and h01.bytes == 1_400_000_000_000_000
    assert [curie(thing.node) for thing in h01.licences] == ["cc:by/4.0/"] and not h01.licence_unknown
    assert [thing.node for thing in h01.sources] == [mint("source", "aed")]


@pytest.mark.parametrize(
    ("field", "pattern"),
    [
        ("species", "?d emkg:taxon ?v"),
        ("papers", "?d cito:isDocumentedBy ?v"),
        ("creators", "?d dcterms:creator ?v"),
        ("licences", "?d dcterms:license|(dcat:distribution/dcterms:license) ?v"),
    ],
)
def test_fields_are_what_a_query_for_one_says(
    graph: Graph, found: dict[str, Summary], field: str, pattern: str
) -> None:
    for one in found.values():
        rows = graph.select(f"SELECT DISTINCT ?v WHERE {{ BIND({one.node} AS ?d) {pattern} }}").values()
        assert {thing.node.value for thing in getattr(one, field)} >= {row[0] for row in rows}, one.slug


def test_absent_is_absent(found: dict[str, Summary]) -> None:
    bare = found["segem"]
    assert not (bare.voxels or bare.extents or bare.licences or bare.access or bare.year or bare.techniques)
    assert not bare.licence_unknown, "that nobody looked is not that it is unknown"
    text = words.description(bare)
    assert "voxel" not in text and "species" not in text and len(text) >= 50


def test_an_institution_stands_in_for_people_who_are_not_named(found: dict[str, Summary]) -> None:
    lab, institute = (Thing(mint("agent", name), name) for name in ("lab", "institute"))
    given = replace(found["segem"], institutions=(institute,))
    assert given.makers == (institute,) and replace(given, creators=(lab,)).makers == (lab,)


def test_most_datasets_say_what_a_citation_needs_and_under_which_licence(whole: Graph) -> None:
    """Maker, year, keeper and licence: what F-UJI asks of a page (docs/http.md)."""
    known = [one.makers and one.year and one.hosts and one.licences for one in summaries(whole, curie)]
    assert len(known) > 2_000 and sum(map(bool, known)) > 0.8 * len(known)


def test_a_sources_own_words_win(found: dict[str, Summary]) -> None:
    given = replace(found["h01"], description="Words of a source that are longer than fifty characters, to be sure.")
    assert words.description(given) == given.description


def test_what_may_be_had_for_nothing(found: dict[str, Summary]) -> None:
    assert words.free(found["h01"]) and "everybody" in words.access_conditions(found["h01"])
    assert not words.free(found["j0126"]) and "No licence is known" in words.access_conditions(found["j0126"])


def test_a_form_that_is_no_content_type_keeps_its_name() -> None:
    assert words.media_type(Thing(EM.viewer, "viewer")) == EM.viewer.value


def test_no_dataset_no_summary() -> None:
    assert summaries(Graph(), lambda node: str(NamedNode(node.value))) == ()
