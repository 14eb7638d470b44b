"""The value forms of sizes and counts: what each says, and what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emkg.errors import RecordError
from emkg.grammar import Amount, Size, count_of, counts, size, storage
from emkg.model import Triplet

Lengths = tuple[str | None, str | None, str | None]


def lengths(read: Size) -> Lengths:
    assert read.lengths is not None
    return tuple(None if one is None else str(one) for one in (read.lengths.x, read.lengths.y, read.lengths.z))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30×30×30", ("30", "30", "30")),
        ("30x30x30", ("30", "30", "30")),
        ("30 x 30 X 30", ("30", "30", "30")),
        ("30*30*30", ("30", "30", "30")),
        ("2,000×3,000×175", ("2000", "3000", "175")),
        ("1,300x870x820", ("1300", "870", "820")),
        ("3.58x3.58x40", ("3.58", "3.58", "40")),
        ("30 × 30 × 30 μm³", ("30", "30", "30")),
        ("30x30x30 um^3", ("30", "30", "30")),
        ("1.3x0.87x0.82 mm", ("1300", "870", "820")),
        ("500x500x500 nm", ("0.5", "0.5", "0.5")),
        ("65x65x?", ("65", "65", None)),
        ("5x5", ("5", "5", None)),
        ("8 (in-plane)", ("8", "8", None)),
        ("8 isotropic", ("8", "8", "8")),
        ("56.4x56.4x60 (18.8 in-plane subareas)", ("56.4", "56.4", "60")),
    ],
)
def test_lengths(text: str, expected: Lengths) -> None:
    read = size(text)
    assert lengths(read) == expected
    assert read.lengths is not None
    assert (read.lengths.as_stated, read.approximate, read.multiplicity) == (text, False, None)


@pytest.mark.parametrize(
    ("text", "many", "approximate", "kind", "remark", "expected"),
    [
        ("2x 30x30x30", 2, False, "", "", ("30", "30", "30")),
        ("2 x 30 x 30 x 30", 2, False, "", "", ("30", "30", "30")),
        ("14x ~3.3x3.3x3.3", 14, True, "", "", ("3.3", "3.3", "3.3")),
        ("3x 1250x1250x125", 3, False, "", "", ("1250", "1250", "125")),
        ("~30x30x30", None, True, "", "", ("30", "30", "30")),
        ("about 30x30x30", None, True, "", "", ("30", "30", "30")),
        ("~250 per side", None, True, "perSide", "", ("250", "250", "250")),
        ("~250 per side (brain)", None, True, "perSide", "brain", ("250", "250", "250")),
        ("250 µm per side", None, False, "perSide", "", ("250", "250", "250")),
        ("30x30x30 (about ~3)", None, False, "", "about ~3", ("30", "30", "30")),
    ],
)
def test_qualified_lengths(
    text: str, many: int | None, approximate: bool, kind: str, remark: str, expected: Lengths
) -> None:
    read = size(text)
    assert lengths(read) == expected
    assert read.lengths is not None
    assert (read.multiplicity, read.approximate, read.remark) == (many, approximate, remark)
    assert (read.lengths.approximate, read.lengths.kind) == (approximate, kind)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7,010 sections", Size(section_count=7010)),
        ("4,845 sections of 40 nm", Size(section_count=4845, section_thickness=Decimal(40))),
        ("2,630 μm3 in total", Size(total_volume=Decimal(2630))),
        ("1 mm<sup>3</sup>".replace("<sup>3</sup>", "³"), Size(total_volume=Decimal(1000000000))),
        (
            "~0.058 mm³ (12.5 Tvx, ~29,000 sections)",
            Size(
                total_volume=Decimal(58000000),
                total_voxels=Decimal("12.5E12"),
                section_count=29000,
                approximate=True,
            ),
        ),
        (
            "30 slices 512x512",
            Size(Triplet(Decimal(512), Decimal(512), None, "30 slices 512x512"), section_count=30),
        ),
    ],
)
def test_volumes_and_sections(text: str, expected: Size) -> None:
    assert size(text) == expected


@pytest.mark.parametrize("text", ["4x4x4 or 8x8x8", "4x4x4 / 8x8x8", "4x4x4; 8x8x8"])
def test_alternatives_decide_nothing(text: str) -> None:
    read = size(text)
    assert lengths(read) == (None, None, None)
    assert [one.x for one in read.alternatives] == [Decimal(4), Decimal(8)]


def test_a_range_decides_nothing() -> None:
    read = size("24 (nodulus) to ~100 (overview)", unit="nm")
    assert (lengths(read), read.lower, read.upper) == ((None, None, None), Decimal(24), Decimal(100))
    assert read.remark == "nodulus; overview"


@pytest.mark.parametrize(
    "text",
    ["8", "big", "", "30x30x30x30x30", "x30x30", "30x30x30 parsec", "100 to 24", "3 sections 4", "1,30x2x2", "٣x٣x٣"],
)
def test_sizes_that_are_refused(text: str) -> None:
    with pytest.raises(RecordError) as refusal:
        size(text)
    assert refusal.value.repair


def test_lengths_and_voxels_do_not_mix() -> None:
    assert lengths(size("512x512x30", unit="voxel")) == ("512", "512", "30")
    with pytest.raises(RecordError):
        size("512x512x30 nm", unit="voxel")


def test_the_column_tells_the_unit() -> None:
    assert lengths(size("1x1x1", unit="µm", stated_in="mm")) == ("1000", "1000", "1000")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18,000 axons", [("axons", 18000, "exactly", True)]),
        (
            "50,000 cells\n133,700,000 synapses",
            [("cells", 50000, "exactly", True), ("synapses", 133700000, "exactly", False)],
        ),
        (
            "33 blocks\n12+50 skels",
            [("blocks", 33, "exactly", False), ("skels", 12, "exactly", False), ("skels", 50, "exactly", False)],
        ),
        (">1,300 neuron skeletons", [("neuron skeletons", 1300, "atLeast", False)]),
        ("over 18,000 axons", [("axons", 18000, "atLeast", False)]),
        ("1,300+ axons", [("axons", 1300, "atLeast", False)]),
        ("≤ 20 cells", [("cells", 20, "atMost", False)]),
        ("~166,700 neurons", [("neurons", 166700, "approximately", False)]),
        ("~25,000", [("", 25000, "approximately", False)]),
        ("169 non-neuronal cells", [("non-neuronal cells", 169, "exactly", False)]),
        (
            "~25,000 neurons, ~20 M synapses",
            [("neurons", 25000, "approximately", False), ("synapses", 20000000, "approximately", False)],
        ),
        ("0.5 G synapses", [("synapses", 500000000, "exactly", True)]),
        ("1.5 million cells", [("cells", 1500000, "exactly", True)]),
        ("302 neurons; 7 axons", [("neurons", 302, "exactly", False), ("axons", 7, "exactly", False)]),
        ("1592753 2D patches", [("2D patches", 1592753, "exactly", False)]),
        ("", []),
    ],
)
def test_counts(text: str, expected: list[tuple[str, int, str, bool]]) -> None:
    assert [(one.noun, one.value, one.comparator, one.rounded) for one in counts(text)] == expected


def test_a_count_within_a_count() -> None:
    (neurons,) = count_of("451 neurons (417 PyCs)")
    part = Amount("PyCs", "451 neurons (417 PyCs)", 417)
    assert neurons == Amount("neurons", "451 neurons (417 PyCs)", 451, parts=(part,))
    assert [one.value for one in count_of("9,451 neurons (1,417 PyCs, 20 cells)")[0].parts] == [1417, 20]


@pytest.mark.parametrize("text", ["100-200 cells", "100 to 200 cells", "~100–200 cells"])
def test_a_range_of_counts(text: str) -> None:
    (one,) = counts(text)
    assert (one.value, one.minimum, one.maximum, one.comparator, one.noun) == (None, 100, 200, "range", "cells")


@pytest.mark.parametrize(
    "text",
    ["302 / 385 neurons", "6 volumes + 1 TEM", "14x 416x416x416", "many", "1.5 cells", "5 cells (some)", "9-3 cells"],
)
def test_counts_that_are_refused(text: str) -> None:
    with pytest.raises(RecordError):
        counts(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("~1.1 PB", (1100000000000000, True)), ("660 GB", (660000000000, False)), ("3 B", (3, False))],
)
def test_storage(text: str, expected: tuple[int, bool]) -> None:
    assert storage(text) == expected


@pytest.mark.parametrize("text", ["", "PB", "1 mm", "~ PB"])
def test_storage_that_is_refused(text: str) -> None:
    with pytest.raises(RecordError):
        storage(text)


WORDS = st.lists(
    st.sampled_from(
        [
            "1",
            "2,000",
            "3.5",
            "x",
            "×",
            " ",
            "~",
            "(",
            ")",
            "nm",
            "µm³",
            "mm",
            "sections",
            "to",
            "or",
            "/",
            ">",
            "+",
            "cells",
            "\n",
            ",",
            "?",
            "in total",
            "per side",
        ]
    )
).map("".join)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), WORDS))
def test_any_text_is_read_or_refused(text: str) -> None:
    for reader in (size, counts, storage):
        try:
            read = reader(text)
        except RecordError as refusal:
            assert refusal.repair
            continue
        if isinstance(read, Size):
            stated = [getattr(read.lengths, axis) for axis in "xyz"] if read.lengths else []
            assert any(sign.isdigit() or sign == "?" for sign in text), "a size out of a text without a number"
            assert all(one is None or one >= 0 for one in stated)


NUMBERS = st.decimals(min_value="0.01", max_value="99999", places=2).map(lambda number: number.normalize())
SIGNS = st.sampled_from(["×", "x", " x ", "X", "*", " × "])


@given(
    NUMBERS,
    NUMBERS,
    NUMBERS,
    SIGNS,
    st.sampled_from(["", "~", "about "]),
    st.sampled_from([None, 2, 14]),
    st.booleans(),
)
def test_a_rendered_triplet_reads_back(
    x: Decimal, y: Decimal, z: Decimal, sign: str, about: str, many: int | None, commas: bool
) -> None:
    shown = [format(number, ",f" if commas else "f") for number in (x, y, z)]
    text = (f"{many}x " if many else "") + about + sign.join(shown)
    read = size(text)
    assert read.lengths is not None
    assert (read.lengths.x, read.lengths.y, read.lengths.z) == (x, y, z)
    assert (read.multiplicity, read.lengths.approximate) == (many, bool(about))


@given(st.integers(0, 10**12), st.sampled_from(["", "~", ">", "<", "over ", "up to "]), st.booleans())
def test_a_rendered_count_reads_back(value: int, how: str, commas: bool) -> None:
    (one,) = counts(f"{how}{value:,} cells" if commas else f"{how}{value} cells")
    words = {"": "exactly", "~": "approximately", ">": "atLeast", "<": "atMost", "over ": "atLeast", "up to ": "atMost"}
    assert (one.value, one.comparator, one.noun) == (value, words[how], "cells")
