"""The SPARQL 1.1 Protocol to the letter: our restatement of each of the W3C's requests for queries, and theirs where EMKG_W3C_TESTS says
where the folder of the rdf-tests lies.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from emkg.config import Limits
from emkg.formats import RDF_FORMATS, RESULT_FORMATS, find_by_media_type
from emkg.graph import parse_results
from emkg.rdf import Literal, NamedNode, Quad, RdfFormat, parse_quads, write
from emkg.vocab import RDF, RDFS, SCHEMA, SD
from emkg.web.app import create_app
from emkg.web.description import functions
from tests.web.requests_w3c import OUR_DATA, OURS, Asked, theirs

SUITE = os.environ.get("EMKG_W3C_TESTS", "")
THEIRS = list(theirs(Path(SUITE))) if SUITE else []


@contextmanager
def serving(
    built: Path, place: Path, data: tuple[tuple[str, bytes], ...], limits: Limits | None = None
) -> Iterator[TestClient]:
    """A site whose build also holds those graphs."""
    shutil.copytree((built / "current").resolve(), place / "current")
    quads = [
        Quad(quad.subject, quad.predicate, quad.object, NamedNode(name))
        for name, text in data
        for quad in parse_quads(text, RdfFormat.N_TRIPLES)
    ]
    path = place / "current" / "emkg.nq"
    body = path.read_bytes() + write(quads, RdfFormat.N_QUADS)
    path.unlink()  # it may be a hard link
    path.write_bytes(body)
    with TestClient(create_app(place, limits), follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def ours(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with serving(built, tmp_path_factory.mktemp("ours"), OUR_DATA) as client:
        yield client


@pytest.fixture(scope="module")
def w3c(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data = {name: (name, text) for asked in THEIRS for name, text in asked.graphs}
    with serving(built, tmp_path_factory.mktemp("w3c"), tuple(data.values())) as client:
        yield client


def check(client: TestClient, asked: Asked) -> None:
    headers = {"Content-Type": asked.kind} if asked.kind else {}
    answer = client.request(asked.method, "/sparql" + asked.address, content=asked.body or None, headers=headers)
    assert answer.status_code // 100 == asked.status, answer.text
    if asked.status == 4:
        assert answer.headers["content-type"] == "application/problem+json"
    if asked.truth is not None:
        assert parse_results(answer.content, "json") is asked.truth
    kind = answer.headers["content-type"]
    if asked.format in ("tabular", "boolean"):
        assert find_by_media_type(kind, RESULT_FORMATS) is not None
    if asked.format == "RDF":
        assert find_by_media_type(kind, RDF_FORMATS) is not None


@pytest.mark.parametrize("asked", OURS, ids=lambda asked: asked.name)
def test_ours(ours: TestClient, asked: Asked) -> None:
    check(ours, asked)


@pytest.mark.skipif(not SUITE, reason="needs the W3C's rdf-tests: EMKG_W3C_TESTS=their folder")
def test_the_suite_is_there() -> None:
    assert sum("update" not in asked.name for asked in THEIRS) >= 20 and len(THEIRS) >= 34


@pytest.mark.skipif(not SUITE, reason="needs the W3C's rdf-tests: EMKG_W3C_TESTS=their folder")
@pytest.mark.parametrize("asked", THEIRS, ids=lambda asked: asked.name)
def test_theirs(w3c: TestClient, asked: Asked) -> None:
    check(w3c, asked)


@pytest.mark.parametrize("form", RDF_FORMATS, ids=lambda form: form.name)
def test_service_description(client: TestClient, form: object) -> None:
    """The three of the W3C, in every format: it is RDF, it names the endpoint that was asked, and it keeps to the vocabulary."""
    assert form in RDF_FORMATS
    answer = client.get("/sparql", headers={"Accept": form.media_type})  # type: ignore[attr-defined]
    assert answer.headers["content-type"].split(";")[0] == form.media_type  # type: ignore[attr-defined]
    found = {quad.triple for quad in parse_quads(answer.content, form.rdf)}  # type: ignore[attr-defined]
    services = [triple.subject for triple in found if triple.predicate == RDF.type and triple.object == SD.Service]
    assert services == [NamedNode("http://testserver/sparql")]
    assert [triple.object for triple in found if triple.predicate == SD.endpoint] == services
    types = {triple.subject: set() for triple in found}
    for triple in found:
        if triple.predicate == RDF.type:
            types[triple.subject].add(triple.object)
    ranges = {
        SD.defaultDataset: SD.Dataset,
        SD.defaultGraph: SD.Graph,
        SD.namedGraph: SD.NamedGraph,
        SD.extensionFunction: SD.Function,
    }
    for triple in found:
        if triple.predicate in ranges:
            assert ranges[triple.predicate] in types[triple.object]
    languages = {triple.object for triple in found if triple.predicate == SD.supportedLanguage}
    assert languages == {SD.SPARQL11Query}


def test_the_functions_announced_are_there(client: TestClient) -> None:
    square = "'POLYGON((0 0,1 0,1 1,0 1,0 0))'^^<http://www.opengis.net/ont/geosparql#wktLiteral>"
    values = {"date": "2020-01-01", "time": "10:00:00", "duration": "P1Y", "dayTimeDuration": "PT1H"}
    for function in functions():
        local = function.value.rsplit("#", 1)[-1]
        arguments = f"{square}, {square}" if "geosparql" in function.value else f"'{values.get(local, 'P1Y')}'"
        query = f"ASK {{ BIND({function}({arguments}) AS ?x) FILTER(BOUND(?x)) }}"
        answer = client.get("/sparql", params={"query": query})
        assert answer.status_code == 200 and answer.json()["boolean"] is True, query


def test_the_limits_announced_are_the_limits(built: Path, tmp_path: Path) -> None:
    limits = Limits(seconds=1, text=200, depth=5, service=("http://e.org/sparql",))
    with serving(built, tmp_path, (), limits) as client:
        found = {q.triple for q in parse_quads(client.get("/sparql").content, RdfFormat.TURTLE)}
        told = {
            str(triple.subject).rsplit("-", 1)[1][:-1]: json.loads(triple.object.value)
            for triple in found
            if triple.predicate == SCHEMA.maxValue and isinstance(triple.object, Literal)
        }
        assert (told["seconds"], told["text"], told["depth"]) == (1, 200, 5)
        assert any(triple.object == SD.BasicFederatedQuery for triple in found)
        assert any("http://e.org/sparql" in str(triple.object) for triple in found if triple.predicate == RDFS.comment)
        assert client.get("/sparql", params={"query": "ASK {}" + " " * 200}).status_code == 414
        direct = {"Content-Type": "application/sparql-query"}
        assert client.post("/sparql", content="ASK {}" + " " * 200, headers=direct).status_code == 413
        assert client.get("/sparql", params={"query": "ASK " + "{" * 6 + "}" * 6}).status_code == 400
        slow = client.get("/sparql", params={"query": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"})
        assert slow.status_code == 503 and int(slow.headers["retry-after"]) > 0
        problem = slow.json()
        assert problem["type"] == "/problems/QueryTimeout" and "1 s" in problem["detail"]
        assert slow.headers["access-control-allow-origin"] == "*"
