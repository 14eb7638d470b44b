"""Papers by the addresses and DOIs that a record gives: the DOI only where the address makes it certain; places are kept."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from emkg.model import Curie, Paper
from emkg.sources._crosswalk import rows
from emkg.stated import Text, Whole

_DOI = re.compile(r"10\.\d{4,9}/[!$()*+,\-./0-9:;=@A-Z_a-z~]+")
"""As far as an address or a sentence has one: printable ASCII that needs no escape in an IRI."""
_BEHIND = re.compile(r"(?:\.full(?:\.pdf|-text)?|\.abstract|\.pdf|/full|/abstract|/pdf|/meta|/html)+$", re.IGNORECASE)
_SERVED = re.compile(r"(10\.(?:1101|64898)/[\d.]+|10\.48550/arxiv\.[\d.]+)(v\d+)?", re.ASCII)
"""bioRxiv, medRxiv (10.1101, 10.64898) and arXiv number the versions of a preprint; the DOI is of all of them."""


def doi_of(words: Text | None) -> tuple[Text | None, str]:
    """The DOI that an address or a text holds or stands for, in lower case, and the version that is served ("v2"), if any.

    >>> doi_of(Text("https://www.biorxiv.org/content/10.1101/2020.10.14.338681v2.full.pdf"))
    ('10.1101/2020.10.14.338681', 'v2')
    >>> doi_of(Text("https://www.nature.com/articles/s41586-021-03977-3"))[0], doi_of(Text("https://elifesciences.org/articles/25916"))[0]
    ('10.1038/s41586-021-03977-3', '10.7554/elife.25916')
    >>> doi_of(Text("https://rupress.org/jcb/article-pdf/222/2/e202208005/1444783/jcb_202208005.pdf"))
    (None, '')
    """
    if not words:
        return None, ""
    found = _DOI.search(unquote(words))
    stated = found[0] if found else _by_address(words)
    plain = _BEHIND.sub("", stated.rstrip(".,;:)]}*/")).rstrip(".,;:)]}*/").lower()
    if not _DOI.fullmatch(plain):
        return None, ""
    served = _SERVED.fullmatch(plain)
    return (Text(served[1], words.at), served[2] or "") if served else (Text(plain, words.at), "")


def _by_address(words: str) -> str:
    """The DOI that data/crosswalks/doi-address.tsv makes of an article's address, or nothing."""
    try:
        parts = urlsplit(words)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    for row in rows("doi-address"):
        if host == row["host"] and parts.path.startswith(row["path"]):
            last = parts.path.removeprefix(row["path"]).split("/")[0]
            return row["doi"] + last if last and row["doi"] else ""
    return ""


def is_of_article(address: str) -> bool:
    """Whether an address is the page of an article, by the host and path of data/crosswalks/doi-address.tsv, or by its DOI.

    >>> is_of_article("https://openreview.net/forum?id=ExBq9A8Ypk"), is_of_article("https://zenodo.org/records/8351731")
    (True, False)
    """
    doi, _ = doi_of(Text(address))
    if doi is not None:
        return not is_of_data(doi)
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return False
    return any(host == row["host"] and parts.path.startswith(row["path"]) for row in rows("doi-address"))


def is_of_data(doi: str) -> bool:
    """Whether a DOI is one of a repository of data, by data/crosswalks/doi-prefix.tsv.

    >>> is_of_data("10.5281/zenodo.5760218"), is_of_data("10.7554/elife.57443")
    (True, False)
    """
    return any(doi.partition("/")[0] == row["prefix"] for row in rows("doi-prefix"))


def paper(
    slug: str,
    *,
    title: Text | None = None,
    address: Text | None = None,
    authors: Text | None = None,
    year: Whole | None = None,
) -> Paper:
    """A paper of what is known of it; ``address`` may be an address or a DOI.

    >>> made = paper("a-1", address=Text("https://doi.org/10.1101/217745v2", "/url"), authors=Text("Hider et al.", "/authors"))
    >>> made.doi, made.served_version, made.first_author, made.url
    ('10.1101/217745', 'v2', 'Hider', '')
    """
    doi, version = doi_of(address)
    preprint = doi is not None and bool(_SERVED.fullmatch(doi))
    return Paper(
        slug,
        title or "",
        doi=doi or "",
        url="" if address is None or doi is not None or "://" not in address else address,
        first_author=_first(authors),
        authors_as_stated=authors or "",
        year=year,
        served_version=Text(version, address.at) if version and address is not None else "",
        classes=(Curie("fabio:Preprint"),) if preprint else (),
    )


def _first(authors: Text | None) -> str:
    """The first author, where the words begin with one name and tell that more follow ("Wanner et al.", "A, B and C")."""
    if authors is None:
        return ""
    first = re.split(r"\s+et\.? al\b|\s+and\s|\s*&\s*|[,;]|\s*/\s*", authors, maxsplit=1, flags=re.IGNORECASE)[
        0
    ].strip()
    return Text(first, authors.at) if first and len(first) <= 60 and first != authors.strip() else ""
