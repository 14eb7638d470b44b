"""The lists of the OME 2024 NGFF Challenge: which images are of electron microscopy, how large they are, and broken rows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from emkg.model import Dataset, Fault, Record, RecordReading
from emkg.paths import data_dir
from emkg.sources.ome_ngff import OmeNgff

SOURCE = OmeNgff()
CORPUS = (
    Path(os.environ.get("EMKG_CORPORA", data_dir().parent.parent / "shared")) / "corpora" / "ome2024-ngff-challenge"
)
WEBKNOSSOS = "https://data-humerus.webknossos.org/data/zarr3_experimental/"
PUBLICATION = "https://webknossos.org/publications/"


@pytest.fixture(scope="module")
def readings() -> list[RecordReading]:
    if not CORPUS.exists():
        pytest.skip("no corpora/ome2024-ngff-challenge: set EMKG_CORPORA to the folder that holds corpora/")
    return [SOURCE.read(one) for one in SOURCE.records(CORPUS) if isinstance(one, Record)]


def example(**changed: Any) -> RecordReading:
    return SOURCE.read(Record("k", "crick.csv", "/2", SOURCE.example.body | changed))


def only(reading: RecordReading) -> Dataset:
    (dataset,) = reading.datasets
    return dataset


def test_the_example() -> None:
    dataset = only(example(license="https://creativecommons.org/licenses/by/4.0/"))
    (volume,), (point,) = dataset.volumes, dataset.access_points
    assert dataset.title == "Benchmark SBF SEM data of HeLa cells"
    assert volume.grid and (volume.grid.x, volume.grid.y, volume.grid.z) == (10717, 9845, 133)
    assert volume.acquisition and volume.acquisition.techniques == ("emkg:SBFSEM",)
    assert volume.sample and volume.sample.taxon == "NCBITaxon:9606"
    assert volume.voxel is None  # the name of the file has 7-7-50nm, which nobody states as a voxel size
    assert (point.byte_size, point.file_format, point.axes, point.licence) == (
        10785929889,
        "formatOMEZarr",
        "t c z y x",
        "cc:by/4.0/",
    )
    assert dataset.deposit and dataset.deposit.related_accessions == ("EMPIAR-11666",)
    assert dataset.deposit.related == ("https://www.ebi.ac.uk/empiar/EMPIAR-11666/",)


def test_what_is_taken_and_why_the_rest_is_not(readings: list[RecordReading]) -> None:
    taken = [reading for reading in readings if reading.datasets]
    reasons = {fault.reason for reading in readings if not reading.datasets for fault in reading.faults}
    assert len(taken) > 50
    assert reasons == {
        "a list of images, not an image",
        "not electron microscopy",
        "not known to be of electron microscopy",
    }
    assert not [reading for reading in taken if reading.faults]
    slugs = [only(reading).slug for reading in taken]
    assert len(slugs) == len(set(slugs))


def test_every_image_of_empiar_is_taken(readings: list[RecordReading]) -> None:
    of_empiar = [reading for reading in readings if "EMPIAR" in str(reading.record.body.get("origin"))]
    assert of_empiar
    assert all(only(reading).deposit.related_accessions[0].startswith("EMPIAR-") for reading in of_empiar)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("path", "publication", "taken"),
    [
        ("MPI_Brain_Research/e2006/color", "5c5ab4d696ec36b84da1fd10", True),
        ("The%20Rockefeller%20University/Neuromast_WT7/color", "5c5ab2a896ec36b84da1fd0e", True),
        ("MPI_Brain_Research/FluoEM_2016-05-23_FD0144-2_st001_v1/color", "5c5ab61e96ec36b84da1fd13", True),
        ("MPI_Brain_Research/FluoEM_2016-06-02-FD0144_2_Confocal/color_1", "5c5ab61e96ec36b84da1fd13", False),
        ("Demo_Organization/xnh_esrf_mouseCortex_30nm/color", "5f608a1bdf7998b1ab03a5bc", False),
        ("Demo_Organization/MPRAGE_250um/color", "5c756d9e48e5caa17550d8f8", False),
        ("Somebody/unheard_of/color", "000000000000000000000000", False),
    ],
)
def test_an_image_of_webknossos_is_taken_where_a_row_says_that_it_is_electron_microscopy(
    path: str, publication: str, taken: bool
) -> None:
    body = {
        "url": WEBKNOSSOS + path,
        "origin": PUBLICATION + publication,
        "shape": "1,10,20,30",
        "dimension_names": "c,x,y,z",
    }
    reading = SOURCE.read(Record("k", "webknossos_samples.csv", "/9", body))
    assert bool(reading.datasets) is taken
    if taken:
        (volume,) = only(reading).volumes
        assert volume.grid and (volume.grid.x, volume.grid.y, volume.grid.z) == (10, 20, 30)
    else:
        assert reading.faults[0].reason.startswith("not ")


@pytest.mark.parametrize(
    ("shape", "names", "grid"),
    [
        ("1,1,190,617,618", "", (618, 617, 190)),
        ("1, 1, 190, 617, 618", "t, c, z, y, x", (618, 617, 190)),
        ("190,617,618", "z,y,x", (618, 617, 190)),
        ("617,618", "y,x", (618, 617, None)),
        ("190,617,618", "", None),
        ("1,1,190,617", "t,c,z,y,x", None),
        ("a,b,c,d,e", "", None),
        ("1,1,190,0,618", "", None),
        ("", "z,y,x", None),
        ("9999999999999,1,1,1,9999999999999", "", None),
    ],
)
def test_a_shape_is_read_where_its_axes_are_known(
    shape: str, names: str, grid: tuple[int, int, int | None] | None
) -> None:
    reading = example(shape=shape, dimension_names=names)
    (volume,) = only(reading).volumes
    assert (volume.grid and (volume.grid.x, volume.grid.y, volume.grid.z)) == grid
    assert bool(reading.faults) is (grid is None and shape != "")


def test_an_image_of_one_section_is_no_volume() -> None:
    (image,) = only(example(shape="1,1,1,1538,2048")).volumes
    assert image.kind == "image-set" and image.grid and (image.grid.x, image.grid.y, image.grid.z) == (2048, 1538, None)


def test_placeholders_and_zero_bytes_are_not_taken() -> None:
    dataset = only(example(name="dataset name", written="0"))
    assert dataset.title == "EM04534_04_dU_SBF_8bits_aligned_z4-136_7-7-50nm_v3"
    assert dataset.access_points[0].byte_size is None


def test_what_no_crosswalk_has_stays_as_stated() -> None:
    dataset = only(example(organismId="a mouse of the lab", fbbiId="obo:FBbi_00001004", license="ask us"))
    (volume,) = dataset.volumes
    assert (volume.sample, volume.stated_species, volume.stated_technique) == (
        None,
        "a mouse of the lab",
        "obo:FBbi_00001004",
    )
    assert dataset.deposit and (dataset.deposit.licence, dataset.deposit.stated_licence) == (None, "ask us")


def test_broken_lists(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("url,shape\nhttps://a.org/b.zarr,1,2,3\n\n,\nftp:/broken,1\n", encoding="utf-8")
    (tmp_path / "b.csv").write_bytes(
        "url,origin,name\nhttps://a.org/c.zarr,https://www.ebi.ac.uk/empiar/EMPIAR-1/,Müll\n".encode("cp1252")
    )
    found = list(SOURCE.records(tmp_path))
    assert [type(one) for one in found] == [Fault, Record, Record]
    first, second = (SOURCE.read(one) for one in found if isinstance(one, Record))
    assert not first.datasets and first.faults
    assert only(second).title == "Müll"
