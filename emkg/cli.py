"""The command line: thin verbs. Exit codes: 0 fine, 1 the data is at fault, 2 the call is, 70 a bug of ours.

Every import that costs time stands inside the verb that needs it, so that ``emkg ask`` starts quickly.
"""

from __future__ import annotations

import logging
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn, Optional

import typer

from emkg.cli_harvest import enrich, harvest
from emkg.config import Limits, Settings
from emkg.console import options_of, put, read_text, say, words_and_options
from emkg.errors import EmkgError

BUG = 70
app = typer.Typer(
    name="emkg",
    help="The knowledge graph of electron-microscopy datasets.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

BuildDir = Annotated[
    Path | None,
    typer.Option("--build", "-b", "--store", help="The build's folder.", envvar="EMKG_BUILD", show_default="build"),
]
OutFile = Annotated[Optional[Path], typer.Option("--out", "-o", help="Write there instead of to the terminal.")]  # noqa: UP045


class ReasonerName(StrEnum):
    """The reasoners that a build can use."""

    auto = "auto"
    hermit = "hermit"
    rules = "rules"


class ReportFormat(StrEnum):
    """How a validation report is shown."""

    text = "text"
    json = "json"
    turtle = "turtle"


def main() -> None:
    """Runs the command line; an error of ours is one line, anything else is a bug and says so."""
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    try:
        app()
    except EmkgError as error:
        say(f"emkg: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader, such as head(1), has seen enough
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as fault:  # the one place, with web/problem.py, that catches all: no user sees a traceback
        logging.getLogger(__name__).debug("bug", exc_info=True)
        say(
            f"emkg: this is a bug: {type(fault).__name__}: {fault} — please report it with the command you gave",
            err=True,
        )
        sys.exit(BUG)


def build_dir(given: Path | None) -> Path:
    """The build's folder: what the call gives, else the setting."""
    return given or Settings.load().build


@app.command()
def build(
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The build's folder.", envvar="EMKG_BUILD", show_default="build"),
    ] = None,
    engine: Annotated[
        ReasonerName, typer.Option(help="hermit needs Java, rules does not; auto takes hermit where Java is found.")
    ] = ReasonerName.auto,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at the first fault and keep the previous build.")
    ] = False,
    if_stale: Annotated[bool, typer.Option("--if-stale", help="Do nothing where the build is up to date.")] = False,
    only: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--only", help="Read only this source (may be given again); the curated facts are always read."),
    ] = None,
) -> None:
    """Builds the graph: sources and curated facts, links, reasoning, derivation, validation, dumps.

    Example: emkg build --out build
    """
    from emkg.build import build as make
    from emkg.build import is_stale

    place = build_dir(out)
    if if_stale and not is_stale(place):
        say(f"{place} is up to date")
        return
    told = lambda step: say(f"… {step}", err=True)  # noqa: E731
    report = make(place, engine=engine.value, strict=strict, only=only, progress=told)
    for error in report.inputs.errors:
        say(f"left out: {error}", err=True)
    counts = report.validation.counts()
    say(
        f"{place}/current: {sum(report.graphs.values()):,} statements in {len(report.graphs)} graphs, reasoner {report.engine}"
    )
    said = ", ".join(f"{number} {name}" for name, number in counts.items())
    say(f"{len(report.inputs.faults)} places of the sources could not be read; {said} ({place}/current/report.json)")
    if not report.ok:
        raise typer.Exit(1)


@app.command()
def serve(
    host: Annotated[Optional[str], typer.Option(help="The address to listen on.", show_default="127.0.0.1")] = None,  # noqa: UP045
    port: Annotated[
        int | None, typer.Option(help="The port; 0 takes a free one.", show_default="8000", min=0, max=65535)
    ] = None,
    store: BuildDir = None,
    rebuild: Annotated[
        bool, typer.Option("--build-if-stale/--no-build", help="Build first where the build is absent or stale.")
    ] = True,
    seconds: Annotated[Optional[str], typer.Option(help="Seconds that a query may run.", show_default="30")] = None,  # noqa: UP045
    memory: Annotated[Optional[str], typer.Option(help="MiB that a query may take.", show_default="1024")] = None,  # noqa: UP045
    workers: Annotated[Optional[str], typer.Option(help="Queries that run at once.", show_default="16")] = None,  # noqa: UP045
    service: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(help="An IRI prefix that SERVICE may call; may be given more than once.", show_default="none"),
    ] = None,
    access_log: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="A file for a JSON line of each request, - for the terminal.", show_default="none"),
    ] = None,
) -> None:
    """Serves the site and the SPARQL endpoint, after building where that is needed. More limits: docs/serving.md.

    Example: emkg serve --port 9000
    """
    from emkg.build import is_stale
    from emkg.web.serve import run

    settings = Settings.load()
    given = {"QUERY_SECONDS": seconds, "QUERY_MEMORY": memory, "WORKERS": workers}
    given["SERVICE"] = " ".join(service) if service else None
    over = {f"EMKG_{name}": value for name, value in given.items() if value is not None}
    limits = Limits.load({**os.environ, **over})
    place = build_dir(store)
    if rebuild and is_stale(place):
        from emkg.build import build as make

        report = make(place, progress=lambda step: say(f"… {step}", err=True))
        for error in report.inputs.errors:
            say(f"left out: {error}", err=True)
    run(
        place,
        settings.host if host is None else host,
        settings.port if port is None else port,
        limits=limits,
        access_log=settings.access_log if access_log is None else access_log,
        announce=say,
    )


@app.command()
def query(
    file: Annotated[str, typer.Argument(help="A file with a SPARQL query, or - for standard input.")],
    form: Annotated[
        str, typer.Option("--format", "-f", help="table csv tsv json xml, turtle jsonld ntriples rdfxml, parquet.")
    ] = "table",
    endpoint: Annotated[str | None, typer.Option(help="A SPARQL endpoint to ask instead of the local build.")] = None,
    store: BuildDir = None,
    out: OutFile = None,
) -> None:
    """Runs a SPARQL query on the local build, or on a remote endpoint. Prefixes of ontology/prefixes.ttl need no declaration.

    Example: echo 'SELECT ?d { ?d a emkg:Dataset }' | emkg query -
    """
    from emkg.query import run_local, run_remote
    from emkg.render import render

    text = read_text(file)
    if endpoint:
        answer = run_remote(endpoint, text)
    else:
        from emkg.built import open_build

        answer = run_local(open_build(build_dir(store), text), text)
    put(render(answer, form), out)


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def ask(
    context: typer.Context,
    name: Annotated[Optional[str], typer.Argument(help="The question's name; without one, all are listed.")] = None,  # noqa: UP045
    form: Annotated[str, typer.Option("--format", "-f", help="table csv tsv json xml plot, turtle jsonld …")] = "table",
    store: BuildDir = None,
    out: OutFile = None,
) -> None:
    """Answers a named question; its parameters are options of their own.

    Example: emkg ask datasets-by-technique --technique SEM
    """
    from emkg import ask as asking
    from emkg.render import render

    if name is None:
        put(asking.listing(), out)
        return
    question = asking.load(name)
    values = options_of(context.args)
    from emkg.built import open_build

    answer = asking.run(question, open_build(build_dir(store), question.text), values)
    form = "turtle" if form == "table" and not hasattr(answer, "rows") else form
    if form == "table":
        say(question.question + (f"\n({question.status}: {question.reason})" if question.reason else ""), err=True)
    put(render(answer, form, axes=dict(question.axes)), out)


@app.command()
def validate(
    files: Annotated[Optional[list[Path]], typer.Argument(help="RDF files; without one, the build.")] = None,  # noqa: UP045
    form: Annotated[
        ReportFormat, typer.Option("--format", "-f", help="text, json, or turtle (a SHACL report).")
    ] = ReportFormat.text,
    ontology: Annotated[bool, typer.Option("--ontology", help="The ontology itself, by the meta-shapes.")] = False,
    store: BuildDir = None,
    out: OutFile = None,
) -> None:
    """Checks data by the SHACL shapes and the checks: the files given, or the build. Exit 1 where something is violated.

    Example: emkg validate my-dataset.ttl
    """
    from emkg import validate as validation

    if ontology:
        report = validation.validate_ontology()
    elif files:
        report = validation.validate_files(files)
    else:
        from emkg.built import open_build

        report = validation.validate_build(open_build(build_dir(store)))
    put(report.render(form.value), out)
    if not report.conforms:
        raise typer.Exit(1)


app.command()(harvest)
app.command()(enrich)


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
def export(
    form: Annotated[
        str | None, typer.Argument(metavar="FORMAT", help="The format; without one, all are listed.")
    ] = None,
    datasets: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Argument(help="Slugs of datasets; then the options of the format, which the list shows."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All datasets.")] = False,
    store: BuildDir = None,
    out: OutFile = None,
) -> None:
    """Writes some or all datasets in one format; without a format lists them.

    Example: emkg export jsonld h01
    """
    from emkg import exports

    if form is None:
        put(exports.listing(), None)
        return
    from emkg.built import open_build

    slugs, options = words_and_options(datasets or [])
    put(exports.export(form, open_build(build_dir(store)), None if every else slugs, options), out)


@app.command()
def doctor(store: BuildDir = None) -> None:
    """Says what is installed, what was found and what is missing, with the repair of each.

    Example: emkg doctor
    """
    from emkg.doctor import checks

    findings = checks(build_dir=build_dir(store))
    for finding in findings:
        say(f"{finding.status:4}  {finding}")
    if any(finding.status == "fail" for finding in findings):
        raise typer.Exit(1)


@app.command()
def version() -> NoReturn:
    """Prints the version.

    Example: emkg version
    """
    from emkg import __version__

    say(__version__)
    raise typer.Exit(0)


if __name__ == "__main__":
    main()
