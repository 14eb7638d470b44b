"""Which sources are there, and how is a local copy of one harvested? Live harvests are in ``emkg.harvest.live``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from emkg.errors import NotFound
from emkg.harvest.documents import DocumentReport, harvest_document, to_json
from emkg.harvest.report import RepositoryReport
from emkg.harvest.repositories import Progress, Snapshot, harvest_records, limited, shard_path
from emkg.paths import data_dir
from emkg.registry import discover
from emkg.shards import days_of, hashes
from emkg.sources._base import Document, Repository, Source

__all__ = [
    "DocumentReport",
    "Listed",
    "RepositoryReport",
    "Snapshot",
    "harvest",
    "listed",
    "listing",
    "shard_path",
    "source_named",
    "sources",
    "to_json",
]


def sources() -> dict[str, Source]:
    """Every source by its name."""
    return discover("emkg.sources", Source)


def source_named(name: str) -> Source:
    """The source of a name; raises NotFound with the names there are.

    >>> source_named("awesome-list").licence
    'MIT'
    """
    found = sources()
    if name not in found:
        raise NotFound(f"no source {name!r}", "emkg/sources/", f"there is: {', '.join(found)}")
    return found[name]


@dataclass(frozen=True, slots=True)
class Listed:
    """A source as the listing tells it: how many records were harvested, of which days (ISO, oldest and newest), live or not."""

    name: str
    title: str
    records: int
    oldest: str
    newest: str
    licence: str
    live: bool
    homepage: str

    def to_text(self) -> str:
        """One line, its columns parted by tabs."""
        days = f" ({self.oldest} … {self.newest})" if self.oldest != self.newest else f" ({self.newest})"
        how = "live or local" if self.live else "local only"
        return "\t".join(
            (
                self.name,
                f"{self.records} records{days if self.newest else ''}",
                self.licence or "no licence stated",
                how,
                self.homepage,
            )
        )


def listed() -> Iterator[Listed]:
    """The sources in the order of their names."""
    for name, source in sources().items():
        if isinstance(source, Repository):
            count, days, live_too = len(hashes(shard_path(name))), days_of(shard_path(name)), source.is_live
        else:
            found = sorted(_day(path) for path in (data_dir() / "records" / name).glob("*.json"))
            count, days, live_too = len(found), [day for day in found if day], False
        ends = (days[0], days[-1]) if days else ("", "")
        yield Listed(name, source.title, count, *ends, source.licence, live_too, source.homepage)


def listing(form: str = "text") -> str:
    """The sources, each with the number and days of its records, its licence, whether it can be had live, and its home page.

    >>> listing().split()[0]
    'awesome-list'
    """
    if form == "json":
        return json.dumps([asdict(one) for one in listed()], indent=1, ensure_ascii=False) + "\n"
    return "".join(one.to_text() + "\n" for one in listed())


def _day(path: Path) -> str:
    try:
        version = json.loads(path.read_text(encoding="utf-8"))["version"]
        return str(version["date"])
    except (ValueError, KeyError, TypeError):
        return ""


def harvest(
    name: str,
    path: Path,
    out: Path | None = None,
    *,
    snapshot: Snapshot | None = None,
    limit: int | None = None,
    progress: Progress = lambda _: None,
) -> DocumentReport | RepositoryReport:
    """Records a local copy of what a source publishes; raises FetchError.

    A document goes below ``out`` (else data/records/{name}); a repository becomes the shard ``out``/{name}.nq.gz (else below
    data/harvest). With ``limit``, only so many records are read, and those of the last harvest that were not met are kept.
    """
    source = source_named(name)
    if isinstance(source, Document):
        return harvest_document(source, path, out if out is not None else data_dir() / "records" / name)
    assert isinstance(source, Repository)
    records, partial = limited(source.records(path), limit), limit is not None or source.accumulates
    return harvest_records(
        source, records, shard_path(name, out), snapshot or Snapshot(), partial=partial, progress=progress
    )
