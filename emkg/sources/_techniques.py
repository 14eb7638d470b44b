"""Which technique classes stand for all that a record says of how its images were taken?"""

from __future__ import annotations

from collections.abc import Iterable

from emkg.cursor import Cursor
from emkg.model import Curie

GENERAL = Curie("emkg:ElectronMicroscopy")
_SCANNING = {"emkg:SEM", "emkg:SBFSEM", "emkg:FIBSEM", "emkg:ssSEM", "emkg:ATUMSEM", "emkg:MultiBeamSEM"}
_TRANSMISSION = {"emkg:TEM", "emkg:ssTEM", "emkg:sET", "emkg:ssET", "emkg:TEMCA", "emkg:GridTapeTEM"}


def settled(found: Iterable[Curie], place: Cursor) -> tuple[Curie, ...]:
    """The classes for one acquisition: those that say more than electron microscopy, or than SEM or TEM, where there are such.

    Scanning and transmission exclude each other in one acquisition: of a record that states both, only electron microscopy is
    known of either, and a fault says so.
    """
    names = dict.fromkeys(found)
    narrow = [name for name in names if name != GENERAL]
    for wide, kinds in (("emkg:SEM", _SCANNING), ("emkg:TEM", _TRANSMISSION)):
        if len(kinds & set(narrow)) > 1:
            narrow = [name for name in narrow if name != wide]
    if set(narrow) & _SCANNING and set(narrow) & _TRANSMISSION:
        place.fault("scanning and transmission at once")
        return (GENERAL,)
    return tuple(narrow or names)
