"""A dataset of the graph as typed values again: the way back from quads to emkg.model."""

from __future__ import annotations

from decimal import Decimal

from emkg.model import AccessPoint, Acquisition, Count, Curie, Dataset, Paper, Sample, Triplet, Volume
from emkg.rdf import Literal, NamedNode, Term
from emkg.resolve import Queryable
from emkg.vocab import CITO, DCAT, DCTERMS, EM, RDF, RDFS, curie

_Facts = dict[str, list[Term]]


def read_dataset(graph: Queryable, node: NamedNode) -> Dataset | None:
    """The dataset that the IRI names, its parts in the order of their IRIs; None if there is none."""
    facts = _facts(graph, node)
    if EM.Dataset not in facts.get(RDF.type.value, []):
        return None
    return Dataset(
        slug=_slug(node),
        title=_text(facts, DCTERMS.title),
        alternative_titles=tuple(term.value for term in _all(facts, DCTERMS.alternative)),
        volumes=tuple(_volume(graph, one) for one in _nodes(facts, EM.hasVolume)),
        counts=tuple(_count(graph, one) for one in _nodes(facts, EM.hasCount)),
        access_points=tuple(_access_point(graph, one) for one in _nodes(facts, DCAT.distribution)),
        papers=tuple(_paper(graph, one) for one in _nodes(facts, CITO.isDocumentedBy)),
    )


def _volume(graph: Queryable, node: NamedNode) -> Volume:
    facts = _facts(graph, node)
    sample, acquisition, whole = (_node(facts, term) for term in (EM.hasSample, EM.acquiredBy, EM.isSubVolumeOf))
    return Volume(
        slug=_slug(node),
        title=_text(facts, DCTERMS.title) or _text(facts, RDFS.label),
        voxel=_triplet(facts, "voxel", EM.statedVoxelSize),
        extent=_triplet(facts, "extent", EM.statedExtent),
        sample=_sample(graph, sample) if sample else None,
        acquisition=_acquisition(graph, acquisition) if acquisition else None,
        sub_volume_of=_slug(whole) if whole else None,
        stated_species=_text(facts, EM.statedSpecies),
        stated_region=_text(facts, EM.statedRegion),
        stated_technique=_text(facts, EM.statedTechnique),
        multiplicity=_integer(facts, EM.multiplicity),
        section_count=_integer(facts, EM.sectionCount),
        section_thickness=_decimal(facts, EM.sectionThickness),
        total_volume=_decimal(facts, EM.totalVolume),
        voxel_count=_integer(facts, EM.voxelCountReported),
    )


def _triplet(facts: _Facts, stem: str, stated: NamedNode) -> Triplet | None:
    x, y, z = (_decimal(facts, EM[stem + axis]) for axis in "XYZ")
    words = _text(facts, stated)
    if x is y is z is None and not words:
        return None
    if stem == "voxel":
        return Triplet(x, y, z, words)
    kind = _node(facts, EM.extentKind)
    return Triplet(x, y, z, words, _text(facts, EM.approximate) == "true", _slug(kind) if kind else "")


def _sample(graph: Queryable, node: NamedNode) -> Sample:
    facts = _facts(graph, node)
    taxon = _node(facts, EM.taxon)
    return Sample(_slug(node), _name(taxon) if taxon else None, tuple(_name(one) for one in _nodes(facts, EM.region)))


def _acquisition(graph: Queryable, node: NamedNode) -> Acquisition:
    """With every technique class that is asserted or inferred of it, the root ImagingAcquisition aside."""
    space = EM.ImagingAcquisition.value.removesuffix("ImagingAcquisition")
    types = [
        one
        for one in _nodes(_facts(graph, node), RDF.type)
        if one.value.startswith(space) and one != EM.ImagingAcquisition
    ]
    return Acquisition(_slug(node), tuple(_name(one) for one in types))


def _count(graph: Queryable, node: NamedNode) -> Count:
    facts = _facts(graph, node)
    counted, comparator, role = (_node(facts, term) for term in (EM.countOf, EM.comparator, EM.countRole))
    scope, whole = _node(facts, EM.countScope), _node(facts, EM.subCountOf)
    return Count(
        slug=_slug(node),
        counted=_name(counted) if counted else Curie(""),
        as_stated=_text(facts, EM.asStated),
        value=_integer(facts, EM.value),
        minimum=_integer(facts, EM.minValue),
        maximum=_integer(facts, EM.maxValue),
        comparator=_slug(comparator) if comparator else "exactly",
        role=_slug(role) if role else "",
        scope=_slug(scope) if scope else "",
        sub_count_of=_slug(whole) if whole else None,
        rounded=_node(facts, EM.precision) == EM.rounded,
    )


def _access_point(graph: Queryable, node: NamedNode) -> AccessPoint:
    facts = _facts(graph, node)
    url, host, role, form = (
        _node(facts, term) for term in (DCAT.accessURL, EM.host, EM.accessRole, DCTERMS.conformsTo)
    )
    return AccessPoint(
        slug=_slug(node),
        url=url.value if url else "",
        label=_text(facts, EM.asStated),
        host=_slug(host) if host else None,
        role=_slug(role) if role else None,
        conforms_to=_name(form) if form else None,
    )


def _paper(graph: Queryable, node: NamedNode) -> Paper:
    facts = _facts(graph, node)
    page = _node(facts, DCAT.landingPage)
    return Paper(
        slug=_slug(node),
        title=_text(facts, DCTERMS.title),
        doi=_text(facts, EM.doi),
        url=page.value if page else "",
        first_author=_text(facts, EM.firstAuthor),
        authors_as_stated=_text(facts, EM.authorsAsStated),
        year=_integer(facts, DCTERMS.issued),
        served_version=_text(facts, EM.servedVersion),
        classes=tuple(_name(one) for one in _nodes(facts, RDF.type)),
    )


def _facts(graph: Queryable, node: NamedNode) -> _Facts:
    found: _Facts = {}
    for predicate, value in graph.select(f"SELECT ?p ?o WHERE {{ {node} ?p ?o }}"):
        if predicate is not None and value is not None:
            found.setdefault(predicate.value, []).append(value)
    return {key: sorted(values, key=_in_order) for key, values in found.items()}


def _in_order(term: Term) -> tuple[str, str]:
    return term.value, str(term)


def _all(facts: _Facts, predicate: NamedNode) -> list[Term]:
    return facts.get(predicate.value, [])


def _nodes(facts: _Facts, predicate: NamedNode) -> list[NamedNode]:
    return [term for term in _all(facts, predicate) if isinstance(term, NamedNode)]


def _node(facts: _Facts, predicate: NamedNode) -> NamedNode | None:
    return next(iter(_nodes(facts, predicate)), None)


def _text(facts: _Facts, predicate: NamedNode) -> str:
    return next((term.value for term in _all(facts, predicate) if isinstance(term, Literal)), "")


def _decimal(facts: _Facts, predicate: NamedNode) -> Decimal | None:
    text = _text(facts, predicate)
    return Decimal(text) if text else None


def _integer(facts: _Facts, predicate: NamedNode) -> int | None:
    text = _text(facts, predicate)
    return int(text) if text else None


def _slug(node: NamedNode) -> str:
    return node.value.replace("#", "/").rstrip("/").rsplit("/", 1)[1]


def _name(node: NamedNode) -> Curie:
    return Curie(curie(node))
