"""OME-Zarr: what a container of images says of itself: axes, voxel size, size, place, levels, version.

The records are the metadata documents themselves (``.zattrs`` and ``.zarray``, or ``zarr.json``), from a local copy or over HTTP:
``emkg harvest ome-zarr --from ADDRESS``. A dataset made of one meets those of archives by the address of its images.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from emkg.cursor import Cursor
from emkg.model import AccessPoint, Acquisition, Dataset, Fault, Record, Volume
from emkg.sources import _lookup
from emkg.sources._array_records import ArrayMetadata, documents, folder_of, made, mirrored, saved, slug_of, title_of
from emkg.sources._arrays import mirrored as turned
from emkg.sources._arrays import whole
from emkg.sources._live import Answer, Fetch
from emkg.sources._ngff import Multiscale, attributes, multiscale
from emkg.stated import Text, Whole, place

MOST_SERIES = 1000
_BELOW = re.compile(r"[\w.@+ -]+(/[\w.@+ -]+)*")
_LAYOUT = "bioformats2raw.layout"


class OmeZarr(ArrayMetadata):
    """Containers of images in the OME-Zarr format, 0.1 to 0.6, each by its own metadata."""

    name = "ome-zarr"
    title = "OME-Zarr metadata"
    homepage = "https://ngff.openmicroscopy.org/"
    licence = ""
    resource = "ome-zarr"
    file_format = "formatOMEZarr"
    states = ("name", "voxel size", "grid", "place", "axis order", "levels", "voxel type", "version of the format")
    lacks = ("species", "tissue", "technique", "licence", "people", "paper", "dates")
    # As webKnossos streams the dataset of its own tests (scalableminds/webknossos 07e5049, datasets.e2e.ts.snap).
    example: ClassVar[Record] = Record(
        "test-dataset/segmentation",
        "segmentation/zarr.json",
        "",
        {
            "group": {
                "zarr_format": 3,
                "node_type": "group",
                "attributes": {
                    "ome": {
                        "version": "0.5",
                        "multiscales": [
                            {
                                "name": "segmentation",
                                "axes": [
                                    {"name": "c", "type": "channel"},
                                    {"name": "x", "type": "space", "unit": "nanometer"},
                                    {"name": "y", "type": "space", "unit": "nanometer"},
                                    {"name": "z", "type": "space", "unit": "nanometer"},
                                ],
                                "datasets": [
                                    {
                                        "path": "1",
                                        "coordinateTransformations": [{"type": "scale", "scale": [1, 11.24, 11.24, 28]}],
                                    }
                                ],
                            }
                        ],
                    }
                },
            }
        },
    )  # fmt: skip

    def records(self, path: Path) -> Iterator[Record | Fault]:
        """A record for each group that has multiscales, with the metadata of its finest array where they lie beside it."""
        for file, name, body in documents(path, ".zattrs", "zarr.json", "*.json"):
            if isinstance(body, Fault):
                yield body
            elif saved(body):
                yield Record(body["address"], name, "", body)
            elif attributes(Cursor(body, "", name, []))["multiscales"]:
                arrays = _arrays_beside(file, body)
                yield made(mirrored(name), name, group=body, arrays=arrays)

    def asked(self, fetch: Fetch) -> Iterator[Record | Fault]:
        """The images of a container, or those of the series that bioformats2raw put into it."""
        yield from _container(fetch, "")

    def datasets(self, record: Cursor, key: str) -> Iterator[Dataset]:
        """A dataset with one volume, whose voxel size is that of the finest level, and its address."""
        found = multiscale(record["group"], record["arrays"])
        if found is None:
            record["group"].fault("no multiscales: a plate, a collection, or no OME-Zarr at all")
            return
        title = title_of(record, found.name)
        if title is None:
            record["group"].fault("neither a name nor an address")
            return
        slug = slug_of("ome-zarr", key)
        point = _access_point(slug, record, found)
        volume = Volume(
            slug,
            title,
            voxel=whole(turned(found.scale)[0]),
            grid=found.grid,
            acquisition=Acquisition(slug),
        )
        yield Dataset(slug, title, volumes=(volume,), access_points=(point,) if point else ())


def _access_point(slug: str, record: Cursor, found: Multiscale) -> AccessPoint | None:
    url = record["address"].url()
    if url is None:
        return None
    scale, axes = turned(found.scale)
    at = found.scale.x or found.scale.y or found.scale.z if found.scale else None
    return AccessPoint(
        f"{slug}-images",
        url,
        host=_lookup.host(url),
        role="segmentation" if found.is_label else "rawImage",
        file_format=OmeZarr.file_format,
        voxel_type=_lookup.voxel_type(found.voxel_type),
        stated_voxel_type=found.voxel_type or "",
        scale=scale,
        translation=found.translation,
        mirrored_axes=tuple(Text(axis, place(at)) for axis in axes),
        grid=found.grid,
        axes=found.axis_order,
        level_count=Whole(len(found.paths), found.paths[0].at) if found.paths else None,
        ngff_version=found.version or "",
    )


def _first_path(body: Any) -> str:
    """The path of the finest array of a group's first multiscale."""
    first = attributes(Cursor(body, "", "", []))["multiscales"][0]["datasets"][0]["path"].value
    return first if isinstance(first, str) and _is_below(first) else ""


def _is_below(path: str) -> bool:
    """Whether a path leads to something below the folder that names it, and to no other place or host.

    >>> [_is_below(path) for path in ("s0", "labels/er/s0", "../s0", "/s0", "http://a/s0", "", "s0\\0")]
    [True, True, False, False, False, False, False]
    """
    return bool(_BELOW.fullmatch(path)) and not {".", ".."} & set(path.split("/"))


def _arrays_beside(file: Path, body: Any) -> dict[str, Any]:
    """The metadata of the finest array: in the file beside, or consolidated in zarr.json itself."""
    path = _first_path(body)
    if not path:
        return {}
    inside = Cursor(body, "", "", [])["consolidated_metadata"]["metadata"][path].value
    if isinstance(inside, dict):
        return {path: inside}
    for name in ("zarr.json", ".zarray"):
        beside = file.parent / path / name
        if beside.is_file():
            for _, _, value in documents(beside):
                return {} if isinstance(value, Fault) else {path: value}
    return {}


def _container(fetch: Fetch, under: str) -> Iterator[Record | Fault]:
    answer, name = _either(fetch, under, "zarr.json", ".zattrs")
    body = answer if isinstance(answer, Fault) else answer.json()
    if isinstance(body, Fault) or isinstance(answer, Fault):
        yield body if isinstance(body, Fault) else Fault(under, 0, 0, "no answer", "")
        return
    group = Cursor(body, "", answer.url, [])
    if attributes(group)["multiscales"]:
        path, arrays = _first_path(body), dict[str, Any]()
        if path:
            array = fetch(f"{under}{path}/{'zarr.json' if name == 'zarr.json' else '.zarray'}")
            value = array if isinstance(array, Fault) else array.json()
            if isinstance(value, Fault):
                yield value
            else:
                arrays[path] = value
        yield made(folder_of(answer, name), answer.url, group=body, arrays=arrays)
    elif not under and (group[_LAYOUT] or group["attributes"][_LAYOUT] or attributes(group)[_LAYOUT]):
        for series in _series(fetch):
            yield from _container(fetch, f"{series}/")
    else:
        yield Fault(answer.url, 0, 0, "no multiscales: a plate, a collection, or no OME-Zarr at all", str(body)[:200])


def _series(fetch: Fetch) -> list[str]:
    """The names of the series of a container made by bioformats2raw (https://ngff.openmicroscopy.org/0.4/#bf2raw)."""
    answer, _ = _either(fetch, "OME/", "zarr.json", ".zattrs")
    body = None if isinstance(answer, Fault) else answer.json()
    listed = attributes(Cursor(body, "", "", []))["series"].value if isinstance(body, dict) else None
    names = [one for one in listed if isinstance(one, str) and _is_below(one)] if isinstance(listed, list) else []
    return names[:MOST_SERIES] or ["0"]


def _either(fetch: Fetch, under: str, *names: str) -> tuple[Answer | Fault, str]:
    """The first of the documents that is there."""
    first: Answer | Fault | None = None
    for name in names:
        answer = fetch(f"{under}{name}")
        if isinstance(answer, Answer):
            return answer, name
        first = first or answer
    assert first is not None
    return first, names[0]
