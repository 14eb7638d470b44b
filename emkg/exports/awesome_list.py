"""A table of a source as it stood in the file: cells verbatim, heads and row spans in place, laid out as the list
lays it out.
"""

from __future__ import annotations

from itertools import groupby

from emkg.errors import NotFound
from emkg.exports._base import Export, Nodes
from emkg.formats import Format
from emkg.graph import Graph
from emkg.ids import mint

TABLE = "aed-be275e8-overview"
_CELLS = """
SELECT ?row ?column ?verbatim ?down ?across WHERE {
  { BIND(0 AS ?row) TABLE emkg:hasCell ?cell } UNION { TABLE emkg:hasRow [ emkg:rowIndex ?row ; emkg:hasCell ?cell ] }
  ?cell emkg:columnIndex ?column ; emkg:verbatim ?verbatim .
  OPTIONAL { ?cell emkg:rowSpan ?down }
  OPTIONAL { ?cell emkg:colSpan ?across }
} ORDER BY ?row ?column"""


class AwesomeList(Export):
    """The overview table of the list that emkg began with, byte for byte, from the graph's source rows and cells."""

    name = "awesome-list"
    about = "the overview table of the awesome list, out of the graph as it went in"
    format = Format("awesome-list", ("text/markdown",), "md", "Markdown")
    per_dataset = False

    def write(self, graph: Graph, nodes: Nodes = None) -> bytes:
        """The overview table of the seed's version; other tables by :func:`table`."""
        return table(graph).encode()


def table(graph: Graph, slug: str = TABLE) -> str:
    """The HTML of a source table, such as ``aed-be275e8-overview``; raises NotFound where the graph has no such
    table.
    """
    cells = graph.select(_CELLS.replace("TABLE", str(mint("source-table", slug)))).values()
    if not cells:
        known = graph.select("SELECT ?t WHERE { ?t a emkg:SourceTable } ORDER BY ?t").values()
        raise NotFound(
            f"no table {slug!r}", "", "use one of " + ", ".join(str(row[0]).rsplit("/", 1)[1] for row in known)
        )
    lines = ["<table>"]
    for row, members in groupby(cells, key=lambda cell: cell[0]):
        tag = "th" if row == "0" else "td"
        lines.append("    <tr>")
        lines += [_cell(tag, verbatim or "", down, across) for _, _, verbatim, down, across in members]
        lines.append("    </tr>")
    return "\n".join([*lines, "</table>"]) + "\n"


def _cell(tag: str, verbatim: str, down: str | None, across: str | None) -> str:
    spans = "".join(
        f' {name}="{value}"' for name, value in (("rowspan", down), ("colspan", across)) if value not in (None, "1")
    )
    return f"        <{tag}{spans}>{verbatim}</{tag}>"
