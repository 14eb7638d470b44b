"""The command line as a newcomer meets it: what it prints, how it exits, and that it never shows a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from emkg.console import options_of
from emkg.errors import QuestionError


def emkg(*arguments: str, build: Path | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = os.environ | ({"EMKG_BUILD": str(build)} if build else {}) | {"COLUMNS": "160", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "emkg", *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, env=environment, timeout=120)
    assert "Traceback" not in done.stderr + done.stdout
    return done


@pytest.mark.parametrize("verb", ["build", "serve", "query", "ask", "validate", "harvest", "export", "doctor"])
def test_each_verb_has_help_with_an_example(verb: str) -> None:
    done = emkg(verb, "--help")
    assert done.returncode == 0 and "Example:" in done.stdout


@pytest.mark.parametrize(
    "arguments, stdin, code, told",
    [
        (["query", "-"], "SELECT ?d { ?d a emkg:Dataset } LIMIT 1", 0, "dataset/"),
        (["query", "-", "--format", "csv"], "SELECT (1 AS ?n) {}", 0, "n\r\n1\r\n"),
        (["query", "-", "--format", "turtle"], "CONSTRUCT { <s:a> <p:b> 1 } {}", 0, "<s:a>"),
        (["query", "-"], "SELECT * {\n ?s ?p }", 2, "line 2"),
        (["query", "-"], "INSERT DATA { <s:a> <p:b> 1 }", 2, "is an update"),
        (["query", "-", "--format", "pdf"], "ASK {}", 2, "pdf"),
        (["query", "none.rq"], "", 2, "none.rq"),
        (["ask"], "", 0, "datasets-by-technique"),
        (["ask", "datasets-by-technique", "--technique", "SEM"], "", 0, "H01"),
        (["ask", "datasets-by-technik"], "", 2, "datasets-by-technique"),
        (["ask", "datasets-by-technique", "--technique", "SEMM"], "", 2, "SEM"),
        (["ask", "datasets-by-technique", "--colour", "red"], "", 2, "colour"),
        (["ask", "datasets-by-technique", "red"], "", 2, "red"),
        (["ask", "datasets-by-technique", "--technique"], "", 2, "no value"),
        (["export"], "", 0, "jsonld"),
        (["export", "turtle", "h01"], "", 0, "ATUM"),
        (["export", "turtle", "h02"], "", 2, "h01"),
        (["export", "tutrle", "h01"], "", 2, "turtle"),
        (["export", "awesome-list", "--all"], "", 0, "<table>"),
        (["harvest"], "", 0, "awesome-list"),
        (["validate", "none.ttl"], "", 1, "none.ttl"),
        (["frobnicate"], "", 2, "No such command"),
        (["version"], "", 0, "0.1.0"),
    ],
)
def test_what_a_call_prints_and_how_it_exits(
    built: Path, arguments: list[str], stdin: str, code: int, told: str
) -> None:
    done = emkg(*arguments, build=built, stdin=stdin)
    assert done.returncode == code, done.stderr
    printed = done.stdout if code == 0 else done.stderr + done.stdout
    assert told in printed.replace("\n", "\r\n" if "\r" in told else "\n"), printed[:2000]


def test_a_missing_build_says_which_command_makes_it(tmp_path: Path) -> None:
    for call in (["ask", "pilots"], ["query", "-"], ["validate"], ["export", "turtle", "h01"]):
        done = emkg(*call, build=tmp_path / "none", stdin="ASK {}")
        assert done.returncode == 1 and "make one: emkg build" in done.stderr, done.stderr


def test_validate_names_the_place_of_a_malformed_file(built: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad.ttl"
    path.write_text("@prefix a: <b:> .\na:b a:c ;\n  a:d 'x' .\n")
    done = emkg("validate", str(path), build=built)
    assert (
        done.returncode == 1
        and f"{path}:2:9" in done.stdout + done.stderr
        and "expected an RDF object" in done.stdout + done.stderr
    )


def test_validate_the_build_conforms(built: Path) -> None:
    done = emkg("validate", "--format", "json", build=built)
    assert done.returncode == 0, done.stdout[:2000]
    assert json.loads(done.stdout)["conforms"] is True


def test_the_real_list_is_harvested_from_its_markdown(tmp_path: Path) -> None:
    listing = "## Overview\n\n<table>\n  <tr><th>Name</th><th>Species</th></tr>\n  <tr><td>J0126</td><td>finch</td></tr>\n</table>\n"
    (tmp_path / "README.md").write_text(listing)
    done = emkg("harvest", "awesome-list", "--from", str(tmp_path / "README.md"), "--out", str(tmp_path / "records"))
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "records").glob("*.json"))) == 1


def test_build_prints_what_it_did_and_is_silent_when_up_to_date(tmp_path: Path) -> None:
    first = emkg("build", "--engine", "rules", "--out", str(tmp_path / "b"))
    assert first.returncode == 0 and "statements in" in first.stdout and "reasoning (rules)" in first.stderr
    again = emkg("build", "--if-stale", "--out", str(tmp_path / "b"))
    assert again.returncode == 0 and "up to date" in again.stdout and not again.stderr


@pytest.mark.parametrize("words", [["x"], ["--a"], ["--a", "1", "b"]])
def test_words_that_are_no_parameters_are_told(words: list[str]) -> None:
    with pytest.raises(QuestionError):
        options_of(words)
