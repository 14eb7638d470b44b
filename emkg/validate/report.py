"""What was found: results with the node, the property, the value, what is wrong, where it is stated and how to repair it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from emkg.errors import NotFound, PluginError
from emkg.rdf import BlankNode, NamedNode, Term
from emkg.vocab import RDFS, SH, curie

SEVERITIES = ("violation", "warning", "info")
"""From worst to mildest, as SHACL orders them (https://www.w3.org/TR/shacl/#severity)."""


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that is wrong.

    ``focus`` is the node, ``path`` the property and ``value`` the value at fault, None where the whole node is meant;
    ``source`` is the IRI of the shape or check, ``component`` the SHACL component that failed (of a check: None);
    ``where`` are the named graphs or the places in files that state it.
    """

    focus: Term
    path: NamedNode | None
    value: Term | None
    severity: str
    message: str
    repair: str
    source: NamedNode
    component: NamedNode | None = None
    where: tuple[str, ...] = ()

    def sort_key(self) -> tuple[int, str, str, str, str, str, str]:
        """Orders results by severity, then node, property, value, source and component: a total order."""
        return (
            SEVERITIES.index(self.severity),
            str(self.focus),
            str(self.path or ""),
            str(self.value or ""),
            self.source.value,
            self.message,
            str(self.component or ""),
        )

    def to_dict(self) -> dict[str, Any]:
        """The result for JSON; IRIs in full, the value also as RDF writes it."""
        return {
            "severity": self.severity,
            "node": self.focus.value,
            "property": self.path.value if self.path else None,
            "value": None if self.value is None else self.value.value,
            "valueTerm": None if self.value is None else str(self.value),
            "message": self.message,
            "repair": self.repair,
            "source": self.source.value,
            "component": self.component.value if self.component else None,
            "where": list(self.where),
        }


def shown(term: Term) -> str:
    """A term for people: a CURIE, or a literal with its datatype where that is not plain text.

    >>> from emkg.rdf import Literal
    >>> shown(SH.Violation), shown(Literal("4")), shown(Literal(4))
    ('sh:Violation', '"4"', '"4"^^xsd:integer')
    """
    if isinstance(term, NamedNode):
        return curie(term)
    if isinstance(term, BlankNode):
        return str(term)
    text = term.value if len(term.value) <= 120 else term.value[:117] + "…"
    if term.language:
        return f'"{text}"@{term.language}'
    kind = curie(term.datatype)
    return f'"{text}"' if kind == "xsd:string" else f'"{text}"^^{kind}'


@dataclass(frozen=True, slots=True)
class Report:
    """All results, in a stable order; it conforms where none of them is a violation."""

    results: tuple[Result, ...] = ()

    @classmethod
    def of(cls, results: list[Result]) -> Report:
        """The results sorted, each once."""
        return cls(tuple(sorted(set(results), key=Result.sort_key)))

    def __add__(self, other: Report) -> Report:
        return Report.of([*self.results, *other.results])

    @property
    def conforms(self) -> bool:
        """Whether there is no violation; warnings and infos do not count."""
        return not self.violations

    @property
    def violations(self) -> int:
        """How many violations there are."""
        return self.counts()["violation"]

    def counts(self) -> dict[str, int]:
        """Severity → number of results.

        >>> Report().counts()
        {'violation': 0, 'warning': 0, 'info': 0}
        """
        return {name: sum(result.severity == name for result in self.results) for name in SEVERITIES}

    def placed(self, place: Callable[[Result], tuple[str, ...]]) -> Report:
        """The report with ``where`` filled in by a function, where it was empty."""
        return Report.of([result if result.where else replace(result, where=place(result)) for result in self.results])

    def located(self, graph: Any) -> Report:
        """The report with the named graphs that state what is wrong; ``graph`` is an emkg.graph.Graph of the build."""
        from emkg.validate.places import in_graphs

        return self.placed(in_graphs(graph))

    def to_dict(self) -> dict[str, Any]:
        """The report for JSON."""
        results = [result.to_dict() for result in self.results]
        return {"conforms": self.conforms, "counts": self.counts(), "results": results}

    def to_json(self) -> str:
        """The report as JSON text."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False) + "\n"

    def to_text(self) -> str:
        """The report for people: per result one line that says what is wrong, then value, place and repair."""
        blocks = ["\n".join(_lines(result)) for result in self.results]
        counts = ", ".join(f"{number} {name}{'' if number == 1 else 's'}" for name, number in self.counts().items())
        verdict = "conforms" if self.conforms else "does not conform"
        return "\n".join([*blocks, f"{verdict}: {counts}"]) + "\n"

    def to_rdf(self) -> str:
        """The report as a sh:ValidationReport in Turtle, without blank nodes (https://www.w3.org/TR/shacl/#validation-report)."""
        from emkg.validate.document import turtle

        return turtle(self)

    def render(self, form: str) -> str:
        """The report as text, json or turtle; raises NotFound for another form."""
        renderers = {"text": self.to_text, "json": self.to_json, "turtle": self.to_rdf}
        if form not in renderers:
            raise NotFound(f"no report format {form!r}", "", "use one of " + ", ".join(renderers))
        return renderers[form]()


def _lines(result: Result) -> list[str]:
    label = f" {curie(result.path)}" if result.path and result.path != RDFS.label else ""
    lines = [f"{result.severity}: {shown(result.focus)}{label}: {result.message}"]
    if result.value is not None and result.value != result.focus:
        lines.append(f"  value:  {shown(result.value)}")
    if result.where:
        lines.append(f"  where:  {', '.join(result.where)}")
    if result.repair:
        lines.append(f"  repair: {result.repair}")
    return [*lines, f"  by:     {curie(result.source)}"]


def parts(message: str) -> tuple[str, str]:
    """What is wrong and how to repair it, out of one message ``what — repair``.

    >>> parts("no title — add one")
    ('no title', 'add one')
    """
    what, _, repair = message.partition(" — ")
    return what.strip(), repair.strip()


def severity_of(node: NamedNode) -> str:
    """The name of a SHACL severity; raises PluginError for one of another vocabulary.

    >>> severity_of(SH.Warning)
    'warning'
    """
    named = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}
    if node not in named:
        raise PluginError(f"no severity of SHACL: {curie(node)}", "shapes/", "use sh:Violation, sh:Warning or sh:Info")
    return named[node]
