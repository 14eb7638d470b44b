"""Are the mappings valid SSSOM, do they cover every technique, and do they reach the graph as SKOS?"""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from emkg.errors import ParseError, UnknownPrefix, UnknownTerm
from emkg.paths import ontology_dir
from emkg.rdf import Triple, read_quads, triples_of
from emkg.skos import concept_scheme, mapping_triples
from emkg.vocab import EM, RDF, SKOS, iri, prefixes

TABLE = ontology_dir() / "mappings" / "technique.sssom.tsv"
COLUMNS = "subject_id\tpredicate_id\tobject_id\tobject_source"


def test_sssom_reference_reader_accepts_it() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the reader's own dependencies
        from sssom.parsers import parse_sssom_table
        from sssom.validators import validate

        mappings = parse_sssom_table(str(TABLE))
        reports = validate(mappings, fail_on_error=False)
    assert len(mappings.df) == len(mapping_triples(TABLE))
    assert [result.message for report in reports.values() for result in report.results] == []
    told = {name: space for name, space in mappings.converter.bimap.items() if name in prefixes()}
    assert {name: prefixes()[name] for name in told} == told, "the curie_map differs from ontology/prefixes.ttl"


def test_every_technique_is_mapped() -> None:
    scheme = concept_scheme(triples_of(read_quads(ontology_dir() / "inferred" / "hierarchy.ttl")))
    concepts = {triple.subject for triple in scheme if triple.predicate == RDF.type}
    assert len(concepts) == 24
    assert concepts == {triple.subject for triple in mapping_triples(TABLE)}


def test_predicates_are_mappings() -> None:
    allowed = {SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, EM.noTermFoundIn}
    assert {triple.predicate for triple in mapping_triples(TABLE)} <= allowed


def test_only_stable_edam_identifiers() -> None:
    """The imaging branch of EDAM says of itself that its identifiers are not stable yet."""
    edam = {triple.object for triple in mapping_triples(TABLE) if str(triple.object).startswith("<http://edam")}
    assert edam == {iri("edam:topic_0611"), iri("edam:topic_3452")}


def test_no_exact_match_twice() -> None:
    """S46 of the SKOS reference: exact is disjoint from broad; and one term of others is exactly one technique."""
    triples = mapping_triples(TABLE)
    exact = [triple.object for triple in triples if triple.predicate == SKOS.exactMatch]
    assert len(exact) == len(set(exact))
    pairs = [(triple.subject, triple.object) for triple in triples]
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize(
    ("name", "predicate", "other"),
    [
        ("SEM", "exactMatch", "FBbi:00000257"),
        ("TEM", "exactMatch", "CHMO:0000080"),
        ("SBFSEM", "exactMatch", "FBbi:00000585"),
        ("ssTEM", "exactMatch", "techniques:serialSectionTransmissionElectronMicroscopy"),
        ("ElectronMicroscopy", "closeMatch", "OBI:0001631"),
        ("GridTapeTEM", "broadMatch", "FBbi:00000258"),
    ],
)
def test_mapping_reaches_the_graph(name: str, predicate: str, other: str) -> None:
    assert Triple(iri(f"emt:{name}"), SKOS[predicate], iri(other)) in mapping_triples(TABLE)


def test_vocabulary_without_the_term_is_named() -> None:
    assert Triple(iri("emt:TEMCA"), EM.noTermFoundIn, iri("obo:fbbi.owl")) in mapping_triples(TABLE)


@pytest.mark.parametrize(
    ("text", "error", "told"),
    [
        ("", ParseError, ":1:1"),
        ("#a: b\nsubject_id\tobject_id\n", ParseError, ":2:1"),
        (f"#a: b\n{COLUMNS}\nemt:SEM\tskos:exactMatch\n", ParseError, ":3:1"),
        (f"{COLUMNS}\nemt:SEM\t\tFBbi:00000257\tobo:fbbi.owl\n", ParseError, "predicate_id"),
        (f"{COLUMNS}\nFBbi:1\tskos:exactMatch\tFBbi:00000257\tobo:fbbi.owl\n", ParseError, "emt:NAME"),
        (f"{COLUMNS}\nemt:SEMM\tskos:exactMatch\tFBbi:00000257\tobo:fbbi.owl\n", UnknownTerm, "SEMM"),
        (f"{COLUMNS}\nemt:SEM\tskos:exactMatch\tfbi:00000257\tobo:fbbi.owl\n", UnknownPrefix, "fbi"),
    ],
)
def test_faulty_table_is_refused(tmp_path: Path, text: str, error: type[Exception], told: str) -> None:
    path = tmp_path / "faulty.sssom.tsv"
    path.write_text(text, "utf-8")
    with pytest.raises(error, match=told):
        mapping_triples(path)
