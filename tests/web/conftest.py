"""The real application on the real build."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from emkg.ids import mint, well_known_graphs
from emkg.rdf import Literal, NamedNode
from emkg.vocab import DCAT, DCTERMS, EM, OWL, RDF
from emkg.web.app import create_app
from tests.running import serving


@pytest.fixture(scope="session")
def app(built: Path) -> Starlette:
    return create_app(built)


@pytest.fixture(scope="session")
def client(app: Starlette) -> Iterator[TestClient]:
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as made:
        yield made


@pytest.fixture(scope="session")
def running(built: Path) -> Iterator[str]:
    """The address of the real server on the real build, for clients that want a socket."""
    with serving(built) as server:
        yield server.address


@pytest.fixture(scope="session")
def retired(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The site of a build in which things were deprecated, replaced and taken out."""
    folder = tmp_path_factory.mktemp("retired") / "current"
    shutil.copytree(built / "current", folder)
    lines = (folder / "emkg.nq").read_text(encoding="utf-8").splitlines()
    segem, cremi, current = mint("dataset", "segem"), mint("dataset", "cremi"), well_known_graphs()["current"]
    kept = [line for line in lines if f"{segem} " not in line]
    said = ((OWL.deprecated, Literal(True)), (DCTERMS.isReplacedBy, mint("dataset", "fafb")))
    kept += [f"{cremi} {property_} {value} {current} ." for property_, value in said]
    big, point = mint("dataset", "größe"), mint("distribution", "größe-µ")
    new = ((big, RDF.type, EM.Dataset), (big, DCTERMS.title, Literal("Größe")), (big, DCAT.distribution, point))
    new += ((point, RDF.type, EM.AccessPoint), (point, DCAT.accessURL, NamedNode("https://x.example/µm/ü")))
    kept += [f"{subject} {property_} {value} {current} ." for subject, property_, value in new]
    (folder / "emkg.nq").write_text("\n".join(kept) + "\n", encoding="utf-8")
    with TestClient(create_app(folder.parent), follow_redirects=False, raise_server_exceptions=False) as made:
        yield made
