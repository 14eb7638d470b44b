"""The CryoET Data Portal: cells and molecules by electron cryotomography, told by the configurations with which they were ingested.

A configuration (YAML, docs: https://chanzuckerberg.github.io/cryoet-data-portal/) states a dataset or a deposition of
annotations of others' datasets. What differs from run to run is written as a template ("float {ts-pixel_spacing}") and filled
in at ingestion; it says nothing here. The data are CC0 (https://registry.opendata.aws/cryoet-data-portal/); the configurations
are MIT.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from emkg.cursor import Cursor
from emkg.ids import slugify
from emkg.model import AccessPoint, Acquisition, Curie, Dataset, Deposit, Fault, Grant, Person, Record, Volume
from emkg.sources import _lookup
from emkg.sources._base import Repository
from emkg.sources._cryoet_example import EXAMPLE
from emkg.sources._cryoet_images import annotated, images_of, masks_of, methods, tomograms_of
from emkg.sources._cryoet_sample import region_words, sample_of
from emkg.sources._cryoet_values import accessions, addresses, papers, parts, stated, words
from emkg.sources._files import files_below, parse_yaml, read_text, shown
from emkg.sources._live import PublicFiles
from emkg.sources._people import distinct
from emkg.stated import Text, joined

PORTAL = "https://cryoetdataportal.czscience.com"
BUCKET = "s3://cryoet-data-portal-public"
_NOT_FUNDED = re.compile(r"not? fund(ed|ing)|no(ne)?", re.IGNORECASE)


class CryoEtDataPortal(Repository):
    """The datasets and depositions of the portal, one configuration each."""

    name = "cryoet-data-portal"
    title = "CryoET Data Portal"
    homepage = f"{PORTAL}/"
    licence = "MIT"
    resource = "cryoet-data-portal"
    states = (
        *("title", "species", "tissue", "cell type", "cell line", "structure", "disease", "life stage", "technique"),
        *("voltage", "microscope", "camera", "tilt", "flux", "pixel size", "voxel size", "annotations", "licence"),
        *("people", "ORCID", "dates", "grants", "paper", "related accessions"),
    )  # fmt: skip
    lacks = ("extent", "grid", "file size", "dataset DOI", "number of tilt series")
    example: ClassVar[Record] = Record("10001", "10001.yaml", "", EXAMPLE)
    public: ClassVar[PublicFiles | None] = PublicFiles(
        "chanzuckerberg/cryoet-data-portal-backend", "main", ("ingestion_tools/dataset_configs",), (".yaml", ".yml")
    )

    def records(self, path: Path) -> Iterator[Record | Fault]:
        """A record for each configuration; the LinkML schema and other YAML files that lie by are passed over."""
        for file in files_below(path, "*.yaml", "*.yml"):
            name = shown(file, path)
            text = read_text(file, name)
            body = text if isinstance(text, Fault) else parse_yaml(text, name)
            if isinstance(body, Fault):
                yield body
            elif isinstance(body, dict) and ("datasets" in body or "depositions" in body):
                yield Record(_key(body, file.stem), name, "", body)

    def datasets(self, record: Cursor, key: str) -> Iterator[Dataset]:
        """The dataset, or else the deposition, where this holds tomograms or label images of its own."""
        told = [one["metadata"] for one in record["datasets"] if one["metadata"]]
        number = 0
        for about in told:
            title, identifier = words(about["dataset_title"]), words(about["dataset_identifier"])
            if title is None:
                about["dataset_title"].fault("no title")
                continue
            number += 1
            name = slugify(identifier or key) or slugify(key) or "unnamed"
            slug = f"cryoet-{name}" + (f"-{number}" if number > 1 and not identifier else "")
            yield _dataset(slug, title, identifier, about, record)
        if not told:
            yield from _deposition(record, key)


def _key(body: dict[str, Any], stem: str) -> str:
    """The number of the dataset, or that of the deposition with the word before it, or the name of the file."""
    record = Cursor(body, "", "", [])
    told = [one["metadata"] for one in record["datasets"] if one["metadata"]]
    if told:
        return words(told[0]["dataset_identifier"]) or stem
    number = words(record["depositions"][0]["metadata"]["deposition_identifier"])
    return f"deposition-{number}" if number else stem


def _dataset(slug: str, title: Text, identifier: Text | None, about: Cursor, record: Cursor) -> Dataset:
    annotations = [one for one in record["annotations"] if one["metadata"]]
    sample = sample_of(slug, about, annotations, title)
    volumes = images_of(slug, title, record, sample, methods(about))
    if not volumes:  # runs there are, of which the configuration says nothing
        volumes = [Volume(slug, title, sample=sample, acquisition=Acquisition(slug, techniques=methods(about)))]
    species, regions = words(about["organism"]["name"]), joined(", ", region_words(about))
    number = identifier if identifier and identifier.isdecimal() and "draft" not in record.path else None
    depositions = [one["metadata"]["cross_references"] for one in record["depositions"]]
    return Dataset(
        slug,
        title,
        volumes=tuple(_worded(one, species, regions) for one in volumes),
        access_points=tuple(_access_points(slug, number, record)),
        papers=papers(slug, [about["cross_references"]]),
        reconstructions=tuple(annotated(slug, title, annotations, volumes)),
        deposit=_deposit(about, identifier, f"{PORTAL}/datasets/{number}" if number else "", record, depositions),
    )


def _worded(volume: Volume, species: Text | None, regions: Text) -> Volume:
    """The volume with the source's words for the species and the part of the body."""
    return replace(volume, stated_species=species or "", stated_region=regions)


def _deposition(record: Cursor, key: str) -> Iterator[Dataset]:
    """A deposition whose configuration describes no dataset: annotations or tomograms of datasets of the portal."""
    about = record["depositions"][0]["metadata"]
    title, identifier = words(about["deposition_title"]), words(about["deposition_identifier"])
    if title is None:
        record.fault("neither a dataset nor a deposition has a title")
        return
    slug = f"cryoet-{slugify(f'deposition {identifier}' if identifier else key) or 'unnamed'}"
    annotations = [one for one in record["annotations"] if one["metadata"]]
    volumes = tomograms_of(slug, title, record, None, Acquisition(slug, of=title))
    volumes += masks_of(slug, title, annotations)
    if not volumes:
        record["annotations"].fault(
            "a deposition without images of its own: points or captions in the tomograms of others"
        )
        return
    number = identifier if identifier and identifier.isdecimal() else None
    sources = [
        words(one) for place in record["datasets"] for made in place["sources"] for one in made["literal"]["value"]
    ]
    related = [Text(f"{PORTAL}/datasets/{one}", one.at) for one in sources if one and one.isdecimal()]
    yield Dataset(
        slug,
        title,
        volumes=tuple(volumes),
        papers=papers(slug, [about["cross_references"]]),
        reconstructions=tuple(annotated(slug, title, annotations, volumes)),
        deposit=_deposit(about, identifier, f"{PORTAL}/depositions/{number}" if number else "", record, [], related),
    )


def _deposit(
    about: Cursor,
    identifier: Text | None,
    page: str,
    record: Cursor,
    depositions: list[Cursor],
    related: list[Text] | None = None,
) -> Deposit:
    """People, dates, grants and references; those of the tilt series and of the deposition count among the references."""
    people = [(made, one) for one in about["authors"] if (made := _person(one))]
    references, dates = [about["cross_references"], *depositions], about["dates"]
    named = [one["related_database_entries"] for one in references]
    named += [one["metadata"]["related_empiar_entry"] for one in record["tiltseries"]]
    return Deposit(
        CryoEtDataPortal.resource,
        identifiers=(identifier,) if identifier else (),
        landing_page=page,
        licence=_licence(),
        submitted=stated(dates["deposition_date"]).day(),
        issued=stated(dates["release_date"]).day(),
        modified=stated(dates["last_modified_date"]).day(),
        creators=distinct(made for made, _ in people),
        corresponding=distinct(made for made, one in people if one["corresponding_author_status"].value is True),
        grants=tuple(dict.fromkeys(grant for one in about["funding"] if (grant := _grant(one)))),
        related=tuple(dict.fromkeys((*(related or []), *addresses([one["related_database_links"] for one in references])))),
        related_accessions=accessions(named),
    )  # fmt: skip


def _licence() -> Curie | None:
    return _lookup.licence("CC0-1.0")


def _person(place: Cursor) -> Person | None:
    """Name, ORCID, organisation, and the country at the end of the address; e-mail, address and Kaggle name are not taken."""
    name = words(place["name"])
    if not name or not any(one.isalpha() for one in name) or "@" in name:
        return None
    where = list(parts(place["affiliation_address"]))
    country = _lookup.country(where[-1].text()) if where else ""
    return Person(
        name,
        stated(place["ORCID"]).orcid() or "",
        words(place["affiliation_name"]) or "",
        Text(country, where[-1].at) if country else "",
    )


def _grant(place: Cursor) -> Grant | None:
    agency, code = words(place["funding_agency_name"]), words(place["grant_id"])
    if agency and _NOT_FUNDED.fullmatch(agency):
        return None
    return Grant(agency or "", code or "") if agency or code else None


def _access_points(slug: str, number: Text | None, record: Cursor) -> Iterator[AccessPoint]:
    """The dataset's page and folder, and the pictures on its page."""
    if number:
        page, files = f"{PORTAL}/datasets/{number}", f"{BUCKET}/{number}"
        yield AccessPoint(f"{slug}-page", page, label=number, role="landingPage", host=_lookup.host(page))
        yield AccessPoint(
            f"{slug}-files", files, label=number, role="imageFiles", host=_lookup.host(files), licence=_licence()
        )
    found: dict[Text, str] = {}
    for one in record["dataset_keyphotos"]:
        for source in one["sources"]:
            for name in ("snapshot", "thumbnail"):
                place = source["literal"]["value"][name]
                if isinstance(place.value, str) and place.value.startswith("http") and (url := stated(place).url()):
                    found.setdefault(url, name)
    for count, url in enumerate(found, 1):
        yield AccessPoint(f"{slug}-picture-{count}", url, role="previewImage", host=_lookup.host(url))
