"""What there is besides datasets, each as a table: techniques, species, regions, papers, sources."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from emkg.metadata.summaries import Summary, Thing
from emkg.rdf import Literal, NamedNode, Term
from emkg.vocab import DCTERMS, EM, FOAF, SKOS, curie, prefixes
from emkg.web.facts import Value, value
from emkg.web.listing import key_of
from emkg.web.site import Site, link


@dataclass(frozen=True, slots=True)
class Row:
    """One thing: its name, how deep it stands below the first, its cells, how many datasets have it, where they are."""

    thing: Value
    depth: int
    cells: tuple[tuple[Value, ...], ...]
    datasets: int
    there: str


@dataclass(frozen=True, slots=True)
class Index:
    """A table of things: ``kind`` is their class in schema.org, ``columns`` name the cells."""

    name: str
    title: str
    about: str
    kind: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def techniques(site: Site) -> Index:
    """Techniques as the tree that their facets make, each below one that is broader."""
    facts = _about(
        site, "?s skos:inScheme emkg:techniqueScheme", "skos:prefLabel skos:notation skos:broader skos:definition"
    )
    counts = Counter(thing.node for one in site.summaries for thing in one.all_techniques)
    below: dict[NamedNode, list[NamedNode]] = defaultdict(list)
    for node, about in facts.items():
        for broad in about.get(SKOS.broader, []):
            if isinstance(broad, NamedNode):
                below[broad].append(node)
    rows: dict[NamedNode, Row] = {}

    def visit(node: NamedNode, depth: int) -> None:
        if node in rows:
            return
        about = facts[node]
        cells = [_literals(about, SKOS.notation), _literals(about, SKOS.definition), _nodes(site, about, SKOS.broader)]
        rows[node] = _row(site, node, tuple(cells), counts[node], "technique", depth)
        for narrow in sorted(below[node], key=lambda one: site.label(one).casefold()):
            visit(narrow, depth + 1)

    for root in sorted((node for node, about in facts.items() if SKOS.broader not in about), key=str):
        visit(root, 0)
    told = "How the volumes were imaged. A technique counts the datasets of every narrower one too."
    columns = ("notation", "definition", "broader")
    return Index("techniques", "Techniques", told, "DefinedTerm", columns, tuple(rows.values()))


def species(site: Site) -> Index:
    """Species that a dataset was taken of."""
    found = _counted(site, lambda one: one.species)
    rows = [
        _row(site, thing.node, (_text(thing.short), _text(_code(thing.node))), count, "species")
        for thing, count in found
    ]
    told = "What the tissue was taken from."
    return Index("species", "Species", told, "Taxon", ("common name", "taxon"), tuple(rows))


def regions(site: Site) -> Index:
    """Regions of the body that a dataset shows, each with those that it lies in."""
    found = _counted(site, lambda one: one.regions)
    counts = Counter(thing.node for one in site.summaries for thing in one.all_regions)
    facts = _about(site, "[] emkg:region ?s", "emkg:withinRegion skos:broader")
    rows = []
    for thing, _ in found:
        about = facts.get(thing.node, {})
        cells = (_text(_code(thing.node)), _nodes(site, about, SKOS.broader) or _nodes(site, about, EM.withinRegion))
        rows.append(_row(site, thing.node, cells, counts[thing.node], "region"))
    rows.sort(key=lambda row: (-row.datasets, row.thing.text.casefold()))
    told = "What part of the body was imaged. A region counts the datasets of every region within it too."
    return Index("regions", "Regions", told, "AnatomicalStructure", ("term", "within"), tuple(rows))


def papers(site: Site) -> Index:
    """Papers that document a dataset, newest first."""
    wanted = "dcterms:title emkg:firstAuthor dcterms:issued emkg:issuedOnline emkg:venue emkg:doi"
    facts = _about(site, "[] cito:isDocumentedBy ?s", wanted)
    datasets: dict[NamedNode, list[Thing]] = defaultdict(list)
    for one in site.summaries:
        for paper in one.papers:
            datasets[paper.node].append(Thing(one.node, one.title))
    rows = []
    for node, about in datasets.items():
        said = facts.get(node, {})
        year = (_literals(said, DCTERMS.issued) or _literals(said, EM.issuedOnline))[:1]
        of = tuple(Value(thing.label, link(thing.node), thing.node.value) for thing in about)
        cells = (_literals(said, EM.firstAuthor), year, _literals(said, EM.venue), _literals(said, EM.doi), of)
        rows.append(_row(site, node, cells, len(about), ""))
    rows.sort(key=lambda row: (-int("".join(v.text[:4] for v in row.cells[1]) or 0), row.thing.text.casefold()))
    columns = ("first author", "year", "venue", "DOI", "of")
    return Index(
        "papers", "Papers", "What documents a dataset, and is to be cited.", "ScholarlyArticle", columns, tuple(rows)
    )


_COVERAGE: Mapping[str, Callable[[Summary], object]] = {
    "species": lambda one: one.species,
    "region": lambda one: one.regions,
    "technique": lambda one: one.techniques,
    "voxel size": lambda one: one.voxels,
    "extent": lambda one: one.extents,
    "licence": lambda one: one.licences,
    "address": lambda one: one.access,
    "paper": lambda one: one.papers,
}


def sources(site: Site) -> Index:
    """Where the facts come from: each source with its newest version, its licence, and how much its datasets tell."""
    facts = _about(site, "?s a emkg:SourceDocument", "dcterms:license foaf:page foaf:homepage rdfs:label")
    versions = site.graph.select(
        "SELECT ?source ?date ?version WHERE { ?version prov:specializationOf ?source "
        "OPTIONAL { ?version dcterms:issued|emkg:retrieved ?date } }"
    )
    newest: dict[Term, tuple[str, NamedNode]] = {}
    for source, issued, version in versions:
        if source is not None and isinstance(version, NamedNode):
            dated = (issued.value[:10] if issued else "", version)
            newest[source] = max(newest.get(source, dated), dated, key=str)
    of: dict[NamedNode, list[Summary]] = defaultdict(list)
    for one in site.summaries:
        for thing in one.sources:
            of[thing.node].append(one)
    rows = []
    for node, about in facts.items():
        date, version = newest.get(node, ("", None))
        at = (Value(date or site.label(version), link(version), version.value),) if version else ()
        page = tuple(map(_by_host, _nodes(site, about, FOAF.page) or _nodes(site, about, FOAF.homepage)))
        cells = [at, _nodes(site, about, DCTERMS.license), page]
        cells += [_text(_share(of[node], tells)) for tells in _COVERAGE.values()]
        rows.append(_row(site, node, tuple(cells), len(of[node]), "source"))
    rows.sort(key=lambda row: (-row.datasets, row.thing.text.casefold()))
    told = (
        "Where the facts come from. A field's figure is the share of the source's datasets of which the graph knows it, "
        "from whatever source."
    )
    columns = ("version", "its licence", "page", *_COVERAGE)
    return Index("sources", "Sources", told, "CreativeWork", columns, tuple(rows))


def _by_host(address: Value) -> Value:
    """An address by its host, which a narrow column has room for."""
    return replace(address, text=urlsplit(address.exact).netloc or address.text)


def _share(found: Sequence[Summary], tells: Callable[[Summary], object]) -> str:
    return f"{sum(1 for one in found if tells(one)) / len(found):.0%}" if found else ""


INDEXES: Mapping[str, Callable[[Site], Index]] = {
    "techniques": techniques,
    "species": species,
    "regions": regions,
    "papers": papers,
    "sources": sources,
}


def _row(
    site: Site, node: NamedNode, cells: tuple[tuple[Value, ...], ...], count: int, facet: str, depth: int = 0
) -> Row:
    there = f"/datasets?{facet}={key_of(Thing(node, ''))}" if facet and count else ""
    return Row(value(site, node), depth, cells, count, there)


def _counted(site: Site, of: Callable[[Summary], Iterable[Thing]]) -> list[tuple[Thing, int]]:
    counts = Counter(thing for one in site.summaries for thing in of(one))
    return sorted(counts.items(), key=lambda item: (-item[1], item[0].label.casefold()))


def _about(site: Site, pattern: str, properties: str) -> dict[NamedNode, dict[NamedNode, list[Term]]]:
    found: dict[NamedNode, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
    rows = site.graph.select(
        f"SELECT ?s ?p ?o WHERE {{ {{ SELECT DISTINCT ?s WHERE {{ {pattern} }} }} VALUES ?p {{ {properties} }} ?s ?p ?o }}"
    )
    for subject, predicate, object_ in sorted(rows, key=lambda row: (str(row[0]), str(row[2]))):
        if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and object_ is not None:
            found[subject][predicate].append(object_)
    return {subject: dict(facts) for subject, facts in found.items()}


def _nodes(site: Site, facts: Mapping[NamedNode, list[Term]], property_: NamedNode) -> tuple[Value, ...]:
    return tuple(value(site, term) for term in facts.get(property_, []) if isinstance(term, NamedNode))


def _literals(facts: Mapping[NamedNode, list[Term]], property_: NamedNode) -> tuple[Value, ...]:
    return tuple(Value(term.value, exact=term.value) for term in facts.get(property_, []) if isinstance(term, Literal))


def _text(text: str) -> tuple[Value, ...]:
    return (Value(text, exact=text),) if text else ()


def _code(node: NamedNode) -> str:
    short = curie(node)
    return short if short != node.value and not short.startswith("emr:") else ""


def as_json(index: Index) -> bytes:
    """The table as a JSON list."""
    plain = [
        {"id": row.thing.exact, "name": row.thing.text}
        | {column: [_flat(one) for one in cell] for column, cell in zip(index.columns, row.cells, strict=True)}
        | {"datasets": row.datasets}
        for row in index.rows
    ]
    return (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode()


def _flat(one: Value) -> object:
    return {"label": one.text, "id": one.exact} if one.href else one.text


def as_csv(index: Index) -> bytes:
    """The table as CSV with CRLF (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "name", *(column.replace(" ", "_") for column in index.columns), "datasets"])
    for row in index.rows:
        cells = ("; ".join(one.text for one in cell) for cell in row.cells)
        writer.writerow([row.thing.exact, row.thing.text, *cells, row.datasets])
    return out.getvalue().encode()


def as_jsonld(index: Index) -> bytes:
    """The things as schema.org has them, under one inline context."""
    listed = [{"@id": row.thing.exact, "@type": index.kind, "name": row.thing.text} for row in index.rows]
    document = {
        "@context": {"@vocab": prefixes()["schema"]},
        "@type": "ItemList",
        "name": index.title,
        "itemListElement": listed,
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
