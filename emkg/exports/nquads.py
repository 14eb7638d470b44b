"""N-Quads: named graphs, one statement a line (https://www.w3.org/TR/n-quads/)."""

from __future__ import annotations

from emkg.exports._base import QuadsExport
from emkg.formats import by_name


class NQuads(QuadsExport):
    """who says what: every named graph, one statement a line"""

    name = "nquads"
    about = "who says what: every named graph, one statement a line"
    format = by_name("nquads")
