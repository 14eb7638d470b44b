"""The OME 2024 NGFF Challenge: public images in OME-Zarr 0.5, of which those of electron microscopy are taken."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from emkg.cursor import Cursor
from emkg.ids import slugify
from emkg.model import AccessPoint, Acquisition, Curie, Dataset, Deposit, Fault, Record, Sample, Triplet, Volume
from emkg.sources import _lookup
from emkg.sources._base import Repository
from emkg.sources._files import csv_records
from emkg.sources._live import PublicFiles
from emkg.stated import Text, Whole

_ACCESSION = re.compile(r"\b(EMPIAR-\d+|S-[A-Z]+\d+|idr\d{4})\b")
_FIVE_AXES = ("t", "c", "z", "y", "x")
"""The order of the axes of an image of five (OME-Zarr 0.5, multiscales: by type time, channel, space; space should be zyx)."""
_LARGEST_AXIS = 10**9


class OmeNgff(Repository):
    """The lists in the folder samples/ of the repository of the challenge."""

    name = "ome-ngff"
    title = "OME 2024 NGFF Challenge"
    homepage = "https://ome.github.io/ome2024-ngff-challenge/"
    licence = "BSD-3-Clause"
    resource = "ome-ngff-challenge"
    public = PublicFiles("ome/ome2024-ngff-challenge", "HEAD", ("samples",), (".csv",))
    states = ("address", "size in voxels", "bytes", "licence", "species", "technique", "origin")
    lacks = ("voxel size", "tissue", "paper", "people")
    example: ClassVar[Record] = Record(
        "https://radosgw.public.os.wwu.de/n4bi-wp1/challenge/crick/EM04534_04_dU_SBF_8bits_aligned_z4-136_7-7-50nm_v3.zarr",
        "crick.csv",
        "/2",
        {
            "url": "https://radosgw.public.os.wwu.de/n4bi-wp1/challenge/crick/"
            "EM04534_04_dU_SBF_8bits_aligned_z4-136_7-7-50nm_v3.zarr",
            "written": "10785929889.0",
            "written_human_readable": "10.8 GB",
            "origin": "https://www.ebi.ac.uk/empiar/EMPIAR-11666/",
            "shape": "1,1,133,9845,10717",
            "shards": "1,1,1,2048,2048",
            "chunks": "1,1,1,1024,1024",
            "dimension_names": "t,c,z,y,x",
            "name": "Benchmark SBF SEM data of HeLa cells",
            "organismId": "NCBI:txid9606",
            "fbbiId": "obo:FBbi_00000585",
        },
    )

    def records(self, path: Path) -> Iterator[Record | Fault]:
        """A record for each row of each list; the key is the address of the image, the pointer the number of the line."""
        yield from csv_records(path, "*.csv", "url")

    def datasets(self, record: Cursor, key: str) -> Iterator[Dataset]:
        """A dataset of one image, if it is one of electron microscopy."""
        url = record["url"].url()
        if url is None:
            record["url"].fault("no address of an image")
            return
        if url.endswith(".csv"):
            record["url"].fault("a list of images, not an image")
            return
        if (reason := _rejection(record, url)) is not None:
            record["fbbiId" if record["fbbiId"] else "origin"].fault(reason)
            return
        named = _named(url)
        title = record["name"].text() or named
        slug = f"{self.name}-{slugify(named)[:60].strip('-') or 'image'}-{hashlib.sha256(url.encode()).hexdigest()[:6]}"
        licence = _lookup.licence(record["license"].url() or record["license"].text())
        grid, axes = _grid(record)
        point = AccessPoint(
            f"{slug}-array",
            url,
            role="rawImage",
            host=_lookup.host(url),
            file_format="formatOMEZarr",
            byte_size=record["written"].whole(),
            grid=grid,
            axes=axes,
            licence=licence,
        )
        yield Dataset(
            slug,
            title,
            alternative_titles=(named,) if named != title else (),
            volumes=(_image(slug, title, record, grid),),
            access_points=(point,),
            deposit=self._deposit(record, named, licence),
        )

    def _deposit(self, record: Cursor, named: Text, licence: Curie | None) -> Deposit:
        origin = record["origin"].url()
        accession = _ACCESSION.search(origin) if origin else None
        return Deposit(
            self.resource,
            identifiers=(named,),
            licence=licence,
            stated_licence="" if licence else record["license"].text() or "",
            related=(origin,) if origin else (),
            related_accessions=(Text(accession[1], origin.at),) if accession and origin else (),
        )


def _rejection(record: Cursor, url: Text) -> str | None:
    """Why an image is not taken: it is of other microscopy, or nothing says what it is of; None for one of electron microscopy."""
    method, origin = record["fbbiId"].text(), record["origin"].text() or ""
    if "EMPIAR-" in origin or (method and _lookup.techniques(_lookup.term(method) or method)):
        return None
    words = [method or ""]
    if "webknossos.org/publications/" in origin:
        parts = ["", "", "", *unquote(urlsplit(url).path).split("/")]
        words += [f"webknossos/{word}" for word in (parts[-2], origin.rstrip("/").rsplit("/", 1)[-1], parts[-3])]
    found = next(filter(None, map(_lookup.modality, words)), "")
    if found == "electron":
        return None
    return "not electron microscopy" if found else "not known to be of electron microscopy"


def _named(url: Text) -> Text:
    """The name of an image by its address: the last step, or the one before where that names a layer of webKnossos.

    >>> _named(Text("https://data-humerus.webknossos.org/data/zarr3_experimental/MPI_Brain_Research/e2006/color"))
    'e2006'
    """
    steps = [unquote(step) for step in urlsplit(url).path.split("/") if step]
    last = steps[-1] if steps else str(url)
    if not re.search(r"\.zarr$", last) and len(steps) > 1:
        last = steps[-2]
    return Text(re.sub(r"(\.(ims|lif|ome))*\.zarr$", "", last) or str(url), url.at)


def _grid(record: Cursor) -> tuple[Triplet | None, str]:
    """The voxels along x, y and z, and the order of the axes; nothing where the axes are not known."""
    shape, names = record["shape"].text(), record["dimension_names"].text()
    sizes = shape.replace(" ", "").split(",") if shape else []
    axes = tuple(names.replace(" ", "").split(",")) if names else _FIVE_AXES
    if not sizes or len(sizes) != len(axes) or not all(size.isascii() and size.isdigit() for size in sizes):
        if shape:
            record["shape"].fault("a shape whose axes are not known")
        return None, ""
    voxels = {axis: Whole(int(size), shape.at if shape else "") for axis, size in zip(axes, sizes, strict=True)}
    x, y, z = (voxels.get(axis) for axis in "xyz")
    if not x or not y or any(size > _LARGEST_AXIS for size in voxels.values()):
        record["shape"].fault("a shape without x and y")
        return None, ""
    return Triplet(x, y, z), Text(" ".join(axes), names.at) if names else ""  # type: ignore[arg-type]


def _image(slug: str, title: Text, record: Cursor, grid: Triplet | None) -> Volume:
    """A volume, or an image set where the image is of one section."""
    method, organism = record["fbbiId"].text(), record["organismId"].text()
    techniques = _lookup.techniques(_lookup.term(method) or method)
    taxon = _lookup.taxon(organism)
    flat = grid is not None and (grid.z is None or grid.z == 1)
    return Volume(
        slug,
        title,
        kind="image-set" if flat else "volume",
        grid=Triplet(grid.x, grid.y, None) if grid and flat else grid,
        sample=Sample(slug, taxon) if taxon else None,
        stated_species="" if taxon else organism or "",
        acquisition=Acquisition(slug, techniques),
        stated_technique="" if techniques else method or "",
    )
