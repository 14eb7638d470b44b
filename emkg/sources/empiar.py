"""EMPIAR, the archive of raw images of electron microscopy: entries of its API, their header XML, and its search export.

The archive knows no species, no tissue and no z step; the last is read out of titles and descriptions, as a claim.
All its data are under CC0 (https://www.ebi.ac.uk/empiar/faq), and the DOI of an entry is 10.6019 and its accession.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from emkg.cursor import Cursor
from emkg.model import AccessPoint, Dataset, Deposit, Fault, Record, TextClaim, Volume
from emkg.sources import _empiar_csv, _empiar_xml, _lookup, _textual
from emkg.sources._base import Repository
from emkg.sources._empiar_example import EXAMPLE
from emkg.sources._empiar_files import FIELDS, accession_of, of_json, records
from emkg.sources._empiar_images import VOLUME_TECHNIQUES, image_sets, in_folder, segmentations
from emkg.sources._empiar_people import grants, papers, people, with_names_of
from emkg.sources._live import Fetch, ranges
from emkg.stated import Text, Whole, composed

FIRST, LAST, BATCH, EMPTY_BATCHES = 10000, 99999, 500, 3
"""The accessions that are asked for, how many at a time, and after how many empty answers the archive is at its end."""
_SIZE = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*([KMGTP]?)i?B(?:ytes)?", re.IGNORECASE | re.ASCII)
_POWERS = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5}
_REFERENCES = (
    "cross_references",
    "related_pdb_entries",
    "biostudies_references",
    "idr_references",
    "empiar_references",
)
_ACCESSION = re.compile(r"EMPIAR-[1-9]\d{3,}", re.ASCII)


class Empiar(Repository):
    """The entries of EMPIAR."""

    name = "empiar"
    title = "EMPIAR"
    homepage = "https://www.ebi.ac.uk/empiar/"
    licence = "CC0-1.0"
    resource = "empiar"
    api = "https://www.ebi.ac.uk/empiar/api/"
    states = (
        *(
            "title",
            "technique",
            "pixel size",
            "image size",
            "image category",
            "file format",
            "voxel type",
            "people",
            "grants",
        ),
        *("dates", "licence", "paper", "address", "size", "references to other archives", "sample kind"),
    )
    lacks = ("species", "tissue", "voxel size along z", "acceleration voltage", "sample preparation")
    example: ClassVar[Record] = EXAMPLE

    def records(self, path: Path) -> Iterator[Record | Fault]:
        """The API's answers, the headers and the rows of the export that a folder holds, each accession in its fullest form first."""
        yield from records(path)

    def live(self, fetch: Fetch) -> Iterator[Record | Fault]:
        """All entries, asked for in ranges by POST, since the API cannot list them; absent accessions are absent in the answer.

        Source: https://www.ebi.ac.uk/empiar/api/documentation/
        """
        empty = 0
        for first, last in ranges(FIRST, BATCH):
            found = fetch("entry/", body=f"{first}-{last}")
            if isinstance(found, Fault):
                yield found
                empty += 1
            else:
                entries = list(of_json(found.json(), found.url))
                yield from entries
                # An answer that is no JSON is empty too: a server that answers every range with a page ends the harvest.
                empty = 0 if any(isinstance(one, Record) for one in entries) else empty + 1
            if empty >= EMPTY_BATCHES or last >= LAST:
                return

    def datasets(self, record: Cursor, key: str) -> Iterator[Dataset]:
        """A dataset with its image sets; an entry without any has one of which only its existence is known."""
        entry = _entry(record)
        accession = _accession(entry, key)
        if not isinstance(entry.value, dict) or not FIELDS & entry.value.keys():
            record.fault("not an entry of EMPIAR")
            return
        if accession is None:
            record.fault("no accession: neither its key nor its DOI is one of EMPIAR")
            return
        if not entry["title"].text() and not any(isinstance(one.value, dict) for one in entry["imagesets"]):
            record.fault("neither a title nor an image set")
            return
        slug = accession.lower()
        deposit = _deposit(entry, accession)
        volumes = image_sets(entry, slug, accession)
        yield Dataset(
            slug,
            entry["title"].text() or accession,
            volumes=volumes,
            access_points=tuple(_access_points(entry, accession, deposit)),
            papers=with_names_of(papers(entry, slug), deposit),
            deposit=deposit,
            claims=_claims(entry, volumes),
        )


def _entry(record: Cursor) -> Cursor:
    """The record in the shape of the API, whichever shape it has."""
    body, shaped = record.value, None
    if isinstance(body, dict) and ("@accessionCode" in body or "admin" in body or "imageSet[1]" in body):
        shaped = _empiar_xml.entry(record)
    elif isinstance(body, dict) and _empiar_csv.HEAD in body:
        shaped = _empiar_csv.entry(record)
    return Cursor(shaped, record.at, record.path, record.faults) if shaped is not None else record


def _accession(entry: Cursor, key: str) -> Text | None:
    """The accession, at the place that gives it: the record's key, an attribute of the header, a cell, or the DOI."""
    stated = entry["accession"].text()
    if stated and (found := accession_of(stated, None)):
        return Text(found, stated.at)
    by_key = accession_of(key, None)
    doi = entry["entry_doi"].text()
    of_doi = accession_of("", doi)
    if by_key and entry.at and by_key == accession_of(entry.at.rsplit("/", 1)[1], None):
        return Text(by_key, entry.at)
    if doi and of_doi:
        return Text(of_doi, doi.at)
    return Text(by_key, entry.at) if by_key and entry.at else None


def _deposit(entry: Cursor, accession: Text) -> Deposit:
    status = _status(entry)
    persons = people(entry)
    return Deposit(
        "empiar",
        identifiers=(accession,),
        doi=_doi(entry, accession),
        landing_page=composed("https://www.ebi.ac.uk/empiar/", accession, "/"),
        status=status,
        licence=_lookup.licence("CC0"),
        submitted=entry["deposition_date"].day(),
        issued=entry["release_date"].day(),
        modified=entry["update_date"].day(),
        obsoleted=entry["obsolete_date"].day(),
        version=_version(entry),
        creators=persons["creators"],
        corresponding=persons["corresponding"],
        investigators=persons["investigators"],
        grants=tuple(grants(entry)),
        institutions=entry["institutions"].texts(),
        byte_size=_bytes(entry["dataset_size"]),
        related=_workflow_addresses(entry),
        related_accessions=_references(entry),
        replaced_by=_replaced_by(entry, accession) if status == "obsolete" else (),
    )


def _status(entry: Cursor) -> str:
    """The standing of the entry, or, where it tells none, the last one of its history."""
    stated = [entry["status"], *reversed([one["status_code"] for one in entry["version_history"]])]
    place = next((one for one in stated if one), entry["status"])
    word = place.text()
    found = _lookup.record_status(word)
    if word and not found:
        place.fault("a status that record-status.tsv does not have")
    return found


def _doi(entry: Cursor, accession: Text) -> str:
    """The DOI: of an entry that states none it is known all the same; one of another entry is a fault."""
    due = f"10.6019/{accession.lower()}"
    stated = entry["entry_doi"].doi()
    if stated and stated != due:
        entry["entry_doi"].fault(f"not the DOI of {accession}")
        return ""
    return stated or Text(due, accession.at)


def _version(entry: Cursor) -> str:
    """The highest version of the entry's history."""
    numbers = [one["version_number"].number() for one in entry["version_history"]]
    known = [one for one in numbers if one is not None]
    newest = max(known, default=None)
    return Text(format(newest.normalize(), "f"), newest.at) if newest is not None else ""


def _bytes(cursor: Cursor) -> Whole | None:
    """A size in bytes, of which EMPIAR counts 1,024 to the kilobyte: what its page calls 11.1 TB, its export calls 11366.4 GB.

    >>> _bytes(Cursor("165.4 GB", "/s", "x.json", []))
    177596897689
    """
    words = cursor.text()
    found = _SIZE.fullmatch(words) if words else None
    if words and found is None:
        cursor.fault("not a size in bytes")
    size = int(Decimal(found[1]) * 1024 ** _POWERS[found[2].upper()]) if found else 0
    return Whole(size, cursor.at) if size else None


def _named(cursor: Cursor) -> Cursor:
    """A reference is a text today and was an object with a name in 2020."""
    return cursor["name"] if isinstance(cursor.value, dict) else cursor


def _references(entry: Cursor) -> tuple[Text, ...]:
    found = (_named(one).text() for key in _REFERENCES for one in entry[key])
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _replaced_by(entry: Cursor, accession: Text) -> tuple[str, ...]:
    """The entries that an obsolete one refers to: those that its history names, else all that it lists."""
    history = " ".join(str(one["details"].value) for one in entry["version_history"] if one["details"])
    listed = [str(one) for reference in entry["empiar_references"] if (one := _named(reference).text())]
    named = _ACCESSION.findall(history) or [one for word in listed for one in _ACCESSION.findall(word)]
    return tuple(dict.fromkeys(one.lower() for one in named if one != accession))


def _workflow_addresses(entry: Cursor) -> tuple[Text, ...]:
    found = (one["url"].url() if isinstance(one.value, dict) else one.url() for one in entry["workflows"])
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _workflow_files(entry: Cursor, folder: Text) -> tuple[Text, ...]:
    """The addresses of workflow files, of the entry or of an image set: a text or an object with a path, in old ones after ``path=``."""
    found: dict[str, Text] = {}
    for stated in (entry["workflow_file"], *(one["scipion_workflow"] for one in entry["imagesets"])):
        place = stated["path"] if isinstance(stated.value, dict) else stated
        plain = place.value.removeprefix("path=") if isinstance(place.value, str) else place.value
        address = in_folder(Cursor(plain, place.at, place.path, place.faults), folder)
        if address:
            found.setdefault(address, address)
    return tuple(found.values())


def _access_points(entry: Cursor, accession: Text, deposit: Deposit) -> Iterator[AccessPoint]:
    """The page and the API's record; and the folder with what lies in it, unless the entry is not, or no longer, open."""
    slug, page = accession.lower(), deposit.landing_page
    answer = composed(f"{Empiar.api}entry/", accession, "/")
    yield AccessPoint(f"{slug}-page", page, role="landingPage", host=_lookup.host(page))
    yield AccessPoint(f"{slug}-api", answer, role="metadataRecord", host=_lookup.host(answer))
    if deposit.status not in ("", "released"):
        return
    number = accession.removeprefix("EMPIAR-")
    folder = composed("https://ftp.ebi.ac.uk/empiar/world_availability/", Text(number, accession.at), "/")
    yield AccessPoint(
        f"{slug}-files", folder, role="imageFiles", host=_lookup.host(folder), byte_size=deposit.byte_size
    )
    for place, workflow in enumerate(_workflow_files(entry, folder), 1):
        name = f"{slug}-workflow" if place == 1 else f"{slug}-workflow-{place}"
        yield AccessPoint(name, workflow, role="workflow", host=_lookup.host(workflow))
    yield from segmentations(entry, slug, folder)


def _claims(entry: Cursor, volumes: tuple[Volume, ...]) -> tuple[TextClaim, ...]:
    """Voxel sizes that the words of an entry tell of its volumes: an image set's own words, and the title where there is one set."""
    stated = entry["experiment_type"].text()
    if stated and not VOLUME_TECHNIQUES & set(_lookup.techniques(stated)):
        return ()
    title: list[Any] = [entry["title"]] if len(volumes) == 1 else []
    listed = [one for one in entry["imagesets"] if isinstance(one.value, dict)] or [Cursor(None, "", entry.path, [])]
    found: list[TextClaim] = []
    for volume, one in zip(volumes, listed, strict=True):
        if stated and volume.kind != "volume":
            continue
        texts = [one[key] for key in ("details", "name", "directory", "micrographs_file_pattern")] + title
        found += _textual.claims(texts, volume)
    return tuple(found)
