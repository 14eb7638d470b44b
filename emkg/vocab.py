"""Which terms are there: closed namespaces read from ontology/, CURIEs, and the prefix table.

``EM.voxelX`` is a term of our ontology; a misspelling raises UnknownTerm with the nearest name.
Other vocabularies are open namespaces: their terms are theirs to define.
"""

from __future__ import annotations

import difflib
from functools import cache

from emkg.errors import UnknownPrefix, UnknownTerm
from emkg.paths import ontology_dir
from emkg.rdf import Literal, NamedNode, Quad, read_quads

_SHACL = "http" + "://www.w3.org/ns/shacl#"  # the table itself is written with it, so it cannot come out of the table


@cache
def prefixes() -> dict[str, str]:
    """Prefix → namespace IRI, from ontology/prefixes.ttl.

    >>> prefixes()["dcat"].endswith("dcat#")
    True
    """
    quads = read_quads(ontology_dir() / "prefixes.ttl")
    names = {quad.subject: _text(quad) for quad in quads if quad.predicate.value == _SHACL + "prefix"}
    spaces = {quad.subject: _text(quad) for quad in quads if quad.predicate.value == _SHACL + "namespace"}
    return dict(sorted((names[key], spaces[key]) for key in names))


def _text(quad: Quad) -> str:
    assert isinstance(quad.object, Literal)
    return quad.object.value


@cache
def base() -> str:
    """The base of every IRI that we mint; the one place it is told is the declaration of the prefix ``emkg``."""
    return prefixes()["emkg"].removesuffix("ontology#")


@cache
def ontology_quads() -> tuple[Quad, ...]:
    """Every statement of ontology/*.ttl and ontology/stubs/*.ttl (not the inferred hierarchy, not the prefix table)."""
    folder = ontology_dir()
    files = [path for path in sorted(folder.glob("*.ttl")) if path.name != "prefixes.ttl"] + sorted(
        folder.glob("stubs/*.ttl")
    )
    return tuple(quad for path in files for quad in read_quads(path))


@cache
def _own_terms() -> frozenset[str]:
    space = prefixes()["emkg"]
    subjects = {quad.subject.value for quad in ontology_quads() if isinstance(quad.subject, NamedNode)}
    return frozenset(iri.removeprefix(space) for iri in subjects if iri.startswith(space))


def iri(curie_: str) -> NamedNode:
    """The IRI of a CURIE; raises UnknownPrefix, or UnknownTerm for a term that our ontology lacks.

    >>> iri("dcterms:title").value.endswith("/title")
    True
    """
    prefix, _, local = curie_.partition(":")
    space = prefixes().get(prefix)
    if space is None:
        near = difflib.get_close_matches(prefix, prefixes(), 1)
        raise UnknownPrefix(
            f"unknown prefix {prefix!r}", curie_, f"did you mean {near[0]}:?" if near else "see ontology/prefixes.ttl"
        )
    if prefix == "emkg" and local not in _own_terms():
        near = difflib.get_close_matches(local, _own_terms(), 1)
        raise UnknownTerm(
            f"unknown term emkg:{local}",
            "ontology/",
            f"did you mean emkg:{near[0]}?" if near else "mint it in ontology/",
        )
    return NamedNode(space + local)


def curie(node: NamedNode) -> str:
    """The shortest CURIE of an IRI, or the IRI itself where no prefix fits.

    >>> curie(iri("obo:CL_0000540"))
    'CL:0000540'
    """
    fitting = [(len(space), prefix, space) for prefix, space in prefixes().items() if node.value.startswith(space)]
    if not fitting:
        return node.value
    _, prefix, space = max(fitting)
    return f"{prefix}:{node.value.removeprefix(space)}"


@cache
def sparql_prefixes() -> str:
    """The prefix table as the head of a SPARQL query."""
    return "".join(f"PREFIX {prefix}: <{space}>\n" for prefix, space in prefixes().items())


class Namespace:
    """Terms of one prefix as attributes or items: ``DCTERMS.title``, ``DCTERMS["title"]``."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._known: dict[str, NamedNode] = {}

    def __getattr__(self, local: str) -> NamedNode:
        if local.startswith("_"):
            raise AttributeError(local)
        return self[local]

    def __getitem__(self, local: str) -> NamedNode:
        if local not in self._known:
            self._known[local] = iri(f"{self._prefix}:{local}")
        return self._known[local]


EM = Namespace("emkg")
CITO, DCAT, DCTERMS = Namespace("cito"), Namespace("dcat"), Namespace("dcterms")
FABIO, FOAF, OBO, ORG = Namespace("fabio"), Namespace("foaf"), Namespace("obo"), Namespace("org")
OWL, PROV, QUDT, RDF = Namespace("owl"), Namespace("prov"), Namespace("qudt"), Namespace("rdf")
RDFS, SCHEMA, SD, SH = Namespace("rdfs"), Namespace("schema"), Namespace("sd"), Namespace("sh")
SKOS, SOSA, UNIT, VANN = Namespace("skos"), Namespace("sosa"), Namespace("unit"), Namespace("vann")
VOID, VOIDEXT, XSD = Namespace("void"), Namespace("voidext"), Namespace("xsd")
