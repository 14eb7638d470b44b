"""One table of formats: nothing in it collides."""

from __future__ import annotations

import pytest

from emkg.errors import NotFound
from emkg.formats import RDF_FORMATS, RESULT_FORMATS, by_name, find_by_media_type


@pytest.mark.parametrize("table", [RDF_FORMATS, RESULT_FORMATS])
def test_names_suffixes_and_media_types_are_unique(table: tuple) -> None:  # type: ignore[type-arg]
    for values in ([f.name for f in table], [f.suffix for f in table], [m for f in table for m in f.media_types]):
        assert len(values) == len(set(values))


@pytest.mark.parametrize("form", RDF_FORMATS, ids=lambda form: form.name)
def test_a_format_is_found_by_name_suffix_and_media_type(form) -> None:  # type: ignore[no-untyped-def]
    assert by_name(form.name) is by_name(form.suffix) is form
    assert find_by_media_type(form.media_type.upper() + "; charset=utf-8") is form


def test_an_unknown_format_is_told_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="turtle"):
        by_name("tutrle")
    assert find_by_media_type("application/pdf") is None
