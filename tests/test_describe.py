"""What belongs to one resource: a dataset's document holds all that a reader needs of it, and nothing of another dataset."""

from __future__ import annotations

from emkg.describe import describe
from emkg.graph import Graph
from emkg.ids import mint
from emkg.rdf import NamedNode


def subjects(graph: Graph, slug: str) -> set[str]:
    return {t.subject.value for t in describe(graph, [mint("dataset", slug)]) if isinstance(t.subject, NamedNode)}


def test_a_dataset_comes_with_its_parts(graph: Graph) -> None:
    found = subjects(graph, "j0126")
    for kind, slug in (("dataset", "j0126"), ("volume", "j0126"), ("sample", "j0126"), ("acquisition", "j0126")):
        assert mint(kind, slug).value in found
    for kind, slug in (
        ("count", "j0126-block"),
        ("distribution", "j0126-cloudvolume-raw"),
        ("claim", "j0126-voxelx-10"),
    ):
        assert mint(kind, slug).value in found


def test_another_dataset_s_volumes_stay_out(graph: Graph) -> None:
    assert mint("volume", "h01").value not in subjects(graph, "j0126")


def test_what_is_unknown_gives_nothing(graph: Graph) -> None:
    assert describe(graph, [mint("dataset", "none-such")]) == []
