"""Made-up query texts by the grammar, with calls of other endpoints in every spelling, things that may hide them, and damage.

Not by Hypothesis's own strategies: a text made from one seeded stream costs a tenth, so that a slow run sees a million of them.
"""

from __future__ import annotations

import random
from collections.abc import Callable

# With a quote in an IRI, or one written as an escape, the guard follows more than one reading, and may take a string's word for a call.
DOUBTFUL = ("<x:#'>", "<x:\\u0041'>", "'\\u0027'")
NAMES = ("?s", "?p", "?o", "?service", "$SERVICE", "?a\u00b7", "?\u540d")
TERMS = (
    "<s:a>",
    "e:x",
    "e:a\\'",
    "e:a\u00b7\\'",
    "'SERVICE <U>'",
    '"a\\"b"',
    "'it\\'s'@en",
    "'''a'b''c\\''''",
    '"""x"y#"""',
    "1",
    "1.5e0",
    "true",
    "''",
    '""',
    "e:SERVICE",
    "service:x",
    "<U>",
    "<x:#'>",
    "<x:\\u0041'>",
    "_:service",
    "'\\u0027'",
    "e:a.SERVICE",
    "e:%27",
    "'x'^^e:service",
)
VEILS = (
    " ",
    "\n",
    "\t",
    "\r",
    "# '\n",
    '# " <\n',
    "#'''\n",
    "# SERVICE <x> {\r",
    " # {\n",
    "\u00a0",
    "\ufeff",
    "#\\u000a",
    "/* */",
    "#\u2028",
)
WORDS = (
    "SERVICE",
    "service",
    "SeRvIcE",
    "\\u0053ERVICE",
    "SERVIC\\U00000045",
    "S\\u0065rvice",
    "\u017fERVICE",
    "SERVI\\u0043E",
)
SPLINTERS = (
    "'", '"', "'''", '"""', "\\", "\\'", "#", "<", ">", "{", "}", "(", ")", ".", ";", ",", ":", "@", "^^", "\\u0027", "\\u0022", "\\u003c",
    "\\u0023", "\\u000A", "<x:'>", "<x:#>", "?a<'x>'", "?a<?b#>'''\n", "SERVICE:x{?s?p?o}", "SERVICEe:x{}",
    "servicee:x{?s ?p ?o}", "\x00", "\u0301", "%27", "e:\\#",
    "SERVICE <U> {?s ?p ?o}", "a", "-", "e:a\\", "'\\", "\x0b", "\x85", "<<", ">>", "{|", "|}", "@en--ltr", "LATERAL",
)  # fmt: skip


class Text:
    """One text; ``address`` is what calls call. ``calls`` says whether a call was written into it, ``damaged`` whether it was spoilt."""

    def __init__(self, seed: int, address: str, *, calls: bool = True, damage: bool = True) -> None:
        self._random = random.Random(seed)
        self._calls = calls
        self._terms = TERMS if calls else tuple(term for term in TERMS if term not in DOUBTFUL)
        self.calls = self.damaged = False
        text = self._query()
        if damage and self._chance(0.4):
            self.damaged = True
            for _ in range(self._below(3) + 1):
                text = self._spoil(text)
        self.text = text.replace("<U>", f"<{address}>").replace("U#", address)

    def _chance(self, part: float) -> bool:
        return self._random.random() < part

    def _below(self, number: int) -> int:
        return int(self._random.random() * number)

    def _of(self, items: tuple[str, ...]) -> str:
        return items[self._below(len(items))]

    def _gap(self) -> str:
        return self._of(VEILS[:9]) if self._chance(0.2) else " "

    def _query(self) -> str:
        prologue = ["PREFIX e: <U#>", "PREFIX : <U#>", "PREFIX service: <U#>"]
        prologue += ["PREFIX servicee: <U#>"] * self._chance(0.3) + ["BASE <U>"] * self._chance(0.2)
        prologue += ["PREFIX SERVICE: <U#>"] * self._chance(0.1)
        where = self._group(0)
        source = f"FROM{self._gap()}<U>" * self._chance(0.1) + " FROM NAMED <U>" * self._chance(0.05)
        forms = (
            f"SELECT * {source} WHERE {where}",
            f"SELECT*{source}{where}",
            f"SELECT (COUNT(*) AS ?n) {source} {where}",
            f"ASK {source} {where}",
            f"CONSTRUCT {{ ?s ?p ?o }} {source} WHERE {where}",
            f"DESCRIBE ?s {source} WHERE {where}",
            f"SELECT (EXISTS {where} AS ?e) {source} {{ }}",
            f"SELECT ?s {source} {{ ?s ?p ?o }} GROUP BY ?s HAVING (EXISTS {where})",
            f"SELECT ?s {source} {{ ?s ?p ?o }} ORDER BY (EXISTS {where})",
        )
        return self._gap().join([*prologue, self._of(forms)])

    def _group(self, depth: int) -> str:
        parts = [self._part(depth) for _ in range(self._below(4))]
        return "{" + self._gap() + self._of((" . ", " ", "\n")).join(parts) + self._gap() + "}"

    def _part(self, depth: int) -> str:
        simple: tuple[Callable[[int], str], ...] = (self._triple, self._filter, self._bind, self._call, self._call)
        nested: tuple[Callable[[int], str], ...] = (self._nested, self._exists, self._subquery)
        kinds = simple + nested if depth < 3 else simple
        return kinds[self._below(len(kinds))](depth)

    def _triple(self, _: int) -> str:
        predicate = self._of(
            ("?p", "e:x", "a", "<s:p>", "e:x*", "^e:x", "e:x/e:y", "!e:x", "e:x|^e:SERVICE", "service:p")
        )
        more = f" ; {predicate} {self._of(self._terms)}" * self._chance(0.2)
        return f"{self._of((*NAMES, 'e:s', '<s:a>', '[]'))} {predicate} {self._of((*NAMES, *self._terms))}{more} ."

    def _filter(self, _: int) -> str:
        left, right = self._of((*NAMES, *self._terms)), self._of((*NAMES, *self._terms))
        sign = self._of(("<", ">", "=", "!=", "<=", "&&", "||", " < ", "+"))
        call = f"{self._of(('STR', 'isIRI', 'BOUND', 'REGEX', 'service:f'))}({left})"
        return f"FILTER({self._of((f'{left}{sign}{right}', call, f'!{call}', f'{left} IN ({right})'))})"

    def _bind(self, _: int) -> str:
        return self._of(
            (f"BIND({self._of(self._terms)} AS ?b{self._below(9)})", f"VALUES ?v {{ {self._of(self._terms)} <U> }}")
        )

    def _nested(self, depth: int) -> str:
        before = self._of(("OPTIONAL", "MINUS", "GRAPH ?g", "GRAPH <U>", "", "{ } UNION"))
        return f"{before}{self._gap()}{self._group(depth + 1)}"

    def _exists(self, depth: int) -> str:
        return f"FILTER{self._gap()}{self._of(('EXISTS', 'NOT EXISTS'))}{self._gap()}{self._group(depth + 1)}"

    def _subquery(self, depth: int) -> str:
        return f"{{ SELECT * WHERE {self._group(depth + 1)} }}"

    def _call(self, depth: int) -> str:
        if not self._calls:
            return self._triple(depth)
        self.calls = True
        silent = self._of(("", "", "SILENT", "silent"))
        target = self._of(("<U>", "<U>", "?v", "e:x", ":x", "service:x", "<>"))
        gaps = [self._gap() if self._chance(0.7) else "" for _ in range(3)]
        return f"{self._of(WORDS)}{gaps[0]}{silent}{gaps[1]}{target}{gaps[2]}{self._of(('{ ?s ?p ?o }', '{?s?p?o}', '{ }'))}"

    def _spoil(self, text: str) -> str:
        at = self._below(len(text) + 1)
        other = self._below(len(text) + 1)
        splinter = self._of((*SPLINTERS, *WORDS, *TERMS, *VEILS))
        ways = (
            text[:at] + splinter + text[at:],
            text[:at] + splinter + text[at:],
            text[:at] + text[at + 1 + self._below(6) :],
            text[: max(at, other)] + text[min(at, other) :],
            text[: min(at, other)] + self._of(("'", '"', "'''", '"""')) + text[min(at, other) :] + splinter,
        )
        return self._of(ways)[:4000]
