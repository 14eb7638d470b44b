"""What follows by arithmetic: each file of queries/derive/ is a CONSTRUCT, run in the order of their names."""

from __future__ import annotations

from pathlib import Path

from emkg.graph import Graph
from emkg.ids import mint, well_known_graphs
from emkg.paths import queries_dir
from emkg.rdf import Literal, Quad, Triple, canonical_statement, in_graph, sort_key
from emkg.vocab import DCTERMS, PROV, RDF, RDFS, SCHEMA


def derivations() -> list[Path]:
    """The files of queries/derive/; the folder is the list."""
    return sorted((queries_dir() / "derive").glob("*.rq"))


def derive(graph: Graph, version: str) -> list[Quad]:
    """Runs each derivation, adds what it gives to ``current`` and returns it as quads of ``derived`` (and their origin in ``meta``)."""
    names = well_known_graphs()
    found: list[Quad] = []
    for path in derivations():
        triples = sorted(
            {canonical_statement(triple) for triple in graph.construct(path.read_text(encoding="utf-8"))}, key=sort_key
        )
        graph.add(in_graph(triples, names["current"]))
        found += in_graph(triples, names["derived"])
    return found + in_graph(_origin(version), names["meta"])


def _origin(version: str) -> list[Triple]:
    activity = mint("activity", "derive")
    derived = well_known_graphs()["derived"]
    return [
        Triple(derived, PROV.wasGeneratedBy, activity),
        Triple(derived, RDFS.label, Literal("values computed by emkg", language="en")),
        Triple(activity, RDF.type, PROV.Activity),
        Triple(activity, RDFS.label, Literal(f"derivation by emkg {version}", language="en")),
        Triple(activity, SCHEMA.softwareVersion, Literal(version)),
        Triple(activity, DCTERMS.description, Literal("; ".join(path.stem for path in derivations()))),
    ]
