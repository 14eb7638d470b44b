"""emkg: the knowledge graph of electron-microscopy datasets."""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"
__all__ = ["__version__", "open"]


def __getattr__(name: str) -> Any:
    """``emkg.open`` comes with its module when it is first asked for, so that the command line starts quickly."""
    if name == "open":
        from emkg.api import open as open_

        return open_
    raise AttributeError(f"module 'emkg' has no attribute {name!r}")
