"""The client against a server that behaves badly: each answer is had in the end, or the fault says why not; nobody is pestered."""

from __future__ import annotations

import itertools
import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from emkg import __version__
from emkg.errors import FetchError
from emkg.harvest.http import Client
from emkg.harvest.journal import Journal, Task
from emkg.harvest.manners import Manners, is_private, redirect_refused, user_agent
from emkg.model import Fault
from emkg.sources._live import Answer
from tests.harvest.site import Reply, Site, serving, with_etag, zipped

QUICK = Manners(
    delay=0, connect_timeout=1, read_timeout=0.5, whole_timeout=3, attempts=3, backoff=0.01, largest=100_000
)


@contextmanager
def client(site: Site, folder: Path, manners: Manners = QUICK, *, offline: bool = False) -> Iterator[Client]:
    journal = Journal.open(folder / "journal.jsonl", Task("test", site.url, "", "2026-01-02"))
    with Client(folder, site.url, journal, manners, offline) as made:
        yield made
        if not made.failed:
            journal.finish()


def fetched(client: Client, url: str, **how: str) -> Answer:
    answer = client(url, **how)  # type: ignore[arg-type]
    assert isinstance(answer, Answer), answer
    return answer


def refused(client: Client, url: str, **how: str) -> Fault:
    fault = client(url, **how)  # type: ignore[arg-type]
    assert isinstance(fault, Fault), fault
    return fault


def test_an_answer_is_had_and_we_say_who_we_are(site: Site, tmp_path: Path) -> None:
    site.put("/a", Reply(b"{}", headers={"Content-Type": "application/json"}))
    with client(site, tmp_path) as fetch:
        answer = fetched(fetch, "a")
    assert (answer.url, answer.status, answer.json(), answer.from_cache) == (site.url + "a", 200, {}, False)
    (asked,) = site.asked("/a")
    assert asked.headers["user-agent"] == user_agent() and __version__ in user_agent()
    assert user_agent().endswith("(+https://w3id.org/" + "emkg/)")
    assert "gzip" in asked.headers["accept-encoding"]


def test_parameters_and_bodies_tell_answers_apart(site: Site, tmp_path: Path) -> None:
    site.pages["/list"] = lambda asked: Reply((asked.path + asked.body).encode())
    with client(site, tmp_path) as fetch:
        pages = [fetch("list", params={"page": 1}), fetch("list", params={"page": 2})]
        bodies = [
            fetch("list", body="10000-10499"),
            fetch("list", body="10500-10999"),
            fetch("list", body="10000-10499"),
        ]
    told = [one.text for one in [*pages, *bodies] if isinstance(one, Answer)]
    assert told == ["/list?page=1", "/list?page=2", "/list10000-10499", "/list10500-10999", "/list10000-10499"]
    assert [one.method for one in site.asked("/list")] == ["POST", "POST"], (
        "what this harvest has had is not asked again"
    )
    assert site.asked("/list")[0].headers["content-type"].startswith("text/plain")


def test_a_second_harvest_asks_whether_something_changed(site: Site, tmp_path: Path) -> None:
    site.pages |= {"/same": with_etag(b"one"), "/new": with_etag(b"old")}
    site.put("/plain", Reply(b"no validator"))
    dated = {"Last-Modified": "Wed, 21 Oct 2015 07:28:00 GMT"}
    site.pages["/dated"] = lambda asked: (
        Reply(b"", 304) if "if-modified-since" in asked.headers else Reply(b"x", 200, dated)
    )
    pages = ("same", "new", "plain", "dated")
    with client(site, tmp_path) as fetch:
        assert not any(fetched(fetch, page).from_cache for page in pages)
        assert {one.how for one in fetch.journal.entries.values()} == {"new"}
    site.pages["/new"] = with_etag(b"new")
    with client(site, tmp_path) as fetch:
        answers = {page: fetched(fetch, page) for page in pages}
        how = {one.url.removeprefix(site.url): one.how for one in fetch.journal.entries.values()}
    assert how == {"same": "unchanged", "new": "changed", "plain": "unchanged", "dated": "unchanged"}
    assert {page: answer.from_cache for page, answer in answers.items()} == {
        "same": True,
        "new": False,
        "plain": False,
        "dated": True,
    }
    assert answers["new"].text == "new" and answers["same"].text == "one" and answers["dated"].text == "x"
    assert "if-none-match" in site.asked("/same")[1].headers


@pytest.mark.parametrize(
    "flawed",
    [
        pytest.param(Reply(b"", 429), id="429"),
        pytest.param(Reply(b"", 500), id="500"),
        pytest.param(Reply(b"<html>busy</html>", 503), id="503"),
        pytest.param(Reply(b"{", flaw="truncated"), id="truncated"),
        pytest.param(Reply(b"", flaw="reset"), id="reset"),
        pytest.param(Reply(b"", flaw="hang"), id="hang"),
        pytest.param(Reply(b"no gzip", headers={"Content-Encoding": "gzip"}), id="not gzip"),
        pytest.param(
            Reply(zipped(b"x" * 9000).body[:30], headers={"Content-Encoding": "gzip"}, flaw="truncated"), id="cut gzip"
        ),
    ],
)
def test_what_may_pass_is_asked_for_again(site: Site, tmp_path: Path, flawed: Reply) -> None:
    site.put("/a", flawed, flawed, Reply(b"good"))
    with client(site, tmp_path) as fetch:
        assert fetched(fetch, "a").text == "good"
        assert not fetch.failed
    assert len(site.asked("/a")) == 3


@pytest.mark.parametrize(
    ("flawed", "told"),
    [
        (Reply(b"", 500), "status 500"),
        (Reply(b"{}", flaw="truncated"), "ended too early"),
        (Reply(b"", flaw="reset"), "broke off"),
        (Reply(b"", flaw="hang"), "in time"),
        (Reply(b"no", headers={"Content-Encoding": "gzip"}), "not compressed"),
    ],
)
def test_what_does_not_pass_is_a_fault_with_its_reason(site: Site, tmp_path: Path, flawed: Reply, told: str) -> None:
    site.put("/a", flawed)
    site.put("/b", Reply(b"the next page"))
    with client(site, tmp_path) as fetch:
        fault = refused(fetch, "a")
        assert told in fault.reason and fault.path == site.url + "a"
        assert fetched(fetch, "b").text == "the next page"
        assert fetch.failed
    assert len(site.asked("/a")) == QUICK.attempts


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 501])
def test_what_does_not_pass_by_itself_is_asked_for_once(site: Site, tmp_path: Path, status: int) -> None:
    site.put("/a", Reply(b"", status))
    with client(site, tmp_path) as fetch:
        assert f"status {status}" in refused(fetch, "a").reason
        assert fetch.failed is (status not in (404, 410)), "what is gone leaves nothing open"
    assert len(site.asked("/a")) == 1


def test_a_drip_comes_to_an_end(site: Site, tmp_path: Path) -> None:
    site.put("/a", Reply(b"x" * 10_000, flaw="drip"))
    start = time.monotonic()
    with client(site, tmp_path, Manners(delay=0, whole_timeout=0.3, attempts=1, backoff=0)) as fetch:
        assert "in time" in refused(fetch, "a").reason
    assert time.monotonic() - start < 3


def test_retry_after_is_waited_for(site: Site, tmp_path: Path) -> None:
    site.put("/a", Reply(b"", 429, {"Retry-After": "1"}), Reply(b"good"))
    with client(site, tmp_path) as fetch:
        assert fetched(fetch, "a").text == "good"
    first, second = site.asked("/a")
    assert second.at - first.at >= 1


def test_a_host_that_asks_for_hours_is_left_alone(site: Site, tmp_path: Path) -> None:
    site.put("/a", Reply(b"", 503, {"Retry-After": "7200"}))
    site.put("/b", Reply(b"fine"))
    with client(site, tmp_path) as fetch:
        assert "7200 s" in refused(fetch, "a").reason
        assert "7200 s" in refused(fetch, "b").reason
    assert len(site.asked("/a")) == 1 and not site.asked("/b")


def test_a_limit_that_is_used_up_is_waited_for_or_told(site: Site, tmp_path: Path) -> None:
    """GitHub answers 403, with the time at which the limit begins anew."""

    def used_up(seconds: float) -> Reply:
        reset = str(int(time.time() + seconds))
        return Reply(b"", 403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset})

    site.put("/a", used_up(2), Reply(b"good"))
    site.put("/b", used_up(3000))
    with client(site, tmp_path) as fetch:
        assert fetched(fetch, "a").text == "good"
        assert "asks us to wait" in refused(fetch, "b").reason
    first, second = site.asked("/a")
    assert second.at - first.at > 0.5 and len(site.asked("/b")) == 1


def test_a_host_that_is_down_is_not_asked_for_every_page(site: Site, tmp_path: Path) -> None:
    site.pages |= {f"/{number}": [Reply(b"", 500)] for number in range(20)}
    with client(site, tmp_path) as fetch:
        reasons = [refused(fetch, str(number)).reason for number in range(20)]
    assert len([one for one in site.log if one.path != "/robots.txt"]) == QUICK.patience * QUICK.attempts
    assert "asked no more" in reasons[-1] and "status 500" in reasons[-1]


def test_between_two_requests_lies_the_delay(site: Site, tmp_path: Path) -> None:
    site.pages |= {f"/{number}": [Reply(b"x")] for number in range(4)}
    with client(site, tmp_path, Manners(delay=0.3)) as fetch:
        for number in range(4):
            fetched(fetch, str(number))
    times = [one.at for one in site.log if one.path != "/robots.txt"]
    assert all(later - earlier >= 0.15 for earlier, later in itertools.pairwise(times))


def test_robots_txt_is_obeyed_and_its_delay_kept(site: Site, tmp_path: Path) -> None:
    site.put(
        "/robots.txt",
        Reply(b"User-agent: *\nDisallow: /\n\nUser-agent: emkg\nCrawl-delay: 0.6\nDisallow: /private*.json$\n"),
    )
    site.put("/open", Reply(b"x"))
    with client(site, tmp_path) as fetch:
        assert "robots.txt" in refused(fetch, "private/1.json").reason
        assert fetched(fetch, "open").text == "x" and fetched(fetch, "open", body="again").text == "x"
    assert not site.asked("/private/1.json") and len(site.asked("/robots.txt")) == 1
    first, second = site.asked("/open")
    assert second.at - first.at >= 0.4


@pytest.mark.parametrize(("status", "free"), [(404, True), (403, True), (200, True), (500, False), (503, False)])
def test_a_robots_txt_that_cannot_be_had(site: Site, tmp_path: Path, status: int, free: bool) -> None:
    """RFC 9309 §2.3.1: absent allows all, unreachable forbids all."""
    site.put("/robots.txt", Reply(b"", status))
    site.put("/a", Reply(b"x"))
    with client(site, tmp_path) as fetch:
        assert isinstance(fetch("a"), Answer if free else Fault)
    assert len(site.asked("/a")) == (1 if free else 0)


def test_redirects_are_followed_and_asked_of_robots_at_each_hop(site: Site, tmp_path: Path) -> None:
    with serving() as other:
        other.put("/robots.txt", Reply(b"User-agent: *\nDisallow: /shut\n"))
        other.put("/open", Reply(b"there"))
        site.put("/a", Reply(b"", 302, {"Location": "/b"}))
        site.put("/b", Reply(b"", 301, {"Location": other.url + "open"}))
        site.put("/c", Reply(b"", 302, {"Location": other.url + "shut"}))
        with client(site, tmp_path) as fetch:
            answer = fetched(fetch, "a")
            assert (answer.text, answer.url) == ("there", other.url + "open")
            assert "robots.txt" in refused(fetch, "c").reason
        assert not other.asked("/shut")


def test_a_redirected_answer_is_not_sent_again_unless_it_changed(site: Site, tmp_path: Path) -> None:
    site.put("/a", Reply(b"", 302, {"Location": "/b"}))
    site.pages["/b"] = with_etag(b"body")
    with client(site, tmp_path) as fetch:
        assert not fetched(fetch, "a").from_cache
    with client(site, tmp_path) as fetch:
        again = fetched(fetch, "a")
        assert again.text == "body" and again.from_cache
        assert [one.how for one in fetch.journal.entries.values()] == ["unchanged"]


def test_redirects_in_a_circle_end(site: Site, tmp_path: Path) -> None:
    site.put("/a", Reply(b"", 302, {"Location": "/b"}))
    site.put("/b", Reply(b"", 302, {"Location": "/a"}))
    with client(site, tmp_path) as fetch:
        assert "redirects" in refused(fetch, "a").reason
    assert len(site.asked("/a") + site.asked("/b")) == QUICK.redirects + 1


@pytest.mark.parametrize(
    "target", ["ftp://127.0.0.1/x", "file:///etc/passwd", "http://[", "javascript:alert(1)", "http:///x"]
)
def test_redirects_out_of_the_web_are_refused(site: Site, tmp_path: Path, target: str) -> None:
    site.put("/a", Reply(b"", 302, {"Location": target}))
    with client(site, tmp_path) as fetch:
        assert refused(fetch, "a").reason


def test_nobody_leads_us_from_the_web_into_the_machine() -> None:
    for host in (
        "127.0.0.1",
        "[::1]",
        "10.1.2.3",
        "192.168.0.1",
        "169.254.169.254",
        "localhost",
        "0.0.0.0",
        "printer.local",
    ):
        assert is_private(f"http://{host}/"), host
        assert redirect_refused("http://example.org/a", f"http://{host}/")
    assert not is_private("https://www.ebi.ac.uk/") and not redirect_refused(
        "http://example.org/", "https://example.com/"
    )


def test_a_body_larger_than_the_limit_is_refused_before_it_fills_the_memory(site: Site, tmp_path: Path) -> None:
    site.put("/large", Reply(b"x" * (QUICK.largest + 1)))
    site.put("/bomb", zipped(b"x" * 50_000_000))
    site.put("/just", Reply(b"x" * QUICK.largest))
    with client(site, tmp_path) as fetch:
        assert "100,000 bytes" in refused(fetch, "large").reason
        assert "100,000 bytes" in refused(fetch, "bomb").reason
        assert len(fetched(fetch, "just").data) == QUICK.largest
    assert len(site.asked("/bomb")) == 1, "a second try would not be smaller"


@pytest.mark.parametrize(
    ("body", "stated", "text"),
    [
        ("Ångström µm".encode("latin-1"), "text/csv; charset=utf-8", "Ångström µm"),
        ("Ångström µm".encode(), "text/csv; charset=latin-1", "Ångström µm"),
        ("Ångström µm".encode(), "text/csv", "Ångström µm"),
        ("\ufeffÅngström".encode(), "text/csv", "Ångström"),
        ("Ångström".encode("utf-16"), "text/csv; charset=utf-8", "Ångström"),
        ("Ångström".encode("cp437"), "text/csv; charset=cp437", "Ångström"),
        ("Ångström".encode("latin-1"), "text/csv; charset=klingon", "Ångström"),
    ],
)
def test_whatever_the_header_says_the_text_is_read(
    site: Site, tmp_path: Path, body: bytes, stated: str, text: str
) -> None:
    site.put("/a", Reply(body, headers={"Content-Type": stated}))
    with client(site, tmp_path) as fetch:
        assert fetched(fetch, "a").text == text
    with client(site, tmp_path, offline=True) as fetch:
        assert fetched(fetch, "a").text == text, "from the cache as well"


def test_gzip_is_unpacked_and_kept_unpacked(site: Site, tmp_path: Path) -> None:
    site.put("/a", zipped(json.dumps({"title": "µ" * 1000}).encode()))
    with client(site, tmp_path) as fetch:
        first = fetched(fetch, "a").json()
    with client(site, tmp_path, offline=True) as fetch:
        assert fetched(fetch, "a").json() == first == {"title": "µ" * 1000}


@pytest.mark.parametrize(
    "body", [b"", b"<html>Server busy</html>", b'{"EMPIAR-10002": {"title": ', b"[" * 100_00, b"\xff\xfe\x00"]
)
def test_a_body_that_is_no_json_is_a_fault_with_its_place(site: Site, tmp_path: Path, body: bytes) -> None:
    site.put("/a", Reply(body, headers={"Content-Type": "application/json"}))
    with client(site, tmp_path) as fetch:
        found = fetched(fetch, "a").json()
    assert isinstance(found, Fault) and found.path == site.url + "a" and "not JSON" in found.reason


def test_offline_asks_nobody(site: Site, tmp_path: Path) -> None:
    site.put("/a", Reply(b"x"))
    with client(site, tmp_path) as fetch:
        fetched(fetch, "a")
    count = len(site.log)
    with client(site, tmp_path, offline=True) as fetch:
        assert fetched(fetch, "a").from_cache
        assert "not in the cache" in refused(fetch, "b").reason
        with pytest.raises(FetchError, match="not in the cache"):
            fetch.download(site.url + "a")
    assert len(site.log) == count


def test_a_harvest_goes_on_where_it_stopped(site: Site, tmp_path: Path) -> None:
    for page in ("a", "b", "c"):
        site.put("/" + page, Reply(page.encode()))
    task = Task("test", site.url, "", "2026-01-02")
    with Client(tmp_path, site.url, Journal.open(tmp_path / "j", task), QUICK) as fetch:
        fetched(fetch, "a")
        fetched(fetch, "b", body="1-2")
        refused(fetch, "gone")
    with (tmp_path / "j").open("a") as file:
        file.write('{"key": "torn')  # the process was killed in the middle of a line
    later = Task("test", site.url, "", "2026-01-05")
    with Client(tmp_path, site.url, Journal.open(tmp_path / "j", later), QUICK) as fetch:
        assert fetch.journal.task.begun == "2026-01-02" and fetch.journal.resumed == 3
        assert fetched(fetch, "a").from_cache and fetched(fetch, "b", body="1-2").from_cache
        assert "404" in refused(fetch, "gone").reason and not fetch.failed
        assert not fetched(fetch, "c").from_cache
        fetch.journal.finish()
    assert {one.path: len(site.asked(one.path)) for one in site.log if one.path != "/robots.txt"} == {
        "/a": 1,
        "/b": 1,
        "/gone": 1,
        "/c": 1,
    }
    with Client(tmp_path, site.url, Journal.open(tmp_path / "j", later), QUICK) as fetch:
        fetched(fetch, "a")
    assert len(site.asked("/a")) == 2, "one that ended is begun anew"


def test_an_answer_that_the_cache_lost_is_asked_for_again(site: Site, tmp_path: Path) -> None:
    site.put("/a", Reply(b"x"))
    task = Task("test", site.url, "", "2026-01-02")
    with Client(tmp_path, site.url, Journal.open(tmp_path / "j", task), QUICK) as fetch:
        fetched(fetch, "a")
    (tmp_path / "answers.sqlite").unlink()
    with Client(tmp_path, site.url, Journal.open(tmp_path / "j", task), QUICK) as fetch:
        assert fetched(fetch, "a").text == "x"
    assert len(site.asked("/a")) == 2


def test_a_cache_that_is_none_says_what_to_do(site: Site, tmp_path: Path) -> None:
    (tmp_path / "answers.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(FetchError, match="cache"), client(site, tmp_path) as fetch:
        fetch("a")
    folder = tmp_path / "file"
    folder.write_text("")
    with pytest.raises(FetchError, match="--cache"), client(site, folder):
        pass


def test_nothing_of_the_cache_is_code(site: Site, tmp_path: Path) -> None:
    """A pickle would run what it holds when it is read."""
    site.put("/a", Reply(b"x", headers={"ETag": '"1"'}))
    with client(site, tmp_path) as fetch:
        fetched(fetch, "a")
    with sqlite3.connect(tmp_path / "answers.sqlite") as database:
        (value,) = database.execute("SELECT value FROM responses").fetchone()
    assert json.loads(value)["headers"]["ETag"] == '"1"'


@pytest.mark.parametrize(
    "url", ["", "ftp://example.org/", "http://", "http://[::1", "\x00", "http://h:port/", "mailto:a@b.org"]
)
def test_what_is_no_address_is_a_fault(tmp_path: Path, url: str) -> None:
    with Client(tmp_path, "", Journal(tmp_path / "j", Task("t", "", "", "2026-01-01")), QUICK) as fetch:
        assert isinstance(fetch(url), Fault)


def test_nothing_is_asked_where_nobody_listens(tmp_path: Path) -> None:
    with serving() as gone:
        pass
    start = time.monotonic()
    with client(gone, tmp_path) as fetch:
        assert "robots.txt could not be had" in refused(fetch, "a").reason
        assert refused(fetch, "b").reason
    assert time.monotonic() - start < 5
