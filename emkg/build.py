"""sources + curated → merge → reason → derive → validate → dumps and report; the last good build serves until the new one is whole."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from functools import cache
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any
from typing import Literal as Choice

from emkg import __version__
from emkg.built import manifest, open_build
from emkg.derive import derive
from emkg.dumps import write_dumps
from emkg.errors import BuildError, EmkgError, InconsistentGraph
from emkg.graph import Graph
from emkg.ids import well_known_graphs
from emkg.inputs import Inputs, fingerprint, read_inputs
from emkg.linking import link
from emkg.merge import merge
from emkg.metadata.examples import example_triples
from emkg.metadata.void import void_triples
from emkg.ontology import ontology_graph
from emkg.parallel import Task, without_collector
from emkg.rdf import Literal, Triple, canonical_statement, in_graph, triples_of
from emkg.reason import Engine, choose_engine, inferred_where_consistent, reasoning_view
from emkg.validate import Report, validate_asserted, validate_checks
from emkg.vocab import RDFS

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
    only: Collection[str] | None = None,
    progress: Progress = lambda _: None,
) -> BuildReport:
    """Builds the graph below ``out`` and puts it in place of the previous build at once.

    With ``only``, of the sources those of these names are read; such a build counts as stale.
    A file or record at fault is named in the report and the rest is built; with ``strict`` it raises BuildError.
    """
    mark = fingerprint() if only is None else sha256(" ".join([fingerprint(), *sorted(only)]).encode()).hexdigest()
    progress("reading sources and curated facts")
    with without_collector():
        inputs = read_inputs(only)
    if strict and inputs.errors:
        raise BuildError("; ".join(map(str, inputs.errors)), repair="mend these files, or build without --strict")
    chosen = choose_engine(engine)
    with without_collector():
        made = assemble(inputs, chosen, progress, out / "memory")
        inputs = replace(inputs, errors=(*inputs.errors, *made.contradictions))
        if strict and made.contradictions:
            raise made.contradictions[0]
        if strict and not (validation := made.judged().report).conforms:
            raise BuildError(
                f"{validation.violations} violations",
                repair="emkg validate shows them; mend the data, or build without --strict",
            )
        progress("writing the dumps")

        def report() -> BuildReport:
            sizes = made.graph.sizes()  # before the judgement, which may not be there yet
            return BuildReport(out, mark, chosen, sizes, inputs, made.judged().report)

        return _replace(out, mark, lambda folder: _write(folder, made, report))


@dataclass(frozen=True, slots=True)
class Judged:
    """What shapes and checks say, and the same as the Turtle of report.ttl."""

    report: Report
    turtle: str


@dataclass(frozen=True, slots=True)
class Assembled:
    """The whole graph; what contradicts the ontology; and what shapes and checks say, which waits until they have said it."""

    graph: Graph
    contradictions: list[InconsistentGraph]
    judged: Callable[[], Judged]


def assemble(
    inputs: Inputs, engine: Engine, progress: Progress = lambda _: None, memory: Path | None = None
) -> Assembled:
    """The whole graph, and what is said of it.

    Records are linked beside the reasoning, the shapes tried beside what follows it, the checks beside what the caller does next: in
    processes of their own. ``memory`` is a folder in which the reasoner's answers are kept.
    """
    names = well_known_graphs()
    progress("merging into current")
    merged = merge(inputs.quads)
    progress("linking the records of different archives")
    linked = Task(lambda: link(merged.triples))
    progress(f"reasoning ({engine})")
    ontology = [canonical_statement(triple) for triple in ontology_graph()]
    inferred, contradictions = inferred_where_consistent(reasoning_view(ontology, merged.triples), engine, memory)
    graph = Graph()
    graph.add(inputs.quads)
    links = linked.result()
    asserted = [*merged.triples, *merged.decisions, *links]
    progress("validating what is asserted (SHACL)")
    shapes = Task(lambda: validate_asserted(asserted))
    graph.add(in_graph(ontology, names["ontology"]))
    graph.add(in_graph(inferred, names["inferred"]))
    graph.add(in_graph(links, names["links"]))
    graph.add(in_graph([*merged.decisions, *_origin()], names["meta"]))
    for part in (asserted, ontology, inferred, _origin()):
        graph.add(in_graph(part, names["current"]))
    progress("deriving")
    derived = derive(graph, __version__)
    graph.add([*derived, *in_graph(triples_of(derived), names["current"])])
    progress("describing")
    described = [canonical_statement(triple) for triple in (*void_triples(graph, __version__), *example_triples())]
    graph.add([*in_graph(described, names["void"]), *in_graph(described, names["current"])])
    progress("checking")
    of_shapes = shapes.result()
    judged = Task(lambda: _judge(graph, of_shapes))
    return Assembled(graph, contradictions, cache(judged.result))


def _judge(graph: Graph, shapes: Report) -> Judged:
    report = (shapes + validate_checks(graph)).located(graph)
    return Judged(report, report.to_rdf())


def _origin() -> list[Triple]:
    told = {
        "curated": "facts and corrections by the curators",
        "links": "links between records of different archives",
        "inferred": "what follows from the ontology",
        "meta": "what is said of graphs and claims",
        "void": "what the graph holds, and questions to ask of it",
        "current": "the merged graph",
    }
    return [Triple(well_known_graphs()[name], RDFS.label, Literal(text, language="en")) for name, text in told.items()]


def _write(folder: Path, made: Assembled, reported: Callable[[], BuildReport]) -> BuildReport:
    folder.mkdir(parents=True)
    write_dumps(made.graph, folder)
    report = reported()
    (folder / "report.json").write_text(
        json.dumps(_report(report), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    (folder / "report.ttl").write_text(made.judged().turtle, encoding="utf-8")
    manifest = {
        "version": __version__,
        "data_version": report.data_version,
        "engine": report.engine,
        "graphs": report.graphs,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return report


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


def _replace(out: Path, mark: str, fill: Callable[[Path], BuildReport]) -> BuildReport:
    """Writes a new folder beside the old one and turns the link ``current`` in one step (rename(2) is atomic)."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for stale in out.glob(".partial-*"):
            shutil.rmtree(stale, ignore_errors=True)
        partial = out / f".partial-{os.getpid()}"
        report = fill(partial)
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
    return report


def _ours(folder: Path) -> bool:
    return folder.name.startswith(".partial-") or (folder / "manifest.json").is_file()


def is_stale(out: Path) -> bool:
    """Whether there is no build, or one of other inputs or other code."""
    try:
        return bool(manifest(out)["data_version"] != fingerprint())
    except EmkgError:
        return True
