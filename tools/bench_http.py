"""How many requests a second, and how soon? This server beside the peers that PyPI brings, on the same data and queries, in one run.

    python tools/bench_http.py [--build build] [--seconds 3] [--rounds 3] [--only mixed]

Data: the project's build and a synthetic archive of 2,500 datasets (synthetic.py). Peers: the ``oxigraph`` server with
its store on disk, optimised, and rdflib-endpoint with its default store; both hold the graph ``current`` as their
default graph and nothing else. Eight connections; every load is measured on each server in turn, in several rounds,
and medians are compared, so that other work on the machine hits all alike: trust the ratios. Client: wrk (Debian: apt
install wrk), or where that is missing a client in Python, which slows all alike.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import urllib.request
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from http_loads import DOCUMENTS, QUERIES, Load, same_answers
from http_peers import Peer, peers
from http_timing import Client, Timing, client
from synthetic import ROOT, synthesize

US, OXIGRAPH, RDFLIB = "emkg", "oxigraph", "rdflib-endpoint"
OVER_RDFLIB = 10.0
PER_CORE = 500  # an unchanged document, in requests per second of the server's own processor time


def main() -> int:
    """Measures and prints; exits 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    parser.add_argument("--seconds", type=float, default=3.0, help="how long a load runs on a server in one round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--datasets", type=int, default=2500)
    parser.add_argument("--only", default="", help="only the loads whose name holds this")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="emkg-bench-http-"))
    try:
        synthesize(folder / "store", given.build, given.datasets)
        with peers(folder) as running:
            return report(running, given.seconds, given.rounds, given.only)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def report(running: Mapping[str, Peer], seconds: float, rounds: int, only: str) -> int:
    """Measures all loads on all servers and prints the tables; 1 where a target is missed."""
    measure, missed = client(), 0
    print(
        f"client: {measure.__doc__} Medians of {rounds} rounds of {seconds:g} s, 8 connections; ratio: emkg to the peer"
    )
    print(f"{'load':<24}{'server':<17}{'requests/s':>11}{'p50 ms':>9}{'p99 ms':>9}{'failed':>8}{'ratio':>8}  must be")
    for load in QUERIES:
        if only in load.name:
            same_answers(load, running)
            missed += compare(
                load, {name: middle(found) for name, found in taken(measure, load, running, seconds, rounds)}
            )
    print(
        f"\n{'unchanged document':<24}{'requests/s':>11}{'p50 ms':>9}{'p99 ms':>9}{'failed':>8}{'per core':>10}  must be"
    )
    for load in DOCUMENTS:
        if only in load.name:
            missed += document(measure, load, running[US], seconds)
    print(f"\n{missed} targets missed" if missed else "\nevery target is met")
    return 1 if missed else 0


def taken(
    measure: Client, load: Load, running: Mapping[str, Peer], seconds: float, rounds: int
) -> list[tuple[str, list[Timing]]]:
    """The timings of each server, taken in turn."""
    found: dict[str, list[Timing]] = {name: [] for name in running}
    for _ in range(rounds):
        for name, peer in running.items():
            targets = [peer.path(query) for query in load.queries()]
            found[name].append(timed(measure, peer, targets, load.accept, seconds))
            peer.settle()
    return list(found.items())


def timed(measure: Client, peer: Peer, targets: list[str], accept: str, seconds: float) -> Timing:
    """One measurement, with the server's processor time."""
    before = peer.processor()
    found = measure(peer.address, targets, accept, seconds)
    used = peer.processor() - before
    return replace(found, per_core=found.rate * round(seconds) / used if used else 0.0)


def middle(timings: list[Timing]) -> Timing:
    """The medians of the rounds; failures are summed."""
    rate, p50, p99, per_core = (
        statistics.median(getattr(one, name) for one in timings) for name in ("rate", "p50", "p99", "per_core")
    )
    return Timing(rate, p50, p99, sum(one.failed for one in timings), per_core)


def compare(load: Load, found: Mapping[str, Timing]) -> int:
    """Prints the lines of one load and counts the targets missed."""
    ours, missed = found[US], ours_failed(found)
    for name, theirs in found.items():
        said = ""
        if name != US:
            factor = OVER_RDFLIB if name == RDFLIB else load.target
            ratio = ours.rate / theirs.rate if theirs.rate else float("inf")
            said = f"{ratio:>8.2f}  {factor:g} × {'met' if ratio >= factor else 'MISSED'}"
            missed += ratio < factor
            if name == OXIGRAPH and load.name.startswith("mixed"):
                said += f", p99 no worse {'met' if ours.p99 <= theirs.p99 else 'MISSED'}"
                missed += ours.p99 > theirs.p99
        print(
            f"{load.name:<24}{name:<17}{theirs.rate:>11,.1f}{theirs.p50:>9.1f}{theirs.p99:>9.1f}{theirs.failed:>8}"
            f"{theirs.per_core:>10,.0f}{said}",
            flush=True,
        )
    return missed


def ours_failed(found: Mapping[str, Timing]) -> int:
    """1 where a request to our server failed: an error is no fast answer."""
    return int(found[US].failed > 0)


def document(measure: Client, load: Load, us: Peer, seconds: float) -> int:
    """Prints the line of one kind of document; 1 if the target is missed. Each is asked for once before."""
    for path in load.queries():
        request = urllib.request.Request(us.address + path, headers={"Accept": load.accept})
        urllib.request.urlopen(request, timeout=60).close()
    measure(us.address, load.queries(), load.accept, 1.0)
    found = timed(measure, us, load.queries(), load.accept, seconds)
    per_core = found.per_core
    missed = per_core < PER_CORE or found.failed > 0
    print(
        f"{load.name:<24}{found.rate:>11,.1f}{found.p50:>9.1f}{found.p99:>9.1f}{found.failed:>8}{per_core:>10,.0f}"
        f"  {PER_CORE} {'MISSED' if missed else 'met'}",
        flush=True,
    )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
