"""Plain JSON: the tree of the JSON-LD export with numbers as numbers, for those who want no RDF at all."""

from __future__ import annotations

import json
from typing import Any

from emkg.describe import all_datasets
from emkg.exports._base import Export, Nodes, triples
from emkg.exports._context import context
from emkg.exports._nest import nest
from emkg.formats import JSON
from emkg.graph import Graph

_NUMBERS = ("xsd:decimal", "xsd:double", "xsd:integer")


class PlainJson(Export):
    """The same keys as JSON-LD; decimals and doubles are JSON numbers, and there is no context. Several resources
    are a list.
    """

    name = "json"
    about = "nested plain JSON, numbers as numbers"
    format = JSON

    def write(self, graph: Graph, nodes: Nodes = None) -> bytes:
        """The object of one resource, or the list of several."""
        document = nest(triples(graph, nodes), all_datasets(graph) if nodes is None else nodes)
        del document["@context"]
        plain = _plain(document.get("@graph", document))
        return (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode()


def _plain(value: Any, key: str = "") -> Any:
    if isinstance(value, list):
        return [_plain(item, key) for item in value]
    if isinstance(value, str):
        definition = context().get(key)
        return _number(value) if isinstance(definition, dict) and definition.get("@type") in _NUMBERS else value
    if not isinstance(value, dict):
        return value
    if "@value" in value:
        return _number(value["@value"]) if value.get("type") in _NUMBERS else value["@value"]
    return {name: _plain(item, name) for name, item in value.items()}


def _number(text: Any) -> Any:
    number = float(text)
    return number if number - number == 0 else text  # JSON has neither INF nor NaN
