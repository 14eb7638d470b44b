"""Which cells of a table belong together, and what role does each column play?

A rowspan means something else in each column: a Size that spans two rows is the size of each volume, a Number that
spans them is the number in both together, and Name, Link, Reference and Note are of the dataset.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from emkg.model import Cell, Fault, Row
from emkg.sources._crosswalk import find


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one named thing: for each row, role → the cell that covers it, also from a row above."""

    rows: tuple[Row, ...]
    cells: tuple[dict[str, Cell], ...]

    @property
    def first(self) -> dict[str, Cell]:
        """The cells of the group's first row."""
        return self.cells[0]

    def distinct(self, role: str) -> list[Cell]:
        """The cells of a column, each once, from the top."""
        found: list[Cell] = []
        for row in self.cells:
            if role in row and row[role] not in found:
                found.append(row[role])
        return found


def roles_of(heads: tuple[Cell, ...], path: str, faults: list[Fault]) -> dict[int, str]:
    """Column → role, by column.tsv; a head that it lacks, or a role that occurs twice, is a fault."""
    roles: dict[int, str] = {}
    for head in heads:
        row = find("column", head.text)
        if row is None:
            faults.append(Fault(path, head.line, head.column, "a column that column.tsv does not have", head.text))
        elif row["role"] in roles.values():
            faults.append(Fault(path, head.line, head.column, f"a second column of {row['role']}", head.text))
        else:
            roles[head.column_index] = row["role"]
    return roles


def groups(rows: tuple[Row, ...], roles: dict[int, str], lead: str, path: str, faults: list[Fault]) -> Iterator[Group]:
    """The rows in groups, one for each cell of the leading column, which spans the rows of its group."""
    covered: dict[int, tuple[Cell, int]] = {}
    gathered: list[tuple[Row, dict[str, Cell]]] = []
    for row in rows:
        covered = {place: (cell, left - 1) for place, (cell, left) in covered.items() if left > 1}
        for cell in row.cells:
            for place in range(cell.column_index, cell.column_index + cell.col_span):
                covered[place] = (cell, cell.row_span)
            if cell.column_index not in roles and cell.text and roles:
                faults.append(Fault(path, cell.line, cell.column, "a cell below no known head", cell.text))
        cells = {role: covered[place][0] for place, role in roles.items() if place in covered}
        begins = any(roles.get(cell.column_index) == lead for cell in row.cells)
        if begins and gathered:
            yield _group(gathered)
            gathered = []
        if lead not in cells:
            faults.append(Fault(path, row.line, 1, f"a row without a {lead}", " ".join(one.text for one in row.cells)))
        else:
            gathered.append((row, cells))
    if gathered:
        yield _group(gathered)


def _group(gathered: list[tuple[Row, dict[str, Cell]]]) -> Group:
    return Group(tuple(row for row, _ in gathered), tuple(cells for _, cells in gathered))
