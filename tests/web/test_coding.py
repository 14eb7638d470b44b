"""Encodings: what is chosen, that the bytes are the same underneath, and that each coding has a validator of its own."""

from __future__ import annotations

import asyncio
import threading
import time
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from emkg.web.coding import CODINGS, choose_coding, encode
from emkg.web.documents import Document, Documents

DECODE = {
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
    "br": brotli.decompress,
    "gzip": lambda body: zlib.decompress(body, wbits=31),
    "identity": bytes,
}
PATHS = (
    "/doc/dataset/h01.ttl",
    "/",
    "/datasets",
    "/static/style.css",
    "/dump/emkg.nt",
    "/sparql?query=SELECT*{?s?p?o}",
)


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", "identity"),
        ("identity", "identity"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, deflate, br", "br"),
        ("gzip, br, zstd", "zstd"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "zstd"),
        ("*;q=0", "identity"),
        ("zstd;q=0, *", "br"),
        ("gzip;q=much", "identity"),
        (",;q=1,,", "identity"),
    ],
)
def test_which_coding(header: str, coding: str) -> None:
    assert choose_coding(header) == coding


@given(st.text(max_size=60))
def test_no_header_breaks_it(header: str) -> None:
    assert choose_coding(header) in (*CODINGS, "identity")


@given(st.binary(max_size=5000), st.sampled_from((*CODINGS, "identity")))
def test_encoding_loses_nothing(body: bytes, coding: str) -> None:
    assert DECODE[coding](encode(body, coding)) == body


def raw(client: TestClient, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    with client.stream("GET", path, headers=headers) as answer:
        return answer.status_code, dict(answer.headers), b"".join(answer.iter_raw())


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("coding", CODINGS)
def test_each_coding_holds_the_same(client: TestClient, path: str, coding: str) -> None:
    _, plain_headers, plain = raw(client, path, **{"Accept-Encoding": "identity"})
    _, headers, body = raw(client, path, **{"Accept-Encoding": coding})
    assert "content-encoding" not in plain_headers and headers["content-encoding"] == coding
    assert DECODE[coding](body) == plain
    assert headers["vary"] == plain_headers["vary"] and headers["vary"].count("Accept-Encoding") == 1
    assert headers["etag"] != plain_headers["etag"], "a strong validator names the bytes that are sent"
    again, held, nothing = raw(client, path, **{"Accept-Encoding": coding, "If-None-Match": headers["etag"]})
    assert again == 304 and held["etag"] == headers["etag"] and not nothing
    other = CODINGS[CODINGS.index(coding) - 1]
    status, _, _ = raw(client, path, **{"Accept-Encoding": other, "If-None-Match": headers["etag"]})
    assert status == 200, "bytes in another coding were never sent under that validator"


def test_what_is_short_stays_plain(client: TestClient) -> None:
    status, headers, body = raw(client, "/healthz", **{"Accept-Encoding": "br"})
    assert status == 200 and "content-encoding" not in headers and body.startswith(b"{")


def test_many_clients_cost_one_rendering() -> None:
    made: list[int] = []

    def make() -> bytes:
        made.append(threading.get_ident())
        time.sleep(0.05)
        return b"x" * 1000

    async def run() -> list[Document]:
        kept = Documents()
        return await asyncio.gather(*(kept.get("key", coding, make) for coding in ("br", "gzip", "identity") * 10))

    found = asyncio.run(run())
    assert len(made) == 1 and {document.coding for document in found} == {"br", "gzip", "identity"}


def test_a_fault_is_told_and_not_kept() -> None:
    async def run() -> bytes:
        kept = Documents()
        with pytest.raises(ZeroDivisionError):
            await kept.get("key", "identity", lambda: bytes(1 // 0))
        return (await kept.get("key", "identity", lambda: b"whole")).body

    assert asyncio.run(run()) == b"whole"


def test_the_room_is_kept() -> None:
    async def run() -> int:
        kept = Documents(room=10_000)
        for number in range(50):
            await kept.get(number, "identity", lambda: b"x" * 1000)
        await kept.get("giant", "identity", lambda: b"x" * 9000)
        return sum(len(document.body) for document in kept._kept.values())

    assert 1000 <= asyncio.run(run()) <= 10_000
