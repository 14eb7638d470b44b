"""Things and their documents: 303, every format, links, validators, and names that nobody has."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from emkg.describe import describe
from emkg.exports import all_exports
from emkg.formats import HTML
from emkg.graph import Graph
from emkg.ids import doi_iri, graph_iri, mint, to_path
from emkg.rdf import NamedNode, RdfFormat, parse_quads, triples_of
from emkg.web.entity import document_path
from emkg.web.selfdescription import addresses

OFFERED = [HTML, *(export.format for export in all_exports().values() if export.per_dataset and not export.options)]
HTML_ONLY = {"Accept": "text/html"}
THINGS = (
    "/id/dataset/h01",
    "/id/volume/axonem-h",
    "/id/claim/j0126-voxelx-10",
    "/id/paper/10.1126/science.adk4858",
    "/id/source-row/aed-be275e8-overview-03",
    "/technique/SEM",
    "/graph/src/aed/be275e8/overview/03",
)


@pytest.mark.parametrize("path", THINGS)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_thing_is_elsewhere(client: TestClient, path: str, method: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 303
    there = answer.headers["location"]
    assert there == "/doc/" + path.removeprefix("/id/").removeprefix("/")
    for accept in ("text/html", "text/turtle", "application/ld+json"):
        assert client.request(method, there, headers={"Accept": accept}).status_code == 200


def test_the_wish_for_a_format_survives_the_redirect(client: TestClient) -> None:
    assert client.get("/id/dataset/h01?format=ttl").headers["location"] == "/doc/dataset/h01?format=ttl"


@pytest.mark.parametrize("form", OFFERED, ids=lambda form: form.name)
def test_every_format_three_ways(client: TestClient, form) -> None:
    by_suffix = client.get(f"/doc/dataset/h01.{form.suffix}")
    by_parameter = client.get("/doc/dataset/h01", params={"format": form.name})
    by_accept = client.get("/doc/dataset/h01", headers={"Accept": form.media_type})
    for answer in (by_suffix, by_parameter, by_accept):
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] == form.media_type
        assert answer.headers["vary"] == "Accept, Accept-Encoding"
        assert answer.content == by_suffix.content
        assert f'<{mint("dataset", "h01").value}>; rel="describes"' in answer.headers["link"]
        for other in OFFERED:
            assert (
                f'</doc/dataset/h01.{other.suffix}>; rel="alternate"; type="{other.media_type}"'
                in answer.headers["link"]
            )


@pytest.mark.parametrize("slug", ["h01", "axonem", "j0126", "isbi-2012"])
def test_turtle_is_the_description(client: TestClient, graph: Graph, slug: str) -> None:
    found = parse_quads(client.get(f"/doc/dataset/{slug}.ttl").content, RdfFormat.TURTLE)
    assert set(triples_of(found)) == set(describe(graph, [mint("dataset", slug)]))


def test_plain_json_reads_as_json(client: TestClient) -> None:
    h01 = client.get("/doc/dataset/h01.json").json()
    assert h01["title"] == "H01" and h01["volumes"][0]["voxelX"] == 4


@pytest.mark.parametrize("suffix", ["", ".html", ".ttl", ".jsonld"])
def test_a_strong_validator(client: TestClient, suffix: str) -> None:
    path = f"/doc/dataset/h01{suffix}"
    first = client.get(path, headers=HTML_ONLY)
    tag = first.headers["etag"]
    assert re.fullmatch(r'"[0-9a-f]+-(zstd|br|gzip)"', tag)
    for held in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(path, headers={**HTML_ONLY, "If-None-Match": held})
        assert again.status_code == 304 and not again.content
        assert again.headers["etag"] == tag and again.headers["vary"] == "Accept, Accept-Encoding"
        assert "link" in again.headers
    assert client.get(path, headers={**HTML_ONLY, "If-None-Match": '"other"'}).status_code == 200


def test_no_two_documents_share_a_validator(client: TestClient) -> None:
    paths = [f"/doc/dataset/{slug}.{form.suffix}" for slug in ("h01", "axonem") for form in OFFERED]
    tags = [client.get(path).headers["etag"] for path in paths]
    assert len(set(tags)) == len(paths)


def test_head_is_get_without_body(client: TestClient) -> None:
    got, headed = client.get("/doc/dataset/h01.ttl"), client.head("/doc/dataset/h01.ttl")
    assert headed.content == b"" and {**headed.headers} == {**got.headers}


@pytest.mark.parametrize(
    "path",
    [
        "/id/dataset/nonesuch",
        "/id/nokind/h01",
        "/id/dataset/",
        "/id/dataset/h01.docx",
        "/doc/dataset/h01.docx",
        "/doc/dataset/nonesuch.ttl",
        "/doc/dataset/.ttl",
        "/doc/dataset/h01%00",
        "/doc/dataset/%3Cscript%3E",
        "/doc/dataset/%FF%FE",
        "/doc/dataset/%E2%82%AC%20%22",
        "/doc/dataset/..%2F..%2Fetc%2Fpasswd",
        "/doc/dataset/h01%0D%0AX-Evil:%20yes",
        "/doc/paper/10.1/%3E%20%3C",
        "/doc/technique/%7B%7D",
        "/doc/graph/nonesuch",
        "/doc/nokind/x",
        "/technique/nonesuch",
    ],
)
def test_nobody_has_this_name(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    page = client.get(path, headers=HTML_ONLY)
    assert page.status_code == 404 and "<script>" not in page.text


def test_406_carries_the_offer(client: TestClient) -> None:
    answer = client.get("/doc/dataset/h01", headers={"Accept": "image/png"})
    assert answer.status_code == 406 and answer.headers["vary"] == "Accept"
    assert "text/turtle" in answer.json()["repair"]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_no_path_breaks_it(client: TestClient, text: str) -> None:
    encoded = quote(text.encode("utf-8", "surrogatepass"), safe="/%.:;,()'")
    assert client.get(f"/doc/dataset/{encoded}").status_code < 500
    assert client.get(f"/id/{encoded}").status_code < 500


def test_document_paths() -> None:
    assert document_path(mint("dataset", "h01")) == "/doc/dataset/h01"
    assert document_path(doi_iri("10.7554/eLife.57443")) == "/doc/paper/10.7554/elife.57443"
    assert document_path(graph_iri("curated")) == "/doc/graph/curated"


def test_every_thing_of_ours_has_a_page(client: TestClient, graph: Graph) -> None:
    """One of each kind, and every dataset."""
    rows = graph.select("SELECT (SAMPLE(?s) AS ?one) WHERE { ?s a ?class FILTER(ISIRI(?s)) } GROUP BY ?class")
    nodes = [row[0] for row in rows] + [row[0] for row in graph.select("SELECT ?d WHERE { ?d a emkg:Dataset }")]
    paths = {path for node in nodes if isinstance(node, NamedNode) and (path := to_path(node)) and "#" not in path}
    assert len(paths) > 30
    for path in sorted(paths):
        if path.startswith(("/id/", "/technique/", "/graph/")):
            page = client.get(path, headers=HTML_ONLY, follow_redirects=True)
            assert page.status_code == 200, path
            assert "<h1>" in page.text


def test_links_of_a_page_lead_somewhere(client: TestClient) -> None:
    page = client.get("/doc/dataset/axonem", headers=HTML_ONLY).text
    targets = {found for found in re.findall(r'href="(/[^"#]*)', page) if not found.startswith("/static")}
    assert any(target.startswith("/id/volume/") for target in targets)
    for target in sorted(targets):
        assert client.get(target, headers=HTML_ONLY).status_code in (200, 303), target


def test_a_graph_tells_its_content(client: TestClient, graph: Graph) -> None:
    row = graph_iri("src", "aed", "be275e8", "overview", "03")
    found = parse_quads(client.get("/doc/graph/src/aed/be275e8/overview/03.nt").content, RdfFormat.N_TRIPLES)
    assert {quad.subject for quad in graph.quads(row)} <= {quad.subject for quad in found}


def test_jsonld_needs_no_remote_context(client: TestClient) -> None:
    document = json.loads(client.get("/doc/dataset/h01.jsonld").content)
    assert isinstance(document["@context"], dict)


def test_everything_of_ours_is_called_by_a_name(client: TestClient) -> None:
    """On every page of the site map but every third: no IRI or CURIE of ours stands where a name should."""
    site = client.app.state.site  # type: ignore[attr-defined]
    own = re.compile(r">(?:(?:emkg|emr|emt|emg):[^< ]+|https://w3id\.org/emkg/[^<]+)</a>")
    for path, _ in addresses(site)[::3]:
        page = client.get(path, headers=HTML_ONLY).text
        assert not own.findall(page), path


def test_a_redirect_may_be_kept(client: TestClient) -> None:
    assert (
        client.get("/id/dataset/h01").headers["cache-control"]
        == client.get("/doc/dataset/h01").headers["cache-control"]
    )
