"""How a word sounds, written in one way: what romanisations of one language write differently becomes the same."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

# Letters that romanisations of one sound write differently; double letters fall last.
_SOUNDS: Final = (
    ("dzh", "j"), ("tech", "tekh"), ("tch", "ch"), ("sch", "sh"), ("kh", "h"), ("ph", "f"), ("ck", "k"), ("zh", "j"),
    ("dj", "j"), ("gh", "k"),
    ("tz", "ts"), ("ch", "4"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("c", "k"), ("q", "k"), ("x", "ks"),
    ("w", "v"), ("oo", "u"), ("ou", "u"),
    ("ee", "i"), ("yo", "e"), ("iy", "i"), ("ij", "i"), ("yi", "i"), ("ie", "e"), ("y", "i"),
)  # fmt: skip
_WRITTEN: Final = re.compile("|".join(written for written, _ in _SOUNDS))
_DOUBLE: Final = re.compile(r"(.)\1+")
# A Russian adjective of place or matter: what it is made from, and its endings as they sound.
_ADJECTIVE: Final = re.compile(r"([a-z0-9]{2,}[^aeiou\W])(?:ov|ev)?(?:sk|n)(?:i|a|aia|e|oe|oie|ogo|oi|ie|ih|im|om)")
_VOWELS: Final = "aeiou"
_SILENT: Final = re.compile(r"(?<=[ae])h$")  # madrasa, madrasah


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """The word in one spelling for the sounds that romanisations write differently (khuavei and huavej: huavei)."""
    if _WRITTEN.search(word):
        for written, heard in _SOUNDS:
            if written in word:
                word = word.replace(written, heard)
    return _SILENT.sub("", _DOUBLE.sub(r"\1", word))


@lru_cache(maxsize=65536)
def stem(heard: str) -> str:
    """What a Russian adjective is made from, of a word as it sounds (kazanski: kazan); empty of another word."""
    found = _ADJECTIVE.fullmatch(heard)
    return found[1] if found else ""


def same_stem(one: str, other: str) -> bool:
    """Whether a word is the Russian adjective of another (kazanski, kazan), or both are of a third; as they sound."""
    left, right = stem(one), stem(other)
    if left and right:
        return left == right or left == other.rstrip(_VOWELS) or right == one.rstrip(_VOWELS)
    adjective, word = (left, other) if left else (right, one)
    return bool(adjective) and adjective == (word.rstrip(_VOWELS) or word)
