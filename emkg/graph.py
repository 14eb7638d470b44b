"""The graph in memory: load, query, describe. The default graph that a query sees is `current`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import IO

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse_query_results,
    serialize,
)

from emkg.errors import BadQuery, NoBuild
from emkg.ids import well_known_graphs
from emkg.rdf import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Term, Triple, object_of, parse_error, sort_key
from emkg.sparql import FORMS, UPDATES, outline, words
from emkg.vocab import prefixes, sparql_prefixes

_AT = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_SORTED = 10_000  # triples that are held so as to be sorted
_XML_NAME = re.compile(r"[^\W\d][\w.\-]*\Z")
_RESULTS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a SELECT: column names, and per row one term or None for each column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]

    def __iter__(self) -> Iterator[tuple[Term | None, ...]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def values(self) -> list[tuple[str | None, ...]]:
        """The rows as plain strings."""
        return [tuple(term.value if term is not None else None for term in row) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Scope:
    """The graphs that a query sees, where it is not ``current`` and all named ones: those merged as default, and those it can name."""

    default: tuple[NamedNode, ...] = ()
    named: tuple[NamedNode, ...] = ()


class Graph:
    """Quads in memory; queries see ``current`` as their default graph and every named graph by ``GRAPH``.

    >>> from emkg.ids import graph_iri
    >>> graph = Graph()
    >>> graph.add([Quad(NamedNode("s:a"), NamedNode("p:b"), Literal("c"), graph_iri("current"))])
    >>> graph.select("SELECT ?o WHERE { ?s ?p ?o }").values()
    [('c',)]
    """

    def __init__(self) -> None:
        self._store = Store()
        self._current = well_known_graphs()["current"]

    @classmethod
    def load(cls, path: Path) -> Graph:
        """The graph of an N-Quads dump that emkg wrote (so its terms are not checked again); raises NoBuild if it is absent."""
        graph = cls()
        graph._load(path, RdfFormat.N_QUADS, None)
        return graph

    @classmethod
    def load_current(cls, path: Path) -> Graph:
        """The graph ``current`` alone, of an N-Triples dump that emkg wrote; raises NoBuild if it is absent."""
        graph = cls()
        graph._load(path, RdfFormat.N_TRIPLES, graph._current)
        return graph

    def _load(self, path: Path, form: RdfFormat, into: NamedNode | None) -> None:
        try:
            self._store.bulk_load(path=str(path), format=form, lenient=True, to_graph=into)
        except FileNotFoundError:
            raise NoBuild("there is no build", str(path), "make one: emkg build") from None
        except SyntaxError as fault:
            raise parse_error(fault, str(path)) from None

    def add(self, quads: Iterable[Quad]) -> None:
        """Adds quads."""
        self._store.extend(quads)

    def __len__(self) -> int:
        return len(self._store)

    def quads(self, graph: NamedNode | None = None) -> list[Quad]:
        """All quads, or those of one named graph."""
        return list(self._store.quads_for_pattern(None, None, None, graph))

    def stating(
        self, subject: NamedNode, predicate: NamedNode | None = None, value: Term | None = None
    ) -> list[NamedNode]:
        """The named graphs but ``current`` that say so of a subject, sorted; what is not given may be anything."""
        found = {quad.graph_name for quad in self._store.quads_for_pattern(subject, predicate, value, None)}
        return sorted((one for one in found if isinstance(one, NamedNode) and one != self._current), key=str)

    def lines(self, graph: NamedNode | None = None) -> list[bytes]:
        """All statements as sorted lines of N-Quads, or those of one named graph as lines of N-Triples."""
        if graph is None:
            text = self._store.dump(format=RdfFormat.N_QUADS)
        else:
            text = self._store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph)
        return sorted((text or b"").splitlines(keepends=True))

    def sizes(self) -> dict[str, int]:
        """The number of statements of each named graph, by its IRI, sorted."""
        rows = self.select("SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g")
        return {graph.value: int(number.value) for graph, number in rows if graph and number}

    def pairs(self, predicate: NamedNode) -> Iterator[tuple[NamedNode | BlankNode, Term]]:
        """Subject and object of each statement of ``current`` with that predicate: a query for them would take several times as long."""
        for quad in self._store.quads_for_pattern(None, predicate, None, self._current):
            if not isinstance(quad.subject, Triple):
                yield quad.subject, object_of(quad)

    def statements(self) -> Iterator[tuple[NamedNode | BlankNode, NamedNode, Term]]:
        """Subject, predicate and object of each statement of ``current``."""
        for quad in self._store.quads_for_pattern(None, None, None, self._current):
            if not isinstance(quad.subject, Triple):
                yield quad.subject, quad.predicate, object_of(quad)

    def graphs(self) -> list[NamedNode]:
        """The named graphs, sorted."""
        return sorted(
            (name for name in self._store.named_graphs() if isinstance(name, NamedNode)), key=lambda name: name.value
        )

    def _run(
        self, query: str, scope: Scope | None = None, base: str = ""
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        default: list[NamedNode | BlankNode | DefaultGraph] | None = [self._current]
        named: list[NamedNode | BlankNode] | None = None
        if scope is not None:  # the protocol's dataset wins over the query's (SPARQL 1.1 Protocol §2.1.4)
            default, named = list(scope.default), list(scope.named)
        elif outline(query).names_dataset:  # an argument would silence the query's own FROM
            default = None
        try:
            used = {name: space for mark, name, space in _marks() if mark in query}
            return self._store.query(
                query, base_iri=base or None, prefixes=used, default_graph=default, named_graphs=named
            )
        except SyntaxError as fault:
            raise bad_query(fault, query) from None
        except ValueError as fault:
            raise BadQuery(str(fault)) from None

    def select(self, query: str) -> Table:
        """The rows of a SELECT; raises BadQuery with line and column, also where the query is not a SELECT."""
        result = self._run(query)
        if not isinstance(result, QuerySolutions):
            raise BadQuery("not a SELECT query", repair="use SELECT here")
        columns = tuple(variable.value for variable in result.variables)
        return Table(columns, tuple(tuple(solution) for solution in result))

    def ask(self, query: str) -> bool:
        """The answer of an ASK."""
        result = self._run(query)
        if not isinstance(result, QueryBoolean):
            raise BadQuery("not an ASK query", repair="use ASK here")
        return bool(result)

    def construct(self, query: str) -> list[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE."""
        result = self._run(query)
        if not isinstance(result, QueryTriples):
            raise BadQuery("not a CONSTRUCT or DESCRIBE query", repair="use CONSTRUCT here")
        return list(result)

    def query(self, query: str) -> Table | bool | list[Triple]:
        """Whatever the query's form gives: a table, a truth value or triples."""
        result = self._run(query)
        if isinstance(result, QuerySolutions):
            columns = tuple(variable.value for variable in result.variables)
            return Table(columns, tuple(tuple(solution) for solution in result))
        return bool(result) if isinstance(result, QueryBoolean) else list(result)

    def serialize(
        self, query: str, results: str, rdf: RdfFormat, out: IO[bytes], scope: Scope | None = None, base: str = ""
    ) -> None:
        """Writes a query's answer, as it comes, in a results format (json xml csv tsv) or an RDF format.

        Triples come sorted where they are few; where they are many, only the first ones do. Raises BadQuery, also for triples that
        the format cannot hold, and whatever ``out`` raises.
        """
        result = self._run(query, scope, base)
        if not isinstance(result, QueryTriples):
            result.serialize(out, _RESULTS[results])
            return
        first = sorted(set(islice(result, _SORTED)), key=sort_key)
        every: Iterable[Triple] = chain(first, result)
        if rdf is RdfFormat.RDF_XML:
            every = _with_names(every)
        line_based = rdf in (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
        serialize(every, out, rdf, prefixes=None if line_based else dict(prefixes()))

    def describe(self, node: NamedNode) -> list[Triple]:
        """Statements about a resource in ``current``, with those of its blank nodes (concise bounded description)."""
        found: list[Triple] = []
        todo: list[NamedNode | BlankNode] = [node]
        seen: set[NamedNode | BlankNode] = set()
        while todo:
            subject = todo.pop()
            seen.add(subject)
            for quad in self._store.quads_for_pattern(subject, None, None, self._current):
                found.append(quad.triple)
                if isinstance(quad.object, BlankNode) and quad.object not in seen:
                    todo.append(quad.object)
        return found

    def mentions(self, node: NamedNode, limit: int = 200) -> list[Triple]:
        """Statements of ``current`` whose object is the resource, at most ``limit``."""
        quads = self._store.quads_for_pattern(None, None, node, self._current)
        return [quad.triple for quad, _ in zip(quads, range(limit), strict=False)]


@cache
def _marks() -> list[tuple[str, str, str]]:
    """Of our prefixes: what a query that uses one holds, its name and its namespace."""
    return [(f"{name}:", name, space) for name, space in prefixes().items()]


def _with_names(triples: Iterable[Triple]) -> Iterator[Triple]:
    """The triples; raises BadQuery at a predicate that ends in no XML name, for which RDF/XML has no form (RDF 1.1 XML Syntax §6)."""
    known: set[NamedNode] = set()
    for triple in triples:
        if triple.predicate not in known:
            if not _XML_NAME.search(triple.predicate.value):
                raise BadQuery(
                    f"RDF/XML cannot hold the predicate {triple.predicate}", repair="ask for Turtle or N-Triples"
                )
            known.add(triple.predicate)
        yield triple


def parse_results(text: bytes, results: str) -> Table | bool:
    """The rows, or the truth value, of a results document (json xml tsv); raises ParseError where it is none.

    >>> parse_results(b'{"head": {}, "boolean": true}', "json")
    True
    """
    try:
        parsed = parse_query_results(text, format=_RESULTS[results])
        if isinstance(parsed, QueryBoolean):
            return bool(parsed)
        columns = tuple(variable.value for variable in parsed.variables)
        return Table(columns, tuple(tuple(solution) for solution in parsed))
    except SyntaxError as fault:
        raise parse_error(fault, f"{results} results") from None


def bad_query(fault: SyntaxError, query: str) -> BadQuery:
    """pyoxigraph's syntax error as ours; line and column count in the query as the user wrote it."""
    head = sparql_prefixes() if query.startswith(sparql_prefixes()) else ""
    stray = _stray_start(query.removeprefix(head))
    if stray:
        return stray
    found = _AT.match(str(fault.msg))
    line, column, reason = (
        (int(found[1]), int(found[2]), found[3]) if found else (fault.lineno or 0, fault.offset or 0, str(fault.msg))
    )
    line -= head.count("\n")
    if "Prefix not found" in reason:
        return BadQuery(
            "a prefix is not declared",
            line,
            column,
            "declare it: PREFIX name: <iri>; those of emkg's own table need none",
        )
    return BadQuery(
        f"not a SPARQL 1.1 query: {_plainly(reason)}",
        line,
        column,
        "mend the query at that place",
    )


_LETTERS = re.compile(r"\[[^\[\]]*\\u\{[^\[\]]*\]")
_DIGITS = re.compile(r"\['0' ?\.\.='9'\]")


def _plainly(reason: str) -> str:
    """What the parser expected, with its classes of characters as words."""
    text = _DIGITS.sub("a digit", _LETTERS.sub("a name", " ".join(reason.split())))
    return re.sub(r", \['?_'?\]", "", text).replace("a name, a name", "a name")


_PROLOGUE = ("BASE", "PREFIX")


def _stray_start(query: str) -> BadQuery | None:
    """The fault where the first word after the prologue begins no query: the store's parser tells that one poorly."""
    offset, word = next(((at, word) for at, word in words(query) if word.upper() not in _PROLOGUE), (len(query), ""))
    if word.upper() in FORMS:
        return None
    line, column = query.count("\n", 0, offset) + 1, offset - query.rfind("\n", 0, offset)
    if word.upper() in UPDATES:
        return BadQuery(
            f"{word} is an update; this graph is only read", line, column, "ask with SELECT, ASK, CONSTRUCT or DESCRIBE"
        )
    shown = f"found {word!r}" if word else "found nothing"
    return BadQuery(
        f"not a SPARQL 1.1 query: expected SELECT, ASK, CONSTRUCT or DESCRIBE, {shown}",
        line,
        column,
        "mend the query at that place",
    )


__all__ = ["Graph", "Literal", "Scope", "Table", "bad_query", "parse_results"]
