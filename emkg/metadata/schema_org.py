"""A dataset as schema.org and Bioschemas' Dataset profile (1.0-RELEASE) have it, for the page that search engines read.

The context is inline, so that no reader needs the network: https://schema.org/ serves a remote one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from emkg.describe import document_iri
from emkg.ids import own_iri
from emkg.metadata import void
from emkg.metadata.summaries import Access, Lengths, Summary, Thing
from emkg.metadata.words import access_conditions, description, free, keywords, media_type
from emkg.vocab import DCTERMS, prefixes

PROFILE = "https://bioschemas.org/profiles/Dataset/1.0-RELEASE"
Json = dict[str, Any]
_AXES = ("x", "y", "z")


@dataclass(frozen=True, slots=True)
class Record:
    """The graph's record of a dataset as a file: where, of what media type, how many bytes."""

    address: str
    label: str
    media_type: str
    bytes: int


def dataset(summary: Summary, records: Iterable[Record] = ()) -> Json:
    """The dataset; what nobody says is left out, also where the profile asks for it (a licence that is unknown).

    ``records`` are offered beside the dataset's own addresses, each named as what it is: facts, not images.
    """
    page = document_iri(summary.node).value
    found: Json = {
        "@context": {"@vocab": prefixes()["schema"]},
        "@type": "Dataset",
        "@id": summary.node.value,
        DCTERMS.conformsTo.value: {"@type": "CreativeWork", "@id": PROFILE},
        "name": summary.title,
        "description": description(summary),
        "url": page,
        "identifier": [summary.node.value, *([prefixes()["doi"] + summary.doi] if summary.doi else [])],
        "keywords": list(keywords(summary)),
        "license": [thing.node.value for thing in summary.licences],
        "alternateName": list(summary.other_names),
        "creator": [
            _named("Person" if thing.node in summary.people else "Organization", thing) for thing in summary.makers
        ],
        "publisher": [_named("Organization", thing) for thing in summary.hosts],
        "isAccessibleForFree": free(summary) or None,
        "conditionsOfAccess": access_conditions(summary),
        "citation": [_named("ScholarlyArticle", thing) for thing in summary.papers],
        "datePublished": summary.issued or summary.year,
        "measurementTechnique": [_term(thing) for thing in summary.techniques],
        "variableMeasured": [*_sizes("voxel size", "nm", summary.voxels), *_sizes("extent", "µm", summary.extents)],
        "about": [_term(thing) for thing in (*summary.species, *summary.regions)],
        "isBasedOn": [thing.node.value for thing in summary.sources],
        "distribution": [*map(_download, summary.access), *(_record(summary, one) for one in records)],
        "size": f"{summary.bytes} B" if summary.bytes else "",
        "includedInDataCatalog": catalog(),
        "sdPublisher": {"@type": "Organization", "name": "The emkg authors", "url": own_iri("").value},
    }
    return {key: value for key, value in found.items() if value not in ("", [], None)}


def catalog() -> Json:
    """The catalogue that lists it."""
    return {"@type": "DataCatalog", "@id": own_iri("catalog").value, "name": "emkg", "url": own_iri("").value}


def home() -> Json:
    """The catalogue itself, for the home page."""
    about = {"@context": {"@vocab": prefixes()["schema"]}, "description": void.ABOUT}
    return {**about, **catalog(), "name": void.TITLE, "license": prefixes()["cc"] + "by/4.0/"}


def in_page(found: Json) -> str:
    """JSON for a script element: no ``<`` stands in it, so nothing closes the element or opens another one
    (https://html.spec.whatwg.org/#restrictions-for-contents-of-script-elements).

    >>> in_page({"name": "</script><!--"})
    '{"name": "\\\\u003c/script\\\\u003e\\\\u003c!--"}'
    """
    text = json.dumps(found, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _named(kind: str, thing: Thing) -> Json:
    return {"@type": kind, "@id": thing.node.value, "name": thing.label, "url": thing.node.value}


def _term(thing: Thing) -> Json:
    found = {"@type": "DefinedTerm", "@id": thing.node.value, "name": thing.label, "url": thing.node.value}
    return found | ({"termCode": thing.short} if thing.short else {})


def _sizes(name: str, unit: str, sizes: Iterable[Lengths]) -> list[Json]:
    return [
        {"@type": "PropertyValue", "name": f"{name} ({axis})", "value": length.value, "unitText": unit}
        for lengths in sizes
        for axis, length in zip(_AXES, lengths, strict=True)
        if length is not None
    ]


def _download(point: Access) -> Json:
    found: Json = {"@type": "DataDownload", "@id": point.node.value, "name": point.label, "contentUrl": point.url.value}
    found["encodingFormat"] = [media_type(form) for form in point.forms]
    found["license"] = [licence.node.value for licence in point.licences]
    found["contentSize"] = f"{point.bytes} B" if point.bytes is not None else ""
    return {key: value for key, value in found.items() if value not in ("", [])}


def _record(summary: Summary, record: Record) -> Json:
    return {
        "@type": "DataDownload",
        "name": f"emkg's record of {summary.title} (facts and figures, no images) as {record.label}",
        "contentUrl": record.address,
        "encodingFormat": record.media_type,
        "contentSize": f"{record.bytes} B",
        "license": prefixes()["cc"] + "by/4.0/",
    }
