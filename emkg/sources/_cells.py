"""What does one cell of a dataset's row say: a size, counts, links, references, or a word for species or technique?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from emkg.errors import RecordError
from emkg.grammar import Amount, Size, counts, size, storage
from emkg.ids import slugify
from emkg.markup import html_inline, markdown_inline
from emkg.model import AccessPoint, Cell, Count, Curie, Fault, Paper, Triplet
from emkg.sources._crosswalk import find, key, rows, terms
from emkg.sources._papers import References, authors_of, is_iri

# Role → the model's unit and the kind of extent.
_UNITS = {
    "extent": ("µm", "nominal"),
    "voxel": ("nm", ""),
    "gt-extent": ("µm", "nominal"),
    "gt-voxel": ("nm", ""),
    "gt-grid": ("voxel", "grid"),
}
_URL = re.compile(r"https?://[^\s<>\"]+")


@dataclass(slots=True)
class Reader:
    """Reads the cells of one table; faults are gathered, and URLs remembered so that one slug never names two."""

    path: str
    table: str
    html: bool
    references: References
    urls: dict[str, str]
    units: dict[str, str]
    faults: list[Fault] = field(default_factory=list)

    def fault(self, cell: Cell, reason: str, text: str = "") -> None:
        """Notes that a cell, or a part of it, could not be read."""
        self.faults.append(Fault(self.path, cell.line, cell.column, reason, text or cell.text))

    def terms(self, crosswalk: str, column: str, cell: Cell) -> tuple[Curie, ...]:
        """The terms for the words of a cell; none, and a fault, where no crosswalk row or no certain term is there."""
        if not cell.text:
            return ()
        row = find(crosswalk, cell.text)
        if row is None:
            self.fault(cell, f"a word that {crosswalk}.tsv does not have")
        elif not row[column]:
            self.fault(cell, row["authority"])
        return tuple(Curie(term) for term in terms(row, column)) if row else ()

    def size(self, role: str, cell: Cell) -> Size:
        """The size in a cell; a form that cannot be read, or that one volume cannot hold, is kept as stated."""
        unit, kind = _UNITS[role]
        if not cell.text:
            return Size()
        stated = Triplet(None, None, None, as_stated=cell.text)
        try:
            read = size(cell.text, unit=unit, stated_in=self.units.get(role, ""))
        except RecordError as error:
            self.fault(cell, error.what)
            return Size(stated)
        if read.alternatives or read.lower is not None:
            self.fault(cell, "several values for one volume, kept as stated")
        if read.remark:
            self.fault(cell, "a remark on a size, kept as stated", read.remark)
        lengths = read.lengths or stated
        return replace(read, lengths=replace(lengths, as_stated=cell.text, kind=lengths.kind or kind))

    def counts(self, dataset: str, cell: Cell, scope: str) -> tuple[Count, ...]:
        """The counts in a cell, those in brackets as parts of the one before."""
        try:
            amounts = counts(cell.text)
        except RecordError as error:
            self.fault(cell, error.what)
            return ()
        flat = [*amounts, *(part for one in amounts for part in one.parts)]
        kinds = [self._counted(cell, one)[1] for one in flat]
        found: list[Count] = []
        for one in amounts:
            whole = self._count(dataset, cell, one, scope, kinds, None)
            found += [whole] if whole else []
            parts = (
                self._count(dataset, cell, part, scope, kinds, whole.slug if whole else None) for part in one.parts
            )
            found += [part for part in parts if part]
        for one in flat:
            if not self._counted(cell, one)[0]:
                reason = "a number of what is not said" if not one.noun else "a word that countable.tsv does not have"
                self.fault(cell, reason, one.noun or one.as_stated)
        return tuple(found)

    def _counted(self, cell: Cell, amount: Amount) -> tuple[str, str]:
        row = find("countable", amount.noun) or find("countable", f"{amount.noun}s")
        return (row["countable"], row["slug"]) if row and amount.noun else ("", "")

    def _count(
        self, dataset: str, cell: Cell, amount: Amount, scope: str, kinds: list[str], whole: str | None
    ) -> Count | None:
        countable, slug = self._counted(cell, amount)
        if not countable:
            return None
        number = amount.value if amount.value is not None else amount.minimum
        several = f"-{number}" if kinds.count(slug) > 1 else ""
        return Count(
            f"{dataset}-{slug}{several}",
            Curie(countable),
            amount.as_stated,
            amount.value,
            amount.minimum,
            amount.maximum,
            amount.comparator,
            scope=scope,
            sub_count_of=whole,
            rounded=amount.rounded,
        )

    def links(self, dataset: str, cell: Cell) -> Iterator[AccessPoint]:
        """The links of a cell; a URL that stands there bare is a link too."""
        inline = html_inline(cell.verbatim) if self.html else markdown_inline(cell.verbatim)
        read = [(one.label, one.url) for one in inline.links]
        rest = " ".join([*(one.before for one in inline.links), inline.after if inline.links else inline.text])
        read += [("", url) for url in _URL.findall(rest)]
        if left := " ".join(_URL.sub(" ", rest).split()).strip(" ,;"):
            self.fault(cell, "words in a cell of links", left)
        for label, url in read:
            if not is_iri(url):
                self.fault(cell, "the link is no IRI", url)
            else:
                yield self._access_point(dataset, "" if label == url else label, url)

    def _access_point(self, dataset: str, label: str, url: str) -> AccessPoint:
        name = (urlsplit(url).hostname or "").removeprefix("www.")
        host = next((row["host"] for row in rows("host") if f".{name}".endswith(f".{row['suffix']}")), None)
        row = self._role(label, url, host)
        slug = f"{dataset}-{slugify(label) or host or slugify(name)}"
        if self.urls.setdefault(slug, url) != url:
            slug = f"{slug}-{slugify(urlsplit(url).path) or 'home'}"
        role = row["role"] if row else None
        conforms_to = Curie(row["conforms_to"]) if row and row["conforms_to"] else None
        return AccessPoint(slug, url, label, host, role, conforms_to)

    def _role(self, label: str, url: str, host: str | None) -> dict[str, str] | None:
        """The row that says what is to be had there: by URL, else label, else table, else host."""
        found = {row["match"]: row for row in rows("access-role") if self._fits(row, label, url, host)}
        return next((found[match] for match in ("url", "label", "table", "host") if match in found), None)

    def _fits(self, row: dict[str, str], label: str, url: str, host: str | None) -> bool:
        given = {"url": url, "label": key(label), "table": self.table, "host": host or ""}
        return given[row["match"]] == row["key"]

    def papers(self, dataset: str, cell: Cell) -> Iterator[Paper]:
        """The papers that a cell refers to, found in the version's own list by author, year and dataset."""
        if not cell.text:
            return
        inline = html_inline(cell.verbatim) if self.html else markdown_inline(cell.verbatim)
        if not inline.links:
            self.fault(cell, "a reference without a link to a year")
        for link in inline.links:
            year = re.search(r"#(\d{4})$", link.url) or re.fullmatch(r"(\d{4})", link.label)
            first, stated = authors_of(link.before)
            if not first or year is None:
                self.fault(cell, "a reference without an author" if year else "a reference without a year")
                continue
            found = self.references.resolve(first, int(year[1]), dataset)
            if found is None:
                self.fault(cell, "a reference that the list's own references do not have")
            else:
                yield Paper(found.slug, doi=found.doi, first_author=first, authors_as_stated=stated, year=int(year[1]))

    def bytes(self, points: tuple[AccessPoint, ...], cell: Cell) -> tuple[AccessPoint, ...]:
        """The access points with the storage size that a cell states."""
        try:
            number = storage(cell.text)[0] if cell.text else None
        except RecordError as error:
            self.fault(cell, error.what)
            return points
        return tuple(replace(one, byte_size=number, byte_size_as_stated=cell.text) for one in points)
