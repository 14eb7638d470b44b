"""Where do ontology/, shapes/, queries/ and data/ lie: in a checkout, or inside the installed wheel?"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from emkg.errors import ConfigError

RESOURCES = ("ontology", "shapes", "queries", "data")


@cache
def root() -> Path:
    """The folder that holds the four resource folders; raises ConfigError where there is none.

    >>> (root() / "ontology" / "prefixes.ttl").is_file()
    True
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / "_share", package.parent):
        if all((candidate / name).is_dir() for name in RESOURCES):
            return candidate
    raise ConfigError("the folders ontology/ shapes/ queries/ data/ are missing", str(package), "reinstall emkg")


def ontology_dir() -> Path:
    """The folder of the ontology's Turtle files and mappings."""
    return root() / "ontology"


def shapes_dir() -> Path:
    """The folder of the SHACL shapes."""
    return root() / "shapes"


def queries_dir() -> Path:
    """The folder of questions, checks and derivations."""
    return root() / "queries"


def data_dir() -> Path:
    """The folder of frozen records, curated facts and crosswalks."""
    return root() / "data"
