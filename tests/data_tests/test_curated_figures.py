"""The facts read off figures: complete, inside the polygons drawn, and in step with the models fitted to them."""

from __future__ import annotations

import pytest

from emkg.rdf import NamedNode
from emkg.vocab import DCTERMS, EM
from tests.data_tests.curated import claims_about, described, number, of_type, one, ours, slug

ESTIMATES = 26
ASTERISKS = 10
DAYS_PER_MM3 = 151 / 0.25  # the caption that the seed gives: 151 days for 1 × 0.5 × 0.5 mm³


def test_the_species_table_has_its_26_rows() -> None:
    estimates = of_type(EM.BrainImagingEstimate)
    assert len(estimates) == ESTIMATES
    assert len({one(node, EM.estimateFor) for node in estimates}) == ESTIMATES
    assert sum(one(node, EM.asterisked).value == "true" for node in estimates) == ASTERISKS


@pytest.mark.parametrize("node", of_type(EM.BrainImagingEstimate), ids=slug)
def test_an_estimate_follows_its_model_or_is_claimed_not_to(node: NamedNode) -> None:
    expected = number(node, EM.brainVolumeMm3) * DAYS_PER_MM3
    agrees = abs(number(node, EM.imagingDays) / expected - 1) < 0.01
    assert agrees != bool(claims_about(node, EM.imagingDays))
    within_a_year = number(node, EM.imagingDays) <= 366
    assert (one(node, EM.asterisked).value == "true") == within_a_year or claims_about(node, EM.asterisked)


@pytest.mark.parametrize("node", of_type(EM.CapabilityRegime), ids=slug)
def test_a_regime_is_a_polygon_and_its_limits_are_those_of_its_corners(node: NamedNode) -> None:
    found = [corner for corner in described()[node][EM.hasVertex] if isinstance(corner, NamedNode)]
    corners = sorted(found, key=lambda corner: number(corner, EM.vertexOrder))
    assert [number(corner, EM.vertexOrder) for corner in corners] == list(range(1, len(corners) + 1))
    assert len(corners) >= 4
    points = [(number(corner, EM.size), number(corner, EM.voxel)) for corner in corners]
    assert number(node, EM.maxLinearSize) == max(x for x, _ in points)
    assert number(node, EM.minIsotropicVoxel) == min(y for _, y in points)
    assert number(node, EM.maxVolume) == pytest.approx(number(node, EM.maxLinearSize) ** 3, rel=0.01)
    shoelace = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True))
    assert shoelace > 0, "corners run anticlockwise, so that the polygon does not cross itself"


def test_the_power_law_gives_the_contours_it_was_fitted_to() -> None:
    law = ours("model/fib-sem-power-law")
    contours = of_type(EM.ImagingTimeContour)
    assert len(contours) == 3
    for contour in contours:
        ends = described()[contour][EM.hasVertex]
        assert len(ends) == 2
        for end in ends:
            assert isinstance(end, NamedNode)
            ratio = number(end, EM.voxel) / number(law, EM.referenceVoxel)
            per_day = number(law, EM.coefficient) * ratio ** number(law, EM.exponent)
            assert number(end, EM.vertexVolume) / per_day == pytest.approx(number(contour, EM.contourDays), rel=0.05)


def test_ten_circuits_of_the_review_and_four_boxes_of_the_talk_have_ordered_ranges() -> None:
    circuits = of_type(EM.CircuitRequirement)
    review = [node for node in circuits if one(node, DCTERMS.source).value.endswith("nmeth.2476")]
    assert (len(review), len(circuits) - len(review)) == (10, 4)
    for node in circuits:
        assert number(node, EM.requiredVoxelMin) < number(node, EM.requiredVoxelMax)
        assert number(node, EM.dimensionMin) < number(node, EM.dimensionMax)


def test_storage_lines_are_a_thousand_apart() -> None:
    samples = sorted(number(node, EM.capacitySamples) for node in of_type(EM.StorageCapacityLine))
    assert samples == [1e6, 1e9, 1e12, 1e15, 1e18, 1e21]
