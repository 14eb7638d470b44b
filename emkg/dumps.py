"""The graph as files: sorted lines of N-Quads, and of them every RDF format, so that the same graph gives the same bytes."""

from __future__ import annotations

import os
from pathlib import Path

from emkg.formats import RDF_FORMATS, Format
from emkg.graph import Graph
from emkg.ids import well_known_graphs
from emkg.parallel import Task
from emkg.rdf import RdfFormat, convert
from emkg.vocab import prefixes


def write_dumps(graph: Graph, folder: Path) -> None:
    """``emkg.nq`` and ``dump/emkg.*`` below a folder: TriG and N-Quads hold every graph, the others ``current`` alone."""
    dump = folder / "dump"
    dump.mkdir(parents=True)
    named = [form for form in RDF_FORMATS if form.name in ("trig", "nquads")]
    merged = [form for form in RDF_FORMATS if form not in named]
    tasks = [Task(lambda: _write_all(graph, dump, named)), Task(lambda: _write_all(graph, dump, merged[::2]))]
    _write_all(graph, dump, merged[1::2])
    for task in tasks:
        task.result()
    os.link(dump / "emkg.nq", folder / "emkg.nq")


def _write_all(graph: Graph, dump: Path, forms: list[Format]) -> None:
    """Some formats, all with named graphs or all without, each made of one sorted text."""
    quads = forms[0].name in ("trig", "nquads")
    lines = graph.lines() if quads else graph.lines(well_known_graphs()["current"])
    for form in forms:
        text = sorted(lines, key=_graph_of) if form.name == "trig" else lines
        _write(dump / f"emkg.{form.suffix}", b"".join(text), RdfFormat.N_QUADS if quads else RdfFormat.N_TRIPLES, form)


def _graph_of(line: bytes) -> bytes:
    """The graph of a line of N-Quads; every one of ours names one."""
    return line[line.rindex(b"<") :]


def _write(path: Path, text: bytes, source: RdfFormat, form: Format) -> None:
    assert form.rdf is not None
    plain = form.rdf == source
    path.write_bytes(text if plain else convert(text, source, form.rdf, prefixes()))
