"""Files of a local copy: what cannot be parsed is a Fault with its place, and YAML gives what JSON could have given."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emkg.model import Fault
from emkg.sources._files import MOST_VALUES, parse_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1: a\nb: 2023-04-01", {"1": "a", "b": "2023-04-01"}),
        ("a: &x [1, 2]\nb: *x", {"a": [1, 2], "b": [1, 2]}),
        ("a: !!binary aGVsbG8=", {"a": "hello"}),
        ("!!set {a}", ["a"]),
        ("a: ~\nb: yes\nc: 1.5", {"a": None, "b": True, "c": 1.5}),
    ],
)
def test_yaml_as_json(text: str, value: Any) -> None:
    assert parse_yaml(text, "x.yaml") == value
    json.dumps(parse_yaml(text, "x.yaml"), sort_keys=True)


BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join(['*a' + str(n - 1)] * 10)}]\n" for n in range(1, 9)
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (BOMB, f"{MOST_VALUES:,} values"),
        ("&a [*a]", "deep"),
        ("[" * 300 + "]" * 300, "deep"),
        ("a: 0x" + "f" * 9000, "3,000 digits"),
        ("a: 1" + "0" * 9000, "not YAML"),
        ("a: [", "not YAML"),
        ("a: !!python/object:os.system {}", "not YAML"),
        ("? [a, b]\n: c", "not YAML"),
        ("\x00", "not YAML"),
    ],
)
def test_yaml_that_harms_is_a_fault(text: str, reason: str) -> None:
    fault = parse_yaml(text, "x.yaml")
    assert isinstance(fault, Fault)
    assert reason in fault.reason
