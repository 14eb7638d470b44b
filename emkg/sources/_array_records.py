"""What images say of themselves where they lie, as records: from a folder that mirrors the Web, from saved answers, over HTTP.

A record's body holds the ``address`` of the images where it is known, and their metadata documents. In a folder the address is
taken from the path where that begins with the name of a host, as ``wget --mirror`` lays files down.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from emkg.cursor import Cursor
from emkg.ids import slugify
from emkg.model import Fault, Record
from emkg.sources._base import Repository
from emkg.sources._files import files_below, parse_json, read_text, shown
from emkg.sources._live import Answer, Fetch
from emkg.stated import Text

_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9-]+\.)+[a-z]{2,}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Below:
    """A fetch whose addresses are relative to a folder of the Web."""

    fetch: Fetch
    folder: str

    def __call__(
        self, url: str, *, body: str | None = None, params: Mapping[str, str | int] | None = None
    ) -> Answer | Fault:
        """The answer, or the fault."""
        return self.fetch(f"{self.folder.rstrip('/')}/{url}", body=body, params=params)


class ArrayMetadata(Repository):
    """A source whose records are what images say of themselves; it is asked at the address of the call, or at each of those given.

    ``file_format`` is the local name of the format of these images.
    """

    accumulates: ClassVar[bool] = True
    file_format: ClassVar[str]

    def __init__(self, addresses: tuple[str, ...] = ()) -> None:
        self.addresses = addresses

    def live(self, fetch: Fetch) -> Iterator[Record | Fault]:
        """What stands at the address of the call, or at those given: each record has the address by which it was known."""
        if not self.addresses:
            yield from self.asked(fetch)
        for address in self.addresses:
            folder = on_the_web(address)
            for found in self.asked(Below(fetch, folder)) if folder else ():
                yield found if isinstance(found, Fault) else known_as(found, folder, address)

    @abstractmethod
    def asked(self, fetch: Fetch) -> Iterator[Record | Fault]:
        """The records of the images in one folder of the Web, to which the addresses that are asked for are relative."""


def on_the_web(address: str) -> str:
    """The address over HTTP of a folder in a bucket of Amazon or Google; empty for what has none.

    >>> on_the_web("s3://janelia-cosem-datasets/jrc_hela-2/jrc_hela-2.zarr/"), on_the_web("precomputed://gs://h01-release/data/c3")
    ('https://janelia-cosem-datasets.s3.amazonaws.com/jrc_hela-2/jrc_hela-2.zarr', 'https://storage.googleapis.com/h01-release/data/c3')
    >>> on_the_web("bossdb://microns/pinky100/em")
    ''
    """
    try:
        parts = urlsplit(address.removeprefix("precomputed://").rstrip("/"))
    except ValueError:
        return ""
    if parts.scheme == "s3":
        return f"https://{parts.netloc}.s3.amazonaws.com{parts.path}"
    if parts.scheme == "gs":
        return f"https://storage.googleapis.com/{parts.netloc}{parts.path}"
    return parts.geturl() if parts.scheme in ("http", "https") and parts.netloc else ""


def known_as(record: Record, folder: str, address: str) -> Record:
    """The record with the address by which its images are known, so that they meet what others say of these."""
    found = record.body.get("address", "")
    if not isinstance(found, str) or not found.startswith(folder):
        return record
    named = address.rstrip("/") + found.removeprefix(folder)
    return replace(record, key=named, body=record.body | {"address": named})


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
