"""The Registry of Open Data on AWS: catalogue records of whole collections, with their buckets, licence, tags and papers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from emkg.cursor import Cursor
from emkg.ids import slugify
from emkg.model import AccessPoint, Acquisition, Dataset, Deposit, Fault, Paper, Record, Volume
from emkg.sources import _lookup
from emkg.sources._base import Repository
from emkg.sources._files import files_below, parse_yaml, read_text, shown
from emkg.sources._live import PublicFiles
from emkg.sources._references import paper
from emkg.stated import Text, joined

STEM = "$file"
"""Under this key a record keeps the stem of its file, by which the registry names its page."""
_PAGE = "https://registry.opendata.aws/"
_BUCKET = re.compile(r"arn:aws[\w-]*:s3:::([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(/[^\s]*)?", re.ASCII)
"""The name of a bucket and, behind it, of a folder (https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html)."""
_LINKED = re.compile(r"\[([^\]]+)\]\(([^)\s]*)\)")
_MODELS, _DATA = (
    re.compile(r"\bmodels\b", re.IGNORECASE),
    re.compile(r"\b(data|datasets|images?|volumes?)\b", re.IGNORECASE),
)
_ELECTRONS = re.compile(r"\bcryo-?EM\b|\bcryo-?ET\b|\belectron (microscop|tomogra)", re.IGNORECASE)

_COLLECTIONS = (
    *("allen-it-connectivity", "asem-project", "bossdb", "cryoem-spa-workflow-records", "cryoet-data-portal"),
    *("dendritic-consortium", "janelia-cosem", "open-neurodata", "pdb-3d-structural-biology-data"),
)
"""The files of the registry, among some hundreds, that are known to be of electron microscopy: only these are fetched live."""


class AwsOpenData(Repository):
    """The files in the folder datasets/ of the registry's repository; those whose tags or name tell of electron microscopy."""

    name = "aws-open-data"
    title = "Registry of Open Data on AWS"
    homepage = "https://registry.opendata.aws/"
    licence = "Apache-2.0"
    resource = "aws-open-data"
    public = PublicFiles("awslabs/open-data-registry", "HEAD", tuple(f"datasets/{name}.yaml" for name in _COLLECTIONS))
    states = ("address", "licence", "paper", "keywords", "institution")
    lacks = ("species", "tissue", "technique", "voxel size", "size", "people")
    example: ClassVar[Record] = Record(
        "janelia-cosem",
        "janelia-cosem.yaml",
        "",
        {
            STEM: "janelia-cosem",
            "Name": "Cell Organelle Segmentation in Electron Microscopy (COSEM) on AWS",
            "Documentation": "https://github.com/janelia-cosem/aws-opendata/blob/master/cosem-introduction.md",
            "ManagedBy": "[Janelia Research Campus](https://www.janelia.org/)",
            "Tags": ["aws-pds", "cell biology", "electron microscopy", "imaging", "organelle"],
            "License": "CC-BY-4.0",
            "Resources": [
                {"ARN": "arn:aws:s3:::janelia-cosem-datasets", "Region": "us-east-1", "Type": "S3 Bucket"},
            ],
            "DataAtWork": {
                "Tutorials": None,
                "Publications": [
                    {
                        "Title": "Whole-cell organelle segmentation in volume electron microscopy",
                        "URL": "https://www.nature.com/articles/s41586-021-03977-3",
                        "AuthorName": "Larissa Heinrich, Davis Bennett, David Ackerman, et al.",
                    }
                ],
            },
        },
    )

    def records(self, path: Path) -> Iterator[Record | Fault]:
        """A record for each file; the key is its stem."""
        for file in files_below(path, "*.yaml", "*.yml"):
            name = shown(file, path)
            text = read_text(file, name)
            body = text if isinstance(text, Fault) else parse_yaml(text, name)
            if isinstance(body, Fault):
                yield body
            else:
                yield Record(file.stem, name, "", {STEM: file.stem, **body} if isinstance(body, dict) else body)

    def datasets(self, record: Cursor, key: str) -> Iterator[Dataset]:
        """A dataset with one set of images, whose files are in the buckets."""
        title, stem = record["Name"].text(), record[STEM].text()
        if title is None or stem is None or not slugify(stem):
            record["Name"].fault("no name")
            return
        tags = record["Tags"].texts()
        if not any(_lookup.modality(tag) == "electron" for tag in tags) and not _ELECTRONS.search(title):
            record["Tags"].fault("not electron microscopy by its tags or name")
            return
        slug = f"{self.name}-{slugify(stem)}"
        images = Volume(slug, title, kind="image-set", acquisition=Acquisition(slug))
        yield Dataset(
            slug,
            title,
            volumes=(images,),
            access_points=tuple(_points(slug, title, record)),
            papers=tuple(_papers(slug, record["DataAtWork"]["Publications"])),
            deposit=self._deposit(record, stem, tags),
        )

    def _deposit(self, record: Cursor, stem: Text, tags: tuple[Text, ...]) -> Deposit:
        words = record["License"].text()
        licence = _lookup.licence(words)
        return Deposit(
            self.resource,
            identifiers=(stem,),
            landing_page=f"{_PAGE}{quote(stem, safe='')}/",
            licence=licence,
            stated_licence="" if licence or words is None else words,
            keywords=tuple(tag for tag in tags if tag != "aws-pds"),
            institutions=tuple(_institutions(record["ManagedBy"])),
        )


def _points(slug: str, title: Text, record: Cursor) -> Iterator[AccessPoint]:
    """The buckets, the hosts that cache them, and the page of documentation; trained models, notices and other services are none."""
    for number, resource in enumerate(record["Resources"], 1):
        arn, label, about = resource["ARN"].text(), resource["Type"].text(), resource["Description"].text()
        if about and _MODELS.search(about) and not _DATA.search(about):
            continue
        bucket = _BUCKET.fullmatch(arn) if arn else None
        if arn and bucket:
            url = Cursor(f"s3://{bucket[1]}{bucket[2] or ''}", resource["ARN"].at, record.path, record.faults).url()
            if url is not None:
                yield AccessPoint(f"{slug}-{number}", url, label=title, role="imageFiles", host=_lookup.host(url))
        elif (address := resource["Host"].url()) is not None:
            yield AccessPoint(
                f"{slug}-{number}", address, label=label or title, role="imageFiles", host=_lookup.host(address)
            )
    if (page := record["Documentation"].url()) is not None:
        yield AccessPoint(f"{slug}-documentation", page, label=title, role="landingPage", host=_lookup.host(page))


def _papers(slug: str, publications: Cursor) -> Iterator[Paper]:
    """The publications by title, authors and the DOI that their address makes certain."""
    for number, one in enumerate(publications, 1):
        title = one["Title"].text()
        if title is not None:
            address = one["URL"].url() if one["URL"] else None
            yield paper(f"{slug}-paper-{number}", title=title, address=address, authors=one["AuthorName"].text())


def _institutions(managed: Cursor) -> Iterator[Text]:
    """Who manages the data: names, of those with a link the name alone.

    >>> list(_institutions(Cursor("[RIKEN Center for Brain Science](https://cbs.riken.jp)", "/ManagedBy", "x.yaml", [])))
    ['RIKEN Center for Brain Science']
    """
    words = managed.text()
    if words is None or "@" in words:
        return
    linked = [Text(name.strip(), words.at) for name, _ in _LINKED.findall(words)]
    yield joined(", ", linked) if linked else words
