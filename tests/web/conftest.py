"""The real application on the real build."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from emkg.web.app import create_app


@pytest.fixture(scope="session")
def app(built: Path) -> Starlette:
    return create_app(built)


@pytest.fixture(scope="session")
def client(app: Starlette) -> Iterator[TestClient]:
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as made:
        yield made
