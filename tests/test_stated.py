"""Values that remember where they stand: they behave as the plain ones, and keep their place through what makes others of them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emkg.stated import Day, Number, Text, Whole, composed, joined, place

PLACES = st.from_regex(r"/[a-z0-9]{1,5}", fullmatch=True)
WORDS = st.builds(Text, st.text(max_size=20), PLACES)


@given(st.text(max_size=20), PLACES)
def test_a_text_is_a_text(words: str, at: str) -> None:
    made = Text(words, at)
    assert made == words and hash(made) == hash(words) and f"{made}" == words
    assert made.at == at == place(made)


def test_plain_methods_forget_the_place() -> None:
    assert place(Text("Mouse ", "/a").strip()) == ""
    assert place("mouse") == "" == place(None) == place(7)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**9, places=3), PLACES)
def test_a_number_is_a_decimal_and_its_multiple_stands_where_it_does(value: Decimal, at: str) -> None:
    number = Number(value, at)
    assert number == value and isinstance(number, Decimal)
    scaled = number.scaled("0.1")
    assert scaled == value * Decimal("0.1") and scaled.at == at


@pytest.mark.parametrize("value", [Whole(7, "/n"), Day("2021-05-29", "/d"), Number("0.5", "/x")])
def test_whole_numbers_days_and_decimals_have_a_place(value: object) -> None:
    assert place(value) in ("/n", "/d", "/x")


@given(st.lists(WORDS, max_size=5))
def test_what_is_composed_stands_wherever_its_parts_do(parts: list[Text]) -> None:
    made = composed("of ", *parts)
    assert made == "of " + "".join(parts)
    assert made.at.split() == list(dict.fromkeys(part.at for part in parts))


@given(st.lists(WORDS, max_size=5))
def test_joined_texts_are_joined(parts: list[Text]) -> None:
    assert joined("; ", parts) == "; ".join(parts)


def test_a_place_of_several_is_taken_apart() -> None:
    assert composed(Text("a", "/0 /1"), Text("b", "/1")).at == "/0 /1"
