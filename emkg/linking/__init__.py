"""Which records speak of the same thing? Links between datasets of different archives, each with its evidence.

What two records share by an accession, a DOI or an address, or what one says of the other, is asserted: ``skos:exactMatch`` where it
pairs one record with one, else ``skos:relatedMatch`` (never ``owl:sameAs``: decision 7). What is merely alike is proposed with a score.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from emkg.ids import mint
from emkg.linking.candidates import candidates
from emkg.linking.evidence import Link, links_by_evidence
from emkg.linking.profile import Profile, profiles
from emkg.rdf import Literal, NamedNode, Triple
from emkg.vocab import EM, PROV, RDF, RDFS, SKOS, XSD, curie

__all__ = ["link"]
_MOST_PAIRS = 9
"""Access points of two records are paired while there are at most so many pairs; beyond, which belongs to which cannot be told."""


def link(triples: Iterable[Triple]) -> list[Triple]:
    """The links among the datasets of a merged graph, as statements."""
    known = profiles(triples)
    found = links_by_evidence(known)
    proposed = candidates(known, {one.ends for one in found})
    return [triple for one in (*found, *proposed) for triple in _statements(one, known)]


def _statements(one: Link, known: dict[NamedNode, Profile]) -> Iterator[Triple]:
    first, second = sorted(one.ends, key=str)
    slug = "-".join(node.value.rsplit("/", 1)[1] for node in (first, second))
    node = mint("link", slug)
    yield Triple(node, RDF.type, EM.Link)
    yield Triple(node, RDFS.label, Literal(f"{known[first].title} and {known[second].title}", language="en"))
    yield Triple(node, EM.linkFrom, first)
    yield Triple(node, EM.linkTo, second)
    yield Triple(node, EM.linkRelation, one.relation)
    yield Triple(node, EM.status, EM.accepted if one.score is None else EM.proposed)
    for kind, value in sorted(one.evidence):
        yield Triple(node, EM.evidence, EM[kind])
        yield Triple(node, EM.evidenceValue, Literal(value))
    if one.score is not None:
        yield Triple(node, EM.score, Literal(f"{one.score:.2f}", datatype=XSD.decimal))
        return
    yield Triple(first, one.relation, second)
    yield Triple(second, one.relation, first)
    if one.relation == SKOS.exactMatch:
        yield from _alternates(known[first], known[second])


def _alternates(first: Profile, second: Profile) -> Iterator[Triple]:
    """The images of one record at two places, where their number lets us tell them apart (https://www.w3.org/TR/prov-o/#alternateOf)."""
    if len(first.images) * len(second.images) <= _MOST_PAIRS:
        for here in first.images:
            for there in second.images:
                yield Triple(here, PROV.alternateOf, there)
                yield Triple(there, PROV.alternateOf, here)


def told(one: Link) -> str:
    """A link in words, for reports.

    >>> from emkg.ids import mint
    >>> told(Link(frozenset((mint("dataset", "a"), mint("dataset", "b"))), SKOS.exactMatch, frozenset((("sharedDOI", "10.1/x"),))))
    'emr:dataset/a skos:exactMatch emr:dataset/b by sharedDOI 10.1/x'
    """
    first, second = sorted(map(curie, one.ends))
    return f"{first} {curie(one.relation)} {second} by " + ", ".join(" ".join(each) for each in sorted(one.evidence))
