"""OpenOrganelle: the example maps as expected; the traps of the real metadata; malformed variants."""

from __future__ import annotations

import copy
import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emkg.errors import FetchError
from emkg.model import Dataset, Fault, Record, RecordReading
from emkg.paths import data_dir
from emkg.sources._arrays import distinct, nanometres
from emkg.sources.openorganelle import OpenOrganelle
from emkg.stated import place
from tests.sources.fuzz import assert_sound, broken

SOURCE = OpenOrganelle()
CORPUS = Path(os.environ.get("EMKG_CORPORA", data_dir().parent.parent / "shared")) / "corpora" / "openorganelle"


def read(body: Any, key: str = "jrc_hela-2") -> RecordReading:
    return SOURCE.read(Record(key, "manifest.json", "", body))


def changed(**values: Any) -> dict[str, Any]:
    """The example with values at paths such as imaging__scanRate of its metadata changed."""
    body = copy.deepcopy(SOURCE.example.body)
    for path, value in values.items():
        holder = body["metadata"]
        *above, last = path.split("__")
        for step in above:
            holder = holder[step]
        holder[last] = value
    return body


def one(body: Any) -> Dataset:
    (dataset,) = read(body).datasets
    return dataset


@pytest.fixture(scope="module")
def corpus() -> dict[str, RecordReading]:
    if not CORPUS.is_dir():
        pytest.skip("no corpora/openorganelle: set EMKG_CORPORA to the folder that holds corpora/")
    records = [record for record in SOURCE.records(CORPUS) if isinstance(record, Record)]
    return {record.key: SOURCE.read(record) for record in records}


def test_the_example_as_a_dataset() -> None:
    dataset = one(SOURCE.example.body)
    (volume,) = dataset.volumes
    assert (dataset.slug, dataset.title, dataset.alternative_titles) == (
        "openorganelle-jrc-hela-2",
        "Interphase HeLa cell",
        ("jrc_hela-2",),
    )
    assert volume.voxel and volume.extent and volume.sample and volume.acquisition and dataset.deposit
    assert (volume.voxel.x, volume.voxel.y, volume.voxel.z) == (4, 4, Decimal("5.24"))
    assert (volume.extent.x, volume.extent.y, volume.extent.z) == (48, 6, 33)
    assert (volume.sample.taxon, volume.sample.kind) == ("NCBITaxon:9606", "cell")
    assert (volume.sample.cell_lines, volume.sample.treatments) == (("CVCL:0030",), ("Wild-type",))
    assert (volume.sample.structures, volume.sample.stated_structures) == (("GO:0005783",), ())
    assert volume.acquisition.techniques == ("emkg:FIBSEM",)
    assert (volume.acquisition.bias_voltage, volume.acquisition.scan_rate) == (500, Decimal("0.1"))
    assert (volume.acquisition.beam_current, volume.acquisition.landing_energy) == (Decimal("0.25"), 900)
    assert (volume.acquisition.start_date, volume.acquisition.acquisition_days) == ("2017-06-21", 25)
    assert dataset.deposit.doi == "10.25378/janelia.13114211"
    assert dataset.deposit.related == ("https://doi.org/10.25378/janelia.13108343",)
    assert dataset.deposit.landing_page == "https://openorganelle.janelia.org/datasets/jrc_hela-2"
    assert dataset.deposit.institutions == ("HHMI/Janelia",)
    assert dataset.deposit.licence == "cc:by/4.0/"
    assert [paper.doi for paper in dataset.papers] == ["10.1038/s41586-021-03992-4", "10.1038/s41586-021-03977-3"]
    assert (dataset.papers[0].authors_as_stated, dataset.papers[0].year) == ("Xu et al.", 2021)


def test_the_arrays_of_the_example_lie_where_their_transforms_say() -> None:
    points = {
        point.slug.removeprefix("openorganelle-jrc-hela-2-"): point for point in one(SOURCE.example.body).access_points
    }
    assert {name: point.role for name, point in points.items()} == {
        "fibsem-uint8": "rawImage",
        "fibsem-uint16": "rawImage",
        "er-seg": "segmentation",
        "er-seg-mesh": "meshes",
        "er-pred": "processedImage",
        "thumbnail-picture": "previewImage",
        "dataset-page": "landingPage",
    }
    turned, plain = points["fibsem-uint8"], points["fibsem-uint16"]
    assert turned.scale and turned.translation and plain.translation
    assert (turned.scale.x, turned.scale.y, turned.scale.z) == (4, 4, Decimal("5.24"))
    assert (turned.translation.y, turned.mirrored_axes, turned.axes) == (6400, ("y",), "z y x")
    assert (plain.translation.y, plain.mirrored_axes) == (0, ())
    assert (turned.file_format, turned.voxel_type) == ("formatNeuroglancerPrecomputed", "uint8")
    assert (plain.file_format, plain.array_path) == ("formatN5", "em/fibsem-uint16")
    assert points["er-seg-mesh"].scale is None
    assert place(turned.scale.y) == "/sources/fibsem-uint8/transform/scale/1"


def test_axes_in_another_order_and_unit() -> None:
    body = copy.deepcopy(SOURCE.example.body)
    body["sources"]["fibsem-uint8"]["transform"] = {
        "axes": ["x", "y", "z"],
        "units": ["µm", "nm", "nm"],
        "translate": [1, 2, 3],
        "scale": [0.004, 5, 6],
    }
    scale = one(body).access_points[1].scale
    translation = one(body).access_points[1].translation
    assert scale and translation
    assert (scale.x, scale.y, scale.z) == (4, 5, 6)
    assert (translation.x, translation.y, translation.z) == (1000, 2, 3)


def test_a_setting_of_zero_and_a_first_of_january_say_nothing() -> None:
    body = changed(imaging__startDate="2012-01-01", imaging__biasVoltage=0.0, imaging__scanRate=0.0)
    body["metadata"]["imaging"] |= {"current": 0.0, "primaryEnergy": 0.0}
    acquisition = one(body).volumes[0].acquisition
    assert acquisition and acquisition.start_date is None
    assert acquisition.bias_voltage is acquisition.scan_rate is acquisition.landing_energy is None
    assert acquisition.acquisition_days == 25


def test_tissue_is_a_place_and_not_a_cell() -> None:
    body = changed(sample__type=["Tissue"], sample__subtype=["Spinal Cord"], sample__organism=["Mouse"])
    volume = one(body).volumes[0]
    assert volume.sample and volume.sample.regions == ("UBERON:0002240",)
    assert (volume.sample.kind, volume.stated_region, volume.sample.stated_cell_types) == (
        "tissueSample",
        "Spinal Cord",
        (),
    )


def test_a_word_that_no_crosswalk_knows_stays_as_stated() -> None:
    volume = one(changed(sample__organism=["Monkey"], sample__subtype=["COS-7"])).volumes[0]
    assert volume.sample and volume.sample.taxon is None and volume.sample.cell_lines == ()
    assert (volume.stated_species, volume.sample.stated_cell_types) == ("Monkey", ("COS-7",))


def test_an_extent_of_too_few_voxels_is_told_and_kept_as_stated() -> None:
    reading = read(changed(imaging__dimensions={"unit": "nm", "values": {"x": 120.0, "y": 72.0, "z": 105.0}}))
    extent = reading.datasets[0].volumes[0].extent
    assert extent and (extent.x, extent.as_stated) == (None, "120.0 × 72.0 × 105.0 nm")
    assert [fault.path for fault in reading.faults] == ["manifest.json#/metadata/imaging/dimensions"]


def test_an_extent_in_nanometres_becomes_micrometres() -> None:
    extent = (
        one(changed(imaging__dimensions={"unit": "nm", "values": {"x": 499200.0, "y": 158080.0, "z": 168560.0}}))
        .volumes[0]
        .extent
    )
    assert extent and (extent.x, extent.y, extent.z) == (Decimal("499.2"), Decimal("158.08"), Decimal("168.56"))


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, ""),
        ({"metadata": {"id": "jrc_hela-2"}}, "/metadata"),
        ({"metadata": {"title": "→", "id": "→"}}, "/metadata"),
        ([], ""),
        (None, ""),
    ],
)
def test_a_record_without_what_it_needs_says_so(body: Any, where: str) -> None:
    reading = SOURCE.read(Record("→", "manifest.json", "", body))
    assert reading.datasets == ()
    assert reading.faults[0].path == f"manifest.json#{where}"


def test_publications_may_be_bare_texts() -> None:
    """As schemas/manifest.schema.json allows."""
    papers = one(changed(publications=["https://doi.org/10.1038/s41586-021-03992-4", "in preparation"])).papers
    assert [paper.doi for paper in papers] == ["10.1038/s41586-021-03992-4"]


def test_the_folder_wins_where_the_manifest_was_not_made_anew(tmp_path: Path) -> None:
    manifest = SOURCE.example.body
    files = {"api/jrc_hela-2/manifest.json": manifest, "metadata/jrc_hela-2/metadata.json": manifest["metadata"]}
    files |= {f"metadata/jrc_hela-2/sources/{name}.json": source for name, source in manifest["sources"].items()}
    for name, value in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(json.dumps(value), encoding="utf-8")
    (record,) = SOURCE.records(tmp_path)
    assert isinstance(record, Record) and record.path == "api/jrc_hela-2/manifest.json"
    newer = manifest["metadata"] | {"title": "Interphase HeLa cell, again"}
    (tmp_path / "metadata/jrc_hela-2/metadata.json").write_text(json.dumps(newer), encoding="utf-8")
    (record,) = SOURCE.records(tmp_path)
    assert isinstance(record, Record) and record.path == "metadata/jrc_hela-2"
    assert one(record.body).title == "Interphase HeLa cell, again"


def test_files_at_fault_are_told_and_the_others_read(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    (tmp_path / "a/manifest.json").write_text("{", encoding="utf-8")
    (tmp_path / "b/manifest.json").write_text(json.dumps(SOURCE.example.body), encoding="utf-8")
    fault, record = SOURCE.records(tmp_path)
    assert isinstance(fault, Fault) and fault.path == "a/manifest.json"
    assert isinstance(record, Record) and record.key == "b"
    with pytest.raises(FetchError):
        list(SOURCE.records(tmp_path / "none"))


@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_damage_makes_an_invalid_triple(data: st.DataObject) -> None:
    assert_sound(SOURCE, data.draw(broken(SOURCE.example, most=12)))


def test_slugs_of_one_dataset_never_meet() -> None:
    assert distinct(["a_b", "a b", "a-b", "a-b-2", ""], "x") == ["x-a-b", "x-a-b-2", "x-a-b-3", "x-a-b-2-4", "x-5"]
    assert nanometres("angstrom") == Decimal("0.1")


def test_the_corpus(corpus: dict[str, RecordReading]) -> None:
    datasets = {key: reading.datasets[0] for key, reading in corpus.items()}
    assert len(datasets) == 25
    assert [key for key, reading in corpus.items() if reading.faults] == ["jrc_fly-mb-z0419-20"]
    assert all(dataset.volumes[0].voxel and dataset.volumes[0].acquisition for dataset in datasets.values())
    tem = {
        key for key, one in datasets.items() if (made := one.volumes[0].acquisition) and "emkg:TEM" in made.techniques
    }
    assert tem == {"jrc_dauer-larva", "jrc_fly-larva-1"}
    unknown = [key for key, one in datasets.items() if (sample := one.volumes[0].sample) and not sample.taxon]
    assert unknown == ["jrc_ccl81-covid-1"]
    assert sum(len(dataset.access_points) for dataset in datasets.values()) == 309 + 39 + 25 + 25


def test_metadata_and_array_may_tell_different_voxels(corpus: dict[str, RecordReading]) -> None:
    (dataset,) = corpus["jrc_hela-h89-1"].datasets
    voxel, scale = dataset.volumes[0].voxel, dataset.access_points[1].scale
    assert voxel and scale and (voxel.z, scale.z) == (8, 4)
