"""What the reasoner sees: logical axioms, and the assertions that some axiom can act on. No literal, no annotation.

HermiT stops at an xsd:gYear, date or duration on a declared datatype property, and its time grows with every
individual; nothing left out here can change what follows among our names, since no axiom of ours speaks of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from emkg.errors import ReasonerError
from emkg.rdf import BlankNode, NamedNode, Quad, Triple, sort_key
from emkg.vocab import OWL, RDF, RDFS, prefixes

_CLASS_AXIOMS = (RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith, OWL.disjointUnionOf, OWL.hasKey)
_PROPERTY_AXIOMS = (
    *(RDFS.subPropertyOf, OWL.equivalentProperty, OWL.inverseOf, OWL.propertyDisjointWith, OWL.propertyChainAxiom),
    *(RDFS.domain, RDFS.range),
)
_CHARACTERISTICS = tuple(
    OWL[f"{kind}Property"]
    for kind in ("Transitive", "Symmetric", "Asymmetric", "Reflexive", "Irreflexive", "Functional", "InverseFunctional")
)
_FREE_AXIOMS = (OWL.AllDisjointClasses, OWL.AllDisjointProperties)

Node = NamedNode | BlankNode


@dataclass(slots=True)
class _Source:
    """The statements of the ontology by subject, and what its names are declared as."""

    about: dict[Node, list[Triple]] = field(default_factory=lambda: defaultdict(list))
    classes: set[NamedNode] = field(default_factory=set)
    properties: set[NamedNode] = field(default_factory=set)
    declared: set[NamedNode] = field(default_factory=set)

    def add(self, triple: Triple) -> None:
        subject = triple.subject
        assert isinstance(subject, NamedNode | BlankNode)
        self.about[subject].append(triple)
        if triple.predicate != RDF.type or not isinstance(subject, NamedNode):
            return
        if triple.object == OWL.Class:
            self.classes.add(subject)
        elif triple.object == OWL.ObjectProperty:
            self.properties.add(subject)
        if isinstance(triple.object, NamedNode) and triple.object.value.startswith(prefixes()["owl"]):
            if triple.object != OWL.NamedIndividual:
                self.declared.add(subject)

    def expression(self, node: object) -> Iterator[Triple]:
        """The statements that make up an anonymous class expression or list."""
        if isinstance(node, BlankNode):
            for triple in self.about[node]:
                yield triple
                yield from self.expression(triple.object)

    def axioms(self) -> Iterator[Triple]:
        for name in sorted(self.classes, key=str):
            for triple in self.about[name]:
                foreign = isinstance(triple.object, NamedNode) and not _ours(triple.object)
                if triple.predicate in _CLASS_AXIOMS and _ours(name) and not foreign:
                    yield triple
        for name in sorted(self.properties, key=str):
            for triple in self.about[name]:
                if triple.predicate in _PROPERTY_AXIOMS or _states_characteristic(triple):
                    yield triple
        for node, triples in list(self.about.items()):
            if isinstance(node, BlankNode) and any(map(_is_free_axiom, triples)):
                yield from triples


def _ours(node: object) -> bool:
    """Is it a name of our ontology, or owl:Thing or owl:Nothing?"""
    return isinstance(node, NamedNode) and node.value.startswith((prefixes()["emkg"], prefixes()["owl"]))


def _states_characteristic(triple: Triple) -> bool:
    return triple.predicate == RDF.type and triple.object in _CHARACTERISTICS


def _is_free_axiom(triple: Triple) -> bool:
    """Does a blank node that says this stand for an axiom, not for a part of one?"""
    return triple.predicate in _CLASS_AXIOMS or (triple.predicate == RDF.type and triple.object in _FREE_AXIOMS)


def _useless(triple: Triple, needed: set[object]) -> bool:
    """Does the axiom only tie a property of ours to a foreign one that nothing else speaks of?"""
    return triple.predicate == RDFS.subPropertyOf and triple.object not in needed


def reasoning_view(ontology: Iterable[Quad | Triple], facts: Iterable[Triple]) -> list[Triple]:
    """The statements that matter for classes, types and relations, every name declared, sorted.

    Facts with a blank node at a property that axioms speak of raise ReasonerError: published data have none.
    Source of the projection: OWL 2 mapping to RDF (https://www.w3.org/TR/owl2-mapping-to-rdf/), tables 1 and 16.

    >>> from emkg.vocab import ontology_quads
    >>> view = reasoning_view(ontology_quads(), [])
    >>> any(triple.predicate == RDFS.label for triple in view)
    False
    """
    source = _Source()
    stated = [item.triple if isinstance(item, Quad) else item for item in ontology]
    for triple in stated:
        source.add(triple)
    axioms = list(source.axioms())
    needed = _needed(source, axioms)
    axioms = [triple for triple in axioms if not _useless(triple, needed)]
    parts = [part for axiom in axioms for part in (axiom, *source.expression(axiom.object))]
    mentioned = {node for part in parts for node in (part.subject, part.object)}
    names = {name for name in source.classes if _ours(name) or name in mentioned}
    properties = {name for name in source.properties if name in needed}
    assertions = list(_assertions([*stated, *facts], source, properties, names & mentioned))
    individuals = {node for triple in assertions for node in _individuals(triple)}
    declared = [
        *(Triple(name, RDF.type, OWL.Class) for name in names),
        *(Triple(name, RDF.type, OWL.ObjectProperty) for name in properties),
        *(Triple(name, RDF.type, OWL.NamedIndividual) for name in individuals),
    ]
    return sorted({*declared, *parts, *assertions}, key=sort_key)


def _needed(source: _Source, axioms: list[Triple]) -> set[object]:
    """The properties that a restriction, a chain, a characteristic or an axiom among ours names, and those below."""
    found: set[object] = set()
    for axiom in axioms:
        parts = list(source.expression(axiom.object))
        found |= {part.object for part in parts if part.predicate == OWL.onProperty}
        if axiom.predicate == OWL.propertyChainAxiom:
            found |= {part.object for part in parts if part.predicate == RDF.first}
        if axiom.subject in source.properties:
            foreign = axiom.predicate == RDFS.subPropertyOf and not _ours(axiom.object)
            if not foreign:
                found |= {axiom.subject} | ({axiom.object} & source.properties)
    grown: set[object] | None = None
    while grown != found:
        grown = set(found)
        found |= {a.subject for a in axioms if a.predicate == RDFS.subPropertyOf and a.object in found}
    return found


def _individuals(triple: Triple) -> Iterator[NamedNode]:
    ends = (triple.subject,) if triple.predicate == RDF.type else (triple.subject, triple.object)
    return (node for node in ends if isinstance(node, NamedNode))


def _assertions(
    triples: Iterable[Triple], source: _Source, properties: set[NamedNode], classes: set[NamedNode]
) -> Iterator[Triple]:
    """Relations over the properties, and memberships of the classes, of what is no class or property itself."""
    type_ = RDF.type
    for triple in triples:
        predicate = triple.predicate
        if predicate not in properties and not (predicate == type_ and triple.object in classes):
            continue
        if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
            raise ReasonerError("a blank node among the facts", str(triple), "give the thing an IRI under /id/")
        if triple.subject in source.declared or not isinstance(triple.object, NamedNode):
            continue
        yield triple
