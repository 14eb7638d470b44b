"""What must hold of every repository that is found: of its example, of its example damaged, and of all records of the corpora."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emkg.harvest import Snapshot, source_named, sources
from emkg.harvest.repositories import harvest_records
from emkg.ids import mint
from emkg.model import Fault, Record
from emkg.paths import data_dir
from emkg.rdf import read_quads
from emkg.rdfize import record_statements_of
from emkg.sources._base import Repository
from emkg.validate import validate_asserted
from emkg.vocab import EM, FOAF, RDF
from tests.sources.fuzz import (
    assert_explained,
    assert_sound,
    assert_traced,
    assert_valid_terms,
    broken,
    damaged,
    quads_of,
)

REPOSITORIES = {name: source for name, source in sources().items() if isinstance(source, Repository)}
EACH = pytest.mark.parametrize("source", REPOSITORIES.values(), ids=REPOSITORIES)
CORPORA = Path(os.environ.get("EMKG_CORPORA", data_dir().parent.parent / "shared")) / "corpora"
# Source: the folders and files of the corpora that hold its records.
FOLDERS = {
    "aws-open-data": ("aws-open-data-registry",),
    "bioimage-archive": ("bia-integrator-data", "bia-integrator"),
    "cell-image-library": ("cell-image-library",),
    "cellmap-challenge": ("cellmap-challenge",),
    "cem": ("cem-dataset",),
    "cryoet-data-portal": ("cryoet-data-portal",),
    "empiar": (
        *("empiar-header-xml", "empiar-api/entries_from_bia_integrator", "derived/empiar_api_shape"),
        "derived/empiar_search_export_sample.csv",
    ),
    "idr": ("idr",),
    "neurodata": ("neurodata-ocp",),
    "ome-ngff": ("ome2024-ngff-challenge",),
    "openorganelle": ("openorganelle",),
    "torch-em": ("derived/torch_em_em_datasets.csv",),
    "vem-lists": ("derived/vem_museum_2026.csv", "connectomic-paper-datasets", "awesome-neuron-segmentation", "volume-em-site"),
    "volume-em-pubs": ("volume-em-pubs",),
}  # fmt: skip
DECIDED = (FOAF.name,)
"""What a build decides before it validates: a person of one ORCID is "David Agard" in one record, "David A. Agard" in another."""
WITH_RECORDS = [pytest.param(name, folder, id=folder) for name in sorted(FOLDERS) for folder in FOLDERS[name]]


def there(name: str, folder: str) -> tuple[Repository, Path]:
    source, path = REPOSITORIES.get(name), CORPORA / folder
    if source is None:
        pytest.skip(f"no source {name} yet")
    if not path.exists():
        pytest.skip(f"no corpora/{folder}: set EMKG_CORPORA to the folder that holds corpora/")
    return source, path


@cache
def described_resources() -> frozenset[str]:
    files = (data_dir() / "curated").glob("*.ttl")
    found = (quad for path in files for quad in read_quads(path) if quad.predicate == RDF.type)
    return frozenset(str(quad.subject) for quad in found if quad.object == EM.RelatedResource)


@EACH
def test_it_says_what_it_is(source: Repository) -> None:
    assert type(source_named(source.name)) is type(source)
    assert source.title and source.homepage.startswith("https://")
    assert source.states and source.lacks and not set(source.states) & set(source.lacks)
    assert str(mint("resource", source.resource)) in described_resources(), (
        "describe it in data/curated/repositories.ttl"
    )


@EACH
def test_its_example_gives_valid_traced_statements(source: Repository) -> None:
    reading = assert_sound(source, source.example)
    assert reading.datasets
    assert not reading.faults


@EACH
def test_reading_is_pure(source: Repository) -> None:
    assert quads_of(source, source.example) == quads_of(source, source.example)


@EACH
@given(data=st.data())
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_a_damaged_record_does_no_harm(source: Repository, data: st.DataObject) -> None:
    assert_sound(source, data.draw(broken(source.example)))


@EACH
def test_many_damaged_records_do_no_harm(source: Repository) -> None:
    """Without the shapes, which are slow, but many more of them; the seed says which one failed."""
    for seed in range(300):
        record = damaged(source.example, seed)
        try:
            assert_sound(source, record, shapes=False)
        except Exception as fault:
            fault.add_note(f"{source.name}: damaged(example, {seed}): {str(record.body)[:2000]}")
            raise


@EACH
def test_a_harvest_of_damaged_records_goes_on_and_tells_each_rejection(source: Repository, tmp_path: Path) -> None:
    def records() -> Iterator[Record | Fault]:
        for seed in range(60):
            one = damaged(source.example, seed, most=15)
            yield Record(f"{one.key} {seed}", one.path, one.pointer, one.body)
        yield Fault("broken.json", 3, 7, "not JSON: Expecting value")
        yield source.example

    report = harvest_records(source, records(), tmp_path / "shard.nq.gz", Snapshot(date="2026-01-01"))
    assert report.kept + len(report.rejected) == 62
    assert source.example.key in report.new
    assert all(faults and all(one.reason for one in faults) for faults in report.rejected.values())


@pytest.mark.parametrize(("name", "folder"), WITH_RECORDS)
def test_every_record_of_the_corpora_is_read(name: str, folder: str) -> None:
    """No exception, no invalid term, each literal at its place, each rejection with its reason."""
    source, path = there(name, folder)
    kept = read = 0
    for record in source.records(path):
        assert not isinstance(record, Fault), record
        read += 1
        reading = source.read(record)
        assert_explained(reading)
        statements = record_statements_of(reading)
        assert_valid_terms(record, statements)
        assert_traced(record, statements)
        kept += bool(reading.datasets)
    assert read and kept


@pytest.mark.parametrize(("name", "folder"), WITH_RECORDS)
def test_the_corpora_conform(name: str, folder: str, tmp_path: Path) -> None:
    """All that a folder gives, in one graph, as a build validates it: no two records may contradict one another."""
    source, path = there(name, folder)
    readings = [source.read(record) for record in source.records(path) if isinstance(record, Record)]
    report = validate_asserted({told.triple for reading in readings for told in record_statements_of(reading)})
    wrong = [one for one in report.results if one.severity == "violation" and one.path not in DECIDED]
    assert not wrong, "\n".join(f"{one.focus} {one.path} {one.value}: {one.message}" for one in wrong[:10])


@pytest.mark.parametrize("name", sorted(FOLDERS))
def test_no_two_records_share_a_slug(name: str) -> None:
    """A dataset, volume or access point is one thing: two records never mean it by accident."""
    source = REPOSITORIES.get(name)
    if source is None:
        pytest.skip(f"no source {name} yet")
    for folder in FOLDERS[name]:
        there(name, folder)
        owners: dict[str, str] = {}
        for record in source.records(CORPORA / folder):
            if isinstance(record, Record):
                for dataset in source.read(record).datasets:
                    slugs = [volume.slug for volume in dataset.volumes], [point.slug for point in dataset.access_points]
                    assert all(len(one) == len(set(one)) for one in slugs), dataset.slug
                    assert owners.setdefault(dataset.slug, record.key) == record.key, dataset.slug
