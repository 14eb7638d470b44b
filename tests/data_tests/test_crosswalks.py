"""The crosswalks under data/: every row well formed, every term known, every authority given."""

from __future__ import annotations

import re

import pytest

from emkg.grammar import counts
from emkg.ids import mint
from emkg.paths import data_dir
from emkg.rdf import NamedNode, read_quads
from emkg.sources._crosswalk import find, key, registry, rows, terms
from emkg.sources._papers import is_iri
from emkg.vocab import EM, FOAF, iri, ontology_quads

FOLDER = data_dir() / "crosswalks"
HOSTS = data_dir() / "curated" / "hosts.ttl"
NAMES = sorted(path.stem for path in FOLDER.glob("*.tsv"))
WORDS = {
    "species": "taxon",
    "region": "region",
    "technique": "technique",
    "countable": "countable",
    "structure": "structure",
}


def named_in_the_ontology() -> set[str]:
    return {quad.subject.value for quad in ontology_quads() if isinstance(quad.subject, NamedNode)}


@pytest.mark.parametrize("name", NAMES)
def test_files_are_tidy(name: str) -> None:
    text = (FOLDER / f"{name}.tsv").read_text(encoding="utf-8")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    for line in text.splitlines():
        assert all(cell == cell.strip() for cell in line.split("\t")), line
    assert rows(name)


@pytest.mark.parametrize(
    "name",
    [
        *("species", "region", "technique", "countable", "host", "column", "section", "versions", "documents"),
        *("structure", "modality", "doi-prefix", "licence", "file-format", "voxel-type", "sample-kind"),
    ],
)
def test_a_word_stands_once(name: str) -> None:
    words = [key(next(iter(row.values()))) for row in rows(name)]
    assert sorted(words) == sorted(set(words))


@pytest.mark.parametrize(
    "name",
    [
        *("species", "region", "technique", "countable", "access-role", "note", "volume", "structure", "modality"),
        *("doi-prefix", "doi-address", "licence", "file-format", "voxel-type", "sample-kind", "country"),
    ],
)
def test_every_row_has_its_authority(name: str) -> None:
    assert [row for row in rows(name) if not row["authority"]] == []


@pytest.mark.parametrize(("name", "column"), WORDS.items())
def test_every_term_is_in_the_ontology(name: str, column: str) -> None:
    """Also those of other ontologies: each has a stub, so that a page can show its label."""
    known = named_in_the_ontology()
    missing = {term for row in rows(name) for term in terms(row, column) if iri(term).value not in known}
    assert missing == set(), "add them to ontology/stubs/"


@pytest.mark.parametrize("name", ["species", "countable"])
def test_one_word_has_at_most_one_term(name: str) -> None:
    assert all(len(terms(row, WORDS[name])) <= 1 for row in rows(name))


def test_modalities_are_few() -> None:
    assert {row["modality"] for row in rows("modality")} <= {"electron", "light", "X-ray", "other"}


@pytest.mark.parametrize("row", rows("doi-prefix"), ids=lambda row: row["prefix"])
def test_a_prefix_is_that_of_a_registrant(row: dict[str, str]) -> None:
    assert re.fullmatch(r"10\.\d{4,9}", row["prefix"])


def test_addresses_of_articles_are_of_a_host_and_a_path() -> None:
    for row in rows("doi-address"):
        assert re.fullmatch(r"[a-z0-9.-]+", row["host"]) and row["path"].startswith("/")
        assert not row["doi"] or re.match(r"10\.\d{4,9}/", row["doi"])


def test_slugs_of_countables_agree() -> None:
    slugs: dict[str, str] = {}
    for row in rows("countable"):
        assert slugs.setdefault(row["countable"], row["slug"]) == row["slug"]


@pytest.mark.parametrize("word", [row["word"] for row in rows("countable")])
def test_the_grammar_gives_the_words_of_the_crosswalk(word: str) -> None:
    (one,) = counts(f"7 {word}")
    assert find("countable", one.noun) is not None


def test_access_roles() -> None:
    roles = {row["role"] for row in rows("access-role")}
    assert all(EM[role] for role in roles)
    assert {row["match"] for row in rows("access-role")} <= {"url", "label", "host", "table"}
    assert all(iri(row["conforms_to"]) for row in rows("access-role") if row["conforms_to"])
    assert all(is_iri(row["key"]) for row in rows("access-role") if row["match"] == "url")
    hosts = {row["host"] for row in rows("host")}
    assert {row["key"] for row in rows("access-role") if row["match"] == "host"} <= hosts


def test_every_host_is_described() -> None:
    """With the same name, by the curated facts."""
    names = {quad.subject.value: quad.object.value for quad in read_quads(HOSTS) if quad.predicate == FOAF.name}
    assert {row["host"]: names.get(mint("host", row["host"]).value) for row in rows("host")} == {
        row["host"]: row["name"] for row in rows("host")
    }


def test_notes_speak_of_registered_things() -> None:
    for row in rows("note"):
        assert ("dataset", row["dataset"]) in registry()
        assert row["effect"] in ("relation", "title", "stated")
        if row["effect"] == "relation":
            assert iri(row["predicate"])
            for thing in (row["subject"], row["object"]):
                kind, _, slug = thing.partition("/")
                assert (kind, slug) in registry(), thing


def test_volumes_are_told_by_registered_things() -> None:
    for row in rows("volume"):
        assert ("dataset", row["dataset"]) in registry()
        assert ("volume", row["volume"]) in registry()
        assert row["role"] in {one["role"] for one in rows("column")}


def test_sections_and_columns_use_known_words() -> None:
    readings = {"title", "skip", "papers", "references", "resources", "labs", "people", "techniques", "figures"}
    assert {row["reading"] for row in rows("section")} <= readings
    assert all(row["graph"] for row in rows("section") if row["reading"] not in ("title", "skip"))
    assert {row["unit"] for row in rows("column")} <= {"", "µm", "nm", "mm", "voxel", "byte"}


def test_versions_are_exact() -> None:
    documents = {row["document"]: row for row in rows("documents")}
    for row in rows("versions"):
        assert re.fullmatch(r"[0-9a-f]{64}", row["sha256"])
        assert re.fullmatch(r"[0-9a-f]{40}", row["blob"])
        assert re.fullmatch(r"[0-9a-f]{40}", row["commit"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["date"])
        about = documents[row["document"]]
        assert iri(about["licence"])
        assert is_iri(about["homepage"])


def test_area_x_is_the_one_of_songbirds() -> None:
    row = find("region", "area X")
    assert row is not None
    assert row["region"] == "UBERON:0035807"
