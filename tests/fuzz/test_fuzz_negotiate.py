"""No Accept header breaks the negotiation, and what it chooses follows RFC 9110 §12.5.1 whatever stands around it."""

from __future__ import annotations

import os
import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emkg.errors import NotAcceptable
from emkg.formats import HTML, RDF_FORMATS, RESULT_FORMATS, Format
from emkg.negotiate import choose, parse_accept

BATCH = 100
SHORT = int(os.environ.get("EMKG_FUZZ_SHORT", "4000"))
LONG = int(os.environ.get("EMKG_FUZZ_CASES", "700000")) // 2
OFFERS: tuple[tuple[Format, ...], ...] = (
    (HTML, *RDF_FORMATS),
    RDF_FORMATS,
    (*RESULT_FORMATS, HTML),
    RESULT_FORMATS[:2],
    (HTML,),
)
TYPES = [name for offers in OFFERS[:3] for form in offers for name in form.media_types]
TYPES += [
    "*/*",
    "*",
    "text/*",
    "application/*",
    "*/turtle",
    "image/png",
    "TEXT/Turtle",
    "application/json",
    "",
    "nonsense",
    "a/b/c",
    "text /html",
]
PARAMETERS = (
    "",
    "",
    "",
    ";q=0",
    ";q=0.5",
    ";q=1",
    ";q=1.000",
    ";q=0.001",
    ";q=2",
    ";q=-1",
    ";q=x",
    ";q=",
    ";q",
    "; q = .5",
    ";Q=0.3",
)
PARAMETERS += (
    ";charset=utf-8",
    ';profile="a,b;q=0"',
    ";level=1",
    ";q=0.5;ext=1",
    ";;",
    ";q=1e9",
    ";q=nan",
    ";q=inf",
    ";q=0.5\x00",
    ';p="',
    ';p="\\"',
)
JOINTS = (",", ", ", " ,", ",,", "\t,\t", ", ,", ";", " ", "", "\n", ',"', '",')
relaxed = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)


def header(chance: random.Random) -> str:
    """A header of up to eight elements, some of them spoilt."""
    made = ""
    for _ in range(int(chance.random() * 8)):
        made += (
            chance.choice(TYPES)
            + chance.choice(PARAMETERS)
            + chance.choice(JOINTS if chance.random() < 0.2 else JOINTS[:3])
        )
    return made


def check(text: str, offers: tuple[Format, ...]) -> None:
    """What must hold of every header."""
    ranges = parse_accept(text)
    assert all(0 <= found.weight <= 1 for found in ranges)
    try:
        picked = choose(text, offers)
    except NotAcceptable as refused:
        assert ranges and offers[0].media_type in refused.repair, text
        return
    assert picked.format in offers and picked.media_type in picked.format.media_types
    # Another element that wants nothing we have changes nothing.
    if '"' not in text and ranges:
        assert choose(f"image/x-none, {text}", offers) == picked, text
    if not ranges:
        assert picked.format == offers[0]


def batch(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(BATCH):
        check(header(chance), chance.choice(OFFERS))


@settings(relaxed, max_examples=SHORT // BATCH)
@given(st.integers(0, 2**48))
def test_every_header_is_weighed(seed: int) -> None:
    batch(seed)


@pytest.mark.slow
@settings(relaxed, max_examples=LONG // BATCH)
@given(st.integers(0, 2**48))
def test_every_header_is_weighed_in_many_cases(seed: int) -> None:
    batch(seed)


@settings(relaxed, max_examples=SHORT // 10)
@given(st.text(max_size=200), st.sampled_from(OFFERS))
def test_any_text_is_weighed(text: str, offers: tuple[Format, ...]) -> None:
    check(text, offers)


weights = st.integers(0, 1000).map(lambda number: number / 1000)


@settings(relaxed, max_examples=SHORT // 10)
@given(
    st.dictionaries(st.sampled_from([form.media_type for form in RDF_FORMATS]), weights, min_size=1),
    st.randoms(use_true_random=False),
)
def test_the_highest_weight_wins_in_any_order(wishes: dict[str, float], chance: random.Random) -> None:
    elements = [f"{name};q={weight:.3f}" for name, weight in wishes.items()]
    best = max(wishes.values())
    chosen = set()
    for _ in range(3):
        chance.shuffle(elements)
        try:
            chosen.add(choose(", ".join(elements), RDF_FORMATS).format.media_type)
        except NotAcceptable:
            chosen.add("")
    assert len(chosen) == 1, elements
    assert chosen == {""} if best == 0 else wishes.get(chosen.pop()) == best


@pytest.mark.parametrize(
    "unit", ["a/b,", ",", ";", "*/*;q=0.", 'a/b;c="', "a", '"', "\\", " ", "text/html;q=1,", ';q="\\"']
)
def test_long_headers_take_time_by_their_length(unit: str) -> None:
    """A header of 64 kB, as much as a server reads, takes no second."""
    begun = time.perf_counter()
    try:
        choose(unit * (65_536 // len(unit)), RDF_FORMATS)
    except NotAcceptable:
        pass
    assert time.perf_counter() - begun < 5
