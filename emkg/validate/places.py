"""Where is it stated? In which named graphs, or at which line of which file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from emkg.graph import Graph
from emkg.rdf import NamedNode, Quad, Term
from emkg.validate.report import Result
from emkg.vocab import curie, prefixes

_MOST = 5


def in_graphs(graph: Graph) -> Callable[[Result], tuple[str, ...]]:
    """A function that tells the named graphs (not ``current``) which state a result's value, or else anything about its node."""

    def place(result: Result) -> tuple[str, ...]:
        node = result.focus
        if not isinstance(node, NamedNode):
            return ()
        patterns = [(result.path, result.value), (None, result.value), (None, None)]
        for path, value in patterns if result.value != node else patterns[2:]:
            if names := [curie(name) for name in graph.stating(node, path, value)]:
                return (*names[:_MOST], *([f"and {len(names) - _MOST} more graphs"] if len(names) > _MOST else []))
        return ()

    return place


def in_files(files: Iterable[tuple[Path, list[Quad]]]) -> Callable[[Result], tuple[str, ...]]:
    """A function that tells the files that speak of a result's node, with the line where that can be seen in the text."""
    about = [(path, {quad.subject for quad in quads}, _lines_of(path)) for path, quads in files]

    def place(result: Result) -> tuple[str, ...]:
        found = []
        for path, subjects, lines in about:
            if result.focus in subjects:
                line = _line(lines, result)
                found.append(f"{path}:{line}" if line else str(path))
        return tuple(found)

    return place


def _lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def _line(lines: list[str], result: Result) -> int:
    """The line of the property below the line of the subject, or that of the subject; 0 where it is not written out."""
    subject = _written(result.focus)
    start = next((number for number, line in enumerate(lines) if subject and subject.match(line)), None)
    if start is None:
        return 0
    path = _written(result.path, anchored=False) if result.path else None
    for number in range(start, len(lines)) if path else ():
        if number > start and lines[number].strip() and not lines[number][0].isspace():
            break
        if path and path.search(lines[number]):
            return number + 1
    return start + 1


def _written(term: Term | None, *, anchored: bool = True) -> re.Pattern[str] | None:
    """How Turtle may write an IRI: in full, relative to our base, or as a CURIE."""
    if not isinstance(term, NamedNode):
        return None
    name = curie(term)
    forms = [f"<{term.value}>", f"<{term.value.removeprefix(prefixes()['emr'])}>", name]
    prefix, _, local = name.partition(":")
    forms.append(f"{prefix}:" + re.sub(r"([/.~!$&'()*+,;=?#@%-])", r"\\\1", local))
    forms.append(f"{prefix}:" + local.replace("/", r"\/"))
    either = "|".join(sorted({re.escape(form) for form in forms}, key=len, reverse=True))
    return re.compile(rf"({either})(?=[\s;,.]|$)" if anchored else rf"(?<![\w:/<])({either})(?=[\s;,.]|$)")
