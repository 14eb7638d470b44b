"""Is a literal well-formed, and which of two values is greater? (XML Schema datatypes, as SHACL compares them)"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import cache

from emkg.rdf import Literal, NamedNode, Term
from emkg.vocab import XSD

_INTEGER, _DECIMAL = r"[+-]?\d+", r"[+-]?(\d+(\.\d*)?|\.\d+)"
_DOUBLE = r"([+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN)"
_ZONE = r"(Z|[+-]\d\d:\d\d)?"


@cache
def _lexical() -> dict[NamedNode, re.Pattern[str]]:
    """Datatype → its lexical forms; of a datatype that is not here any form is accepted (https://www.w3.org/TR/xmlschema-2/)."""
    day = r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    forms = {
        XSD.integer: _INTEGER,
        XSD.nonNegativeInteger: r"\+?\d+",
        XSD.decimal: _DECIMAL,
        XSD.double: _DOUBLE,
        XSD.float: _DOUBLE,
        XSD.boolean: "true|false|0|1",
        XSD.gYear: rf"-?\d{{4,}}{_ZONE}",
        XSD.date: rf"-?\d{{4,}}-{day}{_ZONE}",
        XSD.dateTime: rf"-?\d{{4,}}-{day}T\d\d:\d\d:\d\d(\.\d+)?{_ZONE}",
    }
    return {datatype: re.compile(form) for datatype, form in forms.items()}


def well_formed(literal: Literal) -> bool:
    """Whether a literal's text is one that its datatype allows.

    >>> well_formed(Literal("4 nm", datatype=XSD.decimal)), well_formed(Literal("4.0", datatype=XSD.decimal))
    (False, True)
    """
    form = _lexical().get(literal.datatype)
    return form is None or form.fullmatch(literal.value) is not None


@cache
def _numeric() -> frozenset[NamedNode]:
    return frozenset({XSD.integer, XSD.nonNegativeInteger, XSD.decimal, XSD.double, XSD.float})


def number(term: Term) -> Decimal | None:
    """The number of a numeric literal, or None.

    >>> number(Literal("1.4e3", datatype=XSD.double)) == 1400
    True
    """
    if not isinstance(term, Literal) or term.datatype not in _numeric():
        return None
    try:
        found = Decimal(term.value)
    except InvalidOperation:
        return None
    return None if found.is_nan() else found


def order(one: Term, other: Term) -> int | None:
    """-1, 0 or 1 as one value is less than, equal to or greater than the other; None where they cannot be compared.

    >>> order(Literal(1), Literal("2.5", datatype=XSD.decimal)), order(Literal(1), Literal("a"))
    (-1, None)
    """
    left, right = number(one), number(other)
    if left is not None and right is not None:
        return (left > right) - (left < right)
    if not (isinstance(one, Literal) and isinstance(other, Literal)) or one.datatype != other.datatype:
        return None
    if one.datatype in (XSD.string, XSD.date, XSD.dateTime, XSD.gYear) and well_formed(one) and well_formed(other):
        return (one.value > other.value) - (one.value < other.value)
    return None
