"""The BioImage Archive: studies with their merged parts, the curators' REMBI, page tab, and what is a test or a template."""

from __future__ import annotations

import copy
import json
import os
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from emkg.cursor import Cursor
from emkg.model import Concept, Curie, Dataset, Fault, Grant, Person, Record, RecordReading, Triplet
from emkg.paths import data_dir
from emkg.sources._bia_images import grid_of, voxel_of
from emkg.sources._bia_rembi import instrument, organisms
from emkg.sources.bioimage_archive import BioImageArchive
from tests.harvest.site import Reply
from tests.sources.replay import Replay, lived

SOURCE = BioImageArchive()
CORPORA = Path(os.environ.get("EMKG_CORPORA", data_dir().parent.parent / "shared")) / "corpora"


def read(body: dict[str, Any]) -> RecordReading:
    return SOURCE.read(Record(str(body.get("accession_id")), "x.json", "", body))


def only(reading: RecordReading) -> Dataset:
    (dataset,) = reading.datasets
    return dataset


def at(value: Any) -> Cursor:
    return Cursor(value, "", "x.json", [])


@cache
def corpus() -> dict[str, RecordReading]:
    if not (CORPORA / "bia-integrator").exists() or not (CORPORA / "bia-integrator-data").exists():
        pytest.skip("no corpora/bia-integrator: set EMKG_CORPORA to the folder that holds corpora/")
    return {one.key: SOURCE.read(one) for one in SOURCE.records(CORPORA) if isinstance(one, Record)}


def test_the_example() -> None:
    dataset = only(SOURCE.read(SOURCE.example))
    assert dataset.slug == "bia-empiar-10442"
    assert dataset.deposit is not None
    assert dataset.deposit.identifiers == ("EMPIAR-10442",)
    assert dataset.deposit.issued == "2020-10-23"
    assert dataset.deposit.creators == (Person("Helariutta Y"),)
    (volume,) = dataset.volumes
    assert volume.kind == "volume"
    assert volume.grid == Triplet(3874, 3253, 1061)  # type: ignore[arg-type]
    assert volume.voxel == Triplet(Decimal("7.25750065"), Decimal("7.25750308"), Decimal(40))
    assert volume.acquisition is not None
    assert volume.acquisition.techniques == ("emkg:SBFSEM",)
    assert volume.sample is not None
    assert volume.sample.stated_kinds == ("Phloem pole",)
    (zarr,) = dataset.access_points
    assert zarr.url == "https://uk1s3.embassy.ebi.ac.uk/bia-integrator-data/EMPIAR-10442/IM1/IM1.zarr/0"
    assert (zarr.file_format, zarr.voxel_type, zarr.host, zarr.byte_size) == ("formatOMEZarr", "uint8", "embassy", None)


VIEW = "https://neuroglancer-demo.appspot.com/#!%7B%22dimensions%22:%7B%22z%22:%5B{z}%2C%22m%22%5D%2C%22y%22:%5B{y}%2C%22m%22%5D%2C%22x%22:%5B{y}%2C%22m%22%5D%7D%7D"


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        ({f"PhysicalSize{axis}": "1.0" for axis in "XYZ"} | {f"PhysicalSize{axis}Unit": "Å" for axis in "XYZ"}, None),
        ({f"PhysicalSize{axis}": "1.0" for axis in "XY"} | {f"PhysicalSize{axis}Unit": "µm" for axis in "XY"}, None),
        ({f"PhysicalSize{axis}": "8" for axis in "XY"} | {f"PhysicalSize{axis}Unit": "parsec" for axis in "XY"}, None),
        (
            {
                "physical_size_x": 2.5,
                "physical_size_x_unit": "nm",
                "physical_size_y": 2.5,
                "physical_size_y_unit": "nm",
            },
            ("2.5", "2.5", None),
        ),
        ({}, None),
    ],
)
def test_voxel_sizes(annotations: dict[str, Any], expected: tuple[str, str, str | None] | None) -> None:
    sizes = [Decimal(one) if one else None for one in expected] if expected else None
    assert voxel_of(at(annotations)) == (Triplet(sizes[0], sizes[1], sizes[2]) if sizes else None)


@pytest.mark.parametrize(
    ("z", "y", "expected"),
    [
        (
            "5.0000000000000004e-8",
            "1.0009325109422206e-8",
            {"voxelX": "10.0093251", "voxelY": "10.0093251", "voxelZ": "50"},
        ),
        ("1e-10", "1e-10", {}),
        ("0.008", "0.005", {}),  # EMPIAR-10311: metres for micrometres
        ("null", "5e-9", {"voxelX": "5", "voxelY": "5"}),
    ],
)
def test_a_view_only_claims_a_voxel_size(z: str, y: str, expected: dict[str, str]) -> None:
    body = copy.deepcopy(SOURCE.example.body)
    body["annotations"]["IM1"] = {"_neuroglancer_link": VIEW.format(z=z, y=y), "SizeX": 9, "SizeY": 9, "SizeZ": 9}
    dataset = only(SOURCE.read(replace(SOURCE.example, body=body)))
    assert dataset.volumes[0].voxel is None
    assert {claim.property: str(claim.value) for claim in dataset.claims} == expected
    assert all((claim.about_kind, claim.about) == ("volume", "bia-empiar-10442") for claim in dataset.claims)


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        ({"SizeX": "8192", "SizeY": "8190", "SizeZ": "518", "dimensions": "(1, 1, 1, 1, 1)"}, (8192, 8190, 518)),
        ({"size_x": 2048, "size_y": 2047, "size_z": 1}, (2048, 2047, 1)),
        ({"dimensions": "(1350, 1506, 1647)"}, (1647, 1506, 1350)),
        ({"dimensions": "(1, 1, 0, 1506, 1647)"}, (1647, 1506, None)),
        ({"dimensions": "of the heart"}, None),
        ({"SizeX": "8192"}, None),
    ],
)
def test_grids(annotations: dict[str, Any], expected: tuple[int, int, int | None] | None) -> None:
    assert grid_of(at(annotations)) == (Triplet(*expected) if expected else None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Titan Krios (Thermo Fisher Scientific) operating at 300 kV", "Titan Krios (Thermo Fisher Scientific)"),
        ("300 kV Titan Krios microscope (FEI, Thermo Fisher)", "Titan Krios microscope"),
        ("Tecnai F20 at 200 kV with CCD/GIF, or Titan Krios", "Tecnai F20"),
        ("...", None),
        ("REQUIRED", None),
        ("x" * 200, None),
    ],
)
def test_an_instrument_is_a_name(words: str, expected: str | None) -> None:
    assert instrument(at(words)) == expected


def test_two_organisms_are_no_one_taxon() -> None:
    both = [
        {"ncbi_id": "NCBI:txid9606", "scientific_name": "Homo sapiens"},
        {"ncbi_id": "NCBI:txid813", "scientific_name": "C. trachomatis"},
    ]
    found = organisms(at({"rembi": [{"biosamples": [{"organism_classification": both}]}]}))
    assert (found.taxon, found.stated) == (None, "Homo sapiens; C. trachomatis")


def test_the_curators_are_asked_before_the_study() -> None:
    curated = {
        "rembis": {
            "BioSample": [{"organism_classification": [{"ncbi_id": "NCBI:txid4896", "scientific_name": "S. pombe"}]}]
        }
    }
    found = organisms(at({"study": {"organism": "Homo sapiens"}, "rembi": [{"paper_doi": None}, curated]}))
    assert (found.taxon, found.named) == ("NCBITaxon:4896", (Concept(Curie("NCBITaxon:4896"), "S. pombe"),))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"rembi": [{"accession_id": ""}]}, "no accession"),
        ({"accession_id": "EMPIAR-XXXXX", "rembi": [{}]}, "not an accession"),
        ({"accession_id": "S-BIADTEST", "pagetab": {}}, "a test record of the archive"),
        ({"accession_id": "EXT-CTC1", "study": {"imaging_type": "SPIM"}}, "no mode of electron microscopy"),
    ],
)
def test_what_is_left_out(body: dict[str, Any], reason: str) -> None:
    reading = read(body)
    assert not reading.datasets
    assert [fault.reason for fault in reading.faults] == [reason]


def test_a_title_that_names_another_technique_than_the_study() -> None:
    reading = read(
        {"accession_id": "EMPIAR-10967", "study": {"title": "SBF SEM of placental villi", "imaging_type": "FIB-SEM"}}
    )
    (volume,) = only(reading).volumes
    assert volume.acquisition is not None
    assert (volume.acquisition.techniques, volume.stated_technique) == ((), "FIB-SEM")
    assert [fault.reason for fault in reading.faults] == ["the title names another technique"]


def page_tab() -> dict[str, Any]:
    """A submission in the form that BioStudies gives (template BioImages.v4): the archive's own test, of electron microscopy."""
    path = CORPORA / "bia-integrator" / "biad_v4" / "S-BIADTEST.json"
    if not path.exists():
        pytest.skip("no corpora/bia-integrator: set EMKG_CORPORA to the folder that holds corpora/")
    text = path.read_text(encoding="utf-8").replace("S-BIADTEST", "S-BIAD1").replace("confocal microscopy", "FIB-SEM")
    return {"accession_id": "S-BIAD1", "pagetab": json.loads(text)}


def test_page_tab() -> None:
    dataset = only(read(page_tab()))
    assert (dataset.slug, dataset.title) == ("bia-s-biad1", "A test submission with title greater than 25 characters")
    deposit = dataset.deposit
    assert deposit is not None
    assert deposit.landing_page == "https://www.ebi.ac.uk/biostudies/studies/S-BIAD1"
    assert deposit.licence == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert deposit.issued == "2024-02-13"
    assert [(one.name, one.organisation) for one in deposit.creators] == [
        *(("Test Author1", "Test College 1"), ("Test Author2", "Test College 2")),
    ]
    assert deposit.grants == (Grant("Test funding body1", "TESTFUNDS1"), Grant("Test funding body2", "TESTFUNDS2"))
    assert [(one.doi, one.pubmed_id, one.year) for one in dataset.papers] == [
        *(("", "38381674", 2024), ("10.1101/2023.12.07.570699", "38106175", 2023)),
    ]
    assert all(volume.acquisition and volume.acquisition.techniques == ("emkg:FIBSEM",) for volume in dataset.volumes)
    assert "@" not in str(dataset)


def test_a_component_of_light_microscopy_is_no_image_set_of_ours() -> None:
    titles = [volume.title for volume in only(read(page_tab())).volumes]
    assert titles == [
        f"A test submission with title greater than 25 characters: Study Component {number}" for number in (1, 2)
    ]
    body = page_tab()
    part = body["pagetab"]["section"]["subsections"][-1]
    link = {"name": "Image acquisition", "value": "Test Secondary Screen Image Acquisition"}
    part["subsections"] = [{"type": "Associations", "attributes": [link]}]
    assert len(only(read(body)).volumes) == 1


def test_files_of_a_copy_meet_by_their_accession(tmp_path: Path) -> None:
    (tmp_path / "studies").mkdir()
    (tmp_path / "proposals").mkdir()
    (tmp_path / "studies" / "EMPIAR-10988.json").write_text('{"accession_id": "EMPIAR-10988", "title": "S. pombe"}')
    (tmp_path / "proposals" / "empiar_10988.yaml").write_text(
        "accession_id: EMPIAR-10988\npaper_doi: https://doi.org/10.1038/s41592-022-01746-2\n"
    )
    (tmp_path / "images_merged.json").write_text('{"EMPIAR-10988": [{"id": "IM1", "name": "a/TS_026.mrc"}]}')
    (tmp_path / "proposals" / "broken.yaml").write_text("a: [1\n")
    (tmp_path / "other.json").write_text('{"name": "vem"}')
    found = list(SOURCE.records(tmp_path))
    (record,) = [one for one in found if isinstance(one, Record)]
    assert (record.key, record.path) == ("EMPIAR-10988", "studies/EMPIAR-10988.json")
    dataset = only(SOURCE.read(record))
    assert dataset.title == "S. pombe"
    assert [paper.doi for paper in dataset.papers] == ["10.1038/s41592-022-01746-2"]
    (fault,) = [one for one in found if isinstance(one, Fault)]
    assert (fault.path, fault.line) == ("proposals/broken.yaml", 2)


SEARCH = "BioImages/search?electron microscopy"


def test_live(tmp_path: Path) -> None:
    hits = {
        "hits": [
            {"accession": "S-BIAD1", "title": "a"},
            {"accession": "S-BIAD2"},
            {"accession": "not one"},
            {"accession": None},
        ]
    }
    replay = Replay({f"{SEARCH}&1": hits, f"{SEARCH}&2": hits, "studies/S-BIAD1": page_tab()["pagetab"]})
    first, second = lived(SOURCE, replay, tmp_path)
    assert isinstance(first, Record)
    assert only(SOURCE.read(first)).slug == "bia-s-biad1"
    assert isinstance(second, Fault)
    assert second.path.endswith("studies/S-BIAD2")
    assert replay.asked.count(f"{SEARCH}&2") == 1
    assert f"{SEARCH}&3" not in replay.asked  # the second page had nothing new


@pytest.mark.parametrize("answer", [Reply(b"", 500), Reply(b"<html>", 200), [], {"hits": "none"}, {}, 7])
def test_live_ends_at_a_page_that_cannot_be_read(answer: Any, tmp_path: Path) -> None:
    found = lived(SOURCE, Replay({f"{SEARCH}&1": answer}), tmp_path)
    assert len(found) == isinstance(answer, Reply)
    assert all(isinstance(one, Fault) for one in found)


def test_the_corpus() -> None:
    found = corpus()
    left_out = {key: one.faults[0].reason for key, one in found.items() if not one.datasets}
    assert set(left_out.values()) <= {
        "no accession",
        "not an accession",
        "a test record of the archive",
        "no mode of electron microscopy",
    }
    assert sum(key.startswith("EMPIAR-1") for key in found) == sum(
        bool(one.datasets) for key, one in found.items() if key.startswith("EMPIAR-1")
    )


def test_a_study_and_its_proposal_are_one_record() -> None:
    dataset = only(corpus()["EMPIAR-10988"])
    (images,) = dataset.volumes
    assert dataset.title.startswith("Defocus and Volta potential phase plate")
    assert images.sample is not None
    assert images.sample.taxon == "NCBITaxon:4896"
    assert images.acquisition is not None
    assert images.acquisition.techniques == ("emkg:ElectronTomography",)


def test_each_image_is_a_volume() -> None:
    dataset = only(corpus()["EMPIAR-10392"])
    assert len({volume.slug for volume in dataset.volumes}) == len(dataset.volumes) == 11
    assert all(volume.grid for volume in dataset.volumes)
    sizes = [volume.voxel for volume in dataset.volumes if volume.voxel]
    assert sizes == [
        Triplet(Decimal(10), Decimal(10), None)
    ]  # the others, and z of this one, have 1 Å, which no file stated
    assert {one.role for one in dataset.access_points} == {"imageFiles", "viewer"}


def test_an_example_without_its_parts_still_reads() -> None:
    body = copy.deepcopy(SOURCE.example.body)
    del body["annotations"], body["representations"]
    (images,) = only(SOURCE.read(replace(SOURCE.example, body=body))).volumes
    assert (images.kind, images.grid, images.voxel) == ("image-set", None, None)
