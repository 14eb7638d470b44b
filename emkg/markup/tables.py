"""Which tables does a text hold, and where does each of their cells stand?"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import count

from emkg.markup.inline import Attributes, html_inline, markdown_inline
from emkg.model import Cell, Fault, Row


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture outside of tables: its source as written."""

    line: int
    column: int
    source: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its heads and rows; a cell stands in the row where it begins, at the column that spans leave it."""

    line: int
    column: int
    heads: tuple[Cell, ...]
    rows: tuple[Row, ...]
    html: bool = True


_PIPE_CELL = re.compile(r"(?:\\.|[^|\\])*")


def _pipe_cells(line: str, number: int, labels: tuple[str, ...]) -> tuple[Cell, ...]:
    """The cells of a line of a pipe table (GFM §4.10: outer pipes may be left out, ``\\|`` is no border)."""
    at = len(line) - len(line.lstrip())
    at += line[at:].startswith("|")
    found: list[Cell] = []
    end = len(line.rstrip())
    while at < end:
        raw = _PIPE_CELL.match(line, at, end)
        assert raw is not None
        source = raw[0].strip()
        start = at + len(raw[0]) - len(raw[0].lstrip())
        place = len(found)
        label = labels[place] if place < len(labels) else ""
        found.append(Cell(place + 1, label, source, markdown_inline(source).text, number, start + 1))
        at = max(raw.end() + 1, at + 1)
    return tuple(found)


def pipe_table(lines: list[str], first: int, end: int) -> Table:
    """The pipe table in the lines from ``first`` to before ``end`` (from 0): a line of heads, one of dashes, rows."""
    heads = _pipe_cells(lines[first], first + 1, ())
    heads = tuple(
        Cell(head.column_index, head.text, head.verbatim, head.text, head.line, head.column) for head in heads
    )
    labels = tuple(head.text for head in heads)
    numbers = [number for number in range(first + 2, end) if lines[number].strip()]
    rows = tuple(
        Row(index, number + 1, _pipe_cells(lines[number], number + 1, labels))
        for index, number in enumerate(numbers, 1)
    )
    return Table(first + 1, len(lines[first]) - len(lines[first].lstrip()) + 1, heads, rows, html=False)


@dataclass(slots=True)
class _OpenCell:
    head: bool
    start: int
    row_span: int
    col_span: int


class TableReader(HTMLParser):
    """Finds outermost tables and, outside of them, pictures; offsets point into the text as it is."""

    def __init__(self, masked: str, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self._masked, self._text = masked, text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.tables: list[tuple[Table, int]] = []
        self.pictures: list[Picture] = []
        self.faults: list[Fault] = []
        self._depth = 0
        self._begin = (0, 0)
        self._rows: list[tuple[int, list[tuple[_OpenCell, int]]]] = []
        self._cell: _OpenCell | None = None

    def read(self) -> None:
        """Reads all of the text; a table that is not closed ends with it."""
        self.feed(self._masked)
        self.close()
        if self._depth:
            self._fault("a table is not closed", *self._begin, "<table>")
            self._end_table(len(self._text))

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Opens a table, row or cell, or notes a picture."""
        line, offset = self.getpos()
        given = dict(attrs)
        if tag == "table":
            self._open_table(line, offset + 1)
        elif tag == "img" and not self._depth:
            self.pictures.append(Picture(line, offset + 1, given.get("src") or ""))
        elif tag == "tr" and self._depth == 1:
            self._end_cell(self._here())
            self._rows.append((line, []))
        elif tag in ("td", "th") and self._depth == 1:
            self._end_cell(self._here())
            if not self._rows:
                self._fault("a cell stands outside of a row", line, offset + 1, self.get_starttag_text() or "")
                self._rows.append((line, []))
            start = self._here() + len(self.get_starttag_text() or "")
            self._cell = _OpenCell(tag == "th", start, self._span(given, "rowspan"), self._span(given, "colspan"))

    def handle_endtag(self, tag: str) -> None:
        """Closes a table or cell."""
        if tag == "table" and self._depth:
            self._depth -= 1
            if not self._depth:
                self._end_table(self._here())
        elif tag in ("td", "th", "tr") and self._depth == 1:
            self._end_cell(self._here())

    def _open_table(self, line: int, column: int) -> None:
        self._depth += 1
        if self._depth == 1:
            self._begin, self._rows = (line, column), []
        else:
            self._fault("a table stands within a cell", line, column, "<table>")

    def _here(self) -> int:
        line, offset = self.getpos()
        return self._starts[line - 1] + offset

    def _span(self, given: dict[str, str | None], name: str) -> int:
        stated = given.get(name)
        if stated is None:
            return 1
        if stated.isascii() and stated.strip().isdigit() and 1 <= int(stated) <= 1000:
            return int(stated)
        self._fault(f"{name} is no number from 1 to 1000", self.getpos()[0], self.getpos()[1] + 1, stated)
        return 1

    def _fault(self, reason: str, line: int, column: int, text: str) -> None:
        self.faults.append(Fault("", line, column, reason, text))

    def _end_cell(self, end: int) -> None:
        if self._cell is not None:
            self._rows[-1][1].append((self._cell, end))
            self._cell = None

    def _end_table(self, end: int) -> None:
        self._end_cell(end)
        self._depth = 0
        self.tables.append((self._placed(), bisect_right(self._starts, end)))

    def _placed(self) -> Table:
        """The table with each cell at its column: a cell that spans rows keeps its column taken in the rows below."""
        taken: dict[int, int] = {}
        heads: tuple[Cell, ...] = ()
        rows: list[Row] = []
        for line, cells in self._rows:
            placed: list[Cell] = []
            for opened, end in cells:
                place = next(number for number in count(1) if not taken.get(number))
                placed.append(self._made(opened, end, place, heads))
                taken |= dict.fromkeys(range(place, place + opened.col_span), opened.row_span)
            taken = {place: left - 1 for place, left in taken.items() if left > 1}
            if not heads and not rows and cells and all(opened.head for opened, _ in cells):
                heads = tuple(placed)
            else:  # also a row without cells, which ends rowspans as any row does
                rows.append(Row(len(rows) + 1, line, tuple(placed)))
        return Table(*self._begin, heads, tuple(rows))

    def _made(self, opened: _OpenCell, end: int, place: int, heads: tuple[Cell, ...]) -> Cell:
        verbatim = self._text[opened.start : end]
        text = html_inline(verbatim).text
        line = bisect_right(self._starts, opened.start)
        column = opened.start - self._starts[line - 1] + 1
        labels = [head.text for head in heads if head.column_index <= place < head.column_index + head.col_span]
        label = labels[0] if labels else "" if heads else text
        return Cell(place, label, verbatim, text, line, column, opened.row_span, opened.col_span)
