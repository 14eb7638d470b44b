"""A paper as statements."""

from __future__ import annotations

from emkg.ids import doi_iri, mint
from emkg.model import Paper
from emkg.rdf import NamedNode
from emkg.stated import Text, place
from emkg.terms import Pairs, english, literal, term, year
from emkg.vocab import DCAT, DCTERMS, EM, RDF, RDFS, iri


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
    } | _bibliography(paper)
    for field, value in words.items():
        if value:
            yield EM[field], literal(value)
    for person in paper.authors:
        yield DCTERMS.creator, iri("orcid:" + person.orcid)
    if paper.year is not None:
        yield DCTERMS.issued, year(paper.year)
    if paper.url:
        yield DCAT.landingPage, NamedNode(str(paper.url))


def _bibliography(paper: Paper) -> dict[str, str]:
    return {
        "editorsAsStated": paper.editors_as_stated,
        "publicationStatus": paper.status,
        "chapterTitle": paper.chapter_title,
        "journalVolume": paper.volume,
        "journalIssue": paper.issue,
        "firstPage": paper.first_page,
        "lastPage": paper.last_page,
        "journalAbbreviation": paper.journal_abbreviation,
        "publisherName": paper.publisher,
        "publicationPlace": paper.place,
        "publicationCountry": paper.country,
        "publicationLanguage": paper.language,
    }
