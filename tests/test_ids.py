"""IRIs from keys, paths from IRIs, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emkg.errors import NotFound
from emkg.ids import doi_iri, from_path, graph_iri, mint, slugify, to_path, well_known_graphs
from emkg.rdf import NamedNode
from emkg.vocab import base, iri


def test_individuals_lie_under_the_one_base() -> None:
    assert mint("dataset", "h01").value == base() + "id/dataset/h01"
    assert graph_iri("src", "aed", "be275e8", "overview", "03").value == base() + "graph/src/aed/be275e8/overview/03"
    assert well_known_graphs()["ontology"].value == base() + "ontology"


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(NotFound, match="no kind 'datset'"):
        mint("datset", "h01")


@pytest.mark.parametrize(
    "node, path",
    [
        (mint("dataset", "h01"), "/id/dataset/h01"),
        (doi_iri("10.7554/eLife.57443"), "/id/paper/10.7554/elife.57443"),
        (doi_iri("10.1016/S0092-8674(13)00001-1"), "/id/paper/10.1016/s0092-8674(13)00001-1"),
        (iri("emkg:voxelX"), "/ontology#voxelX"),
        (NamedNode("http://example.org/x"), None),
    ],
)
def test_paths(node: NamedNode, path: str | None) -> None:
    assert to_path(node) == path
    if path and path.startswith("/id/"):
        kind, _, slug = path.removeprefix("/id/").partition("/")
        assert from_path(kind, slug) == node


@given(st.text())
def test_a_slug_is_kebab_ascii(text: str) -> None:
    slug = slugify(text)
    assert slug == slugify(slug) and not set(slug) - set("abcdefghijklmnopqrstuvwxyz0123456789-")
