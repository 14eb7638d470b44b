"""Files of a local copy as plain values: what cannot be parsed is a Fault with its place, never an exception."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from emkg.errors import FetchError
from emkg.model import Fault, Record

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes; records are small, and a file larger than this is not one of them."""


def files_below(path: Path, *patterns: str) -> list[Path]:
    """The files of a folder that fit one of the patterns, sorted by their path, or the one file given; raises FetchError for none."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise FetchError("no such file or folder", str(path), "give a local copy of the source: --from PATH")
    found = sorted({one for pattern in patterns for one in path.rglob(pattern) if one.is_file()})
    if not found:
        raise FetchError(f"no file {' or '.join(patterns)} in this folder", str(path), "give a copy of the source")
    return found


def shown(path: Path, root: Path) -> str:
    """The path within the copy, with slashes, so that reports and graphs say nothing of the machine."""
    return path.relative_to(root).as_posix() if path != root and path.is_relative_to(root) else path.name


def text_of(data: bytes) -> str:
    """The text of bytes in UTF-8 or UTF-16 (told by a byte order mark), else in Windows-1252 as the Web does it.

    >>> text_of("Å".encode("utf-16")), text_of("Å".encode("latin-1"))
    ('Å', 'Å')
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read_text(path: Path, name: str) -> str | Fault:
    """The text of a file, or the fault that it cannot be read or is too large."""
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            return Fault(name, 0, 0, f"larger than {LARGEST_FILE:,} bytes", "")
        return text_of(path.read_bytes())
    except OSError as fault:
        return Fault(name, 0, 0, f"cannot be read: {fault.strerror}", "")


def parse_json(text: str, name: str) -> Any:
    """The value of a JSON text, or a Fault with line and column."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as fault:
        return Fault(name, fault.lineno, fault.colno, f"not JSON: {fault.msg}", "")
    except (ValueError, RecursionError) as fault:  # a number of 5,000 digits, a list in a list in a list …
        return Fault(name, 0, 0, f"not JSON: {fault}", "")


class _Loader(yaml.CSafeLoader):  # type: ignore[misc]
    """YAML without dates, so that a day stays the text that it is in the file."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


MOST_VALUES, DEEPEST = 1_000_000, 100
"""In one YAML file: an anchor that holds anchors that hold anchors grows without end when it is written out."""


def _as_json(value: Any, left: list[int], depth: int = 0) -> Any:
    """What YAML gave as what JSON could have given: keys are texts, anchors are written out; raises ValueError for what grows too large."""
    left[0] -= 1
    if left[0] < 0 or depth > DEEPEST:
        raise ValueError(
            f"more than {MOST_VALUES:,} values, or more than {DEEPEST} deep, once its anchors are written out"
        )
    if isinstance(value, dict):
        return {str(key): _as_json(one, left, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [_as_json(one, left, depth + 1) for one in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, int) and value.bit_length() > 10_000:
        raise ValueError("a number of more than 3,000 digits")
    return value if isinstance(value, str | int | float | bool | None) else str(value)


_PREFIX = re.compile(rf"^[ \t?:-]{{{10 * DEEPEST}}}", re.MULTILINE)


def _is_too_deep(text: str) -> bool:
    """Whether a YAML text is nested so deeply that building it, a call of libyaml's binding for each level, may overrun the stack.

    Block style nests by what a line begins with; flow style by brackets, and where there are many the events tell how deeply.

    >>> _is_too_deep('["]",' * 50_000), _is_too_deep("- " * 50_000), _is_too_deep("- [1, [2]]\\n" * 2_000)
    (True, True, False)
    """
    if _PREFIX.search(text):
        return True
    depth = 0
    for event in yaml.parse(text, _Loader) if text.count("[") + text.count("{") > 10 * DEEPEST else ():
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > 10 * DEEPEST:
            return True
    return False


def parse_yaml(text: str, name: str) -> Any:
    """The value of a YAML text (https://yaml.org/spec/1.1/) in the types of JSON, days left as texts, or a Fault with line and column."""
    try:
        if _is_too_deep(text):
            raise ValueError(f"more than {DEEPEST} deep")
        return _as_json(yaml.load(text, _Loader), [MOST_VALUES])
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark
        return Fault(
            name, mark.line + 1 if mark else 0, mark.column + 1 if mark else 0, f"not YAML: {fault.problem}", ""
        )
    except (yaml.YAMLError, ValueError, RecursionError, TypeError) as fault:
        return Fault(name, 0, 0, f"not YAML: {str(fault).splitlines()[0] if str(fault) else 'unreadable'}", "")


def csv_rows(text: str, name: str, delimiter: str = ",") -> Iterator[tuple[int, dict[str, str]] | Fault]:
    """Line number (from 1) and cells by the head of their column, of a table whose first line is its head (RFC 4180).

    A row with more cells than the head has is a Fault.

    >>> list(csv_rows("a,b\\n1,2\\n", "t.csv"))
    [(2, {'a': '1', 'b': '2'})]
    """
    reader = csv.reader(io.StringIO(re.sub("\0", "", text), newline=""), delimiter=delimiter)
    heads: list[str] | None = None
    try:
        for cells in reader:
            if heads is None:
                heads = [cell.strip() for cell in cells]
            elif len(cells) > len(heads) and any(cells[len(heads) :]):
                yield Fault(name, reader.line_num, 1, f"{len(cells)} cells below {len(heads)} heads", "")
            elif any(cell.strip() for cell in cells):
                yield reader.line_num, dict(zip(heads, cells, strict=False))
    except csv.Error as fault:
        yield Fault(name, reader.line_num, 1, f"not CSV: {fault}", "")


def csv_records(path: Path, pattern: str, key: str) -> Iterator[Record | Fault]:
    """A record for each row of the tables that fit a pattern: its key is what stands in a column, its pointer the number of its line."""
    for file in files_below(path, pattern):
        name = shown(file, path)
        text = read_text(file, name)
        for row in [text] if isinstance(text, Fault) else csv_rows(text, name):
            if isinstance(row, Fault):
                yield row
            else:
                yield Record(row[1].get(key) or f"{name} line {row[0]}", name, f"/{row[0]}", row[1])
