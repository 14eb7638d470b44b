"""A site of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harvest.site import Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made
