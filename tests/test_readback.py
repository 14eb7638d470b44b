"""From a value to quads and back: what rdfize writes, readback reads."""

from __future__ import annotations

from decimal import Decimal

from emkg.graph import Graph
from emkg.ids import mint, well_known_graphs
from emkg.model import (
    AccessPoint,
    Acquisition,
    Count,
    Curie,
    Dataset,
    Paper,
    Reading,
    Sample,
    SourceVersion,
    Statement,
    Triplet,
    Volume,
)
from emkg.rdf import in_graph, triples_of
from emkg.rdfize import quads
from emkg.readback import read_dataset

DATASET = Dataset(
    slug="trial",
    title="Trial",
    alternative_titles=("Test run",),
    volumes=(
        Volume(
            slug="trial",
            title="Trial",
            voxel=Triplet(Decimal("3.58"), Decimal("3.58"), None, "3.58 (in-plane)"),
            extent=Triplet(Decimal(30), Decimal(20), Decimal("1.5"), "~30x20x1.5", approximate=True, kind="nominal"),
            sample=Sample("trial", Curie("NCBITaxon:10090"), (Curie("UBERON:0000956"),)),
            acquisition=Acquisition("trial", (Curie("emkg:ATUMSEM"),)),
            sub_volume_of="h01",
            stated_species="mouse",
            stated_region="cortex",
            stated_technique="ATUM-SEM",
            multiplicity=2,
            section_count=7010,
            section_thickness=Decimal(40),
            total_volume=Decimal("2630.5"),
            voxel_count=12_500_000_000_000,
        ),
        Volume(slug="trial-b", title="Trial, second block"),
    ),
    counts=(
        Count("trial-neuron", Curie("CL:0000540"), "451 neurons", value=451, role="totalCount"),
        Count(
            "trial-pyc",
            Curie("CL:0000598"),
            "(400-417 PyCs)",
            None,
            400,
            417,
            "range",
            sub_count_of="trial-neuron",
            rounded=True,
        ),
    ),
    access_points=(
        AccessPoint("trial-raw", "https://example.org/raw", "raw", "bossdb", "rawImage", Curie("edam:format_3547")),
    ),
    papers=(
        Paper(
            "",
            "A trial",
            "10.1000/trial",
            "https://example.org/paper",
            "Doe",
            "Doe et al.",
            2021,
            "v2",
            (Curie("fabio:Preprint"),),
        ),
    ),
)


def test_a_dataset_comes_back_as_it_was() -> None:
    version = SourceVersion(
        "trial", "Trial list", "https://example.org/", "a" * 40, "2022-12-12", Curie("spdx:MIT"), ()
    )
    reading = Reading(version, statements=(Statement(("trial", "aaaaaaa", "t", "01"), datasets=(DATASET,)),))
    graph = Graph()
    graph.add(in_graph(triples_of(quads(reading)), well_known_graphs()["current"]))
    back = read_dataset(graph, mint("dataset", "trial"))
    assert back is not None
    assert back.volumes == DATASET.volumes
    assert back.counts == DATASET.counts
    assert back.access_points == DATASET.access_points
    assert (back.title, back.alternative_titles) == (DATASET.title, DATASET.alternative_titles)
    paper, given = back.papers[0], DATASET.papers[0]
    assert (paper.title, paper.doi, paper.url, paper.year, paper.served_version) == (
        given.title,
        given.doi,
        given.url,
        given.year,
        given.served_version,
    )
    assert set(paper.classes) == {"fabio:Preprint", "emkg:Paper"}


def test_what_is_no_dataset_is_none() -> None:
    assert read_dataset(Graph(), mint("dataset", "none")) is None
