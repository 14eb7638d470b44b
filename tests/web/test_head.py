"""HEAD is GET without a body, OPTIONS says what may be asked, and both hold on every route and every error."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from emkg.web.headers import EVERY

PATHS = (
    "/",
    "/datasets",
    "/datasets?species=mouse&format=csv",
    "/techniques",
    "/species",
    "/regions",
    "/papers",
    "/sources",
    "/ask",
    "/ask/who-says",
    "/ontology",
    "/ontology/0.1.0.ttl",
    "/context.jsonld",
    "/dump/",
    "/dump/emkg.nt",
    "/void",
    "/.well-known/void",
    "/catalog",
    "/catalog.jsonld",
    "/sitemap.xml",
    "/robots.txt",
    "/healthz",
    "/static/style.css",
    "/id/dataset/h01",
    "/doc/dataset/h01",
    "/doc/dataset/h01.linkset.json",
    "/doc/paper/10.1126/science.adk4858.ttl",
    "/sparql",
    "/sparql?query=ASK%7B%7D",
    "/problems/NotFound",
    # and where it goes wrong
    "/nonesuch",
    "/doc/dataset/nonesuch",
    "/doc/dataset/h01?format=pdf",
    "/sparql?query=SELECT",
    "/ask/nonesuch",
)
CHANGING = {"date", "x-request-id"}


@pytest.mark.parametrize("accept", ["*/*", "text/html", "text/turtle"])
@pytest.mark.parametrize("path", PATHS)
def test_head_is_get_without_the_body(client: TestClient, path: str, accept: str) -> None:
    got, headed = (client.request(method, path, headers={"Accept": accept}) for method in ("GET", "HEAD"))
    assert headed.status_code == got.status_code and headed.content == b""
    told, tells = ({k: v for k, v in one.headers.items() if k not in CHANGING} for one in (headed, got))
    assert told == tells


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
@pytest.mark.parametrize("path", ["/", "/datasets", "/doc/dataset/h01", "/void", "/catalog", "/robots.txt"])
def test_nothing_is_written(client: TestClient, path: str, method: str) -> None:
    answer = client.request(method, path)
    assert answer.status_code == 405 and set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", PATHS)
def test_any_origin_may_ask(client: TestClient, path: str) -> None:
    asked = client.options(path, headers={"Origin": "https://x.example", "Access-Control-Request-Method": "GET"})
    assert asked.status_code == 204 and asked.headers["access-control-allow-origin"] == "*"
    answer = client.get(path, headers={"Origin": "https://x.example"})
    assert {name: answer.headers[name] for name in EVERY} == EVERY
