"""What many clients send at once: right requests whose answers are known, wrong ones, hostile ones; and how they were answered."""

from __future__ import annotations

import csv
import http.client
import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph

from emkg.ids import well_known_graphs
from emkg.vocab import prefixes
from tests.load.hostile import CALLS, KILLERS
from tests.running import JSON_RESULTS, Answer, Server

XML, CSV, TRIPLES = "application/sparql-results+xml", "text/csv", "application/n-triples"
_NUMBERS = itertools.count(10**6)


@dataclass
class Book:
    """How every request was answered; ``faults`` are the answers that must not be. Many threads write it."""

    counts: Counter[tuple[str, int]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    waits: dict[str, list[float]] = field(default_factory=dict)
    bodies: dict[tuple[str, str, str], bytes] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, answer: Answer, took: float, fault: str = "") -> None:
        """Books an answer. An announced refusal, 429 or 503 or 504 with a time to come back, is right for everybody."""
        announced = answer.status in (429, 503, 504)
        if announced:
            fault = "" if "retry-after" in answer.headers else "no Retry-After"
        elif answer.status >= 500:
            fault = "5xx"
        with self._lock:
            self.counts[kind, answer.status if answer.whole else -answer.status] += 1
            self.waits.setdefault(kind, []).append(took)
            if fault:
                self.faults.append(f"{kind}: {fault}: {answer.status} {dict(answer.headers)} {answer.body[:300]!r}")

    def broken(self, kind: str, fault: OSError, target: str) -> None:
        """Books a request that got no answer at all."""
        with self._lock:
            self.counts[kind, 0] += 1
            self.faults.append(f"{kind}: no answer: {fault!r}: {target[:2000]}")

    def same(self, target: str, accept: str, answer: Answer) -> bool:
        """Whether the same ETag has always named the same bytes (RFC 9110 §8.8.3)."""
        with self._lock:
            return self.bodies.setdefault((target, accept, answer.headers.get("etag", "")), answer.body) == answer.body

    def total(self, kind: str, *statuses: int) -> int:
        """How many requests of a kind there were, or how many were answered so; negative: broken off."""
        return sum(
            number
            for (name, status), number in self.counts.items()
            if name == kind and (not statuses or status in statuses)
        )


class Judge:
    """What pyoxigraph itself answers, on the dump of each build that may be served."""

    def __init__(self, dumps: list[Path]) -> None:
        self._stores = [pyoxigraph.Store() for _ in dumps]
        for store, dump in zip(self._stores, dumps, strict=True):
            store.bulk_load(path=str(dump), format=pyoxigraph.RdfFormat.N_QUADS)
        self._known: dict[str, list[object]] = {}
        self._lock = threading.Lock()

    def right(self, query: str, accept: str, body: bytes) -> bool:
        """Whether the body is the answer of one of the builds."""
        with self._lock:
            if query not in self._known:
                self._known[query] = [self._ask(store, query) for store in self._stores]
        return read(body, accept) in self._known[query]

    def _ask(self, store: pyoxigraph.Store, query: str) -> object:
        found = store.query(query, prefixes=prefixes(), default_graph=well_known_graphs()["current"])
        if isinstance(found, pyoxigraph.QueryBoolean):
            return bool(found)
        if isinstance(found, pyoxigraph.QueryTriples):
            return sorted(map(str, found))
        return sorted(tuple("" if term is None else term.value for term in row) for row in found)


def read(body: bytes, accept: str) -> object:
    """An answer as a value that compares: a truth value, the sorted rows, or the sorted triples."""
    if accept == TRIPLES:
        return sorted(str(quad.triple) for quad in pyoxigraph.parse(body, format=pyoxigraph.RdfFormat.N_TRIPLES))
    if accept == CSV:
        return sorted(tuple(row) for row in list(csv.reader(body.decode().splitlines()))[1:])
    form = pyoxigraph.QueryResultsFormat.JSON if accept == JSON_RESULTS else pyoxigraph.QueryResultsFormat.XML
    found = pyoxigraph.parse_query_results(body, format=form)
    if isinstance(found, pyoxigraph.QueryBoolean):
        return bool(found)
    return sorted(tuple("" if term is None else term.value for term in row) for row in found)


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks: an address on loopback of its own, so that the server tells clients apart."""

    server: Server
    source: str
    book: Book

    def send(
        self, kind: str, method: str, target: str, headers: dict[str, str], body: bytes | None = None
    ) -> tuple[Answer, float] | None:
        """The answer and the time it took; None, booked as a fault, where there is none."""
        wire = http.client.HTTPConnection(*self.server.place, timeout=20, source_address=(self.source, 0))
        begun = time.perf_counter()
        try:
            wire.request(method, target, body, headers)
            answer = wire.getresponse()
            shown = {name.lower(): value for name, value in answer.getheaders()}
            try:
                return Answer(answer.status, shown, answer.read()), time.perf_counter() - begun
            except (http.client.IncompleteRead, ConnectionError) as fault:
                return Answer(
                    answer.status, shown, getattr(fault, "partial", b""), whole=False
                ), time.perf_counter() - begun
        except http.client.HTTPException as fault:
            self.book.broken(kind, OSError(repr(fault)), f"{target} {body!r}")
        except OSError as fault:
            self.book.broken(kind, fault, f"{target} {body!r}")
        finally:
            wire.close()
        return None


SLUGS = "h01 axonem microns-mm3 hemibrain fib-25 j0126 kasthuri mitoem nucmm snemi3d isbi-2012 no-such-thing".split()
DATASET = "<https://w3id.org/emkg/id/dataset/{}>"
SELECTS = [f"SELECT ?p ?o {{ {DATASET.format(slug)} ?p ?o }}" for slug in SLUGS]
SELECTS += [
    "SELECT ?d ?t { ?d a emkg:Dataset ; dcterms:title ?t } ORDER BY ?t",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c } GROUP BY ?c ORDER BY DESC(?n) ?c",
    "SELECT DISTINCT ?v { ?v a emkg:ImageVolume ; emkg:acquiredBy ?a . ?a a ?k . ?k rdfs:subClassOf* emkg:SEM }",
    "SELECT ?v ?x { ?v emkg:voxelX ?x FILTER(?x < 5) } ORDER BY ?x ?v",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s a ?c } } GROUP BY ?g",
    "SELECT ?d ?l { ?d a emkg:Dataset OPTIONAL { ?d dcterms:license ?l } } ORDER BY ?d ?l",
    "SELECT ?s ?t { ?s dcterms:title ?t FILTER(CONTAINS(LCASE(?t), 'cortex') || REGEX(?t, '^Sy')) }",
    "SELECT ?d { ?d a emkg:Dataset FILTER NOT EXISTS { ?d emkg:hasCount ?c } }",
    "SELECT (GROUP_CONCAT(DISTINCT ?t; separator='|') AS ?all) { SELECT ?t { ?d a emkg:Dataset ; dcterms:title ?t } ORDER BY ?t }",
    "SELECT ?x { VALUES ?x { 'ü€🦠' \"a,b\" '\"' } }",
]
ASKS = ["ASK { ?s a emkg:Dataset }", "ASK { ?s a <x:nothing> }"]
GRAPHS = [f"DESCRIBE {DATASET.format(slug)}" for slug in SLUGS[:3]]
GRAPHS += ["CONSTRUCT { ?s rdfs:label ?l } WHERE { ?s a emkg:Dataset ; rdfs:label ?l }"]
DOCUMENTS = [f"/doc/dataset/{slug}" for slug in SLUGS[:-1]] + [
    "/",
    "/datasets",
    "/robots.txt",
    "/ontology",
    "/ask",
    "/context.jsonld",
]


def valid(client: Client, judge: Judge, chance: random.Random) -> None:
    """A right request; its answer is compared with pyoxigraph's, or with the bytes that its ETag named before."""
    if chance.random() < 0.3:
        target, accept = (
            chance.choice(DOCUMENTS),
            chance.choice(("text/html", "text/turtle, */*;q=0.1", "application/ld+json, */*;q=0.1")),
        )
        if done := client.send("document", "GET", target, {"Accept": accept}):
            answer, took = done
            fault = (
                ""
                if answer.status == 200 and answer.whole and client.book.same(target, accept, answer)
                else f"not the document {target} {accept}"
            )
            client.book.note("document", answer, took, fault)
        return
    text = chance.choice(chance.choice((SELECTS, SELECTS, SELECTS, ASKS, GRAPHS)))
    accept = TRIPLES
    if text not in GRAPHS:
        accept = chance.choice((JSON_RESULTS, XML) if text in ASKS else (JSON_RESULTS, XML, CSV))
    sent = text if chance.random() < 0.5 else f"{text}\n# {next(_NUMBERS)}"  # every other one is new to any cache
    if chance.random() < 0.5:
        done = client.send("query", "GET", "/sparql?" + urlencode({"query": sent}), {"Accept": accept})
    else:
        kind = {"Accept": accept, "Content-Type": "application/sparql-query"}
        done = client.send("query", "POST", "/sparql", kind, sent.encode())
    if done:
        answer, took = done
        fault = (
            ""
            if answer.status == 200 and (not answer.whole or judge.right(text, accept, answer.body))
            else f"wrong answer to {sent}"
        )
        client.book.note("query", answer, took, fault)


# Method, target, headers, body, and the status that it must have.
WRONG: list[tuple[str, str, dict[str, str], bytes | None, int]] = [
    ("GET", "/sparql?query=" + quote("SELECT * {"), {}, None, 400),
    ("GET", "/sparql?query=" + quote("INSERT DATA { <a:b> <a:b> <a:b> }"), {}, None, 400),
    ("GET", "/sparql?query=%ff%fe", {}, None, 400),
    ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", {}, None, 400),
    ("GET", "/sparql?query=" + quote("ASK { FILTER(<x:f>(1)) }"), {}, None, 400),
    ("GET", "/sparql?query=ASK%7B%7D", {"Accept": "image/png"}, None, 406),
    ("POST", "/sparql", {"Content-Type": "text/plain"}, b"ASK {}", 415),
    ("POST", "/sparql", {"Content-Type": "application/x-www-form-urlencoded"}, b"update=CLEAR+ALL", 400),
    ("POST", "/sparql", {"Content-Type": "application/sparql-query"}, b"#" * 2_000_000, 413),
    ("PUT", "/sparql", {}, b"", 405),
    ("DELETE", "/doc/dataset/h01", {}, None, 405),
    ("GET", "/doc/dataset/no-such-thing", {}, None, 404),
    ("GET", "/doc/dataset/%2e%2e%2f%2e%2e%2fetc%2fpasswd", {}, None, 404),
    ("GET", "/dump/..%2f..%2fmanifest.json", {}, None, 404),
    ("GET", "/doc/dataset/h01", {"Accept": "image/png"}, None, 406),
    ("GET", "/no/such/page", {}, None, 404),
]


def wrong(client: Client, chance: random.Random) -> None:
    """A wrong request; its refusal must be the right one."""
    method, target, headers, body, status = chance.choice(WRONG)
    if done := client.send("wrong", method, target, {"Accept": "*/*", **headers}, body):
        answer, took = done
        client.book.note(
            "wrong",
            answer,
            took,
            "" if answer.status == status and answer.whole else f"not {status}: {method} {target}",
        )


def hostile(client: Client, chance: random.Random, limit: float, address: str) -> None:
    """A killer, or a text that would call ``address``; it must be refused, or end with a truthful signal within the limit."""
    if chance.random() < 0.4:
        text = chance.choice(CALLS).format(address)
        done = client.send("call", "GET", "/sparql?" + urlencode({"query": text}), {"Accept": "*/*"})
        if done:
            client.book.note("call", *done, "" if done[0].status in (200, 400) else f"to {text}")
        return
    name = chance.choice(list(KILLERS))
    killer = KILLERS[name]
    headers = {"Accept": "*/*", "Content-Type": "application/sparql-query"}
    if done := client.send("killer", "POST", "/sparql", headers, killer.text.encode()):
        answer, took = done
        expected = answer.status == killer.refused if killer.refused else not answer.whole or killer.harmless
        late = f"{name} took {took:.1f} s" if took > limit else ""
        client.book.note("killer", answer, took, late or ("" if expected else f"{name} was answered"))


def keep_on(work: Callable[[], None], stop: threading.Event, pause: float) -> threading.Thread:
    """A thread that does the work again and again, with pauses, until told to stop."""

    def run() -> None:
        while not stop.is_set():
            work()
            stop.wait(pause)

    thread = threading.Thread(target=run)
    thread.start()
    return thread
