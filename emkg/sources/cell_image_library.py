"""The Cell Image Library: micrographs and stacks of cells, annotated with terms of ontologies; a record for each image."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from emkg.cursor import Cursor
from emkg.ids import slugify
from emkg.model import AccessPoint, Acquisition, Concept, Curie, Dataset, Deposit, Fault, Paper, Record, Triplet, Volume
from emkg.sources import _lookup
from emkg.sources._base import Repository
from emkg.sources._cil_terms import annotated, region_words, sample_of, species
from emkg.sources._files import files_below, parse_json, read_text, shown
from emkg.sources._live import PublicFiles
from emkg.sources._people import distinct, parted, person
from emkg.sources._techniques import GENERAL, settled
from emkg.stated import Number, Text, Whole, composed, joined

OPEN_TERMS = frozenset({"public_domain", "attribution_cc_by"})
"""The terms under which a record's annotations may be passed on with the rest of the graph."""
FINEST_PIXEL, COARSEST_PIXEL = Number("0.01"), Number("10000")
"""nm; atoms lie 0.1 nm apart, and a pixel of 21.1667 µm is one of a scanner that read a print at 1,200 dots per inch."""
_ACCESSION = re.compile(r"w9cil(\d{1,9})", re.IGNORECASE | re.ASCII)
_CITATION = re.compile(r"\((\d{4})\)\s+(CIL:\d+\b.*?)[\s.,]*(?:CIL\.\s*Dataset)?$", re.ASCII)
_PUBMED = re.compile(r"pubmed[./]\D{0,40}(\d{4,9})|^(\d{4,9})$", re.ASCII)
_FILES = "https://cildata.crbs.ucsd.edu"
_PAGES = "https://www.cellimagelibrary.org/images/"
_ROLES = {"OME_tif": "rawImage", "Flv": "video", "Zip": "imageFiles", "Jpeg": "previewImage"}


class CellImageLibrary(Repository):
    """The public annotations of the library, one JSON file for each image."""

    name = "cell-image-library"
    title = "Cell Image Library"
    homepage = "https://www.cellimagelibrary.org/"
    licence = ""  # each record has terms of its own
    resource = "cell-image-library"
    states = (
        *("species", "cell type", "structure", "preparation", "disease", "technique", "pixel size", "size in pixels"),
        *("licence", "people", "year of issue", "DOI", "files and their sizes", "PubMed id"),
    )
    lacks = ("section thickness of single images", "day of release", "instrument", "voltage", "title")
    public = PublicFiles("slash-segmentation/CIL_Public_Data_JSON", "master", ("Version8_6/DATA/CIL_PUBLIC_DATA",))
    example: ClassVar[Record] = Record(
        "CIL:39341",
        "39341.json",
        "",
        {
            "CIL_CCDB": {
                "Status": {"Deleted": False, "Is_public": True},
                "CIL": {
                    "Image_files": [
                        {"Mime_type": "image/tif", "File_type": "OME_tif", "File_path": "39341.tif", "Size": 5400000},
                        {"Mime_type": "application/zip", "File_type": "Zip", "File_path": "39341.zip", "Size": 3104230},
                    ],
                    "CORE": {
                        "PREPARATION": [
                            {"onto_name": "glutaraldehyde fixed tissue", "onto_id": "FBbi:00000011"},
                            {"onto_name": "formaldehyde fixed tissue", "onto_id": "FBbi:00000010"},
                        ],
                        "IMAGINGMODE": {
                            "onto_name": "scanning electron microscopy (SEM)",
                            "onto_id": "FBbi:00000257",
                        },
                        "PLANT_GROWTH": [{"free_text": "lower leaf surface"}],
                        "NCBIORGANISMALCLASSIFICATION": {
                            "onto_name": "Helianthus annuus",
                            "onto_id": "NCBITaxon:4232",
                        },
                        "DIMENSION": [
                            {"Space": {"axis": "X", "Image_size": 2576}},
                            {"Space": {"axis": "Y", "Image_size": 2056}},
                        ],
                        "ATTRIBUTION": {"Contributors": ["Louisa Howard"]},
                        "TERMSANDCONDITIONS": {"free_text": "public_domain"},
                        "ITEMTYPE": {"onto_name": "recorded image", "onto_id": "FBbi:00000265"},
                    },
                },
                "Data_type": {"Time_series": False, "Still_image": True, "Z_stack": False, "Video": False},
                "Citation": {
                    "DOI": "doi:10.7295/W9CIL39341",
                    "ARK": "ark:/b7295/w9cil39341",
                    "Title": "Louisa Howard (2012) CIL:39341, Helianthus annuus. CIL. Dataset",
                },
            }
        },
    )

    def __init__(self, terms: frozenset[str] = OPEN_TERMS) -> None:
        """A source that takes the records with these terms; the default is what may be passed on."""
        self.terms = terms

    def records(self, path: Path) -> Iterator[Record | Fault]:
        """A record for each file; its key is the accession that its DOI holds, else the name of the file."""
        for file in files_below(path, "*.json"):
            name = shown(file, path)
            text = read_text(file, name)
            body = text if isinstance(text, Fault) else parse_json(text, name)
            if isinstance(body, Fault):
                yield body
            elif file.name != "mapping.json":  # the schema of the index, which lies beside the records
                found = _number(Cursor(body, "", name, [])["CIL_CCDB"]["Citation"])
                yield Record(f"CIL:{found}" if found else file.stem, name, "", body)

    def datasets(self, record: Cursor, key: str) -> Iterator[Dataset]:
        """A dataset for each image that is public, of electron microscopy, and whose terms allow it to be passed on."""
        whole = record["CIL_CCDB"]
        core, number = whole["CIL"]["CORE"], _number(whole["Citation"])
        terms = core["TERMSANDCONDITIONS"]["free_text"]
        if number is None:
            record.fault("no accession in its DOI, ARK or citation")
        elif whole["Status"]["Deleted"].value is True or whole["Status"]["Is_public"].value is False:
            whole["Status"].fault("deleted, or not public")
        elif terms.text() not in self.terms:
            terms.fault("its terms do not allow it")
        else:
            techniques, methods, unmapped = _methods(core)
            if techniques:
                yield self._dataset(whole, number, Acquisition(f"cil-{number}", techniques, methods), unmapped)
            else:
                core["IMAGINGMODE"].fault("no mode of electron microscopy")

    def _dataset(self, whole: Cursor, number: Text, acquisition: Acquisition, unmapped: tuple[Text, ...]) -> Dataset:
        core, slug = whole["CIL"]["CORE"], acquisition.slug
        issued, title = _cited(whole["Citation"])
        title = title or composed("CIL:", number)
        page = composed(_PAGES, number)
        terms = core["TERMSANDCONDITIONS"]["free_text"].text()
        licence = _lookup.licence(terms)
        names = [name for one in core["ATTRIBUTION"]["Contributors"] for name in parted(one.text() or Text(""))]
        deposit = Deposit(
            self.resource,
            identifiers=tuple(one for one in (composed("CIL:", number), whole["Citation"]["ARK"].text()) if one),
            doi=whole["Citation"]["DOI"].doi() or "",
            landing_page=page,
            licence=licence,
            stated_licence="" if licence else terms or "",
            issued=issued,
            creators=distinct(one for one in map(person, names) if one),
        )
        return Dataset(
            slug,
            title,
            volumes=(_volume(whole, title, acquisition, unmapped),),
            access_points=tuple(_files(whole, number)),
            papers=tuple(_papers(core["ATTRIBUTION"])),
            deposit=deposit,
        )


def _number(citation: Cursor) -> Text | None:
    """The number of the accession, as the DOI, else the ARK holds it."""
    for field in ("DOI", "ARK"):
        words = Cursor(citation[field].value, citation[field].at, citation.path, []).text()
        found = _ACCESSION.search(words) if words else None
        if words and found:
            return Text(str(int(found[1])), words.at)
    return None


def _cited(citation: Cursor) -> tuple[Whole | None, Text | None]:
    """The year of issue, and the part of the citation that names the image: accession, species, cell.

    >>> _cited(Cursor({"Title": "L. Howard (2012) CIL:39341, Helianthus annuus. CIL. Dataset"}, "", "1.json", []))
    (2012, 'CIL:39341, Helianthus annuus')
    """
    words = citation["Title"].text()
    found = _CITATION.search(words) if words else None
    return (Whole(int(found[1]), words.at), Text(found[2], words.at)) if words and found else (None, None)


def _methods(core: Cursor) -> tuple[tuple[Curie, ...], tuple[Concept, ...], tuple[Text, ...]]:
    """Technique classes, the terms and labels they come from, and words that no crosswalk knows.

    Terms that say no more than "electron microscopy" are left out where another says more.
    """
    found = [one for field in ("ITEMTYPE", "IMAGINGMODE") for one in annotated(core[field])]
    known = {one: _lookup.techniques(one.term or one.words) for one in found}
    narrow = [one for one, names in known.items() if names and GENERAL not in names]
    taken = narrow or [one for one, names in known.items() if names]
    techniques = settled((name for one in taken for name in known[one]), core["IMAGINGMODE"])
    concepts = {one.term: one.concept for one in taken if one.concept}
    unmapped = dict.fromkeys(one.words for one in found if one.words and not known[one])
    return techniques, tuple(one for one in concepts.values() if one), tuple(one for one in unmapped if one)


def _volume(whole: Cursor, title: Text, acquisition: Acquisition, unmapped: tuple[Text, ...]) -> Volume:
    """A volume where the record is of a stack, or of a film through one; else the image by itself."""
    core = whole["CIL"]["CORE"]
    axes, kind = _axes(core), whole["Data_type"]
    deep = "Z" in axes and bool(axes["Z"]["Image_size"] or axes["Z"]["Pixel_size"])
    stack = kind["Z_stack"].value is True or (deep and kind["Still_image"].value is not True)
    taxon, stated_species = species(core)
    regions = region_words(core)
    sizes = {axis: place["Image_size"].whole() for axis, place in axes.items()}
    pixels = {axis: _pixel(place["Pixel_size"]) for axis, place in axes.items()}
    if not stack:  # a still image with a Z axis repeats its Y there
        sizes["Z"] = pixels["Z"] = None
    return Volume(
        acquisition.slug,
        title,
        voxel=_triplet(pixels),
        grid=_triplet(sizes),
        sample=sample_of(core, acquisition.slug, taxon),
        acquisition=acquisition,
        kind="volume" if stack else "image-set",
        stated_species=stated_species or "",
        stated_region=joined("; ", regions) if regions else "",
        stated_technique=joined("; ", unmapped) if unmapped else "",
    )


def _axes(core: Cursor) -> dict[str, Cursor]:
    """The axes by their letters; a letter that stands twice tells nothing, since one of the two is another axis."""
    found: dict[str, Cursor] = {}
    repeated = set[str]()
    for one in core["DIMENSION"]:
        space = one["Space"]
        letter = (space["axis"].text() or "").upper() if space else ""
        if letter in found:
            repeated.add(letter)
            one.fault(f"a second axis {letter}")
        elif letter in ("X", "Y", "Z"):
            found[letter] = space
    return {} if repeated else found


def _pixel(place: Cursor) -> Number | None:
    """The size of a pixel in nm, unless no electron microscope has such pixels."""
    found = place["value"].length(place["unit"].text() or "")
    if found is not None and not FINEST_PIXEL <= found <= COARSEST_PIXEL:
        place["value"].fault("no pixel of an electron microscope is of this size")
        return None
    return found


def _triplet(sizes: Mapping[str, Any]) -> Triplet | None:
    x, y, z = sizes.get("X"), sizes.get("Y"), sizes.get("Z")
    return Triplet(x, y, z) if x and y else None


def _files(whole: Cursor, number: Text) -> Iterator[AccessPoint]:
    """The files at the addresses that the library's README gives; preview and archive only where they are all there is.

    https://github.com/slash-segmentation/CIL_Public_Data_JSON#how-to-download-our-data
    """
    folder = "videos" if whole["Data_type"]["Video"].value is True else "images"
    plain = {f"{number}.{suffix}" for suffix in ("tif", "flv", "zip", "jpg")}
    found: dict[str, Cursor] = {}
    for place in whole["CIL"]["Image_files"]:
        role = _ROLES.get(place["File_type"].text() or "")
        if role and place["File_path"].text() in plain:
            found.setdefault(role, place)
    best = [role for role in ("rawImage", "video") if role in found] or [
        role for role in _ROLES.values() if role in found
    ][:1]
    for role in best:
        yield from _access(
            found[role], "File_path", f"{_FILES}/media/{folder}/{number}/", f"cil-{number}-{role.lower()}", role
        )
    for index, place in enumerate(whole["CIL"]["Alternative_image_files"], 1):
        role = "processedImage" if "ownsampled" in (place["File_path"].text() or "") else "rawImage"
        if (place["URL_postfix"].text() or "").startswith("/"):
            yield from _access(place, "URL_postfix", _FILES, f"cil-{number}-file-{index}", role)


def _access(place: Cursor, field: str, before: str, slug: str, role: str) -> Iterator[AccessPoint]:
    path = place[field]
    url = Cursor(f"{before}{path.text()}", path.at, path.path, path.faults).url()
    if url is None:
        return
    kind = place["File_type"].text()
    known = _lookup.file_format(kind)
    size = place["Size"].whole()
    yield AccessPoint(
        slug,
        url,
        host=_lookup.host(url),
        role=role,
        byte_size=size,
        file_format=known,
        stated_file_format="" if known else kind or "",
    )


def _papers(attribution: Cursor) -> Iterator[Paper]:
    """The papers by their PubMed id or DOI, out of fields of their own and of links; a paper of many images is one paper."""
    found: dict[str, Paper] = {}
    links = [one["Href"] for one in attribution["URLs"]]
    for place in (*attribution["PUBMED"], *links):
        doi = place.doi()
        if doi:
            found.setdefault(doi, Paper(f"doi-{slugify(doi)}", doi=doi))
            continue
        words = place.text()
        number = _PUBMED.search(words) if words else None
        if words and number:
            pubmed = Text(number[1] or number[2], words.at)
            found.setdefault(pubmed, Paper(f"pmid-{pubmed}", pubmed_id=pubmed))
    yield from found.values()
