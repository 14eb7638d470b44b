"""/sparql: the protocol's requests, formats, refusals, and the page."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from starlette.testclient import TestClient

from emkg.formats import RDF_FORMATS, RESULT_FORMATS, Format
from emkg.graph import parse_results
from emkg.ids import graph_iri, mint
from emkg.rdf import RdfFormat, parse_quads
from emkg.vocab import EM, SD, iri
from emkg.web.protocol import LARGEST_BODY

SELECT = "SELECT ?d WHERE { ?d a emkg:Dataset } ORDER BY ?d"
ASK = "ASK { ?d a emkg:Dataset }"
CONSTRUCT = "CONSTRUCT { ?d a emkg:Dataset } WHERE { ?d a emkg:Dataset }"
FORM, DIRECT = {"Content-Type": "application/x-www-form-urlencoded"}, {"Content-Type": "application/sparql-query"}
JSON = {"Accept": "application/sparql-results+json"}


def rows(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [next(iter(row.values()))["value"] for row in answer.json()["results"]["bindings"]]


@pytest.fixture(scope="module")
def slugs(client: TestClient) -> list[str]:
    return rows(client.get("/sparql", params={"query": SELECT}))


def test_three_ways_to_ask_give_one_answer(client: TestClient, slugs: list[str]) -> None:
    assert mint("dataset", "h01").value in slugs
    assert rows(client.post("/sparql", data={"query": SELECT})) == slugs
    assert rows(client.post("/sparql", content=SELECT, headers=DIRECT)) == slugs
    assert (
        rows(
            client.post("/sparql", content=SELECT, headers={"Content-Type": "application/sparql-query; charset=UTF-8"})
        )
        == slugs
    )


@pytest.mark.parametrize("text", ["10.1000%2Fabc", "a+b", "a b", "a&b=c;d", "Ünï ³", "100%", "%", "'", "\\\\"])
def test_a_query_is_decoded_once(client: TestClient, text: str) -> None:
    query = f'SELECT ("{text}" AS ?x) {{}}'
    expected = [text.replace("\\\\", "\\")]
    assert rows(client.get("/sparql?query=" + quote(query))) == expected
    assert rows(client.get("/sparql?" + urlencode({"query": query}))) == expected
    assert rows(client.post("/sparql", content=urlencode({"query": query}), headers=FORM)) == expected
    assert rows(client.post("/sparql", content=query.encode(), headers=DIRECT)) == expected


@pytest.mark.parametrize("form", RESULT_FORMATS, ids=lambda form: form.name)
def test_select_in_every_format(client: TestClient, slugs: list[str], form: Format) -> None:
    for answer in (
        client.get("/sparql", params={"query": SELECT}, headers={"Accept": form.media_type}),
        client.get("/sparql", params={"query": SELECT, "format": form.name}),
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] == form.media_type
        assert "Accept" in answer.headers["vary"].split(", ")
        if form.name == "csv":
            assert answer.content.startswith(b"d\r\n")
            assert [row[0] for row in csv.reader(io.StringIO(answer.text))][1:] == slugs
        else:
            table = parse_results(answer.content, form.name)
            assert not isinstance(table, bool)
            assert [row[0] for row in table.values()] == slugs


@pytest.mark.parametrize("form", RDF_FORMATS, ids=lambda form: form.name)
def test_construct_in_every_format(client: TestClient, slugs: list[str], form: Format) -> None:
    answer = client.get("/sparql", params={"query": CONSTRUCT}, headers={"Accept": form.media_type})
    assert answer.headers["content-type"].split(";")[0] == form.media_type
    assert isinstance(form.rdf, RdfFormat)
    found = parse_quads(answer.content, form.rdf)
    assert sorted(quad.subject.value for quad in found if quad.object == EM.Dataset) == slugs


@pytest.mark.parametrize("name", ["json", "xml"])
def test_ask(client: TestClient, name: str) -> None:
    answer = client.get("/sparql", params={"query": ASK, "format": name})
    assert parse_results(answer.content, name) is True


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "application/json", "application/json"),
        (SELECT, "text/csv;q=0.5, application/sparql-results+xml", "application/sparql-results+xml"),
        (SELECT, "text/turtle, */*;q=0.1", "application/sparql-results+json"),
        (SELECT, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        (CONSTRUCT, "*/*", "text/turtle"),
        (CONSTRUCT, "application/ld+json", "application/ld+json"),
        ("DESCRIBE <s:nothing>", "application/n-triples", "application/n-triples"),
    ],
)
def test_negotiated(client: TestClient, query: str, accept: str, media_type: str) -> None:
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == media_type


@pytest.mark.parametrize(
    ("status", "arguments"),
    [
        (400, {"params": {"query": "SELECT ?s WHERE { ?s ?p "}}),
        (400, {"params": {"query": ""}}),
        (400, {"params": [("query", ASK), ("query", ASK)]}),
        (400, {"params": {"query": "INSERT DATA { <s:a> <p:b> <o:c> }"}}),
        (400, {"params": {"update": "CLEAR ALL"}}),
        (400, {"params": {"query": "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}}),
        (400, {"params": {"query": ASK, "default-graph-uri": "no iri"}}),
        (400, {"url": "/sparql?query=%FF%FE"}),
        (406, {"params": {"query": SELECT}, "headers": {"Accept": "text/turtle"}}),
        (406, {"params": {"query": CONSTRUCT}, "headers": {"Accept": "text/csv"}}),
        (406, {"params": {"query": ASK}, "headers": {"Accept": "text/csv"}}),
        (406, {"params": {"query": SELECT, "format": "docx"}}),
        (405, {"method": "PUT"}),
        (405, {"method": "DELETE"}),
        (400, {"method": "POST", "content": b"x=1", "headers": FORM}),
        (400, {"method": "POST", "content": b"update=CLEAR+ALL", "headers": FORM}),
        (400, {"method": "POST", "content": b"\xff\xfe", "headers": DIRECT}),
        (400, {"method": "POST", "content": ASK, "headers": DIRECT, "params": {"query": ASK}}),
        (415, {"method": "POST", "content": "CLEAR ALL", "headers": {"Content-Type": "application/sparql-update"}}),
        (415, {"method": "POST", "content": ASK}),
        (415, {"method": "POST", "content": ASK, "headers": {"Content-Type": "text/plain"}}),
        (
            415,
            {"method": "POST", "content": ASK, "headers": {"Content-Type": "application/sparql-query;charset=latin1"}},
        ),
        (415, {"method": "POST", "content": ASK, "headers": {**DIRECT, "Content-Encoding": "gzip"}}),
        (413, {"method": "POST", "content": b"#" * (LARGEST_BODY + 1), "headers": DIRECT}),
    ],
)
def test_refused(client: TestClient, status: int, arguments: dict[str, Any]) -> None:
    asked = {"method": "GET", "url": "/sparql", **arguments}
    answer = client.request(**asked)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status and problem["title"] and problem["detail"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_syntax_error_tells_line_and_column(client: TestClient) -> None:
    problem = client.get("/sparql", params={"query": "SELECT ?s\nWHERE { ?s ?p }"}).json()
    assert (problem["line"], problem["column"]) == (2, 16)
    assert problem["repair"] and problem["type"] == "/problems/BadQuery"


def test_406_says_what_there_is(client: TestClient) -> None:
    problem = client.get("/sparql", params={"query": SELECT}, headers={"Accept": "image/png"}).json()
    assert "application/sparql-results+json" in problem["repair"]


def test_405_says_what_is_allowed(client: TestClient) -> None:
    assert set(client.put("/sparql").headers["allow"].split(", ")) >= {"GET", "POST"}


def test_head_is_get_without_body(client: TestClient) -> None:
    got = client.get("/sparql", params={"query": SELECT}, headers=JSON)
    headed = client.head("/sparql", params={"query": SELECT}, headers=JSON)
    assert headed.status_code == 200 and headed.content == b""
    assert {**headed.headers} == {**got.headers}


def test_options_and_cors(client: TestClient) -> None:
    plain = client.options("/sparql")
    assert plain.status_code == 204 and "POST" in plain.headers["allow"]
    origin = {"Origin": "https://example.org"}
    asked = {**origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    preflight = client.options("/sparql", headers=asked)
    assert preflight.headers["access-control-allow-origin"] == "*"
    for params in ({"query": ASK}, {"query": "nonsense"}):
        assert client.get("/sparql", params=params, headers=origin).headers["access-control-allow-origin"] == "*"


def test_etag_and_304(client: TestClient) -> None:
    first = client.get("/sparql", params={"query": SELECT}, headers=JSON)
    tag = first.headers["etag"]
    assert tag.startswith('"')
    again = client.get("/sparql", params={"query": SELECT}, headers={**JSON, "If-None-Match": f'"x", W/{tag}'})
    assert again.status_code == 304 and again.content == b"" and again.headers["etag"] == tag
    other = client.get("/sparql", params={"query": SELECT, "format": "csv"})
    assert other.headers["etag"] != tag


def test_datasets_of_the_protocol(client: TestClient) -> None:
    row = graph_iri("src", "aed", "be275e8", "overview", "03").value
    query = "SELECT DISTINCT ?d WHERE { ?d a emkg:Dataset }"
    named = "SELECT DISTINCT ?d WHERE { GRAPH ?g { ?d a emkg:Dataset } }"
    h01 = [mint("dataset", "h01").value]
    assert rows(client.get("/sparql", params={"query": query, "default-graph-uri": row})) == h01
    assert rows(client.post("/sparql", data={"query": query, "default-graph-uri": row})) == h01
    assert rows(client.post("/sparql", params={"default-graph-uri": row}, content=query, headers=DIRECT)) == h01
    assert rows(client.get("/sparql", params={"query": named, "named-graph-uri": row})) == h01
    assert rows(client.get("/sparql", params={"query": query, "named-graph-uri": row})) == []
    both = [("query", query), ("default-graph-uri", row), ("default-graph-uri", row[:-2] + "04")]
    assert len(rows(client.get("/sparql", params=both))) == 2


def test_datasets_of_the_query(client: TestClient) -> None:
    row = graph_iri("src", "aed", "be275e8", "overview", "03")
    h01 = [mint("dataset", "h01").value]
    assert (
        rows(client.get("/sparql", params={"query": f"SELECT DISTINCT ?d FROM {row} {{ ?d a emkg:Dataset }}"})) == h01
    )
    named = f"SELECT DISTINCT ?d FROM NAMED {row} {{ GRAPH ?g {{ ?d a emkg:Dataset }} }}"
    assert rows(client.get("/sparql", params={"query": named})) == h01
    against = {
        "query": f"SELECT DISTINCT ?d FROM {row} {{ ?d a emkg:Dataset }}",
        "default-graph-uri": row.value[:-2] + "04",
    }
    assert rows(client.get("/sparql", params=against)) == [mint("dataset", "j0126").value]


def test_service_description(client: TestClient) -> None:
    for accept in ("text/turtle", "application/rdf+xml", "*/*"):
        answer = client.get("/sparql", headers={"Accept": accept})
        form = next(form for form in RDF_FORMATS if form.media_type == answer.headers["content-type"].split(";")[0])
        assert isinstance(form.rdf, RdfFormat)
        found = {quad.triple for quad in parse_quads(answer.content, form.rdf)}
        service = next(triple.subject for triple in found if triple.object == SD.Service)
        about = {(triple.predicate, triple.object) for triple in found if triple.subject == service}
        assert (SD.endpoint, service) in about and (SD.supportedLanguage, SD.SPARQL11Query) in about
        assert (SD.resultFormat, iri("formats:SPARQL_Results_JSON")) in about
        assert (SD.feature, SD.BasicFederatedQuery) not in about
        names = {triple.object.value for triple in found if triple.predicate == SD.name}  # type: ignore[union-attr]
        assert graph_iri("curated").value in names


def test_page(client: TestClient) -> None:
    page = {"Accept": "text/html"}
    empty = client.get("/sparql", headers=page).text
    assert "<textarea" in empty and "may run 30 s" in empty
    answer = client.get("/sparql", params={"query": SELECT}, headers=page)
    assert 'href="/id/dataset/h01"' in answer.text
    wrong = client.get("/sparql", params={"query": "SELECT ?x <script>"}, headers=page)
    assert wrong.status_code == 400 and "Line 1, column" in wrong.text and "<script>" not in wrong.text
    assert "yes" in client.get("/sparql", params={"query": ASK}, headers=page).text
    assert "a emkg:Dataset" in client.get("/sparql", params={"query": CONSTRUCT}, headers=page).text
    refused = client.get("/sparql", params={"query": "SELECT ?s { SERVICE <s:x> { } }"}, headers=page)
    assert refused.status_code == 400 and "federated" in refused.text


def test_hostile_values_are_inert_on_the_page(client: TestClient) -> None:
    query = 'SELECT ("<img src=x onerror=alert(1)>" AS ?a) (<javascript:alert(1)> AS ?b) {}'
    text = client.get("/sparql", params={"query": query}, headers={"Accept": "text/html"}).text
    assert "<img src=x" not in text and 'href="javascript' not in text


def test_everything_the_answer_needs_is_there(client: TestClient) -> None:
    assert json.loads(client.get("/sparql", params={"query": ASK}).text) == {"head": {}, "boolean": True}
