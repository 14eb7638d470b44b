"""Answers that went out, kept as they are on the wire for whoever asks word for word the same: the shortest way through the house.

Only what carries a strong validator and may be stored is kept, so that what is sent is what would be made again (RFC 9111 §3).
"""

from __future__ import annotations

from cachetools import LRUCache
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ROOM = 32_000_000  # bytes
LARGEST = 500_000  # bytes of a body that is kept
_BESIDES = 1000
_REMEMBERED = 10_000  # requests of which it is known that they came
# What an answer may depend on. Any other condition goes the long way.
_DECIDING = frozenset((b"accept", b"accept-encoding", b"host"))
_LONG_WAY = frozenset(
    (b"range", b"if-match", b"if-modified-since", b"if-unmodified-since", b"if-range", b"authorization")
)
_OF_A_BODY = frozenset((b"content-type", b"content-length", b"content-encoding"))
_Headers = list[tuple[bytes, bytes]]
_Key = tuple[bytes, ...]
_Kept = tuple[_Headers, bytes, bytes, int]  # headers, validator, body, bytes that all of it takes


class Repeat:
    """Keeps answers for as long as the same site is served."""

    def __init__(self, app: ASGIApp, room: int = ROOM) -> None:
        self._app = app
        self._kept: LRUCache[_Key, _Kept] = LRUCache(room, getsizeof=lambda kept: kept[3])
        self._asked: set[int] = set()
        self._mark = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers from what is kept, or keeps what the application answers."""
        key, held = self._key(scope)
        if key is None:
            await self._app(scope, receive, send)
            return
        found = self._kept.get(key)
        if found is not None and (not held or held == found[1]):
            await _again(found, bool(held), send)
            return
        if held:
            await self._app(scope, receive, send)
            return
        if hash(key) not in self._asked:  # most are asked for once
            if len(self._asked) >= _REMEMBERED:
                self._asked.clear()
            self._asked.add(hash(key))
            await self._app(scope, receive, send)
            return
        start: Message | None = None

        async def sent(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif start is not None and not message.get("more_body"):
                self._keep(key, start, message.get("body", b""))
                start = None
            else:
                start = None  # it comes in parts
            await send(message)

        await self._app(scope, receive, sent)

    def _key(self, scope: Scope) -> tuple[_Key | None, bytes]:
        """What decides the answer, None where it is not for us; and the validator that the client holds."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return None, b""
        mark = scope["emkg.site"].mark
        if mark != self._mark:  # another build is served
            self._kept.clear()
            self._mark = mark
        deciding, held = list[tuple[bytes, bytes]](), b""
        for name, value in scope["headers"]:
            if name in _DECIDING:
                deciding.append((name, value))
            elif name == b"if-none-match":
                held = value
            elif name in _LONG_WAY:
                return None, b""
        told = [part for pair in sorted(deciding) for part in pair]
        version = scope.get("http_version", "").encode()
        return (scope.get("raw_path") or b"", scope["query_string"], version, *told), held

    def _keep(self, key: _Key, start: Message, body: bytes) -> None:
        if start["status"] != 200 or len(body) > LARGEST:
            return
        headers: _Headers = list(start["headers"])
        told = dict(headers)
        tag = told.get(b"etag", b"")
        if tag.startswith(b'"') and b"no-store" not in told.get(b"cache-control", b"") and b"set-cookie" not in told:
            size = len(body) + sum(map(len, key)) + _BESIDES
            if size <= self._kept.maxsize // 8:
                self._kept[key] = headers, tag, body, size


async def _again(kept: _Kept, unchanged: bool, send: Send) -> None:
    headers, _, body, _ = kept
    if unchanged:  # RFC 9110 §15.4.5
        headers, body = [pair for pair in headers if pair[0] not in _OF_A_BODY], b""
    await send({"type": "http.response.start", "status": 304 if unchanged else 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
