"""Voxel sizes that free text tells: "10 nm pixels and 50 nm slices", "8 x 8 x 50 nm", "xy5z8nm", "section thickness of 50 nm".

Archives such as EMPIAR have no field for the step along z; titles and descriptions do tell it. What is read here is a claim with the
words it was read from and a confidence, never a fact of the record. Precision counts more than recall: a text that tells two
different steps, that speaks of light microscopy, of a tilt, or of images that were binned or resampled gives nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from emkg.cursor import Cursor, clean, nanometres_per
from emkg.model import TextClaim, Volume
from emkg.stated import Number, Text

LONGEST_QUOTE = 100
"""Characters of a text that are quoted."""
LONGEST_READ = 100_000
_SMALLEST, _LARGEST = Decimal("0.5"), Decimal(1000)
"""Nanometres between which a voxel's side lies; a larger number is the size of a sample."""
_UNITS = r"nm|nano-?met(?:er|re)s?|[µμu]m|microns?|micro-?met(?:er|re)s?|Å|[åa]ngstr[öo]ms?"
_NUMBER = r"\d{1,4}(?:\.\d{1,3})?(?![\d.,]?\d)"
_AFTER = r"(?!\s?[-–−±/]\s?\d|\s?±)"
_ABOUT = r"(?:\s*(?:≈|~|ca\.?|circa|approx(?:imately|\.)?|about|around|nominal(?:ly)?))?"
_ROUGHLY, _LESS_SURE = (
    re.compile(r"≈|~|\b(?:ca|circa|approx\w*|about|around|nominal\w*)\b", re.IGNORECASE),
    Decimal("0.1"),
)
_TIMES = r"\s?(?:x|×|✕|\*|by)\s?"
_LINK = rf"\s*(?:of|was|is|were|:|=|,|set to|set at|in z)?(?:\s*(?:a|the|set to|set at|was|is|of|:|=))?{_ABOUT}\s*"
_SLICES = (
    r"(?:thick\s+|serial\s+|z\s+)?"
    r"(?:slices?|slice thickness|sections?|section thickness|z[- ]?steps?|steps? in z|cuts?|cutting thickness)"
)
_NO_SENTENCE = re.compile(
    r"\b(bin(?:ned|ning)?|down-?(?:sampled|scaled)|up-?sampled|re-?sampled|re-?scaled|resliced|interpolat\w+|tilt\w*|defocus\w*|"
    r"(?<!SEM[ -])tomogra\w+|lamellae?|ice|semi-?thin|ultra-?thin|toluidine|histolog\w+|rough|coarse|"
    r"trench\w*|drift\w*|shift\w*|coat\w*|carbon|platinum|gold|beads?|particles?|markers?)\b",
    re.IGNORECASE,
)
_LIGHT = re.compile(
    r"\b(light microscop\w*|fluorescen\w+|immunofl\w+|confocal|airyscan|two-photon|spinning|wide-?field|light[- ]sheet|lattice|"
    r"LSM\s?\d*|LM|pinhole|DAPI|Alexa|[EGRY]+FP|mCherry|optical)\b",
    re.IGNORECASE,
)
"""Words of light microscopy, which has steps along z too: of a sentence that has one, or that stands behind one that has."""
_NO_VOLUME_BEFORE = re.compile(
    r"\b(?:volumes?|fields? of view|FOV|areas?|regions?|ROIs?|box(?:es)?|cubes?|blocks?|crops?|sub-?volumes?|tiles?|dimensions|"
    r"trimmed|sized?|measuring|measures)\b[^.;]{0,25}$",
    re.IGNORECASE,
)
_VOXEL_BEFORE = re.compile(r"\b(?:voxels?|pixels?|resolution|sampl(?:ed|ing)|spacing)\b[^.;]{0,40}$", re.IGNORECASE)
_AXES = re.compile(
    r"\b(?:voxels?|pixels?|sampl(?:ed|ing)|spacing|step(?: size)?s?|resolution|lateral\w*|in[- ]plane|in x|along x|xy|x[/,-]y|x and y)\b",
    re.IGNORECASE,
)
_OTHER_ORDER = re.compile(r"^[^.;]{0,8}\(?\s?z\s?[,x×*/-]?\s?[yx]\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.;!?])\s+(?=[A-Z(])|[\n|]")


@dataclass(frozen=True, slots=True)
class VoxelWords:
    """What some words tell of a voxel, in nm, with the words; ``x`` and ``y`` may be untold."""

    x: Decimal | None
    y: Decimal | None
    z: Decimal
    quoted: str
    confidence: Decimal


Reader = Callable[["re.Match[str]", str], "tuple[Decimal | None, Decimal | None, Decimal] | None"]


def _nm(number: str, unit: str) -> Decimal:
    return Decimal(number) * (nanometres_per(unit.replace("-", "")) or Decimal(0))


def _triple(found: re.Match[str], text: str) -> tuple[Decimal | None, Decimal | None, Decimal] | None:
    """Three sides: the first two alike, unless all are named as a voxel's; the size of a sample is none."""
    unit = found["u3"]
    x, y, z = _nm(found["x"], found["u1"] or unit), _nm(found["y"], found["u2"] or unit), _nm(found["z"], unit)
    before = text[: found.start()]
    named = bool(_VOXEL_BEFORE.search(before)) or bool(
        re.match(r"[³3]?\s*(?:voxels?|pixels?|resolution)", text[found.end() :])
    )
    if not named and (_NO_VOLUME_BEFORE.search(before) or max(x, y, z) > 300):
        return None
    if _OTHER_ORDER.search(text[found.end() :]) or abs(x - y) * 4 > max(x, y):
        return None
    return x, y, z


def _plane_and_step(found: re.Match[str], text: str) -> tuple[Decimal | None, Decimal | None, Decimal] | None:
    side = _nm(found["x"], found["u1"] or found["u3"])
    return side, side, _nm(found["z"], found["u3"])


def _step(found: re.Match[str], text: str) -> tuple[Decimal | None, Decimal | None, Decimal] | None:
    return None, None, _nm(found["z"], found["u3"])


def _step_of_axes(found: re.Match[str], text: str) -> tuple[Decimal | None, Decimal | None, Decimal] | None:
    """A step "in z", which is one only where the sentence speaks of voxels or of the other axes: a cell is 800 nm "in z" too."""
    return (
        _step(found, text)
        if _AXES.search(text[: found.start()]) or _AXES.match(text[found.end() :].lstrip(" ,("))
        else None
    )


def _cube(found: re.Match[str], text: str) -> tuple[Decimal | None, Decimal | None, Decimal] | None:
    side = _nm(found["z"], found["u3"])
    return side, side, side


def _pattern(*parts: str) -> re.Pattern[str]:
    """The parts as one pattern; names of numbers and units in braces stand for their forms: ``{x}``, ``{z}``, ``{u3}``."""
    made = "".join(parts)
    for axis in "xyz":
        made = made.replace(f"{{{axis}}}", rf"(?<![\d.,/–−-])(?P<{axis}>{_NUMBER})")
        made = made.replace(f"{{glued {axis}}}", f"(?P<{axis}>{_NUMBER})")
    for number in (1, 2, 3):
        unit = rf"\s?(?P<u{number}>{_UNITS})(?![A-Za-z])"
        made = made.replace(f"{{u{number}}}", unit).replace(f"{{u{number}?}}", f"(?:{unit})?")
        made = made.replace(f"{{glued u{number}?}}", rf"(?:\s?(?P<u{number}>{_UNITS}))?")
    return re.compile(made, re.IGNORECASE)


_IN_PLANE = r"[- ]?(?:pixels?(?: size)?|in[- ]plane|in xy|in x(?:[ ,/-]|and)*y|lateral\w*|xy)"
_Z_WORD = (
    r"\bz[- ]?(?:step(?: size)?|spacing|interval|sampling|increment|slice thickness|voxel size|pixel size|resolution)"
)
_CUT = r"\b(?:slice|section|slicing|sectioning|cutting|cut|milling|ablation)"
_CUT_WORD = _CUT + r" (?:thickness|step(?: size)?|interval|depth|spacing|distance)"
_SAME = r"\bisotropic(?:ally)?(?: voxel size| voxels?| pixel size| resolution| sampling| spacing)"
PATTERNS: tuple[tuple[re.Pattern[str], Reader, str], ...] = (
    # xy5z8nm, xy10nm_z25nm, in the names of files and folders
    (_pattern(r"(?<![A-Za-z0-9])xy[_ -]?{glued x}{glued u1?}[_ -]?z[_ -]?{glued z}{u3}"), _plane_and_step, "0.95"),
    # 10 nm pixels and 50 nm slices
    (_pattern("{x}{u1}", _IN_PLANE, r"[^.;\d]{1,30}{z}{u3}[- ]?", _SLICES, r"\b"), _plane_and_step, "0.95"),
    # pixel size of 10 nm and a section thickness of 50 nm
    (
        _pattern(
            r"(?:pixel size|xy[- ]resolution|lateral resolution)",
            _LINK,
            r"{x}{u1}[^.;\d]{1,30}",
            _CUT_WORD,
            _LINK,
            "{z}{u3}",
            _AFTER,
        ),
        _plane_and_step,
        "0.95",
    ),
    # 8 x 8 x 50 nm, 10 nm x 10 nm x 0.05 µm
    (_pattern("{x}{u1?}", _TIMES, "{glued y}{u2?}", _TIMES, "{glued z}{u3}", _AFTER), _triple, "0.85"),
    # 8 nm isotropic voxels, isotropic voxel size of 8 nm
    (_pattern(r"{z}{u3}[³3]?[ -]isotropic\b"), _cube, "0.9"),
    (_pattern(_SAME, _LINK, "{z}{u3}", _AFTER), _cube, "0.85"),
    # z step of 50 nm, section thickness of 50 nm
    (_pattern(_Z_WORD, _LINK, "{z}{u3}", _AFTER), _step, "0.9"),
    (_pattern(_CUT_WORD, _LINK, "{z}{u3}", _AFTER), _step, "0.8"),
    # 50 nm in z, 50 nm z-steps, 50 nm slices
    (_pattern(r"{z}{u3} (?:in|along|on)(?: the)? z\b(?![- ]?(?:range|stack))"), _step_of_axes, "0.9"),
    (_pattern(r"{z}{u3}[- ]z[- ]?(?:steps?|spacing|interval|sampling|resolution)\b"), _step, "0.9"),
    (_pattern(r"{z}{u3}(?:[- ]thick)?[- ]slices?\b(?! of)"), _step, "0.8"),
    (_pattern(r"{z}{u3}[- ](?:slice|section|cutting) (?:thickness|intervals?)\b"), _step, "0.8"),
)
"""What is looked for, how it is read, and how sure that is."""


def voxel_words(text: str) -> tuple[VoxelWords, ...]:
    """What a text tells of its voxels, the surest first; nothing where it tells two different steps along z.

    >>> surest, *_ = voxel_words("SBEM of cells with 10 nm pixels and 50 nm slices")
    >>> str(surest.x), str(surest.z), surest.quoted
    ('10', '50', '10 nm pixels and 50 nm slices')
    """
    sentences = _SENTENCE.split(text)
    dark = [
        one for before, one in zip(["", *sentences], sentences, strict=False) if not _LIGHT.search(f"{before} {one}")
    ]
    found = [one for sentence in dark for one in _of_sentence(sentence)]
    if len({one.z for one in found}) > 1:
        return ()
    return tuple(sorted(found, key=lambda one: (-one.confidence, one.x is None)))


def _of_sentence(sentence: str) -> Iterable[VoxelWords]:
    if _NO_SENTENCE.search(sentence):
        return
    for pattern, read, confidence in PATTERNS:
        for match in pattern.finditer(sentence):
            sides = read(match, sentence)
            quoted = match[0].strip()
            if (
                sides
                and len(quoted) <= LONGEST_QUOTE
                and all(one is None or _SMALLEST <= one <= _LARGEST for one in sides)
            ):
                yield VoxelWords(*sides, quoted, Decimal(confidence) - (_LESS_SURE if _ROUGHLY.search(quoted) else 0))


def _plain(text: str) -> str:
    """The text without markup, its signs composed (the ångström sign and letters with rings are one character)."""
    return unicodedata.normalize("NFC", clean(text[:LONGEST_READ]))


def claims(texts: Iterable[Cursor], volume: Volume) -> tuple[TextClaim, ...]:
    """The voxel sizes that texts tell of a volume: z, and x and y where no field gives them; none where the texts disagree."""
    read = [(one, words) for one in texts if isinstance(one.value, str) for words in voxel_words(_plain(one.value))]
    if len({words.z for _, words in read}) > 1:
        return ()
    stated = bool(volume.voxel and volume.voxel.x)
    made: dict[str, TextClaim] = {}
    for cursor, words in sorted(read, key=lambda pair: -pair[1].confidence):
        sides = {"voxelZ": words.z} | ({} if stated else {"voxelX": words.x, "voxelY": words.y})
        for name, side in sides.items():
            if side is not None and name not in made:
                made[name] = TextClaim(
                    volume.kind,
                    volume.slug,
                    name,
                    Number(format(side.normalize(), "f"), cursor.at),
                    Text(words.quoted, cursor.at),
                    words.confidence,
                )
    return tuple(made.values())
