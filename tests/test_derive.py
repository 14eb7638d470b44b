"""Derived values against the numbers that model.md §4 gives for the seed, and against exact arithmetic."""

from __future__ import annotations

import math

import pytest

from emkg.derive import derivations
from emkg.graph import Graph


def one(graph: Graph, volume: str, name: str) -> float:
    found = graph.select(
        f"SELECT ?v {{ GRAPH emg:derived {{ <https://w3id.org/emkg/id/volume/{volume}> emkg:{name} ?v }} }}"
    )
    ((value,),) = found.values()
    assert value is not None
    return float(value)


@pytest.mark.parametrize(
    ("volume", "voxels"),
    [
        ("axonem-m", 4286 * 4286 * 750),
        ("axonem-h", 3750 * 3750 * 1000),
        ("h01", 500_000 * 750_000 * 5303),
        ("j0126", 10667 * 10889 * 5700),
        ("microns-mm3", 325_000 * 217_500 * 20_500),
        ("mitoem-r", 4096 * 4096 * 1000),
        ("snemi3d", 1000 * 1000 * 100),
    ],
)
def test_voxel_counts(graph: Graph, volume: str, voxels: int) -> None:
    assert one(graph, volume, "voxelCountDerived") == one(graph, volume, "bytesAt8Bit") == voxels


def test_extent_volume_and_anisotropy(graph: Graph) -> None:
    assert math.isclose(one(graph, "microns-mm3", "extentVolume"), 1300 * 870 * 820)
    assert math.isclose(one(graph, "microns-mm3", "extentVolumeMm3"), 0.92742)
    assert math.isclose(one(graph, "j0126", "anisotropy"), 20 / 9)


def test_the_narrowest_and_the_family_of_a_technique(graph: Graph) -> None:
    rows = graph.select("SELECT ?n { <https://w3id.org/emkg/id/dataset/axonem> emkg:techniqueFamily/skos:notation ?n }")
    assert {row[0] for row in rows.values()} == {"SEM", "TEM"}


def test_nothing_is_derived_from_what_is_unknown(graph: Graph) -> None:
    assert not graph.ask("ASK { ?v emkg:voxelCountDerived ?n FILTER NOT EXISTS { ?v emkg:voxelX|emkg:gridX ?x } }")


def test_each_derivation_says_what_it_derives() -> None:
    assert derivations()
    assert all(path.read_text().startswith("#+ derives: ") for path in derivations())
