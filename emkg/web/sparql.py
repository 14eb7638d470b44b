"""/sparql: the SPARQL 1.1 Protocol for queries (https://www.w3.org/TR/sparql11-protocol/), and the page that asks by hand."""

from __future__ import annotations

from typing import NoReturn

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from emkg.errors import AnswerTooLarge, BadQuery, EmkgError, NotAcceptable
from emkg.formats import HTML, RDF_FORMATS, Format
from emkg.graph import parse_results
from emkg.negotiate import not_acceptable
from emkg.rdf import Literal, write
from emkg.vocab import prefixes
from emkg.web.answers import chosen, content_type, represent
from emkg.web.asked import OFFERS, ask
from emkg.web.description import description
from emkg.web.engine import Answer, Query
from emkg.web.short import ASKED
from emkg.web.site import site_of
from emkg.web.stream import LEFT, Streamed, whole_of

ALLOW = {"Allow": "GET, HEAD, POST, OPTIONS"}
_PAGE = 1_000_000  # bytes of an answer that a page shows


async def sparql(request: Request) -> Response:
    """A query's answer; without a query the service description, or the page where the client prefers HTML."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=ALLOW)
    try:
        asked = request.scope.get(ASKED) or await ask(request)
    except ClientDisconnect:
        return Response(status_code=LEFT)
    if asked is None:
        return await _without_query(request)
    outcome = asked.outcome
    if isinstance(outcome, int):
        return Response(status_code=outcome, headers=asked.headers())
    if isinstance(outcome, NotAcceptable):
        _refuse(asked.form, outcome.what)
    if isinstance(outcome, BadQuery) and asked.wanted.page:
        return _page(request, asked.query.text, fault=outcome)
    if isinstance(outcome, EmkgError):
        raise outcome
    pick = asked.wanted.picks[outcome.head.form]
    if pick is None or pick.format is HTML:
        return await _answer_page(request, asked.query, outcome)
    headers = asked.headers() | {"Content-Type": content_type(pick)}
    if outcome.whole is not None:
        return Response(outcome.whole, headers=headers)
    return Streamed(outcome, headers, site_of(request).limits.idle)


def _refuse(asked: str, form: str) -> NoReturn:
    offers: tuple[Format, ...] = (*OFFERS[form], HTML)
    raise not_acceptable(asked, offers) from None


async def _without_query(request: Request) -> Response:
    if request.method == "POST":
        raise HTTPException(400, "no query was sent")
    pick = chosen(request, (*RDF_FORMATS, HTML))
    if pick.format is HTML:
        return _page(request, "")
    rdf, site, endpoint = pick.format.rdf, site_of(request), str(request.url.replace(query=""))
    assert rdf is not None
    return await represent(
        request,
        pick,
        lambda: write(description(endpoint, site.graph.graphs(), site.limits), rdf, prefixes()),
        asked=(endpoint,),
    )


async def _answer_page(request: Request, query: Query, answer: Answer) -> Response:
    try:
        body = await whole_of(answer, _PAGE)
    except AnswerTooLarge:
        fault = BadQuery("the answer is too large for a page", repair="choose another format, or add LIMIT")
        return _page(request, query.text, fault=fault)
    # A long table takes a while: others are served meanwhile.
    return await run_in_threadpool(_shown, request, query.text, answer.head.form, body)


def _shown(request: Request, text: str, form: str, body: bytes) -> Response:
    if form in ("CONSTRUCT", "DESCRIBE"):
        return _page(request, text, triples=body.decode())
    return _page(request, text, answer=parse_results(body, "json"))


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
