"""Records of emkg.model as quads: the only file where a field of a dataset meets a predicate; emkg/origin.py tells where they come from."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from emkg.ids import doi_iri, graph_iri, mint, slugify, well_known_graphs
from emkg.model import (
    AccessPoint,
    Count,
    Dataset,
    Named,
    Paper,
    Reading,
    Reconstruction,
    Relation,
    Statement,
    Triplet,
    Volume,
)
from emkg.origin import graph_statements, table_statements, version_statements
from emkg.rdf import Literal, NamedNode, Quad, Triple, in_graph
from emkg.skos import concept_of
from emkg.terms import Pairs, about, decimal, integer, term
from emkg.vocab import CITO, DCAT, DCTERMS, EM, FOAF, PROV, RDF, RDFS, XSD


def quads(reading: Reading) -> list[Quad]:
    """All that a source version says, each statement in its own named graph, and in ``meta`` what these graphs come from."""
    found: list[Quad] = []
    meta = [*version_statements(reading.version)]
    for table in reading.tables:
        meta += table_statements(reading.version, table)
    for statement in reading.statements:
        graph = graph_iri("src", *statement.graph)
        meta += graph_statements(reading.version, statement, graph)
        triples = [triple for part in _statement(statement) for triple in part]
        found += in_graph(triples, graph)
    return found + in_graph(meta, well_known_graphs()["meta"])


def paper_iri(paper: Paper) -> NamedNode:
    """A paper's IRI: its DOI where it has one, else one of ours."""
    return doi_iri(paper.doi) if paper.doi else mint("paper", paper.slug)


def _statement(statement: Statement) -> Iterator[list[Triple]]:
    for dataset in statement.datasets:
        yield from _dataset(dataset)
    for paper in statement.papers:
        yield about(paper_iri(paper), _paper(paper))
    for thing in (*statement.things, *statement.figures):
        if thing.kind == "technique":
            slug = "-".join(slugify(part) for part in (*statement.graph[1:2], *thing.part_of, thing.slug))
            yield about(mint("technique-entry", slug), _technique_entry(thing))
        else:
            yield about(mint(thing.kind, thing.slug), _named(thing))


def _dataset(dataset: Dataset) -> Iterator[list[Triple]]:
    yield about(mint("dataset", dataset.slug), _dataset_pairs(dataset))
    for volume in dataset.volumes:
        yield about(mint("volume", volume.slug), _volume(volume))
        if volume.sample:
            yield about(mint("sample", volume.sample.slug), _sample(volume))
        if volume.acquisition:
            yield about(mint("acquisition", volume.acquisition.slug), _acquisition(volume))
    for count in dataset.counts:
        yield about(mint("count", count.slug), _count(dataset, count))
    for point in dataset.access_points:
        yield about(mint("distribution", point.slug), _access_point(dataset, point))
    for paper in dataset.papers:
        yield about(paper_iri(paper), _paper(paper))
    for made in dataset.reconstructions:
        yield about(mint("reconstruction", made.slug), _reconstruction(made))
    yield [_relation(relation) for relation in dataset.relations]


def _dataset_pairs(dataset: Dataset) -> Pairs:
    yield RDF.type, EM.Dataset
    yield DCTERMS.title, Literal(dataset.title)
    yield RDFS.label, Literal(dataset.title, language="en")
    for title in dataset.alternative_titles:
        yield DCTERMS.alternative, Literal(title)
    for volume in dataset.volumes:
        yield EM.hasVolume, mint("volume", volume.slug)
    for count in dataset.counts:
        yield EM.hasCount, mint("count", count.slug)
    for point in dataset.access_points:
        yield DCAT.distribution, mint("distribution", point.slug)
    for paper in dataset.papers:
        yield CITO.isDocumentedBy, paper_iri(paper)


def _volume(volume: Volume) -> Pairs:
    yield RDF.type, EM.ImageVolume
    yield RDFS.label, Literal(volume.title, language="en")
    if volume.voxel:
        yield from _lengths(volume.voxel, "voxel", EM.statedVoxelSize)
    if volume.extent:
        yield from _lengths(volume.extent, "extent", EM.statedExtent)
        if volume.extent.kind:
            yield EM.extentKind, EM[volume.extent.kind]
    if volume.sample:
        yield EM.hasSample, mint("sample", volume.sample.slug)
    if volume.acquisition:
        yield EM.acquiredBy, mint("acquisition", volume.acquisition.slug)
    if volume.sub_volume_of:
        yield EM.isSubVolumeOf, mint("volume", volume.sub_volume_of)
    stated = {
        "statedSpecies": volume.stated_species,
        "statedRegion": volume.stated_region,
        "statedTechnique": volume.stated_technique,
    }
    for name, words in stated.items():
        if words:
            yield EM[name], Literal(words)
    for name, number in {
        "multiplicity": volume.multiplicity,
        "sectionCount": volume.section_count,
        "voxelCountReported": volume.voxel_count,
    }.items():
        if number is not None:
            yield EM[name], integer(number)
    for name, length in {"sectionThickness": volume.section_thickness, "totalVolume": volume.total_volume}.items():
        if length is not None:
            yield EM[name], decimal(length)


def _lengths(lengths: Triplet, stem: str, stated: NamedNode) -> Pairs:
    for axis in "xyz":
        length: Decimal | None = getattr(lengths, axis)
        if length is not None:
            yield EM[stem + axis.upper()], decimal(length)
    if lengths.as_stated:
        yield stated, Literal(lengths.as_stated)
    if lengths.approximate:
        yield EM.approximate, Literal("true", datatype=XSD.boolean)


def _sample(volume: Volume) -> Pairs:
    sample = volume.sample
    assert sample is not None
    yield RDF.type, EM.Sample
    yield RDFS.label, Literal(f"sample of {volume.title}", language="en")
    if sample.taxon:
        yield EM.taxon, term(sample.taxon)
    for region in sample.regions:
        yield EM.region, term(region)


def _acquisition(volume: Volume) -> Pairs:
    acquisition = volume.acquisition
    assert acquisition is not None
    yield RDF.type, EM.ImagingAcquisition
    yield RDFS.label, Literal(f"acquisition of {volume.title}", language="en")
    for technique in acquisition.techniques:
        yield RDF.type, term(technique)


def _count(dataset: Dataset, count: Count) -> Pairs:
    yield RDF.type, EM.CountAnnotation
    yield RDFS.label, Literal(f"{dataset.title}: {_counted(dataset, count)} count", language="en")
    yield EM.countOf, term(count.counted)
    yield EM.comparator, EM[count.comparator]
    yield EM.asStated, Literal(count.as_stated)
    for name, number in {"value": count.value, "minValue": count.minimum, "maxValue": count.maximum}.items():
        if number is not None:
            yield EM[name], integer(number)
    if count.role:
        yield EM.countRole, EM[count.role]
    if count.scope:
        yield EM.countScope, EM[count.scope]
    if count.sub_count_of:
        yield EM.subCountOf, mint("count", count.sub_count_of)
    if count.rounded:
        yield EM.precision, EM.rounded


def _counted(dataset: Dataset, count: Count) -> str:
    """What is counted, in words, without its number: another source may overrule the number, not the name."""
    return count.slug.removeprefix(f"{dataset.slug}-").replace("-", " ")


def _access_point(dataset: Dataset, point: AccessPoint) -> Pairs:
    yield RDF.type, EM.AccessPoint
    yield RDFS.label, Literal(f"{dataset.title}: {point.label or point.url}", language="en")
    yield DCAT.accessURL, NamedNode(point.url)
    if point.label:
        yield EM.asStated, Literal(point.label)
    if point.host:
        yield EM.host, mint("host", point.host)
    if point.role:
        yield EM.accessRole, EM[point.role]
    if point.conforms_to:
        yield DCTERMS.conformsTo, term(point.conforms_to)
    if point.byte_size is not None:
        yield DCAT.byteSize, integer(point.byte_size)


def _paper(paper: Paper) -> Pairs:
    yield RDF.type, EM.Paper
    for name in paper.classes:
        yield RDF.type, term(name)
    if paper.title:
        yield DCTERMS.title, Literal(paper.title)
        yield RDFS.label, Literal(paper.title, language="en")
    words: dict[str, str] = {
        "doi": paper.doi.lower(),
        "firstAuthor": paper.first_author,
        "authorsAsStated": paper.authors_as_stated,
    }
    for field, value in (words | {"servedVersion": paper.served_version}).items():
        if value:
            yield EM[field], Literal(value)
    if paper.year is not None:
        yield DCTERMS.issued, Literal(str(paper.year), datatype=XSD.gYear)
    if paper.url:
        yield DCAT.landingPage, NamedNode(paper.url)


def _reconstruction(made: Reconstruction) -> Pairs:
    yield RDF.type, EM.Reconstruction
    yield RDFS.label, Literal(made.title, language="en")
    yield PROV.wasDerivedFrom, mint(made.derived_from_kind, made.derived_from)
    if made.voxel:
        yield from _lengths(made.voxel, "voxel", EM.statedVoxelSize)
    if made.extent:
        yield from _lengths(made.extent, "extent", EM.statedExtent)


def _relation(relation: Relation) -> Triple:
    return Triple(
        mint(relation.subject_kind, relation.subject),
        term(relation.predicate),
        mint(relation.object_kind, relation.object),
    )


_CLASS_OF_KIND = {"resource": "RelatedResource", "figure": "Figure", "method": "Method"}


def _named(thing: Named) -> Pairs:
    yield RDFS.label, Literal(thing.name, language="en")
    if thing.kind in _CLASS_OF_KIND:
        yield RDF.type, EM[_CLASS_OF_KIND[thing.kind]]
    for name in thing.classes:
        yield RDF.type, term(name)
    if thing.kind == "agent":
        yield FOAF.name, Literal(thing.name)
    if thing.url:
        yield FOAF.page, NamedNode(thing.url)
    for part in thing.part_of:
        yield EM.asStated, Literal(part)
    if thing.paper:
        yield DCTERMS.isPartOf, paper_iri(thing.paper)


def _technique_entry(thing: Named) -> Pairs:
    yield RDF.type, EM.TechniqueEntry
    yield RDFS.label, Literal(thing.name, language="en")
    yield EM.asStated, Literal(thing.name)
    for family in thing.part_of:
        yield EM.statedFamily, Literal(family)
    for name in thing.classes:
        yield EM.entryFor, concept_of(term(name))
