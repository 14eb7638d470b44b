"""Which value holds: the deterministic merge of all graphs into `current`.

For a property marked emkg:singleValued, and for rdfs:label in each language, an accepted claim beats the curated
graph, which beats the newest source version,
which beats older ones. All other properties take the union. A rejected claim takes its value out.
No loser is lost: it stays in its own graph, and a generated claim (superseded) says which graph states it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from emkg.ids import is_doi, mint, slugify, well_known_graphs
from emkg.rdf import BlankNode, Literal, NamedNode, Quad, Term, Triple, object_of
from emkg.vocab import DCTERMS, EM, FOAF, PROV, RDF, RDFS, SCHEMA, XSD, curie, ontology_quads

Subject = NamedNode | BlankNode | Triple
_TRUE = Literal("true", datatype=XSD.boolean)
Key = tuple[Subject, NamedNode, str]
"""Subject, property and, for texts, the language: one value holds for each."""
Rank = tuple[int, str]
"""Higher wins: tier (3 accepted claim, 2 curated, 1 source), then the source version's day."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that a graph or a claim offers for a single-valued property."""

    value: Term
    rank: Rank
    graph: NamedNode


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged statements, and the claims that tell how each conflict was decided (for the graph ``meta``)."""

    triples: tuple[Triple, ...]
    decisions: tuple[Triple, ...]


def single_valued() -> frozenset[NamedNode]:
    """The properties for which ``current`` keeps one value."""
    marked = {quad.subject for quad in ontology_quads() if quad.predicate == EM.singleValued and quad.object == _TRUE}
    return frozenset(node for node in marked if isinstance(node, NamedNode)) | {RDFS.label}


def wordings() -> frozenset[NamedNode]:
    """The properties that hold a source's own words: ``30x30x30`` beside ``30×30×30`` is no disagreement about a volume."""
    found = {
        quad.subject
        for quad in ontology_quads()
        if quad.predicate == SCHEMA.rangeIncludes and quad.object == XSD.string
    }
    return frozenset(node for node in found if isinstance(node, NamedNode)) | {RDFS.label, FOAF.name}


def merge(quads: Iterable[Quad]) -> Merged:
    """Source and curated graphs merged; pure: the same quads give the same result in any order."""
    quads = list(quads)
    days = _days(quads)
    claims = _claims(quads)
    single, words = single_valued(), wordings()
    union: set[Triple] = set()
    offers: dict[Key, list[Candidate]] = defaultdict(list)
    for quad in quads:
        graph = quad.graph_name
        if quad.predicate in single and isinstance(graph, NamedNode):
            offers[quad.subject, quad.predicate, _language(quad)].append(
                Candidate(object_of(quad), _rank(graph, days), graph)
            )
        else:
            union.add(quad.triple)
    for claim in claims:
        _apply(claim, single, union, offers)
    decisions: set[Triple] = set()
    for (subject, predicate, _), candidates in offers.items():
        if len(candidates) == 1:  # nearly all
            union.add(Triple(subject, predicate, candidates[0].value))
            continue
        union.add(Triple(subject, predicate, _winner(candidates).value))
        if len({_folded(candidate.value) for candidate in candidates}) > 1 and predicate not in words:
            decisions.update(_decision(subject, predicate, candidates, claims))
    return Merged(tuple(union), tuple(decisions))


@dataclass(frozen=True, slots=True)
class _Claim:
    about: Subject
    property: NamedNode
    value: Term
    status: Term
    graph: NamedNode


def _claims(quads: list[Quad]) -> list[_Claim]:
    parts: dict[Subject, dict[NamedNode, Term]] = defaultdict(dict)
    wanted = {EM.about, EM.property, EM.claimedValue, EM.status}
    for quad in quads:
        if quad.predicate in wanted:
            parts[quad.subject][quad.predicate] = object_of(quad)
    found = []
    for part in parts.values():
        about, prop = part.get(EM.about), part.get(EM.property)
        if (
            isinstance(about, NamedNode)
            and isinstance(prop, NamedNode)
            and EM.claimedValue in part
            and EM.status in part
        ):
            found.append(_Claim(about, prop, part[EM.claimedValue], part[EM.status], well_known_graphs()["curated"]))
    return sorted(found, key=lambda claim: (str(claim.about), str(claim.property), str(claim.value)))


def _apply(
    claim: _Claim,
    single: frozenset[NamedNode],
    union: set[Triple],
    offers: dict[Key, list[Candidate]],
) -> None:
    triple = Triple(claim.about, claim.property, claim.value)
    key = (claim.about, claim.property, _language(triple))
    if claim.status == EM.accepted and claim.property in single:
        offers[key].append(Candidate(claim.value, (3, ""), claim.graph))
    elif claim.status == EM.accepted:
        union.add(triple)
    elif claim.status == EM.rejected:
        union.discard(triple)
        kept = [candidate for candidate in offers.pop(key, []) if candidate.value != claim.value]
        if kept:
            offers[key] = kept


def _language(statement: Quad | Triple) -> str:
    return (statement.object.language or "") if isinstance(statement.object, Literal) else ""


def _days(quads: list[Quad]) -> dict[NamedNode, str]:
    """Named graph → the day of the source version that it belongs to."""
    in_version, dated = EM.inVersion, {DCTERMS.issued, EM.retrieved}
    versions: dict[Subject, Term] = {}
    issued: dict[Subject, str] = {}
    for quad in quads:
        if quad.predicate == in_version:
            versions[quad.subject] = object_of(quad)
        elif quad.predicate in dated and isinstance(quad.object, Literal):
            issued[quad.subject] = max(issued.get(quad.subject, ""), quad.object.value)
    found = {graph: issued.get(version, "") for graph, version in versions.items() if isinstance(version, NamedNode)}
    return {graph: day for graph, day in found.items() if isinstance(graph, NamedNode)}


def _folded(value: Term) -> tuple[str, str]:
    """The value for telling whether two differ: a title in capitals is no other title."""
    if isinstance(value, Literal):
        return value.datatype.value, " ".join(value.value.casefold().split())
    return "", value.value


def _rank(graph: NamedNode, days: dict[NamedNode, str]) -> Rank:
    return (2, "") if graph == well_known_graphs()["curated"] else (1, days.get(graph, ""))


def _winner(candidates: list[Candidate]) -> Candidate:
    return max(candidates, key=lambda candidate: (candidate.rank, str(candidate.graph), str(candidate.value)))


def _decision(
    subject: Subject, predicate: NamedNode, candidates: list[Candidate], claims: list[_Claim]
) -> Iterable[Triple]:
    """A claim per value that no curator has claimed already: who states it, and whether it was taken."""
    winner = _winner(candidates).value
    stated = {claim.value for claim in claims if (claim.about, claim.property) == (subject, predicate)}
    told: dict[str, Term] = {}
    for candidate in candidates:
        if candidate.value in stated or not isinstance(subject, NamedNode):
            continue
        tail = curie(subject).rpartition(":")[2] if is_doi(subject) else subject.value.rsplit("/", 1)[1]
        value = slugify(candidate.value.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1])[:40].strip("-") or "empty"
        while told.setdefault(value, candidate.value) != candidate.value:  # two values whose slugs are one: 0.5 and 05
            value += "-2"
        node = mint("claim", f"{slugify(tail)}-{slugify(curie(predicate).split(':')[-1])}-{value}-merged")
        yield Triple(node, RDF.type, EM.Claim)
        yield Triple(node, RDFS.label, Literal(f"{curie(predicate)} of {tail}: {candidate.value.value}", language="en"))
        yield Triple(node, EM.about, subject)
        yield Triple(node, EM.property, predicate)
        yield Triple(node, EM.claimedValue, candidate.value)
        yield Triple(node, EM.status, EM.accepted if candidate.value == winner else EM.superseded)
        yield Triple(node, PROV.wasDerivedFrom, candidate.graph)
