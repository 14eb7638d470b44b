"""NeuroMorpho.Org: answers of the documented shape are gathered by archive, species and paper; only electron microscopy is taken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from emkg.model import Dataset, Fault, Record
from emkg.sources.neuromorpho import NeuroMorpho, gather
from tests.harvest.site import Reply
from tests.sources.replay import Replay, lived

SOURCE = NeuroMorpho()


def neuron(number: int, **fields: Any) -> dict[str, Any]:
    """A neuron with the fields that the API's reference lists (https://neuromorpho.org/apiReference.html)."""
    return {
        "neuron_id": number,
        "neuron_name": f"cell-{number}",
        "archive": "Example",
        "note": "",
        "age_classification": "adult",
        "brain_region": ["retina", "inner plexiform layer"],
        "cell_type": ["bipolar", "principal cell"],
        "species": "mouse",
        "strain": "C57BL/6",
        "scientific_name": "Mus musculus",
        "stain": "electron microscopy",
        "experiment_condition": ["Control"],
        "protocol": "in vivo",
        "objective_type": "Not reported",
        "upload_date": "2015-03-12",
        "reference_pmid": ["12345678"],
        "reference_doi": ["10.5072/example"],
        "_links": {"self": {"href": f"http://neuromorpho.org/api/neuron/id/{number}"}},
    } | fields


def page(*neurons: dict[str, Any], number: int = 0, total: int = 1) -> dict[str, Any]:
    """A page of neurons, in the form of Spring HATEOAS."""
    return {
        "_embedded": {"neuronResources": list(neurons)},
        "page": {"size": 500, "totalPages": total, "number": number},
    }


def only(record: Record | Fault) -> Dataset:
    assert isinstance(record, Record)
    (dataset,) = SOURCE.read(record).datasets
    return dataset


def test_the_example() -> None:
    dataset = only(SOURCE.example)
    assert dataset.slug == "neuromorpho-example-mouse-10-5072-example"
    assert dataset.title == "neurons of mouse in Example"
    (volume,) = dataset.volumes
    assert volume.acquisition is not None
    assert volume.acquisition.techniques == ("emkg:ElectronMicroscopy",)
    assert volume.sample is not None
    assert volume.sample.taxon == "NCBITaxon:10090"
    assert volume.sample.stated_cell_types == ("bipolar", "principal cell")
    assert volume.stated_region == "retina; inner plexiform layer"
    assert [(paper.doi, paper.pubmed_id) for paper in dataset.papers] == [("10.5072/example", "")]
    assert [(count.value, count.counted) for count in dataset.counts] == [(2, "emkg:SkeletonTracing")]
    (made,) = dataset.reconstructions
    assert (made.derived_from_kind, made.derived_from) == ("volume", volume.slug)
    assert dataset.deposit is not None
    assert dataset.deposit.landing_page == "https://neuromorpho.org/KeywordResult.jsp?keywords=%22Example%22"


FIELDS = ("stain", "protocol", "objective_type", "experiment_condition")
LISTS: dict[str, Any] = {f"neuron/fields/{name}": {"fields": []} for name in FIELDS}


def test_live(tmp_path: Path) -> None:
    select = 'neuron/select?stain:"electron microscopy"'
    answers = {
        "neuron/fields/stain": {"fields": ["biocytin", "electron microscopy", "lucifer yellow"]},
        "neuron/fields/protocol": {"fields": ["in vivo", "SBF-SEM"]},
        f"{select}&0": page(neuron(1), neuron(2), total=2),
        f"{select}&1": page(neuron(3, species="human", scientific_name="Homo sapiens"), total=2),
        'neuron/select?protocol:"SBF-SEM"&0': page(neuron(2), neuron(4, protocol="SBF-SEM")),
    }
    replay = Replay(LISTS | answers)
    human, mouse = (only(record) for record in lived(SOURCE, replay, tmp_path))
    assert human.slug == "neuromorpho-example-human-10-5072-example"
    assert [count.value for count in human.counts] == [1]
    assert [count.value for count in mouse.counts] == [3]  # neuron 2 was met twice
    assert mouse.volumes[0].acquisition is not None
    assert mouse.volumes[0].acquisition.techniques == ("emkg:SBFSEM",)
    assert not any("biocytin" in one for one in replay.asked)


def test_a_page_that_cannot_be_had_is_told_and_no_number_is_claimed(tmp_path: Path) -> None:
    select = 'neuron/select?stain:"EM"'
    answers = {
        "neuron/fields/stain": {"fields": ["EM"]},
        f"{select}&0": page(neuron(1), total=2),
        f"{select}&1": Reply(b"", 503),
    }
    told, record = lived(SOURCE, Replay(LISTS | answers), tmp_path)
    assert isinstance(told, Fault)
    assert only(record).counts == ()


@pytest.mark.parametrize(
    "flaw", [Reply(b"", 500), Reply(b"{", 200), Reply(b"", flaw="reset"), Reply(b"{}", flaw="truncated")]
)
def test_a_field_that_cannot_be_listed_is_told(flaw: Reply, tmp_path: Path) -> None:
    (told,) = lived(SOURCE, Replay(LISTS | {"neuron/fields/stain": flaw}), tmp_path)
    assert isinstance(told, Fault)


@pytest.mark.parametrize(
    "body", [{}, [], None, {"_embedded": None}, {"_embedded": {"neuronResources": "x"}}, {"fields": 7}]
)
def test_answers_of_another_shape_do_no_harm(body: Any, tmp_path: Path) -> None:
    answers = {"neuron/fields/stain": {"fields": ["EM"]}, 'neuron/select?stain:"EM"&0': body}
    assert lived(SOURCE, Replay(LISTS | answers), tmp_path) == []


def test_pages_without_end_come_to_an_end(tmp_path: Path) -> None:
    select = 'neuron/select?stain:"EM"'
    pages = {f"{select}&{number}": page(neuron(number), total=10**9) for number in range(3)} | {f"{select}&3": {}}
    (record,) = lived(SOURCE, Replay(LISTS | {"neuron/fields/stain": {"fields": ["EM"]}} | pages), tmp_path)
    assert [count.value for count in only(record).counts] == [3]


@pytest.mark.parametrize("stain", ["biocytin", "Golgi", None, "stem cells", "Not reported"])
def test_light_microscopy_is_left_out(stain: str | None) -> None:
    gathered: dict[str, dict[str, Any]] = {}
    gather(gathered, [neuron(1, stain=stain)], set())
    ((key, body),) = gathered.items()
    reading = SOURCE.read(Record(key, "neuron/select", "", body))
    assert not reading.datasets
    assert [fault.reason for fault in reading.faults] == ["no mode of electron microscopy"]


@pytest.mark.parametrize(
    "stain", ["electron microscopy", "Electron microscopic", "EM", "ssTEM", "FIB-SEM", "osmium; TEM"]
)
def test_words_for_electron_microscopy(stain: str) -> None:
    gathered: dict[str, dict[str, Any]] = {}
    gather(gathered, [neuron(1, stain=stain)], set())
    ((key, body),) = gathered.items()
    assert SOURCE.read(Record(key, "neuron/select", "", body)).datasets


def test_neurons_of_other_papers_are_another_dataset() -> None:
    gathered: dict[str, dict[str, Any]] = {}
    papers = [["10.5072/a"], ["10.5072/b"], ["10.5072/b", "10.5072/a"], ["10.5072/a", "10.5072/b"], []]
    gather(gathered, [neuron(number, reference_doi=dois) for number, dois in enumerate(papers)], set())
    slugs = [only(Record(key, "neuron/select", "", body)).slug for key, body in gathered.items()]
    assert len(gathered) == len(set(slugs)) == 4


def test_without_a_doi_a_paper_is_known_by_its_pubmed_id() -> None:
    gathered: dict[str, dict[str, Any]] = {}
    gather(gathered, [neuron(1, reference_doi=None)], set())
    ((key, body),) = gathered.items()
    assert [paper.pubmed_id for paper in only(Record(key, "neuron/select", "", body)).papers] == ["12345678"]


def test_saved_answers(tmp_path: Path) -> None:
    (tmp_path / "page-0.json").write_text(json.dumps(page(neuron(1), neuron(2, upload_date="2014-01-01"))))
    (tmp_path / "one.json").write_text(json.dumps(neuron(3)))
    (tmp_path / "broken.json").write_text("{")
    fault, record = SOURCE.records(tmp_path)
    assert isinstance(fault, Fault)
    dataset = only(record)
    assert [count.value for count in dataset.counts] == [3]
    assert dataset.deposit is not None
    assert dataset.deposit.issued == "2014-01-01"
