"""Validation end to end: the good build conforms, bad files are told by node, value, repair and place, checks catch what is planted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rdflib

from emkg.errors import ParseError
from emkg.graph import Graph
from emkg.paths import queries_dir
from emkg.validate import validate_build, validate_files, validate_ontology
from emkg.vocab import SH

HEAD = """@base <https://w3id.org/emkg/id/> .
@prefix emkg: <https://w3id.org/emkg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def test_the_build_conforms(graph: Graph) -> None:
    report = validate_build(graph)
    assert report.conforms, report.render("text")
    assert report.counts()["warning"] > 0


def test_the_ontology_conforms() -> None:
    report = validate_ontology()
    assert report.conforms, report.render("text")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('<volume/x> a emkg:ImageVolume ; rdfs:label "X"@en ; emkg:voxelX 8.0 .', "voxel"),
        (
            '<volume/x> a emkg:ImageVolume ; rdfs:label "X"@en ; emkg:voxelX 0.0 ; emkg:voxelY 8.0 ; emkg:voxelZ 8.0 .',
            "voxelX",
        ),
        ('<count/x> a emkg:CountAnnotation ; rdfs:label "X"@en ; emkg:value -1 .', "value"),
        ('<dataset/x> a emkg:Dataset ; rdfs:label "X"@en .', "holds neither a volume nor an image set"),
        ("<dataset/x> emkg:voxelSiez 8.0 .", "voxelSiez"),
    ],
)
def test_a_bad_file_is_told_with_its_repair(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "bad.ttl"
    path.write_text(HEAD + text)
    report = validate_files([path])
    said = [result for result in report.results if told in f"{result.path} {result.message} {result.value}"]
    assert said and not report.conforms, report.render("text")
    assert all(result.repair for result in report.results)
    assert "bad.ttl" in report.render("text")


def test_a_malformed_file_is_told_by_place(tmp_path: Path) -> None:
    path = tmp_path / "bad.ttl"
    path.write_text("<s:a> <p:b> .\n")
    with pytest.raises(ParseError, match="expected an RDF object"):
        validate_files([path])


def test_the_report_is_a_shacl_report(tmp_path: Path) -> None:
    path = tmp_path / "bad.ttl"
    path.write_text(HEAD + '<dataset/x> a emkg:Dataset ; rdfs:label "X"@en .')
    report = validate_files([path])
    read = rdflib.Graph().parse(data=report.render("turtle"), format="turtle")
    conforms = list(read.objects(None, rdflib.URIRef(SH.conforms.value)))
    assert [value.toPython() for value in conforms] == [False]
    assert len(list(read.objects(None, rdflib.URIRef(SH.result.value)))) == len(report.results)
    assert json.loads(report.render("json"))["conforms"] is False


def test_each_check_has_a_title_page() -> None:
    files = sorted((queries_dir() / "checks").glob("*.rq"))
    assert len(files) > 30
    for path in files:
        head = path.read_text(encoding="utf-8")
        assert all(f"#+ {name}: " in head for name in ("message", "severity", "repair")), path.name
