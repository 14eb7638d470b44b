"""SERVICE for those whom the operator allows: which calls does a query make, and what does the query say without them?

A call of a named endpoint joins with what ``SELECT *`` of its pattern answers there (https://www.w3.org/TR/sparql11-federated-query/#defn_evalService).
So the server asks that endpoint itself, and puts the rows into the query as VALUES: no query worker ever needs a network, and what is
left of the query passes the guard like any other, which refuses every call that was not seen here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

from emkg.errors import BadQuery, EndpointError
from emkg.graph import Table
from emkg.query import declared
from emkg.rdf import Literal, NamedNode
from emkg.sparql import FORMS, outline, tokens
from emkg.vocab import prefixes


@dataclass(frozen=True, slots=True)
class Call:
    """A SERVICE clause: where it stands in the text, the endpoint, whether its failure counts, and the query to send."""

    start: int
    end: int
    endpoint: str
    silent: bool
    query: str


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    start: int
    end: int
    text: str


def calls(text: str) -> list[Call]:
    """The calls of a query, outermost ones; raises BadQuery for one whose endpoint is not named, or that holds another.

    >>> [(call.endpoint, call.query) for call in calls("SELECT * { SERVICE <http://e.org/q> { ?s ?p ?o } }")]
    [('http://e.org/q', 'SELECT * WHERE { ?s ?p ?o }')]
    """
    if not outline(text).calls_service:
        return []
    if "\\u" in text.lower():
        raise BadQuery("a query with SERVICE may hold no codepoint escape", repair="write the characters themselves")
    read = [_Token(kind, start, end, text[start:end]) for kind, start, end in tokens(text)]
    form = next((token for token in read if token.kind == "words" and token.text.upper() in FORMS), None)
    if form is None:
        return []
    names = _Names.of([token for token in read if token.start < form.start])
    found, place = [], 0
    while place < len(read):
        if read[place].kind == "words" and read[place].text.upper() == "SERVICE":
            call, place = _call(text, read, place, names, text[: form.start])
            found.append(call)
        place += 1
    return found


@dataclass(frozen=True, slots=True)
class _Names:
    """What the prologue declares: the base, and prefixes, ours among them."""

    base: str
    spaces: dict[str, str]

    @classmethod
    def of(cls, prologue: Sequence[_Token]) -> _Names:
        base, spaces = "", dict(prefixes())
        for before, token in zip([None, *prologue], prologue, strict=False):
            if token.kind == "iri" and before is not None and before.kind == "named":
                spaces[before.text[:-1]] = urljoin(base, token.text[1:-1])
            elif token.kind == "iri":
                base = urljoin(base, token.text[1:-1])
        return cls(base, spaces)

    def resolve(self, token: _Token) -> str:
        """The IRI that a token names, empty where it names none."""
        if token.kind == "iri":
            return urljoin(self.base, token.text[1:-1]) if self.base else token.text[1:-1]
        prefix, _, local = token.text.partition(":")
        return self.spaces.get(prefix, "") + local if token.kind == "named" and self.spaces.get(prefix) else ""


def _call(text: str, read: Sequence[_Token], place: int, names: _Names, prologue: str) -> tuple[Call, int]:
    """The call that begins at a token, and the place of its last one."""
    start, at = read[place].start, place + 1
    silent = at < len(read) and read[at].kind == "words" and read[at].text.upper() == "SILENT"
    at += silent
    line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
    endpoint = names.resolve(read[at]) if at < len(read) else ""
    if not endpoint:
        raise BadQuery(
            "a SERVICE whose endpoint is not named is not run here", line, column, "write the endpoint's IRI"
        )
    opened, last = 0, at + 1
    while last < len(read):
        token = read[last]
        if token.kind == "words" and token.text.upper() == "SERVICE":
            raise BadQuery("a SERVICE within a SERVICE is not run here", line, column, "call one after the other")
        opened += {"{": 1, "}": -1}.get(token.text, 0)
        if opened == 0:
            break
        last += 1
    if at + 1 >= len(read) or read[at + 1].text != "{" or opened:
        raise BadQuery("a SERVICE is not followed by a group", line, column, "write SERVICE <endpoint> { … }")
    pattern = text[read[at + 1].start : read[last].end]
    query = declared(f"{prologue}SELECT * WHERE {pattern}")
    return Call(start, read[last].end, endpoint, silent, query), last


def allowed(address: str, allow: Sequence[str]) -> bool:
    """Whether an address begins with one of the prefixes, however it is written: dot segments, other authorities and odd characters fail.

    >>> allow = ("https://example.org/sparql",)
    >>> allowed("https://EXAMPLE.org/sparql?x", allow), allowed("https://example.org/sparql/../admin", allow)
    (True, False)
    >>> allowed("https://example.org@evil.example/sparql", allow), allowed("http://example.org/sparql", allow)
    (False, False)
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    path = unquote(parts.path)
    odd = any(character <= " " or character in '\\<>"{}|^`\x7f' for character in address + path)
    if odd or parts.username is not None or parts.hostname is None or ".." in path.split("/") or "." in path.split("/"):
        return False
    authority = parts.hostname.lower() + (f":{port}" if port else "")
    plain = f"{parts.scheme}://{authority}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else "")
    return any(plain.startswith(_plain(prefix)) for prefix in allow)


def _plain(prefix: str) -> str:
    parts = urlsplit(prefix)
    return prefix.replace(parts.netloc, parts.netloc.lower(), 1)


def without_calls(text: str, answers: Sequence[tuple[Call, Table | None]]) -> str:
    """The query with each call replaced by its rows; None stands for the failure of a SILENT one, which joins with everything.

    >>> query = "SELECT * { SERVICE <http://e.org/q> { ?s ?p 1 } }"
    >>> without_calls(query, [(calls(query)[0], Table(("s",), ((NamedNode("s:a"),), (None,))))])
    'SELECT * { { VALUES (?s) { (<s:a>) (UNDEF) } } }'
    """
    parts, at = [], 0
    for call, table in answers:
        lines = "\n" * text.count("\n", call.start, call.end)  # so that the places of later faults stay true
        parts += [text[at : call.start], "{ }" if table is None else _values(call, table), lines]
        at = call.end
    return "".join([*parts, text[at:]])


def _values(call: Call, table: Table) -> str:
    head = " ".join(f"?{name}" for name in table.columns)
    rows = " ".join("(" + " ".join(_written(call, term) for term in row) + ")" for row in table)
    return f"{{ VALUES ({head}) {{ {rows} }} }}"


def _written(call: Call, term: object) -> str:
    if term is None:
        return "UNDEF"
    if isinstance(term, NamedNode | Literal):
        return str(term)
    raise EndpointError(
        "the endpoint answered with a blank node, which no query can carry", call.endpoint, "ask for what has an IRI"
    )
