"""People as sources list them: names without what is no name, and no two of one slug within a dataset."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from emkg.ids import slugify
from emkg.model import Person
from emkg.stated import Text

LONGEST_NAME = 200
"""Characters; what is longer is no name."""
_ASIDE = re.compile(r"\s*\(([^()]*)\)")
_PLACE_OF_WORK = re.compile(
    r"\b(universi|institut|college|school|hospital|laborator|academy|foundation)", re.IGNORECASE
)
_PRIVATE = re.compile(r"\S+@\S+|\(?\+?\d[\d ()/-]{6,}")


def distinct(people: Iterable[Person]) -> tuple[Person, ...]:
    """The people in their order, of those with one ORCID or one slug of their name the first.

    >>> [one.name for one in distinct([Person("Don W. Fawcett"), Person("Don W Fawcett"), Person("Hans Ris")])]
    ['Don W. Fawcett', 'Hans Ris']
    """
    found: dict[str, Person] = {}
    for person in people:
        if person.name:
            found.setdefault(person.orcid or slugify(person.name), person)
    return tuple(found.values())


def parted(words: Text) -> Iterator[Text]:
    """The names of several people in one text, parted by semicolons, or by commas where each part has a first and a last name.

    >>> list(parted(Text("Rachid Sougrat, Tim Mrozek"))), list(parted(Text("Ip, Wallace"))), list(parted(Text("B. Huang; D. Pitelka")))
    (['Rachid Sougrat', 'Tim Mrozek'], ['Ip, Wallace'], ['B. Huang', 'D. Pitelka'])
    """
    for part in words.split(";"):
        names = [one.strip() for one in part.split(",") if one.strip()]
        whole = len(names) > 1 and all(" " in one for one in names)
        for name in names if whole else [part.strip(" ,")]:
            if name:
                yield Text(name, words.at)


def person(words: Text, orcid: str = "") -> Person | None:
    """A person of a name; an aside in brackets is the organisation where it names one; None for what is no name.

    >>> person(Text("Richard Allen (University of Hawaii)")).organisation
    'University of Hawaii'
    """
    aside = _ASIDE.search(words)
    organisation = aside[1].strip() if aside and _PLACE_OF_WORK.search(aside[1]) else ""
    name = _PRIVATE.sub("", _ASIDE.sub("", words)).strip(" ,;")
    if not 1 < len(name) <= LONGEST_NAME or not any(one.isalpha() for one in name):
        return None
    return Person(Text(name, words.at), orcid, Text(organisation, words.at) if organisation else "")
