"""One thing by its IRI: 303 from the thing to its document, and the document in the format that the client prefers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from emkg.describe import document_path
from emkg.errors import Gone, NotFound
from emkg.exports import all_exports
from emkg.exports._base import Export
from emkg.formats import HTML, Format
from emkg.ids import from_path, given_slugs, graph_iri
from emkg.metadata import schema_org
from emkg.negotiate import Chosen
from emkg.rdf import NamedNode
from emkg.vocab import prefixes
from emkg.web import signposts
from emkg.web.answers import FRESH, alternates, base, chosen, represent
from emkg.web.facts import view
from emkg.web.page import page
from emkg.web.signposts import LINKSETS
from emkg.web.site import Site, site_of

LONGEST_PATH = 2000


def _exports(site: Site) -> dict[str, Export]:
    found: dict[str, Export] = site.once(
        "exports", lambda: {e.format.suffix: e for e in all_exports().values() if e.per_dataset and not e.options}
    )
    return found


def offers(site: Site) -> tuple[Format, ...]:
    """What a document is offered as: HTML first, then every export that can be written for one resource."""
    formats = [export.format for export in _exports(site).values()]
    return (HTML, *sorted(formats, key=lambda form: (form.rdf is None, form.name != "turtle", form.name)))


def _node(kind: str, slug: str) -> NamedNode | None:
    try:
        if kind == "technique":
            return NamedNode(prefixes()["emt"] + slug)
        return graph_iri(slug) if kind == "graph" else from_path(kind, slug)
    except (NotFound, ValueError):  # no such kind, or characters that no IRI has
        return None


def _raw(request: Request) -> str:
    """The path as it was sent: an IRI of ours may hold percent-encoded characters, which the framework has decoded."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    return raw.split(b"?", 1)[0].decode("ascii", "replace")


def _readings(site: Site, slug: str) -> Iterator[tuple[str, str]]:
    """Each way to part a path's end into a name and a suffix, the whole as a name first."""
    yield slug, ""
    for suffix in (HTML.suffix, *_exports(site), *(form.suffix for form in LINKSETS)):
        if slug.endswith(f".{suffix}"):
            yield slug.removesuffix(f".{suffix}"), suffix


def find(request: Request, start: str) -> tuple[NamedNode, str]:
    """The thing that a path below ``start`` names, and the suffix beyond its name; raises NotFound, Gone."""
    site, sent = site_of(request), _raw(request)
    if len(sent) > LONGEST_PATH:
        raise HTTPException(414, f"no name here has more than {LONGEST_PATH:,} characters")
    for path in dict.fromkeys((request.url.path, request.scope["path"], sent)):
        kind, _, slug = path.removeprefix(start).partition("/")
        for name, suffix in _readings(site, slug):
            node = _node(kind, name) if name else None
            if node is not None and site.has(node):
                return node, suffix
    kind, _, slug = request.scope["path"].removeprefix(start).partition("/")
    if any((kind, name) in given_slugs() for name, _ in _readings(site, slug)):
        raise Gone(f"{request.scope['path']} was once given and is no longer in the graph", "", "see /datasets")
    raise NotFound(f"nothing is known by the name {request.scope['path']}", "", "see /datasets, or ask /sparql")


async def thing(request: Request) -> Response:
    """303 See Other to the document: a thing is not a page (https://www.w3.org/TR/cooluris/)."""
    await site_of(request).ready()
    start = "/id/" if request.url.path.startswith("/id/") else "/"
    node, _ = find(request, start)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(document_path(node) + query, 303, {"Cache-Control": FRESH})


async def document(request: Request) -> Response:
    """The document about a thing."""
    site = site_of(request)
    await site.ready()
    node, suffix = find(request, "/doc/")
    if suffix in {form.suffix for form in LINKSETS}:
        return await _linkset(request, site, node, suffix)
    pick = chosen(request, offers(site), suffix)
    made: Callable[[], bytes]
    if pick.format is HTML:
        made = lambda: _html(request, site, node)  # noqa: E731
    else:
        made = lambda: _exports(site)[pick.format.suffix].write(site.graph, [node])  # noqa: E731
    headers = {"Link": _links(site, node, pick.format)}
    asked = (base(request),) if pick.format is HTML and node in site.by_node else ()
    # What is deprecated is gone for those who want to use it; what it was stays readable (FAIR A2).
    return await represent(request, pick, made, headers=headers, asked=asked, status=410 if node in site.gone else 200)


def _links(site: Site, node: NamedNode, form: Format) -> str:
    """The Link header of a document, made once."""
    path, made = document_path(node), site.links.get((node, form.name))
    if made is None:
        given = [
            *alternates(path, offers(site)),
            f'<{signposts.uri(node.value)}>; rel="describes"',
            f'<{path}>; rel="canonical"',
        ]
        summary = site.by_node.get(node)
        if summary is not None:
            anchor = path if form is HTML else f"{path}.{form.suffix}"
            given += signposts.header(signposts.of_dataset(summary, offers(site)[1:]), anchor)
        elif (replacement := site.gone.get(node)) is not None:
            given.append(f'<{signposts.uri(replacement.value)}>; rel="successor-version"')
        made = site.links[node, form.name] = ", ".join(given)
    return made


async def _linkset(request: Request, site: Site, node: NamedNode, suffix: str) -> Response:
    form = next(form for form in LINKSETS if form.suffix == suffix)
    summary = site.by_node.get(node)
    if summary is None:
        raise NotFound("only datasets have a linkset", "", f"see {document_path(node)}")

    def make() -> bytes:
        links = signposts.of_dataset(summary, offers(site)[1:], base(request))
        return signposts.as_json(links) if form is LINKSETS[0] else signposts.as_text(links)

    media_type = f'{form.media_type}; profile="{signposts.LINKSET_PROFILE}"'
    return await represent(request, Chosen(form, media_type), make, asked=(base(request),))


def _html(request: Request, site: Site, node: NamedNode) -> bytes:
    summary = site.by_node.get(node)
    shown = {"view": view(site, node), "path": document_path(node), "offers": offers(site)[1:]}
    structured = schema_org.dataset(summary, _records(site, node, base(request))) if summary else None
    shown |= {"structured": schema_org.in_page(structured) if structured else ""}
    shown |= {"gone": node in site.gone, "replacement": site.gone.get(node)}
    return page(request, "resource.html", **shown)


def _records(site: Site, node: NamedNode, server: str) -> Iterator[schema_org.Record]:
    path = server + document_path(node)
    for suffix in ("ttl", "json"):
        form = _exports(site)[suffix].format
        size = len(_exports(site)[suffix].write(site.graph, [node]))
        yield schema_org.Record(f"{path}.{suffix}", form.label, form.media_type, size)
