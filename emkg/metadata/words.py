"""A dataset in a sentence and in keywords, made from the graph's facts alone: other people's prose is theirs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from emkg.metadata.summaries import Lengths, Summary, Thing
from emkg.vocab import curie

LONGEST = 5000
"""Characters that a search engine reads of a description (Google asks for 50 to 5000)."""
_SHOWN = 4  # voxel sizes, extents: enough to know the dataset by
FIELD = "volume electron microscopy"


def description(summary: Summary) -> str:
    """What the dataset is: the sources' words where the graph holds them, else a sentence of facts that says so."""
    if len(summary.description) >= 50:
        return summary.description[:LONGEST]
    told = "; ".join(_facts(summary))
    return f"{summary.title}: a dataset of {FIELD}" + (f"; {told}" if told else "") + ". Told by emkg from its graph."


def _facts(summary: Summary) -> Iterator[str]:
    for heading, things in (("species", summary.species), ("region", summary.regions)):
        if things:
            yield f"{heading}: {_names(things)}"
    if summary.techniques:
        yield "technique: " + ", ".join(_both(thing) for thing in summary.techniques)
    if summary.voxels:
        yield "voxel size (nm): " + ", ".join(lengths_text(one) for one in summary.voxels[:_SHOWN])
    if summary.extents:
        yield "extent (µm): " + ", ".join(lengths_text(one) for one in summary.extents[:_SHOWN])
    if summary.hosts:
        yield f"kept at {_names(summary.hosts)}"


def _names(things: Iterable[Thing]) -> str:
    return ", ".join(thing.label for thing in things)


def _both(thing: Thing) -> str:
    return f"{thing.label} ({thing.short})" if thing.short and thing.short != thing.label else thing.label


def lengths_text(lengths: Lengths) -> str:
    """Lengths along x, y and z as ``4 × 4 × 33``; ``?`` where nobody says."""
    return " × ".join(f"{Decimal(one.value).normalize():f}" if one is not None else "?" for one in lengths)


def free(summary: Summary) -> bool:
    """Whether anybody may have the data for nothing: a Creative Commons licence, or one of SPDX's list, says so."""
    return any(curie(licence.node).startswith(("cc:", "spdx:")) for licence in summary.licences)


def access_conditions(summary: Summary) -> str:
    """On which conditions the data can be had, as far as the graph knows."""
    if summary.licences:
        return f"Under {_names(summary.licences)}" + (", for everybody" if free(summary) else "")
    return "No licence is known here: ask those who made the data"


def media_type(form: Thing) -> str:
    """The media type that a form stands for, where its IRI is one of openMINDS' content types; else the IRI.

    >>> from emkg.vocab import iri
    >>> media_type(Thing(iri("contenttypes:application_vnd.neuroglancer.precomputed"), ""))
    'application/vnd.neuroglancer.precomputed'
    """
    prefix, _, name = curie(form.node).partition(":")
    return name.replace("_", "/", 1) if prefix == "contenttypes" else form.node.value


def keywords(summary: Summary) -> tuple[str, ...]:
    """The field, species, regions and techniques by their names, other names of the dataset last."""
    things = (*summary.species, *summary.regions, *summary.techniques)
    words = [FIELD, *(name for thing in things for name in (thing.label, thing.short) if name), *summary.other_names]
    return tuple(dict.fromkeys(words))
