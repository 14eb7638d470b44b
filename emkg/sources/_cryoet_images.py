"""The images of a dataset of the CryoET Data Portal: tilt series, the tomograms made of them, and what was annotated in these."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from emkg.cursor import Cursor
from emkg.ids import slugify
from emkg.model import Acquisition, Curie, Images, Reconstruction, Sample, Triplet, Volume
from emkg.sources import _lookup
from emkg.sources._arrays import distinct
from emkg.sources._cryoet_values import stated, term, within, words
from emkg.stated import Number, Text, composed

_ELECTRONS_KV = (1, 3000)
_MASKS = ("SegmentationMask", "SemanticSegmentationMask", "InstanceSegmentationMask", "InstanceSegmentation")


def images_of(
    slug: str, title: Text, record: Cursor, sample: Sample | None, techniques: tuple[Curie, ...]
) -> list[Volume]:
    """An image set for each kind of tilt series, a volume for each voxel spacing of the tomograms.

    Tomograms are made of the tilt series, so where there is one kind of these they have its acquisition; a configuration does not
    tell which of several kinds a tomogram is made of.
    """
    series = [one["metadata"] for one in record["tiltseries"] if one["metadata"]]
    names = [f"{slug}-tilt-series" + (f"-{number}" if len(series) > 1 else "") for number in range(1, len(series) + 1)]
    made = [_acquisition(name, one, techniques, title) for name, one in zip(names, series, strict=True)]
    sets = [
        Volume(
            name,
            composed(title, ": tilt series", *((" ", str(number)) if len(series) > 1 else ())),
            kind="image-set",
            voxel=_pixel(one["pixel_spacing"]),
            sample=sample,
            acquisition=acquisition,
            images=Images(category="tiltSeries"),
        )
        for number, (name, one, acquisition) in enumerate(zip(names, series, made, strict=True), 1)
    ]
    common = made[0] if len(made) == 1 else Acquisition(slug, techniques=techniques, of=title)
    return [*sets, *tomograms_of(slug, title, record, sample, common)]


def tomograms_of(
    slug: str, title: Text, record: Cursor, sample: Sample | None, acquisition: Acquisition
) -> list[Volume]:
    """A volume for each voxel spacing (Å) that the tomograms have; one without, where a program fills it in for each run."""
    tomograms = [one["metadata"] for one in record["tomograms"] if one["metadata"]]
    found = [stated(one["voxel_spacing"]).length("angstrom") for one in tomograms]
    spacings = list(dict.fromkeys(one for one in found if one))
    names = distinct([f"tomograms {_shown(one)}" for one in spacings], slug)
    volumes = [
        Volume(
            name,
            composed(title, ": tomograms of ", Text(f"{_shown(one)} Å", one.at)),
            voxel=Triplet(one, one, one),
            sample=sample,
            acquisition=acquisition,
            images=Images(category="reconstructedVolumes"),
        )
        for name, one in zip(names, spacings, strict=True)
    ]
    if tomograms and not volumes:
        name, label = f"{slug}-tomograms", composed(title, ": tomograms")
        volumes.append(
            Volume(name, label, sample=sample, acquisition=acquisition, images=Images(category="reconstructedVolumes"))
        )
    return volumes


def _shown(spacing: Decimal) -> str:
    """A length in nm as the Å that the portal writes."""
    return format((spacing * 10).normalize(), "f")


def masks_of(slug: str, title: Text, annotations: list[Cursor]) -> list[Volume]:
    """The set of label images that annotations hold, if any: points and captions are no images."""
    if not any(source[kind] for one in annotations for source in one["sources"] for kind in _MASKS):
        return []
    label, images = composed(title, ": label images"), Images(category="labelImages")
    return [Volume(f"{slug}-masks", label, kind="image-set", acquisition=Acquisition(slug, of=title), images=images)]


def annotated(slug: str, title: Text, annotations: list[Cursor], volumes: list[Volume]) -> Iterator[Reconstruction]:
    """What was made of the tomograms, a reconstruction for each kind of object."""
    base = next((one for one in volumes if one.kind == "volume"), None)
    if base is None:
        return
    found: dict[tuple[str, str, str], Text] = {}
    for one in annotations:
        place = one["metadata"]["annotation_object"]
        name, state = words(place["name"]), words(place["state"])
        if name:
            made = term(place)
            key = (made.term if made else "", name, state or "")
            found.setdefault(key, composed(name, " (", state, ")") if state else name)
    for made_slug, label in zip(distinct([slugify(one) for one in found.values()], slug), found.values(), strict=True):
        yield Reconstruction(made_slug, composed(title, ": ", label), "volume", base.slug)


def _pixel(place: Cursor) -> Triplet | None:
    spacing = stated(place).length("angstrom")
    return Triplet(spacing, spacing, None) if spacing else None


def _acquisition(slug: str, place: Cursor, techniques: tuple[Curie, ...], of: Text) -> Acquisition:
    """Voltage (V → kV), microscope, camera, tilt in degrees, flux in e⁻/Å²."""
    voltage = stated(place["acceleration_voltage"]).number()
    kilovolts = voltage.scaled("0.001") if voltage else None
    if kilovolts and not _ELECTRONS_KV[0] <= kilovolts <= _ELECTRONS_KV[1]:
        place["acceleration_voltage"].fault("no voltage of an electron microscope")
        kilovolts = None
    tilt = place["tilt_range"]
    least, most = within(tilt["min"], -90, 90), within(tilt["max"], -90, 90)
    flux: Number | None = stated(place["total_flux"]).number()
    return Acquisition(
        slug,
        techniques=techniques,
        instruments=_device(place["microscope"]),
        cameras=_device(place["camera"]),
        acceleration_voltage=kilovolts,
        tilt_min=least,
        tilt_max=most,
        tilt_step=stated(place["tilt_step"]).number(),
        total_flux=flux,
        of=of,
    )


def _device(place: Cursor) -> tuple[Text, ...]:
    """Maker and model; nothing of what is simulated."""
    found = [one for one in (words(place["manufacturer"]), words(place["model"])) if one]
    if not found or any(one.casefold() == "simulated" for one in found):
        return ()
    return (composed(found[0], " ", found[1]) if len(found) > 1 else found[0],)


def methods(place: Cursor) -> tuple[Curie, ...]:
    """Electron tomography, unless the sample was made up by a program."""
    return () if words(place["sample_type"]) == "in_silico" else _lookup.techniques("electron tomography")
