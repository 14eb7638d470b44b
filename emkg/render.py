"""How an answer looks: rows as table, plot, csv, tsv, json, xml, parquet; triples as RDF; terms as native values."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from emkg.errors import ConfigError, NotAcceptable
from emkg.formats import RDF_FORMATS
from emkg.graph import Table
from emkg.rdf import BlankNode, Literal, NamedNode, Term, Triple, write
from emkg.vocab import curie, prefixes

Native = str | int | float | bool | Decimal | date | datetime | None
Answer = Table | bool | list[Triple]

_RESULTS_XML = "http" + "://www.w3.org/2005/sparql-results#"  # the namespace of XML elements, not of RDF terms
_INTEGERS = ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger", "gYear")


def native(term: Term | None) -> Native:
    """A term as a Python value: numbers, truth values and dates by their datatype, all else as text; None for unbound.

    A literal whose text is not of its datatype stays text.

    >>> native(Literal(8)), native(Literal(2.5)), native(None)
    (8, 2.5, None)
    """
    if not isinstance(term, Literal):
        return None if term is None else term.value
    space = prefixes()["xsd"]
    local = term.datatype.value.removeprefix(space) if term.datatype.value.startswith(space) else ""
    try:
        return _typed(term.value, local)
    except (ValueError, InvalidOperation):
        return term.value


def _typed(text: str, local: str) -> Native:
    if local in _INTEGERS:
        return int(text)
    if local == "decimal":
        return Decimal(text)
    if local in ("double", "float"):
        return float(text)
    if local == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text, text)
    if local == "date":
        return date.fromisoformat(text)
    return datetime.fromisoformat(text) if local == "dateTime" else text


def render(answer: Answer, name: str, *, axes: Mapping[str, str] | None = None, width: int | None = None) -> bytes:
    """An answer in the format of that name; raises NotAcceptable where the format cannot hold it.

    ``axes`` tells a plot its columns; ``width`` is the terminal's, unlimited without it.

    >>> render(Table(("n",), ((Literal(8),),)), "csv")
    b'n\\r\\n8\\r\\n'
    """
    if isinstance(answer, list):
        return _triples(answer, "turtle" if name == "table" else name)
    if isinstance(answer, bool):
        return _boolean(answer, name)
    if name == "table":
        return _table(answer, width).encode()
    if name == "plot":
        return _plot(answer, axes or {}, width or 100).encode()
    writers = {"csv": _csv, "tsv": _tsv, "json": _json, "xml": _xml, "parquet": _parquet}
    if name not in writers:
        raise NotAcceptable(f"rows have no format {name!r}", "", f"use one of table, plot, {', '.join(writers)}")
    return writers[name](answer)


def shown(term: Term | None) -> str:
    """A term as people read it: a CURIE, the text on one line, a number without its datatype; nothing for unbound.

    >>> shown(Literal("1.50E3", datatype=NamedNode(prefixes()["xsd"] + "double"))), shown(None)
    ('1500', '')
    """
    if isinstance(term, NamedNode):
        return curie(term)
    value = native(term)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return (
            f"{value:.4g}"
            if value and (abs(value) < 0.01 or abs(value) >= 1e7)
            else f"{value:.2f}".rstrip("0").rstrip(".")
        )
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return "" if value is None else " ".join(str(value).split())


def _triples(triples: Sequence[Triple], name: str) -> bytes:
    for candidate in RDF_FORMATS:
        if name in (candidate.name, candidate.suffix) and candidate.rdf is not None:
            return write(triples, candidate.rdf, _used_prefixes(triples))
    raise NotAcceptable(
        f"triples have no format {name!r}", "", f"use one of {', '.join(one.name for one in RDF_FORMATS)}"
    )


def _used_prefixes(triples: Sequence[Triple]) -> dict[str, str]:
    terms = {term for triple in triples for term in (triple.subject, triple.predicate, triple.object)}
    nodes = {term.datatype if isinstance(term, Literal) else term for term in terms}
    heads = {curie(node).partition(":")[0] for node in nodes if isinstance(node, NamedNode)}
    return {prefix: space for prefix, space in prefixes().items() if prefix in heads}


def _boolean(answer: bool, name: str) -> bytes:
    word = "true" if answer else "false"
    if name == "table":
        return f"{word}\n".encode()
    if name == "json":
        return json.dumps({"head": {}, "boolean": answer}).encode() + b"\n"
    if name == "xml":
        body = f"<head/><boolean>{word}</boolean>"
        return f'<?xml version="1.0"?>\n<sparql xmlns="{_RESULTS_XML}">{body}</sparql>\n'.encode()
    raise NotAcceptable(f"a truth value has no format {name!r}", "", "use one of table, json, xml")


def _table(table: Table, width: int | None) -> str:
    """Rich's table; its import costs 50 ms, so that it is not at the top."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    rows = [[shown(term) for term in row] for row in table]
    drawn = RichTable(box=SIMPLE_HEAD, pad_edge=False)
    for index, column in enumerate(table.columns):
        numeric = bool(rows) and all(isinstance(native(row[index]), (int, float, Decimal, type(None))) for row in table)
        drawn.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(cell) for cell in row))
    widest = sum(
        max([len(column), *(len(row[index]) for row in rows)]) + 4 for index, column in enumerate(table.columns)
    )
    out = io.StringIO()
    Console(file=out, width=width or max(widest, 40), color_system=None).print(drawn)
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    count = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    return "\n".join([*(line for line in lines if line), count]) + "\n"


def _plot(table: Table, axes: Mapping[str, str], width: int) -> str:
    """Bars of text: one line per row, the ``y`` column as length on a linear scale."""
    if axes.get("x") not in table.columns or axes.get("y") not in table.columns:
        raise NotAcceptable("this question has no axes to plot", "", "use --format table")
    x, y = table.columns.index(axes["x"]), table.columns.index(axes["y"])
    bars = [(shown(row[x]), shown(row[y]), _float(native(row[y]))) for row in table]
    if not bars:
        return "0 rows\n"
    label, figure = max(len(bar[0]) for bar in bars), max(len(bar[1]) for bar in bars)
    longest = max((bar[2] for bar in bars), default=0.0) or 1.0
    room = max(width - label - figure - 4, 10)
    return "".join(
        f"{bar[0]:<{label}}  {bar[1]:>{figure}}  {'█' * round(room * max(bar[2], 0) / longest)}".rstrip() + "\n"
        for bar in bars
    )


def _csv(table: Table) -> bytes:
    """https://www.w3.org/TR/sparql11-results-csv-tsv/#csv."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([_bare(term) for term in row] for row in table)
    return out.getvalue().encode()


def _bare(term: Term | None) -> str:
    return "" if term is None else str(term) if isinstance(term, BlankNode) else term.value


def _tsv(table: Table) -> bytes:
    """https://www.w3.org/TR/sparql11-results-csv-tsv/#tsv: terms as in Turtle, so that tab and line end are escaped."""
    lines = ["\t".join(f"?{column}" for column in table.columns)]
    lines += ["\t".join("" if term is None else str(term).replace("\t", "\\t") for term in row) for row in table]
    return ("\n".join(lines) + "\n").encode()


def _json(table: Table) -> bytes:
    """https://www.w3.org/TR/sparql11-results-json/."""
    rows = [
        {column: _binding(term) for column, term in zip(table.columns, row, strict=True) if term is not None}
        for row in table
    ]
    body = {"head": {"vars": list(table.columns)}, "results": {"bindings": rows}}
    return json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"


def _binding(term: Term) -> dict[str, str]:
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    if term.language:
        return {"type": "literal", "value": term.value, "xml:lang": term.language}
    plain = term.datatype.value == prefixes()["xsd"] + "string"
    return {"type": "literal", "value": term.value} | ({} if plain else {"datatype": term.datatype.value})


def _xml(table: Table) -> bytes:
    """https://www.w3.org/TR/rdf-sparql-XMLres/."""
    from xml.etree import ElementTree as Xml

    root = Xml.Element("sparql", xmlns=_RESULTS_XML)
    head, results = Xml.SubElement(root, "head"), Xml.SubElement(root, "results")
    for column in table.columns:
        Xml.SubElement(head, "variable", name=column)
    for row in table:
        result = Xml.SubElement(results, "result")
        for column, term in zip(table.columns, row, strict=True):
            if term is not None:
                binding = _binding(term)
                attributes = {key: value for key, value in binding.items() if key in ("xml:lang", "datatype")}
                node = Xml.SubElement(Xml.SubElement(result, "binding", name=column), binding["type"], attributes)
                node.text = binding["value"]
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _parquet(table: Table) -> bytes:
    from io import BytesIO

    frame = to_arrow(table)
    from pyarrow import parquet

    out = BytesIO()
    parquet.write_table(frame, out)
    return out.getvalue()


def to_arrow(table: Table) -> Any:
    """The rows as a pyarrow.Table: a column of one native type keeps it, decimals as floats; a mixed one is text."""
    try:
        import pyarrow
    except ImportError:
        raise ConfigError("pyarrow is not installed", "", "pip install 'emkg[frames]'") from None
    return pyarrow.table({column: _column([row[index] for row in table]) for index, column in enumerate(table.columns)})


def _column(terms: Sequence[Term | None]) -> list[Native]:
    values: list[Native] = [native(term) for term in terms]
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {int, float, Decimal} and kinds != {int}:
        return [None if value is None else _float(value) for value in values]
    return values if len(kinds) == 1 else [None if term is None else term.value for term in terms]


def _float(value: Native) -> float:
    return float(value) if isinstance(value, (int, float, Decimal)) else 0.0
