"""What images say of themselves where they lie, as records: from a folder that mirrors the Web, from saved answers, over HTTP.

A record's body holds the ``address`` of the images where it is known, and their metadata documents. In a folder the address is
taken from the path where that begins with the name of a host, as ``wget --mirror`` lays files down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from emkg.cursor import Cursor
from emkg.ids import slugify
from emkg.model import Fault, Record
from emkg.sources._files import files_below, parse_json, read_text, shown
from emkg.sources._live import Answer
from emkg.stated import Text

_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9-]+\.)+[a-z]{2,}", re.ASCII)


def documents(path: Path, *names: str) -> Iterator[tuple[Path, str, Any]]:
    """The files of these names below a folder, or the one given: the file, its name in reports, its value or fault."""
    for file in files_below(path, *names):
        name = shown(file, path)
        text = read_text(file, name)
        yield file, name, text if isinstance(text, Fault) else parse_json(text, name)


def mirrored(name: str) -> str:
    """The address of the folder of a file in a mirror of the Web; empty for a path that does not begin with a host.

    >>> mirrored("uk1s3.embassy.ebi.ac.uk/idr/zarr/v0.4/1.zarr/.zattrs")
    'https://uk1s3.embassy.ebi.ac.uk/idr/zarr/v0.4/1.zarr'
    >>> mirrored("images/1.zarr/.zattrs")
    ''
    """
    folder = PurePosixPath(name).parent
    parts = folder.parts
    return f"https://{quote(folder.as_posix())}" if len(parts) > 1 and _HOST.fullmatch(parts[0]) else ""


def saved(body: Any) -> bool:
    """Whether a document is a record that an earlier harvest made."""
    return isinstance(body, dict) and isinstance(body.get("address"), str) and ("group" in body or "info" in body)


def made(address: str, name: str, **parts: Any) -> Record:
    """The record of images at an address, or of a file where no address is known."""
    body = ({"address": address} if address else {}) | parts
    return Record(address or name, name, "", body)


def folder_of(answer: Answer, name: str) -> str:
    """The address of the folder whose file answered."""
    return answer.url.partition("?")[0].removesuffix(name).rstrip("/")


def slug_of(prefix: str, key: str) -> str:
    """A slug for images at an address: all of it counts, since names such as s0 are common."""
    return f"{prefix}-{slugify(key.partition('://')[2] or key) or 'unnamed'}"


def title_of(record: Cursor, name: Text | None) -> Text | None:
    """The name of the images, or the last part of their address that names something."""
    if name and slugify(name):
        return name
    address = record["address"].text()
    parts = [part for part in address.rstrip("/").split("/") if slugify(part)] if address else []
    return Text(parts[-1], address.at) if parts and address else None
