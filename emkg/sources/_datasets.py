"""What does a group of rows say of its dataset: volumes, counts, access points, papers, relations?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from emkg.model import (
    AccessPoint,
    Acquisition,
    Cell,
    Count,
    Curie,
    Dataset,
    Named,
    Reconstruction,
    Relation,
    Sample,
    Statement,
    Volume,
)
from emkg.sources._cells import Reader
from emkg.sources._crosswalk import Entry, key, named, registry, rows
from emkg.sources._rows import Group

SUB_VOLUME = Curie("emkg:isSubVolumeOf")
PART = Curie("dcterms:isPartOf")


@dataclass(slots=True)
class Known:
    """What a version's tables say of one another: volumes with rows of their own, what each is part of, titles."""

    described: set[str] = field(default_factory=set)
    parts: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)


def note_relations(dataset: str, note: str) -> tuple[Relation, ...]:
    """The relations that a note makes, by note.tsv."""
    found = (row for row in _notes(dataset, note) if row["effect"] == "relation")
    return tuple(relation(row["subject"], Curie(row["predicate"]), row["object"]) for row in found)


def relation(subject: str, predicate: Curie, object_: str) -> Relation:
    """A relation of two things written as kind/slug."""
    return Relation(*subject.split("/"), predicate, *object_.split("/"))  # type: ignore[call-arg, arg-type]


def _notes(dataset: str, note: str) -> Iterable[dict[str, str]]:
    return (row for row in rows("note") if row["dataset"] == dataset and key(row["note"]) == key(note))


def volume_of(dataset: str, cells: dict[str, Cell], several: bool) -> Entry | None:
    """The volume that a row describes: the one that volume.tsv tells by a cell, else the dataset's only one."""
    for row in rows("volume"):
        cell = cells.get(row["role"])
        if (
            row["dataset"] == dataset
            and cell
            and key(cell.text.replace("x", "×")) == key(row["text"].replace("x", "×"))
        ):
            return registry()["volume", row["volume"]]
    return None if several else registry().get(("volume", dataset))


@dataclass(slots=True)
class Describer:
    """Makes datasets out of the groups of one table."""

    reader: Reader
    known: Known
    roles: frozenset[str]

    def statement(self, group: Group, graph: tuple[str, ...], *, lead: str = "name") -> Statement | None:
        """What a group says; None, and a fault, where its name is not in the registry."""
        cell = group.first[lead]
        indices = tuple(row.index for row in group.rows)
        said = Statement((*graph, self.reader.table, f"{indices[0]:02d}"), rows=indices, table=self.reader.table)
        if entry := named("dataset", cell.text):
            dataset, things = self._dataset(entry, group, cell)
            return replace(said, datasets=(dataset,), things=things)
        if entry := named("resource", cell.text):
            return replace(said, things=self._resource(entry, group))
        self.reader.fault(cell, "a name that registry.tsv does not have")
        return None

    def _resource(self, entry: Entry, group: Group) -> tuple[Named, ...]:
        """What a table of datasets lists that is none, such as a benchmark: by its name and links."""
        points = self._links(entry, group)
        return (Named("resource", entry.slug, entry.name, points[0].url if points else ""),)

    def _dataset(self, entry: Entry, group: Group, cell: Cell) -> tuple[Dataset, tuple[Named, ...]]:
        notes = [one.text for one in group.distinct("note") if one.text]
        titles = [row["note"] for note in notes for row in _notes(entry.slug, note) if row["effect"] == "title"]
        for one in group.distinct("note"):
            if one.text and not list(_notes(entry.slug, one.text)):
                self.reader.fault(one, "a note that note.tsv does not have")
        title = cell.text if self.reader.html else self.known.titles.get(entry.slug, entry.name)
        if key(title) != key(cell.text):
            titles.append(cell.text)
        relations = tuple(one for note in notes for one in note_relations(entry.slug, note))
        volumes = tuple(self._volumes(entry, group))
        own = {volume.slug for volume in volumes}
        relations = tuple(one for one in relations if one.predicate != SUB_VOLUME or one.subject not in own)
        dataset = Dataset(
            entry.slug,
            title.replace("\n", " "),
            tuple(titles),
            volumes,
            tuple(count for one in group.distinct("number") for count in self._counts(entry, group, one)),
            self._links(entry, group),
            tuple(one for place in group.distinct("reference") for one in self.reader.papers(entry.slug, place)),
            relations,
            tuple(self._ground_truth(entry, group)),
            "\n".join(notes),
        )
        methods = {one.object for one in relations if one.object_kind == "method"}
        return dataset, tuple(Named("method", slug, registry()["method", slug].name) for slug in sorted(methods))

    def _counts(self, entry: Entry, group: Group, cell: Cell) -> tuple[Count, ...]:
        """Counts of the dataset where one cell spans its rows, else of the volume of the cell's row."""
        shared = len(group.distinct("number")) == 1
        if shared:
            return self.reader.counts(entry.slug, cell, "datasetScope") if cell.text else ()
        cells = next(row for row in group.cells if row.get("number") is cell)
        volume = volume_of(entry.slug, cells, len(group.rows) > 1)
        return self.reader.counts(volume.slug if volume else entry.slug, cell, "perVolumeScope") if cell.text else ()

    def _links(self, entry: Entry, group: Group) -> tuple[AccessPoint, ...]:
        points = tuple(one for cell in group.distinct("link") for one in self.reader.links(entry.slug, cell))
        for cell in group.distinct("storage"):
            points = self.reader.bytes(points, cell)
        return points

    def _volumes(self, entry: Entry, group: Group) -> Iterable[Volume]:
        several = len(group.rows) > 1
        for row, cells in zip(group.rows, group.cells, strict=True):
            volume = volume_of(entry.slug, cells, several)
            if volume is not None:
                yield self._volume(volume, cells)
            else:
                cell = next(iter(row.cells))
                self.reader.fault(cell, "a row of a volume that volume.tsv or registry.tsv does not tell")

    def _volume(self, entry: Entry, cells: dict[str, Cell]) -> Volume:
        words = {role: cells[role] for role in ("species", "region", "technique") if role in cells}
        taxa = self.reader.terms("species", "taxon", words["species"]) if "species" in words else ()
        regions = self.reader.terms("region", "region", words["region"]) if "region" in words else ()
        techniques = self.reader.terms("technique", "technique", words["technique"]) if "technique" in words else ()
        volume = Volume(
            entry.slug,
            entry.name,
            stated_species=words["species"].text if "species" in words else "",
            stated_region=words["region"].text if "region" in words else "",
            stated_technique=words["technique"].text if "technique" in words else "",
        )
        volume = self._sized(volume, cells)
        parent = self.known.parts.get(entry.slug)
        if parent is not None:
            return replace(volume, sub_volume_of=parent if self._says_part(entry, cells) else None)
        if "technique" in self.roles or entry.slug not in self.known.described:
            sample = Sample(entry.slug, taxa[0] if taxa else None, regions)
            return replace(volume, sample=sample, acquisition=Acquisition(entry.slug, techniques))
        return volume

    def _says_part(self, entry: Entry, cells: dict[str, Cell]) -> bool:
        """Whether the row itself says, by its note, that the volume is part of another."""
        note, name = cells.get("note"), cells.get("name")
        dataset = named("dataset", name.text) if name else None
        found = note_relations(dataset.slug, note.text) if note and dataset else ()
        return any(one.predicate == SUB_VOLUME and one.subject == entry.slug for one in found)

    def _sized(self, volume: Volume, cells: dict[str, Cell]) -> Volume:
        extent = self.reader.size("extent", cells["extent"]) if "extent" in cells else None
        voxel = self.reader.size("voxel", cells["voxel"]) if "voxel" in cells else None
        if voxel is not None:
            volume = replace(volume, voxel=voxel.lengths)
        if extent is None:
            return volume
        return replace(
            volume,
            extent=extent.lengths,
            multiplicity=extent.multiplicity,
            section_count=extent.section_count,
            section_thickness=extent.section_thickness,
            total_volume=extent.total_volume,
            voxel_count=int(extent.total_voxels) if extent.total_voxels is not None else None,
        )

    def _ground_truth(self, entry: Entry, group: Group) -> Iterable[Reconstruction]:
        """The ground truth that a row states by a size or resolution of its own, one for each volume."""
        for cells in group.cells:
            stated = {role: cells[role] for role in ("gt-extent", "gt-voxel", "gt-grid") if role in cells}
            volume = volume_of(entry.slug, cells, len(group.rows) > 1)
            truth = registry().get(("reconstruction", f"{volume.slug}-ground-truth")) if volume else None
            if not any(cell.text for cell in stated.values()) or volume is None:
                continue
            if truth is None:
                self.reader.fault(next(iter(stated.values())), "a ground truth that registry.tsv does not have")
                continue
            sizes = {role: self.reader.size(role, cell).lengths for role, cell in stated.items()}
            yield Reconstruction(
                truth.slug,
                truth.name,
                "volume",
                volume.slug,
                sizes.get("gt-voxel"),
                sizes.get("gt-extent"),
                sizes.get("gt-grid"),
            )
