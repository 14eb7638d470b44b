"""Local copies of documents → frozen records under data/records/, and what of them could not be read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emkg.errors import FetchError
from emkg.ids import slugify
from emkg.model import Fault, Reading
from emkg.sources._base import Document, Raw


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """The records that were written, and the faults found in reading them."""

    source: str
    kept: tuple[Path, ...]
    rejected: tuple[Fault, ...]

    @property
    def whole(self) -> bool:
        """Whether all could be had that was asked for."""
        return True

    def to_text(self) -> str:
        """One line a record and one line a fault (file:line:column: reason: text)."""
        lines = [f"{self.source}: {path} written" for path in self.kept]
        faults = [f"{one.path}:{one.line}:{one.column}: {one.reason}: {one.text!r}" for one in self.rejected]
        return "\n".join([*lines, *faults, f"{len(self.kept)} kept, {len(self.rejected)} faults"]) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """The whole report, every fault with its place."""
        faults = [
            {"where": f"{one.path}:{one.line}:{one.column}", "reason": one.reason, "text": one.text}
            for one in self.rejected
        ]
        return {"source": self.source, "written": [path.name for path in self.kept], "faults": faults}


def harvest_document(source: Document, path: Path, folder: Path) -> DocumentReport:
    """Records a local copy of a document below a folder; raises FetchError."""
    kept: list[Path] = []
    rejected: list[Fault] = []
    for raw in source.fetch(path):
        reading = source.read(raw)
        kept.append(_write(folder / f"{_stem(reading)}.json", raw))
        rejected += reading.faults
    return DocumentReport(source.name, tuple(kept), tuple(rejected))


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
