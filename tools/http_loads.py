"""Which requests are measured: the queries of the mix, each fresh (never asked before) and repeated, and the documents."""

from __future__ import annotations

import json
import sys
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass

from http_peers import Peer

RESULTS = "application/sparql-results+json"
NUMBER = "@N@"  # where a request carries a number of its own, so that no cache has seen it
EVERY_ROW = 1_000_000  # a LIMIT beyond all answers: the number changes the query's text, not its answer

HEAD = """PREFIX emkg: <https://w3id.org/emkg/ontology#> PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX obo: <http://purl.obolibrary.org/obo/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
LOOKUP = "SELECT ?p ?o { <https://w3id.org/emkg/id/dataset/synthetic-%06d> ?p ?o } LIMIT @N@"
AUTHOR = (
    "PREFIX dcterms: <http://purl.org/dc/terms/> SELECT ?d ?title "
    "{ ?d dcterms:creator <https://w3id.org/emkg/id/agent/synthetic-%04d> ; dcterms:title ?title } ORDER BY ?title LIMIT @N@"
)
FAMILY = (
    HEAD
    + """SELECT DISTINCT ?d ?title {
  ?d a emkg:Dataset ; dcterms:title ?title ; emkg:taxon obo:NCBITaxon_%d ; emkg:acquiredBy ?a .
  ?a a ?kind . ?kind rdfs:subClassOf* emkg:%s } LIMIT @N@"""
)
GROUPS = (
    HEAD
    + """SELECT ?technique ?taxon (COUNT(DISTINCT ?d) AS ?n) {
  ?d a emkg:Dataset ; emkg:technique ?technique ; emkg:taxon ?taxon } GROUP BY ?technique ?taxon ORDER BY DESC(?n) LIMIT @N@"""
)
FAMILIES = [
    FAMILY % (taxon, kind) for taxon in (9606, 10090, 7227, 7955) for kind in ("SEM", "TEM", "BlockFaceEM", "ssSEM")
]
LOOKUPS, AUTHORS = [LOOKUP % number for number in range(0, 2500, 3)], [AUTHOR % number for number in range(0, 900, 2)]
# Of twenty requests ten look a dataset up, six an author, three a family of techniques, and one groups everything.
ORDER = "LALFLALLALFALLAGLFAL"


def mixed() -> list[str]:
    """Two thousand requests of the mix."""
    kinds = {"L": LOOKUPS, "A": AUTHORS, "F": FAMILIES, "G": [GROUPS]}
    return [kinds[letter][number % len(kinds[letter])] for number, letter in enumerate(ORDER * 100)]


@dataclass(frozen=True, slots=True)
class Load:
    """Requests that are sent in a circle: SPARQL queries, or paths of documents.

    ``target``: the factor over the ``oxigraph`` server that must be reached, 0 for none. A fresh load never sends the same query twice.
    """

    name: str
    requests: list[str]
    target: float = 0.0
    fresh: bool = False
    accept: str = RESULTS

    def queries(self) -> list[str]:
        """The requests; in a fresh load with the place where the client puts a number of its own."""
        return self.requests if self.fresh else [text.replace(NUMBER, str(EVERY_ROW)) for text in self.requests]


QUERIES = [
    Load("small lookup, fresh", LOOKUPS, 0.5, fresh=True),
    Load("small lookup, repeated", LOOKUPS, 1.0),
    Load("by author, fresh", AUTHORS, 0.5, fresh=True),
    Load("by author, repeated", AUTHORS, 1.0),
    Load("family, fresh", FAMILIES, 1.0, fresh=True),
    Load("family, repeated", FAMILIES, 1.0),
    Load("group-by, fresh", [GROUPS], 1.0, fresh=True),
    Load("group-by, repeated", [GROUPS], 1.0),
    Load("mixed, fresh", mixed(), 1.0, fresh=True),
    Load("mixed, repeated", mixed(), 1.0),
]
PATHS = [f"/doc/dataset/synthetic-{number:06d}" for number in range(0, 2500, 20)]
DOCUMENTS = [
    Load("document, Turtle", PATHS, accept="text/turtle"),
    Load("document, JSON-LD", PATHS, accept="application/ld+json"),
    Load("document, HTML", PATHS, accept="text/html"),
]


def same_answers(load: Load, running: Mapping[str, Peer]) -> None:
    """Ends the run where two servers answer the load's first queries differently: a wrong answer is no fast answer."""
    for text in (load.requests[0], load.requests[len(load.requests) // 2]):
        query = text.replace(NUMBER, str(EVERY_ROW))
        answers = {name: rows(peer, query) for name, peer in running.items()}
        first, *others = answers.values()
        if not first or any(other != first for other in others):
            sizes = {name: len(answer) for name, answer in answers.items()}
            sys.exit(f"{load.name}: the servers disagree, or have no answer: rows {sizes}\n{query}")


def rows(peer: Peer, query: str) -> list[str]:
    """The rows that a server answers, in an order of their own."""
    request = urllib.request.Request(peer.address + peer.path(query), headers={"Accept": RESULTS})
    with urllib.request.urlopen(request, timeout=120) as answer:
        bindings = json.load(answer)["results"]["bindings"]
    return sorted(json.dumps(row, sort_keys=True) for row in bindings)
