"""Harvesting: records are written as they are kept, and what cannot be read is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from emkg.errors import FetchError, NotFound
from emkg.harvest import harvest, listing, shard_path, source_named, sources, to_json
from emkg.paths import data_dir
from emkg.shards import hashes
from emkg.sources._base import Repository

LIST = "# A list\n\n## Overview\n\n| Name | Species |\n|---|---|\n| J0126 | yeti |\n"


def test_a_record_is_written_and_reads_the_same(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(LIST, encoding="utf-8")
    report = harvest("awesome-list", tmp_path / "README.md", tmp_path / "out")
    (path,) = report.kept
    text = path.read_text(encoding="utf-8")
    assert path.name.startswith("a-list-unknown-")
    assert to_json(json.loads(text)) == text
    (again,) = harvest("awesome-list", tmp_path / "README.md", tmp_path / "out").kept
    assert again.read_text(encoding="utf-8") == text


def test_the_report_tells_file_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(LIST, encoding="utf-8")
    text = harvest("awesome-list", tmp_path / "README.md", tmp_path / "out").to_text()
    assert "README.md:7:11: a word that species.tsv does not have: 'yeti'" in text
    assert "1 kept, 1 faults" in text


@pytest.mark.parametrize("name", sorted(sources()))
def test_the_listing_counts_the_records_there_are(name: str) -> None:
    line = next(line for line in listing().splitlines() if line.startswith(f"{name}\t"))
    source = source_named(name)
    documents = len(list((data_dir() / "records" / name).glob("*.json")))
    count = len(hashes(shard_path(name))) if isinstance(source, Repository) else documents
    assert f"\t{count} records" in line
    assert source.homepage in line
    is_live = isinstance(source, Repository) and source.is_live
    assert ("\tlive or local\t" in line) is is_live


def test_an_unknown_source_is_told_with_those_there_are() -> None:
    with pytest.raises(NotFound) as refusal:
        source_named("awsome-list")
    assert "awesome-list" in refusal.value.repair


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(LIST, encoding="utf-8")
    with pytest.raises(FetchError, match="cannot be written"):
        harvest("awesome-list", tmp_path / "README.md", tmp_path / "README.md")
