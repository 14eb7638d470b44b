"""Links between records: exact where evidence pairs one with one, related otherwise, proposed where they are merely alike."""

from __future__ import annotations

import json
import os
from itertools import combinations
from pathlib import Path

import pytest

from emkg.graph import Graph
from emkg.ids import doi_iri, mint
from emkg.linking import link, told
from emkg.linking.candidates import LEAST_SCORE, candidates, score
from emkg.linking.evidence import Link, links_by_evidence
from emkg.linking.profile import Profile, keys, profiles
from emkg.rdf import NamedNode, RdfFormat, Triple, parse_quads, triples_of
from emkg.vocab import EM, PROV, RDF, SKOS, curie, iri, prefixes

CORPORA = Path(os.environ.get("EMKG_CORPORA", Path(__file__).resolve().parents[3] / "shared" / "corpora"))


def parsed(turtle: str) -> list[Triple]:
    head = "".join(f"@prefix {name}: <{space}> .\n" for name, space in prefixes().items())
    return triples_of(parse_quads(f"{head}@base <{prefixes()['emr']}> .\n{turtle}", RdfFormat.TURTLE))


def relations(turtle: str) -> dict[frozenset[str], str]:
    """The two slugs → the relation that evidence asserts."""
    found = links_by_evidence(profiles(parsed(turtle)))
    return {frozenset(node.value.rsplit("/", 1)[1] for node in one.ends): curie(one.relation) for one in found}


EMPIAR = (
    '<dataset/empiar-10310> a emkg:Dataset ; dcterms:title "Worm" ; '
    'emkg:inRepository <resource/empiar> ; dcterms:identifier "EMPIAR-10310" .'
)
BIA = EMPIAR.replace("dataset/empiar-10310", "dataset/bia-1").replace("resource/empiar", "resource/bia")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("EMPIAR-10392", "EMPIAR-10392"),
        ("https://www.ebi.ac.uk/empiar/EMPIAR-10392/", "EMPIAR-10392"),
        ("https://ftp.ebi.ac.uk/empiar/world_availability/10392/data/", "EMPIAR-10392"),
        ("10.6019/empiar-10392", "EMPIAR-10392"),
        ("https://empiar.org/10392", "EMPIAR-10392"),
        ("s3://janelia-cosem-datasets/jrc_hela-2/jrc_hela-2.n5/em", "openorganelle:jrc_hela-2"),
        ("https://openorganelle.janelia.org/datasets/jrc_hela-2", "openorganelle:jrc_hela-2"),
        ("https://cryoetdataportal.czscience.com/datasets/10001", "cryoet:10001"),
        ("https://bossdb.org/project/kasthuri2015", "bossdb:kasthuri2015"),
        ("https://doi.org/10.5281/zenodo.5760218", "zenodo:5760218"),
        ("10.7295/w9cil39341", "CIL:39341"),
    ],
)
def test_an_archive_is_known_by_every_form_of_its_accessions(text: str, key: str) -> None:
    assert {one for _, one in keys(text)} == {key}


@pytest.mark.parametrize(
    "text", ["EMPIAR-103921", "10392", "jrc hela 2", "https://bossdb.org/", "idr12345", "a 12345 nm"]
)
def test_what_is_no_accession_is_not_taken_for_one(text: str) -> None:
    assert keys(text) == set()


def test_one_accession_pairs_one_with_one() -> None:
    assert relations(EMPIAR + BIA) == {frozenset(("empiar-10310", "bia-1")): "skos:exactMatch"}


def test_two_records_of_one_repository_are_no_exact_match_of_a_third() -> None:
    found = relations(EMPIAR + BIA + BIA.replace("bia-1", "bia-2"))
    assert set(found.values()) == {"skos:relatedMatch"} and len(found) == 3


def test_a_reference_within_a_repository_relates() -> None:
    other = EMPIAR.replace("empiar-10310", "empiar-10311").replace(
        'dcterms:identifier "EMPIAR-10310"', 'dcterms:identifier "EMPIAR-10311" ; emkg:relatedAccession "EMPIAR-10310"'
    )
    assert relations(EMPIAR + other) == {frozenset(("empiar-10310", "empiar-10311")): "skos:relatedMatch"}


def test_two_that_name_a_third_say_nothing_of_one_another() -> None:
    naming = BIA.replace('dcterms:identifier "EMPIAR-10310"', 'emkg:relatedAccession "EMPIAR-10310"')
    found = relations(EMPIAR + naming + naming.replace("bia-1", "list-1").replace("resource/bia", "resource/list"))
    assert frozenset(("bia-1", "list-1")) not in found
    assert found[frozenset(("empiar-10310", "bia-1"))] == "skos:exactMatch"


def test_exact_matches_never_join_two_records_of_one_repository_by_a_third() -> None:
    """bia-1 = empiar-10310 by accession and bia-2 = empiar-10310 by DOI would make bia-1 and bia-2 one."""
    doi = ' <dataset/empiar-10310> emkg:doi "10.1/x" . '
    second = '<dataset/bia-2> a emkg:Dataset ; dcterms:title "Other" ; emkg:inRepository <resource/bia> ; emkg:doi "10.1/x" .'
    found = links_by_evidence(profiles(parsed(EMPIAR + BIA + doi + second)))
    assert sorted(curie(one.relation) for one in found) == ["skos:exactMatch", "skos:relatedMatch"]


def test_statements_name_evidence_both_ways_and_pair_the_images() -> None:
    points = (
        "<dataset/empiar-10310> dcat:distribution <distribution/e> . "
        "<distribution/e> emkg:accessRole emkg:imageFiles ; dcat:accessURL <https://a.org/1> ."
        "<dataset/bia-1> dcat:distribution <distribution/b> . "
        "<distribution/b> emkg:accessRole emkg:rawImage ; dcat:accessURL <https://b.org/1> ."
    )
    found = set(link(parsed(EMPIAR + BIA + points)))
    one, other = mint("dataset", "empiar-10310"), mint("dataset", "bia-1")
    node = mint("link", "bia-1-empiar-10310")
    assert {Triple(one, SKOS.exactMatch, other), Triple(other, SKOS.exactMatch, one)} <= found
    assert Triple(node, EM.evidence, EM.sharedAccession) in found and Triple(node, EM.status, EM.accepted) in found
    assert Triple(mint("distribution", "e"), PROV.alternateOf, mint("distribution", "b")) in found
    assert not any("sameAs" in str(triple.predicate) for triple in found)


def alike(slug: str, repository: str, **more: object) -> Profile:
    made = Profile(mint("dataset", slug), "Mitochondria of the zebra finch", repository)
    for name, value in more.items():
        setattr(made, name, value)
    return made


def test_likeness_is_proposed_with_a_score_and_never_asserted() -> None:
    paper, taxon = {doi_iri("10.1/p")}, {iri("NCBITaxon:59729")}
    known = {
        one.node: one
        for one in (
            alike("a", "x", papers=paper, taxa=taxon, voxel=(9.0, 9.0, 20.0)),
            alike("b", "y", papers=paper, taxa=taxon, voxel=(9.0, 9.0, 20.0)),
        )
    }
    (found,) = candidates(known, set())
    assert found.score is not None and found.score >= LEAST_SCORE
    assert candidates(known, {found.ends}) == []
    text = told(Link(found.ends, found.relation, found.evidence))
    assert "one paper" in text and "one species" in text


def test_a_contradiction_counts_against_likeness() -> None:
    here = alike("a", "x", taxa={iri("NCBITaxon:59729")})
    assert score(here, alike("b", "y", taxa={iri("NCBITaxon:10090")})) < score(here, alike("b", "y"))


# The graph that is shipped, and the index that was made of the same corpora by other means.


def test_links_of_the_shipped_graph_hold_together(whole: Graph) -> None:
    """Symmetric; no exact match inside a repository; no repository twice in what exact matches join."""
    assert (
        whole.ask(
            "ASK { ?a skos:exactMatch ?b ; a emkg:Dataset . ?b a emkg:Dataset FILTER NOT EXISTS { ?b skos:exactMatch ?a } }"
        )
        is False
    )
    twice = whole.select(
        "SELECT ?a ?b WHERE { ?a a emkg:Dataset ; skos:exactMatch+ ?b ; emkg:inRepository ?r . ?b emkg:inRepository ?r FILTER (?a != ?b) }"
    )
    assert twice.values() == []
    assert (
        whole.ask("ASK { ?l a emkg:Link ; emkg:status emkg:accepted FILTER NOT EXISTS { ?l emkg:evidenceValue ?v } }")
        is False
    )
    assert not whole.ask(
        "ASK { ?l a emkg:Link ; emkg:status emkg:proposed ; emkg:linkFrom ?a ; emkg:linkTo ?b . ?a skos:exactMatch ?b }"
    )


def test_every_accession_of_the_index_is_linked(whole: Graph) -> None:
    """Wherever two of our records carry or name one EMPIAR accession of the index, a link joins them."""
    index = CORPORA / "derived" / "empiar_accession_index.json"
    if not index.is_file():
        pytest.skip("no corpora: give their folder by EMKG_CORPORA")
    known = profiles(triples_of(whole.quads(NamedNode(prefixes()["emg"] + "current"))))
    linked = {one.ends for one in links_by_evidence(known)}
    checked = 0
    for accession in json.loads(index.read_text(encoding="utf-8")):
        key = ("empiar", accession)
        own = {node for node, profile in known.items() if key in profile.own}
        named = {node for node, profile in known.items() if key in profile.named}
        pairs = {frozenset(pair) for pair in combinations(own, 2)} | {
            frozenset((a, b)) for a in own for b in named - own
        }
        assert pairs <= linked, accession
        checked += bool(pairs)
    assert checked >= 20


def test_types_of_links_are_said(whole: Graph) -> None:
    assert whole.ask(f"ASK {{ ?l a {EM.Link} ; {RDF.type} ?t }}")
