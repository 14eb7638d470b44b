"""Lists of datasets in Markdown: names under headings, or entries of a list, each with its links; a record for each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from emkg.cursor import Cursor
from emkg.model import Record
from emkg.sources._viewer_state import layers

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_LINK = re.compile(r"\[+([^\[\]]+)\]+\(([^)\s]*)\)")
_NAMED_HEADING = re.compile(r"^(?P<name>[^|]+?)\s*\|\s*(?P<venue>[^|\d]*?)\s*(?P<year>\d{4})?$")
_ENTRY = re.compile(r"^[+*-]\s+(?P<year>\d{4})(?:-(?P<venue>[\w ]+?))?\s+-\s+(?P<name>[^:\[\]]+?):\s*(?P<title>.*)$")
_RESOURCE = re.compile(r"^[+*-]\s+\[(?P<name>[^\]]+)\]\((?P<url>https://www\.ebi\.ac\.uk/empiar/EMPIAR-\d+/?)\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")


def markdown_records(text: str, path: str, of: str) -> Iterator[Record]:
    """The records of a text, the list ``of`` being part of their keys; the pointer is the number of the line at which one begins.

    An address that the text gives to several of them is marked as shared: it is of none of them alone, or a slip.
    """
    found = list(_entries(text))
    owners = Counter(key for _, body in found for key in {_key(link["url"]) for link in body["links"]})
    for line, body in found:
        for link in body["links"]:
            if owners[_key(link["url"])] > 1:
                link["shared"] = True
        yield Record(f"{of} {body['name']}", path, f"/{line}", body)


def _key(url: str) -> str:
    """What an address is of: the first volume that a view shows, else the address."""
    shown = layers(Cursor(url, "", "", []))
    return shown[0].source if shown else url.rstrip("/")


def _entries(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    of_datasets, body, begun, papers = False, dict[str, Any](), 0, 0
    for number, line in enumerate(text.splitlines(), 1):
        if heading := _HEADING.match(line):
            if body.get("links"):
                yield begun, body
            named = _NAMED_HEADING.match(heading[2]) if of_datasets else None
            body, begun, papers = (_named(named) | {"links": []} if named else {}), number, 0
            of_datasets = bool(named) or bool(re.search(r"\bdatasets?\b", heading[2], re.IGNORECASE))
        elif body:
            if bold := _BOLD.search(line):
                papers += 1
                body.setdefault("title", bold[1])
            if papers < 2:  # the links of a second paper are not of the dataset
                body["links"] += _links(line)
        elif (entry := _ENTRY.match(line)) and of_datasets:
            title = entry["title"].split("[[", 1)[0].strip(" .")
            yield number, _named(entry) | ({"title": title} if title else {}) | {"links": _links(line)}
        elif resource := _RESOURCE.match(line):
            yield number, {"name": resource["name"], "links": [{"label": "Dataset", "url": resource["url"]}]}
    if body.get("links"):
        yield begun, body


def _named(found: re.Match[str]) -> dict[str, Any]:
    return {name: words for name in ("name", "venue", "year") if (words := (found[name] or "").strip())}


def _links(line: str) -> list[dict[str, Any]]:
    return [{"label": label.strip(), "url": url} for label, url in _LINK.findall(line)]
