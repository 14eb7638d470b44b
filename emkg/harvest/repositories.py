"""A repository's records → a shard of statements under data/harvest/, and a report of what was kept, changed, lost and refused."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from emkg.ids import slugify
from emkg.model import Curie, Fault, Record, RecordReading, SourceVersion
from emkg.rdf import Quad
from emkg.rdfize import record_graph, record_origin, record_statements_of, repository_origin
from emkg.shards import ShardWriter, blocks, hashes
from emkg.sources._base import Repository

_HEAD = " source"  # sorts before every record
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Which state of a repository is read: a commit and its day, or the day on which a copy was taken (ISO days)."""

    commit: str = ""
    date: str = ""
    retrieved: str = ""


@dataclass(slots=True)
class RepositoryReport:
    """What a harvest did with each record: keys of the new, changed and vanished, how many stayed as they were, what was refused.

    ``rejected`` holds, for each record or file that gave no dataset, its key and the faults that say why; ``faults`` are the fields
    that were left out of records which were kept.
    """

    source: str
    path: Path
    datasets: int = 0
    statements: int = 0
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    unchanged: int = 0
    left_as_before: int = 0
    rejected: dict[str, list[Fault]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def kept(self) -> int:
        """The records that gave at least one dataset."""
        return len(self.new) + len(self.changed) + self.unchanged

    def to_text(self, longest: int = 20) -> str:
        """What a person reads after a harvest: numbers first, then each rejection with its place, then the commonest faults of fields."""
        head = (
            f"{self.source}: {self.kept} records kept ({len(self.new)} new, {len(self.changed)} changed, {self.unchanged} as before), "
            f"{len(self.vanished)} vanished, {len(self.rejected)} rejected; {self.datasets} datasets, {self.statements} statements"
        )
        lines = [head]
        for word, keys in (("changed", self.changed), ("vanished", self.vanished)):
            lines += [f"  {word}: {', '.join(keys[:longest])}{' …' if len(keys) > longest else ''}"] if keys else []
        if self.left_as_before:
            lines.append(f"  {self.left_as_before} records were not reached and stay as the last harvest left them")
        for key, faults in self.rejected.items():
            lines += [f"  rejected {key}: {fault.path}: {fault.reason}: {fault.text[:80]!r}" for fault in faults[:3]]
        common = Counter(fault.reason for fault in self.faults).most_common(longest)
        lines += [f"  {number} fields left out: {reason}" for reason, number in common]
        return "\n".join([*lines, f"written: {self.path}"]) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """The whole report, every fault with its place."""
        return {
            "source": self.source,
            "datasets": self.datasets,
            "statements": self.statements,
            "new": self.new,
            "changed": self.changed,
            "vanished": self.vanished,
            "unchanged": self.unchanged,
            "rejected": {key: [_plain(one) for one in faults] for key, faults in self.rejected.items()},
            "faults": [_plain(one) for one in self.faults],
        }


def _plain(fault: Fault) -> dict[str, str]:
    return {"where": fault.path, "reason": fault.reason, "text": fault.text}


def version_of(source: Repository, snapshot: Snapshot) -> SourceVersion:
    """The version of a repository that a snapshot stands for."""
    licence = Curie(source.licence if ":" in source.licence or not source.licence else f"spdx:{source.licence}")
    return SourceVersion(
        source.name, source.title, source.homepage, snapshot.commit, snapshot.date, licence, (), snapshot.retrieved
    )


def fingerprint(record: Record) -> str:
    """SHA-256 of the raw record, written in one way whatever the order of its keys."""
    text = json.dumps(record.body, sort_keys=True, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def record_quads(version: SourceVersion, reading: RecordReading) -> list[Quad]:
    """All quads of one record: what it says in its own graph, and where that comes from in ``meta``."""
    graph = record_graph(version.document, reading.record.key)
    said = [
        Quad(told.triple.subject, told.triple.predicate, told.triple.object, graph)
        for told in record_statements_of(reading)
    ]
    return said + record_origin(version, reading, fingerprint(reading.record))


def harvest_records(
    source: Repository,
    records: Iterable[Record | Fault],
    path: Path,
    snapshot: Snapshot,
    *,
    partial: bool = False,
    progress: Progress = lambda _: None,
) -> RepositoryReport:
    """Maps the records and writes the shard; with ``partial``, records of the old shard that were not met are kept.

    Records are taken one at a time; the memory in use does not grow with their number.
    """
    version, before, seen = version_of(source, snapshot), hashes(path), set[str]()
    report = RepositoryReport(source.name, path)
    with ShardWriter(path) as shard:
        shard.add(_HEAD, repository_origin(version, source.states, source.lacks))
        for record in records:
            if isinstance(record, Fault):
                report.rejected.setdefault(record.path, []).append(record)
                continue
            progress(record.key)
            _take(source, version, record, before, report, shard)
            seen.add(record.key)
        missing = [key for key in before if key not in seen]
        if partial:
            report.left_as_before = _keep(path, shard, set(missing))
        else:
            report.vanished = missing
    return report


def _take(
    source: Repository,
    version: SourceVersion,
    record: Record,
    before: dict[str, str],
    report: RepositoryReport,
    shard: ShardWriter,
) -> None:
    reading = source.read(record)
    if slugify(record.key) in shard:
        reading = RecordReading(record, (), (Fault(record.path, 0, 0, "a second record of one key", record.key),))
    if not reading.datasets:
        reason = Fault(f"{record.path}#{record.pointer}", 0, 0, "gives no dataset", "")
        report.rejected[record.key] = list(reading.faults) or [reason]
        return
    quads = record_quads(version, reading)
    shard.add(slugify(record.key), quads)
    report.datasets += len(reading.datasets)
    report.statements += len(quads)
    report.faults += reading.faults
    old = before.get(record.key)
    if old is None:
        report.new.append(record.key)
    elif old != fingerprint(record):
        report.changed.append(record.key)
    else:
        report.unchanged += 1


def _keep(path: Path, shard: ShardWriter, missing: set[str]) -> int:
    wanted = {slugify(key) for key in missing}
    kept = 0
    for name, text in blocks(path) if wanted else ():
        if name in wanted:
            shard.add_text(name, text)
            kept += 1
    return kept


def limited(records: Iterator[Record | Fault], limit: int | None) -> Iterator[Record | Fault]:
    """At most so many records; faults of files do not count."""
    left = limit
    for record in records:
        if left is not None and isinstance(record, Record):
            if left <= 0:
                return
            left -= 1
        yield record
