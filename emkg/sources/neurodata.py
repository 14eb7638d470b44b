"""NeuroData's Open Connectome Project: the pages of its datasets, of which each names volumes, buckets and a view with voxel sizes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from emkg.cursor import Cursor
from emkg.ids import slugify
from emkg.model import AccessPoint, Acquisition, Dataset, Deposit, Fault, Record, Volume
from emkg.sources import _lookup
from emkg.sources._base import Repository
from emkg.sources._files import files_below, parse_yaml, read_text, shown
from emkg.sources._live import PublicFiles
from emkg.sources._references import paper
from emkg.sources._viewer_state import layers, voxel_size
from emkg.stated import Text, composed

BASE = "$base"
"""Under this key a record keeps the stem of its file, by which the site names the page (content/data/_blueprint.yaml)."""
_PAGE = "https://neurodata.io/data/"
_PRECOMPUTED = "formatNeuroglancerPrecomputed"
_ROLES = {"image": "rawImage", "segmentation": "segmentation"}


class NeuroData(Repository):
    """The pages in content/data of the repository of neurodata.io, one YAML file each."""

    name = "neurodata"
    title = "NeuroData's Open Connectome Project"
    homepage = "https://neurodata.io/project/ocp/"
    licence = ""
    resource = "neurodata"
    public = PublicFiles("neurodata/neurodata.io", "HEAD", ("content/data",), (".yaml",))
    states = ("address", "voxel size", "licence", "DOI", "year", "technique")
    lacks = ("species", "tissue", "size", "people")
    example: ClassVar[Record] = Record(
        "wanner16",
        "wanner16.yaml",
        "",
        {
            BASE: "wanner16",
            "$title": "Wanner et al. (2016)",
            "authors": "Wanner et al.",
            "year": 2016,
            "data_types": None,
            "doi": "10.7281/T1MS3QN7",
            "data": [
                {
                    "name": "wanner16",
                    "url": None,
                    "type": None,
                    "viz": "https://viz.neurodata.io/#!%7B%22layers%22:%5B%7B%22source%22:%22precomputed://"
                    "https://open-neurodata.s3.amazonaws.com/wanner16/AA201605/SBEM1%22%2C%22type%22:%22image%22%2C"
                    "%22blend%22:%22default%22%2C%22name%22:%22SBEM1%22%7D%5D%2C%22navigation%22:%7B%22pose%22:%7B"
                    "%22position%22:%7B%22voxelSize%22:%5B9.25%2C9.25%2C25%5D%7D%7D%7D%7D",
                    "layers": [{"bucket": "open-neurodata", "path": "wanner16/AA201605/SBEM1", "cutout_x": 7552}],
                }
            ],
            "publications": ["wanner2016dense", "wanner20163"],
        },
    )

    def records(self, path: Path) -> Iterator[Record | Fault]:
        """A record for each page; the key is the stem of its file. Files that begin with "_" are patterns for pages."""
        for file in files_below(path, "*.yaml", "*.yml"):
            name = shown(file, path)
            text = read_text(file, name)
            body = text if isinstance(text, Fault) else parse_yaml(text, name)
            if isinstance(body, Fault):
                yield body
            elif not file.stem.startswith("_"):
                yield Record(file.stem, name, "", {BASE: file.stem, **body} if isinstance(body, dict) else body)

    def datasets(self, record: Cursor, key: str) -> Iterator[Dataset]:
        """A dataset of as many volumes as the page has; pages of other microscopy are rejected."""
        base, title = record[BASE].text(), record["$title"].text()
        if title is None or base is None or not slugify(base):
            record["$title"].fault("no title")
            return
        if _lookup.modality(f"neurodata/{base}") not in ("", "electron") or _is_other(record):
            record.fault("not electron microscopy")
            return
        slug = f"{self.name}-{slugify(base)}"
        volumes: list[Volume] = []
        points: list[AccessPoint] = []
        used: set[str] = set()
        for number, item in enumerate(record["data"], 1):
            name = item["name"].text()
            own = slugify(name) if name else ""
            own = own if own and own not in used else str(number)
            used.add(own)
            of = slug if len(list(record["data"])) == 1 else f"{slug}-{own}"
            volumes.append(_volume(of, name or title, item, record))
            points += _points(of, name or title, item)
        if not volumes:
            volumes.append(_volume(slug, title, Cursor({}, record.at, record.path, record.faults), record))
        papers = (paper(f"{slug}-paper-1", authors=record["authors"].text(), year=record["year"].year()),)
        yield Dataset(
            slug,
            title,
            volumes=tuple(volumes),
            access_points=tuple({point.slug: point for point in points}.values()),
            papers=papers if papers[0].authors_as_stated else (),
            deposit=self._deposit(record, base),
        )

    def _deposit(self, record: Cursor, base: Text) -> Deposit:
        name, link = record["license"]["name"].text(), record["license"]["link"].url()
        licence = _lookup.licence(name) or _lookup.licence(link)
        hidden = record["$hidden"].value is True
        return Deposit(
            self.resource,
            identifiers=(base,),
            doi=record["doi"].doi() or "",
            landing_page="" if hidden else f"{_PAGE}{quote(base, safe='')}/",
            licence=licence,
            stated_licence="" if licence else name or link or "",
        )


def _is_other(record: Cursor) -> bool:
    """Whether all that the page says of its technique is of other microscopy."""
    words = [record["data_types"], *(item["type"] for item in record["data"])]
    found = {_lookup.modality(one.value) for one in words if isinstance(one.value, str)} - {""}
    return bool(found) and "electron" not in found


def _volume(slug: str, title: Text, item: Cursor, record: Cursor) -> Volume:
    words = item["type"].text() or record["data_types"].text()
    techniques = _lookup.techniques(words)
    return Volume(
        slug,
        title,
        voxel=voxel_size(item["viz"]),
        acquisition=Acquisition(slug, techniques),
        stated_technique=words or "",
    )


def _points(slug: str, title: Text, item: Cursor) -> Iterator[AccessPoint]:
    """The view, the buckets of the layers, those layers of the view that are in no bucket named, and the page with files."""
    named = set[str]()
    for number, layer in enumerate(item["layers"], 1):
        bucket, path = layer["bucket"].text(), layer["path"].text()
        if bucket is None or path is None:
            continue
        stated = composed(f"s3://{bucket}/", path.strip("/"))
        url = Cursor(str(stated), layer.at, layer.path, layer.faults).url()
        if url is None:
            continue
        named.add(path.strip("/"))
        url = Text(url, f"{bucket.at} {path.at}")
        yield _array(f"{slug}-layer-{number}", url, path, "rawImage")
    for number, shown_layer in enumerate(layers(item["viz"]), 1):
        role = _ROLES.get(shown_layer.kind)
        if role and not any(shown_layer.source.endswith(f"/{path}") for path in named):
            yield _array(f"{slug}-view-{number}", shown_layer.source, shown_layer.name, role)
    if (view := item["viz"].url()) is not None:
        yield AccessPoint(f"{slug}-viewer", view, label=title, role="viewer", host=_lookup.host(view))
    if (files := item["url"].url()) is not None:
        yield AccessPoint(f"{slug}-files", files, label=title, role="imageFiles", host=_lookup.host(files))


def _array(slug: str, url: Text, label: Text | None, role: str) -> AccessPoint:
    return AccessPoint(slug, url, label=label or "", role=role, host=_lookup.host(url), file_format=_PRECOMPUTED)
