"""The files of a copy of the BioImage Archive's metadata, collected by accession: each record is all that they say of one study."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from emkg.model import Fault, Record
from emkg.sources._files import files_below, parse_json, parse_yaml, read_text, shown

_MERGED = {
    "annotations_merged.json": "annotations",
    "representations_merged.json": "representations",
    "images_merged.json": "images",
}
_REMBI_FOLDERS = ("proposals", "proposal_configuration", "proposal_configurations", "generated_proposals")
_COPIES = ("bia-integrator-data", "bia-integrator")
_IN_NAME = re.compile(r"empiar_(\d{5,6})", re.IGNORECASE | re.ASCII)


def collected(path: Path) -> Iterator[Record | Fault]:
    """A record for each accession in the files below a folder, by accession; a file without one is a record of its own.

    Studies of the integrator (studies/*.json) with its annotations, representations and images (*_merged.json); REMBI of the
    curators (YAML below proposals, past versions last); page tab of submissions (an object with ``accno`` and ``section``).
    """
    bodies: dict[str, dict[str, Any]] = {}
    principal: dict[str, str] = {}
    for file in sorted(_files(path), key=lambda one: (_rank(one), one)):
        name = shown(file, path)
        text = read_text(file, name)
        parse = parse_json if file.suffix == ".json" else parse_yaml
        for accession, part, value in _parts(file, name, text if isinstance(text, Fault) else parse(text, name)):
            if isinstance(value, Fault):
                yield value
                continue
            body = bodies.setdefault(accession, {"accession_id": accession} if accession != name else {})
            principal.setdefault(accession, name)
            if part == "rembi":
                body.setdefault(part, []).append(value)
            else:
                body.setdefault(part, value)
    for accession in sorted(bodies):
        yield Record(accession, principal[accession], "", bodies[accession])


def _files(path: Path) -> list[Path]:
    """The files of a copy; of a folder that holds the copies of both repositories among others, only theirs."""
    copies = [path / name for name in _COPIES if (path / name).is_dir()]
    return [file for copy in copies or [path] for file in files_below(copy, "*.json", "*.yaml", "*.yml")]


def _rank(file: Path) -> int:
    """The file that tells most of a study comes first, and gives the record its name; past versions come last."""
    if "history" in file.parts:
        return 3
    return 0 if file.parent.name == "studies" else 2 if file.name in _MERGED else 1


def _parts(file: Path, name: str, value: Any) -> Iterator[tuple[str, str, Any]]:
    """What a file says of which accession: (accession, part of the record, value); nothing for files of other kinds."""
    if isinstance(value, Fault):
        yield name, "", value
    elif file.name in _MERGED and isinstance(value, dict):
        for accession, one in value.items():
            yield accession, _MERGED[file.name], one
    elif file.suffix != ".json":
        if any(folder in file.parts for folder in _REMBI_FOLDERS):
            yield _accession(value, "accession_id") or _named(file) or name, "rembi", value
    elif _accession(value, "accno") and "section" in value:
        yield value["accno"].strip(), "pagetab", value
    elif file.parent.name == "studies":
        yield _accession(value, "accession_id") or file.stem, "study", value


def _accession(value: Any, key: str) -> str:
    found = value.get(key) if isinstance(value, dict) else None
    return found.strip() if isinstance(found, str) else ""


def _named(file: Path) -> str:
    """The accession in the name of a file, as in cets_empiar_12104.yaml."""
    found = _IN_NAME.search(file.stem)
    return f"EMPIAR-{found[1]}" if found else ""
