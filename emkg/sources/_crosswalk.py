"""What do the words of a source stand for? The crosswalks and the registry under data/, each row with its authority."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from emkg.errors import RecordError
from emkg.paths import data_dir

_SIGNS = str.maketrans({"μ": "µ", "³": "3", "²": "2", "\xa0": " ", "’": "'", "*": " "})


def key(word: str) -> str:
    """The form in which words are compared: case, blanks and raised digits do not count.

    >>> key("  MICrONS Cortical\\nmm³ ") == key("microns cortical mm3")
    True
    """
    return " ".join(word.translate(_SIGNS).casefold().split())


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of data/crosswalks/{name}.tsv, or of data/registry.tsv; lines that begin with # are remarks."""
    path = data_dir() / ("registry.tsv" if name == "registry" else f"crosswalks/{name}.tsv")
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    heads = lines[0].split("\t")
    for line in lines[1:]:
        if line.count("\t") != len(heads) - 1:
            raise RecordError(f"not {len(heads)} columns: {line!r}", path.name, "put one tab between two columns")
    return tuple(dict(zip(heads, line.split("\t"), strict=True)) for line in lines[1:])


@cache
def _by_first(name: str) -> dict[str, dict[str, str]]:
    return {key(next(iter(row.values()))): row for row in rows(name)}


def find(name: str, word: str) -> dict[str, str] | None:
    """The row of a crosswalk for a word, or None.

    >>> find("species", "Mouse")["taxon"]
    'NCBITaxon:10090'
    """
    return _by_first(name).get(key(word))


def terms(row: dict[str, str], column: str) -> tuple[str, ...]:
    """The terms in a column: several are parted by a bar, none where the word is known to be unresolvable."""
    return tuple(filter(None, row[column].split("|")))


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the registry: a slug that is never changed, what it is of, and the names it goes by."""

    slug: str
    kind: str
    name: str
    aliases: tuple[str, ...]


@cache
def registry() -> dict[tuple[str, str], Entry]:
    """(kind, slug) → entry."""
    entries = (Entry(row["slug"], row["kind"], row["name"], terms(row, "aliases")) for row in rows("registry"))
    return {(entry.kind, entry.slug): entry for entry in entries}


@cache
def _by_name() -> dict[tuple[str, str], Entry]:
    return {(entry.kind, key(name)): entry for entry in registry().values() for name in (entry.name, *entry.aliases)}


def named(kind: str, name: str) -> Entry | None:
    """The entry of a kind that goes by a name, or None.

    >>> named("dataset", "Kasthuri15").slug
    'kasthuri'
    """
    return _by_name().get((kind, key(name)))
