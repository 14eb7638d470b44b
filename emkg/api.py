"""The graph from Python: open it, query it, ask it by name, read a dataset as typed values."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from emkg import ask as asking
from emkg.config import Settings
from emkg.errors import ConfigError, NotFound
from emkg.graph import Graph, Table
from emkg.ids import mint
from emkg.model import Dataset
from emkg.query import Endpoint
from emkg.rdf import NamedNode, Triple
from emkg.readback import read_dataset
from emkg.render import Native, native, to_arrow
from emkg.vocab import EM


@dataclass(frozen=True, slots=True)
class Result:
    """The rows of a query; iteration gives tuples of native Python values, ``table`` has the RDF terms."""

    table: Table

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in the order of the SELECT."""
        return self.table.columns

    def __iter__(self) -> Iterator[tuple[Native, ...]]:
        for row in self.table:
            yield tuple(native(term) for term in row)

    def __len__(self) -> int:
        return len(self.table)

    def to_pandas(self) -> Any:
        """The rows as a pandas.DataFrame (pip install 'emkg[frames]')."""
        if find_spec("pandas") is None:
            raise ConfigError("pandas is not installed", "", "pip install 'emkg[frames]'")
        return self.to_arrow().to_pandas()

    def to_arrow(self) -> Any:
        """The rows as a pyarrow.Table (pip install 'emkg[frames]')."""
        return to_arrow(self.table)


class KnowledgeGraph:
    """A graph to ask: the local build, or a remote endpoint.

    >>> kg = KnowledgeGraph(Graph())
    >>> list(kg.query("SELECT (1 + 1 AS ?two) {}"))
    [(2,)]
    """

    def __init__(self, graph: Graph | Endpoint) -> None:
        self._graph = graph

    def query(self, text: str) -> Any:
        """The answer of a SPARQL query: a Result for SELECT, a bool for ASK, triples for CONSTRUCT; raises BadQuery."""
        return _result(self._graph.query(text))

    def ask(self, name: str, **parameters: object) -> Any:
        """The answer of a named question: a Result, or triples where it constructs a graph; raises QuestionError.

        A parameter is a word, CURIE, IRI or number, or a list of them.
        """
        values = {
            key: [str(one) for one in value] if isinstance(value, (list, tuple)) else str(value)
            for key, value in parameters.items()
        }
        return _result(asking.run(asking.load(name), self._graph, values))

    def questions(self) -> dict[str, str]:
        """Name → what it asks, of every named question."""
        return {name: question.question for name, question in asking.questions().items()}

    def datasets(self) -> list[str]:
        """The slugs of all datasets, sorted."""
        rows = self._graph.select(f"SELECT DISTINCT ?d WHERE {{ ?d a {EM.Dataset} }} ORDER BY ?d")
        return [row[0].value.rsplit("/", 1)[1] for row in rows if isinstance(row[0], NamedNode)]

    def dataset(self, slug: str) -> Dataset:
        """A dataset as typed values: voxels in nm, extents in µm, counts in things.

        Raises NotFound with the nearest slugs.
        """
        found = read_dataset(self._graph, mint("dataset", slug))
        if found is None:
            near = difflib.get_close_matches(slug, self.datasets(), 3)
            raise NotFound(
                f"no dataset {slug!r}", "", f"did you mean {', '.join(near)}?" if near else "kg.datasets() lists them"
            )
        return found


def open(where: str | Path | None = None) -> KnowledgeGraph:
    """The knowledge graph at ``where``: a build's folder, a dump, or a SPARQL endpoint's http(s) address.

    Without ``where`` it is the local build; raises NoBuild where there is none.
    """
    if isinstance(where, str) and where.startswith(("http://", "https://")):
        return KnowledgeGraph(Endpoint(where))
    path = Path(where) if where else Settings.load().build
    if path.suffix != ".nq":
        path = path / "emkg.nq" if (path / "emkg.nq").is_file() else path / "current" / "emkg.nq"
    return KnowledgeGraph(Graph.load(path))


def _result(answer: Table | bool | list[Triple]) -> Result | bool | list[Triple]:
    return Result(answer) if isinstance(answer, Table) else answer
