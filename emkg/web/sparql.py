"""The SPARQL 1.1 Protocol for queries (https://www.w3.org/TR/sparql11-protocol/), and the page that asks by hand."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from emkg.errors import BadQuery, EmkgError, NotAcceptable
from emkg.formats import HTML, RDF_FORMATS, RESULT_FORMATS, Format, by_name
from emkg.graph import parse_results
from emkg.rdf import Literal, NamedNode, RdfFormat, Triple, write
from emkg.vocab import RDF, SD, iri, prefixes
from emkg.web.answers import chosen, content_type, etag, unchanged
from emkg.web.engine import Query
from emkg.web.guard import admit
from emkg.web.site import site_of

LARGEST_BODY = 1_000_000  # bytes
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
ALLOW = {"Allow": "GET, HEAD, POST, OPTIONS"}
# SPARQL 1.1 CSV/TSV has no form for a truth value.
OFFERS = {"ASK": RESULT_FORMATS[:2], "SELECT": RESULT_FORMATS, "CONSTRUCT": RDF_FORMATS, "DESCRIBE": RDF_FORMATS}
_RESULT_NAMES = {"json": "JSON", "xml": "XML", "csv": "CSV", "tsv": "TSV"}


async def sparql(request: Request) -> Response:
    """A query's answer; without a query the service description, or the page where the client prefers HTML."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=ALLOW)
    try:
        query = await read(request)
        if query is None:
            return await _without_query(request)
        offers = (*OFFERS[admit(query.text).form], HTML)
        pick = chosen(request, offers)
    except NotAcceptable:
        raise
    except BadQuery as fault:
        return _page(request, _text(request), fault=fault) if _from_the_form(request) else _raise(fault)
    tag = etag(request, repr(query), pick.format.name, pick.media_type)
    headers = {"Vary": "Accept", "ETag": tag, "Cache-Control": "public, max-age=0, must-revalidate"}
    if unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    if pick.format is HTML:
        return await _answer_page(request, query)
    return Response(
        await site_of(request).engine.answer(query, pick.format),
        headers={**headers, "Content-Type": content_type(pick)},
    )


def _raise(fault: EmkgError) -> Response:
    raise fault


async def read(request: Request) -> Query | None:
    """The query of a request, decoded exactly once (Protocol §2.1); None where there is none."""
    pairs = _pairs(request.url.query.encode("latin-1"))
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
    return _query(pairs)


def _query(pairs: list[tuple[str, str]]) -> Query | None:
    texts = [value for name, value in pairs if name == "query"]
    if any(name == "update" for name, _ in pairs):
        raise BadQuery("an update was sent: this service reads only", repair="send a query")
    if len(texts) > 1:
        raise HTTPException(400, "more than one query was sent")
    default, named = (
        tuple(_iri(v) for n, v in pairs if n == name) for name in ("default-graph-uri", "named-graph-uri")
    )
    return Query(texts[0], default, named) if texts else None


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


def _from_the_form(request: Request) -> bool:
    try:
        return request.method == "GET" and chosen(request, (RESULT_FORMATS[0], HTML)).format is HTML
    except NotAcceptable:
        return False


def _text(request: Request) -> str:
    return request.query_params.get("query", "")


async def _without_query(request: Request) -> Response:
    if request.method == "POST":
        raise HTTPException(400, "no query was sent")
    pick = chosen(request, (*RDF_FORMATS, HTML))
    if pick.format is HTML:
        return _page(request, "")
    assert pick.format.rdf is not None
    body = write(
        description(str(request.url.replace(query="")), site_of(request).graph.graphs()), pick.format.rdf, prefixes()
    )
    return Response(body, headers={"Content-Type": content_type(pick), "Vary": "Accept"})


def description(endpoint: str, graphs: list[NamedNode]) -> list[Triple]:
    """The service description (https://www.w3.org/TR/sparql11-service-description/): what is true of this endpoint,
    and no more.
    """
    service, dataset, merged = (NamedNode(endpoint + part) for part in ("", "#dataset", "#default-graph"))
    formats = [form.rdf.iri for form in RDF_FORMATS if isinstance(form.rdf, RdfFormat)]
    formats += [iri(f"formats:SPARQL_Results_{_RESULT_NAMES[form.name]}").value for form in RESULT_FORMATS]
    found = [
        Triple(service, RDF.type, SD.Service),
        Triple(service, SD.endpoint, service),
        Triple(service, SD.supportedLanguage, SD.SPARQL11Query),
        Triple(service, SD.defaultDataset, dataset),
        Triple(dataset, RDF.type, SD.Dataset),
        Triple(dataset, SD.defaultGraph, merged),
        Triple(merged, RDF.type, SD.Graph),
    ]
    found += [Triple(service, SD.resultFormat, NamedNode(form)) for form in formats]
    for number, graph in enumerate(graphs, 1):
        node = NamedNode(f"{endpoint}#graph-{number}")
        found += [
            Triple(dataset, SD.namedGraph, node),
            Triple(node, RDF.type, SD.NamedGraph),
            Triple(node, SD.name, graph),
        ]
    return found


async def _answer_page(request: Request, query: Query) -> Response:
    form: Format = RESULT_FORMATS[0]
    try:
        if admit(query.text).form in ("CONSTRUCT", "DESCRIBE"):
            return _page(
                request, query.text, triples=(await site_of(request).engine.answer(query, by_name("turtle"))).decode()
            )
        return _page(
            request, query.text, answer=parse_results(await site_of(request).engine.answer(query, form), "json")
        )
    except BadQuery as fault:
        return _page(request, query.text, fault=fault)


def _page(
    request: Request, text: str, *, answer: object = None, triples: str = "", fault: BadQuery | None = None
) -> Response:
    context = {"text": text, "answer": answer, "triples": triples, "fault": fault, "site": site_of(request)}
    context |= {"is_literal": lambda term: isinstance(term, Literal)}
    page: Response = site_of(request).templates.TemplateResponse(
        request, "sparql.html", context, status_code=fault.status if fault else 200
    )
    page.headers["Vary"] = "Accept"
    return page
