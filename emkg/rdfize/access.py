"""An access point as statements."""

from __future__ import annotations

from emkg.ids import mint
from emkg.model import AccessPoint, Dataset
from emkg.rdf import NamedNode
from emkg.rdfize.volume import grid_pairs, lengths
from emkg.stated import Text, composed, place
from emkg.terms import Pairs, english, literal, term
from emkg.vocab import DCAT, DCTERMS, EM, RDF, RDFS

LONGEST_ADDRESS = 160
"""Characters of an address that a label shows; the state of a viewer is a page long."""


def short_address(url: str) -> Text:
    """The address as a label shows it: without the state behind # or ?, and cut where it is still long.

    >>> short_address("https://neuroglancer-demo.appspot.com/#!%7B%22layers%22%7D")
    'https://neuroglancer-demo.appspot.com/'
    """
    plain = url.partition("#")[0].partition("?")[0]
    return Text(plain if len(plain) <= LONGEST_ADDRESS else plain[: LONGEST_ADDRESS - 1] + "…", place(url))


def access_pairs(dataset: Dataset, point: AccessPoint) -> Pairs:
    """Address, host, role, format, size, licence, and where its array lies in the coordinates of the dataset."""
    yield RDF.type, EM.AccessPoint
    yield RDFS.label, english(composed(dataset.title, ": ", point.label or short_address(point.url)))
    yield DCAT.accessURL, NamedNode(str(point.url))
    if point.label:
        yield EM.asStated, literal(point.label)
    if point.host:
        yield EM.host, mint("host", point.host)
    if point.role:
        yield EM.accessRole, EM[point.role]
    if point.conforms_to:
        yield DCTERMS.conformsTo, term(point.conforms_to)
    if point.byte_size is not None:
        yield DCAT.byteSize, literal(point.byte_size)
    if point.licence:
        yield DCTERMS.license, term(point.licence)
    for name, local in {"fileFormat": point.file_format, "voxelType": point.voxel_type}.items():
        if local:
            yield EM[name], EM[local]
    worded = {
        "statedFileFormat": point.stated_file_format,
        "statedVoxelType": point.stated_voxel_type,
        "statedLicence": point.stated_licence,
        "arrayPath": point.array_path,
        "axisOrder": point.axes,
        "ngffVersion": point.ngff_version,
    }
    for name, words in worded.items():
        if words:
            yield EM[name], literal(words)
    if point.scale:
        yield from lengths(point.scale, "scale")
    if point.translation:
        yield from lengths(point.translation, "translate")
    for axis in point.mirrored_axes:
        yield EM.mirroredAxis, literal(axis)
    if point.grid:
        yield from grid_pairs(point.grid)
    if point.level_count is not None:
        yield EM.levelCount, literal(point.level_count)
