"""The datasets as one table: what a list, a spreadsheet and the home page show of each."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from emkg.metadata import schema_org
from emkg.metadata.summaries import Access, Lengths, Summary, Thing
from emkg.vocab import prefixes
from emkg.web.facts import Value, number
from emkg.web.site import link


@dataclass(frozen=True, slots=True)
class Line:
    """One dataset: voxel sizes in nm, extents in µm, each as ``x × y × z`` for every volume."""

    slug: str
    title: str
    href: str
    species: tuple[Value, ...]
    techniques: tuple[Value, ...]
    regions: tuple[Value, ...]
    voxels: tuple[str, ...]
    extents: tuple[str, ...]
    year: str
    licences: tuple[Value, ...]
    links: tuple[Value, ...]
    papers: tuple[Value, ...]


def line(one: Summary) -> Line:
    """A dataset as a line."""
    return Line(
        slug=one.slug,
        title=one.title,
        href=link(one.node),
        species=tuple(_value(thing) for thing in one.species),
        techniques=tuple(_short(thing) for thing in one.techniques),
        regions=tuple(_value(thing) for thing in one.regions),
        voxels=tuple(map(lengths, one.voxels)),
        extents=tuple(map(lengths, one.extents)),
        year=one.year,
        licences=tuple(_value(thing) for thing in one.licences),
        links=_addresses(one.access),
        papers=tuple(_value(thing) for thing in one.papers),
    )


def lines(found: Iterable[Summary]) -> tuple[Line, ...]:
    """Datasets as lines, in their order."""
    return tuple(map(line, found))


def lengths(given: Lengths) -> str:
    """Lengths as a person reads them."""
    return " × ".join(number(one) if one is not None else "?" for one in given)


def _value(thing: Thing) -> Value:
    return Value(thing.label, link(thing.node), thing.node.value)


def _short(thing: Thing) -> Value:
    """A technique by its notation, such as ATUM-mSEM, its full name as the hint."""
    return Value(
        thing.short or thing.label, link(thing.node), thing.node.value, hint=thing.label if thing.short else ""
    )


def _addresses(access: Sequence[Access]) -> tuple[Value, ...]:
    """The addresses by their hosts, and by what is found there where a host has several."""
    found = {point.url.value: point for point in access}.values()
    names = {point.node: point.host.label if point.host else point.label for point in found}
    seen = Counter(names.values())
    made = []
    for point in found:
        name = names[point.node]
        kind = f"{name} ({point.role.label})" if point.role else name
        made.append(Value(kind if seen[name] > 1 else name, link(point.url), point.url.value, hint=kind))
    return tuple(sorted(made, key=lambda value: (value.text, value.exact)))


def as_json(found: Iterable[Summary]) -> bytes:
    """The table as a JSON list."""
    plain = [_plain(one) for one in lines(found)]
    return (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode()


def _plain(one: Line) -> dict[str, object]:
    def flat(item: object) -> object:
        if isinstance(item, Value):
            return {"label": item.text, "id": item.exact}
        return [flat(part) for part in item] if isinstance(item, tuple) else item

    return {name: flat(getattr(one, name)) for name in Line.__slots__}


def as_csv(found: Iterable[Summary]) -> bytes:
    """The table as CSV with CRLF (RFC 4180); several values of a cell are parted by ``; ``."""
    out = io.StringIO()
    writer = csv.writer(out)
    head = ("dataset", "title", "species", "techniques", "regions", "voxel_nm", "extent_um", "year", "licences")
    writer.writerow([*head, "links", "papers"])
    for one in lines(found):
        cells = [tuple(v.text for v in values) for values in (one.species, one.techniques, one.regions)]
        cells += [one.voxels, one.extents, (one.year,)]
        cells += [tuple(v.exact for v in values) for values in (one.licences, one.links, one.papers)]
        writer.writerow([one.slug, one.title, *("; ".join(cell) for cell in cells)])
    return out.getvalue().encode()


def as_jsonld(found: Iterable[Summary]) -> bytes:
    """The datasets as schema.org has them, under one inline context."""
    records = [schema_org.dataset(one) for one in found]
    document = {
        "@context": {"@vocab": prefixes()["schema"]},
        "@graph": [{key: value for key, value in one.items() if key != "@context"} for one in records],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
