"""Values in records as RDF terms, and a subject's predicates and objects as statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from emkg.rdf import Literal, NamedNode, Term, Triple
from emkg.vocab import XSD, iri, prefixes

Pairs = Iterator[tuple[NamedNode, Term]]
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


def about(subject: NamedNode, pairs: Iterable[tuple[NamedNode, Term]]) -> list[Triple]:
    """The pairs as statements about a subject."""
    return [Triple(subject, predicate, object_) for predicate, object_ in pairs]
