"""NeuroMorpho.Org: neurons traced in electron micrographs, gathered by archive, species and paper."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar

from emkg.cursor import Cursor
from emkg.ids import slugify
from emkg.model import Acquisition, Count, Curie, Dataset, Deposit, Fault, Paper, Reconstruction, Record, Sample, Volume
from emkg.sources import _lookup
from emkg.sources._base import Repository
from emkg.sources._files import files_below, parse_json, read_text, shown
from emkg.sources._live import Fetch
from emkg.sources._techniques import GENERAL, settled
from emkg.stated import Day, Text, composed, joined

PAGE_SIZE = 500
"""Neurons for each page, the most that the API gives (https://neuromorpho.org/apiReference.html)."""
MOST_PAGES = 10_000
_METHOD_FIELDS = ("stain", "protocol", "objective_type", "experiment_condition")
_LISTED = (*_METHOD_FIELDS, "brain_region", "cell_type", "strain", "reference_doi", "reference_pmid", "scientific_name")
_ELECTRON = re.compile(r"\belectron microscop|\b(?:SB|SBF|FIB|ss|TE|SE|v)?[- ]?(?:TEM|SEM|EM)\b", re.IGNORECASE)
_PAGES = "https://neuromorpho.org/KeywordResult.jsp?keywords=%22"


class NeuroMorpho(Repository):
    """Neurons of the public API whose stain, protocol or objective is electron microscopy; a record for many of one origin."""

    name = "neuromorpho"
    title = "NeuroMorpho.Org"
    homepage = "https://neuromorpho.org/"
    licence = ""  # the API's answers state none
    resource = "neuromorpho-org"
    api = "https://neuromorpho.org/api/"
    states = ("archive", "species", "region", "cell type", "paper", "number of neurons", "stain or protocol", "date")
    lacks = ("voxel size", "extent", "people", "licence", "address of the images")
    example: ClassVar[Record] = (
        Record(  # of the documented shape; its archive and paper are not real (10.5072 is for tests)
            "Example mouse 10.5072/example",
            "neuron/select",
            "",
            {
                "archive": "Example",
                "species": "mouse",
                "scientific_name": ["Mus musculus"],
                "stain": ["electron microscopy"],
                "protocol": ["in vivo"],
                "objective_type": ["Not applicable"],
                "brain_region": ["retina", "inner plexiform layer"],
                "cell_type": ["bipolar", "principal cell"],
                "reference_doi": ["10.5072/example"],
                "upload_date": "2015-03-12",
                "neurons": 2,
                "complete": True,
            },
        )
    )

    def records(self, path: Path) -> Iterator[Record | Fault]:
        """The neurons in answers of the API that were saved as files, gathered."""
        gathered: dict[str, dict[str, Any]] = {}
        seen = set[str]()
        for file in files_below(path, "*.json"):
            name = shown(file, path)
            text = read_text(file, name)
            body = text if isinstance(text, Fault) else parse_json(text, name)
            if isinstance(body, Fault):
                yield body
            else:
                gather(gathered, _neurons(body), seen)
        yield from _records(gathered, complete=True)

    def live(self, fetch: Fetch) -> Iterator[Record | Fault]:
        """The neurons by each value of stain, protocol and objective that names electron microscopy, which the API itself lists.

        ``neuron/fields/{field}`` lists the values, ``neuron/select?q=field:"value"`` gives the neurons, page by page.
        """
        gathered: dict[str, dict[str, Any]] = {}
        seen = set[str]()
        complete = True
        for field in _METHOD_FIELDS:
            answer = fetch(f"neuron/fields/{field}")
            listed = answer if isinstance(answer, Fault) else answer.json()
            if isinstance(listed, Fault):
                complete = False
                yield listed
                continue
            for value in _electron(Cursor(listed, "", field, [])["fields"]):
                for page in _select(fetch, f'{field}:"{value.replace(chr(34), "")}"'):
                    if isinstance(page, Fault):
                        complete = False
                        yield page
                    else:
                        gather(gathered, _neurons(page), seen)
        yield from _records(gathered, complete=complete)

    def datasets(self, record: Cursor, key: str) -> Iterator[Dataset]:
        """A dataset for the neurons of one archive, species and paper; a neuron that is not of electron microscopy is none of ours."""
        archive, species = record["archive"].text(), record["species"].text()
        stated = _electron(*(record[field] for field in _METHOD_FIELDS))
        if archive is None:
            record["archive"].fault("no archive")
        elif not stated:
            record["stain"].fault("no mode of electron microscopy")
        elif not slugify(archive):
            record["archive"].fault("no name that an identifier can be made of")
        else:
            yield _dataset(record, archive, species, stated)


def _select(fetch: Fetch, query: str) -> Iterator[Any]:
    """The pages of a query; a page that cannot be had is a Fault and ends it."""
    for page in range(MOST_PAGES):
        answer = fetch("neuron/select", params={"q": query, "size": PAGE_SIZE, "page": page})
        body = answer if isinstance(answer, Fault) else answer.json()
        yield body
        if isinstance(body, Fault) or not _neurons(body):
            return
        total = Cursor(body, "", query, [])["page"]["totalPages"].whole()
        if total is None or page + 1 >= total:
            return


def _neurons(body: Any) -> list[Any]:
    """The neurons of an answer: a page of them, one alone, or a list."""
    if isinstance(body, dict) and "neuron_id" in body:
        return [body]
    if isinstance(body, dict):
        embedded = body.get("_embedded")
        body = embedded.get("neuronResources") if isinstance(embedded, dict) else None
    return body if isinstance(body, list) else []


def _electron(*places: Cursor) -> tuple[Text, ...]:
    """The words that name electron microscopy, by the crosswalk of techniques or because they say so."""
    words = (word for place in places for word in place.texts())
    return tuple(dict.fromkeys(word for word in words if _lookup.techniques(word) or _ELECTRON.search(word)))


def gather(gathered: dict[str, dict[str, Any]], neurons: Iterable[Any], seen: set[str]) -> None:
    """Adds neurons to those of their archive, species and papers; one that came before (by its number) is not counted again.

    >>> found: dict[str, dict[str, Any]] = {}
    >>> one = {"neuron_id": 7, "archive": "A", "species": "mouse", "reference_doi": ["10.1/x"], "stain": "electron microscopy"}
    >>> gather(found, [one, one], set())
    >>> [(key, body["neurons"]) for key, body in found.items()]
    [('A mouse 10.1/x', 1)]
    """
    for neuron in neurons:
        if not isinstance(neuron, dict):
            continue
        number = str(neuron.get("neuron_id"))
        if number in seen and neuron.get("neuron_id") is not None:
            continue
        seen.add(number)
        papers = sorted(
            {str(one).strip() for one in _list(neuron.get("reference_doi")) or _list(neuron.get("reference_pmid"))}
        )
        archive, species = str(neuron.get("archive") or "").strip(), str(neuron.get("species") or "").strip()
        key = " ".join((archive, species, *papers)).strip() or "without archive"
        body = gathered.setdefault(
            key, {"archive": neuron.get("archive"), "species": neuron.get("species"), "neurons": 0}
        )
        body["neurons"] += 1
        for field in _LISTED:
            known = body.setdefault(field, [])
            known += [one for one in _list(neuron.get(field)) if one not in known and len(known) < 200]
        days = [day for day in (body.get("upload_date"), neuron.get("upload_date")) if isinstance(day, str) and day]
        body["upload_date"] = min(days, default=None)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _records(gathered: dict[str, dict[str, Any]], *, complete: bool) -> Iterator[Record]:
    for key in sorted(gathered):
        yield Record(key, "neuron/select", "", gathered[key] | {"complete": complete})


def _dataset(record: Cursor, archive: Text, species: Text | None, stated: tuple[Text, ...]) -> Dataset:
    papers = tuple(_papers(record))
    slug = _slug(record, archive, species)
    title = composed("neurons of ", species, " in ", archive) if species else composed("neurons in ", archive)
    names = [name for words in stated for name in _lookup.techniques(words) or (GENERAL,)]
    regions = record["brain_region"].texts()
    sample = _sample(record, slug, species)
    volume = Volume(
        slug,
        title,
        sample=sample,
        acquisition=Acquisition(slug, settled(map(Curie, names), record["stain"])),
        stated_species=species if species and sample.taxon is None else "",
        stated_region=joined("; ", regions) if regions else "",
        stated_technique=joined("; ", stated),
    )
    number = record["neurons"].whole() if record["complete"].value is True else None
    counted = Count(f"{slug}-neurons", Curie("emkg:SkeletonTracing"), composed(number), number) if number else None
    day = record["upload_date"].day()
    page = Cursor(f"{_PAGES}{archive}%22", archive.at, record.path, record.faults).url()
    return Dataset(
        slug,
        title,
        volumes=(volume,),
        counts=(counted,) if counted else (),
        papers=papers,
        reconstructions=(Reconstruction(slug, title, "volume", slug),),
        deposit=Deposit(
            "neuromorpho-org", keywords=(archive,), landing_page=page or "", issued=day and Day(day, day.at)
        ),
    )


def _slug(record: Cursor, archive: Text, species: Text | None) -> str:
    """Archive and species, and what tells their papers from others': the slug of one, a digest of several."""
    papers = record["reference_doi"].texts() or record["reference_pmid"].texts()
    plain = slugify(papers[0]) if len(papers) == 1 else ""
    if papers and not plain:
        plain = hashlib.sha256(" ".join(sorted(papers)).encode()).hexdigest()[:8]
    parts = (slugify(archive), slugify(species or ""), plain)
    return "-".join(("neuromorpho", *(part for part in parts if part)))


def _papers(record: Cursor) -> Iterator[Paper]:
    """The papers by their DOIs; by their PubMed ids only where no DOI is stated, since which belongs to which is not said."""
    dois = tuple(dict.fromkeys(doi for one in record["reference_doi"] if (doi := one.doi())))
    for doi in dois:
        yield Paper(f"doi-{slugify(doi)}", doi=doi)
    for number in () if dois else record["reference_pmid"].texts():
        if number.isdigit() and number.isascii():
            yield Paper(f"pmid-{number}", pubmed_id=number)


def _sample(record: Cursor, slug: str, species: Text | None) -> Sample:
    names = record["scientific_name"].texts()
    taxon = (_lookup.taxon(names[0]) if len(names) == 1 else None) or _lookup.taxon(species)
    places = tuple(
        dict.fromkeys(region for words in record["brain_region"].texts() for region in _lookup.regions(words))
    )
    return Sample(
        slug,
        taxon=taxon,
        regions=places,
        strains=record["strain"].texts(),
        stated_cell_types=record["cell_type"].texts(),
    )
