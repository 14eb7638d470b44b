"""The ontology as it is published: its own files, the stubs, without the prefix table and the inferred hierarchy."""

from __future__ import annotations

import pytest
import rdflib

from emkg.paths import ontology_dir


def read_ontology() -> rdflib.Graph:
    folder = ontology_dir()
    graph = rdflib.Graph()
    for path in [*sorted(folder.glob("*.ttl")), *sorted(folder.glob("stubs/*.ttl"))]:
        if path.name != "prefixes.ttl":
            graph.parse(path)
    return graph


@pytest.fixture(scope="session")
def ontology() -> rdflib.Graph:
    return read_ontology()
