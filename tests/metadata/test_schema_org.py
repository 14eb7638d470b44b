"""The record for search engines: what Bioschemas asks for where the graph knows it, and JSON that no page trips over."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emkg.graph import Graph
from emkg.metadata.schema_org import Record, dataset, in_page
from emkg.metadata.summaries import Summary, summaries
from emkg.rdf import RdfFormat, parse_quads
from emkg.vocab import RDF, SCHEMA, curie

REQUIRED = ("name", "description", "url", "identifier", "keywords")


@pytest.fixture(scope="module")
def found(graph: Graph) -> dict[str, Summary]:
    return {one.slug: one for one in summaries(graph, curie)}


@pytest.fixture(scope="module")
def h01(found: dict[str, Summary]) -> Summary:
    return found["h01"]


def test_bioschemas_minimum(found: dict[str, Summary]) -> None:
    for one in found.values():
        made = dataset(one)
        assert all(made[name] for name in REQUIRED), one.slug
        assert 50 <= len(made["description"]) <= 5000
        assert ("license" in made) == bool(one.licences), "a licence is stated where it is known, and only there"
        assert any("Dataset/1.0-RELEASE" in str(value) for value in made.values())


def test_it_is_rdf_without_the_network(found: dict[str, Summary]) -> None:
    quads = parse_quads(json.dumps(dataset(found["h01"])), RdfFormat.JSON_LD)
    assert any(q.subject == found["h01"].node and q.predicate == RDF.type and q.object == SCHEMA.Dataset for q in quads)
    assert {curie(q.predicate) for q in quads} >= {"schema:license", "schema:citation", "schema:variableMeasured"}


def test_what_nobody_says_is_left_out(found: dict[str, Summary]) -> None:
    made = dataset(found["segem"])
    assert not made.keys() & {"license", "creator", "publisher", "distribution", "datePublished", "isAccessibleForFree"}


def test_makers_are_persons_or_organisations(found: dict[str, Summary]) -> None:
    def kinds(slug: str) -> set[str]:
        return {one["@type"] for one in dataset(found[slug])["creator"]}

    assert kinds("drosophila-vnc") == {"Person"} and kinds("h01") == {"Organization"}


def test_an_institution_is_told_where_no_people_are(whole: Graph) -> None:
    (one,) = [one for one in summaries(whole, curie) if one.slug == "openorganelle-jrc-hela-1"]
    assert not one.creators
    assert [maker["@id"] for maker in dataset(one)["creator"]] == [thing.node.value for thing in one.institutions] != []


def test_the_record_is_named_as_what_it_is(found: dict[str, Summary]) -> None:
    last = dataset(found["h01"], [Record("http://x/h01.ttl", "Turtle", "text/turtle", 10)])["distribution"][-1]
    assert "no images" in last["name"] and last["contentSize"] == "10 B" and last["contentUrl"] == "http://x/h01.ttl"


@given(st.text(max_size=50))
def test_nothing_closes_the_script(h01: Summary, text: str) -> None:
    for title in (text, f"</script><script>{text}", "<!--<script>", "\u2028]]>"):
        made = in_page(dataset(replace(h01, title=title, description="")))
        assert not set("<>&\u2028\u2029") & set(made)
        assert json.loads(made).get("name", "") == title
