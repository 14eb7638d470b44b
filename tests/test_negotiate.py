"""Negotiation: the table of tests/data/accept.tsv, and what a refusal says."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emkg.errors import NotAcceptable
from emkg.formats import HTML, RDF_FORMATS, RESULT_FORMATS, Format
from emkg.negotiate import choose, parse_accept

FORMATS = {form.name: form for form in (HTML, *RDF_FORMATS, *RESULT_FORMATS)}
TABLE = Path(__file__).parent / "data" / "accept.tsv"


def cases() -> list[dict[str, str]]:
    return list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def offers(names: str) -> list[Format]:
    return [FORMATS[name] for name in names.split()]


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['why']}: {case['offers']}")
def test_table(case: dict[str, str]) -> None:
    try:
        answer = choose(case["accept"], offers(case["offers"])).format.name
    except NotAcceptable:
        answer = "406"
    assert answer == case["expected"]


def test_none_is_no_wish() -> None:
    assert choose(None, offers("turtle html")).format.name == "turtle"


def test_a_format_is_sent_under_the_name_it_was_asked_for() -> None:
    assert choose("application/xml", offers("html rdfxml")).media_type == "application/xml"
    assert choose("application/*", offers("html rdfxml")).media_type == "application/rdf+xml"


def test_a_refusal_carries_the_offer() -> None:
    with pytest.raises(NotAcceptable) as refusal:
        choose("application/pdf", offers("turtle jsonld"))
    assert "application/pdf" in refusal.value.what
    assert "text/turtle, application/ld+json" in refusal.value.repair
    assert refusal.value.status == 406


@given(st.text())
def test_no_header_breaks_it(header: str) -> None:
    assert all(0 <= media_range.weight <= 1 for media_range in parse_accept(header))


@given(st.text(alphabet='ab/*;=q01.,"\\ ', max_size=60))
def test_no_header_of_likely_characters_breaks_it(header: str) -> None:
    try:
        assert choose(header, offers("turtle html")).format.name in ("turtle", "html")
    except NotAcceptable:
        pass
