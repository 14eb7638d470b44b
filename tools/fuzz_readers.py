"""The readers of strangers' texts under a fuzzer that follows coverage (pip install atheris).

    python tools/fuzz_readers.py RUNS

What it looks for that made-up texts might miss: a path through these modules that raises anything but their own errors.
tests/fuzz/test_fuzz_atheris.py runs it where atheris is installed.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

with atheris.instrument_imports(include=["emkg.sparql", "emkg.negotiate", "emkg.web.guard", "emkg.web.service"]):
    from emkg.errors import BadQuery, NotAcceptable
    from emkg.formats import HTML, RDF_FORMATS, RESULT_FORMATS
    from emkg.negotiate import choose
    from emkg.web.guard import admit
    from emkg.web.service import calls


def one(data: bytes) -> None:
    """One input: the first byte says which reader gets the rest."""
    provider = atheris.FuzzedDataProvider(data)
    reader = provider.ConsumeIntInRange(0, 2)
    text = provider.ConsumeUnicodeNoSurrogates(500)
    try:
        if reader == 0:
            admit(text)
        elif reader == 1:
            calls(text)
        else:
            choose(text, (HTML, *RDF_FORMATS, *RESULT_FORMATS))
    except (BadQuery, NotAcceptable):
        return


def main() -> None:
    """Fuzzes; ends the process with the fuzzer's own status."""
    atheris.Setup([sys.argv[0], f"-runs={sys.argv[1]}", "-max_len=600", "-timeout=10", "-seed=1"], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
