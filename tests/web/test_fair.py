"""What an assessment of FAIR data asks of a dataset's page (FAIRsFAIR metrics v0.8), restated; on every dataset.

F-UJI itself is no part of the tests: it is a service of its own, and wants the network. What it measured is in docs/http.md.
A metric that asks for a fact holds exactly where the graph knows the fact: nothing is made up for a score.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from emkg.describe import document_path
from emkg.metadata.summaries import Summary
from emkg.rdf import RdfFormat, parse_quads
from emkg.vocab import DCAT, DCTERMS, PROV, RDF, curie, prefixes
from emkg.web.site import Site

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
HTML = {"Accept": "text/html"}
Record = dict[str, Any]


@pytest.fixture(scope="module")
def site(client: TestClient) -> Site:
    found = client.app.state.site  # type: ignore[attr-defined]
    assert isinstance(found, Site)
    return found


@pytest.fixture(scope="module")
def records(client: TestClient, site: Site) -> dict[Summary, Record]:
    """What a page without JavaScript tells a search engine."""
    found = {}
    for one in site.summaries:
        block = BLOCK.search(client.get(document_path(one.node), headers=HTML).text)
        assert block, one.slug
        found[one] = json.loads(block[1])
    return found


# F1: a globally unique, persistent identifier. w3id.org is a PID system; that it is registered is the operator's to do.
def test_f1_a_persistent_identifier(records: dict[Summary, Record]) -> None:
    for one, record in records.items():
        assert record["@id"] == one.node.value == record["identifier"][0] and one.node.value.startswith(
            "https://w3id.org/"
        )


# F2: rich metadata; R1.1 and A1: licence and conditions. Field → the fact that it needs.
FACTS: dict[str, Callable[[Summary], object]] = {
    "creator": lambda one: one.makers,
    "publisher": lambda one: one.hosts,
    "datePublished": lambda one: one.year,
    "license": lambda one: one.licences,
    "citation": lambda one: one.papers,
    "measurementTechnique": lambda one: one.techniques,
    "variableMeasured": lambda one: one.voxels or one.extents,
}


@pytest.mark.parametrize("field", FACTS)
def test_f2_a_field_stands_where_its_fact_is_known(records: dict[Summary, Record], field: str) -> None:
    known = [one for one in records if FACTS[field](one)]
    assert known, "no dataset tells it"
    assert [one for one, record in records.items() if field in record] == known


def test_f2_what_needs_no_fact_stands_everywhere(records: dict[Summary, Record]) -> None:
    for record in records.values():
        assert record["@type"] == "Dataset" and all(
            record[name] for name in ("name", "description", "keywords", "url", "conditionsOfAccess")
        )


# F3: the metadata tell where the data are. The graph's own record is a file with type and size, and so says what it is.
def test_f3_data_are_named_with_type_and_size(client: TestClient, records: dict[Summary, Record]) -> None:
    for one, record in records.items():
        urls = {download["contentUrl"] for download in record["distribution"]}
        assert urls >= {point.url.value for point in one.access}
        own = [
            download for download in record["distribution"] if download["contentUrl"].startswith("http://testserver/")
        ]
        assert len(own) == 2
        for download in own:
            answer = client.get(download["contentUrl"])
            assert answer.headers["content-type"].split(";")[0] == download["encodingFormat"]
            assert f"{len(answer.content)} B" == download["contentSize"]


# F4: search engines find it (schema.org in the page, a site map: test_selfdescription.py), and programs do (typed links).
# A1: metadata and data are retrieved by their identifier over HTTP, without asking who.
def test_a1_the_identifier_leads_to_page_and_data(client: TestClient, site: Site) -> None:
    for one in site.summaries:
        path = "/" + one.node.value.removeprefix(prefixes()["emr"].removesuffix("id/"))
        for accept in ("text/html", "text/turtle", "application/ld+json", "application/rdf+xml"):
            answer = client.get(path, headers={"Accept": accept}, follow_redirects=True)
            assert answer.status_code == 200 and answer.headers["content-type"].split(";")[0] == accept


def test_a1_open_data_say_so_in_words_that_programs_know(client: TestClient, records: dict[Summary, Record]) -> None:
    quads = parse_quads(client.get("/catalog.nt").content, RdfFormat.N_TRIPLES)
    public = {quad.subject for quad in quads if quad.predicate == DCTERMS.accessRights}
    assert public == {one.node for one, record in records.items() if record.get("isAccessibleForFree")}
    assert public and all(one.licences for one in records if one.node in public)


# I1, I2: metadata are RDF, in vocabularies that others know.
def test_i1_metadata_are_rdf_without_the_network(client: TestClient, records: dict[Summary, Record]) -> None:
    for one, record in records.items():
        embedded = parse_quads(json.dumps(record), RdfFormat.JSON_LD)
        served = parse_quads(client.get(f"{document_path(one.node)}.ttl").content, RdfFormat.TURTLE)
        assert any(quad.subject == one.node and quad.predicate == RDF.type for quad in embedded)
        spaces = {curie(quad.predicate).partition(":")[0] for quad in served}
        assert len(spaces & {"dcterms", "dcat", "cito", "prov", "skos", "rdfs", "foaf", "rdf"}) >= 3


# I3: links to other things, qualified.
def test_i3_related_things_are_linked_by_what_they_are(records: dict[Summary, Record]) -> None:
    for record in records.values():
        assert record["includedInDataCatalog"]["@id"] and record["isBasedOn"]


# R1.2: provenance. R1.3: a community standard (DCAT-AP: tests/metadata/test_dcat.py; Bioschemas).
def test_r1_provenance_and_community_standard(client: TestClient, records: dict[Summary, Record]) -> None:
    quads = parse_quads(client.get("/catalog.nt").content, RdfFormat.N_TRIPLES)
    derived = {quad.subject for quad in quads if quad.predicate == PROV.wasDerivedFrom}
    datasets = {quad.object for quad in quads if quad.predicate == DCAT.dataset}
    for one, record in records.items():
        assert one.node in derived & datasets
        assert "bioschemas.org/profiles/Dataset/1.0-RELEASE" in json.dumps(record[DCTERMS.conformsTo.value])
