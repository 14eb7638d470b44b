"""FAIR Signposting, levels 1 and 2: by our own reading of it, and by its reference client on a real server."""

from __future__ import annotations

import json
import re

import pytest
from starlette.testclient import TestClient

from emkg.describe import document_path
from emkg.ids import mint
from emkg.vocab import prefixes
from emkg.web.signposts import LINKSET_PROFILE, MOST, Link, as_json, as_text, header
from emkg.web.site import Site

HTML = {"Accept": "text/html"}
LINK = re.compile(r'<([^>]*)>((?:; [a-z]+="[^"]*")*)')


@pytest.fixture(scope="module")
def site(client: TestClient) -> Site:
    found = client.app.state.site  # type: ignore[attr-defined]
    assert isinstance(found, Site)
    return found


def links(text: str) -> list[tuple[str, dict[str, str]]]:
    """Target and parameters of each link of a Link header."""
    return [(target, dict(re.findall(r'([a-z]+)="([^"]*)"', told))) for target, told in LINK.findall(text)]


def related(text: str, relation: str) -> list[str]:
    return [target for target, told in links(text) if told["rel"] == relation]


def test_level_1_on_every_dataset_page(client: TestClient, site: Site) -> None:
    for one in site.summaries:
        text = client.get(document_path(one.node), headers=HTML).headers["link"]
        assert related(text, "cite-as") == [one.node.value], "exactly one"
        assert prefixes()["schema"] + "Dataset" in related(text, "type")
        assert related(text, "author") == [thing.node.value for thing in one.creators][:MOST]
        assert related(text, "license") == [thing.node.value for thing in one.licences if len(one.licences) == 1]
        assert related(text, "item") == [point.url.value for point in one.access][:MOST]
        assert len(text) < 4000
        described = [(target, told) for target, told in links(text) if told["rel"] == "describedby"]
        assert {told["type"] for _, told in described} >= {"text/turtle", "application/ld+json"}


def test_targets_here_answer_with_the_type_they_promise(client: TestClient) -> None:
    text = client.get("/doc/dataset/h01", headers=HTML).headers["link"]
    here = [(target, told) for target, told in links(text) if target.startswith("/")]
    assert {told["rel"] for _, told in here} >= {"describedby", "linkset", "alternate", "canonical"}
    for target, told in here:
        answer = client.get(target, headers=HTML)
        assert answer.status_code == 200
        assert "type" not in told or answer.headers["content-type"].split(";")[0] == told["type"], target


def test_other_documents_point_back(client: TestClient) -> None:
    for suffix in ("ttl", "jsonld", "json"):
        text = client.get(f"/doc/dataset/h01.{suffix}").headers["link"]
        assert "/doc/dataset/h01" in related(text, "describes") and not related(text, "cite-as")


def test_level_2_says_the_same(client: TestClient) -> None:
    page = client.get("/doc/dataset/h01", headers=HTML)
    found = {told["type"]: (target, told) for target, told in links(page.headers["link"]) if told["rel"] == "linkset"}
    target, told = found["application/linkset+json"]
    answer = client.get(target)
    assert told["profile"] == LINKSET_PROFILE and f'profile="{LINKSET_PROFILE}"' in answer.headers["content-type"]
    linkset = json.loads(answer.content)["linkset"]
    own = next(one for one in linkset if one["anchor"].endswith("/doc/dataset/h01"))
    assert [one["href"] for one in own["cite-as"]] == [mint("dataset", "h01").value]
    assert {one["href"] for one in own["item"]} >= set(related(page.headers["link"], "item"))
    for one in own["describedby"]:
        back = next(other for other in linkset if other["anchor"] == one["href"])
        assert own["anchor"] in [target["href"] for target in back["describes"]]
    assert all(re.match(r"[a-z]+://", one["anchor"]) for one in linkset), "anchors are absolute"
    text = client.get(found["application/linkset"][0])
    assert text.headers["content-type"].startswith("application/linkset;")
    assert text.text.count('rel="') == sum(len(v) for one in linkset for k, v in one.items() if k != "anchor")


def test_only_datasets_have_a_linkset(client: TestClient) -> None:
    assert client.get("/doc/volume/axonem-h.linkset.json").status_code == 404


def test_a_header_is_no_novel() -> None:
    many = [Link("/a", "author", f"urn:x:{number}") for number in range(500)]
    assert len(header(many, "/a")) == MOST and header(many, "/b") == []
    assert len(json.loads(as_json(many))["linkset"][0]["author"]) == as_text(many).count(b'rel="author"') == 500


def test_the_reference_client_reads_them(running: str) -> None:
    signposting = pytest.importorskip("signposting", reason="signposting is not installed: pip install signposting")
    page = f"{running}/doc/dataset/h01.html"
    found = signposting.find_signposting_http(page)
    assert found.citeAs.target == mint("dataset", "h01").value
    assert found.license.target == prefixes()["cc"] + "by/4.0/"
    assert {one.type for one in found.describedBy} >= {"text/turtle", "application/ld+json"}
    assert len(found.linksets) == 2 and found.items and found.types
    for linkset in found.linksets:
        whole = signposting.find_signposting_linkset(linkset.target, acceptType=linkset.type)
        context = whole.for_context(f"{running}/doc/dataset/h01")
        assert context.citeAs.target == mint("dataset", "h01").value and len(context.items) == len(found.items)


def test_names_beyond_ascii(retired: TestClient) -> None:
    """A slug and an address with letters that no header may hold."""
    for path in ("/doc/dataset/gr%C3%B6%C3%9Fe", "/doc/dataset/größe"):
        page = retired.get(path, headers=HTML)
        assert page.status_code == 200 and "Größe" in page.text
        assert "https://x.example/%C2%B5m/%C3%BC" in related(page.headers["link"], "item")
        assert page.headers["link"].isascii() and "/doc/dataset/gr%C3%B6%C3%9Fe.linkset" in page.headers["link"]
    assert retired.get("/id/dataset/größe").headers["location"] == "/doc/dataset/gr%C3%B6%C3%9Fe"
    for suffix in ("ttl", "jsonld", "linkset", "linkset.json", "rdf"):
        assert retired.get(f"/doc/dataset/gr%C3%B6%C3%9Fe.{suffix}").status_code == 200
    assert retired.get("/sitemap.xml").text.count("gr%C3%B6%C3%9Fe") == 1
    assert "größe" in [line["slug"] for line in retired.get("/datasets?q=GRÖSSE&format=json").json()]
