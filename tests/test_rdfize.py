"""A record becomes the statements of model.md §2.4, each in its named graph."""

from __future__ import annotations

from decimal import Decimal

import pytest

from emkg.ids import doi_iri, graph_iri, mint, well_known_graphs
from emkg.model import (
    AccessPoint,
    Acquisition,
    Cell,
    Count,
    Curie,
    Dataset,
    Named,
    Paper,
    Reading,
    Relation,
    Row,
    Sample,
    SourceFile,
    SourceTable,
    SourceVersion,
    Statement,
    Triplet,
    Volume,
)
from emkg.rdf import Literal, NamedNode, Term
from emkg.rdfize import quads
from emkg.vocab import CITO, DCAT, DCTERMS, EM, PROV, RDF, RDFS, XSD, iri

VERSION = SourceVersion(
    *(
        "aed",
        "Awesome vEM Datasets",
        "https://example.org/list",
        "be275e82b7b4d0006ea7c7a5d80b326e25b89791",
        "2022-12-12",
    ),
    Curie("spdx:MIT"),
    (SourceFile("README.md", "72c9b891", "6f7e19f9"),),
)
CELL = Cell(1, "Name", "J0126", "J0126", 69, 13, row_span=2)
VOLUME = Volume(
    *("j0126", "J0126"),
    voxel=Triplet(Decimal(9), Decimal(9), Decimal("20.50"), "9×9×20.5"),
    extent=Triplet(Decimal(96), None, None, "~96", approximate=True, kind="perSide"),
    sample=Sample("j0126", Curie("NCBITaxon:59729"), (Curie("UBERON:0035807"),)),
    acquisition=Acquisition("j0126", (Curie("emkg:SBFSEM"),)),
    stated_species="finch",
)
DATASET = Dataset(
    *("j0126", "J0126"),
    volumes=(VOLUME, Volume("j0126-part", "part", sub_volume_of="j0126", multiplicity=33)),
    counts=(Count("j0126-block", Curie("emkg:AnnotatedBlock"), "33 blocks", 33, rounded=True),),
    access_points=(AccessPoint("j0126-raw", "https://example.org/raw", "raw", "google-storage", "rawImage"),),
    papers=(Paper("januszewski-2018", "FFN", "10.1038/S41592-018-0049-4", first_author="Januszewski", year=2018),),
    relations=(Relation("dataset", "j0126", Curie("emkg:usedToEvaluate"), "method", "ffn"),),
)
READING = Reading(
    VERSION,
    (SourceTable("overview", "README.md", 22, (CELL,), (Row(4, 68, (CELL,)),), "Overview"),),
    (
        Statement(("aed", "be275e8", "overview", "04"), rows=(4,), table="overview", datasets=(DATASET,)),
        Statement(
            ("aed", "be275e8", "microscopy"),
            section="Microscopy",
            things=(Named("technique", "sef-sem", "SEF-SEM", part_of=("SEM",), classes=(Curie("emkg:SBFSEM"),)),),
        ),
    ),
)
ROW_GRAPH, META = graph_iri("src", "aed", "be275e8", "overview", "04"), well_known_graphs()["meta"]
DECIMAL, INTEGER = XSD.decimal, XSD.integer


def dec(text: str) -> Literal:
    return Literal(text, datatype=DECIMAL)


@pytest.mark.parametrize(
    "subject, predicate, object_",
    [
        (mint("dataset", "j0126"), RDF.type, EM.Dataset),
        (mint("dataset", "j0126"), EM.hasVolume, mint("volume", "j0126")),
        (mint("dataset", "j0126"), CITO.isDocumentedBy, doi_iri("10.1038/s41592-018-0049-4")),
        (mint("dataset", "j0126"), EM.usedToEvaluate, mint("method", "ffn")),
        (mint("volume", "j0126"), EM.voxelX, dec("9")),
        (mint("volume", "j0126"), EM.voxelZ, dec("20.50")),
        (mint("volume", "j0126"), EM.statedVoxelSize, Literal("9×9×20.5")),
        (mint("volume", "j0126"), EM.extentKind, EM.perSide),
        (mint("volume", "j0126"), EM.approximate, Literal("true", datatype=XSD.boolean)),
        (mint("volume", "j0126"), EM.acquiredBy, mint("acquisition", "j0126")),
        (mint("volume", "j0126-part"), EM.isSubVolumeOf, mint("volume", "j0126")),
        (mint("volume", "j0126-part"), EM.multiplicity, Literal("33", datatype=INTEGER)),
        (mint("acquisition", "j0126"), RDF.type, EM.SBFSEM),
        (mint("sample", "j0126"), EM.taxon, iri("NCBITaxon:59729")),
        (mint("sample", "j0126"), EM.region, iri("UBERON:0035807")),
        (mint("count", "j0126-block"), EM.value, Literal("33", datatype=INTEGER)),
        (mint("count", "j0126-block"), EM.precision, EM.rounded),
        (mint("distribution", "j0126-raw"), DCAT.accessURL, NamedNode("https://example.org/raw")),
        (mint("distribution", "j0126-raw"), EM.accessRole, EM.rawImage),
        (doi_iri("10.1038/s41592-018-0049-4"), DCTERMS.issued, Literal("2018", datatype=XSD.gYear)),
    ],
)
def test_row_graph(subject: NamedNode, predicate: NamedNode, object_: Term) -> None:
    assert (subject, predicate, object_) in {
        (q.subject, q.predicate, q.object) for q in quads(READING) if q.graph_name == ROW_GRAPH
    }


def test_a_count_s_label_does_not_carry_its_number() -> None:
    labels = {
        q.object.value
        for q in quads(READING)
        if q.subject == mint("count", "j0126-block") and q.predicate == RDFS.label
    }
    assert labels == {"J0126: block count"}


def test_what_is_absent_stays_absent() -> None:
    found = {(q.subject, q.predicate) for q in quads(READING)}
    for name in ("extentY", "extentZ", "sectionCount", "totalVolume"):
        assert (mint("volume", "j0126"), EM[name]) not in found
    assert (mint("volume", "j0126-part"), EM.acquiredBy) not in found


def test_the_row_graph_tells_its_row_and_the_row_its_cells() -> None:
    meta = {(q.subject, q.predicate, q.object) for q in quads(READING) if q.graph_name == META}
    row = mint("source-row", "aed-be275e8-overview-04")
    cell = mint("source-cell", "aed-be275e8-overview-04-01")
    assert (ROW_GRAPH, PROV.hadPrimarySource, row) in meta
    assert (row, EM.describes, mint("dataset", "j0126")) in meta
    assert (row, EM.hasCell, cell) in meta and (cell, EM.verbatim, Literal("J0126")) in meta
    assert (mint("source-version", "aed-be275e8"), DCTERMS.issued, Literal("2022-12-12", datatype=XSD.date)) in meta


def test_a_listed_technique_is_an_entry_for_its_concept() -> None:
    found = {(q.subject, q.predicate, q.object) for q in quads(READING)}
    entry = mint("technique-entry", "be275e8-sem-sef-sem")
    assert (entry, EM.entryFor, iri("emt:SBFSEM")) in found and (entry, EM.statedFamily, Literal("SEM")) in found
