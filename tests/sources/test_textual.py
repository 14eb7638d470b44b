"""Voxel sizes in words: a table of what is read and what is not, the texts of the real corpora, and any text at all."""

from __future__ import annotations

import json
import os
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emkg.cursor import Cursor
from emkg.model import Triplet, Volume
from emkg.paths import data_dir
from emkg.sources._textual import LONGEST_QUOTE, PATTERNS, claims, voxel_words
from emkg.stated import Text, place

TABLE = Path(__file__).parents[1] / "data" / "textual.tsv"
CASES = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]
CORPORA = Path(os.environ.get("EMKG_CORPORA", data_dir().parent.parent / "shared")) / "corpora"
WORDS = [
    case[0] for case in CASES
] + "8 nm x by µm Å z step slices section thickness isotropic xy5z8nm - – . , 50 ± of 1e9 ³".split()

# What a person reads in the titles and descriptions of the corpora's EMPIAR entries: one alone tells a step along z.
IN_THE_CORPORA = {"EMPIAR-10094": (Decimal(10), Decimal(50))}


@pytest.mark.parametrize(("text", "x", "z"), CASES, ids=[case[0][:40] or "nothing" for case in CASES])
def test_the_table(text: str, x: str, z: str) -> None:
    found = voxel_words(text)
    if not z:
        assert found == ()
        return
    best = found[0]
    assert best.z == Decimal(z)
    assert best.x == best.y == (Decimal(x) if x else None)
    assert best.quoted in text
    assert 0 < best.confidence < 1


def test_every_pattern_is_needed() -> None:
    """A pattern that no case of the table uses is one that nobody checks."""
    for pattern, _, confidence in PATTERNS:
        assert any(pattern.search(case[0]) for case in CASES if case[2]), (pattern.pattern, confidence)


def test_about_is_less_sure() -> None:
    (plain,), (rough,) = voxel_words("z step of 50 nm"), voxel_words("z step of approximately 50 nm")
    assert (plain.z, plain.confidence) == (rough.z, rough.confidence + Decimal("0.1"))


def test_a_claim_stands_where_its_words_stand() -> None:
    volume = Volume("v-1", "v", voxel=Triplet(Decimal(10), Decimal(10), None))
    (one,) = claims([Cursor("cut at a <i>z step</i> of 50 nm", "/imagesets/0/details", "x.json", [])], volume)
    assert (one.property, one.value, one.quoted, one.about) == ("voxelZ", Decimal(50), "z step of 50 nm", "v-1")
    assert place(one.value) == place(one.quoted) == "/imagesets/0/details"


def test_x_and_y_are_claimed_only_where_no_field_states_them() -> None:
    texts = [Cursor("10 nm pixels and 50 nm slices", "/t", "x.json", [])]
    assert {one.property for one in claims(texts, Volume("v", "v"))} == {"voxelX", "voxelY", "voxelZ"}
    known = Volume("v", "v", voxel=Triplet(Decimal(9), Decimal(9), None))
    assert {one.property for one in claims(texts, known)} == {"voxelZ"}


def test_texts_that_disagree_claim_nothing() -> None:
    texts = [Cursor("z step of 50 nm", "/t", "x.json", []), Cursor("xy5z8nm", "/d", "x.json", [])]
    assert claims(texts, Volume("v", "v")) == ()


def test_the_real_texts() -> None:
    """Every title, name, folder and description of the corpora's entries: nothing is read that a person does not read there."""
    folders = [CORPORA / "derived" / "empiar_api_shape", CORPORA / "empiar-api" / "entries_from_bia_integrator"]
    if not all(folder.is_dir() for folder in folders):
        pytest.skip("no corpora/derived: set EMKG_CORPORA to the folder that holds corpora/")
    read = 0
    for file in sorted(one for folder in folders for one in folder.glob("*.json")):
        for key, entry in json.loads(file.read_text(encoding="utf-8")).items():
            for text in _texts(entry):
                read += 1
                for found in voxel_words(text):
                    assert (found.x, found.z) in {
                        IN_THE_CORPORA.get(key),
                        (None, IN_THE_CORPORA.get(key, (0, 0))[1]),
                    }, (key, text)
    assert read > 60


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict | list):
        return [text for one in (value.values() if isinstance(value, dict) else value) for text in _texts(one)]
    return [value] if isinstance(value, str) else []


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=8), max_size=30).map(" ".join))
def test_any_text_does_no_harm(text: str) -> None:
    found = voxel_words(text)
    assert len({one.z for one in found}) <= 1
    for one in found:
        assert 0 < len(one.quoted) <= LONGEST_QUOTE and one.quoted in text
        assert all(side is None or Decimal("0.5") <= side <= 1000 for side in (one.x, one.y, one.z))


@pytest.mark.parametrize(
    "text", ["8 x " * 20_000, "isotropic voxel size " * 5_000, "1" * 100_000, "8 nm " * 20_000, "xy" * 50_000]
)
def test_a_long_text_takes_no_long_time(text: str) -> None:
    start = time.monotonic()
    claims([Cursor(Text(text, "/d"), "/d", "x.json", [])], Volume("v", "v"))
    assert time.monotonic() - start < 5
