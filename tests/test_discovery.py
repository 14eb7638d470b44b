"""One new file adds a source, an export, a question, a check, a shape, a derivation; nothing else is edited.

Each test drops a file into a copy of the house and asks the copy, in an interpreter of its own, what it has.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from emkg.errors import PluginError
from emkg.registry import discover
from emkg.sources._base import Source

ROOT = Path(__file__).resolve().parent.parent

SOURCE = '''"""A source that only a test has."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from emkg.model import Reading
from emkg.sources._base import Source


class Dropped(Source):
    """Dropped in."""

    name = "dropped-in"
    title, homepage, licence = "Dropped in", "https://example.org/", "CC0-1.0"
    example: ClassVar[dict[str, Any]] = {}

    def fetch(self, path: Path) -> Iterator[dict[str, Any]]:
        yield from ()

    def read(self, raw: dict[str, Any]) -> Reading:
        raise NotImplementedError
'''


@pytest.fixture
def house(tmp_path: Path) -> Path:
    for folder in ("emkg", "ontology", "shapes", "queries", "data"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "*.nq.gz"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def python(house: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    # -P and the path put in by hand: the copy is imported, never the checkout.
    code = f"import sys; sys.path.insert(0, {str(house)!r})\n{code}"
    command = [sys.executable, "-P", "-B", "-c", code, *arguments]
    return subprocess.run(command, cwd=house, capture_output=True, text=True, timeout=120, check=False)


def emkg(house: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return python(house, "from emkg.cli import main; sys.exit(main())", *arguments)


def doctor(house: Path) -> dict[str, tuple[str, str]]:
    """Name → status and text, as the doctor of the copy finds them."""
    done = python(house, "from emkg.doctor import checks\nfor c in checks(): print(c.name, c.status, c, sep='\\t')")
    assert done.returncode == 0, done.stderr
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    return {name: (status, text) for name, status, text in lines}


def test_the_copy_is_what_is_asked(house: Path) -> None:
    done = python(house, "import emkg; print(emkg.__file__)")
    assert done.stdout.startswith(str(house)), done.stderr


def test_one_file_adds_a_source(house: Path) -> None:
    (house / "emkg/sources/dropped_in.py").write_text(SOURCE, encoding="utf-8")
    assert "dropped-in" in emkg(house, "harvest").stdout
    assert "dropped-in" in doctor(house)["sources"][1]


def test_one_file_adds_an_export(house: Path) -> None:
    """A copy of an export under another name: the shortest file that is one."""
    some = next(path for path in sorted((ROOT / "emkg/exports").glob("[!_]*.py")))
    names = discover_exports_in(some)
    text = some.read_text(encoding="utf-8")
    for name in names:
        text = text.replace(f'"{name}"', f'"dropped-{name}"')
    (house / "emkg/exports/dropped_in.py").write_text(text, encoding="utf-8")
    listed = emkg(house, "export").stdout
    assert names
    assert all(f"dropped-{name}" in listed for name in names), listed


def discover_exports_in(path: Path) -> list[str]:
    from emkg.exports._base import Export

    return [
        name
        for name, export in discover("emkg.exports", Export).items()
        if type(export).__module__.endswith(f".{path.stem}")
    ]


def test_one_file_adds_a_question(house: Path) -> None:
    text = "#+ question: How many datasets are there?\n#+ why: a test asks\n#+ answer: number\n#+ status: answered\n"
    text += "SELECT (COUNT(?d) AS ?datasets) WHERE { ?d a emkg:Dataset }\n"
    (house / "queries/questions/dropped-in.rq").write_text(text, encoding="utf-8")
    listed = emkg(house, "ask")
    assert "dropped-in" in listed.stdout, listed.stderr
    assert "dropped-in" in doctor(house)["questions"][1]


def test_one_file_adds_a_check(house: Path) -> None:
    text = "# A test's check: every dataset is at fault — delete this check.\n"
    text += 'SELECT ?subject ?why WHERE { ?subject a emkg:Dataset . BIND("dropped in" AS ?why) }\n'
    (house / "queries/checks/dropped-in.rq").write_text(text, encoding="utf-8")
    (house / "one.ttl").write_text(turtle(house), encoding="utf-8")
    done = emkg(house, "validate", "one.ttl")
    assert "dropped in" in done.stdout + done.stderr
    assert done.returncode == 1, done.stdout + done.stderr


def test_one_file_adds_a_shape(house: Path) -> None:
    prefixes = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix emkg: <https://w3id.org/emkg/ontology#> .\n"
    shape = "emkg:DroppedShape a sh:NodeShape ; sh:targetClass emkg:Dataset ; sh:nodeKind sh:Literal ; "
    (house / "shapes/dropped-in.ttl").write_text(prefixes + shape + 'sh:message "dropped in" .\n', encoding="utf-8")
    (house / "one.ttl").write_text(turtle(house), encoding="utf-8")
    done = emkg(house, "validate", "one.ttl")
    assert "dropped in" in done.stdout + done.stderr
    assert done.returncode == 1, done.stdout + done.stderr


def turtle(house: Path) -> str:
    return "<https://w3id.org/emkg/id/dataset/one> a <https://w3id.org/emkg/ontology#Dataset> .\n"


@pytest.mark.slow
def test_one_file_adds_a_derivation(house: Path) -> None:
    text = "# A test's derivation.\nCONSTRUCT { ?d skos:note 'dropped in' } WHERE { ?d a emkg:Dataset }\n"
    (house / "queries/derive/zz-dropped-in.rq").write_text(text, encoding="utf-8")
    built = emkg(house, "build", "--out", "out")
    assert built.returncode in (0, 1), built.stdout + built.stderr  # 1: built, with a violation somewhere
    assert "dropped in" in (house / "out/current/emkg.nq").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("emkg/sources/broken.py", "sources"),
        ("emkg/exports/broken.py", "exports"),
        ("queries/questions/broken.rq", "questions"),
        ("queries/checks/broken.rq", "checks"),
        ("queries/derive/broken.rq", "derivations"),
        ("shapes/broken.ttl", "shapes"),
    ],
)
def test_a_broken_file_is_named_not_skipped(house: Path, file: str, kind: str) -> None:
    (house / file).write_text("import no_such_module\n", encoding="utf-8")
    status, text = doctor(house)[kind]
    assert status == "fail"
    assert "broken" in text


def test_two_plugins_of_one_name_are_refused(house: Path) -> None:
    for file in ("one.py", "two.py"):
        (house / "emkg/sources" / file).write_text(SOURCE, encoding="utf-8")
    assert doctor(house)["sources"][0] == "fail"


def test_a_class_that_is_only_imported_is_no_plugin() -> None:
    """Test doubles, and classes of other modules, do not leak in as `__subclasses__` would let them."""

    class Double(Source):
        name = "double"

    assert "double" not in discover("emkg.sources", Source)


def test_a_package_without_plugins_raises() -> None:
    with pytest.raises(PluginError):
        discover("emkg.web", Source)
