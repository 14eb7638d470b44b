"""The crops of the CellMap Segmentation Challenge: sub-volumes of the volumes of OpenOrganelle, and broken manifests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from emkg.model import Dataset, Fault, Record, RecordReading
from emkg.paths import data_dir
from emkg.sources.cellmap_challenge import CellMapChallenge

SOURCE = CellMapChallenge()
CORPUS = Path(os.environ.get("EMKG_CORPORA", data_dir().parent.parent / "shared")) / "corpora" / "cellmap-challenge"
CROP = SOURCE.example.body["crops"][0]


def example(*crops: Any, **changed: Any) -> RecordReading:
    body = SOURCE.example.body | {"crops": list(crops)} | changed
    return SOURCE.read(Record("jrc_mus-nacc-1", "manifest.csv", "/283", body))


def only(reading: RecordReading) -> Dataset:
    (dataset,) = reading.datasets
    return dataset


def test_the_example() -> None:
    dataset = only(SOURCE.read(SOURCE.example))
    whole, crop = dataset.volumes
    assert (dataset.slug, dataset.title) == ("cellmap-challenge-jrc-mus-nacc-1", "jrc_mus-nacc-1")
    assert (crop.slug, crop.title, crop.sub_volume_of) == (
        f"{whole.slug}-crop-115",
        "jrc_mus-nacc-1 crop 115",
        whole.slug,
    )
    assert whole.acquisition and crop.acquisition is None  # it takes that of the whole
    assert [(point.role, point.file_format) for point in dataset.access_points] == [
        ("groundTruth", "formatZarr"),
        ("rawImage", "formatZarr"),
        ("viewer", ""),
    ]
    assert dataset.deposit and dataset.deposit.related_accessions == ("jrc_mus-nacc-1",)


def test_the_real_manifest() -> None:
    if not CORPUS.exists():
        pytest.skip("no corpora/cellmap-challenge: set EMKG_CORPORA to the folder that holds corpora/")
    readings = [SOURCE.read(one) for one in SOURCE.records(CORPUS) if isinstance(one, Record)]
    datasets = [only(reading) for reading in readings]
    assert not [fault for reading in readings for fault in reading.faults]
    assert len(datasets) > 15
    assert sum(len(dataset.volumes) - 1 for dataset in datasets) > 200
    for dataset in datasets:
        roles = [point.role for point in dataset.access_points]
        assert roles.count("rawImage") == 1 and roles.count("groundTruth") == len(dataset.volumes) - 1


def test_images_of_several_crops_are_one_address() -> None:
    other = CROP | {"crop_number": "116", "crop_url": CROP["crop_url"].replace("115", "116")}
    dataset = only(example(CROP, other))
    assert [point.role for point in dataset.access_points] == ["groundTruth", "rawImage", "groundTruth", "viewer"]


@pytest.mark.parametrize("number", [None, "", "??", ["1"]])
def test_a_crop_without_a_number_is_left_out_with_a_reason(number: Any) -> None:
    reading = example(CROP, CROP | {"crop_number": number})
    assert len(only(reading).volumes) == 2
    assert "no number of a crop" in {fault.reason for fault in reading.faults}


@pytest.mark.parametrize("crops", [None, [], ["x"], [None], "text"])
def test_a_volume_without_crops_is_still_one(crops: Any) -> None:
    assert len(only(example(crops=crops)).volumes) == 1


@pytest.mark.parametrize("name", [None, "", "?", {"a": 1}])
def test_a_volume_without_a_name_is_rejected(name: Any) -> None:
    reading = example(CROP, collection=name)
    assert not reading.datasets and "no name of a volume" in {fault.reason for fault in reading.faults}


def test_the_views_may_lie_in_another_folder(tmp_path: Path) -> None:
    """As in the public repository."""
    for folder in ("src", "docs"):
        (tmp_path / folder).mkdir()
    (tmp_path / "src/manifest.csv").write_text("crop_number,collection\n1,a\n", encoding="utf-8")
    views = tmp_path / "docs/SegmentationChallengeWithNeuroglancerURLs_all_20241211.csv"
    views.write_text("collection,url\na,https://v.org/a\n", encoding="utf-8")
    (record,) = SOURCE.records(tmp_path)
    assert isinstance(record, Record) and record.path == "src/manifest.csv"
    assert [point.url for point in only(SOURCE.read(record)).access_points] == ["https://v.org/a"]


def test_a_broken_manifest(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text(
        "crop_number,collection,alignment,crop_url,em_url\n1,a,r,s3://b/1,s3://b/em\n2,a\n3\n4,a,r,s,e,f\n",
        encoding="utf-8",
    )
    (tmp_path / "SegmentationChallengeWithNeuroglancerURLs_all_s3.csv").write_text(
        "collection,url\na,https://v.org/a\nb,c,d\n", encoding="utf-8"
    )
    found = list(SOURCE.records(tmp_path))
    assert [type(one) for one in found] == [Fault, Fault, Record, Record]
    first = next(one for one in found if isinstance(one, Record))
    dataset = only(SOURCE.read(first))
    assert len(dataset.volumes) == 3 and dataset.access_points[-1].url == "https://v.org/a"
