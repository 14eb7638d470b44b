"""Malformed records: what befalls a real one on its way (wrong types, missing keys, nulls, huge numbers, HTML, other units),
and what must hold whatever befell it.

``broken(record)`` is a Hypothesis strategy of a source's example, damaged; ``assert_sound(source, record)`` is the contract.
"""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from hypothesis import strategies as st

from emkg.model import Record, RecordReading
from emkg.rdf import Literal, NamedNode, Quad, RdfFormat, canonical_statement, in_graph, parse_quads, write
from emkg.rdfize import record_graph, record_statements_of
from emkg.sources._base import Repository
from emkg.terms import Told
from emkg.validate import validate_asserted
from emkg.vocab import EM, OWL, XSD

Path = tuple[str | int, ...]

JUNK: tuple[Any, ...] = (
    *(None, "", " ", True, False, 0, -1, 0.5, -0.0, float("nan"), float("inf"), 10**400, 1e300, 1e-300, "1e999", "-1e-400"),
    *([], {}, [None], [[]], {"": None}, {"a": {"b": ["c"]}}, [[[[[["deep"]]]]]], [1, "two", None, {"three": 3}]),
    *("REQUIRED", "N/A", "unknown", "{tilt_series_name}", "float {tilt_series_min_tilt}", "<voxel size>", "??", "…"),
    *("8 nm", "8 x 8 x 40 nm", "0,65 µm", "650 Å", "3.2.1", "1,000,000", "~30", "0x10", "½", "٣", "1e5 nm × 2 µm", "-8", "00"),
    *("<b>mouse</b>", "<script>alert(1)</script>", "&lt;i&gt;x&lt;/i&gt;", "a < b & c", "<a href='x'>", "]]>", "</", "<!--"),
    *("\x00", "tab\tnew\nline\r", "bell\x07", "\ud800", "\ufffe", "\u202egnirts", "e\u0301", "\U0001f52c", "日本語", "Ångström µ"),
    *("http://", "http://[", "https://a b/c\"d>", "javascript:alert(1)", "s3://", "ftp://h/ä ö", "//no.scheme", "mailto:a@b.org"),
    *("10.1/x", "10.1234/<>", "doi:10.5072/EXAMPLE.", "https://doi.org/", "0000-0001-2345-6789", "EMPIAR-", "EMPIAR-0", "EMD-x"),
    *("2021-02-30", "2021-13-01", "30.02.2021", "0000-00-00", "99999-01-01", "2021", "12", "2021-05-29T25:61:61Z"),
    *("NCBI:txid", "NCBITaxon:abc", "FBbi_x", "obo:", "GO:", ":", "a:b:c", "x" * 3000, "1," * 500, '{"not": "parsed"', "[1, 2", "\\"),
    *(123456789012345678901234567890, -273.15, "Infinity", "NaN", "TRUE", "null", "None", "yes", "\u00a0", "a|b|c", "a;b;c", "'", '"'),
)  # fmt: skip

OWN_WORDING = (EM.confidence, EM.approximate, OWL.deprecated)
"""Literals that emkg says by itself: how sure a reading is, and marks that are true or absent."""

LEXICAL = {
    XSD.decimal: r"[+-]?\d+(\.\d+)?|[+-]?\.\d+",
    XSD.integer: r"[+-]?\d+",
    XSD.boolean: r"true|false",
    XSD.date: r"\d{4}-\d\d-\d\d",
    XSD.gYear: r"\d{4}",
    XSD.double: r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?",
    XSD.string: r"(?s).*",
}


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """The paths of everything in a record, itself included."""
    yield path
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in items:
        yield from places(one, (*path, key))


def _parent(body: Any, path: Path) -> Any:
    for step in path[:-1]:
        body = body[step]
    return body


def _damage(body: Any, path: Path, kind: str, junk: Any) -> Any:
    """The body with one place damaged."""
    if not path:
        return copy.deepcopy(junk) if kind in ("replace", "wrap") else body
    holder, last = _parent(body, path), path[-1]
    held = holder[last]
    if kind == "replace":
        holder[last] = copy.deepcopy(junk)
    elif kind == "delete":
        del holder[last]
    elif kind == "wrap":
        holder[last] = [held, copy.deepcopy(junk)]
    elif kind == "unwrap" and isinstance(held, list):
        holder[last] = held[0] if held else None
    elif kind == "append" and isinstance(held, str):
        holder[last] = held + str(junk)[:50]
    elif kind == "rename" and isinstance(holder, dict):
        holder[str(junk)[:20]] = holder.pop(last)
    elif kind == "repeat" and isinstance(holder, list):
        holder.append(copy.deepcopy(held))
    elif kind == "text":
        holder[last] = str(held)
    return body


KINDS = ("replace", "replace", "replace", "delete", "wrap", "unwrap", "append", "rename", "repeat", "text")


@st.composite
def broken(draw: st.DrawFn, example: Record, most: int = 6) -> Record:
    """The record with one to ``most`` places damaged."""
    body = copy.deepcopy(example.body)
    for _ in range(draw(st.integers(1, most))):
        everywhere = list(places(body))
        # The record itself is one place among many, and rarely the one that is damaged.
        path = draw(st.sampled_from(everywhere[1:] or everywhere)) if draw(st.integers(0, 30)) else ()
        body = _damage(body, path, draw(st.sampled_from(KINDS)), draw(st.sampled_from(JUNK)))
    return replace(example, body=body)


def damaged(example: Record, seed: int, most: int = 6) -> Record:
    """One damaged record for a seed, without Hypothesis: for harvests of many."""
    choose = random.Random(seed)
    body = copy.deepcopy(example.body)
    for _ in range(choose.randint(1, most)):
        everywhere = list(places(body))
        body = _damage(body, choose.choice(everywhere[1:] or everywhere), choose.choice(KINDS), choose.choice(JUNK))
    return replace(example, body=body)


def resolve(body: Any, pointer: str) -> Any:
    """What a JSON pointer names (RFC 6901, blanks as %20); raises LookupError where it names nothing."""
    for step in pointer.split("/")[1:]:
        step = unquote(step).replace("~1", "/").replace("~0", "~")
        if isinstance(body, list):
            body = body[int(step)] if step.isdigit() else None
        elif isinstance(body, dict) and step in body:
            body = body[step]
        else:
            raise LookupError(f"{pointer} does not resolve at {step!r}")
    return body


def assert_traced(record: Record, statements: list[Told]) -> None:
    """Every literal stands at places that are in the raw record, where there is something."""
    for told in statements:
        if not isinstance(told.triple.object, Literal) or told.triple.predicate in OWN_WORDING:
            continue
        assert told.at, f"of no known place: {told.triple}"
        for pointer in told.at.split():
            assert pointer.startswith(record.pointer), (
                f"{pointer} is not in {record.path}#{record.pointer}: {told.triple}"
            )
            found = resolve(record.body, pointer.removeprefix(record.pointer))
            assert found not in (None, ""), f"nothing stands at {pointer}: {told.triple}"


def assert_valid_terms(record: Record, statements: list[Told]) -> None:
    """The statements survive N-Quads, their literals fit their datatype and hold no control character."""
    graph = record_graph("test", "record")
    quads = [canonical_statement(quad) for quad in in_graph((told.triple for told in statements), graph)]
    assert set(parse_quads(write(quads, RdfFormat.N_QUADS), RdfFormat.N_QUADS, name=record.path)) == set(quads)
    for told in statements:
        subject, _, thing = told.triple
        assert isinstance(subject, NamedNode)
        if isinstance(thing, Literal):
            shape = LEXICAL.get(thing.datatype, r"(?s).*")
            assert re.fullmatch(shape, thing.value), f"no {thing.datatype}: {told.triple}"
            assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]", thing.value), told.triple


def assert_conforms(statements: list[Told]) -> None:
    """No shape is violated; warnings are what is missing, which a source may leave out."""
    report = validate_asserted(told.triple for told in statements)
    wrong = [one for one in report.results if one.severity == "violation"]
    assert not wrong, "\n".join(f"{one.focus} {one.path} {one.value}: {one.message}" for one in wrong[:5])


def assert_explained(reading: RecordReading) -> None:
    """A record that gives no dataset says why; each fault has a reason and a place."""
    assert reading.datasets or reading.faults, f"rejected without a reason: {reading.record.key}"
    for fault in reading.faults:
        assert fault.reason and fault.path, fault
        assert len(fault.text) <= 200, fault


def assert_sound(source: Repository, record: Record, *, shapes: bool = True) -> RecordReading:
    """What holds of every record, however damaged: no exception, no invalid triple, a reason, a place for each literal."""
    reading = source.read(record)
    assert_explained(reading)
    statements = record_statements_of(reading)
    assert_valid_terms(record, statements)
    assert_traced(record, statements)
    if shapes:
        assert_conforms(statements)
    return reading


def quads_of(source: Repository, record: Record) -> set[Quad]:
    """The statements of a record, in the graph of its own."""
    statements = record_statements_of(source.read(record))
    return set(in_graph((told.triple for told in statements), record_graph(source.name, record.key)))
