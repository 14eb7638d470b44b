"""The CellMap Segmentation Challenge: of each volume of OpenOrganelle, the crops in which every organelle was labelled by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from emkg.cursor import Cursor
from emkg.ids import slugify
from emkg.model import AccessPoint, Acquisition, Dataset, Deposit, Fault, Record, Volume
from emkg.sources import _lookup
from emkg.sources._base import Repository
from emkg.sources._files import csv_rows, files_below, read_text, shown
from emkg.sources._live import PublicFiles
from emkg.stated import Text, composed

_MANIFEST, _VIEWS = "manifest.csv", "SegmentationChallengeWithNeuroglancerURLs*.csv"


class CellMapChallenge(Repository):
    """manifest.csv, a row for each crop, and the lists of Neuroglancer views of the crops and of whole volumes."""

    name = "cellmap-challenge"
    title = "CellMap Segmentation Challenge"
    homepage = "https://cellmapchallenge.janelia.org/"
    licence = "BSD-3-Clause"
    resource = "cellmap-challenge"
    states = ("address", "sub-volumes", "ground truth")
    lacks = ("species", "tissue", "technique", "voxel size", "size", "licence", "paper", "people")
    public = PublicFiles(
        "janelia-cellmap/cellmap-segmentation-challenge",
        "HEAD",
        ("src/cellmap_segmentation_challenge/utils/manifest.csv", "docs/source/_static"),
        (".csv",),
    )
    example: ClassVar[Record] = Record(
        "jrc_mus-nacc-1",
        "manifest.csv",
        "/283",
        {
            "collection": "jrc_mus-nacc-1",
            "crops": [
                {
                    "crop_number": "115",
                    "collection": "jrc_mus-nacc-1",
                    "alignment": "recon-1",
                    "crop_url": "s3://janelia-cosem-datasets/jrc_mus-nacc-1/jrc_mus-nacc-1.zarr/recon-1/labels/groundtruth/crop115",
                    "em_url": "s3://janelia-cosem-datasets/jrc_mus-nacc-1/jrc_mus-nacc-1.zarr/recon-1/em/fibsem-uint8",
                }
            ],
            "view": "https://neuroglancer-demo.appspot.com#!s3://janelia-cosem-datasets/jrc_mus-nacc-1/neuroglancer/"
            "viewer_states/neuroglancer-jrc_mus-nacc-1.json",
        },
    )

    def records(self, path: Path) -> Iterator[Record | Fault]:
        """A record for each volume, with its crops; the pointer is the number of the line of its first crop."""
        for file in files_below(path, _MANIFEST):
            name = shown(file, path)
            views, faults = _views(path if path.is_dir() else path.parent)
            yield from faults
            text = read_text(file, name)
            found: dict[str, tuple[int, list[dict[str, str]]]] = {}
            for row in [text] if isinstance(text, Fault) else csv_rows(text, name):
                if isinstance(row, Fault):
                    yield row
                    continue
                line, cells = row
                found.setdefault((cells.get("collection") or "").strip() or f"line {line}", (line, []))[1].append(cells)
            for key, (line, crops) in found.items():
                body: dict[str, Any] = {"collection": crops[0].get("collection"), "crops": crops}
                body |= {"view": views[key]} if key in views else {}
                yield Record(key, name, f"/{line}", body)

    def datasets(self, record: Cursor, key: str) -> Iterator[Dataset]:
        """A dataset of the volume and its crops, which are sub-volumes of it."""
        title = record["collection"].text()
        if title is None or not slugify(title):
            record["collection"].fault("no name of a volume")
            return
        slug = f"{self.name}-{slugify(title)}"
        crops = {slugify(number): (number, crop) for crop in record["crops"] if (number := _number(crop)) is not None}
        volumes = [Volume(slug, title, acquisition=Acquisition(slug))]
        points: dict[str, AccessPoint] = {}
        for own, (number, crop) in crops.items():
            part = f"{slug}-crop-{own}"
            volumes.append(Volume(part, composed(title, " crop ", number), sub_volume_of=slug))
            if (labels := crop["crop_url"].url()) is not None:
                points[labels] = _point(f"{part}-labels", labels, "groundTruth", composed("crop ", number))
            if (images := crop["em_url"].url()) is not None and images not in points:
                count = sum(point.role == "rawImage" for point in points.values())
                points[images] = _point(f"{slug}-em-{count + 1}", images, "rawImage", title)
        if (view := record["view"].url()) is not None:
            points[view] = AccessPoint(f"{slug}-viewer", view, label=title, role="viewer", host=_lookup.host(view))
        deposit = Deposit(self.resource, identifiers=(title,), related_accessions=(title,))
        yield Dataset(slug, title, volumes=tuple(volumes), access_points=tuple(points.values()), deposit=deposit)


def _views(folder: Path) -> tuple[dict[str, str], list[Fault]]:
    """Name of a volume → the address of the view of it all; the lists of views of single crops have another column."""
    views: dict[str, str] = {}
    faults: list[Fault] = []
    for file in sorted(folder.rglob(_VIEWS)):
        text = read_text(file, file.name)
        for row in [text] if isinstance(text, Fault) else csv_rows(text, file.name):
            if isinstance(row, Fault):
                faults.append(row)
            elif "crop_number" not in row[1] and row[1].get("collection") and row[1].get("url"):
                views[row[1]["collection"].strip()] = row[1]["url"]
    return views, faults


def _number(crop: Cursor) -> Text | None:
    """The number by which a crop is called."""
    number = crop["crop_number"].text()
    if number is None or not slugify(number):
        crop["crop_number"].fault("no number of a crop")
        return None
    return number


def _point(slug: str, url: Text, role: str, label: Text) -> AccessPoint:
    is_zarr = ".zarr/" in url
    file_format = _lookup.file_format("zarr") if is_zarr else ""
    return AccessPoint(slug, url, label=label, role=role, host=_lookup.host(url), file_format=file_format)
