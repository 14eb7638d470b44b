"""Markdown files of one version as one JSON record: tables cell by cell, headings, list items, pictures; no prose."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from emkg.errors import FetchError
from emkg.ids import slugify
from emkg.markup import Block, Heading, Inline, Item, Paragraph, Picture, Table, document
from emkg.model import Cell, Curie, Fault, Row, SourceFile, SourceVersion
from emkg.sources._base import Raw
from emkg.sources._crosswalk import rows

_LONGEST_NAME = 300  # a list item longer than this is prose; only its links are kept


def record(path: Path, *, commit: str = "", date: str = "") -> Raw:
    """The record of a file, or of all .md files of a folder; raises FetchError where there is none."""
    if not path.exists():
        raise FetchError("no such file or folder", str(path), "give a Markdown file, or a folder with some")
    paths = sorted(path.glob("*.md")) if path.is_dir() else [path]
    if not paths:
        raise FetchError("no .md file in this folder", str(path), "give a Markdown file, or a folder with some")
    return _record([(one.name, _bytes(one)) for one in paths], commit, date)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise FetchError(f"cannot be read: {fault.strerror}", str(path), "check the file") from None


def _text(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise FetchError(f"not UTF-8 text: byte {fault.start}", name, "give a Markdown file") from None


def _record(files: list[tuple[str, bytes]], commit: str, date: str) -> Raw:
    known = _known([data for _, data in files])
    facts: list[dict[str, Any]] = []
    faults: list[dict[str, Any]] = []
    listed: list[dict[str, str]] = []
    for name, data in files:
        sha256 = hashlib.sha256(data).hexdigest()
        shown = known[sha256]["path"] if known else name
        listed.append({"path": shown, "blob": blob_of(data), "sha256": sha256})
        read = document(_text(name, data))
        facts += [fact | {"path": shown} for block in read.blocks if (fact := _fact(block))]
        faults += [asdict(fault) | {"path": shown} for fault in (*read.faults, *_bare_sections(read.blocks))]
    version = _version(files, listed, next(iter(known.values()), {}), facts)
    version |= {name: value for name, value in {"commit": commit, "date": date}.items() if value}
    plain: Raw = json.loads(json.dumps({"version": version, "facts": facts, "faults": faults}))
    return plain


def blob_of(data: bytes) -> str:
    """The name that git gives to a file's bytes.

    >>> blob_of(b"")
    'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'
    """
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _known(contents: list[bytes]) -> dict[str, dict[str, str]]:
    """sha256 → row of versions.tsv, if every file is of one known version; else nothing."""
    table = {row["sha256"]: row for row in rows("versions")}
    found = {sha: table.get(sha, {}) for sha in (hashlib.sha256(data).hexdigest() for data in contents)}
    return found if len({row.get("commit") for row in found.values()}) == 1 and all(found.values()) else {}


def _version(
    files: list[tuple[str, bytes]], listed: list[dict[str, str]], row: dict[str, str], facts: list[dict[str, Any]]
) -> dict[str, Any]:
    if row:
        about = next(one for one in rows("documents") if one["document"] == row["document"])
        return {**about, "commit": row["commit"], "date": row["date"], "files": listed}
    digest = hashlib.sha256("".join(sorted(one["sha256"] for one in listed)).encode()).hexdigest()
    if len(listed) == 1:
        digest = listed[0]["sha256"]
    title = next((str(fact["text"]) for fact in facts if fact["kind"] == "heading"), Path(files[0][0]).stem)
    unknown = {"document": slugify(title) or "unknown", "title": title, "homepage": "", "licence": ""}
    return {**unknown, "commit": f"unknown-{digest[:7]}", "date": "", "files": listed}


def _inline(inline: Inline) -> dict[str, Any]:
    links = [{"label": one.label, "url": one.url, "before": one.before} for one in inline.links]
    short = len(inline.text) <= _LONGEST_NAME
    if not short:
        links = [{**one, "before": ""} for one in links]
    words = {"text": inline.text, "strong": list(inline.strong), "after": inline.after} if short else {}
    return {"text": "", "strong": [], "after": "", **words, "links": links}


def _fact(block: Block) -> dict[str, Any] | None:
    place = {"line": block.line, "column": block.column}
    match block:
        case Heading():
            return {"kind": "heading", **place, "level": block.level, "text": block.text}
        case Item():
            return {"kind": "item", **place, "depth": block.depth, **_inline(block.inline)}
        case Picture():
            return {"kind": "picture", **place, "source": block.source}
        case Table():
            cells = {"heads": [asdict(cell) for cell in block.heads], "rows": [asdict(row) for row in block.rows]}
            return {"kind": "table", **place, "html": block.html, **cells}
        case Paragraph() if len(block.inline.links) == 1 and block.inline.text == block.inline.links[0].label != "":
            return {"kind": "link", **place, **_inline(block.inline)}
    return None


def _bare_sections(blocks: tuple[Block, ...]) -> Iterator[Fault]:
    """A section that holds one short line and nothing else: a note to somebody where data should stand."""
    for index, block in enumerate(blocks):
        if not isinstance(block, Heading):
            continue
        rest = blocks[index + 1 :]
        end = next((place for place, one in enumerate(rest) if isinstance(one, Heading)), len(rest))
        deeper = end < len(rest) and getattr(rest[end], "level", 0) > block.level
        held = rest[:end]
        if len(held) == 1 and not deeper and isinstance(held[0], Paragraph):
            text = held[0].inline.text
            if not held[0].inline.links and len(text) <= 60:
                yield Fault("", held[0].line, held[0].column, f"the section {block.text!r} holds no data", text)


def version_of(raw: Raw) -> SourceVersion:
    """The version that a record is of."""
    given = raw["version"]
    words = {name: str(given[name]) for name in ("document", "title", "homepage", "commit", "date")}
    files = tuple(SourceFile(one["path"], one["blob"], one["sha256"]) for one in given["files"])
    return SourceVersion(**words, licence=Curie(given["licence"]), files=files)


def cells_of(given: list[dict[str, Any]]) -> tuple[Cell, ...]:
    """Cells out of a record."""
    return tuple(Cell(**one) for one in given)


def rows_of(given: list[dict[str, Any]]) -> tuple[Row, ...]:
    """Rows out of a record."""
    return tuple(Row(one["index"], one["line"], cells_of(one["cells"])) for one in given)
