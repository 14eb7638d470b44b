"""Queries that bring public endpoints down, and texts that would make them call others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Killer:
    """A query that must not run to its end, or that the guard must refuse at once with the status ``refused``.

    ``named`` are those by which the limits are judged; ``harmless`` ones only look bad, and may be answered.
    """

    text: str
    refused: int = 0
    named: bool = False
    harmless: bool = False


def _values(variable: str, count: int) -> str:
    return f"VALUES ?{variable} {{ {' '.join(map(str, range(count)))} }}"


PRODUCT = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"
DOUBLED = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(40))

REGEX = '"((((.*)*a)*.*)*b)*(.{1,40}[^x]){1,30}$", "is"'
HUGE = '"((((a{0,99}){0,99}){0,99}){0,99})"'
PATHS = "?a (!<x:y>|^!<x:y>)* ?b . ?b (!<x:y>)+/(!<x:z>)+/(!<x:y>)* ?c . ?c (<x:y>|!<x:y>)* ?d"

KILLERS = {
    "cartesian COUNT": Killer(f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} . ?j ?k ?l }}", named=True),
    "cartesian SELECT": Killer(f"SELECT * {{ {PRODUCT} }}", named=True),
    "deep property path": Killer(f"SELECT (COUNT(*) AS ?n) {{ {PATHS} }}", named=True),
    "regex bomb": Killer(
        f"SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f FILTER(REGEX(CONCAT(STR(?c), STR(?f), STR(?a)), {REGEX})) }}",
        named=True,
    ),
    "huge VALUES": Killer(
        f"SELECT (COUNT(*) AS ?n) {{ {_values('a', 9000)} {_values('b', 9000)} {_values('c', 9000)} FILTER(?a + ?b = ?c) }}",
        named=True,
    ),
    "VALUES beyond the limit of a text": Killer(f"SELECT * {{ {_values('a', 200_000)} }}", refused=413, named=True),
    "10,000-fold nested group": Killer(
        "SELECT * " + "{" * 10_000 + " ?s ?p ?o " + "}" * 10_000, refused=400, named=True
    ),
    "GROUP_CONCAT of everything": Killer(
        f'SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?f), STR(?i)); separator=", ") AS ?all) {{ {PRODUCT} }}', named=True
    ),
    "cartesian CONSTRUCT": Killer(f"CONSTRUCT {{ ?a ?e ?i }} {{ {PRODUCT} }}"),
    "regex that is huge when compiled": Killer(
        f"SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f FILTER(REGEX(STR(?c), CONCAT({HUGE}, STR(?f)))) }}"
    ),
    "10,000-fold nested expression": Killer(
        "SELECT * { FILTER(" + "(" * 10_000 + "1" + ")" * 10_000 + ") }", refused=400
    ),
    "10,000-fold NOT": Killer("SELECT * { FILTER(" + "!" * 10_000 + "true) }", harmless=True),
    "9,000 triple patterns": Killer("SELECT * { " + "?s ?p ?o . " * 9000 + "}"),
    "5,000 UNIONs": Killer("SELECT (COUNT(*) AS ?n) { " + " UNION ".join(["{ ?s ?p ?o . ?t ?q ?u }"] * 5000) + " }"),
    "string that doubles forty times": Killer(f'SELECT ?x40 {{ BIND("0123456789abcdef" AS ?x0) {DOUBLED} }}'),
    "ORDER BY of a product": Killer(f"SELECT * {{ {PRODUCT} }} ORDER BY STR(?i) STR(?a)"),
    "DISTINCT of a product": Killer(f"SELECT DISTINCT ?a ?e ?i {{ {PRODUCT} }} ORDER BY ?i"),
    "GROUP BY of a product": Killer(f"SELECT ?a ?e ?i (COUNT(*) AS ?n) {{ {PRODUCT} }} GROUP BY ?a ?e ?i"),
    "EXISTS of a product": Killer(
        f"ASK {{ ?s ?p ?o FILTER NOT EXISTS {{ {PRODUCT} FILTER(STR(?a) > STR(?i) && STR(?i) > STR(?a)) }} }}"
    ),
    "OPTIONALs in each other": Killer(
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o . ?x ?y ?z " * 40 + "}" * 41
    ),
}

# {} is the address that would be called.
CALLS = (
    "SELECT * {{ SERVICE <{}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{}> {{ ?s ?p ?o }} }}",
    "PREFIX e: <{}> SELECT * {{ SERVICE e:x {{ ?s ?p ?o }} }}",
    "PREFIX : <{}> SELECT * {{ SERVICE:x {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?e {{ <{}> }} SERVICE ?e {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND(IRI(\"{}\") AS ?e) SERVICE ?e {{ ?s ?p ?o }} }}",
    "SELECT*{{service<{}>{{?s?p?o}}}}",
    "ASK {{ FILTER EXISTS {{ SERVICE#'\n<{}> {{ ?s ?p ?o }} }} }}",
    "SELECT * {{ {{ SELECT * {{ SERVICE <{}> {{ ?s ?p ?o }} }} }} }}",
    "CONSTRUCT {{ ?s ?p ?o }} {{ \\u0053ERVICE <{}> {{ ?s ?p ?o }} }}",
    "SELECT (EXISTS {{ SERVICE <{}> {{ ?s ?p ?o }} }} AS ?x) {{ }}",
    "SELECT * {{ ?s ?p e:a\\' . SERVICE <{}> {{ ?s ?p ?o }} . ?t ?q e:b\\' }}",
    "SELECT * {{ FILTER(?a<'x>'&&?b)SERVICE <{}> {{ ?s ?p ?o }} FILTER(?c='') }}",
    "SELECT * FROM <{}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "LOAD <{}>",
    "LOAD SILENT <{}> INTO GRAPH <g:a>",
    "SELECT * {{ GRAPH <{}> {{ ?s ?p ?o }} }}",
    "DESCRIBE <{}>",
)  # fmt: skip
