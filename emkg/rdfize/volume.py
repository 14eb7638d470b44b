"""A volume or image set with its sample and its acquisition as statements."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from emkg.ids import mint
from emkg.model import Acquisition, Concept, Sample, Triplet, Volume
from emkg.rdf import NamedNode
from emkg.rdfize.images import image_pairs
from emkg.stated import composed
from emkg.terms import Pairs, Told, english, literal, tell, term
from emkg.vocab import EM, RDF, RDFS, SKOS


def volume_statements(volume: Volume) -> Iterator[list[Told]]:
    """The volume, its sample, its acquisition, and the labels that the source gives to terms."""
    yield tell(mint(volume.kind, volume.slug), _volume(volume))
    if volume.sample:
        yield tell(mint("sample", volume.sample.slug), _sample(volume, volume.sample))
        for concept in volume.sample.named:
            yield _named(concept)
    if volume.acquisition:
        yield tell(mint("acquisition", volume.acquisition.slug), _acquisition(volume, volume.acquisition))
        for concept in volume.acquisition.method_terms:
            yield _named(concept)


def _named(concept: Concept) -> list[Told]:
    pairs: Pairs = iter([(RDF.type, SKOS.Concept), (RDFS.label, english(concept.label))])
    return tell(term(concept.term), pairs)


def _volume(volume: Volume) -> Pairs:
    yield RDF.type, EM.ImageVolume if volume.kind == "volume" else EM.ImageSet
    yield RDFS.label, english(volume.title)
    if volume.voxel:
        yield from lengths(volume.voxel, "voxel", EM.statedVoxelSize)
    if volume.extent:
        yield from lengths(volume.extent, "extent", EM.statedExtent)
        if volume.extent.kind:
            yield EM.extentKind, EM[volume.extent.kind]
    if volume.grid:
        yield from grid_pairs(volume.grid)
    if volume.sample:
        yield EM.hasSample, mint("sample", volume.sample.slug)
    if volume.acquisition:
        yield EM.acquiredBy, mint("acquisition", volume.acquisition.slug)
    if volume.sub_volume_of:
        yield EM.isSubVolumeOf, mint("volume", volume.sub_volume_of)
    yield from _words_and_numbers(volume)
    if volume.images:
        yield from image_pairs(volume.images)


def _words_and_numbers(volume: Volume) -> Pairs:
    stated: dict[str, str | int | Decimal | None] = {
        "statedSpecies": volume.stated_species or None,
        "statedRegion": volume.stated_region or None,
        "statedTechnique": volume.stated_technique or None,
        "multiplicity": volume.multiplicity,
        "sectionCount": volume.section_count,
        "voxelCountReported": volume.voxel_count,
        "sectionThickness": volume.section_thickness,
        "totalVolume": volume.total_volume,
    }
    for name, value in stated.items():
        if value is not None:
            yield EM[name], literal(value)


def lengths(of: Triplet, stem: str, stated: NamedNode | None = None) -> Pairs:
    """Up to three lengths as ``{stem}X`` …, the wording, and whether they are approximate."""
    for axis in "xyz":
        length: Decimal | None = getattr(of, axis)
        if length is not None:
            yield EM[stem + axis.upper()], literal(length)
    if of.as_stated and stated is not None:
        yield stated, literal(of.as_stated)
    if of.approximate and stated is not None:
        yield EM.approximate, literal(True)


def grid_pairs(grid: Triplet) -> Pairs:
    """The number of voxels along each axis, and the wording."""
    for axis in "xyz":
        voxels = getattr(grid, axis)
        if voxels is not None:
            yield EM["grid" + axis.upper()], literal(voxels)
    if grid.as_stated:
        yield EM.statedGrid, literal(grid.as_stated)


def _sample(volume: Volume, sample: Sample) -> Pairs:
    yield RDF.type, EM.Sample
    yield RDFS.label, english(composed("sample of ", sample.of or volume.title))
    if sample.taxon:
        yield EM.taxon, term(sample.taxon)
    if sample.kind:
        yield EM.sampleKind, EM[sample.kind]
    linked = {
        "region": sample.regions,
        "cellType": sample.cell_types,
        "cellLine": sample.cell_lines,
        "structure": sample.structures,
        "disease": sample.diseases,
        "preparation": sample.preparations,
    }
    for name, curies in linked.items():
        for curie in curies:
            yield EM[name], term(curie)
    worded = {
        "strain": sample.strains,
        "statedCellType": sample.stated_cell_types,
        "statedStructure": sample.stated_structures,
        "statedSampleKind": sample.stated_kinds,
        "statedPreparation": sample.stated_preparations,
        "statedDisease": sample.stated_diseases,
        "treatment": sample.treatments,
        "lifeStage": (sample.life_stage,) if sample.life_stage else (),
    }
    for name, words in worded.items():
        for one in words:
            yield EM[name], literal(one)


def _acquisition(volume: Volume, acquisition: Acquisition) -> Pairs:
    yield RDF.type, EM.ImagingAcquisition
    yield RDFS.label, english(composed("acquisition of ", acquisition.of or volume.title))
    for technique in acquisition.techniques:
        yield RDF.type, term(technique)
    for concept in acquisition.method_terms:
        yield EM.methodTerm, term(concept.term)
    for name, words in {"instrument": acquisition.instruments, "camera": acquisition.cameras}.items():
        for one in words:
            yield EM[name], literal(one)
    settings = {
        "accelerationVoltage": acquisition.acceleration_voltage,
        "landingEnergy": acquisition.landing_energy,
        "biasVoltage": acquisition.bias_voltage,
        "beamCurrent": acquisition.beam_current,
        "scanRate": acquisition.scan_rate,
        "acquisitionDays": acquisition.acquisition_days,
        "tiltMin": acquisition.tilt_min,
        "tiltMax": acquisition.tilt_max,
        "tiltStep": acquisition.tilt_step,
        "totalFlux": acquisition.total_flux,
        "startDate": acquisition.start_date,
    }
    for name, value in settings.items():
        if value is not None:
            yield EM[name], literal(value)
