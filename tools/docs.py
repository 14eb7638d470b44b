"""Writes what docs/ and README.md generate: tables from the code, answers from the build.

Tables stand between `<!-- table: NAME -->` and `<!-- end -->`. Answers are the csv block after a sparql block, and what
follows `$ emkg …` in a console block; a test runs them anew.

`make docs` writes them; `python tools/docs.py --check` only says which are out of date, and exits 1 if any is.
"""

from __future__ import annotations

import importlib
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emkg.sources._base import Repository

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(<!-- table: (?P<name>[\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    lines += [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    return "".join(f"| {line} |\n" for line in lines)


def questions() -> str:
    """The named questions: name, what is asked, and with which parameters."""
    from emkg.ask import questions as all_questions

    rows = []
    for found in all_questions().values():
        parameters = " ".join(f"`--{parameter.name}`" for parameter in found.parameters)
        standing = found.status + (f": {found.reason}" if found.reason else "")
        rows.append((str(found.number or ""), f"`{found.name}`", found.question, parameters, standing))
    return table(("#", "name", "question", "parameters", "today's data"), rows)


def sources() -> str:
    """The sources that discovery finds."""
    from emkg.registry import discover
    from emkg.sources._base import Source

    found = discover("emkg.sources", Source)
    rows = ((f"`{name}`", f"[{source.title}]({source.homepage})", source.licence) for name, source in found.items())
    return table(("name", "source", "licence"), rows)


def harvests() -> str:
    """The repositories that discovery finds: where each is harvested from, under what licence, what it states and does not."""
    from emkg.registry import discover
    from emkg.sources._base import Repository, Source

    found = {name: one for name, one in discover("emkg.sources", Source).items() if isinstance(one, Repository)}
    rows = (
        (
            f"`{name}`",
            f"[{source.title}]({source.homepage})",
            source.licence or "none stated",
            live_path(source),
            ", ".join(source.states),
            ", ".join(source.lacks),
        )
        for name, source in found.items()
    )
    return table(("name", "source", "licence of its statements", "live from", "states", "does not state"), rows)


def live_path(source: Repository) -> str:
    """Where a live harvest of a repository asks."""
    if source.public is not None:
        return f"GitHub: `{source.public.repository}`"
    return (
        f"`{source.api}`"
        if source.is_live and source.api
        else "the address given"
        if source.is_live
        else "a local copy alone"
    )


def exports() -> str:
    """The exports that discovery finds."""
    from emkg.exports._base import Export
    from emkg.registry import discover

    found = discover("emkg.exports", Export)
    return table(("name", "what it writes"), ((f"`{name}`", export.about) for name, export in found.items()))


def formats() -> str:
    """The RDF and result formats with their media types."""
    from emkg.formats import RDF_FORMATS, RESULT_FORMATS

    rows = (
        (f"`{each.name}`", each.label, f"`.{each.suffix}`", f"`{each.media_type}`")
        for each in RDF_FORMATS + RESULT_FORMATS
    )
    return table(("name", "format", "suffix", "media type"), rows)


def errors() -> str:
    """The error tree: class, meaning, HTTP status, exit code."""
    from emkg import errors as module

    classes = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, module.EmkgError)]
    rows = ((f"`{each.__name__}`", first_sentence(each), str(each.status), str(each.exit_code)) for each in classes)
    return table(("error", "meaning", "HTTP status", "exit code"), rows)


def first_sentence(thing: object) -> str:
    """The first line of a docstring, without its full stop."""
    return (thing.__doc__ or "").strip().splitlines()[0].rstrip(".").replace("``", "`")


def query_files(folder: str) -> str:
    """The query files of a folder, each with the comment on its top."""
    files = sorted((ROOT / "queries" / folder).glob("*.rq"))
    return table(("name", "meaning"), ((f"`{path.stem}`", top_comment(path)) for path in files))


def shapes() -> str:
    """The shape files, each with the comment on its top."""
    files = sorted((ROOT / "shapes").glob("*.ttl"))
    return table(("file", "meaning"), ((f"`{path.name}`", top_comment(path)) for path in files))


def top_comment(path: Path) -> str:
    """The comment lines on top of a file, as one line."""
    lines: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.lstrip("#+ ").strip())
    return " ".join(filter(None, lines))


def limits() -> str:
    """What a query, a client and all together may take: variable, meaning, default."""
    from dataclasses import fields

    from emkg.config import Limits

    def shown(value: object) -> str:
        found = (
            " ".join(map(str, value))
            if isinstance(value, tuple)
            else f"{value:g}"
            if isinstance(value, float)
            else str(value)
        )
        return f"`{found}`" if found else ""

    rows = ((f"`{one.metadata['variable']}`", one.metadata["about"], shown(one.default)) for one in fields(Limits))
    return table(("variable", "meaning", "default"), rows)


def verbs() -> str:
    """The verbs of the command line, from the very commands."""
    import typer.main

    group = typer.main.get_command(importlib.import_module("emkg.cli").app)
    rows = (
        (f"`emkg {name}`", verb.get_short_help_str(200))
        for name, verb in sorted(getattr(group, "commands", {}).items())
    )
    return table(("verb", "does"), rows)


def routes() -> str:
    """The paths that the server answers, from its one list."""
    found = [each for each in importlib.import_module("emkg.web.app").routes() if hasattr(each, "endpoint")]
    return table(("path", "answers"), ((f"`{route.path}`", first_sentence(route.endpoint)) for route in found))


def prefixes() -> str:
    """The prefix table."""
    from emkg.vocab import prefixes as all_prefixes

    return table(("prefix", "namespace"), ((f"`{name}`", f"`{space}`") for name, space in all_prefixes().items()))


TABLES: dict[str, Callable[[], str]] = {
    "questions": questions,
    "sources": sources,
    "harvests": harvests,
    "exports": exports,
    "formats": formats,
    "errors": errors,
    "checks": lambda: query_files("checks"),
    "derivations": lambda: query_files("derive"),
    "shapes": shapes,
    "limits": limits,
    "verbs": verbs,
    "routes": routes,
    "prefixes": prefixes,
}


def pages() -> list[Path]:
    """The Markdown files that may hold tables."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def renewed(text: str) -> str:
    """A page's text with its tables as the code has them now."""
    return BLOCK.sub(lambda found: found[1] + TABLES[found["name"]]() + found[3], text)


ANSWER = re.compile(r"(```sparql\n(?P<query>[^`]*)```\n\n```csv\n)[^`]*(```)")
CONSOLE = re.compile(r"(```console\n\$ emkg (?P<arguments>[^\n]*)\n)[^`]*(```)")


def answered(text: str) -> str:
    """A page's text with the answers that the build gives now."""
    text = ANSWER.sub(lambda found: found[1] + emkg(["query", "-", "--format", "csv"], found["query"]) + found[3], text)
    return CONSOLE.sub(lambda found: found[1] + emkg(shlex.split(found["arguments"])) + found[3], text)


def emkg(arguments: list[str], text: str = "") -> str:
    """What a command prints, on a terminal of 160 columns without colour."""
    done = subprocess.run(
        [sys.executable, "-m", "emkg", *arguments],
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "160", "NO_COLOR": "1", "TERM": "dumb"},
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    return "".join(line.rstrip() + "\n" for line in done.stdout.splitlines() if line.strip())


def main() -> int:
    """Writes what changed, or with --check only names it; the exit code says whether a check failed."""
    stale = 0
    for page in pages():
        old = page.read_text(encoding="utf-8")
        new = renewed(old) if "--check" in sys.argv else answered(renewed(old))
        if new != old:
            stale += 1
            print(f"{page.relative_to(ROOT)}: {'out of date; run make docs' if '--check' in sys.argv else 'written'}")
            if "--check" not in sys.argv:
                page.write_text(new, encoding="utf-8")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
