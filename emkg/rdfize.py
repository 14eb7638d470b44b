"""Values of emkg.model as quads: the only file where a field meets a predicate."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from emkg.ids import doi_iri, graph_iri, mint, slugify, well_known_graphs
from emkg.model import (
    AccessPoint,
    Cell,
    Count,
    Dataset,
    Named,
    Paper,
    Reading,
    Reconstruction,
    Relation,
    SourceTable,
    SourceVersion,
    Statement,
    Triplet,
    Volume,
)
from emkg.rdf import Literal, NamedNode, Quad, Term, Triple, in_graph
from emkg.skos import concept_of
from emkg.vocab import CITO, DCAT, DCTERMS, EM, FOAF, PROV, RDF, RDFS, XSD, curie, iri, prefixes

_Pairs = Iterator[tuple[NamedNode, Term]]


def quads(reading: Reading) -> list[Quad]:
    """All that a source version says, each statement in its own named graph, and in ``meta`` what these graphs come from."""
    found: list[Quad] = []
    meta = [*_version(reading.version)]
    for table in reading.tables:
        meta += _table(reading.version, table)
    for statement in reading.statements:
        graph = graph_iri("src", *statement.graph)
        meta += _graph_origin(reading.version, statement, graph)
        triples = [triple for part in _statement(statement) for triple in part]
        found += in_graph(triples, graph)
    return found + in_graph(meta, well_known_graphs()["meta"])


def term(name: str) -> NamedNode:
    """The IRI of a CURIE in a record; a full IRI passes as it is.

    >>> term("UBERON:0002436") == term(term("UBERON:0002436").value)
    True
    """
    return iri(name) if name.partition(":")[0] in prefixes() else NamedNode(name)


def decimal(number: Decimal) -> Literal:
    """A decimal literal."""
    return Literal(format(number, "f"), datatype=XSD.decimal)


def integer(number: int) -> Literal:
    """An integer literal."""
    return Literal(str(number), datatype=XSD.integer)


def paper_iri(paper: Paper) -> NamedNode:
    """A paper's IRI: its DOI where it has one, else one of ours."""
    return doi_iri(paper.doi) if paper.doi else mint("paper", paper.slug)


def _about(subject: NamedNode, pairs: _Pairs) -> list[Triple]:
    return [Triple(subject, predicate, object_) for predicate, object_ in pairs]


def _statement(statement: Statement) -> Iterator[list[Triple]]:
    for dataset in statement.datasets:
        yield from _dataset(dataset)
    for paper in statement.papers:
        yield _about(paper_iri(paper), _paper(paper))
    for thing in (*statement.things, *statement.figures):
        if thing.kind == "technique":
            slug = "-".join(slugify(part) for part in (*statement.graph[1:2], *thing.part_of, thing.slug))
            yield _about(mint("technique-entry", slug), _technique_entry(thing))
        else:
            yield _about(mint(thing.kind, thing.slug), _named(thing))


def _dataset(dataset: Dataset) -> Iterator[list[Triple]]:
    yield _about(mint("dataset", dataset.slug), _dataset_pairs(dataset))
    for volume in dataset.volumes:
        yield _about(mint("volume", volume.slug), _volume(volume))
        if volume.sample:
            yield _about(mint("sample", volume.sample.slug), _sample(volume))
        if volume.acquisition:
            yield _about(mint("acquisition", volume.acquisition.slug), _acquisition(volume))
    for count in dataset.counts:
        yield _about(mint("count", count.slug), _count(dataset, count))
    for point in dataset.access_points:
        yield _about(mint("distribution", point.slug), _access_point(dataset, point))
    for paper in dataset.papers:
        yield _about(paper_iri(paper), _paper(paper))
    for made in dataset.reconstructions:
        yield _about(mint("reconstruction", made.slug), _reconstruction(made))
    yield [_relation(relation) for relation in dataset.relations]


def _dataset_pairs(dataset: Dataset) -> _Pairs:
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


def _volume(volume: Volume) -> _Pairs:
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


def _lengths(lengths: Triplet, stem: str, stated: NamedNode) -> _Pairs:
    for axis in "xyz":
        length: Decimal | None = getattr(lengths, axis)
        if length is not None:
            yield EM[stem + axis.upper()], decimal(length)
    if lengths.as_stated:
        yield stated, Literal(lengths.as_stated)
    if lengths.approximate:
        yield EM.approximate, Literal("true", datatype=XSD.boolean)


def _sample(volume: Volume) -> _Pairs:
    sample = volume.sample
    assert sample is not None
    yield RDF.type, EM.Sample
    yield RDFS.label, Literal(f"sample of {volume.title}", language="en")
    if sample.taxon:
        yield EM.taxon, term(sample.taxon)
    for region in sample.regions:
        yield EM.region, term(region)


def _acquisition(volume: Volume) -> _Pairs:
    acquisition = volume.acquisition
    assert acquisition is not None
    yield RDF.type, EM.ImagingAcquisition
    yield RDFS.label, Literal(f"acquisition of {volume.title}", language="en")
    for technique in acquisition.techniques:
        yield RDF.type, term(technique)


def _count(dataset: Dataset, count: Count) -> _Pairs:
    yield RDF.type, EM.CountAnnotation
    yield RDFS.label, Literal(f"{count.as_stated} ({dataset.title})", language="en")
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


def _access_point(dataset: Dataset, point: AccessPoint) -> _Pairs:
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


def _paper(paper: Paper) -> _Pairs:
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


def _reconstruction(made: Reconstruction) -> _Pairs:
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


def _named(thing: Named) -> _Pairs:
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


def _technique_entry(thing: Named) -> _Pairs:
    yield RDF.type, EM.TechniqueEntry
    yield RDFS.label, Literal(thing.name, language="en")
    yield EM.asStated, Literal(thing.name)
    for family in thing.part_of:
        yield EM.statedFamily, Literal(family)
    for name in thing.classes:
        yield EM.entryFor, concept_of(term(name))


def version_iri(version: SourceVersion) -> NamedNode:
    """The IRI of a source version."""
    return mint("source-version", version.slug)


def _version(version: SourceVersion) -> Iterator[Triple]:
    document = mint("source", version.document)
    yield from _about(document, _document(version))
    yield from _about(version_iri(version), _version_pairs(version))
    for file in version.files:
        node = mint("source-file", f"{version.slug}-{file.path.lower().replace('/', '-').replace('.', '-')}")
        yield Triple(version_iri(version), EM.hasFile, node)
        yield Triple(node, RDF.type, EM.SourceFile)
        yield Triple(node, RDFS.label, Literal(f"{file.path} at {version.commit[:7]}", language="en"))
        for name, value in {"sourcePath": file.path, "blob": file.blob, "sha256": file.sha256}.items():
            yield Triple(node, EM[name], Literal(value))


def _document(version: SourceVersion) -> _Pairs:
    yield RDF.type, EM.SourceDocument
    yield RDFS.label, Literal(version.title, language="en")
    yield DCTERMS.title, Literal(version.title)
    if version.homepage:
        yield FOAF.page, NamedNode(version.homepage)
    if version.licence:
        yield DCTERMS.license, term(version.licence)


def _version_pairs(version: SourceVersion) -> _Pairs:
    yield RDF.type, EM.SourceVersion
    yield RDFS.label, Literal(f"{version.title}, {version.date or 'undated'} ({version.commit[:7]})", language="en")
    yield PROV.specializationOf, mint("source", version.document)
    if version.licence:
        yield DCTERMS.license, term(version.licence)
    yield EM.commit, Literal(version.commit)
    if version.date:
        yield DCTERMS.issued, Literal(version.date, datatype=XSD.date)


def _table(version: SourceVersion, table: SourceTable) -> Iterator[Triple]:
    slug = f"{version.slug}-{table.slug}"
    node = mint("source-table", slug)
    yield Triple(node, RDF.type, EM.SourceTable)
    yield Triple(node, RDFS.label, Literal(f"table {table.slug} at {version.commit[:7]}", language="en"))
    yield Triple(node, EM.inVersion, version_iri(version))
    yield Triple(node, EM.sourcePath, Literal(table.path))
    yield Triple(node, EM.line, integer(table.line))
    if table.section:
        yield Triple(node, EM.sectionName, Literal(table.section))
    yield from _cells(node, f"{slug}-00", table.heads)
    for row in table.rows:
        row_slug = f"{slug}-{row.index:02d}"
        row_node = mint("source-row", row_slug)
        yield Triple(node, EM.hasRow, row_node)
        yield Triple(row_node, RDF.type, EM.SourceRow)
        yield Triple(
            row_node, RDFS.label, Literal(f"row {row.index} of {table.slug} at {version.commit[:7]}", language="en")
        )
        yield Triple(row_node, EM.inTable, node)
        yield Triple(row_node, EM.inVersion, version_iri(version))
        yield Triple(row_node, EM.rowIndex, integer(row.index))
        yield Triple(row_node, EM.line, integer(row.line))
        yield from _cells(row_node, row_slug, row.cells)


def _cells(owner: NamedNode, slug: str, cells: tuple[Cell, ...]) -> Iterator[Triple]:
    for cell in cells:
        node = mint("source-cell", f"{slug}-{cell.column_index:02d}")
        yield Triple(owner, EM.hasCell, node)
        yield Triple(node, RDF.type, EM.SourceCell)
        for name, words in {"columnLabel": cell.column_label, "verbatim": cell.verbatim, "text": cell.text}.items():
            yield Triple(node, EM[name], Literal(words))
        numbers = {"columnIndex": cell.column_index, "line": cell.line, "column": cell.column}
        for name, number in (numbers | {"rowSpan": cell.row_span, "colSpan": cell.col_span}).items():
            yield Triple(node, EM[name], integer(number))


def _graph_origin(version: SourceVersion, statement: Statement, graph: NamedNode) -> Iterator[Triple]:
    yield Triple(graph, EM.inVersion, version_iri(version))
    yield Triple(graph, RDFS.label, Literal(curie(graph), language="en"))
    for row in statement.rows:
        node = mint("source-row", f"{version.slug}-{statement.table}-{row:02d}")
        yield Triple(graph, PROV.hadPrimarySource, node)
        for dataset in statement.datasets:
            yield Triple(node, EM.describes, mint("dataset", dataset.slug))
    if not statement.rows:
        node = mint("source-section", f"{version.slug}-{statement.graph[-1]}")
        yield Triple(graph, PROV.hadPrimarySource, node)
        yield Triple(node, RDF.type, EM.SourceSection)
        yield Triple(
            node,
            RDFS.label,
            Literal(f"{statement.section or statement.graph[-1]} at {version.commit[:7]}", language="en"),
        )
        yield Triple(node, EM.inVersion, version_iri(version))
        yield Triple(node, EM.sectionName, Literal(statement.section or statement.graph[-1]))
        for dataset in statement.datasets:
            yield Triple(node, EM.describes, mint("dataset", dataset.slug))
