"""The Cell Image Library: its example value by value, and the traps that its records hold."""

from __future__ import annotations

import copy
import json
import os
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from emkg.cursor import Cursor
from emkg.model import Concept, Curie, Dataset, Person, Record, RecordReading, Triplet
from emkg.paths import data_dir
from emkg.sources._cil_terms import annotated, species
from emkg.sources._people import distinct, parted, person
from emkg.sources.cell_image_library import OPEN_TERMS, CellImageLibrary
from emkg.stated import Text

SOURCE = CellImageLibrary()
RECORDS = Path(os.environ.get("EMKG_CORPORA", data_dir().parent.parent / "shared")) / "corpora" / "cell-image-library"


def changed(**core: Any) -> RecordReading:
    """The example with other annotations; None removes one."""
    body = copy.deepcopy(SOURCE.example.body)
    body["CIL_CCDB"]["CIL"]["CORE"].update(core)
    return SOURCE.read(replace(SOURCE.example, body=body))


def only(reading: RecordReading) -> Dataset:
    (dataset,) = reading.datasets
    return dataset


def reasons(reading: RecordReading) -> list[str]:
    return [fault.reason for fault in reading.faults]


@cache
def corpus() -> dict[str, RecordReading]:
    if not RECORDS.exists():
        pytest.skip("no corpora/cell-image-library: set EMKG_CORPORA to the folder that holds corpora/")
    return {one.key: SOURCE.read(one) for one in SOURCE.records(RECORDS) if isinstance(one, Record)}


def test_the_example() -> None:
    dataset = only(SOURCE.read(SOURCE.example))
    assert (dataset.slug, dataset.title) == ("cil-39341", "CIL:39341, Helianthus annuus")
    (images,) = dataset.volumes
    assert images.kind == "image-set"
    assert images.grid == Triplet(2576, 2056, None)  # type: ignore[arg-type]
    assert images.voxel is None
    assert images.stated_region == "lower leaf surface"
    assert images.acquisition is not None
    assert images.acquisition.techniques == ("emkg:SEM",)
    assert images.acquisition.method_terms == (Concept(Curie("FBbi:00000257"), "scanning electron microscopy (SEM)"),)
    assert images.sample is not None
    assert images.sample.taxon == "NCBITaxon:4232"
    assert images.sample.preparations == ("FBbi:00000011", "FBbi:00000010")
    assert Concept(Curie("NCBITaxon:4232"), "Helianthus annuus") in images.sample.named
    (file,) = dataset.access_points
    assert file.url == "https://cildata.crbs.ucsd.edu/media/images/39341/39341.tif"
    assert (file.role, file.host, file.file_format, file.byte_size) == (
        *("rawImage", "cell-image-library", "formatOMETIFF", 5400000),
    )


def test_the_deposit_of_the_example() -> None:
    deposit = only(SOURCE.read(SOURCE.example)).deposit
    assert deposit is not None
    assert deposit.identifiers == ("CIL:39341", "ark:/b7295/w9cil39341")
    assert (deposit.doi, deposit.landing_page) == (
        *("10.7295/w9cil39341", "https://www.cellimagelibrary.org/images/39341"),
    )
    assert deposit.licence == "https://creativecommons.org/publicdomain/mark/1.0/"
    assert deposit.creators == (Person("Louisa Howard"),)
    assert deposit.issued == 2012, "the year in the archive's own citation"


@pytest.mark.parametrize("terms", ["attribution_nc_sa", "attribution_nc_nd", "copyright", None, "something new"])
def test_what_its_terms_do_not_allow_is_left_out(terms: str | None) -> None:
    reading = changed(TERMSANDCONDITIONS={"free_text": terms})
    assert not reading.datasets
    assert reasons(reading) == ["its terms do not allow it"]


def test_a_user_may_take_records_under_other_terms() -> None:
    source = CellImageLibrary(OPEN_TERMS | {"attribution_nc_sa"})
    body = copy.deepcopy(SOURCE.example.body)
    body["CIL_CCDB"]["CIL"]["CORE"]["TERMSANDCONDITIONS"] = {"free_text": "attribution_nc_sa"}
    deposit = only(source.read(replace(SOURCE.example, body=body))).deposit
    assert deposit is not None
    assert deposit.licence == "cc:by-nc-sa/3.0/"


@pytest.mark.parametrize("status", [{"Deleted": True, "Is_public": True}, {"Deleted": False, "Is_public": False}])
def test_the_deleted_and_the_hidden_are_left_out(status: dict[str, bool]) -> None:
    body = copy.deepcopy(SOURCE.example.body)
    body["CIL_CCDB"]["Status"] = status
    reading = SOURCE.read(replace(SOURCE.example, body=body))
    assert not reading.datasets
    assert reasons(reading) == ["deleted, or not public"]


def test_light_microscopy_is_left_out() -> None:
    mode = {"onto_id": "FBbi:00000253", "onto_name": "spinning disk confocal microscopy"}
    reading = changed(IMAGINGMODE=[mode], ITEMTYPE=None)
    assert not reading.datasets
    assert reasons(reading) == ["no mode of electron microscopy"]


def space(axis: str, size: object = None, value: object = None, unit: str = "nanometers") -> dict[str, Any]:
    pixel = {"Pixel_size": {"unit": unit, "value": value}} if value is not None else {}
    return {"Space": {"axis": axis, **({"Image_size": size} if size is not None else {}), **pixel}}


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1.32, "nanometers", "1.32"),
        (0.0002, "microns", "0.2"),
        ("6.4", "nanometers", "6.4"),
        (21.1667, "microns", None),  # 1,200 dots per inch: of the print that was scanned
        (0.000133, "nanometers", None),  # finer than an atom
        (1, "furlongs", None),
        (0, "nanometers", None),
    ],
)
def test_pixel_sizes(value: object, unit: str, expected: str | None) -> None:
    found = only(changed(DIMENSION=[space("X", 100, value, unit), space("Y", 80, value, unit)])).volumes[0]
    assert found.grid == Triplet(100, 80, None)  # type: ignore[arg-type]
    size = Decimal(expected) if expected else None
    assert found.voxel == (Triplet(size, size, None) if size else None)


def test_a_letter_that_stands_for_two_axes_tells_nothing() -> None:
    reading = changed(DIMENSION=[space("X", 6600, 1), space("X", 4900, 1)])
    assert only(reading).volumes[0].grid is None
    assert reasons(reading) == ["a second axis X"]


def test_a_still_image_has_no_depth() -> None:
    found = only(changed(DIMENSION=[space("X", 325), space("Y", 182), space("Z", 182)])).volumes[0]
    assert (found.kind, found.grid) == ("image-set", Triplet(325, 182, None))  # type: ignore[arg-type]


def test_scanning_and_transmission_at_once_are_no_technique_but_electron_microscopy() -> None:
    reading = changed(
        IMAGINGMODE=[{"onto_id": "FBbi:00000258", "onto_name": "TEM"}, {"onto_id": "FBbi:00000257", "onto_name": "SEM"}]
    )
    acquisition = only(reading).volumes[0].acquisition
    assert acquisition is not None
    assert acquisition.techniques == ("emkg:ElectronMicroscopy",)
    assert reasons(reading) == ["scanning and transmission at once"]


def core(value: Any) -> Cursor:
    return Cursor({"NCBIORGANISMALCLASSIFICATION": value}, "", "1.json", [])


@pytest.mark.parametrize(
    ("value", "taxon", "words"),
    [
        ({"onto_id": "NCBITaxon:8400", "onto_name": "Rana catesbeiana"}, "NCBITaxon:8400", None),
        ({"free_text": "damselfly"}, None, "damselfly"),
        ({"free_text": "Mouse"}, "NCBITaxon:10090", None),
        (
            [
                {"onto_id": "NCBITaxon:168247", "onto_name": "Opercularia [NCBITaxon:168247]"},
                {"free_text": "O. coarctata"},
            ],
            *("NCBITaxon:168247", "O. coarctata"),
        ),
        (
            [
                {"onto_id": "NCBITaxon:10114", "onto_name": "Rattus"},
                {"onto_id": "NCBITaxon:9606", "onto_name": "Homo sapiens"},
            ],
            *(None, "Rattus; Homo sapiens"),
        ),
        (None, None, None),
    ],
)
def test_species(value: Any, taxon: str | None, words: str | None) -> None:
    found, stated = species(core(value))
    assert (found.term if found else None, stated) == (taxon, words)


def test_a_term_within_a_label_is_no_part_of_the_name() -> None:
    field = Cursor({"onto_id": "NCBITaxon:168247", "onto_name": "Opercularia [NCBITaxon:168247]"}, "", "1.json", [])
    assert [one.label for one in annotated(field)] == ["Opercularia"]


def test_free_text_stays_words() -> None:
    sample = (
        only(changed(CELLTYPE=[{"free_text": "pollen"}, {"onto_id": "CL:0000066", "onto_name": "epithelial cell"}]))
        .volumes[0]
        .sample
    )
    assert sample is not None
    assert (sample.cell_types, sample.stated_cell_types) == (("CL:0000066",), ("pollen",))


def test_people() -> None:
    names = [
        "B. Huang; D.R. Pitelka",
        "Alexander B. Verkhovsky,",
        "Ip, Wallace",
        "H. S. Wessenberg (San Francisco State University)",
    ]
    people = distinct(one for words in names for name in parted(Text(words)) if (one := person(name)))
    assert [one.name for one in people] == [
        "B. Huang",
        "D.R. Pitelka",
        "Alexander B. Verkhovsky",
        "Ip, Wallace",
        "H. S. Wessenberg",
    ]
    assert people[-1].organisation == "San Francisco State University"


@pytest.mark.parametrize("words", ["", "x", "123", "someone@example.org", "(imaging)", "a" * 300])
def test_what_is_no_name(words: str) -> None:
    assert person(Text(words)) is None


def test_no_address_survives() -> None:
    found = person(Text("Ann Example ann@example.org +49 30 123456"))
    assert found is not None
    assert found.name == "Ann Example"


def test_papers_of_many_images_meet() -> None:
    links = [{"Href": "http://www.ncbi.nlm.nih.gov/pubmed/17327173"}, {"Href": "http://www5.pbrc.hawaii.edu/allen/"}]
    papers = only(changed(ATTRIBUTION={"PUBMED": ["10352018"], "URLs": links})).papers
    assert [(one.slug, one.pubmed_id) for one in papers] == [
        ("pmid-10352018", "10352018"),
        ("pmid-17327173", "17327173"),
    ]


def test_the_corpus() -> None:
    found = corpus()
    assert len(found) == len(list((RECORDS / "records").glob("*.json")))
    why = Counter(fault.reason for one in found.values() if not one.datasets for fault in one.faults)
    bodies = [json.loads(path.read_bytes()) for path in (RECORDS / "records").glob("*.json")]
    terms = Counter(body["CIL_CCDB"]["CIL"]["CORE"]["TERMSANDCONDITIONS"]["free_text"] for body in bodies)
    allowed = sum(number for word, number in terms.items() if word in OPEN_TERMS)
    kept = sum(bool(one.datasets) for one in found.values())
    assert kept == allowed
    assert why["its terms do not allow it"] == len(found) - allowed


def test_stacks_of_the_corpus() -> None:
    (lung,) = corpus()["CIL:50164"].datasets
    (volume,) = lung.volumes
    assert volume.kind == "volume"
    assert volume.grid == Triplet(12000, 8000, 600)  # type: ignore[arg-type]
    assert volume.voxel == Triplet(Decimal("6.4"), Decimal("6.4"), Decimal(20))
    assert volume.acquisition is not None
    assert volume.acquisition.techniques == ("emkg:SBFSEM",)
    assert volume.sample is not None
    assert volume.sample.taxon == "NCBITaxon:10090"
    stack = lung.access_points[-1]
    assert stack.url.startswith("https://cildata.crbs.ucsd.edu/ccdb/")
    assert (stack.role, stack.byte_size, stack.file_format) == ("rawImage", 115639964999, "formatZIP")


def test_downsampled_files_are_processed() -> None:
    (dataset,) = corpus()["CIL:50051"].datasets
    assert [(one.role, one.file_format) for one in dataset.access_points] == [
        *(("rawImage", "formatOMETIFF"), ("processedImage", "formatMRC"), ("rawImage", "formatMRC")),
    ]


def test_the_graph_stays_small() -> None:
    """Most datasets of the graph come from here, and each build validates them all."""
    from emkg.rdfize import record_statements_of

    kept = [one for one in corpus().values() if one.datasets]
    distinct_statements = {told.triple for one in kept for told in record_statements_of(one)}
    assert len(distinct_statements) / len(kept) < 60
