"""The graph's description of itself: its counts are those of SPARQL, and SIB's three questions have answers."""

from __future__ import annotations

import pytest

from emkg.graph import Graph
from emkg.ids import well_known_graphs
from emkg.metadata.void import dataset_iri, void_triples
from emkg.rdf import BlankNode, NamedNode
from emkg.vocab import EM, VOID, curie


def number(graph: Graph, query: str) -> int:
    ((found,),) = graph.select(
        f"SELECT (COUNT({query.partition('|')[0]}) AS ?n) WHERE {{ {query.partition('|')[2]} }}"
    ).values()
    return int(found or 0)


def stated(graph: Graph, property_: NamedNode) -> int:
    ((found,),) = graph.select(f"SELECT ?n WHERE {{ {dataset_iri()} {property_} ?n }}").values()
    return int(found or 0)


def test_the_count_of_statements_is_that_of_current_without_the_description(graph: Graph) -> None:
    described = len(graph.quads(well_known_graphs()["void"]))
    assert described and stated(graph, VOID.triples) == number(graph, "*|?s ?p ?o") - described


@pytest.mark.parametrize("name", ["Dataset", "ImageVolume", "Paper", "Claim"])
def test_a_class_partition_counts_its_things(graph: Graph, name: str) -> None:
    class_ = EM[name]
    ((found, properties),) = graph.select(
        f"""SELECT ?n (COUNT(?p) AS ?ps) WHERE {{
          {dataset_iri()} void:classPartition ?part . ?part void:class {class_} ; void:entities ?n ; void:propertyPartition ?p
        }} GROUP BY ?n"""
    ).values()
    assert int(found or 0) == number(graph, f"DISTINCT ?s|?s a {class_}")
    assert int(properties or 0) == number(graph, f"DISTINCT ?p|?s a {class_} ; ?p ?o")


def test_partitions_tell_what_stands_behind_a_property(graph: Graph) -> None:
    rows = graph.select(f"""SELECT ?p ?k ?d WHERE {{
      ?part void:class {EM.ImageVolume} ; void:propertyPartition ?pp . ?pp void:property ?p
      OPTIONAL {{ ?pp void:classPartition/void:class ?k }} OPTIONAL {{ ?pp voidext:datatypePartition/voidext:datatype ?d }}
    }}""")
    told = {
        curie(p): {curie(n) for n in (k, d) if isinstance(n, NamedNode)} for p, k, d in rows if isinstance(p, NamedNode)
    }
    assert told["emkg:voxelX"] == {"xsd:decimal"}
    assert "emkg:Sample" in {curie(k) for p, k, _ in rows if p == EM.hasSample and isinstance(k, NamedNode)}


def test_nothing_of_it_is_a_blank_node(graph: Graph) -> None:
    quads = graph.quads(well_known_graphs()["void"])
    assert not [quad for quad in quads if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode)]


def test_an_empty_graph_has_a_description_too() -> None:
    found = void_triples(Graph(), "0")
    assert any(triple.predicate == VOID.triples and getattr(triple.object, "value", "") == "0" for triple in found)


# What sib-swiss/sparql-editor asks of an endpoint before it calls its metadata complete, in our own words.
CONTRACT = {
    "prefixes": "SELECT DISTINCT ?prefix ?space { [] sh:namespace ?space ; sh:prefix ?prefix }",
    "examples": """SELECT DISTINCT ?example ?comment ?query {
        ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct ?query }""",
    "classes": """SELECT DISTINCT ?graph ?subject ?property ?object ?datatype {
        OPTIONAL { ?graph sd:graph ?described . ?described void:classPartition ?cp }
        ?cp void:class ?subject ; void:propertyPartition ?pp . ?pp void:property ?property
        OPTIONAL { { ?pp void:classPartition [ void:class ?object ] }
                   UNION { ?pp voidext:datatypePartition [ voidext:datatype ?datatype ] } } }""",
}


@pytest.mark.parametrize("name", CONTRACT)
def test_the_metadata_contract(graph: Graph, name: str) -> None:
    rows = graph.select(CONTRACT[name])
    assert len(rows) > 40
    assert name != "classes" or all(row[0] is not None for row in rows), "the partitions are those of a named graph"
