"""Which checks are there, and what do they find? Each file of queries/checks/ is a SELECT that must return no row."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from emkg.errors import BadQuery, PluginError
from emkg.graph import Graph
from emkg.paths import queries_dir
from emkg.rdf import NamedNode, Term
from emkg.validate.report import SEVERITIES, Report, Result, parts
from emkg.vocab import curie, prefixes

_IRI = re.compile(r"https?://[^\s,;<>\"]+")  # CONCAT in a query writes IRIs in full
SCOPES = ("file", "build", "ontology")
_KEYS = ("message", "severity", "repair", "scope", "why", "known")


@dataclass(frozen=True, slots=True)
class Check:
    """A query with what its head says: message (what a row means), severity, repair, and where it makes sense.

    ``scope`` names what the check is run on: ``file`` (a part of the data), ``build`` (all of it), ``ontology``.
    """

    name: str
    message: str
    severity: str
    repair: str
    scope: tuple[str, ...]
    text: str

    @property
    def iri(self) -> NamedNode:
        """The name of the check in reports."""
        return NamedNode(f"{prefixes()['emsh']}check-{self.name}")


def check_files() -> list[Path]:
    """The files of queries/checks/; the folder is the list."""
    return sorted((queries_dir() / "checks").glob("*.rq"))


def load(path: Path) -> Check:
    """One check; without a ``#+`` head its first comment is the message (``what — repair``) and it is a violation."""
    text = path.read_text(encoding="utf-8")
    head = _head(path, text)
    comment = next((line[1:].strip() for line in text.splitlines() if line.startswith("#") and line[1:2] != "+"), "")
    message, repair = parts(head.get("message", comment))
    severity = head.get("severity", "violation")
    scope = tuple(head.get("scope", "file build").split())
    if severity not in SEVERITIES:
        raise PluginError(f"no severity {severity!r}", str(path), f"use one of {', '.join(SEVERITIES)}")
    if not message:
        raise PluginError("a check without a message", str(path), "begin it with '#+ message: what is wrong'")
    if not scope or set(scope) - set(SCOPES):
        raise PluginError(f"no scope {' '.join(scope)!r}", str(path), f"use some of {', '.join(SCOPES)}")
    return Check(path.stem, message, severity, head.get("repair", repair), scope, text)


def _head(path: Path, text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line.startswith("#+"):
            key, colon, value = line[2:].partition(":")
            if not colon or key.strip() not in _KEYS:
                raise PluginError(f"not a header line: {line}", str(path), f"use one of {', '.join(_KEYS)}")
            found[key.strip()] = value.strip()
    return found


def run_check(check: Check, graph: Graph) -> list[Result]:
    """The rows of one check as results; raises PluginError where the query is not one of a check."""
    try:
        table = graph.select(check.text)
    except BadQuery as fault:
        raise PluginError(f"{fault.what}", f"{check.name}.rq, {fault.where}", fault.repair) from None
    if not {"subject", "why"} <= set(table.columns):
        raise PluginError("a check gives ?subject and ?why", f"{check.name}.rq", "select these (and ?value, ?property)")
    found = []
    for row in table:
        cells = dict(zip(table.columns, row, strict=True))
        found.append(_result(check, cells))
    return found


def _result(check: Check, cells: dict[str, Term | None]) -> Result:
    subject, why, path = cells["subject"], cells["why"], cells.get("property")
    if subject is None or why is None:
        raise PluginError("a row without ?subject or ?why", f"{check.name}.rq", "bind both in every solution")
    named = path if isinstance(path, NamedNode) else None
    told = _IRI.sub(lambda found: curie(NamedNode(found[0])), why.value)
    return Result(subject, named, cells.get("value"), check.severity, told, check.repair, check.iri)


def run_checks(graph: Graph, scope: str = "build", checks: Iterable[Check] | None = None) -> Report:
    """The results of all checks of a scope on the graph."""
    chosen = [load(path) for path in check_files()] if checks is None else checks
    return Report.of([result for check in chosen if scope in check.scope for result in run_check(check, graph)])
