"""EMPIAR's codes for what the graph says: experiment types, scales, categories, formats, voxel types.

The codes of EMPIAR stand as skos:notation at our individuals, those of experiment types in data/crosswalks/empiar-code.tsv.
What EMPIAR has no code for is written in words behind ``OT``, in capitals, digits and blanks.
"""

from __future__ import annotations

import re
from functools import cache

from emkg.rdf import Literal, NamedNode
from emkg.sources._crosswalk import find, rows, terms
from emkg.vocab import EM, RDFS, SKOS, iri, ontology_quads

_NO_CAPITAL = re.compile(r"[^A-Z0-9 ]+")


@cache
def _texts(property_: NamedNode) -> dict[NamedNode, str]:
    """Term → its notation, or its English label, as the ontology writes it."""
    return {
        quad.subject: quad.object.value
        for quad in ontology_quads()
        if quad.predicate == property_ and isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal)
    }


def label(term: NamedNode) -> str:
    """The label of a term of the ontology, or the end of its IRI."""
    return _texts(RDFS.label).get(term) or term.value.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def short(term: NamedNode) -> str:
    """The notation of a technique, which is how microscopists call it, or else its label.

    >>> short(EM.ssTEM), short(EM.GCIBSEM)
    ('ssTEM', 'GCIB-SEM')
    """
    return _texts(SKOS.notation).get(term) or label(term)


def scale(kind: NamedNode) -> str:
    """The digit of a sample kind: molecule 1, virus 2, cell 3, tissue 4, organism 5.

    >>> scale(EM.tissueSample)
    '4'
    """
    return _texts(SKOS.notation)[kind]


def other(words: str) -> str:
    """The code of a thing that has none: its words in capitals.

    >>> other("OME-Zarr")
    "('OT', 'OME ZARR')"
    """
    return f"('OT', '{' '.join(_NO_CAPITAL.sub(' ', words.upper()).split())}')"


def _code(notation: str) -> str:
    return f"('{notation}', '')"


def category(term: NamedNode) -> str:
    """The code of an image category; label images are a segmentation, a free word.

    >>> category(EM.tiltSeries), category(EM.labelImages)
    ("('T9', '')", "('OT', 'segmentation')")
    """
    return "('OT', 'segmentation')" if term == EM.labelImages else _code(_texts(SKOS.notation)[term])


def file_format(term: NamedNode, *, of_header: bool = False) -> str:
    """The code of a format; T8 is XML among headers and Big Data Viewer HDF5 among data, and neither in the other list.

    >>> file_format(EM.formatTIFF), file_format(EM.formatXML, of_header=True), file_format(EM.formatXML)
    ("('T3', '')", "('T8', '')", "('OT', 'XML')")
    """
    notation = _texts(SKOS.notation).get(term)
    misplaced = term == (EM.formatBigDataViewerHDF5 if of_header else EM.formatXML)
    if notation and not misplaced:
        return _code(notation)
    return other(label(term).removesuffix(" format").removeprefix("Neuroglancer "))


def voxel_type(term: NamedNode) -> str:
    """The code of a voxel type.

    >>> voxel_type(EM.uint8), voxel_type(EM.float16)
    ("('T1', '')", "('OT', '16 BIT FLOAT')")
    """
    notation = _texts(SKOS.notation).get(term)
    return _code(notation) if notation else other(label(term))


@cache
def experiments() -> dict[int, str]:
    """Code → EMPIAR's word."""
    found: dict[int, str] = {}
    for row in rows("empiar-code"):
        found.setdefault(int(row["code"]), row["word"])
    return found


def experiment_of_words(words: str) -> int | None:
    """The code of an experiment type in EMPIAR's words.

    >>> experiment_of_words("FIB-SEM"), experiment_of_words("ssTEM")
    (5, None)
    """
    row = find("empiar-code", words)
    return int(row["code"]) if row else None


@cache
def _by_technique() -> dict[NamedNode, int]:
    return {iri(one): int(row["code"]) for row in rows("empiar-code") for one in terms(row, "techniques")}


def experiment_of(technique: NamedNode) -> int | None:
    """The code of a technique class; None for one that EMPIAR has no code for."""
    return _by_technique().get(technique)
