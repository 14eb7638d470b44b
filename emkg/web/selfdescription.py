"""What the server says of itself: VoID, the DCAT catalogue, the site map, and guidance for robots."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.sax.saxutils import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from emkg.describe import document_path, kind_of
from emkg.errors import NotFound
from emkg.formats import HTML, RDF_FORMATS, Format
from emkg.ids import to_path, well_known_graphs
from emkg.metadata.dcat import catalog_triples
from emkg.metadata.void import dataset_iri
from emkg.negotiate import Chosen
from emkg.rdf import NamedNode, Triple, triples_of, write
from emkg.vocab import RDF, SH, VOID, prefixes
from emkg.web.answers import alternates, alternates_by_query, base, chosen, represent
from emkg.web.facts import value
from emkg.web.indexes import INDEXES
from emkg.web.page import page
from emkg.web.site import Site, site_of

OFFERS = (*(form for form in RDF_FORMATS if form.name not in ("trig", "nquads")), HTML)
SITEMAP = Format("sitemap", ("application/xml",), "xml", "site map")
TEXT = Format("robots", ("text/plain",), "txt", "text")
LARGEST = 50_000
"""Addresses that one site map may hold (https://www.sitemaps.org/protocol.html)."""
_LISTED = ("dataset", "group", "paper", "host", "agent", "source", "technique", "region", "taxon")


def date(site: Site) -> str:
    """The ISO date of the newest source version, empty where no source has one."""
    return max((one.modified for one in site.summaries), default="")


async def void(request: Request) -> Response:
    """What is in the graph, counted: VoID in RDF, or a page"""
    site = site_of(request)

    def triples() -> list[Triple]:
        described = triples_of(site.graph.quads(well_known_graphs()["void"]))
        examples = {t.subject for t in described if t.predicate == RDF.type and t.object == SH.SPARQLExecutable}
        return [triple for triple in described if triple.subject not in examples]

    return await _described(request, triples, lambda: page(request, "void.html", **_counts(site)))


def _counts(site: Site) -> dict[str, object]:
    query = f"""SELECT ?class ?n ?properties WHERE {{
      {dataset_iri()} void:classPartition ?part . ?part void:class ?class ; void:entities ?n
      {{ SELECT ?part (COUNT(?p) AS ?properties) WHERE {{
        {dataset_iri()} void:classPartition ?part OPTIONAL {{ ?part void:propertyPartition ?p }} }} GROUP BY ?part }}
    }}"""
    rows = [
        (value(site, class_), int(number.value), int(properties.value))
        for class_, number, properties in site.graph.select(query)
        if class_ is not None and number is not None and properties is not None
    ]
    named = ("triples", "entities", "classes", "properties", "distinctSubjects", "distinctObjects")
    totals = []
    for name in named:
        for (number,) in site.graph.select(f"SELECT ?n WHERE {{ {dataset_iri()} {VOID[name]} ?n }}").values():
            totals.append((name, int(number or 0)))
    return {"rows": sorted(rows, key=lambda row: (-row[1], row[0].text)), "totals": totals, "offers": OFFERS[:-1]}


async def catalog(request: Request) -> Response:
    """The catalogue of datasets as DCAT-AP 3.0.1, or a page that says what it holds"""
    site = site_of(request)
    await site.ready()
    shown = {"total": len(site.summaries), "date": date(site), "offers": OFFERS[:-1]}
    return await _described(
        request,
        lambda: list(catalog_triples(site.summaries, site.version, date(site))),
        lambda: page(request, "catalog.html", **shown),
    )


async def _described(request: Request, triples: Callable[[], list[Triple]], html: Callable[[], bytes]) -> Response:
    given = str(request.path_params.get("suffix", ""))
    pick = chosen(request, OFFERS, given)

    def make() -> bytes:
        if pick.format is HTML:
            return html()
        assert pick.format.rdf is not None
        return write(triples(), pick.format.rdf, prefixes())

    path = request.url.path.removesuffix(f".{given}")
    links = alternates_by_query(f"{path}?", OFFERS) if "." in path else alternates(path, OFFERS)
    return await represent(request, pick, make, headers={"Link": ", ".join(links)})


def addresses(site: Site) -> tuple[tuple[str, str], ...]:
    """Path and date of every page that is worth finding: each is HTML, and a dataset's embeds its schema.org record."""

    def make() -> tuple[tuple[str, str], ...]:
        dated = {one.node: one.modified for one in site.by_node.values()}
        rows = site.graph.select("SELECT DISTINCT ?s WHERE { ?s a ?class FILTER(ISIRI(?s)) }")
        nodes = sorted((row[0] for row in rows if isinstance(row[0], NamedNode)), key=str)
        things = [node for node in nodes if kind_of(node) in _LISTED or (to_path(node) or "").startswith("/id/paper/")]
        pages = ["/", "/datasets", "/ask", "/ontology", "/sparql", "/dump/", "/void", "/catalog"]
        pages += [f"/{name}" for name in INDEXES]
        return (
            *((path, date(site)) for path in pages),
            *((document_path(node), dated.get(node, "")) for node in things),
        )

    found: tuple[tuple[str, str], ...] = site.once("addresses", make)
    return found


async def sitemap(request: Request) -> Response:
    """Every page worth finding, with the date of its data; above 50,000 a list of site maps"""
    site, server = site_of(request), base(request)
    await site.ready()
    number = int(request.path_params.get("number", 0))
    found = await run_in_threadpool(addresses, site)
    parts = -(-len(found) // LARGEST)
    if number > parts or (number and parts == 1):
        raise NotFound(f"no site map {number}", "", "/sitemap.xml lists them")

    def make() -> bytes:
        if number == 0 and parts > 1:
            listed = [(f"/sitemap-{part}.xml", date(site)) for part in range(1, parts + 1)]
            return _xml("sitemapindex", "sitemap", server, listed)
        start = max(number - 1, 0) * LARGEST
        return _xml("urlset", "url", server, found[start : start + LARGEST])

    return await represent(request, Chosen(SITEMAP, SITEMAP.media_type), make, asked=(server,))


def _xml(outer: str, inner: str, base: str, listed: object) -> bytes:
    def lines() -> Iterator[str]:
        yield '<?xml version="1.0" encoding="UTF-8"?>'
        yield f'<{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        for path, day in listed:  # type: ignore[attr-defined]
            told = f"<lastmod>{day}</lastmod>" if day else ""
            yield f"<{inner}><loc>{escape(base + path)}</loc>{told}</{inner}>"
        yield f"</{outer}>"

    return ("\n".join(lines()) + "\n").encode()


ROBOTS = """\
# Welcome. Every page is data too: ask for text/turtle or application/ld+json, or add .ttl or .jsonld to an address.
# Please do not crawl to collect: the whole graph is one file, and the catalogue says what is in it.
#   everything        {base}/dump/
#   the catalogue     {base}/catalog
#   statistics        {base}/void
#   questions         {base}/sparql   (for programs that ask, not for crawlers)
# Documents carry an ETag: ask again with If-None-Match, and what is unchanged costs nothing.
User-agent: *
Disallow: /sparql
Disallow: /datasets?
Disallow: /ask/*?
Disallow: /metrics
Allow: /
Sitemap: {base}/sitemap.xml
"""


async def robots(request: Request) -> Response:
    """What robots may read, and where everything is at once"""
    server = base(request)
    return await represent(
        request, Chosen(TEXT, TEXT.media_type), lambda: ROBOTS.format(base=server).encode(), asked=(server,)
    )
