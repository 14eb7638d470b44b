"""The ontology as one graph: its files, the SKOS scheme made from its hierarchy, and the mappings; blank nodes named deterministically."""

from __future__ import annotations

from emkg.paths import ontology_dir
from emkg.rdf import Triple, read_quads, stable_blank_nodes, triples_of
from emkg.skos import concept_scheme, mapping_triples
from emkg.vocab import ontology_quads


def ontology_graph() -> list[Triple]:
    """All statements of the ontology, for the graph of that name and for ``current``."""
    hierarchy = read_quads(ontology_dir() / "inferred" / "hierarchy.ttl")
    triples = [*triples_of(ontology_quads()), *triples_of(read_quads(ontology_dir() / "prefixes.ttl"))]
    triples += concept_scheme(triples_of(hierarchy))
    for path in sorted((ontology_dir() / "mappings").glob("*.sssom.tsv")):
        triples += mapping_triples(path)
    return stable_blank_nodes(triples)
