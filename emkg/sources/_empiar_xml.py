"""EMPIAR's header XML (http://pdbe.org/empiar): its elements under the names of their XPath steps, and as an entry of the API.

The element names and rules are those of EMPIAR's own loader, which fills the database that the API answers from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from emkg.cursor import Cursor
from emkg.model import Fault
from emkg.stated import Text, composed

if TYPE_CHECKING:
    from lxml.etree import _Element

REPEATED = frozenset(
    "principalInvestigator author editor version grantReference emdbEntry bioStudiesEntry idrEntry empiarEntry pdbEntry "
    "universalCitation externalReferences imageSet segmentation workflow".split()
)
"""Elements of which there may be several: their steps carry a number, as in ``imageSet[1]``."""
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CONTACT = {
    "author_orcid": "authorORCID",
    "first_name": "firstName",
    "middle_name": "middleName",
    "last_name": "lastName",
    "organization": "organization",
    "country": "country",
}
_CITATION = {
    "volume": "volume",
    "country": "country",
    "first_page": "firstPage",
    "last_page": "lastPage",
    "year": "year",
    "language": "language",
    "book_chapter_title": "bookChapterTitle",
    "publisher": "publisher",
    "publication_location": "publicationLocation",
    "journal": "journal",
    "journal_abbreviation": "journalAbbreviation",
    "issue": "issue",
}
_IMAGE_SET = {
    "name": "name",
    "directory": "directory",
    "category": "category",
    "header_format": "headerFormat",
    "data_format": "dataFormat",
    "num_images_or_tilt_series": "numImagesOrTiltSeries",
    "frames_per_image": "framesPerImage",
    "voxel_type": "voxelType",
    "details": "details",
    "micrographs_file_pattern": "micrographsFilePattern",
    "picked_particles_file_pattern": "pickedParticlesFilePattern",
    "picked_particles_directory": "pickedParticlesDirectory",
}
_DIMENSIONS = {
    "image_width": "imageWidth",
    "image_height": "imageHeight",
    "pixel_width": "pixelWidth",
    "pixel_height": "pixelHeight",
}
_REFERENCES = {
    "cross_references": ("relatedEMDBEntries", "emdbEntry"),
    "related_pdb_entries": ("relatedPDBEntries", "pdbEntry"),
    "biostudies_references": ("relatedBioStudiesEntries", "bioStudiesEntry"),
    "idr_references": ("relatedIdrEntries", "idrEntry"),
    "empiar_references": ("relatedEmpiarEntries", "empiarEntry"),
}
_SEGMENTATION = {"file": "file", "original_files": "originalFiles", "original_format": "originalFormat"}


def parse(text: str, name: str) -> dict[str, Any] | Fault:
    """A header's elements as objects whose keys are XPath steps, so that a pointer into them is a path in the file; or a Fault.

    Nothing outside the text is read (https://lxml.de/FAQ.html#how-do-i-use-lxml-safely-as-a-web-service-endpoint).

    >>> parse("<entry accessionCode='EMPIAR-1'><imageSet><name>A</name></imageSet></entry>", "1.xml")
    {'@accessionCode': 'EMPIAR-1', 'imageSet[1]': {'name': 'A'}}
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(_DECLARATION.sub("", text), parser)
    except etree.XMLSyntaxError as fault:
        line, column = fault.position
        return Fault(name, line, column, f"not XML: {str(fault.msg)[:150]}", "")
    except ValueError as fault:  # characters that XML does not have
        return Fault(name, 0, 0, f"not XML: {fault}", "")
    found = _element(root)
    if _tag(root) != "entry" or not isinstance(found, dict):
        return Fault(name, 1, 1, "not an EMPIAR header: its root is no <entry>", str(root.tag)[:200])
    return found


def _tag(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _element(element: _Element) -> Any:
    """The words of an element, or an object where it has attributes or children."""
    found: dict[str, Any] = {f"@{str(name).rpartition('}')[2]}": str(value) for name, value in element.attrib.items()}
    children = [child for child in element if isinstance(child.tag, str)]
    seen: dict[str, int] = {}
    total = [_tag(child) for child in children]
    for child in children:
        tag = _tag(child)
        seen[tag] = seen.get(tag, 0) + 1
        several = tag in REPEATED or total.count(tag) > 1
        found[f"{tag}[{seen[tag]}]" if several else tag] = _element(child)
    words = element.text or ""
    if not found:
        return words
    if words.strip() and not children:
        found["text()"] = words
    return found


def entry(header: Cursor) -> dict[str, Any]:
    """A header's content in the shape of the API's entries; each value stands at the path of its element."""
    admin, references = header["admin"], header["crossReferences"]
    dates = admin["keyDates"]
    size, unit = admin["datasetSize"], _words(admin["datasetSize"]["@units"])
    amount = _words(size)
    made: dict[str, Any] = {
        "accession": _words(header["@accessionCode"]),
        "title": _words(admin["title"]),
        "status": _words(admin["currentStatus"]),
        "experiment_type": _words(admin["experimentType"]),
        "scale": _words(admin["scale"]),
        "deposition_date": _words(dates["depositionDate"]),
        "release_date": _words(dates["releaseDate"]),
        "obsolete_date": _words(dates["obsoleteDate"]),
        "update_date": _words(dates["updateDate"]),
        "dataset_size": composed(amount, " ", unit or "GB") if amount else None,
        "entry_doi": _words(admin["entryDOI"]),
        "corresponding_author": {"author": _plain(admin["correspondingAuthor"], _CONTACT)},
        "principal_investigator": [{"author": _plain(one, _CONTACT)} for one in _each(admin, "principalInvestigator")],
        "authors": [{"author": _author(one)} for one in _each(admin["authorsList"], "author")],
        "version_history": [_version(one) for one in _each(admin["versionHistory"], "version")],
        "grant_references": [_grant(one) for one in _each(admin["grantSupport"], "grantReference")],
        "citation": [_citation(one) for one in _each(references["citationList"], "universalCitation")],
        "imagesets": [_image_set(one) for one in _each(header, "imageSet")],
        "workflow_file": {"path": _words(admin["scipionWorkflow"])},
        "workflows": [{"url": _words(one["url"]) or _words(one)} for one in _each(admin["workflows"], "workflow")],
    }
    for key, (group, tag) in _REFERENCES.items():
        made[key] = [_words(one) for one in _each(references[group], tag)]
    return made


def _words(cursor: Cursor) -> Text | None:
    """The words of an element, at its path; None for an empty one."""
    inner = cursor["text()"] if isinstance(cursor.value, dict) else cursor
    return Text(inner.value, inner.at) if isinstance(inner.value, str) and inner.value.strip() else None


def _each(cursor: Cursor, tag: str) -> Iterator[Cursor]:
    for key, one in cursor.items():
        if key == tag or key.startswith(f"{tag}["):
            yield one


def _plain(cursor: Cursor, names: dict[str, str]) -> dict[str, Any]:
    return {key: _words(cursor[name]) for key, name in names.items()}


def _author(cursor: Cursor) -> dict[str, Any]:
    return {"name": _words(cursor), "author_orcid": _words(cursor["@authorORCID"])}


def _version(cursor: Cursor) -> dict[str, Any]:
    names = {"version_number": "versionNumber", "date": "date", "status_code": "statusCode", "details": "details"}
    return _plain(cursor, names)


def _grant(cursor: Cursor) -> dict[str, Any]:
    return _plain(cursor, {"funding_body": "fundingBody", "code": "code", "country": "country"})


def _citation(cursor: Cursor) -> dict[str, Any]:
    """A journal's article or a book: the two have different elements for the title."""
    in_journal = bool(cursor["journalCitation"])
    found = cursor["journalCitation" if in_journal else "nonJournalCitation"]
    references = {str(one["@type"].value): _words(one) for one in _each(found, "externalReferences")}
    return _plain(found, _CITATION) | {
        "title": _words(found["title"]) or _words(found["bookTitle"]),
        "authors": [_author(one) for one in _each(found, "author")],
        "editors": [_author(one) for one in _each(found, "editor")],
        "published": _words(found["@published"]),
        "preprint": _words(found["@preprint"]),
        "j_or_nj_citation": in_journal,
        "doi": references.get("doi"),
        "pubmedid": references.get("pubmed"),
    }


def _image_set(cursor: Cursor) -> dict[str, Any]:
    frames = cursor["frameRange"]
    return (
        _plain(cursor, _IMAGE_SET)
        | _plain(cursor["dimensions"], _DIMENSIONS)
        | {
            "frame_range_min": _words(frames["frameRangeMin"]),
            "frame_range_max": _words(frames["frameRangeMax"]),
            "scipion_workflow": _words(cursor["scipionWorkflow"]),
            "segmentations": [_plain(one, _SEGMENTATION) for one in _each(cursor["segmentationList"], "segmentation")],
        }
    )
