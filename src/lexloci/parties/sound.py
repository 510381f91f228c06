"""How a word sounds, written in one way: what romanisations of one language write differently becomes the same."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

# Letters that romanisations of one sound write differently; double letters fall last.
_SOUNDS: Final = (
    ("dzh", "j"), ("tch", "ch"), ("sch", "sh"), ("kh", "h"), ("ph", "f"), ("ck", "k"), ("zh", "j"), ("dj", "j"),
    ("tz", "ts"), ("ch", "4"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("c", "k"), ("q", "k"), ("x", "ks"),
    ("w", "v"), ("oo", "u"), ("ou", "u"),
    ("ee", "i"), ("yo", "e"), ("iy", "i"), ("ij", "i"), ("yi", "i"), ("ie", "e"), ("y", "i"),
)  # fmt: skip
_WRITTEN: Final = re.compile("|".join(written for written, _ in _SOUNDS))
_DOUBLE: Final = re.compile(r"(.)\1+")


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """The word in one spelling for the sounds that romanisations write differently (khuavei and huavej: huavei)."""
    if _WRITTEN.search(word):
        for written, heard in _SOUNDS:
            if written in word:
                word = word.replace(written, heard)
    return _DOUBLE.sub(r"\1", word)
