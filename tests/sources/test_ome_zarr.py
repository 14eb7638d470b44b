"""OME-Zarr: every version of the metadata; units, orders and transformations; containers and mirrors; malformed documents."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emkg.model import Dataset, Fault, Record
from emkg.sources.ome_zarr import OmeZarr
from emkg.stated import place
from tests.sources.fuzz import assert_sound, broken
from tests.sources.loopback import site

SOURCE = OmeZarr()
ADDRESS = "https://images.example.org/cell.zarr"
AXES = [{"name": axis, "type": "space", "unit": "micrometer"} for axis in "zyx"]
LEVELS = [
    {"path": "s0", "coordinateTransformations": [{"type": "scale", "scale": [0.04, 0.004, 0.004]}]},
    {"path": "s1", "coordinateTransformations": [{"type": "scale", "scale": [0.04, 0.008, 0.008]}]},
]
OLD: dict[str, Any] = {"multiscales": [{"version": "0.4", "name": "em", "axes": AXES, "datasets": LEVELS}]}
ARRAY = {"shape": [200, 3000, 4000], "dtype": "|u1", "zarr_format": 2}


def record(group: Any, arrays: Any = None, **more: Any) -> Record:
    body = {"address": ADDRESS, "group": group, "arrays": arrays if arrays is not None else {"s0": ARRAY}} | more
    return Record(ADDRESS, "cell.zarr/.zattrs", "", body)


def one(found: Record) -> Dataset:
    (dataset,) = SOURCE.read(found).datasets
    return dataset


def changed(**fields: Any) -> dict[str, Any]:
    body = copy.deepcopy(OLD)
    body["multiscales"][0] |= fields
    return body


def test_the_example_in_nanometres_and_with_channels() -> None:
    (volume,) = one(SOURCE.example).volumes
    assert volume.voxel and (volume.voxel.x, volume.voxel.y, volume.voxel.z) == (Decimal("11.24"), Decimal("11.24"), 28)


def test_version_4_in_micrometres() -> None:
    dataset = one(record(OLD))
    (point,), (volume,) = dataset.access_points, dataset.volumes
    assert (dataset.slug, dataset.title) == ("ome-zarr-images-example-org-cell-zarr", "em")
    assert volume.voxel and volume.grid and point.scale
    assert (volume.voxel.x, volume.voxel.z) == (point.scale.x, point.scale.z) == (4, 40)
    assert (volume.grid.x, volume.grid.y, volume.grid.z) == (4000, 3000, 200)
    assert (point.ngff_version, point.axes, point.level_count) == ("0.4", "z y x", 2)
    assert (point.url, point.voxel_type, point.role) == (ADDRESS, "uint8", "rawImage")
    assert place(point.scale.x) == "/group/multiscales/0/datasets/0/coordinateTransformations/0/scale/2"


def test_version_5_lies_below_attributes() -> None:
    inside = copy.deepcopy(OLD)
    del inside["multiscales"][0]["version"]
    group = {"zarr_format": 3, "node_type": "group", "attributes": {"ome": {"version": "0.5"} | inside}}
    dataset = one(record(group, {"s0": {"shape": [200, 3000, 4000], "data_type": "uint16"}}))
    assert (dataset.access_points[0].ngff_version, dataset.access_points[0].voxel_type) == ("0.5", "uint16")
    assert dataset.volumes[0].voxel and dataset.volumes[0].voxel.z == 40


def newer(transformation: dict[str, Any]) -> dict[str, Any]:
    systems = [{"name": "other", "axes": [{"name": "q"}]}, {"name": "physical", "axes": AXES}]
    levels = [{"path": "s0", "coordinateTransformations": [{"input": "s0", "output": "physical"} | transformation]}]
    multiscales = [{"name": "em", "coordinateSystems": systems, "datasets": levels}]
    multiscales[0]["coordinateTransformations"] = [{"type": "affine", "input": "physical", "output": "other"}]
    return {"zarr_format": 3, "attributes": {"ome": {"version": "0.6", "multiscales": multiscales}}}


SCALE = {"type": "scale", "scale": [0.04, 0.004, 0.004]}
SHIFT = {"type": "translation", "translation": [1, 2, 3]}


@pytest.mark.parametrize("transformation", [SCALE, {"type": "sequence", "transformations": [SCALE, SHIFT]}])
def test_version_6_has_systems_of_coordinates(transformation: dict[str, Any]) -> None:
    reading = SOURCE.read(record(newer(transformation)))
    (point,) = reading.datasets[0].access_points
    assert reading.faults == ()
    assert point.scale and (point.scale.x, point.scale.z, point.ngff_version) == (4, 40, "0.6")
    assert (point.translation.x if point.translation else None) == (
        3000 if "transformations" in transformation else None
    )


@pytest.mark.parametrize("kind", ["affine", "rotation", "displacements", "mapAxis", "scale", None, 7])
def test_a_transformation_that_is_not_understood_gives_no_scale(kind: Any) -> None:
    reading = SOURCE.read(record(newer({"type": kind, "path": "elsewhere"})))
    (dataset,) = reading.datasets
    assert dataset.volumes[0].voxel is None and dataset.access_points[0].scale is None
    assert [fault.reason[:16] for fault in reading.faults] == ["a transformation"]


def test_transformations_are_composed_in_their_order() -> None:
    """Those of the level come first, those of the multiscale after (https://ngff.openmicroscopy.org/0.4/#multiscale-md)."""
    level = [{"path": "s0", "coordinateTransformations": [SCALE, SHIFT]}]
    above = [{"type": "scale", "scale": [1, 2, 0.5]}, {"type": "translation", "translation": [0, 10, 0]}]
    (point,) = one(record(changed(datasets=level, coordinateTransformations=above))).access_points
    assert point.scale and point.translation
    assert (point.scale.x, point.scale.y, point.scale.z) == (2, 8, 40)
    assert (point.translation.x, point.translation.y, point.translation.z) == (1500, 14000, 1000)
    assert len(place(point.scale.y).split()) == 2


@pytest.mark.parametrize("unit", [None, "second", "", 7, "parsec"])
def test_a_number_without_a_unit_of_length_is_no_length(unit: Any) -> None:
    axes = [{"name": axis, "type": "space", "unit": unit} for axis in "zyx"]
    dataset = one(record(changed(axes=axes)))
    assert dataset.volumes[0].voxel is None and dataset.access_points[0].scale is None
    assert dataset.volumes[0].grid is not None


def test_version_3_names_its_axes_by_texts_and_has_no_scale() -> None:
    dataset = one(record(changed(version="0.3", axes=["z", "y", "x"], datasets=[{"path": "s0"}])))
    assert dataset.volumes[0].voxel is None and dataset.volumes[0].grid is not None
    assert dataset.access_points[0].ngff_version == "0.3"


def test_time_and_channels_are_no_lengths() -> None:
    axes = [{"name": "t", "type": "time", "unit": "second"}, {"name": "c", "type": "channel"}, *AXES]
    levels = [{"path": "0", "coordinateTransformations": [{"type": "scale", "scale": [5, 1, 0.04, 0.004, 0.004]}]}]
    dataset = one(
        record(changed(axes=axes, datasets=levels), {"0": {"shape": [1, 2, 200, 3000, 4000], "dtype": "<u2"}})
    )
    volume, point = dataset.volumes[0], dataset.access_points[0]
    assert volume.voxel and volume.grid and (volume.voxel.x, volume.grid.z) == (4, 200)
    assert (point.axes, point.voxel_type) == ("t c z y x", "uint16")


def test_a_mirrored_axis_and_a_label() -> None:
    levels = [{"path": "s0", "coordinateTransformations": [{"type": "scale", "scale": [0.04, -0.004, 0.004]}]}]
    (point,) = one(record(changed(datasets=levels) | {"image-label": {"version": "0.4"}})).access_points
    assert point.scale and (point.scale.y, point.mirrored_axes, point.role) == (4, ("y",), "segmentation")


@pytest.mark.parametrize("group", [{}, {"plate": {}}, {"multiscales": []}, {"multiscales": "x"}, [], None, 7])
def test_what_holds_no_images_says_so(group: Any) -> None:
    reading = SOURCE.read(record(group))
    assert reading.datasets == ()
    assert reading.faults[-1].reason.startswith("no multiscales")


def test_a_mirror_of_the_web_tells_the_address(tmp_path: Path) -> None:
    for name, body in {".zattrs": OLD, "s0/.zarray": ARRAY, "s0/.zattrs": {}}.items():
        file = tmp_path / "images.example.org" / "cell.zarr" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(body), encoding="utf-8")
    (found,) = SOURCE.records(tmp_path)
    assert isinstance(found, Record) and found.key == ADDRESS
    assert one(found).access_points[0].grid is not None
    (found,) = SOURCE.records(tmp_path / "images.example.org" / "cell.zarr" / ".zattrs")
    assert isinstance(found, Record) and one(found).access_points == ()


@pytest.mark.parametrize("path", ["/etc", "../..", "http://elsewhere.example.org/s0", "s0\0", "", 7])
def test_a_path_that_leads_elsewhere_is_not_followed(tmp_path: Path, path: Any) -> None:
    group = changed(datasets=[{"path": path}])
    (tmp_path / ".zattrs").write_text(json.dumps(group), encoding="utf-8")
    (found,) = SOURCE.records(tmp_path)
    assert isinstance(found, Record) and found.body["arrays"] == {}
    with site({".zattrs": group}) as served:
        (told,) = SOURCE.live(served)
    assert isinstance(told, Record) and told.body["arrays"] == {}
    assert served.asked == ["zarr.json", ".zattrs"]


def test_saved_records_and_broken_files(tmp_path: Path) -> None:
    (tmp_path / "saved.json").write_text(json.dumps(record(OLD).body), encoding="utf-8")
    (tmp_path / "zarr.json").write_text("{", encoding="utf-8")
    (tmp_path / "other.json").write_text("[]", encoding="utf-8")
    found, fault = SOURCE.records(tmp_path)
    assert isinstance(found, Record) and one(found).title == "em"
    assert isinstance(fault, Fault) and fault.path == "zarr.json"


def test_over_http_an_old_container_and_its_array() -> None:
    with site({"a/cell.zarr/.zattrs": OLD, "a/cell.zarr/s0/.zarray": ARRAY}) as served:
        served.address += "a/cell.zarr/"
        (found,) = SOURCE.live(served)
    assert isinstance(found, Record) and found.key == served.address.rstrip("/")
    assert one(found).volumes[0].grid is not None


def test_over_http_a_new_container() -> None:
    group, array = newer(SCALE), {"shape": [200, 3000, 4000], "data_type": "float32", "zarr_format": 3}
    with site({"x.zarr/zarr.json": group, "x.zarr/s0/zarr.json": array}) as served:
        served.address += "x.zarr/"
        (found,) = SOURCE.live(served)
    assert isinstance(found, Record)
    assert one(found).access_points[0].voxel_type == "float32"


def test_over_http_the_series_of_bioformats2raw() -> None:
    pages = {
        "x.zarr/.zattrs": {"bioformats2raw.layout": 3},
        "x.zarr/OME/.zattrs": {"series": ["0", "1"]},
        "x.zarr/0/.zattrs": OLD,
        "x.zarr/0/s0/.zarray": ARRAY,
        "x.zarr/1/.zattrs": OLD,
        "x.zarr/1/s0/.zarray": 500,
    }
    with site(pages) as served:
        served.address += "x.zarr/"
        first, fault, second = SOURCE.live(served)
    assert isinstance(first, Record) and isinstance(second, Record) and isinstance(fault, Fault)
    assert (first.key[-2:], second.key[-2:], fault.reason) == ("/0", "/1", "HTTP 500")
    assert one(first).volumes[0].grid and one(second).volumes[0].grid is None


@pytest.mark.parametrize(
    "pages", [{}, {".zattrs": b"{"}, {"zarr.json": []}, {"zarr.json": {"attributes": {}}}, {".zattrs": 403}]
)
def test_over_http_what_is_no_container_is_told(pages: dict[str, Any]) -> None:
    with site(pages) as served:
        (fault,) = SOURCE.live(served)
    assert isinstance(fault, Fault) and fault.reason


@given(
    data=st.data(),
    group=st.sampled_from([OLD, newer(SCALE), newer({"type": "sequence", "transformations": [SCALE, SHIFT]})]),
)
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_damage_makes_an_invalid_triple(data: st.DataObject, group: dict[str, Any]) -> None:
    assert_sound(SOURCE, data.draw(broken(record(copy.deepcopy(group)), most=12)))
