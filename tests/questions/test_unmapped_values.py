"""What to map next: words of records without a term, by field and source, the most frequent first; mapped words are not listed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from emkg.ask import load, run
from emkg.graph import Graph, Table
from emkg.ids import well_known_graphs
from emkg.model import Record
from emkg.rdf import Literal, NamedNode, Quad, in_graph
from emkg.rdfize import record_statements_of
from emkg.sources.ome_ngff import OmeNgff
from emkg.sources.vem_lists import VemLists
from emkg.vocab import EM, RDFS, iri

CURRENT = well_known_graphs()["current"]


def quads_of(number: int, **changed: Any) -> list[Quad]:
    record = replace(VemLists.example, key=f"row {number}", body=VemLists.example.body | changed)
    return in_graph((told.triple for told in record_statements_of(VemLists().read(record))), CURRENT)


@pytest.fixture(scope="module")
def rows() -> list[tuple[str | None, ...]]:
    graph = Graph()
    graph.add(quads_of(0))
    graph.add(quads_of(1, species="griffin", microscopy="magnifying glass", sample="wing"))
    graph.add(quads_of(2, species="griffin", microscopy="SBF-SEM", sample="brain"))
    image = Record("one", "crick.csv", "/2", OmeNgff.example.body | {"license": "ask us", "organismId": "griffin"})
    graph.add(in_graph((told.triple for told in record_statements_of(OmeNgff().read(image))), CURRENT))
    graph.add([Quad(iri("emr:resource/vem-lists"), RDFS.label, Literal("vEM lists", language="en"), CURRENT)])
    # as queries/derive does: the concept of the technique that an acquisition is of
    known = [quad.subject for quad in graph.quads(CURRENT) if quad.object == EM.SBFSEM]
    volumes = [
        quad.subject for quad in graph.quads(CURRENT) if quad.predicate == EM.acquiredBy and quad.object in known
    ]
    graph.add([Quad(volume, EM.technique, iri("emt:SBFSEM"), CURRENT) for volume in volumes])
    table = run(load("unmapped-values"), graph)
    assert isinstance(table, Table)
    return table.values()


def test_words_without_a_term_are_counted_by_field_and_source(rows: list[tuple[str | None, ...]]) -> None:
    found = {row[:3]: row[3] for row in rows}
    assert found[("species", "griffin", "vEM lists")] == "2"
    assert found[("species", "griffin", "lists and curators")] == "1"  # of a repository that no resource describes here
    assert found[("technique", "magnifying glass", "vEM lists")] == "1"
    assert found[("region", "wing", "vEM lists")] == "1"
    assert found[("licence", "ask us", "lists and curators")] == "1"


def test_words_with_a_term_are_not_listed(rows: list[tuple[str | None, ...]]) -> None:
    assert not {row[1] for row in rows} & {"zebrafish", "SBF-SEM", "brain", "larval olfactory bulb"}


def test_the_most_frequent_comes_first(rows: list[tuple[str | None, ...]]) -> None:
    times = [int(row[3] or 0) for row in rows]
    assert times == sorted(times, reverse=True)
    assert all(NamedNode(str(row[4])).value.startswith(iri("emr:x").value[:-1]) for row in rows)
