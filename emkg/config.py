"""What can be set from outside: where the build and the cache lie, where the server listens."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from platformdirs import user_cache_path

from emkg.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a run; each has an environment variable, and the command line wins over it."""

    build: Path = Path("build")
    host: str = "127.0.0.1"
    port: int = 8000
    cache: Path = field(default_factory=lambda: user_cache_path("emkg", appauthor=False))

    @classmethod
    def load(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """The settings that EMKG_BUILD, EMKG_HOST, EMKG_PORT and EMKG_CACHE give; raises ConfigError for a port that is none.

        >>> Settings.load({"EMKG_PORT": "9000"}).port
        9000
        """
        given = os.environ if environment is None else environment
        port = given.get("EMKG_PORT", "8000")
        if not port.isdecimal() or not 0 <= int(port) <= 65535:
            raise ConfigError(f"not a port: {port!r}", "EMKG_PORT", "give a number from 0 to 65535")
        made = cls(Path(given.get("EMKG_BUILD", "build")), given.get("EMKG_HOST", "127.0.0.1"), int(port))
        return replace(made, cache=Path(given["EMKG_CACHE"])) if given.get("EMKG_CACHE") else made
