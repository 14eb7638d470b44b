"""Where does each heading, list item, picture and table cell of a Markdown file stand, and what does it show?

Blocks come from markdown-it-py, whose tokens carry line maps. Tables written in HTML come from the standard library's
``HTMLParser``: it alone tells line and column of each tag and leaves the source as it is (html5lib and lxml rebuild
a tree and lose both). LaTeX is read by the few macros that lists use: pylatexenc was tried, and takes ``~250`` for a
blank and 250, ``%`` for the start of a remark, an unknown macro for nothing at all, and leaves ``mm^3`` as it is.
"""

from __future__ import annotations

from emkg.markup.blocks import Block, Document, Heading, Item, Paragraph, document
from emkg.markup.inline import Inline, Link, html_inline, markdown_inline, tidy
from emkg.markup.tables import Picture, Table

__all__ = [
    "Block",
    "Document",
    "Heading",
    "Inline",
    "Item",
    "Link",
    "Paragraph",
    "Picture",
    "Table",
    "document",
    "html_inline",
    "markdown_inline",
    "tidy",
]
