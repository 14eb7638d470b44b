"""The electron-microscopy datasets that torch-em can load for training: names, DOIs, addresses and accessions of their loaders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from emkg.cursor import Cursor
from emkg.ids import slugify
from emkg.model import AccessPoint, Acquisition, Dataset, Deposit, Fault, Paper, Record, Volume
from emkg.sources import _lookup
from emkg.sources._base import Repository
from emkg.sources._files import csv_records
from emkg.sources._references import doi_of, is_of_article, is_of_data, paper
from emkg.sources._textual import claims
from emkg.stated import Text

_MODULES = "https://github.com/constantinpape/torch-em/blob/main/torch_em/data/datasets/electron_microscopy/"
_ACCESSION = re.compile(r"EMPIAR-\d+", re.ASCII)
_FOLDERS = ("/download", "/files", "/data", "/Files")
"""Ends of addresses under which a host gives the files themselves."""
_ROLES = {
    "amazon-s3": "imageFiles",
    "google-storage": "imageFiles",
    "bossdb": "landingPage",
    "github": "codeRepository",
    "grand-challenge": "challengePage",
}


class TorchEm(Repository):
    """A table of the modules in torch_em/data/datasets/electron_microscopy; their descriptions are not taken over."""

    name = "torch-em"
    title = "torch-em datasets of electron microscopy"
    homepage = "https://github.com/constantinpape/torch-em"
    licence = "MIT"
    resource = "torch-em"
    states = ("address", "paper", "DOI", "accession at EMPIAR")
    lacks = ("species", "tissue", "technique", "licence", "size", "people")
    example: ClassVar[Record] = Record(
        "parlakgul_liver",
        "torch_em_em_datasets.csv",
        "/34",
        {
            "name": "parlakgul_liver",
            "dois": "10.1038/s41586-022-04518-2",
            "empiar": "EMPIAR-10791",
            "voxel_nm": "8 nm isotropic",
            "urls": "https://doi.org/10.1038/s41586-022-04518-2. https://ftp.ebi.ac.uk/empiar/world_availability/10791/data "
            "https://www.ebi.ac.uk/empiar/EMPIAR-10791/.",
        },
    )

    def records(self, path: Path) -> Iterator[Record | Fault]:
        """A record for each row of a table with the columns name, dois, empiar, voxel_nm and urls."""
        yield from csv_records(path, "torch_em*.csv", "name")

    def datasets(self, record: Cursor, key: str) -> Iterator[Dataset]:
        """A dataset of one volume where the table gives a voxel size, else of one set of images."""
        title = record["name"].text()
        if title is None or not slugify(title):
            record["name"].fault("no name")
            return
        slug = f"{self.name}-{slugify(title)}"
        addresses = _words(record["urls"])
        dois = [doi for doi in (doi_of(word)[0] for word in _words(record["dois"], address=False)) if doi]
        data = list(dict.fromkeys(doi for doi in dois if is_of_data(doi)))
        accessions = tuple(dict.fromkeys(_ACCESSION.findall(record["empiar"].text() or "")))
        images = Volume(slug, title, acquisition=Acquisition(slug))
        cell = record["voxel_nm"]
        told = claims([cell], images) if isinstance(cell.value, str) and "|" not in cell.value else ()
        if not told:
            images = replace(images, kind="image-set")
        yield Dataset(
            slug,
            title,
            volumes=(images,),
            access_points=tuple(_points(slug, title, addresses)),
            papers=_papers(slug, _words(record["dois"], address=False), addresses),
            claims=told,
            deposit=Deposit(
                self.resource,
                identifiers=(title,),
                doi=data[0] if len(data) == 1 else "",
                landing_page=f"{_MODULES}{title}.py" if re.fullmatch(r"\w+", title, re.ASCII) else "",
                related=tuple(Text(f"https://doi.org/{doi}", doi.at) for doi in data) if len(data) > 1 else (),
                related_accessions=tuple(Text(one, record["empiar"].at) for one in accessions),
            ),
        )


def _words(cell: Cursor, *, address: bool = True) -> list[Text]:
    """The words of a cell, less the full stops behind them; of addresses those that are addresses, each once."""
    text = cell.text(10_000)
    words = [word.rstrip(".,;") for word in text.split()] if text else []
    if address:
        found = [Cursor(word, cell.at, cell.path, cell.faults).url() for word in words]
        return [Text(one, cell.at) for one in dict.fromkeys(one.rstrip(".") for one in found if one)]
    return [Text(word, cell.at) for word in dict.fromkeys(words)]


def _papers(slug: str, dois: list[Text], addresses: list[Text]) -> tuple[Paper, ...]:
    """The papers by their DOIs, and those of addresses that are pages of articles."""
    words = [*(one for one in dois if is_of_article(one)), *(one for one in addresses if is_of_article(one))]
    found = [paper(f"{slug}-paper-{number}", address=word) for number, word in enumerate(words, 1)]
    return tuple({one.doi or one.url: one for one in reversed(found)}.values())[::-1]


def _points(slug: str, title: Text, addresses: list[Text]) -> Iterator[AccessPoint]:
    """Every address but those of articles, DOIs and EMPIAR's pages: files by the end of their path, else what their host is for."""
    for number, url in enumerate(addresses, 1):
        parts = urlsplit(url)
        if is_of_article(url) or doi_of(url)[0] is not None or _ACCESSION.search(url):
            continue
        suffix = re.sub(r"\.gz$", "", parts.path).rsplit(".", 1)[-1] if "." in parts.path.rsplit("/", 1)[-1] else ""
        file_format = _lookup.file_format(suffix)
        host = _lookup.host(url)
        is_file = bool(file_format) or suffix in ("rar", "tar") or parts.path.rstrip("/").endswith(_FOLDERS)
        role = "imageFiles" if is_file or "download" in url else _ROLES.get(host or "", "landingPage")
        yield AccessPoint(f"{slug}-{number}", url, label=title, role=role, host=host, file_format=file_format)
