"""What a source says, as frozen values: datasets, volumes, samples, counts, access points, deposits. No RDF in here.

Lengths are decimals in one unit: voxels in nm, extents in µm. ``None`` is "not stated", never zero.
"""

from __future__ import annotations

from emkg.model.dataset import (
    AccessPoint,
    Acquisition,
    Concept,
    Count,
    Dataset,
    Paper,
    Reconstruction,
    Relation,
    Sample,
    TextClaim,
    Triplet,
    Volume,
)
from emkg.model.deposit import Curie, Deposit, Grant, Person
from emkg.model.images import Images
from emkg.model.source import (
    Cell,
    Fault,
    Named,
    Reading,
    Record,
    RecordReading,
    Row,
    SourceFile,
    SourceTable,
    SourceVersion,
    Statement,
)

__all__ = [
    "AccessPoint",
    "Acquisition",
    "Cell",
    "Concept",
    "Count",
    "Curie",
    "Dataset",
    "Deposit",
    "Fault",
    "Grant",
    "Images",
    "Named",
    "Paper",
    "Person",
    "Reading",
    "Reconstruction",
    "Record",
    "RecordReading",
    "Relation",
    "Row",
    "Sample",
    "SourceFile",
    "SourceTable",
    "SourceVersion",
    "Statement",
    "TextClaim",
    "Triplet",
    "Volume",
]
