"""A server on this machine that replays answers, and a plain client of it: what a source's ``live`` asks for, without the Web."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin
from urllib.request import Request, urlopen

from emkg.model import Fault
from emkg.sources._live import Answer


@dataclass
class Site:
    """Where the server listens, and which paths it was asked for; calling it asks, as the client of a harvest would."""

    address: str
    asked: list[str] = field(default_factory=list)

    def __call__(
        self, url: str, *, body: str | None = None, params: Mapping[str, str | int] | None = None
    ) -> Answer | Fault:
        whole = urljoin(self.address, url) + (f"?{urlencode(params)}" if params else "")
        try:
            with urlopen(Request(whole, data=body.encode() if body else None), timeout=10) as answer:
                return Answer(answer.url, answer.status, answer.read(), answer.headers.get_content_charset() or "")
        except HTTPError as refusal:
            refusal.close()
            return Fault(whole, 0, 0, f"HTTP {refusal.code}", "")


@contextmanager
def site(pages: Mapping[str, Any]) -> Iterator[Site]:
    """Serves each path (without a leading slash) as JSON, or as the bytes given; what it has not is 404, a number is that status."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0].lstrip("/")
            served.asked.append(path)
            found = pages.get(path, 404)
            status = found if isinstance(found, int) else 200
            data = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    served = Site(f"http://127.0.0.1:{server.server_port}/")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
