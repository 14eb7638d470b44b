"""The seed's overview table comes out of the graph as it went in: all cells against the frozen record, all bytes
against the seed.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import html5lib
import pytest

from emkg.errors import NotFound
from emkg.exports import load
from emkg.exports.awesome_list import table
from emkg.graph import Graph

ROOT = Path(__file__).resolve().parent.parent.parent
SEED = (
    Path(os.environ.get("EMKG_CORPORA", ROOT.parent / "shared" / "corpora")).parent / "seed" / "awesome-em-datasets.md"
)
SHA256 = "1010b0e2d801058252007122e75bf7a4c91cc57aaaeb8a0c66a9d4f0537ca9a9"
ROW = re.compile(r"<tr>\n(.*?)\n    </tr>", re.DOTALL)
CELL = re.compile(r"<t[hd](?: rowspan=\"(\d+)\")?(?: colspan=\"(\d+)\")?>(.*?)</t[hd]>", re.DOTALL)


def cells(html: str) -> list[list[tuple[str, int, int]]]:
    return [
        [(text, int(down or 1), int(across or 1)) for down, across, text in CELL.findall(row)]
        for row in ROW.findall(html)
    ]


def test_is_an_html_table_of_heads_and_nine_rows(graph: Graph) -> None:
    tree = html5lib.parse(load("awesome-list").write(graph).decode(), namespaceHTMLElements=False)
    assert len(tree.findall(".//th")) == 10
    assert len(tree.findall(".//tr")) == 1 + 9


def test_sha256_is_that_of_the_seeds_block(graph: Graph) -> None:
    """The sum of lines 22 to 137 of the seed, so that this holds on a machine without the seed."""
    assert hashlib.sha256(load("awesome-list").write(graph)).hexdigest() == SHA256


@pytest.mark.skipif(not SEED.is_file(), reason="the seed is not beside the project; EMKG_CORPORA says where")
def test_every_byte_is_the_seeds(graph: Graph) -> None:
    seed = SEED.read_text(encoding="utf-8")
    block = seed[seed.index("<table>") : seed.index("</table>") + len("</table>\n")]
    made = load("awesome-list").write(graph).decode()
    assert cells(made) == cells(block)
    assert made == block


def test_an_unknown_table_is_named_with_those_there_are(graph: Graph) -> None:
    with pytest.raises(NotFound) as fault:
        table(graph, "aed-be275e8-nonesuch")
    assert "aed-be275e8-overview" in fault.value.repair
