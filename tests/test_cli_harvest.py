"""`emkg harvest` as a user meets it: listing, report, exits, and a bar on a terminal alone."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from emkg.harvest import sources
from emkg.shards import kept_records
from tests.harvest.repositories import Empiar, GitHub, empiar_entry, repository, span
from tests.harvest.site import Reply, Site, serving

LIST = (
    "## Overview\n\n<table>\n<tr><th>Name</th><th>Species</th></tr>\n<tr><td>J0126</td><td>finch</td></tr>\n</table>\n"
)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


def emkg(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    surroundings = os.environ | {"EMKG_CACHE": str(folder / "cache"), "COLUMNS": "160", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "emkg", "harvest", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=surroundings, timeout=120, check=False)
    assert "Traceback" not in done.stderr + done.stdout and done.returncode != 70, done.stderr
    return done


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A local copy of two rows, the first of them the example."""
    body = repository("cem").example.body
    rows = [list(body), list(body.values()), ["", "", "", "", "", "0", "x", "8", "8"]]
    path = tmp_path / "copy" / "ngff_datasets.csv"
    path.parent.mkdir()
    path.write_text("".join(",".join(row) + "\n" for row in rows))
    return path.parent


def test_the_listing_as_text_and_as_json(tmp_path: Path) -> None:
    told = {line.split("\t")[0]: line.split("\t") for line in emkg(tmp_path).stdout.splitlines()}
    assert list(told) == list(sources())
    listed = json.loads(emkg(tmp_path, "--format", "json").stdout)
    assert [one["name"] for one in listed] == list(told)
    for one in listed:
        _, count, licence, how, homepage = told[one["name"]]
        assert count.startswith(f"{one['records']} records") and (one["newest"] in count)
        assert (licence, homepage) == (one["licence"] or "no licence stated", one["homepage"])
        assert how == ("live or local" if one["live"] else "local only")


def test_a_local_copy_is_harvested_and_each_rejection_told(tmp_path: Path, copy: Path) -> None:
    done = emkg(tmp_path, "cem", "--from", str(copy), "--out", str(tmp_path / "out"), "--date", "2022-12-30")
    assert done.returncode == 0 and done.stderr == "", "no bar where nobody looks"
    assert "1 records kept (1 new" in done.stdout and "1 rejected" in done.stdout
    assert "rejected ngff_datasets.csv line 3: ngff_datasets.csv#/3/volume_name: no volume name" in done.stdout
    again = json.loads(emkg(tmp_path, "cem", "--from", str(copy), "--out", str(tmp_path / "out"), "-f", "json").stdout)
    assert (again["unchanged"], again["new"], list(again["rejected"])) == (1, [], ["ngff_datasets.csv line 3"])
    assert set(again["rejected"]["ngff_datasets.csv line 3"][0]) == {"where", "reason", "text"}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["nowhere"], 2, "no source 'nowhere'"),
        (["cem", "--from", "no/such/folder"], 1, "no such file or folder"),
        (["cem", "--from", "COPY", "--date", "30.12.2022"], 2, "YYYY-MM-DD"),
        (["cem", "--from", "COPY", "--commit", "main"], 2, "hexadecimal"),
        (["cem", "--from", "COPY", "--limit", "0"], 2, "limit"),
        (["cem", "--from", "COPY", "--out", "COPY/ngff_datasets.csv"], 1, "cannot be written"),
        (["cem", "--date", "2022-12-30"], 2, "--from PATH"),
        (["empiar", "--commit", "0123456789ab", "--offline"], 1, "has no commits"),
        (["awesome-list"], 1, "--from"),
        (["torch-em"], 1, "--from PATH"),
        (["cem", "--offline"], 1, "not in the cache"),
        (["empiar", "--offline"], 1, "not in the cache"),
        (["cem", "--cache", "COPY/ngff_datasets.csv"], 1, "--cache DIR"),
    ],
)
def test_what_a_wrong_call_is_told(tmp_path: Path, copy: Path, arguments: list[str], code: int, told: str) -> None:
    call = [one.replace("COPY", str(copy)) for one in arguments]
    done = emkg(tmp_path, *call, *([] if "--out" in call else ["--out", str(tmp_path / "out")]))
    assert done.returncode == code, done.stderr + done.stdout
    assert told in done.stderr + done.stdout


def test_a_document_is_harvested_from_its_address(site: Site, tmp_path: Path) -> None:
    address = site.put("/JackieZhai/README.md", Reply(LIST.encode()))
    done = emkg(tmp_path, "awesome-list", "--from", address, "--out", str(tmp_path / "out"), "--delay", "0")
    assert done.returncode == 0 and len(list((tmp_path / "out").glob("*.json"))) == 1, done.stderr


def test_a_repository_is_harvested_from_its_public_files_as_from_a_copy(site: Site, tmp_path: Path, copy: Path) -> None:
    data = (copy / "ngff_datasets.csv").read_bytes()
    github = GitHub("volume-em/cem-dataset", {"dataset/scraping/ngff_datasets.csv": data, "README.md": b""})
    github.serve(site)
    done = emkg(tmp_path, "cem", "--from", site.url, "--out", str(tmp_path / "live"), "--delay", "0")
    assert done.returncode == 0 and "3 new" in done.stdout, "commit, list and file"
    local = ["--commit", github.sha, "--date", "2026-03-04"]
    emkg(tmp_path, "cem", "--from", str(copy), "--out", str(tmp_path / "local"), *local)
    live, copied = (kept_records(tmp_path / folder / "cem.nq.gz") for folder in ("live", "local"))
    assert {key: one.sha256 for key, one in live.items()} == {key: one.sha256 for key, one in copied.items()}


def test_what_could_not_be_had_is_told_and_the_exit_says_so(site: Site, tmp_path: Path) -> None:
    site.pages["/entry/"] = Empiar({10002: empiar_entry(10002)}, {span(1): [Reply(b"", 403)]})
    call = ["empiar", "--from", site.url, "--out", str(tmp_path / "out"), "--delay", "0"]
    done = emkg(tmp_path, *call)
    assert done.returncode == 1 and "1 failed" in done.stdout and "status 403" in done.stdout
    assert "1 records kept" in done.stdout


def test_a_terminal_sees_a_bar(site: Site, tmp_path: Path) -> None:
    site.pages["/entry/"] = Empiar({number: empiar_entry(number) for number in range(10002, 10012)})
    command = [sys.executable, "-m", "emkg", "harvest", "empiar", "--from", site.url, "--delay", "0.05"]
    surroundings = os.environ | {"EMKG_CACHE": str(tmp_path / "cache"), "TERM": "xterm", "COLUMNS": "160"}
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*command, "--out", str(tmp_path / "out")], stdout=subprocess.PIPE, stderr=theirs, env=surroundings
    ) as process:
        os.close(theirs)
        seen = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the terminal was closed
                break
            if not part:
                break
            seen += part
        assert process.stdout is not None
        told = process.stdout.read()
    os.close(ours)
    assert process.returncode == 0 and b"10 records kept" in told
    assert b"empiar" in seen and b"records" in seen and b"records kept" not in seen
