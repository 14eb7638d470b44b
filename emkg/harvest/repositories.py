"""A repository's records → a shard of statements under data/harvest/, and a report of what was kept, changed, lost and refused."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from emkg.errors import EmkgError
from emkg.harvest.report import RepositoryReport
from emkg.ids import slugify
from emkg.model import Curie, Fault, Record, RecordReading, SourceVersion
from emkg.paths import data_dir
from emkg.rdf import Quad, RdfFormat, parse_quads
from emkg.rdfize import record_graph, record_origin, record_statements_of, repository_origin
from emkg.shards import Kept, ShardWriter, blocks, kept_records
from emkg.sources._base import Repository

_HEAD = " source"  # sorts before every record
_VERSION = re.compile(r"#inVersion> (<[^>]*>)")
_NOT_OF_ITS_FORM = (ArithmeticError, AttributeError, EmkgError, LookupError, RecursionError, TypeError, ValueError)
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Which state of a repository is read: a commit and its day, or the day on which a copy was taken (ISO days)."""

    commit: str = ""
    date: str = ""
    retrieved: str = ""


def shard_path(name: str, out: Path | None = None) -> Path:
    """Where the shard of a repository lies.

    >>> shard_path("cem").name
    'cem.nq.gz'
    """
    return (out if out is not None else data_dir() / "harvest") / f"{name}.nq.gz"


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
    paged: bool = False,
    progress: Progress = lambda _: None,
) -> RepositoryReport:
    """Maps the records and writes the shard.

    Records of the old shard that were not met have vanished, unless they may stand where we could not look: with ``partial``
    anywhere, else in a file that is at fault, and where the records come in pages (``paged``) on any page, once one is at fault.
    Records are taken one at a time; the memory in use does not grow with what they hold.
    """
    version, before, unread = version_of(source, snapshot), kept_records(path), set[str]()
    report = RepositoryReport(source.name, path)
    with ShardWriter(path) as shard:
        head = repository_origin(version, source.states, source.lacks)
        shard.add(_HEAD, head)
        for record in records:
            if isinstance(record, Fault):
                report.rejected.setdefault(record.path, []).append(record)
                if (
                    "#" not in record.path
                ):  # a place within a file is a record's fault; the others of the file were read
                    unread.add(record.path)
                continue
            progress(record.key)
            _take(source, version, record, before.pop(record.key, None), report, shard)
        everywhere = partial or (paged and bool(unread))
        left = {key for key, kept in before.items() if everywhere or kept.path in unread}
        report.left_as_before = _keep(path, shard, left, head)
        report.vanished = [key for key in before if key not in left]
    return report


def _take(
    source: Repository,
    version: SourceVersion,
    record: Record,
    old: Kept | None,
    report: RepositoryReport,
    shard: ShardWriter,
) -> None:
    reading, quads = _mapped(source, version, record)
    if reading.datasets and slugify(record.key) in shard:
        reading = RecordReading(record, (), (Fault(record.path, 0, 0, "a second record of one key", record.key),))
    if not reading.datasets:
        reason = Fault(f"{record.path}#{record.pointer}", 0, 0, "gives no dataset", "")
        report.rejected.setdefault(record.key, []).extend(reading.faults or [reason])
        return
    shard.add(slugify(record.key), quads)
    report.datasets += len(reading.datasets)
    report.statements += len(quads)
    report.faults += reading.faults
    if old is None:
        report.new.append(record.key)
    elif old.sha256 != fingerprint(record):
        report.changed.append(record.key)
    else:
        report.unchanged += 1


def _mapped(source: Repository, version: SourceVersion, record: Record) -> tuple[RecordReading, list[Quad]]:
    """What a record says, and its statements; a record of a form that nobody thought of is refused, and the harvest goes on."""
    try:
        reading = source.read(record)
        return reading, record_quads(version, reading) if reading.datasets else []
    except _NOT_OF_ITS_FORM as fault:
        reason = f"not a record of {source.name}: {type(fault).__name__}: {str(fault)[:200]}"
        return RecordReading(record, (), (Fault(f"{record.path}#{record.pointer}", 0, 0, reason, ""),)), []


def _keep(path: Path, shard: ShardWriter, keys: set[str], head: list[Quad]) -> int:
    """Takes over blocks of the old shard as they are, and what it tells of the versions that these were read from."""
    wanted = {slugify(key) for key in keys}
    kept, versions, old_head = 0, set[str](), list[Quad]()
    for name, text in blocks(path) if wanted else ():
        if name == _HEAD:
            old_head = parse_quads(text, RdfFormat.N_QUADS, name=path.name)
        elif name in wanted and name not in shard:
            shard.add_text(name, text)
            kept += 1
            versions.update(_VERSION.findall(text.decode("utf-8")))
    if kept:
        shard.add(_HEAD, [*head, *(quad for quad in old_head if str(quad.subject) in versions)])
    return kept


def limited(records: Iterator[Record | Fault], limit: int | None) -> Iterator[Record | Fault]:
    """At most so many records; faults of files do not count. Behind the last record nothing more is asked for."""
    left = limit
    for record in records:
        yield record
        if left is not None and isinstance(record, Record):
            left -= 1
            if left <= 0:
                return
