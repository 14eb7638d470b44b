"""Every named question is an example in the store, which runs as it stands on any endpoint."""

from __future__ import annotations

import pyoxigraph
import pytest

from emkg.ask import questions
from emkg.graph import Graph
from emkg.ids import mint, own_iri, well_known_graphs
from emkg.metadata.examples import executable
from emkg.rdf import Literal
from emkg.vocab import RDF, SCHEMA, SH


@pytest.fixture(scope="module")
def store(graph: Graph) -> pyoxigraph.Store:
    """The merged graph as any server would hold it, which knows nothing of our prefixes."""
    made = pyoxigraph.Store()
    made.extend(pyoxigraph.Quad(*quad.triple) for quad in graph.quads(well_known_graphs()["current"]))
    for quad in graph.quads():
        made.add(quad)
    return made


@pytest.mark.parametrize("name", sorted(questions()))
def test_each_question_is_an_example_that_runs(graph: Graph, store: pyoxigraph.Store, name: str) -> None:
    about = {triple.predicate: triple.object for triple in graph.describe(mint("question", name))}
    types = {triple.object for triple in graph.describe(mint("question", name)) if triple.predicate == RDF.type}
    text = about.get(SH.select) or about.get(SH.construct) or about.get(SH.ask)
    assert SH.SPARQLExecutable in types and len(types) == 2
    assert about[SCHEMA.target] == own_iri("sparql") and about[SH.prefixes] == well_known_graphs()["ontology"]
    assert isinstance(text, Literal)
    found = store.query(text.value)  # raises where a prefix is not declared
    answered = questions()[name].status == "answered" and not questions()[name].needs  # this graph is the seed's
    assert not answered or isinstance(found, pyoxigraph.QueryBoolean) or next(iter(found), None) is not None


def test_only_the_prefixes_that_are_used() -> None:
    text = executable("SELECT * { ?s a skos:Concept ; dcterms:title 'emkg' ; <http://x/y:z> ?rdfs }")
    assert [line.split()[1] for line in text.splitlines()[:-1]] == ["dcterms:", "skos:"]
