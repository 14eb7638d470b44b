"""The source volumes of CEM: a voxel size is the volume's own at level 0 alone; broken rows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from emkg.errors import FetchError
from emkg.model import Dataset, Fault, Record, RecordReading
from emkg.paths import data_dir
from emkg.sources.cem import Cem

SOURCE = Cem()
CORPUS = Path(os.environ.get("EMKG_CORPORA", data_dir().parent.parent / "shared")) / "corpora" / "cem-dataset"


def example(**changed: Any) -> RecordReading:
    return SOURCE.read(Record("k", "ngff_datasets.csv", "/6", SOURCE.example.body | changed))


def only(reading: RecordReading) -> Dataset:
    (dataset,) = reading.datasets
    return dataset


def test_the_example() -> None:
    dataset = only(SOURCE.read(SOURCE.example))
    (volume,) = dataset.volumes
    assert (dataset.slug, dataset.title) == ("cem-jrc-hela-21-openorganelle", "jrc_hela-21_openorganelle")
    assert volume.voxel and (volume.voxel.x, volume.voxel.y, volume.voxel.z) == (8, 8, 8)
    assert [(point.role, point.host) for point in dataset.access_points] == [
        ("landingPage", "openorganelle"),
        ("rawImage", "amazon-s3"),
    ]
    assert dataset.deposit and dataset.deposit.landing_page == "https://openorganelle.janelia.org/datasets/jrc_hela-21"


def test_at_a_coarser_level_the_voxel_size_is_the_array_s() -> None:
    dataset = only(example(mip="2", voxel_x="32"))
    assert dataset.volumes[0].voxel is None
    assert dataset.access_points[1].scale and dataset.access_points[1].scale.x == 32


@pytest.mark.parametrize(
    "changed", [{"voxel_z": ""}, {"voxel_z": "0"}, {"voxel_z": "thick"}, {"mip": ""}, {"mip": "half"}]
)
def test_a_voxel_size_that_is_not_whole_is_none(changed: dict[str, str]) -> None:
    assert only(example(**changed)).volumes[0].voxel is None


def test_addresses_at_fault_are_left_out() -> None:
    reading = example(url="openorganelle", download_url="")
    assert only(reading).access_points == ()
    assert [fault.reason for fault in reading.faults] == ["not an address"]


@pytest.mark.parametrize("name", [None, "", "unknown", "'", "日本", ["a"]])
def test_a_row_without_a_name_is_rejected(name: Any) -> None:
    reading = example(volume_name=name)
    assert not reading.datasets and "no volume name" in {fault.reason for fault in reading.faults}


def test_the_real_list() -> None:
    if not CORPUS.exists():
        pytest.skip("no corpora/cem-dataset: set EMKG_CORPORA to the folder that holds corpora/")
    readings = [SOURCE.read(one) for one in SOURCE.records(CORPUS) if isinstance(one, Record)]
    assert len(readings) >= 30
    assert all(len(reading.datasets) == 1 for reading in readings)


def test_a_broken_list(tmp_path: Path) -> None:
    (tmp_path / "ngff_datasets.csv").write_text("volume_name,url\na,b,c\nd,https://a.org/d\n", encoding="utf-8")
    assert [type(one) for one in SOURCE.records(tmp_path)] == [Fault, Record]
    with pytest.raises(FetchError):
        list(SOURCE.records(tmp_path / "absent"))
