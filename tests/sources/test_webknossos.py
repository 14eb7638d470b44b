"""webKnossos: the example; the answers of its API replayed, of older and newer servers; what nobody filled in; malformed answers.

The shapes of the answers are those of scalableminds/webknossos (PublicationService and DatasetService, publicWrites); the names
in them are made up.
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
from emkg.sources.webknossos import WebKnossos
from tests.sources.fuzz import assert_sound, broken
from tests.sources.replay import site

SOURCE = WebKnossos()
LAYERS = [
    {
        "name": "color",
        "category": "color",
        "elementClass": "uint8",
        "boundingBox": {"topLeft": [128, 128, 128], "width": 5000, "height": 4000, "depth": 300},
        "resolutions": [[1, 1, 1], [2, 2, 1]],
    },
    {
        "name": "segmentation",
        "category": "segmentation",
        "elementClass": "uint32",
        "boundingBox": {"topLeft": [128, 128, 128], "width": 5000, "height": 4000, "depth": 300},
        "largestSegmentId": 77,
    },
]
NEWER = {
    "id": "5f00000000000000000000aa",
    "name": "Nowhere cortex",
    "directoryName": "nowhere_cortex",
    "owningOrganization": "Nowhere_Lab",
    "dataStore": {"name": "store", "url": "https://data.example.org", "allowsUpload": True},
    "dataSource": {
        "id": {"name": "nowhere_cortex", "team": "Nowhere_Lab"},
        "dataLayers": LAYERS,
        "scale": {"factor": [0.01124, 0.01124, 0.03], "unit": "micrometer"},
    },
    "isActive": True,
    "isPublic": True,
    "description": "Prose that is not taken, with [the paper](https://doi.org/10.5072/Nowhere.2020).",
    "created": 1600000000000,
    "metadata": [
        {"type": "string", "key": "species", "value": "mouse"},
        {"type": "string", "key": "brainRegion", "value": "brain region"},
        {"type": "string", "key": "acquisition", "value": "SBEM"},
    ],
    "tags": ["cortex"],
    "folderId": "5f00000000000000000000ff",
    "publication": None,
}
OLDER = {
    "name": "nowhere_retina",
    "owningOrganization": "Nowhere_Lab",
    "dataStore": {"url": "https://data.example.org"},
    "dataSource": {"dataLayers": LAYERS[:1], "scale": [16.5, 16.5, 25]},
    "details": {"species": "species name", "brainRegion": "retina", "acquisition": "acquisition method"},
    "description": None,
}
PUBLICATION = {
    "id": "5f00000000000000000000bb",
    "publicationDate": 1583020800000,
    "imageUrl": "https://static.example.org/image.png",
    "title": "A study of nowhere",
    "description": "",
    "created": 1583020800000,
    "datasets": [NEWER, OLDER],
    "annotations": [],
}


def published(dataset: Any) -> Record:
    about = {part: value for part, value in PUBLICATION.items() if part not in ("datasets", "annotations")}
    return Record("x", "publications", "", {"publication": about, "dataset": dataset})


def one(record: Record) -> Dataset:
    (dataset,) = SOURCE.read(record).datasets
    return dataset


def test_the_example_as_a_dataset() -> None:
    dataset = one(SOURCE.example)
    (volume,) = dataset.volumes
    assert dataset.slug == "webknossos-mpi-brain-research-mk1-f6-l23-js-segmentation-v2-typ-soma-excl"
    assert volume.grid and (volume.grid.x, volume.grid.y, volume.grid.z) == (18250, 22896, 3380)
    assert dataset.deposit
    assert dataset.deposit.landing_page == "https://webknossos.org/publications/62b979370e130578529d66ca"
    store = "https://demo.data2-brain.esc.rzg.mpg.de/data/zarr3_experimental/MPI_Brain_Research/"
    (point,) = dataset.access_points
    assert point.url == f"{store}Mk1_F6_L23_JS_segmentation_v2_typ_soma_excl/color"
    assert (point.role, point.file_format) == ("rawImage", "formatOMEZarr")


def test_a_newer_answer() -> None:
    dataset = one(published(NEWER))
    (volume,) = dataset.volumes
    assert volume.voxel and volume.sample and volume.acquisition and dataset.deposit
    assert (str(volume.voxel.x), str(volume.voxel.z)) == ("11.24000", "30.00")
    assert (volume.sample.taxon, volume.stated_region) == ("NCBITaxon:10090", "")
    assert volume.acquisition.techniques == ("emkg:SBFSEM",)
    assert (dataset.deposit.issued, dataset.deposit.keywords) == ("2020-03-01", ("cortex",))
    assert [paper.doi for paper in dataset.papers] == ["10.5072/nowhere.2020"]
    assert "Prose" not in repr(dataset)
    assert {
        point.slug.removeprefix(f"{dataset.slug}-"): (point.url, point.role) for point in dataset.access_points
    } == {
        "viewer-page": ("https://webknossos.org/datasets/nowhere_cortex-5f00000000000000000000aa", "viewer"),
        "color": ("https://data.example.org/data/zarr3_experimental/Nowhere_Lab/nowhere_cortex/color", "rawImage"),
        "segmentation": (
            "https://data.example.org/data/zarr3_experimental/Nowhere_Lab/nowhere_cortex/segmentation",
            "segmentation",
        ),
    }


def test_an_older_answer_and_what_nobody_filled_in() -> None:
    (volume,) = one(published(OLDER)).volumes
    assert volume.voxel and volume.sample and volume.acquisition
    assert (str(volume.voxel.x), str(volume.voxel.z)) == ("16.5", "25")
    assert (volume.stated_species, volume.sample.regions) == ("", ("UBERON:0000966",))
    assert (volume.acquisition.techniques, volume.stated_technique) == ((), "")


@pytest.mark.parametrize("acquisition", ["light-sheet microscopy", "Confocal", "synchrotron X-ray"])
def test_what_was_imaged_by_light_is_refused(acquisition: str) -> None:
    reading = SOURCE.read(published(OLDER | {"details": {"acquisition": acquisition}}))
    assert reading.datasets == ()
    assert reading.faults[0].reason == "it says that it was not imaged by electrons"


def test_publications_first_then_the_public_datasets_that_are_in_none() -> None:
    other = "5f00000000000000000000cc"
    pages = {
        "api/publications": [PUBLICATION],
        "api/datasets": [{"id": NEWER["id"]}, {"id": other}, {"id": "5f00000000000000000000dd"}, {"id": 7}],
        f"api/datasets/{other}": OLDER | {"id": other, "name": "nowhere_else"},
    }
    with site(pages) as served:
        served.address += "api/"
        found = list(SOURCE.live(served))
    keys = [record.key for record in found if isinstance(record, Record)]
    assert keys == ["Nowhere_Lab/Nowhere cortex", "Nowhere_Lab/nowhere_retina", "Nowhere_Lab/nowhere_else"]
    (fault,) = [fault for fault in found if isinstance(fault, Fault)]
    assert fault.path.endswith("5f00000000000000000000dd")
    assert served.asked.count(f"api/datasets/{NEWER['id']}") == 0


@pytest.mark.parametrize("answer", [500, b"<html>", {"messages": []}, [7], b"[{]", "text"])
def test_an_answer_that_is_none_is_told(answer: Any) -> None:
    with site({"api/publications": answer, "api/datasets": []}) as served:
        served.address += "api/"
        found = list(SOURCE.live(served))
    assert all(isinstance(one, Fault) or not SOURCE.read(one).datasets for one in found)
    assert found


def test_saved_answers_of_every_kind(tmp_path: Path) -> None:
    saved = {"publications.json": [PUBLICATION], "publication.json": PUBLICATION, "dataset.json": OLDER}
    for name, body in saved.items():
        (tmp_path / name).write_text(json.dumps(body), encoding="utf-8")
    records = [record for record in SOURCE.records(tmp_path) if isinstance(record, Record)]
    assert [record.path for record in records] == [
        "dataset.json",
        *["publication.json"] * 2,
        *["publications.json"] * 2,
    ]
    assert all(SOURCE.read(record).datasets for record in records)


@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_damage_makes_an_invalid_triple(data: st.DataObject) -> None:
    assert_sound(SOURCE, data.draw(broken(published(copy.deepcopy(NEWER)), most=12)))
