"""sources + curated → merge → reason → derive → validate → dumps and report; the last good build serves until the new one is whole."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any
from typing import Literal as Choice

from emkg import __version__
from emkg.built import manifest, open_build
from emkg.derive import derive
from emkg.errors import BuildError, EmkgError, InconsistentGraph
from emkg.formats import RDF_FORMATS
from emkg.graph import Graph
from emkg.ids import well_known_graphs
from emkg.inputs import Inputs, fingerprint, read_inputs
from emkg.merge import merge
from emkg.metadata.examples import example_triples
from emkg.metadata.void import void_triples
from emkg.ontology import ontology_graph
from emkg.rdf import (
    Literal,
    NamedNode,
    Quad,
    Triple,
    canonical_statement,
    in_graph,
    sort_key,
    triples_of,
    write_ordered,
)
from emkg.reason import Engine, choose_engine, inferred_where_consistent, reasoning_view
from emkg.validate import Report, validate_asserted, validate_checks
from emkg.vocab import RDFS, prefixes

__all__ = ["BuildReport", "assemble", "build", "is_stale", "manifest", "open_build"]

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: where it lies, how many quads per graph, which reasoner ran, what was at fault."""

    path: Path
    data_version: str
    engine: str
    graphs: dict[str, int]
    inputs: Inputs
    validation: Report

    @property
    def ok(self) -> bool:
        """Whether every file could be used and no shape or check is violated."""
        return not self.inputs.errors and self.validation.conforms


def build(
    out: Path = Path("build"),
    *,
    engine: Choice["auto", "hermit", "rules"] = "auto",
    strict: bool = False,
    progress: Progress = lambda _: None,
) -> BuildReport:
    """Builds the graph below ``out`` and puts it in place of the previous build at once.

    A file or record at fault is named in the report and the rest is built; with ``strict`` it raises BuildError.
    """
    mark = fingerprint()
    progress("reading sources and curated facts")
    inputs = read_inputs()
    if strict and inputs.errors:
        raise BuildError("; ".join(map(str, inputs.errors)), repair="mend these files, or build without --strict")
    chosen = choose_engine(engine)
    quads, validation, contradictions = assemble(inputs, chosen, progress)
    inputs = replace(inputs, errors=(*inputs.errors, *contradictions))
    if strict and contradictions:
        raise contradictions[0]
    if strict and not validation.conforms:
        raise BuildError(
            f"{validation.violations} violations",
            repair="emkg validate shows them; mend the data, or build without --strict",
        )
    progress("writing the dumps")
    report = BuildReport(out, mark, chosen, _sizes(quads), inputs, validation)
    _replace(out, mark, lambda folder: _write(folder, quads, report))
    return report


def assemble(
    inputs: Inputs, engine: Engine, progress: Progress = lambda _: None
) -> tuple[list[Quad], Report, list[InconsistentGraph]]:
    """The whole graph as sorted quads, what shapes and checks say of it, and what contradicts the ontology."""
    names = well_known_graphs()
    progress("merging into current")
    merged = merge(inputs.quads)
    ontology = ontology_graph()
    asserted = [*merged.triples, *merged.decisions]
    progress("validating what is asserted (SHACL)")
    shapes = validate_asserted(asserted)
    progress(f"reasoning ({engine})")
    inferred, contradictions = inferred_where_consistent(reasoning_view(ontology, merged.triples), engine)
    quads = [*inputs.quads, *in_graph(merged.decisions, names["meta"]), *in_graph(ontology, names["ontology"])]
    quads += [*in_graph(inferred, names["inferred"]), *in_graph(_origin(), names["meta"])]
    current = {*asserted, *ontology, *inferred, *_origin()}
    graph = Graph()
    graph.add([*quads, *in_graph(current, names["current"])])
    progress("deriving")
    derived = derive(graph, __version__)
    graph.add(derived)
    progress("checking")
    checks = validate_checks(graph)
    quads += derived
    current.update(triples_of(derived))
    graph.add(in_graph(current, names["current"]))
    progress("describing")
    described = [*void_triples(graph, __version__), *example_triples()]
    quads += in_graph(described, names["void"])
    quads += in_graph({*current, *described}, names["current"])
    ordered = sorted({canonical_statement(quad) for quad in quads}, key=sort_key)
    return ordered, shapes.located(graph) + checks.located(graph), contradictions


def _origin() -> list[Triple]:
    told = {
        "curated": "facts and corrections by the curators",
        "inferred": "what follows from the ontology",
        "meta": "what is said of graphs and claims",
        "void": "what the graph holds, and questions to ask of it",
        "current": "the merged graph",
    }
    return [Triple(well_known_graphs()[name], RDFS.label, Literal(text, language="en")) for name, text in told.items()]


def _sizes(quads: list[Quad]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for quad in quads:
        assert isinstance(quad.graph_name, NamedNode)
        sizes[quad.graph_name.value] = sizes.get(quad.graph_name.value, 0) + 1
    return dict(sorted(sizes.items()))


def _write(folder: Path, quads: list[Quad], report: BuildReport) -> None:
    dump = folder / "dump"
    dump.mkdir(parents=True)
    current = well_known_graphs()["current"]
    triples = [quad.triple for quad in quads if quad.graph_name == current]
    for form in RDF_FORMATS:
        assert form.rdf is not None
        named = form.name in ("trig", "nquads")
        (dump / f"emkg.{form.suffix}").write_bytes(write_ordered(quads if named else triples, form.rdf, prefixes()))
    os.link(dump / "emkg.nq", folder / "emkg.nq")
    (folder / "report.json").write_text(
        json.dumps(_report(report), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    (folder / "report.ttl").write_text(report.validation.to_rdf(), encoding="utf-8")
    manifest = {
        "version": __version__,
        "data_version": report.data_version,
        "engine": report.engine,
        "graphs": report.graphs,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _report(report: BuildReport) -> dict[str, Any]:
    return {
        "engine": report.engine,
        "statements": report.inputs.counts,
        "unreadable": [asdict(fault) for fault in report.inputs.faults],
        "unusable": [
            {"what": error.what, "where": error.where, "repair": error.repair} for error in report.inputs.errors
        ],
        "validation": report.validation.to_dict(),
    }


def _replace(out: Path, mark: str, fill: Callable[[Path], None]) -> None:
    """Writes a new folder beside the old one and turns the link ``current`` in one step (rename(2) is atomic)."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for stale in out.glob(".partial-*"):
            shutil.rmtree(stale, ignore_errors=True)
        partial = out / f".partial-{os.getpid()}"
        fill(partial)
        place = next(path for number in count(1) if not (path := out / f"{mark[:12]}-{number}").exists())
        partial.rename(place)
        link = out / f".partial-link-{os.getpid()}"
        link.symlink_to(place.name)
        link.replace(out / "current")
    except OSError as fault:
        raise BuildError(
            f"cannot be written: {fault.strerror}", str(fault.filename or out), "give another --out"
        ) from None
    for old in out.iterdir():
        if old.name not in ("current", place.name) and (old.is_dir() or old.is_symlink()) and _ours(old):
            shutil.rmtree(old, ignore_errors=True)


def _ours(folder: Path) -> bool:
    return folder.name.startswith(".partial-") or (folder / "manifest.json").is_file()


def is_stale(out: Path) -> bool:
    """Whether there is no build, or one of other inputs or other code."""
    try:
        return bool(manifest(out)["data_version"] != fingerprint())
    except EmkgError:
        return True
