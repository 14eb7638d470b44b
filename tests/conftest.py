"""One build for all tests: made once from the checkout's own data, by the Java-free rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from emkg.graph import Graph


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a whole build."""
    from emkg.build import build

    out = tmp_path_factory.mktemp("build")
    build(out, engine="rules")
    return out


@pytest.fixture(scope="session")
def graph(built: Path) -> Graph:
    """The graph of that build."""
    from emkg.build import open_build

    return open_build(built)
