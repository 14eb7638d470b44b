"""Awesome lists of EM datasets: Markdown with tables of datasets, reference lists by year, and lists of links."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from emkg.ids import slugify
from emkg.model import (
    Dataset,
    Fault,
    Reading,
    Reconstruction,
    Relation,
    SourceTable,
    SourceVersion,
    Statement,
    Volume,
)
from emkg.sources._awesome_example import EXAMPLE
from emkg.sources._base import Document, Raw
from emkg.sources._cells import Reader
from emkg.sources._crosswalk import Entry, find, named, registry
from emkg.sources._datasets import PART, SUB_VOLUME, Describer, Known, note_relations, volume_of
from emkg.sources._facts import cells_of, record, rows_of, version_of
from emkg.sources._rows import Group, groups, roles_of
from emkg.sources._sections import Sections, read_sections


@dataclass(frozen=True, slots=True)
class _Table:
    """A table with the roles of its columns and its rows in groups."""

    source: SourceTable
    html: bool
    roles: dict[int, str]
    groups: tuple[Group, ...]

    @property
    def lead(self) -> str:
        """The role by which its rows are grouped."""
        return "full-set" if "full-set" in self.roles.values() else "name"


class AwesomeList(Document):
    """The list "Awesome vEM Datasets" (earlier "Awesome EM Datasets"), and others of its form."""

    name = "awesome-list"
    title = "Awesome vEM Datasets"
    homepage = "https://github.com/JackieZhai/awesome-vem-datasets"
    licence = "MIT"
    example: ClassVar[Raw] = EXAMPLE

    def fetch(self, path: Path, *, commit: str = "", date: str = "") -> Iterator[Raw]:
        """The record of a Markdown file, or of all those of a folder; commit and day are known or given, else none."""
        yield record(path, commit=commit, date=date)

    def read(self, raw: Raw) -> Reading:
        """What a version of the list says."""
        version = version_of(raw)
        faults = [Fault(**fault) for fault in raw["faults"]]
        sections = read_sections(raw["facts"])
        tables = _tables(sections, faults)
        known = _known(tables)
        statements = _rows(version, tables, sections, known, faults)
        documented: dict[str, set[str]] = {}
        for statement in statements:
            for dataset in statement.datasets:
                for paper in dataset.papers:
                    documented.setdefault(paper.slug, set()).add(dataset.slug)
        statements += sections.statements((version.document, version.short), documented)
        ordered = sorted(
            {*faults, *sections.faults}, key=lambda one: (one.path, one.line, one.column, one.reason, one.text)
        )
        return Reading(version, tuple(table.source for table in tables), tuple(statements), tuple(ordered))


def _tables(sections: Sections, faults: list[Fault]) -> list[_Table]:
    found: list[_Table] = []
    for fact, heading in sections.tables:
        row = find("section", heading)
        slug = (row["table"] if row else "") or slugify(heading) or "table"
        same = sum(1 for table in found if table.source.slug.rstrip("-0123456789") == slug.rstrip("-0123456789"))
        taken = {table.source.slug for table in found}
        slug = slug if slug not in taken else f"{slug}-{same + 1}"
        heads, rows = cells_of(fact["heads"]), rows_of(fact["rows"])
        source = SourceTable(slug, fact["path"], fact["line"], heads, rows, heading)
        roles = roles_of(heads, fact["path"], faults)
        lead = "full-set" if "full-set" in roles.values() else "name"
        if lead not in roles.values():
            faults.append(
                Fault(fact["path"], fact["line"], fact["column"], "a table without a column of names", heading)
            )
            found.append(_Table(source, fact["html"], {}, ()))
        else:
            grouped = tuple(groups(rows, roles, lead, fact["path"], faults))
            found.append(_Table(source, fact["html"], roles, grouped))
    return found


def _known(tables: list[_Table]) -> Known:
    """Which volumes have rows that say how they were imaged, and which are parts of others, over all tables."""
    known = Known()
    for table in tables:
        for group in table.groups:
            entry = named("dataset", group.first[table.lead].text)
            if entry is None:
                continue
            volumes = [volume_of(entry.slug, cells, len(group.rows) > 1) for cells in group.cells]
            if table.html:
                known.titles.setdefault(entry.slug, group.first[table.lead].text.replace("\n", " "))
            if "technique" in table.roles.values():
                stated = zip(volumes, group.cells, strict=True)
                known.described |= {
                    one.slug for one, cells in stated if one and "technique" in cells and cells["technique"].text
                }
            for one in (one for cell in group.distinct("note") for one in note_relations(entry.slug, cell.text)):
                if one.predicate == SUB_VOLUME:
                    known.parts[one.subject] = one.object
    for table in tables:
        if table.lead == "full-set":
            for group in table.groups:
                known.parts |= _parts(group, known)
    return known


def _parts(group: Group, known: Known) -> dict[str, str]:
    """Subset volume → full volume of a row, where the subset would not lose what its own row says by it."""
    full = named("dataset", group.first["full-set"].text)
    if full is None or ("volume", full.slug) not in registry():
        return {}
    subsets = [one.slug for one in _subsets(group) if ("volume", one.slug) in registry()]
    return {one: full.slug for one in subsets if full.slug in known.described or one not in known.described}


def _subsets(group: Group) -> list[Entry]:
    """The datasets that a cell of subsets names: by its whole, else by its parts between slashes."""
    text = group.first["subset"].text if "subset" in group.first else ""
    whole = named("dataset", text)
    parts = [whole] if whole else [named("dataset", part) for part in text.split("/")]
    return list(dict.fromkeys(one for one in parts if one is not None)) if all(parts) else []


def _rows(
    version: SourceVersion, tables: list[_Table], sections: Sections, known: Known, faults: list[Fault]
) -> list[Statement]:
    found: list[Statement] = []
    urls: dict[str, str] = {}
    for table in tables:
        units = {role: _unit(table, place) for place, role in table.roles.items()}
        reader = Reader(table.source.path, table.source.slug, table.html, sections.references, urls, units, faults)
        describer = Describer(reader, known, frozenset(table.roles.values()))
        for group in table.groups:
            statement = describer.statement(group, (version.document, version.short), lead=table.lead)
            if statement is not None and statement.datasets and table.lead == "full-set":
                statement = _with_subsets(statement, group, reader, known)
            if statement is not None:
                found.append(statement)
    return found


def _unit(table: _Table, place: int) -> str:
    """The unit that the head of a column states, by column.tsv."""
    head = next(head for head in table.source.heads if head.column_index == place)
    row = find("column", head.text)
    return row["unit"] if row else ""


def _with_subsets(statement: Statement, group: Group, reader: Reader, known: Known) -> Statement:
    """A row of full set, subset and connectome: subsets are datasets too, a connectome is made from the full set."""
    full = statement.datasets[0]
    subsets, subset = _subsets(group), group.first.get("subset")
    if not subsets and subset is not None and subset.text:
        reader.fault(subset, "a name that registry.tsv does not have")
    datasets = [full, *(_subset(one, full, known) for one in subsets)]
    connectome = group.first.get("connectome")
    if connectome is not None and connectome.text:
        made = named("reconstruction", connectome.text)
        if made is None:
            reader.fault(connectome, "a name that registry.tsv does not have")
        else:
            kind = "volume" if ("volume", full.slug) in registry() else "dataset"
            derived = Reconstruction(made.slug, made.name, kind, full.slug)
            datasets[0] = replace(full, reconstructions=(derived,))
    return replace(statement, datasets=tuple(datasets))


def _subset(entry: Entry, full: Dataset, known: Known) -> Dataset:
    title = known.titles.get(entry.slug, entry.name)
    if known.parts.get(entry.slug) == full.slug:
        return Dataset(entry.slug, title, volumes=(Volume(entry.slug, entry.name, sub_volume_of=full.slug),))
    return Dataset(entry.slug, title, relations=(Relation("dataset", entry.slug, PART, "dataset", full.slug),))
