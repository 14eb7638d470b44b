"""Published volumes of electron microscopy: a table of sections, sizes, voxels, methods and references, its units in its second row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from emkg.cursor import Cursor
from emkg.ids import slugify
from emkg.model import Acquisition, Curie, Dataset, Deposit, Fault, Paper, Record, Triplet, Volume
from emkg.sources import _lookup
from emkg.sources._base import Repository
from emkg.sources._files import csv_rows, files_below, read_text, shown
from emkg.sources._live import PublicFiles
from emkg.sources._references import paper
from emkg.stated import Number, Text, Whole, composed

_REFERENCES = "references_for_plot.md"
_NUMBERED = re.compile(r"^(\d+)\.\s+(.+)$", re.MULTILINE)
_PUBMED = re.compile(r"\bPMID: (\d+)", re.ASCII)
_CUBIC_MICROMETRES = ("um^3", "µm^3", "µm³")


class VolumeEmPubs(Repository):
    """The table data/volume_em_data.csv and the numbered list of references beside it."""

    name = "volume-em-pubs"
    title = "Volume EM publications"
    homepage = "https://github.com/mtakeno/volume-em-pubs"
    licence = ""
    resource = "volume-em-pubs"
    public = PublicFiles(
        "mtakeno/volume-em-pubs", "HEAD", ("data/volume_em_data.csv", "references_for_plot.md"), (".csv", ".md")
    )
    states = ("sections", "section thickness", "size", "voxel size", "technique", "paper")
    lacks = ("address", "licence", "species", "tissue", "people")
    example: ClassVar[Record] = Record(
        "Kasthuri 2015 21",
        "volume_em_data.csv",
        "/19",
        {
            "row": {
                "dataset_name": "",
                "number_sections": "1724",
                "section_thickness": "0.029",
                "calculated_z": "49.996",
                "section_dimension_x": "40",
                "section_dimension_y": "40",
                "calculated_volume": "79993.6",
                "voxel_resolution_x": "3",
                "voxel_resolution_y": "3",
                "voxel_resolution_z": "30",
                "imaging_method": "SEM",
                "pickup_method": "ATUM",
                "substrate_type": "kapton tape",
                "reference_number": "21",
                "publication_year": "2015",
                "lastname_firstauthor": "Kasthuri",
                "publication_reference": "Saturated Reconstruction of a Volume of Neocortex. Cell. 2015 Jul 30;162(3):648-61.",
            },
            "units": {
                "section_thickness": "um",
                "calculated_z": "um",
                "section_dimension_x": "um",
                "section_dimension_y": "um",
                "calculated_volume": "um^3",
                "voxel_resolution_x": "nm",
                "voxel_resolution_y": "nm",
                "voxel_resolution_z": "nm",
            },
            "reference": "Kasthuri N. Saturated Reconstruction of a Volume of Neocortex. Cell. 2015 Jul 30;162(3):648-61. "
            "doi: [10.1016/j.cell.2015.06.054](https://doi.org/10.1016/j.cell.2015.06.054). PMID: 26232230.",
        },
    )

    def records(self, path: Path) -> Iterator[Record | Fault]:
        """A record for each row, with the row of units and the reference of its number; the pointer is the number of its line."""
        for file in files_below(path, "volume_em_data.csv"):
            name = shown(file, path)
            text = read_text(file, name)
            references, units = _references(file), {}
            seen: set[str] = set()
            for row in [text] if isinstance(text, Fault) else csv_rows(text, name):
                if isinstance(row, Fault):
                    yield row
                    continue
                line, cells = row
                if cells.get("number_sections") == "units":
                    units = cells
                    continue
                number = (cells.get("reference_number") or "").strip()
                key = f"{cells.get('lastname_firstauthor')} {cells.get('publication_year')} {number or f'line {line}'}"
                key = f"{key} line {line}" if key in seen else key
                seen.add(key)
                body = {"row": cells, "units": units, "reference": references.get(number)}
                yield Record(key, name, f"/{line}", body)

    def datasets(self, record: Cursor, key: str) -> Iterator[Dataset]:
        """A dataset of one volume, named as the table does or after its paper."""
        row = record["row"]
        author, year = row["lastname_firstauthor"].text(), row["publication_year"].year()
        name = row["dataset_name"].text()
        title = name or (composed(author, " ", year) if author and year else author)
        if title is None:
            record.fault("neither a name nor an author")
            return
        slug = f"{self.name}-{slugify(key)}"
        published = _paper(f"{slug}-paper-1", record, author, year)
        yield Dataset(
            slug,
            title,
            volumes=(_volume(slug, title, record),),
            papers=(published,) if published else (),
            deposit=Deposit(self.resource, identifiers=(name,) if name else ()),
        )


def _references(table: Path) -> dict[str, str]:
    """Number → reference, of the list beside the table or, as in the repository, in the folder above; empty where there is none."""
    places = (table.with_name(_REFERENCES), table.parent.with_name(_REFERENCES))
    path = next((one for one in places if one.is_file()), None)
    text = read_text(path, path.name) if path else ""
    return {} if isinstance(text, Fault) else {number: words.strip() for number, words in _NUMBERED.findall(text)}


def _length(record: Cursor, column: str) -> Number | None:
    """A length in nm, which stands where its number and its unit do."""
    cell, unit = record["row"][column], record["units"][column].text()
    if not cell:
        return None
    found = cell.length(unit or "")
    return Number(found, f"{cell.at} {unit.at}") if found is not None and unit else None


def _volume(slug: str, title: Text, record: Cursor) -> Volume:
    row = record["row"]
    x, y, z = (_length(record, f"voxel_resolution_{axis}") for axis in "xyz")
    wide, high, deep = (
        _length(record, column) for column in ("section_dimension_x", "section_dimension_y", "calculated_z")
    )
    extent = (
        Triplet(wide.scaled("0.001"), high.scaled("0.001"), deep.scaled("0.001")) if wide and high and deep else None
    )
    cubic = record["units"]["calculated_volume"].text() in _CUBIC_MICROMETRES
    return Volume(
        slug,
        title,
        voxel=Triplet(x, y, z) if x and y else None,
        extent=extent,
        acquisition=Acquisition(slug, _techniques(row)),
        stated_technique=row["imaging_method"].text() or "",
        section_count=row["number_sections"].whole(),
        section_thickness=_length(record, "section_thickness"),
        total_volume=row["calculated_volume"].number() if cubic else None,
    )


def _techniques(row: Cursor) -> tuple[Curie, ...]:
    """The technique by the method, with how the sections were picked up, or on what, where that makes it another one."""
    method, pickup, substrate = (row[one].text() or "" for one in ("imaging_method", "pickup_method", "substrate_type"))
    words = (f"{substrate} {method}", f"{pickup}-{method}", method)
    return next(filter(None, map(_lookup.techniques, words)), ())


def _paper(slug: str, record: Cursor, author: Text | None, year: Whole | None) -> Paper | None:
    """The paper: its title is what stands before the first full stop that ends a sentence."""
    cell, reference = record["row"]["publication_reference"].text(), record["reference"].text()
    if cell is None:
        return None
    title = Text(re.split(r"\.\s", cell.replace("*", ""), maxsplit=1)[0].strip(" ."), cell.at)
    made = paper(slug, title=title or cell, address=reference or cell, year=year)
    pubmed = _PUBMED.search(reference) if reference else None
    return Paper(
        slug,
        made.title,
        doi=made.doi,
        first_author=author or "",
        year=year,
        served_version=made.served_version,
        classes=made.classes,
        pubmed_id=Text(pubmed[1], reference.at) if pubmed and reference else "",
    )
