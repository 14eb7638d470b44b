"""JSON-LD: one tree for a JSON programmer, and the same triples for an RDF reader (https://www.w3.org/TR/json-ld11/)."""

from __future__ import annotations

import json

from emkg.describe import all_datasets
from emkg.exports._base import Export, Nodes, triples
from emkg.exports._nest import nest
from emkg.formats import by_name
from emkg.graph import Graph


class JsonLd(Export):
    """A nested tree with our own context: ``volumes``, ``counts``, ``papers`` … as keys."""

    name = "jsonld"
    about = "nested JSON with natural keys that is RDF all the same"
    format = by_name("jsonld")

    def write(self, graph: Graph, nodes: Nodes = None) -> bytes:
        """The tree of one resource, or a ``@graph`` of several."""
        document = nest(triples(graph, nodes), all_datasets(graph) if nodes is None else nodes)
        return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
