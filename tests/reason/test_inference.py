"""Closing a hierarchy and taking the direct steps out of it again."""

from __future__ import annotations

import pytest

from emkg.rdf import NamedNode
from emkg.reason.inference import closure, direct


def pairs(text: str) -> frozenset[tuple[NamedNode, NamedNode]]:
    return frozenset((NamedNode(f"x:{low}"), NamedNode(f"x:{high}")) for low, high in text.split())  # type: ignore[misc]


@pytest.mark.parametrize(
    ("steps", "closed"),
    [
        ("ab bc", "ab bc ac"),
        ("ab ac bd cd", "ab ac bd cd ad"),
        ("ab ba", "ab ba"),
        ("ab ba bc", "ab ba bc ac"),
        ("", ""),
    ],
)
def test_closure(steps: str, closed: str) -> None:
    assert closure(pairs(steps)) == pairs(closed)


@pytest.mark.parametrize(
    ("closed", "steps"),
    [
        ("ab bc ac", "ab bc"),
        ("ab ac bd cd ad", "ab ac bd cd"),
        ("ab ba bc ac", "ab ba bc ac"),  # a and b are equivalent: neither stands between the other and c
    ],
)
def test_direct_steps(closed: str, steps: str) -> None:
    assert direct(pairs(closed)) == pairs(steps)
