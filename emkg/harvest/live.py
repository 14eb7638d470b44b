"""A source over HTTP → its shard: pages of an API, or files of a public repository; goes on where a killed harvest stopped."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from emkg.errors import FetchError
from emkg.harvest.documents import DocumentReport, harvest_document
from emkg.harvest.github import API, RAW, Checkout
from emkg.harvest.http import Client
from emkg.harvest.journal import Journal, Task
from emkg.harvest.manners import Manners
from emkg.harvest.report import RepositoryReport
from emkg.harvest.repositories import Progress, Snapshot, harvest_records, limited, shard_path
from emkg.model import Fault, Record
from emkg.paths import data_dir
from emkg.sources._base import Document, Repository, Source


@dataclass(frozen=True, slots=True)
class Live:
    """How a live harvest is made: the folder of the cache, the day it is, and what the call asks for.

    ``address`` stands in for the source's own (a mirror, or a test's server); ``afresh`` forgets an unfinished harvest;
    ``offline`` uses the cache alone; ``watch`` is told each address that is asked for.
    """

    cache: Path
    today: str
    address: str = ""
    commit: str = ""
    afresh: bool = False
    offline: bool = False
    manners: Manners = field(default_factory=Manners)
    watch: Progress = lambda _: None


def harvest_live(
    source: Source, how: Live, out: Path | None = None, *, limit: int | None = None, progress: Progress = lambda _: None
) -> DocumentReport | RepositoryReport:
    """Records what a source publishes, over HTTP, where ``emkg.harvest.harvest`` would put it.

    A document is the one file at the address that ``how`` gives. Raises FetchError where the source has no live path, or where
    the address on which all others hang cannot be had.
    """
    if isinstance(source, Document):
        return _document(source, how, out if out is not None else data_dir() / "records" / source.name)
    assert isinstance(source, Repository)
    if not source.is_live:
        raise FetchError(f"{source.name} has no live path", source.homepage, "give a local copy: --from PATH")
    if not (how.address or source.public or source.api or source.addresses):
        raise FetchError(f"{source.name} has no address of its own", source.homepage, "give one: --from ADDRESS")
    shard, address = shard_path(source.name, out), how.address and how.address.rstrip("/") + "/"
    with _client(source, how, address or (API if source.public else source.api)) as client:
        if source.public is None:
            report = _from_pages(source, shard, client, how.commit, limit, progress)
        else:
            checkout = Checkout(client, source.public, address or RAW, how.cache / "files")
            report = _from_files(source, shard, checkout, how.commit, limit, progress)
        if not client.failed and not how.offline:
            client.journal.finish()
    report.resumed = client.journal.resumed
    for entry in client.journal.entries.values():
        report.addresses.setdefault(entry.how, []).append(entry.url)
    return report


def _client(source: Source, how: Live, api: str, *, afresh: bool = False) -> Client:
    folder, task = how.cache / source.name, Task(source.name, api, how.commit, how.today)
    path = folder / "journal.jsonl"
    journal = Journal.kept(path, task) if how.offline else Journal.open(path, task, afresh=how.afresh or afresh)
    return Client(folder, api, journal, how.manners, how.offline, how.watch)


def _document(source: Document, how: Live, folder: Path) -> DocumentReport:
    if not how.address:
        raise FetchError(f"{source.name} has no live path", source.homepage, "give a copy, or its address: --from")
    with _client(source, how, how.address, afresh=True) as client, tempfile.TemporaryDirectory() as copy:
        place = Path(copy, urlsplit(how.address).path.rpartition("/")[2] or "README.md")
        place.write_bytes(client.download(how.address))
        return harvest_document(source, place, folder)


def _from_pages(
    source: Repository, shard: Path, client: Client, commit: str, limit: int | None, progress: Progress
) -> RepositoryReport:
    if commit:
        raise FetchError(f"{source.name} has no commits", source.api, "leave out --commit")
    snapshot, records = Snapshot("", "", client.journal.task.begun), limited(source.live(client), limit)
    if not source.accumulates:
        records = _some(records)
    partial = limit is not None or source.accumulates
    return harvest_records(source, records, shard, snapshot, partial=partial, paged=True, progress=progress)


def _some(records: Iterator[Record | Fault]) -> Iterator[Record | Fault]:
    """The records; raises FetchError where there is none and a fault says why: the old shard then stays as it is."""
    fault, met = None, False
    for one in records:
        met = met or isinstance(one, Record)
        fault = fault or (one if isinstance(one, Fault) else None)
        yield one
    if fault is not None and not met:
        raise FetchError(f"nothing could be had: {fault.reason}", fault.path, "run the harvest again later")


def _from_files(
    source: Repository, shard: Path, checkout: Checkout, commit: str, limit: int | None, progress: Progress
) -> RepositoryReport:
    """Fetches the files, then reads them as a local copy; with a limit, only as many as it takes."""
    checkout.look(commit)
    groups, wanted = checkout.groups(), limit if limit is not None else len(checkout.blobs)
    snapshot = Snapshot(checkout.commit, checkout.date)
    while True:
        checkout.faults.clear()
        with checkout.copy([blob for group in groups[:wanted] for blob in group]) as folder:
            enough = limit is None or wanted >= len(groups) or _count(source, folder, limit) >= limit
            if enough:
                records = _with_faults(limited(source.records(folder), limit), checkout.faults)
                return harvest_records(source, records, shard, snapshot, partial=limit is not None, progress=progress)
        wanted *= 2


def _count(source: Repository, folder: Path, limit: int) -> int:
    return sum(isinstance(one, Record) for one in limited(source.records(folder), limit))


def _with_faults(records: Iterator[Record | Fault], faults: list[Fault]) -> Iterator[Record | Fault]:
    yield from faults
    yield from records
