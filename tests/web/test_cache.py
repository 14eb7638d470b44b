"""What is kept for who asks the same: answers of queries, and whole responses; and what must not be."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from emkg.errors import QueryTimeout
from emkg.web.app import create_app
from emkg.web.cache import Answers, Kept
from emkg.web.engine import Answer, Head
from emkg.web.repeat import Repeat

JSON = {"Accept": "application/sparql-results+json"}


def answer(size: int = 10, changing: bool = False) -> Kept:
    return Kept(Head("SELECT", "json", changing), b"x" * size)


def test_a_hundred_ask_once() -> None:
    async def main() -> int:
        answers, asked = Answers(1 << 20), 0

        async def ask() -> Answer:
            nonlocal asked
            asked += 1
            await asyncio.sleep(0.01)
            return answer()

        key = b"ASK {}"
        found = await asyncio.gather(*(answers.get(key, ask) for _ in range(100)))
        assert {one.whole for one in found} == {b"x" * 10}
        return asked

    assert asyncio.run(main()) == 1


def test_a_fault_is_not_shared_and_not_kept() -> None:
    async def main() -> None:
        answers, left = Answers(1 << 20), [QueryTimeout("late"), None]

        async def ask() -> Answer:
            fault = left.pop(0)
            await asyncio.sleep(0.01)
            if fault is not None:
                raise fault
            return answer()

        key = b"ASK {}"
        found = await asyncio.gather(*(answers.get(key, ask) for _ in range(2)), return_exceptions=True)
        assert isinstance(found[0], QueryTimeout) and isinstance(found[1], Kept)

    asyncio.run(main())


@pytest.mark.parametrize("one", [answer(changing=True), answer(100_000), Kept(Head("SELECT", "json"), None)])
def test_not_kept(one: Kept) -> None:
    async def main() -> int:
        answers = Answers(1 << 20)

        async def ask() -> Answer:
            return one

        await answers.get(b"ASK {}", ask)
        return len(answers)

    assert asyncio.run(main()) == 0


def test_the_room_is_bounded() -> None:
    async def main() -> Answers:
        answers = Answers(100_000)

        async def ask() -> Answer:
            return answer(5_000)

        for number in range(1000):
            await answers.get(b"%d" % number, ask)
        return answers

    found = asyncio.run(main())
    assert 10 < len(found) < 20 and found.size <= 100_000


def test_what_is_repeated_is_the_same_byte_by_byte(built: Path) -> None:
    with TestClient(create_app(built), follow_redirects=False) as http:
        for path in (
            "/sparql?query=SELECT%20*%20%7B%20?s%20?p%20?o%20%7D%20ORDER%20BY%20?s%20?p%20?o%20LIMIT%2050",
            "/doc/dataset/h01.ttl",
        ):
            for headers in (
                JSON,
                {"Accept": "text/turtle, text/csv", "Accept-Encoding": "gzip"},
                {"Accept": "text/html"},
            ):
                first, second = (http.get(path, headers=headers) for _ in range(2))
                assert second.status_code == first.status_code and second.content == first.content
                assert {**first.headers} == {**second.headers}
                if "etag" in first.headers and first.status_code == 200:
                    again = http.get(path, headers={**headers, "If-None-Match": first.headers["etag"]})
                    assert (
                        again.status_code == 304
                        and again.content == b""
                        and again.headers["etag"] == first.headers["etag"]
                    )
                    assert "content-type" not in again.headers and again.headers["vary"] == first.headers["vary"]
                    other = http.get(path, headers={**headers, "If-None-Match": '"other"'})
                    assert other.status_code == 200 and other.content == first.content


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "STRUUID()", "UUID()", "BNODE()"])
def test_what_changes_is_asked_anew(built: Path, function: str) -> None:
    with TestClient(create_app(built)) as http:
        found = [
            http.get("/sparql", params={"query": f"SELECT ({function} AS ?x) {{}}"}, headers=JSON) for _ in range(2)
        ]
    assert found[0].headers["cache-control"] == "no-store" and "etag" not in found[0].headers
    assert found[0].content != found[1].content


def test_long_addresses_do_not_fill_the_memory() -> None:
    """What is kept is counted with the address under which it is kept."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"etag", b'"x"')]})
        await send({"type": "http.response.body", "body": b"x"})

    async def main() -> Repeat:
        repeat = Repeat(app, room=1_000_000)
        site = SimpleNamespace(mark="x")
        for number in range(200):
            query = b"x" * 50_000 + b"%d" % number
            scope = {
                "type": "http",
                "method": "GET",
                "raw_path": b"/",
                "query_string": query,
                "headers": [],
                "emkg.site": site,
            }

            async def ignored(*_: object) -> None:
                pass

            for _ in range(2):  # only what is asked for again is kept
                await repeat(scope, ignored, ignored)  # type: ignore[arg-type]
        return repeat

    assert 10 < len(asyncio.run(main())._kept) < 20


def test_two_hosts_are_two_answers(built: Path) -> None:
    with TestClient(create_app(built)) as http:
        for host in ("one.example", "two.example", "one.example"):
            text = http.get("/sparql", headers={"Host": host, "Accept": "application/n-triples"}).text
            assert f"<http://{host}/sparql>" in text and text.count("example/sparql> <") > 5
            assert not any(f"http://{other}/" in text for other in {"one.example", "two.example"} - {host})


def test_a_head_and_a_range_go_the_long_way(built: Path) -> None:
    with TestClient(create_app(built)) as http:
        whole = http.get("/doc/dataset/h01.ttl")
        assert http.head("/doc/dataset/h01.ttl").content == b""
        assert http.get("/doc/dataset/h01.ttl", headers={"Range": "bytes=0-9"}).status_code in (200, 206)
        assert http.get("/doc/dataset/h01.ttl").content == whole.content
