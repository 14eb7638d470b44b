"""What a source's words and term names stand for: lookups in data/crosswalks/, each of which keeps the place of the word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

from emkg.model import Concept, Curie
from emkg.sources._crosswalk import find, rows, terms
from emkg.stated import Text
from emkg.vocab import prefixes

_TERM = re.compile(r"(?:obo:|http://purl\.obolibrary\.org/obo/)?([A-Za-z]+)[:_](?:txid)?([A-Za-z0-9]+)", re.ASCII)
_PREFIX = {"ncbi": "NCBITaxon", "ncbitaxon": "NCBITaxon", "fbbi": "FBbi"}
_IN_OBO = (
    "PATO",
    "MONDO",
    "PO",
    "DOID",
    "BTO",
    "HsapDv",
    "MmusDv",
    "WBls",
    "WBbt",
    "ZFA",
    "ZFS",
    "FYPO",
    "FBdv",
    "NCIT",
    "FMA",
    "MA",
)


@lru_cache(maxsize=8192)
def term(text: str | None) -> Curie | None:
    """The CURIE of a term name in any of its spellings, or None for what names no term of a vocabulary we know.

    >>> term("NCBI:txid9606"), term("obo:FBbi_00000585"), term("CVCL_L690"), term("GO:0005741"), term("Mus musculus")
    ('NCBITaxon:9606', 'FBbi:00000585', 'CVCL:L690', 'GO:0005741', None)
    """
    found = _TERM.fullmatch(text.strip()) if text else None
    if found is None:
        return None
    given, local = _PREFIX.get(found[1].casefold(), found[1]), found[2]
    known = {prefix.casefold(): prefix for prefix in prefixes()}
    if given.casefold() in known and not (given == "NCBITaxon" and not local.isdigit()):
        return Curie(f"{known[given.casefold()]}:{local}")
    upper = {one.casefold(): one for one in _IN_OBO}.get(given.casefold())
    return Curie(f"obo:{upper}_{local}") if upper and local.isdigit() else None


def concept(name: str | None, label: Text | None) -> Concept | None:
    """The term with the label that the source gives it; None unless there are both."""
    found = term(name)
    return Concept(found, label) if found and label else None


def one(table: str, column: str, word: str | None) -> Curie | None:
    """The single term of a word, or None where no row has the word or the row leaves it open."""
    found = many(table, column, word)
    return found[0] if found else None


def many(table: str, column: str, word: str | None) -> tuple[Curie, ...]:
    """The terms of a word; none where no row has it."""
    row = find(table, word) if word else None
    return tuple(Curie(name) for name in terms(row, column)) if row else ()


def local(table: str, column: str, word: str | None) -> str:
    """The local name of one of our individuals for a word, or nothing."""
    row = find(table, word) if word else None
    return row[column] if row else ""


def taxon(word: str | None) -> Curie | None:
    """The taxon of a species' name or of a taxon's identifier."""
    named = term(word)
    return named if named and named.startswith("NCBITaxon:") else one("species", "taxon", word)


def techniques(word: str | None) -> tuple[Curie, ...]:
    """The technique classes of a technique's name or of a method's term."""
    return many("technique", "technique", word)


def regions(word: str | None) -> tuple[Curie, ...]:
    """The places in a body that a word names."""
    return many("region", "region", word)


def structures(words: Iterable[Text]) -> tuple[tuple[Curie, ...], tuple[Text, ...]]:
    """The parts of cells that words name, and the words that no row has.

    >>> structures([Text("Mitochondria", "/0"), Text("thingummy", "/1")])
    (('GO:0005739',), ('thingummy',))
    """
    terms_, rest = list[Curie](), list[Text]()
    for word in words:
        found = many("structure", "structure", word)
        terms_ += found
        rest += [] if found else [word]
    return tuple(dict.fromkeys(terms_)), tuple(dict.fromkeys(rest))


def licence(word: str | None) -> Curie | None:
    """The licence that a word, a name of SPDX or an address stands for."""
    return one("licence", "licence", word.rstrip("/") if word else None)


def file_format(word: str | None) -> str:
    """The local name of a file format."""
    return local("file-format", "format", word)


def voxel_type(word: str | None) -> str:
    """The local name of a voxel type."""
    return local("voxel-type", "voxel_type", word)


def image_category(word: str | None) -> str:
    """The local name of an image category."""
    return local("image-category", "category", word)


def sample_kind(word: str | None) -> str:
    """The local name of a sample kind."""
    return local("sample-kind", "kind", word)


def record_status(word: str | None) -> str:
    """The local name of a record's status, or nothing."""
    return local("record-status", "status", word)


def country(word: str | None) -> str:
    """The two letters of a country (ISO 3166-1), or nothing."""
    return local("country", "code", word)


def host(url: str) -> str | None:
    """The slug of the host that serves an address, by the longest suffix in data/crosswalks/host.tsv; None for one that it lacks.

    Of a bucket that no row names, the scheme tells the host.

    >>> host("https://bossdb.org/project/kasthuri2015"), host("gs://h01-release/data")
    ('bossdb', 'google-storage')
    """
    parts = urlsplit(url)
    name = (parts.hostname or "").casefold()
    found = [row for row in rows("host") if f".{name}".endswith(f".{row['suffix']}")]
    longest = max(found, key=lambda row: len(row["suffix"]), default=None)
    return longest["host"] if longest else local("host", "host", f"{parts.scheme}:") or None


def modality(word: str | None) -> str:
    """What a record's images were made with, by data/crosswalks/modality.tsv: "electron", "light", "X-ray", "other" or "".

    >>> modality("obo:MI_1024"), modality("iDisco"), modality("a word that no row has")
    ('electron', 'light', '')
    """
    return local("modality", "modality", word)


def access_role(url: str) -> str:
    """What is behind an address, by data/crosswalks/access-role.tsv: a row of the address itself, else of its host, else nothing.

    >>> access_role("https://cremi.org/data/"), access_role("https://zenodo.org/records/8351731"), access_role("https://example.org/")
    ('landingPage', 'landingPage', '')
    """
    of_url = [row["role"] for row in rows("access-role") if row["match"] == "url" and row["key"] == url]
    name = host(url)
    of_host = [row["role"] for row in rows("access-role") if row["match"] == "host" and row["key"] == name]
    return next(iter(of_url + of_host), "")
