"""Coverage-guided fuzzing of the readers of strangers' texts, where atheris is installed (pip install atheris)."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
RUNS = os.environ.get("EMKG_FUZZ_ATHERIS", "100000")


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="needs the package atheris: pip install atheris"
)
def test_no_path_through_the_readers_breaks_them() -> None:
    done = subprocess.run(
        [sys.executable, "tools/fuzz_readers.py", RUNS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
