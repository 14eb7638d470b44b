"""Which headings, list items, paragraphs, pictures and tables make up a Markdown file, and where do they stand?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token

from emkg.markup.inline import Inline, markdown, markdown_inline
from emkg.markup.tables import Picture, Table, TableReader, pipe_table
from emkg.model import Fault


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading and its level."""

    line: int
    level: int
    text: str
    column: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """A list item less its sub-lists; ``depth`` is 1 for an outermost list."""

    line: int
    column: int
    depth: int
    inline: Inline


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph outside of lists."""

    line: int
    column: int
    inline: Inline


Block = Heading | Item | Paragraph | Picture | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A file's blocks in their order, and what is wrong with its markup (the path is left empty)."""

    blocks: tuple[Block, ...]
    faults: tuple[Fault, ...] = field(default=())


def document(text: str) -> Document:
    """The blocks of a Markdown file; never fails, since every text is Markdown.

    >>> [type(block).__name__ for block in document("# A\\n* b\\n\\n|x|\\n|-|\\n|1|\\n").blocks]
    ['Heading', 'Item', 'Table']
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    tokens = markdown().parse(text)
    tables = TableReader(_without_code(text, tokens), text)
    tables.read()
    spans = [(table.line, end) for table, end in tables.tables]
    blocks: list[Block] = [table for table, _ in tables.tables]
    blocks += [picture for picture in tables.pictures if not _within(picture.line, spans)]
    blocks += [block for block in _blocks(tokens, lines) if not _within(block.line, spans)]
    return Document(tuple(sorted(blocks, key=lambda block: (block.line, block.column))), tuple(tables.faults))


def _within(line: int, spans: list[tuple[int, int]]) -> bool:
    return any(first <= line <= last for first, last in spans)


def _without_code(text: str, tokens: list[Token]) -> str:
    """The text with the inside of code made blank, so that a tag shown as an example is no tag; same length."""
    lines = text.split("\n")
    for token in tokens:
        if token.map and token.type == "fence":
            for number in range(*token.map):
                lines[number] = " " * len(lines[number])
        elif (
            token.map and token.type == "inline" and any(child.type == "code_inline" for child in token.children or ())
        ):
            for number in range(*token.map):
                lines[number] = re.sub(r"`[^`]*`", lambda found: " " * len(found[0]), lines[number])
    return "\n".join(lines)


def _column(line: str, marker: str = "") -> int:
    """The column, from 1, of the first sign of a line that is no blank and not part of the marker."""
    return len(line) - len(line.lstrip(" \t" + marker)) + 1


def _blocks(tokens: list[Token], lines: list[str]) -> Iterator[Block]:
    depth = 0
    for index, token in enumerate(tokens):
        depth += (
            token.nesting
            if token.type in ("bullet_list_open", "ordered_list_open", "bullet_list_close", "ordered_list_close")
            else 0
        )
        if token.map is None or token.type not in ("inline", "table_open"):
            continue
        first, line = token.map[0] + 1, lines[token.map[0]]
        if token.type == "table_open":
            yield pipe_table(lines, token.map[0], token.map[1])
        elif tokens[index - 1].type == "heading_open":
            yield Heading(first, int(tokens[index - 1].tag[1]), markdown_inline(token.content).text)
        elif tokens[index - 1].type == "paragraph_open":
            inline = markdown_inline(token.content)
            yield from (
                Picture(first, _column(line), str(child.attrs["src"]))
                for child in token.children or ()
                if child.type == "image"
            )
            yield Item(first, _column(line, "*+-"), depth, inline) if depth else Paragraph(first, _column(line), inline)
