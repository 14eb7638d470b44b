"""N-Triples: one statement a line (https://www.w3.org/TR/n-triples/)."""

from __future__ import annotations

from emkg.exports._base import TriplesExport
from emkg.formats import by_name


class NTriples(TriplesExport):
    """the merged graph, one statement a line, for diffs and big loads"""

    name = "ntriples"
    about = "the merged graph, one statement a line, for diffs and big loads"
    format = by_name("ntriples")
