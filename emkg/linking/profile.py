"""What a record tells by which it may be known elsewhere: accessions, DOI, addresses, papers, taxon, techniques, voxel size, title."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import unquote

from emkg.rdf import Literal, NamedNode, Triple
from emkg.sources._crosswalk import rows
from emkg.vocab import CITO, DCAT, DCTERMS, EM, RDF, prefixes

_IMAGES = ("rawImage", "imageFiles")


@dataclass(slots=True)
class Profile:
    """A dataset's record. ``own`` are keys of the record itself (archive and accession), ``named`` those that it names besides."""

    node: NamedNode
    title: str = ""
    repository: str = ""
    doi: str = ""
    own: set[tuple[str, str]] = field(default_factory=set)
    named: set[tuple[str, str]] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    images: list[NamedNode] = field(default_factory=list)
    papers: set[NamedNode] = field(default_factory=set)
    taxa: set[NamedNode] = field(default_factory=set)
    techniques: set[NamedNode] = field(default_factory=set)
    voxel: tuple[float, ...] = ()


@cache
def _patterns() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    return tuple((row["archive"], row["key"], re.compile(row["pattern"])) for row in rows("accession"))


def keys(text: str) -> set[tuple[str, str]]:
    """The archives and accessions that an accession, DOI or address names, by data/crosswalks/accession.tsv.

    >>> keys("https://www.ebi.ac.uk/empiar/EMPIAR-10392/"), keys("10.7295/w9cil39341")
    ({('empiar', 'EMPIAR-10392')}, {('cell-image-library', 'CIL:39341')})
    """
    plain = unquote(text)
    return {
        (archive, form.format(*found.groups()))
        for archive, form, pattern in _patterns()
        for found in pattern.finditer(plain)
    }


class _Statements:
    """The statements that matter here, by property and subject."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        wanted = {
            *(
                RDF.type,
                DCTERMS.title,
                DCTERMS.identifier,
                DCTERMS.relation,
                DCAT.landingPage,
                DCAT.distribution,
                DCAT.accessURL,
            ),
            *(
                CITO.isDocumentedBy,
                EM.inRepository,
                EM.doi,
                EM.relatedAccession,
                EM.accessRole,
                EM.hasVolume,
                EM.hasImageSet,
            ),
            *(EM.hasSample, EM.acquiredBy, EM.taxon, EM.voxelX, EM.voxelY, EM.voxelZ),
        }
        self._held: dict[tuple[NamedNode, NamedNode], list[NamedNode | Literal]] = {}
        self.datasets: list[NamedNode] = []
        type_, dataset = RDF.type, EM.Dataset
        for triple in triples:
            predicate = triple.predicate
            if predicate not in wanted:
                continue
            subject, value = triple.subject, triple.object
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
                self._held.setdefault((subject, predicate), []).append(value)
                if predicate == type_ and value == dataset:
                    self.datasets.append(subject)

    def words(self, subject: NamedNode, predicate: NamedNode) -> list[str]:
        return [value.value for value in self._held.get((subject, predicate), ())]

    def nodes(self, subject: NamedNode, *predicates: NamedNode) -> list[NamedNode]:
        found = (value for each in predicates for value in self._held.get((subject, each), ()))
        return [value for value in found if isinstance(value, NamedNode)]


def profiles(triples: Iterable[Triple]) -> dict[NamedNode, Profile]:
    """The profile of every dataset, in the order of their IRIs."""
    said = _Statements(triples)
    return {node: _profile(node, said) for node in sorted(set(said.datasets), key=str)}


def _profile(node: NamedNode, said: _Statements) -> Profile:
    made = Profile(node, title=next(iter(said.words(node, DCTERMS.title)), ""))
    made.repository = next((one.value.rsplit("/", 1)[1] for one in said.nodes(node, EM.inRepository)), "")
    made.doi = next(iter(said.words(node, EM.doi)), "")
    own = [*said.words(node, DCTERMS.identifier), *said.words(node, DCAT.landingPage), made.doi]
    named = [*said.words(node, EM.relatedAccession), *said.words(node, DCTERMS.relation)]
    for point in said.nodes(node, DCAT.distribution):
        role = next((one.value.rsplit("#", 1)[1] for one in said.nodes(point, EM.accessRole)), "")
        addresses = said.words(point, DCAT.accessURL)
        (own if role in ("landingPage", "challengePage") else named).extend(addresses)
        if role in _IMAGES:
            made.images.append(point)
            made.addresses |= {address.rstrip("/") for address in addresses}
    made.own = {key for text in own for key in keys(text)}
    made.named = {key for text in named for key in keys(text)} - made.own
    made.papers = set(said.nodes(node, CITO.isDocumentedBy))
    _of_volumes(made, said)
    return made


def _of_volumes(made: Profile, said: _Statements) -> None:
    for volume in said.nodes(made.node, EM.hasVolume, EM.hasImageSet):
        for sample in said.nodes(volume, EM.hasSample):
            made.taxa |= set(said.nodes(sample, EM.taxon))
        for acquisition in said.nodes(volume, EM.acquiredBy):
            types = said.nodes(acquisition, RDF.type)
            made.techniques |= {one for one in types if one.value.startswith(prefixes()["emkg"])} - {
                EM.ImagingAcquisition
            }
        axes = [float(word) for axis in "XYZ" for word in said.words(volume, EM[f"voxel{axis}"])[:1]]
        made.voxel = made.voxel or tuple(axes)
