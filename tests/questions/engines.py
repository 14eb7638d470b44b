"""One question, two engines, one normal form: what pyoxigraph and rdflib must agree on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import rdflib
from rdflib.plugins.sparql.processor import SPARQLResult

from emkg.ask import Question, bind
from emkg.graph import Graph
from emkg.ids import well_known_graphs
from emkg.rdf import Literal, NamedNode, Term, Triple
from emkg.render import native
from emkg.resolve import Queryable
from emkg.vocab import curie

GOLDEN = Path(__file__).parent / "golden"
# Values beside the defaults, by question: those that the project promises to answer, and the edges of a parameter.
CASES: dict[str, list[dict[str, str]]] = json.loads((Path(__file__).parent / "cases.json").read_text(encoding="utf-8"))


def cases(question: Question) -> list[dict[str, str]]:
    return [{}, *CASES.get(question.name, [])]


def with_oxigraph(question: Question, graph: Queryable, values: dict[str, str]) -> dict[str, Any]:
    text = bind(question, values, graph)
    if question.answer == "graph":
        return _triples(graph.construct(text))
    table = graph.select(text)
    return _answer(table.columns, table.rows)


def with_rdflib(question: Question, graph: Graph, dataset: rdflib.Dataset, values: dict[str, str]) -> dict[str, Any]:
    result: SPARQLResult = dataset.query(bind(question, values, graph))
    if question.answer == "graph":
        return _triples([Triple(*(_term(part) for part in triple)) for triple in result.graph])
    columns = tuple(str(variable) for variable in result.vars)
    return _answer(columns, tuple(tuple(None if cell is None else _term(cell) for cell in row) for row in result))


def rdflib_dataset(graph: Graph) -> rdflib.Dataset:
    """The same quads, with ``current`` as the default graph."""
    current = well_known_graphs()["current"]
    dataset = rdflib.Dataset()
    for quad in graph.quads():
        target = (
            dataset.default_graph if quad.graph_name == current else dataset.graph(rdflib.URIRef(quad.graph_name.value))
        )
        target.add((_node(quad.subject), _node(quad.predicate), _node(quad.object)))
    return dataset


def _node(term: Any) -> rdflib.term.Node:
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        plain = term.datatype.value.endswith("XMLSchema#string")
        return rdflib.Literal(term.value, datatype=None if plain else rdflib.URIRef(term.datatype.value))
    return rdflib.BNode(term.value)


def _term(node: Any) -> Any:
    if isinstance(node, rdflib.URIRef):
        return NamedNode(str(node))
    if isinstance(node, rdflib.Literal):
        if node.language:
            return Literal(str(node), language=node.language)
        return Literal(str(node), datatype=NamedNode(str(node.datatype))) if node.datatype else Literal(str(node))
    raise AssertionError(f"a blank node in an answer: {node}")


def _answer(columns: tuple[str, ...], rows: tuple[tuple[Term | None, ...], ...]) -> dict[str, Any]:
    return {"columns": list(columns), "rows": sorted(([_cell(term) for term in row] for row in rows), key=str)}


def _triples(triples: list[Triple]) -> dict[str, Any]:
    rows = [(triple.subject, triple.predicate, triple.object) for triple in triples]
    return _answer(("subject", "predicate", "object"), tuple(rows))


def _cell(term: Term | None) -> Any:
    """Numbers to ten digits: engines may add in any order and write a number in any lexical form."""
    if isinstance(term, NamedNode):
        return curie(term)
    value = native(term)
    if value is None or isinstance(value, (bool, str)):
        return value
    return float(f"{float(value):.10g}") if not hasattr(value, "isoformat") else value.isoformat()


__all__ = ["CASES", "GOLDEN", "cases", "rdflib_dataset", "with_oxigraph", "with_rdflib"]
