"""The service description (https://www.w3.org/TR/sparql11-service-description/): what is true of this endpoint, and no more."""

from __future__ import annotations

from emkg.formats import RDF_FORMATS, RESULT_FORMATS
from emkg.rdf import NamedNode, RdfFormat, Triple
from emkg.vocab import RDF, SD, iri

_RESULT_NAMES = {"json": "JSON", "xml": "XML", "csv": "CSV", "tsv": "TSV"}


def description(endpoint: str, graphs: list[NamedNode]) -> list[Triple]:
    """The service description (https://www.w3.org/TR/sparql11-service-description/): what is true of this endpoint,
    and no more.
    """
    service, dataset, merged = (NamedNode(endpoint + part) for part in ("", "#dataset", "#default-graph"))
    formats = [form.rdf.iri for form in RDF_FORMATS if isinstance(form.rdf, RdfFormat)]
    formats += [iri(f"formats:SPARQL_Results_{_RESULT_NAMES[form.name]}").value for form in RESULT_FORMATS]
    found = [
        Triple(service, RDF.type, SD.Service),
        Triple(service, SD.endpoint, service),
        Triple(service, SD.supportedLanguage, SD.SPARQL11Query),
        Triple(service, SD.defaultDataset, dataset),
        Triple(dataset, RDF.type, SD.Dataset),
        Triple(dataset, SD.defaultGraph, merged),
        Triple(merged, RDF.type, SD.Graph),
    ]
    found += [Triple(service, SD.resultFormat, NamedNode(form)) for form in formats]
    for number, graph in enumerate(graphs, 1):
        node = NamedNode(f"{endpoint}#graph-{number}")
        found += [
            Triple(dataset, SD.namedGraph, node),
            Triple(node, RDF.type, SD.NamedGraph),
            Triple(node, SD.name, graph),
        ]
    return found
