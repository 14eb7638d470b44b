"""docs/security.md is true: the tests that it names exist, and so do the settings."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest

from emkg.config import Limits
from emkg.web.headers import EVERY

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE)))


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_the_named_test_exists(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_threat_has_a_test() -> None:
    rows = re.findall(r"^\| (.+?) \| (.+?) \| (.+?) \|$", PAGE.split("## Threats")[1].split("\n## ")[0], re.MULTILINE)
    assert len(rows) > 20
    for threat, _, tests in rows[1:]:
        assert "::test_" in tests, threat


def test_every_named_setting_exists() -> None:
    known = {one.metadata["variable"] for one in fields(Limits)}
    assert set(re.findall(r"EMKG_\w+", PAGE)) <= known


def test_the_named_headers_are_sent() -> None:
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Access-Control-Allow-Origin"):
        assert name in PAGE and name in EVERY
