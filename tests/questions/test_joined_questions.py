"""Questions that only the joined graph answers: each has an answer, in time, with rows that the sources themselves warrant."""

from __future__ import annotations

import time

import pytest

from emkg.ask import Question, questions, run
from emkg.graph import Graph, Table
from emkg.vocab import prefixes

QUESTIONS = {name: question for name, question in questions().items() if question.needs}
EACH = pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
# Question: cells that stand together in one of its rows, as the records of the sources say.
KNOWN = {
    # OpenOrganelle: organism Mouse, gridSpacing 4 × 4 × 3.4 nm; the AWS registry: CC BY 4.0
    "open-volumes-by-technique": (
        "openorganelle-jrc-mus-pancreas-1",
        "4.0",
        "https://creativecommons.org/licenses/by/4.0/",
    ),
    # EMPIAR has no species; the BioImage Archive's study of the entry names Homo sapiens
    "species-known-elsewhere": ("empiar-10094", "EMPIAR-10094", "NCBITaxon_9606", "bia-empiar-10094"),
    # the list: 4 nm; torch-em's docstring: 8x8x40 nm
    "voxel-sizes-in-two-archives": ("microns-mm3", "torch-em-microns", "8x8x40 nm"),
    "datasets-with-format": ("bia-empiar-10442", "https://uk1s3.embassy.ebi.ac.uk/bia-integrator-data/EMPIAR-10442/"),
    "names-in-other-archives": ("EMPIAR-10392", "ome-ngff-fb416517", "exactMatch"),
    "sources-contributions": ("source/cell-image-library", "2018-04-09"),
    "links-to-confirm": ("hemibrain", "volume-em-pubs-xu-2020"),
    # 121 records name a damselfly; which species it is, none of them says
    "unmapped-values": ("species damselfly", "Cell Image Library"),
    "lengths-read-from-text": ("empiar-10094", "voxelZ", " 50 ", "10 nm pixels and 50 nm slices"),
}


def answer(question: Question, graph: Graph) -> Table:
    found = run(question, graph)
    assert isinstance(found, Table)
    return found


def test_each_has_a_known_row() -> None:
    assert set(KNOWN) == set(QUESTIONS)


@EACH
def test_it_holds_the_known_row(question: Question, whole: Graph) -> None:
    rows = [" ".join(cell or "" for cell in row) for row in answer(question, whole).values()]
    assert any(all(part in row for part in KNOWN[question.name]) for row in rows), rows[:5]


@EACH
def test_rows_are_ordered_and_none_comes_twice(question: Question, whole: Graph) -> None:
    first, second = answer(question, whole).values(), answer(question, whole).values()
    assert first == second and len(set(first)) == len(first)
    assert "ORDER BY" in question.text


@pytest.mark.parametrize("question", questions().values(), ids=list(questions()))
def test_every_question_answers_in_time_on_the_whole_graph(question: Question, whole: Graph) -> None:
    """No join that grows with the square of the archives: seconds here would be minutes with twice the data."""
    begun = time.process_time()
    run(question, whole)
    assert time.process_time() - begun < 10


def test_what_is_of_one_species_is_of_no_other(whole: Graph) -> None:
    question = QUESTIONS["open-volumes-by-technique"]
    mouse = {row[0] for row in answer(question, whole).values()}
    human = {row[0] for row in run(question, whole, {"species": "human"}).values()}  # type: ignore[union-attr]
    assert mouse and human and not mouse & human
    assert not any(str(name).startswith(prefixes()["emr"] + "dataset/openorganelle-jrc-jurkat") for name in mouse)


def test_thousands_of_datasets_from_more_than_a_dozen_sources(whole: Graph) -> None:
    counts = {row[0]: int(row[4] or 0) for row in answer(QUESTIONS["sources-contributions"], whole).values()}
    assert len(counts) >= 12 and all(counts.values())
    (total,) = whole.select("SELECT (COUNT(DISTINCT ?d) AS ?n) WHERE { ?d a emkg:Dataset }").values()
    assert int(total[0] or 0) >= 2000
