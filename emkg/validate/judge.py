"""What pySHACL says: the validator of record, for files and for the tests that hold the fast evaluator to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from emkg.rdf import BlankNode, Literal, NamedNode, Term, Triple
from emkg.validate.report import Result, parts, severity_of
from emkg.vocab import SH

if TYPE_CHECKING:
    import rdflib


def judge(data: Iterable[Triple], shapes: Iterable[Triple]) -> list[Result]:
    """The results of pySHACL; only results whose shape has an IRI can tell it."""
    import pyshacl

    _, found, _ = pyshacl.validate(
        _rdflib_graph(data), shacl_graph=_rdflib_graph(shapes), inference="none", advanced=False, meta_shacl=False
    )
    space = SH.result.value.removesuffix("result")
    return [_result(found, node, space) for node in set(found.objects(None, _node(SH.result)))]


def _result(found: rdflib.Graph, node: rdflib.term.Node, space: str) -> Result:
    def one(local: str) -> Term | None:
        value = found.value(node, _node(NamedNode(space + local)))
        return None if value is None else _term(value)

    def named(local: str) -> NamedNode | None:
        value = one(local)
        return value if isinstance(value, NamedNode) else None

    messages = sorted(str(text) for text in found.objects(node, _node(SH.resultMessage)))
    component = named("sourceConstraintComponent") or SH.ConstraintComponent
    source = named("sourceShape")
    told = messages[0] if messages else ""
    what, repair = parts(told)
    focus = one("focusNode")
    assert focus is not None
    value = one("value")
    severity = severity_of(named("resultSeverity") or SH.Violation)
    return Result(focus, named("resultPath"), value, severity, what, repair, source or SH.Shape, component)


def _rdflib_graph(triples: Iterable[Triple]) -> rdflib.Graph:
    """Terms made one by one: some twenty times faster than a detour over text; ill-typed literals stay as they are."""
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none")
    graph.addN((_node(t.subject), _node(t.predicate), _node(t.object), graph) for t in triples)
    return graph


def _node(term: object) -> rdflib.term.Identifier:
    import rdflib

    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    assert isinstance(term, Literal)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)


def _term(node: rdflib.term.Node) -> Term:
    import rdflib

    if isinstance(node, rdflib.URIRef):
        return NamedNode(str(node))
    if isinstance(node, rdflib.BNode):
        return BlankNode(str(node))
    assert isinstance(node, rdflib.Literal)
    if node.language:
        return Literal(str(node), language=node.language)
    return Literal(str(node), datatype=NamedNode(str(node.datatype))) if node.datatype else Literal(str(node))
