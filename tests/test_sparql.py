"""The lexer that sees what a query does: keywords count, the same words in strings, IRIs, comments and names do not."""

from __future__ import annotations

import pytest

from emkg.sparql import outline, place, words


@pytest.mark.parametrize(
    ("text", "form", "names_dataset", "calls_service"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT", False, False),
        ("prefix select: <s:> ask {}", "ASK", False, False),
        ("SELECT * FROM <g:a> { ?s ?p ?o }", "SELECT", True, False),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "SELECT", False, True),
        ("SELECT * { service SILENT ?x { ?s ?p ?o } }", "SELECT", False, True),
        ("SELECT * { { SELECT * { FILTER EXISTS { SERVICE <s:x> {} } } } }", "SELECT", False, True),
        ("SELECT * { \\u0053ERVICE <s:x> {} }", "SELECT", False, True),
        ('SELECT ?service { ?service <s:SERVICE> \'SERVICE\', """from""" } # SERVICE', "SELECT", False, False),
        ("SELECT * { ?s ex:service ?o ; ex:a\\'b 'SERVICE' }", "SELECT", False, False),
        ("DELETE WHERE { ?s ?p ?o }", "DELETE", False, False),
        ("", "", False, False),
    ],
)
def test_outline(text: str, form: str, names_dataset: bool, calls_service: bool) -> None:
    found = outline(text)
    assert (found.form, found.names_dataset, found.calls_service) == (form, names_dataset, calls_service)


def test_a_word_has_its_place() -> None:
    assert [word for _, word in words("ASK { ?ask a <ASK> }")] == ["ASK", "a"]
    assert place("SELECT *\n{ SERVICE <s:x> {} }", "SERVICE") == (2, 3)
