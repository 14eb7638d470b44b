"""Pages beside things and queries, and what every answer carries."""

from __future__ import annotations

import itertools
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import html5lib
import pytest
from starlette.testclient import TestClient

from emkg.ask import questions
from emkg.exports._context import context
from emkg.graph import Graph
from emkg.ids import mint, well_known_graphs
from emkg.rdf import Literal, NamedNode, RdfFormat, parse_quads
from emkg.vocab import EM, OWL, XSD
from emkg.web.app import routes
from emkg.web.facts import number, view
from emkg.web.headers import EVERY
from emkg.web.ontology_page import groups
from emkg.web.pages import EXAMPLES
from emkg.web.site import Site, link

PAGES = [
    "/",
    "/datasets",
    "/datasets?species=mouse&technique=SEM&voxel_max=40&q=cortex&sort=-year",
    "/datasets?q=nothing+has+this+name",
    "/techniques",
    "/species",
    "/regions",
    "/papers",
    "/sources",
    "/void",
    "/catalog",
    "/ask",
    "/sparql",
    "/ontology",
    "/dump/",
    "/doc/dataset/h01",
    "/problems/NotFound",
    "/nonesuch",
]
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def site(client: TestClient) -> Site:
    found = client.app.state.site  # type: ignore[attr-defined]
    assert isinstance(found, Site)
    return found


class Outline(HTMLParser):
    """The parts of a page that a screen reader goes by."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language = ""
        self.headings: list[str] = []
        self.identifiers: list[str] = []
        self.labelled: set[str] = set()
        self.fields: set[str] = set()
        self.sources: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.language = told["lang"] if tag == "html" else self.language
        self.headings += [tag] if re.fullmatch("h[1-6]", tag) else []
        self.identifiers += [told["id"]] if "id" in told else []
        self.labelled |= {told["for"]} if tag == "label" else set()
        self.fields |= {told.get("id", "")} if tag in ("input", "select", "textarea") else set()
        self.sources |= {told[name] for name in ("src", "href") if tag in ("link", "img", "script") and name in told}
        assert not any(name.startswith("on") for name in told) and "style" not in told, "our policy forbids it"
        assert tag != "img" or "alt" in told
        # A data block is no script: the policy runs none, and needs to (https://html.spec.whatwg.org/#data-block).
        assert tag != "script" or told == {"type": "application/ld+json"}


@pytest.mark.parametrize("path", [*PAGES, "/ask/who-says", "/ask/datasets-finer-than"])
def test_pages_are_sound(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=HTML)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    html5lib.HTMLParser(strict=True).parse(answer.text)  # raises where the page is not HTML to the letter
    page = Outline(answer.text)
    assert page.language == "en"
    assert page.headings.count("h1") == 1 and page.headings[0] == "h1"
    assert len(page.identifiers) == len(set(page.identifiers)), "an id stands twice"
    assert page.fields <= page.labelled, "a field without a label"
    assert all(source.startswith("/") and not source.startswith("//") for source in page.sources), "from elsewhere"
    levels = [int(heading[1]) for heading in page.headings]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), "a level is left out"


@pytest.mark.parametrize(
    "path", [*PAGES, "/healthz", "/static/style.css", "/sparql?query=x", "/id/dataset/h01", "/dump/emkg.ttl"]
)
def test_every_answer_carries_its_headers(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert {name: answer.headers[name] for name in EVERY} == EVERY


def test_home_shows_what_there_is(client: TestClient, graph: Graph) -> None:
    text = client.get("/", headers=HTML).text
    (count,) = graph.select("SELECT (COUNT(DISTINCT ?d) AS ?n) WHERE { ?d a emkg:Dataset }").rows[0]
    assert count is not None and f"<dd>{count.value}</dd>" in text
    for slug in ("axonem", "h01", "j0126", "kasthuri", "microns-mm3", "microns-l23", "isbi-2012", "snemi3d"):
        assert f'href="/id/dataset/{slug}"' in text
    assert "ATUM-mSEM" in text and "Taeniopygia guttata" in text and "9 × 9 × 20" in text


@pytest.mark.parametrize(("title", "text"), EXAMPLES)
def test_examples_have_answers(graph: Graph, title: str, text: str) -> None:
    assert len(graph.select(text)), title


def test_ontology_in_rdf(client: TestClient) -> None:
    for path, headers in (
        ("/ontology", {"Accept": "text/turtle"}),
        ("/ontology?format=ttl", {}),
        ("/ontology/0.1.0.ttl", {}),
    ):
        answer = client.get(path, headers=headers)
        assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
        found = parse_quads(answer.content, RdfFormat.TURTLE)
        assert any(q.subject == well_known_graphs()["ontology"] and q.object == OWL.Ontology for q in found)
        assert any(quad.subject == EM.voxelX for quad in found)
    assert client.get("/ontology/9.9.9").status_code == 404


def test_ontology_page_has_every_term(client: TestClient, site: Site) -> None:
    text = client.get("/ontology", headers=HTML).text
    for name in ("Dataset", "voxelX", "ATUMmSEM", "hasVolume", "singleValued", "atLeast"):
        assert f'id="{name}"' in text
    assert "in nm" in text
    terms = [term for _, lines in groups(site) for term in lines]
    assert len(terms) > 200 and all(term.definition for term in terms)


@pytest.mark.parametrize("name", sorted(questions()))
def test_every_question_answers(client: TestClient, name: str) -> None:
    page = client.get(f"/ask/{name}", headers=HTML)
    assert page.status_code == 200, page.text
    asked = questions()[name]
    wanted = "turtle" if asked.answer == "graph" else "json"
    assert client.get(f"/ask/{name}", params={"format": wanted}).status_code == 200


def test_a_question_takes_its_parameters(client: TestClient) -> None:
    few = client.get("/ask/brains-imageable-within", params={"days": "1.0", "format": "json"}).json()
    many = client.get("/ask/brains-imageable-within", params={"days": "1000.0", "format": "json"}).json()
    assert len(few["results"]["bindings"]) < len(many["results"]["bindings"])
    wrong = client.get("/ask/brains-imageable-within", params={"days": "soon", "format": "json"})
    assert wrong.status_code == 400 and wrong.json()["type"] == "/problems/QuestionError"
    assert client.get("/ask/nonesuch").status_code == 404


def test_dumps(client: TestClient, built: Path) -> None:
    text = client.get("/dump/").text
    names = re.findall(r'href="/dump/([^"]+)"', text)
    assert {"emkg.nq", "emkg.ttl", "emkg.jsonld", "manifest.json"} <= set(names)
    for name in names:
        answer = client.get(f"/dump/{name}")
        place = built / "current"
        assert (
            answer.content
            == (place / "dump" / name if (place / "dump" / name).is_file() else place / name).read_bytes()
        )
        assert client.get(f"/dump/{name}", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    part = client.get("/dump/emkg.nt", headers={"Range": "bytes=0-9"})
    assert (
        part.status_code == 206 and len(part.content) == 10 and part.headers["content-range"].startswith("bytes 0-9/")
    )


@pytest.mark.parametrize(
    "path", ["/dump/nonesuch", "/dump/..%2Fmanifest.json", "/dump/%2Fetc%2Fpasswd", "/static/..%2Fapp.py"]
)
def test_no_other_file_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_context(client: TestClient) -> None:
    answer = client.get("/context.jsonld", headers=HTML)
    assert answer.headers["content-type"] == "application/ld+json"
    assert json.loads(answer.content) == {"@context": context()}


def test_health(client: TestClient, graph: Graph) -> None:
    assert client.get("/healthz").json()["statements"] == len(graph)


def test_problem_types(client: TestClient) -> None:
    kind = client.get("/sparql?query=x").json()["type"]
    assert "SPARQL" in client.get(kind, headers=HTML).text
    assert client.get("/problems/dict").status_code == 404


def test_every_route_answers(client: TestClient) -> None:
    """No route is listed that fails: with any value for its parameters, an answer below 500."""
    for route in routes():
        path = re.sub(r"\{[^}]*\}", "x", getattr(route, "path", "/"))
        assert client.get(path).status_code < 500, path


@pytest.mark.parametrize(
    ("literal", "shown"),
    [
        (Literal("1400000000000", datatype=XSD.integer), "1,400,000,000,000"),
        (Literal("3.58", datatype=XSD.decimal), "3.58"),
        (Literal("2000.0", datatype=XSD.decimal), "2,000"),
        (Literal("2.7E4", datatype=XSD.double), "27,000"),
        (Literal("1.05E9", datatype=XSD.double), "1.05 × 10⁹"),
        (Literal("2.7E-5", datatype=XSD.double), "2.7 × 10⁻⁵"),
        (Literal("0.0E0", datatype=XSD.double), "0"),
        (Literal("INF", datatype=XSD.double), "INF"),
        (Literal("soon", datatype=XSD.integer), "soon"),
        (Literal("words"), "words"),
    ],
    ids=str,
)
def test_numbers_as_people_read_them(literal: Literal, shown: str) -> None:
    assert number(literal) == shown


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "gs://bucket/x", "urn:x:y"])
def test_only_web_addresses_are_links(address: str) -> None:
    assert link(NamedNode(address)) == ""


def test_a_page_says_who_says_so(site: Site) -> None:
    shown = view(site, mint("volume", "j0126"))
    voxel = next(row for row in shown.rows if row.label == "voxel size")
    assert voxel.values[0].text == "9 × 9 × 20" and voxel.unit == "nm" and voxel.values[0].notes
    sources = [shown.graphs[number - 1].exact for number in voxel.values[0].notes]
    assert any("be275e8" in source for source in sources)
    claims = {(claim.value.text, claim.status) for claim in shown.claims if "x" in claim.property.label}
    assert ("10", "disputed") in claims


def test_labels_of_everything(client: TestClient) -> None:
    text = client.get("/doc/dataset/h01", headers=HTML).text
    assert "Homo sapiens" in text and "CC BY 4.0" in text and ">dcterms:" not in text and ">emkg:" not in text


def test_an_answer_s_figures_are_rounded_and_the_exact_ones_kept_as_hints(client: TestClient) -> None:
    text = client.get("/ask/imaging-time", headers=HTML).text
    assert '<span title="70422.5352112676">70,423</span>' in text


def test_a_count_s_heading_never_carries_a_number_that_its_value_denies(client: TestClient) -> None:
    text = client.get("/doc/dataset/h01", headers=HTML).text
    assert "H01: cell count" in text
    assert "57,000" in text
    assert "50,000 cells (H01)" not in text
