"""People, grants and papers of an EMPIAR entry: both nestings of each, with names and organisations alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from emkg.cursor import Cursor
from emkg.ids import slugify
from emkg.model import Deposit, Grant, Paper, Person
from emkg.sources import _lookup
from emkg.stated import Text, joined

_INITIALS = re.compile(r"(\S.*) (\S+)")
_NOBODY = re.compile(r"test( author)?|.*@.*", re.IGNORECASE | re.DOTALL)
"""A stand-in for a name, or an address in its place."""
_PUBMED = re.compile(r"[0-9]{1,8}")


def inner(cursor: Cursor) -> Cursor:
    """The person in ``{"author": {...}}``, or the person itself where nothing is wrapped around it."""
    return cursor["author"] if isinstance(cursor.value, dict) and "author" in cursor.value else cursor


def _country(cursor: Cursor) -> tuple[str, str]:
    """The two letters of a country and, where there are none, the words for it."""
    words = cursor.text()
    code = _lookup.country(words)
    return (Text(code, words.at), "") if words and code else ("", words or "")


def person(cursor: Cursor) -> Person | None:
    """Name, ORCID, organisation and country of a person; the rest of the contact is not read."""
    if not isinstance(cursor.value, dict):
        name = cursor.text()
        return Person(name) if name and not _NOBODY.fullmatch(name) else None
    parts = [one for key in ("first_name", "middle_name", "last_name") if (one := cursor[key].text())]
    name = cursor["name"].text() or (joined(" ", parts) if parts else None)
    if name is None or _NOBODY.fullmatch(name):
        return None
    code, words = _country(cursor["country"])
    return Person(name, cursor["author_orcid"].orcid() or "", cursor["organization"].text() or "", code, words)


def people(entry: Cursor) -> dict[str, tuple[Person, ...]]:
    """Creators in their order, corresponding authors and investigators, each thing of one name throughout the entry."""
    found = {
        "creators": _persons(entry["authors"]),
        "corresponding": _persons(entry["corresponding_author"]),
        "investigators": _persons(entry["principal_investigator"]),
    }
    known = _Names()
    return {role: known.settled(persons) for role, persons in found.items()}


def _persons(cursor: Cursor) -> list[Person]:
    return [one for wrapped in cursor if (one := person(inner(wrapped)))]


class _Names:
    """One name for each ORCID and organisation of an entry, which writes "Lancey C" here and "Claudia Lancey" there: the first."""

    def __init__(self) -> None:
        self._persons: dict[str, Person] = {}
        self._organisations: dict[str, str] = {}

    def settled(self, persons: list[Person]) -> tuple[Person, ...]:
        """The people with the names of the entry's first mention, without repeats."""
        return tuple(dict.fromkeys(map(self._one, persons)))

    def _one(self, given: Person) -> Person:
        organisation = given.organisation
        if organisation:
            organisation = self._organisations.setdefault(slugify(organisation)[:80], organisation)
        known = self._persons.get(key := given.orcid or slugify(given.name))
        merged = Person(
            known.name if known else given.name,
            given.orcid,
            organisation,
            given.country,
            given.stated_country,
        )
        self._persons.setdefault(key, merged)
        return merged


def grants(entry: Cursor) -> Iterator[Grant]:
    """The grants that name a funding body or a code; the archive also writes empty ones."""
    for one in entry["grant_references"]:
        body, code = one["funding_body"].text(), one["code"].text()
        if body or code:
            country, words = _country(one["country"])
            yield Grant(body or "", code or "", country, words)


def papers(entry: Cursor, slug: str) -> tuple[Paper, ...]:
    """The citations that have a title or a DOI; one of each DOI."""
    found: dict[str, Paper] = {}
    for number, one in enumerate(entry["citation"], 1):
        paper = _paper(one, f"{slug}-paper-{number}")
        if paper.title or paper.doi:
            found.setdefault(paper.doi or paper.slug, paper)
    return tuple(found.values())


def _paper(cursor: Cursor, slug: str) -> Paper:
    names = [one for author in cursor["authors"] if (one := person(inner(author)))]
    editors = [one for editor in cursor["editors"] if (one := person(inner(editor)))]
    surname = _INITIALS.fullmatch(names[0].name) if names else None
    number = cursor["pubmedid"].text()
    texts: dict[str, Any] = {
        key: cursor[column].text() or ""
        for key, column in {
            "title": "title",
            "venue": "journal",
            "chapter_title": "book_chapter_title",
            "volume": "volume",
            "issue": "issue",
            "first_page": "first_page",
            "last_page": "last_page",
            "journal_abbreviation": "journal_abbreviation",
            "publisher": "publisher",
            "place": "publication_location",
            "country": "country",
            "language": "language",
        }.items()
    }
    return Paper(
        slug,
        doi=cursor["doi"].doi() or "",
        year=cursor["year"].year(),
        pubmed_id=number if number and _PUBMED.fullmatch(number) else "",
        first_author=Text(surname[1], _at(names[0])) if surname else names[0].name if names else "",
        authors_as_stated=joined("; ", [_text(one.name) for one in names]) if names else "",
        editors_as_stated=joined("; ", [_text(one.name) for one in editors]) if editors else "",
        authors=_identified(names),
        status=_status(cursor),
        **texts,
    )


def _text(words: str) -> Text:
    return words if isinstance(words, Text) else Text(words)


def _at(one: Person) -> str:
    return _text(one.name).at


def _identified(names: list[Person]) -> tuple[Person, ...]:
    """Those with an ORCID, once each."""
    return tuple({one.orcid: Person(one.name, one.orcid) for one in reversed(names) if one.orcid}.values())[::-1]


def _status(cursor: Cursor) -> str:
    """Whether a citation is published, a preprint or neither, where that is told."""
    preprint, published = flag(cursor["preprint"]), flag(cursor["published"])
    if preprint:
        return Text("preprint", cursor["preprint"].at)
    if published is None:
        return ""
    return Text("published" if published else "unpublished", cursor["published"].at)


def flag(cursor: Cursor) -> bool | None:
    """A truth value, which XML writes as a word (XSD 1.1 part 2, §3.3.2)."""
    words = cursor.value.strip().casefold() if isinstance(cursor.value, str) else cursor.value
    return True if words in (True, "true", "1") else False if words in (False, "false", "0") else None


def with_names_of(found: tuple[Paper, ...], deposit: Deposit) -> tuple[Paper, ...]:
    """The papers whose authors go by the names that they have in the deposit: one ORCID, one name."""
    persons = (*deposit.investigators, *deposit.corresponding, *deposit.creators)
    names = {one.orcid: one.name for one in persons if one.orcid}
    return tuple(
        replace(paper, authors=tuple(Person(names.setdefault(one.orcid, one.name), one.orcid) for one in paper.authors))
        for paper in found
    )
