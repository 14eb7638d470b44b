"""JSON-LD: exact for RDF, natural for JSON; plain JSON beside it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pyld import jsonld

from emkg.describe import all_datasets, describe
from emkg.exports import load
from emkg.exports._context import context
from emkg.exports._nest import _refuse, nest
from emkg.graph import Graph
from emkg.ids import mint
from emkg.rdf import Literal, NamedNode, RdfFormat, Triple, parse_quads, triples_of
from emkg.vocab import EM, XSD


def by_pyld(document: Any) -> set[Triple]:
    lines = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": _refuse})
    return set(triples_of(parse_quads(lines, RdfFormat.N_QUADS)))


def to_15_digits(triples: set[Triple]) -> set[Triple]:
    """PyLD writes every xsd:double anew with at most 16 digits, also those that stand in the document as strings."""

    def rounded(triple: Triple) -> Triple:
        term = triple.object
        if isinstance(term, Literal) and term.datatype == XSD.double:
            return Triple(triple.subject, triple.predicate, Literal(f"{float(term.value):.14E}", datatype=XSD.double))
        return triple

    return {rounded(triple) for triple in triples}


def by_pyoxigraph(document: Any) -> set[Triple]:
    return set(triples_of(parse_quads(json.dumps(document), RdfFormat.JSON_LD)))


@pytest.fixture(scope="module")
def axonem(graph: Graph) -> Any:
    return json.loads(load("jsonld").write(graph, [mint("dataset", "axonem")]))


def test_each_dataset_is_exact_by_both_readers(graph: Graph) -> None:
    for node in all_datasets(graph):
        document = json.loads(load("jsonld").write(graph, [node]))
        described = set(describe(graph, [node]))
        assert to_15_digits(by_pyld(document)) == to_15_digits(described), node
        assert by_pyoxigraph(document) == described, node


def test_resources_of_each_kind_are_exact(graph: Graph) -> None:
    rows = graph.select(
        "SELECT (SAMPLE(?s) AS ?one) WHERE { ?s a ?class FILTER(ISIRI(?s)) } GROUP BY ?class ORDER BY ?one"
    )
    for (node,) in rows:
        assert isinstance(node, NamedNode)
        described = set(describe(graph, [node]))
        if not any("_:" in (str(t.subject)[:2], str(t.object)[:2]) for t in described):
            assert to_15_digits(by_pyld(nest(described, [node]))) == to_15_digits(described), node


@pytest.mark.parametrize(
    "literal",
    [
        Literal("3.58", datatype=XSD.decimal),
        Literal("8.0", datatype=XSD.decimal),
        Literal("0.0000000000000000001", datatype=XSD.decimal),
        Literal("1.45E15", datatype=XSD.double),
        Literal("1.234567890123457E-3", datatype=XSD.double),
        Literal("INF", datatype=XSD.double),
        Literal("18000", datatype=XSD.integer),
        Literal("9007199254740993", datatype=XSD.integer),
        Literal("007", datatype=XSD.integer),
        Literal("none", datatype=XSD.integer),
        Literal("true", datatype=XSD.boolean),
        Literal("1", datatype=XSD.boolean),
        Literal("2021", datatype=XSD.gYear),
        Literal("words"),
        Literal("words", language="en"),
        Literal("Wörter ³", language="de-at"),
        Literal(""),
    ],
    ids=str,
)
@pytest.mark.parametrize("property_", ["voxelX", "value", "extentVolume", "approximate", "asStated", "claimedValue"])
def test_no_literal_changes(literal: Literal, property_: str) -> None:
    """Whatever the datatype that the context expects under the key."""
    node = mint("volume", "x")
    triple = Triple(node, EM[property_], literal)
    document = nest([triple], [node])
    assert by_pyld(document) == {triple}
    assert by_pyoxigraph(document) == {triple}


def test_reads_as_json(axonem: Any) -> None:
    assert axonem["id"].endswith("/id/dataset/axonem")
    assert "Dataset" in axonem["type"] and axonem["title"] == "AxonEM"
    human = next(volume for volume in axonem["volumes"] if volume["id"].endswith("axonem-h"))
    assert [float(human[f"voxel{axis}"]) for axis in "XYZ"] == [8, 8, 30]
    assert human["isSubVolumeOf"]["label"]
    assert human["taxon"]["id"] == "NCBITaxon:9606" and human["taxon"]["label"] == "Homo sapiens"
    assert human["sample"]["taxon"]["label"] == "Homo sapiens" and "ATUMmSEM" in human["acquisition"]["type"]
    counts = {count["of"]["label"]: count["value"] for count in axonem["counts"] if isinstance(count["of"], dict)}
    assert counts["axon"] == 18000
    assert any("grand-challenge" in access["url"] for access in axonem["access"])
    assert all(isinstance(paper, dict) for paper in axonem["papers"])


def test_every_key_is_a_term_of_the_context(axonem: Any) -> None:
    whole = context()

    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {key for item in value.values() for key in keys(item)}
        return {key for item in value for key in keys(item)} if isinstance(value, list) else set()

    unnamed = {
        key
        for key in keys({k: v for k, v in axonem.items() if k != "@context"})
        if ":" not in key and not key.startswith("@")
    }
    assert unnamed <= set(whole)
    assert axonem["@context"].items() <= whole.items()


def test_claims_stand_with_what_they_are_about(graph: Graph) -> None:
    document = json.loads(load("jsonld").write(graph, [mint("dataset", "j0126")]))
    claims = document["volumes"][0]["claims"]
    values = {
        claim["claimedValue"]["@value"]: claim["status"] for claim in claims if claim["property"] == "emkg:voxelX"
    }
    assert values["10.0"] == "disputed"


def test_plain_json_has_numbers(graph: Graph) -> None:
    plain = json.loads(load("json").write(graph, [mint("dataset", "h01")]))
    assert "@context" not in plain and "@value" not in json.dumps(plain)
    assert plain["volumes"][0]["voxelX"] == 4 and isinstance(plain["volumes"][0]["voxelX"], float)


def test_no_remote_context_is_loaded() -> None:
    with pytest.raises(jsonld.JsonLdError) as fault:
        jsonld.expand({"@context": "http://127.0.0.1:1/context"}, {"documentLoader": _refuse})
    assert fault.value.code == "loading remote context failed"


def test_context_is_itself_json_ld() -> None:
    whole = context()
    expanded = jsonld.expand(
        {"@context": whole, "voxelX": "8.0", "volumes": [{"id": "v:1"}]}, {"documentLoader": _refuse}
    )
    assert expanded[0][EM.voxelX.value] == [{"@type": XSD.decimal.value, "@value": "8.0"}]
    assert expanded[0][EM.hasVolume.value] == [{"@id": "v:1"}]
