"""Is it right? SHACL shapes and row-less SPARQL checks over the build, over files and over the ontology.

A build is validated by the fast evaluator, files and the ontology by pySHACL, the validator of record.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from emkg.graph import Graph
from emkg.ids import well_known_graphs
from emkg.paths import ontology_dir, shapes_dir
from emkg.rdf import NamedNode, Triple, read_quads, triples_of
from emkg.validate.checks import run_checks
from emkg.validate.evaluate import evaluate
from emkg.validate.files import graph_of, read_files
from emkg.validate.index import Index
from emkg.validate.judge import judge
from emkg.validate.places import in_files
from emkg.validate.report import Report, Result
from emkg.validate.shapes import read_shapes, shape_files, shape_triples
from emkg.vocab import EM, OWL, RDF, RDFS, SKOS, base, ontology_quads

__all__ = [
    "Report",
    "Result",
    "asserted_of",
    "background",
    "validate_asserted",
    "validate_build",
    "validate_checks",
    "validate_files",
    "validate_graph",
    "validate_ontology",
]


def validate_asserted(asserted: Iterable[Triple]) -> Report:
    """What the shapes say of asserted statements (before reasoning: an inferred acquisition is not a second one)."""
    shapes = read_shapes(shape_triples(shape_files()))
    return Report.of(evaluate(Index([*asserted, *background()]), shapes))


def validate_checks(graph: Graph) -> Report:
    """What the checks say of a whole graph."""
    return run_checks(graph, "build")


def validate_graph(graph: Graph, asserted: Iterable[Triple]) -> Report:
    """Shapes on the asserted statements and checks on the whole graph, with the named graphs that state what is wrong."""
    return (validate_asserted(asserted) + validate_checks(graph)).located(graph)


def validate_build(graph: Graph) -> Report:
    """Shapes and checks on a build."""
    return validate_graph(graph, asserted_of(graph))


def asserted_of(graph: Graph) -> list[Triple]:
    """The statements of ``current`` that were merged from sources and curated files, not inferred, derived or the ontology's."""
    names = well_known_graphs()
    made = {quad.triple for name in ("inferred", "derived", "ontology") for quad in graph.quads(names[name])}
    stated: set[Triple] = set()
    for name in graph.graphs():
        if name not in (names["current"], names["inferred"], names["derived"], names["ontology"]):
            stated.update(triples_of(graph.quads(name)))
    return [triple for triple in triples_of(graph.quads(names["current"])) if triple not in made or triple in stated]


def validate_files(paths: Iterable[Path]) -> Report:
    """Shapes, by pySHACL, and those checks that make sense on a part of the data; raises ParseError for a malformed file."""
    files = read_files(paths)
    data = [triple for _, quads in files for triple in triples_of(quads)]
    shapes = Report.of(judge([*data, *background()], shape_triples(shape_files())))
    return (shapes + run_checks(graph_of(files), "file")).placed(in_files(files))


def background() -> list[Triple]:
    """What shapes need to know of the ontology: the class hierarchy, and the concepts that stand for taxa and places."""
    hierarchy = triples_of(read_quads(ontology_dir() / "inferred" / "hierarchy.ttl"))
    triples = [*triples_of(ontology_quads()), *hierarchy]
    concepts = {triple.subject for triple in triples if (triple.predicate, triple.object) == (RDF.type, SKOS.Concept)}
    about = {RDF.type, SKOS.inScheme, EM.taxonStatus}
    return [
        triple
        for triple in triples
        if (triple.predicate == RDFS.subClassOf and isinstance(triple.object, NamedNode))
        or (triple.subject in concepts and triple.predicate in about)
    ]


def validate_ontology() -> Report:
    """What the meta-shapes (shapes/meta/), by pySHACL, and the checks on the ontology say of our own terms."""
    own = [triple for triple in triples_of(ontology_quads()) if _ours(triple)]
    shapes = Report.of(judge(own, shape_triples(shape_files(shapes_dir() / "meta"))))
    found = shapes + run_checks(graph_of([]), "ontology")
    files = [path for path in sorted(ontology_dir().rglob("*.ttl")) if path.name != "prefixes.ttl"]
    return found.placed(in_files(read_files(files)))


def _ours(triple: Triple) -> bool:
    """Terms of other vocabularies are only declared here; their own documents define them. Our concept stubs stay."""
    subject = triple.subject
    if not isinstance(subject, NamedNode):
        return False
    return subject.value.startswith(base()) or not (
        triple.predicate == RDF.type and isinstance(triple.object, NamedNode) and triple.object.value in _owl_kinds()
    )


def _owl_kinds() -> frozenset[str]:
    return frozenset(
        kind.value for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    )
