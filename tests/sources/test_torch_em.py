"""torch-em's datasets: papers and data by their DOIs, files by their addresses, accessions, and broken rows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from emkg.model import Dataset, Fault, Record, RecordReading
from emkg.paths import data_dir
from emkg.sources.torch_em import TorchEm

SOURCE = TorchEm()
CORPUS = (
    Path(os.environ.get("EMKG_CORPORA", data_dir().parent.parent / "shared"))
    / "corpora/derived/torch_em_em_datasets.csv"
)


@pytest.fixture(scope="module")
def datasets() -> dict[str, Dataset]:
    if not CORPUS.exists():
        pytest.skip("no corpora/derived/torch_em_em_datasets.csv: set EMKG_CORPORA to the folder that holds corpora/")
    readings = [SOURCE.read(one) for one in SOURCE.records(CORPUS) if isinstance(one, Record)]
    assert all(len(reading.datasets) == 1 and not reading.faults for reading in readings)
    return {reading.record.key: reading.datasets[0] for reading in readings}


def example(**changed: Any) -> RecordReading:
    return SOURCE.read(Record("k", "torch_em_em_datasets.csv", "/34", SOURCE.example.body | changed))


def only(reading: RecordReading) -> Dataset:
    (dataset,) = reading.datasets
    return dataset


def test_the_example() -> None:
    dataset = only(SOURCE.read(SOURCE.example))
    assert (dataset.slug, dataset.title, dataset.description) == ("torch-em-parlakgul-liver", "parlakgul_liver", "")
    assert [paper.doi for paper in dataset.papers] == ["10.1038/s41586-022-04518-2"]
    assert dataset.deposit and dataset.deposit.related_accessions == ("EMPIAR-10791",)
    assert dataset.deposit.landing_page.endswith("/electron_microscopy/parlakgul_liver.py")
    assert [(point.role, point.url.rsplit("/", 2)[1]) for point in dataset.access_points] == [("imageFiles", "10791")]
    (volume,) = dataset.volumes
    assert volume.voxel is None  # what was mined from words is a claim
    assert {(claim.property, claim.value) for claim in dataset.claims} >= {("voxelZ", 8)}
    assert all(claim.confidence < 1 and claim.quoted for claim in dataset.claims)


def test_the_real_table(datasets: dict[str, Dataset]) -> None:
    assert len(datasets) >= 40
    assert sum(bool(dataset.papers) for dataset in datasets.values()) > 0.85 * len(datasets)
    roles = {point.role for dataset in datasets.values() for point in dataset.access_points}
    assert roles == {"imageFiles", "landingPage", "codeRepository", "challengePage"}
    addresses = [point.url for dataset in datasets.values() for point in dataset.access_points]
    assert not [url for url in addresses if url.endswith(".") or "doi.org" in url or "arxiv.org" in url]


def test_a_doi_of_data_is_the_dataset_s_own() -> None:
    dataset = only(example(dois="10.1038/s41586-025-08790-w 10.5281/zenodo.5760218"))
    assert dataset.deposit and dataset.deposit.doi == "10.5281/zenodo.5760218"
    assert [paper.doi for paper in dataset.papers] == ["10.1038/s41586-025-08790-w", "10.1038/s41586-022-04518-2"]
    two = only(example(dois="10.5281/zenodo.1 10.6019/S-BIAD1")).deposit
    assert (
        two and two.doi == "" and two.related == ("https://doi.org/10.5281/zenodo.1", "https://doi.org/10.6019/s-biad1")
    )


def test_the_version_of_a_preprint_is_not_of_its_doi() -> None:
    (paper,) = only(
        example(dois="10.1101/2025.10.09.680999v2", urls="https://www.biorxiv.org/content/10.1101/2025.10.09.680999v2.")
    ).papers
    assert (paper.doi, paper.served_version) == ("10.1101/2025.10.09.680999", "v2")


def test_a_paper_without_doi_has_its_page() -> None:
    (paper,) = only(example(dois="", urls="https://openreview.net/forum?id=ExBq9A8Ypk.")).papers
    assert (paper.doi, paper.url) == ("", "https://openreview.net/forum?id=ExBq9A8Ypk")


@pytest.mark.parametrize(
    ("url", "role", "file_format"),
    [
        ("https://zenodo.org/record/3675220/files/cilia.zip", "imageFiles", "formatZIP"),
        ("https://cremi.org/static/data/sample_A_20160501.hdf", "imageFiles", "formatHDF5"),
        ("https://zenodo.org/records/5760218/files/pinky.tar.gz?download=1", "imageFiles", ""),
        ("https://oc.embl.de/index.php/s/43iMotlXPyAB39z/download", "imageFiles", ""),
        ("https://zenodo.org/records/8351731.", "landingPage", ""),
        ("https://github.com/google/ffn", "codeRepository", ""),
        ("https://bossdb.org/project/zhang2025", "landingPage", ""),
    ],
)
def test_what_an_address_is_for(url: str, role: str, file_format: str) -> None:
    (point,) = only(example(urls=url)).access_points
    assert (point.role, point.file_format) == (role, file_format)


def test_two_voxel_sizes_are_none() -> None:
    dataset = only(example(voxel_nm="4 x 4 x 40 nm | 16 x 16 x 40 nm"))
    assert dataset.claims == () and dataset.volumes[0].kind == "image-set"


@pytest.mark.parametrize("name", [None, "", "???", ["a"], "日本"])
def test_a_row_without_a_name_is_rejected(name: Any) -> None:
    reading = example(name=name)
    assert not reading.datasets and "no name" in {fault.reason for fault in reading.faults}


def test_a_broken_table(tmp_path: Path) -> None:
    (tmp_path / "torch_em.csv").write_text('name,urls\na,"https://a.org x y://z"\nb,c,d,e\n', encoding="utf-8")
    found = list(SOURCE.records(tmp_path))
    assert [type(one) for one in found] == [Record, Fault]
    reading = SOURCE.read(found[0])  # type: ignore[arg-type]
    assert [point.url for point in only(reading).access_points] == ["https://a.org"]
    assert {fault.reason for fault in reading.faults} == {"not an address"}
