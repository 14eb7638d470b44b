"""Which sources are there, and how is one of them harvested?"""

from __future__ import annotations

import json
from pathlib import Path

from emkg.errors import NotFound
from emkg.harvest.documents import DocumentReport, harvest_document, to_json
from emkg.harvest.repositories import Progress, RepositoryReport, Snapshot, harvest_records, limited
from emkg.paths import data_dir
from emkg.registry import discover
from emkg.shards import hashes
from emkg.sources._base import Document, Repository, Source

__all__ = [
    "DocumentReport",
    "RepositoryReport",
    "Snapshot",
    "harvest",
    "listing",
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


def listing() -> str:
    """The sources, each with the number of its records, its licence and its home page.

    >>> listing().split()[0]
    'awesome-list'
    """
    return "".join(_line(name, source) for name, source in sources().items())


def _line(name: str, source: Source) -> str:
    licence = source.licence or "no licence stated"
    if isinstance(source, Repository):
        return f"{name}\t{len(hashes(_shard(name)))} records\t{licence}\t{source.homepage}\n"
    days = sorted(_day(path) for path in (data_dir() / "records" / name).glob("*.json"))
    dates = f"{days[0] or 'undated'} … {days[-1] or 'undated'}" if days else "none yet"
    return f"{name}\t{len(days)} records ({dates})\t{licence}\t{source.homepage}\n"


def _day(path: Path) -> str:
    try:
        version = json.loads(path.read_text(encoding="utf-8"))["version"]
        return str(version["date"])
    except (ValueError, KeyError, TypeError):
        return ""


def _shard(name: str) -> Path:
    return data_dir() / "harvest" / f"{name}.nq.gz"


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
    shard = out / f"{name}.nq.gz" if out is not None else _shard(name)
    records = limited(source.records(path), limit)
    return harvest_records(source, records, shard, snapshot or Snapshot(), partial=limit is not None, progress=progress)
