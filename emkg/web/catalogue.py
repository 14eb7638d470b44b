"""The datasets as one table: what a list, a spreadsheet and the home page show of each."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from emkg.rdf import Literal, NamedNode, Term
from emkg.web.facts import Value, number, value
from emkg.web.site import Site, link


@dataclass(frozen=True, slots=True)
class Line:
    """One dataset: voxel sizes in nm, extents in µm, each as ``x × y × z`` for every volume."""

    slug: str
    title: str
    href: str
    species: tuple[Value, ...]
    techniques: tuple[Value, ...]
    voxels: tuple[str, ...]
    extents: tuple[str, ...]
    year: str
    links: tuple[Value, ...]
    papers: tuple[Value, ...]


_LINKED = {
    "species": "?d emkg:hasVolume?/emkg:hasSample?/emkg:taxon ?v",
    # The narrowest concepts of each volume: its wider ones say nothing more, and the root is what nothing is known of.
    "techniques": "?d emkg:hasVolume ?volume . ?volume emkg:technique ?v "
    "FILTER NOT EXISTS { ?volume emkg:technique ?finer . ?finer skos:broader+ ?v } ?v skos:broader ?wider",
    "links": "?d dcat:distribution/dcat:accessURL ?v",
    "papers": "?d cito:isDocumentedBy ?v",
    "years": "?d cito:isDocumentedBy/(dcterms:issued|emkg:issuedOnline) ?v",
}


def lines(site: Site) -> tuple[Line, ...]:
    """All datasets, by title; read from the graph once for each build."""
    found: tuple[Line, ...] = site.once(
        "catalogue", lambda: tuple(sorted(_read(site), key=lambda line: line.title.casefold()))
    )
    return found


def _read(site: Site) -> Iterable[Line]:
    linked = {name: _pairs(site, pattern) for name, pattern in _LINKED.items()}
    voxels, extents = _sizes(site, "voxel"), _sizes(site, "extent")
    labels = {
        str(d): _address_labels(site, d)
        for (d,) in site.graph.select("SELECT DISTINCT ?d WHERE { ?d a emkg:Dataset }")
        if d is not None
    }
    for (node,) in site.graph.select("SELECT DISTINCT ?d WHERE { ?d a emkg:Dataset } ORDER BY ?d"):
        assert isinstance(node, NamedNode)
        key = node.value
        named = {
            name: tuple(value(site, term) for term in found[key])
            for name, found in linked.items()
            if name not in ("years", "links")
        }
        named["techniques"] = tuple(_short(site, technique) for technique in named["techniques"])
        years = sorted(term.value[:4] for term in linked["years"][key])
        yield Line(
            slug=key.rsplit("/", 1)[1],
            title=site.label(node),
            href=link(node),
            voxels=voxels[key],
            extents=extents[key],
            year=years[0] if years else "",
            links=labels[str(node)],
            **named,
        )


def _short(site: Site, technique: Value) -> Value:
    """A technique by its notation, such as ATUM-mSEM, its full name as the hint."""
    for (notation,) in site.graph.select(f"SELECT ?n WHERE {{ <{technique.exact}> skos:notation ?n }} LIMIT 1"):
        if notation is not None:
            return replace(technique, text=notation.value, hint=technique.text)
    return technique


def _pairs(site: Site, pattern: str) -> dict[str, list[Term]]:
    found: dict[str, list[Term]] = defaultdict(list)
    for node, term in site.graph.select(
        f"SELECT DISTINCT ?d ?v WHERE {{ ?d a emkg:Dataset . {pattern} }} ORDER BY ?d ?v"
    ):
        if node is not None and term is not None:
            found[node.value].append(term)
    return found


def _address_labels(site: Site, node: Term) -> tuple[Value, ...]:
    """The addresses by their hosts, and by what is found there where a host has several."""
    query = f"""SELECT DISTINCT ?url ?point ?host ?role WHERE {{
      {node} dcat:distribution ?point . ?point dcat:accessURL ?url
      OPTIONAL {{ ?point emkg:host ?host }} OPTIONAL {{ ?point emkg:accessRole ?role }}
    }} ORDER BY ?host ?url"""
    found: dict[str, Value] = {}
    for url, point, host, role in site.graph.select(query):
        if isinstance(url, NamedNode) and isinstance(point, NamedNode):
            name = site.label(host if isinstance(host, NamedNode) else point)
            kind = f" ({site.label(role)})" if isinstance(role, NamedNode) else ""
            found[url.value] = Value(name, link(url), url.value, hint=name + kind)
    seen = Counter(one.text for one in found.values())
    return tuple(replace(one, text=one.hint) if seen[one.text] > 1 else one for one in found.values())


def _sizes(site: Site, stem: str) -> dict[str, tuple[str, ...]]:
    axes = " ".join(f"OPTIONAL {{ ?v emkg:{stem}{axis} ?{axis} }}" for axis in "XYZ")
    found: dict[str, list[str]] = defaultdict(list)
    for node, *lengths in site.graph.select(
        f"SELECT ?d ?X ?Y ?Z WHERE {{ ?d a emkg:Dataset ; emkg:hasVolume ?v {axes} }} ORDER BY ?d ?v"
    ):
        told = [number(length) if isinstance(length, Literal) else "?" for length in lengths]
        text = " × ".join(told)
        if node is not None and set(told) != {"?"} and text not in found[node.value]:
            found[node.value].append(text)
    return defaultdict(tuple, {key: tuple(texts) for key, texts in found.items()})


def as_json(site: Site) -> bytes:
    """The table as a JSON list."""
    plain = [_plain(line) for line in lines(site)]
    return (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode()


def _plain(line: Line) -> dict[str, object]:
    def flat(item: object) -> object:
        if isinstance(item, dict):
            return {"label": item["text"], "id": item["exact"]}
        return [flat(one) for one in item] if isinstance(item, tuple | list) else item

    return {name: flat(item) for name, item in asdict(line).items()}


def as_csv(site: Site) -> bytes:
    """The table as CSV with CRLF (RFC 4180); several values of a cell are parted by ``; ``."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["dataset", "title", "species", "techniques", "voxel_nm", "extent_um", "year", "links", "papers"])
    for line in lines(site):
        cells: list[tuple[str, ...]] = [tuple(v.text for v in values) for values in (line.species, line.techniques)]
        cells += [line.voxels, line.extents, (line.year,)]
        cells += [tuple(v.exact for v in values) for values in (line.links, line.papers)]
        writer.writerow([line.slug, line.title, *("; ".join(cell) for cell in cells)])
    return out.getvalue().encode()
