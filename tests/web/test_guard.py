"""What reaches the store: the word in every spelling is refused, the benign word passes."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emkg.errors import BadQuery
from emkg.graph import Graph
from emkg.sparql import outline
from emkg.web.guard import admit

CALL = "SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }"
REFUSED = {
    "plain": f"SELECT * {{ {CALL} }}",
    "lower case": f"SELECT * {{ {CALL.lower()} }}",
    "mixed case": "SELECT * { SeRvIcE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "silent": "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "by variable": "SELECT * { VALUES ?e { <http://127.0.0.1:9/> } SERVICE ?e { ?s ?p ?o } }",
    "by prefixed name": "PREFIX e: <http://127.0.0.1:9/> SELECT * { SERVICE e:x { ?s ?p ?o } }",
    "no blanks": "SELECT*{SERVICE<http://127.0.0.1:9/>{?s?p?o}}",
    "after a comment": f"SELECT * {{ # ' \" <\n {CALL} }}",
    "comment before the address": "SELECT * { SERVICE # <\n <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "in a sub-query": f"SELECT * {{ {{ SELECT * {{ {CALL} }} }} }}",
    "in EXISTS": f"ASK {{ FILTER EXISTS {{ {CALL} }} }}",
    "in OPTIONAL": f"ASK {{ OPTIONAL {{ {CALL} }} }}",
    "in GRAPH": f"ASK {{ GRAPH ?g {{ {CALL} }} }}",
    "in CONSTRUCT": f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {CALL} }}",
    "in DESCRIBE": f"DESCRIBE ?s {{ {CALL} }}",
    "after a closed string": f"SELECT * {{ ?s ?p 'it\\'s' . {CALL} }}",
    "after a string with a quote of the other kind": f'SELECT * {{ ?s ?p "\'" . {CALL} }}',
    "after a long string": f"SELECT * {{ ?s ?p '''a'b''c\\''''. {CALL} }}",
    "after an empty string": f"SELECT * {{ ?s ?p '' . {CALL} . ?a ?b '' }}",
    "between names with escaped quotes": f"PREFIX e: <e:> SELECT * {{ ?s ?p e:a\\' . {CALL} . ?t ?q e:b\\' }}",
    "between less and greater": f"SELECT * {{ FILTER(?a<?b) {CALL} FILTER(?c>?d) }}",
    "after a number": f"SELECT * {{ ?s ?p 1{CALL} }}",
    "as codepoint escapes": "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "as long codepoint escapes": "SELECT * { SERVIC\\U00000045 <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "glued to a prefixed name": "PREFIX : <e:> SELECT * { SERVICE:x { ?s ?p ?o } }",
    "glued to a declared prefix": "PREFIX servicee: <x:> PREFIX e: <e:> SELECT * { servicee:x { ?s ?p ?o } }",
    "glued, a comment before the block": "PREFIX : <e:> SELECT * { SERVICE:x # {\n { ?s ?p ?o } }",
    "glued to a literal": "PREFIX e: <e:> SELECT * { ?s ?p trueSERVICEe:x { ?s ?p ?o } }",
    "behind a comparison that looks like an IRI": f"SELECT * {{ FILTER(?a<'x>'&&?b){CALL} FILTER(?c='') }}",
    "behind a comparison and a comment": f"SELECT * {{ FILTER(?a<?b#>'''\n){CALL} #'''\n }}",
    "glued, the name ending beyond ASCII": "PREFIX : <e:> SELECT * { SERVICE:x· { ?s ?p ?o } }",
    "between names with marks and escaped quotes": f"SELECT * {{ ?s ?p e:a·、\\' . {CALL} . ?t ?q e:b\\' }}",
    "behind an IRI with an escape": f"SELECT * {{ ?s <x:\\u0041'> ?o {CALL} ?s <x:'> ?o }}",
    "hidden by an escaped quote": f"SELECT * {{ ?s ?p \\u0027x\\u0027 . {CALL} . ?t ?q \\u0027 }}",
}
PASSED = {
    "in a string": "ASK { ?s ?p 'SERVICE <x>' }",
    "in a long string": 'ASK { ?s ?p """a " SERVICE "" b""" }',
    "in a string after an escape": "ASK { ?s ?p 'it\\'s a SERVICE' }",
    "in an IRI": "ASK { ?s <http://example.org/SERVICE> ?o }",
    "as variables": "SELECT ?service $SERVICE { ?service ?p $SERVICE }",
    "as a prefix": "PREFIX service: <e:> ASK { ?s service:of ?o }",
    "as a local name": "PREFIX e: <e:> ASK { ?s e:SERVICE ?o ; e:a.SERVICE ?q }",
    "as a class of another vocabulary": "ASK { ?s a dcat:DataService }",
    "in a comment": "ASK { ?s ?p ?o } # SERVICE <x> { }",
    "as a prefix before an object": "PREFIX service: <e:> ASK { service:a service:b service:c }",
    "in an IRI before a fragment": "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> ASK { ?s a sd:Service }",
    "in an IRI with a quote": "ASK { ?s <http://example.org/it's#SERVICE> ?o }",
    "as a language": "ASK { ?s ?p 'x'@service }",
    "as a blank node": "ASK { _:SERVICE ?p ?o }",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_refused(text: str) -> None:
    with pytest.raises(BadQuery, match="federated"):
        admit(text)


@pytest.mark.parametrize("text", PASSED.values(), ids=PASSED)
def test_passed(text: str) -> None:
    assert admit(text).form in ("ASK", "SELECT")


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <s:a> <p:b> <o:c> }",
        "PREFIX e: <e:> DELETE WHERE { ?s ?p ?o }",
        "LOAD <http://127.0.0.1:9/x.ttl>",
        "clear all",
        "DROP GRAPH <g:a>",
        "WITH <g:a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "\\u0049NSERT DATA { <s:a> <p:b> <o:c> }",
    ],
)
def test_updates_are_refused(text: str) -> None:
    with pytest.raises(BadQuery, match="update"):
        admit(text)


def test_refusal_says_where() -> None:
    with pytest.raises(BadQuery) as fault:
        admit("ASK {\n  ?s ?p 'SERVICE' .\n  SERVICE <s:x> {} }")
    assert (fault.value.line, fault.value.column) == (3, 3)


@pytest.mark.parametrize("text", ["", "  # nothing", "?s ?p ?o", "FOO BAR"])
def test_no_form(text: str) -> None:
    with pytest.raises(BadQuery, match="no query form"):
        admit(text)


@pytest.mark.parametrize(
    ("text", "form", "names_dataset"),
    [
        ("PREFIX select: <s:> ASK { }", "ASK", False),
        ("BASE <http://e.org/SELECT> CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT", False),
        ("SELECT * FROM <g:a> { }", "SELECT", True),
        ("SELECT * FROM NAMED <g:a> { }", "SELECT", True),
        ("SELECT ?from { ?from ?p 'FROM' }", "SELECT", False),
        ("describe <s:a>", "DESCRIBE", False),
    ],
)
def test_outline(text: str, form: str, names_dataset: bool) -> None:
    found = outline(text)
    assert (found.form, found.names_dataset) == (form, names_dataset)


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[int]]]:
    """An address on this machine, and a list that grows with every call of it."""
    calls: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    wire, _ = server.accept()
                except OSError:
                    return
                calls.append(1)
                wire.close()

        threading.Thread(target=answer, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/", calls
        server.shutdown(socket.SHUT_RDWR)


def test_the_listener_hears_an_unguarded_call(listener: tuple[str, list[int]]) -> None:
    """So that silence below means something."""
    address, calls = listener
    before = len(calls)
    with pytest.raises((OSError, BadQuery)):
        Graph().query(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}")
    assert len(calls) > before


PIECES = [
    "SERVICE",
    "service",
    "SERVICE:x",
    "SERVICEe:x",
    " SILENT ",
    "<U>",
    "e:x",
    "?v",
    "{ ?s ?p ?o }",
    "{",
    "}",
    "(",
    ")",
    ".",
    " ",
    "\n",
]
PIECES += [
    "FILTER(?s<",
    "FILTER(",
    "OPTIONAL",
    "?s ?p ?o",
    "?s ?p ",
    "'",
    '"',
    "'''",
    '"""',
    "\\'",
    "#",
    "<",
    ">",
    "<x:'>",
    "<x:#>",
    "'x>'",
    "e:a\\'",
]
PIECES += [
    "true",
    "1",
    "@en",
    "&&?o)",
    "BIND(1 AS ?n)",
    "VALUES ?v { <U> }",
    "·",
    "、",
    "\u0301",
    "\u00a0",
    "e:a·\\'",
    "?a·",
    "\\u0053",
]


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=14))
def test_nothing_admitted_calls_anybody(listener: tuple[str, list[int]], pieces: list[str]) -> None:
    """Whatever is put together from the parts of calls and of what may hide them."""
    address, calls = listener
    text = f"PREFIX : <{address}> PREFIX e: <{address}> SELECT * {{ {''.join(pieces)} }}".replace("<U>", f"<{address}>")
    try:
        admit(text)
    except BadQuery:
        return
    graph = Graph()
    before = len(calls)
    with contextlib.suppress(BadQuery):
        graph.query(text)
    assert len(calls) == before, text


@pytest.mark.parametrize(
    "unit", ["a1", "a.", "'''x'", "'\\", "<a", "e:\\'", "\\u", "?", "<x:#> SERVICE", "SERVICEe:x ", "<x:'>"]
)
def test_long_texts_take_time_by_their_length(unit: str) -> None:
    """No text of half a megabyte keeps the lexer for long: one that took the square of its length would take minutes."""
    begun = time.perf_counter()
    outline(unit * (500_000 // len(unit)))
    assert time.perf_counter() - begun < 10


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    outline(text)
