"""Values that remember where they stand: a text, number, whole number or day together with its place in the raw record.

They behave as ``str``, ``Decimal`` and ``int``, so the model takes them as they are; ``at`` is the JSON pointer (RFC 6901) of
the value, several parted by a blank where a value was made of several.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any


class Text(str):
    """Words of a record; ``at`` tells where they stand.

    >>> Text("mouse", "/organism").at
    '/organism'
    """

    at: str

    def __new__(cls, text: str, at: str = "") -> Text:
        """The value and its place."""
        made = super().__new__(cls, text)
        made.at = at
        return made


class Day(Text):
    """A day, in the form YYYY-MM-DD (ISO 8601)."""


class Number(Decimal):
    """A decimal of a record; arithmetic forgets the place, ``scaled`` keeps it."""

    at: str

    def __new__(cls, number: Decimal | int | str, at: str = "") -> Number:
        """The value and its place."""
        made = super().__new__(cls, number)
        made.at = at
        return made

    def scaled(self, factor: Decimal | int | str) -> Number:
        """The number times a factor, in the same place: how a length comes from ångström into nanometres.

        >>> length = Number("650.0", "/pixel_width").scaled("0.1")
        >>> length, length.at
        (Decimal('65.00'), '/pixel_width')
        """
        return Number(self * Decimal(factor), self.at)

    def __repr__(self) -> str:
        return f"Decimal('{self}')"


class Whole(int):
    """A whole number of a record."""

    at: str

    def __new__(cls, number: int, at: str = "") -> Whole:
        """The value and its place."""
        made = super().__new__(cls, number)
        made.at = at
        return made


def place(value: Any) -> str:
    """Where a value stands; empty for one that remembers nothing."""
    at = getattr(value, "at", "")
    return at if isinstance(at, str) else ""


def composed(*parts: str | Decimal | int) -> Text:
    """One text of several parts, which stands wherever these stand.

    >>> made = composed("sample of ", Text("EMPIAR-1", "/title"))
    >>> made, made.at
    ('sample of EMPIAR-1', '/title')
    """
    places = dict.fromkeys(one for part in parts for one in place(part).split() if one)
    return Text("".join(map(str, parts)), " ".join(places))


def joined(separator: str, parts: list[Text] | tuple[Text, ...]) -> Text:
    """The texts with a separator between them.

    >>> joined("; ", [Text("A", "/0"), Text("B", "/1")]).at
    '/0 /1'
    """
    spaced: list[str] = []
    for part in parts:
        spaced += [separator, part] if spaced else [part]
    return composed(*spaced)
