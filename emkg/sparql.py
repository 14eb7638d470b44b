"""What kind of query is this text: its form, whether it names its dataset, whether it calls another endpoint? A
lexer, no parser.

The store's parser is the judge of syntax; this one only has to see every bare word that the grammar could take for
a keyword (https://www.w3.org/TR/sparql11-query/#sparqlGrammar), and none that stands in a string, IRI, comment,
variable or prefixed name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")

# PN_LOCAL may hold escapes such as \' (rule 173), so that a quote in it opens no string.
_TOKEN = re.compile(
    r"""
    (?P<skip> \#[^\n\r]*
      | <[^<>"{}|^`\\\x00-\x20]*>
      | '''(?:'{0,2}(?:[^'\\]|\\.))*''' | \"{3}(?:"{0,2}(?:[^"\\]|\\.))*\"{3}
      | '(?:[^'\\\n\r]|\\[^\n\r])*' | "(?:[^"\\\n\r]|\\[^\n\r])*"
      | [?$]\w+ | @[A-Za-z]+(?:-[A-Za-z0-9]+)*
      | (?:[^\W\d](?:[\w.\-]*[\w\-])?)?:(?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])
          (?:(?:[\w.:\-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*(?:[\w:\-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]))?)?
    )
    | (?P<word>[A-Za-z]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True, slots=True)
class Outline:
    """A query's outline: ``form`` is its first form or update keyword in capitals, or empty where there is none."""

    form: str
    names_dataset: bool
    calls_service: bool


def words(text: str) -> Iterator[tuple[int, str]]:
    """Each bare word with its offset: keywords, functions, ``a``, ``true``.

    >>> [word for _, word in words("ASK { ?service <s:service> 'SERVICE' } # SERVICE")]
    ['ASK']
    """
    for found in _TOKEN.finditer(text):
        if found.lastgroup == "word":
            yield found.start(), found["word"]


def unescaped(text: str) -> str:
    r"""The text with its codepoint escapes replaced, as parsers may do before the grammar (SPARQL 1.1 §19.2).

    >>> unescaped(r"\u0053ERVICE")
    'SERVICE'
    """

    def character(found: re.Match[str]) -> str:
        number = int(found[1] or found[2], 16)
        return chr(number) if number < 0x110000 else "\ufffd"

    return _ESCAPE.sub(character, text)


def outline(text: str) -> Outline:
    """The outline of a query, read with and without its codepoint escapes; what either shows counts.

    >>> outline("PREFIX select: <s:> SELECT * FROM <g:a> WHERE { ?s ?p ?o }")
    Outline(form='SELECT', names_dataset=True, calls_service=False)
    """
    readings = [text] if "\\" not in text else [text, unescaped(text)]
    found = [[word.upper() for _, word in words(reading)] for reading in readings]
    form = next((word for word in found[-1] if word in FORMS or word in UPDATES), "")
    every = {word for reading in found for word in reading}
    return Outline(form, "FROM" in every, any("SERVICE" in word for word in every))


def place(text: str, keyword: str) -> tuple[int, int]:
    """Line and column, from 1, of the first bare word that holds ``keyword``; (0, 0) where only an escape spells it."""
    for offset, word in words(text):
        if keyword in word.upper():
            return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
    return 0, 0
