"""Values of a configuration of the CryoET Data Portal: which of them a person filled in, and which a program fills in for each run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from emkg.cursor import Cursor
from emkg.model import Concept, Curie, Paper
from emkg.sources import _lookup
from emkg.sources._crosswalk import find, rows
from emkg.stated import Number, Text
from emkg.stated import place as place_of

_OPEN = re.compile(
    r"(REQUIRED|OPTIONAL|RECOMMENDED)\b|(float|int|str|bool)?\s*\{[^{}]*\}|\d{4}-XX-XX|0000-X+|https://OPTIONAL"
)
"""Beginnings of what nobody filled in: words of the template, and the placeholders of ingestion ("float {ts-tilt_step}")."""
_ACCESSION = re.compile(r"(EMPIAR|EMD|PDB)-\w+|S-[A-Z]+\d+|idr\d{4}", re.ASCII)


def stated(place: Cursor) -> Cursor:
    """The place, or one on nothing where its value is a template's.

    >>> [stated(Cursor(one, "/x", "x.yaml", [])).value for one in ("float {ts-tilt_step}", "OPTIONAL (float)", 3.0)]
    [None, None, 3.0]
    """
    blank = isinstance(place.value, str) and _OPEN.match(place.value.strip())
    return Cursor(None, place.at, place.path, place.faults) if blank else place


def words(place: Cursor) -> Text | None:
    """The words at a place, unless a template's."""
    return stated(place).text()


def within(place: Cursor, least: int, most: int) -> Number | None:
    """The number, which may be below zero; a fault for one out of range."""
    made = stated(place).number(positive=False)
    if made is not None and not least <= made <= most:
        place.fault(f"not between {least} and {most}")
        return None
    return made


def term(place: Cursor) -> Concept | None:
    """The term of an object with id and name; its label is the name, unless data/crosswalks/term-label.tsv has the ontology's own."""
    identifier = words(place["id"])
    found = _lookup.concept(identifier, words(place["name"]))
    own = find("term-label", found.term) if found else None
    return Concept(found.term, Text(own["label"], place_of(identifier))) if found and own else found


def cell_line(place: Cursor) -> Concept | None:
    """The line of cells of a strain with id and name; by its name, where that is of another line than the id.

    Ten configurations (gjensen/10172 to 10187) have the name HUVEC-C and ids that count up from the one of HUVEC-C.
    """
    found, name = term(place), words(place["name"])
    named = _lookup.one("cell", "cell_line", name)
    if named and name and found and found.term != named:
        place["id"].fault(f"the identifier of another cell line than {name}")
    if named and name:
        return Concept(named, name)
    return found if found and found.term.startswith("CVCL:") else None


def parts(place: Cursor) -> Iterator[Cursor]:
    """The items of a text of several, parted by commas."""
    for text in stated(place):
        given = words(text)
        for part in given.split(",") if given else ():
            if part.strip():
                yield Cursor(part.strip(), text.at, text.path, text.faults)


def papers(slug: str, references: list[Cursor]) -> tuple[Paper, ...]:
    """The papers whose DOIs the cross references name."""
    dois = dict.fromkeys(doi for place in references for one in parts(place["publications"]) if (doi := one.doi()))
    return tuple(Paper(f"{slug}-paper-{number}", doi=doi) for number, doi in enumerate(dois, 1))


def accessions(places: list[Cursor]) -> tuple[Text, ...]:
    """The accessions that texts of several name, in their order."""
    found = (one.text() for place in places for one in parts(place))
    return tuple(dict.fromkeys(one for one in found if one and _ACCESSION.fullmatch(one)))


def addresses(places: list[Cursor]) -> tuple[Text, ...]:
    """The addresses that texts of several name, in their order."""
    found = (one.url() for place in places for one in parts(place) if "://" in str(one.value))
    return tuple(dict.fromkeys(one for one in found if one))


def taxon(place: Cursor) -> Curie | None:
    """The taxon of an organism with its identifier at NCBI, or else a name that we know."""
    number = stated(place["taxonomy_id"]).whole()
    return Curie(f"NCBITaxon:{number}") if number else _lookup.taxon(words(place["name"]))


def taxon_named(place: Cursor) -> Concept | None:
    """The taxon with the name that the record gives it; None for one whose name the ontology has: some records name a breed."""
    found, name = taxon(place), words(place["name"])
    named = found and any(row["taxon"] == found for row in rows("species"))
    return Concept(found, name) if found and name and not named else None
