"""The one protocol of a source: a name, where it comes from, and how its frozen records become readings."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from emkg.model import Reading

Raw = dict[str, Any]
"""One frozen record: plain JSON, as it is kept under data/records/{source}/."""


class Source(ABC):
    """A source of datasets. A file in emkg/sources/ that defines a subclass is found; nothing is listed anywhere."""

    name: ClassVar[str]
    title: ClassVar[str]
    homepage: ClassVar[str]
    licence: ClassVar[str]
    example: ClassVar[Raw]

    @abstractmethod
    def fetch(self, path: Path) -> Iterator[Raw]:
        """The raw records of a local copy (a file or folder); raises FetchError where there is none."""

    @abstractmethod
    def read(self, raw: Raw) -> Reading:
        """What a raw record says; pure: the same record gives the same reading; faults are in it."""
