"""What a record of the BioImage Archive says by REMBI (https://doi.org/10.1038/s41592-021-01166-8): organism, method, instrument.

A record says it in up to three forms: the YAML in which curators write REMBI, the page tab of a submission, and a study's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from emkg.cursor import Cursor
from emkg.model import Concept, Curie
from emkg.sources import _lookup
from emkg.sources._pagetab import first, sections, values
from emkg.stated import Text, joined

_COMMON_NAME = re.compile(r"\s*\([^()]*\)$")
_BEHIND_INSTRUMENT = re.compile(
    r"\s*(?:[,;:]|\.\s|\.$|\boperat|\bequipped\b|\bwith\b|\bfor\b|\bat\s+\d|\s\d+ ?kV).*$", re.IGNORECASE | re.DOTALL
)
_VOLTAGE = re.compile(r"^\d+ ?kV\s+", re.ASCII)
LONGEST_INSTRUMENT = 80
"""Characters; what is longer describes more than an instrument."""


@dataclass(frozen=True, slots=True)
class Organisms:
    """The organism: one taxon with the label that the source gives it, or words, of which no one taxon is known."""

    taxon: Curie | None = None
    named: tuple[Concept, ...] = ()
    stated: Text | None = None


@dataclass(frozen=True, slots=True)
class Method:
    """One way of imaging: technique classes, the term and label of the source, its words, the instrument."""

    techniques: tuple[Curie, ...]
    concept: Concept | None
    words: Text | None
    instrument: Text | None
    title: Text | None = None


def rembi_parts(record: Cursor, key: str, other: str) -> Iterator[Cursor]:
    """The parts of a kind, in the first of the curators' files that has such; the key of one form, and that of the other."""
    for document in record["rembi"]:
        found = [*document["rembis"][key], *document[other]]
        if found:
            yield from found
            return


def organisms(record: Cursor) -> Organisms:
    """The organism by the first form that names one: the curators', the submitter's, the study's own word."""
    for form in (_of_curators, _of_submission, _of_study):
        named = list(dict.fromkeys(form(record)))
        if named:
            return _settled(named)
    return Organisms()


def _settled(named: list[tuple[Curie | None, Text | None]]) -> Organisms:
    taxa = dict.fromkeys(term or _lookup.taxon(words) for term, words in named)
    words = tuple(dict.fromkeys(words for _, words in named if words))
    taxon = next(iter(taxa))
    if len(taxa) != 1 or taxon is None:
        return Organisms(stated=joined("; ", words) if words else None)
    labels = [words for term, words in named if words and term]
    return Organisms(taxon, (Concept(taxon, labels[0]),) if labels else ())


def _of_curators(record: Cursor) -> Iterator[tuple[Curie | None, Text | None]]:
    for sample in rembi_parts(record, "BioSample", "biosamples"):
        for one in sample["organism_classification"]:
            term, words = (
                _lookup.term(one["ncbi_id"].text()),
                one["scientific_name"].text() or one["common_name"].text(),
            )
            if term and not term.startswith("NCBITaxon:"):
                one["ncbi_id"].fault("no taxon of NCBI")
                term = None
            if term or words:
                yield term, words


def _of_submission(record: Cursor) -> Iterator[tuple[Curie | None, Text | None]]:
    for sample in sections(record["pagetab"]["section"], "Biosample"):
        for one in (*sections(sample, "Organism"), sample):
            term = _lookup.term(first(one, "NCBI taxon ID").text() or first(one, "Ontology Term ID").text())
            words = first(one, "Scientific name").text() or _scientific(first(one, "Organism").text())
            if words:
                yield (term if term and term.startswith("NCBITaxon:") else None), words


def _scientific(words: Text | None) -> Text | None:
    """The scientific name, less the common one behind it: "Mus musculus (mouse)"."""
    return Text(_COMMON_NAME.sub("", words), words.at) if words else None


def _of_study(record: Cursor) -> Iterator[tuple[Curie | None, Text | None]]:
    for place in (record["study"]["organism"], record["annotations"]["_study"]["organism"]):
        words = place.text()
        if words:
            yield None, words
            return


def methods(record: Cursor) -> list[Method]:
    """The ways of imaging by the first form that names one."""
    for form in (_methods_of_curators, _methods_of_submission, _methods_of_study):
        found = list(form(record))
        if found:
            return found
    return []


def _methods_of_curators(record: Cursor) -> Iterator[Method]:
    for one in rembi_parts(record, "ImageAcquisitionProtocol", "image_acquisition_protocols"):
        words = one["imaging_method_name"].texts()
        names = [name for word in (*words, *one["fbbi_id"].texts()) for name in _lookup.techniques(_word(word))]
        if words or names:
            stated = joined("; ", words) if words else None
            yield Method(tuple(dict.fromkeys(names)), None, stated, instrument(one["imaging_instrument_description"]))


def _word(word: Text) -> str:
    """A term's CURIE in one spelling (obo:FBbi_00000256), or the word itself."""
    return _lookup.term(word) or word


def _methods_of_submission(record: Cursor) -> Iterator[Method]:
    for one in sections(record["pagetab"]["section"], "Image acquisition"):
        title, device = first(one, "Title").text(), instrument(first(one, "Imaging instrument"))
        for method in sections(one, "Imaging Method"):
            words, term = first(method, "Ontology Value").text(), first(method, "Ontology Term ID").text()
            found = _lookup.techniques(_lookup.term(term)) or _lookup.techniques(words)
            yield Method(found, _lookup.concept(term, words), words, device, title)
        for place in values(one, "Imaging method"):
            words = place.text()
            yield Method(_lookup.techniques(words), None, words, device, title)


def _methods_of_study(record: Cursor) -> Iterator[Method]:
    for place in (record["study"]["imaging_type"], record["annotations"]["_study"]["imaging_type"]):
        words = place.text()
        if words:
            yield Method(_lookup.techniques(words), None, words, None)
            return


def instrument(place: Cursor) -> Text | None:
    """The name of the instrument, less what a description says behind it; None where what is left is no name.

    >>> instrument(Cursor("Titan Krios G3i cryo-TEM at 300 kV, equipped with a filter", "", "a.yaml", []))
    'Titan Krios G3i cryo-TEM'
    """
    words = place.text(10_000)
    name = _VOLTAGE.sub("", _BEHIND_INSTRUMENT.sub("", words)).strip() if words else ""
    if name.count("(") > name.count(")"):
        name = name[: name.rindex("(")].strip()
    return Text(name, place.at) if 2 < len(name) <= LONGEST_INSTRUMENT and any(one.isalpha() for one in name) else None
