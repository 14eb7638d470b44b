"""What a request asks of the query service, and what came of it: for the endpoint, and for the short way there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from starlette.requests import Request

from emkg.errors import EmkgError, NotAcceptable
from emkg.formats import HTML, RDF_FORMATS, RESULT_FORMATS
from emkg.negotiate import Chosen
from emkg.web.answers import chosen_of, etag, unchanged
from emkg.web.clients import client_of
from emkg.web.engine import Answer, Query, Wish
from emkg.web.protocol import read
from emkg.web.site import site_of
from emkg.web.stream import LEFT, while_connected

# SPARQL 1.1 CSV/TSV has no form for a truth value.
OFFERS = {"ASK": RESULT_FORMATS[:2], "SELECT": RESULT_FORMATS, "CONSTRUCT": RDF_FORMATS, "DESCRIBE": RDF_FORMATS}
_USUAL = 400  # characters of an Accept header: the choice for a longer one is not kept
_HELD = 304


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


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, the format asked for, its answer's validator, and the outcome: an answer on its way, a fault, or the status that says all:
    304 where the client holds the answer, 499 where the client has left.
    """

    query: Query
    form: str
    wanted: Wishes
    tag: str
    outcome: Answer | EmkgError | int

    def headers(self) -> dict[str, str]:
        """What the answer tells of itself, but for its type. One that may be another the next time is not to be kept."""
        if not isinstance(self.outcome, EmkgError | int) and self.outcome.head.changing:
            return {"Vary": "Accept", "Cache-Control": "no-store"}
        return {"Vary": "Accept", "ETag": self.tag, "Cache-Control": "public, max-age=0, must-revalidate"}


async def ask(request: Request) -> Asked | None:
    """What came of a request's query; None where it holds none. Raises HTTPException and BadQuery where it is no such request,
    ClientDisconnect where its end never came.
    """
    site = site_of(request)
    query, given = await read(request, site.limits.text)
    if query is None:
        return None
    accept = ",".join(request.headers.getlist("accept"))
    wanted = (wishes if len(accept) < _USUAL else wishes.__wrapped__)(accept, given)
    tag = etag(request, query.text, repr((query.default_graphs, query.named_graphs)), query.base, wanted.key)
    outcome: Answer | EmkgError | int | None
    # Whether there is an answer at all, which "*" asks, is not known yet.
    if unchanged(request, tag) and request.headers["if-none-match"].strip() != "*":
        outcome = _HELD
    else:
        try:
            outcome = await while_connected(request, site.engine.ask(query, wanted.wish, client_of(request)))
        except EmkgError as fault:
            outcome = fault
    return Asked(query, given or accept, wanted, tag, LEFT if outcome is None else outcome)
