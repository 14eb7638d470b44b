"""webKnossos: public datasets and publications of webknossos.org, by its REST API.

``GET /api/publications`` answers all publications with their datasets, ``GET /api/datasets`` the names of public datasets and
``GET /api/datasets/{id}`` one of them. The fields are those that the server writes (scalableminds/webknossos 0114e09:
app/models/dataset/Publication.scala and DatasetService.scala, ``publicWrites``): older servers give the voxel size as three
numbers, newer ones as factor and unit; ``details`` became ``metadata``, a list of keys and values. A new dataset comes with the
words "species name", "brain region" and "acquisition method", which nobody filled in. Descriptions are prose: only the DOIs in
them are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from emkg.cursor import Cursor
from emkg.ids import slugify
from emkg.model import AccessPoint, Acquisition, Dataset, Deposit, Fault, Paper, Record, Sample, Triplet, Volume
from emkg.sources import _lookup
from emkg.sources._arrays import along, distinct, whole
from emkg.sources._base import Repository
from emkg.sources._files import files_below, parse_json, read_text, shown
from emkg.sources._live import Answer, Fetch
from emkg.stated import Day, Text, Whole, composed

SITE = "https://webknossos.org"
_UNTOUCHED = {"species name", "brain region", "acquisition method"}
"""What a new dataset comes with (DatasetService.createDataset)."""
_LIGHT = re.compile(
    r"\b(light|confocal|fluorescen\w+|two-photon|2p|x-?ray|tomograph\w* by x|mri|histolog\w+)\b", re.IGNORECASE
)
_ELECTRONS = re.compile(r"electron|\b(sb-?f?-?sem|sbem|sem|tem|em|fib-?sem|atum)\b", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/[^\s()\[\]<>\"']+", re.ASCII)
_PATH = re.compile(r"[\w.-]+", re.ASCII)


class WebKnossos(Repository):
    """The datasets of the publications of webknossos.org, and its other public ones."""

    name = "webknossos"
    title = "webKnossos"
    homepage = "https://webknossos.org/"
    licence = ""
    resource = "webknossos"
    states = (
        *("title", "species", "brain region", "technique", "voxel size", "grid", "layers", "voxel type", "publication"),
        *("paper", "keywords"),
    )  # fmt: skip
    lacks = ("licence", "people", "grants", "file size", "instrument")
    # A publication, its dataset and the size of its layer as the samples of ome2024-ngff-challenge name them (6571a5e).
    example: ClassVar[Record] = Record(
        "MPI_Brain_Research/Mk1_F6_L23_JS_segmentation_v2_typ_soma_excl",
        "publications",
        "",
        {
            "publication": {"id": "62b979370e130578529d66ca"},
            "dataset": {
                "name": "Mk1_F6_L23_JS_segmentation_v2_typ_soma_excl",
                "owningOrganization": "MPI_Brain_Research",
                "dataStore": {"url": "https://demo.data2-brain.esc.rzg.mpg.de"},
                "dataSource": {
                    "dataLayers": [
                        {
                            "name": "color",
                            "category": "color",
                            "boundingBox": {"width": 18250, "height": 22896, "depth": 3380},
                        }
                    ]
                },
            },
        },
    )
    api: ClassVar[str] = "https://webknossos.org/api/"

    def records(self, path: Path) -> Iterator[Record | Fault]:
        """The datasets in saved answers: of publications, of one publication, or of one dataset."""
        for file in files_below(path, "*.json"):
            name = shown(file, path)
            text = read_text(file, name)
            body = text if isinstance(text, Fault) else parse_json(text, name)
            yield from [body] if isinstance(body, Fault) else _of_answer(body, name)

    def live(self, fetch: Fetch) -> Iterator[Record | Fault]:
        """The datasets of all publications, then the public datasets that are in none."""
        met: set[str] = set()
        for record in _of(fetch("publications"), "publications"):
            if isinstance(record, Record):
                met.add(str(Cursor(record.body, "", "", [])["dataset"]["id"].value))
            yield record
        listed = _body(fetch("datasets", params={"isActive": "true"}), "datasets")
        if isinstance(listed, Fault) or not isinstance(listed, list):
            yield listed if isinstance(listed, Fault) else Fault("datasets", 0, 0, "no list", str(listed)[:200])
            return
        for number in range(len(listed)):
            identifier = Cursor(listed, "", "datasets", [])[number]["id"].value
            if isinstance(identifier, str) and identifier and identifier not in met:
                address = f"datasets/{quote(identifier, safe='', errors='replace')}"
                yield from _of(fetch(address), address)

    def datasets(self, record: Cursor, key: str) -> Iterator[Dataset]:
        """A dataset with one volume, its layers as access points."""
        about, published = record["dataset"], record["publication"]
        name, organisation = about["name"].text(), about["owningOrganization"].text()
        slug = "-".join(("webknossos", *filter(None, (slugify(organisation or ""), slugify(name or "")))))
        if name is None or not slugify(name):
            about.fault("no name")
            return
        told = {word: _told(about, word) for word in ("species", "brainRegion", "acquisition")}
        acquired = told["acquisition"]
        if acquired and _LIGHT.search(acquired) and not _ELECTRONS.search(acquired):
            about.fault("it says that it was not imaged by electrons")
            return
        layers = [one for one in about["dataSource"]["dataLayers"] if isinstance(one.value, dict)]
        voxel = whole(_voxel(about["dataSource"]["scale"]))
        volume = Volume(
            slug,
            name,
            voxel=voxel,
            grid=_grid(layers),
            sample=_sample(slug, told) if told["species"] or told["brainRegion"] else None,
            acquisition=Acquisition(slug, techniques=_lookup.techniques(acquired)),
            stated_species=told["species"] or "",
            stated_region=told["brainRegion"] or "",
            stated_technique=acquired or "",
        )
        yield Dataset(
            slug,
            name,
            volumes=(volume,),
            access_points=tuple(_access_points(slug, about, layers, voxel)),
            papers=tuple(_papers(slug, published, about)),
            deposit=_deposit(about, published, name, organisation),
        )


def _of_answer(body: Any, name: str) -> Iterator[Record | Fault]:
    """A record for each dataset of an answer; raises nothing for what is no answer."""
    given = list(enumerate(body)) if isinstance(body, list) else [(None, body)]
    for number, one in given:
        place = f"/{number}" if number is not None else ""
        if not isinstance(one, dict):
            yield Fault(f"{name}#{place}", 0, 0, "neither a publication nor a dataset", str(one)[:200])
        elif isinstance(one.get("datasets"), list):
            about = {part: value for part, value in one.items() if part not in ("datasets", "annotations")}
            for dataset in one["datasets"]:
                yield Record(_key(dataset), name, "", {"publication": about, "dataset": dataset})
        elif isinstance(one.get("dataset"), dict):
            yield Record(_key(one["dataset"]), name, place, one)
        else:
            yield Record(_key(one), name, "", {"publication": {}, "dataset": one})


def _of(answer: Answer | Fault, name: str) -> Iterator[Record | Fault]:
    body = _body(answer, name)
    yield from [body] if isinstance(body, Fault) else _of_answer(body, name)


def _body(answer: Answer | Fault, name: str) -> Any:
    return answer if isinstance(answer, Fault) else parse_json(answer.text, name)


def _key(dataset: Any) -> str:
    about = Cursor(dataset, "", "", [])
    parts = [about[part].text() for part in ("owningOrganization", "name")]
    return "/".join(part for part in parts if part) or str(about["id"].value or "a dataset without a name")


def _told(about: Cursor, word: str) -> Text | None:
    """What the metadata say under a key, in either of their forms, unless nobody filled it in."""
    places = [one["value"] for one in about["metadata"] if one["key"].value == word] + [about["details"][word]]
    found = (place.text() for place in places if isinstance(place.value, str))
    return next((text for text in found if text and text.casefold() not in _UNTOUCHED), None)


def _sample(slug: str, told: dict[str, Text | None]) -> Sample:
    return Sample(slug, taxon=_lookup.taxon(told["species"]), regions=_lookup.regions(told["brainRegion"]))


def _voxel(scale: Cursor) -> Triplet | None:
    """The voxel size: three numbers of nanometres, or three with their unit."""
    newer = isinstance(scale.value, dict)
    lengths, unit = (scale["factor"], scale["unit"].text() or "") if newer else (scale, "nm")
    return along("xyz", [lengths[number].length(unit) for number in range(3)])


def _grid(layers: list[Cursor]) -> Triplet | None:
    """The size of the layer of images, which is that of the dataset."""
    box = next((one["boundingBox"] for one in layers if one["category"].value == "color"), None)
    sizes: list[Whole | None] = [box[side].whole() for side in ("width", "height", "depth")] if box else []
    return Triplet(*sizes) if len(sizes) == 3 and all(sizes) else None  # type: ignore[arg-type]


def _access_points(slug: str, about: Cursor, layers: list[Cursor], scale: Triplet | None) -> Iterator[AccessPoint]:
    """The viewer, and each layer at the address at which its data store streams it as OME-Zarr (as in the samples above)."""
    store, organisation = about["dataStore"]["url"].url(), about["owningOrganization"].text()
    folder = about["directoryName"].text() or about["name"].text()
    safe = organisation and folder and _PATH.fullmatch(organisation) and _PATH.fullmatch(folder)
    identifier = about["id"].text()
    if identifier and re.fullmatch(r"[0-9a-f]{24}", identifier) and safe:
        page = f"{SITE}/datasets/{folder}-{identifier}"
        yield AccessPoint(f"{slug}-viewer-page", page, label=identifier, role="viewer", host="webknossos")
    named = [(one, name) for one in layers if (name := one["name"].text()) and _PATH.fullmatch(name)]
    for (one, name), made in zip(named, distinct([name for _, name in named], slug), strict=True):
        if not store or not safe:
            continue
        datatype = one["elementClass"].text()
        url = f"{store.rstrip('/')}/data/zarr3_experimental/{organisation}/{folder}/{name}"
        yield AccessPoint(
            made,
            url,
            label=name,
            host=_lookup.host(url),
            role="segmentation" if one["category"].value == "segmentation" else "rawImage",
            file_format="formatOMEZarr",
            voxel_type=_lookup.voxel_type(datatype),
            stated_voxel_type=datatype or "",
            scale=scale,
        )


def _papers(slug: str, published: Cursor, about: Cursor) -> Iterator[Paper]:
    """The papers whose DOIs stand in the descriptions of the publication and the dataset."""
    found: dict[str, Text] = {}
    for place in (published["description"], about["description"]):
        text = place.value if isinstance(place.value, str) else ""
        for match in _DOI.finditer(text[:20_000]):
            doi = Cursor(match[0], place.at, place.path, place.faults).doi()
            if doi:
                found.setdefault(doi, doi)
    for number, doi in enumerate(found.values(), 1):
        yield Paper(f"{slug}-paper-{number}", doi=doi)


def _deposit(about: Cursor, published: Cursor, name: Text, organisation: Text | None) -> Deposit:
    publication = published["id"].text()
    page = f"{SITE}/publications/{publication}" if publication and re.fullmatch(r"[0-9a-f]{24}", publication) else ""
    return Deposit(
        WebKnossos.resource,
        identifiers=(composed(organisation, "/", name) if organisation else name,),
        landing_page=page,
        issued=_day(published["publicationDate"]),
        keywords=about["tags"].texts(),
    )


def _day(place: Cursor) -> Day | None:
    """The day of a time in milliseconds since 1970 (UTC), as the server writes it, or of a text."""
    if isinstance(place.value, str):
        return place.day()
    moment = place.whole()
    if moment is None:
        return None
    try:
        return Day(datetime.fromtimestamp(moment / 1000, UTC).date().isoformat(), place.at)
    except (ValueError, OverflowError, OSError):
        place.fault("no time of our calendar")
        return None
