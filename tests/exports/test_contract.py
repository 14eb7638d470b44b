"""Every export, found as the program finds them: writes, is the same twice, re-reads to the same statements; and no
two are confused.
"""

from __future__ import annotations

from collections import Counter

import pytest

from emkg import exports
from emkg.describe import all_datasets
from emkg.errors import ExportError, NotFound
from emkg.exports._base import Export, TriplesExport, quads, triples
from emkg.graph import Graph
from emkg.ids import mint
from emkg.rdf import DefaultGraph, RdfFormat, parse_quads, triples_of

EXPORTS = exports.all_exports()
OF_RDF = [export for export in EXPORTS.values() if export.format.rdf]
each_export = pytest.mark.parametrize("export", EXPORTS.values(), ids=EXPORTS)
# An export with options needs more than the graph: what it writes is tested with its own.
each_that_writes_alone = pytest.mark.parametrize(
    "export", [one for one in EXPORTS.values() if not one.options], ids=lambda one: one.name
)
each_rdf = pytest.mark.parametrize("export", OF_RDF, ids=lambda export: export.name)


SEED = "axonem h01 j0126 kasthuri microns-mm3 microns-l23 isbi-2012 snemi3d nucmm mitoem hemibrain fib-25".split()


def reread(export: Export, data: bytes) -> set[object]:
    assert isinstance(export.format.rdf, RdfFormat)
    found = parse_quads(data, export.format.rdf, name=export.name)
    return set(found) if export.name in ("trig", "nquads") else set(triples_of(found))


def expected(export: Export, graph: Graph, nodes: list | None) -> set[object]:
    return set(quads(graph, nodes)) if export.name in ("trig", "nquads") else set(triples(graph, nodes))


@each_export
def test_says_what_it_is(export: Export) -> None:
    assert export.name in EXPORTS and export.about and "\n" not in export.about
    assert export.format.media_type.count("/") == 1 and not export.format.suffix.startswith(".")


@pytest.mark.parametrize("what", ["media_type", "suffix", "name"])
def test_no_two_share(what: str) -> None:
    seen = Counter(getattr(export.format, what) for export in EXPORTS.values())
    assert seen.most_common(1)[0][1] == 1, seen


@each_that_writes_alone
def test_writes_the_same_twice(export: Export, graph: Graph) -> None:
    nodes = [mint("dataset", "h01")] if export.per_dataset else None
    first = export.write(graph, nodes)
    assert first and first == type(export)().write(graph, nodes)


@each_rdf
def test_a_dataset_re_reads(export: Export, graph: Graph) -> None:
    assert {mint("dataset", slug) for slug in SEED} <= set(all_datasets(graph))
    for node in (mint("dataset", slug) for slug in SEED):
        assert reread(export, export.write(graph, [node])) == expected(export, graph, [node]), node


@each_rdf
def test_two_datasets_re_read(export: Export, graph: Graph) -> None:
    nodes = [mint("dataset", "axonem"), mint("dataset", "h01")]
    assert reread(export, export.write(graph, nodes)) == expected(export, graph, nodes)


@each_rdf
def test_everything_re_reads(export: Export, graph: Graph) -> None:
    """Labels of blank nodes are free, so these statements are counted."""

    def sorted_out(statements: set) -> tuple[set, int]:
        blank = {s for s in statements if "_:" in f"{str(s.subject)[:2]}{str(s.object)[:2]}"}
        return statements - blank, len(blank)

    assert sorted_out(reread(export, export.write(graph))) == sorted_out(expected(export, graph, None))


def test_triples_exports_hold_current_alone(graph: Graph) -> None:
    assert all(isinstance(EXPORTS[name], TriplesExport) for name in ("turtle", "ntriples", "rdfxml"))


@each_export
def test_options_are_told_and_no_others_are_taken(export: Export) -> None:
    assert all(f"--{option.name}: {option.about}" in exports.listing() for option in export.options)
    with pytest.raises(ExportError, match="no option --no-such") as fault:
        export.given({"no-such": "x"})
    assert all(f"--{option.name}" in fault.value.repair for option in export.options)
    assert export.given({}) is export


def test_by_name_and_by_suffix(graph: Graph) -> None:
    assert exports.load("ttl").name == exports.load("turtle").name == "turtle"
    assert exports.export("turtle", graph, ["h01"]) == exports.export("ttl", graph, ["h01"])
    assert all(name in exports.listing() for name in EXPORTS)


@pytest.mark.parametrize(
    ("name", "slugs", "error"),
    [
        ("docx", ["h01"], NotFound),
        ("turtle", ["no-such"], NotFound),
        ("turtle", [], ExportError),
        ("awesome-list", ["h01"], ExportError),
    ],
)
def test_what_cannot_be_had(graph: Graph, name: str, slugs: list[str], error: type[Exception]) -> None:
    with pytest.raises(error) as fault:
        exports.export(name, graph, slugs)
    assert fault.value.repair  # type: ignore[attr-defined]


def test_a_document_s_default_graph_says_what_its_turtle_says(graph: Graph) -> None:
    """So that a client that dereferences an IRI as N-Quads, as RDF/JS clients do, finds the description without ``GRAPH``."""
    node = mint("dataset", "h01")
    stated = {quad.triple for quad in parse_quads(EXPORTS["turtle"].write(graph, [node]), RdfFormat.TURTLE)}
    quads = parse_quads(EXPORTS["nquads"].write(graph, [node]), RdfFormat.N_QUADS)
    assert {quad.triple for quad in quads if isinstance(quad.graph_name, DefaultGraph)} == stated
    assert {quad.graph_name for quad in quads} - {DefaultGraph()}
