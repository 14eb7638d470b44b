"""/sparql: the SPARQL 1.1 Protocol for queries (https://www.w3.org/TR/sparql11-protocol/), and the page that asks by hand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NoReturn

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from emkg.errors import AnswerTooLarge, BadQuery, NotAcceptable
from emkg.formats import HTML, RDF_FORMATS, RESULT_FORMATS, Format
from emkg.graph import parse_results
from emkg.negotiate import Chosen, not_acceptable
from emkg.rdf import Literal, write
from emkg.vocab import prefixes
from emkg.web.answers import chosen, chosen_of, content_type, etag, represent, unchanged
from emkg.web.clients import client_of
from emkg.web.description import description
from emkg.web.engine import Answer, Query, Wish
from emkg.web.protocol import read
from emkg.web.site import site_of
from emkg.web.stream import LEFT, Streamed, while_connected, whole_of

ALLOW = {"Allow": "GET, HEAD, POST, OPTIONS"}
# SPARQL 1.1 CSV/TSV has no form for a truth value.
OFFERS = {"ASK": RESULT_FORMATS[:2], "SELECT": RESULT_FORMATS, "CONSTRUCT": RDF_FORMATS, "DESCRIBE": RDF_FORMATS}
_USUAL = 400  # characters of an Accept header: the choice for a longer one is not kept
_PAGE = 1_000_000  # bytes of an answer that a page shows


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a request's Accept header, or ``?format=``, chooses for each form of a query, None where it takes none of what is offered;
    what the worker is asked for; whether a person reads the answer; and a text that tells this choice from any other.
    """

    picks: dict[str, Chosen | None]
    wish: Wish
    page: bool
    key: str


@lru_cache(maxsize=1024)
def wishes(accept: str, given: str) -> Wishes:
    """The wishes of an Accept header and the value of ``?format=``, either of them empty where it is absent.

    >>> wishes("text/csv, text/turtle;q=0.5", "").wish
    Wish(rows='csv', truth='', triples='turtle')
    """
    picks: dict[str, Chosen | None] = {}
    for form, offers in OFFERS.items():
        try:
            picks[form] = chosen_of(accept, given, (*offers, HTML))
        except NotAcceptable:
            picks[form] = None
    made_from = {"SELECT": "json", "ASK": "json", "CONSTRUCT": "turtle", "DESCRIBE": "turtle"}  # a page
    pages = {form for form, pick in picks.items() if pick and pick.format is HTML}
    names = {
        form: made_from[form] if form in pages else pick.format.name if pick else "" for form, pick in picks.items()
    }
    wish = Wish(names["SELECT"], names["ASK"], names["CONSTRUCT"])
    key = " ".join(pick.media_type if pick else "-" for pick in picks.values())
    return Wishes(picks, wish, bool(pages), key)


async def sparql(request: Request) -> Response:
    """A query's answer; without a query the service description, or the page where the client prefers HTML."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=ALLOW)
    site = site_of(request)
    try:
        query, given = await read(request, site.limits.text)
    except ClientDisconnect:
        return Response(status_code=LEFT)
    if query is None:
        return await _without_query(request)
    accept = ",".join(request.headers.getlist("accept"))
    wanted = (wishes if len(accept) < _USUAL else wishes.__wrapped__)(accept, given)
    tag = etag(request, query.text, repr((query.default_graphs, query.named_graphs)), query.base, wanted.key)
    headers = {"Vary": "Accept", "ETag": tag, "Cache-Control": "public, max-age=0, must-revalidate"}
    if (
        unchanged(request, tag) and request.headers["if-none-match"].strip() != "*"
    ):  # whether there is one is not known yet
        return Response(status_code=304, headers=headers)
    try:
        answer = await while_connected(request, site.engine.ask(query, wanted.wish, client_of(request)))
    except NotAcceptable as fault:
        _refuse(given or accept, fault.what)
    except BadQuery as fault:
        if wanted.page:
            return _page(request, query.text, fault=fault)
        raise
    if answer is None:
        return Response(status_code=LEFT)
    if answer.head.changing:
        headers = {"Vary": "Accept", "Cache-Control": "no-store"}
    pick = wanted.picks[answer.head.form]
    if pick is None or pick.format is HTML:
        return await _answer_page(request, query, answer)
    headers["Content-Type"] = content_type(pick)
    if answer.whole is not None:
        return Response(answer.whole, headers=headers)
    return Streamed(answer, headers, site.limits.idle)


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
