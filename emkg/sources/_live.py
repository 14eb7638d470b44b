"""What a source asks of the Web, and what comes back: requests are told here, and made by emkg.harvest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from emkg.model import Fault
from emkg.sources._files import parse_json, parse_yaml, text_of


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered: where it came from in the end, HTTP status, body, the character set it states, and who knew it.

    ``from_cache`` tells that the body is the one we had: the server said 304, or was not asked.
    """

    url: str
    status: int
    data: bytes
    charset: str = ""
    from_cache: bool = False

    @property
    def text(self) -> str:
        """The body's text: UTF-8 where it is that, whatever the header says (RFC 8259 §8.1), else as stated, else Windows-1252.

        >>> Answer("", 200, "Å".encode()).text, Answer("", 200, b"\\xc5", "utf-8").text, Answer("", 200, b"\\xc5", "cp437").text
        ('Å', 'Å', '┼')
        """
        try:
            self.data.decode("utf-8-sig")
        except UnicodeDecodeError:
            try:
                return self.data.decode(self.charset)
            except (LookupError, UnicodeDecodeError):
                pass  # no such character set, or not that one
        return text_of(self.data)

    def json(self) -> Any | Fault:
        """The body as JSON, or the fault that it is none, with line and column."""
        return parse_json(self.text, self.url)

    def yaml(self) -> Any | Fault:
        """The body as YAML, or the fault that it is none, with line and column."""
        return parse_yaml(self.text, self.url)


class Fetch(Protocol):
    """Asks for an address: GET, or POST where there is a body.

    ``url`` may be relative to the source's ``api``. An address that cannot be had (after the retries) is a Fault with the reason,
    to be yielded like that of a file; the records that the last harvest found there are kept. The client paces, retries, caches
    and obeys robots.txt.
    """

    def __call__(
        self, url: str, *, body: str | None = None, params: Mapping[str, str | int] | None = None
    ) -> Answer | Fault:
        """The answer, or the fault."""


@dataclass(frozen=True, slots=True)
class PublicFiles:
    """Files in a public GitHub repository, harvested live as if they were a local copy.

    ``under`` are folders or files from the repository's root; ``suffixes`` which files of these are records.
    """

    repository: str
    branch: str
    under: tuple[str, ...]
    suffixes: tuple[str, ...] = (".json", ".yaml", ".yml", ".csv")

    def holds(self, path: str) -> bool:
        """Whether a path of the repository is one of these files.

        >>> PublicFiles("a/b", "main", ("data",)).holds("data/x.json"), PublicFiles("a/b", "main", ("data",)).holds("data2/x.json")
        (True, False)
        """
        inside = any(path == folder or path.startswith(folder.rstrip("/") + "/") or not folder for folder in self.under)
        return inside and path.endswith(self.suffixes)


def ranges(first: int, size: int) -> Iterator[tuple[int, int]]:
    """Ranges of whole numbers without end, both ends in: how an archive without a list is asked for all it has.

    >>> pairs = ranges(10000, 500)
    >>> next(pairs), next(pairs)
    ((10000, 10499), (10500, 10999))
    """
    while True:
        yield first, first + size - 1
        first += size
