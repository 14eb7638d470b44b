"""The CryoET Data Portal: the example maps as expected; templates are not taken; the traps of the real configurations."""

from __future__ import annotations

import copy
import os
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emkg.model import Dataset, Fault, Grant, Record, RecordReading
from emkg.paths import data_dir
from emkg.sources.cryoet_data_portal import CryoEtDataPortal
from emkg.stated import place
from tests.sources.fuzz import assert_sound, broken

SOURCE = CryoEtDataPortal()
CORPUS = Path(os.environ.get("EMKG_CORPORA", data_dir().parent.parent / "shared")) / "corpora" / "cryoet-data-portal"


def read(body: Any, key: str = "10001", path: str = "10001.yaml") -> RecordReading:
    return SOURCE.read(Record(key, path, "", body))


def one(body: Any, **where: str) -> Dataset:
    (dataset,) = read(body, **where).datasets
    return dataset


def changed(part: str, **values: Any) -> dict[str, Any]:
    """The example with fields of the metadata of its dataset or of its tilt series or tomograms changed."""
    body = copy.deepcopy(SOURCE.example.body)
    body[part][0]["metadata"] |= values
    return body


@pytest.fixture(scope="module")
def corpus() -> dict[str, RecordReading]:
    if not CORPUS.is_dir():
        pytest.skip("no corpora/cryoet-data-portal: set EMKG_CORPORA to the folder that holds corpora/")
    records = [record for record in SOURCE.records(CORPUS) if isinstance(record, Record)]
    return {record.key: SOURCE.read(record) for record in records}


def test_the_example_as_a_dataset() -> None:
    dataset = one(SOURCE.example.body)
    assert (dataset.slug, dataset.title) == ("cryoet-10001", "S. pombe cells from Volta Phase Plate")
    deposit, sample = dataset.deposit, dataset.volumes[0].sample
    assert deposit and sample
    assert (sample.taxon, sample.kind, sample.cell_types) == ("NCBITaxon:284812", "cell", ("CL:0000334",))
    assert (sample.structures, sample.diseases) == (("GO:0005835", "GO:0005739"), ("obo:PATO_0000461",))
    assert (sample.strains, sample.life_stage) == (("Schizosaccharomyces pombe 972h-",), "")
    assert (deposit.submitted, deposit.issued, deposit.modified) == ("2023-04-01", "2023-06-01", "2023-06-01")
    assert [person.name for person in deposit.corresponding] == ["Julia Mahamid", "Judith B. Zaugg"]
    assert deposit.creators[0].orcid == "0000-0002-4691-9501"
    assert deposit.grants == (Grant("European Research Council (ERC)", "760067"),)
    assert deposit.related_accessions[:2] == ("EMPIAR-10988", "EMD-14404")
    assert deposit.landing_page == "https://cryoetdataportal.czscience.com/datasets/10001"
    assert deposit.licence == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert [paper.doi for paper in dataset.papers] == ["10.1101/2022.04.12.488077", "10.1038/s41592-022-01746-2"]
    assert {point.url: point.role for point in dataset.access_points[:2]} == {
        "https://cryoetdataportal.czscience.com/datasets/10001": "landingPage",
        "s3://cryoet-data-portal-public/10001": "imageFiles",
    }


def test_tilt_series_and_tomograms_of_the_example() -> None:
    dataset = one(SOURCE.example.body)
    series, tomograms = dataset.volumes
    made = series.acquisition
    assert series.voxel and tomograms.voxel and made and series.images and tomograms.images
    assert (series.kind, series.images.category, series.voxel.x) == ("image-set", "tiltSeries", Decimal("0.33702"))
    assert (tomograms.kind, tomograms.images.category, tomograms.voxel.z) == (
        "volume",
        "reconstructedVolumes",
        Decimal("1.348"),
    )
    assert (made.acceleration_voltage, made.tilt_step, made.total_flux) == (300, 2, 122)
    assert (made.instruments, made.cameras) == (("TFS Krios",), ("Gatan K2 SUMMIT",))
    assert made.techniques == ("emkg:ElectronTomography",)
    assert tomograms.acquisition == made, "a tomogram is made of the tilt series"
    assert (made.tilt_min, made.tilt_max) == (None, None), "templates: float {tilt_series_min_tilt}"
    assert [(one.slug, one.derived_from) for one in dataset.reconstructions] == [
        ("cryoet-10001-fatty-acid-synthase-complex", "cryoet-10001-tomograms-13-48"),
        ("cryoet-10001-mitochondrion", "cryoet-10001-tomograms-13-48"),
    ]
    assert place(tomograms.voxel.z) == "/tomograms/0/metadata/voxel_spacing"


@pytest.mark.parametrize(
    "template", ["float {ts-pixel_spacing}", "int {tilt_range_min}", "REQUIRED", "OPTIONAL (float)", None]
)
def test_templates_are_not_taken_and_are_no_faults(template: str | None) -> None:
    fields = dict.fromkeys(("pixel_spacing", "tilt_step", "total_flux", "acceleration_voltage"), template)
    body = changed("tiltseries", **fields, tilt_range={"min": template, "max": -60.0})
    body["tomograms"][0]["metadata"]["voxel_spacing"] = template
    reading = read(body)
    series, tomograms = reading.datasets[0].volumes
    made = series.acquisition
    assert reading.faults == ()
    assert series.voxel is tomograms.voxel is None
    assert made and made.tilt_min is made.tilt_step is made.total_flux is made.acceleration_voltage is None
    assert made.tilt_max == -60


def test_angles_and_voltages_out_of_range_are_told() -> None:
    reading = read(changed("tiltseries", tilt_range={"min": -600, "max": 60}, acceleration_voltage=300000000))
    made = reading.datasets[0].volumes[0].acquisition
    assert made and (made.tilt_min, made.tilt_max, made.acceleration_voltage) == (None, 60, None)
    assert sorted(fault.reason for fault in reading.faults) == [
        "no voltage of an electron microscope",
        "not between -90 and 90",
    ]


def test_a_volume_for_each_voxel_spacing() -> None:
    body = copy.deepcopy(SOURCE.example.body)
    raw = body["tomograms"][0]
    for spacing in (13.48, 10, "float {tomo-voxel_spacing}"):
        body["tomograms"].append({"metadata": raw["metadata"] | {"voxel_spacing": spacing}})
    slugs = [volume.slug for volume in one(body).volumes]
    assert slugs == ["cryoet-10001-tilt-series", "cryoet-10001-tomograms-13-48", "cryoet-10001-tomograms-10"]


def test_of_two_kinds_of_tilt_series_a_tomogram_has_neither() -> None:
    body = copy.deepcopy(SOURCE.example.body)
    body["tiltseries"].append({"metadata": body["tiltseries"][0]["metadata"] | {"tilt_step": 3}})
    first, second, tomograms = one(body).volumes
    assert first.acquisition and second.acquisition and tomograms.acquisition
    assert [first.acquisition.slug, second.acquisition.slug] == [
        "cryoet-10001-tilt-series-1",
        "cryoet-10001-tilt-series-2",
    ]
    assert (tomograms.acquisition.slug, tomograms.acquisition.tilt_step) == ("cryoet-10001", None)


def test_terms_go_where_their_ontology_says() -> None:
    hippocampus = {"id": "UBERON:0002421", "name": "hippocampus"}
    body = changed(
        "datasets", tissue=hippocampus, cell_type=hippocampus, cell_strain={"id": "CVCL_0063", "name": "HEK293T"}
    )
    volume = one(body).volumes[0]
    assert volume.sample and volume.stated_region == "hippocampus"
    assert (volume.sample.regions, volume.sample.cell_types) == (("UBERON:0002421",), ())
    assert (volume.sample.cell_lines, volume.sample.strains) == (("CVCL:0063",), ())


def test_the_name_of_an_object_that_is_narrower_than_its_term_is_no_label() -> None:
    body = copy.deepcopy(SOURCE.example.body)
    body["annotations"][0]["metadata"]["annotation_object"] = {
        "id": "GO:0097545",
        "name": "microtubule doublet 48 nm repeat",
        "state": "48 nm repeat",
    }
    body["annotations"][1]["metadata"]["annotation_object"] = {"id": "UniProtKB:P00722", "name": "Beta-galactosidase"}
    sample = one(body).volumes[0].sample
    assert sample and sample.structures == ("GO:0097545",)
    assert sample.stated_structures == ("microtubule doublet 48 nm repeat", "Beta-galactosidase")
    assert "GO:0097545" not in {concept.term for concept in sample.named}


def test_a_term_keeps_the_label_of_its_ontology() -> None:
    body = copy.deepcopy(SOURCE.example.body)
    body["annotations"][0]["metadata"]["annotation_object"] = {"id": "GO:0035869", "name": "MTD sleeve"}
    sample = one(body).volumes[0].sample
    assert sample and "GO:0035869" in sample.structures
    labels = {concept.term: concept.label for concept in sample.named}
    assert labels["GO:0035869"] == "ciliary transition zone"
    assert sample.stated_structures == ("MTD sleeve",)


def test_an_identifier_that_was_counted_up_is_told_and_the_name_believed() -> None:
    reading = read(changed("datasets", cell_strain={"id": "CVCL_2974", "name": "HUVEC-C"}))
    sample = reading.datasets[0].volumes[0].sample
    assert sample and (sample.cell_lines, sample.strains) == (("CVCL:2959",), ())
    assert [fault.reason for fault in reading.faults] == ["the identifier of another cell line than HUVEC-C"]


def test_what_was_simulated_was_not_imaged() -> None:
    body = changed("datasets", sample_type="in_silico")
    body["tiltseries"][0]["metadata"] |= {
        "microscope": {"manufacturer": "SIMULATED", "model": "simulated"},
        "camera": {"manufacturer": "simulated", "model": "simulated"},
    }
    volume = one(body).volumes[0]
    assert volume.acquisition and volume.sample
    assert (volume.acquisition.techniques, volume.acquisition.instruments, volume.acquisition.cameras) == ((), (), ())
    assert (volume.sample.kind, volume.sample.stated_kinds) == ("", ("in_silico",))


def test_no_private_matter_of_a_person_survives() -> None:
    person = {"name": "Ada Example", "email": "ada@example.org", "kaggle_id": "ada", "affiliation_name": "ETH Zurich"}
    body = changed("datasets", authors=[person | {"affiliation_address": "Some Street 1, 8093 Zurich, Switzerland"}])
    dataset = one(body)
    assert dataset.deposit
    (creator,) = dataset.deposit.creators
    assert (creator.organisation, creator.country) == ("ETH Zurich", "CH")
    assert not any(word in repr(dataset) for word in ("ada@example.org", "Some Street", "'ada'"))


def test_what_was_not_funded_has_no_grant() -> None:
    funding = [
        {"funding_agency_name": "Not funded", "grant_id": None},
        {"funding_agency_name": "NIH", "grant_id": "None"},
    ]
    dataset = one(changed("datasets", funding=funding))
    assert dataset.deposit and dataset.deposit.grants == (Grant("NIH", ""),)


def test_a_draft_has_no_page() -> None:
    dataset = one(SOURCE.example.body, path="10001_draft.yaml")
    assert dataset.deposit and dataset.deposit.landing_page == ""
    assert {point.role for point in dataset.access_points} == {"previewImage"}


def deposition(**annotation: Any) -> dict[str, Any]:
    about = {
        "deposition_identifier": 10359,
        "deposition_title": "Of others' tomograms",
        "deposition_types": ["annotation"],
    }
    datasets = [{"sources": [{"literal": {"value": ["10453"]}}]}]
    made = {"metadata": {"annotation_object": {"id": "GO:0016020", "name": "membrane"}}, "sources": [annotation]}
    return {"datasets": datasets, "depositions": [{"metadata": about}], "annotations": [made]}


def test_a_deposition_of_masks_is_a_set_of_label_images() -> None:
    dataset = one(deposition(SemanticSegmentationMask={"file_format": "mrc"}), key="deposition-10359", path="d.yaml")
    assert dataset.slug == "cryoet-deposition-10359"
    (volume,) = dataset.volumes
    assert volume.images and (volume.kind, volume.images.category) == ("image-set", "labelImages")
    assert dataset.deposit and dataset.deposit.related == ("https://cryoetdataportal.czscience.com/datasets/10453",)


def test_a_deposition_of_points_has_no_images_and_says_so() -> None:
    reading = read(deposition(Point={"file_format": "csv"}), key="deposition-10359", path="d.yaml")
    assert reading.datasets == ()
    assert [fault.path for fault in reading.faults] == ["d.yaml#/annotations"]


def test_other_files_are_passed_over_and_broken_ones_told(tmp_path: Path) -> None:
    (tmp_path / "schema.yaml").write_text("classes: {}\n", encoding="utf-8")
    (tmp_path / "broken.yaml").write_text("datasets: [", encoding="utf-8")
    anchored = "datasets:\n- metadata:\n    dataset_title: &t Anchored\n    dataset_identifier: 10999\n    x: *t\n"
    (tmp_path / "anchored.yaml").write_text(anchored, encoding="utf-8")
    record, fault = SOURCE.records(tmp_path)
    assert isinstance(fault, Fault) and fault.path == "broken.yaml"
    assert isinstance(record, Record) and record.key == "10999"
    assert one(record.body).title == "Anchored"


@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_damage_makes_an_invalid_triple(data: st.DataObject) -> None:
    assert_sound(SOURCE, data.draw(broken(SOURCE.example, most=12)))


def test_the_corpus(corpus: dict[str, RecordReading]) -> None:
    """333 configurations: 302 datasets, 13 depositions with images, and 18 of points or captions, which have none."""
    kept = [dataset for reading in corpus.values() for dataset in reading.datasets]
    reasons = Counter(fault.reason for reading in corpus.values() for fault in reading.faults)
    assert (len(corpus), len(kept)) == (333, 315)
    assert sorted(reasons.values()) == [9, 18], "nine of ten HUVEC-C have the identifier of another line"
    assert len({dataset.slug for dataset in kept if not dataset.slug.startswith("cryoet-deposition")}) == 302
    assert not any("{" in repr(volume.voxel) for dataset in kept for volume in dataset.volumes)


def test_the_draft_of_the_corpus(corpus: dict[str, RecordReading]) -> None:
    (dataset,) = corpus["10011"].datasets
    assert dataset.deposit and dataset.volumes[0].sample
    assert [person.name for person in dataset.deposit.creators][:2] == ["Ryan Hylton", "Heebner JE"]
    assert (dataset.deposit.submitted, dataset.deposit.grants) == (None, ())
    assert dataset.volumes[0].sample.taxon == "NCBITaxon:10116"
