"""A corpus of files, made from a source's example: its record many times over, damaged in every way, in files that are damaged too.

Everything follows from the seed. The files are what a user would give to ``emkg harvest --from``.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml

from emkg.model import Record
from emkg.sources._base import Repository
from tests.sources.fuzz import damaged


def _nested(body: Any, pointer: str) -> Any:
    for step in reversed(pointer.split("/")[1:]):
        body = {step.replace("~1", "/").replace("~0", "~"): body}
    return body


def as_json(records: list[Record]) -> bytes:
    (record,) = records
    return json.dumps(_nested(record.body, record.pointer)).encode()


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        """A value that stands twice is written twice."""
        return True


def as_yaml(records: list[Record]) -> bytes:
    (record,) = records
    body = record.body
    if isinstance(body, dict):  # keys with which a source marks the name of the file
        body = {key: value for key, value in body.items() if key not in ("$file", "$base", "$stem")}
    return yaml.dump(_nested(body, record.pointer), Dumper=_Dumper, allow_unicode=True).encode("utf-8", "surrogatepass")


def as_csv(records: list[Record]) -> bytes:
    out = io.StringIO()
    rows = [one.body for one in records if isinstance(one.body, dict)]
    heads = list(dict.fromkeys(str(key) for row in rows for key in row))
    writer = csv.writer(out)
    writer.writerow(heads)
    for row in rows:
        writer.writerow("" if row.get(head) is None else _cell(row[head]) for head in heads)
    return out.getvalue().encode("utf-8", "surrogatepass")


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


WRITERS: dict[str, Callable[[list[Record]], bytes]] = {
    ".json": as_json,
    ".yaml": as_yaml,
    ".yml": as_yaml,
    ".csv": as_csv,
}


def can_be_written(source: Repository, folder: Path) -> bool:
    """Whether the example, written as a file, is read back as it was: not so where records are put together of several files."""
    example = source.example
    writer = WRITERS.get(Path(example.path).suffix)
    if writer is None:
        return False
    try:
        _write(folder / example.path, writer([example]))
    except (TypeError, ValueError):
        return False
    found = [one for one in source.records(folder) if isinstance(one, Record)]
    return len(found) == 1 and found[0].body == example.body and "/" not in example.path


def write_corpus(source: Repository, folder: Path, number: int, seed: int = 0) -> None:
    """The example, ``number`` damaged records, a duplicate, and files that are broken as files."""
    example = source.example
    name = Path(example.path)
    records = [damaged(example, seed + one, most=12) for one in range(number)]
    if name.suffix == ".csv":
        for part in range(0, number, 20):
            _write(folder / f"part-{part:04d}" / name, as_csv([example, *records[part : part + 20]]))
    else:
        for one, record in enumerate(records):
            _write(folder / f"{one:04d}" / name.with_stem(f"{name.stem}-{one}"), WRITERS[name.suffix]([record]))
        _write(folder / "twice" / name, WRITERS[name.suffix]([copy.deepcopy(example)]))
    whole = WRITERS[name.suffix]([example])
    _write(folder / name, whole)
    for number, broken in enumerate(_broken(whole)):
        _write(
            folder
            / "zz-broken"
            / str(number)
            / name.with_stem(f"{name.stem}x{number}" if name.suffix != ".csv" else name.stem),
            broken,
        )


def damage_files(folder: Path, out: Path, most: int, seed: int = 0) -> int:
    """Real files, at most so many, each with some of its bytes cut out, doubled or put in; returns how many there are."""
    choose = random.Random(seed)
    files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else [folder]
    files = sorted(choose.sample(files, min(most, len(files))))
    for path in files:
        data = bytearray(path.read_bytes())
        for _ in range(choose.choice((0, 1, 1, 2, 5))):
            at = choose.randrange(len(data) + 1)
            end = min(len(data), at + choose.choice((0, 1, 3, 30, 300)))
            data[at:end] = choose.choice(PUT_IN)
        relative = path.relative_to(folder) if folder.is_dir() else Path(path.name)
        _write(out / relative, bytes(data))
    return len(files)


PUT_IN = (
    *(
        b"",
        b"\0",
        b"\xff\xfe",
        b'"',
        b"'",
        b"\n",
        b",",
        b"}",
        b"]",
        b"{",
        b"[",
        b":",
        b"9" * 400,
        b"-1",
        b"1e999",
        b"null",
    ),
    *(
        "µÅ日本".encode(),
        "Å".encode("latin-1"),
        b"<b>x</b>",
        b"<!--",
        b"&amp;lt;",
        b"\t\t",
        b"\r",
        b"{{ x }}",
        b"\\ud800",
        b"10.1234/<>",
    ),
)


def _broken(whole: bytes) -> Iterator[bytes]:
    yield b""
    yield whole[: len(whole) // 2]
    yield whole[: len(whole) // 3] + b"\0\0\0" + whole[len(whole) // 3 :]
    yield b"\x89PNG\r\n\x1a\n" + bytes(range(256))
    yield b"<!DOCTYPE html><html><title>502 Bad Gateway</title></html>"
    yield b"[" * 50_000
    yield b'{"a": ' * 20_000
    yield b"- &a [*a, *a]\n" * 3
    yield "\ufeff".encode() + whole
    yield whole.decode("utf-8", "replace").encode("utf-16")
    yield whole.decode("utf-8", "replace").encode("latin-1", "replace")
    yield b"\xff\xfe" + whole
    yield b"7" * 6000
    yield whole.replace(b"e", b"\xe9")


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
