"""Each question's contract: a whole header, a run on two engines, and the answer that was read and kept."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import rdflib

from emkg.ask import Question, questions, run
from emkg.graph import Graph
from emkg.ids import well_known_graphs
from emkg.query import Endpoint
from emkg.rdf import DefaultGraph, Quad, RdfFormat, write
from emkg.resolve import KINDS
from tests.oxigraph_server import needs_server, serving
from tests.questions.engines import CASES, GOLDEN, cases, rdflib_dataset, with_oxigraph, with_rdflib

QUESTIONS = {name: question for name, question in questions().items() if not question.needs}
EACH = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
# What a tolerance has to cover: sums of doubles that two engines add in different order.
CLOSE = 1e-9


@pytest.fixture(scope="session")
def other_engine(graph: Graph) -> rdflib.Dataset:
    return rdflib_dataset(graph)


@pytest.fixture(scope="session")
def remote(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """The same quads behind HTTP, `current` being the server's default graph."""
    current = well_known_graphs()["current"]
    rest = [quad for quad in graph.quads() if quad.graph_name != current]
    quads = [*rest, *(Quad(*quad.triple, DefaultGraph()) for quad in graph.quads(current))]
    with serving(tmp_path_factory.mktemp("server"), write(quads, RdfFormat.N_QUADS)) as address:
        yield Endpoint(address)


def golden(question: Question) -> list[dict[str, object]]:
    return list(json.loads((GOLDEN / f"{question.name}.json").read_text(encoding="utf-8")))


def same(found: object, kept: object) -> bool:
    if isinstance(found, float) and isinstance(kept, (int, float)) and not isinstance(kept, bool):
        return found == pytest.approx(kept, rel=CLOSE)
    if isinstance(found, list) and isinstance(kept, list):
        return len(found) == len(kept) and all(same(*pair) for pair in zip(found, kept, strict=True))
    return found == kept


def compare(found: dict[str, object], kept: dict[str, object]) -> None:
    assert found["columns"] == kept["columns"]
    assert same(found["rows"], kept["rows"]), f"\nfound {found['rows']}\nkept  {kept['rows']}"


def test_the_forty_eight_competency_questions_are_all_there_once() -> None:
    numbers = sorted(question.number for question in QUESTIONS.values() if question.number)
    assert numbers == list(range(1, 49))


def test_every_case_and_every_golden_answer_belongs_to_a_question() -> None:
    assert set(CASES) <= set(QUESTIONS)
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(QUESTIONS)


@EACH
def test_title_page_is_whole(question: Question) -> None:
    assert question.question.endswith("?"), question.question
    assert question.why and question.reason != "…"
    assert all(
        parameter.about and (parameter.kind in KINDS or ":" in parameter.kind) for parameter in question.parameters
    )
    projected = question.text.split("WHERE", 1)[0]
    assert all(f"?{column}" in projected for _, column in question.axes), "an axis is not among the columns"
    if question.answer in ("bar", "line"):
        assert dict(question.axes).keys() >= {"x", "y"}


@EACH
def test_every_values_block_with_one_variable_is_a_documented_parameter_or_a_list(question: Question) -> None:
    for parameter in question.parameters:
        assert question.text.count(f"VALUES ?{parameter.name} {{") == 1


@EACH
def test_it_has_an_answer_unless_it_says_why_not(question: Question) -> None:
    rows = golden(question)[0]["rows"]
    assert isinstance(rows, list)
    assert bool(rows) or question.status == "unanswerable"


@EACH
def test_the_cases_are_those_of_the_golden_file(question: Question) -> None:
    assert [answer["values"] for answer in golden(question)] == cases(question)


@EACH
def test_oxigraph_gives_the_golden_answer(question: Question, graph: Graph) -> None:
    for kept in golden(question):
        compare(with_oxigraph(question, graph, kept["values"]), kept)  # type: ignore[arg-type]


# rdflib 7.6 calls its own deprecated names.
@pytest.mark.filterwarnings("ignore:Dataset.:DeprecationWarning")
@EACH
def test_rdflib_gives_the_golden_answer(question: Question, graph: Graph, other_engine: rdflib.Dataset) -> None:
    for kept in golden(question):
        compare(with_rdflib(question, graph, other_engine, kept["values"]), kept)  # type: ignore[arg-type]


@needs_server
@EACH
def test_a_server_gives_the_golden_answer(question: Question, remote: Endpoint) -> None:
    """The default answer and the last case over HTTP, words being looked up there too."""
    for kept in {0: golden(question)[0], 1: golden(question)[-1]}.values():
        compare(with_oxigraph(question, remote, kept["values"]), kept)  # type: ignore[arg-type]


@EACH
def test_rows_come_in_one_order(question: Question, graph: Graph) -> None:
    """Every SELECT orders its rows wholly, so that two builds print the same table."""
    if question.answer == "graph":
        return
    assert "ORDER BY" in question.text
    first, second = run(question, graph), run(question, graph)
    assert first == second
