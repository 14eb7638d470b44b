"""What a build is made from: frozen records of each source, and curated Turtle; a file at fault is named and the rest goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from emkg import rdfize
from emkg.errors import EmkgError, NotFound, RecordError
from emkg.ids import well_known_graphs
from emkg.model import Fault, Reading
from emkg.paths import data_dir, root
from emkg.rdf import Quad, canonical_statement, in_graph, read_quads, triples_of
from emkg.registry import discover
from emkg.shards import read_shard
from emkg.sources._base import Document, Source


@dataclass(frozen=True, slots=True)
class Inputs:
    """Quads of the sources and of the curated files, the faults inside records, and the files that could not be used at all."""

    quads: tuple[Quad, ...]
    counts: dict[str, int]
    faults: tuple[Fault, ...]
    errors: tuple[EmkgError, ...]


def read_inputs(only: Collection[str] | None = None) -> Inputs:
    """Everything under data/: records through their sources, curated Turtle as it is; or ``only`` the sources of these names.

    Raises NotFound for a name that no source has.
    """
    if only is not None and (unknown := set(only) - set(discover("emkg.sources", Source))):
        raise NotFound(f"no source {sorted(unknown)[0]!r}", "emkg/sources/", "emkg harvest lists them")
    quads: list[Quad] = []
    faults: list[Fault] = []
    errors: list[EmkgError] = []
    counts: dict[str, int] = {}
    harvested = {name for name, source in discover("emkg.sources", Source).items() if not isinstance(source, Document)}
    for name, found in (*_sources(only), ("curated", _curated())):
        for item in found:
            if isinstance(item, EmkgError):
                errors.append(item)
                continue
            part, part_faults = item
            # A shard is canonical as the harvest wrote it.
            quads += part if name in harvested else [canonical_statement(quad) for quad in part]
            faults += part_faults
            counts[name] = counts.get(name, 0) + len(part)
    return Inputs(tuple(quads), counts, tuple(faults), tuple(errors))


Item = tuple[list[Quad], list[Fault]] | EmkgError


def _sources(only: Collection[str] | None) -> Iterator[tuple[str, Iterator[Item]]]:
    for name, source in discover("emkg.sources", Source).items():
        if only is None or name in only:
            yield name, _records(source) if isinstance(source, Document) else _harvested(name)


def _harvested(name: str) -> Iterator[Item]:
    """The statements of a repository as the last harvest left them."""
    path = data_dir() / "harvest" / f"{name}.nq.gz"
    if path.is_file():
        try:
            yield read_shard(path), []
        except EmkgError as error:
            yield error


def _records(source: Document) -> Iterator[Item]:
    for path in sorted((data_dir() / "records" / source.name).glob("*.json")):
        try:
            reading = read_record(source, path)
            yield rdfize.quads(reading), list(reading.faults)
        except EmkgError as error:
            yield error


def read_record(source: Document, path: Path) -> Reading:
    """One frozen record file through its source; raises RecordError naming file, line and column."""
    shown = _shown(path)
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as fault:
        raise RecordError(
            f"not JSON: {fault.msg}", f"{shown}:{fault.lineno}:{fault.colno}", "harvest it again: emkg harvest"
        ) from None
    except UnicodeDecodeError:
        raise RecordError("not UTF-8 text", shown, "harvest it again: emkg harvest") from None
    try:
        return source.read(raw)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise RecordError(
            f"not a record of {source.name}: {type(fault).__name__} {fault}", shown, "harvest it again: emkg harvest"
        ) from fault


def _curated() -> Iterator[Item]:
    graph = well_known_graphs()["curated"]
    for path in sorted((data_dir() / "curated").rglob("*.ttl")):
        try:
            yield in_graph(triples_of(read_quads(path)), graph), []
        except EmkgError as error:
            yield error


def fingerprint() -> str:
    """SHA-256 over all that a build depends on: ontology, data, shapes, queries and the package's own code."""
    digest = hashlib.sha256()
    package = Path(__file__).resolve().parent
    folders = [root() / name for name in ("ontology", "data", "shapes", "queries")] + [package]
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if (
                path.is_file()
                and path.suffix in (".ttl", ".tsv", ".json", ".rq", ".py", ".gz")
                and "_share" not in path.relative_to(folder).parts
            ):
                digest.update(
                    f"{folder.name}/{path.relative_to(folder)}\0".encode() + hashlib.sha256(path.read_bytes()).digest()
                )
    return digest.hexdigest()


def _shown(path: Path) -> str:
    return str(path.relative_to(root())) if path.is_relative_to(root()) else str(path)
