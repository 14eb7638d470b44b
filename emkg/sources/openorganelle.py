"""OpenOrganelle: whole cells and tissues by FIB-SEM and TEM at Janelia, with segmentations of their organelles.

A dataset is told twice in its repository (README): the folder ``metadata/<id>/`` holds metadata.json and a file for each source
(array), and ``api/<id>/manifest.json`` is made from these; both are read as one record. The metadata have no licence; the data
are CC-BY-4.0, as the Registry of Open Data on AWS says (https://registry.opendata.aws/janelia-cosem/).
The schema (schemas/manifest.schema.json) demands a number for every setting of the instrument, so a 0 says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

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
    Paper,
    Record,
    Sample,
    Triplet,
    Volume,
)
from emkg.sources import _lookup
from emkg.sources._arrays import along, distinct, mirrored, signed_length, whole
from emkg.sources._base import Repository
from emkg.sources._files import files_below, parse_json, read_text, shown
from emkg.sources._live import PublicFiles
from emkg.sources._openorganelle_example import EXAMPLE
from emkg.stated import Day, Number, Text, composed, joined

LICENCE = Curie("cc:by/4.0/")
SEGMENTED = "Segmentations"
"""The title of the DOI under which a dataset's segmentations are deposited."""
PAGES = "https://openorganelle.janelia.org/datasets/"
_FEWEST_VOXELS = 100
"""Along an axis: an extent of fewer has the wrong unit (jrc_fly-mb-z0419-20 is "120 nm" wide, with voxels of 4 nm)."""
_IMAGED_BY = re.compile(r"(.+?) data\b", re.IGNORECASE)
_TYPE_IN_NAME = re.compile(r"-(u?int\d{1,2}|float\d{2})$", re.ASCII)
_CITED = re.compile(r"(.+?),? ((?:19|20)\d\d)", re.ASCII)
_ROLES = {"em": "rawImage", "segmentation": "segmentation", "prediction": "processedImage", "lm": "processedImage"}


class OpenOrganelle(Repository):
    """The datasets of OpenOrganelle by the metadata of its site."""

    name = "openorganelle"
    title = "OpenOrganelle"
    homepage = "https://openorganelle.janelia.org/"
    licence = ""
    resource = "openorganelle"
    states = (
        *("title", "species", "tissue", "cell line", "treatment", "voxel size", "extent", "technique", "instrument settings"),
        *("licence", "institution", "DOI", "paper", "arrays with their place", "segmentations", "meshes"),
    )  # fmt: skip
    lacks = ("people", "grants", "dates of release", "grid", "file size")
    example: ClassVar[Record] = Record("jrc_hela-2", "api/jrc_hela-2/manifest.json", "", EXAMPLE)
    public: ClassVar[PublicFiles | None] = PublicFiles("janelia-cellmap/fibsem-metadata", "master", ("metadata", "api"))

    def records(self, path: Path) -> Iterator[Record | Fault]:
        """A record for each dataset, of all its files."""
        named: dict[str, list[Path]] = {}
        for file in files_below(path, "manifest.json", "metadata.json"):
            named.setdefault(file.parent.name, []).append(file)
        for key in sorted(named):
            yield from _gathered(key, named[key], path)

    def datasets(self, record: Cursor, key: str) -> Iterator[Dataset]:
        """A dataset with one volume; its arrays are access points."""
        about = record["metadata"]
        title, name = about["title"].text(), about["id"].text() or record["name"].text()
        slug = f"openorganelle-{slugify(name or key)}"
        if title is None or slug.endswith("-"):
            (about if record["metadata"] else record).fault("no title" if title is None else "no usable identifier")
            return
        sources = [source for _, source in record["sources"].items()]
        volume = Volume(
            slug,
            title,
            voxel=_voxel(about["imaging"]["gridSpacing"]),
            extent=_extent(about["imaging"]),
            sample=_sample(slug, about["sample"], sources),
            acquisition=_acquisition(slug, about["imaging"], _techniques(sources)),
            stated_species=joined(", ", about["sample"]["organism"].texts()),
            stated_region=joined(", ", _places(about["sample"])),
            stated_technique=joined(", ", _techniques(sources)),
        )
        page = f"{PAGES}{name}" if name and re.fullmatch(r"[\w.-]+", name, re.ASCII) else ""
        dois = [(one["href"] if one["href"] else one["DOI"], _what(one["title"])) for one in about["DOI"]]
        deposit = Deposit(
            self.resource,
            identifiers=(name,) if name else (),
            doi=next((doi for place, word in dois if word != SEGMENTED and (doi := _doi(place))), ""),
            landing_page=page,
            licence=LICENCE,
            institutions=_institutions(about),
            related=tuple(dict.fromkeys(url for place, word in dois if word == SEGMENTED and (url := place.url()))),
        )  # fmt: skip
        yield Dataset(
            slug,
            title,
            alternative_titles=(name,) if name and name != title else (),
            volumes=(volume,),
            access_points=(*_page(slug, page), *_access_points(slug, about, sources)),
            papers=tuple(_papers(slug, about["publications"])),
            deposit=deposit,
        )


def _gathered(key: str, files: list[Path], root: Path) -> Iterator[Record | Fault]:
    """The one record of a dataset: its manifest, or, where that is not there or not made anew, what its folder holds."""
    manifest: Any = None
    folder: Any = None
    for file in files:
        name = shown(file, root)
        value = _json(file, name)
        if isinstance(value, Fault):
            yield value
        elif file.name == "manifest.json" or (isinstance(value, dict) and "metadata" in value):
            manifest = name, value
        else:
            folder = shown(file.parent, root) if file.parent != root else name, {"name": key, "metadata": value}
            sources: dict[str, Any] = {}
            for one in sorted((file.parent / "sources").glob("*.json")):
                source = _json(one, shown(one, root))
                if isinstance(source, Fault):
                    yield source
                else:
                    sources[one.stem] = source
            folder[1]["sources"] = sources
    if manifest and (folder is None or _same(manifest[1], folder[1])):
        yield Record(key, manifest[0], "", manifest[1])
    elif folder:
        yield Record(key, folder[0], "", folder[1])


def _json(file: Path, name: str) -> Any:
    text = read_text(file, name)
    return text if isinstance(text, Fault) else parse_json(text, name)


def _same(manifest: Any, folder: dict[str, Any]) -> bool:
    """Whether the manifest says all that the folder says."""
    return isinstance(manifest, dict) and all(manifest.get(part) == folder[part] for part in ("metadata", "sources"))


def _what(title: Cursor) -> str:
    """What a DOI is of; the metadata write "Segementations" once."""
    return (title.text() or "").replace("Segementations", SEGMENTED)


def _institutions(about: Cursor) -> tuple[Text, ...]:
    """The institutions of the dataset, and that of the imaging unless it is the short form of one of these."""
    stated = about["institution"].texts()
    imaged = about["imaging"]["institution"].texts()
    return (*stated, *(one for one in imaged if not any(one in name for name in stated)))


def _doi(place: Cursor) -> Text | None:
    return place.doi() if isinstance(place.value, str) else None


def _voxel(spacing: Cursor) -> Triplet | None:
    unit = spacing["unit"].text() or ""
    return whole(along("xyz", [spacing["values"][axis].length(unit) for axis in "xyz"]))


def _extent(imaging: Cursor) -> Triplet | None:
    """The extent in µm; as stated only, where its unit cannot be the right one."""
    place, spacing = imaging["dimensions"], _voxel(imaging["gridSpacing"])
    unit = place["unit"].text() or ""
    lengths = [place["values"][axis].length(unit) for axis in "xyz"]
    x, y, z = lengths
    if x is None or y is None or z is None:
        return None
    steps = (spacing.x, spacing.y, spacing.z) if spacing else (None, None, None)
    if any(step and length < step * _FEWEST_VOXELS for step, length in zip(steps, (x, y, z), strict=True)):
        place.fault(f"an extent of fewer than {_FEWEST_VOXELS} voxels: its unit cannot be right")
        words = [Text(str(place["values"][axis].value), place["values"][axis].at) for axis in "xyz"]
        return Triplet(None, None, None, as_stated=composed(joined(" × ", words), " ", place["unit"].text() or ""))
    return Triplet(x.scaled("0.001"), y.scaled("0.001"), z.scaled("0.001"))


def _sample(slug: str, place: Cursor, sources: list[Cursor]) -> Sample:
    """Species, kind and treatment; the subtype is a line or type of cells, or a part of the body, as the words tell."""
    kinds, subtypes = place["type"].texts(), place["subtype"].texts()
    taxa = {taxon for word in place["organism"].texts() if (taxon := _lookup.taxon(word))}
    known = {one for word in kinds if (one := _lookup.sample_kind(word))}
    lines = {word: line for word in subtypes if (line := _lookup.one("cell", "cell_line", word))}
    types = {word: kind for word in subtypes if (kind := _lookup.one("cell", "cell_type", word))}
    regions = [region for word in _places(place) for region in _lookup.regions(word)]
    imaged = [one["description"].text() for one in sources if one["contentType"].text() == "segmentation"]
    structures, others = _lookup.structures(word for word in imaged if word)
    return Sample(
        slug,
        taxon=taxa.pop() if len(taxa) == 1 else None,
        regions=tuple(dict.fromkeys(regions)),
        kind=known.pop() if len(known) == 1 else "",
        cell_types=tuple(dict.fromkeys(types.values())),
        cell_lines=tuple(dict.fromkeys(lines.values())),
        named=tuple(Concept(term, word) for word, term in (lines | types).items()),
        stated_cell_types=subtypes if _lookup.sample_kind(kinds[0] if kinds else None) == "cell" else (),
        structures=structures,
        stated_structures=others,
        stated_kinds=kinds,
        treatments=place["treatment"].texts(),
    )


def _places(sample: Cursor) -> tuple[Text, ...]:
    """The subtypes of a piece of tissue: the parts of the body that it is from."""
    tissue = any(_lookup.sample_kind(word) == "tissueSample" for word in sample["type"].texts())
    return sample["subtype"].texts() if tissue else ()


def _techniques(sources: list[Cursor]) -> tuple[Text, ...]:
    """The technique that the descriptions of the raw images name: "FIB-SEM Data (compressed)"."""
    raw = (one["description"].text() for one in sources if one["contentType"].text() == "em")
    found = ((words, _IMAGED_BY.match(words)) for words in raw if words)
    return tuple(dict.fromkeys(Text(match[1], words.at) for words, match in found if match))


def _acquisition(slug: str, place: Cursor, techniques: tuple[Text, ...]) -> Acquisition:
    """The settings: V, MHz, nA, eV, days. Where none of them is stated, a first of January stands for a year, not for a day."""
    settings: list[Number | None] = [place[name].number() for name in ("scanRate", "current", "primaryEnergy")]
    rate, current, energy = settings
    day: Day | None = place["startDate"].day()
    if day and day.endswith("-01-01") and not any(settings):
        day = None
    return Acquisition(
        slug,
        techniques=tuple(dict.fromkeys(term for word in techniques for term in _lookup.techniques(word))),
        landing_energy=energy,
        bias_voltage=place["biasVoltage"].number(),
        beam_current=current,
        scan_rate=rate,
        acquisition_days=place["duration"].number(),
        start_date=day,
    )


def _page(slug: str, page: str) -> Iterator[AccessPoint]:
    if page:
        yield AccessPoint(f"{slug}-dataset-page", page, role="landingPage", host=_lookup.host(page))


def _access_points(slug: str, about: Cursor, sources: list[Cursor]) -> Iterator[AccessPoint]:
    """The picture, and each array and mesh."""
    arrays = [(one, "") for one in sources]
    arrays += [(mesh, "mesh") for one in sources for mesh in one["subsources"]]
    named = [f"{one['name'].text() or ''} {kind}" for one, kind in arrays]
    for (one, kind), name in zip(arrays, distinct(named, slug), strict=True):
        if url := one["url"].url():
            yield _mesh(name, url, one) if kind else _array(name, url, one)
    if picture := about["thumbnailURL"].url():
        yield AccessPoint(f"{slug}-thumbnail-picture", picture, role="previewImage", host=_lookup.host(picture))


def _mesh(slug: str, url: Text, place: Cursor) -> AccessPoint:
    """A folder of meshes; their transform is one of vertices, not of voxels, and is not taken."""
    form = place["format"].text()
    return AccessPoint(
        slug,
        url,
        label=place["name"].text() or "",
        host=_lookup.host(url),
        role="meshes",
        file_format=_lookup.file_format(form),
        stated_file_format=form or "",
        licence=LICENCE,
    )


def _array(slug: str, url: Text, place: Cursor) -> AccessPoint:
    """An array and its place: the axes of the transform are named, their order is not always the same."""
    transform, form, name = place["transform"], place["format"].text(), place["name"].text()
    axes = [one.text() or "" for one in transform["axes"]]
    units = [one.text() or "nm" for one in transform["units"]] + ["nm"] * len(axes)
    lengths = {
        part: along(axes, [signed_length(transform[part][at], units[at]) for at in range(len(axes))])
        for part in ("scale", "translate")
    }
    scale, turned = mirrored(lengths["scale"])
    voxel_type = _TYPE_IN_NAME.search(name) if name else None
    container = re.search(r"\.(?:n5|zarr)/(.+)", url)
    content = place["contentType"].text() or ""
    label = place["sampleType"].text() == "label"
    return AccessPoint(
        slug,
        url,
        label=name or "",
        host=_lookup.host(url),
        role=_ROLES.get(content, "segmentation" if label else "processedImage"),
        file_format=_lookup.file_format(form),
        stated_file_format=form or "",
        voxel_type=_lookup.voxel_type(voxel_type[1]) if voxel_type else "",
        scale=scale,
        translation=lengths["translate"],
        mirrored_axes=tuple(Text(axis, transform["scale"].at) for axis in turned),
        axes=joined(" ", transform["axes"].texts()),
        array_path=Text(container[1], url.at) if container else "",
        licence=LICENCE,
    )


def _papers(slug: str, place: Cursor) -> Iterator[Paper]:
    """The publications, each an address with the short form of a citation ("Xu et al., 2021"), or a bare text."""
    for number, one in enumerate(place, 1):
        where = one["href"] if isinstance(one.value, dict) else one
        doi = _doi(where)
        url = where.url() if not doi and isinstance(where.value, str) and "://" in where.value else None
        if not doi and not url:
            continue
        words = one["title"].text() if isinstance(one.value, dict) else None
        cited = _CITED.fullmatch(words) if words else None
        yield Paper(
            f"{slug}-paper-{number}",
            doi=doi or "",
            url=url or "",
            authors_as_stated=Text(cited[1], words.at) if cited and words else "",
            year=one["title"].year() if cited else None,
        )
