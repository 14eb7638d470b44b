"""One stands for all that are told alike, and what is found of it is told of everybody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from emkg.errors import InconsistentGraph
from emkg.ids import mint
from emkg.rdf import Triple
from emkg.reason import infer, rules
from emkg.reason.inference import Inference
from emkg.reason.remembered import remembered
from emkg.reason.representatives import represent
from emkg.vocab import EM, OWL, RDF

View = Callable[..., list[Triple]]


def dataset(number: int, technique: str, taxon: str = "NCBITaxon:10090") -> str:
    return (
        f"<dataset/d{number}> a emkg:Dataset ; emkg:hasVolume <volume/d{number}> . "
        f"<volume/d{number}> a emkg:ImageVolume ; emkg:acquiredBy <acquisition/d{number}> ; emkg:hasSample <sample/d{number}> . "
        f"<acquisition/d{number}> a emkg:{technique} . <sample/d{number}> a emkg:Sample ; emkg:taxon {taxon} . "
    )


CIRCLE = "<volume/d1> emkg:isSubVolumeOf <volume/d2> . <volume/d2> emkg:isSubVolumeOf <volume/d1> ."


def individuals(view: list[Triple]) -> set[str]:
    return {str(triple.subject) for triple in view if triple.object == OWL.NamedIndividual}


def test_alike_are_one_and_different_are_not(view: View) -> None:
    bare = individuals(represent(view()).view)
    some = view("".join(dataset(number, "SBFSEM" if number % 2 else "ssTEM") for number in range(40)))
    kept = represent(some)
    assert len(individuals(some)) - len(bare) >= 160
    assert len(individuals(kept.view)) - len(bare) == 9  # two datasets of four things each, and the mouse


def test_what_is_found_of_one_is_told_of_all(view: View) -> None:
    parts = [dataset(number, ("SBFSEM", "ssTEM", "ATUMmSEM")[number % 3]) for number in range(12)]
    parts.append("<volume/d1> emkg:isSubVolumeOf <volume/d4> . <volume/d4> emkg:isSubVolumeOf <volume/d7> .")
    some = view("".join(parts))
    kept = represent(some)
    assert len(kept.view) < len(some)
    assert kept.expand(rules.infer(kept.view)) == rules.infer(some)


def test_a_circle_keeps_its_names(view: View) -> None:
    some = view(dataset(1, "SBFSEM") + dataset(2, "SBFSEM") + CIRCLE)
    kept = represent(some)
    assert kept.expand(rules.infer(kept.view)) == rules.infer(some)


def test_everybody_who_contradicts_is_blamed(view: View) -> None:
    wrong = "".join(f"<acquisition/w{number}> a emkg:SBFSEM , emkg:ssTEM . " for number in range(5))
    some = view(dataset(1, "SBFSEM") + wrong)
    with pytest.raises(InconsistentGraph) as fault:
        infer(some, "hermit")
    assert set(fault.value.individuals) == {mint("acquisition", f"w{number}").value for number in range(5)}


def test_types_of_the_others_are_inferred(view: View) -> None:
    some = view(dataset(1, "SBFSEM") + dataset(2, "SBFSEM"))
    kept = represent(some)
    found = kept.expand(rules.infer(kept.view))
    assert {(mint("acquisition", f"d{number}"), EM.BlockFaceEM) for number in (1, 2)} <= found.types
    assert RDF.type not in {role for _, role, _ in found.relations}


def test_the_reasoner_is_asked_once_for_one_view(view: View, tmp_path: Path) -> None:
    some, asked = view(dataset(1, "SBFSEM")), list[int]()

    def ask(given: list[Triple]) -> Inference:
        asked.append(len(given))
        return rules.infer(given)

    first, second = (remembered(tmp_path, some, ask) for _ in range(2))
    assert first == second == rules.infer(some) and len(asked) == 1
    next(tmp_path.glob("inference-*.json")).write_text("{", encoding="utf-8")
    assert remembered(tmp_path, some, ask) == first and len(asked) == 2
    assert remembered(tmp_path, view(dataset(1, "ssTEM")), ask) != first
    assert remembered(None, some, ask) == first and len(asked) == 4
