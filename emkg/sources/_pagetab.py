"""Page tab, the form of a BioStudies submission in JSON: a tree of sections, each with attributes of a name and a value.

https://www.ebi.ac.uk/biostudies/misc/pagetab.html
"""

from __future__ import annotations

from collections.abc import Iterator

from emkg.cursor import Cursor

DEEPEST = 12
"""Sections within sections; a study has three or four levels."""


def values(section: Cursor, name: str) -> list[Cursor]:
    """The values of the attributes of a name, whatever its case.

    >>> body = {"attributes": [{"name": "Title", "value": "HeLa"}, {"name": "title", "value": None}]}
    >>> [one.text() for one in values(Cursor(body, "", "s.json", []), "title")]
    ['HeLa']
    """
    found = []
    for one in section["attributes"]:
        key = one["name"].value
        if isinstance(key, str) and key.strip().casefold() == name.casefold() and one["value"]:
            found.append(one["value"])
    return found


def first(section: Cursor, name: str) -> Cursor:
    """The first value of a name; a cursor on nothing where there is none."""
    return next(iter(values(section, name)), section["attributes"]["none"])


def sections(section: Cursor, kind: str, depth: int = 0) -> Iterator[Cursor]:
    """The sections of a kind below a section, at any depth; a list among them is a table, whose rows are sections."""
    for one in section["subsections"] if depth < DEEPEST else ():
        for row in one:
            named = row["type"].value
            if isinstance(named, str) and named.strip().casefold() == kind.casefold():
                yield row
            yield from sections(row, kind, depth + 1)


def qualifier(section: Cursor, name: str, which: str) -> Cursor:
    """A qualifier of the value of an attribute, such as the URL of a licence."""
    for one in section["attributes"]:
        if one["name"].value == name:
            for part in one["valqual"]:
                if part["name"].value == which:
                    return part["value"]
    return section["attributes"]["none"]
