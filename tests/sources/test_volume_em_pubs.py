"""The table of published volumes: units in the second row, techniques of two columns, papers by their number, and broken rows."""

from __future__ import annotations

import copy
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from emkg.model import Dataset, Fault, Record, RecordReading
from emkg.paths import data_dir
from emkg.sources.volume_em_pubs import VolumeEmPubs

SOURCE = VolumeEmPubs()
CORPUS = Path(os.environ.get("EMKG_CORPORA", data_dir().parent.parent / "shared")) / "corpora" / "volume-em-pubs"
HEAD = "dataset_name,number_sections,section_thickness,section_dimension_x,section_dimension_y,calculated_z,reference_number,"
HEAD += "publication_year,lastname_firstauthor,publication_reference\n"


@pytest.fixture(scope="module")
def readings() -> list[RecordReading]:
    if not CORPUS.exists():
        pytest.skip("no corpora/volume-em-pubs: set EMKG_CORPORA to the folder that holds corpora/")
    return [SOURCE.read(one) for one in SOURCE.records(CORPUS) if isinstance(one, Record)]


def example(part: str = "row", **changed: Any) -> RecordReading:
    body = copy.deepcopy(SOURCE.example.body)
    body[part] |= changed
    return SOURCE.read(Record(SOURCE.example.key, "volume_em_data.csv", "/19", body))


def only(reading: RecordReading) -> Dataset:
    (dataset,) = reading.datasets
    return dataset


def test_the_example() -> None:
    dataset = only(SOURCE.read(SOURCE.example))
    (volume,), (paper,) = dataset.volumes, dataset.papers
    assert (dataset.slug, dataset.title) == ("volume-em-pubs-kasthuri-2015-21", "Kasthuri 2015")
    assert volume.voxel and (volume.voxel.x, volume.voxel.y, volume.voxel.z) == (3, 3, 30)
    assert volume.extent and (volume.extent.x, volume.extent.y, volume.extent.z) == (40, 40, Decimal("49.996"))
    assert (volume.section_count, volume.section_thickness, volume.total_volume) == (1724, 29, Decimal("79993.6"))
    assert volume.section_thickness.at == "/19/row/section_thickness /19/units/section_thickness"  # type: ignore[union-attr]
    assert volume.acquisition and volume.acquisition.techniques == ("emkg:ATUMSEM",)  # SEM of sections on ATUM tape
    assert volume.stated_technique == "SEM"
    assert (paper.doi, paper.title) == (
        "10.1016/j.cell.2015.06.054",
        "Saturated Reconstruction of a Volume of Neocortex",
    )
    assert (paper.first_author, paper.year, paper.pubmed_id) == ("Kasthuri", 2015, "26232230")


def test_the_row_of_units_is_no_volume(readings: list[RecordReading]) -> None:
    assert len(readings) >= 30
    assert all(len(reading.datasets) == 1 and not reading.faults for reading in readings)
    assert all(reading.record.body["units"]["section_thickness"] == "um" for reading in readings)


def test_nearly_every_paper_has_its_doi(readings: list[RecordReading]) -> None:
    without = [only(reading).slug for reading in readings if not only(reading).papers[0].doi]
    assert without in ([], ["volume-em-pubs-spacek-1974-14"])  # J Anat. 1974 has none in the list


def test_lengths_are_of_the_unit_that_their_column_has() -> None:
    (volume,) = only(example("units", section_thickness="nm")).volumes
    assert volume.section_thickness == Decimal("0.029")


@pytest.mark.parametrize("unit", ["", "inch", None, 7])
def test_a_length_whose_unit_is_not_known_is_left_out(unit: Any) -> None:
    reading = example("units", section_thickness=unit, calculated_volume=unit)
    (volume,) = only(reading).volumes
    assert volume.section_thickness is None and volume.total_volume is None
    assert reading.faults


def test_two_sides_make_no_extent() -> None:
    (volume,) = only(example(calculated_z="")).volumes
    assert volume.extent is None


@pytest.mark.parametrize(
    ("method", "pickup", "substrate", "techniques"),
    [
        ("TEM", "ribbon", "1mm x 2mm slot grid", ("emkg:TEM",)),
        ("TEMCA", "ATUM", "GridTape", ("emkg:TEMCA", "emkg:GridTapeTEM")),
        ("tSEM", "ribbon", "slot grid", ("emkg:STEM",)),
        ("SBFSEM", "none", "none", ("emkg:SBFSEM",)),
        ("a new method", "ATUM", "", ()),
    ],
)
def test_the_technique_is_of_method_and_support(
    method: str, pickup: str, substrate: str, techniques: tuple[str, ...]
) -> None:
    (volume,) = only(example(imaging_method=method, pickup_method=pickup, substrate_type=substrate)).volumes
    assert volume.acquisition and volume.acquisition.techniques == techniques
    assert volume.stated_technique == method


def test_a_row_without_name_and_author_is_rejected() -> None:
    reading = example(dataset_name="", lastname_firstauthor="")
    assert not reading.datasets and reading.faults[0].reason == "neither a name nor an author"


def test_a_table_without_units_and_references(tmp_path: Path) -> None:
    rows = "a,3,0.05,1,1,1,,2001,Roe,A title. J. 1\na,3,0.05,1,1,1,,2001,Roe,A title. J. 1\nb,x,1,,,,9,20,,\n1,2,3,4,5,6,7,8,9,10,11\n"
    (tmp_path / "volume_em_data.csv").write_text(HEAD + rows, encoding="utf-8-sig")
    found = list(SOURCE.records(tmp_path))
    assert [type(one) for one in found] == [Record, Record, Record, Fault]
    keys = [one.key for one in found if isinstance(one, Record)]
    assert len(set(keys)) == 3
    first = SOURCE.read(found[0])  # type: ignore[arg-type]
    assert only(first).papers[0].title == "A title" and only(first).volumes[0].section_thickness is None
