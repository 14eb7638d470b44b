"""What does a reader see of a cell, a list item or a heading, and where do its links go?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser

from markdown_it import MarkdownIt

Attributes = list[tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Link:
    """A link: what it shows, where it goes, and the words since the link or line break before it."""

    label: str
    url: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Inline:
    """A run of text as a reader sees it, with its links, its bold words, and the words after the last link."""

    text: str
    links: tuple[Link, ...] = ()
    strong: tuple[str, ...] = ()
    after: str = ""


_SUPERSCRIPTS = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_MACROS = {
    "times": "×",
    "mu": "µ",
    "sim": "~",
    "approx": "~",
    "pm": "±",
    "cdot": "·",
    "leq": "≤",
    "geq": "≥",
    "alpha": "α",
    "beta": "β",
}
_LATEX_TOKEN = re.compile(
    r"\\(?P<words>text\w*|mathrm|mathit|mathbf|emph)\s*\{(?P<inside>[^{}]*)\}|\\(?P<macro>[A-Za-z]+)|\\(?P<sign>[^A-Za-z])"
    r"|\^(?:\{(?P<braced>[^{}]*)\}|(?P<power>.))|(?P<space>\s+)|(?P<brace>[{}])"
)


def latex_text(source: str) -> str:
    r"""The text of LaTeX mathematics without its dollars; a macro that is not known stays as it is.

    >>> latex_text(r"1,300\times 870\times 820"), latex_text(r"\mu m^{3}"), latex_text(r"\textit{et al}")
    ('1,300×870×820', 'µm³', 'et al')
    """

    def shown(token: re.Match[str]) -> str:
        if token["inside"] is not None:
            return token["inside"]
        if token["macro"] is not None:
            return _MACROS.get(token["macro"], token[0])
        if token["sign"] is not None:
            return " " if token["sign"] in " ,;:" else token["sign"]
        power = token["braced"] if token["braced"] is not None else token["power"]
        return power.translate(_SUPERSCRIPTS) if power is not None else ""

    return _LATEX_TOKEN.sub(shown, source)


def tidy(text: str) -> str:
    r"""The text with LaTeX read and blanks made single; line breaks stay.

    >>> tidy("  MICrONS Cortical $mm^3$\n\xa0 x  ")
    'MICrONS Cortical mm³\nx'
    """
    text = re.sub(r"\$([^$\n]+)\$", lambda found: latex_text(found[1]), text)
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


class _InlineReader(HTMLParser):
    """Text, links and bold words of an HTML fragment; ``<br>`` breaks lines, other line ends are blanks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links: list[Link] = []
        self.strong: list[str] = []
        self._since = 0
        self._link: tuple[str, int] | None = None
        self._bold: int | None = None
        self._raised = 0

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if tag == "br":
            self.parts.append("\n")
            if self._link is None:
                self._since = len(self.parts)
        elif tag == "a":
            self._close_link()
            self._link = (dict(attrs).get("href") or "", len(self.parts))
        elif tag in ("b", "strong"):
            self._bold = len(self.parts)
        elif tag == "sup":
            self._raised += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._close_link()
        elif tag in ("b", "strong") and self._bold is not None:
            self.strong.append(self._text(self._bold))
            self._bold = None
        elif tag == "sup":
            self._raised = max(0, self._raised - 1)

    def handle_data(self, data: str) -> None:
        data = re.sub(r"\s", " ", data)
        self.parts.append(data.translate(_SUPERSCRIPTS) if self._raised else data)

    def _text(self, start: int, end: int | None = None) -> str:
        return tidy("".join(self.parts[start:end]))

    def _close_link(self) -> None:
        if self._link is not None:
            url, start = self._link
            self.links.append(Link(self._text(start).replace("\n", " "), url.strip(), self._text(self._since, start)))
            self._since, self._link = len(self.parts), None

    def result(self) -> Inline:
        self.close()
        self._close_link()
        return Inline(
            self._text(0), tuple(self.links), tuple(self.strong), self._text(self._since) if self.links else ""
        )


def html_inline(source: str) -> Inline:
    """What a reader sees of an HTML fragment.

    >>> html_inline('Wei <i>et al.</i>, <a href="#2021">2021</a>').links
    (Link(label='2021', url='#2021', before='Wei et al.,'),)
    """
    reader = _InlineReader()
    reader.feed(source)
    return reader.result()


class _AsWritten(MarkdownIt):
    """Markdown whose URLs stay as written: a repaired URL would hide that the list's own is broken."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 (the library's name)
        return url


@cache
def markdown() -> MarkdownIt:
    """The one Markdown parser: CommonMark, and the pipe tables of GFM."""
    return _AsWritten("commonmark").enable("table")


def markdown_inline(source: str) -> Inline:
    """What a reader sees of a run of Markdown.

    >>> markdown_inline("**Funke** Lab, [Janelia](j)").strong
    ('Funke',)
    """
    return html_inline(markdown().renderInline(source))
