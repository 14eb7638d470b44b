from __future__ import annotations

import pytest

from emkg.errors import QuestionError
from emkg.graph import Graph
from emkg.ids import graph_iri, mint
from emkg.rdf import Literal, Quad
from emkg.resolve import literal, resolve
from emkg.vocab import EM, RDF, RDFS, curie


@pytest.mark.parametrize(
    ("text", "kind", "term"),
    [
        ("mouse", "taxon", "NCBITaxon:10090"),
        ("MOUSE", "taxon", "NCBITaxon:10090"),
        ("Mus musculus", "taxon", "NCBITaxon:10090"),
        ("NCBITaxon:10090", "taxon", "NCBITaxon:10090"),
        ("finch", "taxon", "NCBITaxon:59729"),
        ("primary visual cortex", "region", "UBERON:0002436"),
        ("synapse", "countable", "GO:0045202"),
        ("neurons", "countable", "CL:0000540"),
        ("SEM", "technique", "emkg:SEM"),
        ("ATUM-mSEM", "technique", "emkg:ATUMmSEM"),
        ("ATUMmSEM", "technique", "emkg:ATUMmSEM"),
        ("SEF-SEM", "technique", "emkg:SBFSEM"),
        ("SBEM", "technique", "emkg:SBFSEM"),
        ("h01", "emkg:Dataset", "emr:dataset/h01"),
        ("H01", "emkg:ImageVolume", "emr:volume/h01"),
        ("https://w3id.org/emkg/id/dataset/h01", "emkg:Dataset", "emr:dataset/h01"),
        ("<https://w3id.org/emkg/id/dataset/h01>", "iri", "emr:dataset/h01"),
        ("bossdb", "emkg:Host", "emr:host/bossdb"),
        ("segmentation", "emkg:AccessRole", "emkg:segmentation"),
    ],
)
def test_a_word_means_its_term(text: str, kind: str, term: str, graph: Graph) -> None:
    assert curie(resolve(text, kind, graph)) == term


@pytest.mark.parametrize(
    ("text", "kind", "hint"),
    [
        ("mose", "taxon", "mouse"),
        ("ATUM-mSM", "technique", "atum-msem"),
        ("h1", "emkg:Dataset", "h01"),
        ("emkg:Dataset", "technique", "known: "),
        ("NCBITaxon:99999999", "taxon", "NCBITaxon".casefold()),
    ],
)
def test_a_word_that_is_none_gets_near_misses(text: str, kind: str, hint: str, graph: Graph) -> None:
    with pytest.raises(QuestionError) as caught:
        resolve(text, kind, graph)
    assert hint in caught.value.repair or "did you mean" in caught.value.repair


def test_a_word_that_means_two_things_is_not_guessed() -> None:
    graph = Graph()
    current = graph_iri("current")
    for slug in ("brain-a", "brain-b"):
        node = mint("circuit", slug)
        graph.add(
            [Quad(node, RDF.type, EM.CircuitRequirement, current), Quad(node, RDFS.label, Literal("Brain"), current)]
        )
    with pytest.raises(QuestionError, match="may mean emr:circuit/brain-a, emr:circuit/brain-b"):
        resolve("brain", "emkg:CircuitRequirement", graph)


def test_without_a_graph_an_iri_or_curie_is_taken_at_its_word() -> None:
    assert resolve("emkg:SEM", "technique") == EM.SEM


def test_without_a_graph_a_word_cannot_be_told() -> None:
    with pytest.raises(QuestionError, match="neither IRI nor CURIE"):
        resolve("mouse", "taxon")


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("1.5", "xsd:decimal"),
        ("-3", "xsd:integer"),
        ("1e9", "xsd:double"),
        ("2021", "xsd:gYear"),
        ("true", "xsd:boolean"),
    ],
)
def test_literals_keep_their_text(text: str, datatype: str) -> None:
    assert literal(text, datatype).value == text


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("1,5", "xsd:decimal"),
        ("1e3", "xsd:decimal"),
        ("1.0", "xsd:integer"),
        ("", "xsd:double"),
        ("yes", "xsd:boolean"),
    ],
)
def test_a_text_that_is_not_of_its_datatype_is_refused(text: str, datatype: str) -> None:
    with pytest.raises(QuestionError, match="is no xsd:"):
        literal(text, datatype)


def test_an_unknown_datatype_is_refused() -> None:
    with pytest.raises(QuestionError, match="no datatype"):
        literal("x", "xsd:colour")
