"""Exports: one file each; which there are, and writing one by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from emkg.describe import all_datasets
from emkg.errors import ExportError, NotFound
from emkg.exports._base import Export
from emkg.graph import Graph
from emkg.ids import mint
from emkg.registry import discover

__all__ = ["all_exports", "export", "listing", "load"]


def all_exports() -> dict[str, Export]:
    """Name → export, for all that are found."""
    return discover("emkg.exports", Export)


def load(name: str) -> Export:
    """The export of that name, or of that file suffix; raises NotFound with the names there are."""
    found = all_exports()
    by_suffix = {export.format.suffix: export for export in found.values()}
    if name not in found and name not in by_suffix:
        raise NotFound(f"no export {name!r}", "", f"use one of {', '.join(found)}")
    return found.get(name) or by_suffix[name]


def listing() -> str:
    """Every export with what it gives, one a line."""
    found = all_exports()
    width = max(len(name) for name in found)
    lines = []
    for name, one in found.items():
        lines.append(f"{name:<{width}}  .{one.format.suffix:<7} {one.about}\n")
        lines += [f"{'':<{width}}  --{option.name}: {option.about}\n" for option in one.options]
    return "".join(lines)


def export(
    name: str, graph: Graph, slugs: Sequence[str] | None = None, options: Mapping[str, str] | None = None
) -> bytes:
    """Some datasets (their slugs), or with None all of the graph, in the format of that name, with the values of its options.

    Raises NotFound for an unknown format or dataset, ExportError where an export of the whole is asked for a part,
    or none is asked for.
    """
    chosen = load(name).given(options or {})
    if slugs is None or not chosen.per_dataset:
        if slugs:
            raise ExportError(
                f"{name} is one document for all datasets", "", f"leave the datasets out: emkg export {name}"
            )
        return chosen.write(graph, None)
    if not slugs:
        raise ExportError("which datasets?", "", f"name some, or all: emkg export {name} --all")
    known = {node.value.rsplit("/", 1)[1]: node for node in all_datasets(graph)}
    if unknown := [slug for slug in slugs if slug not in known]:
        raise NotFound(f"no dataset {unknown[0]!r}", "", f"use one of {', '.join(known)}")
    return chosen.write(graph, [mint("dataset", slug) for slug in slugs])
