"""RDF terms, and RDF files in and out: the one door to pyoxigraph's parsers and serialisers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

from emkg.errors import ParseError

__all__ = [
    "BlankNode",
    "DefaultGraph",
    "Literal",
    "NamedNode",
    "Quad",
    "RdfFormat",
    "Term",
    "Triple",
    "canonical",
    "canonical_statement",
    "convert",
    "in_graph",
    "object_of",
    "parse_quads",
    "read_quads",
    "sort_key",
    "stable_blank_nodes",
    "triples_of",
    "write",
    "write_ordered",
]

Term = NamedNode | BlankNode | Literal
"""What stands as an object in the data that we hold (pyoxigraph also types RDF 1.2 triple terms, which we do not write)."""
_XSD = Literal(1).datatype.value.removesuffix("integer")
_EXPECTED = re.compile(r"(.*) is not a valid (.*)", re.DOTALL)
_ARTICLE = {"R": "an"}
_POSITION = re.compile(r"line (\d+)(?: between columns (\d+)| column (\d+))?")


def parse_quads(
    text: bytes | str, rdf_format: RdfFormat, *, base_iri: str | None = None, name: str = "input"
) -> list[Quad]:
    """The quads of an RDF document; raises ParseError with line, column and what the parser expected.

    >>> parse_quads("<s:a> <p:b> 'c' .", RdfFormat.TURTLE)[0].object.value
    'c'
    """
    try:
        return list(parse(input=text, format=rdf_format, base_iri=base_iri))
    except SyntaxError as fault:
        raise parse_error(fault, name) from None
    except ValueError as fault:
        raise ParseError(str(fault), name, repair="write it as UTF-8 text in its format") from None


def read_quads(path: Path, *, base_iri: str | None = None) -> list[Quad]:
    """The quads of an RDF file, its format told by the suffix (.ttl .trig .nt .nq .jsonld .rdf .owl .n3)."""
    rdf_format = RdfFormat.from_extension({"owl": "rdf"}.get(path.suffix[1:], path.suffix[1:]))
    if rdf_format is None:
        raise ParseError(
            f"no RDF format has the suffix {path.suffix!r}", str(path), repair="use .ttl .trig .nt .nq .jsonld .rdf"
        )
    try:
        text = path.read_bytes()
    except OSError as fault:
        raise ParseError(f"cannot be read: {fault.strerror}", str(path), repair="check the path") from None
    return parse_quads(text, rdf_format, base_iri=base_iri, name=str(path))


def parse_error(fault: SyntaxError, name: str) -> ParseError:
    """pyoxigraph's syntax error as ours, with line and column even where they stand only in the message."""
    message = str(fault.msg)
    found = _POSITION.search(message)
    line = fault.lineno or (int(found.group(1)) if found else 0)
    column = fault.offset or (int(found.group(2) or found.group(3) or 0) if found else 0)
    reason = message.split(": ", 1)[1] if found and ": " in message else message
    expected = _EXPECTED.fullmatch(reason)
    if expected:
        reason = f"expected {_ARTICLE.get(expected[2][0], 'a')} {expected[2]}, found {expected[1]}"
    elif reason.startswith("Unexpected end"):
        reason = "expected more, found the end of the file"
    return ParseError(f"not well-formed: {reason}", name, line, column, "mend the file at that place")


def sort_key(statement: Quad | Triple) -> tuple[str, str, str, str]:
    """Orders statements by graph, subject, predicate, object: the order of every file that we write."""
    graph = str(statement.graph_name) if isinstance(statement, Quad) else ""
    return graph, str(statement.subject), str(statement.predicate), str(statement.object)


def canonical(term: Literal) -> Literal:
    """The literal with its canonical lexical form, so that equal decimals and doubles are one term (XSD 1.0 part 2, §3.2.3.2, §3.2.5.2).

    >>> canonical(Literal("08.50", datatype=NamedNode(_XSD + "decimal"))).value
    '8.5'
    >>> canonical(Literal("1450000000000000", datatype=NamedNode(_XSD + "double"))).value
    '1.45E15'
    """
    kind = term.datatype.value.removeprefix(_XSD)
    if kind not in ("decimal", "double", "integer"):
        return term
    try:
        number = Decimal(term.value)
    except InvalidOperation:  # INF and NaN, or a lexical form that the shapes will report
        return term
    if not number.is_finite():
        return term
    if kind == "integer":
        return Literal(str(int(number)), datatype=term.datatype) if number == int(number) else term
    if kind == "decimal":
        plain = format(number.normalize(), "f")
        return Literal(plain if "." in plain else plain + ".0", datatype=term.datatype)
    mantissa, _, exponent = format(number.normalize(), "E").partition("E")
    if number == 0:
        mantissa, exponent = "0", "0"
    return Literal(f"{mantissa if '.' in mantissa else mantissa + '.0'}E{int(exponent)}", datatype=term.datatype)


S = TypeVar("S", bound=Quad | Triple)


def object_of(statement: Quad | Triple) -> Term:
    """The object of a statement; RDF 1.2's triple terms, which no file of ours may hold, raise TypeError."""
    if isinstance(statement.object, Triple):
        raise TypeError("a triple term stands as an object")
    return statement.object


def canonical_statement(statement: S) -> S:
    """The statement with a canonical literal."""
    if not isinstance(statement.object, Literal):
        return statement
    parts = (statement.subject, statement.predicate, canonical(statement.object))
    return type(statement)(*parts, statement.graph_name) if isinstance(statement, Quad) else type(statement)(*parts)


def write(
    statements: Iterable[Quad] | Iterable[Triple], rdf_format: RdfFormat, prefixes: Mapping[str, str] | None = None
) -> bytes:
    """The statements as a file: sorted and without repeats, so that the same graph gives the same bytes.

    >>> write([Triple(NamedNode("s:a"), NamedNode("p:b"), Literal("c"))], RdfFormat.N_TRIPLES)
    b'<s:a> <p:b> "c" .\\n'
    """
    ordered: Any = sorted({canonical_statement(statement) for statement in statements}, key=sort_key)
    return write_ordered(ordered, rdf_format, prefixes)


def write_ordered(
    statements: Iterable[Quad] | Iterable[Triple], rdf_format: RdfFormat, prefixes: Mapping[str, str] | None = None
) -> bytes:
    """The statements as a file in the order given, for callers that hold them sorted and canonical already."""
    if rdf_format in (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS):
        prefixes = None
    return serialize(statements, format=rdf_format, prefixes=dict(prefixes) if prefixes else None) or b""


def convert(text: bytes, source: RdfFormat, target: RdfFormat, prefixes: Mapping[str, str]) -> bytes:
    """A document that we wrote in one format, in another, its statements in the same order.

    >>> convert(b"<s:a> <p:b> <s:c> .", RdfFormat.N_TRIPLES, RdfFormat.TURTLE, {}).strip()
    b'<s:a> <p:b> <s:c> .'
    """
    statements: Any = parse(input=text, format=source, lenient=True)
    if source == RdfFormat.N_TRIPLES:
        statements = (quad.triple for quad in statements)
    return write_ordered(statements, target, prefixes)


def triples_of(quads: Iterable[Quad]) -> list[Triple]:
    """The quads less their graph names."""
    return [quad.triple for quad in quads]


def in_graph(triples: Iterable[Triple], graph: NamedNode) -> list[Quad]:
    """The triples as quads of one named graph."""
    return [Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples]


def stable_blank_nodes(triples: Iterable[Triple]) -> list[Triple]:
    """The triples with blank node labels that depend on the graph alone, so that two builds give the same bytes (https://www.w3.org/TR/rdf-canon/)."""
    dataset = Dataset(Quad(triple.subject, triple.predicate, triple.object) for triple in set(triples))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return [quad.triple for quad in dataset]
