"""A paper as statements."""

from __future__ import annotations

from emkg.ids import doi_iri, mint
from emkg.model import Paper
from emkg.rdf import NamedNode
from emkg.stated import Text, place
from emkg.terms import Pairs, english, literal, term, year
from emkg.vocab import DCAT, DCTERMS, EM, RDF, RDFS


def paper_iri(paper: Paper) -> NamedNode:
    """A paper's IRI: its DOI where it has one, else one of ours."""
    return doi_iri(paper.doi) if paper.doi else mint("paper", paper.slug)


def paper_pairs(paper: Paper) -> Pairs:
    """Title, DOI, authors as stated, year, venue, page."""
    yield RDF.type, EM.Paper
    for name in paper.classes:
        yield RDF.type, term(name)
    if paper.title:
        yield DCTERMS.title, literal(paper.title)
        yield RDFS.label, english(paper.title)
    words: dict[str, str] = {
        "doi": Text(paper.doi.lower(), place(paper.doi)),
        "firstAuthor": paper.first_author,
        "authorsAsStated": paper.authors_as_stated,
        "servedVersion": paper.served_version,
        "venue": paper.venue,
        "pubmedId": paper.pubmed_id,
    }
    for field, value in words.items():
        if value:
            yield EM[field], literal(value)
    if paper.year is not None:
        yield DCTERMS.issued, year(paper.year)
    if paper.url:
        yield DCAT.landingPage, NamedNode(str(paper.url))
