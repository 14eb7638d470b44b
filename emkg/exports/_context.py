"""Which JSON key stands for which property: our JSON-LD context, made from the ontology and one table of natural names.

Numbers: integers and truth values are JSON's own. Decimals and doubles are strings, since JSON-LD would turn a JSON
number with a fraction into an xsd:double (https://www.w3.org/TR/json-ld11-api/#data-round-tripping) and a measured
3.58 nm must come back as it was; the plain JSON export has them as numbers.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from emkg.rdf import Literal, NamedNode, Triple, triples_of
from emkg.vocab import EM, OWL, RDF, SCHEMA, curie, iri, ontology_quads, prefixes

Context = dict[str, Any]

# Key, property, what its values are ("" text, @id thing, @vocab thing or term of ours, a language, a datatype), and
# whether it is always a list.
# In this order keys are written, and a thing that can stand in several places is written out in the first.
NAMES: tuple[tuple[str, str, str, bool], ...] = (
    ("title", "dcterms:title", "", False),
    ("label", "rdfs:label", "en", False),
    ("alternative", "dcterms:alternative", "", True),
    ("notation", "skos:notation", "", False),
    ("volumes", "emkg:hasVolume", "@id", True),
    ("imageSets", "emkg:hasImageSet", "@id", True),
    ("sample", "emkg:hasSample", "@id", False),
    ("acquisition", "emkg:acquiredBy", "@id", False),
    ("counts", "emkg:hasCount", "@id", True),
    ("of", "emkg:countOf", "@vocab", False),
    ("papers", "cito:isDocumentedBy", "@id", True),
    ("access", "dcat:distribution", "@id", True),
    ("url", "dcat:accessURL", "@id", False),
    ("members", "emkg:hasMember", "@id", True),
    ("creators", "dcterms:creator", "@id", True),
    ("licence", "dcterms:license", "@id", False),
    ("issued", "dcterms:issued", "xsd:gYear", False),
    ("conformsTo", "dcterms:conformsTo", "@id", True),
    ("about", "emkg:about", "@id", False),
    ("homepage", "foaf:homepage", "@id", False),
    ("name", "foaf:name", "", False),
    ("comment", "rdfs:comment", "en", False),
    ("source", "dcterms:source", "@id", True),
    ("primarySource", "prov:hadPrimarySource", "@id", True),
    ("derivedFrom", "prov:wasDerivedFrom", "@id", True),
    ("partOf", "dcterms:isPartOf", "@id", True),
    ("subject", "dcterms:subject", "@id", True),
    ("prefLabel", "skos:prefLabel", "en", False),
    ("altLabel", "skos:altLabel", "en", True),
    ("broader", "skos:broader", "@id", True),
    ("exactMatch", "skos:exactMatch", "@id", True),
    ("relatedMatch", "skos:relatedMatch", "@id", True),
    ("landingPage", "dcat:landingPage", "@id", True),
    ("keywords", "dcat:keyword", "", True),
    ("closeMatch", "skos:closeMatch", "@id", True),
)
# Prefixes of things rather than of terms: their IRIs are written out, as who reads JSON follows links.
_WRITTEN_OUT = {"emkg", "emr", "emt", "emg", "doi", "orcid", "ror", "cc", "spdx", "obo"}
_GEN_DELIMS = tuple(":/?#[]@")


@cache
def context() -> Context:
    """The whole context, for /context.jsonld; a document carries the part that it uses.

    >>> context()["voxelX"]["@type"], context()["volumes"]["@id"]
    ('xsd:decimal', 'emkg:hasVolume')
    """
    spaces: Context = {
        prefix: space if space.endswith(_GEN_DELIMS) else {"@id": space, "@prefix": True}
        for prefix, space in prefixes().items()
        if prefix not in _WRITTEN_OUT or prefix == "emkg"
    }
    head: Context = {
        "@version": 1.1,
        "@vocab": prefixes()["emkg"],
        "id": "@id",
        "type": "@type",
        "included": "@included",
    }
    named = {key: _definition(property_, kind, many) for key, property_, kind, many in NAMES}
    return head | spaces | _own_terms() | named | {"claims": {"@reverse": "emkg:about"}}


def _definition(property_: str, kind: str, many: bool) -> Context:
    made: Context = {"@id": property_}
    if kind.startswith("@") or ":" in kind:
        made["@type"] = kind
    elif kind:
        made["@language"] = kind
    return made | ({"@container": "@set"} if many else {})


def _own_terms() -> Context:
    triples = triples_of(ontology_quads())
    single = {
        triple.subject for triple in triples if triple.predicate == EM.singleValued and triple.object == Literal(True)
    }
    renamed = {property_ for _, property_, _, _ in NAMES}
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    subjects = {
        t.subject for t in triples if t.predicate == RDF.type and t.object in kinds and isinstance(t.subject, NamedNode)
    }
    found: Context = {}
    for subject in sorted(subjects, key=str):
        assert isinstance(subject, NamedNode)
        name = curie(subject)
        if name.startswith("emkg:") and name not in renamed:
            kind = _kind(subject, triples)
            found[name.removeprefix("emkg:")] = _definition(name, kind, kind.startswith("@") and subject not in single)
    return found


def _kind(property_: NamedNode, triples: list[Triple]) -> str:
    about = [triple for triple in triples if triple.subject == property_]
    if any(triple.object == OWL.ObjectProperty for triple in about):
        return "@vocab"
    ranges = [
        triple.object
        for triple in about
        if triple.predicate == SCHEMA.rangeIncludes and isinstance(triple.object, NamedNode)
    ]
    names = [curie(range_) for range_ in ranges if isinstance(range_, NamedNode)]
    if len(names) != 1 or names[0] in ("xsd:string", "rdfs:Resource", "rdfs:Literal"):
        return ""
    return names[0] if names[0].startswith("xsd:") else "@vocab"


@cache
def ranks() -> dict[NamedNode, int]:
    """Property → its place in the order of keys."""
    return {iri(property_): number for number, (_, property_, _, _) in enumerate(NAMES)}


def order(key: str) -> tuple[int, str]:
    """Sorts the keys of an object: id and type, then natural names in the order of the table, then the rest, claims
    last.
    """
    first = {"@context": -3, "id": -2, "type": -1, "claims": 1000, "included": 1001}
    places = first | {name: number for number, (name, _, _, _) in enumerate(NAMES)}
    return places.get(key, 999), key


def used(document: Any, whole: Context) -> Context:
    """The part of a context that a document needs: terms that stand in it as keys or as values, and the prefixes of
    both.
    """
    words: set[str] = set()

    def visit(value: Any) -> None:
        if isinstance(value, dict):
            words.update(value)
            value = list(value.values())
        if isinstance(value, str):
            words.add(value)
        for item in value if isinstance(value, list) else ():
            visit(item)

    visit(document)
    kept = {
        key: value
        for key, value in whole.items()
        if key in {"@version", "@vocab", "id", "type"} | words - set(prefixes())
    }
    visit(list(kept.values()))
    spaces = {word.partition(":")[0] for word in words}
    return {key: value for key, value in whole.items() if key in kept or (key in spaces and key in prefixes())}


__all__ = ["NAMES", "Context", "context", "order", "ranks", "used"]
