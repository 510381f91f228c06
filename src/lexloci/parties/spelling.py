"""Which words a mistyped word may be, and how odd a word is spelled: both learned from the words of the lists alone.

Two words that differ by one error (a letter replaced, dropped, added, or two neighbours exchanged) share a form with
at most one letter left out. All such forms of the listed words are kept as hashes in one sorted array, so that a word
finds its neighbours without a look at the others.

>>> Outlines.of(["sugon", "inspur"]).listed("5ug0n lnspur sugon hygon")
'sugon inspur sugon hygon'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from lexloci.parties.blocking import CODE, LETTERS, Floats, Integers

SHORTEST_MISSPELT: Final = 4  # letters; shorter words have too many neighbours
MOST_ERRORS: Final = 1
LONG: Final = 8  # letters from which a word may hold one error more


@dataclass(frozen=True)
class NearWords:
    """The forms of words with at most one letter left out, as sorted hashes, and the number of the word of each."""

    words: tuple[str, ...]
    hashes: Integers
    numbers: Integers

    @classmethod
    def of(cls, words: Sequence[str]) -> NearWords:
        """The forms of words; those shorter than ``SHORTEST_MISSPELT`` letters are left out."""
        hashes: list[int] = []
        numbers: list[int] = []
        for number, word in enumerate(words):
            if len(word) >= SHORTEST_MISSPELT:
                forms = _forms(word)
                hashes += forms
                numbers += [number] * len(forms)
        keys = np.array(hashes, np.int64)
        order = np.argsort(keys, kind="stable")
        return cls(tuple(words), keys[order], np.array(numbers, np.int64)[order])

    def near(self, asked: Sequence[str]) -> tuple[Integers, list[str]]:
        """The words that each asked one may be, itself not among them: number of the asked one, and the word."""
        hashes: list[int] = []
        owners: list[int] = []
        for owner, word in enumerate(asked):
            if len(word) >= SHORTEST_MISSPELT:
                forms = _forms(word)
                hashes += forms
                owners += [owner] * len(forms)
        keys = np.array(hashes, np.int64)
        low = np.searchsorted(self.hashes, keys)
        counts = np.searchsorted(self.hashes, keys, "right") - low
        starts = np.repeat(low - np.concatenate(([0], np.cumsum(counts)[:-1])), counts) if len(keys) else low
        numbers = self.numbers[np.arange(counts.sum()) + starts]
        both = np.unique(np.stack((np.repeat(np.array(owners, np.int64), counts), numbers)), axis=1)
        one = [asked[owner] for owner in both[0].tolist()]
        other = [self.words[number] for number in both[1].tolist()]
        if not one:
            return both[0], []
        distances = process.cpdist(one, other, scorer=OSA.distance, dtype=np.int32)
        lengths = np.array([len(word) for word in one])
        kept = np.flatnonzero((distances > 0) & (distances <= MOST_ERRORS + (lengths >= LONG)))
        return both[0][kept], [other[place] for place in kept.tolist()]


_LOOKS: Final = str.maketrans("01i34578", "olleastb")


@dataclass(frozen=True)
class Outlines:
    """Listed words by what the eye may take them for: letters and figures that look alike in one case are one."""

    words: frozenset[str]
    looking: dict[str, str]

    @classmethod
    def of(cls, words: Sequence[str]) -> Outlines:
        """The outlines of words; those shorter than ``SHORTEST_MISSPELT`` letters are left out."""
        long = [word for word in words if len(word) >= SHORTEST_MISSPELT]
        return cls(frozenset(long), {_outline(word): word for word in reversed(long)})

    def listed(self, reading: str) -> str:
        """The reading with the words that no list has as the listed ones that look like them (sug0n: sugon)."""
        return " ".join(
            word if len(word) < SHORTEST_MISSPELT or word in self.words else self.looking.get(_outline(word), word)
            for word in reading.split()
        )


def _outline(word: str) -> str:
    return word.translate(_LOOKS).replace("rn", "m").replace("vv", "w")


def _forms(word: str) -> list[int]:
    return [hash(word), *{hash(word[:place] + word[place + 1 :]) for place in range(len(word))}]


@dataclass(frozen=True)
class Letters:
    """How rare each three letters in a row are in the words of the lists: the log of words / words with them."""

    rarity: Floats

    @classmethod
    def of(cls, words: Sequence[str]) -> Letters:
        """Counted over words, each once."""
        codes, _ = _trigrams(words)
        counts = np.bincount(codes, minlength=LETTERS**3)
        return cls(np.log((len(words) + 1) / np.maximum(counts, 1)).astype(np.float32))

    def oddness(self, words: Sequence[str]) -> Floats:
        """The rarity of the rarest three letters of each word, its beginning and end counted as letters."""
        codes, owners = _trigrams(words)
        found = np.zeros(len(words), np.float32)
        np.maximum.at(found, owners, self.rarity[codes])
        return found


def _trigrams(words: Sequence[str]) -> tuple[Integers, NDArray[np.int64]]:
    """The trigrams of words as numbers, and the word of each."""
    letters = np.frombuffer(("\0" + "\0".join(words) + "\0").encode("ascii", "replace"), np.uint8)
    owner = np.cumsum(letters == 0) - 1
    codes = CODE[letters]
    middle = np.flatnonzero(letters[1:-1] != 0) + 1
    return (codes[middle - 1] * LETTERS + codes[middle]) * LETTERS + codes[middle + 1], owner[middle]
