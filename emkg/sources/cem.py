"""CEM500K and CEM1.5M: the public volumes from which their images were cut, with the level of resolution that was read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from emkg.cursor import Cursor
from emkg.ids import slugify
from emkg.model import AccessPoint, Acquisition, Dataset, Deposit, Fault, Record, Triplet, Volume
from emkg.sources import _lookup
from emkg.sources._base import Repository
from emkg.sources._files import csv_records
from emkg.sources._live import PublicFiles


class Cem(Repository):
    """The list of volumes (ngff_datasets.csv) in the repository of the CEM datasets."""

    name = "cem"
    title = "CEM500K and CEM1.5M source volumes"
    homepage = "https://github.com/volume-em/cem-dataset"
    licence = "BSD-3-Clause"
    resource = "cem"
    public = PublicFiles("volume-em/cem-dataset", "HEAD", ("dataset/scraping/ngff_datasets.csv",))
    states = ("address", "voxel size of the level that was read")
    lacks = ("species", "tissue", "technique", "licence", "size", "paper", "people")
    example: ClassVar[Record] = Record(
        "jrc_hela-21_openorganelle",
        "ngff_datasets.csv",
        "/6",
        {
            "url": "https://openorganelle.janelia.org/datasets/jrc_hela-21",
            "source": "openorganelle",
            "api": "xarray",
            "download_url": "s3://janelia-cosem/jrc_hela-21/jrc_hela-21.n5/em/fibsem-uint8",
            "volume_name": "jrc_hela-21_openorganelle",
            "mip": "0",
            "voxel_x": "8",
            "voxel_y": "8",
            "voxel_z": "8",
        },
    )

    def records(self, path: Path) -> Iterator[Record | Fault]:
        """A record for each row; the pointer is the number of its line."""
        yield from csv_records(path, "ngff_datasets.csv", "volume_name")

    def datasets(self, record: Cursor, key: str) -> Iterator[Dataset]:
        """A dataset with one volume and the address of the array that was read.

        The voxel size is the volume's own only at level 0; at a coarser level it is that of the array.
        """
        title, page = record["volume_name"].text(), record["url"].url()
        if title is None or not slugify(title):
            record["volume_name"].fault("no volume name")
            return
        slug = f"cem-{slugify(title)}"
        x, y, z = (record[f"voxel_{axis}"].length("nm") for axis in "xyz")
        scale = Triplet(x, y, z) if x and y and z else None
        whole = scale if record["mip"].whole(positive=False) == 0 else None
        array = record["download_url"].url()
        points = [AccessPoint(f"{slug}-page", page, role="landingPage", host=_lookup.host(page))] if page else []
        if array:
            points.append(AccessPoint(f"{slug}-array", array, role="rawImage", host=_lookup.host(array), scale=scale))
        volume = Volume(slug, title, voxel=whole, acquisition=Acquisition(slug))
        deposit = Deposit(self.resource, identifiers=(title,), landing_page=page or "")
        yield Dataset(slug, title, volumes=(volume,), access_points=tuple(points), deposit=deposit)
