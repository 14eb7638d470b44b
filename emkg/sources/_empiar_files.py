"""Files of a local copy of EMPIAR as records: answers of the API for one or many entries, header XML, the search export.

A copy may hold entries that somebody put together from other archives' records (``*.partial.json`` beside a sidecar that says
which). What such a file guesses is not a fact of EMPIAR and is left out: see ``_without_guesses``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from emkg.model import Fault, Record
from emkg.sources import _empiar_csv, _empiar_xml
from emkg.sources._files import csv_rows, files_below, parse_json, read_text, shown

ACCESSION = re.compile(r"EMPIAR-[1-9]\d{0,9}", re.ASCII)
"""An accession: ``EMPIAR-10310``."""
_OF_DOI = re.compile(r"10\.6019/(EMPIAR-[1-9]\d{0,9})", re.ASCII | re.IGNORECASE)
FIELDS = frozenset("title imagesets entry_doi experiment_type authors deposition_date dataset_size citation".split())
"""Fields of an entry; an object that has none of them is something else."""
_OWN_FIELDS = frozenset({"imagesets", "entry_doi"})
_SIDECAR = "empiar_vem_sidecar.json"
_PARTIAL = ".partial.json"
_ORDER = {".json": 0, ".xml": 1, ".csv": 2}


def records(path: Path) -> Iterator[Record | Fault]:
    """The records of a file or folder: the API's answers, then headers, then the export, so that the fullest comes first."""
    for file in sorted(files_below(path, "*.json", "*.xml", "*.csv"), key=lambda one: (_place(one), one.as_posix())):
        if file.name == _SIDECAR and file != path:
            continue
        name = shown(file, path)
        text = read_text(file, name)
        if isinstance(text, Fault):
            yield text
        elif file.suffix.lower() == ".csv":
            yield from _of_csv(text, name)
        elif text.lstrip().startswith("<"):
            yield from _of_xml(text, name)
        else:
            guessed = _guessed(file) if file.name.endswith(_PARTIAL) else frozenset()
            for record in of_json(parse_json(text, name), name):
                yield _without_guesses(record, guessed) if isinstance(record, Record) else record


def _place(file: Path) -> tuple[int, bool]:
    return _ORDER.get(file.suffix.lower(), 0), file.name.endswith(_PARTIAL)


def of_json(value: Any, name: str) -> Iterator[Record | Fault]:
    """The records of an answer of the API: an object keyed by accession, or one entry, or a list of either."""
    yield from [value] if isinstance(value, Fault) else _of_value(value, name, "")


def _of_value(value: Any, name: str, pointer: str) -> Iterator[Record | Fault]:
    if isinstance(value, list):
        for index, one in enumerate(value):
            yield from _of_value(one, name, f"{pointer}/{index}")
    elif _is_entry(value, ""):
        yield _record(value, name, pointer, "")
    elif isinstance(value, dict) and (len(value) <= 1 or any(_is_entry(value[key], key) for key in value)):
        for key, one in value.items():
            step = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            if _is_entry(one, key):
                yield _record(one, name, step, key)
            else:
                yield Fault(f"{name}#{step}", 0, 0, "not an entry of EMPIAR", str(one)[:200])
    else:
        yield Fault(f"{name}#{pointer}", 0, 0, "not an entry of EMPIAR, and holds none", str(value)[:200])


def _is_entry(value: Any, key: str) -> bool:
    """Whether an object is an entry: under an accession any of its fields tells so, elsewhere one that nothing else has."""
    fields = FIELDS if accession_of(key, None) else _OWN_FIELDS
    return isinstance(value, dict) and bool(fields & value.keys())


def _record(entry: dict[str, Any], name: str, pointer: str, key: str) -> Record:
    return Record(accession_of(key, entry.get("entry_doi")) or key or name, name, pointer, entry)


def accession_of(key: str, doi: Any) -> str:
    """The accession that a key is, or else that of the DOI; nothing where neither has one.

    >>> accession_of("empiar-10310", None), accession_of("EMPIAR-TEST", "10.6019/EMPIAR-11419")
    ('EMPIAR-10310', 'EMPIAR-11419')
    """
    plain = key.strip().upper()
    plain = f"EMPIAR-{plain}" if plain.isascii() and plain.isdigit() else plain
    if ACCESSION.fullmatch(plain):
        return plain
    found = _OF_DOI.search(doi) if isinstance(doi, str) else None
    return found[1].upper() if found else ""


def _of_xml(text: str, name: str) -> Iterator[Record | Fault]:
    header = _empiar_xml.parse(text, name)
    if isinstance(header, Fault):
        yield header
        return
    admin = header.get("admin")
    doi = admin.get("entryDOI") if isinstance(admin, dict) else None
    yield Record(accession_of(str(header.get("@accessionCode", "")), doi) or name, name, "/entry", header)


def _of_csv(text: str, name: str) -> Iterator[Record | Fault]:
    for row in csv_rows(text, name):
        if isinstance(row, Fault):
            yield row
        elif _empiar_csv.HEAD not in row[1]:
            yield Fault(name, 1, 1, f"not the search export of EMPIAR: it has no column {_empiar_csv.HEAD}", "")
            return
        else:
            yield Record(accession_of(row[1][_empiar_csv.HEAD], None) or f"line {row[0]}", name, f"/{row[0]}", row[1])


@cache
def _sidecar(folder: Path) -> frozenset[str]:
    """The accessions of a sidecar whose entries were put together from records of another archive."""
    for place in (folder, folder.parent):
        file = place / _SIDECAR
        if file.is_file():
            text = read_text(file, file.name)
            value = parse_json(text, file.name) if isinstance(text, str) else None
            return frozenset(value) if isinstance(value, dict) else frozenset()
    return frozenset()


def _guessed(file: Path) -> frozenset[str]:
    return _sidecar(file.parent)


def _without_guesses(record: Record, guessed: frozenset[str]) -> Record:
    """The record without what was guessed for it: experiment type, category, frames, and the stand-ins for name and folder."""
    body = record.body
    if record.key not in guessed or not isinstance(body, dict):
        return record
    sets = body.get("imagesets")
    kept = [
        {key: one[key] for key in one if key not in ("name", "directory", "category", "frames_per_image")}
        for one in (sets if isinstance(sets, list) else [])
        if isinstance(one, dict)
    ]
    told = {key: value for key, value in body.items() if key != "experiment_type"} | {"imagesets": kept}
    return Record(record.key, record.path, record.pointer, told)
