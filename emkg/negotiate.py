"""Which format does a client want? Accept, weighed as RFC 9110 §12.5.1 says, against the formats on offer.

Three kept libraries were tried on the cases of tests/data/accept.tsv. accept-types (2013) does not know q=0;
python-mimeparse 2.0 raises on ``garbage, text/html`` and on a quoted comma, and accepts ``*/turtle``; werkzeug 3.1
is sound but answers 406 to ``text/turtle;charset=utf-8`` and to a malformed weight, and would bring a second web
framework for one function.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from emkg.errors import NotAcceptable
from emkg.formats import Format

_TCHAR = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_ELEMENT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*")+')
_RANGE = re.compile(rf"\s*(?P<type>{_TCHAR})/(?P<subtype>{_TCHAR})\s*(?P<rest>;.*)?\s*\Z", re.DOTALL)
_PARAMETER = re.compile(rf';\s*(?:(?P<name>{_TCHAR})=(?P<value>{_TCHAR}|"(?:[^"\\]|\\.)*"))?\s*')
_WEIGHT = re.compile(r"(?:\d*\.)?\d+|\d+\.")
# Everything that we send is UTF-8; unknown profiles must be passed over (RFC 6906 §3.1, JSON-LD 1.1 §C).
_IDLE_PARAMETERS = {"charset", "profile", "version"}


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One element of an Accept header: type and subtype in lower case, ``*`` for any; parameters but for q; weight
    from 0 to 1.
    """

    type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...] = ()
    weight: float = 1.0

    def specificity(self, media_type: str) -> int | None:
        """How closely this range fits a media type: 3 with parameters, 2 exact, 1 ``type/*``, 0 ``*/*``, None not
        at all.

        >>> MediaRange("text", "*").specificity("text/turtle")
        1
        """
        kind, _, rest = media_type.lower().partition("/")
        subtype, *parameters = (part.strip() for part in rest.split(";"))
        if self.type == "*" and self.subtype == "*":
            return 0
        if self.type != kind or self.subtype not in ("*", subtype):
            return None
        if self.subtype == "*":
            return 1
        wanted = {f"{name}={value.lower()}" for name, value in self.parameters if name not in _IDLE_PARAMETERS}
        if not wanted <= set(parameters):
            return None
        return 3 if wanted else 2


@dataclass(frozen=True, slots=True)
class Chosen:
    """The format to send, and the media type under which the client asked for it."""

    format: Format
    media_type: str


def parse_accept(header: str) -> list[MediaRange]:
    """The media ranges of an Accept header; elements that are empty or malformed are passed over (RFC 9110 §5.6.1.2).

    >>> parse_accept("text/turtle;q=0.5, , nonsense")
    [MediaRange(type='text', subtype='turtle', parameters=(), weight=0.5)]
    """
    found = (_media_range(element) for element in _ELEMENT.findall(header))
    return [media_range for media_range in found if media_range is not None]


def _media_range(element: str) -> MediaRange | None:
    if element.strip().split(";")[0].strip() == "*":  # sent by old Java and wget for */*
        element = element.replace("*", "*/*", 1)
    matched = _RANGE.match(element)
    if matched is None or (matched["type"] == "*" and matched["subtype"] != "*"):
        return None
    parameters: list[tuple[str, str]] = []
    weight = 1.0
    for found in _PARAMETER.finditer(matched["rest"] or ""):
        name, value = (found["name"] or "").lower(), (found["value"] or "").strip('"')
        if name == "q":
            weight = min(float(value), 1.0) if _WEIGHT.fullmatch(value) else 1.0
            break  # what follows the weight is an accept-ext of RFC 7231 §5.3.2: no part of the media type
        if name:
            parameters.append((name, value))
    return MediaRange(matched["type"].lower(), matched["subtype"].lower(), tuple(parameters), weight)


def weigh(ranges: Sequence[MediaRange], media_type: str) -> tuple[float, int]:
    """Weight and specificity that the most specific fitting range gives a media type; (0, -1) where none fits.

    >>> weigh(parse_accept("text/*;q=0.3, text/html;q=0.7"), "text/html")
    (0.7, 2)
    """
    fits = [
        (specificity, media_range.weight)
        for media_range in ranges
        if (specificity := media_range.specificity(media_type)) is not None
    ]
    if not fits:
        return 0.0, -1
    specificity, weight = max(fits)
    return weight, specificity


def choose(accept: str | None, offers: Sequence[Format]) -> Chosen:
    """The best of the offers, which stand in the server's order of preference; raises NotAcceptable, which names
    them all.

    A higher weight wins; then the closer range, as who names a format wants it more than ``*/*``; then the earlier
    offer. A header without any usable element counts as absent.

    >>> from emkg.formats import HTML, RDF_FORMATS
    >>> choose("text/turtle;q=0.5, application/ld+json", [HTML, *RDF_FORMATS]).format.name
    'jsonld'
    """
    ranges = parse_accept(accept or "")
    if not ranges:
        return Chosen(offers[0], offers[0].media_type)
    best: tuple[float, int, Chosen] | None = None
    for offer in offers:
        for media_type in offer.media_types:
            weight, specificity = weigh(ranges, media_type)
            if media_type != offer.media_type and specificity < 2:
                continue  # an alias is for those who name it: a wildcard means the type that we send
            if weight > 0 and (best is None or (weight, specificity) > best[:2]):
                best = weight, specificity, Chosen(offer, media_type)
    if best is None:
        raise not_acceptable(accept or "", offers)
    return best[2]


def not_acceptable(asked: str, offers: Sequence[Format]) -> NotAcceptable:
    """The error for a request that no offer satisfies: it says what is on offer."""
    offered = ", ".join(offer.media_type for offer in offers)
    return NotAcceptable(f"none of the formats asked for is offered: {asked}", "Accept", f"ask for one of: {offered}")
