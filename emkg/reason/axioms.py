"""The axioms of a reasoning view, read as OWL 2 EL; anything the rules could not honour is refused, never skipped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from emkg.errors import ReasonerError
from emkg.rdf import NamedNode, Triple
from emkg.vocab import OWL, RDF, RDFS, curie


@dataclass(frozen=True, slots=True)
class Some:
    """Things with a value of the property that is in the filler (owl:someValuesFrom)."""

    role: NamedNode
    filler: Concept


@dataclass(frozen=True, slots=True)
class And:
    """Things in every one of the parts (owl:intersectionOf)."""

    parts: frozenset[Concept]


Concept = NamedNode | Some | And
_CLASS_AXIOMS = (RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith)


@dataclass(slots=True)
class Axioms:
    """Subsumptions, disjoint pairs, property chains (a subproperty is a chain of one) and assertions."""

    classes: set[NamedNode] = field(default_factory=set)
    properties: set[NamedNode] = field(default_factory=set)
    subsumptions: list[tuple[Concept, Concept]] = field(default_factory=list)
    disjoint: list[tuple[Concept, Concept]] = field(default_factory=list)
    chains: list[tuple[tuple[NamedNode, ...], NamedNode]] = field(default_factory=list)
    types: list[tuple[NamedNode, NamedNode]] = field(default_factory=list)
    relations: list[tuple[NamedNode, NamedNode, NamedNode]] = field(default_factory=list)


def read_axioms(view: list[Triple]) -> Axioms:
    """The axioms and assertions of a view; raises ReasonerError naming what is outside the fragment.

    The fragment: named classes, intersections, someValuesFrom, disjointness, subproperties, chains, transitivity
    (https://www.w3.org/TR/owl2-profiles/#OWL_2_EL, less nominals, ranges, domains, keys and data).
    """
    return _Reader(view).read()


class _Reader:
    def __init__(self, view: list[Triple]) -> None:
        self._view = view
        self._about: dict[object, dict[NamedNode, list[object]]] = defaultdict(lambda: defaultdict(list))
        for triple in view:
            self._about[triple.subject][triple.predicate].append(triple.object)
        self._axioms = Axioms()

    def read(self) -> Axioms:
        found = self._axioms
        for node, said in self._about.items():
            if isinstance(node, NamedNode) and OWL.Class in said[RDF.type]:
                found.classes.add(node)
            elif isinstance(node, NamedNode) and OWL.ObjectProperty in said[RDF.type]:
                found.properties.add(node)
        for triple in self._view:
            if isinstance(triple.subject, NamedNode):
                self._statement(triple.subject, triple.predicate, triple.object)
            elif triple.predicate == RDF.type and triple.object == OWL.AllDisjointClasses:
                self._disjoint([self._concept(node) for node in self._list(self._only(triple.subject, OWL.members))])
            elif triple.predicate in _CLASS_AXIOMS:
                self._class_axiom(self._concept(triple.subject), triple.predicate, triple.object)
            elif triple.predicate == RDF.type and triple.object not in (OWL.Class, OWL.Restriction, RDF.List):
                raise _refused(triple.object, "on a blank node")
        return found

    def _statement(self, subject: NamedNode, predicate: NamedNode, value: object) -> None:
        found = self._axioms
        if subject in found.classes:
            if (predicate, value) != (RDF.type, OWL.Class):
                self._class_axiom(subject, predicate, value)
        elif subject in found.properties:
            self._property_axiom(subject, predicate, value)
        elif predicate in found.properties and isinstance(value, NamedNode):
            found.relations.append((subject, predicate, value))
        elif predicate == RDF.type and isinstance(value, NamedNode) and value in found.classes:
            found.types.append((subject, value))
        elif (predicate, value) != (RDF.type, OWL.NamedIndividual):
            raise _refused(predicate, curie(subject))

    def _class_axiom(self, low: Concept, predicate: NamedNode, value: object) -> None:
        if predicate in (RDFS.subClassOf, OWL.equivalentClass):
            concept = self._concept(value)
            self._axioms.subsumptions.append((low, concept))
            if predicate == OWL.equivalentClass:
                self._axioms.subsumptions.append((concept, low))
        elif predicate == OWL.disjointWith:
            self._disjoint([low, self._concept(value)])
        else:
            raise _refused(predicate, curie(low) if isinstance(low, NamedNode) else "a class expression")

    def _property_axiom(self, name: NamedNode, predicate: NamedNode, value: object) -> None:
        chains = self._axioms.chains
        if predicate == RDFS.subPropertyOf and isinstance(value, NamedNode):
            chains.append(((name,), value))
        elif predicate == OWL.equivalentProperty and isinstance(value, NamedNode):
            chains += [((name,), value), ((value,), name)]
        elif predicate == OWL.propertyChainAxiom:
            chains.append((tuple(node for node in self._list(value) if isinstance(node, NamedNode)), name))
        elif (predicate, value) == (RDF.type, OWL.TransitiveProperty):
            chains.append(((name, name), name))
        elif (predicate, value) != (RDF.type, OWL.ObjectProperty):
            raise _refused(value if predicate == RDF.type else predicate, curie(name))

    def _concept(self, node: object) -> Concept:
        if isinstance(node, NamedNode):
            if node not in self._axioms.classes | {OWL.Thing, OWL.Nothing}:
                raise ReasonerError(f"{curie(node)} is no declared class", "ontology/", "declare it: a owl:Class")
            return node
        said = {predicate for predicate in self._about[node] if predicate not in (RDF.type, *_CLASS_AXIOMS)}
        if said == {OWL.intersectionOf}:
            return And(frozenset(self._concept(part) for part in self._list(self._only(node, OWL.intersectionOf))))
        if said == {OWL.onProperty, OWL.someValuesFrom}:
            role = self._only(node, OWL.onProperty)
            if not isinstance(role, NamedNode) or role not in self._axioms.properties:
                raise ReasonerError(f"a restriction on {role}, which is no object property", "ontology/", "declare it")
            return Some(role, self._concept(self._only(node, OWL.someValuesFrom)))
        strange = sorted(said - {OWL.onProperty}, key=str)
        raise _refused(strange[0] if strange else OWL.Class, "in a class expression")

    def _disjoint(self, concepts: list[Concept]) -> None:
        pairs = ((a, b) for index, a in enumerate(concepts) for b in concepts[index + 1 :])
        self._axioms.disjoint.extend(pairs)

    def _only(self, node: object, predicate: NamedNode) -> object:
        values = self._about[node][predicate]
        if len(values) != 1:
            what = f"{len(values)} values of {curie(predicate)} on one node"
            raise ReasonerError(what, "ontology/", "give exactly one")
        return values[0]

    def _list(self, node: object) -> Iterator[object]:
        while node != RDF.nil:
            yield self._only(node, RDF.first)
            node = self._only(node, RDF.rest)


def _refused(what: object, where: str) -> ReasonerError:
    name = curie(what) if isinstance(what, NamedNode) else str(what)
    repair = "write it in OWL 2 EL, or build with HermiT"
    return ReasonerError(f"the rules engine does not know {name}", where, repair)
