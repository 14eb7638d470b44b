"""NeuroData's pages: what the example gives, the traps of the real ones, and pages that are broken."""

from __future__ import annotations

import copy
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from emkg.cursor import Cursor
from emkg.errors import FetchError
from emkg.model import Dataset, Fault, Record, RecordReading
from emkg.paths import data_dir
from emkg.sources._viewer_state import layers, plain_single, voxel_size
from emkg.sources.neurodata import NeuroData

SOURCE = NeuroData()
CORPUS = Path(os.environ.get("EMKG_CORPORA", data_dir().parent.parent / "shared")) / "corpora" / "neurodata-ocp"
OTHER = {
    "allen_atlas",
    "bigbrain",
    "branch18",
    "randlett15",
    "tomer15",
    "vladimirov14",
    "weiler14",
    "xbrain",
    "zbrain_atlas",
}


@pytest.fixture(scope="module")
def readings() -> dict[str, RecordReading]:
    if not CORPUS.exists():
        pytest.skip("no corpora/neurodata-ocp: set EMKG_CORPORA to the folder that holds corpora/")
    return {one.key: SOURCE.read(one) for one in SOURCE.records(CORPUS) if isinstance(one, Record)}


def example(**changed: Any) -> RecordReading:
    body = copy.deepcopy(SOURCE.example.body) | changed
    return SOURCE.read(Record("wanner16", "wanner16.yaml", "", body))


def only(reading: RecordReading) -> Dataset:
    (dataset,) = reading.datasets
    return dataset


def test_the_example() -> None:
    dataset = only(SOURCE.read(SOURCE.example))
    (volume,) = dataset.volumes
    assert (dataset.slug, dataset.title) == ("neurodata-wanner16", "Wanner et al. (2016)")
    assert volume.voxel and (volume.voxel.x, volume.voxel.y, volume.voxel.z) == (Decimal("9.25"), Decimal("9.25"), 25)
    assert volume.voxel.x.at == "/data/0/viz"  # type: ignore[union-attr]
    assert dataset.deposit and dataset.deposit.doi == "10.7281/t1ms3qn7"
    assert dataset.deposit.landing_page == "https://neurodata.io/data/wanner16/"
    points = {point.slug: (point.role, point.url) for point in dataset.access_points}
    assert points["neurodata-wanner16-layer-1"] == ("rawImage", "s3://open-neurodata/wanner16/AA201605/SBEM1")
    assert len(points) == 2  # the layer of the view is the one in the bucket
    (paper,) = dataset.papers
    assert (paper.first_author, paper.year, paper.title) == ("Wanner", 2016, "")


def test_the_real_pages(readings: dict[str, RecordReading]) -> None:
    assert {key for key, reading in readings.items() if not reading.datasets} == OTHER & set(readings)
    for key in OTHER & set(readings):
        assert [fault.reason for fault in readings[key].faults] == ["not electron microscopy"]


def test_patterns_for_pages_are_no_records(readings: dict[str, RecordReading]) -> None:
    assert not [key for key in readings if key.startswith("_")]


def test_each_part_of_a_page_is_a_volume(readings: dict[str, RecordReading]) -> None:
    if "kharris15" not in readings:
        pytest.skip("this copy of the corpus lacks kharris15")
    dataset = only(readings["kharris15"])
    assert [volume.slug for volume in dataset.volumes] == [
        f"neurodata-kharris15-{part}" for part in ("spine", "apical", "oblique")
    ]
    assert {point.role for point in dataset.access_points} == {"rawImage", "segmentation", "viewer"}


def test_a_voxel_of_one_nanometre_is_the_viewer_s_default(readings: dict[str, RecordReading]) -> None:
    if "acardona_0111_8" not in readings:
        pytest.skip("this copy of the corpus lacks acardona_0111_8")
    first, second = only(readings["acardona_0111_8"]).volumes
    assert first.voxel and first.voxel.x == Decimal("3.8")  # 3.799999952316284 in single precision
    assert second.voxel is None


def test_a_viewer_s_address_that_is_too_long_is_left_out_and_its_voxel_size_is_not(
    readings: dict[str, RecordReading],
) -> None:
    if "templier2019" not in readings:
        pytest.skip("this copy of the corpus lacks templier2019")
    _, second = only(readings["templier2019"]).volumes
    assert second.voxel and second.voxel.z == 50
    assert [fault.reason for fault in readings["templier2019"].faults] == ["longer than 8000 characters"]


@pytest.mark.parametrize("changed", [{"$title": None}, {"$title": ["a"]}, {"$title": "TODO"}, {"$base": "---"}])
def test_a_page_without_a_title_is_rejected_with_a_reason(changed: dict[str, Any]) -> None:
    reading = example(**changed)
    assert not reading.datasets
    assert "no title" in {fault.reason for fault in reading.faults}


def test_a_page_whose_data_are_of_light_microscopy_is_rejected() -> None:
    data = [{"name": "a", "type": "OPhys"}]
    assert not example(data=data).datasets
    assert example(data=[*data, {"name": "b", "type": "EM"}]).datasets


def test_two_parts_of_one_name_stay_two() -> None:
    item = SOURCE.example.body["data"][0]
    dataset = only(example(data=[item, item, {"name": None}]))
    assert [volume.slug.removeprefix(dataset.slug) for volume in dataset.volumes] == ["-wanner16", "-2", "-3"]
    slugs = [point.slug for point in dataset.access_points]
    assert len(slugs) == len(set(slugs))


@pytest.mark.parametrize("data", [None, [], "text", [None], [[]], {"name": "x"}, [7]])
def test_data_of_any_shape_leave_a_dataset_with_a_volume(data: Any) -> None:
    assert only(example(data=data)).volumes


def test_a_licence_is_looked_up_or_stays_as_stated() -> None:
    known = only(example(license={"name": "CC BY-NC 4.0", "link": None})).deposit
    other = only(example(license={"name": "Terms of the lab", "link": "https://a.org/terms"})).deposit
    assert known and known.licence == "cc:by-nc/4.0/" and known.stated_licence == ""
    assert other and other.licence is None and other.stated_licence == "Terms of the lab"


def test_a_hidden_page_has_no_address() -> None:
    deposit = only(example(**{"$hidden": True})).deposit
    assert deposit and deposit.landing_page == ""


def test_files_that_are_no_yaml_are_faults_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: [1,\n b: {", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("$title: B\nyear: 2010\n", encoding="utf-8")
    (tmp_path / "c.yaml").write_bytes("$title: Ünïcode\n".encode("utf-16"))
    (tmp_path / "d.yaml").write_text("- a list\n", encoding="utf-8")
    found = list(SOURCE.records(tmp_path))
    assert [type(one) for one in found] == [Fault, Record, Record, Record]
    titles = [dataset.title for one in found if isinstance(one, Record) for dataset in SOURCE.read(one).datasets]
    assert titles == ["B", "Ünïcode"]


def test_a_folder_without_pages_is_told(tmp_path: Path) -> None:
    with pytest.raises(FetchError):
        list(SOURCE.records(tmp_path))


def view(state: str) -> Cursor:
    return Cursor(f"https://viz.neurodata.io/#!{state}", "/viz", "x.yaml", [])


@pytest.mark.parametrize(
    ("state", "size"),
    [
        ('{"navigation":{"pose":{"position":{"voxelSize":[4,4,40]}}}}', (4, 4, 40)),
        ("{'navigation':{'pose':{'position':{'voxelSize':[585_585_5000]_'voxelCoordinates':[1_2_3]}}}}", (585, 585, 5000)),
        ('{"dimensions":{"x":[8e-9,"m"],"y":[8e-9,"m"],"z":[3.3e-8,"m"]}}', None),
        ("%7B%22navigation%22:%7B%22pose%22:%7B%22position%22:%7B%22voxelSize%22:%5B8%2C8%2C8%5D%7D%7D%7D%7D", (8, 8, 8)),
        ('{"navigation":{"pose":{"position":{"voxelSize":[1,1,10]}}}}', None),
        ('{"navigation":{"pose":{"position":{"voxelSize":[4,4]}}}}', None),
        ('{"navigation":', None),
        ("[1,2]", None),
        ("", None),
    ],
)  # fmt: skip
def test_the_voxel_size_of_a_view(state: str, size: tuple[int, int, int] | None) -> None:
    found = voxel_size(view(state))
    assert (found and (found.x, found.y, found.z)) == size


def test_the_layers_of_a_view() -> None:
    state = '{"layers":[{"name":"a","type":"image","source":"precomputed://https://b/c"},{"type":"segmentation","source":{"url":"precomputed://gs://d/e"}},{"source":"brainmaps://x"},7]}'
    assert [(one.name, one.kind, one.source) for one in layers(view(state))] == [
        ("a", "image", "https://b/c"),
        (None, "segmentation", "gs://d/e"),
    ]


@pytest.mark.parametrize("number", ["8", "3.58", "0.1234567890123", "123456789012345678901234567890"])
def test_a_number_that_is_not_of_single_precision_stays(number: str) -> None:
    assert plain_single(Decimal(number)) == Decimal(number)
