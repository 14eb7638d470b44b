"""A Web server on the loopback that answers as told, well or badly, and writes down what it was asked."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Reply:
    """An answer; ``flaw`` is what goes wrong in sending it: reset, truncated, hang, drip."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    flaw: str = ""


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    body: str
    headers: dict[str, str]
    at: float


Answering = Callable[[Asked], Reply]


@dataclass
class Site:
    """``pages`` are by path (with its query): replies given in turn, the last one for ever, or a function of what was asked."""

    url: str = ""
    pages: dict[str, list[Reply] | Answering] = field(default_factory=dict)
    log: list[Asked] = field(default_factory=list)

    def put(self, path: str, *replies: Reply) -> str:
        self.pages[path] = list(replies)
        return self.url + path.lstrip("/")

    def asked(self, path: str) -> list[Asked]:
        return [one for one in list(self.log) if one.path == path]

    def reply(self, asked: Asked) -> Reply:
        page = self.pages.get(asked.path) or self.pages.get(asked.path.partition("?")[0])
        if page is None:
            return Reply(b"not here", 404)
        if callable(page):
            return page(asked)
        return page.pop(0) if len(page) > 1 else page[0]


def with_etag(body: bytes, etag: str = "") -> Answering:
    """Answers 304 to who has it already."""
    mark = f'"{etag or abs(hash(body))}"'

    def answer(asked: Asked) -> Reply:
        known = asked.headers.get("if-none-match") == mark
        return Reply(b"" if known else body, 304 if known else 200, {"ETag": mark})

    return answer


def zipped(body: bytes) -> Reply:
    return Reply(gzip.compress(body), 200, {"Content-Encoding": "gzip", "Content-Type": "application/json"})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode("utf-8", errors="replace")
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, body, headers, time.monotonic())
        self.site.log.append(asked)
        reply = self.site.reply(asked)
        if reply.flaw == "reset":
            linger = struct.pack("ii", 1, 0)  # closes with RST
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_connection = True
            return
        if reply.flaw == "hang":
            time.sleep(1.5)
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        whole = len(reply.body) + (100 if reply.flaw == "truncated" else 0)
        if reply.status != 304:
            self.send_header("Content-Length", str(whole))
        self.end_headers()
        if reply.flaw == "drip":
            for byte in reply.body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(0.05)
        elif reply.status != 304:
            self.wfile.write(reply.body)
        self.close_connection = reply.flaw == "truncated"

    do_GET = do_POST = _answer  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed leaves a broken pipe."""


@contextmanager
def serving() -> Iterator[Site]:
    site = Site()
    handler = type("Handler", (_Handler,), {"site": site})
    server = _Server(("127.0.0.1", 0), handler)
    site.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
