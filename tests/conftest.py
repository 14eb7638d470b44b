"""Two builds for all tests, each made once from the checkout's own data, by the Java-free rules.

``built`` holds the seed and the curated facts: small, and what it answers changes only where somebody curates. ``whole_built`` holds
every repository besides, as a user gets it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from emkg.graph import Graph


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a build of the seed."""
    from emkg.build import build

    out = tmp_path_factory.mktemp("build")
    build(out, engine="rules", only=["awesome-list"])
    return out


@pytest.fixture(scope="session")
def graph(built: Path) -> Graph:
    """The graph of that build."""
    from emkg.build import open_build

    return open_build(built)


@pytest.fixture(scope="session")
def whole_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a build of everything that data/ holds."""
    from emkg.build import build

    out = tmp_path_factory.mktemp("whole")
    build(out, engine="rules")
    return out


@pytest.fixture(scope="session")
def whole(whole_built: Path) -> Graph:
    """The graph of that build."""
    from emkg.build import open_build

    return open_build(whole_built)
