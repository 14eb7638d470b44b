"""The lists: datasets with facets, and what there is besides them; as pages, JSON, CSV and JSON-LD."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

from starlette.requests import Request
from starlette.responses import Response

from emkg.formats import HTML, JSON, RESULT_FORMATS, Format, by_name
from emkg.web import catalogue, indexes
from emkg.web.answers import alternates_by_query, chosen, represent
from emkg.web.listing import ORDERS, Listing, Wish, list_datasets
from emkg.web.page import page
from emkg.web.site import Site, site_of

CSV, JSON_LD = by_name("csv", RESULT_FORMATS), by_name("jsonld")
OFFERS = (HTML, JSON, CSV, JSON_LD)
ROWS = 250
"""Rows on one page of a list that is not of datasets."""


async def datasets(request: Request) -> Response:
    """All datasets, or those that the parameters leave: species technique region voxel_max host licence source q sort page"""
    site = site_of(request)
    pick = chosen(request, OFFERS)
    wish = Wish.read(request.query_params)
    if pick.format is not HTML and not request.query_params.get("page"):
        wish = Wish(wish.facets, wish.voxel_max, wish.words, wish.sort)
    return await represent(
        request,
        pick,
        lambda: _datasets(request, site, wish, pick.format),
        headers=_links(wish, OFFERS),
        asked=(repr(wish),),
    )


def _datasets(request: Request, site: Site, wish: Wish, form: Format) -> bytes:
    listing = list_datasets(site.summaries, wish)
    if form is HTML:
        return _page(request, listing)
    found = listing.shown if wish.page else listing.found
    makers = {"json": catalogue.as_json, "csv": catalogue.as_csv, "jsonld": catalogue.as_jsonld}
    return makers[form.name](found)


def _page(request: Request, listing: Listing) -> bytes:
    shown = {"listing": listing, "wish": listing.wish, "lines": catalogue.lines(listing.shown), "orders": ORDERS}
    return page(request, "datasets.html", **shown, narrowed=_narrowed(listing))


def _narrowed(listing: Listing) -> Iterable[tuple[str, str, str]]:
    """What narrows the list: heading, value, and the address without it."""
    wish = listing.wish
    for facet, choices in listing.choices:
        if wish.value(facet.name):
            chosen_ = next((choice.label for choice in choices if choice.chosen), wish.value(facet.name))
            yield facet.label, chosen_, wish.address(**{facet.name: ""})
    if wish.voxel_max is not None:
        yield "Voxel edges", f"≤ {wish.voxel_max} nm", wish.address(voxel_max="")
    if wish.words:
        yield "Words", wish.words, wish.address(q="")


def _links(wish: Wish, offers: Sequence[Format]) -> dict[str, str]:
    address = wish.address(**({"page": str(wish.page)} if wish.page else {}))
    return {"Link": ", ".join(alternates_by_query(address, offers))}


def index(name: str) -> Callable[[Request], Awaitable[Response]]:
    """The handler of one of the other lists."""

    async def answer(request: Request) -> Response:
        site = site_of(request)
        pick = chosen(request, OFFERS)
        number = Wish.read(request.query_params).page or 1
        headers = {"Link": ", ".join(alternates_by_query(f"/{name}?", OFFERS))}
        asked = (str(number),) if pick.format is HTML else ()
        make = lambda: _index(request, site, name, pick.format, number)  # noqa: E731
        return await represent(request, pick, make, headers=headers, asked=asked)

    answer.__name__, answer.__doc__ = name, indexes.INDEXES[name].__doc__
    return answer


def _index(request: Request, site: Site, name: str, form: Format, number: int) -> bytes:
    found: indexes.Index = site.once(("index", name), lambda: indexes.INDEXES[name](site))
    if form is HTML:
        pages = max(1, -(-len(found.rows) // ROWS))
        number = min(number, pages)
        rows = found.rows[(number - 1) * ROWS : number * ROWS]
        return page(request, "index.html", index=found, rows=rows, number=number, pages=pages)
    makers = {"json": indexes.as_json, "csv": indexes.as_csv, "jsonld": indexes.as_jsonld}
    return makers[form.name](found)
