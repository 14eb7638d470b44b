"""Which papers does a list name, and which of them does a cell such as ``Wei et al., 2021`` refer to?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from emkg.ids import slugify
from emkg.model import Curie, Paper
from emkg.sources._crosswalk import key

_DOI = re.compile(r"https?://(?:dx\.)?doi\.org/(10\.\d{4,9}/\S+)", re.IGNORECASE)
_BIORXIV = re.compile(r"https?://www\.(?:bio|med)rxiv\.org/content/(10\.\d{4,9}/[\d.]+\d)(?:v(\d+))?(?:\.\S*)?/?$")
_NOT_IN_IRI = re.compile(r"[\x00-\x20<>\"{}|\\^`\[\]]")  # RFC 3987 §2.2; brackets stand in hosts alone


def is_iri(url: str) -> bool:
    """Whether a URL is an absolute http(s) IRI.

    >>> is_iri("https://www.bi.mpg.de/denk"), is_iri("https://www.bi.mpg.de/denk]")
    (True, False)
    """
    if _NOT_IN_IRI.search(url):
        return False
    try:
        split = urlsplit(url)
    except ValueError:
        return False
    return split.scheme in ("http", "https") and bool(split.hostname)


def authors_of(words: str) -> tuple[str, str]:
    """First author, and the authors as stated, of the words before a title or year.

    >>> authors_of("Shapson-Coe et al.,"), authors_of("Briggman and Bock.")
    (('Shapson-Coe', 'Shapson-Coe et al.'), ('Briggman', 'Briggman and Bock'))
    """
    stated = " ".join(words.split()).strip(" ,;.")
    stated = re.sub(r"\bet\.? al$", "et al.", stated)
    first = re.split(r"\s+et\.? al|\s+and\s|\s*&\s*|,|\.\s|\s*\(", stated)[0].strip()
    return ("", "") if first in ("et al.", "et al") else (first, stated)


def paper(words: str, title: str, url: str, year: int | None) -> Paper:
    """The paper of a list's entry: its DOI and what it is only where the link makes them certain.

    >>> url = "https://www.biorxiv.org/content/10.1101/2021.05.29.446289v4"
    >>> one = paper("Shapson-Coe et al.", "A title", url, 2021)
    >>> one.doi, one.served_version, one.classes
    ('10.1101/2021.05.29.446289', 'v4', ('fabio:Preprint',))
    """
    first, stated = authors_of(words)
    slug = slugify(f"{re.sub(r'et al[.]$', '', stated)} {year or ''}") or slugify(title)[:60].strip("-")
    made = Paper(slug, title, url=url, first_author=first, authors_as_stated=stated, year=year)
    if found := _DOI.fullmatch(url):
        return replace(made, doi=found[1].lower())
    if found := _BIORXIV.fullmatch(url):
        version = f"v{found[2]}" if found[2] else ""
        return replace(made, doi=found[1].lower(), served_version=version, classes=(Curie("fabio:Preprint"),))
    if (urlsplit(url).hostname or "").removeprefix("www.") == "youtube.com":
        return replace(made, classes=(Curie("fabio:Presentation"),))
    return made


@dataclass(slots=True)
class References:
    """The papers of a version's own reference list, each with the datasets that its figures are named after."""

    papers: list[Paper] = field(default_factory=list)
    datasets: dict[str, set[str]] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)

    def distinct(self, one: Paper) -> Paper:
        """The paper, with its title in the slug where another one has the same author and year."""
        if self.urls.setdefault(one.slug, one.url) == one.url:
            return one
        return replace(one, slug=slugify(f"{one.slug} {one.title}")[:80].strip("-"))

    def add(self, one: Paper, datasets: Iterable[str] = ()) -> None:
        """Adds a paper, or more datasets to one already there."""
        if one not in self.papers:
            self.papers.append(one)
        self.datasets.setdefault(one.slug, set()).update(datasets)

    def resolve(self, first_author: str, year: int, dataset: str) -> Paper | None:
        """The paper by author and year, of several the one whose figure is of the dataset; None if none is told."""
        fitting = [one for one in self.papers if key(one.first_author) == key(first_author) and one.year == year]
        if len(fitting) > 1:
            fitting = [one for one in fitting if dataset in self.datasets.get(one.slug, ())]
        return fitting[0] if len(fitting) == 1 else None
