"""Facts as Turtle, and what an engine makes of them together with the ontology."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from emkg.rdf import RdfFormat, Triple, parse_quads, triples_of
from emkg.reason import reasoning_view
from emkg.vocab import ontology_quads, prefixes


def parsed(turtle: str) -> list[Triple]:
    head = "".join(f"@prefix {name}: <{space}> .\n" for name, space in prefixes().items())
    return triples_of(parse_quads(f"{head}@base <{prefixes()['emr']}> .\n{turtle}", RdfFormat.TURTLE))


@pytest.fixture(scope="session")
def triples() -> Callable[[str], list[Triple]]:
    """Turtle, with our prefixes and base, as triples."""
    return parsed


@pytest.fixture(scope="session")
def view() -> Callable[..., list[Triple]]:
    """The reasoning view of the ontology, further axioms and facts."""

    def make(facts: str = "", axioms: str = "") -> list[Triple]:
        return reasoning_view([*ontology_quads(), *parsed(axioms)], parsed(facts))

    return make
