"""One thing by its IRI: 303 from the thing to its document, and the document in the format that the client prefers."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from emkg.describe import document_path
from emkg.errors import NotFound
from emkg.exports import all_exports
from emkg.exports._base import Export
from emkg.formats import HTML, Format
from emkg.ids import from_path, graph_iri
from emkg.rdf import NamedNode
from emkg.vocab import prefixes
from emkg.web.answers import alternates, chosen, represent
from emkg.web.facts import view
from emkg.web.site import Site, site_of


def _exports(site: Site) -> dict[str, Export]:
    found: dict[str, Export] = site.once(
        "exports", lambda: {e.format.suffix: e for e in all_exports().values() if e.per_dataset}
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


def _exists(site: Site, node: NamedNode) -> bool:
    return bool(
        site.once(
            ("exists", node.value),
            lambda: site.graph.ask(f"ASK {{ {{ {node} ?p ?o }} UNION {{ GRAPH {node} {{ ?s ?q ?v }} }} }}"),
        )
    )


def _raw(request: Request) -> str:
    """The path as it was sent: an IRI of ours may hold percent-encoded characters, which the framework has decoded."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    return raw.split(b"?", 1)[0].decode("ascii", "replace")


def find(request: Request, start: str) -> tuple[NamedNode, str]:
    """The thing that a path below ``start`` names, and the suffix beyond its name; raises NotFound."""
    site = site_of(request)
    for path in (request.url.path, request.scope["path"], _raw(request)):
        kind, _, slug = path.removeprefix(start).partition("/")
        stem, _, suffix = slug.rpartition(".")
        for candidate, rest in ((slug, ""), (stem, suffix)):
            known = not rest or rest == HTML.suffix or rest in _exports(site)
            node = _node(kind, candidate) if candidate and known else None
            if node is not None and _exists(site, node):
                return node, rest
    raise NotFound(f"nothing is known by the name {request.scope['path']}", "", "see /datasets, or ask /sparql")


async def thing(request: Request) -> Response:
    """303 See Other to the document: a thing is not a page (https://www.w3.org/TR/cooluris/)."""
    start = "/id/" if request.url.path.startswith("/id/") else "/"
    node, _ = find(request, start)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(document_path(node) + query, 303)


async def document(request: Request) -> Response:
    """The document about a thing."""
    site = site_of(request)
    node, suffix = find(request, "/doc/")
    pick = chosen(request, offers(site), suffix)
    path = document_path(node)
    links = [*alternates(path, offers(site)), f'<{node.value}>; rel="describes"', f'<{path}>; rel="canonical"']
    made: Callable[[], bytes]
    if pick.format is HTML:
        made = lambda: _html(request, site, node)  # noqa: E731
    else:
        made = lambda: _exports(site)[pick.format.suffix].write(site.graph, [node])  # noqa: E731
    return await represent(request, pick, made, headers={"Link": ", ".join(links)})


def _html(request: Request, site: Site, node: NamedNode) -> bytes:
    context = {"view": view(site, node), "path": document_path(node), "offers": offers(site)[1:], "site": site}
    return bytes(site.templates.TemplateResponse(request, "resource.html", context).body)
