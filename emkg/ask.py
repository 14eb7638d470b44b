"""Which questions can be asked by name: their title pages, and their parameters bound as terms, never as text.

A question is a file of queries/questions/: lines that begin with ``#+`` say what it asks, the rest is plain SPARQL 1.1.
Each parameter is the data of one ``VALUES ?name { default }`` block (https://www.w3.org/TR/sparql11-query/#inline-data),
so that every engine runs the file as it lies and a value replaces that data alone.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from emkg.errors import NotFound, QuestionError
from emkg.graph import Table
from emkg.paths import queries_dir
from emkg.rdf import Term, Triple
from emkg.resolve import KINDS, Queryable, literal, resolve
from emkg.vocab import sparql_prefixes

ANSWERS = ("table", "bar", "line", "number", "graph")
STATUSES = ("answered", "partial", "unanswerable")
Values = Mapping[str, str | Sequence[str]]

_HEAD = re.compile(r"#\+ (\w+): (.*\S)\s*")
_PARAMETER = re.compile(r'(?P<name>\w+) (?P<kind>\S+)(?: (?P<optional>optional))? "(?P<about>[^"]+)"')
_ANSWER = re.compile(r"(?P<kind>\w+)(?P<axes>(?:\s+\w+: \w+)*)")
_REQUIRED = ("question", "why", "answer", "status")
_SINGLE = ("number", *_REQUIRED, "needs")
NEEDS = ("", "repositories")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST = 100  # characters of a question's name: file systems and int() have limits of their own


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a question takes: kind, meaning, and default as SPARQL; an optional one may be ``any``."""

    name: str
    kind: str
    about: str
    optional: bool = False
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A named question: ``text`` is its SPARQL without prefixes, ``axes`` say which columns a plot shows.

    ``number`` is its rank among the competency questions, 0 for one beyond them; ``reason`` says why it is not
    wholly answered; ``needs`` is "repositories" where the seed alone has no answer.
    """

    name: str
    number: int
    text: str
    question: str
    why: str
    answer: str
    axes: tuple[tuple[str, str], ...]
    parameters: tuple[Parameter, ...]
    status: str
    reason: str
    path: Path
    needs: str = ""


def questions(folder: Path | None = None) -> dict[str, Question]:
    """Name → question, competency questions first and by their number; raises QuestionError naming file and line.

    >>> "datasets-of-species-in-region" in questions()
    True
    """
    files = sorted((folder or queries_dir() / "questions").glob("*.rq"))
    found = [read(path) for path in files]
    ranked = sorted(found, key=lambda question: (question.number or len(found) + 99, question.name))
    return {question.name: question for question in ranked}


def load(name: str, folder: Path | None = None) -> Question:
    """The question of that name (or number); raises NotFound with the nearest names.

    >>> load("techniques-for-circuit").number
    14
    """
    place = folder or queries_dir() / "questions"
    path = place / f"{name}.rq"
    if len(name) <= _LONGEST and _SLUG.fullmatch(name) and path.is_file():
        return read(path)
    known = questions(place)
    number = int(name) if len(name) <= _LONGEST and name.isdecimal() else 0
    numbered = [question for question in known.values() if question.number == number > 0]
    if numbered:
        return numbered[0]
    near = difflib.get_close_matches(name[:_LONGEST], known, 3)
    raise NotFound(f"no question {name!r}", "", f"did you mean {', '.join(near)}?" if near else "emkg ask lists them")


def read(path: Path) -> Question:
    """The question that a file holds; raises QuestionError naming file and line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    head = [(number, line) for number, line in enumerate(lines, 1) if line.startswith("#+")]
    single, parameters = _head(path, head)
    text = "\n".join(line for line in lines if not line.startswith("#+")).strip() + "\n"
    kind, axes = _answer(path, single["answer"])
    status, _, reason = single["status"][1].partition(": ")
    if status not in STATUSES or (status != "answered") != bool(reason):
        _fault(
            path, single["status"][0], "no such status", "write answered, or partial: reason, or unanswerable: reason"
        )
    return Question(
        name=path.stem,
        number=_number(path, single.get("number")),
        text=text,
        question=single["question"][1],
        why=single["why"][1],
        answer=kind,
        axes=axes,
        parameters=tuple(_parameter(path, number, value, text) for number, value in parameters),
        status=status,
        reason=reason,
        path=path,
        needs=_needs(path, single.get("needs")),
    )


def _needs(path: Path, given: tuple[int, str] | None) -> str:
    line, found = given or (0, "")
    if found not in NEEDS:
        _fault(path, line, "no such need", "write #+ needs: repositories, or leave the line out")
    return found


def bind(question: Question, values: Values, graph: Queryable | None = None) -> str:
    """The question's SPARQL with the values as terms, prefixes prepended.

    Raises QuestionError for a value that does not fit. A term may be given as IRI, CURIE, slug, notation or label;
    the last three need ``graph`` to look them up.

    >>> bound = bind(load("brains-imageable-within"), {"days": "200"})
    >>> [line.split("^")[0] for line in bound.splitlines() if "VALUES" in line]
    ['  VALUES ?days { "200"']
    """
    text = question.text
    known = {parameter.name: parameter for parameter in question.parameters}
    for name, given in values.items():
        if name not in known:
            offered = f"it takes {', '.join(known)}" if known else "it takes none"
            raise QuestionError(f"no parameter {name!r}", question.name, offered)
        several = [given] if isinstance(given, str) else list(given)
        data = " ".join(_term(question, known[name], value, graph) for value in several)
        start, end = _data_block(text, name)
        text = f"{text[:start]} {data} {text[end:]}"
    return sparql_prefixes() + text


def run(question: Question, graph: Queryable, values: Values | None = None) -> Table | list[Triple]:
    """The answer of a question on a graph: a table, or triples where the question constructs a graph."""
    text = bind(question, values or {}, graph)
    return graph.construct(text) if question.answer == "graph" else graph.select(text)


def listing(found: Mapping[str, Question] | None = None) -> str:
    """All questions as text: number, name and what is asked; those not wholly answered say so."""
    lines = []
    for name, question in (found or questions()).items():
        lines.append(f"{question.number or '·':>3}  {name}: {question.question}")
        lines += [f"     --{one.name}  {one.about}{' (or any)' if one.optional else ''}" for one in question.parameters]
        if question.reason:
            lines.append(f"     {question.status}: {question.reason}")
    return "\n".join(lines) + "\n"


def _head(path: Path, lines: list[tuple[int, str]]) -> tuple[dict[str, tuple[int, str]], list[tuple[int, str]]]:
    single: dict[str, tuple[int, str]] = {}
    parameters: list[tuple[int, str]] = []
    for number, line in lines:
        found = _HEAD.fullmatch(line)
        if not found:
            _fault(path, number, "not a header line", "write #+ key: value")
        key, value = found[1], found[2]
        if key == "parameter":
            parameters.append((number, value))
        elif key not in _SINGLE or key in single:
            _fault(
                path,
                number,
                f"{'repeated' if key in single else 'unknown'} key {key!r}",
                f"keys: {', '.join(_SINGLE)}, parameter",
            )
        else:
            single[key] = (number, value)
    for key in _REQUIRED:
        if key not in single:
            _fault(path, 1, f"no {key!r} line", f"add: #+ {key}: …")
    if not _SLUG.fullmatch(path.stem):
        _fault(path, 1, "the file's name is not a slug", "use lower-case words joined by hyphens")
    return single, parameters


def _number(path: Path, value: tuple[int, str] | None) -> int:
    if value is None:
        return 0
    if not value[1].isdecimal():
        _fault(
            path,
            value[0],
            f"{value[1]!r} is not a number",
            "give the rank of the competency question, or leave the line out",
        )
    return int(value[1])


def _answer(path: Path, value: tuple[int, str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    found = _ANSWER.fullmatch(value[1])
    if not found or found["kind"] not in ANSWERS:
        _fault(
            path, value[0], f"no such answer {value[1]!r}", f"write one of {', '.join(ANSWERS)}, then axes as x: column"
        )
    return found["kind"], tuple(re.findall(r"(\w+): (\w+)", found["axes"]))


def _parameter(path: Path, number: int, value: str, text: str) -> Parameter:
    found = _PARAMETER.fullmatch(value)
    if not found:
        _fault(path, number, "not a parameter", 'write #+ parameter: name kind [optional] "what it means"')
    kind = found["kind"]
    if kind not in KINDS and not re.fullmatch(r"(xsd|emkg):\w+", kind):
        _fault(
            path,
            number,
            f"no parameter kind {kind!r}",
            f"write one of {', '.join(KINDS)}, xsd:decimal …, or a class emkg:…",
        )
    try:
        start, end = _data_block(text, found["name"])
    except QuestionError as fault:
        raise QuestionError(fault.what, f"{path}:{number}", fault.repair) from None
    default = " ".join(text[start:end].split())
    if default == "UNDEF" and not found["optional"]:
        _fault(path, number, f"{found['name']} has no default", "give one in its VALUES block, or call it optional")
    return Parameter(
        found["name"], kind, found["about"], bool(found["optional"]), None if default == "UNDEF" else default
    )


def _data_block(text: str, name: str) -> tuple[int, int]:
    blocks = [found.span(1) for found in re.finditer(rf"VALUES \?{name} \{{([^{{}}]*)\}}", text)]
    if len(blocks) != 1:
        raise QuestionError(
            f"{len(blocks)} VALUES blocks for ?{name}", "", f"write exactly one: VALUES ?{name} {{ default }}"
        )
    return blocks[0]


def _term(question: Question, parameter: Parameter, value: str, graph: Queryable | None) -> str:
    if parameter.optional and value == "any":
        return "UNDEF"
    try:
        term: Term = (
            literal(value, parameter.kind)
            if parameter.kind.startswith("xsd:")
            else resolve(value, parameter.kind, graph)
        )
    except QuestionError as fault:
        raise QuestionError(fault.what, f"{question.name} --{parameter.name}", fault.repair) from None
    return str(term)


def _fault(path: Path, line: int, what: str, repair: str) -> NoReturn:
    raise QuestionError(what, f"{path}:{line}", repair)


__all__ = ["Parameter", "Question", "bind", "listing", "load", "questions", "read", "run"]
