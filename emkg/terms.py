"""Values in records as RDF terms, and a subject's predicates and objects as statements that know where they come from."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from emkg.rdf import Literal, NamedNode, Term, Triple
from emkg.stated import Day, place
from emkg.vocab import XSD, iri, prefixes


class Value(NamedTuple):
    """A term and where its value stands in the raw record."""

    term: Term
    at: str


class Told(NamedTuple):
    """A statement and where it stands in the raw record; ``at`` is empty where the place is kept otherwise."""

    triple: Triple
    at: str


Pairs = Iterator[tuple[NamedNode, Term | Value]]
"""Predicates and objects of one subject."""


def term(name: str) -> NamedNode:
    """The IRI of a CURIE in a record; a full IRI passes as it is.

    >>> term("UBERON:0002436") == term(term("UBERON:0002436").value)
    True
    """
    return iri(name) if name.partition(":")[0] in prefixes() else NamedNode(name)


def decimal(number: Decimal) -> Literal:
    """A decimal literal, never in exponent form, which xsd:decimal does not have.

    >>> decimal(Decimal("1E+3")).value
    '1000'
    """
    return Literal(format(number, "f"), datatype=XSD.decimal)


def integer(number: int) -> Literal:
    """An integer literal."""
    return Literal(str(number), datatype=XSD.integer)


def literal(value: str | Decimal | int) -> Value:
    """The literal of a value, in the datatype of its Python type: text, day, truth value, integer or decimal.

    >>> literal(Decimal("8")).term.value, literal(Day("2021-05-29", "/date")).at
    ('8', '/date')
    """
    made: Literal
    if isinstance(value, Day):
        made = Literal(str(value), datatype=XSD.date)
    elif isinstance(value, str):
        made = Literal(str(value))
    elif isinstance(value, bool):
        made = Literal("true" if value else "false", datatype=XSD.boolean)
    else:
        made = integer(value) if isinstance(value, int) else decimal(value)
    return Value(made, place(value))


def english(text: str) -> Value:
    """The text as an English literal: what labels are."""
    return Value(Literal(str(text), language="en"), place(text))


def year(number: int) -> Value:
    """The year as xsd:gYear."""
    return Value(Literal(str(int(number)), datatype=XSD.gYear), place(number))


def tell(subject: NamedNode, pairs: Pairs) -> list[Told]:
    """The pairs as statements about a subject, each with its place."""
    told = []
    for predicate, value in pairs:
        term_, at = value if isinstance(value, Value) else (value, "")
        told.append(Told(Triple(subject, predicate, term_), at))
    return told


def about(subject: NamedNode, pairs: Pairs) -> list[Triple]:
    """The pairs as statements about a subject."""
    return [told.triple for told in tell(subject, pairs)]
