"""TriG: named graphs that people read (https://www.w3.org/TR/trig/)."""

from __future__ import annotations

from emkg.exports._base import QuadsExport
from emkg.formats import by_name


class TriG(QuadsExport):
    """who says what: every named graph as TriG"""

    name = "trig"
    about = "who says what: every named graph as TriG"
    format = by_name("trig")
