"""How many of what are in ``current``: counted in one walk over its statements, where as many queries would each walk it anew."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from emkg.graph import Graph
from emkg.rdf import BlankNode, Literal, NamedNode, Term
from emkg.vocab import RDF

_Classes = frozenset[Term]
_NONE: _Classes = frozenset()


@dataclass(frozen=True, slots=True)
class Counts:
    """Of a graph: its statements and terms; of each class its things; how often a property is used, by whom, and with what."""

    subjects: int
    objects: int
    entities: int
    """Subjects with a class that have an IRI."""
    classes: dict[Term, int]
    properties: dict[NamedNode, int]
    of_classes: dict[tuple[Term, NamedNode], int]
    """By the class of the subject and the property."""
    of_kinds: dict[tuple[Term, NamedNode, Term], int]
    """As before, and the class of the object."""
    of_datatypes: dict[tuple[Term, NamedNode, NamedNode], int]
    """As before, and the datatype of the literal."""


def counts(graph: Graph) -> Counts:
    """All of them. A subject of two classes counts with each."""
    classes = _classes(graph)
    subjects, objects = set[Term](), set[Term]()
    forms = Counter[tuple[_Classes, NamedNode, _Classes | NamedNode]]()
    for subject, predicate, value in graph.statements():
        subjects.add(subject)
        objects.add(value)
        what = value.datatype if isinstance(value, Literal) else classes.get(value, _NONE)
        forms[classes.get(subject, _NONE), predicate, what] += 1
    properties, of_classes = Counter[NamedNode](), Counter[tuple[Term, NamedNode]]()
    of_kinds, of_datatypes = Counter[tuple[Term, NamedNode, Term]](), Counter[tuple[Term, NamedNode, NamedNode]]()
    for (of_subject, predicate, what), number in forms.items():
        properties[predicate] += number
        for name in of_subject:
            of_classes[name, predicate] += number
            if isinstance(what, NamedNode):
                of_datatypes[name, predicate, what] += number
            else:
                for kind in what:
                    of_kinds[name, predicate, kind] += number
    things = Counter(name for told in classes.values() for name in told)
    entities = sum(isinstance(node, NamedNode) for node in classes)
    return Counts(len(subjects), len(objects), entities, things, properties, of_classes, of_kinds, of_datatypes)


def _classes(graph: Graph) -> dict[Term, _Classes]:
    """What each thing is; equal sets are one object, which is quick to look up."""
    told: dict[NamedNode | BlankNode, set[Term]] = {}
    for node, name in graph.pairs(RDF.type):
        told.setdefault(node, set()).add(name)
    known: dict[_Classes, _Classes] = {}
    frozen = ((node, frozenset(names)) for node, names in told.items())
    return {node: known.setdefault(names, names) for node, names in frozen}
