"""The citations of a deposition: the papers that document a dataset, or its own title as one that is not yet published."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from emkg.exports._empiar_facts import Facts, facts
from emkg.exports._empiar_names import parts_of
from emkg.exports._empiar_people import authors, given_authors, orcids
from emkg.graph import Graph
from emkg.sources import _lookup
from emkg.vocab import CITO, DCTERMS, EM

Missing = Callable[[str], None]
DOI = re.compile(r"10\.[0-9]{4,9}/[-._;()/:A-Za-z0-9]+", re.ASCII)
"""A DOI as EMPIAR's schema writes it, less the characters between Z and a, which the schema's range takes in by mistake."""
LONGEST = {
    **{"volume": 8, "first_page": 8, "last_page": 8, "language": 40, "pubmedid": 20, "doi": 80},
    **{"book_chapter_title": 80, "publisher": 80, "publication_location": 80, "title": 255},
}
_TEXTS = {
    "volume": EM.journalVolume,
    "first_page": EM.firstPage,
    "last_page": EM.lastPage,
    "language": EM.publicationLanguage,
    "doi": EM.doi,
    "pubmedid": EM.pubmedId,
    "book_chapter_title": EM.chapterTitle,
    "publisher": EM.publisherName,
    "publication_location": EM.publicationPlace,
    "journal": EM.venue,
    "journal_abbreviation": EM.journalAbbreviation,
    "issue": EM.journalIssue,
}
_EMPTY: dict[str, Any] = {**dict.fromkeys(_TEXTS), "country": None, "year": None, "details": None}


def separate(names: str) -> list[str]:
    """Names that semicolons part, or, where each part is a whole name, commas.

    >>> separate("Lancey C; De Biasio A"), separate("Mao Y, Wang L"), separate("Smith, John")
    (['Lancey C', 'De Biasio A'], ['Mao Y', 'Wang L'], ['Smith, John'])
    """
    parts = [one.strip() for one in names.split(",") if one.strip()]
    if ";" not in names and len(parts) > 1 and all(" " in one and parts_of(one) for one in parts):
        return parts
    return [one.strip() for one in names.split(";") if one.strip()]


def citations(
    graph: Graph, dataset: Facts, creators: list[dict[str, Any]], given: Any, missing: Missing
) -> list[dict[str, Any]]:
    """One for each paper, with the authors and title that the user gives under its DOI; without a paper, the dataset, unpublished."""
    chosen = given if isinstance(given, Mapping) else {}
    papers = [facts(graph, node) for node in dataset.nodes(CITO.isDocumentedBy)]
    made = [
        _citation(graph, paper, dataset, chosen, f"citation[{number}]", missing) for number, paper in enumerate(papers)
    ]
    return made or [_made(dataset.words(DCTERMS.title)[:255], creators, published=False, preprint=False, journal=True)]


def _made(
    title: str, creators: list[dict[str, Any]], *, published: bool, preprint: bool, journal: bool
) -> dict[str, Any]:
    flags = {"published": published, "preprint": preprint, "j_or_nj_citation": journal}
    return {"authors": creators, "editors": [], **flags, "title": title, **_EMPTY}


def _citation(
    graph: Graph, paper: Facts, dataset: Facts, chosen: Mapping[Any, Any], place: str, missing: Missing
) -> dict[str, Any]:
    name = paper.words(EM.doi) or paper.slug
    own = chosen.get(name)
    own = own if isinstance(own, Mapping) else {}
    title = str(own.get("title") or paper.words(DCTERMS.title))
    if not title or len(title) > LONGEST["title"]:
        missing(f"{place}.title: the title of {name}, of at most {LONGEST['title']} characters")
    known = orcids(graph, paper, dataset)
    stated = separate(paper.words(EM.authorsAsStated))
    if own.get("authors"):
        stated, told = given_authors(own["authors"], missing)
        known |= told
    writers = authors(stated, known, f"{place}.authors", missing)
    if not stated:
        missing(f"{place}.authors: the authors of {name}")
    status = paper.words(EM.publicationStatus)
    texts = {key: _fitting(key, paper.words(property_)) for key, property_ in _TEXTS.items()}
    published = "unpublished" not in status if status else bool(texts["doi"] or texts["journal"] or texts["publisher"])
    journal = bool(texts["journal"]) or not (texts["publisher"] or texts["book_chapter_title"])
    made = _made(title, writers, published=published, preprint="preprint" in status, journal=journal)
    editors = separate(paper.words(EM.editorsAsStated))
    year = paper.words(DCTERMS.issued)[:4]
    return (
        made
        | texts
        | {
            "editors": authors(editors, known, f"{place}.editors", missing),
            "year": int(year) if year.isdigit() else None,
            "country": _lookup.country(paper.words(EM.publicationCountry)) or None,
        }
    )


def _fitting(key: str, words: str) -> str | None:
    """The words, or None for those that EMPIAR has no room for: what is optional is left out rather than cut."""
    if key == "doi" and not DOI.fullmatch(words):
        return None
    return words if words and len(words) <= LONGEST.get(key, 255) else None
