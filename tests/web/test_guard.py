"""What reaches the store: the word in every spelling is refused, the benign word passes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emkg.errors import BadQuery
from emkg.sparql import outline, words
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
    "after an unclosed quote": f"SELECT * {{ ?s ?p ' . {CALL} }}",
    "as codepoint escapes": "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "as long codepoint escapes": "SELECT * { SERVIC\\U00000045 <http://127.0.0.1:9/> { ?s ?p ?o } }",
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


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from(["'", '"', "'''", '"""', "\\", "\\'", "#", "\n", "<", ">", "?", "e:", "@", " ", "x", "1"]),
        max_size=12,
    )
)
def test_no_prelude_hides_the_word_after_a_line_of_its_own(pieces: list[str]) -> None:
    """Whatever stands before: if the lexer calls the word hidden, then a quote or bracket before it is open or a comment runs."""
    prelude = "".join(pieces)
    found = [word for _, word in words(f"{prelude}\n SERVICE ")]
    opened = any(mark in prelude for mark in ("'''", '"""'))
    assert "SERVICE" in found or opened


@given(st.text(max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    outline(text)
