"""What kind of query is this text: its form, whether it names its dataset, whether it calls another endpoint? A lexer, no parser.

The store's parser is the judge of syntax; this one only has to see every bare word that the grammar could take for a keyword
(https://www.w3.org/TR/sparql11-query/#sparqlGrammar), and none that stands in a string, IRI, comment, variable or prefixed name.

The store's parser has no lexer, so that it also reads what the grammar's longest match forbids: ``?a<'x>'`` as a comparison
with a string, and ``SERVICE:x {`` as a call of ``:x``. Whether a query calls a service is therefore asked of every reading that
such a parser could find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")

# Every repetition is possessive: a text takes time in proportion to its length. Names may hold more than Python's \w (rules 164 to 168);
# outside of names, strings, IRIs and comments no query has characters beyond ASCII, so that all of these count as theirs. PN_LOCAL may hold
# escapes such as \' (rule 173), so that a quote in it opens no string. A short string that its line does not close is no query; it ends
# with the line.
_CHAR = r"\w\x80-\U0010FFFF"
_LOCAL = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_TOKEN = re.compile(
    rf"""
    (?P<iri> <(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+> )
    | (?P<skip> \#[^\n\r]*+
      | \'{{3}}(?:'{{0,2}}(?:[^'\\]|\\.))*+\'{{3}} | \"{{3}}(?:"{{0,2}}(?:[^"\\]|\\.))*+\"{{3}}
      | '(?:[^'\\\n\r]|\\[^\n\r])*+'? | "(?:[^"\\\n\r]|\\[^\n\r])*+"?
      | [?$][{_CHAR}]++ | @[A-Za-z]++(?:-[A-Za-z0-9]++)*+
    )
    | (?P<named> (?:[A-Za-z_\x80-\U0010FFFF][{_CHAR}.\-]*+)?+ :(?:(?:[{_CHAR}:]|{_LOCAL})(?:[{_CHAR}.:\-]|{_LOCAL})*+)?+ )
    | (?P<words> [A-Za-z_\x80-\U0010FFFF][{_CHAR}.\-]*+ )
    """,
    re.VERBOSE | re.DOTALL,
)
_IRI = r"<(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>"
_NO_CODE = r"""
    \#[^\n\r]*+
  | \'{3}(?:'{0,2}(?:[^'\\]|\\.))*+\'{3} | \"{3}(?:"{0,2}(?:[^"\\]|\\.))*+\"{3}
  | '(?:[^'\\\n\r]|\\[^\n\r])*+'? | "(?:[^"\\\n\r]|\\[^\n\r])*+"?
  | \\.
"""
_NESTING = tuple(
    re.compile(
        rf"(?P<iri> {first} ) | (?:{_NO_CODE}) | (?P<opens> [{{(\[] ) | (?P<closes> [}})\]] )", re.VERBOSE | re.DOTALL
    )
    for first in (_IRI, "(?!)")
)
_WORD = re.compile(r"[A-Za-z]+")
_GAP = re.compile(r"(?:\s|#[^\n\r]*+)*+")
_BRACE = re.compile(r"[{}]")
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*+://")
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
        if found.lastgroup == "words":
            yield from ((word.start(), word[0]) for word in _WORD.finditer(text, found.start(), found.end()))


def tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end of what the longest match reads: ``iri``, ``named`` (a prefixed name), ``words``, and ``mark`` for a brace or a
    variable. Strings, comments and the rest are passed over.

    >>> [kind for kind, _, _ in tokens("ASK { ?s e:p <x> # }")]
    ['words', 'mark', 'mark', 'named', 'iri']
    """
    at = 0
    while at < len(text):
        found = _TOKEN.search(text, at)
        brace = _BRACE.search(text, at, found.start() if found else len(text))
        if brace:
            yield "mark", brace.start(), brace.end()
            at = brace.end()
        elif not found:
            return
        else:
            kind = next(name for name, value in found.groupdict().items() if value is not None)
            if kind != "skip" or found[0][0] in "?$":
                yield "mark" if kind == "skip" else kind, found.start(), found.end()
            at = found.end()


def unescaped(text: str) -> str:
    r"""The text with its codepoint escapes replaced, as parsers may do before the grammar (SPARQL 1.1 §19.2).

    >>> unescaped(r"\u0053ERVICE")
    'SERVICE'
    """

    def character(found: re.Match[str]) -> str:
        number = int(found[1] or found[2], 16)
        return chr(number) if number < 0x110000 else "\ufffd"

    return _ESCAPE.sub(character, text)


@lru_cache(maxsize=4)
def outline(text: str) -> Outline:
    """The outline of a query, read with and without its codepoint escapes; what either shows counts.

    >>> outline("PREFIX select: <s:> SELECT * FROM <g:a> WHERE { ?s ?p ?o }")
    Outline(form='SELECT', names_dataset=True, calls_service=False)
    """
    readings = list(dict.fromkeys((text, unescaped(text))))
    found = [[word.upper() for _, word in words(reading)] for reading in readings]
    form = next((word for word in found[-1] if word in FORMS or word in UPDATES), "")
    return Outline(
        form, any("FROM" in every for every in found), any(_call(reading) is not None for reading in readings)
    )


def depth(text: str) -> int:
    """How many brackets of any kind are open at once, at most; read with ``<`` as an IRI's beginning and as a comparison, and the
    deeper counts.

    >>> depth("ASK { FILTER((1) < 2) } # (((((("), depth("ASK { ?s ?p '{{{{' }")
    (3, 1)
    """
    return max(_depth(found, reading) for reading in {text, unescaped(text)} for found in _NESTING)


def _depth(nesting: re.Pattern[str], text: str) -> int:
    now = most = 0
    for found in nesting.finditer(text):
        if found["opens"]:
            now += 1
            most = max(most, now)
        elif found["closes"]:
            now -= 1
        elif found["iri"]:  # whose brackets may be code, if it is none
            most = max(most, now + found[0].count("(") + found[0].count("["))
    return most


def place(text: str, keyword: str) -> tuple[int, int]:
    """Line and column, from 1, of the first bare word that holds ``keyword``; (0, 0) where only an escape spells it."""
    offsets = (offset for offset, word in words(text) if keyword in word.upper())
    offset = _call(text) if keyword == "SERVICE" else next(offsets, None)
    if offset is None:
        return 0, 0
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _call(text: str) -> int | None:
    """Where some reading of the text calls a service.

    Two readings differ only where ``<`` may begin an IRI or be a comparison, and lead to different tokens only if what would be
    the IRI holds a quote or a comment's sign. ``<http://`` is no comparison: in no expression do two slashes follow a name.
    Each place is read once: this too takes time in proportion to the text.
    """
    if "service" not in text.lower():
        return None
    starts, seen = [0], set[int]()
    while starts:
        at = starts.pop()
        while (found := _TOKEN.search(text, at)) and found.start() not in seen:
            seen.add(found.start())
            at = found.end()
            if found["iri"] and ("'" in found["iri"] or "#" in found["iri"]) and not _ABSOLUTE.match(found["iri"]):
                starts.append(found.start() + 1)
            elif (offset := _call_in(text, found)) is not None:
                return offset
    return None


def _call_in(text: str, found: re.Match[str]) -> int | None:
    """Where a token begins a call: as a bare word, or as a prefixed name that a block follows."""
    offset = found[0].upper().find("SERVICE")
    if offset < 0 or not (found["words"] or found["named"]):
        return None
    if found["words"]:
        return found.start() + offset
    gap = _GAP.match(text, found.end())
    glued = found[0].upper().find("SERVICE", 0, found[0].index(":")) >= 0
    return found.start() + offset if glued and gap and text.startswith("{", gap.end()) else None
