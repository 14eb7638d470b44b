"""A dataset and what belongs to it, as one record of a source states it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from emkg.model.deposit import Curie, Deposit, Person
from emkg.model.images import Images
from emkg.stated import Day


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
class Concept:
    """A term of another vocabulary, with the label that the source gives it."""

    term: Curie
    label: str


@dataclass(frozen=True, slots=True)
class Sample:
    """What was imaged: terms as the source or a crosswalk gives them, and the words that no crosswalk knows.

    ``named`` are the labels that the source gives to terms; ``kind`` is the local name of a sample kind (cell, tissueSample …);
    ``of`` names what several volumes have this one sample in common for, else it is a sample of its volume.
    """

    slug: str
    taxon: Curie | None = None
    regions: tuple[Curie, ...] = ()
    kind: str = ""
    cell_types: tuple[Curie, ...] = ()
    cell_lines: tuple[Curie, ...] = ()
    structures: tuple[Curie, ...] = ()
    diseases: tuple[Curie, ...] = ()
    preparations: tuple[Curie, ...] = ()
    named: tuple[Concept, ...] = ()
    strains: tuple[str, ...] = ()
    life_stage: str = ""
    stated_cell_types: tuple[str, ...] = ()
    stated_structures: tuple[str, ...] = ()
    stated_kinds: tuple[str, ...] = ()
    stated_preparations: tuple[str, ...] = ()
    stated_diseases: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()
    of: str = ""


@dataclass(frozen=True, slots=True)
class Acquisition:
    """How it was imaged: technique classes as resolved by a crosswalk, and the settings of the instrument.

    Voltages in kV, landing energy in eV, bias in V, current in nA, scan rate in MHz, angles in degrees, flux in e⁻/Å²;
    ``of`` names what several volumes have this one acquisition in common for, as with samples.
    """

    slug: str
    techniques: tuple[Curie, ...] = ()
    method_terms: tuple[Concept, ...] = ()
    instruments: tuple[str, ...] = ()
    cameras: tuple[str, ...] = ()
    acceleration_voltage: Decimal | None = None
    landing_energy: Decimal | None = None
    bias_voltage: Decimal | None = None
    beam_current: Decimal | None = None
    scan_rate: Decimal | None = None
    acquisition_days: Decimal | None = None
    start_date: Day | None = None
    tilt_min: Decimal | None = None
    tilt_max: Decimal | None = None
    tilt_step: Decimal | None = None
    total_flux: Decimal | None = None
    of: str = ""


@dataclass(frozen=True, slots=True)
class Volume:
    """One voxel block of one sample by one acquisition; the ``stated_*`` words are the source's own.

    ``kind`` is "image-set" where the images make up no volume: micrographs, a tilt series. ``grid`` is in voxels.
    """

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
    kind: str = "volume"
    grid: Triplet | None = None
    images: Images | None = None


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
    """Where something is to be had: the URL as stated, the host's slug, the local name of the access role.

    ``scale`` and ``translation`` (nm) place the array in the coordinates of its dataset, along ``mirrored_axes`` in the opposite
    direction; ``grid`` is in voxels, ``axes`` are in the order in which the array is indexed; formats are local names of ours.
    """

    slug: str
    url: str
    label: str = ""
    host: str | None = None
    role: str | None = None
    conforms_to: Curie | None = None
    byte_size: int | None = None
    byte_size_as_stated: str = ""
    file_format: str = ""
    stated_file_format: str = ""
    voxel_type: str = ""
    stated_voxel_type: str = ""
    scale: Triplet | None = None
    translation: Triplet | None = None
    mirrored_axes: tuple[str, ...] = ()
    grid: Triplet | None = None
    axes: str = ""
    level_count: int | None = None
    array_path: str = ""
    ngff_version: str = ""
    licence: Curie | None = None
    stated_licence: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A publication as a source gives it; ``slug`` names one without a DOI; ``authors`` are those whose ORCID is stated."""

    slug: str
    title: str = ""
    doi: str = ""
    url: str = ""
    first_author: str = ""
    authors_as_stated: str = ""
    year: int | None = None
    served_version: str = ""
    classes: tuple[Curie, ...] = ()
    venue: str = ""
    pubmed_id: str = ""
    authors: tuple[Person, ...] = ()
    editors_as_stated: str = ""
    status: str = ""
    chapter_title: str = ""
    volume: str = ""
    issue: str = ""
    first_page: str = ""
    last_page: str = ""
    journal_abbreviation: str = ""
    publisher: str = ""
    place: str = ""
    country: str = ""
    language: str = ""


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
class TextClaim:
    """A length read out of free text: of what, which property (a local name), how much (nm), the words, and how surely (0 to 1)."""

    about_kind: str
    about: str
    property: str
    value: Decimal
    quoted: str
    confidence: Decimal


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
    deposit: Deposit | None = None
    claims: tuple[TextClaim, ...] = ()
    description: str = ""
