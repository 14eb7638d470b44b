from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import emkg
from emkg.api import KnowledgeGraph, Result
from emkg.errors import BadQuery, NoBuild, NotFound, QuestionError
from emkg.graph import Graph
from emkg.ids import well_known_graphs
from emkg.rdf import DefaultGraph, Quad, RdfFormat, write
from tests.oxigraph_server import needs_server, serving


@pytest.fixture(scope="module")
def kg(graph: Graph) -> KnowledgeGraph:
    return KnowledgeGraph(graph)


def test_open_takes_a_build_a_folder_of_it_or_the_dump(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = "SELECT (COUNT(DISTINCT ?d) AS ?n) { ?d a emkg:Dataset }"
    answers = {tuple(emkg.open(place).query(asked)) for place in (built, str(built), built / "current" / "emkg.nq")}
    monkeypatch.setenv("EMKG_BUILD", str(built))
    answers.add(tuple(emkg.open().query(asked)))
    assert len(answers) == 1


def test_a_missing_build_says_which_command_makes_it(tmp_path: Path) -> None:
    with pytest.raises(NoBuild, match="emkg build"):
        emkg.open(tmp_path)


def test_rows_are_native_values(kg: KnowledgeGraph) -> None:
    result = kg.query("SELECT ?v ?x { ?v emkg:voxelX ?x } ORDER BY ?v LIMIT 5")
    assert isinstance(result, Result)
    assert result.columns == ("v", "x") and len(result) == 5
    assert all(isinstance(volume, str) and isinstance(x, Decimal) for volume, x in result)


def test_frames(kg: KnowledgeGraph) -> None:
    pandas = pytest.importorskip("pandas", reason="needs pandas: pip install 'emkg[frames]'")
    frame = kg.ask("datasets-by-size").to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert frame["terabytes"].dtype == "float64"
    assert frame["terabytes"].is_monotonic_decreasing


def test_other_forms(kg: KnowledgeGraph) -> None:
    assert kg.query("ASK { ?d a emkg:Dataset }") is True
    assert kg.query("CONSTRUCT WHERE { ?d a emkg:Dataset }")
    with pytest.raises(BadQuery):
        kg.query("SELECT")


def test_ask_by_name(kg: KnowledgeGraph) -> None:
    volumes = {row[0] for row in kg.ask("datasets-by-technique", technique="SEM")}
    assert any(str(volume).endswith("/volume/h01") for volume in volumes)
    assert len(kg.ask("datasets-finer-than", plane=8, depth=8.0)) > 0
    assert len(kg.ask("datasets-by-technique", technique=["SEM", "TEM"])) > len(volumes)
    assert kg.ask("dataset-description", dataset="h01")
    with pytest.raises(QuestionError):
        kg.ask("datasets-by-technique", technik="SEM")
    assert "datasets-by-technique" in kg.questions()


def test_a_dataset_is_typed(kg: KnowledgeGraph) -> None:
    h01 = kg.dataset("h01")
    assert h01.title == "H01"
    voxel = h01.volumes[0].voxel
    assert voxel is not None and (voxel.x, voxel.y) == (Decimal(4), Decimal(4))
    assert any(point.url.startswith("https://h01-release") for point in h01.access_points)


@needs_server
def test_an_endpoint_answers_like_the_build(kg: KnowledgeGraph, graph: Graph, tmp_path: Path) -> None:
    current = graph.quads(well_known_graphs()["current"])
    with serving(
        tmp_path, write([Quad(*quad.triple, DefaultGraph()) for quad in current], RdfFormat.N_QUADS)
    ) as address:
        there = emkg.open(address)
        assert there.dataset("h01") == kg.dataset("h01")
        assert list(there.ask("sub-volumes-of", whole="H01")) == list(kg.ask("sub-volumes-of", whole="H01"))


def test_an_unknown_dataset_gets_near_misses(kg: KnowledgeGraph) -> None:
    with pytest.raises(NotFound, match="h01"):
        kg.dataset("h0l")
    assert "h01" in kg.datasets()
