"""Local copies of what sources publish → frozen records under data/records/, and what of them could not be read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from emkg.errors import FetchError, NotFound
from emkg.ids import slugify
from emkg.model import Fault, Reading
from emkg.paths import data_dir
from emkg.registry import discover
from emkg.sources._base import Raw, Source


@dataclass(frozen=True, slots=True)
class HarvestReport:
    """The records that were written, and the faults found in reading them."""

    source: str
    kept: tuple[Path, ...]
    rejected: tuple[Fault, ...]

    def to_text(self) -> str:
        """One line a record and one line a fault (file:line:column: reason: text)."""
        lines = [f"{self.source}: {path} written" for path in self.kept]
        faults = [f"{one.path}:{one.line}:{one.column}: {one.reason}: {one.text!r}" for one in self.rejected]
        return "\n".join([*lines, *faults, f"{len(self.kept)} kept, {len(self.rejected)} faults"]) + "\n"


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
    folder = data_dir() / "records" / name
    days = sorted(_day(path) for path in folder.glob("*.json"))
    dates = f"{days[0] or 'undated'} … {days[-1] or 'undated'}" if days else "none yet"
    return f"{name}\t{len(days)} records ({dates})\t{source.licence}\t{source.homepage}\n"


def _day(path: Path) -> str:
    try:
        version = json.loads(path.read_text(encoding="utf-8"))["version"]
        return str(version["date"])
    except (ValueError, KeyError, TypeError):
        return ""


def harvest(name: str, path: Path, out: Path | None = None) -> HarvestReport:
    """Records a local copy of what a source publishes below ``out`` (else data/records/{name}); raises FetchError."""
    source = source_named(name)
    folder = out if out is not None else data_dir() / "records" / name
    kept: list[Path] = []
    rejected: list[Fault] = []
    for raw in source.fetch(path):
        reading = source.read(raw)
        kept.append(_write(folder / f"{_stem(reading)}.json", raw))
        rejected += reading.faults
    return HarvestReport(name, tuple(kept), tuple(rejected))


def _stem(reading: Reading) -> str:
    """The short commit; a stand-in for one carries the document, since its digits alone tell nothing."""
    version = reading.version
    return version.short if version.short != version.commit else slugify(version.slug)


def to_json(raw: Raw) -> str:
    """The record as the file holds it: sorted keys, one fact below another, a line end at the end.

    >>> to_json({"b": 1, "a": "µ"})
    '{\\n "a": "µ",\\n "b": 1\\n}\\n'
    """
    return json.dumps(raw, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _write(path: Path, raw: Raw) -> Path:
    text = to_json(raw)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as fault:
        raise FetchError(
            f"cannot be written: {fault.strerror}", str(path), "choose another folder with --out"
        ) from None
    return path
