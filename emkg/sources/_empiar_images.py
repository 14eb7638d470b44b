"""Image sets of an EMPIAR entry as volumes or image sets. Pixels are in ångström for every technique; a z step has no field."""

from __future__ import annotations

from collections.abc import Callable

from emkg.cursor import Cursor
from emkg.model import AccessPoint, Acquisition, Curie, Images, Sample, Triplet, Volume
from emkg.sources import _lookup
from emkg.stated import Number, Text, Whole, composed

VOLUME_TECHNIQUES = frozenset({"emkg:SBFSEM", "emkg:FIBSEM", "emkg:ATUMSEM"})
"""Techniques whose images lie one behind the other, so that an image set of them is a volume."""
NO_VOLUME = frozenset(
    "multiframeMicrographs focalPairsUnprocessed focalPairsInverted particlesSingleFrameUnprocessed particlesMultiframeUnprocessed "
    "particlesSingleFrameProcessed particlesMultiframeProcessed tiltSeries classAverages diffractionImages subtomograms".split()
)
"""Categories of images that make up no volume, whatever the technique."""
_VARIABLE = "variable"
_TILT_SERIES = (Curie("emkg:ElectronTomography"),)


def image_sets(entry: Cursor, slug: str, accession: Text) -> tuple[Volume, ...]:
    """The image sets of an entry, numbered in its order; for an entry that lists none, one of which only that much is known."""
    stated = entry["experiment_type"].text()
    kind = entry["scale"].text()
    listed = [one for one in entry["imagesets"] if isinstance(one.value, dict)]
    if not listed:
        name = entry["title"].text() or accession
        return (_volume(Cursor(None, entry.at, entry.path, entry.faults), slug, name, stated, kind),)
    volumes = []
    for number, one in enumerate(listed, 1):
        name = one["name"].text() or composed(accession, f", image set {number}")
        volumes.append(_volume(one, f"{slug}-{number}", name, stated, kind))
    return tuple(volumes)


def _volume(one: Cursor, slug: str, name: Text, stated: Text | None, kind: Text | None) -> Volume:
    images = _images(one)
    techniques = _lookup.techniques(stated)
    serial = bool(VOLUME_TECHNIQUES & set(techniques)) and images.category not in NO_VOLUME
    is_volume = serial or images.category == "reconstructedVolumes"
    if not techniques and stated == "EMDB" and images.category == "tiltSeries":
        techniques = _TILT_SERIES
    pixel = Triplet(_length(one["pixel_width"]), _length(one["pixel_height"]), None)
    grid = Triplet(_count(one["image_width"]), _count(one["image_height"]), None)  # type: ignore[arg-type]
    return Volume(
        slug,
        name,
        kind="volume" if is_volume else "image-set",
        voxel=_complete(pixel, is_volume),
        grid=_complete(grid, is_volume),
        sample=_sample(slug, kind),
        acquisition=Acquisition(slug, techniques),
        stated_technique=stated or "",
        images=images,
    )


def _complete(size: Triplet, is_volume: bool) -> Triplet | None:
    """Width and height; with one alone the other is not assumed, and a volume of one side is not told."""
    known = (size.x is not None) + (size.y is not None)
    return size if known == 2 or (known and not is_volume) else None


def _sample(slug: str, kind: Text | None) -> Sample | None:
    if kind is None:
        return None
    known = _lookup.sample_kind(kind)
    return Sample(slug, kind=known) if known else Sample(slug, stated_kinds=(kind,))


def _images(one: Cursor) -> Images:
    category, stated_category = _word(one["category"], _lookup.image_category)
    data, stated_data = _word(one["data_format"], _lookup.file_format)
    header, stated_header = _word(one["header_format"], _lookup.file_format)
    voxel, stated_voxel = _word(one["voxel_type"], _lookup.voxel_type)
    return Images(
        category,
        stated_category,
        data,
        stated_data,
        header,
        stated_header,
        voxel,
        stated_voxel,
        count=_count(one["num_images_or_tilt_series"]),
        frames_per_image=_count(one["frames_per_image"]),
        frame_range_min=_count(one["frame_range_min"]),
        frame_range_max=_count(one["frame_range_max"]),
        directories=_paths(one["directory"]),
        micrographs_patterns=_paths(one["micrographs_file_pattern"]),
        particles_patterns=_paths(one["picked_particles_file_pattern"]),
        particles_directories=_paths(one["picked_particles_directory"]),
        stated_pixel_size=_stated_pixel(one),
    )


def _word(cursor: Cursor, known: Callable[[str | None], str]) -> tuple[str, str]:
    """What a crosswalk has for a word, or else the word."""
    words = cursor.text()
    found = known(words)
    return (found, "") if found else ("", words or "")


def _paths(cursor: Cursor) -> tuple[str, ...]:
    """A path as the API writes it: the header's has a slash before it."""
    words = cursor.text()
    plain = words.lstrip("/") if words else ""
    return (Text(plain, cursor.at),) if plain else ()


def _varies(cursor: Cursor) -> bool:
    return isinstance(cursor.value, str) and cursor.value.strip().casefold() == _VARIABLE


def _count(cursor: Cursor) -> Whole | None:
    return None if _varies(cursor) else cursor.whole()


def _angstrom(cursor: Cursor) -> Number | None:
    """A pixel size as the record writes it, less a fraction of nought, which XML and JSON write differently."""
    made = None if _varies(cursor) else cursor.number()
    return Number(format(made.normalize(), "f"), made.at) if made is not None else None


def _length(cursor: Cursor) -> Number | None:
    made = None if _varies(cursor) else cursor.length("angstrom")
    return Number(format(made.normalize(), "f"), made.at) if made is not None else None


def _stated_pixel(one: Cursor) -> str:
    silent = [Cursor(one[key].value, one[key].at, one.path, []) for key in ("pixel_width", "pixel_height")]
    width, height = map(_angstrom, silent)
    if width is not None and height is not None:
        return composed(width, " × ", height, " Å")
    if width is not None:
        return composed(width, " Å wide")
    return composed(height, " Å high") if height is not None else ""


def segmentations(entry: Cursor, slug: str, folder: Text) -> tuple[AccessPoint, ...]:
    """The segmentations of the image sets whose file lies in the entry's folder or at an address of its own."""
    found: dict[str, AccessPoint] = {}
    for number, one in enumerate(entry["imagesets"], 1):
        for part, segmentation in enumerate(one["segmentations"], 1):
            address = in_folder(segmentation["file"], folder)
            if address:
                point = AccessPoint(
                    f"{slug}-{number}-segmentation-{part}", address, role="segmentation", host=_lookup.host(address)
                )
                found.setdefault(address, point)
    return tuple(found.values())


def in_folder(cursor: Cursor, folder: Text) -> Text | None:
    """The address of a path that begins with ``data/``, below the entry's folder; None for a path from elsewhere."""
    words = cursor.text()
    plain = words.lstrip("/") if words else ""
    if not plain.startswith("data/") or ".." in plain.split("/"):
        return None
    return Cursor(f"{folder}{plain}", cursor.at, cursor.path, cursor.faults).url()
