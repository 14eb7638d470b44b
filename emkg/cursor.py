"""A place in a raw record: looks up, reads and cleans values; what has the wrong type is a fault, never an exception.

A raw record is what JSON, YAML, a row of CSV or an XML element parses to: dicts, lists, texts, numbers. Every value read
keeps the JSON pointer (https://www.rfc-editor.org/rfc/rfc6901) of its place, so that each literal of the graph can be traced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from html import unescape
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from emkg.model import Fault
from emkg.stated import Day, Number, Text, Whole, place

LONGEST_TEXT = 2000
"""Characters; titles and names are shorter, and what is longer is prose, which is not taken over."""
LONGEST_ADDRESS = 8000
"""Characters: servers take addresses of 8,000 octets at least (RFC 9110 §4.1); those of viewers hold what they show."""
_LARGEST = Decimal("1e18")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|<!--.{0,500}?-->")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_DOI = re.compile(r"10\.\d{4,9}/\S+", re.ASCII)
_WHOLE_DOI = re.compile(
    r"10\.\d{4,9}/(?:[^\s<>\"{}|\\^`\[\]%\ud800-\uf8ff\ufdd0-\ufdef\ufff0-\uffff\U0001fffe-\U0010ffff]|%[0-9a-f]{2})+",
    re.ASCII,
)
"""What an IRI can have behind https://doi.org/ (RFC 3987 §2.2); characters of the higher planes are in no DOI."""
_ORCID = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?", re.ASCII | re.DOTALL)
_YEAR = re.compile(r"(1[89]\d\d|20\d\d)", re.ASCII)
_IRI_SAFE = "/:@!$&'()*+,;=%~-._"
_PARTING = re.compile(r"[\s%]")
"""What a step of a pointer has as %20 and %25 (RFC 6901 §6), since blanks part the pointers of a value that was made of several."""
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})", re.ASCII)
_HOST = re.compile(r"[^\s/?#\[\]<>\"{}|\\^`%]+|([^\s/?#\[\]@]*@)?\[[0-9A-Fa-f:.]+\](:\d*)?")
_SCHEMES = ("http", "https", "ftp", "s3", "gs", "bossdb", "precomputed", "dvid", "globus")
_PLACEHOLDER = re.compile(
    r"required|optional|unknown|not[ _-]?(reported|available|provided|applicable|specified|known|stated)|n/?a|none|null|nan|tbd|todo"
    r"|undefined|unspecified|other|test|dataset (name|description)|placeholder|\?+|-+|\.+",
    re.IGNORECASE,
)
_TEMPLATED = re.compile(r"\{[A-Za-z_][^{}]*\}|\{\{|<[a-z_ ]+>$|^\$[A-Z]")
_TO_NM = {"nm": "1", "nanometer": "1", "nanometre": "1", "nanometers": "1", "nanometres": "1"}
_TO_NM |= dict.fromkeys(("a", "å", "angstrom", "angstroms", "ångström", "ångstrom"), "0.1")
_TO_NM |= dict.fromkeys(("um", "µm", "μm", "micron", "microns", "micrometer", "micrometre", "micrometers"), "1000")
_TO_NM |= {"mm": "1e6", "millimeter": "1e6", "m": "1e9", "meter": "1e9", "pm": "0.001", "picometer": "0.001"}


def nanometres_per(unit: str) -> Decimal | None:
    """How many nanometres a unit of length has, or None for a word that is no unit of length.

    >>> nanometres_per("µm"), nanometres_per("Å"), nanometres_per("px")
    (Decimal('1000'), Decimal('0.1'), None)
    """
    factor = _TO_NM.get(unit.strip().casefold())
    return Decimal(factor) if factor else None


def is_placeholder(text: str) -> bool:
    """Whether a text stands for a value that nobody filled in.

    >>> [is_placeholder(one) for one in ("REQUIRED", "float {tilt_series_min_tilt}", "mouse", "N/A")]
    [True, True, False, True]
    """
    plain = text.strip()
    return not plain or bool(_PLACEHOLDER.fullmatch(plain) or _TEMPLATED.search(plain))


def clean(text: str) -> str:
    """The text without tags, entities, control characters and runs of blanks.

    >>> clean("Department of Molecular &amp; Cell <i>Biology</i>\\n ")
    'Department of Molecular & Cell Biology'
    """
    return " ".join(_CONTROL.sub(" ", unescape(_TAG.sub("", unescape(text)))).split())


class Cursor:
    """A value of a raw record and where it stands.

    >>> faults: list[Fault] = []
    >>> record = Cursor({"title": " HeLa ", "size": ["8", None, "wide"]}, "", "cells.json", faults)
    >>> record["title"].text(), record["size"][0].number(), record["absent"]["deeper"].text()
    ('HeLa', Decimal('8'), None)
    >>> record["size"][2].number(), faults[0].path, faults[0].text
    (None, 'cells.json#/size/2', 'wide')
    """

    __slots__ = ("at", "faults", "path", "value")

    def __init__(self, value: Any, at: str, path: str, faults: list[Fault]) -> None:
        # A value that was read elsewhere in the record, such as an element of XML in the shape of JSON, stands where it stood.
        self.value, self.at, self.path, self.faults = value, place(value) or at, path, faults

    def __getitem__(self, key: str | int) -> Cursor:
        """The value under a key or index; where there is none, a cursor on nothing."""
        found = None
        if isinstance(self.value, dict) and isinstance(key, str):
            found = self.value.get(key)
        elif isinstance(self.value, list) and isinstance(key, int) and -len(self.value) <= key < len(self.value):
            key = key % len(self.value)
            found = self.value[key]
        step = _PARTING.sub(lambda found: quote(found[0]), str(key).replace("~", "~0").replace("/", "~1"))
        return Cursor(found, f"{self.at}/{step}", self.path, self.faults)

    def __iter__(self) -> Iterator[Cursor]:
        """The items of a list; a single value counts as a list of one, nothing as an empty list."""
        if isinstance(self.value, list):
            yield from (self[index] for index in range(len(self.value)))
        elif self.value is not None and self.value != "":
            yield self

    def __bool__(self) -> bool:
        return self.value is not None and self.value != "" and self.value != [] and self.value != {}

    def items(self) -> Iterator[tuple[str, Cursor]]:
        """The keys of an object with their values."""
        if isinstance(self.value, dict):
            yield from ((str(key), self[str(key)]) for key in self.value if isinstance(key, str))

    def fault(self, reason: str) -> None:
        """Reports the value as one that cannot be read."""
        self.faults.append(Fault(f"{self.path}#{self.at}", 0, 0, reason, str(self.value)[:200]))

    def text(self, longest: int = LONGEST_TEXT) -> Text | None:
        """The words, cleaned; None for nothing and for a placeholder; a fault for what is neither text nor number, or too long."""
        if self.value is None or self.value == "":
            return None
        if isinstance(self.value, bool) or not isinstance(self.value, str | int | float):
            self.fault("not a text")
            return None
        text = clean(str(self.value))
        if len(text) > longest:
            self.fault(f"longer than {longest} characters")
            return None
        return None if is_placeholder(text) else Text(text, self.at)

    def texts(self) -> tuple[Text, ...]:
        """The texts of a list, or the single one, without repeats."""
        found = (one.text() for one in self)
        return tuple(dict.fromkeys(one for one in found if one is not None))

    def number(self, *, positive: bool = True) -> Number | None:
        """The decimal; None for nothing, zero where it must be positive, and placeholders; a fault for what is no number."""
        if self.value is None or self.value == "" or (isinstance(self.value, str) and is_placeholder(self.value)):
            return None
        try:
            if isinstance(self.value, bool) or not isinstance(self.value, str | int | float | Decimal):
                raise InvalidOperation
            made = Decimal(str(self.value).strip().replace("\u2212", "-"))
        except (InvalidOperation, ValueError):
            self.fault("not a number")
            return None
        if not made.is_finite() or abs(made) > _LARGEST or (positive and made < 0) or -made.as_tuple().exponent > 30:  # type: ignore[operator]
            self.fault("a number out of range")
            return None
        return None if positive and made == 0 else Number(made, self.at)

    def whole(self, *, positive: bool = True) -> Whole | None:
        """The whole number; a fault for a fraction."""
        made = self.number(positive=positive)
        if made is None:
            return None
        if made != made.to_integral_value():
            self.fault("not a whole number")
            return None
        return Whole(int(made), self.at)

    def length(self, unit: str) -> Number | None:
        """A length in nm, from a number in the unit given; a fault for a unit that is no unit of length.

        >>> Cursor(650.0, "/w", "x.json", []).length("angstrom")
        Decimal('65.00')
        """
        factor = _TO_NM.get(unit.strip().casefold())
        if factor is None:
            if self.value is not None:
                self.fault(f"{unit!r} is no unit of length")
            return None
        made = self.number()
        return made.scaled(factor) if made is not None else None

    def day(self) -> Day | None:
        """The day; a time of day behind it is left out; a fault for what is no day."""
        words = self.text()
        if words is None:
            return None
        found = _DAY.fullmatch(words)
        try:
            made = date(int(found[1]), int(found[2]), int(found[3])) if found else None
        except ValueError:
            made = None
        if made is None:
            self.fault("not a day (YYYY-MM-DD)")
            return None
        return Day(made.isoformat(), self.at)

    def year(self) -> Whole | None:
        """The year that a text holds, from 1800 on."""
        words = self.text()
        found = _YEAR.search(words) if words else None
        return Whole(int(found[1]), self.at) if found else None

    def url(self) -> Text | None:
        """An absolute address whose scheme we know, its blanks and unsafe characters percent-encoded; else a fault."""
        words = self.text(LONGEST_ADDRESS)
        if words is None:
            return None
        words = Text("https://" + words, self.at) if words.startswith("www.") else words
        try:
            parts = urlsplit(words)
            good = parts.scheme.lower() in _SCHEMES and bool(_HOST.fullmatch(parts.netloc)) and (parts.port or 0) >= 0
        except ValueError:
            good = False
        if not good:
            self.fault("not an address")
            return None
        host = parts.netloc if parts.netloc.isascii() else quote(parts.netloc, safe=_IRI_SAFE)
        path, query, fragment = (
            quote(_LONE_PERCENT.sub("%25", part), safe=_IRI_SAFE + more)
            for part, more in ((parts.path, ""), (parts.query, "?"), (parts.fragment, "?"))
        )
        return Text(urlunsplit((parts.scheme, host, path, query, fragment)), self.at)

    def doi(self) -> Text | None:
        """A DOI in lower case, out of whatever form it has (a bare one, ``doi:…``, an address of doi.org).

        >>> Cursor("https://doi.org/10.7554/eLife.57443.", "/doi", "x.json", []).doi()
        '10.7554/elife.57443'
        """
        words = self.text()
        found = _DOI.search(words) if words else None
        if found is None:
            return None
        plain = found[0].rstrip(".,;)]}>\"'").lower()
        return Text(plain, self.at) if _WHOLE_DOI.fullmatch(plain) else None

    def orcid(self) -> Text | None:
        """An ORCID whose check digit is right (ISO 7064 MOD 11-2); a fault for one whose is not.

        >>> Cursor("https://orcid.org/0000-0003-2139-2958", "/o", "x.json", []).orcid()
        '0000-0003-2139-2958'
        """
        words = self.text()
        found = _ORCID.search(words.upper()) if words else None
        if found is None:
            return None
        digits = "".join(found.groups())
        total = 0
        for digit in digits[:-1]:
            total = (total + int(digit)) * 2
        check = (12 - total % 11) % 11
        if ("X" if check == 10 else str(check)) != digits[-1]:
            self.fault("an ORCID whose check digit is wrong")
            return None
        return Text("-".join(found.groups()), self.at)
