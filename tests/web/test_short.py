"""The short way to an answer and the long one: the same to the byte, and no query is asked twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from emkg.formats import RDF_FORMATS, RESULT_FORMATS
from emkg.web import short
from emkg.web.app import create_app

FEW, MANY = "SELECT ?d {{ ?d a emkg:Dataset }} LIMIT {}", "SELECT * {{ ?s ?p ?o }} LIMIT {}"
GRAPH = "CONSTRUCT {{ ?s a ?o }} {{ ?s a ?o }} LIMIT {}"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ACCEPT = [form.media_type for form in (*RESULT_FORMATS, *RDF_FORMATS)] + [
    "*/*",
    "application/json",
    BROWSER,
    "image/png",
]


@pytest.fixture(scope="module")
def http(built: Path) -> Iterator[TestClient]:
    with TestClient(create_app(built), raise_server_exceptions=False) as made:
        yield made


def told(answer: Any) -> tuple[int, list[tuple[str, str]], bytes]:
    return answer.status_code, answer.headers.multi_items(), answer.content


@pytest.mark.parametrize("coding", ["identity", "gzip", "br, gzip;q=0.5"])
@pytest.mark.parametrize("accept", ACCEPT)
def test_both_ways_give_the_same(http: TestClient, monkeypatch: pytest.MonkeyPatch, accept: str, coding: str) -> None:
    queries = [
        FEW.format(1),
        MANY.format(60),
        GRAPH.format(1),
        GRAPH.format(70),
        "ASK {}",
        "SELECT (RAND() * 0 AS ?x) {}",
    ]
    queries += ["SELEC", "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "INSERT DATA { <s:a> <p:b> <o:c> }"]
    headers = {"Accept": accept, "Accept-Encoding": coding}
    for query in queries:
        found = []
        for may in (True, False):
            with monkeypatch.context() as patch:
                if not may:
                    patch.setattr(short.Short, "_may", lambda self, scope: False)
                found.append(told(http.get("/sparql", params={"query": query}, headers=headers)))
        assert found[0] == found[1], query


@pytest.mark.parametrize("query", [FEW.format(2), GRAPH.format(3), "SELECT (NOW() AS ?x) {}", "SELEC"])
@pytest.mark.parametrize("accept", ["text/html", "application/sparql-results+json", "text/turtle"])
def test_what_goes_on_is_not_asked_again(
    http: TestClient, monkeypatch: pytest.MonkeyPatch, query: str, accept: str
) -> None:
    engine, asked = http.app.state.site.engine, []  # type: ignore[attr-defined]
    ask = engine.ask

    async def counted(*arguments: Any) -> Any:
        asked.append(arguments)
        return await ask(*arguments)

    monkeypatch.setattr(engine, "ask", counted)
    http.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert len(asked) == 1


def test_a_small_answer_leaves_the_short_way(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def unreached(_: object) -> None:
        raise AssertionError("the long way was taken")

    monkeypatch.setattr("emkg.web.app.sparql", unreached)
    with TestClient(create_app(built)) as anew:
        assert anew.get("/sparql", params={"query": FEW.format(4)}, headers={"Accept": "text/csv"}).status_code == 200
        with pytest.raises(AssertionError, match="long way"):
            anew.get("/sparql", params={"query": FEW.format(4)}, headers={"Accept": "text/html"})
