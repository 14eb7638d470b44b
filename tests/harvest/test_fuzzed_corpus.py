"""A fuzzed corpus of every source through the command line: it never stops, writes no invalid statement, tells each rejection."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from emkg.harvest import sources
from emkg.merge import merge
from emkg.model import Fault, Record
from emkg.rdf import Literal
from emkg.shards import kept_records, read_shard
from emkg.sources._base import Repository
from emkg.validate import validate_asserted
from tests.harvest.corpus import can_be_written, damage_files, write_corpus
from tests.sources.fuzz import LEXICAL
from tests.sources.test_every_repository import WITH_RECORDS, there

REPOSITORIES = {name: source for name, source in sources().items() if isinstance(source, Repository)}
NUMBER = 100


def harvested(source: Repository, corpus: Path, out: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "emkg", "harvest", source.name, "--from", str(corpus), "--out", str(out)]
    command += ["--date", "2026-01-02", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@pytest.mark.parametrize("source", REPOSITORIES.values(), ids=REPOSITORIES)
def test_a_fuzzed_corpus_is_harvested_to_its_end(source: Repository, tmp_path: Path) -> None:
    if not can_be_written(source, tmp_path / "example"):
        pytest.skip(f"{source.name}: a record is not one file, or one row")
    corpus = tmp_path / "corpus"
    write_corpus(source, corpus, NUMBER)
    report = harvested(source, corpus, tmp_path / "out")
    kept, rejected = set(report["new"]), report["rejected"]

    given = list(source.records(corpus))
    assert sum(isinstance(one, Record) for one in given) > 20
    for one in given:
        key = one.key if isinstance(one, Record) else one.path
        assert key in kept or key in rejected, f"nobody tells what became of {key}"
    assert source.example.key in kept
    assert_told_well(report)
    assert any(isinstance(one, Fault) for one in given), "the broken files are told"

    assert_written_well(tmp_path / "out" / f"{source.name}.nq.gz", report)


def assert_written_well(shard: Path, report: dict[str, Any]) -> None:
    """The shard can be read back strictly, says of each kept record where it comes from, and conforms once it is merged.

    Where damaged copies of one record contradict one another, the merged graph, as a build makes it, holds one of them.
    """
    quads = read_shard(shard)
    assert set(kept_records(shard)) == set(report["new"]) and len(quads) >= report["statements"]
    for quad in quads:
        if isinstance(quad.object, Literal):
            assert re.fullmatch(LEXICAL.get(quad.object.datatype, r"(?s).*"), quad.object.value), quad
    violations = [one for one in validate_asserted(merge(quads).triples).results if one.severity == "violation"]
    assert not violations, "\n".join(f"{one.focus} {one.path} {one.value}: {one.message}" for one in violations[:5])


def assert_told_well(report: dict[str, Any]) -> None:
    """Each rejection has its place and reason, and none is an exception that a source raised."""
    for key, faults in report["rejected"].items():
        assert faults, key
        for fault in faults:
            assert fault["where"] and fault["reason"], key
            assert not fault["reason"].startswith("not a record of"), f"{key}: {fault}: the source raised an exception"


@pytest.mark.parametrize(("name", "folder"), WITH_RECORDS)
def test_real_files_with_damaged_bytes_are_harvested_to_their_end(name: str, folder: str, tmp_path: Path) -> None:
    source, path = there(name, folder)
    damage_files(path, tmp_path / "corpus", 150)
    report = harvested(source, tmp_path / "corpus", tmp_path / "out")
    assert_told_well(report)
    assert_written_well(tmp_path / "out" / f"{name}.nq.gz", report)


def test_the_same_corpus_gives_the_same_bytes(tmp_path: Path) -> None:
    source = REPOSITORIES["cem"]
    for name in ("one", "other"):
        write_corpus(source, tmp_path / name, 40)
        harvested(source, tmp_path / name, tmp_path / f"out-{name}")
    one, other = (tmp_path / f"out-{name}" / "cem.nq.gz" for name in ("one", "other"))
    assert one.read_bytes() == other.read_bytes()
