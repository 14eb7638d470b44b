"""The images of a study of the BioImage Archive: sizes, OME-Zarr copies, files, and views, as its integrator lists them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from emkg.cursor import Cursor
from emkg.ids import slugify
from emkg.model import AccessPoint, TextClaim, Triplet
from emkg.sources import _lookup
from emkg.sources._viewer_state import state_of
from emkg.stated import Number, Text, Whole

_PLACEHOLDER_SIZES = (Number("0.1"), Number("1000"))
"""nm: 1 Å and 1 µm are what converters write along an axis of which the file states no size."""
_DIMENSIONS = re.compile(r"\((\d+(?:, \d+){2,4})\)", re.ASCII)
_LIKELY = Decimal("0.8")
_FINEST, _COARSEST = Number("0.01"), Number("10000")
"""nm; a view of EMPIAR-10311 has 0.005 m, which was meant to be 5 nm."""
_INTERNAL = "https://hl.fire.sdo.ebi.ac.uk/"


@dataclass(frozen=True, slots=True)
class Image:
    """One image of a study: its identifier there, the name of its file, and the places where more is said of it."""

    identifier: str
    name: Text | None
    annotations: Cursor
    representations: Cursor
    files: Cursor


def images_of(record: Cursor) -> list[Image]:
    """The images that any of the record's parts lists, in the order in which they appear."""
    files = {words: one for one in record["images"] if (words := _identifier(one["id"]))}
    stated = record["study"]["images"]
    found = dict.fromkeys(
        key for part in (record["representations"], record["annotations"], stated) for key, _ in part.items()
    )
    found |= dict.fromkeys(files)
    return [
        Image(
            key,
            _name(files.get(key), stated[key]),
            record["annotations"][key],
            record["representations"][key],
            files[key]["representations"] if key in files else stated[key]["representations"],
        )
        for key in found
        if key != "_study"
    ]


def _identifier(place: Cursor) -> str:
    return place.value if isinstance(place.value, str) else ""


def _name(listed: Cursor | None, stated: Cursor) -> Text | None:
    for place in (
        listed["name"] if listed else None,
        listed["original_relpath"] if listed else None,
        stated["original_relpath"],
    ):
        words = place.text() if place else None
        if words is not None:
            return Text(words.rstrip("/").rsplit("/", 1)[-1] or words, words.at)
    return None


def grid_of(annotations: Cursor) -> Triplet | None:
    """The size in voxels, by the keys of OME metadata in either spelling, else by the shape of the array (t, c, z, y, x).

    >>> grid_of(Cursor({"dimensions": "(1, 1, 518, 8192, 8190)"}, "", "a.json", []))
    Triplet(x=8190, y=8192, z=518, as_stated='', approximate=False, kind='')
    """
    x, y, z = (_either(annotations, f"Size{axis}").whole() for axis in "XYZ")
    if x is None or y is None:
        words = annotations["dimensions"].text()
        shape = _DIMENSIONS.fullmatch(words) if words else None
        if words is None or shape is None:
            return None
        z, y, x = (Whole(int(size), words.at) if int(size) else None for size in shape[1].split(", ")[-3:])
    return Triplet(x, y, z) if x and y else None  # type: ignore[arg-type]


def _either(annotations: Cursor, key: str) -> Cursor:
    """The value under a key as Bio-Formats spells it (PhysicalSizeX), or as Python does (physical_size_x)."""
    found = annotations[key]
    return found if found.value is not None else annotations[re.sub(r"(?<!^)(?=[A-Z])", "_", key).lower()]


def voxel_of(annotations: Cursor) -> Triplet | None:
    """The voxel size in nm, by the OME metadata; placeholders are not taken."""
    sizes: list[Number | None] = []
    for axis in "XYZ":
        unit = _either(annotations, f"PhysicalSize{axis}Unit").text()
        sizes.append(_either(annotations, f"PhysicalSize{axis}").length(unit) if unit else None)
    x, y, z = (_rounded(one) for one in sizes)
    return Triplet(x, y, z) if x is not None and y is not None else None


def claims_of(image: Image, kind: str, slug: str) -> Iterator[TextClaim]:
    """What the view that the archive links says of the voxels, where the metadata say nothing: a scale of the view, most likely theirs.

    The view's ``dimensions`` are those of its first layer unless somebody changed them, hence a claim and no statement
    (https://neuroglancer-docs.web.app/json/api/index.html#json-CoordinateSpace).
    """
    link = image.annotations["_neuroglancer_link"]
    state = state_of(link) if voxel_of(image.annotations) is None else None
    for axis in "xyz":
        scale = state["dimensions"][axis] if state else None
        number = scale[0].number() if scale and scale[1].value == "m" else None
        length = _rounded(Number(number.scaled("1e9"), link.at)) if number is not None else None
        if scale and length is not None and _FINEST < length < _COARSEST:
            quoted = Text(f'"{axis}":[{scale[0].value},"m"]', link.at)
            yield TextClaim(kind, slug, f"voxel{axis.upper()}", length, quoted, _LIKELY)


def _rounded(length: object) -> Number | None:
    """Nine digits of a length: what is behind them is the noise of binary fractions, as in 0.03999999999999998 µm; no placeholder.

    >>> _rounded(Number("39.99999999999998", "/z")), _rounded(Number("0.1", "/z"))
    (Decimal('40'), None)
    """
    if not isinstance(length, Number):
        return None
    made = Number(format(Number(format(length, ".9g")).normalize(), "f"), length.at)
    return None if made in _PLACEHOLDER_SIZES else made


def access_of(image: Image, slug: str) -> Iterator[AccessPoint]:
    """The OME-Zarr copies, the file that was copied where it has an address of its own, a picture, and the view.

    Nothing says which images are raw and which are labels: "Early_Segmentation_1.mrc" shows a parasite that divides.
    """
    known = _lookup.voxel_type(_either(image.annotations, "Type").text())
    for index, place in enumerate(image.representations, 1):
        kind = place["type"].text()
        if kind == "ome_ngff":
            point = _point(place, f"{slug}-ome-zarr" if index == 1 else f"{slug}-ome-zarr-{index}", "imageFiles")
            if point:
                yield replace(point, file_format=_lookup.file_format(kind), voxel_type=known)
        elif kind == "representative":
            point = _point(place, f"{slug}-picture-{index}", "previewImage")
            if point:
                yield point
    for index, place in enumerate(image.files, 1):
        point = _point(place, f"{slug}-file-{index}", "imageFiles") if _is_public(place["uri"].value) else None
        if point:
            yield replace(point, file_format=_lookup.file_format(point.url.rstrip("/").rsplit(".", 1)[-1]))
    link = image.annotations["_neuroglancer_link"]
    view = link.url() if link.value else None
    if view:
        yield AccessPoint(f"{slug}-view", view, role="viewer", host=_lookup.host(view))


def _is_public(uri: object) -> bool:
    """Whether an address is one that the public reaches; the many files that make one image have no address together."""
    return isinstance(uri, str) and uri.partition(":")[0] in ("http", "https", "s3") and not uri.startswith(_INTERNAL)


def _point(place: Cursor, slug: str, role: str) -> AccessPoint | None:
    url = place["uri"].url()
    size = place["size"].whole()
    return AccessPoint(slug, url, role=role, host=_lookup.host(url), byte_size=size) if url else None


def slugs(dataset: str, images: list[Image]) -> list[str]:
    """A slug for each image: the dataset's own where there is only one, and no two alike."""
    if len(images) <= 1:
        return [dataset] * len(images)
    found: list[str] = []
    for number, image in enumerate(images, 1):
        slug = f"{dataset}-{slugify(image.identifier)[:80].strip('-') or number}"
        found.append(slug if slug not in found else f"{slug}-{number}")
    return found
