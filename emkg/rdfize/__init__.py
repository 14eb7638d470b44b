"""Records of emkg.model as quads: the only folder where a field of a dataset meets a predicate."""

from __future__ import annotations

from collections.abc import Iterator

from emkg.ids import graph_iri, mint, slugify, well_known_graphs
from emkg.model import Reading, RecordReading, SourceVersion, Statement
from emkg.origin import graph_statements, record_statements, table_statements, version_statements
from emkg.rdf import Literal, NamedNode, Quad, Triple, in_graph
from emkg.rdfize.dataset import dataset_statements
from emkg.rdfize.named import named_pairs, technique_entry_pairs
from emkg.rdfize.paper import paper_iri, paper_pairs
from emkg.terms import Told, tell
from emkg.vocab import EM

__all__ = ["paper_iri", "quads", "record_graph", "record_origin", "record_statements_of", "repository_origin"]


def quads(reading: Reading) -> list[Quad]:
    """All that a source version says, each statement in its own named graph, and in ``meta`` what these graphs come from."""
    found: list[Quad] = []
    meta = [*version_statements(reading.version)]
    for table in reading.tables:
        meta += table_statements(reading.version, table)
    for statement in reading.statements:
        graph = graph_iri("src", *statement.graph)
        meta += graph_statements(reading.version, statement, graph)
        found += in_graph((told.triple for part in _statement(statement) for told in part), graph)
    return found + in_graph(meta, well_known_graphs()["meta"])


def record_graph(document: str, key: str) -> NamedNode:
    """The named graph of one record of a repository."""
    return graph_iri("src", document, slugify(key))


def record_statements_of(reading: RecordReading) -> list[Told]:
    """What a record says of its datasets, each statement with the JSON pointer at which it stands; repeats are left out."""
    found = {told.triple: told for dataset in reading.datasets for part in dataset_statements(dataset) for told in part}
    return list(found.values())


def record_origin(version: SourceVersion, reading: RecordReading, sha256: str) -> list[Quad]:
    """Where a record's graph comes from, for the graph ``meta``."""
    graph = record_graph(version.document, reading.record.key)
    return in_graph(record_statements(version, reading, graph, sha256), well_known_graphs()["meta"])


def repository_origin(version: SourceVersion, states: tuple[str, ...], lacks: tuple[str, ...]) -> list[Quad]:
    """A repository, the version of it that was read, and which fields it gives and lacks, for the graph ``meta``."""
    document = mint("source", version.document)
    fields = [Triple(document, EM.states, Literal(one)) for one in states]
    fields += [Triple(document, EM.lacks, Literal(one)) for one in lacks]
    return in_graph([*version_statements(version), *fields], well_known_graphs()["meta"])


def _statement(statement: Statement) -> Iterator[list[Told]]:
    for dataset in statement.datasets:
        yield from dataset_statements(dataset)
    for paper in statement.papers:
        yield tell(paper_iri(paper), paper_pairs(paper))
    for thing in (*statement.things, *statement.figures):
        if thing.kind == "technique":
            slug = "-".join(slugify(part) for part in (*statement.graph[1:2], *thing.part_of, thing.slug))
            yield tell(mint("technique-entry", slug), technique_entry_pairs(thing))
        else:
            yield tell(mint(thing.kind, thing.slug), named_pairs(thing))
