"""Hand-kept lists of volume-EM datasets: a table of names, samples, techniques and sizes, and lists in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from emkg import grammar
from emkg.cursor import Cursor
from emkg.errors import RecordError
from emkg.ids import slugify
from emkg.model import (
    AccessPoint,
    Acquisition,
    Count,
    Curie,
    Dataset,
    Deposit,
    Fault,
    Paper,
    Record,
    Sample,
    Triplet,
    Volume,
)
from emkg.sources import _lookup
from emkg.sources._base import Repository
from emkg.sources._crosswalk import find
from emkg.sources._files import csv_rows, files_below, read_text, shown
from emkg.sources._references import doi_of, is_of_article, is_of_data, paper
from emkg.sources._vem_markdown import markdown_records
from emkg.stated import Number, Text, Whole

_ACCESSION = re.compile(r"\b(EMPIAR-\d+|S-BIAD\d+)\b", re.ASCII)
_ADDRESS = re.compile(r"\b(?:https?://|gs://|s3://)\S+|\bbossdb\.org/project/[\w-]+", re.ASCII)
_STORES = ("google-storage", "amazon-s3")
_OF_PAPER = re.compile(r"^(paper|arxiv|preprint)", re.IGNORECASE)
_OF_VIEW = re.compile(r"^neuroglancer$", re.IGNORECASE)


class VemLists(Repository):
    """A table with the columns name, species, sample, microscopy, size_um, voxel_nm, content, link, reference, year; and READMEs."""

    name = "vem-lists"
    title = "Lists of volume electron microscopy datasets"
    homepage = "https://github.com/JackieZhai/awesome-vem-datasets"
    licence = "MIT"
    resource = "vem-lists"
    states = ("species", "tissue", "technique", "size", "voxel size", "counts", "address", "paper")
    lacks = ("licence", "people")
    example: ClassVar[Record] = Record(
        "Zebrafish OB",
        "vem_museum_2026.csv",
        "/29",
        {
            "name": "Zebrafish OB",
            "species": "zebrafish",
            "sample": "larval olfactory bulb",
            "microscopy": "SBF-SEM",
            "size_um": "72x108x119",
            "voxel_nm": "9.25x9.25x25",
            "content": "~1000 neurons",
            "link": "https://bossdb.org/project/wanner16",
            "reference": "Wanner et al.",
            "year": "2016",
            "note": "",
        },
    )

    def records(self, path: Path) -> Iterator[Record | Fault]:
        """A record for each row of a table and each entry of a list; the pointer is the number of its line."""
        for file in files_below(path, "vem_*.csv", "*.md"):
            name = shown(file, path)
            text = read_text(file, name)
            if isinstance(text, Fault):
                yield text
            elif file.suffix == ".md":
                of = file.parent.name if file.stem.casefold() == "readme" else file.stem
                yield from markdown_records(text, name, of)
            else:
                for row in csv_rows(text, name):
                    yield (
                        row
                        if isinstance(row, Fault)
                        else Record(row[1].get("name") or f"line {row[0]}", name, f"/{row[0]}", row[1])
                    )

    def datasets(self, record: Cursor, key: str) -> Iterator[Dataset]:
        """A dataset of one volume, as its row or entry names it."""
        title = record["name"].text()
        if title is None or not slugify(title):
            record["name"].fault("no name")
            return
        slug = f"{self.name}-{slugify(key) or slugify(title)}"
        if isinstance(record.value, dict) and "links" in record.value:
            yield from self._of_entry(slug, title, record)
        else:
            yield self._of_row(slug, title, record)

    def _of_row(self, slug: str, title: Text, record: Cursor) -> Dataset:
        note = record["note"].text()
        words = [Text(word, note.at) for word in _ADDRESS.findall(note)] if note else []
        addresses = [
            record["link"].url(),
            *(Cursor(_whole(word), word.at, record.path, record.faults).url() for word in words),
        ]
        found = dict.fromkeys(one for one in addresses if one)
        papers, data = _papers(slug, record, note)
        return Dataset(
            slug,
            title,
            volumes=(_volume(slug, title, record),),
            counts=tuple(_counts(slug, record["content"])),
            access_points=tuple(
                _point(f"{slug}-{number}", title, url) for number, url in enumerate(found, 1) if not _is_doi(url)
            ),
            papers=papers,
            deposit=_deposit(self.resource, title, [note, record["link"].text()], data),
        )

    def _of_entry(self, slug: str, title: Text, record: Cursor) -> Iterator[Dataset]:
        """A dataset of an entry in Markdown, by its paper and the addresses that are its own."""
        papers, points = [], []
        for number, link in enumerate(record["links"], 1):
            label, url = link["label"].text() or Text(""), link["url"].url()
            if url is None:
                continue
            if link["shared"].value is True:
                link["url"].fault("the list gives this address to several datasets")
            elif _OF_PAPER.match(label) or is_of_article(url):
                papers.append(
                    paper(
                        f"{slug}-paper-{number}", title=record["title"].text(), address=url, year=record["year"].year()
                    )
                )
            elif _OF_VIEW.match(label):
                points.append(AccessPoint(f"{slug}-{number}", url, label=title, role="viewer", host=_lookup.host(url)))
            else:
                points.append(_point(f"{slug}-{number}", title, url))
        if not papers and not points:
            record.fault("neither a paper nor an address of its own")
            return
        image = Volume(slug, title, acquisition=Acquisition(slug))
        accessions = [point.url for point in points]
        deposit = _deposit(
            self.resource, title, [one if isinstance(one, Text) else Text(one) for one in accessions], []
        )
        yield Dataset(
            slug, title, volumes=(image,), access_points=tuple(points), papers=tuple(papers[:1]), deposit=deposit
        )


def _whole(word: Text) -> str:
    """An address as it is, or with the scheme that is left out in front of a name."""
    plain = word.rstrip(".,;)")
    return plain if "://" in plain else f"https://{plain}"


def _is_doi(url: Text) -> bool:
    return doi_of(url)[0] is not None


def _point(slug: str, title: Text, url: Text) -> AccessPoint:
    role = _lookup.access_role(url)
    host = _lookup.host(url)
    if not role:
        role = "imageFiles" if host in _STORES and not url.endswith((".html", "/")) else "landingPage"
    return AccessPoint(slug, url, label=title, role=role, host=host)


def _deposit(resource: str, title: Text, texts: list[Text | None], data: list[Text]) -> Deposit:
    found = dict.fromkeys((one, text.at) for text in texts if text for one in _ACCESSION.findall(text))
    accessions = {accession: Text(accession, at) for accession, at in reversed(found)}
    return Deposit(
        resource,
        identifiers=(title,),
        doi=data[0] if len(data) == 1 else "",
        related_accessions=tuple(accessions.values()),
    )


def _papers(slug: str, record: Cursor, note: Text | None) -> tuple[tuple[Paper, ...], list[Text]]:
    """The papers that the column names, and the DOIs of the dataset itself.

    A DOI in the note or link is the paper's where there is one paper; the year too.
    """
    dois = {doi: doi for words in (note, record["link"].text()) if (doi := doi_of(words)[0])}
    of_papers = [doi for doi in dois if not is_of_data(doi)]
    reference, year = record["reference"].text(), record["year"].year()
    authors = [Text(part.strip(), reference.at) for part in reference.split(";") if part.strip()] if reference else []
    if not authors and not of_papers:
        return (), [doi for doi in dois if is_of_data(doi)]
    single = len(authors) <= 1
    papers = tuple(
        paper(
            f"{slug}-paper-{number}",
            authors=author,
            address=of_papers[0] if single and len(of_papers) == 1 else None,
            year=year if single else None,
        )
        for number, author in enumerate(authors or [None], 1)
    )
    return papers, [doi for doi in dois if is_of_data(doi)]


def _volume(slug: str, title: Text, record: Cursor) -> Volume:
    species, sample, method = (record[column].text() for column in ("species", "sample", "microscopy"))
    taxon, regions = _lookup.taxon(species), _lookup.regions(sample)
    extent = _size(record["size_um"], "µm")
    voxel = _size(record["voxel_nm"], "nm")
    flat = extent is None and voxel is None and re.search(r"\b2D\b", record["content"].text() or "")
    return Volume(
        slug,
        title,
        kind="image-set" if flat else "volume",
        voxel=_lengths(voxel, record["voxel_nm"]),
        extent=_lengths(extent, record["size_um"]),
        sample=Sample(slug, taxon, regions) if taxon or regions else None,
        acquisition=Acquisition(slug, _lookup.techniques(method)),
        stated_species=species or "",
        stated_region=sample or "",
        stated_technique=method or "",
        multiplicity=Whole(extent.multiplicity, record["size_um"].at) if extent and extent.multiplicity else None,
    )


def _size(cell: Cursor, unit: str) -> grammar.Size | None:
    """What a cell of sizes states; a fault for a form that is not known."""
    text = cell.text()
    if text is None:
        return None
    try:
        return grammar.size(text, unit=unit)
    except RecordError:
        cell.fault("no known form of a size")
        return None


def _lengths(size: grammar.Size | None, cell: Cursor) -> Triplet | None:
    """The three lengths with their place; what states none of them, or none of one volume, is left in words."""
    stated = cell.text() or Text("")
    if size is None:
        return None
    lengths = size.lengths or Triplet(None, None, None)
    x, y, z = (
        Number(one, cell.at) if one is not None and one > 0 else None for one in (lengths.x, lengths.y, lengths.z)
    )
    whole = x is not None and y is not None
    return replace(lengths, x=x if whole else None, y=y if whole else None, z=z if whole else None, as_stated=stated)


def _counts(slug: str, cell: Cursor) -> Iterator[Count]:
    """The numbers of things that data/crosswalks/countable.tsv knows; other words are none."""
    text = cell.text()
    made: set[str] = set()
    for part in re.split(r";", text) if text else ():
        try:
            amounts = grammar.counts(part)
        except RecordError:
            continue  # words such as "30 slices 512x512" tell no count of things
        for amount in amounts:
            row = find("countable", amount.noun) if amount.noun else None
            value = amount.value
            if row is None or value is None or value < 1 or row["slug"] in made:
                continue
            made.add(row["slug"])
            yield Count(
                f"{slug}-{row['slug']}",
                Curie(row["countable"]),
                Text(amount.as_stated, cell.at),
                Whole(value, cell.at),
                comparator=amount.comparator,
            )
