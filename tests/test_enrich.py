"""Enriching: the images that a build knows are asked where they lie, and what they tell meets what archives say of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from emkg.cli import app
from emkg.enrich import addresses, enrich, tellers
from emkg.errors import FetchError
from emkg.graph import Graph
from emkg.harvest import RepositoryReport
from emkg.harvest.live import Live, harvest_live
from emkg.harvest.manners import Manners
from emkg.ids import mint, well_known_graphs
from emkg.rdf import Literal, NamedNode, Quad, RdfFormat, write
from emkg.shards import kept_records, read_shard
from emkg.sources.neuroglancer_precomputed import NeuroglancerPrecomputed
from emkg.sources.ome_zarr import OmeZarr
from emkg.vocab import DCAT, EM, XSD
from tests.harvest.site import Reply, Site, serving
from tests.sources.test_neuroglancer_precomputed import INFO
from tests.sources.test_ome_zarr import ARRAY, OLD

QUICK = Manners(delay=0, read_timeout=2, attempts=2, backoff=0.01, patience=50)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


def knowing(*points: tuple[str, str]) -> Graph:
    """A graph that knows images by format and address."""
    graph, current = Graph(), well_known_graphs()["current"]
    for number, (form, address) in enumerate(points):
        point = mint("distribution", f"point-{number}")
        graph.add(
            [Quad(point, EM.fileFormat, EM[form], current), Quad(point, DCAT.accessURL, NamedNode(address), current)]
        )
    return graph


def put(site: Site, path: str, body: object) -> str:
    return site.put(path, Reply(json.dumps(body).encode()))


def test_images_are_asked_where_they_lie_and_keep_the_address_by_which_they_are_known(
    site: Site, tmp_path: Path
) -> None:
    put(site, "/a/cell.zarr/.zattrs", OLD)
    put(site, "/a/cell.zarr/s0/.zarray", ARRAY)
    put(site, "/b/em/info", INFO)
    zarr, volume = f"{site.url}a/cell.zarr/", f"{site.url}b/em"
    graph = knowing(
        ("formatOMEZarr", zarr), ("formatNeuroglancerPrecomputed", volume), ("formatTIFF", f"{site.url}c.tif")
    )
    how = Live(tmp_path / "cache", "2026-01-02", manners=QUICK)
    reports = {report.source: report for report in enrich(graph, how, tmp_path / "out")}
    assert {name: report.new for name, report in reports.items()} == {
        "neuroglancer-precomputed": [volume],
        "ome-zarr": [zarr.rstrip("/")],
    }
    assert all(report.whole for report in reports.values()), (
        "that there is no zarr.json is no fault of an old container"
    )
    told = [quad for report in reports.values() for quad in read_shard(report.path)]
    assert {quad.object.value for quad in told if quad.predicate == DCAT.accessURL} == {volume, zarr.rstrip("/")}
    assert {quad.object for quad in told if quad.predicate == EM.gridX} >= {Literal("4000", datatype=XSD.integer)}


def test_what_was_told_before_is_kept_and_what_cannot_be_had_is_told(site: Site, tmp_path: Path) -> None:
    put(site, "/b/em/info", INFO)
    first, second = f"{site.url}b/em", f"{site.url}b/seg"
    out = tmp_path / "out"
    enrich(knowing(("formatNeuroglancerPrecomputed", first)), Live(tmp_path / "one", "2026-01-02", manners=QUICK), out)
    (report,) = enrich(
        knowing(("formatNeuroglancerPrecomputed", second)), Live(tmp_path / "two", "2026-01-03", manners=QUICK), out
    )
    assert (report.new, report.vanished, report.left_as_before) == ([], [], 1)
    assert list(report.rejected) == [f"{second}/info"]
    assert list(kept_records(report.path)) == [first]


def test_without_an_address_there_is_nothing_to_ask(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="no address of its own"):
        harvest_live(OmeZarr(), Live(tmp_path, "2026-01-02", manners=QUICK), tmp_path / "out")


def test_at_an_address_of_the_call(site: Site, tmp_path: Path) -> None:
    put(site, "/x/em/info", INFO)
    how = Live(tmp_path / "cache", "2026-01-02", f"{site.url}x/em", manners=QUICK)
    report = harvest_live(NeuroglancerPrecomputed(), how, tmp_path / "out")
    assert isinstance(report, RepositoryReport)
    assert report.new == [f"{site.url}x/em"]


def test_only_addresses_that_can_be_asked_over_http_are_asked() -> None:
    known = [
        ("formatOMEZarr", "s3://bucket-of-nowhere/cell.zarr"),
        ("formatOMEZarr", "https://images.example.org/cell.zarr"),
        ("formatOMEZarr", "bossdb://nowhere/cell/em"),
    ]
    zarr = next(source for source in tellers() if source.name == "ome-zarr")
    assert addresses(knowing(*known), zarr) == (
        "https://images.example.org/cell.zarr",
        "s3://bucket-of-nowhere/cell.zarr",
    )


def test_a_build_without_such_images_asks_nobody(tmp_path: Path) -> None:
    assert enrich(knowing(("formatTIFF", "https://a.example.org/x")), Live(tmp_path, "2026-01-02", manners=QUICK)) == []


def test_the_verb_asks_the_images_of_the_build_and_exits_with_1_where_one_cannot_be_had(
    site: Site, tmp_path: Path
) -> None:
    put(site, "/b/em/info", INFO)
    current = tmp_path / "build" / "current"
    current.mkdir(parents=True)
    (current / "manifest.json").write_text("{}", encoding="utf-8")
    options = ["--build", str(tmp_path / "build"), "--out", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")]

    def called(*points: tuple[str, str], more: tuple[str, ...] = ()) -> Result:
        (current / "emkg.nq").write_bytes(write(knowing(*points).quads(), RdfFormat.N_QUADS))
        return CliRunner().invoke(app, ["enrich", "--delay", "0", *options, *more])

    none = called()
    assert (none.exit_code, none.output) == (0, "the build names no images that can be asked\n")
    good = called(("formatNeuroglancerPrecomputed", f"{site.url}b/em"))
    assert good.exit_code == 0 and "1 records kept (1 new" in good.output
    again = called(("formatNeuroglancerPrecomputed", f"{site.url}b/em"), more=("--format", "json", "--offline"))
    assert again.exit_code == 0 and json.loads(again.output)[0]["unchanged"] == 1
    site.put("/private/info", Reply(b"", 403))
    refused = called(("formatNeuroglancerPrecomputed", f"{site.url}private"))
    assert refused.exit_code == 1 and "status 403" in refused.output
