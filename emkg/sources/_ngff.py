"""OME-Zarr metadata: the axes, scale, place and size of the images of a multiscale, of the versions 0.1 to 0.6.

0.4 and before: https://ngff.openmicroscopy.org/0.4/#multiscale-md, at the top of ``.zattrs``. 0.5: the same below
``attributes/ome`` of ``zarr.json``. 0.6 (https://ngff.openmicroscopy.org/rfc/5/): axes stand in ``coordinateSystems``, and a
transformation may be a sequence of others; one that is neither scale nor translation is told, and no scale is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from emkg.cursor import Cursor
from emkg.model import Triplet
from emkg.sources._arrays import along, nanometres
from emkg.stated import Number, Text, Whole, joined


@dataclass(frozen=True, slots=True)
class Multiscale:
    """The images of one multiscale: lengths in nm of the finest level, its size in voxels, how many levels there are."""

    name: Text | None
    version: Text | None
    axes: tuple[Text, ...]
    paths: tuple[Text, ...]
    scale: Triplet | None
    translation: Triplet | None
    grid: Triplet | None
    voxel_type: Text | None
    is_label: bool

    @property
    def axis_order(self) -> Text:
        """The names of the axes, as the array is indexed.

        >>> Multiscale(None, None, (Text("z"), Text("y"), Text("x")), (), None, None, None, None, False).axis_order
        'z y x'
        """
        return joined(" ", self.axes)


def attributes(group: Cursor) -> Cursor:
    """Where the keys of OME stand: at the top of .zattrs, or below attributes/ome of zarr.json."""
    return group["attributes"]["ome"] if group["attributes"]["ome"] else group


def multiscale(group: Cursor, arrays: Cursor) -> Multiscale | None:
    """The first multiscale of a group, which is the one that viewers show; None where there is none."""
    attrs = attributes(group)
    first = attrs["multiscales"][0]
    if not isinstance(first.value, dict):
        return None
    levels = list(first["datasets"])
    newer = isinstance(first["coordinateSystems"].value, list)
    places = list(_system(first)["axes"]) if newer else list(first["axes"])
    names = [(one["name"] if isinstance(one.value, dict) else one).text() or Text("") for one in places]
    units = [one["unit"] for one in places]
    steps = list(_steps(levels[0]["coordinateTransformations"])) if levels else []
    if not newer:  # since 0.6, those of the multiscale lead to other systems of coordinates
        steps += _steps(first["coordinateTransformations"])
    factors, shifts = _composed(steps, len(names))
    path = levels[0]["path"].text() if levels else None
    array = arrays[path] if path and not path.isspace() else Cursor(None, "", group.path, group.faults)
    datatype = array["data_type"] if array["data_type"] else array["dtype"]
    return Multiscale(
        first["name"].text(),
        attrs["version"].text() or first["version"].text(),
        tuple(name for name in names if name),
        tuple(found for one in levels if (found := one["path"].text())),
        along(names, _lengths(factors, units)),
        along(names, _lengths(shifts, units)),
        _grid(names, array["shape"]),
        _plain_type(datatype.text()) if isinstance(datatype.value, str) else None,
        bool(attrs["image-label"].value),
    )


def _system(first: Cursor) -> Cursor:
    """The system of coordinates (since 0.6) to which the transformations of the finest level lead, or else the first."""
    output = first["datasets"][0]["coordinateTransformations"][0]["output"]
    wanted = output["name"].value if isinstance(output.value, dict) else output.value
    systems = list(first["coordinateSystems"])
    named = (one for one in systems if isinstance(wanted, str) and one["name"].value == wanted)
    return next(named, first["coordinateSystems"][0])


def _steps(place: Cursor) -> Iterator[Cursor]:
    """The transformations in their order, sequences taken apart."""
    for one in place:
        if one["type"].value == "sequence":
            yield from _steps(one["transformations"])
        elif isinstance(one.value, dict):
            yield one


def _composed(steps: list[Cursor], size: int) -> tuple[list[Number | None], list[Number | None]]:
    """The scale and translation of each axis after all steps; nothing where one of the steps is of another kind."""
    factors: list[Number | None] = [None] * size
    shifts: list[Number | None] = [None] * size
    for step in steps:
        kind = step["type"].value
        if kind == "identity":
            continue
        values = step[kind] if kind in ("scale", "translation") else None
        if values is None or not isinstance(values.value, list):
            step.fault("a transformation that is neither a scale nor a translation written out: no scale is taken")
            return [None] * size, [None] * size
        for axis in range(size):
            made = values[axis].number(positive=False)
            if kind == "scale":
                factors[axis], shifts[axis] = _times(factors[axis], made), _times(shifts[axis], made, keep=False)
            else:
                shifts[axis] = _plus(shifts[axis], made)
    return factors, shifts


def _times(first: Number | None, second: Number | None, *, keep: bool = True) -> Number | None:
    if first is None or second is None:
        return second if keep and first is None else None
    return Number(first * second, f"{first.at} {second.at}")


def _plus(first: Number | None, second: Number | None) -> Number | None:
    if first is None or second is None:
        return first if second is None else second
    return Number(first + second, f"{first.at} {second.at}")


def _lengths(values: list[Number | None], units: list[Cursor]) -> list[Number | None]:
    """In nm; a number of an axis without a unit of length is none (https://ngff.openmicroscopy.org/0.4/#axes-md)."""
    found: list[Number | None] = []
    for value, unit in zip(values, units, strict=True):
        factor = nanometres(unit.value) if isinstance(unit.value, str) else None
        found.append(value.scaled(factor) if value is not None and factor else None)
    return found


def _grid(axes: list[Text], shape: Cursor) -> Triplet | None:
    sizes = {axis.casefold(): shape[number].whole() for number, axis in enumerate(axes)}
    x, y, z = (_counted(sizes.get(axis)) for axis in "xyz")
    return Triplet(x, y, z) if x and y else None  # type: ignore[arg-type]


def _counted(size: Whole | None) -> Whole | None:
    return size if size and size > 0 else None


def _plain_type(words: Text | None) -> Text | None:
    """The name of a type of number, out of numpy's short form too.

    >>> _plain_type(Text("|u1")), _plain_type(Text("<f4")), _plain_type(Text("uint16"))
    ('uint8', 'float32', 'uint16')
    """
    if words is None:
        return None
    kinds = {"u": "uint", "i": "int", "f": "float", "b": "bool"}
    if len(words) == 3 and words[0] in "<>|=" and words[1] in kinds and words[2] in "1248":
        bits = "" if words[1] == "b" else str(int(words[2]) * 8)
        return Text(kinds[words[1]] + bits, words.at)
    return words
