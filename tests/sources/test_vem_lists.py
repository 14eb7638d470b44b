"""Hand-kept lists: the table's sizes, counts, papers and notes; entries in Markdown; slips of the lists are not handed on."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from emkg.model import Dataset, Fault, Record, RecordReading
from emkg.paths import data_dir
from emkg.sources._vem_markdown import markdown_records
from emkg.sources.vem_lists import VemLists

SOURCE = VemLists()
CORPORA = Path(os.environ.get("EMKG_CORPORA", data_dir().parent.parent / "shared")) / "corpora"


def readings(name: str) -> dict[str, RecordReading]:
    if not (CORPORA / name).exists():
        pytest.skip(f"no corpora/{name}: set EMKG_CORPORA to the folder that holds corpora/")
    return {one.key: SOURCE.read(one) for one in SOURCE.records(CORPORA / name) if isinstance(one, Record)}


def example(**changed: Any) -> RecordReading:
    return SOURCE.read(Record("Zebrafish OB", "vem_museum_2026.csv", "/29", SOURCE.example.body | changed))


def only(reading: RecordReading) -> Dataset:
    (dataset,) = reading.datasets
    return dataset


def entries(text: str) -> list[RecordReading]:
    return [SOURCE.read(record) for record in markdown_records(text, "README.md", "list")]


def test_the_example() -> None:
    dataset = only(SOURCE.read(SOURCE.example))
    (volume,), (count,), (paper,), (point,) = dataset.volumes, dataset.counts, dataset.papers, dataset.access_points
    assert (dataset.slug, dataset.title) == ("vem-lists-zebrafish-ob", "Zebrafish OB")
    assert volume.voxel and (volume.voxel.x, volume.voxel.z, volume.voxel.as_stated) == (
        Decimal("9.25"),
        25,
        "9.25x9.25x25",
    )
    assert volume.extent and (volume.extent.x, volume.extent.y, volume.extent.z) == (72, 108, 119)
    assert volume.extent.x.at == "/29/size_um"  # type: ignore[union-attr]
    assert volume.acquisition and volume.acquisition.techniques == ("emkg:SBFSEM",)
    assert volume.sample and volume.sample.taxon == "NCBITaxon:7955"
    assert volume.stated_region == "larval olfactory bulb"
    assert (count.counted, count.value, count.comparator, count.as_stated) == (
        "CL:0000540",
        1000,
        "approximately",
        "~1000 neurons",
    )
    assert (paper.first_author, paper.authors_as_stated, paper.year) == ("Wanner", "Wanner et al.", 2016)
    assert (point.role, point.host) == ("landingPage", "bossdb")


def test_the_real_table() -> None:
    found = readings("derived/vem_museum_2026.csv")
    assert len(found) > 40
    assert all(len(reading.datasets) == 1 for reading in found.values())
    faults = [fault for reading in found.values() for fault in reading.faults]
    assert {fault.reason for fault in faults} <= {"no known form of a size"}
    assert sum(bool(only(reading).volumes[0].voxel) for reading in found.values()) > 25


@pytest.mark.parametrize(
    ("voxel", "sides"),
    [
        ("65x65x?", (65, 65, None)),
        ("4x4x4 / 8x8x8", (None, None, None)),
        ("8x8x8", (8, 8, 8)),
        ("3.58x3.58x40", (Decimal("3.58"), Decimal("3.58"), 40)),
        ("0x0x0", (None, None, None)),
        ("?x4x40", (None, None, None)),
    ],
)
def test_voxel_sizes_with_something_missing(voxel: str, sides: tuple[Any, Any, Any]) -> None:
    (volume,) = only(example(voxel_nm=voxel)).volumes
    assert volume.voxel and (volume.voxel.x, volume.voxel.y, volume.voxel.z) == sides
    assert volume.voxel.as_stated == voxel


def test_a_size_of_no_known_form_is_a_fault_and_the_rest_is_kept() -> None:
    reading = example(size_um="as large as a cat")
    assert [fault.reason for fault in reading.faults] == ["no known form of a size"]
    assert only(reading).volumes[0].extent is None and only(reading).volumes[0].voxel


def test_a_size_per_side_is_approximate() -> None:
    (volume,) = only(example(size_um="~250 per side")).volumes
    assert volume.extent and volume.extent.approximate and volume.extent.kind == "perSide"


@pytest.mark.parametrize(
    ("content", "counts"),
    [
        ("50000 cells; 133700000 synapses", [("cell", 50000), ("synapse", 133700000)]),
        ("30 slices 512x512", []),
        ("part of 18000 axons", []),
        ("8 connectomes", []),
        ("0 cells", []),
        ("89 somata; 6979 axons", [("axon", 6979)]),
    ],
)
def test_counts_are_of_things_that_are_known(content: str, counts: list[tuple[str, int]]) -> None:
    dataset = only(example(content=content))
    assert [(count.slug.removeprefix(f"{dataset.slug}-"), count.value) for count in dataset.counts] == counts


def test_a_note_gives_accession_doi_and_address() -> None:
    dataset = only(example(note="EMPIAR-10791; doi 10.1038/s41586-022-04518-2"))
    assert dataset.deposit and dataset.deposit.related_accessions == ("EMPIAR-10791",)
    assert [(paper.first_author, paper.doi, paper.year) for paper in dataset.papers] == [
        ("Wanner", "10.1038/s41586-022-04518-2", 2016)
    ]
    noted = only(example(note="bossdb.org/project/microns-minnie"))
    assert [point.url for point in noted.access_points][1:] == ["https://bossdb.org/project/microns-minnie"]


def test_a_doi_of_data_is_the_dataset_s() -> None:
    dataset = only(example(link="https://doi.org/10.6019/S-BIAD3263", note="doi 10.64898/2026.04.17.719153"))
    assert dataset.deposit and (dataset.deposit.doi, dataset.deposit.related_accessions) == (
        "10.6019/s-biad3263",
        ("S-BIAD3263",),
    )
    assert dataset.access_points == ()
    assert dataset.papers[0].doi == "10.64898/2026.04.17.719153"


def test_of_two_papers_neither_has_the_year() -> None:
    papers = only(
        example(reference="Zheng et al.; Dorkenwald et al.", note="doi 10.1/x 10.1016/j.cell.2018.06.019")
    ).papers
    assert [(paper.first_author, paper.year, paper.doi) for paper in papers] == [
        ("Zheng", None, ""),
        ("Dorkenwald", None, ""),
    ]


def test_two_dimensional_images_are_no_volume() -> None:
    (images,) = only(example(size_um="", voxel_nm="", content="1592753 2D patches")).volumes
    assert images.kind == "image-set"


def test_what_no_crosswalk_has_stays_as_stated() -> None:
    (volume,) = only(example(species="mouse / macaque / human", microscopy="a new method", sample="a place")).volumes
    assert (volume.sample, volume.stated_species, volume.stated_technique) == (
        None,
        "mouse / macaque / human",
        "a new method",
    )


def test_entries_under_headings() -> None:
    text = (
        "# A list of datasets\n## Dataset Papers\n### H01 | Science 2024\n- **A petavoxel fragment**\n"
        "[[Paper](https://doi.org/10.1126/science.adk4858)]\n[[Dataset](https://h01-release.storage.googleapis.com/data.html)]\n"
        "- **Another paper**\n[[Paper](https://doi.org/10.1126/other)]\n## Algorithms\n### FFN | Nature 2018\n[[paper](https://a.org)]\n"
    )
    (reading,) = entries(text)
    dataset = only(reading)
    assert (dataset.slug, dataset.title) == ("vem-lists-list-h01", "H01")
    assert [(paper.doi, paper.title, paper.year) for paper in dataset.papers] == [
        ("10.1126/science.adk4858", "A petavoxel fragment", 2024)
    ]
    assert [point.url for point in dataset.access_points] == ["https://h01-release.storage.googleapis.com/data.html"]
    assert reading.record.pointer == "/3"


def test_entries_of_a_list() -> None:
    text = "# Benchmark Datasets\n+ 2016-MICCAI - CREMI: [[Dataset & details]](https://cremi.org/)\n# Metrics\n+ 2016-X - VOI: [[D]](https://b.org)\n"
    (reading,) = entries(text)
    assert [point.role for point in only(reading).access_points] == ["landingPage"]


def test_an_address_of_two_datasets_is_of_neither() -> None:
    text = (
        "## Datasets\n- [CEM1.5M](https://www.ebi.ac.uk/empiar/EMPIAR-10592/): newer\n"
        "- [CEM500K](https://www.ebi.ac.uk/empiar/EMPIAR-10592/): older\n- [CEM-MitoLab](https://www.ebi.ac.uk/empiar/EMPIAR-11037/)\n"
    )
    first, second, third = entries(text)
    for reading in (first, second):
        assert not reading.datasets
        assert [fault.reason for fault in reading.faults] == [
            "the list gives this address to several datasets",
            "neither a paper nor an address of its own",
        ]
    assert only(third).deposit.related_accessions == ("EMPIAR-11037",)  # type: ignore[union-attr]


def test_a_view_of_another_dataset_is_not_taken() -> None:
    state = (
        '#!{"layers":[{"type":"image","source":"precomputed://gs://neuroglancer-fafb-data/fafb"}],"position":[POS,0,0]}'
    )
    view = "https://fafb-dot-neuroglancer-demo.appspot.com/" + state.replace('"', "%22")
    text = "## Datasets\n" + "".join(
        f"### {name} | eLife 2020\n- **{name}**\n[[neuroglancer]({view.replace('POS', str(number))})][[Paper](https://doi.org/10.1234/{number})]\n"
        for number, name in enumerate(("FAFB", "Hemibrain"))
    )
    for reading in entries(text):
        assert only(reading).access_points == ()
        assert "the list gives this address to several datasets" in {fault.reason for fault in reading.faults}


@pytest.mark.parametrize("name", ["connectomic-paper-datasets", "awesome-neuron-segmentation", "volume-em-site"])
def test_the_real_lists(name: str) -> None:
    found = readings(name)
    assert found
    assert sum(len(reading.datasets) for reading in found.values()) >= 3
    for reading in found.values():
        for dataset in reading.datasets:
            assert dataset.papers or dataset.access_points
            assert not [paper for paper in dataset.papers if "doi.org" in paper.url]


@pytest.mark.parametrize("name", [None, "", "…", ["a"], "日本"])
def test_a_row_without_a_name_is_rejected(name: Any) -> None:
    reading = example(name=name)
    assert not reading.datasets and "no name" in {fault.reason for fault in reading.faults}


def test_broken_files(tmp_path: Path) -> None:
    (tmp_path / "vem_a.csv").write_text("name,species\na,b,c\nd,mouse\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("# no dataset\n[[[](](\n", encoding="utf-8")
    assert [type(one) for one in SOURCE.records(tmp_path)] == [Fault, Record]
