"""Places in raw records: each kind of value, what is cleaned, what is a fault, and where it stands."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emkg.cursor import LONGEST_TEXT, Cursor, clean, is_placeholder
from emkg.ids import doi_iri
from emkg.model import Fault
from emkg.rdf import NamedNode
from emkg.stated import place
from tests.sources.fuzz import JUNK

READERS = ("text", "texts", "number", "whole", "day", "year", "url", "doi", "orcid")


def at(value: Any, faults: list[Fault] | None = None) -> Cursor:
    return Cursor(value, "/v", "r.json", [] if faults is None else faults)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("value", JUNK, ids=lambda value: repr(value)[:30])
def test_no_value_is_an_exception(reader: str, value: Any) -> None:
    """A value is read and knows its place, or is nothing, with or without a fault."""
    found = getattr(at(value), reader)()
    for one in found if isinstance(found, tuple) else (found,):
        assert one is None or place(one).startswith("/v")


@given(
    st.text(max_size=40), st.sampled_from(["https://", "http://", "s3://b", "ftp://h/", "", "precomputed://https://"])
)
def test_an_address_is_an_iri_or_a_fault(words: str, scheme: str) -> None:
    found = at(scheme + words).url()
    if found is not None:
        assert NamedNode(str(found)).value == found


@pytest.mark.parametrize(
    ("given_", "address"),
    [
        ("www.ebi.ac.uk/empiar", "https://www.ebi.ac.uk/empiar"),
        ("https://a.org/x[1] y", "https://a.org/x%5B1%5D%20y"),
        ("https://a.org/100%", "https://a.org/100%25"),
        ("https://a.org/a%20b", "https://a.org/a%20b"),
        ('https://a.org/#!{"l":[1]}#2', "https://a.org/#!%7B%22l%22:%5B1%5D%7D%232"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("s3://janelia-cosem-datasets", "s3://janelia-cosem-datasets"),
    ],
)
def test_an_address_is_made_safe(given_: str, address: str) -> None:
    assert at(given_).url() == address


@pytest.mark.parametrize("given_", ["http://[", "http://h:x/", "javascript:alert(1)", "s3://", "//h/p", "http://a[b]/"])
def test_what_is_no_address_is_a_fault(given_: str) -> None:
    faults: list[Fault] = []
    assert at(given_, faults).url() is None
    assert faults[0].reason == "not an address"


@pytest.mark.parametrize(
    ("value", "unit", "length"),
    [
        (650.0, "angstrom", "65"),
        ("2", "µm", "2000"),
        ("2", "μm", "2000"),
        (8, "nm", "8"),
        ("0.05", "um", "50"),
        (1, "mm", "1000000"),
    ],
)
def test_lengths_come_in_nm(value: Any, unit: str, length: str) -> None:
    assert at(value).length(unit) == Decimal(length)


def test_a_length_in_no_unit_of_length_is_a_fault() -> None:
    faults: list[Fault] = []
    assert at("8", faults).length("pixel") is None
    assert "no unit of length" in faults[0].reason


def test_zero_is_nothing_where_a_number_must_be_positive() -> None:
    assert at("0").number() is None
    assert at("0").number(positive=False) == 0
    assert at("-1").number() is None


@pytest.mark.parametrize("value", ["1e400", 10**400, "sNaN", float("inf"), "12 nm", True, {"a": 1}])
def test_what_is_no_number_in_reach_is_a_fault(value: Any) -> None:
    faults: list[Fault] = []
    assert at(value, faults).number() is None
    assert len(faults) == 1 and faults[0].path == "r.json#/v"
    assert len(faults[0].text) <= 200


def test_a_text_that_is_prose_is_left_out() -> None:
    faults: list[Fault] = []
    assert at("x" * (LONGEST_TEXT + 1), faults).text() is None
    assert faults


def test_placeholders_are_not_taken() -> None:
    assert [
        at(word).text() for word in ("REQUIRED", "N/A", "float {tilt_series_min_tilt}", "dataset name", "not known")
    ] == [None] * 5
    assert not is_placeholder("mouse {brain")


def test_tags_entities_and_control_characters_go() -> None:
    assert clean("<p>A&nbsp;&lt;b&gt;bold&lt;/b&gt; \x07title</p>\n") == "A bold title"


def test_a_place_names_keys_with_slashes() -> None:
    record = at({"a/b": {"~": ["x"]}})
    assert record["a/b"]["~"][0].text().at == "/v/a~1b/~0/0"  # type: ignore[union-attr]


def test_a_place_has_no_blank() -> None:
    """Blanks part the places of a value that was made of several."""
    assert at({"Study Title %": "x"})["Study Title %"].text().at == "/v/Study%20Title%20%25"  # type: ignore[union-attr]


def test_the_last_of_a_list_has_its_own_place() -> None:
    assert at([1, 2, 3])[-1].number().at == "/v/2"  # type: ignore[union-attr]


def test_a_single_value_counts_as_a_list() -> None:
    assert [one.text() for one in at("x")] == ["x"]
    assert list(at(None)) == [] == list(at([]))


@pytest.mark.parametrize(
    ("value", "day"), [("2021-05-29", "2021-05-29"), ("2021-05-29T10:00:00Z", "2021-05-29"), ("2021-02-30", None)]
)
def test_days(value: str, day: str | None) -> None:
    assert at(value).day() == day


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=20))
def test_a_doi_is_an_iri(words: str) -> None:
    doi = at(f"10.1234/{words}").doi()
    if doi is not None:
        assert doi_iri(doi).value.endswith(doi)


@pytest.mark.parametrize("words", ["10.1234/a%zz", "10.1234/[x", "10.12/x", "doi", ""])
def test_what_is_no_doi_is_nothing(words: str) -> None:
    assert at(words).doi() is None


def test_an_orcid_has_its_check_digit() -> None:
    faults: list[Fault] = []
    assert at("0000-0003-2139-2959", faults).orcid() is None
    assert "check digit" in faults[0].reason
