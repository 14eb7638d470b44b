"""What follows from facts, as the Java-free rules find it; HermiT is held to the same in test_hermit.py."""

from __future__ import annotations

import itertools
import sys

import pytest

from emkg.errors import InconsistentGraph
from emkg.ids import mint
from emkg.rdf import NamedNode
from emkg.reason import inferred_triples, rules
from emkg.vocab import RDF, curie
from tests.reason.cases import CASES, CONTRADICTIONS, FACTS, PLANTED


@pytest.fixture(scope="module")
def types(view) -> dict[NamedNode, set[str]]:
    found: dict[NamedNode, set[str]] = {}
    for individual, name in rules.infer(view(FACTS)).types:
        found.setdefault(individual, set()).add(curie(name).removeprefix("emkg:"))
    return found


@pytest.mark.parametrize("slug", CASES)
def test_types(types, slug) -> None:
    assert types.get(mint("acquisition", slug), set()) == set(CASES[slug][1].split())


def local(node: NamedNode) -> str:
    """A name without its prefix if it is ours, else as a CURIE."""
    return curie(node).removeprefix("emr:").removeprefix("emkg:")


def test_relations_go_down_sub_volumes_and_up_to_datasets(view) -> None:
    relations = {" ".join(map(local, row)) for row in rules.infer(view(FACTS)).relations}
    for volume in ("block", "part", "half", "h01"):
        assert f"volume/{volume} acquiredBy acquisition/h01" in relations
        assert f"volume/{volume} hasSample sample/h01" in relations
        assert f"volume/{volume} taxon NCBITaxon:9606" in relations
        assert f"volume/{volume} region UBERON:0001950" in relations
    assert "volume/block isSubVolumeOf volume/h01" in relations
    assert "region/inner withinRegion region/outer" in relations
    assert {f"dataset/d {rest}" for rest in ("hasSample sample/h01", "taxon NCBITaxon:9606")} <= relations
    assert not any(row.startswith("volume/other ") and "elsewhere" not in row for row in relations)


def test_nothing_stated_is_inferred_again(view) -> None:
    stated = view(FACTS)
    found = inferred_triples(stated, "rules")
    assert not set(found) & set(stated)
    assert found == sorted(set(found), key=lambda t: (str(t.subject), str(t.predicate), str(t.object)))
    assert not [triple for triple in found if curie(triple.object).startswith("owl:")]
    assert {triple.predicate for triple in found} > {RDF.type}


@pytest.mark.parametrize("facts", CONTRADICTIONS)
def test_a_contradiction_is_named(view, facts) -> None:
    with pytest.raises(InconsistentGraph) as caught:
        inferred_triples(view(facts), "rules")
    assert [part for part in CONTRADICTIONS[facts] if part not in str(caught.value)] == []


def test_only_the_individual_at_fault_is_blamed(view) -> None:
    with pytest.raises(InconsistentGraph) as caught:
        rules.infer(view("<volume/v> emkg:acquiredBy <acquisition/x> . <acquisition/x> a emkg:SEM , emkg:TEM ."))
    assert "acquisition/x" in str(caught.value) and "volume/v" not in str(caught.value)


@pytest.mark.parametrize("axioms", PLANTED)
def test_an_unsatisfiable_technique_is_named(view, axioms) -> None:
    with pytest.raises(InconsistentGraph) as caught:
        inferred_triples(view(axioms=axioms), "rules")
    assert [part for part in PLANTED[axioms] if part not in str(caught.value)] == []


def test_long_chains_and_subproperties(view) -> None:
    axioms = """emkg:r1 a owl:ObjectProperty . emkg:r2 a owl:ObjectProperty . emkg:r3 a owl:ObjectProperty .
      emkg:narrow a owl:ObjectProperty ; rdfs:subPropertyOf emkg:r3 .
      emkg:s a owl:ObjectProperty ; owl:propertyChainAxiom ( emkg:r1 emkg:r2 emkg:r3 ) ."""
    facts = "<volume/a> emkg:r1 <volume/b> . <volume/b> emkg:r2 <volume/c> . <volume/c> emkg:narrow <volume/d> ."
    relations = {" ".join(map(local, row)) for row in rules.infer(view(facts, axioms)).relations}
    assert {"volume/a s volume/d", "volume/c r3 volume/d"} <= relations


def test_cycles_end(view) -> None:
    facts = "<volume/a> emkg:isSubVolumeOf <volume/b> . <volume/b> emkg:isSubVolumeOf <volume/a> ."
    relations = rules.infer(view(facts)).relations
    assert len([row for row in relations if local(row[1]) == "isSubVolumeOf"]) == 4


def test_the_work_grows_with_the_individuals_and_not_faster(view) -> None:
    """Counted in calls, which no other program on the machine changes."""

    def calls(individuals: int) -> int:
        facts = view(FACTS + "".join(f"<acquisition/n{n}> {CASES['h01'][0]} .\n" for n in range(individuals)))
        count = itertools.count()
        sys.setprofile(lambda *_: next(count))
        try:
            rules.infer(facts)
        finally:
            sys.setprofile(None)
        return next(count)

    few, many, more = calls(0), calls(100), calls(300)
    assert (more - few) < 3.2 * (many - few)
