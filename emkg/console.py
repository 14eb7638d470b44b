"""The terminal: what the user's words say, and how text and bytes reach the screen or a file."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from emkg.errors import EmkgError, QuestionError


def say(text: str, *, err: bool = False) -> None:
    """One line to the user."""
    typer.echo(text, err=err)


def put(data: bytes | str, out: Path | None) -> None:
    """Data to a file, or to the terminal as it is."""
    content = data.encode() if isinstance(data, str) else data
    if out is None:
        sys.stdout.buffer.write(content if content.endswith(b"\n") else content + b"\n")
        sys.stdout.buffer.flush()
        return
    try:
        out.write_bytes(content)
    except OSError as fault:
        raise EmkgError(f"cannot be written: {fault.strerror}", str(out), "check the path") from None


def read_text(file: str) -> str:
    """The text of a file, or of standard input for ``-``."""
    if file == "-":
        return sys.stdin.read()
    try:
        return Path(file).read_text(encoding="utf-8")
    except OSError as fault:
        raise QuestionError(
            f"cannot be read: {fault.strerror}", file, "check the path, or give - and the query on standard input"
        ) from None
    except UnicodeDecodeError:
        raise QuestionError("not UTF-8 text", file, "save the query as UTF-8") from None


def options_of(arguments: list[str]) -> dict[str, list[str]]:
    """``--name value`` and ``--name=value`` pairs as a dictionary; a name given twice has two values.

    >>> options_of(["--technique", "SEM", "--voxel-max=10"])
    {'technique': ['SEM'], 'voxelMax': ['10']}
    """
    values: dict[str, list[str]] = {}
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            raise QuestionError(f"unexpected word {word!r}", "", "give parameters as --NAME VALUE")
        name, has_value, value = word[2:].partition("=")
        if not has_value:
            if not rest:
                raise QuestionError(f"--{name} has no value", "", "give parameters as --NAME VALUE")
            value = rest.pop(0)
        head, *tail = name.split("-")
        values.setdefault(head + "".join(part.capitalize() for part in tail), []).append(value)
    return values


def words_and_options(arguments: list[str]) -> tuple[list[str], dict[str, str]]:
    """The plain words of a call, and the ``--name value`` or ``--name=value`` pairs among them.

    >>> words_and_options(["h01", "--corresponding", "people.yaml", "--release=HP"])
    (['h01'], {'corresponding': 'people.yaml', 'release': 'HP'})
    """
    plain: list[str] = []
    values: dict[str, str] = {}
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if not word.startswith("--") or word == "--":
            plain += [word] if word != "--" else []
            continue
        name, has_value, value = word[2:].partition("=")
        if not has_value:
            if not rest:
                raise QuestionError(f"--{name} has no value", "", "give it as --NAME VALUE")
            value = rest.pop(0)
        values[name] = value
    return plain, values
