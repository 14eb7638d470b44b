"""What a source says, as frozen values: datasets, volumes, samples, counts, access points. No RDF in here.

Lengths are decimals in one unit: voxels in nm, extents in µm. ``None`` is "not stated", never zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NewType

Curie = NewType("Curie", str)
"""A name such as ``UBERON:0002436`` that emkg.vocab.iri turns into an IRI; full IRIs pass as they are."""


@dataclass(frozen=True, slots=True)
class Triplet:
    """Three lengths; any may be unstated. ``kind`` is the local name of an extent kind (nominal, perSide …)."""

    x: Decimal | None
    y: Decimal | None
    z: Decimal | None
    as_stated: str = ""
    approximate: bool = False
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """What was imaged: taxon and regions as resolved by a crosswalk, and the words that the source used."""

    slug: str
    taxon: Curie | None = None
    regions: tuple[Curie, ...] = ()


@dataclass(frozen=True, slots=True)
class Acquisition:
    """How it was imaged: technique classes as resolved by a crosswalk."""

    slug: str
    techniques: tuple[Curie, ...] = ()


@dataclass(frozen=True, slots=True)
class Volume:
    """One voxel block of one sample by one acquisition; the ``stated_*`` words are the source's own."""

    slug: str
    title: str
    voxel: Triplet | None = None
    extent: Triplet | None = None
    sample: Sample | None = None
    acquisition: Acquisition | None = None
    sub_volume_of: str | None = None
    stated_species: str = ""
    stated_region: str = ""
    stated_technique: str = ""
    multiplicity: int | None = None
    section_count: int | None = None
    section_thickness: Decimal | None = None
    total_volume: Decimal | None = None
    voxel_count: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A number of things; comparator and role are local names of our individuals (exactly, atLeast …; validationSet …)."""

    slug: str
    counted: Curie
    as_stated: str
    value: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    comparator: str = "exactly"
    role: str = ""
    scope: str = "datasetScope"
    sub_count_of: str | None = None
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """Where something is to be had: the URL as stated, the host's slug, the local name of the access role."""

    slug: str
    url: str
    label: str = ""
    host: str | None = None
    role: str | None = None
    conforms_to: Curie | None = None
    byte_size: int | None = None
    byte_size_as_stated: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A publication as a list gives it; ``iri`` is its DOI IRI where one is known, else empty and ``slug`` names it."""

    slug: str
    title: str = ""
    doi: str = ""
    url: str = ""
    first_author: str = ""
    authors_as_stated: str = ""
    year: int | None = None
    served_version: str = ""
    classes: tuple[Curie, ...] = ()


@dataclass(frozen=True, slots=True)
class Reconstruction:
    """What was made from images: ground truth, a segmentation, a connectome; ``derived_from`` is a dataset or a volume."""

    slug: str
    title: str
    derived_from_kind: str
    derived_from: str
    voxel: Triplet | None = None
    extent: Triplet | None = None
    grid: Triplet | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """A statement between two of our individuals that a note makes, such as volume snemi3d isSubVolumeOf volume kasthuri."""

    subject_kind: str
    subject: str
    predicate: Curie
    object_kind: str
    object: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A named dataset as one record of a source states it."""

    slug: str
    title: str
    alternative_titles: tuple[str, ...] = ()
    volumes: tuple[Volume, ...] = ()
    counts: tuple[Count, ...] = ()
    access_points: tuple[AccessPoint, ...] = ()
    papers: tuple[Paper, ...] = ()
    relations: tuple[Relation, ...] = ()
    reconstructions: tuple[Reconstruction, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table as it stands in the file: ``verbatim`` is its inner source, ``text`` what a reader sees; from 1 on."""

    column_index: int
    column_label: str
    verbatim: str
    text: str
    line: int
    column: int
    row_span: int = 1
    col_span: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; ``index`` counts from 1, heads left out."""

    index: int
    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table of a source version, with its heads verbatim and the place where it begins."""

    slug: str
    path: str
    line: int
    heads: tuple[Cell, ...]
    rows: tuple[Row, ...]
    section: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of a source version."""

    path: str
    blob: str
    sha256: str


@dataclass(frozen=True, slots=True)
class SourceVersion:
    """A version of a source document: commit, day (ISO), licence, its files."""

    document: str
    title: str
    homepage: str
    commit: str
    date: str
    licence: Curie
    files: tuple[SourceFile, ...]

    @property
    def short(self) -> str:
        """The first seven digits of the commit; all of a stand-in such as ``unknown-0a1b2c3`` where no commit is known."""
        return self.commit if self.commit.startswith("unknown-") else self.commit[:7]

    @property
    def slug(self) -> str:
        """Document and short commit, such as ``aed-be275e8``."""
        return f"{self.document}-{self.short}"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a source that could not be read: where (file, line, column from 1), what, and its text."""

    path: str
    line: int
    column: int
    reason: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A thing that a list merely names with a link: a related resource, a lab, a contributor, a technique."""

    kind: str
    slug: str
    name: str
    url: str = ""
    part_of: tuple[str, ...] = ()
    classes: tuple[Curie, ...] = ()
    paper: Paper | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """What one place of a source says: the named graph's path below ``src/``, the rows it comes from, and the records."""

    graph: tuple[str, ...]
    section: str = ""
    rows: tuple[int, ...] = ()
    table: str = ""
    datasets: tuple[Dataset, ...] = ()
    papers: tuple[Paper, ...] = ()
    things: tuple[Named, ...] = ()
    figures: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a source version says, and what could not be read of it."""

    version: SourceVersion
    tables: tuple[SourceTable, ...] = ()
    statements: tuple[Statement, ...] = ()
    faults: tuple[Fault, ...] = field(default=())
