"""Each dataset in short: what a list, a facet, a catalogue record and a search engine need of it, read from the graph
by a handful of queries whatever the number of datasets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from emkg.graph import Graph
from emkg.rdf import Literal, NamedNode, Term
from emkg.vocab import CITO, DCAT, DCTERMS, EM, SKOS

T = TypeVar("T")
Label = Callable[[NamedNode], str]
Lengths = tuple[Literal | None, Literal | None, Literal | None]
"""Along x, y and z; None where nobody says."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing and what people call it; ``short`` is a technique's notation (ATUM-mSEM) or a species' common name,
    ``others`` are its other names.
    """

    node: NamedNode
    label: str
    short: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Access:
    """One address of a dataset: what is found there, on which site, under which licence, in which form, how many bytes."""

    node: NamedNode
    label: str
    url: NamedNode
    host: Thing | None
    role: Thing | None
    licences: tuple[Thing, ...]
    forms: tuple[Thing, ...]
    bytes: int | None


@dataclass(frozen=True, slots=True)
class Summary:
    """One dataset. Voxels are in nm, extents in µm, one entry for each volume that has any; ``issued`` is the
    date of its publication where a source states one, ``year`` else that of its first paper, ``modified`` the ISO date
    of the newest source version that speaks of it. ``people`` are those of the creators who are persons. ``techniques`` are the
    narrowest known; ``all_techniques`` and ``all_regions`` are these and all broader ones.
    """

    node: NamedNode
    title: str
    other_names: tuple[str, ...]
    description: str
    species: tuple[Thing, ...]
    regions: tuple[Thing, ...]
    all_regions: tuple[Thing, ...]
    techniques: tuple[Thing, ...]
    all_techniques: tuple[Thing, ...]
    voxels: tuple[Lengths, ...]
    extents: tuple[Lengths, ...]
    licences: tuple[Thing, ...]
    licence_unknown: bool
    access: tuple[Access, ...]
    papers: tuple[Thing, ...]
    creators: tuple[Thing, ...]
    people: frozenset[NamedNode]
    institutions: tuple[Thing, ...]
    sources: tuple[Thing, ...]
    doi: str
    bytes: int | None
    issued: str
    year: str
    modified: str
    replaced_by: NamedNode | None

    @property
    def slug(self) -> str:
        """The last part of the IRI."""
        return self.node.value.rsplit("/", 1)[1]

    @property
    def makers(self) -> tuple[Thing, ...]:
        """Those who are named as its creators; where nobody is, the institutions in which it was recorded."""
        return self.creators or self.institutions

    @property
    def hosts(self) -> tuple[Thing, ...]:
        """The sites that serve it, each once."""
        return tuple({point.host.node: point.host for point in self.access if point.host}.values())


Facts = Mapping[NamedNode, Mapping[NamedNode, list[Term]]]


def summaries(graph: Graph, label: Label) -> tuple[Summary, ...]:
    """All datasets, by title; ``label`` says what people call a thing."""
    reader = _Reader(graph, label)
    found = (reader.summary(node) for node in reader.datasets)
    return tuple(sorted(found, key=lambda one: (one.title.casefold(), one.node.value)))


class _Reader:
    """The answers of the queries, grouped by subject."""

    def __init__(self, graph: Graph, label: Label) -> None:
        self._label = label
        self._made: dict[NamedNode, Thing] = {}
        self.datasets = _about(graph, "?s a emkg:Dataset", _OF_DATASETS)
        self._volumes = _about(graph, "?d a emkg:Dataset ; emkg:hasImages ?s", _OF_VOLUMES)
        self._points = _about(graph, "?d a emkg:Dataset ; dcat:distribution ?s", _OF_POINTS)
        self._papers = _about(graph, "?d a emkg:Dataset ; cito:isDocumentedBy ?s", _OF_PAPERS)
        self._broader = _pairs(graph, "SELECT ?n ?b WHERE { ?n skos:broader+ ?b FILTER(?n != ?b) }")
        self._wider = _pairs(graph, "SELECT ?r ?w WHERE { ?r emkg:withinRegion+ ?w }")
        self._shorts = _texts_of(
            graph, "SELECT ?n ?t WHERE { ?n skos:inScheme emkg:techniqueScheme ; skos:notation ?t }"
        )
        self._shorts |= _texts_of(graph, "SELECT ?n ?t WHERE { ?n emkg:commonName ?t }")
        self._others = _pairs(graph, "SELECT ?n ?t WHERE { ?n skos:inScheme ?any ; skos:altLabel|skos:hiddenLabel ?t }")
        self._people = _pairs(graph, "SELECT ?d ?p WHERE { ?d a emkg:Dataset ; dcterms:creator ?p . ?p a foaf:Person }")
        said = "?graph emkg:inVersion ?version GRAPH ?graph { ?d a emkg:Dataset } ?version"
        self._sources = _pairs(graph, f"SELECT DISTINCT ?d ?source WHERE {{ {said} prov:specializationOf ?source }}")
        self._dates = _pairs(graph, f"SELECT DISTINCT ?d ?date WHERE {{ {said} dcterms:issued|emkg:retrieved ?date }}")

    def summary(self, node: NamedNode) -> Summary:
        """One dataset."""
        facts = self.datasets[node]
        volumes = [self._volumes[one] for one in _nodes(facts, EM.hasImages) if one in self._volumes]
        # What is common to all volumes the graph states of the dataset too; what is not stands at the volumes alone.
        both = [facts, *volumes]
        techniques = _distinct(one for some in both for one in _nodes(some, EM.technique))
        regions = _distinct(one for some in both for one in _nodes(some, EM.region))
        access = [
            self._access(one, self._points[one]) for one in _nodes(facts, DCAT.distribution) if one in self._points
        ]
        licences = self._things([*_nodes(facts, DCTERMS.license), *(t.node for p in access if p for t in p.licences)])
        papers = _nodes(facts, CITO.isDocumentedBy)
        return Summary(
            node=node,
            title=self._label(node),
            other_names=_distinct(_texts(facts, DCTERMS.alternative, SKOS.altLabel)),
            description=" ".join(_texts(facts, DCTERMS.description)[:1]),
            species=self._things(one for some in both for one in _nodes(some, EM.taxon)),
            regions=self._things(regions),
            all_regions=self._things(
                [*regions, *(one for region in regions for one in _named(self._wider.get(region, [])))]
            ),
            techniques=self._things(self._narrowest(techniques)),
            all_techniques=self._things(techniques),
            voxels=_distinct(lengths for one in volumes if any(lengths := _lengths(one, "voxel"))),
            extents=_distinct(lengths for one in volumes if any(lengths := _lengths(one, "extent"))),
            licences=licences,
            licence_unknown=EM.licenceUnknown in facts.get(EM.licenceStatus, []) and not licences,
            access=tuple(point for point in access if point),
            papers=self._things(papers),
            creators=self._things(_nodes(facts, DCTERMS.creator)),
            people=frozenset(_named(self._people.get(node, []))),
            institutions=self._things(_nodes(facts, EM.institution)),
            sources=self._things(_named(self._sources.get(node, []))),
            doi=" ".join(_texts(facts, EM.doi)[:1]),
            bytes=_integer(facts, EM.bytesReported),
            issued=min(_texts(facts, DCTERMS.issued), default=""),
            year=self._year(facts, papers),
            modified=max(
                (term.value[:10] for term in self._dates.get(node, []) if isinstance(term, Literal)), default=""
            ),
            replaced_by=next(iter(_nodes(facts, DCTERMS.isReplacedBy)), None),
        )

    def _access(self, node: NamedNode, facts: Mapping[NamedNode, list[Term]]) -> Access | None:
        url = next(iter(_nodes(facts, DCAT.accessURL)), None)
        if url is None:
            return None
        return Access(
            node=node,
            label=self._label(node),
            url=url,
            host=next(iter(self._things(_nodes(facts, EM.host))), None),
            role=next(iter(self._things(_nodes(facts, EM.accessRole))), None),
            licences=self._things(_nodes(facts, DCTERMS.license)),
            forms=self._things([*_nodes(facts, DCTERMS.conformsTo), *_nodes(facts, DCTERMS["format"])]),
            bytes=_integer(facts, DCAT.byteSize),
        )

    def _things(self, nodes: Iterable[NamedNode]) -> tuple[Thing, ...]:
        return tuple(self._thing(node) for node in _distinct(nodes))

    def _thing(self, node: NamedNode) -> Thing:
        if node not in self._made:
            others = (term.value for term in self._others.get(node, []) if isinstance(term, Literal))
            self._made[node] = Thing(node, self._label(node), self._shorts.get(node, ""), tuple(others))
        return self._made[node]

    def _narrowest(self, concepts: Iterable[NamedNode]) -> list[NamedNode]:
        """Those with no narrower one among them; the root, which says nothing, only where nothing else is known."""
        given = list(concepts)
        narrow = [one for one in given if not any(one in self._broader.get(other, ()) for other in given)]
        return [one for one in narrow if one in self._broader]

    def _year(self, facts: Mapping[NamedNode, list[Term]], papers: Iterable[NamedNode]) -> str:
        own = _texts(facts, DCTERMS.issued)
        told = own or [
            text
            for one in papers
            if one in self._papers
            for text in _texts(self._papers[one], DCTERMS.issued, EM.issuedOnline)
        ]
        return min((text[:4] for text in told), default="")


_OF_DATASETS = (
    "rdf:type emkg:hasImages dcat:distribution cito:isDocumentedBy dcterms:license emkg:licenceStatus emkg:taxon emkg:region "
    "emkg:technique dcterms:alternative skos:altLabel dcterms:description dcterms:creator emkg:institution emkg:doi "
    "emkg:bytesReported dcterms:issued dcterms:isReplacedBy"
)
_OF_VOLUMES = (
    "emkg:taxon emkg:region emkg:technique emkg:voxelX emkg:voxelY emkg:voxelZ emkg:extentX emkg:extentY emkg:extentZ"
)
_OF_POINTS = "dcat:accessURL emkg:host emkg:accessRole dcterms:license dcterms:conformsTo dcterms:format dcat:byteSize"
_OF_PAPERS = "dcterms:issued emkg:issuedOnline"


def _about(graph: Graph, pattern: str, properties: str) -> Facts:
    """Subject → property → values, subjects and values in the order of their IRIs."""
    found: dict[NamedNode, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
    named = f"VALUES ?p {{ {properties} }}"
    rows = graph.select(f"SELECT ?s ?p ?o WHERE {{ {{ SELECT DISTINCT ?s WHERE {{ {pattern} }} }} {named} ?s ?p ?o }}")
    for subject, predicate, object_ in sorted(rows, key=lambda row: (str(row[0]), str(row[2]))):
        if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and object_ is not None:
            found[subject][predicate].append(object_)
    return {subject: dict(facts) for subject, facts in found.items()}


def _pairs(graph: Graph, query: str) -> dict[NamedNode, list[Term]]:
    found: dict[NamedNode, list[Term]] = defaultdict(list)
    for key, term in sorted(graph.select(query), key=str):
        if isinstance(key, NamedNode) and term is not None:
            found[key].append(term)
    return dict(found)


def _texts_of(graph: Graph, query: str) -> dict[NamedNode, str]:
    return {
        node: term.value
        for node, terms in _pairs(graph, query).items()
        for term in terms[:1]
        if isinstance(term, Literal)
    }


def _named(terms: Iterable[Term]) -> list[NamedNode]:
    return [term for term in terms if isinstance(term, NamedNode)]


def _distinct(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))


def _nodes(facts: Mapping[NamedNode, list[Term]], property_: NamedNode) -> list[NamedNode]:
    return _named(facts.get(property_, []))


def _texts(facts: Mapping[NamedNode, list[Term]], *properties: NamedNode) -> list[str]:
    return [term.value for one in properties for term in facts.get(one, []) if isinstance(term, Literal)]


def _integer(facts: Mapping[NamedNode, list[Term]], property_: NamedNode) -> int | None:
    return next((int(text) for text in _texts(facts, property_) if text.isdecimal()), None)


def _lengths(facts: Mapping[NamedNode, list[Term]], stem: str) -> Lengths:
    x, y, z = (
        next((term for term in facts.get(EM[stem + axis], []) if isinstance(term, Literal)), None) for axis in "XYZ"
    )
    return x, y, z
