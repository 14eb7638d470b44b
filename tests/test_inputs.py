"""What a build is made from: records through their sources, curated files, and a fingerprint of it all."""

from __future__ import annotations

from pathlib import Path

import pytest

from emkg.errors import NotFound, RecordError
from emkg.ids import well_known_graphs
from emkg.inputs import fingerprint, read_inputs, read_record
from emkg.sources.awesome_list import AwesomeList


def test_every_input_is_read() -> None:
    inputs = read_inputs(["awesome-list"])
    assert inputs.errors == () and set(inputs.counts) == {"awesome-list", "curated"}
    assert {fault.path for fault in inputs.faults} == {"README.md", "DATASET.md", "BACKGROUND.md", "GROUP.md"}
    assert all(fault.line and fault.reason for fault in inputs.faults)
    assert well_known_graphs()["curated"] in {quad.graph_name for quad in inputs.quads}


@pytest.mark.parametrize("text", ["{", "[]", "7", '{"version": {}}', "\udcff"])
def test_a_record_at_fault_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "r.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(RecordError, match=r"r\.json"):
        read_record(AwesomeList(), path)


def test_the_repositories_are_read_too_and_an_unknown_one_is_told() -> None:
    inputs = read_inputs(["cem", "idr"])
    assert inputs.errors == () and set(inputs.counts) == {"cem", "idr", "curated"}
    with pytest.raises(NotFound, match="no source 'yeti'"):
        read_inputs(["cem", "yeti"])


def test_the_fingerprint_is_stable() -> None:
    assert fingerprint() == fingerprint() and len(fingerprint()) == 64
