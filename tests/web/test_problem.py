"""Errors as answers: the form, the status, and what is kept back."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from emkg.errors import NoBuild
from emkg.web.app import create_app
from emkg.web.engine import Answer, Query, Wish
from emkg.web.problem import HANDLERS, PROBLEM


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/problem+json"),
        ("*/*", "application/problem+json"),
        ("text/turtle", "application/problem+json"),
        ("application/json", "application/problem+json"),
        ("text/html", "text/html; charset=utf-8"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"),
        ("image/png", "application/problem+json"),
    ],
)
def test_form(client: TestClient, accept: str, media_type: str) -> None:
    answer = client.get("/nonesuch", headers={"Accept": accept})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == "no-store" and "Accept" in answer.headers["vary"].split(", ")


def test_a_bug_is_logged_and_not_told(
    built: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(query: Query, wish: Wish, client: str) -> Answer:
        raise RuntimeError("a secret path")

    app = create_app(built)
    monkeypatch.setattr(app.state.site.engine, "ask", broken)
    with TestClient(app, raise_server_exceptions=False) as client, caplog.at_level(logging.ERROR):
        answer = client.get("/sparql", params={"query": "ASK {}"})
    assert answer.status_code == 500 and answer.headers["content-type"] == PROBLEM.media_type
    assert "secret" not in answer.text and "Traceback" not in answer.text
    assert "a secret path" in caplog.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_no_build_says_which_command(tmp_path: Path) -> None:
    with pytest.raises(NoBuild, match="emkg build"):
        create_app(tmp_path)


def test_table_ends_with_everything() -> None:
    assert list(HANDLERS)[-1] is Exception
