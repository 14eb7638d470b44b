"""The build as a whole: what it writes, twice the same, and what it does when something is at fault or it is killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from emkg import paths
from emkg.build import build, is_stale, manifest, open_build
from emkg.errors import BuildError, InconsistentGraph, NoBuild
from emkg.formats import RDF_FORMATS
from emkg.graph import Graph
from emkg.ids import well_known_graphs
from emkg.rdf import parse_quads


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the resource folders that a test may spoil; the package's own code stays."""
    for name in (
        paths.RESOURCES
    ):  # without the repositories: what is tried here does not depend on them, and a build takes a second
        shutil.copytree(paths.root() / name, tmp_path / "copy" / name, ignore=shutil.ignore_patterns("harvest"))
    monkeypatch.setattr(paths, "root", lambda: tmp_path / "copy")
    monkeypatch.setattr("emkg.inputs.root", lambda: tmp_path / "copy")
    return tmp_path / "copy"


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_inputs_give_the_same_bytes(built: Path, tmp_path: Path) -> None:
    build(tmp_path / "again", engine="rules", only=["awesome-list"])
    first, second = files(built / "current"), files(tmp_path / "again" / "current")
    assert first.keys() == second.keys() and len(first) >= 9
    assert [name for name in first if first[name] != second[name]] == []


def test_the_graphs_are_there(built: Path, graph: Graph) -> None:
    names = well_known_graphs()
    found = set(graph.graphs())
    assert {*names.values()} - {names["links"]} <= found  # one list alone has nothing to link
    rows = {name.value.rsplit("/graph/", 1)[1] for name in found if "/overview/" in name.value}
    seed = {f"src/aed/be275e8/overview/{number:02d}" for number in (1, 3, 4, 5, 6, 7, 8, 9)}
    assert seed <= rows
    assert manifest(built)["graphs"][names["current"].value] == len(graph.quads(names["current"]))


def test_current_holds_every_subject_of_every_graph(graph: Graph) -> None:
    current = {quad.subject for quad in graph.quads(well_known_graphs()["current"])}
    assert {quad.subject for quad in graph.quads()} <= current


@pytest.mark.parametrize("form", RDF_FORMATS, ids=lambda form: form.name)
def test_each_dump_reads_back_as_the_same_graph(built: Path, graph: Graph, form) -> None:  # type: ignore[no-untyped-def]
    read = parse_quads((built / "current" / "dump" / f"emkg.{form.suffix}").read_bytes(), form.rdf)
    held = graph.quads() if form.name in ("trig", "nquads") else graph.quads(well_known_graphs()["current"])
    assert len(set(read)) == len(held)


def test_no_blank_node_is_published_outside_the_ontology(graph: Graph) -> None:
    names = well_known_graphs()
    ontology = {quad.triple for quad in graph.quads(names["ontology"])}
    stray = [
        quad for quad in graph.quads() if "_:" in f"{quad.subject}{quad.object}"[:2] and quad.triple not in ontology
    ]
    assert stray == []


def test_a_malformed_file_is_named_and_the_rest_is_built(copied: Path, tmp_path: Path) -> None:
    (copied / "data" / "curated" / "broken.ttl").write_text("<s:a> <p:b> .\n")
    (copied / "data" / "records" / "awesome-list" / "broken.json").write_text('{"version": ')
    (copied / "data" / "records" / "awesome-list" / "other.json").write_text('{"version": 7}')
    report = build(tmp_path / "out", engine="rules")
    told = sorted(error.where.removeprefix(str(copied) + "/") for error in report.inputs.errors)
    assert told == [
        "data/curated/broken.ttl:1:13",
        "data/records/awesome-list/broken.json:1:13",
        "data/records/awesome-list/other.json",
    ]
    assert not report.ok and len(open_build(tmp_path / "out")) > 5000
    kept = json.loads((tmp_path / "out" / "current" / "report.json").read_text())
    assert len(kept["unusable"]) == 3 and all(item["repair"] for item in kept["unusable"])


def test_a_contradiction_is_named_and_the_rest_is_reasoned(copied: Path, tmp_path: Path) -> None:
    (copied / "data" / "curated" / "contradiction.ttl").write_text(
        "@prefix emkg: <https://w3id.org/emkg/ontology#> .\n@base <https://w3id.org/emkg/id/> .\n"
        "<acquisition/wrong> a emkg:ImagingAcquisition , emkg:SBFSEM , emkg:ssTEM .\n"
    )
    report = build(tmp_path / "out", engine="rules")
    assert ["emkg:SEM and emkg:TEM" in str(error) for error in report.inputs.errors] == [True]
    assert open_build(tmp_path / "out").ask("ASK { GRAPH emg:inferred { ?a a emkg:SerialSectionEM } }")
    with pytest.raises(InconsistentGraph, match="acquisition/wrong"):
        build(tmp_path / "strict", engine="rules", strict=True)


def test_strict_stops_and_keeps_the_previous_build(copied: Path, tmp_path: Path) -> None:
    build(tmp_path / "out", engine="rules")
    before = files(tmp_path / "out" / "current")
    (copied / "data" / "curated" / "broken.ttl").write_text("<s:a> <p:b> .\n")
    assert is_stale(tmp_path / "out")
    with pytest.raises(BuildError, match=r"broken\.ttl"):
        build(tmp_path / "out", engine="rules", strict=True)
    assert files(tmp_path / "out" / "current") == before


def test_a_new_build_replaces_the_old_one_and_leaves_no_rest(copied: Path, tmp_path: Path) -> None:
    for _ in range(3):
        build(tmp_path / "out", engine="rules")
    assert sorted(path.name for path in (tmp_path / "out").iterdir() if path.name not in ("current", "memory")) == [
        os.readlink(tmp_path / "out" / "current")
    ]
    assert not is_stale(tmp_path / "out")


def test_a_killed_build_leaves_the_last_good_one(built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "out", symlinks=True)
    before = files(tmp_path / "out" / "current")
    for delay in (0.3, 1.0):
        running = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "emkg",
                "build",
                "--out",
                str(tmp_path / "out"),
                "--engine",
                "rules",
                "--only",
                "awesome-list",
            ],
            stderr=subprocess.PIPE,
        )
        time.sleep(delay)
        running.send_signal(signal.SIGKILL)
        running.communicate()
        assert files(tmp_path / "out" / "current") == before
        assert len(open_build(tmp_path / "out")) > 5000


def test_foreign_files_beside_the_build_are_left_alone(copied: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "mine").mkdir(parents=True)
    (tmp_path / "out" / "mine" / "notes.txt").write_text("x")
    build(tmp_path / "out", engine="rules")
    assert (tmp_path / "out" / "mine" / "notes.txt").read_text() == "x"


def test_a_missing_build_says_which_command_makes_it(tmp_path: Path) -> None:
    with pytest.raises(NoBuild, match="make one: emkg build"):
        open_build(tmp_path)
    assert is_stale(tmp_path)


def test_a_place_that_cannot_be_written_is_told(copied: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BuildError, match="cannot be written"):
        build(tmp_path / "file", engine="rules")
