"""Turtle: RDF that people read (https://www.w3.org/TR/turtle/)."""

from __future__ import annotations

from emkg.exports._base import TriplesExport
from emkg.formats import by_name


class Turtle(TriplesExport):
    """the merged graph as Turtle, for people"""

    name = "turtle"
    about = "the merged graph as Turtle, for people"
    format = by_name("turtle")
