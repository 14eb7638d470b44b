"""Which term does a word mean: ``mouse``, ``SEM``, ``h01``, ``NCBITaxon:10090`` or an IRI? Labels of a graph tell."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from typing import Protocol

from emkg.errors import QuestionError, UnknownPrefix, UnknownTerm
from emkg.graph import Table
from emkg.rdf import Literal, NamedNode, Triple
from emkg.vocab import XSD, curie, iri, prefixes

# What the terms of a kind have in common; a kind that is a class of ours stands for its instances.
KINDS = {
    "iri": "?term a ?any",
    "technique": "?term rdfs:subClassOf* emkg:ImagingAcquisition",
    "taxon": "?term skos:inScheme emkg:taxonScheme",
    "region": "?term skos:inScheme emkg:anatomyScheme",
    "countable": "?term skos:inScheme emkg:countableScheme",
}
# How a thing may be called, the surest first: a name of an earlier tier wins over the same name in a later one.
_TIERS = (
    ("skos:notation",),
    ("rdfs:label", "skos:prefLabel", "dcterms:title", "emkg:commonName"),
    ("skos:altLabel", "skos:hiddenLabel", "dcterms:alternative"),
)
_LEXICAL = {
    "decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    "double": r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?",
    "integer": r"[+-]?\d+",
    "gYear": r"-?\d{4,}",
    "boolean": r"true|false|1|0",
    "date": r"\d{4}-\d\d-\d\d",
    "string": r"(?s:.*)",
}


class Queryable(Protocol):
    """What answers SPARQL: the graph in memory, or an endpoint."""

    def select(self, query: str) -> Table:
        """The rows of a SELECT."""

    def construct(self, query: str) -> list[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE."""


def literal(text: str, datatype: str) -> Literal:
    """A literal of the datatype, such as ``xsd:decimal`` (lexical forms: XML Schema 1.1 part 2, §3.3–3.4).

    Raises QuestionError where the text is none.

    >>> str(literal("200", "xsd:integer")).startswith('"200"^^')
    True
    """
    local = datatype.partition(":")[2]
    pattern = _LEXICAL.get(local)
    if pattern is None:
        raise QuestionError(
            f"no datatype {datatype!r}", "", f"use one of {', '.join('xsd:' + name for name in sorted(_LEXICAL))}"
        )
    if not re.fullmatch(pattern, text):
        raise QuestionError(f"{text!r} is no {datatype}", "", f"write it like {_example(local)}")
    return Literal(text) if local == "string" else Literal(text, datatype=XSD[local])


def resolve(text: str, kind: str, graph: Queryable | None = None) -> NamedNode:
    """The term that the text means; raises QuestionError with near misses where none does, or several do.

    Without a graph only IRIs and CURIEs can be told.

    >>> curie(resolve("NCBITaxon:10090", "taxon"))
    'NCBITaxon:10090'
    """
    given = _as_iri(text)
    if graph is None:
        if given is None:
            raise QuestionError(
                f"{text!r} is neither IRI nor CURIE",
                "",
                "write it as prefix:name; words need a graph to be looked up in",
            )
        return given
    if given is not None and kind == "iri":
        return given
    tiers = names(kind, graph)
    if given is not None:
        if any(given in terms for tier in tiers for terms in tier.values()):
            return given
        raise _unknown(given.value if "://" in text else text, kind, tiers)
    for tier in tiers:
        meant = tier.get(text.casefold(), set())
        if len(meant) > 1:
            choices = ", ".join(sorted(curie(term) for term in meant))
            raise QuestionError(f"{text!r} may mean {choices}", "", "write the one you mean")
        if meant:
            return next(iter(meant))
    raise _unknown(text, kind, tiers)


def names(kind: str, graph: Queryable) -> list[dict[str, set[NamedNode]]]:
    """The names of all terms of a kind, in lower case, tier by tier: slugs and notations, labels, alternatives."""
    pattern = KINDS.get(kind) or f"?term a {kind}"
    tiers: list[dict[str, set[NamedNode]]] = [defaultdict(set) for _ in range(len(_TIERS) + 1)]
    path = " ".join(f"({number} {name})" for number, tier in enumerate(_TIERS, 1) for name in tier)
    named = f"OPTIONAL {{ VALUES (?tier ?property) {{ {path} }} ?term ?property ?name }}"
    query = f"SELECT DISTINCT ?term ?tier ?name WHERE {{ {pattern} {named} }}"
    for term, tier, name in _prefixed(graph, query):
        if isinstance(term, NamedNode):
            tiers[0][re.split(r"[/#]", term.value)[-1].casefold()].add(term)
            if tier is not None and name is not None:
                tiers[int(tier.value)][name.value.casefold()].add(term)
    return tiers


def _prefixed(graph: Queryable, query: str) -> Table:
    head = "".join(f"PREFIX {prefix}: <{prefixes()[prefix]}>\n" for prefix in ("emkg", "rdfs", "skos", "dcterms"))
    return graph.select(head + query)


def _as_iri(text: str) -> NamedNode | None:
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1]
    try:
        if re.match(r"https?://", text):
            return NamedNode(text)
        return iri(text) if re.fullmatch(r"\w+:\S+", text) else None
    except ValueError as fault:
        raise QuestionError(f"{text!r} is no IRI: {fault}", "", "mend it") from None
    except (UnknownPrefix, UnknownTerm) as fault:
        raise QuestionError(fault.what, "", fault.repair) from None


def _unknown(text: str, kind: str, tiers: list[dict[str, set[NamedNode]]]) -> QuestionError:
    known = sorted({name for tier in tiers for name in tier})
    local = re.split(r"[/#:]", text)[-1].casefold()
    near = difflib.get_close_matches(text.casefold(), known, 3) or difflib.get_close_matches(local, known, 3)
    hint = (
        f"did you mean {', '.join(near)}?"
        if near
        else f"known: {', '.join(known[:12])}{' …' if len(known) > 12 else ''}"
    )
    return QuestionError(f"no {kind} is called {text!r}", "", hint)


def _example(local: str) -> str:
    return {"decimal": "8.5", "double": "1e9", "gYear": "2021", "boolean": "true", "date": "2021-05-29"}.get(
        local, "42"
    )
