"""Pages beside things and queries: home, datasets, questions, ontology, downloads, and what operators expect."""

from __future__ import annotations

import json
from collections.abc import Sequence
from inspect import getdoc
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from emkg import ask, errors
from emkg.errors import EmkgError, NotFound
from emkg.exports._context import context
from emkg.formats import HTML, JSON, RDF_FORMATS, RESULT_FORMATS, by_name
from emkg.graph import parse_results
from emkg.ids import well_known_graphs
from emkg.metadata import schema_org
from emkg.metadata.summaries import Summary
from emkg.negotiate import Chosen
from emkg.rdf import Literal, stable_blank_nodes, triples_of, write
from emkg.vocab import prefixes
from emkg.web import catalogue
from emkg.web.answers import FRESH, VARY, alternates, chosen, content_type, etag, represent, unchanged
from emkg.web.clients import client_of
from emkg.web.engine import Query
from emkg.web.facts import number
from emkg.web.ontology_page import groups
from emkg.web.page import html_only, page
from emkg.web.site import Site, site_of
from emkg.web.stream import LEFT, while_connected

EXAMPLES = (
    (
        "Mouse datasets finer than 10 nm in x and y",
        """SELECT DISTINCT ?dataset ?volume ?x ?y WHERE {
  ?dataset emkg:hasVolume ?volume .
  ?volume emkg:taxon/rdfs:label "Mus musculus"@en ; emkg:voxelX ?x ; emkg:voxelY ?y .
  FILTER(?x < 10 && ?y < 10)
}""",
    ),
    (
        "Who says what about the voxels of J0126",
        r"""SELECT ?property ?value ?status ?source WHERE {
  ?claim emkg:about emr:volume\/j0126 ; emkg:property ?property ; emkg:claimedValue ?value ; emkg:status ?status .
  OPTIONAL { ?claim dcterms:source|prov:hadPrimarySource ?source }
}""",
    ),
    (
        "Volumes cut in serial sections, however the source words it",
        """SELECT DISTINCT ?volume ?stated WHERE {
  ?volume emkg:acquiredBy/a emkg:SerialSectionEM .
  OPTIONAL { ?volume emkg:statedTechnique ?stated }
}""",
    ),
)


async def home(request: Request) -> Response:
    """What this is, what is in it, where to go."""
    site = site_of(request)

    def make() -> bytes:
        linked = [(title, text, "/sparql?" + urlencode({"query": text})) for title, text in EXAMPLES]
        found = site.summaries
        shown = {"lines": catalogue.lines(best_known(found)), "total": len(found), "counts": _counts(site)}
        structured = schema_org.in_page(schema_org.home())
        return page(request, "home.html", **shown, examples=linked, structured=structured)

    return await represent(request, Chosen(HTML, HTML.media_type), make)


def best_known(found: Sequence[Summary], most: int = 24) -> list[Summary]:
    """The datasets of which most is known, by title: those that a first visitor learns most from."""

    def known(one: Summary) -> int:
        fields = (
            one.species,
            one.regions,
            one.techniques,
            one.voxels,
            one.extents,
            one.access,
            one.papers,
            one.creators,
        )
        return sum(1 for field in (*fields, one.licences, one.other_names) if field)

    ranked = sorted(found, key=lambda one: (-known(one), one.title.casefold()))[:most]
    return sorted(ranked, key=lambda one: one.title.casefold())


def _counts(site: Site) -> list[tuple[str, int]]:
    classes = {
        "datasets": "Dataset",
        "image volumes": "ImageVolume",
        "papers": "Paper",
        "counts": "CountAnnotation",
        "claims": "Claim",
    }

    def count(pattern: str) -> int:
        return int(site.graph.select(f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {pattern} }}").values()[0][0] or 0)

    def make() -> list[tuple[str, int]]:
        found = [(label, count(f"?s a emkg:{name}")) for label, name in classes.items()]
        return [*found, ("techniques", count("?s skos:inScheme emkg:techniqueScheme")), ("statements", len(site.graph))]

    made: list[tuple[str, int]] = site.once("counts", make)
    return made


async def ontology(request: Request) -> Response:
    """The ontology, or a version of it by its number: documentation, or RDF."""
    site = site_of(request)
    given = str(request.path_params.get("version", ""))
    suffixes = {form.suffix for form in RDF_FORMATS} | {HTML.suffix}
    stem, _, suffix = given.rpartition(".")
    version, suffix = (stem, suffix) if suffix in suffixes else (given, "")
    path = "/ontology" + (f"/{version}" if version else "")
    graph = well_known_graphs()["ontology"]
    known = site.graph.select(f"SELECT ?v WHERE {{ {graph} owl:versionInfo ?v }}").values()
    if version and (version,) not in known:
        raise NotFound(f"no version {version!r} of the ontology", "", "the one served is at /ontology")
    offers = (HTML, *(form for form in RDF_FORMATS if form.name not in ("trig", "nquads")))
    pick = chosen(request, offers, suffix)

    def make() -> bytes:
        if pick.format is HTML:
            return page(
                request, "ontology.html", groups=groups(site), version=known[0][0] if known else "", offers=offers[1:]
            )
        assert pick.format.rdf is not None
        # A store names blank nodes anew whenever it loads, and the same ETag may not name two byte sequences.
        triples = stable_blank_nodes(triples_of(site.graph.quads(graph)))
        return write(triples, pick.format.rdf, prefixes())

    return await represent(request, pick, make, headers={"Link": ", ".join(alternates(path, offers))})


async def questions(request: Request) -> Response:
    """The named questions."""
    return await html_only(request, "questions.html", questions=ask.questions().values())


async def question(request: Request) -> Response:
    """A named question with its live answer; parameters come in the query string."""
    site = site_of(request)
    asked = ask.load(request.path_params["name"])
    given = {name: value for name, value in request.query_params.items() if name != "format" and value.strip()}
    graph_like = asked.answer == "graph"
    pick = chosen(request, (HTML, *(RDF_FORMATS if graph_like else RESULT_FORMATS)))
    tag = etag(request, str(request.url), pick.format.name, asked.text)
    headers = {"Vary": VARY, "ETag": tag, "Cache-Control": FRESH}
    if unchanged(request, tag):
        return Response(status_code=304, headers=headers)
    text = await run_in_threadpool(ask.bind, asked, given, site.graph)
    wanted = pick.format if pick.format is not HTML else (by_name("turtle") if graph_like else RESULT_FORMATS[0])
    body = await while_connected(request, site.engine.answer(Query(text), wanted, client_of(request)))
    if body is None:
        return Response(status_code=LEFT)
    if pick.format is HTML:
        body = await run_in_threadpool(_answer_page, request, asked, given, body)
    return Response(body, headers={**headers, "Content-Type": content_type(pick)})


def _answer_page(request: Request, asked: ask.Question, given: dict[str, str], body: bytes) -> bytes:
    shown: dict[str, Any] = (
        {"triples": body.decode()} if asked.answer == "graph" else {"answer": parse_results(body, "json")}
    )
    shown |= {"is_literal": lambda term: isinstance(term, Literal), "number": number}
    start = f"/ask/{asked.name}?" + "".join(f"{urlencode({name: value})}&" for name, value in given.items())
    offers = RDF_FORMATS if asked.answer == "graph" else RESULT_FORMATS
    shown |= {"others": [(form.label, f"{start}format={form.name}") for form in offers]}
    return page(request, "question.html", question=asked, given=given, **shown)


async def context_jsonld(request: Request) -> Response:
    """The whole JSON-LD context."""
    form = by_name("jsonld")
    return await represent(
        request, Chosen(form, form.media_type), lambda: (json.dumps({"@context": context()}, indent=1) + "\n").encode()
    )


async def problem_type(request: Request) -> Response:
    """What a kind of error means: the page to which the ``type`` of a problem leads (RFC 9457 §3.1.1)."""
    kind = getattr(errors, request.path_params["name"], None)
    if not (isinstance(kind, type) and issubclass(kind, EmkgError)):
        raise NotFound("no such kind of error", "", "")
    return await html_only(request, "problem_type.html", name=kind.__name__, about=getdoc(kind), status=kind.status)


async def healthz(request: Request) -> Response:
    """Whether queries are answered: 503 while their workers are started anew."""
    site, ready = site_of(request), site_of(request).engine.ready
    body = {"status": "ok" if ready else "starting", "version": site.version, "statements": site.engine.statements}
    headers = {"Content-Type": JSON.media_type, "Cache-Control": "no-store"}
    return Response(json.dumps(body), 200 if ready else 503, headers if ready else {**headers, "Retry-After": "2"})
