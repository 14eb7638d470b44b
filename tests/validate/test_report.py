"""The report itself: the same in text, JSON and RDF, told with places, in a stable order; and pySHACL says the same of the whole build."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import RDF as RDFLIB_RDF
from rdflib.namespace import SH as RDFLIB_SH

from emkg.errors import NotFound
from emkg.formats import by_name
from emkg.graph import Graph
from emkg.rdf import RdfFormat, parse_quads, triples_of, write
from emkg.validate import Report, asserted_of, background, validate_build, validate_files
from emkg.validate.evaluate import evaluate
from emkg.validate.index import Index
from emkg.validate.judge import judge
from emkg.validate.shapes import read_shapes, shape_files, shape_triples

BAD = """@base <https://w3id.org/emkg/id/> .
@prefix emkg: <https://w3id.org/emkg/ontology#> .
@prefix emr: <https://w3id.org/emkg/id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

<sample/one>
  a emkg:Sample ;
  rdfs:label "One"@en ;
  emkg:taxon "mouse" .

emr:count\\/one emkg:minValue 9 ;
  emkg:maxValue 3 .
"""


@pytest.fixture
def report(tmp_path: Path) -> Report:
    path = tmp_path / "bad.ttl"
    path.write_text(BAD, encoding="utf-8")
    return validate_files([path])


def test_text_json_and_rdf_tell_the_same(report: Report) -> None:
    read = rdflib.Graph().parse(data=report.render("turtle"), format="turtle")
    told = json.loads(report.render("json"))
    (node,) = read.subjects(RDFLIB_RDF.type, RDFLIB_SH.ValidationReport)
    assert read.value(node, RDFLIB_SH.conforms).toPython() is told["conforms"] is report.conforms is False
    in_rdf = {
        (str(read.value(result, RDFLIB_SH.focusNode)), str(read.value(result, RDFLIB_SH.resultPath)))
        for result in read.objects(node, RDFLIB_SH.result)
    }
    assert in_rdf == {(result["node"], result["property"]) for result in told["results"]}
    assert all(result["message"] in report.render("text") for result in told["results"])
    assert told["counts"] == report.counts()


def test_the_rdf_report_has_no_blank_node_and_is_the_same_twice(report: Report) -> None:
    read = rdflib.Graph().parse(data=report.render("turtle"), format="turtle")
    assert not any(isinstance(term, rdflib.BNode) for triple in read for term in triple)
    assert report.render("turtle") == Report.of(list(reversed(report.results))).render("turtle")


def test_shapes_and_checks_are_named_as_shacl_asks(report: Report) -> None:
    read = rdflib.Graph().parse(data=report.render("turtle"), format="turtle")
    shapes = {str(shape).rsplit("#")[1] for shape in read.objects(None, RDFLIB_SH.sourceShape)}
    checks = {str(check).rsplit("#")[1] for check in read.objects(None, RDFLIB_SH.sourceConstraint)}
    assert shapes == {"Sample-taxon"}
    assert checks == {"check-count-range"}


@pytest.mark.parametrize(("node", "line"), [("sample/one", 9), ("count/one", 11)])
def test_a_file_is_told_with_the_line_of_the_statement(report: Report, node: str, line: int) -> None:
    found = [result.where for result in report.results if result.focus.value.endswith(node)]
    assert [place.rsplit(":", 1)[1] for (place,) in found] == [str(line)]


def test_a_conforming_report_says_so(tmp_path: Path) -> None:
    path = tmp_path / "good.nt"
    path.write_text("<s:a> <s:b> <s:c> .\n")
    report = validate_files([path])
    assert report == Report() and report.conforms
    assert report.render("text") == "conforms: 0 violations, 0 warnings, 0 infos\n"
    read = rdflib.Graph().parse(data=report.render("turtle"), format="turtle")
    assert [value.toPython() for value in read.objects(None, RDFLIB_SH.conforms)] == [True]


@pytest.mark.parametrize("suffix", ["ttl", "trig", "nt", "nq", "jsonld", "rdf"])
def test_every_rdf_format_is_validated(tmp_path: Path, suffix: str) -> None:
    form = by_name(suffix).rdf
    assert form
    path = tmp_path / f"bad.{suffix}"
    path.write_bytes(write(triples_of(parse_quads(BAD, RdfFormat.TURTLE)), form))
    assert {result.source.value.rsplit("#")[1] for result in validate_files([path]).results} == {
        "Sample-taxon",
        "check-count-range",
    }


def test_an_unknown_form_is_refused(report: Report) -> None:
    with pytest.raises(NotFound, match="text, json, turtle"):
        report.render("pdf")


def test_results_of_the_build_name_the_graphs_that_state_them(graph: Graph) -> None:
    report = validate_build(graph)
    conflict = [result for result in report.results if result.focus.value.endswith("volume/kasthuri")]
    assert conflict
    assert all(place.startswith("emg:") for result in conflict for place in result.where)
    assert all(result.where for result in report.results)


@pytest.mark.slow
def test_pyshacl_says_the_same_of_the_whole_build(graph: Graph) -> None:
    """At each release the judge has the last word (about 6 s; the evaluator takes a tenth of that)."""
    data = [*asserted_of(graph), *background()]
    shapes = shape_triples(shape_files())
    assert Report.of(evaluate(Index(data), read_shapes(shapes))) == Report.of(judge(data, shapes))
