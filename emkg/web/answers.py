"""How a representation leaves the house: negotiated format, ETag and 304, Vary, links to the other formats."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from emkg.formats import HTML, Format, find_by_media_type
from emkg.negotiate import Chosen, choose, not_acceptable
from emkg.web.coding import choose_coding
from emkg.web.site import site_of

# A new build may take the place of the old one at any moment: caches may answer for a minute without asking, and for
# ten more while they ask (RFC 9111 §5.2.2, RFC 5861).
FRESH = "public, max-age=60, stale-while-revalidate=600"
VARY = "Accept, Accept-Encoding"


def chosen(request: Request, offers: Sequence[Format], given: str | None = None) -> Chosen:
    """The format for a request: by ``given`` (a suffix) or ``?format=`` (name, suffix or media type), else by
    Accept.
    """
    wish = given or request.query_params.get("format", "")
    return chosen_of(",".join(request.headers.getlist("accept")), wish, offers)


def chosen_of(accept: str, wish: str, offers: Sequence[Format]) -> Chosen:
    """The format by what is wished (name, suffix or media type), or where that is empty by an Accept header."""
    if not wish:
        return choose(accept, offers)
    for offer in offers:
        if wish in (offer.name, offer.suffix):
            return Chosen(offer, offer.media_type)
    # In a query string an unescaped + is a blank: ?format=application/ld+json
    named = find_by_media_type(wish.replace(" ", "+"), tuple(offers))
    if named is None:
        raise not_acceptable(wish, offers)
    return Chosen(named, named.media_type)


def base(request: Request) -> str:
    """The server as the client knows it, without a slash at the end: for documents whose links must be absolute."""
    return str(request.base_url).rstrip("/")


def content_type(pick: Chosen) -> str:
    """The Content-Type: text formats tell their charset (JSON and XML carry theirs)."""
    media_type = HTML.media_type if pick.format is HTML else pick.media_type
    told = media_type.startswith("text/") and "charset" not in media_type
    return f"{media_type}; charset=utf-8" if told else media_type


def etag(request: Request, *parts: str) -> str:
    """A strong validator for one representation (RFC 9110 §8.8.3): data, pages and what else decides the bytes."""
    digest = hashlib.blake2b("\x00".join((site_of(request).mark, *parts)).encode(), digest_size=12).hexdigest()
    return f'"{digest}"'


def unchanged(request: Request, tag: str) -> bool:
    """Whether the client holds this representation: If-None-Match compares weakly (RFC 9110 §13.1.2)."""
    held = request.headers.get("if-none-match", "")
    if not held:
        return False
    tags = {part.strip().removeprefix("W/") for part in held.split(",")}
    return request.method in ("GET", "HEAD") and (held.strip() == "*" or tag in tags)


async def represent(
    request: Request,
    pick: Chosen,
    make: Callable[[], bytes],
    *,
    headers: Mapping[str, str] | None = None,
    asked: tuple[str, ...] = (),
    status: int = 200,
) -> Response:
    """The bytes, or 304; they are made once for each build, path, format and what else was ``asked``."""
    identity = (request.url.path, pick.format.name, pick.media_type, *asked)
    tag = etag(request, *identity)
    shown = {"Vary": VARY, "ETag": tag, "Cache-Control": FRESH, **(headers or {})}
    if unchanged(request, tag):
        return Response(status_code=304, headers=shown)
    coding = choose_coding(",".join(request.headers.getlist("accept-encoding")))
    made = await site_of(request).documents.get(identity, coding, make)
    if made.coding != "identity":
        shown["Content-Encoding"] = made.coding
    return Response(made.body, status, headers={**shown, "Content-Type": content_type(pick)})


def alternates(path: str, offers: Sequence[Format]) -> list[str]:
    """Link values to the document in every format (RFC 8288)."""
    return [f'<{path}.{offer.suffix}>; rel="alternate"; type="{offer.media_type}"' for offer in offers]


def alternates_by_query(address: str, offers: Sequence[Format]) -> list[str]:
    """Link values to a list in every format: ``address`` is the query string that asks for the same list."""
    joint = "" if address.endswith("?") else "&"
    return [f'<{address}{joint}format={one.name}>; rel="alternate"; type="{one.media_type}"' for one in offers]
