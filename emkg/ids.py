"""The IRI policy: key → IRI → path and back."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from urllib.parse import quote

from emkg.errors import NotFound
from emkg.paths import data_dir
from emkg.rdf import NamedNode
from emkg.vocab import base, prefixes

KINDS = (
    *(
        "dataset",
        "group",
        "volume",
        "sample",
        "acquisition",
        "reconstruction",
        "count",
        "distribution",
        "host",
        "agent",
    ),
    *(
        "paper",
        "figure",
        "regime",
        "vertex",
        "circuit",
        "model",
        "estimate",
        "contour",
        "capacity",
        "method",
        "resource",
    ),
    *(
        "source",
        "source-version",
        "source-file",
        "source-table",
        "source-row",
        "source-cell",
        "source-section",
        "claim",
        "activity",
        "taxon",
    ),
    *("region", "facet", "challenge", "question", "technique-entry"),
    *("image-set", "grant", "source-record", "link"),
)
_SUPERSCRIPTS = str.maketrans({"³": "3", "²": "2", "µ": "u", "μ": "u"})


def slugify(text: str) -> str:
    """A kebab-case ASCII slug; frozen in data/registry.tsv once given, never recomputed for a dataset.

    >>> slugify("MICrONS Cortical mm³"), slugify("Shapson-Coe")
    ('microns-cortical-mm3', 'shapson-coe')
    """
    plain = unicodedata.normalize("NFKD", text.translate(_SUPERSCRIPTS)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


@cache
def given_slugs() -> frozenset[tuple[str, str]]:
    """Kind and slug of every name that data/registry.tsv records as given, whether the graph still has it or not.

    >>> ("dataset", "h01") in given_slugs()
    True
    """
    lines = (data_dir() / "registry.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return frozenset((row[1], row[0]) for row in rows[1:] if len(row) > 1)


def mint(kind: str, slug: str) -> NamedNode:
    """The IRI of an individual; raises NotFound for a kind that the policy does not have.

    >>> mint("dataset", "h01").value.endswith("/id/dataset/h01")
    True
    """
    if kind not in KINDS:
        raise NotFound(f"no kind {kind!r}", "emkg/ids.py", f"use one of {', '.join(KINDS)}")
    return NamedNode(f"{prefixes()['emr']}{kind}/{slug}")


def graph_iri(*parts: str) -> NamedNode:
    """The IRI of a named graph, such as ``graph_iri("src", "aed", "be275e8", "overview", "03")``."""
    return NamedNode(prefixes()["emg"] + "/".join(parts))


def own_iri(path: str) -> NamedNode:
    """The IRI of one of our own documents or services, such as ``own_iri("sparql")``.

    >>> to_path(own_iri("void#emkg"))
    '/void#emkg'
    """
    return NamedNode(base() + path)


def doi_iri(doi: str) -> NamedNode:
    """The IRI of a DOI, lower-cased as DOIs compare (https://www.doi.org/doi-handbook/HTML/case-sensitivity.html).

    >>> doi_iri("10.7554/eLife.57443").value.rsplit("/", 1)[1]
    'elife.57443'
    """
    return NamedNode(prefixes()["doi"] + doi.strip().lower())


def is_doi(node: NamedNode) -> bool:
    """Whether an IRI is that of a DOI.

    >>> is_doi(doi_iri("10.7554/elife.57443"))
    True
    """
    return node.value.startswith(prefixes()["doi"])


@cache
def well_known_graphs() -> dict[str, NamedNode]:
    """The graphs every build has: curated, links, derived, inferred, meta, void, current, and the ontology's own."""
    named = {name: graph_iri(name) for name in ("curated", "links", "derived", "inferred", "meta", "void", "current")}
    return named | {"ontology": NamedNode(base() + "ontology")}


def to_path(node: NamedNode) -> str | None:
    """The path under which a server answers for an IRI: ours by their own path, papers by their DOI; None for others.

    >>> to_path(mint("dataset", "h01")), to_path(doi_iri("10.7554/eLife.57443"))
    ('/id/dataset/h01', '/id/paper/10.7554/elife.57443')
    """
    if node.value.startswith(base()):
        return "/" + quote(node.value.removeprefix(base()), safe="/#:@!$&'()*+,;=~%")
    if node.value.startswith(prefixes()["doi"]):
        return "/id/paper/" + quote(node.value.removeprefix(prefixes()["doi"]), safe="/:@!$&'()*+,;=~%")
    return None


def from_path(kind: str, slug: str) -> NamedNode:
    """The IRI that the path ``/id/{kind}/{slug}`` stands for; raises NotFound for an unknown kind.

    >>> from_path("paper", "10.7554/elife.57443") == doi_iri("10.7554/eLife.57443")
    True
    """
    if kind == "paper" and slug.startswith("10."):
        return doi_iri(slug)
    return mint(kind, slug)
