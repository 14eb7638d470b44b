"""Arrays and their axes: lengths along named axes, out of lists in any order and unit, as x, y and z in nanometres."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from emkg.cursor import Cursor
from emkg.ids import slugify
from emkg.model import Triplet
from emkg.stated import Number


def nanometres(unit: str) -> Decimal | None:
    """How many nanometres a unit of length is; None for what is no such unit.

    >>> nanometres("micrometer"), nanometres("second")
    (Decimal('1000'), None)
    """
    return Cursor(1, "", "", []).length(unit)


def signed_length(place: Cursor, unit: str) -> Number | None:
    """A length in nm that may be zero or below: where something lies, or a step against the direction of an axis.

    >>> signed_length(Cursor(-4.0, "/scale/1", "x.json", []), "nm")
    Decimal('-4.0')
    """
    factor, made = nanometres(unit), place.number(positive=False)
    if made is None:
        return None
    if factor is None:
        place.fault(f"{unit!r} is no unit of length")
        return None
    return made.scaled(factor)


def along(axes: Sequence[str], lengths: Sequence[Number | None]) -> Triplet | None:
    """The lengths by the names of their axes, whatever their order; None where neither x nor y has one.

    >>> along(["z", "y", "x"], [Number("5.24"), Number("4"), Number("4")])
    Triplet(x=Decimal('4'), y=Decimal('4'), z=Decimal('5.24'), as_stated='', approximate=False, kind='')
    """
    named = dict(zip((axis.casefold() for axis in axes), lengths, strict=False))
    found = Triplet(named.get("x"), named.get("y"), named.get("z"))
    return found if any((found.x, found.y, found.z)) or 0 in (found.x, found.y, found.z) else None


def whole(found: Triplet | None) -> Triplet | None:
    """The triplet if it has x and y, as a volume's size must; else None."""
    return found if found and found.x is not None and found.y is not None else None


def mirrored(scale: Triplet | None) -> tuple[Triplet | None, tuple[str, ...]]:
    """The distances between neighbouring voxels, and the axes along which these follow one another in the opposite direction.

    A distance of zero is none: it is left out.

    >>> scale, axes = mirrored(Triplet(Number("4"), Number("-4"), Number("5.24")))
    >>> scale.y, axes
    (Decimal('4'), ('y',))
    """
    if scale is None:
        return None, ()
    numbers = {axis: number for axis in "xyz" if (number := getattr(scale, axis))}
    sizes = {axis: number.scaled(-1) if number < 0 else number for axis, number in numbers.items()}
    turned = tuple(axis for axis, number in numbers.items() if number < 0)
    return Triplet(sizes.get("x"), sizes.get("y"), sizes.get("z")) if sizes else None, turned


def distinct(names: Iterable[str], stem: str) -> list[str]:
    """A slug below ``stem`` for each name, no two alike: a number is put behind where two names give the same.

    >>> distinct(["er_seg", "er-seg", "→"], "cell")
    ['cell-er-seg', 'cell-er-seg-2', 'cell-3']
    """
    taken: list[str] = []
    for number, name in enumerate(names, 1):
        slug = f"{stem}-{slugify(name)}" if slugify(name) else f"{stem}-{number}"
        free = slug
        while free in taken:
            number = max(number, 2)
            free = f"{slug}-{number}"
            number += 1
        taken.append(free)
    return taken
