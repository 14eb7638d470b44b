"""Values that remember where they stand."""

from __future__ import annotations

from decimal import Decimal

from emkg.stated import Day, Number, Text, Whole, composed, joined, place


def test_values_are_what_they_hold() -> None:
    assert (
        Text("a", "/x") == "a"
        and Number("1.5", "/x") == Decimal("1.5")
        and Whole(3, "/x") == 3
        and Day("2021-05-29", "/d") == "2021-05-29"
    )
    assert {Text("a", "/x"), "a"} == {"a"}


def test_the_place_goes_along() -> None:
    assert [
        place(one) for one in (Text("a", "/t"), Number(1, "/n").scaled("0.1"), Whole(2, "/w"), Day("2021-05-29", "/d"))
    ] == ["/t", "/n", "/w", "/d"]
    assert place("plain") == "" and place(None) == "" and place(7) == ""


def test_a_text_of_parts_stands_wherever_they_stand() -> None:
    made = composed(Text("a", "/0"), " of ", Number(8, "/1"), Text("a", "/0"))
    assert made == "a of 8a" and made.at == "/0 /1"
    assert joined("; ", [Text("a", "/0"), Text("b", "/1")]) == "a; b" and joined("; ", []) == ""
