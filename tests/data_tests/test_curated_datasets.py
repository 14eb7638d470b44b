"""The curated datasets, volumes and access points: whole, and consistent in their numbers."""

from __future__ import annotations

import pytest

from emkg.rdf import NamedNode
from emkg.vocab import CITO, DCAT, DCTERMS, EM, RDF, base
from tests.data_tests.curated import described, number, of_type, one, ours


def test_a_reported_voxel_count_is_the_product_of_its_grid() -> None:
    volumes = [node for node, facts in described().items() if facts[EM.voxelCountReported]]
    assert len(volumes) >= 7
    for node in volumes:
        x, y, z = (int(number(node, axis)) for axis in (EM.gridX, EM.gridY, EM.gridZ))
        assert int(one(node, EM.voxelCountReported).value) == x * y * z


def test_a_grid_extent_is_grid_times_voxel() -> None:
    volumes = [node for node, facts in described().items() if EM.grid in facts[EM.extentKind]]
    assert volumes
    for node in volumes:
        for axis in "XYZ":
            micrometres = number(node, EM[f"grid{axis}"]) * number(node, EM[f"voxel{axis}"]) / 1000
            assert number(node, EM[f"extent{axis}"]) == pytest.approx(micrometres)


@pytest.mark.parametrize(
    ("dataset", "volumes", "licence"),
    [
        ("fib-25", {"fib-25"}, EM.licenceUnknown),
        ("hemibrain", {"hemibrain"}, EM.licenceKnown),
        ("mitoem", {"mitoem-r", "mitoem-h"}, EM.licenceKnown),
        ("nucmm", {"nucmm-z", "nucmm-m"}, EM.licenceKnown),
    ],
)
def test_a_dataset_of_the_reference_list_is_described_whole(
    dataset: str, volumes: set[str], licence: NamedNode
) -> None:
    facts = described()[ours(f"dataset/{dataset}")]
    assert {node.value.rsplit("/", 1)[1] for node in facts[EM.hasVolume]} == volumes
    assert facts[CITO.isDocumentedBy] and facts[DCAT.distribution] and facts[EM.licenceStatus] == [licence]
    for node in facts[EM.hasVolume]:
        assert isinstance(node, NamedNode)
        sample, acquisition = one(node, EM.hasSample), one(node, EM.acquiredBy)
        assert isinstance(sample, NamedNode) and isinstance(acquisition, NamedNode)
        assert one(sample, EM.taxon) and described()[sample][EM.region] and described()[acquisition][RDF.type]


def test_the_mouse_half_of_nucmm_is_no_electron_microscopy() -> None:
    assert one(ours("acquisition/nucmm-m"), RDF.type) == EM.XRayMicroCT


def test_an_access_point_is_complete_and_its_host_is_known() -> None:
    hosts = of_type(EM.Host)
    points = of_type(EM.AccessPoint)
    assert len(points) >= 15
    for node in points:
        assert isinstance(one(node, DCAT.accessURL), NamedNode)
        assert one(node, EM.host) in hosts
        assert one(node, EM.accessRole)
        assert len(described()[node][DCTERMS.license]) <= 1
    linked = {point for facts in described().values() for point in facts[DCAT.distribution]}
    assert set(points) <= linked


def test_a_licence_is_stated_exactly_where_it_is_known() -> None:
    for node, facts in described().items():
        if facts[EM.licenceStatus]:
            assert (facts[EM.licenceStatus] == [EM.licenceKnown]) == bool(facts[DCTERMS.license]), node


def test_what_curation_says_of_a_row_is_said_of_the_rows_own_iris() -> None:
    rows = {node.value.removeprefix(base()) for node, facts in described().items() if not facts[RDF.type]}
    assert {"id/dataset/h01", "id/volume/j0126", "id/sample/microns-l23", "id/distribution/microns-mm3-zenodo"} <= rows
