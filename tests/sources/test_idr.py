"""The Image Data Resource: which experiments are of electron microscopy, and what their study sheets say."""

from __future__ import annotations

import copy
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from emkg.cursor import Cursor
from emkg.model import Concept, Curie, Dataset, Fault, Person, Record, RecordReading
from emkg.paths import data_dir
from emkg.sources._idr_sheet import sheet
from emkg.sources._techniques import settled
from emkg.sources.idr import Idr
from tests.harvest.site import Reply
from tests.sources.replay import Replay, lived

SOURCE = Idr()
CORPUS = Path(os.environ.get("EMKG_CORPORA", data_dir().parent.parent / "shared")) / "corpora" / "idr"


def only(reading: RecordReading) -> Dataset:
    (dataset,) = reading.datasets
    return dataset


def changed(
    *, study: dict[str, Any] | None = None, part: dict[str, Any] | None = None, parts: int = 1
) -> RecordReading:
    """The example with other values; with ``parts``, so many experiments, called experimentA, experimentB …"""
    body = copy.deepcopy(SOURCE.example.body)
    body["study"].update(study or {})
    body["parts"][0].update(part or {})
    if parts > 1:
        name = "Comment[IDR_Experiment_Name]"
        body["parts"] = [
            body["parts"][0] | {name: [f"idr0086-miron-micrographs/experiment{letter}"]} for letter in "ABCDEF"[:parts]
        ]
    return SOURCE.read(replace(SOURCE.example, body=body))


def test_the_example() -> None:
    dataset = only(SOURCE.read(SOURCE.example))
    assert dataset.slug == "idr-0086-miron-micrographs-experimentd"
    assert dataset.title.endswith("independent of cohesin (idr0086-miron-micrographs/experimentD)")
    (volume,) = dataset.volumes
    assert (volume.kind, volume.multiplicity, volume.grid) == ("volume", 11, None)
    assert volume.images is not None
    assert (volume.images.count, volume.images.stated_grid) == (11, "average 900, 600, 400, 1,1")
    assert volume.acquisition is not None
    assert volume.acquisition.techniques == ("emkg:FIBSEM",)
    assert volume.acquisition.method_terms == (Concept(Curie("FBbi:00000257"), "scanning electron microscopy (SEM)"),)
    assert volume.sample is not None
    assert (volume.sample.taxon, volume.sample.kind) == ("NCBITaxon:9606", "cell")
    assert volume.sample.named == (Concept(Curie("NCBITaxon:9606"), "Homo sapiens"),)


def test_the_deposit_of_the_example() -> None:
    dataset = only(SOURCE.read(SOURCE.example))
    deposit = dataset.deposit
    assert deposit is not None
    assert deposit.identifiers == ("idr0086-miron-micrographs/experimentD", "idr0086")
    assert (deposit.doi, deposit.landing_page) == (
        *("10.17867/10000141d", "https://idr.openmicroscopy.org/study/idr0086/"),
    )
    (viewer,) = dataset.access_points
    assert (viewer.url, viewer.role, viewer.host) == (
        *("https://idr.openmicroscopy.org/webclient/?show=project-1161", "viewer", "idr"),
    )
    assert (deposit.licence, deposit.issued, deposit.byte_size) == ("cc:by/4.0/", "2020-07-22", 4104873039)
    assert deposit.creators == (
        Person("Ezequiel Miron", "0000-0001-9689-8342"),
        Person("Lothar Schermelleh", "0000-0002-1612-9699"),
    )
    (paper,) = dataset.papers
    assert (paper.doi, paper.pubmed_id) == ("10.1126/sciadv.aba8811", "32967822")


def test_light_microscopy_is_left_out() -> None:
    method = {
        "Experiment_Imaging_Method": ["structured illumination microscopy (SIM)"],
        "Experiment_Imaging_Method_Term_Accession": ["Fbbi_00000332"],
    }
    reading = changed(part=method)
    assert not reading.datasets
    assert [fault.reason for fault in reading.faults] == ["no mode of electron microscopy"]


def test_a_study_of_which_only_the_list_knows_is_left_out() -> None:
    reading = SOURCE.read(Record("idr0001", "studies.tsv", "", {"containers": [{"Study": "idr0001-graml-sysgro"}]}))
    assert not reading.datasets
    assert "no study sheet" in reading.faults[0].reason


def test_experiments_of_one_study_are_datasets_of_their_own_that_name_the_study() -> None:
    reading = changed(parts=3)
    assert [dataset.slug[-1] for dataset in reading.datasets] == ["a", "b", "c"]
    for dataset in reading.datasets:
        assert dataset.deposit is not None
        assert "idr0086" not in dataset.deposit.identifiers
        assert dataset.deposit.related_accessions == ("idr0086",)
        assert dataset.deposit.landing_page == ""  # which is of them all


def test_two_experiments_of_one_name_are_not_one() -> None:
    body = copy.deepcopy(SOURCE.example.body)
    body["parts"] *= 2
    reading = SOURCE.read(replace(SOURCE.example, body=body))
    assert len(reading.datasets) == 1
    assert [fault.reason for fault in reading.faults] == ["no name of its own"]


def test_several_organisms_are_words() -> None:
    part = {
        "Experiment_Organism": ["Mus musculus", "Homo sapiens"],
        "Experiment_Organism_Term_Accession": ["10090", "9606"],
    }
    (volume,) = only(changed(part=part)).volumes
    assert volume.sample is not None
    assert (volume.sample.taxon, volume.stated_species) == (None, "Mus musculus; Homo sapiens")


def test_a_study_may_name_the_organism_for_all() -> None:
    part: dict[str, Any] = {"Experiment_Organism": [], "Experiment_Organism_Term_Accession": []}
    study = {"Study_Organism": ["Mus musculus"], "Study_Organism_Term_Accession": ["NCBITaxon_10090"]}
    (volume,) = only(changed(part=part, study=study)).volumes
    assert volume.sample is not None
    assert volume.sample.taxon == "NCBITaxon:10090"


def test_the_archives_that_hold_it_too() -> None:
    study = {
        "Study_BioImage_Archive_Accession": ["S-BIAD500"],
        "Study_External_URL": ["https://www.ebi.ac.uk/empiar/EMPIAR-10310/"],
    }
    deposit = only(changed(study=study)).deposit
    assert deposit is not None
    assert deposit.related_accessions == ("S-BIAD500",)
    assert deposit.related == ("https://www.ebi.ac.uk/empiar/EMPIAR-10310/",)


def test_a_sheet() -> None:
    text = '# remark\nStudy Title\t"A title"\t\t\nStudy Key Words\ta\tb\n\nScreen Number\t1\nScreen Organism\tHomo sapiens\nbroken\n'
    assert sheet(text) == {
        "study": {"Study_Title": ["A title"], "Study_Key_Words": ["a", "b"]},
        "parts": [{"Screen_Number": ["1"], "Screen_Organism": ["Homo sapiens"]}],
    }


def test_a_copy(tmp_path: Path) -> None:
    (tmp_path / "idr0086-study.txt").write_bytes(
        "Comment[IDR Study Accession]\tidr0086\nStudy Title\tÅ\n".encode("cp1252")
    )
    (tmp_path / "studies.tsv").write_text(
        "Study\tContainer\t5D Images\nidr0086-x\tscreenA\t7\nidr0001-y\tscreenA\t8\n1\t2\t3\t4\n"
    )
    found = list(SOURCE.records(tmp_path))
    records = {one.key: one.body for one in found if isinstance(one, Record)}
    assert list(records) == ["idr0001", "idr0086"]
    assert records["idr0086"]["study"]["Study_Title"] == ["Å"]
    assert records["idr0086"]["containers"] == [{"Study": "idr0086-x", "Container": "screenA", "5D_Images": "7"}]
    assert [one.path for one in found if isinstance(one, Fault)] == ["studies.tsv"]


def test_live(tmp_path: Path) -> None:
    rows = (
        "Study\tContainer\nidr0001-graml-sysgro\tscreenA\nidr0002-x\tscreenA\nidr0086-miron-micrographs\texperimentD\n"
    )
    files = {
        "idr.openmicroscopy.org/HEAD/_data/studies.tsv": rows,
        "idr0086-miron-micrographs/HEAD/idr0086-study.txt": "Comment[IDR Study Accession]\tidr0086\n",
        "idr-metadata/HEAD/idr0001-graml-sysgro/idr0001-study.txt": "Comment[IDR Study Accession]\tidr0001\n",
    }
    first, missing, last = lived(SOURCE, Replay(files), tmp_path)
    assert isinstance(first, Record)
    assert isinstance(last, Record)
    assert isinstance(missing, Fault)
    assert [first.key, last.key] == ["idr0001", "idr0086"]
    assert first.body["containers"] == [{"Study": "idr0001-graml-sysgro", "Container": "screenA"}]
    assert missing.path.endswith("idr-metadata/HEAD/idr0002-x/idr0002-study.txt")


def test_live_without_the_list(tmp_path: Path) -> None:
    (fault,) = lived(SOURCE, Replay({"idr.openmicroscopy.org/HEAD/_data/studies.tsv": Reply(b"", 500)}), tmp_path)
    assert isinstance(fault, Fault)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["emkg:ElectronMicroscopy", "emkg:SEM", "emkg:FIBSEM"], ("emkg:FIBSEM",)),
        (["emkg:ElectronMicroscopy"], ("emkg:ElectronMicroscopy",)),
        (["emkg:TEM", "emkg:TEM"], ("emkg:TEM",)),
        (["emkg:ssTEM", "emkg:TEM"], ("emkg:ssTEM",)),
        (["emkg:TEM", "emkg:SBFSEM"], ("emkg:ElectronMicroscopy",)),
        ([], ()),
    ],
)
def test_several_techniques_of_one_record(names: list[str], expected: tuple[str, ...]) -> None:
    assert settled(map(Curie, names), Cursor("x", "", "x.json", [])) == expected


def test_the_corpus() -> None:
    if not CORPUS.exists():
        pytest.skip("no corpora/idr: set EMKG_CORPORA to the folder that holds corpora/")
    found = {one.key: SOURCE.read(one) for one in SOURCE.records(CORPUS) if isinstance(one, Record)}
    reasons = Counter(fault.reason for one in found.values() if not one.datasets for fault in one.faults)
    assert set(reasons) == {
        "no mode of electron microscopy",
        "no study sheet with an accession, so that the imaging methods are not known",
    }
    nucleus = only(found["idr0086"])
    assert nucleus.volumes[0].images is not None
    assert nucleus.volumes[0].images.stated_grid == "average 1018 x 602 x 503 x 2 x 1"
    assert "@" not in str(nucleus)
