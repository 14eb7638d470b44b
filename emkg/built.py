"""The build in place: its manifest and its graph. Apart from emkg/build.py, so that a question need not load the builder."""

from __future__ import annotations

import json
import re
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


_NAMES_GRAPHS = re.compile(r"\b(graph|from)\b", re.IGNORECASE)


def open_build(out: Path = Path("build"), query: str | None = None) -> Graph:
    """The graph of the build in place; raises NoBuild.

    With the text of the one ``query`` that is to be asked, only ``current`` is loaded where it names no graph: half the time.
    """
    manifest(out)
    folder = out / "current"
    if query is not None and not _NAMES_GRAPHS.search(query):
        return Graph.load_current(folder / "dump" / "emkg.nt")
    return Graph.load(folder / "emkg.nq")
