"""Plugins are found by folder: one file is one plugin, and a broken one is never silently missing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from emkg.errors import PluginError
from emkg.registry import discover

BASE = 'class Kind:\n    name = "base"\n'
PLUGIN = 'from plugs._base import Kind\nclass {cls}(Kind):\n    name = "{name}"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    package = tmp_path / "plugs"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "_base.py").write_text(BASE)
    (package / "one.py").write_text(PLUGIN.format(cls="One", name="one"))
    monkeypatch.syspath_prepend(str(tmp_path))
    yield package
    for name in [name for name in sys.modules if name.split(".")[0] == "plugs"]:
        del sys.modules[name]


def kind() -> type:
    import plugs._base  # type: ignore[import-not-found]

    found: type = plugs._base.Kind
    return found


def test_a_file_dropped_in_is_found_and_a_test_double_is_not(folder: Path) -> None:
    (folder / "two.py").write_text(PLUGIN.format(cls="Two", name="two"))

    class Double(kind()):  # type: ignore[misc]
        name = "double"

    assert list(discover("plugs", kind())) == ["one", "two"]


@pytest.mark.parametrize(
    "text, reason",
    [
        ("import nowhere_to_be_found", "cannot be imported"),
        ("x = 1", "no subclass"),
        (PLUGIN.format(cls="Again", name="one"), "two plugins"),
        ("from plugs._base import Kind\nclass Nameless(Kind):\n    name = None\n", "has no name"),
    ],
)
def test_a_broken_plugin_is_told(folder: Path, text: str, reason: str) -> None:
    (folder / "zz.py").write_text(text)
    with pytest.raises(PluginError, match=reason):
        discover("plugs", kind())
