"""What a harvest has had from the Web so far, a line an address, so that one that was killed goes on where it stopped."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from emkg.errors import FetchError

_OLDEST = 7  # days after which an unfinished harvest is begun anew: a copy half of last month's would be of no day


@dataclass(frozen=True, slots=True)
class Task:
    """Which harvest a journal belongs to: source, address, state asked for, and the day on which it began."""

    source: str
    api: str
    commit: str
    begun: str


@dataclass(frozen=True, slots=True)
class Entry:
    """How an address was had.

    ``how`` is ``new`` (never had before), ``changed``, ``unchanged`` (the server said 304, or sent the same bytes), ``gone`` (404 or
    410) or ``failed``; ``sha256`` is the body's; ``reason`` says why it failed.
    """

    key: str
    url: str
    how: str
    sha256: str = ""
    reason: str = ""

    @property
    def finished(self) -> bool:
        """Whether the address need not be asked for again in this harvest."""
        return self.how != "failed"


@dataclass(slots=True)
class Journal:
    """A file of JSON lines: the task, an entry for each address, and a last line once all is done."""

    path: Path
    task: Task
    entries: dict[str, Entry] = field(default_factory=dict)
    resumed: int = 0

    @classmethod
    def open(cls, path: Path, task: Task, *, afresh: bool = False) -> Journal:
        """The journal of a task: that of an unfinished harvest is gone on with, at its day; any other is begun anew.

        Raises FetchError where the file cannot be written.
        """
        head, entries, done = _read(path)
        if (
            _is_of(head, task)
            and not done
            and not afresh
            and _days_between(str(head.get("begun")), task.begun) <= _OLDEST
        ):
            begun = replace(task, begun=str(head["begun"]))
            finished = {key: entry for key, entry in entries.items() if entry.finished}
            journal = cls(path, begun, finished, len(finished))
        else:
            journal = cls(path, task)
        journal._begin()
        return journal

    @classmethod
    def kept(cls, path: Path, task: Task) -> Journal:
        """The last journal's task, and no entries: for a harvest that asks nobody, and so writes nothing."""
        head, _, _ = _read(path)
        return cls(path, replace(task, begun=str(head["begun"])) if _is_of(head, task) else task)

    def add(self, entry: Entry) -> None:
        """Writes an entry through to the disk's cache, so that a killed process loses at most the address under way."""
        self.entries[entry.key] = entry
        self._write(asdict(entry))

    def finish(self) -> None:
        """All was had: the next harvest begins anew."""
        self._write({"done": True})

    def _begin(self) -> None:
        """The head and the entries that stand, put in place at once: no torn line of a killed process is kept."""
        partial = self.path.with_name(self.path.name + ".partial")
        lines = [asdict(self.task), *(asdict(entry) for entry in self.entries.values())]
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            partial.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
            os.replace(partial, self.path)
        except OSError as fault:
            raise _unwritable(self.path, fault) from None

    def _write(self, line: dict[str, Any]) -> None:
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
        except OSError as fault:
            raise _unwritable(self.path, fault) from None


def _read(path: Path) -> tuple[dict[str, Any], dict[str, Entry], bool]:
    """Head, entries and whether all was done; a line that is torn or of another form ends the reading."""
    head: dict[str, Any] = {}
    entries: dict[str, Entry] = {}
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        for number, line in enumerate(lines):
            value = json.loads(line)
            if number == 0:
                head = value
            elif "done" in value:
                return head, entries, True
            else:
                entry = Entry(**value)
                entries[entry.key] = entry
    except (OSError, ValueError, TypeError):
        pass  # no journal yet, or the line that the process was killed in
    return head if isinstance(head, dict) else {}, entries, False


def _is_of(head: dict[str, Any], task: Task) -> bool:
    told = (head.get("source"), head.get("api"), head.get("commit"))
    return told == (task.source, task.api, task.commit) and "begun" in head


def _days_between(earlier: str, later: str) -> int:
    try:
        return abs((date.fromisoformat(later) - date.fromisoformat(earlier)).days)
    except ValueError:
        return _OLDEST + 1


def _unwritable(path: Path, fault: OSError) -> FetchError:
    return FetchError(f"cannot be written: {fault.strerror}", str(path), "choose another folder: --cache DIR")
