"""How long do a build, a start and a question take, and with how much memory? One table, beside the limits we keep.

`make bench`; each figure is the median of its runs, wall clock, interpreter start included.
"""

from __future__ import annotations

import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EMKG = [sys.executable, "-m", "emkg"]
QUERY = "SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7B%20%3Fs%20a%20emkg%3ADataset%20%7D"


def seconds(arguments: list[str], runs: int = 1, **surroundings: str) -> float:
    """The median time of an emkg command that must do its work."""
    return statistics.median(one_run(arguments, surroundings) for _ in range(runs))


def one_run(arguments: list[str], surroundings: dict[str, str]) -> float:
    """The time of one run."""
    start = time.perf_counter()
    done = subprocess.run(
        EMKG + arguments, cwd=ROOT, env=os.environ | surroundings, capture_output=True, text=True, check=False
    )
    took = time.perf_counter() - start
    if done.returncode > 1:  # 1 tells of faults in the data; the build is there
        sys.exit(f"emkg {' '.join(arguments)}: exit {done.returncode}\n{done.stderr}")
    return took


def first_answer(out: Path) -> float:
    """From the start of `emkg serve`, with a build in place, to the answer of its first query."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    start = time.perf_counter()
    command = [*EMKG, "serve", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"EMKG_BUILD": str(out)}, stdout=subprocess.DEVNULL
    ) as server:
        try:
            while True:
                if server.poll() is not None or time.perf_counter() - start > 60:
                    sys.exit("emkg serve did not answer")
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/sparql?query={QUERY}", timeout=10).read()
                    return time.perf_counter() - start
                except OSError:
                    time.sleep(0.02)
        finally:
            server.terminate()


def megabytes() -> float:
    """The largest memory that any finished child of ours had; Linux counts in KiB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1024)


def main() -> int:
    """Prints the table; exits 1 if a limit is broken."""
    folder = Path(tempfile.mkdtemp(prefix="emkg-bench-"))
    try:
        return report(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def report(folder: Path) -> int:
    """Measures, prints and judges."""
    out = str(folder / "rules")
    measures: list[tuple[str, float, Callable[[], float], str]] = [
        (
            "build from nothing, without Java (rules)",
            90,
            lambda: seconds(["build", "--engine", "rules", "--out", out]),
            "s",
        ),
        ("build from nothing, with HermiT", 90, lambda: from_nothing(folder / "copy"), "s"),
        ("build after one curated fact changed", 10, lambda: little_changed(folder / "copy"), "s"),
        ("memory of the largest process of a build", 1500, megabytes, "MB"),
        ("emkg serve to its first answer", 3, lambda: first_answer(folder / "rules"), "s"),
        ("emkg ask, the interpreter's start included", 1, lambda: seconds(["ask", question()], 5, EMKG_BUILD=out), "s"),
        ("emkg --help", 1, lambda: seconds(["--help"], 5), "s"),
    ]
    broken = 0
    print(f"{'measured':<46}{'here':>10}{'limit':>10}{'ratio':>8}")
    for name, limit, measure, unit in measures:
        value = measure()
        broken += value > limit
        print(f"{name:<46}{value:>7.2f} {unit:<2}{limit:>7g} {unit:<2}{value / limit:>8.2f}")
    return 1 if broken else 0


def from_nothing(copy: Path) -> float:
    """A whole build, by HermiT, in a copy of the checkout that has no build yet."""
    for name in ("emkg", "ontology", "shapes", "queries", "data"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return build_of(copy)


def little_changed(copy: Path) -> float:
    """The next build there, after a curator wrote one more remark on a host."""
    with (copy / "data" / "curated" / "hosts.ttl").open("a", encoding="utf-8") as file:
        file.write('\n<host/zenodo> rdfs:comment "one more remark"@en .\n')
    return build_of(copy)


def build_of(copy: Path) -> float:
    """The time of `emkg build` in a copy of the checkout, whose own code runs."""
    start = time.perf_counter()
    done = subprocess.run(
        [*EMKG, "build", "--engine", "hermit", "--out", str(copy / "build")],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode > 1:
        sys.exit(f"emkg build: exit {done.returncode}\n{done.stderr}")
    return time.perf_counter() - start


def question() -> str:
    """The first named question that takes no parameter."""
    sys.path.insert(0, str(ROOT))
    from emkg.ask import questions

    return next(name for name, found in questions().items() if not found.parameters)


if __name__ == "__main__":
    sys.exit(main())
