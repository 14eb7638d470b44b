"""How fast is a harvest of local files, beside parsing the same files alone, and does its memory stay flat? Two tables.

`make bench` runs it where EMKG_CORPORA names the folder that holds corpora/; else `python tools/bench_harvest.py FOLDER`.
Below the folder, each source reads the subfolders that hold its files. A measurement is a process of its own; wall clock, the
interpreter's start left out.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emkg.sources._base import Repository

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

FOLDERS = {
    "aws-open-data": ("aws-open-data-registry",),
    "bioimage-archive": ("bia-integrator-data", "bia-integrator"),
    "cell-image-library": ("cell-image-library",),
    "cem": ("cem-dataset",),
    "cryoet-data-portal": ("cryoet-data-portal",),
    "empiar": ("empiar-header-xml", "empiar-api", "derived/empiar_api_shape"),
    "idr": ("idr",),
    "neurodata": ("neurodata-ocp",),
    "ome-ngff": ("ome2024-ngff-challenge",),
    "openorganelle": ("openorganelle",),
    "volume-em-pubs": ("volume-em-pubs",),
}
LEAST_RATE = 200  # records a second, over all
MOST_GROWTH = 1.2  # of the memory, where there are four times as many records
LARGE = "cell-image-library"


def parsed(name: str, path: Path) -> dict[str, float]:
    """The time of parsing the files into records and nothing more."""
    from emkg.model import Record

    source = _source(name)
    start = time.perf_counter()
    records = sum(isinstance(one, Record) for one in source.records(path))
    return {"seconds": time.perf_counter() - start, "records": records}


def harvested(name: str, path: Path, times: int) -> dict[str, float]:
    """The time and the largest memory of a whole harvest, the records read so many times over under keys of their own."""
    from emkg.harvest.repositories import Snapshot, harvest_records
    from emkg.model import Fault, Record

    source = _source(name)
    count = 0

    def records() -> Iterator[Record | Fault]:
        nonlocal count
        for turn in range(times):
            for one in source.records(path):
                count += isinstance(one, Record)
                yield Record(f"{one.key} {turn}", one.path, one.pointer, one.body) if isinstance(one, Record) else one

    with tempfile.TemporaryDirectory() as folder:
        source.read(source.example)  # ontology and crosswalks are read once
        start = time.perf_counter()
        report = harvest_records(source, records(), Path(folder, "shard.nq.gz"), Snapshot(retrieved="2026-01-01"))
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1024)
    return {"seconds": seconds, "records": count, "statements": report.statements, "megabytes": peak}


def _source(name: str) -> Repository:
    from emkg.harvest import source_named
    from emkg.sources._base import Repository

    source = source_named(name)
    assert isinstance(source, Repository)
    return source


def measured(kind: str, name: str, path: Path, times: int = 1) -> dict[str, float]:
    """A measurement in a process of its own."""
    command = [sys.executable, __file__, str(path), "--worker", kind, name, str(times)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name}: {done.stderr}")
    found: dict[str, float] = json.loads(done.stdout)
    return found


def report(corpora: Path) -> int:
    """Prints both tables; 1 where a limit is broken."""
    print(f"{'source':<22}{'records':>8}{'statements':>12}{'records/s':>11}{'harvest s':>11}{'parse s':>9}{'ratio':>7}")
    records = seconds = parsing = 0.0
    for name, folders in FOLDERS.items():
        runs = [(measured("harvest", name, one), measured("parse", name, one)) for one in _there(corpora, folders)]
        if not runs:
            continue
        count, said, took, alone = (
            sum(run[number][key] for run in runs)
            for number, key in ((0, "records"), (0, "statements"), (0, "seconds"), (1, "seconds"))
        )
        records, seconds, parsing = records + count, seconds + took, parsing + alone
        print(
            f"{name:<22}{count:>8.0f}{said:>12.0f}{count / took:>11.0f}{took:>11.2f}{alone:>9.2f}{took / alone:>7.1f}"
        )
    if not records:
        sys.exit(f"{corpora}: no records of any source; give the folder that holds them")
    rate = records / seconds
    print(f"{'all':<22}{records:>8.0f}{'':>12}{rate:>11.0f}{seconds:>11.2f}{parsing:>9.2f}{seconds / parsing:>7.1f}")
    broken = rate < LEAST_RATE
    print(f"limit: at least {LEAST_RATE} records/s over all{', which is broken' if broken else ''}\n")
    return int(broken) | memory(corpora)


def memory(corpora: Path) -> int:
    """The second table: the largest memory for the records once, and four times over."""
    places = _there(corpora, FOLDERS[LARGE])
    if not places:
        return 0
    once, often = (measured("harvest", LARGE, places[0], times) for times in (1, 4))
    growth = often["megabytes"] / once["megabytes"]
    print(f"{'memory of ' + LARGE:<32}{'records':>9}{'MB':>7}")
    for one in (once, often):
        print(f"{'':<32}{one['records']:>9.0f}{one['megabytes']:>7.0f}")
    broken = growth > MOST_GROWTH
    print(f"ratio {growth:.2f}, limit {MOST_GROWTH}{', which is broken' if broken else ''}")
    return int(broken)


def _there(corpora: Path, folders: tuple[str, ...]) -> list[Path]:
    return [corpora / folder for folder in folders if (corpora / folder).exists()]


def main() -> int:
    """What the call asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", default=os.environ.get("EMKG_CORPORA"))
    parser.add_argument("--worker", nargs=3, metavar=("KIND", "SOURCE", "TIMES"), help=argparse.SUPPRESS)
    call = parser.parse_args()
    if not call.folder:
        parser.error("give the folder of the corpora, or set EMKG_CORPORA")
    if call.worker:
        kind, name, times = call.worker
        path = Path(call.folder)
        found = parsed(name, path) if kind == "parse" else harvested(name, path, int(times))
        print(json.dumps(found))
        return 0
    folder = Path(call.folder)
    return report(folder / "corpora" if (folder / "corpora").is_dir() else folder)


if __name__ == "__main__":
    sys.exit(main())
