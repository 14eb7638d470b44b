"""Which images that the graph knows can tell of themselves? Asks each for its metadata, and keeps the answers as harvested records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from emkg.graph import Graph
from emkg.harvest import RepositoryReport, sources
from emkg.harvest.live import Live, harvest_live
from emkg.harvest.repositories import Progress
from emkg.sources._array_records import ArrayMetadata, on_the_web
from emkg.vocab import EM

_ADDRESSES = """
SELECT DISTINCT ?address WHERE {{
  ?point emkg:fileFormat {form} ; dcat:accessURL ?address .
  FILTER NOT EXISTS {{ ?point emkg:accessRole emkg:meshes }}
}} ORDER BY ?address
"""


def tellers() -> Iterator[ArrayMetadata]:
    """The sources that read what images say of themselves.

    >>> [one.name for one in tellers()]
    ['neuroglancer-precomputed', 'ome-zarr']
    """
    return (source for source in sources().values() if isinstance(source, ArrayMetadata))


def addresses(graph: Graph, source: ArrayMetadata) -> tuple[str, ...]:
    """The addresses of a graph at which images of the source's format can be asked over HTTP, in their order."""
    rows = graph.select(_ADDRESSES.format(form=f"<{EM[source.file_format].value}>")).values()
    return tuple(address for (address,) in rows if address and on_the_web(address))


def enrich(
    graph: Graph, how: Live, out: Path | None = None, *, limit: int | None = None, progress: Progress = lambda _: None
) -> list[RepositoryReport]:
    """Asks all images of the graph that can be asked, at most ``limit`` of each format; what was told before is kept.

    The records go where a harvest of their source puts them, so that the next build has them. An address that cannot be had is in
    the report, and the others are asked.
    """
    reports = []
    for source in tellers():
        known = addresses(graph, source)[:limit]
        if known:
            report = harvest_live(type(source)(known), how, out, progress=progress)
            assert isinstance(report, RepositoryReport)
            reports.append(report)
    return reports
