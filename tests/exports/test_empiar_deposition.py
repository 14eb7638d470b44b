"""A deposition to EMPIAR: valid by the archive's schema and by our stricter rules, or all that is missing, or why it cannot be."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from typer.testing import CliRunner

from emkg.cli import app
from emkg.cursor import Cursor
from emkg.errors import ExportError
from emkg.exports import export
from emkg.exports._empiar_names import author, parts_of, same
from emkg.exports._empiar_rules import countries, faults
from emkg.graph import Graph
from emkg.harvest import Snapshot
from emkg.harvest.repositories import record_quads, version_of
from emkg.ids import well_known_graphs
from emkg.merge import merge
from emkg.model import (
    AccessPoint,
    Acquisition,
    Curie,
    Dataset,
    Deposit,
    Paper,
    Person,
    Record,
    RecordReading,
    Sample,
    Triplet,
    Volume,
)
from emkg.paths import data_dir
from emkg.rdf import in_graph
from emkg.sources.empiar import Empiar
from emkg.stated import Whole
from tests.sources.fuzz import JUNK

SOURCE = Empiar()
CORPORA = Path(os.environ.get("EMKG_CORPORA", data_dir().parent.parent / "shared")) / "corpora"
ENTRIES = [CORPORA / "derived" / "empiar_api_shape", CORPORA / "empiar-api" / "entries_from_bia_integrator"]
SCHEMA = CORPORA / "empiar-depositor" / "empiar_deposition.schema.json"
PEOPLE = {
    "corresponding_author": {
        "author_orcid": "0000-0002-1825-0097",
        "first_name": "Josiah",
        "last_name": "Carberry",
        "organization": "Example Institute",
        "email": "josiah@example.org",
        "country": "Germany",
    }
}
PEOPLE["principal_investigator"] = [PEOPLE["corresponding_author"]]  # type: ignore[assignment]


@cache
def schema() -> Draft7Validator:
    """The archive's schema, which names no draft that jsonschema knows, and is one of Draft 7."""
    if not SCHEMA.is_file():
        pytest.skip(
            f"no corpora/{SCHEMA.parent.name}/{SCHEMA.name}: set EMKG_CORPORA to the folder that holds corpora/"
        )
    return Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def graph_of(*readings: RecordReading) -> Graph:
    """A graph of some records, merged as a build merges them."""
    found = [quad for one in readings for quad in record_quads(version_of(SOURCE, Snapshot(date="2026-01-01")), one)]
    graph = Graph()
    graph.add(found)
    graph.add(in_graph(merge(found).triples, well_known_graphs()["current"]))
    return graph


def graph_of_dataset(dataset: Dataset) -> Graph:
    return graph_of(RecordReading(Record(dataset.slug, "x.json", "", {}), (dataset,)))


def file_of(tmp_path: Path, value: Any = PEOPLE) -> str:
    (tmp_path / "people.json").write_text(json.dumps(value), encoding="utf-8")
    return str(tmp_path / "people.json")


def deposition(graph: Graph, slug: str, tmp_path: Path, given: Any = PEOPLE, **options: str) -> dict[str, Any]:
    values = {"corresponding": file_of(tmp_path, given)} | {
        key.replace("_", "-"): value for key, value in options.items()
    }
    made: dict[str, Any] = json.loads(export("empiar-deposition", graph, [slug], values))
    return made


def gaps(graph: Graph, slug: str, tmp_path: Path, given: Any = PEOPLE, **options: str) -> list[str]:
    with pytest.raises(ExportError) as fault:
        deposition(graph, slug, tmp_path, given, **options)
    return fault.value.repair.removeprefix("give these: ").split("; ")


def volume(technique: str = "emkg:FIBSEM", **fields: Any) -> Volume:
    stated = {
        "voxel": Triplet(Decimal(4), Decimal(4), Decimal("5.24")),
        "grid": Triplet(Whole(12000), Whole(1600), Whole(6368)),  # type: ignore[arg-type]
        "acquisition": Acquisition("jrc", (Curie(technique),), landing_energy=Decimal(900)),
        "sample": Sample("jrc", Curie("NCBITaxon:9606"), kind="cell"),
    }
    return Volume("jrc", "HeLa cell", **(stated | fields))


def dataset(*volumes: Volume, **fields: Any) -> Dataset:
    """A dataset as OpenOrganelle tells one: a volume, its array, a paper, creators."""
    array = AccessPoint(
        *("jrc-em", "s3://janelia-cosem-datasets/jrc_hela-2/jrc_hela-2.n5"),
        role="rawImage",
        file_format="formatN5",
        voxel_type="uint8",
    )
    stated = {
        "access_points": (array,),
        "papers": (
            Paper(
                "p",
                "An open-access volume",
                "10.1038/s41586-021-03977-3",
                authors_as_stated="Heinrich L; Xu CS",
                year=2021,
            ),
        ),
        "deposit": Deposit("openorganelle", creators=(Person("Heinrich, Larissa"), Person("C. Shan Xu"))),
    }
    return Dataset("jrc", "FIB-SEM of a HeLa cell", volumes=volumes or (volume(),), **(stated | fields))


# What is written


def test_a_volume_of_another_archive(tmp_path: Path) -> None:
    made = deposition(graph_of_dataset(dataset()), "jrc", tmp_path)
    assert faults(made) == []
    assert (made["experiment_type"], made["scale"], made["release_date"]) == (5, "3", "RE")
    assert [one["name"] for one in made["authors"]] == ["('Heinrich', 'L')", "('Xu', 'CS')"]
    (images,) = made["imagesets"]
    assert (images["category"], images["data_format"], images["header_format"], images["voxel_type"]) == (
        *("('T13', '')", "('OT', 'N5')", "('OT', 'N5')", "('T1', '')"),
    )
    assert (images["pixel_width"], images["pixel_height"]) == (40.0, 40.0)
    assert (images["image_width"], images["image_height"]) == (12000, 1600)
    assert (images["num_images_or_tilt_series"], images["frames_per_image"]) == (1, 6368)
    assert "4 x 4 x 5.24 nm" in images["details"] and "900 eV" in images["details"]
    assert made["corresponding_author"]["country"] == "DE"
    (paper,) = made["citation"]
    assert (paper["published"], paper["j_or_nj_citation"], paper["year"], paper["doi"]) == (
        True,
        True,
        2021,
        "10.1038/s41586-021-03977-3",
    )
    assert not list(schema().iter_errors(made))


def test_the_size_of_the_only_raw_array_is_that_of_its_volume(tmp_path: Path) -> None:
    points = dataset().access_points
    array = replace(points[0], grid=Triplet(Whole(100), Whole(200), Whole(300)))  # type: ignore[arg-type]
    (images,) = deposition(graph_of_dataset(dataset(volume(grid=None), access_points=(array,))), "jrc", tmp_path)[
        "imagesets"
    ]
    assert (images["image_width"], images["image_height"], images["frames_per_image"]) == (100, 200, 300)


def test_a_dataset_without_a_paper_cites_itself_as_unpublished(tmp_path: Path) -> None:
    made = deposition(graph_of_dataset(dataset(papers=())), "jrc", tmp_path)
    (paper,) = made["citation"]
    assert (paper["title"], paper["published"], paper["authors"]) == ("FIB-SEM of a HeLa cell", False, made["authors"])


def test_the_same_graph_gives_the_same_bytes(tmp_path: Path) -> None:
    values = {"corresponding": file_of(tmp_path)}
    assert export("empiar-deposition", graph_of_dataset(dataset()), ["jrc"], values) == export(
        "empiar-deposition", graph_of_dataset(dataset()), ["jrc"], values
    )


@pytest.mark.parametrize(
    ("technique", "code"),
    [
        ("emkg:FIBSEM", 5),
        ("emkg:EnhancedFIBSEM", 5),
        ("emkg:SBFSEM", 4),
        ("emkg:ATUMSEM", 11),
        ("emkg:ATUMmSEM", 11),
        ("emkg:ssET", 13),
        ("emkg:XRayMicroCT", 12),
    ],
)
def test_the_technique_gives_the_experiment_type(technique: str, code: int, tmp_path: Path) -> None:
    assert deposition(graph_of_dataset(dataset(volume(technique))), "jrc", tmp_path)["experiment_type"] == code


def test_tomography_is_of_type_3_where_there_is_an_emdb_entry(tmp_path: Path) -> None:
    deposit = Deposit(
        "cryoet", creators=(Person("Xu CS"),), related_accessions=("EMD-12602", "EMPIAR-1", "S-BIAD1", "idr0086", "x")
    )
    graph = graph_of_dataset(dataset(volume("emkg:ElectronTomography"), deposit=deposit))
    made = deposition(graph, "jrc", tmp_path)
    assert (made["experiment_type"], made["cross_references"]) == (3, [{"name": "EMD-12602"}])
    assert [made[key][0]["name"] for key in ("empiar_references", "biostudies_references", "idr_references")] == [
        *("EMPIAR-1", "S-BIAD1", "idr0086"),
    ]


@pytest.mark.parametrize(
    ("technique", "name"),
    [
        ("ssTEM", "ssTEM"),
        ("TEMCA", "TEMCA"),
        ("AutoTEM", "autoTEM"),
        ("GridTapeTEM", "GridTape TEM"),
        ("ssSEM", "ssSEM"),
        ("GCIBSEM", "GCIB-SEM"),
        ("MultiBeamSEM", "mSEM"),
        ("ElectronTomography", "ET"),
    ],
)
def test_a_technique_without_a_code_is_refused_unless_the_user_chooses(
    technique: str, name: str, tmp_path: Path
) -> None:
    graph = graph_of_dataset(dataset(volume(f"emkg:{technique}")))
    with pytest.raises(ExportError, match=f"EMPIAR has no experiment type for {name}") as fault:
        deposition(graph, "jrc", tmp_path)
    assert "--experiment-type" in fault.value.repair and "11 ATUM-SEM" in fault.value.repair
    assert deposition(graph, "jrc", tmp_path, experiment_type="7")["experiment_type"] == 7
    assert deposition(graph, "jrc", tmp_path, experiment_type="atum-sem")["experiment_type"] == 11


def test_two_techniques_are_a_choice(tmp_path: Path) -> None:
    other = Volume("jrc-2", "Two", acquisition=Acquisition("jrc-2", (Curie("emkg:SBFSEM"),)))
    with pytest.raises(ExportError, match="one experiment type"):
        deposition(graph_of_dataset(dataset(volume(), other)), "jrc", tmp_path)


@pytest.mark.parametrize(
    ("option", "value"), [("experiment_type", "10"), ("experiment_type", "ssTEM"), ("release", "NOW")]
)
def test_an_option_that_empiar_does_not_have(option: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=f"no (experiment type|release) '{value}'"):
        deposition(graph_of_dataset(dataset()), "jrc", tmp_path, **{option: value})


# What is missing


def test_everything_missing_is_listed_at_once(tmp_path: Path) -> None:
    bare = Dataset(
        "jrc",
        "Short",
        volumes=(Volume("jrc", "V", acquisition=Acquisition("jrc")),),
        papers=(Paper("p", doi="10.1234/x"),),
    )
    fields = [
        one.partition(":")[0]
        for one in gaps(graph_of_dataset(bare), "jrc", tmp_path, {"corresponding_author": {"last_name": "C"}})
    ]
    assert fields == [
        "experiment_type",
        "authors",
        *(f"corresponding_author.{key}" for key in ("first_name", "organization", "email", "country")),
        "principal_investigator",
        *(f"imagesets[0].{key}" for key in ("header_format", "data_format", "frames_per_image", "voxel_type")),
        "citation[0].title",
        "citation[0].authors",
        "title",
    ]


def test_without_a_file_both_contacts_are_missing() -> None:
    with pytest.raises(ExportError, match="2 things are missing") as fault:
        export("empiar-deposition", graph_of_dataset(dataset()), ["jrc"])
    assert "corresponding_author: " in fault.value.repair and "principal_investigator: " in fault.value.repair


def test_the_user_fills_the_gaps(tmp_path: Path) -> None:
    bare = Dataset(
        "jrc",
        "Short",
        volumes=(Volume("jrc", "V", acquisition=Acquisition("jrc")),),
        papers=(Paper("p", doi="10.1234/x"),),
    )
    images = {
        "category": "('T1', '')",
        "header_format": "('T3', '')",
        "data_format": "('T3', '')",
        **{"num_images_or_tilt_series": 10, "frames_per_image": 1, "voxel_type": "('T1', '')"},
    }
    given = PEOPLE | {
        "title": "A title that is long enough",
        "authors": ["Muster A", {"name": "Carberry J", "author_orcid": "0000-0002-1825-0097"}],
        "scale": 4,
        "imagesets": {"jrc": images},
        "citation": {"10.1234/x": {"title": "A paper", "authors": ["Muster A"]}},
    }
    made = deposition(graph_of_dataset(bare), "jrc", tmp_path, given, experiment_type="4", release="HP")
    assert faults(made) == [] and not list(schema().iter_errors(made))
    assert [one["author_orcid"] for one in made["authors"]] == [None, "0000-0002-1825-0097"]
    assert (made["release_date"], made["scale"], made["imagesets"][0]["category"]) == ("HP", "4", "('T1', '')")


def test_what_the_user_gives_is_judged_too(tmp_path: Path) -> None:
    given = copy.deepcopy(PEOPLE) | {
        "imagesets": {"jrc": {"data_format": "OME-ZARR", "pages": 1}, "other": {}},
        "colour": "red",
    }
    given["corresponding_author"] |= {"email": "no address", "country": "Atlantis"}
    found = " ".join(gaps(graph_of_dataset(dataset()), "jrc", tmp_path, given))
    for word in (
        "'colour' is not one of",
        "imagesets.other: there is none",
        "imagesets[0].pages",
        "imagesets[0].data_format",
        ".email",
        ".country",
    ):
        assert word in found


def test_an_organisation_is_no_author(tmp_path: Path) -> None:
    deposit = Deposit("x", creators=(Person("The MICrONS Consortium"), Person("Xu CS")))
    assert gaps(graph_of_dataset(dataset(deposit=deposit)), "jrc", tmp_path)[0].startswith(
        "authors: 'The MICrONS Consortium'"
    )


def test_an_orcid_goes_to_its_own_person(tmp_path: Path) -> None:
    """Also where another author has the same surname and first initial."""
    people = (Person("Wang L", "0000-0002-1825-0097"), Person("Wang LX"), Person("Carberry J"))
    made = deposition(graph_of_dataset(dataset(deposit=Deposit("x", creators=people))), "jrc", tmp_path)
    assert [one["author_orcid"] for one in made["authors"]] == ["0000-0002-1825-0097", None, None]


def test_the_graph_completes_a_contact(tmp_path: Path) -> None:
    known = Person("Carberry J", "0000-0002-1825-0097", "Brown University", "US")
    graph = graph_of_dataset(dataset(deposit=Deposit("x", creators=(known,), corresponding=(known,))))
    given: Any = copy.deepcopy(PEOPLE)
    for key in ("organization", "country", "author_orcid"):
        del given["corresponding_author"][key]
    contact = deposition(graph, "jrc", tmp_path, given)["corresponding_author"]
    assert (contact["organization"], contact["country"], contact["author_orcid"]) == (
        "Brown University",
        "US",
        "0000-0002-1825-0097",
    )


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("{", "people.json:2", "not YAML"),
        ("- a\n", "people.json", "not an object"),
        (None, "people.json", "cannot be read"),
    ],
)
def test_a_file_at_fault_is_told(text: str | None, where: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / "people.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ExportError, match=what) as fault:
        export("empiar-deposition", graph_of_dataset(dataset()), ["jrc"], {"corresponding": str(path)})
    assert where in fault.value.where


def test_yaml_reads_as_people_write_it(tmp_path: Path) -> None:
    text = "first_name: Kari\n  last_name: Nordmann\n  organization: UiO\n  email: k@uio.no\n  country: NO\n  post_or_zip: 0316\n"
    path = tmp_path / "people.yaml"
    path.write_text(f"corresponding_author: &one\n  {text}principal_investigator: *one\n", encoding="utf-8")
    made = json.loads(export("empiar-deposition", graph_of_dataset(dataset()), ["jrc"], {"corresponding": str(path)}))
    assert made["corresponding_author"]["country"] == "NO" and len(made["principal_investigator"]) == 1


def test_one_dataset_at_a_time() -> None:
    graph = graph_of_dataset(dataset())
    for slugs in (None, ["jrc", "jrc"]):
        with pytest.raises(ExportError, match="one dataset"):
            export("empiar-deposition", graph, slugs)


def test_on_the_command_line(built: Path, tmp_path: Path) -> None:
    call = ["export", "empiar-deposition", "axonem", "--corresponding", file_of(tmp_path), "--build", str(built)]
    refused = CliRunner().invoke(app, call)
    assert isinstance(refused.exception, ExportError) and "no experiment type for" in refused.exception.what
    listed = CliRunner().invoke(app, [*call, "--experiment-type=7"])
    assert isinstance(listed.exception, ExportError) and "missing" in listed.exception.what
    wrong = CliRunner().invoke(app, ["export", "turtle", "axonem", "--experiment-type", "7", "--build", str(built)])
    assert isinstance(wrong.exception, ExportError) and "no option" in wrong.exception.what


# From EMPIAR's API and back


def entries() -> list[Record]:
    found = [one for folder in ENTRIES if folder.is_dir() for one in SOURCE.records(folder)]
    return [one for one in found if isinstance(one, Record) and not one.path.endswith(".partial.json")]


def shared_image_set(images: dict[str, Any]) -> dict[str, Any]:
    """The fields of an entry's image set that a deposition has too; prose (details) is not kept, see docs/empiar.md."""
    whole = {key: int(images[key]) if images[key] else None for key in ("image_width", "image_height")}
    kept = (
        "name",
        "num_images_or_tilt_series",
        "frames_per_image",
        "frame_range_min",
        "frame_range_max",
        "pixel_width",
        "pixel_height",
    )
    patterns = ("micrographs_file_pattern", "picked_particles_file_pattern", "picked_particles_directory")
    return (
        {key: images[key] for key in kept}
        | whole
        | {"directory": "/" + images["directory"]}
        | {key: images[key] or None for key in patterns}
    )


def codes(images: dict[str, Any]) -> dict[str, str]:
    """EMPIAR's own table of codes, §1.3, written down here a second time."""
    formats = "MRC MRCS TIFF IMAGIC DM3 DM4 SPIDER XML EER PNG JPEG SMV EM TPX3".split()
    voxels = "UNSIGNED BYTE,SIGNED BYTE,UNSIGNED 16 BIT INTEGER,SIGNED 16 BIT INTEGER,UNSIGNED 32 BIT INTEGER,SIGNED 32 BIT INTEGER"
    voxels += ",32 BIT FLOAT,BIT,4 BIT INTEGER"
    categories = (
        "micrographs - single frame,micrographs - multiframe,micrographs - focal pairs - unprocessed,"
        "micrographs - focal pairs - contrast inverted,picked particles - single frame - unprocessed,"
        "picked particles - multiframe - unprocessed,picked particles - single frame - processed,"
        "picked particles - multiframe - processed,tilt series,class averages,stitched maps,diffraction images,"
        "reconstructed volumes,subtomograms"
    )
    lists = {
        "category": categories.split(","),
        "voxel_type": voxels.split(","),
        "header_format": formats,
        "data_format": formats,
    }
    return {key: f"('T{words.index(images[key]) + 1}', '')" for key, words in lists.items()}


def bare_name(name: str) -> str:
    surname, initials = name.rsplit(" ", 1)
    return f"('{surname}', '{initials}')"


@pytest.mark.parametrize("record", entries(), ids=lambda record: record.key)
def test_an_entry_comes_back(record: Record, tmp_path: Path) -> None:
    body = record.body
    real = [one["author"] for one in body["authors"] if not one["author"]["name"].startswith("Test")]
    given: Any = PEOPLE if real else PEOPLE | {"authors": ["Carberry J"]}
    made = deposition(graph_of(SOURCE.read(record)), record.key.lower(), tmp_path, given)
    assert faults(made) == []
    assert not list(schema().iter_errors(made))
    assert made["title"] == body["title"]
    assert made["experiment_type"] == {"EMDB": 3, "FIB-SEM": 5}[body["experiment_type"]]
    assert made.get("scale") == {"molecule": "1", "virus": "2", "cell": "3", None: None}[body["scale"]]
    if real:
        assert [(one["name"], one["author_orcid"]) for one in made["authors"]] == [
            (bare_name(one["name"]), one["author_orcid"]) for one in real
        ]
    for key in ("cross_references", "biostudies_references", "idr_references", "empiar_references"):
        names = [one["name"] if isinstance(one, dict) else one for one in body[key]]
        assert sorted(one["name"] for one in made[key]) == sorted(names)
    assert len(made["imagesets"]) == len(body["imagesets"])
    for ours, theirs in zip(made["imagesets"], body["imagesets"], strict=True):
        wanted = shared_image_set(theirs) | codes(theirs)
        assert {key: ours[key] for key in wanted} == wanted
    if body["citation"]:
        assert_same_citations(made["citation"], body["citation"])


def assert_same_citations(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> None:
    """All but prose and the letters' case of a DOI, which does not count."""
    by_doi = {(one["doi"] or "").lower(): one for one in theirs}
    assert len(ours) == len(by_doi)
    for one in ours:
        entry = by_doi[one["doi"] or ""]
        kept = (
            "title",
            "volume",
            "first_page",
            "last_page",
            "language",
            "pubmedid",
            "journal",
            "issue",
            "published",
            "preprint",
        )
        kept += ("j_or_nj_citation", "book_chapter_title", "publisher", "publication_location", "journal_abbreviation")
        assert {key: one[key] for key in kept} == {key: entry[key] if entry[key] != "" else None for key in kept}
        assert one["year"] == (int(entry["year"]) if entry["year"] else None)
        assert [(writer["name"], writer["author_orcid"]) for writer in one["authors"]] == [
            (bare_name(writer["name"]), writer["author_orcid"]) for writer in entry["authors"]
        ]


# Names


@pytest.mark.parametrize(
    ("name", "surname", "initials"),
    [
        ("Lancey C", "Lancey", "C"),
        ("De Biasio A", "De Biasio", "A"),
        ("Lleti JMS", "Lleti", "JMS"),
        ("Heiligenstein, Xavier", "Heiligenstein", "X"),
        ("Smith, J. W.", "Smith", "JW"),
        ("C. Shan Xu", "Xu", "CS"),
        ("Jean-Pierre Dupont", "Dupont", "JP"),
        ("Anna van der Berg", "van der Berg", "A"),
        ("Désormeaux A", "Désormeaux", "A"),
        ("O'Brien K", "O’Brien", "K"),
        ("Smith-Jones A.B.", "Smith-Jones", "AB"),
        ("Smith 3rd J", "Smith rd", "J"),
    ],
)
def test_names(name: str, surname: str, initials: str) -> None:
    assert parts_of(name) == (surname, initials)
    assert author(name) == f"('{surname}', '{initials}')"


@pytest.mark.parametrize(
    "name",
    ["", "Consortium", "Lichtman Lab", "The MICrONS Consortium", "Kasthuri et al.", "12 34", "()", "X" * 70 + " A"],
)
def test_what_is_no_name(name: str) -> None:
    assert author(name) is None


def test_spellings_of_one_person() -> None:
    assert same("Lancey C", "Claudia Lancey") and same("De Biasio A", "Alfredo De Biasio")
    assert not same("Lancey C", "Peter Lancey") and not same("Wang L", "Gu C")


# The rules


def valid() -> dict[str, Any]:
    return json.loads(json.dumps(_valid()))  # so that no part is shared


def _valid() -> dict[str, Any]:
    people = [{"name": "('Carberry', 'J')", "order_id": 0, "author_orcid": "0000-0002-1825-0097"}]
    contact = PEOPLE["corresponding_author"] | {"country": "DE"}
    return {
        **{"title": "A title that is long enough", "release_date": "HP", "experiment_type": 5, "scale": "3"},
        "cross_references": [{"name": "EMD-1234"}],
        "empiar_references": [{"name": "EMPIAR-10311"}],
        "workflows": [{"url": "https://workflowhub.eu/workflows/1", "type": 1}],
        **{"authors": people, "corresponding_author": contact, "principal_investigator": [contact]},
        "workflow_file": {"path": None},
        "imagesets": [
            {
                **{"name": "Slices", "directory": "/data/em", "category": "('T1', '')", "header_format": "('T3', '')"},
                **{"data_format": "('OT', 'OME ZARR')", "num_images_or_tilt_series": 10, "frames_per_image": 1},
                **{
                    "voxel_type": "('T1', '')",
                    "pixel_width": 50.0,
                    "pixel_height": None,
                    "details": None,
                    "image_width": 6616,
                },
            }
        ],
        "citation": [
            {
                **{"authors": people, "editors": [], "published": False, "preprint": False, "j_or_nj_citation": True},
                **{
                    "title": "T",
                    "doi": "10.1038/x",
                    "year": 2021,
                    "pubmedid": "34667155",
                    "country": "US",
                    "volume": "12",
                },
            }
        ],
    }


def test_a_valid_deposition_has_no_fault() -> None:
    assert faults(valid()) == []
    assert not list(schema().iter_errors(valid()))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        *((("title",), value) for value in ("short", "x" * 256, None, 7)),
        *((("release_date",), value) for value in ("IM", "", None)),
        *((("experiment_type",), value) for value in (10, 0, 14, "5", True, None)),
        *((("scale",), value) for value in ("6", 3, "cell")),
        (("cross_references", 0, "name"), "EMD-123"),
        (("empiar_references", 0, "name"), "10311"),
        (("workflows", 0, "type"), 2),
        (("authors",), []),
        *(
            (("authors", 0, "name"), value)
            for value in ("Carberry J", "('Carberry', '')", "('', 'J')", "('Carb3rry', 'J')", "('A', 'B', 'C')")
        ),
        *(
            (("authors", 0, "name"), value)
            for value in ("('O'Brien', 'K')", '("Carberry", "J")', "('" + "x" * 61 + "', 'J')", "('A','B')")
        ),
        (("authors", 0, "order_id"), 1),
        *(
            (("authors", 0, "author_orcid"), value)
            for value in ("0000-0002-1825-0098", "x", "https://orcid.org/0000-0002-1825-0097")
        ),
        *(
            (("corresponding_author", key), "")
            for key in ("first_name", "last_name", "organization", "email", "country")
        ),
        *((("corresponding_author", "country"), value) for value in ("UK", "Germany", "AX", "de")),
        *((("corresponding_author", "email"), value) for value in ("a [at] b.org", "a@b", "@b.org", "a b@c.org")),
        (("corresponding_author", "town_or_city"), None),
        (("corresponding_author", "first_name"), "J0siah"),
        (("principal_investigator",), []),
        (("imagesets",), []),
        *(
            (("imagesets", 0, "category"), value)
            for value in ("('T15', '')", "('T1', '')garbage", "T1", "('OT', '')", "('T1', 'x')")
        ),
        *(
            (("imagesets", 0, "data_format"), value)
            for value in ("('OT', 'OME-ZARR')", "('OT', 'ome zarr')", "('T1', '') ", "('OT', ' ')")
        ),
        *((("imagesets", 0, "voxel_type"), value) for value in ("('T10', '')", "('T0', '')", None)),
        *((("imagesets", 0, "num_images_or_tilt_series"), value) for value in (None, 0, 1.5, "10", True)),
        *((("imagesets", 0, "image_width"), value) for value in ("6616", 0, 1.5)),
        *((("imagesets", 0, "pixel_width"), value) for value in ("50", 0, -1.0, True)),
        (("imagesets", 0, "name"), "x" * 201),
        (("imagesets", 0, "directory"), "/data/\0"),
        (("citation",), []),
        (("citation", 0, "authors"), []),
        (("citation", 0, "published"), "true"),
        (("citation", 0, "title"), "x" * 256),
        *(
            (("citation", 0, "doi"), value)
            for value in ("https://doi.org/10.1038/x", "10x1038/x", "10.1038/x^y", "10.1038/" + "x" * 80)
        ),
        *((("citation", 0, "year"), value) for value in ("2021", 999, 10000)),
        *((("citation", 0, "volume"), value) for value in ("123456789", 12)),
        *((("citation", 0, "pubmedid"), value) for value in ("PMC1", "123456789")),
        (("citation", 0, "country"), "United States"),
    ],
    ids=str,
)
def test_a_fault_is_found_at_its_field(path: tuple[Any, ...], value: Any) -> None:
    document = valid()
    holder: Any = document
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    (found,) = faults(document)
    field = ""
    for step in path[:2] if path[0] == "workflows" or path[0].endswith("references") else path:
        field += f"[{step}]" if isinstance(step, int) else f".{step}" if field else step
    assert found.startswith(field), found


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, one in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from leaves(one, (*path, key))


@given(st.sampled_from(list(leaves(valid()))), st.sampled_from(JUNK) | st.text(max_size=30), st.booleans())
@settings(max_examples=400, deadline=None)
def test_what_the_rules_pass_the_schema_passes(path: tuple[Any, ...], junk: Any, removed: bool) -> None:
    document: Any = copy.deepcopy(valid())
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    if removed:
        del holder[path[-1]]
    else:
        holder[path[-1]] = junk
    if not faults(document):
        assert not list(schema().iter_errors(document)), path


def test_our_countries_are_those_of_the_schema() -> None:
    listed = schema().schema["properties"]["corresponding_author"]["properties"]["country"]["enum"]
    assert countries() == set(listed) - {"FX"}


@pytest.mark.parametrize(
    "name", ["derived/deposition_fibsem_template.valid.json", "empiar-depositor/working_example.json"]
)
def test_depositions_that_are_known_to_be_valid(name: str) -> None:
    if not (CORPORA / name).is_file():
        pytest.skip(f"no corpora/{name}: set EMKG_CORPORA to the folder that holds corpora/")
    document = json.loads((CORPORA / name).read_text(encoding="utf-8"))
    assert not list(schema().iter_errors(document))
    assert faults(document) == []


def test_an_orcid_is_checked_by_its_digit() -> None:
    assert Cursor("0000-0002-1825-0097", "", "", []).orcid() == "0000-0002-1825-0097"
