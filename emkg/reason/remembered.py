"""What a reasoner found of a view, kept beside the build: a build in which the view is as before does not ask the reasoner again.

The name of the file is the SHA-256 of the view itself, so there is nothing to keep in step; a file that cannot be read counts as absent.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from emkg.rdf import NamedNode, RdfFormat, Triple, write
from emkg.reason.inference import Inference

_KEPT = 4
"""Files; a few, so that going back and forth between two states costs nothing."""


def remembered(folder: Path | None, view: list[Triple], infer: Callable[[list[Triple]], Inference]) -> Inference:
    """What ``infer`` gives for the view, from the file of an earlier call where there is one; without a folder it is always asked."""
    if folder is None:
        return infer(view)
    path = folder / f"inference-{sha256(write(view, RdfFormat.N_TRIPLES)).hexdigest()[:32]}.json"
    known = _read(path)
    if known is None:
        known = infer(view)
        _write(path, known)
    return known


def _read(path: Path) -> Inference | None:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        nodes = [NamedNode(iri) for iri in held["nodes"]]
        hierarchy = frozenset((nodes[low], nodes[high]) for low, high in held["hierarchy"])
        types = frozenset((nodes[one], nodes[name]) for one, name in held["types"])
        relations = frozenset((nodes[start], nodes[role], nodes[end]) for start, role, end in held["relations"])
        return Inference(hierarchy, tuple((nodes[name], why) for name, why in held["unsatisfiable"]), types, relations)
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def _write(path: Path, found: Inference) -> None:
    nodes = sorted(
        {node for tuples in (found.hierarchy, found.types, found.relations) for each in tuples for node in each},
        key=str,
    )
    nodes = sorted({*nodes, *(name for name, _ in found.unsatisfiable)}, key=str)
    at = {node: place for place, node in enumerate(nodes)}
    held = {
        "nodes": [node.value for node in nodes],
        "hierarchy": sorted([at[node] for node in pair] for pair in found.hierarchy),
        "types": sorted([at[node] for node in pair] for pair in found.types),
        "relations": sorted([at[node] for node in each] for each in found.relations),
        "unsatisfiable": [[at[name], why] for name, why in found.unsatisfiable],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    partial.write_text(json.dumps(held), encoding="utf-8")
    partial.replace(path)
    for old in sorted(path.parent.glob("inference-*.json"), key=lambda one: one.stat().st_mtime)[:-_KEPT]:
        old.unlink(missing_ok=True)
