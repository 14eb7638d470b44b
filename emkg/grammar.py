"""Which sizes and counts does the text of a cell state? The forms of hand-kept lists, read or refused, never guessed.

Lengths come back in the unit that is asked for (µm for extents, nm for voxels); volumes in µm³.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from emkg.errors import RecordError
from emkg.model import Triplet

_SIGNS = str.maketrans({"μ": "µ", "\xa0": " ", "∼": "~", "≈": "~", "～": "~", "−": "-", "–": "-", "—": "-", "✕": "×"})
_WHOLE = r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+"
_NUMBER = rf"(?:{_WHOLE})(?:\.[0-9]+)?|\.[0-9]+"
_ABOUT = r"~|about|approximately|approx\.?|ca\.?|circa|around|roughly|nearly|almost"
_UNIT = "nm|µm|mm|cm"
_IN_NM = {"nm": Decimal(1), "µm": Decimal(1000), "mm": Decimal(10**6), "cm": Decimal(10**7)}


@dataclass(frozen=True, slots=True)
class Size:
    """What a size or resolution cell states; ``alternatives``, and ``lower`` to ``upper``, are for no one triplet."""

    lengths: Triplet | None = None
    multiplicity: int | None = None
    section_count: int | None = None
    section_thickness: Decimal | None = None
    total_volume: Decimal | None = None
    total_voxels: Decimal | None = None
    approximate: bool = False
    alternatives: tuple[Triplet, ...] = ()
    lower: Decimal | None = None
    upper: Decimal | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of things: ``noun`` is the word for them as stated, ``parts`` the numbers in brackets behind it."""

    noun: str
    as_stated: str
    value: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    comparator: str = "exactly"
    rounded: bool = False
    parts: tuple[Amount, ...] = ()


def decimal(text: str) -> Decimal:
    """The number that a text of digits, thousands commas and a point is.

    >>> decimal("133,700,000"), decimal("3.58")
    (Decimal('133700000'), Decimal('3.58'))
    """
    return Decimal(text.replace(",", ""))


def normal(text: str) -> str:
    """The text on one line, with one sign for each of ×, µ, ³, ~ and the dash.

    >>> normal("30 x 30 X 30 um^3")
    '30×30×30 µm³'
    """
    text = " ".join(text.translate(_SIGNS).split())
    text = re.sub(r"(?<![A-Za-z])um(?![A-Za-z])", "µm", text)
    text = re.sub(rf"(?<![A-Za-zµ])({_UNIT})(?:\^?\{{?3\}}?)(?![0-9.,])", r"\1³", text)
    return re.sub(r"(?<=[0-9?])\s*[xX*×]\s*(?=[~0-9?.])", "×", text)


def size(text: str, *, unit: str = "µm", stated_in: str = "") -> Size:
    """What a size or resolution cell states, lengths in ``unit``; raises RecordError for a form that is not known.

    A number without a unit is in ``stated_in``, the unit of the column (``unit`` if that is empty).

    >>> size("2,000x3,000x175").lengths.x, size("14x ~3.3x3.3x3.3").multiplicity
    (Decimal('2000'), 14)
    >>> size("~0.058 mm³ (12.5 Tvx, ~29,000 sections)").total_volume
    Decimal('58000000')
    >>> size("1.3x0.87x0.82 mm").lengths.y
    Decimal('870')
    """
    units = _Units(unit, stated_in or unit)
    stated = normal(text)
    read = _alternatives(stated, text, units) or _range(stated, text, units) or _single(stated, text, units)
    if read is None:
        raise RecordError(f"no known form of a size: {text!r}", repair="add the form to emkg/grammar.py, with a test")
    return read


@dataclass(frozen=True, slots=True)
class _Units:
    """The unit asked for, and the one of numbers that have none."""

    asked: str
    stated_in: str

    def length(self, number: str | None, unit: str | None) -> Decimal | None:
        """A length in the unit asked for; None for ``?``; raises RecordError between lengths and voxels."""
        if number is None or number == "?":
            return None
        given = unit or self.stated_in
        if given == self.asked:
            return decimal(number)
        if given not in _IN_NM or self.asked not in _IN_NM:
            raise RecordError(f"{number} {given} is no number of {self.asked}", repair="state it in the column's unit")
        return plain(decimal(number) * _IN_NM[given] / _IN_NM[self.asked])


def plain(number: Decimal) -> Decimal:
    """The number without exponent or zeros at its end.

    >>> plain(Decimal("5.80E+7"))
    Decimal('58000000')
    """
    return Decimal(format(number.normalize(), "f"))


_REMARK = r"\s*(?:\((?P<remark>[^()]*)\))?"
_TRIPLET = re.compile(
    rf"(?:(?P<many>[0-9]{{1,6}})\s*[×xX]\s*(?=(?:{_ABOUT})|(?:{_NUMBER})×(?:{_NUMBER})×(?:{_NUMBER})))?(?P<about>(?:{_ABOUT})\s*)?"
    rf"(?P<x>{_NUMBER}|\?)×(?P<about_y>~)?(?P<y>{_NUMBER}|\?)(?:×(?P<about_z>~)?(?P<z>{_NUMBER}|\?))?"
    rf"\s*(?:(?P<unit>{_UNIT})³?|voxels?|vx|pixels?|px)?(?:\s+each)?{_REMARK}"
)
_SIDE = re.compile(
    rf"(?P<about>(?:{_ABOUT})\s*)?(?P<x>{_NUMBER})\s*(?P<unit>{_UNIT})?\s*"
    rf"(?P<how>per side|each side|\(?isotropic\)?|\(?in-plane\)?){_REMARK}"
)
_VOLUME = re.compile(
    rf"(?P<about>(?:{_ABOUT})\s*)?(?P<v>{_NUMBER})\s*(?P<unit>{_UNIT})³\s*(?:in total|total)?{_REMARK}"
)
_SECTIONS = re.compile(
    rf"(?P<about>(?:{_ABOUT})\s*)?(?P<n>{_WHOLE}) (?:ultrathin |serial )?(?:sections?|slices?)"
    rf"(?: (?:of|at) (?P<thick>{_NUMBER}) nm)?(?: (?:of )?(?P<x>{_NUMBER})×(?P<y>{_NUMBER}))?"
)
_VOXELS = re.compile(rf"~?\s*(?P<n>{_NUMBER}) ?(?P<prefix>[kMGTP])?(?:vx|voxels?)")
_PREFIXES = {"": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}


def _single(stated: str, text: str, units: _Units) -> Size | None:
    """One size: by three lengths, by one for all sides, by a volume, or by sections."""
    if found := _TRIPLET.fullmatch(stated):
        return _triplet(found, text, units)
    if found := _SIDE.fullmatch(stated):
        number, about = units.length(found["x"], found["unit"]), bool(found["about"])
        depth = None if "in-plane" in found["how"] else number
        kind = "perSide" if "side" in found["how"] else ""
        return Size(Triplet(number, number, depth, text, about, kind), approximate=about, remark=found["remark"] or "")
    if found := _VOLUME.fullmatch(stated):
        cubed = (_IN_NM[found["unit"]] / 1000) ** 3
        whole = Size(total_volume=plain(decimal(found["v"]) * cubed), approximate=bool(found["about"]))
        return _with_remark(whole, found["remark"] or "")
    if found := _SECTIONS.fullmatch(stated):
        thickness = decimal(found["thick"]) if found["thick"] else None
        lengths = Triplet(decimal(found["x"]), decimal(found["y"]), None, text) if found["x"] else None
        return Size(lengths, None, int(decimal(found["n"])), thickness, approximate=bool(found["about"]))
    return None


def _triplet(found: re.Match[str], text: str, units: _Units) -> Size:
    about = any(found[name] for name in ("about", "about_y", "about_z"))
    x, y, z = (units.length(found[axis], found["unit"]) for axis in "xyz")
    many = int(found["many"]) if found["many"] else None
    return Size(Triplet(x, y, z, text, about), many, approximate=about, remark=found["remark"] or "")


def _with_remark(whole: Size, remark: str) -> Size:
    """The size with the voxels and sections that its brackets state; other words stay a remark."""
    left: list[str] = []
    for part in filter(None, re.split(r",\s+|;\s*", remark)):
        if found := _SECTIONS.fullmatch(part):
            whole = replace(whole, section_count=int(decimal(found["n"])))
        elif found := _VOXELS.fullmatch(part):
            whole = replace(whole, total_voxels=decimal(found["n"]).scaleb(_PREFIXES[found["prefix"] or ""]))
        else:
            left.append(part)
    return replace(whole, remark=", ".join(left))


def _alternatives(stated: str, text: str, units: _Units) -> Size | None:
    """Several sizes between ``or``, a spaced slash or a semicolon: which one is of which volume is not said."""
    parts = re.split(r"\s+or\s+|\s+/\s+|\s*;\s*", stated)
    read = [_single(part, part, units) for part in parts] if len(parts) > 1 else []
    triplets = tuple(one.lengths for one in read if one is not None and one.lengths is not None)
    if not read or len(triplets) < len(read):
        return None
    return Size(Triplet(None, None, None, text), alternatives=triplets)


_RANGE = re.compile(
    rf"~?\s?(?P<a>{_NUMBER})\s*(?:\((?P<first>[^()]*)\))?\s*(?:to|-)\s*~?\s?(?P<b>{_NUMBER})"
    rf"\s*(?P<unit>{_UNIT})?\s*(?:\((?P<second>[^()]*)\))?"
)


def _range(stated: str, text: str, units: _Units) -> Size | None:
    """A range of one length, of which axes is not said."""
    found = _RANGE.fullmatch(stated)
    if found is None or decimal(found["a"]) > decimal(found["b"]):
        return None
    low, high = (units.length(found[name], found["unit"]) for name in "ab")
    remark = "; ".join(filter(None, (found["first"], found["second"])))
    about = "~" in stated
    return Size(Triplet(None, None, None, text, about), approximate=about, lower=low, upper=high, remark=remark)


def storage(text: str) -> tuple[int, bool]:
    """Bytes (decimal prefixes), and whether approximate, of a text such as ``~1.4 PB``; or raises RecordError.

    >>> storage("~1.4 PB")
    (1400000000000000, True)
    """
    found = re.fullmatch(rf"(~\s*)?({_NUMBER})\s*([kMGTPE]?)B", normal(text))
    if found is None:
        raise RecordError(
            f"no known form of a storage size: {text!r}", repair="write a number and kB, MB, GB, TB or PB"
        )
    return int(decimal(found[2]).scaleb(_PREFIXES[found[3]])), bool(found[1])


_COMPARATORS = (
    (_ABOUT, "approximately"),
    (r"≥|>=|>|over|more than|at least|greater than", "atLeast"),
    (r"≤|<=|<|up to|at most|less than|under|fewer than", "atMost"),
)
_COMPARATOR = "|".join(words for words, _ in _COMPARATORS)
_TIMES = {"k": 3, "thousand": 3, "M": 6, "million": 6, "G": 9, "B": 9, "billion": 9}
_COUNT = re.compile(
    rf"(?P<how>{_COMPARATOR})?\s*(?P<first>{_NUMBER})(?P<more>(?:\s*\+\s*(?:{_NUMBER}))*)"
    rf"(?:\s*(?P<to>-|to)\s*(?P<last>{_NUMBER}))?(?P<plus>\+)?"
    r"(?:\s*(?P<times>k|M|G|B|thousand|million|billion)(?=\s|$|\())?"
    r"\s*(?P<noun>(?:[23]D )?[^\s0-9()<>~+;,/×][^()<>~+;,×]*?)?\s*(?:\((?P<inside>[^()]*)\))?"
)
# A comma parts two counts where a number follows it, unless it stands within brackets.
_BETWEEN = rf"\n|;|,\s+(?=(?:{_COMPARATOR})?\s*\d)(?![^(]*\))"


def counts(text: str) -> tuple[Amount, ...]:
    """The numbers that a cell states, one a line or between semicolons; raises RecordError for a form not known.

    >>> [(one.value, one.noun) for one in counts("33 blocks\\n12+50 skels")]
    [(33, 'blocks'), (12, 'skels'), (50, 'skels')]
    >>> counts("451 neurons (417 PyCs)")[0].parts[0].value
    417
    """
    return tuple(one for part in re.split(_BETWEEN, text) if part.strip() for one in count_of(part))


def count_of(part: str) -> tuple[Amount, ...]:
    """The numbers of one part of a cell: several where they are joined by ``+``."""
    stated = " ".join(part.split())
    found = _COUNT.fullmatch(normal(part))
    if found is None:
        raise RecordError(
            f"no known form of a number: {stated!r}", repair="add the form to emkg/grammar.py, with a test"
        )
    comparator = "atLeast" if found["plus"] else "exactly"
    if found["how"]:
        comparator = next(name for words, name in _COMPARATORS if re.fullmatch(words, found["how"]))
    noun = (found["noun"] or "").strip()
    numbers = [_whole(word, found["times"], stated) for word in [found["first"], *re.findall(_NUMBER, found["more"])]]
    if found["to"]:
        return (_ranged(numbers, _whole(found["last"], found["times"], stated), noun, stated),)
    parts = _parts(found["inside"], stated) if len(numbers) == 1 else ()
    return tuple(
        Amount(
            noun,
            stated,
            number,
            comparator=comparator,
            rounded=comparator == "exactly" and is_round(number),
            parts=parts,
        )
        for number in numbers
    )


def _parts(inside: str | None, stated: str) -> tuple[Amount, ...]:
    """The numbers in brackets; other words there refuse the whole, since they may limit what was counted."""
    return tuple(
        replace(one, as_stated=stated)
        for part in re.split(r",\s+", inside or "")
        if part.strip()
        for one in count_of(part)
    )


def _ranged(numbers: list[int], last: int, noun: str, stated: str) -> Amount:
    if len(numbers) > 1 or numbers[0] > last:
        raise RecordError(f"no range from low to high: {stated!r}", repair="write low-high")
    return Amount(noun, stated, minimum=numbers[0], maximum=last, comparator="range")


def _whole(word: str, times: str | None, stated: str) -> int:
    number = decimal(word).scaleb(_TIMES.get(times or "", 0))
    if number != int(number):
        raise RecordError(f"{stated!r} counts a fraction", repair="write a whole number")
    return int(number)


def is_round(number: int) -> bool:
    """Whether a number of 100 or more has at most two significant digits, so that it was likely rounded.

    >>> [is_round(number) for number in (18000, 1700, 200, 169, 133700000, 50)]
    [True, True, True, False, False, False]
    """
    return number >= 100 and len(str(number).rstrip("0")) <= 2
