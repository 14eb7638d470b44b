"""The catalogue of datasets as DCAT-AP 3.0.1 asks for it (https://semiceu.github.io/DCAT-AP/releases/3.0.1/): whatever
is pointed at is typed as the profile types it, so that the base shapes need nothing but this document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from emkg.describe import document_iri
from emkg.formats import RDF_FORMATS
from emkg.ids import mint, own_iri
from emkg.metadata import void
from emkg.metadata.summaries import Access, Summary, Thing
from emkg.metadata.words import description, free, keywords
from emkg.rdf import Literal, NamedNode, RdfFormat, Triple
from emkg.vocab import CITO, DCAT, DCTERMS, FOAF, OWL, PROV, RDF, RDFS, XSD, iri

AUTHORS = "emkg-authors"
# The EU's table of access rights, which the profile names (its §8.2).
PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"


def catalog_iri() -> NamedNode:
    """The catalogue."""
    return own_iri("catalog")


def catalog_triples(found: Iterable[Summary], version: str, modified: str) -> Iterator[Triple]:
    """The catalogue, its service, its own dumps, and every dataset; ``modified`` is an ISO date or empty."""
    listed = list(found)
    yield from _catalog(version, modified)
    yield from _service()
    yield from _own_dataset(version, modified)
    for summary in listed:
        yield Triple(catalog_iri(), DCAT.dataset, summary.node)
        yield from dataset_triples(summary)


def _catalog(version: str, modified: str) -> Iterator[Triple]:
    node = catalog_iri()
    yield Triple(node, RDF.type, DCAT.Catalog)
    yield from _titled(node, "Catalogue of volume electron microscopy datasets (emkg)")
    yield Triple(node, DCTERMS.description, Literal(void.ABOUT, language="en"))
    yield from _typed(node, DCTERMS.publisher, mint("agent", AUTHORS), FOAF.Agent)
    yield Triple(mint("agent", AUTHORS), FOAF.name, Literal("The emkg authors"))
    yield from _typed(node, FOAF.homepage, own_iri(""), FOAF.Document)
    yield from _typed(node, DCTERMS.license, iri("cc:by/4.0/"), DCTERMS.LicenseDocument)
    yield Triple(node, DCAT.service, own_iri("sparql"))
    yield Triple(node, DCAT.dataset, void.dataset_iri())
    yield Triple(node, OWL.versionInfo, Literal(version))
    yield from _dated(node, modified)


def _dated(node: NamedNode, modified: str) -> Iterator[Triple]:
    if modified:
        yield Triple(node, DCTERMS.modified, Literal(modified, datatype=XSD.date))


def _service() -> Iterator[Triple]:
    node = own_iri("sparql")
    yield Triple(node, RDF.type, DCAT.DataService)
    yield Triple(node, RDF.type, RDFS.Resource)  # as the profile types what an endpoint's address leads to
    yield from _titled(node, "SPARQL endpoint of emkg")
    yield Triple(node, DCAT.endpointURL, node)
    yield Triple(node, DCAT.endpointDescription, node)
    yield Triple(node, DCAT.servesDataset, void.dataset_iri())
    yield from _typed(node, DCTERMS.conformsTo, NamedNode("https://www.w3.org/TR/sparql11-protocol/"), DCTERMS.Standard)


def _own_dataset(version: str, modified: str) -> Iterator[Triple]:
    node = void.dataset_iri()
    yield Triple(node, RDF.type, DCAT.Dataset)
    yield from _titled(node, void.TITLE)
    yield Triple(node, DCTERMS.description, Literal(void.ABOUT, language="en"))
    yield Triple(node, DCTERMS.publisher, mint("agent", AUTHORS))
    yield Triple(node, OWL.versionInfo, Literal(version))
    yield from _dated(node, modified)
    for form in RDF_FORMATS:
        assert isinstance(form.rdf, RdfFormat)
        dump = own_iri(f"dump/emkg.{form.suffix}")
        yield Triple(node, DCAT.distribution, dump)
        yield Triple(dump, RDF.type, DCAT.Distribution)
        yield from _titled(dump, f"The whole graph as {form.label}")
        yield Triple(dump, DCAT.accessURL, own_iri("dump/"))
        yield Triple(dump, DCAT.downloadURL, dump)
        yield from _typed(dump, DCTERMS.license, iri("cc:by/4.0/"), DCTERMS.LicenseDocument)
        yield from _typed(dump, DCTERMS["format"], NamedNode(form.rdf.iri), DCTERMS.MediaTypeOrExtent)


def dataset_triples(summary: Summary) -> Iterator[Triple]:
    """The record of one dataset."""
    node = summary.node
    yield Triple(node, RDF.type, DCAT.Dataset)
    yield Triple(node, DCTERMS.title, Literal(summary.title, language="en"))
    yield Triple(node, DCTERMS.description, Literal(description(summary), language="en"))
    yield Triple(node, DCTERMS.identifier, Literal(node.value))
    yield from _typed(node, DCAT.landingPage, document_iri(node), FOAF.Document)
    for word in keywords(summary):
        yield Triple(node, DCAT.keyword, Literal(word, language="en"))
    for agent in summary.makers:
        yield from _typed(node, DCTERMS.creator, agent.node, FOAF.Agent)
        yield Triple(agent.node, FOAF.name, Literal(agent.label))
    for paper in summary.papers:
        yield Triple(node, CITO.isDocumentedBy, paper.node)
        yield from _typed(node, FOAF.page, paper.node, FOAF.Document)
        yield from _named(paper)
    for licence in summary.licences:
        yield from _typed(node, DCTERMS.license, licence.node, DCTERMS.LicenseDocument)
    if free(summary):
        yield from _typed(node, DCTERMS.accessRights, NamedNode(PUBLIC), DCTERMS.RightsStatement)
    for host in summary.hosts[:1]:  # one publisher is the profile's rule; who keeps the data publishes them
        yield from _typed(node, DCTERMS.publisher, host.node, FOAF.Agent)
        yield Triple(host.node, FOAF.name, Literal(host.label))
    for source in summary.sources:
        yield Triple(node, PROV.wasDerivedFrom, source.node)
        yield from _named(source)
    if summary.issued:
        kind = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}.get(len(summary.issued), XSD.dateTime)
        yield Triple(node, DCTERMS.issued, Literal(summary.issued, datatype=kind))
    if summary.replaced_by:
        yield Triple(node, DCTERMS.isReplacedBy, summary.replaced_by)
    for point in summary.access:
        yield Triple(node, DCAT.distribution, point.node)
        yield from _distribution(summary, point)


def _distribution(summary: Summary, point: Access) -> Iterator[Triple]:
    node = point.node
    yield Triple(node, RDF.type, DCAT.Distribution)
    yield from _titled(node, point.label)
    yield Triple(node, DCAT.accessURL, point.url)
    yield Triple(point.url, RDF.type, RDFS.Resource)
    # One licence at most is the profile's rule: several are several statements, which the dataset keeps.
    for licence in (point.licences or summary.licences)[:1]:
        yield from _typed(node, DCTERMS.license, licence.node, DCTERMS.LicenseDocument)
    for form in point.forms:
        yield from _typed(node, DCTERMS.conformsTo, form.node, DCTERMS.Standard)
        yield from _named(form)
    if point.bytes is not None:
        yield Triple(node, DCAT.byteSize, Literal(str(point.bytes), datatype=XSD.nonNegativeInteger))


def _typed(subject: NamedNode, property_: NamedNode, object_: NamedNode, class_: NamedNode) -> Iterator[Triple]:
    yield Triple(subject, property_, object_)
    yield Triple(object_, RDF.type, class_)


def _titled(node: NamedNode, title: str) -> Iterator[Triple]:
    yield Triple(node, DCTERMS.title, Literal(title, language="en"))


def _named(thing: Thing) -> Iterator[Triple]:
    yield Triple(thing.node, RDFS.label, Literal(thing.label))
