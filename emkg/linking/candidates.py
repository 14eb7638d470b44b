"""Records that may be of one thing: alike in paper, species, technique, voxel size and title. Proposed with a score, never asserted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher

from emkg.linking.evidence import Ends, Link
from emkg.linking.profile import Profile
from emkg.rdf import NamedNode
from emkg.vocab import SKOS, curie

LEAST_SCORE = 0.6
_LARGEST_BLOCK = 40
"""Records that share a paper or a name with more others than this share it with half the field: it tells nothing of them."""
_WORD = re.compile(r"[a-z]+[0-9]*|[0-9]{2,}")
_COMMON = frozenset(
    "a an and at by cell cells data dataset electron em fib for from imaging in microscopy mouse of on sem section serial the tomography "
    "tomogram volume with sbf block face human brain cortex micrographs image images cil".split()
)


def candidates(known: dict[NamedNode, Profile], linked: set[Ends]) -> list[Link]:
    """Proposals for pairs of different repositories that no evidence links, best first for each record, at most three a record."""
    scored: dict[Ends, float] = {}
    for one, other in _pairs(known):
        ends = frozenset((one, other))
        if ends not in linked and ends not in scored and known[one].repository != known[other].repository:
            scored[ends] = score(known[one], known[other])
    taken: dict[NamedNode, int] = defaultdict(int)
    found = []
    for ends in sorted(scored, key=lambda one: (-scored[one], sorted(map(str, one)))):
        if scored[ends] < LEAST_SCORE or any(taken[node] >= 3 for node in ends):
            continue
        for node in ends:
            taken[node] += 1
        one, other = sorted(ends, key=str)
        evidence = frozenset((("likeness", _told(known[one], known[other])),))
        found.append(Link(ends, SKOS.exactMatch, evidence, round(scored[ends], 2)))
    return found


def _pairs(known: dict[NamedNode, Profile]) -> Iterator[tuple[NamedNode, NamedNode]]:
    blocks: dict[str, list[NamedNode]] = defaultdict(list)
    for node, profile in known.items():
        for paper in profile.papers:
            blocks[paper.value].append(node)
        for word in _names(profile.title):
            blocks[word].append(node)
    for block in blocks.values():
        if 1 < len(block) <= _LARGEST_BLOCK:
            yield from ((one, other) for index, one in enumerate(block) for other in block[index + 1 :])


def _names(title: str) -> set[str]:
    """The words of a title that may be a name."""
    return {word for word in _WORD.findall(title.lower()) if len(word) > 3} - _COMMON


def score(one: Profile, other: Profile) -> float:
    """How alike two records are, from 0 to 1; what one of them does not state counts neither way, a contradiction counts against.

    >>> from emkg.ids import mint
    >>> here, there = (Profile(mint("dataset", slug), title="Kasthuri 2011") for slug in "ab")
    >>> score(here, there)
    0.3
    """
    total = 0.3 * SequenceMatcher(None, one.title.lower(), other.title.lower()).ratio()
    weights = ((0.25, one.papers, other.papers), (0.15, one.taxa, other.taxa), (0.1, one.techniques, other.techniques))
    for weight, here, there in weights:
        if here and there:
            total += weight if here & there else -weight
    if one.voxel and other.voxel:
        near = all(abs(a - b) <= 0.05 * max(a, b) for a, b in zip(one.voxel, other.voxel, strict=False))
        total += 0.2 if near else -0.1
    return max(0.0, min(1.0, total))


def _told(one: Profile, other: Profile) -> str:
    parts = ["titles alike"]
    if one.papers & other.papers:
        parts.append("one paper: " + ", ".join(sorted(curie(node) for node in one.papers & other.papers)[:3]))
    if one.taxa & other.taxa:
        parts.append("one species")
    if one.techniques & other.techniques:
        parts.append("one technique")
    if one.voxel and one.voxel == other.voxel:
        parts.append("one voxel size")
    return "; ".join(parts)
