"""The Java-free engine: completion rules for OWL 2 EL, over the classes and the facts at once.

Every class C, and every filler of a restriction, gets one witness: an element that is in C and in whatever C implies.
The rules run to a fixpoint over witnesses and individuals. The model so built is canonical, therefore what holds in it
is what follows: sound and complete for classes, instances and relations (Baader, Brandt, Lutz: Pushing the EL envelope,
IJCAI 2005; Krötzsch: Efficient rule-based inferencing for OWL EL, IJCAI 2011). ``read_axioms`` refuses other OWL.

Looked at before writing this: owlrl 7.6 (misses what needs an existential on the right), reasonable 0.4 (no chains),
ontologos 1.1 (missed instances and chains), pyelk-reasoner 0.2 (rejected our RDF), hermit-reasoner 0.3 (alpha), rustdl
0.4 (right on our graph, but a platform wheel in quick flux: the fallback must run wherever Python does).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from emkg.errors import InconsistentGraph
from emkg.rdf import NamedNode, Triple
from emkg.reason.axioms import And, Axioms, Concept, Some, read_axioms
from emkg.reason.inference import Inference, Pair
from emkg.vocab import OWL, curie

Role = NamedNode | tuple[NamedNode, ...]  # a tuple stands for the first steps of a longer chain
_NAMED = 5  # individuals that a message names
Element = tuple[str, Concept]  # ("fact", an individual) or ("witness", a concept)


def infer(view: list[Triple]) -> Inference:
    """All that follows from a reasoning view; raises InconsistentGraph naming individuals and classes.

    >>> from emkg.vocab import EM, ontology_quads
    >>> from emkg.reason.view import reasoning_view
    >>> (EM.ATUMmSEM, EM.SerialSectionEM) in infer(reasoning_view(ontology_quads(), [])).hierarchy
    True
    """
    axioms = read_axioms(view)
    model = _Model(_Rules(axioms))
    for name in sorted(axioms.classes, key=str):
        model.witness(name)
    for individual, name in axioms.types:
        model.label(("fact", individual), name)
    for subject, role, value in axioms.relations:
        model.edge(role, ("fact", subject), ("fact", value))
    model.run()
    _check(model, axioms)
    return _inference(model, axioms)


class _Rules:
    """The axioms, indexed by what triggers them."""

    def __init__(self, axioms: Axioms) -> None:
        self.implied: dict[Concept, list[Concept]] = defaultdict(list)
        self.joint: dict[Concept, list[And]] = defaultdict(list)
        self.some: dict[Concept, list[Some]] = defaultdict(list)
        self.some_of: dict[Role, list[Some]] = defaultdict(list)
        self.disjoint: dict[Concept, list[Concept]] = defaultdict(list)
        self.wider: dict[Role, list[Role]] = defaultdict(list)
        self.then: dict[Role, list[tuple[Role, Role]]] = defaultdict(list)
        self.before: dict[Role, list[tuple[Role, Role]]] = defaultdict(list)
        for low, high in axioms.subsumptions:
            self.implied[low].append(high)
        for one, other in axioms.disjoint:
            self.disjoint[one].append(other)
            self.disjoint[other].append(one)
        tops = (top for pair in (*axioms.subsumptions, *axioms.disjoint) for top in pair)
        for concept in {part for top in tops for part in _parts(top)}:
            self._index(concept)
        for steps, role in dict.fromkeys(axioms.chains):
            self._chain(steps, role)

    def _index(self, concept: Concept) -> None:
        if isinstance(concept, And):
            for part in concept.parts:
                self.joint[part].append(concept)
        elif isinstance(concept, Some):
            self.some[concept.filler].append(concept)
            self.some_of[concept.role].append(concept)

    def _chain(self, steps: tuple[NamedNode, ...], role: NamedNode) -> None:
        """r1 ∘ r2 ∘ r3 ⊑ s becomes r1 ∘ r2 ⊑ (r1, r2) and (r1, r2) ∘ r3 ⊑ s."""
        if len(steps) == 1:
            self.wider[steps[0]].append(role)
            return
        first: Role = steps[0]
        for index, step in enumerate(steps[1:], 2):
            result: Role = role if index == len(steps) else steps[:index]
            if (step, result) not in self.then[first]:
                self.then[first].append((step, result))
                self.before[step].append((first, result))
            first = result


def _parts(concept: Concept) -> Iterable[Concept]:
    yield concept
    for part in concept.parts if isinstance(concept, And) else [concept.filler] if isinstance(concept, Some) else []:
        yield from _parts(part)


class _Model:
    """The elements with their concepts and edges; ``run`` applies the rules until nothing is new."""

    def __init__(self, rules: _Rules) -> None:
        self._rules = rules
        self._todo: list[tuple[Element, Concept] | tuple[Role, Element, Element]] = []
        self.concepts: dict[Element, set[Concept]] = defaultdict(set)
        self.after: dict[Element, dict[Role, set[Element]]] = defaultdict(lambda: defaultdict(set))
        self.before: dict[Element, dict[Role, set[Element]]] = defaultdict(lambda: defaultdict(set))
        self.clash: dict[Element, tuple[Concept, Concept]] = {}
        self.broken_by: dict[Element, tuple[Role, Element]] = {}

    def label(self, element: Element, concept: Concept) -> None:
        if concept not in self.concepts[element]:
            self.concepts[element].add(concept)
            self._todo.append((element, concept))

    def edge(self, role: Role, start: Element, end: Element) -> None:
        self.label(start, OWL.Thing)
        self.label(end, OWL.Thing)
        if end not in self.after[start][role]:
            self.after[start][role].add(end)
            self.before[end][role].add(start)
            self._todo.append((role, start, end))

    def witness(self, concept: Concept) -> Element:
        element: Element = ("witness", concept)
        self.label(element, OWL.Thing)
        self.label(element, concept)
        return element

    def run(self) -> None:
        while self._todo:
            new = self._todo.pop()
            if len(new) == 2:
                self._labelled(*new)
            else:
                self._joined(*new)

    def _labelled(self, element: Element, concept: Concept) -> None:
        rules, own = self._rules, self.concepts[element]
        for implied in rules.implied.get(concept, ()):
            self.label(element, implied)
        if isinstance(concept, And):
            for part in concept.parts:
                self.label(element, part)
        elif isinstance(concept, Some):
            self.edge(concept.role, element, self.witness(concept.filler))
        for joint in rules.joint.get(concept, ()):
            if joint.parts <= own:
                self.label(element, joint)
        for some in rules.some.get(concept, ()):
            for start in list(self.before[element].get(some.role, ())):
                self.label(start, some)
        for other in rules.disjoint.get(concept, ()):
            if other in own:
                self.clash.setdefault(element, (concept, other))
                self.label(element, OWL.Nothing)
        if concept == OWL.Nothing:
            for role, starts in list(self.before[element].items()):
                for start in list(starts):
                    self._break(role, start, element)

    def _joined(self, role: Role, start: Element, end: Element) -> None:
        rules, there = self._rules, self.concepts[end]
        for some in rules.some_of.get(role, ()):
            if some.filler in there:
                self.label(start, some)
        if OWL.Nothing in there:
            self._break(role, start, end)
        for wider in rules.wider.get(role, ()):
            self.edge(wider, start, end)
        for step, result in rules.then.get(role, ()):
            for far in list(self.after[end].get(step, ())):
                self.edge(result, start, far)
        for step, result in rules.before.get(role, ()):
            for near in list(self.before[start].get(step, ())):
                self.edge(result, near, end)

    def _break(self, role: Role, start: Element, end: Element) -> None:
        self.broken_by.setdefault(start, (role, end))
        self.label(start, OWL.Nothing)

    def broken_by_fact(self, element: Element) -> bool:
        """Is all that is wrong with it another individual that it is related to?"""
        return element not in self.clash and element in self.broken_by and self.broken_by[element][1][0] == "fact"

    def reason(self, element: Element) -> str:
        """Why an element cannot be, in words."""
        via, seen = "", {element}
        while element not in self.clash and element in self.broken_by and self.broken_by[element][1] not in seen:
            role, element = self.broken_by[element]
            seen.add(element)
            via += f"has {curie(role) if isinstance(role, NamedNode) else 'a chain to'} something that "
        if element not in self.clash:
            return via + "is in a class that can have no instance"
        one, other = sorted(map(_words, self.clash[element]))
        return via + f"is both {one} and {other}, which are disjoint"


def _words(concept: Concept) -> str:
    if isinstance(concept, NamedNode):
        return curie(concept)
    if isinstance(concept, Some):
        return f"({curie(concept.role)} some {_words(concept.filler)})"
    return "(" + " and ".join(sorted(map(_words, concept.parts))) + ")"


def _check(model: _Model, axioms: Axioms) -> None:
    """Raises InconsistentGraph for individuals that cannot be; one broken only by another individual is not blamed."""
    broken = [element for element, own in model.concepts.items() if element[0] == "fact" and OWL.Nothing in own]
    if not broken:
        return
    blamed = sorted([element for element in broken if not model.broken_by_fact(element)] or broken, key=str)
    said = []
    for element in blamed[:_NAMED]:
        stated = ", ".join(sorted(curie(name) for individual, name in axioms.types if individual == element[1]))
        said.append(f"{_words(element[1])} {model.reason(element)}" + (f" (stated: {stated})" if stated else ""))
    more = f"; and {len(blamed) - _NAMED} more" if len(blamed) > _NAMED else ""
    what = f"the facts contradict the ontology: {'; '.join(said)}{more}"
    repair = "take out the class or the facet that is wrong"
    individuals = tuple(node.value for _, node in blamed if isinstance(node, NamedNode))
    raise InconsistentGraph(what, _words(blamed[0][1]), repair, individuals)


def _inference(model: _Model, axioms: Axioms) -> Inference:
    empty = {name for name in axioms.classes if OWL.Nothing in model.concepts["witness", name]}
    reported = axioms.classes - empty
    hierarchy = _memberships(model, "witness", reported)
    relations = [
        (start[1], role, end[1])
        for start, ways in model.after.items()
        for role, ends in ways.items()
        for end in ends
        if start[0] == end[0] == "fact"
    ]
    return Inference(
        frozenset((low, high) for low, high in hierarchy if low != high and low in reported),
        tuple((name, f"{curie(name)} {model.reason(('witness', name))}") for name in sorted(empty, key=str)),
        _memberships(model, "fact", reported),
        frozenset((s, p, o) for s, p, o in relations if all(isinstance(node, NamedNode) for node in (s, p, o))),  # type: ignore[misc]
    )


def _memberships(model: _Model, kind: str, reported: set[NamedNode]) -> frozenset[Pair]:
    return frozenset(
        (element[1], concept)
        for element, own in model.concepts.items()
        if element[0] == kind and isinstance(element[1], NamedNode)
        for concept in own
        if isinstance(concept, NamedNode) and concept in reported
    )
