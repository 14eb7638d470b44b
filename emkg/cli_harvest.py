"""The verb `emkg harvest`: from a local copy or over HTTP, with a bar on a terminal and a report at the end."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from emkg.config import Settings
from emkg.console import put
from emkg.errors import ConfigError

if TYPE_CHECKING:
    from emkg.harvest import DocumentReport, RepositoryReport


class HarvestFormat(StrEnum):
    """How the report, or the listing, is shown."""

    text = "text"
    json = "json"


def harvest(
    source: Annotated[Optional[str], typer.Argument(help="The source; without one, all are listed.")] = None,  # noqa: UP045
    origin: Annotated[
        str | None,
        typer.Option("--from", help="A local copy of what the source publishes, or an address instead of its own."),
    ] = None,
    limit: Annotated[Optional[int], typer.Option(min=1, help="At most so many records; the others stay.")] = None,  # noqa: UP045
    day: Annotated[Optional[str], typer.Option("--date", help="The day of a local copy's state, YYYY-MM-DD.")] = None,  # noqa: UP045
    commit: Annotated[str | None, typer.Option(help="The commit of a local copy, or the one to fetch.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The folder that the records go to.", show_default="below data/")
    ] = None,
    form: Annotated[HarvestFormat, typer.Option("--format", "-f", help="text or json.")] = HarvestFormat.text,
    offline: Annotated[bool, typer.Option("--offline", help="Ask nobody: only what the cache holds.")] = False,
    afresh: Annotated[bool, typer.Option("--afresh", help="Do not go on with a harvest that was interrupted.")] = False,
    delay: Annotated[
        float, typer.Option(min=0, help="Seconds between two requests to a host; its robots.txt may ask for more.")
    ] = 0.25,
    cache: Annotated[
        Path | None,
        typer.Option(help="Where answers are kept.", envvar="EMKG_CACHE", show_default="the user's cache folder"),
    ] = None,
) -> None:
    """Records what a source says, from a local copy or live; without a name lists the sources with their records.

    Exit 1 where an address could not be had.

    Example: emkg harvest cem --limit 10
    """
    from emkg import harvest as harvesting

    if source is None:
        put(harvesting.listing(form.value), None)
        return
    if (origin is None or _is_address(origin)) and day:
        raise ConfigError("a live harvest has its own day", "--date", "give it with a local copy: --from PATH")
    today = date.today().isoformat()
    with _progress(source) as (progress, watch):
        if origin is None or _is_address(origin):
            from emkg.harvest.live import Live, harvest_live
            from emkg.harvest.manners import Manners

            folder = cache or Settings.load().cache
            how = Live(folder, today, origin or "", commit or "", afresh, offline, Manners(delay=delay), watch)
            report = harvest_live(harvesting.source_named(source), how, out, limit=limit, progress=progress)
        else:
            snapshot = harvesting.Snapshot(_commit(commit), _day(day), "" if commit else today)
            report = harvesting.harvest(source, Path(origin), out, snapshot=snapshot, limit=limit, progress=progress)
    _tell(report, form)


def _is_address(origin: str) -> bool:
    return origin.startswith(("http://", "https://"))


def _tell(report: DocumentReport | RepositoryReport, form: HarvestFormat) -> None:
    """The report; exit 1 where an address could not be had."""
    if form is HarvestFormat.text:
        put(report.to_text(), None)
    else:
        put(json.dumps(report.to_dict(), indent=1, ensure_ascii=False) + "\n", None)
    if not report.whole:
        raise typer.Exit(1)


def enrich(
    store: Annotated[
        Path | None,
        typer.Option("--build", "-b", help="The build's folder.", envvar="EMKG_BUILD", show_default="build"),
    ] = None,
    limit: Annotated[Optional[int], typer.Option(min=1, help="At most so many images of each format.")] = None,  # noqa: UP045
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The folder that the records go to.", show_default="below data/")
    ] = None,
    form: Annotated[HarvestFormat, typer.Option("--format", "-f", help="text or json.")] = HarvestFormat.text,
    offline: Annotated[bool, typer.Option("--offline", help="Ask nobody: only what the cache holds.")] = False,
    delay: Annotated[
        float, typer.Option(min=0, help="Seconds between two requests to a host; its robots.txt may ask for more.")
    ] = 0.25,
    cache: Annotated[
        Path | None,
        typer.Option(help="Where answers are kept.", envvar="EMKG_CACHE", show_default="the user's cache folder"),
    ] = None,
) -> None:
    """Asks the images of the build for their own voxel size, size, place and levels; the next build has the answers.

    These are its OME-Zarr and Neuroglancer precomputed images. Exit 1 where an address could not be had.

    Example: emkg enrich --limit 20
    """
    from emkg.built import open_build
    from emkg.enrich import enrich as asked
    from emkg.harvest.live import Live
    from emkg.harvest.manners import Manners

    settings = Settings.load()
    graph = open_build(store if store is not None else settings.build)
    how = Live(cache or settings.cache, date.today().isoformat(), "", "", False, offline, Manners(delay=delay))
    with _progress("enrich") as (progress, _):
        reports = asked(graph, how, out, limit=limit, progress=progress)
    if form is HarvestFormat.json:
        put(json.dumps([report.to_dict() for report in reports], indent=1, ensure_ascii=False) + "\n", None)
    else:
        put("".join(report.to_text() for report in reports) or "the build names no images that can be asked\n", None)
    if not all(report.whole for report in reports):
        raise typer.Exit(1)


def _day(text: str | None) -> str:
    """The day as it is; raises ConfigError for what is none."""
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise ConfigError(f"not a day: {text!r}", "--date", "give it as YYYY-MM-DD") from None


def _commit(text: str | None) -> str:
    """The commit as it is; raises ConfigError for what is none, or shorter than a graph may state it."""
    if text and not re.fullmatch(r"[0-9a-f]{12,40}", text):
        raise ConfigError(f"not a commit: {text!r}", "--commit", "give 12 to 40 of its hexadecimal digits")
    return text or ""


Told = Callable[[str], None]


@contextmanager
def _progress(source: str) -> Iterator[tuple[Told, Told]]:
    """What to tell of each record and of each address: a terminal shows them with their number; anything else does not."""
    if not sys.stderr.isatty():
        yield (lambda _: None), (lambda _: None)
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn(source),
        TextColumn("{task.completed:,.0f} records"),
        TimeElapsedColumn(),
        TextColumn("{task.description}", style="dim", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield (
            lambda key: bar.update(task, advance=1, description=key[:60]),
            lambda address: bar.update(task, description=address[-60:]),
        )
