"""SERVICE calls: which ones are found, where they lead, and what the query says without them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emkg.errors import BadQuery, EndpointError
from emkg.graph import Graph, Table
from emkg.rdf import BlankNode, Literal, NamedNode
from emkg.sparql import outline
from emkg.web.service import allowed, calls, without_calls

CALL = "SERVICE <http://e.org/q> { ?s ?p ?o }"


@pytest.mark.parametrize(
    ("text", "endpoints"),
    [
        ("ASK { ?s ?p 'SERVICE <http://e.org/q> {}' }", []),
        (f"SELECT * {{ {CALL} }}", ["http://e.org/q"]),
        (f"SELECT * {{ {CALL} {CALL.lower()} }}", ["http://e.org/q"] * 2),
        ("SELECT * { SERVICE # <x>\n SILENT <http://e.org/q> { ?s ?p '}' . # }\n } }", ["http://e.org/q"]),
        ("PREFIX e: <http://e.org/> SELECT * { SERVICE e:q { ?s ?p ?o } }", ["http://e.org/q"]),
        ("BASE <http://e.org/a/> SELECT * { SERVICE <q> { ?s ?p ?o } }", ["http://e.org/a/q"]),
        ("BASE <http://e.org/a/> PREFIX e: <b/> SELECT * { SERVICE e:q { ?s ?p ?o } }", ["http://e.org/a/b/q"]),
        ("SELECT * { OPTIONAL { SERVICE <http://e.org/q> { { ?s ?p ?o } UNION { ?a ?b ?c } } } }", ["http://e.org/q"]),
        ("ASK { FILTER EXISTS { SERVICE<http://e.org/q>{?s?p?o} } }", ["http://e.org/q"]),
    ],
)
def test_found(text: str, endpoints: list[str]) -> None:
    assert [call.endpoint for call in calls(text)] == endpoints


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE ?e { ?s ?p ?o } }",
        "SELECT * { VALUES ?e { <http://e.org/q> } SERVICE ?e { ?s ?p ?o } }",
        "SELECT * { SERVICE <http://e.org/q> { SERVICE <http://e.org/r> { ?s ?p ?o } } }",
        "SELECT * { SERVICE unknown:q { ?s ?p ?o } }",
        "SELECT * { SERVICE <http://e.org/q> ?s ?p ?o }",
        "SELECT * { SERVICE <http://e.org/q> { ?s ?p ?o",
        "SELECT * { SERVICE",
        "SELECT * { SERVICE SILENT",
        "SELECT * { \\u0053ERVICE <http://e.org/q> { ?s ?p ?o } }",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(BadQuery):
        calls(text)


def test_what_is_sent_declares_what_it_uses() -> None:
    (call,) = calls("PREFIX e: <http://e.org/> SELECT ?d { SERVICE SILENT e:q { ?d a dcat:Dataset , e:X } }")
    assert call.silent
    assert "PREFIX e: <http://e.org/>" in call.query and "PREFIX dcat: <" in call.query
    assert call.query.endswith("SELECT * WHERE { ?d a dcat:Dataset , e:X }")


@pytest.mark.parametrize(
    ("address", "prefix", "passes"),
    [
        ("http://e.org/q", "http://e.org/q", True),
        ("http://e.org/q?default-graph-uri=x", "http://e.org/q", True),
        ("http://E.ORG/q", "http://e.org/", True),
        ("http://e.org/", "http://e.org/", True),
        ("http://e.org", "http://e.org/", True),
        ("http://e.org:8080/q", "http://e.org:8080/", True),
        ("http://e.org:8080/q", "http://e.org/", False),
        ("https://e.org/q", "http://e.org/", False),
        ("http://e.org.evil.example/", "http://e.org/", False),
        ("http://e.org@evil.example/", "http://e.org/", False),
        ("http://evil.example/http://e.org/", "http://e.org/", False),
        ("http://e.org/q/../admin", "http://e.org/q", False),
        ("http://e.org/q/%2e%2e/admin", "http://e.org/q", False),
        ("http://e.org/q/./admin", "http://e.org/q", False),
        ("http://e.org\\@evil.example/", "http://e.org/", False),
        ("http://e.org/q\r\nX: y", "http://e.org/q", False),
        ("file:///etc/passwd", "http://e.org/", False),
        ("http://[::1", "http://e.org/", False),
        ("http://e.org:99999/", "http://e.org/", False),
        ("//e.org/q", "http://e.org/", False),
        ("", "http://e.org/", False),
    ],
)
def test_allowed(address: str, prefix: str, passes: bool) -> None:
    assert allowed(address, (prefix,)) is passes


@given(st.text(max_size=60))
def test_nothing_else_is_allowed(text: str) -> None:
    for address in (text, "http://" + text, "http://e.org" + text, "http://e.org/q" + text):
        if allowed(address, ("http://e.org/q",)):
            assert address.lower().startswith("http://e.org/q")


def test_rows_take_the_place_of_calls() -> None:
    text = f"SELECT ?s ?n {{ {CALL}\n OPTIONAL {{ SERVICE <http://e.org/r>\n {{ ?s ?q ?n }} }} }} ORDER BY ?s"
    first, second = calls(text)
    a, b = NamedNode("http://e.org/a"), NamedNode("http://e.org/b")
    name = Literal('qu"ote \\ \n', language="en")
    local = without_calls(text, [(first, Table(("s",), ((a,), (b,)))), (second, Table(("s", "n"), ((a, name),)))])
    assert not outline(local).calls_service and local.count("\n") == text.count("\n")
    assert Graph().select(local).values() == [(a.value, name.value), (b.value, None)]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (Table((), ((),)), [("1",)]),
        (Table((), ()), []),
        (Table((), ((), ())), [("1",), ("1",)]),
        (Table(("s",), ()), []),
        (Table(("s",), ((None,),)), [("1",)]),
        (None, [("1",)]),
    ],
)
def test_odd_tables(table: Table | None, expected: list[tuple[str]]) -> None:
    text = f"SELECT (1 AS ?one) {{ {CALL} }}"
    assert Graph().select(without_calls(text, [(calls(text)[0], table)])).values() == expected


def test_a_blank_node_cannot_be_carried() -> None:
    text = f"SELECT * {{ {CALL} }}"
    with pytest.raises(EndpointError, match="blank node"):
        without_calls(text, [(calls(text)[0], Table(("s",), ((BlankNode("x"),),)))])
