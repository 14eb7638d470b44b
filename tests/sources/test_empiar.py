"""EMPIAR: each shape of its records, each word of its enumerations, old and new nestings, and what real and damaged records give."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from emkg.errors import FetchError
from emkg.model import Dataset, Fault, Record, RecordReading
from emkg.paths import data_dir
from emkg.rdf import Literal
from emkg.rdfize import record_statements_of
from emkg.sources import _empiar_xml
from emkg.sources._live import Answer
from emkg.sources.empiar import BATCH, EMPTY_BATCHES, FIRST, LAST, Empiar
from emkg.stated import place
from tests.sources.fuzz import JUNK, assert_sound, broken

SOURCE = Empiar()
CORPORA = Path(os.environ.get("EMKG_CORPORA", data_dir().parent.parent / "shared")) / "corpora"
API, HEADERS = CORPORA / "derived" / "empiar_api_shape", CORPORA / "empiar-header-xml"
TRUE_SHAPE, EXPORT = (
    CORPORA / "empiar-api" / "entries_from_bia_integrator",
    CORPORA / "derived" / "empiar_search_export_sample.csv",
)

HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<entry xmlns="http://pdbe.org/empiar" accessionCode="EMPIAR-10007" schemaVersion="0.65" public="true">
  <!-- made up of the elements of the schema; the values are nobody's -->
  <admin>
    <currentStatus>OBS</currentStatus>
    <keyDates>
      <depositionDate>2013-08-23</depositionDate><releaseDate>2013-08-26</releaseDate>
      <obsoleteDate>2019-03-05</obsoleteDate><updateDate>2019-03-05</updateDate>
    </keyDates>
    <title>A &amp; B, imaged</title>
    <correspondingAuthor private="true">
      <authorORCID>0000-0002-1825-0097</authorORCID><firstName>Josiah</firstName><lastName>Carberry</lastName>
      <organization type="academic">Brown University</organization><street>Waterman Street</street>
      <country>USA</country><email private="true">x@y.org</email>
    </correspondingAuthor>
    <principalInvestigator>
      <firstName>Anna</firstName><middleName>B</middleName><lastName>Muster</lastName>
      <organization>ETH</organization><country>Atlantis</country>
    </principalInvestigator>
    <authorsList><author authorORCID="0000-0002-1825-0097">Carberry J</author><author>Muster AB</author></authorsList>
    <versionHistory>
      <version><versionNumber>1</versionNumber><date>2013-08-26</date><statusCode>REL</statusCode></version>
      <version><versionNumber>2</versionNumber><date>2019-03-05</date><statusCode>OBS</statusCode>
        <details>replaced by EMPIAR-10008</details></version>
    </versionHistory>
    <grantSupport>
      <grantReference><fundingBody>NIH</fundingBody><code>R01</code><country>United States</country></grantReference>
      <grantReference><fundingBody/><code/><country/></grantReference>
    </grantSupport>
    <datasetSize>586.8</datasetSize><entryDOI>10.6019/EMPIAR-10007</entryDOI>
    <experimentType>3VIEW</experimentType><scale>tissue</scale>
    <scipionWorkflow>data/workflow.json</scipionWorkflow>
  </admin>
  <crossReferences>
    <relatedEMDBEntries><emdbEntry>EMD-5447</emdbEntry></relatedEMDBEntries>
    <citationList><universalCitation>
      <nonJournalCitation published="false"><author order="1">Carberry J</author><editor> </editor>
        <bookTitle>A thesis</bookTitle><publisher>Brown</publisher><year>2013</year></nonJournalCitation>
    </universalCitation></citationList>
    <relatedBioStudiesEntries><bioStudiesEntry>S-BIAD634</bioStudiesEntry></relatedBioStudiesEntries>
    <relatedIdrEntries><idrEntry>idr0086</idrEntry></relatedIdrEntries>
    <relatedEmpiarEntries><empiarEntry>EMPIAR-10008</empiarEntry><empiarEntry>EMPIAR-10009</empiarEntry></relatedEmpiarEntries>
  </crossReferences>
  <imageSet>
    <name>Slices</name><directory>/data/slices</directory><category>micrographs - single frame</category>
    <headerFormat>TIFF</headerFormat><dataFormat>FEI EPU</dataFormat>
    <numImagesOrTiltSeries>518</numImagesOrTiltSeries><framesPerImage>1</framesPerImage>
    <frameRange><frameRangeMin>1</frameRangeMin><frameRangeMax>1</frameRangeMax></frameRange>
    <voxelType>UNSIGNED BYTE</voxelType>
    <dimensions><imageWidth>variable</imageWidth><pixelWidth>100</pixelWidth>
      <imageHeight>8192</imageHeight><pixelHeight>100</pixelHeight></dimensions>
    <details>z step of 50 nm</details>
    <segmentationList><segmentation><segmentationId>1</segmentationId><file>/data/seg.hff</file></segmentation></segmentationList>
  </imageSet>
</entry>"""


def reading(body: Any, key: str = "EMPIAR-10310") -> RecordReading:
    return SOURCE.read(Record(key, "x.json", f"/{key}", body))


def dataset(body: Any, key: str = "EMPIAR-10310") -> Dataset:
    (found,) = reading(body, key).datasets
    return found


def one_set(**fields: Any) -> dict[str, Any]:
    experiment = fields.pop("experiment_type", "EMDB")
    return {"title": "An entry", "experiment_type": experiment, "imagesets": [{"name": "Set", **fields}]}


def record_of(text: str, tmp_path: Path, name: str) -> Record:
    (tmp_path / name).write_text(text, encoding="utf-8")
    (found,) = SOURCE.records(tmp_path / name)
    assert isinstance(found, Record), found
    return found


def there(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"no corpora/{path.relative_to(CORPORA)}: set EMKG_CORPORA to the folder that holds corpora/")
    return path


@cache
def corpus(path: Path) -> dict[str, Record]:
    found = list(SOURCE.records(path))
    assert not [one for one in found if isinstance(one, Fault)]
    return {one.key: one for one in found if isinstance(one, Record)}


# What an entry says


def test_the_example() -> None:
    reading = SOURCE.read(SOURCE.example)
    (found,) = reading.datasets
    assert reading.faults == ()
    deposit = found.deposit
    assert deposit is not None
    assert (found.slug, deposit.identifiers, deposit.doi) == ("empiar-10934", ("EMPIAR-10934",), "10.6019/empiar-10934")
    assert (deposit.status, deposit.issued, deposit.modified, deposit.submitted) == (
        *("released", "2022-02-07", "2022-02-07", "2021-12-31"),
    )
    assert str(deposit.licence).endswith("/zero/1.0/")
    assert deposit.byte_size == int(Decimal("1.9") * 1024**4)
    assert [(one.name, one.orcid) for one in deposit.creators] == [
        ("Lancey C", "0000-0001-9064-4085"),
        ("Sobhy MA", ""),
        ("De Biasio A", "0000-0003-2139-2958"),
    ]
    (writer,) = deposit.corresponding
    assert (writer.name, writer.organisation, writer.country) == (
        *("Lancey C", "Department of Molecular & Cell Biology, University of Leicester", "GB"),
    )
    assert deposit.related_accessions == ("EMD-12602",)
    (volume,) = found.volumes
    assert (volume.kind, volume.slug, volume.stated_technique) == ("image-set", "empiar-10934-1", "EMDB")
    assert volume.voxel is not None and volume.grid is not None and volume.images is not None
    assert (volume.voxel.x, volume.voxel.y, volume.voxel.z) == (Decimal("0.0543"), Decimal("0.0543"), None)
    assert (volume.grid.x, volume.grid.y) == (11520, 8184)
    assert (volume.images.category, volume.images.file_format, volume.images.voxel_type, volume.images.count) == (
        *("multiframeMicrographs", "formatTIFF", "uint8", 3889),
    )
    (paper,) = found.papers
    assert (paper.doi, paper.pubmed_id, paper.year, paper.venue, paper.volume, paper.first_author, paper.status) == (
        *("10.1038/s41467-021-26251-6", "34667155", 2021, "Nature communications", "12", "Lancey", "published"),
    )
    assert [point.role for point in found.access_points] == ["landingPage", "metadataRecord", "imageFiles"]
    assert found.access_points[2].url == "https://ftp.ebi.ac.uk/empiar/world_availability/10934/"
    assert found.claims == () and found.description == ""


@pytest.mark.parametrize(
    ("word", "technique"),
    [
        ("SBF-SEM", "emkg:SBFSEM"),
        ("3VIEW", "emkg:SBFSEM"),
        ("FIB-SEM", "emkg:FIBSEM"),
        ("FIB SEM", "emkg:FIBSEM"),
        ("ATUM-SEM", "emkg:ATUMSEM"),
        ("ssET", "emkg:ssET"),
        ("Hard X-ray/X-ray microCT", "emkg:XRayMicroCT"),
        *((word, "") for word in ("EMDB", "SXT", "INSILICO", "IHM", "CLEM", "CLXM", "MicroED", "Exception")),
    ],
)
def test_experiment_types(word: str, technique: str) -> None:
    """Where the archive does not say the technique, none is claimed and its word stays."""
    (volume,) = dataset(one_set(experiment_type=word, category="micrographs - single frame")).volumes
    assert volume.acquisition is not None
    assert volume.acquisition.techniques == ((technique,) if technique else ())
    assert volume.stated_technique == word
    assert volume.kind == ("volume" if technique in ("emkg:SBFSEM", "emkg:FIBSEM", "emkg:ATUMSEM") else "image-set")


@pytest.mark.parametrize(
    ("experiment", "category", "kind", "techniques"),
    [
        ("EMDB", "tilt series", "image-set", ("emkg:ElectronTomography",)),
        ("EMDB", "reconstructed volumes", "volume", ()),
        ("EMDB", "subtomograms", "image-set", ()),
        ("FIB-SEM", "tilt series", "image-set", ("emkg:FIBSEM",)),
        ("FIB-SEM", None, "volume", ("emkg:FIBSEM",)),
        ("SBF-SEM", "segmentation", "volume", ("emkg:SBFSEM",)),
        (None, "micrographs - multiframe", "image-set", ()),
    ],
)
def test_volume_or_image_set(
    experiment: str | None, category: str | None, kind: str, techniques: tuple[str, ...]
) -> None:
    (volume,) = dataset(one_set(experiment_type=experiment, category=category)).volumes
    assert volume.acquisition is not None
    assert (volume.kind, volume.acquisition.techniques) == (kind, techniques)


def enumerated(name: str) -> list[tuple[str, str]]:
    lines = (data_dir() / "crosswalks" / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [(cells[0], cells[1]) for line in lines if "EMPIAR: enumeration" in (cells := line.split("\t"))[2]]


@pytest.mark.parametrize(
    ("field", "attribute", "word", "known"),
    [
        *(("category", "category", *row) for row in enumerated("image-category")),
        *(("data_format", "file_format", *row) for row in enumerated("file-format")),
        *(("header_format", "header_format", *row) for row in enumerated("file-format")),
        *(("voxel_type", "voxel_type", *row) for row in enumerated("voxel-type")),
    ],
)
def test_enumerations(field: str, attribute: str, word: str, known: str) -> None:
    images = dataset(one_set(**{field: word})).volumes[0].images
    assert getattr(images, attribute) == known
    assert getattr(images, f"stated_{attribute}") == ""


def test_the_enumerations_are_whole() -> None:
    """§1.3: 14 categories and segmentations, 15 formats, 9 voxel types and one word of the free ones."""
    assert [len(enumerated(name)) for name in ("image-category", "file-format", "voxel-type")] == [15, 15, 10]


@pytest.mark.parametrize("word", ["EMX", "FEI EPU", "PICKLES"])
def test_a_word_that_no_crosswalk_has_stays_as_it_is(word: str) -> None:
    images = dataset(one_set(data_format=word, category=word, voxel_type=word)).volumes[0].images
    assert images is not None
    assert (images.stated_file_format, images.stated_category, images.stated_voxel_type) == (word, word, word)
    assert (images.file_format, images.category, images.voxel_type) == ("", "", "")


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("molecule", "molecule"),
        ("virus", "virus"),
        ("cell", "cell"),
        ("tissue", "tissueSample"),
        ("organism", "organism"),
    ],
)
def test_scales(word: str, kind: str) -> None:
    (volume,) = dataset(one_set() | {"scale": word}).volumes
    assert volume.sample is not None and volume.sample.kind == kind


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("REL", "released"),
        ("OBS", "obsolete"),
        *((word, "onHold") for word in ("HOLD", "HPUB", "HPRE", "EMDBPUB", "PROC", "WAIT")),
    ],
)
def test_statuses(word: str, status: str) -> None:
    deposit = dataset(one_set() | {"status": word}).deposit
    assert deposit is not None and deposit.status == status


@pytest.mark.parametrize("word", ["WDRN", "UNARCH", "NEW"])
def test_a_status_that_we_do_not_have_is_told(word: str) -> None:
    found = reading(one_set() | {"status": word})
    assert found.datasets[0].deposit is not None and found.datasets[0].deposit.status == ""
    assert [fault.path for fault in found.faults] == ["x.json#/EMPIAR-10310/status"]


@pytest.mark.parametrize(
    ("words", "size"),
    [
        ("165.4 GB", int(Decimal("165.4") * 1024**3)),
        ("58MB", 58 * 1024**2),
        ("11.1 TB", int(Decimal("11.1") * 1024**4)),
        ("12 KB", 12288),
        ("7 bytes", 7),
        ("7 B", 7),
        ("0 GB", None),
        ("large", None),
        (None, None),
    ],
)
def test_sizes_are_counted_in_1024(words: str | None, size: int | None) -> None:
    found = reading(one_set() | {"dataset_size": words})
    deposit = found.datasets[0].deposit
    assert deposit is not None and deposit.byte_size == size
    assert bool(found.faults) == (words == "large")


def test_pixels_are_in_angstrom_also_of_volumes() -> None:
    body = one_set(
        experiment_type="SBF-SEM", pixel_width=650.0, pixel_height=650.0, image_width="6144", image_height="4096"
    )
    (volume,) = dataset(body).volumes
    assert volume.voxel is not None and (volume.voxel.x, volume.voxel.y, volume.voxel.z) == (65, 65, None)
    assert volume.images is not None and volume.images.stated_pixel_size == "650 × 650 Å"


def test_a_missing_height_is_not_assumed() -> None:
    (flat,) = dataset(one_set(pixel_width=3.425, pixel_height=None)).volumes
    assert flat.voxel is not None and (flat.voxel.x, flat.voxel.y) == (Decimal("0.3425"), None)
    (volume,) = dataset(one_set(experiment_type="FIB-SEM", pixel_width=34.25)).volumes
    assert volume.voxel is None
    assert volume.images is not None and volume.images.stated_pixel_size == "34.25 Å wide"


def test_what_varies_has_no_number() -> None:
    found = reading(
        one_set(image_width="variable", image_height="Variable", pixel_width="variable", frames_per_image="variable")
    )
    (volume,) = found.datasets[0].volumes
    assert (volume.grid, volume.voxel, found.faults) == (None, None, ())


@pytest.mark.parametrize(
    "people",
    [
        [{"author": {"name": "Peddie CJ", "author_orcid": "0000-0002-1825-0097"}}],
        [{"name": "Peddie CJ", "author_orcid": "0000-0002-1825-0097"}],
        {"author": {"name": "Peddie CJ", "author_orcid": "0000-0002-1825-0097"}},
        [{"first_name": "CJ", "last_name": "Peddie", "author_orcid": "https://orcid.org/0000-0002-1825-0097"}],
    ],
)
def test_both_nestings_of_people(people: Any) -> None:
    deposit = dataset(
        one_set() | {"authors": people, "principal_investigator": people, "corresponding_author": people}
    ).deposit
    assert deposit is not None
    assert deposit.creators == deposit.investigators == deposit.corresponding
    assert [one.orcid for one in deposit.creators] == ["0000-0002-1825-0097"]
    assert set(deposit.creators[0].name.split()) == {"Peddie", "CJ"}


@pytest.mark.parametrize("wrap", [str, lambda name: {"name": name}], ids=["text", "object"])
def test_both_nestings_of_references(wrap: Any) -> None:
    found = dataset(
        one_set()
        | {
            "cross_references": [wrap("EMD-3233")],
            "related_pdb_entries": [wrap("7nv0")],
            "biostudies_references": [wrap("S-BIAD634")],
            "idr_references": [wrap("idr0086")],
            "empiar_references": [wrap("EMPIAR-10007"), wrap("EMPIAR-10007")],
        }
    )
    assert found.deposit is not None
    assert found.deposit.related_accessions == ("EMD-3233", "7nv0", "S-BIAD634", "idr0086", "EMPIAR-10007")


def test_an_obsolete_entry_is_kept_and_says_what_replaces_it() -> None:
    body = one_set() | {
        "status": "OBS",
        "obsolete_date": "2019-03-05",
        "empiar_references": ["EMPIAR-10007", "EMPIAR-10008"],
    }
    found = dataset(body)
    assert found.deposit is not None
    assert (found.deposit.status, found.deposit.obsoleted) == ("obsolete", "2019-03-05")
    assert found.deposit.replaced_by == ("empiar-10007", "empiar-10008")
    assert "imageFiles" not in {point.role for point in found.access_points}
    body["version_history"] = [{"version_number": 2, "details": "superseded by EMPIAR-10008"}]
    assert dataset(body).deposit.replaced_by == ("empiar-10008",)  # type: ignore[union-attr]
    body["status"] = "REL"
    assert dataset(body).deposit.replaced_by == ()  # type: ignore[union-attr]


@pytest.mark.parametrize("stated", ["data/w.json", "/data/w.json", "path=data/w.json", {"path": "path=/data/w.json"}])
def test_shapes_of_a_workflow_file(stated: Any) -> None:
    points = dataset(one_set() | {"workflow_file": stated}).access_points
    assert points[-1].role == "workflow" and points[-1].url.endswith("/world_availability/10310/data/w.json")


def test_an_image_set_may_have_a_workflow_of_its_own() -> None:
    body = one_set(scipion_workflow="data/a.json") | {"workflow_file": {"path": "data/b.json"}}
    body["imagesets"] += [{"scipion_workflow": {"path": "/data/a.json"}}]
    points = [(one.slug, one.url.rsplit("/", 1)[1]) for one in dataset(body).access_points if one.role == "workflow"]
    assert points == [("empiar-10310-workflow", "b.json"), ("empiar-10310-workflow-2", "a.json")]


def test_a_status_of_the_history_alone() -> None:
    history = [{"status_code": "REL"}, {"status_code": "OBS"}]
    deposit = dataset(one_set() | {"status": None, "version_history": history}).deposit
    assert deposit is not None and deposit.status == "obsolete"


def test_workflows_segmentations_and_versions() -> None:
    hub = "https://doi.org/10.48546/workflowhub.workflow.201.1"
    body = one_set(segmentations=[{"file": "data/seg.hff"}, {"file": "elsewhere/seg.hff"}, {"file": "data/../x"}]) | {
        "workflow_file": {"path": "data/workflow.json"},
        "workflows": [{"url": hub, "type": 1}],
        "version_history": [{"version_number": 1}, {"version_number": 3.0}, {"version_number": 2}],
    }
    found = dataset(body)
    roles = {point.role: point.url for point in found.access_points}
    assert roles["workflow"] == "https://ftp.ebi.ac.uk/empiar/world_availability/10310/data/workflow.json"
    assert roles["segmentation"] == "https://ftp.ebi.ac.uk/empiar/world_availability/10310/data/seg.hff"
    assert len(found.access_points) == 5
    assert found.deposit is not None and (found.deposit.related, found.deposit.version) == ((hub,), "3")


def test_no_contact_survives() -> None:
    contact = {
        "first_name": "Josiah",
        "last_name": "Carberry",
        "organization": "Brown University",
        **{
            "street": "Waterman Street 1",
            "town_or_city": "Providence",
            "state_or_province": "RI",
            "post_or_zip": "02912",
        },
        **{
            "telephone": "+1 401 555 0100",
            "fax": "+1 401 555 0101",
            "email": "jc [at] example.org",
            "country": "United States",
        },
    }
    people = {
        "authors": [{"name": "a@b.org"}],
        "corresponding_author": contact,
        "principal_investigator": [{"author": contact}],
    }
    told = record_statements_of(reading(one_set() | people))
    literals = " ".join(one.triple.object.value for one in told if isinstance(one.triple.object, Literal))
    for word in ("Waterman", "Providence", "RI", "02912", "555", "@", "[at]"):
        assert word not in literals
    assert "Josiah Carberry" in literals and "Brown University" in literals


def test_a_step_in_words_is_a_claim_of_its_volume() -> None:
    body = one_set(experiment_type="FIB-SEM", details="z step of 8 nm", pixel_width=50, pixel_height=50)
    (claim,) = dataset(body).claims
    assert (claim.about_kind, claim.about, claim.property, claim.value) == ("volume", "empiar-10310-1", "voxelZ", 8)
    assert (claim.quoted, place(claim.quoted)) == ("z step of 8 nm", "/EMPIAR-10310/imagesets/0/details")
    assert dataset(one_set(details="z step of 8 nm")).claims == (), "not of images that make up no volume"


def test_a_title_speaks_of_the_only_set() -> None:
    body = {"title": "With 10 nm pixels and 50 nm slices", "experiment_type": "SBF-SEM", "imagesets": [{"name": "A"}]}
    assert {claim.property for claim in dataset(body).claims} == {"voxelX", "voxelY", "voxelZ"}
    body["imagesets"] = [{"name": "A"}, {"name": "B"}]
    assert dataset(body).claims == ()


@pytest.mark.parametrize(
    ("key", "doi", "accession"),
    [
        ("EMPIAR-10310", None, "EMPIAR-10310"),
        ("EMPIAR-TEST", "10.6019/EMPIAR-11419", "EMPIAR-11419"),
        ("10310", "10.6019/EMPIAR-10310", "EMPIAR-10310"),
        ("EMPIAR-0", None, None),
        ("record", "10.7554/eLife.57443", None),
    ],
)
def test_accessions(key: str, doi: str | None, accession: str | None) -> None:
    found = reading(one_set() | {"entry_doi": doi}, key)
    assert [one.deposit.identifiers[0] for one in found.datasets if one.deposit] == ([accession] if accession else [])
    assert accession or "no accession" in found.faults[-1].reason


def test_the_doi_of_another_entry_is_not_taken() -> None:
    found = reading(one_set() | {"entry_doi": "10.6019/EMPIAR-10311"})
    assert found.datasets[0].deposit is not None and found.datasets[0].deposit.doi == ""
    assert "not the DOI of EMPIAR-10310" in found.faults[0].reason


def test_an_entry_without_image_sets_or_title() -> None:
    (found,) = dataset({"title": "An entry", "imagesets": []}).volumes
    assert (found.slug, found.title, found.kind) == ("empiar-10310", "An entry", "image-set")
    assert dataset({"imagesets": [{}]}).title == "EMPIAR-10310"
    nothing = reading({"entry_doi": "10.6019/EMPIAR-10310", "imagesets": []})
    assert nothing.datasets == () and nothing.faults[-1].reason == "neither a title nor an image set"


def test_two_names_of_one_orcid_are_one_name() -> None:
    """Else one person would have two names in one record."""
    people = [
        {"name": "Carberry J", "author_orcid": "0000-0002-1825-0097"},
        {"name": "Carberry JS", "author_orcid": "0000-0002-1825-0097"},
    ]
    found = dataset(one_set() | {"authors": people, "citation": [{"title": "T", "authors": people[1:]}]})
    assert found.deposit is not None
    assert [one.name for one in found.deposit.creators] == ["Carberry J"]
    assert [one.name for one in found.papers[0].authors] == ["Carberry J"]


# The shapes of records


def test_answers_of_the_api(tmp_path: Path) -> None:
    entry = one_set() | {"entry_doi": "10.6019/EMPIAR-10310"}
    for name, value, keys in (
        ("bulk.json", {"EMPIAR-10310": entry, "EMPIAR-10311": one_set()}, ["EMPIAR-10310", "EMPIAR-10311"]),
        ("bare.json", entry, ["EMPIAR-10310"]),
        ("list.json", [entry, {"EMPIAR-10312": one_set()}], ["EMPIAR-10310", "EMPIAR-10312"]),
        ("none.json", {}, []),
    ):
        (tmp_path / name).write_text(json.dumps(value), encoding="utf-8")
        found = list(SOURCE.records(tmp_path / name))
        assert [one.key for one in found if isinstance(one, Record)] == keys
        for record in found:
            assert isinstance(record, Record)
            assert_sound(SOURCE, record)


@pytest.mark.parametrize(
    ("name", "text", "place", "reason"),
    [
        ("x.json", '{"EMPIAR-10310": {"title": "A"', "x.json", "not JSON"),
        ("x.json", '{"EMPIAR-10310": null}', "x.json#/EMPIAR-10310", "not an entry"),
        ("x.json", '{"code": 404, "message": "no such entry"}', "x.json#", "not an entry"),
        ("x.json", '"EMPIAR-10310"', "x.json#", "not an entry"),
        ("x.json", '{"EMPIAR-10310": {"organism": "mouse"}}', "x.json#/EMPIAR-10310", "not an entry"),
        ("x.json", "<html><body>Bad Gateway</body></html>", "x.json", "no <entry>"),
        ("x.xml", "<entry><admin>", "x.xml", "not XML"),
        ("x.xml", "<emd/>", "x.xml", "no <entry>"),
        ("x.xml", "<entry>\x01</entry>", "x.xml", "not XML"),
        ("x.csv", "id,title\n1,A\n", "x.csv", "no column empiar_id"),
        ("x.csv", "empiar_id,title\nEMPIAR-1,A,B,C\n", "x.csv", "4 cells below 2 heads"),
    ],
)
def test_a_file_at_fault_is_told(name: str, text: str, place: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = list(SOURCE.records(tmp_path / name))
    assert found and all(isinstance(one, Fault) for one in found)
    assert found[0].path == place and reason in found[0].reason  # type: ignore[union-attr]


def test_a_folder_without_records(tmp_path: Path) -> None:
    with pytest.raises(FetchError):
        list(SOURCE.records(tmp_path))


def test_a_header(tmp_path: Path) -> None:
    record = record_of(HEADER, tmp_path, "10007.xml")
    assert (record.key, record.pointer) == ("EMPIAR-10007", "/entry")
    found = assert_sound(SOURCE, record)
    assert found.faults == ()
    (made,) = found.datasets
    deposit = made.deposit
    assert deposit is not None
    assert (made.title, deposit.status, deposit.obsoleted, deposit.version) == (
        "A & B, imaged",
        "obsolete",
        "2019-03-05",
        "2",
    )
    assert deposit.replaced_by == ("empiar-10008",)
    assert deposit.byte_size == int(Decimal("586.8") * 1024**3), "a size without a unit is in GB"
    assert [(one.name, one.country, one.stated_country) for one in deposit.investigators] == [
        ("Anna B Muster", "", "Atlantis")
    ]
    assert [(one.funding_body, one.code, one.country) for one in deposit.grants] == [("NIH", "R01", "US")]
    assert deposit.related_accessions == ("EMD-5447", "S-BIAD634", "idr0086", "EMPIAR-10008", "EMPIAR-10009")
    (paper,) = made.papers
    assert (paper.title, paper.publisher, paper.status, paper.editors_as_stated) == (
        "A thesis",
        "Brown",
        "unpublished",
        "",
    )
    (volume,) = made.volumes
    assert (volume.kind, volume.stated_technique, volume.grid) == ("volume", "3VIEW", None)
    assert volume.voxel is not None and (volume.voxel.x, place(volume.title)) == (10, "/entry/imageSet[1]/name")
    assert volume.images is not None
    assert (volume.images.stated_file_format, volume.images.directories) == ("FEI EPU", ("data/slices",))
    assert [claim.value for claim in made.claims] == [50]


def test_pointers_of_a_header_are_paths_in_it(tmp_path: Path) -> None:
    tree = etree.fromstring(HEADER.encode())
    for told in record_statements_of(SOURCE.read(record_of(HEADER, tmp_path, "10007.xml"))):
        for pointer in told.at.split():
            assert _at_path(tree, pointer), pointer


def _at_path(tree: Any, pointer: str) -> Any:
    """What an XPath of names without namespaces finds."""
    steps = [
        step
        if step.startswith("@") or step.endswith("()")
        else f"*[local-name()='{step.split('[')[0]}']" + step[len(step.split("[")[0]) :]
        for step in pointer.strip("/").split("/")
    ]
    return tree.getroottree().xpath("/" + "/".join(steps))


def test_nothing_outside_a_header_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("top secret", encoding="utf-8")
    text = f"""<!DOCTYPE entry [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]>
    <entry accessionCode="EMPIAR-1"><admin><title>&x;</title></admin></entry>"""
    header = _empiar_xml.parse(text, "x.xml")
    assert "top secret" not in str(header)
    bomb = '<!DOCTYPE e [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 50 + '"><!ENTITY c "' + "&b;" * 50 + '">]>'
    assert len(str(_empiar_xml.parse(bomb + "<entry><admin><title>&c;</title></admin></entry>", "x.xml"))) < 1000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_encodings_of_a_header(encoding: str, tmp_path: Path) -> None:
    text = HEADER.replace("UTF-8", encoding).replace("Brown University", "Universität Zürich")
    (tmp_path / "x.xml").write_bytes(text.encode(encoding))
    (record,) = SOURCE.records(tmp_path / "x.xml")
    assert isinstance(record, Record)
    deposit = SOURCE.read(record).datasets[0].deposit
    assert deposit is not None and deposit.corresponding[0].organisation == "Universität Zürich"


def test_a_row_of_the_export(tmp_path: Path) -> None:
    heads = "empiar_id,title,experimentType,current_status,deposition_date,primary_citation_author_string,primary_citation_title"
    heads += ",xref_DOI,xref_PUBMED,xref_EMDB,organization,dataset_size_GB,image_set_name,image_set_category"
    row = 'EMPIAR-12093,A title,EMDB,REL,2024-04-01T00:00:00Z,"Mao Y, Wang L",A paper,10.1016/J.STR,1,"EMD-1,EMD-2"'
    row += ',"Dept\\, Uni,Elsewhere",11366.4,"Raw\\, set 1,Raw set 2",micrographs - multiframe'
    record = record_of(f"{heads}\n{row}\n", tmp_path, "export.csv")
    assert (record.key, record.pointer) == ("EMPIAR-12093", "/2")
    found = assert_sound(SOURCE, record)
    (made,) = found.datasets
    assert made.deposit is not None
    assert made.deposit.institutions == ("Dept, Uni", "Elsewhere")
    assert made.deposit.submitted == "2024-04-01" and made.deposit.byte_size == int(Decimal("11366.4") * 1024**3)
    assert [volume.title for volume in made.volumes] == ["Raw, set 1", "Raw set 2"]
    assert {volume.images.category for volume in made.volumes if volume.images} == {"multiframeMicrographs"}
    assert place(made.volumes[1].title) == "/2/image_set_name"
    (paper,) = made.papers
    assert (paper.doi, paper.authors_as_stated, paper.pubmed_id) == ("10.1016/j.str", "Mao Y; Wang L", "1")


def test_the_fullest_form_comes_first(tmp_path: Path) -> None:
    """A harvest keeps the first record of an accession."""
    entry = json.dumps({"EMPIAR-10007": one_set()})
    files = {"a.csv": "empiar_id,title\nEMPIAR-10007,T\n", "b.xml": HEADER, "c.partial.json": entry, "d.json": entry}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [one.path for one in SOURCE.records(tmp_path)] == ["d.json", "c.partial.json", "b.xml", "a.csv"]


def test_what_was_guessed_for_an_entry_is_not_taken(tmp_path: Path) -> None:
    body = one_set(directory="data", category="micrographs - single frame", image_width="8", image_height="8") | {
        "experiment_type": "FIB-SEM"
    }
    (tmp_path / "EMPIAR-1.partial.json").write_text(json.dumps({"EMPIAR-1": body}), encoding="utf-8")
    (tmp_path / "EMPIAR-2.partial.json").write_text(json.dumps({"EMPIAR-2": body}), encoding="utf-8")
    (tmp_path / "empiar_vem_sidecar.json").write_text(
        '{"EMPIAR-1": {"experiment_type_basis": "inferred"}}', encoding="utf-8"
    )
    guessed, stated = (
        SOURCE.read(one).datasets[0].volumes[0] for one in SOURCE.records(tmp_path) if isinstance(one, Record)
    )
    assert (guessed.stated_technique, guessed.kind, guessed.title) == ("", "image-set", "EMPIAR-1, image set 1")
    assert guessed.images is not None and (guessed.images.category, guessed.images.directories) == ("", ())
    assert guessed.grid is not None and guessed.grid.x == 8
    assert (stated.stated_technique, stated.kind, stated.title) == ("FIB-SEM", "volume", "Set")


# Live


def answers(pages: dict[str, Any]) -> tuple[list[tuple[str, str | None]], Any]:
    asked: list[tuple[str, str | None]] = []

    def fetch(url: str, *, body: str | None = None, params: Any = None) -> Answer | Fault:
        asked.append((url, body))
        page = pages.get(body or "", {})
        return (
            page
            if isinstance(page, Fault)
            else Answer(SOURCE.api + url, 200, page if isinstance(page, bytes) else json.dumps(page).encode())
        )

    return asked, fetch


def span(number: int) -> str:
    return f"{FIRST + number * BATCH}-{FIRST + (number + 1) * BATCH - 1}"


def test_live_asks_for_ranges_until_there_is_nothing_more() -> None:
    asked, fetch = answers({span(0): {"EMPIAR-10310": one_set()}, span(2): {"EMPIAR-11419": one_set()}})
    found = list(SOURCE.live(fetch))
    assert [one.key for one in found if isinstance(one, Record)] == ["EMPIAR-10310", "EMPIAR-11419"]
    assert asked == [("entry/", span(number)) for number in range(3 + EMPTY_BATCHES)]


def test_live_ends_where_a_server_always_has_something() -> None:
    _, fetch = answers(
        {f"{first}-{first + BATCH - 1}": {"EMPIAR-10310": one_set()} for first in range(FIRST, LAST, BATCH)}
    )
    assert len(list(SOURCE.live(fetch))) == (LAST + 1 - FIRST) // BATCH


def test_live_goes_on_behind_a_fault_and_a_broken_body() -> None:
    fault = Fault(span(0), 0, 0, "503 after 5 tries", "")
    _, fetch = answers({span(0): fault, span(1): b'{"EMPIAR-10', span(2): {"EMPIAR-11419": one_set()}})
    found = list(SOURCE.live(fetch))
    assert found[0] is fault
    assert isinstance(found[1], Fault) and "not JSON" in found[1].reason
    assert isinstance(found[2], Record) and found[2].key == "EMPIAR-11419"


# Records of the corpora, and damaged ones


@pytest.mark.parametrize("key", ["EMPIAR-10003", "EMPIAR-10198", "EMPIAR-10934", "EMPIAR-12510"])
def test_header_and_answer_give_the_same_graph(key: str) -> None:
    headers, entries = corpus(there(HEADERS)), corpus(there(API))
    if key not in headers or key not in entries:
        pytest.skip(f"no {key} in both corpora/{HEADERS.name} and corpora/derived/{API.name}")
    graphs = [{told.triple for told in record_statements_of(SOURCE.read(one[key]))} for one in (headers, entries)]
    assert graphs[0] == graphs[1]
    assert len(graphs[0]) > 100


def test_entries_of_the_true_shape() -> None:
    found = corpus(there(TRUE_SHAPE))
    assert sorted(found) == ["EMPIAR-10988", "EMPIAR-11419", "EMPIAR-11561", "EMPIAR-12104"]
    sets = SOURCE.read(found["EMPIAR-11561"]).datasets[0].volumes
    assert len(sets) == len(found["EMPIAR-11561"].body["imagesets"]) > 5
    assert [volume.slug for volume in sets] == [f"empiar-11561-{number}" for number in range(1, len(sets) + 1)]
    (volume,) = SOURCE.read(found["EMPIAR-11419"]).datasets[0].volumes
    assert (volume.kind, volume.images.voxel_type if volume.images else "") == ("volume", "bit")


def test_the_angstrom_of_a_real_volume() -> None:
    (volume,) = SOURCE.read(corpus(there(API))["EMPIAR-13192"]).datasets[0].volumes
    assert volume.voxel is not None and (volume.voxel.x, volume.voxel.y) == (65, 65)


def test_rows_of_the_real_export() -> None:
    found = corpus(there(EXPORT))
    assert len(found) == 7
    made = SOURCE.read(found["EMPIAR-12510"]).datasets[0]
    assert made.deposit is not None and made.deposit.byte_size == 3072 * 1024**3
    assert made.deposit.institutions == (
        "Department of Molecular and Cell Biology, University of California, Berkeley, CA, USA",
    )
    assert len(made.volumes) == 4 and made.deposit.doi == "10.6019/empiar-12510"


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_damaged_header_does_no_harm(data: st.DataObject) -> None:
    header = _empiar_xml.parse(HEADER, "10007.xml")
    record = Record("EMPIAR-10007", "10007.xml", "/entry", header)
    assert_sound(SOURCE, data.draw(broken(record)), shapes=False)


def rows() -> Iterator[Record]:
    cells = {
        "empiar_id": "EMPIAR-1",
        "title": "T",
        "image_set_name": "A,B",
        "dataset_size_GB": "1",
        "xref_DOI": "10.1234/x",
    }
    for column in cells:
        for junk in JUNK:
            if isinstance(junk, str):
                yield Record("EMPIAR-1", "x.csv", "/2", copy.copy(cells) | {column: junk})


def test_damaged_rows_do_no_harm() -> None:
    for record in rows():
        assert_sound(SOURCE, record, shapes=False)


@given(st.text(max_size=300) | st.text("<>/entry admin=\"'&;![]CDATA-?", max_size=80))
def test_any_text_is_a_header_or_a_fault(text: str) -> None:
    assert isinstance(_empiar_xml.parse(text, "x.xml"), dict | Fault)
