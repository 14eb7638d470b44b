"""A dataset as a deposition to EMPIAR: the JSON that its depositor takes, as far as the graph knows it; what is missing is told.

Shape and codes: the archive's empiar_deposition.schema.json (github.com/emdb-empiar/empiar-depositor), and the stricter rules of
emkg/exports/_empiar_rules.py. What the graph does not hold, above all the e-mail addresses that EMPIAR writes to, the user gives.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from emkg.errors import ExportError
from emkg.exports import _empiar_codes, _empiar_rules
from emkg.exports._base import Export, Nodes, Option
from emkg.exports._empiar_citation import citations
from emkg.exports._empiar_facts import Facts, facts
from emkg.exports._empiar_images import access_points, image_set, members
from emkg.exports._empiar_people import Missing, authors, contact, creators, given_authors, orcids
from emkg.formats import Format
from emkg.graph import Graph
from emkg.model import Fault
from emkg.rdf import NamedNode
from emkg.sources._files import parse_yaml, read_text
from emkg.vocab import DCAT, DCTERMS, EM, RDF, SKOS

RELEASES = {"RE": "at once", "EP": "with its EMDB entry", "HP": "with the paper", "HO": "after a year"}
GIVEN = ("corresponding_author", "principal_investigator", "authors", "title", "scale", "imagesets", "citation")
"""What the user's file may hold."""
_REFERENCES = {
    "cross_references": re.compile(r"EMD-[0-9]{4,}", re.ASCII),
    "biostudies_references": re.compile(r"S-[A-Z0-9-]+", re.ASCII),
    "idr_references": re.compile(r"idr[0-9]+", re.ASCII),
    "empiar_references": re.compile(r"EMPIAR-[0-9]+", re.ASCII),
}
_FOLDER = re.compile(r"https://ftp\.ebi\.ac\.uk/empiar/world_availability/[0-9]+/(.+)")
_TOMOGRAPHY = (EM.ElectronTomography, EM.sET, EM.TEM)


class EmpiarDeposition(Export):
    """A deposition of one dataset, valid under EMPIAR's schema and its stricter rules, or the list of all that is missing."""

    name = "empiar-deposition"
    about = "a dataset as JSON that EMPIAR's depositor takes"
    format = Format("empiar-deposition", ("application/vnd.emkg.empiar-deposition+json",), "deposition.json", "EMPIAR")
    options: ClassVar[tuple[Option, ...]] = (
        Option("corresponding", "a YAML or JSON file with corresponding_author and principal_investigator"),
        Option("experiment-type", "EMPIAR's number of the experiment type, where the graph's technique has none"),
        Option("release", "when EMPIAR releases it: " + ", ".join(f"{key} {words}" for key, words in RELEASES.items())),
    )

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = dict(values or {})

    def with_options(self, values: Mapping[str, str]) -> EmpiarDeposition:
        """The export with the user's file and choices."""
        return EmpiarDeposition(values)

    def write(self, graph: Graph, nodes: Nodes = None) -> bytes:
        """The deposition of the one dataset; raises ExportError that lists everything missing, or says why EMPIAR has no place for it."""
        if nodes is None or len(nodes) != 1:
            raise ExportError("a deposition holds one dataset", "", f"name one: emkg export {self.name} DATASET")
        document = self._document(graph, facts(graph, nodes[0]))
        return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()

    def _document(self, graph: Graph, dataset: Facts) -> dict[str, Any]:
        gaps: list[str] = []
        given = self._given(gaps.append)
        sets = members(graph, dataset)
        known = orcids(graph, dataset)
        references = _references(graph, dataset)
        experiment = self._experiment(graph, dataset, sets, bool(references["cross_references"]))
        if experiment is None:
            gaps.append(f"experiment_type: nobody states the technique, {_choices()}")
        names = creators(graph, dataset)
        if given.get("authors"):
            names, stated = given_authors(given["authors"], gaps.append)
            known |= stated
        written = authors(names, known, "authors", gaps.append)
        if not names:
            gaps.append("authors: the dataset's creators, as authors: in the file")
        people = [*dataset.nodes(EM.correspondingAuthor), *dataset.nodes(EM.principalInvestigator)]
        people += dataset.nodes(DCTERMS.creator)
        document = {
            "title": given.get("title") or dataset.words(DCTERMS.title),
            "release_date": self._release(),
            "experiment_type": experiment,
            **_scale(graph, sets, given),
            **references,
            "workflows": _workflows(dataset),
            "authors": written,
            "corresponding_author": contact(
                given.get("corresponding_author"), "corresponding_author", graph, people, gaps.append
            ),
            "principal_investigator": _investigators(given.get("principal_investigator"), graph, people, gaps.append),
            "workflow_file": {"path": _workflow_file(graph, dataset)},
            "imagesets": _image_sets(graph, dataset, sets, given.get("imagesets"), gaps.append),
            "citation": citations(graph, dataset, written, given.get("citation"), gaps.append),
        }
        gaps += [one for one in _empiar_rules.faults(document) if not _told_already(one, gaps)]
        if gaps:
            raise ExportError(
                f"{len(gaps)} {'thing is' if len(gaps) == 1 else 'things are'} missing for a deposition to EMPIAR",
                dataset.slug,
                "give these: " + "; ".join(gaps),
            )
        return document

    def _given(self, missing: Missing) -> dict[str, Any]:
        """The user's file; a key that it may not have is told."""
        name = self._values.get("corresponding")
        if name is None:
            return {}
        text = read_text(Path(name), name)
        value = parse_yaml(text, name) if isinstance(text, str) else text
        if isinstance(value, Fault):
            place = f"{value.path}:{value.line}:{value.column}" if value.line else value.path
            raise ExportError(value.reason, place, "give a YAML or JSON file")
        if not isinstance(value, dict):
            raise ExportError("not an object", name, f"give an object with {' and '.join(GIVEN[:2])}")
        for key in value:
            if key not in GIVEN:
                missing(f"{name}: {key!r} is not one of {', '.join(GIVEN)}")
        return value

    def _release(self) -> str:
        value = self._values.get("release", "RE").upper()
        if value not in RELEASES:
            raise ExportError(f"no release {value!r}", "--release", f"use one of {', '.join(RELEASES)}")
        return value

    def _experiment(self, graph: Graph, dataset: Facts, sets: list[Facts], has_structure: bool) -> int | None:
        """The user's choice, else what EMPIAR itself called the experiment, else the code of the technique."""
        chosen = self._values.get("experiment-type")
        if chosen is not None:
            codes = _empiar_codes.experiments()
            code = int(chosen) if chosen.isascii() and chosen.isdigit() else _empiar_codes.experiment_of_words(chosen)
            if code not in codes:
                raise ExportError(f"no experiment type {chosen!r}", "--experiment-type", _choices())
            return code
        return _experiment(graph, dataset, sets, has_structure)


def _told_already(fault: str, gaps: list[str]) -> bool:
    """Whether a gap says of the same field, or of what holds it, what the rules say too; without authors a citation has none either."""
    field = fault.partition(":")[0]
    told = {gap.partition(":")[0] for gap in gaps}
    holders = {field, *(field[: found.start()] for found in re.finditer(r"[.\[]", field))}
    return bool(holders & told) or ("authors" in told and field.endswith(".authors"))


def _choices() -> str:
    return "choose --experiment-type " + ", ".join(
        f"{code} {word}" for code, word in _empiar_codes.experiments().items()
    )


def _experiment(graph: Graph, dataset: Facts, sets: list[Facts], has_structure: bool) -> int | None:
    words = {one.words(EM.statedTechnique) for one in sets} - {""}
    techniques = {
        kind for one in sets for node in one.nodes(EM.acquiredBy) for kind in facts(graph, node).nodes(RDF.type)
    }
    codes = {code for one in words if (code := _empiar_codes.experiment_of_words(one)) is not None}
    codes = codes or {code for one in techniques if (code := _empiar_codes.experiment_of(one)) is not None}
    if not codes and has_structure and techniques & set(_TOMOGRAPHY):
        codes = {3}
    if len(codes) == 1:
        return codes.pop()
    named = sorted(words) or sorted(
        map(_empiar_codes.short, techniques - {EM.ImagingAcquisition, EM.ElectronMicroscopy})
    )
    if not named:
        return None
    what = ", ".join(named)
    if len(codes) > 1:
        raise ExportError(f"EMPIAR takes one experiment type, and this is {what}", dataset.slug, _choices())
    reason = f"EMPIAR has no experiment type for {what}"
    if techniques & set(_TOMOGRAPHY) and not has_structure:
        reason += ", and type 3 (EMDB) is for datasets with an EMDB entry"
    raise ExportError(reason, dataset.slug, _choices())


def _scale(graph: Graph, sets: list[Facts], given: Mapping[str, Any]) -> dict[str, str]:
    """The scale, which is optional: the user's, or that of all samples where it is one."""
    if given.get("scale"):
        return {"scale": str(given["scale"])}
    samples = [facts(graph, node) for one in sets for node in one.nodes(EM.hasSample)]
    kinds = {kind for sample in samples if (kind := sample.one(EM.sampleKind))}
    return {"scale": _empiar_codes.scale(kinds.pop())} if len(kinds) == 1 else {}


def _references(graph: Graph, dataset: Facts) -> dict[str, list[dict[str, str]]]:
    """The records elsewhere that the dataset names, and those that are linked with it as the same."""
    own = set(dataset.all_words(DCTERMS.identifier))
    linked = {*dataset.nodes(SKOS.exactMatch), *dataset.nodes(DCTERMS.isReplacedBy)}
    named = dataset.all_words(EM.relatedAccession)
    named += [words for node in sorted(linked, key=str) for words in facts(graph, node).all_words(DCTERMS.identifier)]
    return {
        key: [{"name": one} for one in sorted(set(named) - own) if pattern.fullmatch(one)]
        for key, pattern in _REFERENCES.items()
    }


def _workflows(dataset: Facts) -> list[dict[str, Any]]:
    """Addresses of WorkflowHub, the one kind of workflow there is (type 1)."""
    found = [node.value for node in dataset.nodes(DCTERMS.relation) if "workflowhub" in node.value]
    return [{"url": one, "type": 1} for one in found if one.startswith("https://")]


def _workflow_file(graph: Graph, dataset: Facts) -> str | None:
    points = [point for point in access_points(graph, dataset) if point.one(EM.accessRole) == EM.workflow]
    found = [
        matched[1]
        for point in points
        for node in point.nodes(DCAT.accessURL)
        if (matched := _FOLDER.fullmatch(node.value))
    ]
    return found[0] if found else None


def _investigators(given: Any, graph: Graph, people: list[NamedNode], missing: Missing) -> list[dict[str, Any]]:
    listed = given if isinstance(given, list) else [given]
    whose = [
        f"principal_investigator[{number}]" if len(listed) > 1 else "principal_investigator"
        for number in range(len(listed))
    ]
    if not listed:
        missing("principal_investigator: at least one")
    return [contact(one, name, graph, people, missing) for one, name in zip(listed, whose, strict=True)]


def _image_sets(graph: Graph, dataset: Facts, sets: list[Facts], given: Any, missing: Missing) -> list[dict[str, Any]]:
    chosen = given if isinstance(given, dict) else {}
    for slug in set(chosen) - {one.slug for one in sets}:
        missing(f"imagesets.{slug}: there is none of that name, there are {', '.join(one.slug for one in sets)}")
    points = access_points(graph, dataset)
    return [
        image_set(graph, one, points, chosen.get(one.slug), _within(f"imagesets[{n}].", missing))
        for n, one in enumerate(sets)
    ]


def _within(place: str, missing: Missing) -> Missing:
    return lambda gap: missing(place + gap)
