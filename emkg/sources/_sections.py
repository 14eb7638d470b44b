"""What do a list's sections say besides its tables: papers, techniques, resources, labs, people and figures?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from emkg.ids import slugify
from emkg.model import Curie, Dataset, Fault, Named, Paper, Statement
from emkg.sources._crosswalk import find, named, terms
from emkg.sources._papers import References, is_iri, paper

Fact = dict[str, Any]


@dataclass(slots=True)
class _Section:
    """What has been read of one section; sections with one graph are one."""

    graph: str
    name: str
    papers: list[Paper] = field(default_factory=list)
    things: list[Named] = field(default_factory=list)
    figures: list[Named] = field(default_factory=list)
    figured: list[tuple[str, str, Paper]] = field(default_factory=list)


@dataclass(slots=True)
class _Place:
    """Where in a file the reader is: the headings above, the section they make, the year, the last paper."""

    headings: dict[int, str] = field(default_factory=dict)
    section: str = ""
    reading: str = "title"
    heading: str = ""
    year: int | None = None
    last: Paper | None = None
    entry: str = ""
    unknown: bool = True


@dataclass(slots=True)
class Sections:
    """All sections of a version, the references among them, the heading over each table, and the faults."""

    sections: dict[str, _Section] = field(default_factory=dict)
    references: References = field(default_factory=References)
    tables: list[tuple[Fact, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def statements(self, graph: tuple[str, str], documented: dict[str, set[str]]) -> Iterator[Statement]:
        """One statement a section, with the datasets that only the figures among the references name."""
        for section in self.sections.values():
            datasets = []
            for slug, title, one in section.figured:
                if slug not in documented.get(one.slug, ()):
                    datasets.append(Dataset(slug, title, papers=(one,)))
            if section.papers or section.things or section.figures:
                yield Statement(
                    (*graph, section.graph),
                    section.name,
                    datasets=tuple(datasets),
                    papers=tuple(section.papers),
                    things=tuple(section.things),
                    figures=tuple(section.figures),
                )


def read_sections(facts: list[Fact]) -> Sections:
    """Reads a version's facts in their order, file by file."""
    found = Sections()
    path, place = "", _Place()
    for fact in facts:
        if fact["path"] != path:
            path, place = fact["path"], _Place()
        if fact["kind"] == "heading":
            _heading(found, place, fact)
        elif fact["kind"] == "table":
            found.tables.append((fact, place.heading))
        else:
            _read(found, place, fact)
    return found


def _heading(found: Sections, place: _Place, fact: Fact) -> None:
    level, text = fact["level"], fact["text"]
    place.headings = {one: words for one, words in place.headings.items() if one < level} | {level: text}
    place.heading = text
    if place.reading == "references" and re.fullmatch(r"\d{4}", text):
        place.year, place.last, place.entry = int(text), None, ""
        return
    if place.reading == "references" and place.year is not None and _deeper_than_year(place, level):
        place.entry = text
        return
    row = find("section", text)
    above = [find("section", words) for one, words in sorted(place.headings.items()) if one < level]
    known = row or next((one for one in reversed(above) if one), None)
    place.section, place.reading = (known["graph"], known["reading"]) if known else ("", "title")
    place.unknown = row is None and place.reading == "title"
    place.year, place.last, place.entry = None, None, ""
    if place.section and place.section not in found.sections:
        name = next(words for words in reversed(list(place.headings.values())) if find("section", words))
        found.sections[place.section] = _Section(place.section, name)


def _deeper_than_year(place: _Place, level: int) -> bool:
    return any(one < level and words == str(place.year) for one, words in place.headings.items())


def _fault(found: Sections, fact: Fact, reason: str, text: str = "") -> None:
    found.faults.append(Fault(fact["path"], fact["line"], fact["column"], reason, text or str(fact.get("text", ""))))


def _read(found: Sections, place: _Place, fact: Fact) -> None:
    if place.unknown and fact["kind"] in ("item", "link"):
        if not place.headings or fact["kind"] == "item":
            _fault(found, fact, f"the section {place.heading!r} is not known to section.tsv, so this is not read")
        return
    section = found.sections.get(place.section)
    if section is None:
        return
    if fact["kind"] == "picture":
        _picture(found, section, place, fact)
    elif fact["kind"] == "item" or place.reading == "references":
        reader = _READERS.get(place.reading)
        if reader is None:
            _fault(found, fact, f"a section read for its {place.reading} holds a list item")
        else:
            reader(found, section, place, fact)


def _picture(found: Sections, section: _Section, place: _Place, fact: Fact) -> None:
    stem = re.split(r"[/\\]", fact["source"])[-1].rpartition(".")[0]
    if not slugify(stem):
        _fault(found, fact, "a picture without a name", fact["source"])
        return
    section.figures.append(Named("figure", slugify(stem), stem.replace("_", " "), paper=place.last))
    entry = named("dataset", stem.replace("_", " "))
    if entry and place.last and place.reading == "references":
        found.references.add(place.last, [entry.slug])
        section.figured.append((entry.slug, stem.replace("_", " "), place.last))


def _paper(found: Sections, section: _Section, place: _Place, fact: Fact) -> None:
    """An entry of a list of papers: authors, linked title, year; in a reference list the year is the heading's."""
    if not fact["links"]:
        _fault(found, fact, "an entry of a list of papers has no link")
        return
    link = fact["links"][0]
    if not is_iri(link["url"]):
        _fault(found, fact, "the link is no IRI", link["url"])
        return
    stated = re.fullmatch(r"[\s.,(]*(\d{4})[\s.)]*", fact["after"])
    year = place.year if place.year is not None else int(stated[1]) if stated else None
    one = found.references.distinct(paper(link["before"] or place.entry, link["label"].strip(), link["url"], year))
    place.last = one
    section.papers.append(one)
    if place.reading == "references":
        found.references.add(one)


def _resource(found: Sections, section: _Section, place: _Place, fact: Fact) -> None:
    if not fact["links"]:
        _fault(found, fact, "an entry of a list of resources has no link")
    for link in fact["links"]:
        url = _url(found, fact, link["url"])
        section.things.append(Named("resource", slugify(link["label"]), link["label"], url))


def _url(found: Sections, fact: Fact, url: str) -> str:
    """The URL, or nothing where it is no IRI, which is a fault."""
    if url and not is_iri(url):
        _fault(found, fact, "the link is no IRI", url)
        return ""
    return url


def _lab(found: Sections, section: _Section, place: _Place, fact: Fact) -> None:
    """``**Family** Lab, department, organisation``, the name linked or not."""
    if fact["depth"] > 1:
        _fault(found, fact, "a project named under a lab has no place in the model")
        return
    name, _, organisations = fact["text"].partition(",")
    if not fact["strong"] or not slugify(name):
        _fault(found, fact, "no name of a lab in bold")
        return
    entry = named("agent", name)
    url = _url(found, fact, fact["links"][0]["url"]) if fact["links"] else ""
    part_of = tuple(filter(None, (one.strip(" .") for one in organisations.split(";"))))
    slug = entry.slug if entry else slugify(name)
    section.things.append(Named("agent", slug, name, url, part_of, (Curie("emkg:Lab"),)))


def _person(found: Sections, section: _Section, place: _Place, fact: Fact) -> None:
    if not slugify(fact["text"]):
        _fault(found, fact, "no name of a person")
        return
    url = _url(found, fact, fact["links"][0]["url"]) if fact["links"] else ""
    section.things.append(Named("agent", slugify(fact["text"]), fact["text"], url, (), (Curie("foaf:Person"),)))


def _technique(found: Sections, section: _Section, place: _Place, fact: Fact) -> None:
    word = fact["text"]
    row = find("technique", word)
    if row is None or not row["technique"]:
        reason = "a word for a technique that technique.tsv does not have" if row is None else row["authority"]
        _fault(found, fact, reason)
    classes = tuple(Curie(term) for term in terms(row, "technique")) if row else ()
    section.things.append(Named("technique", slugify(word), word, "", (place.heading,), classes))


_READERS = {
    "papers": _paper,
    "references": _paper,
    "resources": _resource,
    "labs": _lab,
    "people": _person,
    "techniques": _technique,
}
