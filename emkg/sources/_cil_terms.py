"""The annotations of a record of the Cell Image Library: terms with their labels, and words in free text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from emkg.cursor import Cursor
from emkg.model import Concept, Curie, Sample
from emkg.sources import _lookup
from emkg.stated import Text, joined

_BRACKETED = re.compile(r"\s*\[[A-Za-z]+:\w+\]$", re.ASCII)
_ANATOMY = ("HUMAN_DEV_ANATOMY", "MOUSE_GROSS_ANATOMY", "PLANT_GROWTH", "XENOPUS_ANATOMY", "ZEBRAFISH_ANATOMY")


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotation: the term and its label, or the words where the annotator found no term."""

    term: Curie | None
    label: Text | None
    words: Text | None

    @property
    def concept(self) -> Concept | None:
        """The term with its label; None unless there are both."""
        return Concept(self.term, self.label) if self.term and self.label else None

    @property
    def stated(self) -> Text | None:
        """The words for what is annotated: the label of the term, or the free text."""
        return self.label or self.words


def annotated(field: Cursor) -> list[Annotation]:
    """The annotations of a field, which holds one object or a list of them; repeats are left out.

    >>> [one] = annotated(Cursor({"onto_id": "GO:0005739", "onto_name": "mitochondrion"}, "/C", "1.json", []))
    >>> one.term, one.label
    ('GO:0005739', 'mitochondrion')
    """
    found = [_annotation(one) for one in field]
    return list(dict.fromkeys(one for one in found if one.term or one.stated))


def _annotation(place: Cursor) -> Annotation:
    identifier = place["onto_id"].text()
    label = place["onto_name"].text()
    if label is not None:  # "Opercularia [NCBITaxon:168247]"
        label = Text(_BRACKETED.sub("", label), label.at)
    return Annotation(_lookup.term(identifier), label or None, place["free_text"].text())


def terms_of(found: list[Annotation], prefix: str) -> tuple[Curie, ...]:
    """The terms of one vocabulary."""
    return tuple(dict.fromkeys(one.term for one in found if one.term and one.term.startswith(prefix)))


def words_beside(found: list[Annotation], prefix: str) -> tuple[Text, ...]:
    """The words of the annotations that have no term of the vocabulary."""
    stated = (one.stated for one in found if not (one.term and one.term.startswith(prefix)))
    return tuple(dict.fromkeys(words for words in stated if words))


def species(core: Cursor) -> tuple[Annotation | None, Text | None]:
    """The one taxon of the sample, and the words for what has no taxon; of several taxa no one is the sample's, and all are words."""
    found = annotated(core["NCBIORGANISMALCLASSIFICATION"])
    known = [one if one.term else Annotation(_lookup.taxon(one.stated), None, one.words) for one in found]
    taxa = terms_of(known, "NCBITaxon:")
    if len(taxa) == 1:
        others = words_beside(known, "NCBITaxon:")
        taxon = next(one for one in known if one.term == taxa[0])
        return taxon, joined("; ", others) if others else None
    words = tuple(dict.fromkeys(one.stated for one in found if one.stated))
    return None, joined("; ", words) if words else None


def region_words(core: Cursor) -> tuple[Text, ...]:
    """The words for the place in the body, from the anatomy of whichever species."""
    found = (one.stated for field in _ANATOMY for one in annotated(core[field]))
    return tuple(dict.fromkeys(words for words in found if words))


def sample_of(core: Cursor, slug: str, taxon: Annotation | None) -> Sample:
    """What was imaged: cells, structures, diseases and preparation, by CL, GO, DOID and FBbi."""
    cells = annotated(core["CELLTYPE"])
    structures = annotated(core["CELLULARCOMPONENT"])
    diseases = annotated(core["HUMAN_DISEASE"])
    preparations = annotated(core["PREPARATION"])
    lines = annotated(core["CELLLINE"])
    by_words, beside = _lookup.structures(words_beside(structures, "GO:"))
    regions = [one for words in region_words(core) for one in _lookup.regions(words)]
    named = [one.concept for one in (*([taxon] if taxon else []), *cells, *structures, *diseases, *preparations)]
    sample = Sample(
        slug,
        taxon=taxon.term if taxon else None,
        regions=tuple(dict.fromkeys(regions)),
        cell_types=terms_of(cells, "CL:"),
        structures=tuple(dict.fromkeys((*terms_of(structures, "GO:"), *by_words))),
        diseases=terms_of(diseases, "obo:DOID_"),
        preparations=terms_of(preparations, "FBbi:"),
        strains=tuple(dict.fromkeys(one.stated for one in lines if one.stated)),
        stated_cell_types=words_beside(cells, "CL:"),
        stated_structures=beside,
        stated_diseases=words_beside(diseases, "obo:DOID_"),
        stated_preparations=words_beside(preparations, "FBbi:"),
    )
    used = {*sample.cell_types, *sample.structures, *sample.diseases, *sample.preparations, sample.taxon}
    labels = {one.term: one for one in reversed(named) if one and one.term in used}
    return replace(sample, named=tuple(labels[term] for term in sorted(labels)))
