"""Live harvests end to end: pages of an API and files of a public repository, again, interrupted, and with faults."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from emkg.errors import FetchError
from emkg.harvest.live import Live, harvest_live
from emkg.harvest.manners import Manners
from emkg.harvest.report import RepositoryReport
from emkg.shards import kept_records, read_shard
from emkg.sources._base import Repository
from tests.harvest.repositories import Empiar, GitHub, empiar_entry, repository
from tests.harvest.site import Asked, Reply, Site

QUICK = Manners(delay=0, read_timeout=0.5, attempts=2, backoff=0.01, patience=50)


def harvested(
    name: str, site: Site, folder: Path, today: str = "2026-01-02", limit: int | None = None, **how: Any
) -> RepositoryReport:
    live = Live(folder / "cache", today, site.url, manners=QUICK, **how)
    report = harvest_live(repository(name), live, folder / "out", limit=limit)
    assert isinstance(report, RepositoryReport)
    return report


def bodies(site: Site) -> list[str]:
    return [one.body for one in site.log if one.path == "/entry/"]


@pytest.fixture
def empiar(site: Site) -> Empiar:
    """Entries in the first, second and fourth range."""
    made = Empiar({number: empiar_entry(number) for number in (10002, 10003, 10310, 10934, 11600)})
    site.pages["/entry/"] = made
    return made


def test_empiar_is_asked_in_ranges_until_some_in_a_row_are_empty(site: Site, empiar: Empiar, tmp_path: Path) -> None:
    report = harvested("empiar", site, tmp_path)
    assert sorted(report.new) == ["EMPIAR-10002", "EMPIAR-10003", "EMPIAR-10310", "EMPIAR-10934", "EMPIAR-11600"]
    assert not report.rejected and report.whole
    asked = bodies(site)
    assert asked[0].startswith("1000") and len(asked) == len(set(asked)) == 4 + 3
    assert all(int(last) - int(first) == 499 for first, last in (body.split("-") for body in asked))
    assert {one.path for one in kept_records(report.path).values()} == {site.url + "entry/"}
    assert '"2026-01-02"' in "".join(map(str, read_shard(report.path))), "the day of the harvest, not of the test"


def test_a_second_harvest_tells_what_changed_and_what_vanished(site: Site, empiar: Empiar, tmp_path: Path) -> None:
    first = harvested("empiar", site, tmp_path)
    same = harvested("empiar", site, tmp_path)
    assert (same.unchanged, same.new, same.changed, same.vanished) == (5, [], [], [])
    assert set(same.addresses) == {"unchanged"}
    del empiar.entries[10003]
    empiar.entries |= {10310: empiar_entry(10310, title="another title"), 10311: empiar_entry(10311)}
    report = harvested("empiar", site, tmp_path)
    assert (report.new, report.changed, report.vanished) == (["EMPIAR-10311"], ["EMPIAR-10310"], ["EMPIAR-10003"])
    assert report.unchanged == 3
    assert {how: len(found) for how, found in report.addresses.items()} == {"changed": 1, "unchanged": 6}
    text = report.to_text()
    assert "1 changed" in text and "vanished: EMPIAR-10003" in text and f"fetched anew: {site.url}entry/" in text
    assert first.path == report.path and "EMPIAR-10003" not in kept_records(report.path)


def test_with_a_limit_no_more_is_asked_for_than_it_takes(site: Site, empiar: Empiar, tmp_path: Path) -> None:
    report = harvested("empiar", site, tmp_path, limit=2)
    assert report.new == ["EMPIAR-10002", "EMPIAR-10003"] and len(bodies(site)) == 1
    everything = harvested("empiar", site, tmp_path)
    assert (everything.unchanged, len(everything.new)) == (2, 3)
    few = harvested("empiar", site, tmp_path, limit=1)
    assert (few.unchanged, few.left_as_before, few.vanished) == (1, 4, [])
    assert len(kept_records(few.path)) == 5


@pytest.mark.parametrize(
    "flaw",
    [
        Reply(b"", 500),
        Reply(b"{}", flaw="truncated"),
        Reply(b"<html>maintenance</html>"),
        Reply(b'{"EMPIAR-10310": {"title"'),
        Reply(b"", flaw="reset"),
        Reply(b"", 403),
        Reply(b"", 302, {"Location": "/entry/"}),
    ],
    ids=["500", "truncated", "html", "half", "reset", "403", "circle"],
)
def test_a_page_at_fault_loses_nothing_of_the_last_harvest(
    site: Site, empiar: Empiar, tmp_path: Path, flaw: Reply
) -> None:
    harvested("empiar", site, tmp_path)
    page = bodies(site)[0]
    empiar.flaws[page] = [flaw]
    del empiar.entries[11600]
    report = harvested("empiar", site, tmp_path)
    assert report.vanished == [] and report.left_as_before == 4 and report.unchanged == 1
    assert len(kept_records(report.path)) == 5
    (fault,) = report.rejected[site.url + "entry/"]
    assert fault.reason and fault.reason in report.to_text()
    del empiar.flaws[page]
    healed = harvested("empiar", site, tmp_path)
    assert healed.vanished == ["EMPIAR-11600"] and healed.unchanged == 4 and healed.whole


def test_one_malformed_record_never_stops_a_harvest(site: Site, empiar: Empiar, tmp_path: Path) -> None:
    empiar.entries |= {10003: "gone mad", 10004: {"title": ["<b>"], "imagesets": 7, "status": None}, 10005: None}  # type: ignore[dict-item]
    report = harvested("empiar", site, tmp_path)
    assert {"EMPIAR-10002", "EMPIAR-10310", "EMPIAR-10934", "EMPIAR-11600"} <= set(report.new)
    assert any("EMPIAR-10003" in key for key in report.rejected) and any(
        "EMPIAR-10005" in key for key in report.rejected
    )


def test_a_server_that_answers_everything_with_a_page_ends_the_harvest(
    site: Site, empiar: Empiar, tmp_path: Path
) -> None:
    before = harvested("empiar", site, tmp_path).path
    shard = before.read_bytes()
    site.log.clear()
    site.put("/entry/", Reply(b"<html>We are moving</html>"))
    with pytest.raises(FetchError, match="nothing could be had: not JSON"):
        harvested("empiar", site, tmp_path)
    assert len(bodies(site)) == 3 and before.read_bytes() == shard


def test_offline_is_the_last_harvest_again(site: Site, empiar: Empiar, tmp_path: Path) -> None:
    first = harvested("empiar", site, tmp_path).path.read_bytes()
    count = len(site.log)
    report = harvested("empiar", site, tmp_path, "2027-01-01", offline=True)
    assert report.unchanged == 5 and report.path.read_bytes() == first and len(site.log) == count


def test_an_unfinished_harvest_is_gone_on_with_at_its_day(site: Site, empiar: Empiar, tmp_path: Path) -> None:
    third = "11000-11499"
    empiar.flaws[third] = [Reply(b"", 500)]
    first = harvested("empiar", site, tmp_path)
    assert not first.whole and third in bodies(site)
    empiar.flaws.clear()
    before = Counter(bodies(site))
    report = harvested("empiar", site, tmp_path, "2026-01-05")
    assert Counter(bodies(site)) - before == Counter([third]), "only what had failed"
    assert report.resumed == 6 and report.whole
    assert '"2026-01-02"' in "".join(map(str, read_shard(report.path)))
    harvested("empiar", site, tmp_path, "2026-01-05", afresh=True)
    assert Counter(bodies(site))[third] == 4


# Files of a public repository


def records_of(name: str, *numbers: int) -> dict[str, bytes]:
    """Files of the Cell Image Library, as its repository holds them."""
    body = json.dumps(repository(name).example.body)
    folder = "Version8_6/DATA/CIL_PUBLIC_DATA"
    return {f"{folder}/{number}.json": body.replace("39341", str(number)).encode() for number in numbers}


@pytest.fixture
def github() -> GitHub:
    return GitHub(
        "slash-segmentation/CIL_Public_Data_JSON",
        records_of("cell-image-library", 11, 12, 13, 14) | {"README.md": b"# no record", "Version8_6/x.json": b"{}"},
    )


CIL = "cell-image-library"


def test_the_files_of_a_commit_are_fetched_and_read(site: Site, github: GitHub, tmp_path: Path) -> None:
    github.serve(site)
    report = harvested(CIL, site, tmp_path)
    assert sorted(report.new) == ["CIL:11", "CIL:12", "CIL:13", "CIL:14"] and not report.rejected
    assert len(github.raw(site)) == 4
    told = "".join(map(str, read_shard(report.path)))
    assert github.sha in told and '"2026-03-04"' in told and "2026-01-02" not in told, "a commit has a day of its own"
    assert kept_records(report.path)["CIL:11"].path == "Version8_6/DATA/CIL_PUBLIC_DATA/11.json"


def test_only_the_files_that_changed_are_fetched_again(site: Site, github: GitHub, tmp_path: Path) -> None:
    github.serve(site)
    harvested(CIL, site, tmp_path)
    site.log.clear()
    same = harvested(CIL, site, tmp_path)
    assert github.raw(site) == [] and same.unchanged == 4 and set(same.addresses) == {"unchanged"}
    del github.files["Version8_6/DATA/CIL_PUBLIC_DATA/11.json"]
    github.files |= records_of(CIL, 15)
    changed = "Version8_6/DATA/CIL_PUBLIC_DATA/12.json"
    github.files[changed] = github.files[changed].replace(b"5400000", b"5400001")
    github.serve(site)
    report = harvested(CIL, site, tmp_path)
    assert sorted(github.raw(site)) == [changed, "Version8_6/DATA/CIL_PUBLIC_DATA/15.json"]
    assert (report.new, report.changed, report.vanished) == (["CIL:15"], ["CIL:12"], ["CIL:11"])


def test_a_file_that_cannot_be_had_keeps_its_record(site: Site, github: GitHub, tmp_path: Path) -> None:
    github.serve(site)
    harvested(CIL, site, tmp_path)
    name = "Version8_6/DATA/CIL_PUBLIC_DATA/12.json"
    github.files[name] += b" "
    del github.files["Version8_6/DATA/CIL_PUBLIC_DATA/13.json"]
    github.serve(site)
    site.put(f"/{github.repository}/{github.sha}/{name}", Reply(b"", 500))
    report = harvested(CIL, site, tmp_path)
    assert not report.whole and report.left_as_before == 1 and report.vanished == ["CIL:13"]
    assert "status 500" in report.to_text() and "CIL:12" in kept_records(report.path)


def test_a_file_that_is_not_the_commits_is_refused(site: Site, github: GitHub, tmp_path: Path) -> None:
    github.serve(site)
    site.put(f"/{github.repository}/{github.sha}/Version8_6/DATA/CIL_PUBLIC_DATA/12.json", Reply(b"{}"))
    report = harvested(CIL, site, tmp_path)
    assert len(report.new) == 3 and "not the file that the commit holds" in report.to_text()


def test_a_limit_fetches_no_more_files_than_it_takes(site: Site, github: GitHub, tmp_path: Path) -> None:
    github.serve(site)
    report = harvested(CIL, site, tmp_path, limit=2)
    assert len(report.new) == 2 and len(github.raw(site)) == 2


def test_a_path_never_leaves_the_folder(site: Site, github: GitHub, tmp_path: Path) -> None:
    folder = "Version8_6/DATA/CIL_PUBLIC_DATA/"
    github.files |= {
        folder + name: b"{}" for name in ("../../../../../../up.json", "a\\b.json", "//c.json", "./d.json")
    }
    github.serve(site)
    report = harvested(CIL, site, tmp_path)
    assert len(report.new) == 4 and len(github.raw(site)) == 4
    assert not list(tmp_path.rglob("up.json"))


def test_a_list_that_is_cut_short_is_asked_for_folder_by_folder(site: Site, github: GitHub, tmp_path: Path) -> None:
    github.cut = True
    github.serve(site)
    ours, steps = f"/repos/{github.repository}/git/trees/", ["Version8_6", "DATA", "CIL_PUBLIC_DATA"]
    shas = [github.sha, *(character * 40 for character in "abc")]
    for sha, step, below in zip(shas, steps, shas[1:], strict=False):
        tree = {"tree": [{"path": step, "type": "tree", "sha": below}], "truncated": False}
        site.put(f"{ours}{sha}", Reply(json.dumps(tree).encode()))
    whole = json.loads(site.pages[f"{ours}{github.sha}?recursive=1"][0].body)  # type: ignore[index]
    folder = "/".join(steps) + "/"
    inside = [
        one | {"path": one["path"].removeprefix(folder)} for one in whole["tree"] if one["path"].startswith(folder)
    ]
    site.put(f"{ours}{shas[-1]}?recursive=1", Reply(json.dumps({"tree": inside, "truncated": False}).encode()))
    assert len(harvested(CIL, site, tmp_path).new) == 4


@pytest.mark.parametrize("body", [b"{}", b"[]", b"<html>", b'{"sha": "../.."}', b'{"sha": 7}'])
def test_what_is_not_githubs_answer_is_told(site: Site, github: GitHub, tmp_path: Path, body: bytes) -> None:
    site.put(f"/repos/{github.repository}/commits/master", Reply(body))
    with pytest.raises(FetchError, match=r"commit|JSON"):
        harvested(CIL, site, tmp_path)
    assert not (tmp_path / "out").exists()


def test_a_source_without_a_live_path_says_so(site: Site, tmp_path: Path) -> None:
    class Local(Repository):
        name, title, homepage, licence, resource = "local", "Local", "https://example.org/", "", "local"
        states = lacks = ()

        def records(self, path: Path) -> Any:
            yield from ()

        def datasets(self, record: Any, key: str) -> Any:
            yield from ()

    assert not Local().is_live
    with pytest.raises(FetchError, match="--from PATH"):
        harvest_live(Local(), Live(tmp_path, "2026-01-02"))


# Killed in the middle


def emkg(*arguments: str, cache: Path) -> subprocess.Popen[str]:
    environment = os.environ | {"EMKG_CACHE": str(cache), "NO_COLOR": "1", "COLUMNS": "160"}
    command = [sys.executable, "-m", "emkg", "harvest", *arguments, "--delay", "0"]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out


def test_killed_in_mid_harvest_it_goes_on_without_a_second_request(site: Site, tmp_path: Path) -> None:
    entries = {number: empiar_entry(number) for number in range(10002, 13502, 100)}
    replay, reached, release = Empiar(entries), threading.Event(), threading.Event()

    def answer(asked: Asked) -> Reply:
        if len(bodies(site)) == 5 and not release.is_set():
            reached.set()
            release.wait(30)
        return replay(asked)

    site.pages["/entry/"] = answer
    call = ["empiar", "--from", site.url, "--out", str(tmp_path / "out")]
    first = emkg(*call, cache=tmp_path / "cache")
    assert reached.wait(30)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    assert first.returncode == -signal.SIGKILL and not (tmp_path / "out" / "empiar.nq.gz").exists()
    release.set()
    told = ended(emkg(*call, cache=tmp_path / "cache"))
    counts = Counter(bodies(site))
    assert sorted(counts.values()) == [1] * (len(counts) - 1) + [2], "only the request under way is made again"
    assert len(counts) == 7 + 3 and "4 addresses were had already" in told and "35 new" in told
    site.log.clear()
    ended(emkg("empiar", "--from", site.url, "--out", str(tmp_path / "whole"), cache=tmp_path / "other"))
    one, other = (tmp_path / folder / "empiar.nq.gz" for folder in ("out", "whole"))
    assert one.read_bytes() == other.read_bytes()


def test_killed_between_files_it_goes_on_without_a_second_request(site: Site, tmp_path: Path) -> None:
    github = GitHub("slash-segmentation/CIL_Public_Data_JSON", records_of(CIL, *range(20, 30)))
    github.serve(site)
    reached, release = threading.Event(), threading.Event()
    stop = f"/{github.repository}/{github.sha}/Version8_6/DATA/CIL_PUBLIC_DATA/25.json"
    (good,) = site.pages[stop]  # type: ignore[misc]

    def answer(_: Asked) -> Reply:
        reached.set()
        release.wait(30)
        return good

    site.pages[stop] = answer
    call = [CIL, "--from", site.url, "--out", str(tmp_path / "out")]
    first = emkg(*call, cache=tmp_path / "cache")
    assert reached.wait(30)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    release.set()
    ended(emkg(*call, cache=tmp_path / "cache"))
    counts = Counter(github.raw(site))
    assert (
        counts.pop("Version8_6/DATA/CIL_PUBLIC_DATA/25.json") == 2 and set(counts.values()) == {1} and len(counts) == 9
    )
    ended(emkg(CIL, "--from", site.url, "--out", str(tmp_path / "whole"), cache=tmp_path / "other"))
    one, other = (tmp_path / folder / f"{CIL}.nq.gz" for folder in ("out", "whole"))
    assert one.read_bytes() == other.read_bytes()
