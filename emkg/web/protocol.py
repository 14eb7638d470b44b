"""The requests of the SPARQL 1.1 Protocol for queries (https://www.w3.org/TR/sparql11-protocol/#query-operation), read to the letter."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from emkg.errors import BadQuery
from emkg.formats import HTML, RDF_FORMATS, RESULT_FORMATS
from emkg.rdf import NamedNode
from emkg.web.engine import Query

LARGEST_BODY = 1_000_000  # bytes, escapes included; the query in it may have as many as the limits say
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"


async def read(request: Request, longest: int) -> tuple[Query | None, str]:
    """The query of a request, decoded exactly once (Protocol §2.1), of at most ``longest`` bytes, or None; and ``?format=``, or nothing.

    Raises HTTPException 400, 413 or 415, and BadQuery for an update.
    """
    pairs = _pairs(request.scope["query_string"])
    form = _format([value for name, value in pairs if name == "format"])
    if request.method == "POST":
        kind, body = _content_type(request), await _body(request)
        if kind == FORM:
            pairs = _pairs(body)
        elif kind == DIRECT:
            if any(name == "query" for name, _ in pairs):
                raise HTTPException(400, "the query stands both in the body and in the address")
            pairs.append(("query", _utf8(body)))
        else:
            raise HTTPException(
                415,
                f"send {DIRECT} or {FORM}, not {kind or 'a body without Content-Type'}",
                {"Accept-Post": f"{DIRECT}, {FORM}"},
            )
    query = _query(pairs, endpoint_of(request))
    if query is not None and len(query.text) > longest // 4 and len(query.text.encode()) > longest:
        raise HTTPException(413 if request.method == "POST" else 414, f"a query may have {longest:,} bytes")
    return query, form


def endpoint_of(request: Request) -> str:
    """The endpoint's address as the client knows it: the base of relative IRIs in its query (RFC 3986 §5.1.3)."""
    host = request.headers.get("host", "")
    return _iri_or_nothing(f"{request.scope['scheme']}://{host}{request.scope['path']}") if host else ""


@lru_cache(maxsize=64)
def _iri_or_nothing(address: str) -> str:
    try:
        return NamedNode(address).value
    except ValueError:  # a host that is none
        return ""


def _query(pairs: list[tuple[str, str]], base: str) -> Query | None:
    texts = [value for name, value in pairs if name == "query"]
    if any(name == "update" for name, _ in pairs):
        raise BadQuery("an update was sent: this service reads only", repair="send a query")
    if len(texts) > 1:
        raise HTTPException(400, "more than one query was sent")
    default, named = (
        tuple(_iri(v) for n, v in pairs if n == name) for name in ("default-graph-uri", "named-graph-uri")
    )
    return Query(texts[0], default, named, base) if texts else None


def _format(values: list[str]) -> str:
    """The format that ``?format=`` names. SPARQLWrapper sends several, lists of media types among them, besides a right Accept header:
    the first that is ours counts.

    >>> _format(["json-ld", "application/ld+json,application/x-json+ld"])
    'application/ld+json'
    """
    parts = [part for value in values for part in value.split(",")]
    ours = (*RDF_FORMATS, *RESULT_FORMATS, HTML)
    known = (part for part in parts if any(part in (form.name, form.suffix, *form.media_types) for form in ours))
    return next(known, values[0] if values else "")


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=200)
    except ValueError:  # UnicodeDecodeError too
        raise HTTPException(400, "the parameters are not percent-encoded UTF-8") from None


def _iri(text: str) -> str:
    try:
        return NamedNode(text).value
    except ValueError:
        raise HTTPException(400, f"not an IRI: {text!r}") from None


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise HTTPException(400, "the query is not UTF-8") from None


def _content_type(request: Request) -> str:
    kind, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name == "charset" and value.strip('"') not in ("utf-8", "utf8", "us-ascii"):
            raise HTTPException(415, f"only UTF-8 is read, not {value}")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise HTTPException(415, "send the body without Content-Encoding")
    return kind


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise HTTPException(413, f"a query may have {LARGEST_BODY:,} bytes")
    return bytes(body)
