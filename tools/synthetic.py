"""A build that is as large as a whole archive: the project's own build and made-up datasets, for measurements only.

    python tools/synthetic.py OUT [--datasets 2500] [--build build] [--seed 1]

The made-up datasets are written in emkg's own terms, about 120 statements each, 2,500 of them by default: what EMPIAR holds today.
The same arguments and the same build give the same bytes. ``emkg serve --store OUT --no-build`` serves the result.
Every made-up thing says in its title or label that it is synthetic, and none of this is ever published.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from emkg.built import open_build  # noqa: E402
from emkg.ids import mint, well_known_graphs  # noqa: E402
from emkg.rdf import Literal, NamedNode, RdfFormat, Triple, in_graph, write  # noqa: E402
from emkg.vocab import CITO, DCAT, DCTERMS, EM, FOAF, RDF, RDFS, iri  # noqa: E402

T = TypeVar("T")
TAXA = {
    9606: "human",
    10090: "mouse",
    7227: "fruit fly",
    6239: "C. elegans",
    7955: "zebrafish",
    9483: "marmoset",
    10116: "rat",
    4932: "yeast",
}
REGIONS = ("0000955", "0000956", "0001851", "0001950", "0002421", "0000966", "0000044", "0002107", "0000945", "0002113")
COUNTED = ("CL_0000540", "GO_0045202", "GO_0005739", "GO_0030424", "GO_0005634")


def term(text: str, number: int | str | float) -> Literal:
    """A typed literal: xsd:decimal, xsd:integer and so on."""
    return Literal(str(number), datatype=iri(f"xsd:{text}"))


class Maker:
    """Makes one archive; every choice comes from one seeded stream, of which only ``random()`` is used, since it alone
    gives the same numbers in all versions of Python.
    """

    def __init__(self, seed: int, kinds: Sequence[tuple[str, ...]]) -> None:
        self._random = random.Random(seed)
        self._kinds = kinds  # technique classes, each with all classes above it
        self._agents = [mint("agent", f"synthetic-{number:04d}") for number in range(900)]
        self._papers = [mint("paper", f"synthetic-{number:04d}") for number in range(1800)]
        self._hosts = [mint("host", f"synthetic-{number}") for number in range(6)]

    def _pick(self, items: Sequence[T]) -> T:
        return items[int(self._random.random() * len(items))]

    def _number(self, low: float, high: float) -> float:
        return low + self._random.random() * (high - low)

    def shared(self) -> Iterator[Triple]:
        """People, papers and hosts, which datasets share."""
        for number, agent in enumerate(self._agents):
            yield Triple(agent, RDF.type, FOAF.Agent)
            yield Triple(agent, FOAF.name, Literal(f"Synthetic Author {number}"))
        for number, host in enumerate(self._hosts):
            yield Triple(host, RDF.type, EM.Host)
            yield Triple(host, RDFS.label, Literal(f"synthetic host {number}", language="en"))
        for number, paper in enumerate(self._papers):
            year = 2005 + int(self._number(0, 21))
            yield Triple(paper, RDF.type, EM.Paper)
            yield Triple(paper, DCTERMS.title, Literal(f"Synthetic paper {number} on the structure of tissue"))
            yield Triple(paper, RDFS.label, Literal(f"synthetic paper {number}", language="en"))
            yield Triple(paper, DCTERMS.issued, term("gYear", year))
            yield Triple(paper, EM.firstAuthor, Literal(f"Author {number % len(self._agents)}"))
            yield Triple(paper, EM.venue, Literal(f"Journal {number % 40}"))

    def dataset(self, number: int) -> Iterator[Triple]:
        """One dataset with its volumes, acquisition, sample, counts and access points."""
        slug = f"synthetic-{number:06d}"
        node, sample, acquisition = mint("dataset", slug), mint("sample", slug), mint("acquisition", slug)
        code = self._pick(tuple(TAXA))
        taxon, region = iri(f"obo:NCBITaxon_{code}"), iri(f"obo:UBERON_{self._pick(REGIONS)}")
        kinds = self._pick(self._kinds)
        title = f"Synthetic dataset {number}: {TAXA[code]} tissue by {kinds[0]}"
        yield Triple(node, RDF.type, EM.Dataset)
        yield Triple(node, DCTERMS.title, Literal(title))
        yield Triple(node, RDFS.label, Literal(title, language="en"))
        yield Triple(node, EM.licenceStatus, EM.licenceUnknown)
        for agent in {self._pick(self._agents) for _ in range(4)}:
            yield Triple(node, DCTERMS.creator, agent)
        for paper in {self._pick(self._papers) for _ in range(1 + number % 2)}:
            yield Triple(node, CITO.isDocumentedBy, paper)
        about = [(EM.hasSample, sample), (EM.acquiredBy, acquisition), (EM.taxon, taxon), (EM.region, region)]
        yield from (Triple(node, predicate, value) for predicate, value in about)
        yield from self._techniques(node, kinds)
        yield Triple(sample, RDF.type, EM.Sample)
        yield Triple(sample, RDFS.label, Literal(f"sample of synthetic dataset {number}", language="en"))
        yield Triple(sample, EM.taxon, taxon)
        yield Triple(sample, EM.region, region)
        yield from (Triple(acquisition, RDF.type, EM[kind]) for kind in kinds)
        yield Triple(acquisition, RDFS.label, Literal(f"acquisition of synthetic dataset {number}", language="en"))
        for letter in "ab"[: 1 + (number % 3 > 0)]:
            volume = mint("volume", f"{slug}-{letter}")
            yield Triple(node, EM.hasVolume, volume)
            yield from (Triple(volume, predicate, value) for predicate, value in about)
            yield from self._volume(volume, f"synthetic volume {number}{letter}")
            yield from self._techniques(volume, kinds)
        yield from self._counts(node, slug)
        yield from self._access(node, slug)

    def _techniques(self, node: NamedNode, kinds: Sequence[str]) -> Iterator[Triple]:
        yield from (Triple(node, EM.technique, iri(f"emt:{kind}")) for kind in kinds)
        yield from (Triple(node, EM.techniqueFamily, iri(f"emt:{kind}")) for kind in kinds if kind in ("SEM", "TEM"))

    def _volume(self, node: NamedNode, label: str) -> Iterator[Triple]:
        x, z = round(self._number(2, 20), 1), round(self._number(4, 60), 1)
        extent = [round(self._number(5, 900), 1) for _ in range(3)]
        voxels = [int(side * 1000 / edge) for side, edge in zip(extent, (x, x, z), strict=True)]
        yield Triple(node, RDF.type, EM.ImageVolume)
        yield Triple(node, RDFS.label, Literal(label, language="en"))
        yield Triple(node, EM.statedVoxelSize, Literal(f"{x}x{x}x{z}"))
        yield Triple(node, EM.statedExtent, Literal("x".join(map(str, extent))))
        for axis, edge, side, count in zip("XYZ", (x, x, z), extent, voxels, strict=True):
            yield Triple(node, EM[f"voxel{axis}"], term("decimal", edge))
            yield Triple(node, EM[f"extent{axis}"], term("decimal", side))
            yield Triple(node, EM[f"voxels{axis}"], term("integer", count))
        product = voxels[0] * voxels[1] * voxels[2]
        yield Triple(node, EM.voxelCountDerived, term("integer", product))
        yield Triple(node, EM.bytesAt8Bit, term("integer", product))
        yield Triple(node, EM.anisotropy, term("double", f"{z / x:.4f}E0"))
        yield Triple(node, EM.extentVolume, term("double", f"{extent[0] * extent[1] * extent[2]:.1f}E0"))

    def _counts(self, dataset: NamedNode, slug: str) -> Iterator[Triple]:
        for letter in "abc":
            node, value = mint("count", f"{slug}-{letter}"), int(self._number(1, 1e7))
            yield Triple(dataset, EM.hasCount, node)
            yield Triple(node, RDF.type, EM.CountAnnotation)
            yield Triple(node, RDFS.label, Literal(f"{slug}: count {letter}", language="en"))
            yield Triple(node, EM.countOf, iri(f"obo:{self._pick(COUNTED)}"))
            yield Triple(node, EM.value, term("integer", value))
            yield Triple(node, EM.asStated, Literal(f"{value:,} of them"))
            yield Triple(node, EM.comparator, EM.approximately)

    def _access(self, dataset: NamedNode, slug: str) -> Iterator[Triple]:
        for letter in "ab":
            node = mint("distribution", f"{slug}-{letter}")
            yield Triple(dataset, DCAT.distribution, node)
            yield Triple(node, RDF.type, EM.AccessPoint)
            yield Triple(node, RDFS.label, Literal(f"{slug}: access point {letter}", language="en"))
            yield Triple(node, DCAT.accessURL, NamedNode(f"https://synthetic.invalid/{slug}/{letter}"))
            yield Triple(node, EM.accessRole, EM.groundTruth)
            yield Triple(node, EM.host, self._pick(self._hosts))
            yield Triple(node, EM.licenceStatus, EM.licenceUnknown)


def techniques(build: Path) -> list[tuple[str, ...]]:
    """The technique classes that have no class below them, each followed by all those above it, as the build's ontology has them."""
    rows = open_build(build).select("""
        SELECT ?leaf (GROUP_CONCAT(DISTINCT STRAFTER(STR(?above), "#")) AS ?names) WHERE {
          ?leaf rdfs:subClassOf+ emkg:ElectronMicroscopy ; rdfs:subClassOf* ?above . ?above rdfs:subClassOf* emkg:ImagingAcquisition
          FILTER NOT EXISTS { ?below rdfs:subClassOf ?leaf FILTER(?below != ?leaf) }
        } GROUP BY ?leaf ORDER BY ?leaf""")
    found = [((leaf or "").rpartition("#")[2], (names or "").split()) for leaf, names in rows.values()]
    return [(leaf, *sorted({*names} - {leaf})) for leaf, names in found]


def synthesize(out: Path, build: Path, datasets: int = 2500, seed: int = 1) -> dict[str, Any]:
    """Writes the build below ``out``, puts it in place at once as a build does, and returns its manifest."""
    maker, current = Maker(seed, techniques(build)), well_known_graphs()["current"]
    triples = [*maker.shared(), *(triple for number in range(datasets) for triple in maker.dataset(number))]
    made = write(in_graph(triples, current), RdfFormat.N_QUADS)
    source = (build / "current").resolve()
    body = (source / "emkg.nq").read_bytes() + made
    mark = hashlib.sha256(body).hexdigest()
    manifest: dict[str, Any] = json.loads((source / "manifest.json").read_text(encoding="utf-8"))
    manifest["data_version"] = mark
    manifest["graphs"][current.value] += made.count(b"\n")
    folder, partial = out / f"{mark[:12]}-1", out / f".partial-{mark[:12]}"
    if not folder.exists():
        shutil.copytree(source, partial, dirs_exist_ok=True)
        (partial / "emkg.nq").unlink()  # a hard link to the dump in a build: never written through
        (partial / "dump" / "emkg.nq").unlink(missing_ok=True)
        (partial / "emkg.nq").write_bytes(body)
        (partial / "dump" / "emkg.nq").hardlink_to(partial / "emkg.nq")
        (partial / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        partial.rename(folder)
    point(out, folder)
    return manifest


def point(out: Path, folder: Path) -> None:
    """Turns the link ``current`` to a folder beside it, in one step."""
    link = out / f".partial-link-{folder.name}"
    link.unlink(missing_ok=True)
    link.symlink_to(folder.name)
    link.replace(out / "current")


def main() -> int:
    """Reads the call, writes the build and says how large it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--datasets", type=int, default=2500)
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    manifest = synthesize(given.out, given.build, given.datasets, given.seed)
    current = well_known_graphs()["current"].value
    print(f"{given.out}: {manifest['graphs'][current]:,} statements in current, {given.datasets:,} synthetic datasets")
    return 0


if __name__ == "__main__":
    sys.exit(main())
