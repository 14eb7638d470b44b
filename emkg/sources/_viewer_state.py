"""What does the address of a Neuroglancer view show: the size of its voxels and its layers.

The state of the viewer is JSON behind ``#!`` of the address (https://neuroglancer-docs.web.app/json/api/index.html); older ones have
``navigation.pose.position.voxelSize`` in nm, which is that of the volume; the ``dimensions`` of newer ones are those of the view,
whatever volume it shows, and tell no voxel size. The oldest have ``'`` for ``"`` and ``_`` for ``,``.
"""

from __future__ import annotations

import json
import re
import struct
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import unquote

from emkg.cursor import Cursor
from emkg.model import Triplet
from emkg.stated import Number, Text

LONGEST_STATE = 200_000
"""Characters."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer of a view: name, kind (image, segmentation, annotation …) and the address of its source, less what tells the format."""

    name: Text | None
    kind: str
    source: Text


def state_of(address: Cursor) -> Cursor | None:
    """The state in an address, every value of which stands where the address does; None where there is none, or it is no JSON."""
    text = address.value
    if not isinstance(text, str) or "#!" not in text or len(text) > LONGEST_STATE:
        return None
    words = unquote(text.split("#!", 1)[1])
    if words.startswith("{'"):
        words = re.sub(r"_(?=['\d-])", ",", words).replace("'", '"')
    try:
        found = json.loads(words)
    except (ValueError, RecursionError):
        return None
    return Cursor(found, address.at, address.path, []) if isinstance(found, dict) else None


def voxel_size(address: Cursor) -> Triplet | None:
    """The voxel size (nm) of the view; None where it states none, or one nanometre, which is what the viewer takes for no size."""
    state = state_of(address)
    if state is None:
        return None
    pose = state["navigation"]["pose"]["position"]["voxelSize"]
    sides = [pose[axis].number() for axis in range(3)] if isinstance(pose.value, list) else [None, None, None]
    x, y, z = (Number(plain_single(one), address.at) if one is not None else None for one in sides)
    if x is None or y is None or z is None or (x == 1 and y == 1):
        return None
    return Triplet(x, y, z)


def plain_single(number: Decimal) -> Decimal:
    """The number that was meant where one of single precision was written out in full (IEEE 754 binary32).

    >>> plain_single(Decimal("3.799999952316284")), plain_single(Decimal("9.25")), plain_single(Decimal("0.1234567890123"))
    (Decimal('3.8'), Decimal('9.25'), Decimal('0.1234567890123'))
    """
    if len(number.as_tuple().digits) <= 9 or abs(number) > Decimal("1e30"):
        return number
    single = struct.unpack("f", struct.pack("f", float(number)))[0]
    if single != float(number):
        return number
    for digits in range(1, 10):
        shortest = f"{single:.{digits}g}"
        if struct.unpack("f", struct.pack("f", float(shortest)))[0] == single:
            return Decimal(format(Decimal(shortest), "f"))
    return number


def layers(address: Cursor) -> list[Layer]:
    """The layers whose source is a precomputed volume at an address of the Web or a bucket."""
    state = state_of(address)
    found: list[Layer] = []
    for one in state["layers"] if state is not None else ():
        source = one["source"]
        words = (
            source["url"].text(8000)
            if isinstance(source.value, dict)
            else next((part.text(8000) for part in source), None)
        )
        if words is not None and words.startswith("precomputed://"):
            plain = Cursor(words.removeprefix("precomputed://"), address.at, address.path, []).url()
            if plain is not None:
                name, kind = one["name"].text(), one["type"].text() or ""
                found.append(Layer(_at(name, address), str(kind), Text(plain, address.at)))
    return found


def _at(words: Text | None, address: Cursor) -> Text | None:
    return Text(words, address.at) if words is not None else None
