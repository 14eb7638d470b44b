"""The registry: slugs are unique and never change, a name leads to one thing, every name in the lists is known."""

from __future__ import annotations

import re

import pytest

from emkg.harvest import source_named
from emkg.ids import KINDS
from emkg.inputs import read_record
from emkg.model import SourceTable
from emkg.paths import data_dir
from emkg.sources._crosswalk import key, named, registry, rows

RECORDS = sorted((data_dir() / "records" / "awesome-list").glob("*.json"))
# What was given out with the first release: a slug may be added below, never changed or taken out.
GIVEN_OUT = """
axonem h01 j0126 kasthuri microns-mm3 microns-l23 isbi-2012 snemi3d nucmm mitoem hemibrain fib-25 ac3-ac4 cremi
drosophila-vnc segem fib-25-training microns-training mouse-piriform-cortex si150l4 fafb hemibrain-training
j0126-training
""".split()


def tables() -> list[tuple[str, SourceTable]]:
    source = source_named("awesome-list")
    return [(path.stem, table) for path in RECORDS for table in read_record(source, path).tables]


def test_datasets_given_out_are_still_there() -> None:
    assert [slug for kind, slug in registry() if kind == "dataset"] == GIVEN_OUT


def test_a_slug_stands_once_for_a_kind() -> None:
    lines = [(row["kind"], row["slug"]) for row in rows("registry")]
    assert sorted(lines) == sorted(set(lines))


def test_slugs_and_kinds_are_well_formed() -> None:
    for row in rows("registry"):
        assert row["kind"] in KINDS
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row["slug"])
        assert row["name"]
        assert row["first_seen"] in {path.stem for path in RECORDS}


def test_a_name_leads_to_one_thing() -> None:
    names = [(one.kind, key(name)) for one in registry().values() for name in (one.name, *one.aliases)]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    ("commit", "table"), tables(), ids=lambda value: value if isinstance(value, str) else value.slug
)
def test_every_name_in_a_table_resolves(commit: str, table: SourceTable) -> None:
    kinds = {"Name": "dataset", "Full set": "dataset", "Connectome": "reconstruction"}
    cells = [cell for row in table.rows for cell in row.cells if cell.text]
    wanted = [(kinds[head], cell.text) for cell in cells if (head := cell.column_label.split("\n")[0]) in kinds]
    assert wanted
    assert [one for one in wanted if not (named(*one) or named("resource", one[1]))] == []


def test_a_dataset_with_a_row_of_its_own_has_a_volume() -> None:
    volumes = {slug for kind, slug in registry() if kind == "volume"}
    several = {"axonem", "mitoem", "nucmm"}
    assert {slug for kind, slug in registry() if kind == "dataset"} - volumes == several
