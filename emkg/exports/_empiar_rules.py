"""What a deposition must fulfil: EMPIAR's schema, read strictly where the schema is lax.

The schema (github.com/emdb-empiar/empiar-depositor) anchors only one branch of its codes, takes any text of the right length for a
name in a pair, and has in its DOIs a range that runs from Z to a. Each fault begins with the field.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from emkg.cursor import Cursor
from emkg.exports._empiar_citation import DOI, LONGEST
from emkg.exports._empiar_names import FORBIDDEN, LONGEST_INITIALS, LONGEST_SURNAME
from emkg.model import Fault
from emkg.sources._crosswalk import rows

EXPERIMENTS = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13})
_CODE = {
    "category": re.compile(r"\('T(1[0-4]|[1-9])', ''\)|\('OT', '[^\0'\\]+'\)", re.ASCII),
    "header_format": re.compile(r"\('T(1[0-4]|[1-9])', ''\)|\('OT', '[A-Z0-9 ]*[A-Z0-9][A-Z0-9 ]*'\)", re.ASCII),
    "data_format": re.compile(r"\('T(1[0-4]|[1-9])', ''\)|\('OT', '[A-Z0-9 ]*[A-Z0-9][A-Z0-9 ]*'\)", re.ASCII),
    "voxel_type": re.compile(r"\('T[1-9]', ''\)|\('OT', '[A-Z0-9 ]*[A-Z0-9][A-Z0-9 ]*'\)", re.ASCII),
}
_REFERENCE = {
    "cross_references": re.compile(r"EMD-[0-9]{4,}", re.ASCII),
    "biostudies_references": re.compile(r"S-\S+"),
    "idr_references": re.compile(r"idr\S+"),
    "empiar_references": re.compile(r"EMPIAR-[0-9]+", re.ASCII),
}
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_PUBMED = re.compile(r"[0-9]{1,8}", re.ASCII)
_LONGEST_CONTACT = {
    **dict.fromkeys(("first_name", "middle_name", "last_name", "town_or_city", "state_or_province", "post_or_zip"), 60),
    **{"telephone": 60, "fax": 60, "organization": 255, "street": 255},
}
_LONGEST_SET = {
    **{"name": 200, "directory": 200, "micrographs_file_pattern": 200},
    **{"picked_particles_file_pattern": 200, "picked_particles_directory": 200},
}
Faults = Iterator[str]


def countries() -> frozenset[str]:
    """The countries that EMPIAR's list has: those of ISO 3166-1 but for two newer ones, and Kosovo."""
    return frozenset(row["code"] for row in rows("country")) - {"AX", "BQ"} | {"XK"}


def faults(document: Mapping[str, Any]) -> list[str]:
    """What is wrong with a deposition, field by field; nothing for one that EMPIAR takes.

    >>> faults({"title": "short"})[:2]
    ['title: must have 10 to 255 characters', 'release_date: must be one of RE, EP, HP, HO']
    """
    return [
        *_head(document),
        *_references(document),
        *_authors(document.get("authors"), "authors", least=1),
        *_contact(document.get("corresponding_author"), "corresponding_author"),
        *_each(document.get("principal_investigator"), "principal_investigator", _contact),
        *_each(document.get("imagesets"), "imagesets", _image_set),
        *_each(document.get("citation"), "citation", _citation),
    ]


def _head(document: Mapping[str, Any]) -> Faults:
    title = document.get("title")
    if not isinstance(title, str) or not 10 <= len(title) <= 255:
        yield "title: must have 10 to 255 characters"
    if document.get("release_date") not in ("RE", "EP", "HP", "HO"):
        yield "release_date: must be one of RE, EP, HP, HO"
    experiment = document.get("experiment_type")
    if type(experiment) is not int or experiment not in EXPERIMENTS:  # a truth value is an int too
        yield f"experiment_type: must be one of {', '.join(map(str, sorted(EXPERIMENTS)))}"
    if "scale" in document and document["scale"] not in ("1", "2", "3", "4", "5"):
        yield "scale: must be a text from 1 to 5"
    path = document.get("workflow_file", {"path": None})
    if not isinstance(path, Mapping) or "path" not in path or not _is_text(path["path"], 200, null=True):
        yield "workflow_file: must have a path of at most 200 characters, or null"


def _references(document: Mapping[str, Any]) -> Faults:
    for key, pattern in _REFERENCE.items():
        for number, one in enumerate(_list(document.get(key, []))):
            name = one.get("name") if isinstance(one, Mapping) else None
            if not isinstance(name, str) or not pattern.fullmatch(name):
                yield f"{key}[{number}]: {name!r} is not an accession of the form {pattern.pattern}"
    for number, one in enumerate(_list(document.get("workflows", []))):
        good = isinstance(one, Mapping) and str(one.get("url")).startswith("https://") and one.get("type") == 1
        if not good:
            yield f"workflows[{number}]: must be an https address of type 1"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _each(value: Any, name: str, check: Callable[[Any, str], Faults]) -> Faults:
    if not isinstance(value, list) or not value:
        yield f"{name}: must be a list of at least one"
        return
    for number, one in enumerate(value):
        yield from check(one, f"{name}[{number}]")


def _is_text(value: Any, longest: int = 65535, *, null: bool = False) -> bool:
    return (null and value is None) or (isinstance(value, str) and 0 < len(value) <= longest)


def _is_whole(value: Any, *, null: bool = False, least: int = 1) -> bool:
    return (null and value is None) or (isinstance(value, int) and not isinstance(value, bool) and value >= least)


def _authors(value: Any, name: str, *, least: int) -> Faults:
    if not isinstance(value, list) or len(value) < least:
        yield f"{name}: must be a list of at least {least}"
        return
    for number, one in enumerate(value):
        if not isinstance(one, Mapping) or not _is_name(one.get("name")):
            yield f"{name}[{number}].name: must be ('Surname', 'INITIALS') without digits or any of {FORBIDDEN[10:]}"
            continue
        if one.get("order_id") != number:
            yield f"{name}[{number}].order_id: must be {number}"
        yield from _orcid(one, f"{name}[{number}]")


def _is_name(value: Any) -> bool:
    """Whether a text is a Python pair of a surname and initials, which is how the server reads it."""
    if not isinstance(value, str) or any(sign in FORBIDDEN for sign in value[1:-1]):
        return False
    try:
        pair = ast.literal_eval(value)
    except (ValueError, SyntaxError):
        return False
    if not isinstance(pair, tuple) or len(pair) != 2 or not all(isinstance(part, str) for part in pair):
        return False
    surname, initials = pair
    written = value == f"('{surname}', '{initials}')"
    return written and 0 < len(surname.strip()) <= LONGEST_SURNAME and 0 < len(initials.strip()) <= LONGEST_INITIALS


def _orcid(one: Mapping[str, Any], name: str) -> Faults:
    value, found = one.get("author_orcid"), list[Fault]()
    if value is not None and (not isinstance(value, str) or Cursor(value, "", "", found).orcid() != value):
        yield f"{name}.author_orcid: {value!r} is no ORCID"


def _is_country(value: Any) -> bool:
    return isinstance(value, str) and value in countries()


def _contact(value: Any, name: str) -> Faults:
    if not isinstance(value, Mapping):
        yield f"{name}: must be an object"
        return
    for key, longest in _LONGEST_CONTACT.items():
        required = key in ("first_name", "last_name", "organization")
        optional = not required and (
            key not in value or (value[key] is None and key not in ("town_or_city", "post_or_zip"))
        )
        if not optional and not _is_text(value.get(key), longest):
            yield f"{name}.{key}: must be a text of at most {longest} characters"
        elif key.endswith("_name") and any(sign in FORBIDDEN for sign in value.get(key) or ""):
            yield f"{name}.{key}: may have no digits and none of {FORBIDDEN[10:]}"
    email = value.get("email")
    if not isinstance(email, str) or not _EMAIL.fullmatch(email):
        yield f"{name}.email: must be an e-mail address"
    if not _is_country(value.get("country")):
        yield f"{name}.country: must be the two letters of a country (ISO 3166-1)"
    yield from _orcid(value, name)


def _image_set(value: Any, name: str) -> Faults:
    if not isinstance(value, Mapping):
        yield f"{name}: must be an object"
        return
    for key, longest in _LONGEST_SET.items():
        optional = key not in ("name", "directory")
        if not _is_text(value.get(key), longest, null=optional) or "\0" in str(value.get(key)):
            yield f"{name}.{key}: must be a text of at most {longest} characters"
    for key, pattern in _CODE.items():
        code = value.get(key)
        if not isinstance(code, str) or not pattern.fullmatch(code):
            yield f"{name}.{key}: must be a code such as ('T1', ''), or ('OT', 'WORDS') in capitals"
    for key in ("num_images_or_tilt_series", "frames_per_image"):
        if not _is_whole(value.get(key)):
            yield f"{name}.{key}: must be a whole number above 0"
    for key in ("frame_range_min", "frame_range_max", "image_width", "image_height"):
        if not _is_whole(value.get(key), null=True):
            yield f"{name}.{key}: must be a whole number above 0, or null"
    for key in ("pixel_width", "pixel_height"):
        size = value.get(key)
        if size is not None and (isinstance(size, bool) or not isinstance(size, int | float) or not 0 < size < 1e9):
            yield f"{name}.{key}: must be ångström above 0, or null"
    if not _is_text(value.get("details"), null=True):
        yield f"{name}.details: must be a text, or null"


def _citation(value: Any, name: str) -> Faults:
    if not isinstance(value, Mapping):
        yield f"{name}: must be an object"
        return
    yield from _authors(value.get("authors"), f"{name}.authors", least=1)
    yield from _authors(value.get("editors", []), f"{name}.editors", least=0)
    for key in ("published", "preprint", "j_or_nj_citation"):
        if not isinstance(value.get(key, False if key == "preprint" else None), bool):
            yield f"{name}.{key}: must be true or false"
    for key, longest in LONGEST.items():
        if not _is_text(value.get(key), longest, null=key != "title"):
            yield f"{name}.{key}: must be a text of at most {longest} characters"
    year, doi, number = value.get("year"), value.get("doi"), value.get("pubmedid")
    if not _is_whole(year, null=True, least=1000) or (year or 0) > 9999:
        yield f"{name}.year: must be a whole number of four digits, or null"
    if isinstance(doi, str) and not DOI.fullmatch(doi):
        yield f"{name}.doi: must be a bare DOI"
    if isinstance(number, str) and not _PUBMED.fullmatch(number):
        yield f"{name}.pubmedid: must be up to eight digits"
    if value.get("country") is not None and not _is_country(value["country"]):
        yield f"{name}.country: must be the two letters of a country (ISO 3166-1), or null"
