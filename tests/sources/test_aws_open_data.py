"""The Registry of Open Data on AWS: collections of electron microscopy, their buckets, licences and papers; nobody's e-mail."""

from __future__ import annotations

import copy
import os
from pathlib import Path
from typing import Any

import pytest

from emkg.model import Dataset, Fault, Record, RecordReading
from emkg.paths import data_dir
from emkg.rdfize import record_statements_of
from emkg.sources.aws_open_data import AwsOpenData

SOURCE = AwsOpenData()
CORPUS = (
    Path(os.environ.get("EMKG_CORPORA", data_dir().parent.parent / "shared")) / "corpora" / "aws-open-data-registry"
)


@pytest.fixture(scope="module")
def readings() -> dict[str, RecordReading]:
    if not CORPUS.exists():
        pytest.skip("no corpora/aws-open-data-registry: set EMKG_CORPORA to the folder that holds corpora/")
    return {one.key: SOURCE.read(one) for one in SOURCE.records(CORPUS) if isinstance(one, Record)}


def example(**changed: Any) -> RecordReading:
    return SOURCE.read(Record("janelia-cosem", "janelia-cosem.yaml", "", copy.deepcopy(SOURCE.example.body) | changed))


def only(reading: RecordReading) -> Dataset:
    (dataset,) = reading.datasets
    return dataset


def test_the_example() -> None:
    dataset = only(SOURCE.read(SOURCE.example))
    assert dataset.slug == "aws-open-data-janelia-cosem" and dataset.description == ""
    deposit = dataset.deposit
    assert deposit and deposit.licence == "cc:by/4.0/" and deposit.institutions == ("Janelia Research Campus",)
    assert deposit.landing_page == "https://registry.opendata.aws/janelia-cosem/"
    assert deposit.keywords == ("cell biology", "electron microscopy", "imaging", "organelle")
    points = [(point.role, point.host, point.url) for point in dataset.access_points]
    assert points[0] == ("imageFiles", "amazon-s3", "s3://janelia-cosem-datasets")
    (paper,) = dataset.papers
    assert (paper.doi, paper.first_author) == ("10.1038/s41586-021-03977-3", "Larissa Heinrich")
    assert dataset.volumes[0].kind == "image-set"


def test_the_real_registry(readings: dict[str, RecordReading]) -> None:
    rejected = {key for key, reading in readings.items() if not reading.datasets}
    assert rejected == {"bobsrepository", "brainminds-marmoset-connectivity"} & set(readings)
    assert all(
        reading.faults[0].reason == "not electron microscopy by its tags or name"
        for key, reading in readings.items()
        if key in rejected
    )


def test_no_address_of_a_person_is_taken(readings: dict[str, RecordReading]) -> None:
    said = [str(told.triple.object) for reading in readings.values() for told in record_statements_of(reading)]
    assert said and not [one for one in said if "@" in one.replace('"@en', "")]


def test_models_are_no_images(readings: dict[str, RecordReading]) -> None:
    addresses = {
        point.url for reading in readings.values() for dataset in reading.datasets for point in dataset.access_points
    }
    assert not [url for url in addresses if "models" in url or "networks" in url]


def test_a_name_alone_may_tell() -> None:
    assert example(Tags=["life sciences"], Name="Cryo-EM SPA Workflow Records").datasets
    assert not example(Tags=["life sciences"], Name="Brain images").datasets
    assert not example(Tags=None, Name="Chemo-EMissions").datasets


@pytest.mark.parametrize(
    ("resource", "url"),
    [
        ({"ARN": "arn:aws:s3:::asem-project/datasets/"}, "s3://asem-project/datasets/"),
        ({"ARN": "arn:aws-cn:s3:::bucket"}, "s3://bucket"),
        ({"ARN": "arn:aws:sns:us-west-2:662855374544:object_created"}, None),
        ({"ARN": "arn:aws:s3:::Not A Bucket"}, None),
        ({"Host": "https://files.cryoetdataportal.cziscience.com"}, "https://files.cryoetdataportal.cziscience.com"),
        ({"Description": "Trained models", "ARN": "arn:aws:s3:::nets"}, None),
        ({}, None),
        (None, None),
        ("text", None),
    ],
)
def test_a_resource_is_a_bucket_or_a_host(resource: Any, url: str | None) -> None:
    dataset = only(example(Resources=[resource], Documentation=None))
    assert [point.url for point in dataset.access_points] == ([url] if url else [])


def test_a_licence_that_names_several_stays_as_stated() -> None:
    words = "ODC-By v1.0 unless otherwise specified"
    deposit = only(example(License=words)).deposit
    assert deposit and (deposit.licence, deposit.stated_licence) == (None, words)


@pytest.mark.parametrize("name", [None, "", ["a"], {"a": 1}])
def test_a_record_without_a_name_is_rejected(name: Any) -> None:
    reading = example(Name=name)
    assert not reading.datasets and "no name" in {fault.reason for fault in reading.faults}


def test_broken_files(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("Name: [", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("- 1\n", encoding="utf-8")
    (tmp_path / "c.yaml").write_text("Name: A\nTags: [electron microscopy]\n", encoding="utf-8")
    found = list(SOURCE.records(tmp_path))
    assert [type(one) for one in found] == [Fault, Record, Record]
    assert [len(SOURCE.read(one).datasets) for one in found if isinstance(one, Record)] == [0, 1]
