"""VoID, catalogue, site map and guidance for robots; and what is gone."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from emkg.formats import RDF_FORMATS
from emkg.graph import Graph
from emkg.ids import well_known_graphs
from emkg.metadata.dcat import catalog_iri
from emkg.metadata.void import dataset_iri
from emkg.rdf import RdfFormat, parse_quads
from emkg.vocab import DCAT, RDF, VOID
from emkg.web import selfdescription
from emkg.web.site import Site

HTML = {"Accept": "text/html"}
TRIPLES = [form for form in RDF_FORMATS if form.name not in ("trig", "nquads")]
NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture(scope="module")
def site(client: TestClient) -> Site:
    found = client.app.state.site  # type: ignore[attr-defined]
    assert isinstance(found, Site)
    return found


@pytest.mark.parametrize("form", TRIPLES, ids=lambda form: form.name)
@pytest.mark.parametrize("path", ["/void", "/.well-known/void", "/catalog"])
def test_every_format(client: TestClient, path: str, form) -> None:
    answer = client.get(path, headers={"Accept": form.media_type})
    assert answer.status_code == 200 and answer.headers["content-type"].split(";")[0] == form.media_type
    quads = parse_quads(answer.content, form.rdf)
    wanted = (catalog_iri(), DCAT.Catalog) if path == "/catalog" else (dataset_iri(), VOID.Dataset)
    assert any((quad.subject, quad.predicate, quad.object) == (wanted[0], RDF.type, wanted[1]) for quad in quads)
    if "." not in path:
        assert client.get(f"{path}.{form.suffix}").content == answer.content
    assert client.get(path, params={"format": form.name}).content == answer.content


def test_a_crawler_without_wishes_gets_rdf_and_a_browser_a_page(client: TestClient) -> None:
    for path in ("/.well-known/void", "/catalog"):
        assert client.get(path, headers={"Accept": "*/*"}).headers["content-type"].startswith("text/turtle")
        page = client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
        assert page.headers["content-type"].startswith("text/html") and "<h1>" in page.text


def test_void_is_what_the_store_holds(client: TestClient, graph: Graph) -> None:
    served = {quad.triple for quad in parse_quads(client.get("/void.nt").content, RdfFormat.N_TRIPLES)}
    held = {quad.triple for quad in graph.quads(well_known_graphs()["void"])}
    assert served < held and any(triple.predicate == VOID.classPartition for triple in served)


def test_the_site_map(client: TestClient, site: Site) -> None:
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    dated = {str(url.findtext("s:loc", "", NS)): url.findtext("s:lastmod", "", NS) for url in root.findall("s:url", NS)}
    assert len(dated) == len(root) > 100 and all(place.startswith("http://testserver/") for place in dated)
    for one in site.summaries:
        place = f"http://testserver/doc/dataset/{one.slug}"
        assert dated[place] == one.modified and re.fullmatch(r"\d{4}-\d\d-\d\d", one.modified)
        page = client.get(urlsplit(place).path, headers={"Accept": "*/*"})
        block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.DOTALL)
        assert block and json.loads(block[1])["@id"] == one.node.value, "a crawler finds the record in the page"
    for place in list(dated)[::7]:
        assert client.get(urlsplit(place).path, headers=HTML).status_code == 200, place


def test_many_addresses_are_several_maps(client: TestClient, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selfdescription, "LARGEST", 60)
    index = ElementTree.fromstring(client.get("http://other.example/sitemap.xml").content)
    places = [str(one.findtext("s:loc", "", NS)) for one in index.findall("s:sitemap", NS)]
    assert len(places) > 1 and places[0] == "http://other.example/sitemap-1.xml"
    listed = [
        url.findtext("s:loc", "", NS)
        for place in places
        for url in ElementTree.fromstring(client.get(place).content).findall("s:url", NS)
    ]
    assert len(listed) == len(set(listed)) == len(selfdescription.addresses(site))
    assert client.get(f"http://other.example/sitemap-{len(places) + 1}.xml").status_code == 404


def test_robots(client: TestClient) -> None:
    text = client.get("/robots.txt").text
    assert "Disallow: /sparql" in text and "Sitemap: http://testserver/sitemap.xml" in text
    for place in re.findall(r"http://testserver(/\S+)", text):
        assert client.get(place, follow_redirects=True).status_code == 200, place


def test_what_is_deprecated_is_gone_and_stays_readable(retired: TestClient) -> None:
    assert retired.get("/id/dataset/cremi").status_code == 303
    page = retired.get("/doc/dataset/cremi", headers=HTML)
    assert page.status_code == 410 and "deprecated" in page.text and 'href="/id/dataset/fafb"' in page.text
    data = retired.get("/doc/dataset/cremi.ttl")
    assert data.status_code == 410 and b"isReplacedBy" in data.content
    assert 'rel="successor-version"' in page.headers["link"]
    assert retired.get("/doc/dataset/fafb").status_code == 200


@pytest.mark.parametrize("path", ["/id/dataset/segem", "/doc/dataset/segem", "/doc/dataset/segem.ttl"])
def test_a_name_that_was_once_given_is_gone(retired: TestClient, client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (200, 303)
    answer = retired.get(path)
    assert answer.status_code == 410 and answer.json()["type"] == "/problems/Gone"
    assert retired.get(path.replace("segem", "nonesuch")).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/doc/dataset/../volume/axonem-h",
        "/id/dataset/h01/../../..",
        "/doc/dataset/h01//",
        "/doc//dataset/h01",
        "/doc/dataset/%2e%2e/h01",
    ],
)
def test_dots_and_slashes(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (200, 303, 404)


@pytest.mark.parametrize("length", [1_999, 2_001, 30_000])
def test_names_beyond_all_measure(client: TestClient, length: int) -> None:
    answer = client.get("/doc/dataset/" + "a" * length)
    assert answer.status_code == (414 if length + 13 > 2000 else 404)
