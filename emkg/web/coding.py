"""Content-Encoding: what the client can decode, what that makes of an answer's validators, and the bytes themselves.

Documents that are kept are kept encoded; everything else is encoded as it leaves, by starlette-compress, which knows
streams, ranges and media types. (brotli-asgi has one coding and zstd-asgi another; Starlette's own has gzip only.)
A strong validator names the bytes as they are sent (RFC 9110 §8.8.1), so each coding has an ETag of its own.
"""

from __future__ import annotations

import zlib
from functools import lru_cache

import brotli
import zstandard
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type

from emkg.formats import RDF_FORMATS, RESULT_FORMATS

CODINGS = ("zstd", "br", "gzip")
"""In the order of our preference, which is starlette-compress's too."""
SMALLEST = 500  # bytes: what is shorter fits into one packet either way
_KEPT_LEVELS = {"zstd": 12, "br": 6, "gzip": 9}  # encoded once and sent often


@lru_cache(maxsize=256)
def choose_coding(accept_encoding: str) -> str:
    """The first of our codings that the client takes, ``identity`` where it takes none (RFC 9110 §12.5.3).

    >>> choose_coding("gzip, deflate, br"), choose_coding("gzip;q=0, *"), choose_coding("")
    ('br', 'zstd', 'identity')
    """
    weights: dict[str, float] = {}
    for element in accept_encoding.lower().split(","):
        name, _, parameters = element.partition(";")
        weights[name.strip()] = _weight(parameters)
    for coding in CODINGS:
        if weights.get(coding, weights.get("*", 0.0)) > 0:
            return coding
    return "identity"


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def encode(body: bytes, coding: str) -> bytes:
    """The bytes in a coding, thoroughly: for what is kept.

    >>> zlib.decompress(encode(b"a" * 600, "gzip"), wbits=31) == b"a" * 600
    True
    """
    level = _KEPT_LEVELS.get(coding, 0)
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=level).compress(body)
    if coding == "br":
        return bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=level))
    if coding == "gzip":
        packer = zlib.compressobj(level, wbits=31)
        return packer.compress(body) + packer.flush()
    return body


class Coded:
    """Encodes what is not encoded yet, and keeps validators true: ``"x"`` becomes ``"x-br"`` in brotli, and back."""

    def __init__(self, app: ASGIApp) -> None:
        for form in (*RDF_FORMATS, *RESULT_FORMATS):
            add_compress_type(form.media_type)
        for media_type in ("application/linkset+json", "application/linkset", "application/problem+json"):
            add_compress_type(media_type)
        self._app = CompressMiddleware(app, minimum_size=SMALLEST)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on with the validators that the application knows, and the answer back with ours."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        coding = choose_coding(",".join(asked.getlist("accept-encoding")))
        held = asked.get("if-none-match", "")
        if held and coding != "identity":
            scope = {**scope, "headers": [*scope["headers"]]}
            MutableHeaders(scope=scope)["if-none-match"] = held.replace(f'-{coding}"', '"')

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if scope["method"] == "HEAD" and message["status"] == 200:
                    _as_for_get(headers, coding)
                _mark(headers, coding, held, message["status"])
                if "vary" in headers:  # the middleware adds what the document says already
                    headers["vary"] = ", ".join(dict.fromkeys(headers["vary"].replace(" ", "").split(",")))
            await send(message)

        await self._app(scope, receive, sent)


def _as_for_get(headers: MutableHeaders, coding: str) -> None:
    """A file is not read for HEAD, so nothing was there to encode; the answer to GET would be (RFC 9110 §9.3.2)."""
    large = int(headers.get("content-length", 0)) >= SMALLEST
    if coding != "identity" and large and "accept-ranges" in headers and "content-encoding" not in headers:
        headers["content-encoding"] = coding
        headers.add_vary_header("Accept-Encoding")
        del headers["content-length"]


def _mark(headers: MutableHeaders, coding: str, held: str, status: int) -> None:
    tag = headers.get("etag", "")
    marked = f'{tag[:-1]}-{coding}"' if tag.startswith('"') else tag
    if not tag:
        return
    if headers.get("content-encoding") == coding or (status == 304 and (marked in held or held.strip() == "*")):
        headers["etag"] = marked
