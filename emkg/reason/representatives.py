"""One individual stands for all that are told alike: HermiT's time grows with every individual, and thousands differ only by name.

In OWL 2 EL without nominals what follows of an individual depends only on what can be reached from it along relations: no axiom
looks backwards (tests/ontology/test_profile.py holds that there is no inverse, no key, no functional property). So two individuals
whose reachable facts are the same up to names have the same types, and relations that differ only by those names. The ontology's own
individuals keep their names, since axioms and other facts speak of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from emkg.errors import InconsistentGraph
from emkg.rdf import NamedNode, Triple
from emkg.reason.inference import Inference, Relation
from emkg.vocab import OWL, RDF, ontology_quads

_Color = tuple[object, ...]
_Form = tuple[object, ...]


@dataclass(slots=True)
class _Facts:
    """The assertions of a view by individual."""

    types: dict[NamedNode, set[NamedNode]] = field(default_factory=lambda: defaultdict(set))
    steps: dict[NamedNode, set[tuple[NamedNode, NamedNode]]] = field(default_factory=lambda: defaultdict(set))
    individuals: set[NamedNode] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Representatives:
    """A smaller view, and for each individual in it the lists of individuals that stand in its place."""

    view: list[Triple]
    groups: tuple[tuple[tuple[NamedNode, ...], ...], ...]
    """Each group holds reachable parts of equal form, the first of which is in the view; places in a part agree with one another."""

    def expand(self, found: Inference) -> Inference:
        """What was found of the representatives, told of everybody."""
        types, relations = set(found.types), set(found.relations)
        by_type, by_start = defaultdict(list), defaultdict(list)
        for individual, name in found.types:
            by_type[individual].append(name)
        for start, role, end in found.relations:
            by_start[start].append((role, end))
        for group in self.groups:
            first = group[0]
            for part in group[1:]:
                types |= {(there, name) for here, there in zip(first, part, strict=True) for name in by_type[here]}
                relations |= _moved(first, part, by_start)
        return Inference(found.hierarchy, found.unsatisfiable, frozenset(types), frozenset(relations))

    def blamed(self, fault: InconsistentGraph) -> InconsistentGraph:
        """The fault with all those to blame whose representative is."""
        named = set(fault.individuals)
        for group in self.groups:
            for index, node in enumerate(group[0]):
                if node.value in named:
                    named |= {part[index].value for part in group}
        return InconsistentGraph(fault.what, fault.where, fault.repair, tuple(sorted(named)))


def _moved(
    first: tuple[NamedNode, ...],
    part: tuple[NamedNode, ...],
    by_start: dict[NamedNode, list[tuple[NamedNode, NamedNode]]],
) -> set[Relation]:
    places = dict(zip(first, part, strict=True))
    return {(there, role, places.get(end, end)) for here, there in places.items() for role, end in by_start[here]}


def represent(view: list[Triple]) -> Representatives:
    """The view with one part for each form of what can be reached from an individual that nothing points at."""
    facts = _facts(view)
    fixed = _fixed() & facts.individuals
    colors = _colors(facts, fixed)
    pointed_at = {end for start, steps in facts.steps.items() if start not in fixed for _, end in steps}
    groups: dict[_Form, list[tuple[NamedNode, ...]]] = defaultdict(list)
    covered: set[NamedNode] = set()
    for root in sorted(facts.individuals - pointed_at - fixed, key=str):
        form, part = _form(root, facts, colors, fixed)
        groups[form].append(part)
        covered.update(part)
    kept = {node for parts in groups.values() for node in parts[0]} | (facts.individuals - covered)
    smaller = [triple for triple in view if _subject(triple) not in facts.individuals or triple.subject in kept]
    return Representatives(smaller, tuple(tuple(parts) for parts in groups.values() if len(parts) > 1))


def _subject(triple: Triple) -> NamedNode | None:
    return triple.subject if isinstance(triple.subject, NamedNode) else None


def _facts(view: Iterable[Triple]) -> _Facts:
    facts = _Facts()
    view = list(view)
    facts.individuals = {
        triple.subject
        for triple in view
        if triple.predicate == RDF.type
        and triple.object == OWL.NamedIndividual
        and isinstance(triple.subject, NamedNode)
    }
    for triple in view:
        subject, value = triple.subject, triple.object
        if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode) or subject not in facts.individuals:
            continue
        if triple.predicate != RDF.type:
            facts.steps[subject].add((triple.predicate, value))
        elif value != OWL.NamedIndividual:
            facts.types[subject].add(value)
    return facts


def _fixed() -> set[NamedNode]:
    """The individuals that the ontology itself speaks of."""
    return {node for quad in ontology_quads() for node in (quad.subject, quad.object) if isinstance(node, NamedNode)}


def _colors(facts: _Facts, fixed: set[NamedNode]) -> dict[NamedNode, _Color]:
    """What each individual is told to be, as deep as the facts reach, with names only where they count; by depth first search.

    A circle (a part of itself) has no such form: whoever stands in one keeps his name.
    """
    colors: dict[NamedNode, _Color] = {node: (node.value,) for node in fixed}
    for root in facts.individuals:
        stack, open_ = [(root, False)], set[NamedNode]()
        while stack:
            node, done = stack.pop()
            if node in colors:
                continue
            steps = facts.steps.get(node, set())
            if done:
                open_.discard(node)
                reached = sorted((role.value, hash(colors[end])) for role, end in steps)
                colors[node] = (tuple(sorted(name.value for name in facts.types.get(node, ()))), tuple(reached))
            elif any(end in open_ or end == node for _, end in steps):
                colors[node] = (node.value,)
            else:
                open_.add(node)
                stack += [(node, True), *((end, False) for _, end in steps)]
    return colors


def _form(
    root: NamedNode, facts: _Facts, colors: dict[NamedNode, _Color], fixed: set[NamedNode]
) -> tuple[_Form, tuple[NamedNode, ...]]:
    """What is reached from a root, with numbers for names, and who has which number. Equal forms are equal facts up to names."""
    numbers: dict[NamedNode, int] = {root: 0}
    todo, told = [root], list[tuple[object, ...]]()
    while todo:
        node = todo.pop(0)
        told.append((numbers[node], *sorted(name.value for name in facts.types.get(node, ()))))
        for role, end in sorted(
            facts.steps.get(node, ()), key=lambda step: (step[0].value, hash(colors[step[1]]), step[1].value)
        ):
            if end in fixed or colors[end] == (end.value,):
                told.append((numbers[node], role.value, end.value))
                continue
            if end not in numbers:
                numbers[end] = len(numbers)
                todo.append(end)
            told.append((numbers[node], role.value, numbers[end]))
    return tuple(told), tuple(numbers)
