"""The lists: what narrows them, what they count, every format, and that nothing in an address breaks them."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from emkg.graph import Graph
from emkg.rdf import RdfFormat, parse_quads
from emkg.vocab import RDF, SCHEMA
from emkg.web.indexes import INDEXES
from emkg.web.listing import FACETS, ORDERS, PAGE, Wish, list_datasets
from emkg.web.site import Site

HTML = {"Accept": "text/html"}


def slugs(client: TestClient, query: str) -> set[str]:
    return {line["slug"] for line in client.get(f"/datasets?{query}&format=json").json()}


@pytest.fixture(scope="module")
def site(client: TestClient) -> Site:
    found = client.app.state.site  # type: ignore[attr-defined]
    assert isinstance(found, Site)
    return found


# What each parameter of the address means, as a query that anybody can run.
MEANING = {
    "species=mouse": "?d emkg:taxon NCBITaxon:10090",
    "species=Mus+musculus": "?d emkg:taxon NCBITaxon:10090",
    "species=NCBITaxon:9606": "?d emkg:taxon NCBITaxon:9606",
    "technique=SEM": "?d emkg:technique emt:SEM",
    "technique=ATUM-mSEM": "?d emkg:technique emt:ATUMmSEM",
    "technique=BlockFaceEM": "?d emkg:technique emt:BlockFaceEM",
    "region=brain": "?d emkg:region/emkg:withinRegion* UBERON:0000955",
    "host=neuprint": "?d dcat:distribution/emkg:host <https://w3id.org/emkg/id/host/neuprint>",
    "licence=cc:by/4.0/": "?d dcterms:license <https://creativecommons.org/licenses/by/4.0/>",
    "licence=unknown": "?d emkg:licenceStatus emkg:licenceUnknown FILTER NOT EXISTS { ?d dcterms:license ?any }",
    "voxel_max=8": "?d emkg:hasVolume ?v . ?v emkg:voxelX ?x ; emkg:voxelY ?y ; emkg:voxelZ ?z FILTER(?x <= 8 && ?y <= 8 && ?z <= 8)",
    "species=mouse&technique=SEM": "?d emkg:taxon NCBITaxon:10090 ; emkg:technique emt:SEM",
}


@pytest.mark.parametrize("query", MEANING)
def test_a_parameter_means_what_its_query_says(client: TestClient, graph: Graph, query: str) -> None:
    rows = graph.select(f"SELECT DISTINCT ?d WHERE {{ ?d a emkg:Dataset . {MEANING[query]} }}").values()
    expected = {str(row[0]).rsplit("/", 1)[1] for row in rows}
    assert expected and slugs(client, query) == expected


def test_words(client: TestClient) -> None:
    assert "h01" in slugs(client, "q=human+temporal") and "h01" not in slugs(client, "q=mouse")
    assert slugs(client, "q=SHAPSON") == slugs(client, "q=shapson")
    assert slugs(client, "q=nothing+has+this+name") == set()


@pytest.mark.parametrize("sort", ORDERS)
def test_each_order_has_everything(client: TestClient, sort: str) -> None:
    listed = client.get("/datasets", params={"sort": sort, "format": "json"}).json()
    assert {line["slug"] for line in listed} == slugs(client, "")
    years = [int(line["year"]) for line in listed if line["year"]]
    assert sort not in ("year", "-year") or years == sorted(years, reverse=sort == "-year")


def test_a_facet_counts_what_choosing_it_would_leave(site: Site) -> None:
    listing = list_datasets(site.summaries, Wish.read({"technique": "SEM"}))
    for facet, choices in listing.choices:
        for choice in choices:
            left = list_datasets(site.summaries, Wish.read({"technique": "SEM", facet.name: choice.key})).found
            assert choice.count <= len(left) and left, (facet.name, choice)
            # A species or a host is counted itself; a technique or region is found by its narrower ones too.
            assert facet.name in ("technique", "region") or choice.count == len(left)


def test_every_choice_on_the_page_leads_to_datasets(client: TestClient) -> None:
    page = client.get("/datasets", headers=HTML).text
    for facet in FACETS:
        block = re.search(rf'<select id="f-{facet.name}".*?</select>', page, re.DOTALL)
        assert block, facet.name
        keys = re.findall(r'<option value="([^"]+)"', block[0])
        assert keys and all(client.get("/datasets", params={facet.name: key, "format": "json"}).json() for key in keys)


def test_pages(site: Site) -> None:
    many = [one for one in site.summaries for _ in range(10)]
    seen = []
    for number in range(1, 100):
        listing = list_datasets(many, Wish(page=number))
        seen += listing.shown
        if number == listing.pages:
            break
    assert len(seen) == len(many) and all(len(listing.shown) <= PAGE for listing in [listing])
    assert list_datasets(many, Wish(page=999)).page == listing.pages, "beyond the last page is the last"


def test_json_csv_and_jsonld_hold_the_same(client: TestClient) -> None:
    listed = client.get("/datasets?format=json").json()
    h01 = next(line for line in listed if line["slug"] == "h01")
    assert h01["species"][0]["id"].endswith("NCBITaxon_9606") and h01["techniques"][0]["label"] == "ATUM-mSEM"
    assert h01["techniques"][0]["id"].endswith("/technique/ATUMmSEM")
    answer = client.get("/datasets", headers={"Accept": "text/csv"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8" and b"\r\n" in answer.content
    assert len(rows) == len(listed)
    assert next(row for row in rows if row["dataset"] == "j0126")["voxel_nm"] == "9 × 9 × 20"
    quads = parse_quads(client.get("/datasets?format=jsonld").content, RdfFormat.JSON_LD)
    datasets = {quad.subject for quad in quads if quad.predicate == RDF.type and quad.object == SCHEMA.Dataset}
    assert len(datasets) == len(listed)


@pytest.mark.parametrize("name", INDEXES)
def test_the_other_lists(client: TestClient, name: str) -> None:
    page = client.get(f"/{name}", headers=HTML)
    listed = client.get(f"/{name}?format=json").json()
    rows = list(csv.DictReader(io.StringIO(client.get(f"/{name}", headers={"Accept": "text/csv"}).text)))
    assert page.status_code == 200 and listed and len(rows) == len(listed)
    assert [row["id"] for row in rows] == [line["id"] for line in listed]
    document = json.loads(client.get(f"/{name}", headers={"Accept": "application/ld+json"}).content)
    assert len(document["itemListElement"]) == len(listed)
    assert {line["id"] for line in listed if line["datasets"]}, "something here has a dataset"
    there = set(re.findall(r'href="(/datasets\?[^"]+)"', page.text))
    for target in there:
        assert client.get(target.replace("&amp;", "&") + "&format=json").json(), target
    assert there or name == "papers"


def test_counts_of_a_list_are_those_of_its_link(client: TestClient) -> None:
    for line in client.get("/techniques?format=json").json():
        if line["datasets"]:
            assert len(slugs(client, "technique=" + line["id"].rsplit("/", 1)[1])) == line["datasets"], line["name"]


def test_sources_tell_their_coverage(client: TestClient, site: Site) -> None:
    aed = next(line for line in client.get("/sources?format=json").json() if line["id"].endswith("/source/aed"))
    ours = [one for one in site.summaries if any(thing.node.value == aed["id"] for thing in one.sources)]
    assert aed["datasets"] == len(ours) and aed["its licence"][0]["label"] == "MIT"
    share = sum(1 for one in ours if one.species) / len(ours)
    assert aed["species"] == [f"{share:.0%}"] and re.fullmatch(r"\d{4}-\d\d-\d\d", aed["version"][0]["label"])


@pytest.mark.parametrize("path", ["/datasets", *(f"/{name}" for name in INDEXES)])
def test_what_is_not_offered(client: TestClient, path: str) -> None:
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406
    assert client.get(f"{path}?format=pdf").status_code == 406


def test_equal_wishes_are_one_document(client: TestClient) -> None:
    tags = {
        client.get(f"/datasets?{query}").headers["etag"]
        for query in ("species=mouse", "species=mouse&x=1", "species=+mouse")
    }
    assert len(tags) == 1
    assert client.get("/datasets?species=fly").headers["etag"] not in tags


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*(facet.name for facet in FACETS), "q", "sort", "page", "voxel_max"]), st.text(max_size=30)
    )
)
def test_no_address_breaks_it(client: TestClient, parameters: dict[str, str]) -> None:
    assert client.get("/datasets", params=parameters, headers=HTML).status_code == 200


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("10", Decimal(10)),
        ("1e1", Decimal(10)),
        ("0", None),
        ("-4", None),
        ("NaN", None),
        ("Infinity", None),
        ("ten", None),
    ],
)
def test_a_limit_is_a_positive_number(text: str, limit: Decimal | None) -> None:
    assert Wish.read({"voxel_max": text}).voxel_max == limit
