"""The image sets of a deposition: one for each image set, and for each volume that is not a part of another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from emkg.exports import _empiar_codes
from emkg.exports._empiar_facts import Facts, facts, in_order
from emkg.graph import Graph
from emkg.rdf import NamedNode
from emkg.vocab import DCAT, EM, RDFS

Missing = Callable[[str], None]
FIELDS = (
    *("name", "directory", "category", "header_format", "data_format", "num_images_or_tilt_series", "frames_per_image"),
    *(
        "frame_range_min",
        "frame_range_max",
        "voxel_type",
        "pixel_width",
        "pixel_height",
        "details",
        "image_width",
        "image_height",
    ),
    *("micrographs_file_pattern", "picked_particles_file_pattern", "picked_particles_directory"),
)
REQUIRED = (*FIELDS[:7], "voxel_type")
_WORDS = {
    "name": "a name",
    "category": "the category of its images",
    "header_format": "the format of the headers",
    "data_format": "the format of the image files",
    "num_images_or_tilt_series": "the number of images",
    "frames_per_image": "the number of frames of an image",
    "voxel_type": "the type of its voxels",
}
_ANGSTROM_PER_NM = 10


def members(graph: Graph, dataset: Facts) -> list[Facts]:
    """The image sets and volumes that the dataset holds; parts of its volumes only where it holds nothing else."""
    found = [facts(graph, node) for property_ in (EM.hasVolume, EM.hasImageSet) for node in dataset.nodes(property_)]
    found.sort(key=lambda one: in_order(one.slug))
    wholes = [one for one in found if not one.nodes(EM.isSubVolumeOf)]
    return wholes or found


def image_set(graph: Graph, one: Facts, points: list[Facts], given: Any, missing: Missing) -> dict[str, Any]:
    """An image set; what the user gives for it comes before what the graph holds."""
    stated = _stated(graph, one, points)
    chosen = dict(given) if isinstance(given, Mapping) else {}
    for key in chosen:
        if key not in FIELDS:
            missing(f"{key}: no field of an image set, use {', '.join(FIELDS)}")
    made = {key: chosen.get(key, stated[key]) for key in FIELDS}
    for key in REQUIRED:
        if made[key] is None:
            missing(f"{key}: {_WORDS.get(key, key)} of {one.slug}, under imagesets: in the file")
    return made


def _stated(graph: Graph, one: Facts, points: list[Facts]) -> dict[str, Any]:
    category, count, frames = one.one(EM.imageCategory), one.whole(EM.imageCount), one.whole(EM.framesPerImage)
    shaped = _shaped(one, points)
    is_array = category is None and count is None and not one.words(EM.statedCategory) and _is_volume(one)
    if is_array:
        category, count, frames = EM.reconstructedVolumes, 1, shaped.whole(EM.gridZ)
    return {
        "name": one.label()[:200] or None,
        "directory": _path(one.words(EM.directory)) or f"/data/{one.slug}",
        "category": _category(one, category),
        **_formats(one, points),
        "num_images_or_tilt_series": count,
        "frames_per_image": frames,
        "frame_range_min": one.whole(EM.frameRangeMin),
        "frame_range_max": one.whole(EM.frameRangeMax),
        "pixel_width": angstrom(one.number(EM.voxelX)),
        "pixel_height": angstrom(one.number(EM.voxelY)),
        "details": _details(graph, one),
        "image_width": shaped.whole(EM.gridX),
        "image_height": shaped.whole(EM.gridY),
        "micrographs_file_pattern": one.words(EM.micrographsPattern) or None,
        "picked_particles_file_pattern": one.words(EM.particlesPattern) or None,
        "picked_particles_directory": one.words(EM.particlesDirectory) or None,
    }


def _shaped(one: Facts, points: list[Facts]) -> Facts:
    """What tells how many voxels there are: the volume, or the only array of raw images that tells it."""
    arrays = [point for point in points if point.one(EM.accessRole) == EM.rawImage and point.whole(EM.gridX)]
    return arrays[0] if one.whole(EM.gridX) is None and len(arrays) == 1 else one


def _is_volume(one: Facts) -> bool:
    return "/volume/" in one.node.value


def _path(words: str) -> str:
    return f"/{words.lstrip('/')}" if words else ""


def _category(one: Facts, known: NamedNode | None) -> str | None:
    """The code of the category, or the source's own words, which EMPIAR takes as they are."""
    if known is not None:
        return _empiar_codes.category(known)
    words = one.words(EM.statedCategory).replace("'", "’").replace("\\", "")
    return f"('OT', '{words}')" if words else None


def _formats(one: Facts, points: list[Facts]) -> dict[str, str | None]:
    """Formats and voxel type of the files; of a volume that tells none, those of the only array of raw images there is."""
    data, header, voxel = (one.one(name) for name in (EM.fileFormat, EM.headerFormat, EM.voxelType))
    found = {
        "header_format": _empiar_codes.file_format(header, of_header=True)
        if header
        else _other(one, EM.statedHeaderFormat),
        "data_format": _empiar_codes.file_format(data) if data else _other(one, EM.statedFileFormat),
        "voxel_type": _empiar_codes.voxel_type(voxel) if voxel else _other(one, EM.statedVoxelType),
    }
    raw = [point for point in points if point.one(EM.accessRole) == EM.rawImage]
    formats = {point.one(EM.fileFormat) for point in raw} - {None}
    voxels = {point.one(EM.voxelType) for point in raw} - {None}
    if found["data_format"] is None and found["header_format"] is None and len(formats) == 1:
        (only,) = formats
        assert only is not None
        # The header of an array in a container stands in the container itself.
        found["data_format"] = _empiar_codes.file_format(only)
        found["header_format"] = _empiar_codes.file_format(only, of_header=True)
    if found["voxel_type"] is None and len(voxels) == 1:
        (kind,) = voxels
        assert kind is not None
        found["voxel_type"] = _empiar_codes.voxel_type(kind)
    return found


def _other(one: Facts, property_: NamedNode) -> str | None:
    words = one.words(property_)
    code = _empiar_codes.other(words) if words else ""
    return code if code not in ("", "('OT', '')") else None


def angstrom(length: Decimal | None) -> float | None:
    """A length in nm as EMPIAR writes it.

    >>> angstrom(Decimal("0.0543")), angstrom(Decimal("65.0"))
    (0.543, 650.0)
    """
    return float(length * _ANGSTROM_PER_NM) if length is not None else None


def _details(graph: Graph, one: Facts) -> str | None:
    """What EMPIAR has no field for: the z step, the species, the place in the body, the voltage; in our words."""
    sides = [one.number(name) for name in (EM.voxelX, EM.voxelY, EM.voxelZ)]
    parts = []
    if sides[2] is not None:
        told = " x ".join(_plain(side) for side in sides if side is not None)
        parts.append(
            f"Voxel size {told} nm (x, y, z)." if None not in sides else f"Step along z {_plain(sides[2])} nm."
        )
    thickness = one.number(EM.sectionThickness)
    if thickness is not None:
        parts.append(f"Section thickness {_plain(thickness)} nm.")
    sample, acquisition = one.one(EM.hasSample), one.one(EM.acquiredBy)
    if sample is not None:
        of_sample = facts(graph, sample)
        for word, property_ in (("Species", EM.taxon), ("Tissue", EM.region)):
            names = [_name(graph, node) for node in of_sample.nodes(property_)]
            parts += [f"{word}: {', '.join(names)}."] if names else []
    if acquisition is not None:
        settings = facts(graph, acquisition)
        for word, property_, unit in (
            ("Acceleration voltage", EM.accelerationVoltage, "kV"),
            ("Landing energy", EM.landingEnergy, "eV"),
        ):
            number = settings.number(property_)
            parts += [f"{word} {_plain(number)} {unit}."] if number is not None else []
    return " ".join(parts) or None


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _name(graph: Graph, node: NamedNode) -> str:
    return facts(graph, node).words(RDFS.label) or _empiar_codes.label(node)


def access_points(graph: Graph, dataset: Facts) -> list[Facts]:
    """Where the data are to be had."""
    return [facts(graph, node) for node in dataset.nodes(DCAT.distribution)]
