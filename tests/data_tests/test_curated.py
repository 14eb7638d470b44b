"""The curated facts: well formed, named, sourced, and told in terms that the ontology has."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from emkg.ids import KINDS
from emkg.rdf import BlankNode, Literal, NamedNode, read_quads
from emkg.vocab import DCAT, DCTERMS, EM, FABIO, PROV, RDF, RDFS, SCHEMA, XSD, prefixes
from tests.data_tests.curated import (
    FILES,
    defined,
    described,
    literal_ranges,
    name,
    of_type,
    one,
    pairs,
    quads,
    single_valued,
    superclasses,
    used,
)

# Subjects whose type and label the rows of the lists give; curation adds facts to them.
OF_THE_LISTS = (
    "axonem",
    "h01",
    "j0126",
    "kasthuri",
    "microns-mm3",
    "microns-l23",
    "isbi-2012",
    "snemi3d",
    "drosophila-vnc",
    "fafb",
)
ROWS = re.compile(rf"/id/(dataset|volume|sample|distribution)/({'|'.join(OF_THE_LISTS)})")
CONCEPTS = ("NCBITaxon", "UBERON", "FBbt", "CL", "GO")
PAPER_KINDS = {FABIO.JournalArticle, FABIO.ConferencePaper, FABIO.Preprint, FABIO.ReviewArticle, FABIO.Presentation}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_parses_without_blank_nodes_and_says_what_it_holds(path: Path) -> None:
    found = read_quads(path)
    assert found
    assert not any(isinstance(term, BlankNode) for quad in found for term in (quad.subject, quad.object))
    assert path.read_text(encoding="utf-8").startswith("# ")


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_file_has_one_block_per_subject_in_order(path: Path) -> None:
    subjects = re.findall(r"^(<[^>]+>|[A-Za-z]+:\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert subjects == sorted(set(subjects))
    assert len(subjects) == len({quad.subject for quad in read_quads(path)})


def test_every_own_term_is_in_the_ontology() -> None:
    assert {iri for iri in used() if iri.startswith(prefixes()["emkg"])} - defined() == set()


def test_every_concept_is_a_stub_of_the_ontology() -> None:
    spaces = (*(prefixes()[prefix] for prefix in CONCEPTS), prefixes()["emr"] + "taxon/")
    concepts = {iri for iri in used() if iri.startswith(spaces)}
    assert len(concepts) > 30
    assert concepts - defined() == set()


def test_every_technique_concept_has_its_class() -> None:
    concepts = {iri.removeprefix(prefixes()["emt"]) for iri in used() if iri.startswith(prefixes()["emt"])}
    assert len(concepts) > 5
    assert {local for local in concepts if prefixes()["emkg"] + local not in defined()} == set()


def test_a_property_is_used_on_a_class_that_its_domain_includes() -> None:
    parents = superclasses()
    domains: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for predicate, kind in pairs(SCHEMA.domainIncludes):
        domains[predicate].add(kind)
    strays = set()
    for node, facts in described().items():
        types, frontier = set(), set(facts[RDF.type])
        while frontier:
            types |= frontier
            frontier = {up for kind in frontier if isinstance(kind, NamedNode) for up in parents[kind]} - types
        strays |= {(node.value, p.value) for p in facts if types and p in domains and not domains[p] & types}
    assert strays == set()


def test_a_single_valued_property_has_one_value() -> None:
    single = single_valued()
    several = [(node, p) for node, facts in described().items() for p, values in facts.items() if len(values) > 1]
    assert [(node, p) for node, p in several if p in single] == []


def test_every_iri_of_ours_is_of_a_known_kind() -> None:
    shape = re.compile(re.escape(prefixes()["emr"]) + rf"({'|'.join(KINDS)})/[a-z0-9]+(-[a-z0-9]+)*$")
    own = {iri for iri in used() if iri.startswith(prefixes()["emr"])}
    assert len(own) > 200
    assert {iri for iri in own if not shape.match(iri)} == set()


def test_every_individual_is_named_in_english() -> None:
    nameless = []
    for node, facts in described().items():
        listed = EM.Paper in facts[RDF.type] and not facts[DCTERMS.title]  # the list gives the titles of its own papers
        named = [label for label in facts[RDFS.label] if isinstance(label, Literal) and label.language == "en"]
        if facts[RDF.type] and not listed and len(named) != 1:
            nameless.append(node)
    assert nameless == []


def test_every_fact_is_sourced() -> None:
    """A paper with a DOI is its own source; a link to an access point has the access point's."""
    stated = {node for node, facts in described().items() if facts[DCTERMS.source] or facts[PROV.hadPrimarySource]}
    elsewhere = [node for node in described() if node not in stated and not node.value.startswith(prefixes()["doi"])]
    assert [node for node in elsewhere if {p for p, v in described()[node].items() if v} != {DCAT.distribution}] == []


def test_only_things_of_the_lists_lack_a_type() -> None:
    typeless = [node.value for node, facts in described().items() if not facts[RDF.type]]
    assert len(typeless) > 10
    assert [iri for iri in typeless if not ROWS.search(iri)] == []


def test_numbers_have_the_datatype_of_their_property() -> None:
    ranges = literal_ranges()
    given = [quad for quad in quads() if quad.predicate in ranges]
    assert len(given) > 500
    wrong = [q for q in given if not isinstance(q.object, Literal) or q.object.datatype != ranges[q.predicate]]
    assert wrong == []


def test_dois_are_lower_case() -> None:
    dois = {iri for iri in used() if iri.startswith(prefixes()["doi"])}
    assert len(dois) > 20
    form = re.compile(re.escape(prefixes()["doi"]) + r"10\.\d{4,9}/\S+$")
    assert {iri for iri in dois if iri != iri.lower() or not form.match(iri)} == set()


def test_a_paper_has_one_kind_and_a_preprint_its_version_of_record() -> None:
    papers = of_type(EM.Paper)
    assert len(papers) > 20
    assert [paper for paper in papers if len(PAPER_KINDS & set(described()[paper][RDF.type])) != 1] == []
    preprints = [paper for paper in papers if FABIO.Preprint in described()[paper][RDF.type]]
    assert len(preprints) == 6
    assert [paper for paper in preprints if one(paper, EM.preprintOf) not in papers] == []


def test_years_are_years() -> None:
    dated = {DCTERMS.issued, EM.issuedOnline, EM.issuedPrint, EM.capacityYear}
    years = [quad.object for quad in quads() if quad.predicate in dated]
    assert years
    assert all(isinstance(year, Literal) and year.datatype == XSD.gYear for year in years)
    assert all(1980 <= int(getattr(year, "value", "0")) <= 2026 for year in years)
