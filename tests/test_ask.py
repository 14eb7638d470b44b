from __future__ import annotations

from pathlib import Path

import pytest

from emkg.ask import bind, listing, load, questions, read, run
from emkg.errors import NotFound, QuestionError
from emkg.graph import Graph, Table

HEAD = "#+ question: What?\n#+ why: because\n#+ answer: table\n#+ status: answered\n"
BODY = "SELECT ?d WHERE { VALUES ?d { emkg:SEM } ?d a ?t }\n"


def write(folder: Path, text: str, name: str = "some-question") -> Path:
    path = folder / f"{name}.rq"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (HEAD.replace("#+ why: because\n", "") + BODY, 1, "no 'why' line"),
        (HEAD + "#+ colour: red\n" + BODY, 5, "unknown key 'colour'"),
        (HEAD + "#+ why: again\n" + BODY, 5, "repeated key 'why'"),
        (HEAD + "#+why\n" + BODY, 5, "not a header line"),
        (HEAD.replace("table", "poem") + BODY, 3, "no such answer"),
        (HEAD.replace("answered", "perhaps") + BODY, 4, "no such status"),
        (HEAD.replace("answered", "partial") + BODY, 4, "no such status"),
        (HEAD + "#+ number: three\n" + BODY, 5, "not a number"),
        (HEAD + "#+ parameter: d\n" + BODY, 5, "not a parameter"),
        (HEAD + '#+ parameter: d colour "a thing"\n' + BODY, 5, "no parameter kind 'colour'"),
        (HEAD + '#+ parameter: e iri "a thing"\n' + BODY, 5, "0 VALUES blocks for ?e"),
        (HEAD + '#+ parameter: d iri "a thing"\n' + BODY + BODY, 5, "2 VALUES blocks for ?d"),
        (HEAD + '#+ parameter: d iri "a thing"\n' + BODY.replace("emkg:SEM", "UNDEF"), 5, "d has no default"),
    ],
)
def test_a_faulty_title_page_is_named_by_file_and_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(QuestionError) as caught:
        read(path)
    assert caught.value.where == f"{path}:{line}"
    assert says in caught.value.what


def test_a_name_that_is_no_slug_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="not a slug"):
        read(write(tmp_path, HEAD + BODY, "Some_Question"))


def test_a_new_file_is_a_new_question(tmp_path: Path) -> None:
    write(tmp_path, HEAD + '#+ parameter: d iri optional "a thing"\n' + BODY)
    found = questions(tmp_path)
    assert list(found) == ["some-question"]
    assert found["some-question"].parameters[0].default == "emkg:SEM"
    assert "some-question: What?" in listing(found)


def test_load_by_name_and_by_number() -> None:
    assert load("1").name == "datasets-of-species-in-region"
    with pytest.raises(NotFound, match="did you mean datasets-by-technique"):
        load("dataset-by-technique")


@pytest.mark.parametrize("name", ["../secret", "0", "999", ""])
def test_no_other_file_can_be_named(name: str) -> None:
    with pytest.raises(NotFound):
        load(name)


def test_the_listing_says_what_is_not_wholly_answered() -> None:
    text = listing()
    assert all(question.reason in text for question in questions().values())


@pytest.mark.parametrize(
    ("name", "values", "says"),
    [
        ("datasets-finer-than", {"plane": "ten"}, "no xsd:decimal"),
        ("datasets-finer-than", {"plane": "1) } DROP ALL #"}, "no xsd:decimal"),
        ("datasets-finer-than", {"plane": "any"}, "no xsd:decimal"),
        ("datasets-finer-than", {"width": "10"}, "no parameter 'width'"),
        ("datasets-with-counts", {"least": "1.5"}, "no xsd:integer"),
        ("datasets-by-technique", {"technique": "SAM"}, "no technique is called 'SAM'"),
        ("datasets-by-technique", {"technique": "emkg:SENN"}, "unknown term"),
        ("datasets-by-technique", {"technique": "<http://x/ y>"}, "no IRI"),
        ("datasets-by-technique", {"technique": "emr:x>}UNION{?s?p?o"}, "no IRI"),
        ("datasets-by-technique", {"technique": "http://x/y"}, "no technique is called"),
        ("sub-volumes-of", {"whole": "h02"}, "no emkg:ImageVolume is called 'h02'"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(name: str, values: dict[str, str], says: str, graph: Graph) -> None:
    with pytest.raises(QuestionError) as caught:
        bind(load(name), values, graph)
    assert says in str(caught.value)
    assert caught.value.repair


@pytest.mark.parametrize("text", ['x" } UNION { ?s ?p ?o }', "a\\", "tab\there", "line\nend", "µm³ 'quoted'"])
def test_a_string_is_data_whatever_it_holds(text: str, graph: Graph, tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + '#+ parameter: d xsd:string "a word"\nSELECT ?d WHERE { VALUES ?d { "x" } }\n')
    answer = run(read(path), graph, {"d": text})
    assert isinstance(answer, Table)
    assert answer.values() == [(text,)]


def test_several_values_are_one_block(graph: Graph) -> None:
    both = run(load("datasets-by-technique"), graph, {"technique": ["SBF-SEM", "AutoTEM"]})
    one = run(load("datasets-by-technique"), graph, {"technique": ["SBF-SEM"]})
    other = run(load("datasets-by-technique"), graph, {"technique": "autoTEM"})
    assert isinstance(both, Table) and isinstance(one, Table) and isinstance(other, Table)
    assert set(both) == set(one) | set(other)
    assert len(one) > 0 and len(other) > 0


def test_without_values_the_defaults_hold() -> None:
    question = load("datasets-finer-than")
    assert bind(question, {}).endswith(question.text)
