"""Real shapes to replay: EMPIAR's bulk answers, and GitHub's list and files of a repository at a commit."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from emkg.harvest import source_named
from emkg.harvest.github import git_hash
from emkg.sources._base import Repository
from emkg.sources.empiar import BATCH, FIRST
from tests.harvest.site import Asked, Reply, Site


def repository(name: str) -> Repository:
    source = source_named(name)
    assert isinstance(source, Repository)
    return source


def empiar_entry(number: int, **changes: Any) -> dict[str, Any]:
    """The example of EMPIAR under another accession."""
    entry = copy.deepcopy(repository("empiar").example.body)
    return entry | {"entry_doi": f"10.6019/EMPIAR-{number}", "title": f"entry {number}"} | changes


def span(number: int) -> str:
    """The body of the request for a range, counted from 0."""
    first = FIRST + number * BATCH
    return f"{first}-{first + BATCH - 1}"


@dataclass
class Empiar:
    """The bulk answer of ``POST entry/`` (a body such as 10000-10499): an object keyed by accession, absent ones left out.

    ``before`` may give another reply for a range, by the number of the request.
    """

    entries: dict[int, dict[str, Any]] = field(default_factory=dict)
    flaws: dict[str, list[Reply]] = field(default_factory=dict)

    def __call__(self, asked: Asked) -> Reply:
        if flawed := self.flaws.get(asked.body):
            return flawed.pop(0) if len(flawed) > 1 else flawed[0]
        found = re.fullmatch(r"(\d+)-(\d+)", asked.body)
        if asked.method != "POST" or not found:
            return Reply(b"a range is wanted", 400)
        inside = {n: one for n, one in self.entries.items() if int(found[1]) <= n <= int(found[2])}
        body = json.dumps({f"EMPIAR-{number}": entry for number, entry in sorted(inside.items())})
        return Reply(body.encode(), headers={"Content-Type": "application/json"})


@dataclass
class GitHub:
    """The commits, trees and raw files that GitHub serves, all on one site."""

    repository: str
    files: dict[str, bytes]
    date: str = "2026-03-04T05:06:07Z"
    cut: bool = False

    @property
    def sha(self) -> str:
        """A commit that depends on what it holds."""
        return hashlib.sha1(repr(sorted(self.files.items())).encode()).hexdigest()

    def serve(self, site: Site) -> None:
        sha = self.sha
        commit = {"sha": sha, "commit": {"committer": {"date": self.date}, "tree": {"sha": sha}}}
        told = [
            {"path": path, "mode": "100644", "type": "blob", "sha": git_hash(data)} for path, data in self.files.items()
        ]
        ours = f"/repos/{self.repository}"
        for reference in ("HEAD", "main", "master", sha):
            site.put(f"{ours}/commits/{reference}", Reply(json.dumps(commit).encode()))
        tree = {"sha": sha, "tree": told, "truncated": self.cut}
        site.put(f"{ours}/git/trees/{sha}?recursive=1", Reply(json.dumps(tree).encode()))
        for path, data in self.files.items():
            site.put(f"/{self.repository}/{sha}/{quote(path)}", Reply(data))

    def raw(self, site: Site) -> list[str]:
        """The files that were asked for."""
        return [one.path.split("/", 4)[4] for one in site.log if one.path.startswith(f"/{self.repository}/")]
