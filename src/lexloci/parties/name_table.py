"""Names ready to be compared: their words as numbers into a vocabulary that weighs each word.

A word weighs the log of (parties / parties with it) on the lists: "technology" little, "biren" much. A word that no
listed name has weighs as one of a single party. A general word ("overseas", "Dubai") never weighs more than
``MOST_OF_GENERAL``, and a small one ("of") ``SMALL_WEIGHT`` of its weight.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lexloci.parties.words_of_names import MOST_WORDS, SMALL_WORDS, Words, general_words

LEGAL_KINDS: Final = ("limited", "joint stock", "partnership", "incorporated", "state", "association")
SMALL_WEIGHT: Final = 0.3
MOST_OF_GENERAL: Final = 4.0  # as a word of one listed party in 55
# Letters that romanisations of one sound write differently; double letters fall last.
_SOUNDS: Final = (
    ("dzh", "j"), ("tch", "ch"), ("sch", "sh"), ("kh", "h"), ("ph", "f"), ("ck", "k"), ("zh", "j"), ("dj", "j"),
    ("tz", "ts"), ("ch", "4"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("c", "k"), ("q", "k"), ("x", "ks"),
    ("w", "v"), ("oo", "u"), ("ou", "u"),
    ("ee", "i"), ("yo", "e"), ("iy", "i"), ("ij", "i"), ("yi", "i"), ("ie", "e"), ("y", "i"),
)  # fmt: skip
_WRITTEN: Final = re.compile("|".join(written for written, _ in _SOUNDS))
_DOUBLE: Final = re.compile(r"(.)\1+")

Integers = NDArray[np.int64]
Floats = NDArray[np.float32]


def sound(word: str) -> str:
    """The word in one spelling for the sounds that romanisations write differently (khuavei and huavej: huavei)."""
    if _WRITTEN.search(word):
        for written, heard in _SOUNDS:
            if written in word:
                word = word.replace(written, heard)
    return _DOUBLE.sub(r"\1", word)


class Vocabulary:
    """Words by number, each with its weight and sound; ``base`` has the words of the lists, under those of a batch."""

    def __init__(self, weight_of: Mapping[str, float], rarest: float, base: Vocabulary | None = None) -> None:
        self.base = base
        self.offset = len(base) if base else 0
        self.number: dict[str, int] = {}
        self.words: list[str] = []
        self.sounds: list[str] = []
        self._weights: list[float] = []
        self._weight_of = weight_of
        self._rarest = rarest
        self._general = general_words()
        self._array: Floats | None = None
        self._digits: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return self.offset + len(self.words)

    def extended(self) -> Vocabulary:
        """An empty vocabulary on top of this one, for the words of one batch."""
        return Vocabulary(self._weight_of, self._rarest, self)

    def number_of(self, word: str) -> int:
        """The number of a word, which is added if it is new."""
        if self.base is not None:
            known = self.base.number.get(word)
            if known is not None:
                return known
        number = self.number.get(word)
        if number is None:
            number = self.number[word] = len(self)
            self.words.append(word)
            self.sounds.append(sound(word))
            weight = self._weight_of.get(word, self._rarest)
            if word in self._general:
                weight = min(weight, MOST_OF_GENERAL)
            self._weights.append(weight * SMALL_WEIGHT if word in SMALL_WORDS else weight)
            self._array = self._digits = None
        return number

    def sounds_of(self, numbers: Iterable[int]) -> list[str]:
        """The sound of each word by number."""
        own, offset = self.sounds, self.offset
        if self.base is None:
            return [own[number] for number in numbers]
        listed = self.base.sounds
        return [listed[number] if number < offset else own[number - offset] for number in numbers]

    def weights(self) -> Floats:
        """The weight of every word by number, and a zero at the end, which the number -1 of no word reads."""
        if self._array is None:
            own = np.array([*self._weights, 0.0], np.float32)
            self._array = own if self.base is None else np.concatenate((self.base.weights()[:-1], own))
        return self._array

    def digits(self) -> NDArray[np.bool_]:
        """Whether each word by number holds a digit; False at the end."""
        if self._digits is None:
            own = np.array([*(any(map(str.isdigit, word)) for word in self.words), False])
            self._digits = own if self.base is None else np.concatenate((self.base.digits()[:-1], own))
        return self._digits


@dataclass(frozen=True)
class NameTable:
    """Names as columns: word numbers (-1: none), and the spellings on which whole names are compared.

    ``together`` are the words written as one, ``ordered`` the words in alphabetical order, ``spelled`` the whole
    reading with its legal form, ``initials`` the first letters of the words that are not small; ``legal`` has a bit for
    each kind of legal form; ``sounds`` are the words as they sound.
    """

    numbers: Integers
    counts: Integers
    together: list[str]
    ordered: list[str]
    spelled: list[str]
    initials: list[str]
    legal: NDArray[np.uint8]
    sounds: list[list[str]]

    def __len__(self) -> int:
        return len(self.together)

    @classmethod
    def of(cls, readings: Sequence[str], words: Sequence[Words], vocabulary: Vocabulary) -> NameTable:
        """The table of names given as readings and their words; new words are added to the vocabulary."""
        numbers = np.full((len(words), MOST_WORDS), -1, np.int64)
        legal = np.zeros(len(words), np.uint8)
        number_of = vocabulary.number_of
        flat: list[int] = []
        sounds: list[list[str]] = []
        counts = np.array([len(name.words) for name in words], np.int64)
        for place, name in enumerate(words):
            of_name = [number_of(word) for word in name.words]
            flat += of_name
            sounds.append(vocabulary.sounds_of(of_name))
            for kind in name.legal_forms:
                legal[place] |= 1 << LEGAL_KINDS.index(kind)
        numbers[np.arange(MOST_WORDS) < counts[:, None]] = flat
        return cls(
            numbers,
            counts,
            ["".join(name.words) for name in words],
            [" ".join(sorted(name.words)) for name in words],
            list(readings),
            [name.initials for name in words],
            legal,
            sounds,
        )
