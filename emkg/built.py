"""The build in place: its manifest and its graph. Apart from emkg/build.py, so that a question need not load the builder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from emkg.errors import NoBuild
from emkg.graph import Graph


def manifest(out: Path) -> dict[str, Any]:
    """The manifest of the build in place; raises NoBuild, saying which command makes one."""
    try:
        found: dict[str, Any] = json.loads((out / "current" / "manifest.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise NoBuild("there is no build", str(out), "make one: emkg build") from None
    except json.JSONDecodeError:
        raise NoBuild("the build is damaged", str(out), "make it again: emkg build") from None
    return found


def open_build(out: Path = Path("build")) -> Graph:
    """The graph of the build in place; raises NoBuild."""
    manifest(out)
    return Graph.load(out / "current" / "emkg.nq")
