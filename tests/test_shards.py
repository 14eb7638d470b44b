"""Shards: blocks in order, origins read back line by line, damage told with its repair."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from emkg.errors import ParseError
from emkg.harvest import Snapshot, source_named
from emkg.harvest.repositories import record_quads, version_of
from emkg.model import Record
from emkg.rdfize import repository_origin
from emkg.shards import Kept, ShardWriter, blocks, days_of, hashes, kept_records, read_shard
from emkg.sources._base import Repository


@pytest.fixture
def cem() -> Repository:
    source = source_named("cem")
    assert isinstance(source, Repository)
    return source


def written(cem: Repository, path: Path, *keys: str) -> Path:
    version = version_of(cem, Snapshot("0123456789abcdef", "2022-12-30", "2026-01-02"))
    with ShardWriter(path) as shard:
        for key in keys:
            record = Record(key, cem.example.path, cem.example.pointer, cem.example.body)
            shard.add(key.replace(" ", "-"), record_quads(version, cem.read(record)))
        shard.add(" source", repository_origin(version, cem.states, cem.lacks))
    return path


def test_blocks_come_in_the_order_of_their_names_and_equal_harvests_give_equal_bytes(
    cem: Repository, tmp_path: Path
) -> None:
    one, other = written(cem, tmp_path / "a.nq.gz", "b", "a"), written(cem, tmp_path / "b.nq.gz", "a", "b")
    assert [name for name, _ in blocks(one)] == [" source", "a", "b"]
    assert one.read_bytes() == other.read_bytes()
    text = b"".join(block for _, block in blocks(one))
    assert len(read_shard(one)) == text.count(b"\n")


def test_the_origin_of_each_record_is_read_back(cem: Repository, tmp_path: Path) -> None:
    keys = ['a "quoted" key', "back\\slash", "µ"]
    path = written(cem, tmp_path / "a.nq.gz", *keys)
    kept = kept_records(path)
    assert set(kept) == set(keys)
    assert all(
        isinstance(one, Kept) and len(one.sha256) == 64 and one.path == "ngff_datasets.csv" for one in kept.values()
    )
    assert hashes(path) == {key: one.sha256 for key, one in kept.items()}
    assert days_of(path) == ["2022-12-30"]


def test_no_shard_holds_nothing(tmp_path: Path) -> None:
    assert kept_records(tmp_path / "none.nq.gz") == {} and days_of(tmp_path / "none.nq.gz") == []


def test_a_harvest_that_dies_leaves_the_old_shard(cem: Repository, tmp_path: Path) -> None:
    path = written(cem, tmp_path / "a.nq.gz", "a")
    before = path.read_bytes()
    with pytest.raises(KeyError), ShardWriter(path) as shard:
        shard.add("b", [])
        raise KeyError("killed")
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-40], lambda data: b"no gzip", lambda data: data[:60] + b"\0" * 40 + data[100:]]
)
def test_a_damaged_shard_is_told(cem: Repository, tmp_path: Path, damage: object) -> None:
    path = written(cem, tmp_path / "a.nq.gz", "a")
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    for reading in (read_shard, kept_records, lambda one: list(blocks(one))):
        with pytest.raises(ParseError, match="harvest it again"):
            reading(path)  # type: ignore[no-untyped-call]


def test_what_is_no_statement_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.nq.gz").write_bytes(gzip.compress(b"# a\n<s:a> <p:b> .\n"))
    with pytest.raises(ParseError, match=r"a\.nq\.gz:2"):
        read_shard(tmp_path / "a.nq.gz")
