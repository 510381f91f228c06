"""Why a name says nothing of who its bearer is: no letter in it, or letters of a script that is not read well.

Latin letters are the lists' own, Cyrillic and Han ones are read with a measured recall (docs/explanation/screening.md).
Arabic and Hebrew write no vowels, and Hangul, kana, Thai and others spell sounds, not the letters of a listed name: of
such a name nobody knows that it is on no list.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from lexloci.parties.folding import readings, visible

READ: Final = ("LATIN", "CYRILLIC", "CJK", "IDEOGRAPHIC", "COMBINING")  # first words of the names of their characters
LETTERS: Final = ("Lu", "Ll", "Lt", "Lo", "Mn", "Mc")


def why_unread(names: Iterable[str]) -> str:
    """Why none of a party's names says who it is; empty where one of them is read. ScreeningError for no name."""
    scripts: set[str] = set()
    for name in names:
        others = set() if name.isascii() else _scripts_not_read(name)
        if readings(name) and not others:
            return ""
        scripts |= others
    if not scripts:
        return "it has no name that can be read, not a letter or digit"
    return f"its names are in letters that are not read well ({', '.join(sorted(scripts))}); state one in Latin letters"


def _scripts_not_read(name: str) -> set[str]:
    seen = visible(name)
    marks = (letter for letter in seen if unicodedata.category(letter) in LETTERS and not letter.isascii())
    return {script for one in marks if (script := unicodedata.name(one, "OTHER").split()[0]) not in READ}
