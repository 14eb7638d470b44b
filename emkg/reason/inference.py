"""What a reasoner found, whichever it was: hierarchy, unsatisfiable classes, types, relations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from emkg.rdf import NamedNode

Pair = tuple[NamedNode, NamedNode]
Relation = tuple[NamedNode, NamedNode, NamedNode]


@dataclass(frozen=True, slots=True)
class Inference:
    """All that follows from a view, the asserted included; everything is closed (not only direct steps).

    ``hierarchy`` holds (class, strict superclass) of satisfiable classes, without owl:Thing; ``types`` (individual,
    class); ``relations`` (subject, property, object); ``unsatisfiable`` the classes that can have no instance, with
    the reason where one is known.
    """

    hierarchy: frozenset[Pair]
    unsatisfiable: tuple[tuple[NamedNode, str], ...]
    types: frozenset[Pair]
    relations: frozenset[Relation]


def closure(pairs: Iterable[Pair]) -> frozenset[Pair]:
    """The strict transitive closure.

    >>> a, b, c = (NamedNode(f"s:{x}") for x in "abc")
    >>> sorted(closure([(a, b), (b, c)]), key=str) == [(a, b), (a, c), (b, c)]
    True
    """
    above: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for low, high in pairs:
        above[low].add(high)
    found: set[Pair] = set()
    for start in list(above):
        todo, seen = [start], {start}
        while todo:
            new = above.get(todo.pop(), set()) - seen
            seen |= new
            todo.extend(new)
        found |= {(start, node) for node in seen - {start}}
    return frozenset(found)


def direct(hierarchy: frozenset[Pair]) -> frozenset[Pair]:
    """The pairs of a closed hierarchy with no class strictly between; equivalent classes keep both their pairs.

    >>> a, b, c = (NamedNode(f"s:{x}") for x in "abc")
    >>> direct(frozenset({(a, b), (b, c), (a, c)})) == {(a, b), (b, c)}
    True
    """
    above: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for low, high in hierarchy:
        above[low].add(high)

    def between(low: NamedNode, high: NamedNode) -> bool:
        middle = (node for node in above[low] if node != high and high in above.get(node, ()))
        return any(low not in above[node] and node not in above.get(high, ()) for node in middle)

    return frozenset((low, high) for low, high in hierarchy if not between(low, high))
