"""Is the ontology one graph with its scheme and mappings, the same each time, and does it answer what it is asked?"""

from __future__ import annotations

import pyoxigraph
import pytest

from emkg.ontology import ontology_graph
from emkg.rdf import BlankNode, Quad
from emkg.vocab import EM, SKOS, iri, sparql_prefixes


@pytest.fixture(scope="module")
def store() -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.extend(Quad(triple.subject, triple.predicate, triple.object) for triple in ontology_graph())
    return store


def ask(store: pyoxigraph.Store, query: str) -> set[tuple[str, ...]]:
    solutions = store.query(sparql_prefixes() + query)
    return {tuple(term.value for term in solution) for solution in solutions}


def test_same_graph_each_time() -> None:
    """Blank nodes of class expressions included."""
    first = ontology_graph()
    assert any(isinstance(triple.subject, BlankNode) for triple in first)
    assert set(first) == set(ontology_graph())


def test_every_predicate_is_declared(store: pyoxigraph.Store) -> None:
    """What the scheme and the mappings add needs its declaration too; the prefix table is SHACL's business."""
    query = """SELECT DISTINCT ?predicate {
      ?subject ?predicate ?value
      FILTER NOT EXISTS { ?predicate a ?kind FILTER(STRENDS(STR(?kind), "Property")) }
      FILTER NOT EXISTS {
        VALUES ?space { rdf: rdfs: owl: sh: }
        FILTER(STRSTARTS(STR(?predicate), STR(?space)))
      }
    }"""
    assert ask(store, query) == set()


def test_terms_of_other_vocabularies_for_a_technique(store: pyoxigraph.Store) -> None:
    found = ask(store, 'SELECT ?other { ?t skos:notation "SBF-SEM" ; skos:exactMatch ?other }')
    wanted = {"FBbi:00000585", "techniques:serialBlockFaceScanningElectronMicroscopy"}
    assert found == {(iri(name).value,) for name in wanted}


def test_techniques_without_a_term_in_fbbi(store: pyoxigraph.Store) -> None:
    found = ask(store, "SELECT ?notation { ?t emkg:noTermFoundIn obo:fbbi.owl ; skos:notation ?notation }")
    assert {("ssTEM",), ("TEMCA",), ("GridTape TEM",), ("ATUM-SEM",)} <= found
    assert not {("SEM",), ("TEM",), ("SBF-SEM",), ("FIB-SEM",)} & found


def test_empiar_codes(store: pyoxigraph.Store) -> None:
    found = ask(
        store,
        "SELECT ?notation ?code { ?t a skos:Concept ; emkg:empiarExperimentType ?code ; skos:notation ?notation }",
    )
    assert found == {
        ("SBF-SEM", "4"),
        ("FIB-SEM", "5"),
        ("eFIB-SEM", "5"),
        ("ATUM-SEM", "11"),
        ("ATUM-mSEM", "11"),
        ("micro-CT", "12"),
        ("ssET", "13"),
    }


@pytest.mark.parametrize(
    ("facet", "techniques"),
    [
        ("ReelToReel", {"AutoTEM"}),
        ("DiamondKnife", {"SBFSEM"}),
        ("MultiBeam", {"MultiBeamSEM", "ATUMmSEM"}),
        ("IonBeam", {"IonBeamSEM", "FIBSEM", "EnhancedFIBSEM", "GCIBSEM"}),
        ("TiltSeriesTomography", {"ElectronTomography", "sET", "ssET"}),
    ],
)
def test_techniques_that_share_a_facet(store: pyoxigraph.Store, facet: str, techniques: set[str]) -> None:
    """Narrower facets count: a focused ion beam is an ion beam."""
    query = f"SELECT ?t {{ ?t emkg:definingFacet/rdfs:subClassOf* emkg:{facet} }}"
    assert ask(store, query) == {(iri(f"emt:{name}").value,) for name in techniques}


def test_serial_section_techniques_by_the_scheme(store: pyoxigraph.Store) -> None:
    found = ask(store, "SELECT ?notation { ?t skos:broader+ emt:SerialSectionEM ; skos:notation ?notation }")
    wanted = "ssSEM ATUM-SEM ATUM-mSEM GCIB-SEM ssTEM TEMCA autoTEM ssET".split()
    assert found == {(name,) for name in wanted} | {("GridTape TEM",)}


def test_misprint_finds_its_technique(store: pyoxigraph.Store) -> None:
    """The hidden label answers a search; no concept is named so."""
    assert ask(store, 'SELECT ?t { ?t a skos:Concept ; skos:hiddenLabel "SEF-SEM"@en }') == {(iri("emt:SBFSEM").value,)}
    assert (
        ask(
            store,
            'SELECT ?t { ?t rdfs:label|skos:prefLabel|skos:altLabel|skos:notation ?n FILTER(STR(?n) = "SEF-SEM") }',
        )
        == set()
    )


def test_mapping_is_not_both_hierarchy_and_association(store: pyoxigraph.Store) -> None:
    """S27 and S46 of the SKOS reference."""
    query = (
        "SELECT ?a { { ?a skos:broader+ ?b ; skos:related ?b } UNION { ?a skos:exactMatch ?b ; skos:broadMatch ?b } }"
    )
    assert ask(store, query) == set()
    assert ask(store, "SELECT ?t { ?t skos:broader+ ?t }") == set()


def test_concept_and_class_are_apart(store: pyoxigraph.Store) -> None:
    """No punning for techniques: nothing is both a class and a concept."""
    assert ask(store, "SELECT ?t { ?t a owl:Class , skos:Concept }") == set()
    assert Quad(iri("emt:SEM"), EM.conceptOf, EM.SEM) in store
    assert Quad(iri("emt:SEM"), SKOS.inScheme, EM.techniqueScheme) in store
