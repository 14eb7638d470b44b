"""What the graph says of one resource, property by property, for the deposition to read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from emkg.graph import Graph
from emkg.rdf import Literal, NamedNode, Term
from emkg.vocab import RDFS

_NUMBER = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class Facts:
    """The statements of ``current`` about one resource."""

    node: NamedNode
    told: dict[NamedNode, tuple[Term, ...]]

    @property
    def slug(self) -> str:
        """The last part of its IRI."""
        return self.node.value.rsplit("/", 1)[-1]

    def words(self, property_: NamedNode) -> str:
        """Its text, or nothing."""
        found = [term.value for term in self.told.get(property_, ()) if isinstance(term, Literal)]
        return found[0] if found else ""

    def all_words(self, property_: NamedNode) -> list[str]:
        """All its texts."""
        return [term.value for term in self.told.get(property_, ()) if isinstance(term, Literal)]

    def label(self) -> str:
        """Its label."""
        return self.words(RDFS.label)

    def nodes(self, property_: NamedNode) -> list[NamedNode]:
        """The resources that it points at, those of one kind in the order of the numbers in their names."""
        found = [term for term in self.told.get(property_, ()) if isinstance(term, NamedNode)]
        return sorted(found, key=lambda node: in_order(node.value))

    def one(self, property_: NamedNode) -> NamedNode | None:
        """The resource that it points at, if there is exactly one."""
        found = self.nodes(property_)
        return found[0] if len(found) == 1 else None

    def number(self, property_: NamedNode) -> Decimal | None:
        """Its number."""
        try:
            return Decimal(self.words(property_)) if self.words(property_) else None
        except InvalidOperation:
            return None

    def whole(self, property_: NamedNode) -> int | None:
        """Its whole number."""
        number = self.number(property_)
        return int(number) if number is not None and number == int(number) else None


def in_order(name: str) -> tuple[tuple[str, int], ...]:
    """A key that puts ``-10`` behind ``-2``.

    >>> sorted(["s-10", "s-2", "s"], key=in_order)
    ['s', 's-2', 's-10']
    """
    parts = _NUMBER.split(name)
    return tuple((parts[index], int((parts[index + 1 :] or ["0"])[0] or 0)) for index in range(0, len(parts), 2))


def facts(graph: Graph, node: NamedNode) -> Facts:
    """What ``current`` says of a resource."""
    found: dict[NamedNode, list[Term]] = {}
    for predicate, value in graph.select(f"SELECT ?p ?o WHERE {{ {node} ?p ?o }}"):
        if isinstance(predicate, NamedNode) and value is not None:
            found.setdefault(predicate, []).append(value)
    return Facts(node, {key: tuple(sorted(values, key=str)) for key, values in found.items()})


def names_of(graph: Graph, node: NamedNode, property_: NamedNode) -> list[str]:
    """All names that any graph gives a resource: sources write a person's name differently."""
    rows = graph.select(
        f"SELECT DISTINCT ?n WHERE {{ {{ {node} {property_} ?n }} UNION {{ GRAPH ?g {{ {node} {property_} ?n }} }} }}"
    )
    return sorted(str(row[0]) for row in rows.values() if row[0])
