"""Where statements come from: versions of a document, tables, rows and cells; records of a repository; faults."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from emkg.model.dataset import Dataset, Paper
from emkg.model.deposit import Curie


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table as it stands in the file: ``verbatim`` is its inner source, ``text`` what a reader sees; from 1 on."""

    column_index: int
    column_label: str
    verbatim: str
    text: str
    line: int
    column: int
    row_span: int = 1
    col_span: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; ``index`` counts from 1, heads left out."""

    index: int
    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table of a source version, with its heads verbatim and the place where it begins."""

    slug: str
    path: str
    line: int
    heads: tuple[Cell, ...]
    rows: tuple[Row, ...]
    section: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of a source version."""

    path: str
    blob: str
    sha256: str


@dataclass(frozen=True, slots=True)
class SourceVersion:
    """A version of a source document: commit and day (ISO), or the day on which a copy was taken; licence, files."""

    document: str
    title: str
    homepage: str
    commit: str
    date: str
    licence: Curie
    files: tuple[SourceFile, ...]
    retrieved: str = ""

    @property
    def short(self) -> str:
        """The first seven digits of the commit, or the digits of its day; all of a stand-in such as ``unknown-0a1b2c3``."""
        if not self.commit:
            return (self.retrieved or self.date).replace("-", "") or "undated"
        return self.commit if self.commit.startswith("unknown-") else self.commit[:7]

    @property
    def slug(self) -> str:
        """Document and short commit, such as ``aed-be275e8``."""
        return f"{self.document}-{self.short}"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a source that could not be read: where (file, line, column from 1), what, and its text."""

    path: str
    line: int
    column: int
    reason: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A thing that a list merely names with a link: a related resource, a lab, a contributor, a technique."""

    kind: str
    slug: str
    name: str
    url: str = ""
    part_of: tuple[str, ...] = ()
    classes: tuple[Curie, ...] = ()
    paper: Paper | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What one place of a source says: the named graph's path below ``src/``, the rows it comes from, and the records."""

    graph: tuple[str, ...]
    section: str = ""
    rows: tuple[int, ...] = ()
    table: str = ""
    datasets: tuple[Dataset, ...] = ()
    papers: tuple[Paper, ...] = ()
    things: tuple[Named, ...] = ()
    figures: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a source version says, and what could not be read of it."""

    version: SourceVersion
    tables: tuple[SourceTable, ...] = ()
    statements: tuple[Statement, ...] = ()
    faults: tuple[Fault, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Record:
    """One raw record of a repository: its key there, the file and the JSON pointer (or row) at which it stands, and its content."""

    key: str
    path: str
    pointer: str
    body: Any


@dataclass(frozen=True, slots=True)
class RecordReading:
    """What a record says, and what could not be read of it; without datasets the record as a whole is rejected."""

    record: Record
    datasets: tuple[Dataset, ...]
    faults: tuple[Fault, ...] = ()
