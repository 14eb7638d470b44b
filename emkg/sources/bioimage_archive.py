"""The BioImage Archive: studies of its own, and of EMPIAR with OME-Zarr copies of their images and REMBI metadata by its curators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from emkg.cursor import Cursor, clean
from emkg.ids import slugify
from emkg.model import Acquisition, Dataset, Deposit, Fault, Grant, Images, Paper, Person, Record, Sample, Volume
from emkg.sources import _lookup, _textual
from emkg.sources._base import Repository
from emkg.sources._bia_files import collected
from emkg.sources._bia_images import Image, access_of, claims_of, grid_of, images_of, slugs, voxel_of
from emkg.sources._bia_rembi import Method, Organisms, methods, organisms
from emkg.sources._live import Fetch
from emkg.sources._pagetab import first, qualifier, sections, values
from emkg.sources._people import distinct, parted, person
from emkg.sources._references import doi_of
from emkg.sources._techniques import settled
from emkg.stated import Text, composed

_ACCESSION = re.compile(r"(EMPIAR-\d{4,6}|S-[A-Z]{2,10}\d+|(?:EXT|PRE)-[A-Z0-9]+)", re.ASCII)
_TEST = re.compile(r"S-[A-Z]*TEST[A-Z0-9_]*", re.ASCII)
_ET_AL = re.compile(r"\s*,?\s*\bet\.? al\.?$", re.IGNORECASE)
_TECHNIQUES_IN_TITLES = re.compile(r"\b(FIB|SBF)[- ]?SEM\b")
PAGE_SIZE = 100
"""Hits for each page of a search."""


class BioImageArchive(Repository):
    """Studies of electron microscopy: those of the archive's integrator, the curators' REMBI files, submissions to BioStudies."""

    name = "bioimage-archive"
    title = "BioImage Archive"
    homepage = "https://www.ebi.ac.uk/bioimage-archive/"
    licence = ""  # each study states its own
    resource = "bioimage-archive"
    api = "https://www.ebi.ac.uk/biostudies/api/v1/"
    states = (
        *(
            "title",
            "species",
            "technique",
            "instrument",
            "people",
            "release date",
            "size in voxels",
            "voxel size",
            "voxel type",
        ),
        *("OME-Zarr copies", "views", "paper", "licence", "grants"),
    )
    lacks = ("tissue", "section thickness", "voltage")
    example: ClassVar[Record] = Record(
        "EMPIAR-10442",
        "studies/EMPIAR-10442.json",
        "",
        {
            "accession_id": "EMPIAR-10442",
            "study": {
                "accession_id": "EMPIAR-10442",
                "title": "170314, Five-day-old Col-0 Arabidopsis thaliana root, phloem pole unloading zone",
                "authors": [{"name": "Helariutta Y"}],
                "organism": "Arabidopsis thaliana",
                "release_date": "2020-10-23",
                "imaging_type": "SB EM",
            },
            "annotations": {
                "IM1": {
                    "PhysicalSizeX": "0.007257500645494475",
                    "PhysicalSizeXUnit": "µm",
                    "PhysicalSizeY": "0.007257503075030754",
                    "PhysicalSizeYUnit": "µm",
                    "PhysicalSizeZ": "0.03999999999999998",
                    "PhysicalSizeZUnit": "µm",
                    "SizeX": "3874",
                    "SizeY": "3253",
                    "SizeZ": "1061",
                    "Type": "uint8",
                },
                "_study": {"biological_entity": "Phloem pole"},
            },
            "representations": {
                "IM1": [
                    {
                        "type": "ome_ngff",
                        "uri": "https://uk1s3.embassy.ebi.ac.uk/bia-integrator-data/EMPIAR-10442/IM1/IM1.zarr/0",
                        "size": 0,
                    }
                ]
            },
        },
    )

    def records(self, path: Path) -> Iterator[Record | Fault]:
        """A record for each accession, of all that the files of a copy say of it."""
        yield from collected(path)

    def live(self, fetch: Fetch) -> Iterator[Record | Fault]:
        """The submissions that a search for electron microscopy finds, page by page.

        https://www.ebi.ac.uk/biostudies/help#api: ``BioImages/search`` gives hits with accessions, ``studies/{accession}`` page tab.
        """
        page, seen = 0, set[str]()
        while True:
            page += 1
            answer = fetch(
                "BioImages/search", params={"query": "electron microscopy", "pageSize": PAGE_SIZE, "page": page}
            )
            found = answer if isinstance(answer, Fault) else answer.json()
            if isinstance(found, Fault):
                yield found
                return
            hits = Cursor(found, "", f"page {page}", [])["hits"]
            new = [
                one
                for hit in hits
                if (one := hit["accession"].text()) and one not in seen and _ACCESSION.fullmatch(one)
            ]
            if not new:
                return
            for accession in new:
                seen.add(accession)
                yield _submission(fetch, accession)

    def datasets(self, record: Cursor, key: str) -> Iterator[Dataset]:
        """A dataset for a study of electron microscopy; of an accession of EMPIAR, every study is one."""
        accession = record["accession_id"].text()
        ways = methods(record)
        if accession is None:
            record["accession_id"].fault("no accession")
        elif _TEST.fullmatch(accession):
            record["accession_id"].fault("a test record of the archive")
        elif not _ACCESSION.fullmatch(accession):
            record["accession_id"].fault("not an accession")
        elif not accession.startswith("EMPIAR-") and not any(way.techniques for way in ways):
            record["study"]["imaging_type"].fault("no mode of electron microscopy")
        else:
            yield _dataset(record, accession, ways)


def _submission(fetch: Fetch, accession: str) -> Record | Fault:
    answer = fetch(f"studies/{accession}")
    body = answer if isinstance(answer, Fault) else answer.json()
    if isinstance(body, Fault):
        return body
    return Record(accession, f"studies/{accession}", "", {"accession_id": accession, "pagetab": body})


def _dataset(record: Cursor, accession: Text, ways: list[Method]) -> Dataset:
    slug = f"bia-{slugify(accession)}"
    stated = record["study"]["title"].text() or first(record["pagetab"]["section"], "Title").text()
    title = stated or first(record["pagetab"], "Title").text() or accession
    images = images_of(record)
    names = slugs(slug, images)
    points = [point for image, name in zip(images, names, strict=True) for point in access_of(image, name)]
    volumes = tuple(_volumes(record, slug, title, ways))
    pairs = zip(images, volumes, strict=False)
    claims = [claim for image, volume in pairs for claim in claims_of(image, volume.kind, volume.slug)]
    if len(volumes) == 1 and volumes[0].kind == "volume" and not (volumes[0].voxel and volumes[0].voxel.z):
        told = {claim.property for claim in claims}
        words = _textual.claims((record["study"]["title"], record["study"]["description"]), volumes[0])
        claims += [claim for claim in words if claim.property not in told]
    return Dataset(
        slug,
        title,
        volumes=volumes,
        claims=tuple(claims),
        access_points=tuple(points),
        papers=tuple(_papers(record, slug)),
        deposit=_deposit(record, accession),
    )


def _volumes(record: Cursor, slug: str, title: Text, ways: list[Method]) -> Iterator[Volume]:
    """A volume for each image that is listed; else a set of images for each component, or one for the study."""
    images = images_of(record)
    if images:
        for image, name in zip(images, slugs(slug, images), strict=True):
            label = (
                composed(title, ": ", image.name or Text(clean(image.identifier), title.at))
                if len(images) > 1
                else title
            )
            yield _volume(record, name, label, ways, image)
        return
    parts = [
        (part, words)
        for part in sections(record["pagetab"]["section"], "Study Component")
        if (words := first(part, "Name").text())
    ]
    known = {way.title for way in ways if way.techniques}
    taken: list[tuple[Text, set[str]]] = []
    for part, words in parts:
        linked = {
            str(one.text()) for links in sections(part, "Associations") for one in values(links, "Image acquisition")
        }
        if not linked or linked & {str(one) for one in known}:
            taken.append((words, linked))
    if len(taken) < 2:
        yield _volume(record, slug, title, ways, None)
        return
    for number, (words, linked) in enumerate(taken, 1):
        own = [way for way in ways if not linked or str(way.title) in linked]
        yield _volume(record, f"{slug}-{number}", composed(title, ": ", words), own, None)


def _volume(record: Cursor, slug: str, title: Text, ways: list[Method], image: Image | None) -> Volume:
    found = organisms(record)
    grid, voxel = (grid_of(image.annotations), voxel_of(image.annotations)) if image else (None, None)
    deep = grid is not None and grid.z is not None and grid.z > 1
    techniques, stated = _techniques(record, ways)
    electron = [way for way in ways if way.techniques]
    return Volume(
        slug,
        title,
        voxel=voxel,
        grid=grid,
        sample=_sample(record, slug, found),
        acquisition=Acquisition(
            slug,
            techniques,
            method_terms=tuple(dict.fromkeys(way.concept for way in electron if way.concept)),
            instruments=tuple(dict.fromkeys(way.instrument for way in electron if way.instrument)),
        ),
        kind="volume" if deep else "image-set",
        stated_species=found.stated or "",
        stated_technique=stated or "",
        images=Images(voxel_type=_lookup.voxel_type(image.annotations["Type"].text())) if image else None,
    )


def _techniques(record: Cursor, ways: list[Method]) -> tuple[tuple[Any, ...], Text | None]:
    """The classes, and the words where there is no class; none where the title names another technique than the study.

    The word of a study (imaging_type) was set by hand for a gallery, and at times wrongly; the title is the depositor's.
    """
    place = record["study"]["imaging_type"]
    words = next((way.words for way in ways if way.words), None)
    named = _TECHNIQUES_IN_TITLES.findall(record["study"]["title"].text() or "")
    found = settled((name for way in ways for name in way.techniques), place)
    if (
        named
        and found
        and not any(f"emkg:{one}SEM" in found for one in named)
        and {*found} & {"emkg:FIBSEM", "emkg:SBFSEM"}
    ):
        place.fault("the title names another technique")
        return (), words
    return found, None if found else words


def _sample(record: Cursor, slug: str, found: Organisms) -> Sample:
    entity = record["annotations"]["_study"]["biological_entity"].text()
    return Sample(slug, taxon=found.taxon, named=found.named, stated_kinds=(entity,) if entity else ())


def _papers(record: Cursor, slug: str) -> Iterator[Paper]:
    found: dict[str, Paper] = {}
    for document in record["rembi"]:
        for place in document["paper_doi"]:
            doi, version = doi_of(place.text())
            if doi:
                found.setdefault(
                    doi, Paper(f"{slug}-paper", doi=doi, served_version=Text(version, doi.at) if version else "")
                )
    for number, part in enumerate(sections(record["pagetab"]["section"], "Publication"), 1):
        doi, _ = doi_of(first(part, "DOI").text())
        title, pubmed = first(part, "Title").text(), first(part, "Pubmed ID").text()
        if doi or title:
            made = Paper(
                f"{slug}-paper-{number}",
                title or "",
                doi=doi or "",
                authors_as_stated=first(part, "Authors").text() or "",
                year=first(part, "Year").year(),
                pubmed_id=pubmed if pubmed and pubmed.isdigit() else "",
            )
            found.setdefault(doi or made.slug, made)
    yield from found.values()


def _deposit(record: Cursor, accession: Text) -> Deposit:
    section = record["pagetab"]["section"]
    words = record["study"]["license"].text() or first(section, "License").text()
    licence = _lookup.licence(qualifier(section, "License", "URL").text()) or _lookup.licence(words)
    own = accession.startswith("S-")
    page = composed("https://www.ebi.ac.uk/biostudies/studies/", accession) if own else ""
    day = record["study"]["release_date"].day() or first(record["pagetab"], "ReleaseDate").day()
    return Deposit(
        "bioimage-archive",
        identifiers=(accession,),
        landing_page=page,
        licence=licence,
        stated_licence="" if licence else words or "",
        issued=day,
        creators=distinct(_authors(record)),
        grants=tuple(_grants(section)),
        keywords=tuple(dict.fromkeys(word for one in values(section, "Keywords") if (word := one.text()))),
        related=tuple(dict.fromkeys(url for one in section["links"] if (url := _link(one["url"])))),
    )


def _link(place: Cursor) -> Text | None:
    """The address of a link; many links are accessions of other archives, which have none."""
    words = place.text()
    return place.url() if words and "://" in words else None


def _authors(record: Cursor) -> Iterator[Person]:
    for one in record["study"]["authors"]:
        words = one["name"].text()
        for name in parted(Text(_ET_AL.sub("", words), words.at)) if words else ():
            if made := person(name):
                yield made
    section = record["pagetab"]["section"]
    places = {
        str(one["accno"].value): first(one, "Name").text()
        for kind in ("organisation", "organization")
        for one in sections(section, kind)
    }
    for one in sections(section, "Author"):
        words = first(one, "Name").text()
        made = person(words, first(one, "ORCID").orcid() or "") if words else None
        if made:
            reference = str(first(one, "affiliation").value).split(",")[0].strip()
            yield Person(made.name, made.orcid, made.organisation or places.get(reference) or "")


def _grants(section: Cursor) -> Iterator[Grant]:
    for one in sections(section, "Funding"):
        body, code = first(one, "Agency").text(), first(one, "grant_id").text()
        if body or code:
            yield Grant(body or "", code or "")
