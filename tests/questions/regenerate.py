"""Writes the golden answers anew: python -m tests.questions.regenerate [NAME …]. Read the difference first."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from emkg.ask import questions
from emkg.build import build, open_build
from emkg.graph import Graph
from tests.questions.engines import GOLDEN, cases, with_oxigraph


def golden_graph() -> Graph:
    """The graph of the checkout by the Java-free reasoner, which a test holds equal to HermiT's."""
    with TemporaryDirectory() as folder:
        build(Path(folder), engine="rules", only=["awesome-list"])
        return open_build(Path(folder))


def main(names: list[str]) -> None:
    graph = golden_graph()
    GOLDEN.mkdir(exist_ok=True)
    for name, question in questions().items():
        if not question.needs and (not names or name in names):
            answers = [{"values": values} | with_oxigraph(question, graph, values) for values in cases(question)]
            (GOLDEN / f"{name}.json").write_text(_laid_out(answers), encoding="utf-8")
            sys.stdout.write(f"{name}: {', '.join(str(len(answer['rows'])) for answer in answers)} rows\n")


def _laid_out(answers: list[dict[str, object]]) -> str:
    """One row a line, so that a difference shows which answer changed."""
    parts = []
    for answer in answers:
        rows = ",\n   ".join(json.dumps(row, ensure_ascii=False) for row in answer["rows"])  # type: ignore[attr-defined]
        head = f'"values": {json.dumps(answer["values"])},\n  "columns": {json.dumps(answer["columns"])}'
        parts.append(f'{{{head},\n  "rows": [\n   {rows}\n  ]}}')
    return "[" + ",\n ".join(parts) + "]\n"


if __name__ == "__main__":
    main(sys.argv[1:])
