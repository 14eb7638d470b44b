"""Where the blocks and cells of Markdown stand, and what they show."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emkg.markup import Heading, Item, Paragraph, Picture, Table, document, html_inline, markdown_inline, tidy
from emkg.markup.blocks import Document
from emkg.markup.inline import latex_text
from emkg.markup.tables import pipe_table


def tables(text: str) -> list[Table]:
    return [block for block in document(text).blocks if isinstance(block, Table)]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"$30\times 30\times 30$", "30×30×30"),
        (r"$2,000\times 3,000\times 175$", "2,000×3,000×175"),
        (r"Wei $\textit{et al}$., 2021", "Wei et al., 2021"),
        (r"Wei $\textit{et al.}$, 2021", "Wei et al., 2021"),
        (r"Size<br>$\mu m^{3}$", "Size\nµm³"),
        ("MICrONS Cortical $mm^3$", "MICrONS Cortical mm³"),
        ("MICrONS Cortical mm<sup>3</sup>", "MICrONS Cortical mm³"),
        ("&nbsp;&nbsp;Sample&nbsp;&nbsp;", "Sample"),
        ("50,000 cells <br> 133,700,000 synapses", "50,000 cells\n133,700,000 synapses"),
        ("33 blocks<br/>12+50 skels", "33 blocks\n12+50 skels"),
        ("<i>for short</i>", "for short"),
        ("MICCAI Challenge on\n        Circuit", "MICCAI Challenge on Circuit"),
        ("3&times;3 &lt; 4", "3×3 < 4"),
        ("~250 per side, 100% of it", "~250 per side, 100% of it"),
        (r"$\unknown x$", r"\unknownx"),
        ("costs $5", "costs $5"),
    ],
)
def test_what_a_reader_sees(source: str, text: str) -> None:
    assert html_inline(source).text == text


def test_markdown_in_a_cell() -> None:
    read = markdown_inline("Si (*e.g.*, **Si150L4**) [there](https://example.org/a_b)")
    assert read.text == "Si (e.g., Si150L4) there"
    assert read.strong == ("Si150L4",)
    assert read.links[0].url == "https://example.org/a_b"


def test_a_broken_url_stays_as_written() -> None:
    assert markdown_inline("[x](https://example.org/denk])").links[0].url == "https://example.org/denk]"


def test_links_have_the_words_before_them() -> None:
    read = html_inline('Wei, <a href="#2021">2021</a>; Lin, <a href="#2020">2020</a><br><a href="u">v</a> end')
    assert [(one.before, one.label, one.url) for one in read.links] == [
        ("Wei,", "2021", "#2021"),
        ("; Lin,", "2020", "#2020"),
        ("", "v", "u"),
    ]
    assert read.after == "end"


SPANS = """text

<table>
  <tr><th>Name</th><th>Species</th><th>Size</th></tr>
  <tr><td rowspan="2">A</td><td>mouse</td><td rowspan=2>1x1x1</td></tr>
  <tr><td>human</td></tr>
  <tr><td colspan="2">B</td><td>2x2x2</td></tr>
</table>
"""


def test_spans_and_positions() -> None:
    (table,) = tables(SPANS)
    assert (table.line, table.column) == (3, 1)
    assert [head.text for head in table.heads] == ["Name", "Species", "Size"]
    cells = [(row.index, row.line, cell.column_index, cell.text) for row in table.rows for cell in row.cells]
    assert cells == [
        (1, 5, 1, "A"),
        (1, 5, 2, "mouse"),
        (1, 5, 3, "1x1x1"),
        (2, 6, 2, "human"),
        (3, 7, 1, "B"),
        (3, 7, 3, "2x2x2"),
    ]
    human, two = table.rows[1].cells[0], table.rows[2].cells[1]
    assert (human.line, human.column, human.column_label) == (6, 11, "Species")
    assert (two.column_label, table.rows[2].cells[0].col_span) == ("Size", 2)


def test_each_cell_stands_where_it_says() -> None:
    lines = SPANS.split("\n")
    (table,) = tables(SPANS)
    for cell in (*table.heads, *(cell for row in table.rows for cell in row.cells)):
        assert lines[cell.line - 1][cell.column - 1 :].startswith(cell.verbatim)


def test_a_pipe_table() -> None:
    text = "\n| **Year** | Name \\| x | Size |\n|:---:|---|---|\n| 2024 | Si |\n  2021 | H01 | ~1.4 PB\n"
    (table,) = tables(text)
    assert [head.text for head in table.heads] == ["Year", "Name | x", "Size"]
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["2024", "Si"], ["2021", "H01", "~1.4 PB"]]
    last = table.rows[1].cells[2]
    assert (last.line, last.column, last.column_label) == (5, 16, "Size")
    assert pipe_table(text.split("\n"), 1, 5) == table


@pytest.mark.parametrize(
    ("text", "reason", "place"),
    [
        ("<table>\n<tr><td>a\n", "a table is not closed", (1, 1)),
        ("<table>\n<td>a</td></table>", "a cell stands outside of a row", (2, 1)),
        ("<table><tr><td rowspan='0'>a</table>", "rowspan is no number from 1 to 1000", (1, 12)),
        ("<table><tr><td colspan='x'>a</table>", "colspan is no number from 1 to 1000", (1, 12)),
        ("<table><tr><td>\n<table></table></table>", "a table stands within a cell", (2, 1)),
    ],
)
def test_faults_of_tables_have_their_place(text: str, reason: str, place: tuple[int, int]) -> None:
    (fault,) = document(text).faults
    assert (fault.reason, (fault.line, fault.column)) == (reason, place)
    assert len(tables(text)) == 1


def test_a_table_shown_as_code_is_none() -> None:
    assert tables("```html\n<table><tr><td>a</td></tr></table>\n```\n\nand `<table>` here\n") == []


def test_blocks_in_their_order() -> None:
    text = '# A\n\nprose\n\n* one\n    * [two](u)\n<p align="c"><img src="FIGURE\\x.png"></p>\n\n![alt](y.png)\n'
    kinds = [(type(block), block.line, block.column) for block in document(text).blocks]
    assert kinds == [
        (Heading, 1, 1),
        (Paragraph, 3, 1),
        (Item, 5, 3),
        (Item, 6, 7),
        (Picture, 7, 14),
        (Picture, 9, 1),
        (Paragraph, 9, 1),
    ]
    two = document(text).blocks[3]
    assert isinstance(two, Item)
    assert (two.depth, two.inline.links[0].url) == (2, "u")


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_is_a_document(text: str) -> None:
    read = document(text)
    assert isinstance(read, Document)
    count = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    assert all(1 <= block.line <= count and block.column >= 1 for block in read.blocks)


TAGS = [
    "<table>",
    "</table>",
    "<tr>",
    "</tr>",
    "<td>",
    "</td>",
    "<th rowspan=2>",
    "<td colspan='3'>",
    "<td rowspan='2'>",
]
BITS = st.lists(st.sampled_from([*TAGS, "a", "|", "\n", "\n\n", "<br>", "$x^3$", "&nbsp;", "`", "* ", "# ", "<!--"]))


@settings(max_examples=300, deadline=None)
@given(BITS)
def test_any_heap_of_tags_is_read_and_cells_stand_where_they_say(bits: list[str]) -> None:
    text = "".join(bits)
    lines = text.split("\n")
    for table in tables(text):
        taken: dict[int, set[int]] = {}
        for row in table.rows:
            for cell in row.cells:
                first = cell.verbatim.split("\n")[0]
                assert lines[cell.line - 1][cell.column - 1 :].startswith(first)
                if table.html:
                    for below in range(row.index, row.index + cell.row_span):
                        place = set(range(cell.column_index, cell.column_index + cell.col_span))
                        assert cell.column_index not in taken.get(below, set())
                        taken.setdefault(below, set()).update(place)


@given(st.text())
def test_latex_never_fails(text: str) -> None:
    assert isinstance(latex_text(text), str)
    assert tidy(tidy(text)).count("\n") <= text.count("\n") + 20 * len(text)
