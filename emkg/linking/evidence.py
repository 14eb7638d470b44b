"""Links that rest on evidence: a shared accession, DOI or address, or a declared reference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from emkg.linking.profile import Profile
from emkg.rdf import NamedNode
from emkg.vocab import SKOS

Ends = frozenset[NamedNode]
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Link:
    """Two records, how they are related, and by which evidence (kind, value); ``score`` only where it is a mere proposal."""

    ends: Ends
    relation: NamedNode
    evidence: frozenset[tuple[str, str]]
    score: float | None = None


def links_by_evidence(known: dict[NamedNode, Profile]) -> list[Link]:
    """The links that evidence asserts, sorted by their ends.

    A match is exact where within each of the two repositories nobody else shares the evidence; a reference from one record of a
    repository to another of it, and a match of one with many, relates them only.
    """
    evidence: dict[Ends, set[tuple[str, str]]] = defaultdict(set)
    exact: set[Ends] = set()
    for kind, value, members, references in _shared(known):
        by_place = _by_repository(known, members | references)
        for ends in _pairs(members, references):
            evidence[ends].add((kind if ends <= members else "declaredReference", value))
            one, other = sorted(ends, key=str)
            places = known[one].repository, known[other].repository
            if places[0] != places[1] and all(len(by_place[place]) == 1 for place in places):
                exact.add(ends)
    exact = _without_conflict(exact, known)
    made = [
        Link(ends, SKOS.exactMatch if ends in exact else SKOS.relatedMatch, frozenset(told))
        for ends, told in evidence.items()
    ]
    return sorted(made, key=lambda link: sorted(map(str, link.ends)))


def _shared(known: dict[NamedNode, Profile]) -> Iterator[tuple[str, str, set[NamedNode], set[NamedNode]]]:
    """Kind of evidence, its value, the records that it is of, and the records that only name it."""
    own, named = defaultdict[Key, set[NamedNode]](set), defaultdict[Key, set[NamedNode]](set)
    dois, addresses = defaultdict[str, set[NamedNode]](set), defaultdict[str, set[NamedNode]](set)
    for node, profile in known.items():
        for key in profile.own:
            own[key].add(node)
        for key in profile.named:
            named[key].add(node)
        if profile.doi:
            dois[profile.doi].add(node)
        for address in profile.addresses:
            addresses[address].add(node)
    for key in sorted(own):
        if len(own[key]) + len(named[key] - own[key]) > 1:
            yield "sharedAccession", key[1], own[key], named[key] - own[key]
    for kind, table in (("sharedDOI", dois), ("sharedAddress", addresses)):
        yield from ((kind, value, table[value], set()) for value in sorted(table) if len(table[value]) > 1)


def _pairs(members: set[NamedNode], references: set[NamedNode]) -> Iterator[Ends]:
    """Members with one another, and who names them with each of them; who only names a key says nothing of others who do."""
    ordered = sorted(members, key=str)
    for index, one in enumerate(ordered):
        yield from (frozenset((one, other)) for other in ordered[index + 1 :])
        yield from (frozenset((one, other)) for other in references)


def _by_repository(known: dict[NamedNode, Profile], members: set[NamedNode]) -> dict[str, set[NamedNode]]:
    found: dict[str, set[NamedNode]] = defaultdict(set)
    for node in members:
        found[known[node].repository].add(node)
    return found


def _without_conflict(exact: set[Ends], known: dict[NamedNode, Profile]) -> set[Ends]:
    """The exact matches whose closure never says that two records of one repository are the same (skos:exactMatch is transitive)."""
    group: dict[NamedNode, NamedNode] = {}

    def root(node: NamedNode) -> NamedNode:
        while group.setdefault(node, node) != node:
            node = group[node]
        return node

    places = defaultdict[NamedNode, set[str]](set)
    kept: set[Ends] = set()
    for ends in sorted(exact, key=lambda one: sorted(map(str, one))):
        one, other = (root(node) for node in sorted(ends, key=str))
        for node in (one, other):
            places[node] |= {known[node].repository}
        if one != other and places[one] & places[other]:
            continue
        kept.add(ends)
        group[one] = other
        places[other] |= places[one]
    return kept
