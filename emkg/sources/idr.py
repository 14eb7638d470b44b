"""The Image Data Resource: those experiments of its studies that are of electron microscopy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from emkg.cursor import Cursor
from emkg.ids import slugify
from emkg.model import (
    AccessPoint,
    Acquisition,
    Concept,
    Curie,
    Dataset,
    Deposit,
    Fault,
    Images,
    Paper,
    Person,
    Record,
    Sample,
    Volume,
)
from emkg.sources import _lookup
from emkg.sources._base import Repository
from emkg.sources._files import files_below, read_text, shown
from emkg.sources._idr_example import EXAMPLE
from emkg.sources._idr_sheet import accession_of, containers, sheet
from emkg.sources._live import Fetch
from emkg.sources._people import distinct, person
from emkg.sources._techniques import settled
from emkg.stated import Number, Text, Whole, composed, joined

_STUDY = re.compile(r"idr\d{4}", re.ASCII)
_COUNT = re.compile(r"Images:\s*(\d+)", re.ASCII)
_AVERAGE = re.compile(r"Dimension[^:]*:\s*([\d., x]+\d)", re.ASCII)
_LIST = "idr.openmicroscopy.org/HEAD/_data/studies.tsv"
_PAGES = "https://idr.openmicroscopy.org/study/"
_VIEWER = "https://idr.openmicroscopy.org/webclient/?show="


class Idr(Repository):
    """Study sheets (idr….txt: a key and its values, parted by tabs, on each line), with the list of containers (studies.tsv)."""

    name = "idr"
    title = "Image Data Resource"
    homepage = "https://idr.openmicroscopy.org/"
    licence = ""  # each study states its own
    resource = "idr"
    api = "https://raw.githubusercontent.com/IDR/"
    states = (
        *(
            "title",
            "species",
            "technique",
            "sample kind",
            "number of images",
            "size in bytes",
            "licence",
            "DOI",
            "paper",
        ),
        *("people", "release date", "accession in the BioImage Archive"),
    )
    lacks = ("voxel size", "exact size in voxels", "tissue", "instrument")
    example = EXAMPLE

    def records(self, path: Path) -> Iterator[Record | Fault]:
        """A record for each study: of its sheet, and of its containers in the list."""
        listed: dict[str, list[dict[str, str]]] = {}
        sheets: dict[str, tuple[str, dict[str, Any]]] = {}
        for file in files_below(path, "studies.tsv", "*-study.txt"):
            name = shown(file, path)
            text = read_text(file, name)
            if isinstance(text, Fault):
                yield text
            elif file.suffix == ".tsv":
                yield from containers(text, name, listed)
            else:
                body = sheet(text)
                sheets[accession_of(body) or file.stem] = name, body
        for key in sorted(listed | sheets):
            name, body = sheets.get(key, ("studies.tsv", {}))
            yield Record(key, name, "", body | {"containers": listed.get(key, [])})

    def live(self, fetch: Fetch) -> Iterator[Record | Fault]:
        """The list, and of each study in it the sheet in its own repository; of older studies, in one for all of them.

        https://github.com/IDR/idr-metadata
        """
        listed: dict[str, list[dict[str, str]]] = {}
        answer = fetch(_LIST)
        yield from [answer] if isinstance(answer, Fault) else containers(answer.text, _LIST, listed)
        for key in sorted(listed):
            yield _fetched(fetch, key, listed[key])

    def datasets(self, record: Cursor, key: str) -> Iterator[Dataset]:
        """A dataset for each experiment or screen of electron microscopy."""
        study, accession = record["study"], record["study"]["Comment[IDR_Study_Accession]"][0].text()
        if accession is None or not _STUDY.fullmatch(accession):
            record["study"].fault("no study sheet with an accession, so that the imaging methods are not known")
            return
        found = [(part, way) for part in record["parts"] if (way := _methods(part))]
        if not found:
            record["parts"].fault("no mode of electron microscopy")
        slugs = set[str]()
        for part, way in found:
            name = part["Comment[IDR_Experiment_Name]"][0].text() or part["Comment[IDR_Screen_Name]"][0].text()
            slug = f"idr-{slugify(name.removeprefix('idr'))}" if name else ""
            if not name or not name.startswith(accession) or slug in slugs:
                part.fault("no name of its own")
                continue
            slugs.add(slug)
            yield _dataset(record, part, name, slug, way, alone=len(found) == 1)
        if found and study["Study_Title"][0].text() is None:
            study.fault("no title")


def _fetched(fetch: Fetch, key: str, rows: list[dict[str, str]]) -> Record | Fault:
    """A study's sheet, at the first of the addresses that has it; the fault of the last, where none has."""
    study = rows[0]["Study"]
    fault = Fault(key, 0, 0, "no study sheet")
    for address in (f"{study}/HEAD/{key}-study.txt", f"idr-metadata/HEAD/{study}/{key}-study.txt"):
        answer = fetch(address)
        if not isinstance(answer, Fault):
            return Record(key, address, "", sheet(answer.text) | {"containers": rows})
        fault = answer
    return fault


def _of(part: Cursor, key: str) -> Cursor:
    """The values of a key, which begins with the kind of the part: of an experiment, else of a screen."""
    found = part[f"Experiment_{key}"]
    return found if found else part[f"Screen_{key}"]


def _methods(part: Cursor) -> tuple[tuple[Curie, ...], tuple[Concept, ...]] | None:
    """Technique classes with the term they come from; None for what is no electron microscopy.

    A comment may name a narrower technique than the method, for which the sheet's vocabulary has no term.
    """
    terms = [_lookup.term(one.text()) for one in _of(part, "Imaging_Method_Term_Accession")]
    labels = [one.text() for one in _of(part, "Imaging_Method")]
    found = [name for word in (*terms, *labels) for name in _lookup.techniques(word)]
    if not found:
        return None
    comment = _of(part, "Comments")[0].text()
    found += _lookup.techniques(comment.split(",")[0].strip()) if comment else ()
    named = [Concept(term, label) for term, label in zip(terms, labels, strict=False) if term and label]
    return settled(found, part), tuple(one for one in named if _lookup.techniques(one.term))


def _dataset(
    record: Cursor,
    part: Cursor,
    name: Text,
    slug: str,
    way: tuple[tuple[Curie, ...], tuple[Concept, ...]],
    *,
    alone: bool,
) -> Dataset:
    study = record["study"]
    stated = study["Study_Title"][0].text()
    title = composed(stated, " (", name, ")") if stated else name
    accession = study["Comment[IDR_Study_Accession]"][0].text() or name
    container = _container(record, name)
    images = _images(part, container)
    sample, words = _sample(part, study, slug)
    deep = _depth(images.stated_grid) > 1
    return Dataset(
        slug,
        title,
        volumes=(
            Volume(
                slug,
                title,
                sample=sample,
                acquisition=Acquisition(slug, way[0], way[1]),
                kind="volume" if deep else "image-set",
                multiplicity=images.count if deep and images.count and images.count > 1 else None,
                stated_species=words or "",
                images=images,
            ),
        ),
        access_points=tuple(_viewer(container, slug)),
        papers=tuple(_papers(study, slug)),
        deposit=_deposit(study, part, container, (name, accession) if alone else (name,), accession),
    )


def _viewer(container: Cursor, slug: str) -> Iterator[AccessPoint]:
    """The images of an experiment or screen in the archive's own viewer."""
    number = container["Internal_ID"].whole()
    if number is not None:
        kind = "screen-" if str(container["Container"].value).startswith("screen") else "project-"
        url = composed(_VIEWER, kind, number)
        yield AccessPoint(f"{slug}-viewer", url, role="viewer", host=_lookup.host(url))


def _container(record: Cursor, name: Text) -> Cursor:
    """The row of the list for an experiment: its internal identifier, images and bytes."""
    for one in record["containers"]:
        if f"{one['Study'].value}/{one['Container'].value}" == name:
            return one
    return record["containers"]["none"]


def _images(part: Cursor, container: Cursor) -> Images:
    """The number of images, by the list, else by the sheet; and their size, of which only the average is known."""
    count, average = container["5D_Images"].whole(), container["Avg._Image_Dim_(XYZCT)"].text()
    for place in _of(part, "Size"):
        words = place.text() or Text("")
        number, size = _COUNT.search(words), _AVERAGE.search(words)
        if number and count is None and int(number[1]):
            count = Whole(int(number[1]), words.at)
        if size and average is None:
            average = Text(size[1], words.at)
    return Images(count=count, stated_grid=composed("average ", average) if average else "")


def _depth(words: str) -> float:
    """The third of the numbers in an average size (x, y, z, …); 0 where there are not three."""
    numbers = re.findall(r"\d+(?:\.\d+)?", words)
    return float(numbers[2]) if len(numbers) >= 3 and len(numbers[2]) < 20 else 0.0


def _sample(part: Cursor, study: Cursor, slug: str) -> tuple[Sample, Text | None]:
    """The organism, by NCBI's number where there is one organism; else the names as words."""
    names, numbers = _of(part, "Organism"), _of(part, "Organism_Term_Accession")
    if not names:
        names, numbers = study["Study_Organism"], study["Study_Organism_Term_Accession"]
    words = names.texts()
    terms = [_taxon(one) for one in numbers]
    taxon = terms[0] if len(words) == len(terms) == 1 else _lookup.taxon(words[0]) if len(words) == 1 else None
    named = (Concept(taxon, words[0]),) if taxon and terms and terms[0] else ()
    kinds = _of(part, "Sample_Type").texts()
    known = _lookup.sample_kind(kinds[0]) if len(kinds) == 1 else ""
    sample = Sample(slug, taxon=taxon, named=named, kind=known, stated_kinds=() if known else kinds)
    return sample, joined("; ", words) if words and not taxon else None


def _taxon(place: Cursor) -> Curie | None:
    """NCBI's number, bare or behind its prefix (9606, NCBITaxon_9606)."""
    words = place.text()
    found = _lookup.term(f"NCBITaxon:{words}" if words and words.isdigit() and words.isascii() else words)
    return found if found and found.startswith("NCBITaxon:") else None


def _papers(study: Cursor, slug: str) -> Iterator[Paper]:
    titles, dois, numbers = study["Study_Publication_Title"], study["Study_DOI"], study["Study_PubMed_ID"]
    for index in range(max(len(list(one)) for one in (titles, dois, numbers))):
        doi, title, number = dois[index].doi(), titles[index].text(), numbers[index].text()
        pubmed = number if number and number.isdigit() and number.isascii() else ""
        if doi or title or pubmed:
            authors = study["Study_Author_List"][index].text()
            yield Paper(
                f"{slug}-paper-{index + 1}",
                title or "",
                doi=doi or "",
                pubmed_id=pubmed,
                authors_as_stated=authors or "",
            )


def _people(study: Cursor) -> Iterator[Person]:
    last, first, orcids = (study[f"Study_Person_{field}"] for field in ("Last_Name", "First_Name", "ORCID"))
    for index in range(len(list(last))):
        family, given = last[index].text(), first[index].text()
        made = (
            person(composed(given, " ", family) if given else family, orcids[index].orcid() or "") if family else None
        )
        if made:
            yield made


def _deposit(study: Cursor, part: Cursor, container: Cursor, identifiers: tuple[Text, ...], accession: Text) -> Deposit:
    words = study["Study_License"][0].text()
    licence = _lookup.licence(study["Study_License_URL"][0].text()) or _lookup.licence(words)
    size, alone = container["Size"].number(), accession in identifiers
    archived = study["Study_BioImage_Archive_Accession"][0].text()
    address = study["Study_External_URL"][0]
    external = address.url() if "://" in str(address.value) else None
    others = () if alone else (accession,)
    return Deposit(
        "idr",
        identifiers=identifiers,
        doi=_of(part, "Data_DOI")[0].doi() or study["Study_Data_DOI"][0].doi() or "",
        landing_page=composed(_PAGES, accession, "/") if alone else "",  # the page is of the whole study
        licence=licence,
        stated_licence="" if licence else words or "",
        issued=study["Study_Public_Release_Date"][0].day(),
        creators=distinct(_people(study)),
        byte_size=_whole(size),
        related=(external,) if external else (),
        related_accessions=(*others, *((archived,) if archived else ())),
    )


def _whole(size: Number | None) -> Whole | None:
    return Whole(int(size), size.at) if size is not None and size >= 1 else None
