"""The service description (https://www.w3.org/TR/sparql11-service-description/): what is true of this endpoint, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields

from emkg.config import Limits
from emkg.formats import RDF_FORMATS, RESULT_FORMATS
from emkg.rdf import Literal, NamedNode, RdfFormat, Triple
from emkg.vocab import DCTERMS, RDF, RDFS, SCHEMA, SD, XSD, iri

_RESULT_NAMES = {"json": "JSON", "xml": "XML", "csv": "CSV", "tsv": "TSV"}
# Functions of the query engine beyond SPARQL 1.1 §17: casts to more types, and predicates of GeoSPARQL 1.0 §8.
_CASTS = ("date", "time", "duration", "dayTimeDuration", "yearMonthDuration")
_GEO = "http://www.opengis.net/def/function/geosparql/"
_SPATIAL = ("Equals", "Disjoint", "Intersects", "Touches", "Crosses", "Within", "Contains", "Overlaps")
_SIMPLE = NamedNode("http://www.w3.org/ns/entailment/Simple")  # what follows is in the graph; queries infer nothing
_ANNOUNCED = ("seconds", "memory", "answer", "text", "depth", "workers", "queue", "wait", "client", "rate", "burst")


def description(endpoint: str, graphs: list[NamedNode], limits: Limits) -> list[Triple]:
    """The statements about an endpoint that holds those named graphs."""
    service = NamedNode(endpoint)
    return [
        Triple(service, RDF.type, SD.Service),
        Triple(service, SD.endpoint, service),
        Triple(service, RDFS.label, Literal("The SPARQL endpoint of emkg", language="en")),
        Triple(service, SD.supportedLanguage, SD.SPARQL11Query),
        Triple(service, SD.defaultEntailmentRegime, _SIMPLE),
        *(Triple(service, SD.resultFormat, form) for form in _formats()),
        *(Triple(service, SD.extensionFunction, function) for function in functions()),
        *(Triple(function, RDF.type, SD.Function) for function in functions()),
        *_dataset(endpoint, graphs),
        *_features(endpoint, limits),
    ]


def functions() -> Iterator[NamedNode]:
    """The functions that a query may call by IRI, beyond those of SPARQL 1.1."""
    yield from (XSD[cast] for cast in _CASTS)
    yield from (NamedNode(f"{_GEO}sf{name}") for name in _SPATIAL)


def _formats() -> Iterator[NamedNode]:
    yield from (NamedNode(form.rdf.iri) for form in RDF_FORMATS if isinstance(form.rdf, RdfFormat))
    yield from (iri(f"formats:SPARQL_Results_{_RESULT_NAMES[form.name]}") for form in RESULT_FORMATS)


def _dataset(endpoint: str, graphs: Iterable[NamedNode]) -> Iterator[Triple]:
    service, dataset, merged = (NamedNode(endpoint + part) for part in ("", "#dataset", "#default-graph"))
    yield Triple(service, SD.defaultDataset, dataset)
    yield Triple(dataset, RDF.type, SD.Dataset)
    yield Triple(dataset, SD.defaultGraph, merged)
    yield Triple(merged, RDF.type, SD.Graph)
    yield Triple(
        merged, DCTERMS.title, Literal("The graph current: what holds now, with what follows from it", language="en")
    )
    for number, graph in enumerate(graphs, 1):
        node = NamedNode(f"{endpoint}#graph-{number}")
        yield Triple(dataset, SD.namedGraph, node)
        yield Triple(node, RDF.type, SD.NamedGraph)
        yield Triple(node, SD.name, graph)


def _features(endpoint: str, limits: Limits) -> Iterator[Triple]:
    """Federation where it is allowed; and the limits, for which no vocabulary has a term, as features with a name and a value."""
    service = NamedNode(endpoint)
    if limits.service:
        yield Triple(service, SD.feature, SD.BasicFederatedQuery)
    for one in fields(limits):
        if one.name in _ANNOUNCED:
            node = NamedNode(f"{endpoint}#limit-{one.name}")
            yield Triple(service, SD.feature, node)
            yield Triple(node, RDF.type, SD.Feature)
            yield Triple(node, RDF.type, SCHEMA.PropertyValue)
            yield Triple(node, RDFS.label, Literal(one.metadata["about"], language="en"))
            yield Triple(node, SCHEMA.propertyID, Literal(one.metadata["variable"]))
            yield Triple(node, SCHEMA.maxValue, Literal(getattr(limits, one.name)))
    for prefix in limits.service:
        yield Triple(service, RDFS.comment, Literal(f"SERVICE may call {prefix}", language="en"))
