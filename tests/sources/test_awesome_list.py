"""The awesome lists: what their three versions say, what cannot be read of them, and other lists that do no harm."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emkg.errors import FetchError
from emkg.graph import Graph
from emkg.harvest import to_json
from emkg.inputs import read_record
from emkg.model import Count, Dataset, Fault, Reading, Statement, Volume
from emkg.paths import data_dir
from emkg.rdf import NamedNode
from emkg.sources.awesome_list import AwesomeList

SOURCE = AwesomeList()
RECORDS = data_dir() / "records" / "awesome-list"
SHARED = Path(os.environ.get("EMKG_CORPORA", data_dir().parent.parent / "shared"))
REAL = {
    "be275e8": SHARED / "seed" / "awesome-em-datasets.md",
    "e69e236": SHARED / "corpora" / "awesome-em-datasets-2022" / "README.md",
    "5ad06ea": SHARED / "corpora" / "awesome-vem-datasets",
}
OTHERS = [SHARED / "corpora" / name for name in ("awesome-neuron-segmentation", "connectomic-paper-datasets")]
VERSIONS = sorted(REAL)


@cache
def reading(commit: str) -> Reading:
    return read_record(SOURCE, RECORDS / f"{commit}.json")


def there(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"no {path.name} below {SHARED.name}/: set EMKG_CORPORA to a folder with seed/ and corpora/")
    return path


def statement(commit: str, *graph: str) -> Statement:
    (found,) = [one for one in reading(commit).statements if one.graph[2:] == graph]
    return found


def dataset(commit: str, slug: str) -> Dataset:
    """A dataset as the first row with its name states it."""
    return next(one for part in reading(commit).statements if part.rows for one in part.datasets if one.slug == slug)


def volumes(commit: str) -> Iterator[Volume]:
    return (one for part in reading(commit).statements for dataset in part.datasets for one in dataset.volumes)


@pytest.mark.parametrize("commit", VERSIONS)
def test_the_records_are_the_real_files(commit: str) -> None:
    (raw,) = SOURCE.fetch(there(REAL[commit]))
    assert to_json(raw) == (RECORDS / f"{commit}.json").read_text(encoding="utf-8"), (
        "emkg harvest awesome-list --from …"
    )
    assert SOURCE.read(raw) == reading(commit)


@pytest.mark.parametrize("commit", VERSIONS)
def test_reading_is_pure(commit: str) -> None:
    text = (RECORDS / f"{commit}.json").read_text(encoding="utf-8")
    raw = json.loads(text)
    assert SOURCE.read(raw) == SOURCE.read(raw) == reading(commit)
    assert to_json(raw) == text


@pytest.mark.parametrize("commit", VERSIONS)
def test_records_hold_no_prose(commit: str) -> None:
    raw = json.loads((RECORDS / f"{commit}.json").read_text(encoding="utf-8"))
    kinds = {fact["kind"] for fact in raw["facts"]}
    assert kinds <= {"heading", "item", "link", "picture", "table"}
    assert max(len(fact["text"]) for fact in raw["facts"] if "text" in fact) <= 300


def test_the_versions() -> None:
    known = {one: reading(one).version for one in VERSIONS}
    assert [(one.slug, one.date) for one in known.values()] == [
        ("aed-5ad06ea", "2024-11-13"),
        ("aed-be275e8", "2022-12-12"),
        ("aed-e69e236", "2022-07-29"),
    ]
    (seed,) = known["be275e8"].files
    assert (seed.path, seed.blob) == ("README.md", "72c9b891a3ebce654b364161a1bad961312bc4b0")
    assert seed.sha256 == "6f7e19f95ea39898d5794c4994af77d91ad4461ff16e9e687c74de31112e3956"
    assert len(known["5ad06ea"].files) == 5


SEF = "no technique is called so; most likely SBF-SEM, which a curated claim proposes"
CORD = "no part of the body is called so; most likely the ventral nerve cord, which a curated claim says"
AUTHOR = "a reference without an author"
PROJECT = "a project named under a lab has no place in the model"
FAULTS = {
    "be275e8": [
        Fault("README.md", 116, 13, CORD, "ventral nerve line"),
        Fault("README.md", 172, 3, SEF, "SEF-SEM"),
    ],
    "e69e236": [Fault("README.md", 145, 3, SEF, "SEF-SEM")],
    "5ad06ea": [
        Fault("BACKGROUND.md", 48, 3, SEF, "SEF-SEM"),
        Fault("DATASET.md", 39, 13, CORD, "ventral nerve line"),
        Fault("DATASET.md", 107, 13, AUTHOR, "et al., 2015"),
        Fault("DATASET.md", 119, 13, AUTHOR, "et al., 2013"),
        Fault("DATASET.md", 131, 13, AUTHOR, "et al., 2013"),
        Fault("DATASET.md", 233, 13, CORD, "ventral nerve line"),
        Fault("DATASET.md", 296, 1, "the section 'Human vEM Datasets' holds no data", "@ Xinghui Zhao"),
        Fault(
            "GROUP.md",
            11,
            7,
            PROJECT,
            "(with Zetta AI) Mouse Cortical-Basal-Ganglia-Thalamic Loop ~ 10 mm³, Tilt TEM Tomography",
        ),
        Fault("GROUP.md", 12, 3, "the link is no IRI", "https://www.bi.mpg.de/denk]"),
        Fault("GROUP.md", 27, 7, PROJECT, "(with Google) Human Cerebral Cortex ~ 1 mm³, MultiBeam SEM"),
        Fault(
            "GROUP.md", 28, 7, PROJECT, "(with Google) Mouse Hippocampus ~ 10 mm³, MultiBeam SEM with Ion Beam Milling"
        ),
        Fault("GROUP.md", 33, 7, PROJECT, "(MICrONS with Allen and Baylor) Mouse Visual Cortex ~ 1 mm³, Auto TEM"),
    ],
}


@pytest.mark.parametrize("commit", VERSIONS)
def test_what_cannot_be_read_is_exactly_this(commit: str) -> None:
    assert list(reading(commit).faults) == FAULTS[commit]


@pytest.mark.parametrize("commit", VERSIONS)
def test_faults_point_at_their_text(commit: str) -> None:
    folder = there(REAL[commit])
    for fault in reading(commit).faults:
        file = folder / fault.path if folder.is_dir() else folder
        line = file.read_text(encoding="utf-8").splitlines()[fault.line - 1]
        assert fault.text.split("~")[0].split()[0] in line[fault.column - 1 :]


def test_the_tables() -> None:
    tables = {commit: [(one.slug, len(one.rows)) for one in reading(commit).tables] for commit in VERSIONS}
    assert tables == {
        "e69e236": [("overview", 7)],
        "be275e8": [("overview", 9)],
        "5ad06ea": [
            ("challenge-level", 10),
            ("large-scale", 12),
            ("petascale", 3),
            ("online-challenge", 4),
            ("distinguish-connectome", 5),
            ("accessible-ground-truth", 3),
        ],
    }


def test_row_groups_of_the_seed() -> None:
    groups = [(one.graph[3], one.rows, one.datasets[0].slug) for one in reading("be275e8").statements if one.rows]
    assert groups == [
        ("01", (1, 2), "axonem"),
        ("03", (3,), "h01"),
        ("04", (4,), "j0126"),
        ("05", (5,), "kasthuri"),
        ("06", (6,), "microns-mm3"),
        ("07", (7,), "microns-l23"),
        ("08", (8,), "isbi-2012"),
        ("09", (9,), "snemi3d"),
    ]


VOLUMES = """
axonem-m     7,7,40        30,30,30       NCBITaxon:10090  UBERON:0002436  emkg:ssTEM    -
axonem-h     8,8,30        30,30,30       -                -               -             h01
h01          4,4,30        2000,3000,175  NCBITaxon:9606   UBERON:0001871  emkg:ATUMmSEM -
j0126        9,9,20        96,98,114      NCBITaxon:59729  UBERON:0035807  emkg:SBFSEM   -
kasthuri     3,3,30        40,40,50       NCBITaxon:10090  UBERON:0001950  emkg:ATUMSEM  -
microns-mm3  4,4,40        1300,870,820   NCBITaxon:10090 V1,UBERON:0035912,UBERON:0035894,UBERON:0035895 emkg:AutoTEM -
microns-l23  3.58,3.58,40  250,140,90     NCBITaxon:10090  UBERON:0002436  emkg:ssTEM    -
isbi-2012    4,4,50        2,2,1.5        NCBITaxon:7227   -               emkg:ssTEM    -
snemi3d      6,6,30        6,6,3          -                -               -             -
"""


def test_the_volumes_of_the_seed() -> None:
    found = {}
    for one in volumes("be275e8"):
        assert one.voxel is not None and one.extent is not None and one.extent.kind == "nominal"
        taxon = one.sample.taxon if one.sample else None
        regions = ",".join(one.sample.regions).replace("UBERON:0002436,", "V1,") if one.sample else ""
        techniques = ",".join(one.acquisition.techniques) if one.acquisition else ""
        sizes = [",".join(str(getattr(size, axis)) for axis in "xyz") for size in (one.voxel, one.extent)]
        found[one.slug] = [*sizes, *(word or "-" for word in (taxon, regions, techniques, one.sub_volume_of))]
    assert found == {line.split()[0]: line.split()[1:] for line in VOLUMES.strip().splitlines()}


def test_a_part_has_no_sample_of_its_own_but_the_words() -> None:
    part = dataset("be275e8", "axonem").volumes[1]
    assert (part.sample, part.acquisition, part.sub_volume_of) == (None, None, "h01")
    assert (part.stated_species, part.stated_region, part.stated_technique) == ("human", "temporal cortex", "ATUM-mSEM")


COUNTS = """
axonem-axon                    GO:0030424             18000      exactly  rounded  -
h01-cell                       CL:0000000             50000      exactly  rounded  -
h01-synapse                    GO:0045202             133700000  exactly  -        -
j0126-block                    emkg:AnnotatedBlock    33         exactly  -        -
j0126-skeleton-12              emkg:SkeletonTracing   12         exactly  -        -
j0126-skeleton-50              emkg:SkeletonTracing   50         exactly  -        -
kasthuri-synapse               GO:0045202             1700       exactly  rounded  -
microns-mm3-cell               CL:0000000             200000     exactly  rounded  -
microns-mm3-synapse            GO:0045202             524000000  exactly  -        -
microns-l23-neuron             CL:0000540             451        exactly  -        -
microns-l23-pyramidal-neuron   CL:0000598             417        exactly  -        microns-l23-neuron
microns-l23-non-neuronal-cell  emkg:NonNeuronalCell   169        exactly  -        -
"""


def test_the_counts_of_the_seed() -> None:
    def line(one: Count) -> list[str]:
        words = [
            one.counted,
            str(one.value),
            one.comparator,
            "rounded" if one.rounded else "-",
            one.sub_count_of or "-",
        ]
        return [one.slug, *words]

    read = [line(one) for part in reading("be275e8").statements for each in part.datasets for one in each.counts]
    assert read == [line.split() for line in COUNTS.strip().splitlines()]
    assert [one.as_stated for one in dataset("be275e8", "j0126").counts] == ["33 blocks", "12+50 skels", "12+50 skels"]
    assert not any(one.role for part in reading("be275e8").statements for each in part.datasets for one in each.counts)


POINTS = """
axonem-grand-challenge    grand-challenge   challengePage
h01-google                google-storage    landingPage
j0126-cloudvolume-raw     google-storage    rawImage
j0126-cloudvolume-seg     google-storage    segmentation
kasthuri-vast             lichtman-lab      softwarePage
microns-mm3-microns       microns-explorer  landingPage
microns-mm3-zenodo        zenodo            landingPage
microns-mm3-bossdb        bossdb            landingPage
microns-l23-microns       microns-explorer  landingPage
"""


def test_the_access_points_of_the_seed() -> None:
    points = [one for part in reading("be275e8").statements for each in part.datasets for one in each.access_points]
    assert [[one.slug, one.host, one.role] for one in points] == [line.split() for line in POINTS.strip().splitlines()]
    precomputed = [one.slug for one in points if one.conforms_to]
    assert precomputed == ["j0126-cloudvolume-raw", "j0126-cloudvolume-seg"]


@pytest.mark.parametrize("commit", VERSIONS)
def test_one_slug_never_names_two_urls(commit: str) -> None:
    urls: dict[str, str] = {}
    for point in (one for part in reading(commit).statements for each in part.datasets for one in each.access_points):
        assert urls.setdefault(point.slug, point.url) == point.url


def test_a_bare_url_is_a_link() -> None:
    (point,) = dataset("5ad06ea", "fib-25-training").access_points
    assert (point.slug, point.label, point.url) == (
        "fib-25-training-github",
        "",
        "https://github.com/janelia-flyem/neuroproof_examples",
    )


def test_references_are_resolved_by_author_and_year() -> None:
    papers = {each.slug: each.papers for part in reading("be275e8").statements if part.rows for each in part.datasets}
    assert {slug: [one.doi for one in found] for slug, found in papers.items()} == {
        "axonem": ["10.1007/978-3-030-87193-2_17"],
        "h01": ["10.1101/2021.05.29.446289"],
        "j0126": ["10.1038/s41592-018-0049-4"],
        "kasthuri": ["10.1016/j.cell.2015.06.054"],
        "microns-mm3": ["10.1101/2021.07.28.454025"],
        "microns-l23": ["10.1016/j.cell.2022.01.023"],
        "isbi-2012": [],
        "snemi3d": [],
    }
    (one,) = papers["h01"]
    assert (one.first_author, one.authors_as_stated, one.year, one.title) == (
        "Shapson-Coe",
        "Shapson-Coe et al.",
        2021,
        "",
    )
    assert [paper.slug for paper in dataset("5ad06ea", "mouse-piriform-cortex").papers] == ["kisuk-lee-2015"]


@pytest.mark.parametrize(("commit", "count"), [("be275e8", 10), ("e69e236", 10), ("5ad06ea", 12)])
def test_the_reference_list(commit: str, count: int) -> None:
    part = statement(commit, "references")
    assert len(part.papers) == count
    assert {one.slug: [paper.slug for paper in one.papers] for one in part.datasets} == {
        "nucmm": ["lin-2021"],
        "mitoem": ["wei-2020"],
        "hemibrain": ["scheffer-2020"],
        "fib-25": ["takemura-2015"],
    }
    preprints = {one.doi: one.served_version for one in part.papers if "fabio:Preprint" in one.classes}
    assert preprints == {"10.1101/2021.05.29.446289": "v4", "10.1101/2021.07.28.454025": "v2"}


def test_notes_become_relations_and_titles() -> None:
    relations = {
        (one.subject_kind, one.subject, one.predicate, one.object_kind, one.object)
        for part in reading("be275e8").statements
        for each in part.datasets
        for one in each.relations
    }
    assert relations == {
        ("volume", "snemi3d", "emkg:isSubVolumeOf", "volume", "kasthuri"),
        ("dataset", "j0126", "emkg:usedToEvaluate", "method", "ffn"),
        ("dataset", "microns-l23", "emkg:isPilotOf", "dataset", "microns-mm3"),
    }
    assert dataset("be275e8", "isbi-2012").alternative_titles == ("Segmentation of neuronal structures in EM stacks",)
    assert dataset("be275e8", "axonem").note == "subsets of MICrONS and H01"


def test_the_sections_of_the_seed() -> None:
    parts = {one.graph[2]: one for one in reading("be275e8").statements if not one.rows}
    counts = {name: (len(one.papers), len(one.things), len(one.figures)) for name, one in parts.items()}
    assert counts == {
        "surveys": (3, 0, 0),
        "species": (1, 0, 1),
        "microscopy": (3, 0, 4),
        "techniques": (0, 11, 0),
        "size-and-resolution": (2, 0, 2),
        "references": (10, 0, 10),
        "related-work": (0, 4, 0),
        "acknowledgement": (0, 5, 0),
        "contribution": (0, 1, 0),
    }
    assert [one.slug for one in parts["acknowledgement"].things] == [
        *("lichtman-lab", "seung-lab", "helmstaedter-lab", "pfister-lab", "funke-lab")
    ]
    assert parts["acknowledgement"].things[4].part_of == ("Janelia Research Campus, Howard Hughes Medical Institute",)
    hess = parts["size-and-resolution"].papers[0]
    assert (hess.slug, hess.year, hess.classes) == ("hess-psw-2417", None, ("fabio:Presentation",))
    assert parts["species"].figures[0].slug == "species-for-comparative-connectomics"
    assert parts["species"].figures[0].paper == parts["species"].papers[0]


def test_techniques_keep_their_words_and_families() -> None:
    things = statement("be275e8", "techniques").things
    families = {family: [one.name for one in things if one.part_of == (family,)] for family in ("SEM", "TEM", "ET")}
    assert families == {
        "SEM": ["ATUM-SEM", "ATUM-mSEM", "SEF-SEM", "FIB-SEM", "Enhanced FIB-SEM", "GCIB-SEM"],
        "TEM": ["ssTEM", "TEMCA", "autoTEM"],
        "ET": ["sET", "ssET"],
    }
    (slip,) = [one for one in things if one.name == "SEF-SEM"]
    assert slip.classes == ()


def test_what_the_older_version_lacks() -> None:
    older, seed = ({one.slug for one in volumes(commit)} for commit in ("e69e236", "be275e8"))
    assert seed - older == {"isbi-2012", "snemi3d"}
    assert older < seed
    assert not [one for one in reading("e69e236").statements if one.graph[2] == "related-work"]


def test_a_subset_that_has_its_own_row_keeps_its_sample() -> None:
    cremi = dataset("5ad06ea", "cremi").volumes[0]
    assert cremi.sample is not None and cremi.sample.taxon == "NCBITaxon:7227"
    row = statement("5ad06ea", "distinguish-connectome", "01")
    assert [one.slug for one in row.datasets] == ["fafb", "cremi"]
    (part,) = row.datasets[1].relations
    assert (part.subject, part.predicate, part.object) == ("cremi", "dcterms:isPartOf", "fafb")
    assert [(one.slug, one.derived_from) for one in row.datasets[0].reconstructions] == [("flywire", "fafb")]


def test_subsets_are_parts_of_volumes_that_are_described() -> None:
    row = statement("5ad06ea", "distinguish-connectome", "02")
    parts = {volume.slug: volume.sub_volume_of for one in row.datasets for volume in one.volumes}
    assert parts == {"kasthuri": None, "snemi3d": "kasthuri", "ac3-ac4": "kasthuri"}
    assert row.datasets[0].title == "Kasthuri"
    assert row.datasets[0].alternative_titles == ("Kasthuri15",)


def test_storage_and_challenge_pages() -> None:
    sizes = {
        one.datasets[0].slug: one.datasets[0].access_points[0].byte_size
        for one in reading("5ad06ea").statements
        if one.graph[2:3] == ("petascale",) and one.rows
    }
    assert sizes == {"si150l4": 1100000000000000, "h01": 1400000000000000, "microns-mm3": 2000000000000000}
    rows = [one for one in reading("5ad06ea").statements if one.graph[2] == "online-challenge"]
    points = [point for one in rows for each in one.datasets for point in each.access_points]
    assert {point.role for point in points} == {"challengePage"}
    assert [one.slug for part in rows for one in part.datasets] == ["snemi3d", "cremi", "isbi-2012"]
    (benchmark,) = rows[0].things
    assert (benchmark.kind, benchmark.slug) == ("resource", "nisb")
    assert benchmark.url == "https://structuralneurobiologylab.github.io/nisb/#"


def test_ground_truth_has_a_resolution_of_its_own() -> None:
    (truth,) = statement("5ad06ea", "accessible-ground-truth", "03").datasets[0].reconstructions
    assert (truth.slug, truth.derived_from_kind, truth.derived_from) == ("h01-ground-truth", "volume", "h01")
    assert truth.voxel is not None and truth.voxel.x == Decimal(8)
    pair = statement("5ad06ea", "accessible-ground-truth", "01").datasets[0].reconstructions
    assert [one.slug for one in pair] == ["axonem-m-ground-truth", "axonem-h-ground-truth"]


def test_a_dataset_in_two_tables_is_said_in_both() -> None:
    graphs = [one.graph[2:] for one in reading("5ad06ea").statements for each in one.datasets if each.slug == "axonem"]
    assert graphs == [("challenge-level", "01"), ("large-scale", "01"), ("accessible-ground-truth", "01")]


@pytest.mark.parametrize("commit", VERSIONS)
def test_titles_do_not_disagree_within_a_version(commit: str) -> None:
    titles: dict[str, str] = {}
    for one in (each for part in reading(commit).statements for each in part.datasets):
        assert titles.setdefault(one.slug, one.title) == one.title


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.name)
def test_other_lists_are_told_not_guessed(path: Path) -> None:
    (raw,) = SOURCE.fetch(there(path))
    read = SOURCE.read(raw)
    assert read.version.commit.startswith("unknown-")
    assert read.version.date == ""
    assert read.tables == ()
    assert read.statements == ()
    assert len(read.faults) > 10
    assert all("is not known to section.tsv" in fault.reason for fault in read.faults)


@pytest.mark.parametrize("name", ["nothing.md", "empty"])
def test_what_is_not_there_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(FetchError) as refusal:
        list(SOURCE.fetch(tmp_path / name))
    assert refusal.value.repair


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_bytes(b"# \xff\xfe")
    with pytest.raises(FetchError, match="not UTF-8 text: byte 2"):
        list(SOURCE.fetch(tmp_path))


def read_text(folder: Path, text: str) -> Reading:
    (folder / "README.md").write_text(text, encoding="utf-8")
    (raw,) = SOURCE.fetch(folder / "README.md", commit="0123456789", date="2026-01-02")
    return SOURCE.read(raw)


ROW = "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>"
HEADS = (
    "<tr><th>Name</th><th>Resolution<br>$nm^3$</th><th>Size<br>μm<sup>3</sup></th><th>Species</th><th>Number</th>"
    "<th>Link</th><th>Reference</th><th>Note</th></tr>"
)
REFERENCES = """
## Reference
### 2020
* Wei. [One](https://doi.org/10.1000/ONE)
<p><img src="MitoEM.png"></p>

* Wei. [Two](https://doi.org/10.1000/two)
<p><img src="H01.png"></p>
"""


def listed(folder: Path, *cells: str) -> Reading:
    row = ROW.format(*cells, *[""] * (8 - len(cells)))
    return read_text(folder, f"## Overview\n\n<table>\n{HEADS}\n{row}\n</table>\n{REFERENCES}")


def faults(read: Reading) -> list[tuple[str, str]]:
    return [(one.reason, one.text) for one in read.faults]


def test_other_columns_in_another_order(tmp_path: Path) -> None:
    read = listed(tmp_path, "H01", "8 (in-plane)", "14x ~3.3x3.3x3.3", "human", "~166,700 neurons")
    assert read.version.slug.endswith("-0123456")
    (one,) = read.statements[0].datasets
    (volume,) = one.volumes
    assert volume.voxel is not None and volume.extent is not None
    assert (volume.voxel.x, volume.voxel.z) == (Decimal(8), None)
    assert (volume.multiplicity, volume.extent.approximate) == (14, True)
    assert one.counts[0].comparator == "approximately"
    assert faults(read) == []


def test_of_two_papers_the_dataset_decides(tmp_path: Path) -> None:
    read = listed(tmp_path, "H01", "", "", "", "", "", 'Wei, <a href="#2020">2020</a>')
    assert [one.doi for one in read.statements[0].datasets[0].papers] == ["10.1000/two"]
    assert [one.slug for one in read.statements[-1].papers] == ["wei-2020", "wei-2020-two"]


@pytest.mark.parametrize(
    ("cells", "reason", "text"),
    [
        (["Nobody's"], "a name that registry.tsv does not have", "Nobody's"),
        (["H01", "4x4x4 or 8x8x8"], "several values for one volume, kept as stated", "4x4x4 or 8x8x8"),
        (["H01", "small"], "no known form of a size: 'small'", "small"),
        (["H01", "4x4x4 (mostly)"], "a remark on a size, kept as stated", "mostly"),
        (["H01", "", "", "yeti"], "a word that species.tsv does not have", "yeti"),
        (["H01", "", "", "", "some"], "no known form of a number: 'some'", "some"),
        (["H01", "", "", "", "~25,000"], "a number of what is not said", "~25,000"),
        (["H01", "", "", "", "7 yetis"], "a word that countable.tsv does not have", "yetis"),
        (["H01", "", "", "", "", '<a href="there">here</a>'], "the link is no IRI", "there"),
        (["H01", "", "", "", "", "ask me"], "words in a cell of links", "ask me"),
        (["H01", "", "", "", "", "", "Wei, 2020"], "a reference without a link to a year", "Wei, 2020"),
        (
            ["H01", "", "", "", "", "", 'Lin, <a href="#2020">2020</a>'],
            "a reference that the list's own references do not have",
            "Lin, 2020",
        ),
        (
            ["J0126", "", "", "", "", "", 'Wei, <a href="#2020">2020</a>'],
            "a reference that the list's own references do not have",
            "Wei, 2020",
        ),
        (["H01", "", "", "", "", "", "", "new"], "a note that note.tsv does not have", "new"),
    ],
)
def test_what_a_cell_cannot_say_is_a_fault(tmp_path: Path, cells: list[str], reason: str, text: str) -> None:
    read = listed(tmp_path, *cells)
    assert faults(read) == [(reason, text)]
    assert read.faults[0].line == 5
    assert read.faults[0].column > 1


def test_a_size_that_cannot_be_read_is_kept_as_stated(tmp_path: Path) -> None:
    (volume,) = listed(tmp_path, "H01", "24 to ~100").statements[0].datasets[0].volumes
    assert volume.voxel is not None
    assert (volume.voxel.as_stated, volume.voxel.x) == ("24 to ~100", None)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (
            "<tr><th>Name</th><th>Colour</th></tr><tr><td>H01</td><td>red</td></tr>",
            "a column that column.tsv does not have",
        ),
        ("<tr><th>Species</th></tr><tr><td>mouse</td></tr>", "a table without a column of names"),
        ("<tr><th>Name</th><th>Name</th></tr><tr><td>H01</td><td>H01</td></tr>", "a second column of name"),
        ("<tr><th>Species</th><th>Name</th></tr><tr><td>mouse</td></tr>", "a row without a name"),
    ],
)
def test_tables_at_fault(tmp_path: Path, table: str, reason: str) -> None:
    read = read_text(tmp_path, f"## Overview\n\n<table>{table}</table>\n")
    assert reason in [one.reason for one in read.faults]
    assert len(read.tables) == 1


def test_two_tables_under_one_heading(tmp_path: Path) -> None:
    table = "\n| Name |\n|---|\n| H01 |\n"
    read = read_text(tmp_path, f"## Overview\n{table}\ntext\n{table}\n")
    assert [one.slug for one in read.tables] == ["overview", "overview-2"]


BITS = st.sampled_from(
    [
        *(
            "<table>",
            "</table>",
            "<tr>",
            "<td>",
            "<td rowspan='3'>",
            "<th>Name</th>",
            "<th>Size μm3</th>",
            "<th>Number</th>",
        ),
        *(
            "<th>Link</th>",
            "<th>Reference</th>",
            "H01",
            "AxonEM",
            "30x30x30",
            "12+50 skels",
            "<a href='#2021'>2021</a>",
        ),
        *(
            "\n",
            "\n\n",
            "## Overview\n",
            "## Reference\n",
            "### 2021\n",
            "* Wei. [x](https://doi.org/10.1/y)\n",
            "mouse",
        ),
        *(
            "| Name | Link |\n|-|-|\n",
            "| H01 | https://example.org/[ |\n",
            "<br>",
            "## Acknowledgement\n",
            "* **A** Lab, B\n",
        ),
        *(
            "| Full set | Subset | Connectome |\n|-|-|-|\n| FAFB | CREMI | x |\n",
            "<img src='a/H01.png'>",
            "[",
            "](",
            "~",
        ),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(BITS, max_size=40))
def test_any_list_is_read(tmp_path_factory: pytest.TempPathFactory, bits: list[str]) -> None:
    read = read_text(tmp_path_factory.mktemp("list"), "".join(bits))
    assert all(fault.reason and fault.line >= 1 and fault.column >= 1 for fault in read.faults)
    for table in read.tables:
        named = {row.index for row in table.rows}
        said = {row for one in read.statements if one.table == table.slug for row in one.rows}
        assert said <= named


def test_the_example_says_what_the_seed_says() -> None:
    (row,) = [one for one in SOURCE.read(SOURCE.example).statements if one.rows]
    seed = statement("be275e8", "overview", "04")
    assert replace(row, graph=seed.graph) == seed


# Links that lead about within the list, or show its badges: no facts.
NAVIGATION = re.compile(
    r"^https://(awesome\.re|img\.shields\.io|github\.com/(topics/|JackieZhai/awesome-em-datasets[#/]))"
)


def test_no_link_of_the_seed_is_dropped(graph: Graph) -> None:
    """Every address in the seed, prose included, stands in the graph as a node."""
    text = there(SHARED / "seed" / "awesome-em-datasets.md").read_text(encoding="utf-8")
    links = {url for url in re.findall(r"https?://[^\s\"<>)\]]+", text) if not NAVIGATION.match(url)}
    nodes = {
        term.value for quad in graph.quads() for term in (quad.subject, quad.object) if isinstance(term, NamedNode)
    }
    assert len(links) > 30
    assert {url for url in links if not {url, url.lower()} & nodes} == set()
