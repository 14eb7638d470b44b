"""Shards: what a harvest of a repository said, as compressed N-Quads under data/harvest/, one block for each record, sorted."""

from __future__ import annotations

import gzip
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from emkg.errors import ParseError
from emkg.rdf import Quad, RdfFormat, parse_quads, write

_SHA256 = re.compile(rb"^(\S+) \S*#sha256> \"([0-9a-f]{64})\"", re.MULTILINE)
_KEY = re.compile(rb"^(\S+) \S*#recordKey> \"((?:[^\"\\]|\\.)*)\"", re.MULTILINE)


def read_shard(path: Path) -> list[Quad]:
    """All statements of a shard; raises ParseError where it is damaged."""
    return parse_quads(_bytes(path), RdfFormat.N_QUADS, name=path.name)


def _bytes(path: Path) -> bytes:
    try:
        with gzip.open(path) as file:
            return file.read()
    except (OSError, EOFError) as fault:
        raise ParseError(
            f"cannot be read: {fault}", path.name, repair="harvest it again: emkg harvest, or take it from a release"
        ) from None


def hashes(path: Path) -> dict[str, str]:
    """Record key → SHA-256 of the raw record, as the shard holds them; nothing where there is no shard."""
    if not path.is_file():
        return {}
    text = _bytes(path)
    keys = {found[1]: found[2].decode("utf-8") for found in _KEY.finditer(text)}
    return {keys[found[1]]: found[2].decode() for found in _SHA256.finditer(text) if found[1] in keys}


def blocks(path: Path) -> Iterator[tuple[str, bytes]]:
    """The blocks of a shard with their names, in order."""
    name, lines = "", list[bytes]()
    for line in _bytes(path).splitlines(keepends=True):
        if line.startswith(b"# "):
            if lines:
                yield name, b"".join(lines)
            name, lines = line[2:].strip().decode("utf-8"), []
        else:
            lines.append(line)
    if lines:
        yield name, b"".join(lines)


@dataclass
class ShardWriter:
    """Writes a shard block by block; what is in memory is the place of each block, so a source may have any number of records.

    The file is put in place when all went well: a harvest that dies leaves the old shard.
    """

    path: Path
    _places: dict[str, tuple[int, int]] = field(default_factory=dict)
    _spool: BinaryIO | None = None

    def __enter__(self) -> ShardWriter:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._spool = tempfile.TemporaryFile()
        return self

    def add(self, name: str, quads: Iterable[Quad]) -> int:
        """Adds a block, sorted; returns its bytes. A second block of a name takes the place of the first."""
        return self.add_text(name, write(quads, RdfFormat.N_QUADS))

    def add_text(self, name: str, text: bytes) -> int:
        """Adds a block that is N-Quads already."""
        assert self._spool is not None
        place = self._spool.seek(0, 2)
        self._places[name] = place, self._spool.write(text)
        return len(text)

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._spool is not None
        if kind is None:
            self._finish()
        self._spool.close()

    def _finish(self) -> None:
        """Blocks in the order of their names; no clock and no file name in the header, so that equal harvests give equal bytes."""
        assert self._spool is not None
        partial = self.path.with_name(self.path.name + ".partial")
        with partial.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
            for name in sorted(self._places):
                place, length = self._places[name]
                self._spool.seek(place)
                out.write(f"# {name}\n".encode() + self._spool.read(length))
        partial.replace(self.path)
