"""A row of EMPIAR's search export as an entry of the API: the CSV that the archive's search page downloads."""

from __future__ import annotations

import re
from typing import Any

from emkg.cursor import Cursor
from emkg.stated import Text, composed

HEAD = "empiar_id"
"""The column by which the export is known."""
_SEPARATOR = re.compile(r"(?<!\\),")


def entry(row: Cursor) -> dict[str, Any]:
    """A row in the shape of the API's entries; each value stands in its cell.

    The export tells the kinds of images of an entry, not of which image set each is; only a single one is told of all of them.
    """
    size = _cell(row, "dataset_size_GB")
    categories = _cells(row, "image_set_category")
    category = categories[0] if len(categories) == 1 else None
    names: list[Text | None] = [*_cells(row, "image_set_name")] or ([None] if category else [])
    return {
        "accession": _cell(row, HEAD),
        "title": _cell(row, "title"),
        "status": _cell(row, "current_status"),
        "experiment_type": _cell(row, "experimentType"),
        "deposition_date": _cell(row, "deposition_date"),
        "release_date": _cell(row, "release_date"),
        "dataset_size": composed(size, " GB") if size else None,
        "cross_references": _cells(row, "xref_EMDB"),
        "institutions": _cells(row, "organization"),
        "citation": _citations(row),
        "imagesets": [{"name": name, "category": category} for name in names],
    }


def _cell(row: Cursor, column: str) -> Text | None:
    found = row[column]
    return Text(found.value, found.at) if isinstance(found.value, str) and found.value.strip() else None


def _cells(row: Cursor, column: str) -> list[Text]:
    """The values of a cell, which are parted by commas; a comma within one stands behind a backslash.

    >>> _cells(Cursor({"c": "University of Leeds\\\\, UK,Uppsala University"}, "/2", "x.csv", []), "c")
    ['University of Leeds, UK', 'Uppsala University']
    """
    cell = _cell(row, column)
    parts = (part.replace("\\,", ",").strip() for part in _SEPARATOR.split(cell)) if cell else ()
    return [Text(part, row[column].at) for part in parts if part]


def _citations(row: Cursor) -> list[dict[str, Any]]:
    """The primary citation, of which alone the title and the authors are told."""
    title, names = _cell(row, "primary_citation_title"), _cell(row, "primary_citation_author_string")
    dois, numbers = _cells(row, "xref_DOI"), _cells(row, "xref_PUBMED")
    if not (title or dois or numbers):
        return []
    authors = [{"name": Text(name.strip(), names.at)} for name in names.split(", ")] if names else []
    first = {"title": title, "authors": authors, "doi": dois[0] if dois else None}
    first["pubmedid"] = numbers[0] if len(numbers) == 1 and len(dois) < 2 else None
    return [first, *({"doi": doi} for doi in dois[1:])]
