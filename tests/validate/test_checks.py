"""Each check of queries/checks/ finds what is planted in its bad example and violates nothing on the good build."""

from __future__ import annotations

from pathlib import Path

import pytest

from emkg.errors import PluginError
from emkg.graph import Graph
from emkg.ids import well_known_graphs
from emkg.rdf import DefaultGraph, Quad, in_graph, read_quads, triples_of
from emkg.validate.checks import check_files, load
from emkg.vocab import ontology_quads

BAD = Path(__file__).parents[1] / "data" / "bad"
NAMES = [path.stem for path in check_files()]


def graph_of(path: Path) -> Graph:
    """The example as a build holds it: its default graph, and the ontology, in ``current``; named graphs as they are."""
    current = well_known_graphs()["current"]
    graph = Graph()
    quads = read_quads(path)
    graph.add([quad for quad in quads if quad.graph_name != DefaultGraph()])
    plain = [Quad(q.subject, q.predicate, q.object, current) for q in quads if q.graph_name == DefaultGraph()]
    graph.add(plain)
    graph.add([Quad(q.subject, q.predicate, q.object, well_known_graphs()["curated"]) for q in plain])
    graph.add(in_graph(triples_of(ontology_quads()), current))
    graph.add(in_graph(triples_of(ontology_quads()), well_known_graphs()["ontology"]))
    return graph


def example(name: str) -> Path:
    (found,) = [path for path in BAD.iterdir() if path.stem == name]
    return found


def test_every_check_has_its_bad_example_and_the_other_way_round() -> None:
    assert sorted(path.stem for path in BAD.iterdir()) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_check_finds_what_is_planted(name: str) -> None:
    check = load(next(path for path in check_files() if path.stem == name))
    table = graph_of(example(name)).select(check.text)
    assert len(table) >= 1, check.message
    assert "subject" in table.columns


@pytest.mark.parametrize("path", check_files(), ids=lambda path: path.stem)
def test_no_check_is_violated_on_the_good_build(graph: Graph, path: Path) -> None:
    check = load(path)
    if check.severity == "violation":
        assert graph.select(check.text).values() == []


@pytest.mark.parametrize("head", ["#+ message: x\n#+ severity: fatal\n", "SELECT", "#+ message: x\n#+ scope: moon\n"])
def test_a_check_without_a_usable_head_is_refused(tmp_path: Path, head: str) -> None:
    path = tmp_path / "c.rq"
    path.write_text(head)
    with pytest.raises(PluginError):
        load(path)
