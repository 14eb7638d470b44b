"""Shards: what a harvest of a repository said, as compressed N-Quads under data/harvest/, one block for each record, sorted."""

from __future__ import annotations

import gzip
import re
import sys
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from emkg.errors import FetchError, ParseError
from emkg.rdf import Quad, RdfFormat, parse_quads, write

_ORIGIN = re.compile(rb"\S+ \S*#(sha256|recordKey|sourcePath)> \"((?:[^\"\\]|\\.)*)\"")
_ISSUED = re.compile(rb"^(\S+) \S*/issued> \"([0-9-]{10})\"", re.MULTILINE)
_RETRIEVED = re.compile(rb"^(\S+) \S*#retrieved> \"([0-9-]{10})\"", re.MULTILINE)
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def read_shard(path: Path) -> list[Quad]:
    """All statements of a shard; raises ParseError where it is damaged."""
    return parse_quads(_bytes(path), RdfFormat.N_QUADS, name=path.name)


def _bytes(path: Path) -> bytes:
    try:
        with gzip.open(path) as file:
            return file.read()
    except (OSError, EOFError, zlib.error) as fault:
        raise _damaged(path, fault) from None


def _damaged(path: Path, fault: Exception) -> ParseError:
    repair = "harvest it again: emkg harvest, or take it from a release"
    return ParseError(f"cannot be read: {fault}", path.name, repair=repair)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a shard tells of a record's origin: SHA-256 of the raw record, and the file in which it stood."""

    sha256: str
    path: str


def kept_records(path: Path) -> dict[str, Kept]:
    """Record key → origin, as the shard holds them; nothing where there is no shard; raises ParseError where it is damaged."""
    kept: dict[str, Kept] = {}
    told: dict[bytes, str] = {}
    for line in _lines(path) if path.is_file() else ():
        if line.startswith(b"# "):  # the next record's block
            told = {}
        found = _ORIGIN.match(line)
        if found:
            told[found[1]] = sys.intern(_unescaped(found[2].decode("utf-8")))
            if b"recordKey" in told:
                kept[told[b"recordKey"]] = Kept(told.get(b"sha256", ""), told.get(b"sourcePath", ""))
    return kept


def days_of(path: Path) -> list[str]:
    """The days (ISO) of the versions that a shard was read from, issued or else retrieved; the oldest first."""
    if not path.is_file():
        return []
    _, head = next(blocks(path), ("", b""))
    issued = {found[1]: found[2] for found in _ISSUED.finditer(head)}
    retrieved = {found[1]: found[2] for found in _RETRIEVED.finditer(head)}
    return sorted(day.decode() for day in (retrieved | issued).values())


def hashes(path: Path) -> dict[str, str]:
    """Record key → SHA-256 of the raw record, as the shard holds them; nothing where there is no shard."""
    return {key: kept.sha256 for key, kept in kept_records(path).items()}


def _lines(path: Path) -> Iterator[bytes]:
    """One line after another, so that a large shard is never in memory as a whole."""
    try:
        with gzip.open(path) as file:
            yield from file
    except (OSError, EOFError, zlib.error) as fault:
        raise _damaged(path, fault) from None


def _unescaped(text: str) -> str:
    """The text of a literal as N-Quads writes it (§3.3 of its grammar).

    >>> _unescaped('a \\"b\\"')
    'a "b"'
    """
    return _ESCAPE.sub(lambda found: _ESCAPES.get(found[1], found[1]), text)


def blocks(path: Path) -> Iterator[tuple[str, bytes]]:
    """The blocks of a shard with their names, in order."""
    name, lines = "", list[bytes]()
    for line in _lines(path):
        if line.startswith(b"# "):
            if lines:
                yield name, b"".join(lines)
            name, lines = line[2:].strip(b"\r\n").decode("utf-8"), []
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
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise _unwritable(self.path.parent, fault) from None
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
        try:
            with partial.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as out:
                for name in sorted(self._places):
                    place, length = self._places[name]
                    self._spool.seek(place)
                    out.write(f"# {name}\n".encode() + self._spool.read(length))
            partial.replace(self.path)
        except OSError as fault:
            raise _unwritable(self.path, fault) from None


def _unwritable(path: Path, fault: OSError) -> FetchError:
    return FetchError(f"cannot be written: {fault.strerror}", str(path), "choose another folder with --out")
