"""Statements by subject and by object, for looking along a property either way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from emkg.rdf import BlankNode, NamedNode, Term, Triple
from emkg.vocab import RDF, RDFS


class Index:
    """Triples in two dictionaries; what is looked up is in the order in which it was given.

    >>> index = Index([Triple(NamedNode("s:a"), NamedNode("p:b"), NamedNode("s:c"))])
    >>> [node.value for node in index.objects(NamedNode("s:a"), NamedNode("p:b"))]
    ['s:c']
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._out: dict[Term, dict[NamedNode, dict[Term, None]]] = {}
        self._in: dict[NamedNode, dict[Term, dict[Term, None]]] = {}
        for triple in triples:
            subject, predicate, value = triple.subject, triple.predicate, triple.object
            assert isinstance(subject, NamedNode | BlankNode) and not isinstance(value, Triple)  # RDF 1.1 data
            self._out.setdefault(subject, {}).setdefault(predicate, {})[value] = None
            self._in.setdefault(predicate, {}).setdefault(value, {})[subject] = None

    def objects(self, subject: Term, predicate: NamedNode) -> Iterable[Term]:
        """The values of a property."""
        return self._out.get(subject, {}).get(predicate, {})

    def subjects(self, predicate: NamedNode, value: Term) -> Iterable[Term]:
        """The nodes that have this value."""
        return self._in.get(predicate, {}).get(value, {})

    def one(self, subject: Term, predicate: NamedNode) -> Term | None:
        """The first value of a property, or None."""
        return next(iter(self.objects(subject, predicate)), None)

    def properties(self, subject: Term) -> dict[NamedNode, dict[Term, None]]:
        """Property → values of a node."""
        return self._out.get(subject, {})

    def with_property(self, predicate: NamedNode) -> dict[Term, None]:
        """The nodes that have the property."""
        return {subject: None for found in self._in.get(predicate, {}).values() for subject in found}

    def values_of(self, predicate: NamedNode) -> Iterable[Term]:
        """The nodes that are a value of the property."""
        return self._in.get(predicate, {})

    def members(self, head: Term) -> Iterator[Term]:
        """The members of an RDF list."""
        seen = set()
        while head != RDF.nil and head not in seen:
            seen.add(head)
            yield from self.objects(head, RDF.first)
            head = self.one(head, RDF.rest) or RDF.nil

    def below(self, parent: Term) -> dict[Term, None]:
        """A class and its subclasses, however deep, as SHACL's instances are meant (https://www.w3.org/TR/shacl/#terminology)."""
        found: dict[Term, None] = {parent: None}
        todo = [parent]
        while todo:
            for child in self.subjects(RDFS.subClassOf, todo.pop()):
                if child not in found:
                    found[child] = None
                    todo.append(child)
        return found

    def instances(self, parent: Term) -> dict[Term, None]:
        """The instances of a class and of its subclasses."""
        return {node: None for name in self.below(parent) for node in self.subjects(RDF.type, name)}
