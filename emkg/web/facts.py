"""What a page shows of one thing: its statements under names that people know, its parts, claims, neighbours, and
who says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from emkg.describe import kind_of
from emkg.ids import well_known_graphs
from emkg.rdf import Literal, NamedNode, Term
from emkg.vocab import CITO, DCAT, DCTERMS, EM, OBO, OWL, PROV, QUDT, RDF, RDFS, XSD, curie, ontology_quads
from emkg.web.site import Site, link

_SYMBOLS = {
    "NanoM": "nm",
    "MicroM": "µm",
    "MicroM3": "µm³",
    "MilliM3": "mm³",
    "DAY": "d",
    "BYTE": "B",
    "NUM-PER-SEC": "/s",
    "USD": "USD",
}
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LENGTHS = (("voxel", "voxel size"), ("extent", "extent"), ("grid", "reported grid"), ("voxels", "voxels"))
_NEIGHBOURS = 200
_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Value:
    """One value: its text, where it leads, its exact form, the numbers of the graphs that state it, a fuller name."""

    text: str
    href: str = ""
    exact: str = ""
    language: str = ""
    notes: tuple[int, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A property with its values."""

    label: str
    href: str
    definition: str
    unit: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A thing that belongs to the page's thing, with its own rows."""

    title: str
    href: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """Somebody's statement on one value, and what became of it."""

    property: Row
    value: Value
    status: str
    sources: tuple[Value, ...]
    rationale: str
    href: str


@dataclass(frozen=True, slots=True)
class View:
    """All that the page shows."""

    iri: str
    title: str
    types: tuple[Value, ...]
    rows: tuple[Row, ...]
    parts: tuple[tuple[str, tuple[Part, ...]], ...]
    claims: tuple[ClaimLine, ...]
    otherwise: tuple[Row, ...]
    incoming: tuple[Row, ...]
    graphs: tuple[Value, ...]
    content: tuple[tuple[Value, Value, Value], ...]


Facts = dict[NamedNode, list[Term]]
Notes = dict[tuple[NamedNode, Term], tuple[int, ...]]


def part_properties() -> dict[NamedNode, str]:
    """The properties whose values are shown in full on the page of a dataset or volume, with their headings."""
    return {
        EM.hasVolume: "Volumes",
        EM.hasImageSet: "Image sets",
        EM.hasSample: "Sample",
        EM.acquiredBy: "Acquisition",
        EM.hasCount: "Counts",
        DCAT.distribution: "Access",
        CITO.isDocumentedBy: "Papers",
        EM.hasMember: "Members",
    }


def view(site: Site, node: NamedNode) -> View:
    """The page of one thing."""
    facts = _facts(site, node)
    graphs, notes, elsewhere = _sources(site, node, facts)
    shown = {
        p: terms for p, terms in facts.items() if p not in (RDF.type, RDFS.label, EM.hasImages, *part_properties())
    }
    if isinstance(title := next(iter(facts.get(DCTERMS.title, [])), None), Literal) and title.value == site.label(node):
        shown.pop(DCTERMS.title, None)
    parts = [(heading, _parts(site, facts[p])) for p, heading in part_properties().items() if p in facts]
    types = tuple(value(site, term) for term in facts.get(RDF.type, []) if term != OWL.NamedIndividual)
    return View(
        iri=node.value,
        title=site.label(node),
        types=types,
        rows=rows(site, shown, notes),
        parts=tuple((heading, found) for heading, found in parts if found),
        claims=tuple(_claims(site, facts, node)),
        otherwise=rows(site, elsewhere, notes),
        incoming=_incoming(site, node),
        graphs=graphs,
        content=tuple(_content(site, node)),
    )


def _content(site: Site, node: NamedNode) -> Iterable[tuple[Value, Value, Value]]:
    """What a named graph states, its first statements."""
    query = f"SELECT ?s ?p ?o WHERE {{ GRAPH {node} {{ ?s ?p ?o }} }} ORDER BY ?s ?p ?o LIMIT {_SHOWN}"
    for subject, predicate, object_ in site.graph.select(query) if kind_of(node) == "graph" else ():
        if subject is not None and predicate is not None and object_ is not None:
            yield value(site, subject), value(site, predicate), value(site, object_)


def _facts(site: Site, node: NamedNode) -> Facts:
    found: Facts = defaultdict(list)
    for predicate, object_ in site.graph.select(f"SELECT DISTINCT ?p ?o WHERE {{ {node} ?p ?o }} ORDER BY ?p ?o"):
        if isinstance(predicate, NamedNode) and object_ is not None:
            found[predicate].append(object_)
    return found


def _sources(site: Site, node: NamedNode, facts: Facts) -> tuple[tuple[Value, ...], Notes, Facts]:
    """The graphs that speak of the node, numbered; who states which value; and what they state that `current` does
    not hold.
    """
    said: dict[tuple[NamedNode, Term], set[str]] = defaultdict(set)
    current = well_known_graphs()["current"]
    for graph, predicate, object_ in site.graph.select(
        f"SELECT ?g ?p ?o WHERE {{ GRAPH ?g {{ {node} ?p ?o }} }} ORDER BY ?g ?p ?o"
    ):
        if isinstance(predicate, NamedNode) and graph is not None and object_ is not None and graph != current:
            said[predicate, object_].add(graph.value)
    names = sorted({name for names in said.values() for name in names})
    numbers = {name: number for number, name in enumerate(names, 1)}
    notes = {key: tuple(sorted(numbers[name] for name in names)) for key, names in said.items()}
    elsewhere: Facts = defaultdict(list)
    for predicate, object_ in said:
        if object_ not in facts.get(predicate, []) and predicate != RDF.type:
            elsewhere[predicate].append(object_)
    return tuple(value(site, NamedNode(name)) for name in names), notes, elsewhere


def rows(site: Site, facts: Facts, notes: Notes | None = None) -> tuple[Row, ...]:
    """The statements as rows by their names; three lengths of one kind are one row, and of techniques the narrowest."""
    left = dict(facts)
    made = [made for stem, label in _LENGTHS if (made := _triple_row(site, left, stem, label, notes)) is not None]
    if EM.technique in left:
        left[EM.technique] = narrowest(site, left[EM.technique])
    made += [row(site, predicate, terms, notes) for predicate, terms in left.items()]
    return tuple(sorted(made, key=lambda one: one.label.casefold()))


def _triple_row(site: Site, facts: Facts, stem: str, label: str, notes: Notes | None) -> Row | None:
    """Takes ``voxelX``, ``voxelY`` and ``voxelZ`` out of the facts, where each has one value, as ``4 × 4 × 30``."""
    axes = [EM[stem + axis] for axis in "XYZ"]
    if not all(len(facts.get(axis, [])) == 1 for axis in axes):
        return None
    each = [row(site, axis, facts.pop(axis), notes) for axis in axes]
    numbers = tuple(sorted({note for one in each for note in one.values[0].notes}))
    text, exact = (" × ".join(getattr(one.values[0], form) for one in each) for form in ("text", "exact"))
    return Row(label, each[0].href, each[0].definition, each[0].unit, (Value(text, exact=exact, notes=numbers),))


def narrowest(site: Site, concepts: Iterable[Term]) -> list[Term]:
    """The concepts that have no narrower one among them; the broader follow from these."""
    given = list(concepts)
    broader = site.once("broader", lambda: _broader(site))
    return [one for one in given if not any(one in broader.get(other, ()) for other in given)]


def _broader(site: Site) -> dict[Term, set[Term]]:
    found: dict[Term, set[Term]] = defaultdict(set)
    for narrow, broad in site.graph.select("SELECT ?n ?b WHERE { ?n skos:broader+ ?b FILTER(?n != ?b) }"):
        if narrow is not None and broad is not None:
            found[narrow].add(broad)
    return dict(found)


def row(
    site: Site,
    predicate: NamedNode,
    terms: Iterable[Term],
    notes: Notes | None = None,
) -> Row:
    """A property with its values, its unit and what it means."""
    definition, unit = site.once("meanings", _meanings).get(predicate, ("", ""))
    known = notes or {}
    values = tuple(value(site, term, known.get((predicate, term), ())) for term in terms)
    return Row(site.property_label(predicate), link(predicate), definition, unit, values)


def _meanings() -> dict[NamedNode, tuple[str, str]]:
    found: dict[NamedNode, tuple[str, str]] = defaultdict(lambda: ("", ""))
    for quad in ontology_quads():
        if isinstance(quad.subject, NamedNode):
            definition, unit = found[quad.subject]
            if quad.predicate == OBO.IAO_0000115 and isinstance(quad.object, Literal):
                found[quad.subject] = (quad.object.value, unit)
            elif quad.predicate == QUDT.hasUnit and isinstance(quad.object, NamedNode):
                found[quad.subject] = (definition, _SYMBOLS.get(curie(quad.object).partition(":")[2], ""))
    return dict(found)


def value(site: Site, term: Term, notes: tuple[int, ...] = ()) -> Value:
    """A term as a person reads it."""
    if isinstance(term, NamedNode):
        return Value(site.label(term), link(term), term.value, "", notes)
    if isinstance(term, Literal):
        return Value(number(term), "", term.value, term.language or "", notes)
    return Value("…", notes=notes)


def number(term: Literal) -> str:
    """A literal's text; numbers with thousands set off, doubles to four digits.

    >>> number(Literal("1400000000", datatype=XSD.integer)), number(Literal("8.0", datatype=XSD.decimal))
    ('1,400,000,000', '8')
    >>> number(Literal("1.4E15", datatype=XSD.double))
    '1.4 × 10¹⁵'
    """
    try:
        if term.datatype == XSD.integer:
            return f"{int(term.value):,}"
        if term.datatype == XSD.decimal:
            return f"{Decimal(term.value).normalize():,f}"
        if term.datatype == XSD.double:
            return _rounded(float(term.value))
    except (ValueError, InvalidOperation):
        pass
    return term.value


def _rounded(size: float) -> str:
    if size == 0 or 1e-3 <= abs(size) < 1e7:
        return f"{size:,.0f}" if abs(size) >= 1e4 else f"{size:,.4g}"
    mantissa, _, exponent = f"{size:.3e}".partition("e")
    return f"{float(mantissa):g} × 10{str(int(exponent)).translate(_SUPERSCRIPTS)}"


def _parts(site: Site, terms: Iterable[Term]) -> tuple[Part, ...]:
    """The parts of which there is more to say than their names."""
    found = []
    for term in terms:
        if isinstance(term, NamedNode):
            shown = {p: values for p, values in _facts(site, term).items() if p not in (RDF.type, RDFS.label)}
            found.append(Part(site.label(term), link(term), rows(site, shown)))
    return tuple(part for part in found if part.rows)


def _claims(site: Site, facts: Facts, node: NamedNode) -> Iterable[ClaimLine]:
    """Claims about the node and about its parts."""
    about = [node, *(term for p in part_properties() for term in facts.get(p, []) if isinstance(term, NamedNode))]
    query = f"""SELECT DISTINCT ?c ?p ?v ?status WHERE {{
      VALUES ?about {{ {" ".join(map(str, about))} }}
      ?c emkg:about ?about ; emkg:property ?p ; emkg:claimedValue ?v ; emkg:status ?status
    }} ORDER BY ?about ?p ?status ?c"""
    for claim, property_, claimed, status in site.graph.select(query):
        match claim, property_, status:
            case NamedNode(), NamedNode(), NamedNode() if claimed is not None:
                pass
            case _:  # a claim about a literal or without a value: the shapes report it
                continue
        said = _facts(site, claim)
        sources = [*said.get(DCTERMS.source, []), *said.get(PROV.hadPrimarySource, [])]
        yield ClaimLine(
            property=row(site, property_, []),
            value=value(site, claimed),
            status=site.label(status),
            sources=tuple(value(site, term) for term in sources),
            rationale=" ".join(term.value for term in said.get(EM.rationale, [])),
            href=link(claim),
        )


def _incoming(site: Site, node: NamedNode) -> tuple[Row, ...]:
    found: Facts = defaultdict(list)
    query = f"""SELECT DISTINCT ?p ?s WHERE {{
      ?s ?p {node} FILTER(ISIRI(?s) && ?p NOT IN (rdf:type, emkg:about))
    }} ORDER BY ?p ?s LIMIT {_NEIGHBOURS}"""
    for predicate, subject in site.graph.select(query):
        if isinstance(predicate, NamedNode) and subject is not None:
            found[predicate].append(subject)
    return rows(site, found)
