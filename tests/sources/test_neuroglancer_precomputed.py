"""Neuroglancer precomputed: the example; offsets, meshes and scales; mirrors, saved records and HTTP; malformed documents."""

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
from emkg.sources.neuroglancer_precomputed import NeuroglancerPrecomputed
from emkg.stated import place
from tests.sources.fuzz import assert_sound, broken
from tests.sources.replay import site

SOURCE = NeuroglancerPrecomputed()
INFO: dict[str, Any] = {
    "@type": "neuroglancer_multiscale_volume",
    "type": "image",
    "data_type": "uint8",
    "num_channels": 1,
    "scales": [
        {
            "key": "4_4_40",
            "size": [10000, 8000, 300],
            "resolution": [4, 4.5, 40],
            "voxel_offset": [1000, -20, 0],
            "chunk_sizes": [[64, 64, 64]],
            "encoding": "jpeg",
        },
        {"key": "8_8_40", "size": [5000, 4000, 300], "resolution": [8, 9, 40], "voxel_offset": [500, -10, 0]},
    ],
}


def record(info: Any, address: str = "precomputed://gs://bucket-of-nowhere/em/") -> Record:
    return Record(address, "info", "", {"address": address, "info": info})


def one(found: Record) -> Dataset:
    (dataset,) = SOURCE.read(found).datasets
    return dataset


def test_the_example_is_the_segmentation_of_the_hemibrain() -> None:
    dataset = one(SOURCE.example)
    (volume,), (point,) = dataset.volumes, dataset.access_points
    assert dataset.title == "segmentation"
    assert volume.voxel and volume.grid and (volume.voxel.x, volume.grid.x) == (8, 34432)
    assert (point.role, point.voxel_type, point.host) == ("segmentation", "uint64", "google-storage")


def test_resolution_in_nanometres_and_the_place_of_the_first_voxel() -> None:
    (point,) = one(record(INFO)).access_points
    assert point.url == "gs://bucket-of-nowhere/em"
    assert point.scale and point.translation and point.grid
    assert (point.scale.x, point.scale.y, point.scale.z) == (4, Decimal("4.5"), 40)
    assert (point.translation.x, point.translation.y, point.translation.z) == (4000, -90, 0)
    assert (point.grid.x, point.grid.y, point.grid.z) == (10000, 8000, 300)
    assert (point.axes, point.level_count, point.role, point.voxel_type) == ("x y z", 2, "rawImage", "uint8")
    assert place(point.translation.y).split() == ["/info/scales/0/voxel_offset/1", "/info/scales/0/resolution/1"]


def test_meshes_lie_beside_the_voxels() -> None:
    points = one(record(INFO | {"type": "segmentation", "mesh": "mesh_mip_2"})).access_points
    assert [(point.url, point.role) for point in points] == [
        ("gs://bucket-of-nowhere/em", "segmentation"),
        ("gs://bucket-of-nowhere/em/mesh_mip_2", "meshes"),
    ]
    assert len(one(record(INFO | {"mesh": "../../elsewhere"})).access_points) == 1


@pytest.mark.parametrize(
    "info", [{"@type": "neuroglancer_multilod_draco"}, {"scales": []}, {"scales": ["x"]}, {"scales": {}}, [], None]
)
def test_what_is_no_volume_says_so(info: Any) -> None:
    reading = SOURCE.read(record(info))
    assert reading.datasets == ()
    assert reading.faults[-1].reason.startswith("no scales")


def test_a_mirror_a_saved_record_and_a_broken_file(tmp_path: Path) -> None:
    folder = tmp_path / "storage.example.org" / "bucket" / "em"
    folder.mkdir(parents=True)
    (folder / "info").write_text(json.dumps(INFO), encoding="utf-8")
    (tmp_path / "saved.json").write_text(json.dumps(record(INFO).body), encoding="utf-8")
    (tmp_path / "broken.json").write_text("[", encoding="utf-8")
    fault, saved, mirrored = SOURCE.records(tmp_path)
    assert isinstance(fault, Fault) and isinstance(saved, Record) and isinstance(mirrored, Record)
    assert mirrored.key == "https://storage.example.org/bucket/em"
    assert saved.key == "precomputed://gs://bucket-of-nowhere/em/"
    assert one(mirrored).title == one(saved).title == "em"


def test_over_http() -> None:
    with site({"b/em/info": INFO}) as served:
        served.address += "b/em/"
        (found,) = SOURCE.live(served)
    assert isinstance(found, Record)
    assert one(found).access_points[0].url == served.address.rstrip("/")


@pytest.mark.parametrize("answer", [404, 500, b"<html>", b""])
def test_over_http_what_is_no_info_is_told(answer: Any) -> None:
    with site({"info": answer}) as served:
        (fault,) = SOURCE.live(served)
    assert isinstance(fault, Fault) and fault.reason


@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_damage_makes_an_invalid_triple(data: st.DataObject) -> None:
    assert_sound(SOURCE, data.draw(broken(record(copy.deepcopy(INFO | {"mesh": "mesh"})), most=12)))
