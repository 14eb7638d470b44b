"""Where statements come from, as statements: source versions with their files, tables, rows and cells, and the graphs made of them."""

from __future__ import annotations

from collections.abc import Iterator

from emkg.ids import mint, slugify
from emkg.model import Cell, RecordReading, SourceTable, SourceVersion, Statement
from emkg.rdf import Literal, NamedNode, Triple
from emkg.terms import Pairs, about, integer, term
from emkg.vocab import DCTERMS, EM, FOAF, PROV, RDF, RDFS, XSD, curie


def version_iri(version: SourceVersion) -> NamedNode:
    """The IRI of a source version."""
    return mint("source-version", version.slug)


def version_statements(version: SourceVersion) -> Iterator[Triple]:
    """A source version: its document, commit, day, licence and files."""
    document = mint("source", version.document)
    yield from about(document, _document(version))
    yield from about(version_iri(version), _version_pairs(version))
    for file in version.files:
        node = mint("source-file", f"{version.slug}-{file.path.lower().replace('/', '-').replace('.', '-')}")
        yield Triple(version_iri(version), EM.hasFile, node)
        yield Triple(node, RDF.type, EM.SourceFile)
        yield Triple(node, RDFS.label, Literal(f"{file.path} at {version.commit[:7]}", language="en"))
        for name, value in {"sourcePath": file.path, "blob": file.blob, "sha256": file.sha256}.items():
            yield Triple(node, EM[name], Literal(value))


def _document(version: SourceVersion) -> Pairs:
    yield RDF.type, EM.SourceDocument
    yield RDFS.label, Literal(version.title, language="en")
    yield DCTERMS.title, Literal(version.title)
    if version.homepage:
        yield FOAF.page, NamedNode(version.homepage)
    if version.licence:
        yield DCTERMS.license, term(version.licence)


def _version_pairs(version: SourceVersion) -> Pairs:
    yield RDF.type, EM.SourceVersion
    day = version.date or version.retrieved or "undated"
    mark = f" ({version.commit[:7]})" if version.commit else ""
    yield RDFS.label, Literal(f"{version.title}, {day}{mark}", language="en")
    yield PROV.specializationOf, mint("source", version.document)
    if version.licence:
        yield DCTERMS.license, term(version.licence)
    if version.commit:
        yield EM.commit, Literal(version.commit)
    if version.retrieved:
        yield EM.retrieved, Literal(version.retrieved, datatype=XSD.date)
    if version.date:
        yield DCTERMS.issued, Literal(version.date, datatype=XSD.date)


def table_statements(version: SourceVersion, table: SourceTable) -> Iterator[Triple]:
    """A table of a source version: its heads and rows, each cell verbatim with line and column from 1."""
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


def graph_statements(version: SourceVersion, statement: Statement, graph: NamedNode) -> Iterator[Triple]:
    """What a named graph is made of: its rows or its section, and which datasets these describe."""
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


def record_statements(
    version: SourceVersion, reading: RecordReading, graph: NamedNode, sha256: str
) -> Iterator[Triple]:
    """A record of a repository: its key, file and pointer, the datasets that it describes, and the graph made of it."""
    record = reading.record
    node = mint("source-record", f"{version.document}-{slugify(record.key)}")
    label = Literal(f"{record.key} in {version.title}", language="en")
    yield Triple(graph, EM.inVersion, version_iri(version))
    yield Triple(graph, RDFS.label, label)
    yield Triple(graph, PROV.hadPrimarySource, node)
    yield Triple(node, RDF.type, EM.SourceRecord)
    yield Triple(node, RDFS.label, label)
    yield Triple(node, EM.inVersion, version_iri(version))
    texts = {"recordKey": record.key, "sourcePath": record.path, "pointer": record.pointer, "sha256": sha256}
    for name, words in texts.items():
        if words:
            yield Triple(node, EM[name], Literal(words))
    for dataset in reading.datasets:
        yield Triple(node, EM.describes, mint("dataset", dataset.slug))
