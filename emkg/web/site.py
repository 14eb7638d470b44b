"""What a running site holds: the graph of one build, its version, labels for everything, and the engine that
answers queries.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any

from cachetools import LRUCache
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.templating import Jinja2Templates

from emkg.built import manifest
from emkg.config import Limits
from emkg.errors import EmkgError
from emkg.graph import Graph
from emkg.ids import to_path
from emkg.metadata.summaries import Summary, summaries
from emkg.rdf import Literal, NamedNode
from emkg.vocab import DCTERMS, FOAF, RDFS, SKOS, curie
from emkg.web.documents import Documents
from emkg.web.launch import may_fork
from emkg.web.pool import WorkerEngine

HERE = Path(__file__).resolve().parent
_CAPITAL = re.compile(r"(?<=[a-z])([A-Z])")
_OF_WORDS = frozenset(
    "owl rdf rdfs skos foaf org prov fabio cito dcat dcterms void sd sh schema sosa qudt bibo".split()
)
"""The vocabularies whose names are words; the graph does not repeat their labels."""


@dataclass
class Site:
    """One build as it is served. ``mark`` changes whenever data or pages do: every ETag comes from it."""

    folder: Path
    graph: Graph
    engine: WorkerEngine
    limits: Limits
    version: str
    mark: str
    labels: dict[str, str]
    templates: Jinja2Templates
    documents: Documents = field(default_factory=Documents)
    links: LRUCache[tuple[NamedNode, str], str] = field(default_factory=lambda: LRUCache(20_000))
    _cache: dict[Any, Any] = field(default_factory=dict)
    users: int = 0  # requests under way on this site
    _lock: RLock = field(default_factory=RLock)

    @classmethod
    def open(cls, build_dir: Path, limits: Limits | None = None) -> Site:
        """The site of the build in place; raises NoBuild. ``close`` ends what it starts."""
        made = manifest(build_dir)
        folder = (build_dir / "current").resolve()
        limits = limits or Limits()
        graph, engine = _loaded(folder / "emkg.nq", limits)
        templates = Jinja2Templates(HERE / "templates")
        templates.env.trim_blocks = templates.env.lstrip_blocks = True
        templates.env.filters |= {"path": link, "curie": curie}
        mark = hashlib.sha256(made["data_version"].encode() + _pages()).hexdigest()[:20]
        return cls(folder, graph, engine, limits, made["version"], mark, _labels(graph), templates)

    def close(self) -> None:
        """Ends the query workers."""
        self.engine.close()

    def label(self, node: NamedNode) -> str:
        """What a person calls the thing; its CURIE where nobody named it."""
        known = self.labels.get(node.value)
        if known:
            return known
        return plain(curie(node))

    @property
    def summaries(self) -> tuple[Summary, ...]:
        """All datasets in short, by title."""
        found: tuple[Summary, ...] = self.once("summaries", lambda: summaries(self.graph, self.label))
        return found

    @property
    def by_node(self) -> dict[NamedNode, Summary]:
        """The same by their IRIs."""
        found: dict[NamedNode, Summary] = self.once("by node", lambda: {one.node: one for one in self.summaries})
        return found

    async def ready(self) -> None:
        """Reads what every document needs, in a thread, so that the first one does not hold up the others."""
        if "ready" not in self._cache:
            await run_in_threadpool(self.once, "ready", lambda: (self.by_node, self.gone, self.has(NamedNode("urn:x"))))

    def has(self, node: NamedNode) -> bool:
        """Whether the graph says anything of the node, or the node is a graph."""
        known: frozenset[str] = self.once("known", lambda: _known(self.graph))
        return node.value in known

    @property
    def gone(self) -> dict[NamedNode, NamedNode | None]:
        """The things that are deprecated, each with what replaced it, if anything did."""
        found: dict[NamedNode, NamedNode | None] = self.once("gone", lambda: _gone(self.graph))
        return found

    def property_label(self, node: NamedNode) -> str:
        """What a person calls the property; another vocabulary's name is parted into its words."""
        known = self.labels.get(node.value)
        return known or _CAPITAL.sub(r" \1", curie(node).rpartition(":")[2].rpartition("/")[2]).lower()

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """The value under the key, made when it is first asked for: a build never changes under a site. Keys come from
        the code, never from a request, so that there are few.
        """
        if key not in self._cache:
            with self._lock:
                if key not in self._cache:
                    self._cache[key] = make()
        return self._cache[key]


def _loaded(dump: Path, limits: Limits) -> tuple[Graph, WorkerEngine]:
    """The graph and its query workers: their parent shares our copy where this process may fork, else it loads its own meanwhile."""
    if may_fork():
        graph = Graph.load(dump)
        return graph, WorkerEngine(dump, limits, graph).start()
    engine = WorkerEngine(dump, limits)
    try:
        graph = Graph.load(dump)
        return graph, engine.start()
    except EmkgError:
        engine.close()
        raise


def plain(short: str) -> str:
    """A CURIE as a person reads it: a licence by its name, a term of another vocabulary by its words, an identifier as
    it is.

    >>> plain("cc:by/4.0/"), plain("fabio:JournalArticle"), plain("CL:0000540")
    ('CC BY 4.0', 'journal article', 'CL:0000540')
    >>> plain("contenttypes:application_vnd.neuroglancer.precomputed")
    'application/vnd.neuroglancer.precomputed'
    """
    prefix, _, local = short.partition(":")
    if prefix == "cc":
        return "CC " + local.strip("/").replace("/", " ").upper()
    if prefix == "contenttypes":
        return local.replace("_", "/", 1)
    if prefix in _OF_WORDS and local.isalpha():
        return _CAPITAL.sub(r" \1", local).lower()
    return local if prefix in ("spdx", "doi") else short


def site_of(request: Request) -> Site:
    """The site that answers a request: from its begin to its end the same, whatever build is put in place meanwhile."""
    site: Site = request.scope.get("emkg.site") or request.app.state.site
    return site


def link(node: NamedNode) -> str:
    """Where a click on a thing leads: our own things to this server, all others to the web; nothing but http(s) is
    a link.

    >>> link(NamedNode("javascript:alert(1)"))
    ''
    """
    own = to_path(node)
    return own if own else node.value if node.value.startswith(("http://", "https://")) else ""


def _pages() -> bytes:
    files = sorted(path for folder in ("templates", "static") for path in (HERE / folder).iterdir() if path.is_file())
    code = [*sorted(HERE.glob("*.py")), *sorted((HERE.parent / "metadata").glob("*.py"))]
    return b"".join(path.read_bytes() for path in [*files, *code])


def _known(graph: Graph) -> frozenset[str]:
    rows = graph.select("SELECT DISTINCT ?s WHERE { ?s ?p ?o FILTER(ISIRI(?s)) }")
    return frozenset(row[0].value for row in rows if row[0] is not None) | {name.value for name in graph.graphs()}


def _gone(graph: Graph) -> dict[NamedNode, NamedNode | None]:
    rows = graph.select("SELECT ?s ?by WHERE { ?s owl:deprecated true OPTIONAL { ?s dcterms:isReplacedBy ?by } }")
    return {node: by if isinstance(by, NamedNode) else None for node, by in rows if isinstance(node, NamedNode)}


def _labels(graph: Graph) -> dict[str, str]:
    """The names of all things: titles before labels, English before other languages."""
    best: dict[str, tuple[int, bool, str]] = {}
    for rank, predicate in enumerate((DCTERMS.title, RDFS.label, SKOS.prefLabel, FOAF.name)):
        for subject, name in graph.pairs(predicate):
            if isinstance(subject, NamedNode):
                found = (rank, not (isinstance(name, Literal) and name.language == "en"), name.value)
                if subject.value not in best or found < best[subject.value]:
                    best[subject.value] = found
    named = {iri: name for iri, (_, _, name) in best.items()}
    # A source's graph is known to people by what it was read from: a row, a section.
    told = graph.select("SELECT ?graph ?read WHERE { ?graph emkg:inVersion ?version ; prov:hadPrimarySource ?read }")
    return named | {part: named[read] for part, read in told.values() if part and read in named}
