"""What every source tells of itself, and the two kinds: documents of many rows, and repositories of many records."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from emkg.cursor import Cursor
from emkg.errors import FetchError
from emkg.model import Dataset, Fault, Reading, Record, RecordReading
from emkg.sources._live import Fetch, PublicFiles

Raw = dict[str, Any]
"""One frozen version of a document: plain JSON, as it is kept under data/records/{source}/."""


class Source(ABC):
    """A source of datasets. A file in emkg/sources/ that defines a subclass is found; nothing is listed anywhere.

    ``licence`` is that of the source's own statements, as an SPDX identifier, or empty where none is stated.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    homepage: ClassVar[str]
    licence: ClassVar[str]


class Document(Source):
    """A text, such as a list of datasets, that is read as a whole, version by version."""

    example: ClassVar[Raw]

    @abstractmethod
    def fetch(self, path: Path) -> Iterator[Raw]:
        """The raw records of a local copy (a file or folder); raises FetchError where there is none."""

    @abstractmethod
    def read(self, raw: Raw) -> Reading:
        """What a raw record says; pure: the same record gives the same reading; faults are in it."""


class Repository(Source):
    """A repository or catalogue, whose records are read one by one.

    ``resource`` is the slug of the related resource (data/curated/resources.ttl) whose records these are; ``states`` and
    ``lacks`` tell which fields its records give and do not give; ``example`` is one real record, trimmed.

    Live, a source has ``public`` files, which are fetched and then read by ``records``, or an ``api``: the address to which those
    that its ``live`` asks for are relative. One that has neither is harvested from a local copy alone. One that ``accumulates``
    is asked at an address of the call, or at its ``addresses``, and keeps what it was told at others before.
    """

    resource: ClassVar[str]
    states: ClassVar[tuple[str, ...]]
    lacks: ClassVar[tuple[str, ...]]
    example: ClassVar[Record]
    public: ClassVar[PublicFiles | None] = None
    api: ClassVar[str] = ""
    accumulates: ClassVar[bool] = False
    addresses: tuple[str, ...] = ()

    @property
    def is_live(self) -> bool:
        """Whether the source can be harvested over HTTP."""
        return self.public is not None or type(self).live is not Repository.live

    @abstractmethod
    def records(self, path: Path) -> Iterator[Record | Fault]:
        """The records of a local copy (a file or folder), one by one, in an order that depends on the copy alone.

        A file that cannot be parsed is a Fault and the others go on; raises FetchError where there is nothing to read.
        """

    def live(self, fetch: Fetch) -> Iterator[Record | Fault]:
        """The records over HTTP, page by page in a fixed order: the same answers give the same records; raises FetchError.

        What ``fetch`` gives may be a Fault, to be yielded; the pages after it are still asked for.
        """
        raise FetchError(f"{self.name} has no live path", self.homepage, "give a local copy: --from PATH")

    @abstractmethod
    def datasets(self, record: Cursor, key: str) -> Iterator[Dataset]:
        """What a record says; pure.

        A field at fault is reported through the cursor and left out; a record without what it needs gives no dataset and reports
        why.
        """

    def read(self, record: Record) -> RecordReading:
        """A record's datasets and faults; never raises for a malformed record."""
        faults: list[Fault] = []
        datasets = tuple(self.datasets(Cursor(record.body, record.pointer, record.path, faults), record.key))
        return RecordReading(record, datasets, tuple(faults))
