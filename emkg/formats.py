"""Which formats are there: one table for reading, writing, Accept headers, suffixes and links."""

from __future__ import annotations

from dataclasses import dataclass

from emkg.errors import NotFound
from emkg.rdf import RdfFormat


@dataclass(frozen=True, slots=True)
class Format:
    """A format: ``name`` on the command line, media types (the first is the one we send), file suffix, and what it holds.

    ``rdf`` is the parser's format for RDF; ``quads`` tells whether named graphs survive; ``results`` whether it holds SELECT rows.
    """

    name: str
    media_types: tuple[str, ...]
    suffix: str
    label: str
    rdf: RdfFormat | None = None
    quads: bool = False
    results: bool = False

    @property
    def media_type(self) -> str:
        """The media type that we send."""
        return self.media_types[0]


# Media types as registered: https://www.w3.org/ns/formats/ and https://www.w3.org/TR/sparql11-protocol/
RDF_FORMATS = (
    Format("turtle", ("text/turtle", "application/x-turtle"), "ttl", "Turtle", RdfFormat.TURTLE),
    Format("jsonld", ("application/ld+json",), "jsonld", "JSON-LD", RdfFormat.JSON_LD, quads=True),
    Format("ntriples", ("application/n-triples", "text/plain"), "nt", "N-Triples", RdfFormat.N_TRIPLES),
    Format("rdfxml", ("application/rdf+xml", "application/xml", "text/xml"), "rdf", "RDF/XML", RdfFormat.RDF_XML),
    Format("trig", ("application/trig",), "trig", "TriG", RdfFormat.TRIG, quads=True),
    Format("nquads", ("application/n-quads",), "nq", "N-Quads", RdfFormat.N_QUADS, quads=True),
)
RESULT_FORMATS = (
    Format("json", ("application/sparql-results+json", "application/json"), "srj", "SPARQL results JSON", results=True),
    Format(
        "xml",
        ("application/sparql-results+xml", "application/xml", "text/xml"),
        "srx",
        "SPARQL results XML",
        results=True,
    ),
    Format("csv", ("text/csv",), "csv", "CSV", results=True),
    Format("tsv", ("text/tab-separated-values",), "tsv", "TSV", results=True),
)
HTML = Format("html", ("text/html", "application/xhtml+xml"), "html", "HTML")
JSON = Format("json", ("application/json",), "json", "JSON")


def by_name(name: str, among: tuple[Format, ...] = RDF_FORMATS) -> Format:
    """The format of that name or suffix; raises NotFound with the names there are.

    >>> by_name("ttl").media_type
    'text/turtle'
    """
    for candidate in among:
        if name in (candidate.name, candidate.suffix):
            return candidate
    raise NotFound(f"no format {name!r}", "", "use one of " + ", ".join(candidate.name for candidate in among))


def find_by_media_type(media_type: str, among: tuple[Format, ...] = RDF_FORMATS) -> Format | None:
    """The format of a media type (parameters aside), or None.

    >>> find_by_media_type("text/turtle; charset=utf-8").name
    'turtle'
    """
    plain = media_type.split(";", 1)[0].strip().lower()
    return next((candidate for candidate in among if plain in candidate.media_types), None)
