"""Do the quality queries of qc/ find nothing in the ontology, and find the fault that is planted beside each?

They ask what ROBOT's report asks (https://robot.obolibrary.org/report), and a few things more, in our own words.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest

from emkg.rdf import read_quads
from emkg.vocab import ontology_quads, sparql_prefixes

FOLDER = Path(__file__).parent / "qc"
QUERIES = sorted(FOLDER.glob("*.rq"))
each_query = pytest.mark.parametrize("query", QUERIES, ids=lambda path: path.stem)


def rows(query: Path, *planted: Path) -> list[str]:
    """What the query finds in the ontology, with the planted file where one is given."""
    store = pyoxigraph.Store()
    store.extend(ontology_quads())
    for path in planted:
        store.extend(read_quads(path))
    return [str(solution) for solution in store.query(sparql_prefixes() + query.read_text("utf-8"))]


@each_query
def test_ontology_is_clean(query: Path) -> None:
    reason = query.read_text("utf-8").splitlines()[0].removeprefix("# ")
    assert rows(query) == [], reason


@each_query
def test_planted_fault_is_found(query: Path) -> None:
    assert len(rows(query, query.with_suffix(".ttl"))) > len(rows(query)), f"{query.name} overlooks its fault"


def test_every_query_has_its_fault() -> None:
    assert {path.stem for path in QUERIES} == {path.stem for path in FOLDER.glob("*.ttl")}
