"""Closed namespaces: a misspelt term never becomes a triple."""

from __future__ import annotations

import pytest

from emkg.errors import UnknownPrefix, UnknownTerm
from emkg.rdf import NamedNode
from emkg.vocab import DCTERMS, EM, base, curie, iri, prefixes, sparql_prefixes


def test_a_misspelt_term_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownTerm, match="did you mean emkg:anisotropy"):
        _ = EM.anisotrpy


def test_an_unknown_prefix_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownPrefix, match="did you mean dcterms"):
        iri("dcterm:title")


@pytest.mark.parametrize("name", ["emkg:voxelX", "dcterms:title", "NCBITaxon:10090", "CL:0000540"])
def test_curies_go_there_and_back(name: str) -> None:
    assert curie(iri(name)) == name


def test_an_iri_without_prefix_stays_itself() -> None:
    assert curie(NamedNode("urn:x:y")) == "urn:x:y"


def test_one_table_feeds_all() -> None:
    assert prefixes()["emkg"] == base() + "ontology#"
    assert sparql_prefixes().count("PREFIX ") == len(prefixes())
    assert DCTERMS.title == DCTERMS["title"]
