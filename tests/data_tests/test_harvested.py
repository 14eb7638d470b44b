"""The shipped shards: whole, deterministic in form, without what must not be kept of people, without prose."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from emkg.graph import Graph
from emkg.harvest import sources
from emkg.paths import data_dir
from emkg.rdf import Literal, NamedNode, canonical_statement
from emkg.shards import read_shard
from emkg.sources._base import Repository
from emkg.vocab import DCTERMS, EM, FOAF, SCHEMA

SHARDS = sorted((data_dir() / "harvest").glob("*.nq.gz"))
E_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}|\w+ ?[\[(]at[\])] ?\w+", re.IGNORECASE)
TELEPHONE = re.compile(r"(?<![\w./-])\+\d{1,3}[ ()\d-]{7,}\d(?![\w./-])")
LONGEST = 600
"""Characters: names of datasets and papers are shorter, descriptions are longer."""

each = pytest.mark.parametrize("path", SHARDS, ids=lambda path: path.name)


def test_there_are_the_sources_that_may_be_redistributed() -> None:
    names = {path.name.removesuffix(".nq.gz") for path in SHARDS}
    assert len(names) >= 14
    assert names <= {name for name, source in sources().items() if isinstance(source, Repository)}


@each
def test_it_is_read_whole_and_says_its_day(path: Path) -> None:
    quads = read_shard(path)
    assert len(quads) > 50
    assert any(quad.predicate in (EM.retrieved, DCTERMS.issued) and quad.graph_name for quad in quads)


@each
def test_equal_harvests_give_equal_bytes(path: Path) -> None:
    """No clock and no name in the head of the file; blocks sorted, no line twice within a block."""
    head = path.read_bytes()[:10]
    assert head[3] == 0 and head[4:8] == bytes(4)
    blocks = re.split(rb"^# (.*)\n", gzip.decompress(path.read_bytes()), flags=re.MULTILINE)[1:]
    names, texts = blocks[0::2], blocks[1::2]
    assert names == sorted(names)
    assert all(len(lines) == len(set(lines)) for lines in (text.splitlines() for text in texts))


@each
def test_nothing_is_kept_of_people_but_name_orcid_organisation_and_country(path: Path) -> None:
    quads = read_shard(path)
    private = {FOAF.mbox, FOAF.phone, SCHEMA.email, SCHEMA.telephone, SCHEMA.address}
    assert not [quad for quad in quads if quad.predicate in private]
    texts = {quad.object.value for quad in quads if isinstance(quad.object, Literal)}
    assert [text for text in texts if E_MAIL.search(text) or TELEPHONE.search(text)] == []


@each
def test_no_description_is_shipped(path: Path) -> None:
    quads = read_shard(path)
    assert not [quad for quad in quads if quad.predicate in (DCTERMS.description, DCTERMS.abstract)]
    long = {
        quad.object.value
        for quad in quads
        if isinstance(quad.object, Literal) and len(quad.object.value) > LONGEST and " " in quad.object.value
        if quad.predicate not in (EM.authorsAsStated, EM.creatorNames)
    }
    assert long == set()


def test_every_dataset_says_whose_record_it_is(whole: Graph) -> None:
    rows = whole.select(
        "SELECT ?d WHERE { ?r a emkg:SourceRecord ; emkg:describes ?d FILTER NOT EXISTS { ?d emkg:inRepository ?any } }"
    )
    assert [row[0] for row in rows if isinstance(row[0], NamedNode)] == []


def test_the_whole_graph_conforms(whole_built: Path) -> None:
    import json

    report = json.loads((whole_built / "current" / "report.json").read_text(encoding="utf-8"))
    assert report["validation"]["conforms"], [
        r for r in report["validation"]["results"] if r["severity"] == "violation"
    ][:5]
    assert report["unusable"] == []


@each
def test_its_literals_are_canonical(path: Path) -> None:
    """A build takes the statements of a shard as they are."""
    quads = read_shard(path)
    assert [quad for quad in quads if canonical_statement(quad) != quad] == []
