"""A report as RDF: a sh:ValidationReport that any SHACL tool reads, with an IRI for every node (https://www.w3.org/TR/shacl/#validation-report)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from emkg.rdf import Literal, NamedNode, RdfFormat, Triple, write
from emkg.validate.report import Report, Result
from emkg.vocab import PROV, RDF, RDFS, SH, XSD, base, prefixes

_SEVERITY = {"violation": "Violation", "warning": "Warning", "info": "Info"}


def turtle(report: Report) -> str:
    """The report in Turtle; the same report gives the same text."""
    return write(triples(report), RdfFormat.TURTLE, prefixes()).decode()


def triples(report: Report) -> Iterator[Triple]:
    """The statements of a report; nodes are named by the hash of what they hold (skolem IRIs, RDF 1.1 Concepts §3.5)."""
    named = [(_node("result", *map(str, result.sort_key())), result) for result in report.results]
    node = _node("report", *(name.value for name, _ in named))
    yield Triple(node, RDF.type, SH.ValidationReport)
    yield Triple(node, SH.conforms, Literal("true" if report.conforms else "false", datatype=XSD.boolean))
    for name, result in named:
        yield Triple(node, SH.result, name)
        yield from _result(name, result)


def _node(kind: str, *parts: str) -> NamedNode:
    return NamedNode(f"{base()}{kind}/{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:16]}")


def _result(node: NamedNode, result: Result) -> Iterator[Triple]:
    yield Triple(node, RDF.type, SH.ValidationResult)
    yield Triple(node, SH.focusNode, result.focus)
    yield Triple(node, SH.resultSeverity, SH[_SEVERITY[result.severity]])
    message = f"{result.message} — {result.repair}" if result.repair else result.message
    yield Triple(node, SH.resultMessage, Literal(message, language="en"))
    if result.path is not None:
        yield Triple(node, SH.resultPath, result.path)
    if result.value is not None:
        yield Triple(node, SH.value, result.value)
    if result.component is not None:
        yield Triple(node, SH.sourceShape, result.source)
        yield Triple(node, SH.sourceConstraintComponent, result.component)
    else:  # a check is a query, not a shape: https://www.w3.org/TR/shacl/#results-source-constraint
        yield Triple(node, SH.sourceConstraint, result.source)
        yield Triple(node, SH.sourceConstraintComponent, SH.SPARQLConstraintComponent)
    for place in result.where:
        yield Triple(node, RDFS.comment, Literal(f"stated in {place}", language="en"))
        if place.startswith("emg:"):
            yield Triple(node, PROV.hadPrimarySource, NamedNode(prefixes()["emg"] + place.removeprefix("emg:")))
