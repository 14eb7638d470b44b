"""RDF/XML: for tools that read nothing else (https://www.w3.org/TR/rdf-syntax-grammar/)."""

from __future__ import annotations

from emkg.exports._base import TriplesExport
from emkg.formats import by_name


class RdfXml(TriplesExport):
    """the merged graph as RDF/XML, for older tools"""

    name = "rdfxml"
    about = "the merged graph as RDF/XML, for older tools"
    format = by_name("rdfxml")
