"""The files of the Image Data Resource as plain values: study sheets, and the list of containers.

Keys have ``_`` for blanks, since the places in a record are parted by blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from emkg.model import Fault
from emkg.sources._files import csv_rows

_PART = re.compile(r"(Experiment|Screen)_Number", re.ASCII)


def sheet(text: str) -> dict[str, Any]:
    """A study sheet: what stands before the first experiment or screen, and each of these; lines that begin with # are remarks.

    >>> sheet("Study Title\\tA title\\t\\nExperiment Number\\t1\\nExperiment Organism\\tHomo sapiens\\tMus musculus\\n")["parts"]
    [{'Experiment_Number': ['1'], 'Experiment_Organism': ['Homo sapiens', 'Mus musculus']}]
    """
    study: dict[str, list[str]] = {}
    parts: list[dict[str, list[str]]] = []
    for line in text.splitlines():
        head, *values = (cell.strip().strip('"').strip() for cell in line.split("\t"))
        key = head.replace(" ", "_")
        while values and not values[-1]:
            values.pop()
        if not key or key.startswith("#") or not values:
            continue
        if _PART.fullmatch(key):
            parts.append({})
        (parts[-1] if parts else study).setdefault(key, values)
    return {"study": study, "parts": parts}


def accession_of(body: dict[str, Any]) -> str:
    """The accession that a sheet states, or nothing."""
    values = body["study"].get("Comment[IDR_Study_Accession]")
    return str(values[0]) if values else ""


def containers(text: str, name: str, listed: dict[str, list[dict[str, str]]]) -> Iterator[Fault]:
    """Adds the rows of the list to those of their study; what is no row is a Fault.

    >>> found: dict[str, list[dict[str, str]]] = {}
    >>> list(containers("Study\\tContainer\\nidr0086-miron-micrographs\\texperimentD\\n", "studies.tsv", found)), list(found)
    ([], ['idr0086'])
    """
    for row in csv_rows(text, name, "\t"):
        if isinstance(row, Fault):
            yield row
            continue
        plain = {head.replace(" ", "_"): cell for head, cell in row[1].items()}
        study = plain.get("Study", "").partition("-")[0]
        if study:
            listed.setdefault(study, []).append(plain)
