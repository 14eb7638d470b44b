"""The documentation is true: every block runs, every link leads somewhere, every plugin and question is named."""

from __future__ import annotations

import doctest
import importlib.util
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from types import ModuleType

import pytest

from emkg import errors
from emkg.ask import questions
from emkg.exports._base import Export
from emkg.graph import Graph
from emkg.registry import discover
from emkg.sources._base import Source

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    (ROOT / "docs").glob("*.md")
)
FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
SHOWN_ONLY = ("text", "turtle", "json", "csv")  # drawings, and answers to the block before


@dataclass(frozen=True)
class Block:
    page: str
    line: int
    language: str
    body: str
    answer: str | None  # the csv block that follows a sparql block

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks() -> Iterator[Block]:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        found = list(FENCE.finditer(text))
        for block, following in zip_longest(found, found[1:]):
            answer = following["body"] if following and following["language"] == "csv" else None
            name = page.relative_to(ROOT).as_posix()
            yield Block(name, text[: block.start()].count("\n") + 1, block["language"], block["body"], answer)


def written(language: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("block", [block for block in blocks() if block.language == language], ids=str)


def run(arguments: list[str], built: Path, text: str | None = None) -> str:
    """What `emkg ARGUMENTS` prints, on a terminal of 160 columns without colour."""
    surroundings = os.environ | {"EMKG_BUILD": str(built), "COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"}
    command = [sys.executable, "-m", "emkg", *arguments]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=surroundings,
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert "Traceback" not in done.stdout, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def server(whole_built: Path) -> Iterator[str]:
    """The address of a real server on that build."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    surroundings = os.environ | {"EMKG_BUILD": str(whole_built)}
    command = [sys.executable, "-m", "emkg", "serve", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=ROOT, env=surroundings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            wait_for(port, process)
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None, "the server stopped"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the server did not listen within 30 s")


def plain(text: str) -> list[str]:
    """Lines without what depends on a terminal: trailing blanks and empty lines."""
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def commands(body: str) -> Iterator[tuple[str, str]]:
    """(command, expected output) of each `$ command` in a console block."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        while command.endswith("\\"):
            more, _, expected = expected.partition("\n")
            command = command[:-1] + more.removeprefix("> ").strip()
        yield command, expected


@written("console")
def test_console_blocks_print_what_they_show(block: Block, whole_built: Path, request: pytest.FixtureRequest) -> None:
    for command, expected in commands(block.body):
        first, *arguments = shlex.split(command, comments=True)
        if first == "make":
            assert re.search(rf"^{arguments[0]}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE), (
                command
            )
            continue
        if first == "pip":
            continue
        if first == "curl":
            printed = curl(command, request.getfixturevalue("server"))
        else:
            assert first == "emkg", f"{block}: this block may run emkg, make and curl; not {first}"
            printed = run(arguments, whole_built)
        assert plain(printed) == plain(expected), command


def curl(command: str, server: str) -> str:
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    arguments = shlex.split(command.replace("127.0.0.1:8000", server))
    done = subprocess.run([arguments[0], "-sS", *arguments[1:]], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.replace(server, "127.0.0.1:8000")


@written("sparql")
def test_sparql_blocks_have_their_answer(block: Block, whole: Graph, whole_built: Path) -> None:
    rows = whole.query(block.body)
    assert rows is True or (not isinstance(rows, bool) and len(rows) > 0), f"{block}: no answer"
    if block.answer is not None:
        assert plain(run(["query", "-", "--format", "csv"], whole_built, block.body)) == plain(block.answer)


@written("python")
def test_python_blocks_run(block: Block, whole_built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # `emkg.open()` opens the build below the folder one is in.
    (tmp_path / "build").symlink_to(whole_built, target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    if ">>>" not in block.body:
        exec(compile(block.body, str(block), "exec"), {"__name__": "docs"})
        return
    case = doctest.DocTestParser().get_doctest(block.body, {}, str(block), block.page, block.line)
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert runner.run(case, out=told.append).failed == 0, "".join(told)


def test_no_block_is_left_out() -> None:
    tested = {"console", "sparql", "python", *SHOWN_ONLY}
    assert [f"{block}: {block.language}" for block in blocks() if block.language not in tested] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for found in LINK.finditer(FENCE.sub("", page.read_text(encoding="utf-8"))):
        target, _, anchor = found["target"].partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        place = (page.parent / target).resolve() if target else page
        assert place.exists(), f"{page.name} links to {target}"
        if anchor and place.suffix == ".md":
            assert anchor in anchors(place), f"{page.name} links to {target}#{anchor}"


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.fixture(scope="module")
def docs_tool() -> ModuleType:
    place = importlib.util.spec_from_file_location("emkg_docs_tool", ROOT / "tools/docs.py")
    assert place and place.loader
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_tables_are_up_to_date(page: Path, docs_tool: ModuleType) -> None:
    text = page.read_text(encoding="utf-8")
    assert text == docs_tool.renewed(text), "make docs"


def test_every_table_is_shown_somewhere(docs_tool: ModuleType) -> None:
    shown = {found["name"] for page in PAGES for found in docs_tool.BLOCK.finditer(page.read_text(encoding="utf-8"))}
    assert shown == set(docs_tool.TABLES)


def test_everything_has_its_row() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    names = [*questions(), *discover("emkg.sources", Source), *discover("emkg.exports", Export)]
    names += [
        name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, errors.EmkgError)
    ]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_the_changelog_has_the_version() -> None:
    from emkg import __version__

    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", ["pyproject.toml", "CITATION.cff"])
def test_one_version_everywhere(file: str) -> None:
    from emkg import __version__

    assert re.search(
        rf"^version\W+{re.escape(__version__)}\W*$", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE
    )


def test_architecture_names_every_module() -> None:
    drawn = (ROOT / "docs/architecture.md").read_text(encoding="utf-8").split("```")[1].split()
    units = {path.stem for path in (ROOT / "emkg").glob("*.py")} | {
        path.parent.name for path in (ROOT / "emkg").glob("*/__init__.py")
    }
    assert units - set(drawn) == set()
