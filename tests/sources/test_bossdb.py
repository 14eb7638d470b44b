"""BossDB: the example; the answers of the Boss API replayed; what is not of electrons; malformed answers.

The shapes of the answers are those of jhuapl-boss/boss (django/bosscore/serializers.py); the names in them are made up.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emkg.model import Dataset, Fault, Record
from emkg.sources.bossdb import BossDb
from tests.sources.fuzz import assert_sound, broken
from tests.sources.replay import site

SOURCE = BossDb()
FRAME = {
    "name": "frame_of_nowhere",
    "description": "",
    "x_start": 100,
    "x_stop": 1100,
    "y_start": 0,
    "y_stop": 500,
    "z_start": -10,
    "z_stop": 90,
    "x_voxel_size": 4.0,
    "y_voxel_size": 4.0,
    "z_voxel_size": 0.04,
    "voxel_unit": "nanometers",
}
EXPERIMENT = {
    "channels": ["em", "seg"],
    "name": "Volume_1",
    "public": True,
    "description": "",
    "collection": "nowhere2020",
    "coord_frame": "frame_of_nowhere",
    "num_hierarchy_levels": 7,
    "hierarchy_method": "anisotropic",
    "num_time_samples": 1,
    "time_step": None,
    "time_step_unit": "",
    "creator": "somebody",
}


def channel(name: str, **fields: Any) -> dict[str, Any]:
    made = {
        "name": name,
        "public": True,
        "description": "",
        "experiment": "Volume_1",
        "default_time_sample": 0,
        "type": "image",
    }
    made |= {
        "base_resolution": 0,
        "datatype": "uint8",
        "creator": "somebody",
        "sources": [],
        "downsample_status": "DOWNSAMPLED",
    }
    return made | {"related": [], "storage_type": "spdb", "bucket": None, "cv_path": None} | fields


PAGES: dict[str, Any] = {
    "v1/collection/": {"collections": ["nowhere2020", "gone"]},
    "v1/collection/nowhere2020/": {
        "name": "nowhere2020",
        "public": True,
        "description": "",
        "experiments": ["Volume_1"],
    },
    "v1/collection/nowhere2020/experiment/Volume_1/": EXPERIMENT,
    "v1/collection/nowhere2020/experiment/Volume_1/channel/em/": channel(
        "em", storage_type="cloudvol", bucket="bossdb-open-data", cv_path="/nowhere2020/Volume_1/em"
    ),
    "v1/collection/nowhere2020/experiment/Volume_1/channel/seg/": channel("seg", type="annotation", datatype="uint64"),
    "v1/coord/frame_of_nowhere/": FRAME,
}


def harvested(pages: dict[str, Any]) -> list[Record | Fault]:
    with site(pages) as served:
        served.address += "v1/"
        return list(SOURCE.live(served))


def one(body: Any) -> Dataset:
    (dataset,) = SOURCE.read(Record("x", "x.json", "", body)).datasets
    return dataset


def test_the_example_as_a_dataset() -> None:
    dataset = one(SOURCE.example.body)
    (volume,) = dataset.volumes
    assert (dataset.slug, dataset.title) == ("bossdb-microns-pinky100", "microns/pinky100")
    assert volume.voxel and volume.acquisition and dataset.deposit
    assert (volume.voxel.x, volume.voxel.y, volume.voxel.z) == (4, 4, 40)
    assert volume.acquisition.techniques == ("emkg:ElectronMicroscopy",)
    assert dataset.deposit.landing_page == "https://bossdb.org/project/microns-pinky"
    assert dataset.deposit.licence is None
    assert {point.url: point.role for point in dataset.access_points} == {
        "https://api.bossdb.io/v1/mgmt/resources/microns/pinky100": "metadataRecord",
        "bossdb://microns/pinky100/em": "rawImage",
    }


def test_the_api_is_walked_from_the_list_to_the_channels() -> None:
    fault, record = sorted(harvested(PAGES), key=lambda found: isinstance(found, Record))
    assert isinstance(fault, Fault) and "gone" in fault.path and fault.reason == "HTTP 404"
    assert isinstance(record, Record) and record.key == "nowhere2020/Volume_1"
    dataset = one(record.body)
    grid, voxel = dataset.volumes[0].grid, dataset.volumes[0].voxel
    assert grid and (grid.x, grid.y, grid.z) == (1000, 500, 100)
    assert voxel and str(voxel.z) == "0.04"
    points = {point.url: point for point in dataset.access_points}
    assert points["bossdb://nowhere2020/Volume_1/seg"].role == "segmentation"
    assert points["bossdb://nowhere2020/Volume_1/em"].level_count == 7
    bucket = points["s3://bossdb-open-data/nowhere2020/Volume_1/em"]
    assert (bucket.role, bucket.file_format, bucket.voxel_type) == (
        "rawImage",
        "formatNeuroglancerPrecomputed",
        "uint8",
    )


@pytest.mark.parametrize("answer", [500, b"<html>", [], {"collections": "nowhere2020"}, {"detail": "no"}, b"\xff\xfe{"])
def test_an_answer_that_is_none_is_told(answer: Any) -> None:
    (fault,) = harvested(PAGES | {"v1/collection/": answer})
    assert isinstance(fault, Fault) and fault.reason


@pytest.mark.parametrize("page", [page for page in PAGES if "channel" in page or "coord" in page])
def test_what_cannot_be_had_leaves_the_rest(page: str) -> None:
    found = harvested(PAGES | {page: 503})
    (record,) = [record for record in found if isinstance(record, Record)]
    assert len([fault for fault in found if isinstance(fault, Fault)]) == 2
    assert SOURCE.read(record).datasets or "em" in page


def test_what_nothing_says_to_be_of_electrons_is_refused() -> None:
    body = {"experiment": EXPERIMENT | {"channels": ["nissl"]}, "coord_frame": FRAME, "channels": [channel("nissl")]}
    reading = SOURCE.read(Record("x", "x.json", "", body))
    assert reading.datasets == ()
    assert reading.faults[0].reason == "nothing says that it was imaged by electrons"


def test_a_saved_list_is_read_as_the_answers_were(tmp_path: Path) -> None:
    bodies = [SOURCE.example.body, {"experiment": {}}]
    (tmp_path / "saved.json").write_text(json.dumps(bodies), encoding="utf-8")
    first, second = SOURCE.records(tmp_path)
    assert isinstance(first, Record) and (first.key, first.pointer) == ("microns/pinky100", "/0")
    assert isinstance(second, Record) and second.key == "saved.json 1"


@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_damage_makes_an_invalid_triple(data: st.DataObject) -> None:
    whole = {
        "experiment": EXPERIMENT,
        "coord_frame": FRAME,
        "channels": [PAGES[page] for page in PAGES if "channel" in page],
    }
    assert_sound(SOURCE, data.draw(broken(Record("x", "x.json", "", copy.deepcopy(whole)), most=12)))
