"""Settings from the environment."""

from __future__ import annotations

import pytest

from emkg.config import Settings
from emkg.errors import ConfigError


def test_defaults_and_environment() -> None:
    assert Settings.load({}) == Settings()
    assert Settings.load({"EMKG_PORT": "0", "EMKG_HOST": "::1", "EMKG_BUILD": "x"}).host == "::1"


@pytest.mark.parametrize("port", ["", "x", "70000", "-1"])
def test_a_port_that_is_none_is_told(port: str) -> None:
    with pytest.raises(ConfigError, match="EMKG_PORT"):
        Settings.load({"EMKG_PORT": port})
