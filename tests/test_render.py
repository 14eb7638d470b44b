from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal

import pytest

from emkg.errors import NotAcceptable
from emkg.graph import Table, parse_results
from emkg.rdf import BlankNode, Literal, NamedNode, RdfFormat, Term, Triple, parse_quads, triples_of
from emkg.render import native, render, shown, to_arrow
from emkg.vocab import DCTERMS, EM, XSD, iri

H01 = iri("emr:dataset/h01")
ODD = 'tab\t, comma, "quote", newline\n, µm³'
TABLE = Table(
    ("thing", "title", "n", "x", "none"),
    (
        (H01, Literal("H01", language="en"), Literal(3), Literal("4.50", datatype=XSD.decimal), None),
        (
            BlankNode("b"),
            Literal(ODD),
            Literal(12),
            Literal("1.5E9", datatype=XSD.double),
            Literal("2021", datatype=XSD.gYear),
        ),
    ),
)


@pytest.mark.parametrize("name", ["json", "xml", "tsv"])
def test_what_we_write_the_stores_parser_reads_back(name: str) -> None:
    back = parse_results(render(TABLE, name), name)
    assert isinstance(back, Table)
    assert back.columns == TABLE.columns
    assert back.rows[0] == TABLE.rows[0]
    assert back.rows[1][1:] == TABLE.rows[1][1:]


def test_csv_is_what_a_spreadsheet_reads() -> None:
    rows = list(csv.reader(io.StringIO(render(TABLE, "csv").decode(), newline="")))
    assert rows[0] == list(TABLE.columns)
    assert rows[1] == [H01.value, "H01", "3", "4.50", ""]
    assert rows[2][1] == ODD and rows[2][4] == "2021"


def test_table_shows_curies_and_counts_rows() -> None:
    text = render(TABLE, "table").decode()
    assert "emr:dataset/h01" in text and "4.5" in text and text.endswith("2 rows\n")
    assert max(map(len, render(TABLE, "table", width=60).decode().splitlines())) <= 60


def test_an_empty_table_says_so() -> None:
    assert render(Table(("a",), ()), "table").decode().endswith("0 rows\n")
    assert render(Table(("a", "b"), ()), "plot", axes={"x": "a", "y": "b"}) == b"0 rows\n"


def test_plot_draws_bars_in_proportion() -> None:
    table = Table(("family", "n"), ((Literal("SEM"), Literal(10)), (Literal("TEM"), Literal(5)), (Literal("ET"), None)))
    lines = render(table, "plot", axes={"x": "family", "y": "n"}, width=60).decode().splitlines()
    assert abs(lines[0].count("█") - 2 * lines[1].count("█")) <= 1
    assert lines[0].count("█") > 40
    assert lines[2].strip() == "ET"
    with pytest.raises(NotAcceptable, match="no axes"):
        render(table, "plot")


@pytest.mark.parametrize(("answer", "word"), [(True, "true"), (False, "false")])
def test_truth_values(answer: bool, word: str) -> None:
    assert render(answer, "table") == f"{word}\n".encode()
    assert json.loads(render(answer, "json"))["boolean"] is answer
    assert parse_results(render(answer, "xml"), "xml") is answer
    with pytest.raises(NotAcceptable):
        render(answer, "csv")


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("turtle", RdfFormat.TURTLE),
        ("table", RdfFormat.TURTLE),
        ("jsonld", RdfFormat.JSON_LD),
        ("ntriples", RdfFormat.N_TRIPLES),
        ("rdfxml", RdfFormat.RDF_XML),
    ],
)
def test_triples_come_back_from_each_format(name: str, form: RdfFormat) -> None:
    triples = [
        Triple(H01, DCTERMS.title, Literal("H01", language="en")),
        Triple(H01, EM.hasVolume, iri("emr:volume/h01")),
    ]
    assert set(triples_of(parse_quads(render(triples, name), form))) == set(triples)


@pytest.mark.parametrize("answer", [TABLE, [Triple(H01, DCTERMS.title, Literal("H01"))], True])
def test_an_unknown_format_is_refused_with_those_there_are(answer: object) -> None:
    with pytest.raises(NotAcceptable) as caught:
        render(answer, "pdf")  # type: ignore[arg-type]
    assert "use one of" in caught.value.repair


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (None, None),
        (H01, H01.value),
        (Literal("a"), "a"),
        (Literal("a", language="en"), "a"),
        (Literal("8", datatype=XSD.integer), 8),
        (Literal("8.50", datatype=XSD.decimal), Decimal("8.50")),
        (Literal("1e3", datatype=XSD.double), 1000.0),
        (Literal("true", datatype=XSD.boolean), True),
        (Literal("2021", datatype=XSD.gYear), 2021),
        (Literal("2022-12-12", datatype=XSD.date), date(2022, 12, 12)),
        (
            Literal("2022-12-12T01:02:03+00:00", datatype=XSD.dateTime),
            datetime.fromisoformat("2022-12-12T01:02:03+00:00"),
        ),
        (Literal("eight", datatype=XSD.integer), "eight"),
        (Literal("eight", datatype=XSD.decimal), "eight"),
        (Literal("x", datatype=NamedNode("https://example.org/other")), "x"),
    ],
)
def test_native_values(term: Term | None, value: object) -> None:
    assert native(term) == value
    assert type(native(term)) is type(value)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (Literal("0", datatype=XSD.double), "0"),
        (Literal("70422.535", datatype=XSD.double), "70422.54"),
        (Literal("1450000000000000.0", datatype=XSD.double), "1.45e+15"),
        (Literal("0.0001234", datatype=XSD.double), "0.0001234"),
        (Literal("3.580", datatype=XSD.decimal), "3.58"),
        (Literal("30", datatype=XSD.decimal), "30"),
        (Literal(True), "true"),
    ],
)
def test_numbers_as_people_read_them(term: Term, text: str) -> None:
    assert shown(term) == text


def test_arrow_and_parquet_keep_types() -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="needs pyarrow: pip install 'emkg[frames]'")
    from pyarrow import parquet

    table = to_arrow(TABLE)
    assert table.schema.field("n").type == pyarrow.int64()
    assert table.schema.field("x").type == pyarrow.float64()
    assert table.schema.field("title").type == pyarrow.string()
    assert parquet.read_table(io.BytesIO(render(TABLE, "parquet"))).equals(table)
