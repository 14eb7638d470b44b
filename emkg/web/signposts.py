"""FAIR Signposting, levels 1 and 2 (https://signposting.org/FAIR/): which links tell a program what a dataset's page is
about, and the same as a linkset in JSON and in text (RFC 9264).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from emkg.describe import document_path
from emkg.formats import Format
from emkg.ids import own_iri
from emkg.metadata.schema_org import PROFILE
from emkg.metadata.summaries import Summary
from emkg.metadata.words import media_type
from emkg.vocab import SCHEMA

LINKSET_PROFILE = "https://signposting.org/FAIR/"
LINKSETS = (
    Format("linkset-json", ("application/linkset+json",), "linkset.json", "Linkset in JSON"),
    Format("linkset", ("application/linkset",), "linkset", "Linkset"),
)
MOST = 10
"""Authors and items that a header names at most, as proxies refuse headers of more than a few kilobytes; the linkset has all."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link: from where, in what relation, to where, and of what media type and profile that is."""

    anchor: str
    relation: str
    target: str
    type: str = ""
    profile: str = ""

    def in_header(self) -> str:
        """As a value of a Link header (RFC 8288 §3)."""
        told = "".join(
            f'; {name}="{value}"' for name, value in (("type", self.type), ("profile", self.profile)) if value
        )
        return f'<{uri(self.target)}>; rel="{self.relation}"{told}'


def uri(iri: str) -> str:
    """An IRI as the URI that a header may hold (RFC 3987 §3.1).

    >>> uri("https://x.example/µm?a=%20b")
    'https://x.example/%C2%B5m?a=%20b'
    """
    return quote(iri, safe=":/?#[]@!$&'()*+,;=%~")


def of_dataset(summary: Summary, offers: Sequence[Format], base: str = "") -> list[Link]:
    """The links of a dataset's page, and those of its other documents; ``base`` is the server, for absolute targets."""
    path = base + document_path(summary.node)
    return [*_of_page(summary, path, offers), *_of_documents(summary, path, offers)]


def _of_page(summary: Summary, path: str, offers: Sequence[Format]) -> Iterator[Link]:
    yield Link(path, "cite-as", summary.node.value)
    yield Link(path, "type", SCHEMA.Dataset.value)
    yield Link(path, "type", SCHEMA.AboutPage.value)
    if len(summary.licences) == 1:  # the profile allows one; of several none is the licence of the whole
        yield Link(path, "license", summary.licences[0].node.value)
    for agent in summary.makers:
        yield Link(path, "author", agent.node.value)
    for form in offers:
        yield Link(path, "describedby", f"{path}.{form.suffix}", form.media_type)
    for point in summary.access:
        yield Link(path, "item", point.url.value, media_type(point.forms[0]) if point.forms else "")
    for form in LINKSETS:
        yield Link(path, "linkset", f"{path}.{form.suffix}", form.media_type, LINKSET_PROFILE)
    yield Link(path, "collection", own_iri("catalog").value)
    yield Link(path, "profile", PROFILE)
    if summary.replaced_by:
        yield Link(path, "successor-version", summary.replaced_by.value)


def _of_documents(summary: Summary, path: str, offers: Sequence[Format]) -> Iterator[Link]:
    for form in offers:
        yield Link(f"{path}.{form.suffix}", "describes", path, "text/html")
    for point in summary.access:
        yield Link(point.url.value, "collection", path, "text/html")


def header(links: Iterable[Link], anchor: str) -> list[str]:
    """The links of one document as values of its Link header."""
    counts: dict[str, int] = defaultdict(int)
    found = []
    for link in links:
        if link.anchor == anchor:
            counts[link.relation] += 1
            if counts[link.relation] <= MOST:
                found.append(link.in_header())
    return found


def as_json(links: Iterable[Link]) -> bytes:
    """A linkset in JSON (RFC 9264 §4.2)."""
    anchors: dict[str, dict[str, list[dict[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for link in links:
        told = {"href": link.target, "type": link.type, "profile": link.profile}
        anchors[link.anchor][link.relation].append({name: value for name, value in told.items() if value})
    linkset = [{"anchor": anchor, **relations} for anchor, relations in anchors.items()]
    return (json.dumps({"linkset": linkset}, ensure_ascii=False, indent=1) + "\n").encode()


def as_text(links: Iterable[Link]) -> bytes:
    """A linkset as the value of a Link header, every link with its anchor (RFC 9264 §4.1)."""
    return (",\n".join(f'{link.in_header()}; anchor="{uri(link.anchor)}"' for link in links) + "\n").encode()
