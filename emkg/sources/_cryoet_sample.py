"""What a dataset of the CryoET Data Portal was imaged of."""

from __future__ import annotations

from emkg.cursor import Cursor
from emkg.model import Concept, Curie, Sample
from emkg.sources import _lookup
from emkg.sources._cryoet_values import cell_line, stated, taxon, taxon_named, term, words
from emkg.stated import Text

_NO_CELLS = ("UBERON",)
_CELLS = ("CL",)


def sample_of(slug: str, about: Cursor, annotations: list[Cursor], of: Text) -> Sample:
    """The sample of all images of a dataset.

    The portal puts a type of cells under ``tissue`` where there is none, and a part of the body under ``cell_type``; each term goes
    where its ontology says. What was annotated counts among the structures.
    """
    tissue, cell, line = term(about["tissue"]), term(about["cell_type"]), cell_line(about["cell_strain"])
    placed = [one for one in (tissue, cell) if one]
    cells = [one for one in placed if _of(one, _CELLS) or (one is cell and not _of(one, _NO_CELLS))]
    regions = [one for one in placed if one not in cells]
    lines = [line] if line else []
    inside, disease = term(about["cell_component"]), term(about["disease"])
    objects = [one["metadata"]["annotation_object"] for one in annotations]
    seen, described = _structures(objects)
    structures = [inside] if inside else []
    diseases = [disease] if disease else []
    kind, organism = words(about["sample_type"]), taxon_named(about["organism"])
    return Sample(
        slug,
        taxon=taxon(about["organism"]),
        regions=_terms(regions),
        kind=_lookup.sample_kind(kind),
        cell_types=_terms(cells),
        cell_lines=_terms(lines),
        structures=tuple(dict.fromkeys((*_terms(structures), *(one for one, _ in seen)))),
        diseases=_terms(diseases),
        named=_labels(
            [
                *([organism] if organism else []),
                *placed,
                *lines,
                *structures,
                *diseases,
                *(one for _, one in seen if one),
            ]
        ),
        strains=_strains(about["cell_strain"], lines),
        life_stage=words(about["development_stage"]["name"]) or "",
        stated_structures=described,
        stated_kinds=(kind,) if kind else (),
        stated_diseases=_bare(about["disease"], disease),
        of=of,
    )


def region_words(about: Cursor) -> list[Text]:
    """The names of the parts of the body."""
    found = [about[name] for name in ("tissue", "cell_type")]
    named = (words(one["name"]) for one in found if (made := term(one)) and _of(made, _NO_CELLS))
    return list(dict.fromkeys(name for name in named if name))


def _of(concept: Concept, prefixes: tuple[str, ...]) -> bool:
    return concept.term.removeprefix("obo:").replace("_", ":").partition(":")[0] in prefixes


def _terms(concepts: list[Concept]) -> tuple[Curie, ...]:
    return tuple(dict.fromkeys(one.term for one in concepts))


def _labels(concepts: list[Concept]) -> tuple[Concept, ...]:
    """A label for each term: the first, where the record gives it several."""
    return tuple({one.term: one for one in reversed(concepts)}.values())


def _structures(objects: list[Cursor]) -> tuple[list[tuple[Curie, Concept | None]], tuple[Text, ...]]:
    """The terms of GO that annotations name, and the names of what has none.

    Where a description or state says more than the term, the name is not the term's label, and is kept as words.
    """
    seen: dict[Curie, Concept | None] = {}
    described: list[Text] = []
    for one in objects:
        made, name = term(one), words(one["name"])
        narrower = bool(words(one["description"]) or words(one["state"]) or (made and made.label != name))
        if made and made.term.startswith("GO:"):
            seen[made.term] = seen.get(made.term) or (made if made.label != name or not narrower else None)
        if name and (narrower or not made or not made.term.startswith("GO:")):
            described.append(name)
    return list(seen.items()), tuple(dict.fromkeys(described))


def _strains(place: Cursor, lines: list[Concept]) -> tuple[Text, ...]:
    name = words(place["name"])
    return (name,) if name and not lines else ()


def _bare(place: Cursor, found: Concept | None) -> tuple[Text, ...]:
    """The words where their term is none that we know."""
    name = words(stated(place)["name"])
    return (name,) if name and not found else ()
