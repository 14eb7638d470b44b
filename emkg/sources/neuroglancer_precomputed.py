"""Neuroglancer precomputed volumes: what their ``info`` says: resolution, size, place, levels, type of voxel, meshes.

https://github.com/google/neuroglancer/blob/master/src/datasource/precomputed/volume.md: sizes are in voxels, resolutions in
nanometres, both in the order x, y, z; the first scale is the finest. From a local copy or over HTTP:
``emkg harvest neuroglancer-precomputed --from ADDRESS``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from emkg.cursor import Cursor
from emkg.model import AccessPoint, Acquisition, Dataset, Fault, Record, Triplet, Volume
from emkg.sources import _lookup
from emkg.sources._array_records import ArrayMetadata, documents, folder_of, made, mirrored, saved, slug_of, title_of
from emkg.sources._arrays import along, whole
from emkg.sources._live import Fetch
from emkg.stated import Number, Text, Whole

_FOLDER = re.compile(r"[\w.-]+(/[\w.-]+)*/?", re.ASCII)


class NeuroglancerPrecomputed(ArrayMetadata):
    """Volumes in Neuroglancer's precomputed format, each by its own info."""

    name = "neuroglancer-precomputed"
    title = "Neuroglancer precomputed metadata"
    homepage = "https://github.com/google/neuroglancer"
    licence = ""
    resource = "neuroglancer-precomputed"
    file_format = "formatNeuroglancerPrecomputed"
    states = ("voxel size", "grid", "place", "axis order", "levels", "voxel type", "meshes")
    lacks = ("name", "species", "tissue", "technique", "licence", "people", "paper", "dates")
    # The segmentation of the hemibrain as the documentation of TensorStore shows it (google/tensorstore, python/tensorstore).
    example: ClassVar[Record] = Record(
        "gs://neuroglancer-janelia-flyem-hemibrain/v1.2/segmentation",
        "v1.2/segmentation/info",
        "",
        {
            "address": "gs://neuroglancer-janelia-flyem-hemibrain/v1.2/segmentation",
            "info": {
                "type": "segmentation",
                "data_type": "uint64",
                "num_channels": 1,
                "scales": [
                    {
                        "key": "8.0x8.0x8.0",
                        "encoding": "compressed_segmentation",
                        "resolution": [8.0, 8.0, 8.0],
                        "size": [34432, 39552, 41408],
                        "voxel_offset": [0, 0, 0],
                    }
                ],
            },
        },
    )

    def records(self, path: Path) -> Iterator[Record | Fault]:
        """A record for each ``info``, and for each that an earlier harvest saved."""
        for _, name, body in documents(path, "info", "info.json", "*.json"):
            if isinstance(body, Fault):
                yield body
            elif saved(body):
                yield Record(body["address"], name, "", body)
            elif isinstance(body, dict) and "scales" in body:
                yield made(mirrored(name), name, info=body)

    def asked(self, fetch: Fetch) -> Iterator[Record | Fault]:
        """The volume in the folder."""
        answer = fetch("info")
        body = answer if isinstance(answer, Fault) else answer.json()
        if isinstance(body, Fault) or isinstance(answer, Fault):
            yield body if isinstance(body, Fault) else Fault("info", 0, 0, "no answer", "")
        else:
            yield made(folder_of(answer, "info"), answer.url, info=body)

    def datasets(self, record: Cursor, key: str) -> Iterator[Dataset]:
        """A dataset with one volume, whose voxel size is that of the first scale, and its address."""
        info = record["info"]
        first = info["scales"][0]
        if not isinstance(first.value, dict):
            info.fault("no scales: meshes, skeletons, annotations, or no precomputed volume at all")
            return
        title = title_of(record, None)
        if title is None:
            record.fault("no address")
            return
        slug = slug_of("neuroglancer-precomputed", key)
        scale = along("xyz", [first["resolution"][at].length("nm") for at in range(3)])
        grid = _grid(first["size"])
        volume = Volume(slug, title, voxel=whole(scale), grid=grid, acquisition=Acquisition(slug))
        points = tuple(_access_points(slug, record, scale, grid))
        yield Dataset(slug, title, volumes=(volume,), access_points=points)


def _grid(size: Cursor) -> Triplet | None:
    sizes: list[Whole | None] = [size[at].whole() for at in range(3)]
    return Triplet(*sizes) if all(one and one > 0 for one in sizes) else None  # type: ignore[arg-type]


def _place(first: Cursor) -> Triplet | None:
    """Where the first voxel lies: its offset in voxels times their resolution."""
    made: list[Number | None] = []
    for at in range(3):
        offset, step = first["voxel_offset"][at].number(positive=False), first["resolution"][at].length("nm")
        known = offset is not None and step is not None
        made.append(Number(offset * step, f"{offset.at} {step.at}") if known and offset is not None and step else None)
    return along("xyz", made)


def _access_points(slug: str, record: Cursor, scale: Triplet | None, grid: Triplet | None) -> Iterator[AccessPoint]:
    info, url = record["info"], record["address"].url()
    if url is None:
        return
    datatype, levels = info["data_type"].text(), info["scales"]
    plain = Text(url.removeprefix("precomputed://").rstrip("/"), url.at)
    yield AccessPoint(
        f"{slug}-images",
        plain,
        host=_lookup.host(plain),
        role="segmentation" if info["type"].value == "segmentation" else "rawImage",
        file_format=NeuroglancerPrecomputed.file_format,
        voxel_type=_lookup.voxel_type(datatype),
        stated_voxel_type=datatype or "",
        scale=scale,
        translation=_place(levels[0]),
        grid=grid,
        axes=Text("x y z", levels[0]["size"].at) if grid else "",
        level_count=Whole(len(levels.value), levels.at),
    )
    meshes = info["mesh"].text()
    if meshes and _FOLDER.fullmatch(meshes) and ".." not in meshes.split("/"):
        yield AccessPoint(
            f"{slug}-meshes", f"{plain}/{meshes.strip('/')}", label=meshes, host=_lookup.host(plain), role="meshes"
        )
