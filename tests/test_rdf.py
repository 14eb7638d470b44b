"""RDF files in and out: what is told of a fault, and that the same graph gives the same bytes."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emkg.errors import ParseError
from emkg.rdf import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    canonical,
    parse_quads,
    read_quads,
    stable_blank_nodes,
    write,
)
from emkg.vocab import XSD


@pytest.mark.parametrize(
    "name, text, line, column, word",
    [
        ("a.ttl", "@prefix a: <b:> .\na:b a:c ;\n  a:d 'x' .\n", 2, 9, "expected an rdf object, found ;"),
        ("a.ttl", "<s:a> <p:b> ex:c .", 1, 13, "prefix"),
        ("a.nt", "<s:a> <p:b> 'c' .", 1, 13, ""),
        ("a.trig", "<g:g> { <s:a> <p:b> <o:o>", 1, 26, ""),
        ("a.jsonld", '{"@id": }', 1, 9, ""),
        ("a.rdf", "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><x>", 1, 0, ""),
    ],
)
def test_a_malformed_file_is_told_by_line_and_column(
    tmp_path: Path, name: str, text: str, line: int, column: int, word: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(ParseError) as caught:
        read_quads(path)
    assert caught.value.line in (line, 0 if name.endswith("rdf") else line)
    assert str(path) in str(caught.value) and word in str(caught.value).lower()
    if column:
        assert abs(caught.value.column - column) <= 3, str(caught.value)


@pytest.mark.parametrize("name, content", [("a.pdf", b""), ("a.ttl", b"<s:a> <p:b> '\xff' .")])
def test_a_file_that_is_no_rdf_is_told(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ParseError):
        read_quads(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match="cannot be read"):
        read_quads(tmp_path / "none.ttl")


@pytest.mark.parametrize(
    "text, kind, expected",
    [
        ("8", "decimal", "8.0"),
        ("08.50", "decimal", "8.5"),
        ("-0.0", "decimal", "-0.0"),
        ("007", "integer", "7"),
        ("7.5", "integer", "7.5"),
        ("1e3", "double", "1.0E3"),
        ("0.00166", "double", "1.66E-3"),
        ("0", "double", "0.0E0"),
        ("NaN", "double", "NaN"),
        ("x", "decimal", "x"),
        ("2022", "gYear", "2022"),
    ],
)
def test_canonical_literals(text: str, kind: str, expected: str) -> None:
    assert canonical(Literal(text, datatype=XSD[kind])).value == expected


TRIPLES = [Triple(NamedNode(f"s:{n}"), NamedNode("p:p"), Literal(str(n), datatype=XSD.decimal)) for n in range(9)]


@pytest.mark.parametrize("rdf_format", [RdfFormat.TURTLE, RdfFormat.N_TRIPLES, RdfFormat.RDF_XML, RdfFormat.JSON_LD])
def test_order_and_repeats_do_not_change_the_bytes(rdf_format: RdfFormat) -> None:
    shuffled = TRIPLES + TRIPLES[:3]
    Random(3).shuffle(shuffled)
    data = write(shuffled, rdf_format)
    assert data == write(TRIPLES, rdf_format)
    assert {quad.subject for quad in parse_quads(data, rdf_format)} == {triple.subject for triple in TRIPLES}


def test_blank_nodes_are_named_by_the_graph_alone() -> None:
    def made() -> list[Triple]:
        one, two = BlankNode(), BlankNode()
        return [
            Triple(NamedNode("s:a"), NamedNode("p:p"), one),
            Triple(one, NamedNode("p:q"), two),
            Triple(two, NamedNode("p:r"), Literal("x")),
        ]

    assert write(stable_blank_nodes(made()), RdfFormat.N_TRIPLES) == write(
        stable_blank_nodes(made()), RdfFormat.N_TRIPLES
    )


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_a_round_trip(text: str) -> None:
    quad = Quad(NamedNode("s:a"), NamedNode("p:b"), Literal(text))
    for rdf_format in (RdfFormat.N_QUADS, RdfFormat.TRIG):
        assert parse_quads(write([quad], rdf_format), rdf_format)[0].object.value == text
