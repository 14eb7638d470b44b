"""What a source reads live, from a server on the loopback that answers as its API does; asked by the client that harvests use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from emkg.harvest.http import Client
from emkg.harvest.journal import Journal, Task
from emkg.harvest.manners import Manners
from emkg.model import Fault, Record
from emkg.sources._base import Repository
from tests.harvest.site import Asked, Reply, serving

QUICK = Manners(delay=0, read_timeout=1, attempts=1, backoff=0.01, patience=500)


class Replay:
    """Answers by path, or by path, ``?`` and what is asked for less the size of a page; ``asked`` is what was asked for.

    An answer is a Reply, a text, or what is sent as JSON; there is none for others (404).
    """

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers, self.asked = answers, list[str]()

    def __call__(self, asked: Asked) -> Reply:
        parts = urlsplit(asked.path)
        wanted = [
            values[0]
            for key, values in sorted(parse_qs(parts.query).items(), reverse=True)
            if key not in ("size", "pageSize")
        ]
        key = "?".join((parts.path.lstrip("/"), *(["&".join(wanted)] if wanted else [])))
        self.asked.append(key)
        if key not in self.answers:
            return Reply(b"not here", 404)
        found = self.answers[key]
        if isinstance(found, Reply):
            return found
        body = found if isinstance(found, str) else json.dumps(found)
        return Reply(
            body.encode(), headers={"Content-Type": "text/plain" if isinstance(found, str) else "application/json"}
        )


class _Everywhere(dict[str, Any]):
    """The same page at every path but the one that tells robots what they may do."""

    def __init__(self, page: Replay) -> None:
        super().__init__()
        self.page = page

    def get(self, path: str, default: Any = None) -> Any:
        return [Reply(b"", 404)] if path == "/robots.txt" else self.page


def lived(source: Repository, replay: Replay, folder: Path) -> list[Record | Fault]:
    """What a source yields of the answers; ``folder`` is the client's cache."""
    with serving() as site:
        site.pages = _Everywhere(replay)
        journal = Journal.open(folder / "journal.jsonl", Task(source.name, site.url, "", "2026-01-02"), afresh=True)
        with Client(folder, site.url, journal, QUICK) as client:
            return list(source.live(client))
