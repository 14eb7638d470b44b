"""The shapes: each accepts its good fixture, and says of each bad one exactly what the fixture's first lines expect.

A file in shapes/ needs a folder of its name in tests/data/shapes/, with valid.ttl and one invalid-<reason>.ttl
for each thing that can be wrong.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from emkg.errors import PluginError
from emkg.paths import shapes_dir
from emkg.rdf import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse_quads, read_quads, triples_of
from emkg.validate import background
from emkg.validate.evaluate import evaluate
from emkg.validate.index import Index
from emkg.validate.judge import judge
from emkg.validate.report import Report, Result
from emkg.validate.shapes import HELPERS, LISTS, SCALAR, read_shapes, shape_files, shape_triples
from emkg.vocab import SH, curie, iri, prefixes

FIXTURES = Path(__file__).parent / "data" / "shapes"
FILES = [*shape_files(), *shape_files(shapes_dir() / "meta")]
CASES = sorted(FIXTURES.rglob("*.ttl"))
SHAPES = {meta: shape_triples(shape_files(shapes_dir() / "meta" if meta else None)) for meta in (False, True)}
READ = {meta: read_shapes(triples) for meta, triples in SHAPES.items()}
HEADER = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in prefixes().items())


def name_of(path: Path) -> str:
    return path.relative_to(FIXTURES).as_posix().removesuffix(".ttl")


def is_meta(path: Path) -> bool:
    return name_of(path).startswith("meta/")


def data_of(path: Path) -> list[Triple]:
    data = triples_of(read_quads(path))
    return data if is_meta(path) else [*data, *background()]


def expected(path: Path) -> set[tuple[str, str, str]]:
    lines = re.findall(r"^# (violation|warning|info) (\S+): (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {(severity, shape, message) for severity, shape, message in lines}


def found(report: Report) -> set[tuple[str, str, str]]:
    return {(result.severity, curie(result.source), result.message) for result in report.results}


def both(data: list[Triple], *, meta: bool) -> Report:
    """What pySHACL says, having seen that the evaluator says the same, result for result."""
    judged = Report.of(judge(data, SHAPES[meta]))
    assert Report.of(evaluate(Index(data), READ[meta])) == judged
    return judged


@pytest.mark.parametrize("path", CASES, ids=name_of)
def test_a_fixture_gives_what_it_expects(path: Path) -> None:
    wanted = expected(path)
    assert bool(wanted) == path.stem.startswith("invalid-")
    assert found(both(data_of(path), meta=is_meta(path))) == wanted


def test_an_ill_formed_year_is_caught_though_pyshacl_lets_it_pass() -> None:
    """The one known difference: rdflib takes "22" for a year, which XML Schema (part 2, §3.2.11) does not."""
    text = f'{HEADER}<s:paper> a emkg:Paper ; dcterms:issued "22"^^xsd:gYear .'
    data = triples_of(parse_quads(text, RdfFormat.TURTLE))
    ours, theirs = set(evaluate(Index(data), READ[False])), set(judge(data, SHAPES[False]))
    assert {curie(result.source) for result in ours - theirs} == {"emsh:Paper-issued"}
    assert not theirs - ours


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_shape_file_has_its_fixtures(path: Path) -> None:
    folder = FIXTURES / path.relative_to(shapes_dir()).with_suffix("")
    assert (folder / "valid.ttl").is_file()
    assert list(folder.glob("invalid-*.ttl"))


def test_every_fixture_has_its_shape_file() -> None:
    named = {path.relative_to(shapes_dir()).with_suffix("").as_posix() for path in FILES}
    assert {path.parent.relative_to(FIXTURES).as_posix() for path in CASES} == named


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_message_is_heard(path: Path) -> None:
    """Each message of a shape is told by at least one failing fixture of its folder: no constraint is untried."""
    index = Index(triples_of(read_quads(path)))
    told = {line for case in CASES for line in expected(case)}
    heard = {shape for _, shape, _ in told}
    for shape in index.with_property(SH.message):
        assert isinstance(shape, NamedNode)
        assert curie(shape) in heard, f"no fixture breaks {curie(shape)}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_constraint_has_a_message_with_a_repair(path: Path) -> None:
    index = Index(triples_of(read_quads(path)))
    named = [node for node in index.with_property(SH.path) if isinstance(node, NamedNode)]
    named += [node for node in index.instances(SH.NodeShape) if constrains(index, node)]
    for node in named:
        messages = list(index.objects(node, SH.message))
        assert len(messages) == 1 and messages[0].language == "en", node  # type: ignore[union-attr]
        what, dash, repair = messages[0].value.partition(" — ")
        assert what and dash and repair, node


def constrains(index: Index, node: object) -> bool:
    names = {predicate.value.removeprefix(prefixes()["sh"]) for predicate in index.properties(node)}  # type: ignore[arg-type]
    return bool(names & (SCALAR | LISTS))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_shapes_speak_of_terms_that_exist(path: Path) -> None:
    """A misspelt property would constrain nothing, silently."""
    for triple in triples_of(read_quads(path)):
        for term in (triple.predicate, triple.object):
            if isinstance(term, NamedNode) and term.value.startswith(prefixes()["emkg"]):
                assert iri(curie(term)) == term


def test_the_evaluator_reads_all_of_shacl_core() -> None:
    """The components of https://www.w3.org/TR/shacl/#core-components, each by its parameter."""
    core = """class datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive minLength
        maxLength pattern languageIn uniqueLang equals disjoint lessThan lessThanOrEquals not and or xone node property
        qualifiedValueShape qualifiedMinCount qualifiedMaxCount closed hasValue in""".split()
    assert set(core) <= SCALAR | LISTS | HELPERS


@pytest.mark.parametrize(
    "shape",
    [
        'sh:sparql [ sh:select "SELECT $this { }" ]',
        "sh:rule [ ]",
        "sh:property [ sh:path [ sh:zeroOrMorePath rdfs:label ] ; sh:minCount 1 ]",
        "sh:property [ sh:path [ sh:alternativePath ( rdfs:label dcterms:title ) ] ; sh:minCount 1 ]",
        "sh:node emsh:Probe",
        'sh:property "text"',
        "sh:severity emkg:Bad",
    ],
)
def test_what_is_not_read_is_refused(shape: str) -> None:
    text = f"{HEADER}emsh:Probe sh:targetClass emkg:Dataset ; {shape} ."
    with pytest.raises(PluginError, match=r"shape|severity"):
        read_shapes(triples_of(parse_quads(text, RdfFormat.TURTLE)))


DATA = """
<s:a> a <s:Sub> ; <p:n> 1 , 2.5 ; <p:m> 3 ; <p:t> "one"@en , "two"@en , "drei"@de , "" ; <p:i> <s:b> , [] ; <p:d> "x"^^xsd:integer .
<s:Sub> rdfs:subClassOf <s:Super> .
<s:b> a <s:Other> ; <p:back> <s:a> ; <p:n> 7 ; <p:year> "2021"^^xsd:gYear .
"""
SHAPE_CASES = [
    "sh:class <s:Super>",
    "sh:class <s:Other>",
    "sh:nodeKind sh:Literal",
    "sh:nodeKind sh:BlankNodeOrIRI",
    "sh:closed true ; sh:ignoredProperties ( rdf:type <p:n> )",
    "sh:property [ sh:path <p:n> ; sh:minInclusive 1 ; sh:maxExclusive 2 ]",
    "sh:property [ sh:path <p:n> ; sh:minExclusive 1 ; sh:maxInclusive 2.5 ]",
    "sh:property [ sh:path <p:t> ; sh:minInclusive 1 ]",
    "sh:property [ sh:path <p:n> ; sh:lessThan <p:m> ]",
    "sh:property [ sh:path <p:m> ; sh:lessThanOrEquals <p:n> ]",
    "sh:property [ sh:path <p:n> ; sh:equals <p:m> ]",
    "sh:property [ sh:path <p:n> ; sh:disjoint <p:n> ]",
    "sh:property [ sh:path <p:t> ; sh:uniqueLang true ]",
    'sh:property [ sh:path <p:t> ; sh:languageIn ( "en" ) ]',
    "sh:property [ sh:path <p:t> ; sh:minLength 1 ; sh:maxLength 3 ]",
    "sh:property [ sh:path <p:i> ; sh:minLength 1 ; sh:nodeKind sh:IRI ]",
    'sh:property [ sh:path <p:t> ; sh:pattern "^ONE" ; sh:flags "i" ]',
    'sh:property [ sh:path <p:i> ; sh:pattern "^s:" ]',
    "sh:property [ sh:path <p:d> ; sh:datatype xsd:integer ]",
    "sh:property [ sh:path <p:year> ; sh:datatype xsd:gYear ]",
    "sh:property [ sh:path <p:n> ; sh:datatype xsd:decimal ]",
    "sh:property [ sh:path <p:n> ; sh:hasValue 2 ; sh:in ( 1 3 ) ]",
    "sh:property [ sh:path [ sh:inversePath <p:back> ] ; sh:minCount 1 ]",
    "sh:property [ sh:path ( <p:i> <p:n> ) ; sh:maxCount 0 ]",
    "sh:property [ sh:path ( <p:i> [ sh:inversePath <p:i> ] ) ; sh:maxCount 0 ]",
    "sh:property [ sh:path <p:n> ; sh:maxCount 1 ; sh:minCount 3 ]",
    "sh:property [ sh:path <p:n> ; sh:qualifiedValueShape [ sh:datatype xsd:integer ] ; sh:qualifiedMinCount 2 ; sh:qualifiedMaxCount 0 ]",
    "sh:property [ sh:path <p:i> ; sh:node [ sh:property [ sh:path <p:n> ; sh:minCount 1 ] ] ]",
    "sh:property [ sh:path <p:i> ; sh:property [ sh:path <p:n> ; sh:minCount 1 ] ]",
    "sh:not [ sh:property [ sh:path <p:n> ; sh:minCount 1 ] ]",
    "sh:and ( [ sh:class <s:Super> ] [ sh:class <s:Other> ] )",
    "sh:or ( [ sh:class <s:None> ] [ sh:class <s:Other> ] )",
    "sh:xone ( [ sh:class <s:Super> ] [ sh:class <s:Sub> ] )",
    "sh:deactivated true ; sh:class <s:Other>",
    "sh:severity sh:Info ; sh:class <s:Other>",
]
TARGETS = ["sh:targetClass <s:Super>", "sh:targetNode <s:b>", "sh:targetSubjectsOf <p:n>", "sh:targetObjectsOf <p:i>"]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("shape", SHAPE_CASES)
def test_the_evaluator_agrees_with_pyshacl(target: str, shape: str) -> None:
    """Every parameter of SHACL core, on every kind of target: the two engines tell the same results."""
    if shape.startswith("sh:property ["):  # the property shape gets an IRI, so that a result can name it
        shape = "sh:property emsh:Part . emsh:Part " + shape.removeprefix("sh:property [").removesuffix("]")
    shapes = triples_of(parse_quads(f"{HEADER}emsh:Probe a sh:NodeShape ; {target} ; {shape} .", RdfFormat.TURTLE))
    data = triples_of(parse_quads(HEADER + DATA, RdfFormat.TURTLE))
    ours = {told(result) for result in evaluate(Index(data), read_shapes(shapes))}
    theirs = {told(result) for result in judge(data, shapes)}
    assert ours == theirs


def told(result: Result) -> tuple[object, ...]:
    """A result less its message (pySHACL makes one where the shape has none) and with blank nodes alike."""
    plain = [("blank" if isinstance(term, BlankNode) else term) for term in (result.focus, result.value)]
    return (*plain, result.path, result.severity, result.source, result.component)


MUTATED = [
    ("dataset", "Dataset"),
    ("volume", "ImageVolume"),
    ("sample", "Sample"),
    ("count", "CountAnnotation"),
    ("access-point", "AccessPoint"),
    ("claim", "Claim"),
    ("source-row", "SourceRow"),
    ("regime", "CapabilityRegime"),
    ("estimate", "BrainImagingEstimate"),
]


def mutants(path: Path) -> list[tuple[str, list[Triple]]]:
    """The valid fixture with each statement dropped, doubled, its value made a wrong text, a wrong IRI and a wrong number."""
    data = triples_of(read_quads(path))
    made = []
    for triple in data:
        others = [other for other in data if other != triple]
        name = curie(triple.predicate)
        wrong = {
            "text": Literal("wrong", language="xx"),
            "iri": NamedNode("https://example.org/wrong"),
            "number": Literal(-7),
        }
        made.append((f"{name} dropped", others))
        for kind, value in wrong.items():
            made.append((f"{name} is a wrong {kind}", [*others, Triple(triple.subject, triple.predicate, value)]))
            made.append(
                (f"{name} has besides a wrong {kind}", [*data, Triple(triple.subject, triple.predicate, value)])
            )
    return made


@pytest.mark.parametrize(("folder", "prefix"), MUTATED)
def test_mutants_are_judged_alike_and_wrong_values_are_caught(folder: str, prefix: str) -> None:
    """Whatever is done to a valid record, both engines agree; and no wrong value of a constrained property passes."""
    constrained = constrained_properties(prefix)
    assert constrained
    for what, data in mutants(FIXTURES / folder / "valid.ttl"):
        results = Report.of(evaluate(Index([*data, *background()]), READ[False])).results
        name = what.split(" ")[0]
        # A title may be in any language, so a tagged text is no wrong one.
        if name in constrained - {"dcterms:title"} and what.endswith("a wrong text"):
            assert results, what
    whole = [data for _, data in mutants(FIXTURES / folder / "valid.ttl")][::7]
    for data in whole:
        both([*data, *background()], meta=False)


def constrained_properties(prefix: str) -> set[str]:
    """The properties whose values a shape of that class constrains."""
    index = Index(SHAPES[False])
    nodes = [node for node in index.with_property(SH.path) if isinstance(node, NamedNode)]
    about = [node for node in nodes if curie(node).startswith(f"emsh:{prefix}-")]
    limits = {SH.datatype, SH.nodeKind, SH["in"], SH["or"]}
    kept = [node for node in about if limits & index.properties(node).keys()]
    return {curie(path) for node in kept for path in index.objects(node, SH.path) if isinstance(path, NamedNode)}
