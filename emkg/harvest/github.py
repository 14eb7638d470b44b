"""Files of a public GitHub repository at one commit, as a local copy: only files that are new or changed are fetched.

https://docs.github.com/en/rest/git/trees: one request lists all paths with the hash of each file, so that what we have needs none.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from emkg.errors import FetchError
from emkg.harvest.http import Client
from emkg.harvest.journal import Entry
from emkg.model import Fault
from emkg.sources._live import PublicFiles

API = "https://api.github.com/"
RAW = "https://raw.githubusercontent.com/"


@dataclass(frozen=True, slots=True)
class Blob:
    """A file of the repository: its path, and the hash by which git knows its content."""

    path: str
    sha: str


@dataclass(slots=True)
class Checkout:
    """The files of a repository at a commit. Contents are kept by their hash below ``store``, and checked against it."""

    client: Client
    files: PublicFiles
    raw: str
    store: Path
    commit: str = ""
    date: str = ""
    blobs: list[Blob] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def look(self, commit: str = "") -> None:
        """Finds the commit (else the newest of the branch), its day and its files; raises FetchError."""
        told = self._json(f"repos/{self.files.repository}/commits/{quote(commit or self.files.branch, safe='')}")
        sha, when = told.get("sha"), _at(told, "commit", "committer", "date")
        if not isinstance(sha, str) or not _is_hash(sha):
            raise FetchError("no commit is told", self.files.repository, "see whether GitHub answers as it documents")
        self.commit, self.date = sha, str(when or "")[:10]
        listed = self._listed(sha)
        found = (Blob(path, blob) for kind, path, blob in listed if kind == "blob" and self.files.holds(path))
        self.blobs = sorted((one for one in found if _is_inside(one.path)), key=lambda blob: blob.path)
        if not self.blobs:
            raise FetchError("none of the files is there", self.files.repository, "see whether they were moved")

    def groups(self) -> list[list[Blob]]:
        """The files of one record together: those below the same folder, or of the same name, under the folders of the source."""
        found: dict[str, list[Blob]] = {}
        for blob in self.blobs:
            found.setdefault(self._group(blob.path), []).append(blob)
        return list(found.values())

    @contextmanager
    def copy(self, blobs: list[Blob]) -> Iterator[Path]:
        """A folder with these files at their paths; one that cannot be had is a fault in ``faults``."""
        try:
            self.store.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise _unwritable(self.store, fault) from None
        with tempfile.TemporaryDirectory(prefix="copy-", dir=self.store) as folder:
            for blob in blobs:
                try:
                    content = self._content(blob)
                except FetchError as fault:
                    self.faults.append(self.client.told(Fault(blob.path, 0, 0, fault.what, "")))
                    continue
                _write(Path(folder, blob.path), content)
            yield Path(folder)

    def _listed(self, sha: str) -> list[tuple[str, str, str]]:
        """Kind, path and hash of all in the repository; where that is too much for one answer, of what is under our folders."""
        listed, whole = self._tree(sha, "")
        if whole:
            return listed
        found: list[tuple[str, str, str]] = []
        for folder in self.files.under:
            at, path = sha, ""
            for step in folder.strip("/").split("/"):
                path = f"{path}/{step}".lstrip("/")
                inside, _ = self._tree(at, path.rpartition("/")[0], deep=False)
                at = next((one for kind, name, one in inside if name == path), "")
                if not at:
                    raise FetchError(f"no folder {path}", self.files.repository, "see whether it was moved")
            inside, whole = self._tree(at, path)
            if not whole:
                raise FetchError(f"too many files in {path}", self.files.repository, "clone it, and give --from PATH")
            found += inside
        return found

    def _tree(self, sha: str, folder: str, *, deep: bool = True) -> tuple[list[tuple[str, str, str]], bool]:
        tree = self._json(f"repos/{self.files.repository}/git/trees/{sha}{'?recursive=1' if deep else ''}")
        listed = tree.get("tree")
        if not isinstance(listed, list):
            raise FetchError("no list of files", self.files.repository, "see whether GitHub answers as it documents")
        told = [(one.get("type"), one.get("path"), one.get("sha")) for one in listed if isinstance(one, dict)]
        prefix = folder and folder + "/"
        found = [(str(kind), f"{prefix}{path}", str(one)) for kind, path, one in told if _is_hash(str(one))]
        return found, tree.get("truncated") is False

    def _group(self, path: str) -> str:
        folder = max((one.rstrip("/") for one in self.files.under if path.startswith(one)), key=len, default="")
        rest = path.removeprefix(folder).lstrip("/")
        return rest.split("/")[0] or path

    def _content(self, blob: Blob) -> bytes:
        place = self.store / blob.sha[:2] / blob.sha
        url = f"{self.raw}{self.files.repository}/{self.commit}/{quote(blob.path)}"
        key = f"blob {blob.sha}"
        if place.is_file():
            content = place.read_bytes()
            if git_hash(content) == blob.sha:
                self.client.journal.entries.setdefault(key, Entry(key, url, "unchanged", blob.sha))
                return content
        content = self.client.download(url)
        if git_hash(content) != blob.sha:
            raise FetchError("not the file that the commit holds", url, "run the harvest again")
        partial = place.with_suffix(".partial")
        _write(partial, content)
        os.replace(partial, place)
        self.client.journal.add(Entry(key, url, "new", blob.sha))
        return content

    def _json(self, url: str) -> dict[str, Any]:
        answer = self.client(url)
        found = answer if isinstance(answer, Fault) else answer.json()
        if isinstance(found, Fault):
            raise FetchError(found.reason, found.path, "run the harvest again later, or give a copy: --from PATH")
        return found if isinstance(found, dict) else {}


def git_hash(content: bytes) -> str:
    """The hash by which git knows a file's content (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects).

    >>> git_hash(b"")
    'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'
    """
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as fault:
        raise _unwritable(path, fault) from None


def _unwritable(path: Path, fault: OSError) -> FetchError:
    return FetchError(f"cannot be written: {fault.strerror}", str(path), "choose another folder: --cache DIR")


def _is_hash(text: str) -> bool:
    return len(text) == 40 and set(text) <= set("0123456789abcdef")


def _is_inside(path: str) -> bool:
    """Whether a path stays within the folder that it is written to, on any system."""
    return "\\" not in path and ":" not in path and all(part not in ("", ".", "..") for part in path.split("/"))


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
