"""Names of people in the form of an EMPIAR deposition: ``('Surname', 'INITIALS')``."""

from __future__ import annotations

import re
import unicodedata

FORBIDDEN = '0123456789!"£$%^&*()'
"""Characters that EMPIAR's schema does not have in a name."""
LONGEST_SURNAME, LONGEST_INITIALS = 60, 20
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?[ -]?){1,5}")
_PARTICLES = frozenset("van von der den de del della di da dos du la le ter ten zu al el bin ibn".split())
_OF_NOBODY = re.compile(
    r"\b(the|consortium|team|group|project|collaboration|initiative|facility|platform|institut\w*|universit\w*|cent(re|er)|lab(oratory)?"
    r"|network|society|foundation|department|et al)\b",
    re.IGNORECASE,
)
_STRIP = str.maketrans({**dict.fromkeys(FORBIDDEN + "\\\0"), "'": "’", "`": "’"})


def parts_of(name: str) -> tuple[str, str] | None:
    """Surname and initials of a name in one of three forms; None for one that does not have both, such as an organisation's.

    >>> parts_of("De Biasio A"), parts_of("Heiligenstein, Xavier"), parts_of("John W. van der Smith"), parts_of("Consortium")
    (('De Biasio', 'A'), ('Heiligenstein', 'X'), ('van der Smith', 'JW'), None)
    """
    plain = " ".join(unicodedata.normalize("NFC", name).translate(_STRIP).split())
    if _OF_NOBODY.search(plain):
        return None
    surname, comma, given = (part.strip() for part in plain.partition(","))
    if comma:
        return _checked(surname, _initials(given))
    words = plain.split(" ")
    if len(words) < 2:
        return None
    if _INITIALS.fullmatch(words[-1]) and words[-1].upper() == words[-1] and len(words[-1].replace(".", "")) <= 5:
        return _checked(" ".join(words[:-1]), words[-1].replace(".", ""))
    first = len(words) - 1
    while first > 1 and words[first - 1].casefold() in _PARTICLES:
        first -= 1
    return _checked(" ".join(words[first:]), _initials(" ".join(words[:first])))


def _initials(given: str) -> str:
    """The initials of first names; a word of capitals is initials already.

    >>> _initials("John W."), _initials("JMS"), _initials("Jean-Pierre")
    ('JW', 'JMS', 'JP')
    """
    words = [word for word in re.split(r"[\s.\-]+", given) if word]
    return "".join(word if word.isupper() and len(word) <= 4 else word[0].upper() for word in words)


def _checked(surname: str, initials: str) -> tuple[str, str] | None:
    fits = 0 < len(surname) <= LONGEST_SURNAME and 0 < len(initials) <= LONGEST_INITIALS
    return (surname, initials) if fits and any(sign.isalpha() for sign in surname) else None


def author(name: str) -> str | None:
    """A name as a deposition writes it.

    >>> author("Lancey C"), author("O'Brien K"), author("The MICrONS Consortium")
    ("('Lancey', 'C')", "('O’Brien', 'K')", None)
    """
    parts = parts_of(name)
    return f"('{parts[0]}', '{parts[1]}')" if parts else None


def same(short: str, full: str) -> bool:
    """Whether two spellings may be one person's: the same name, or one surname and one first initial.

    >>> same("De Biasio A", "Alfredo De Biasio"), same("Lancey C", "Lancey CM"), same("Wang L", "Gu C")
    (True, True, False)
    """
    one, two = parts_of(short), parts_of(full)
    if short == full or one is None or two is None:
        return short == full
    ends = full.casefold().endswith(f" {one[0].casefold()}") and full[0].casefold() == one[1][0].casefold()
    return ends or (one[0].casefold() == two[0].casefold() and one[1][0] == two[1][0])
