"""Names ready to be compared: their words as numbers into a vocabulary that weighs each word.

A word weighs the log of (parties / parties with it) on the lists: "technology" little, "biren" much. A word that no
listed name has weighs as one of a single party. A general word ("overseas", "Dubai") never weighs more than
``MOST_OF_GENERAL``, and a small one ("of") ``SMALL_WEIGHT`` of its weight.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lexloci.parties.sound import sound, stem
from lexloci.parties.spelling import Letters
from lexloci.parties.words_of_names import MOST_WORDS, SMALL_WORDS, Words, general_words, words_of_legal_forms

LEGAL_KINDS: Final = ("limited", "joint stock", "partnership", "incorporated", "state", "association")
SMALL_WEIGHT: Final = 0.3
MOST_OF_GENERAL: Final = 4.0  # as a word of one listed party in 55
Integers = NDArray[np.int64]
Floats = NDArray[np.float32]


class Vocabulary:
    """Words by number, each with its weight and sound; ``base`` has the words of the lists, under those of a batch."""

    def __init__(self, weight_of: Mapping[str, float], rarest: float, base: Vocabulary | None = None) -> None:
        self.base = base
        self.offset = len(base) if base else 0
        self.number: dict[str, int] = {}
        self.words: list[str] = []
        self.sounds: list[str] = []
        self._weights: list[float] = []
        self._flags: list[tuple[bool, bool]] = []
        self._weight_of = weight_of
        self.rarest = rarest
        self._general = general_words()
        self._legal = words_of_legal_forms()
        self._array: Floats | None = None
        self._flag_array: NDArray[np.bool_] | None = None
        self._oddness: Floats | None = None
        self._lengths: Floats | None = None
        self._letters: Letters | None = None
        self._adjectives: NDArray[np.bool_] | None = None
        self._heard: tuple[Integers, Integers] | None = None

    def __len__(self) -> int:
        return self.offset + len(self.words)

    def extended(self) -> Vocabulary:
        """An empty vocabulary on top of this one, for the words of one batch."""
        return Vocabulary(self._weight_of, self.rarest, self)

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
            weight = self._weight_of.get(word, self.rarest)
            is_general = word in self._general
            if is_general:
                weight = min(weight, MOST_OF_GENERAL)
            is_small = word in SMALL_WORDS or word in self._legal
            self._weights.append(weight * SMALL_WEIGHT if is_small else weight)
            self._flags.append((is_general or is_small, any(map(str.isdigit, word))))
            self._array = self._flag_array = self._oddness = self._lengths = self._adjectives = self._heard = None
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

    def flags(self) -> NDArray[np.bool_]:
        """Of every word by number whether it names nobody, and whether it holds a digit; False at the end."""
        if self._flag_array is None:
            own = np.array([*self._flags, (False, False)], np.bool_)
            self._flag_array = own if self.base is None else np.concatenate((self.base.flags()[:-1], own))
        return self._flag_array

    def heard(self) -> tuple[Integers, Integers]:
        """The letters of every word by number as it sounds, and the first of them as a number; 0 at the end."""
        if self._heard is None:
            lengths = np.array([*map(len, self.sounds), 0], np.int64)
            firsts = np.array([*(ord(word[0]) if word else 0 for word in self.sounds), 0], np.int64)
            if self.base is not None:
                of_base = self.base.heard()
                lengths, firsts = (
                    np.concatenate((of_base[0][:-1], lengths)),
                    np.concatenate((of_base[1][:-1], firsts)),
                )
            self._heard = lengths, firsts
        return self._heard

    def adjectives(self) -> NDArray[np.bool_]:
        """Of every word by number whether it is a Russian adjective of another word; False at the end."""
        if self._adjectives is None:
            own = np.array([*(bool(stem(heard)) for heard in self.sounds), False], np.bool_)
            self._adjectives = own if self.base is None else np.concatenate((self.base.adjectives()[:-1], own))
        return self._adjectives

    def oddness(self) -> Floats:
        """How rare the rarest three letters of every word by number are among the words of the lists; 0 at the end."""
        if self._oddness is None:
            own = np.append(self.letters().oddness(self.words), np.float32(0))
            self._oddness = own if self.base is None else np.concatenate((self.base.oddness()[:-1], own))
        return self._oddness

    def letters_of(self) -> Floats:
        """How many letters every word by number has; 0 at the end."""
        if self._lengths is None:
            own = np.array([*map(len, self.words), 0], np.float32)
            self._lengths = own if self.base is None else np.concatenate((self.base.letters_of()[:-1], own))
        return self._lengths

    def listed(self) -> int:
        """The number from which on words are of no list."""
        return self.offset if self.base is not None else len(self)

    def letters(self) -> Letters:
        """How rare three letters in a row are in the words of the lists."""
        if self.base is not None:
            return self.base.letters()
        if self._letters is None:
            self._letters = Letters.of(self.words)
        return self._letters


@dataclass(frozen=True)
class NameTable:
    """Names as columns: word numbers (-1: none), and the spellings on which whole names are compared.

    ``together`` are the words written as one, ``spelled`` the whole reading with its legal form, ``initials`` the first
    letters of the words that are not small; ``legal`` has a bit for each kind of legal form; ``sounds`` are the words
    as they sound, ``heard`` those as one, ``heard_ordered`` those in alphabetical order; ``given`` are the words as
    given, as they sound, without legal forms, in alphabetical order of their letters.
    """

    numbers: Integers
    counts: Integers
    together: list[str]
    spelled: list[str]
    initials: list[str]
    legal: NDArray[np.uint8]
    sounds: list[list[str]]
    heard: list[str]
    heard_ordered: list[str]
    given: list[str]

    def __len__(self) -> int:
        return len(self.together)

    @cached_property
    def lengths_together(self) -> Integers:
        """Letters of each name written as one."""
        return _lengths(self.together)

    @cached_property
    def lengths_spelled(self) -> Integers:
        """Letters of each whole reading, spaces counted."""
        return _lengths(self.spelled)

    @cached_property
    def lengths_initials(self) -> Integers:
        """Initials of each name."""
        return _lengths(self.initials)

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
            list(readings),
            [name.initials for name in words],
            legal,
            sounds,
            ["".join(heard) for heard in sounds],
            [" ".join(sorted(heard)) for heard in sounds],
            [" ".join(map(sound, name.given.split())) for name in words],
        )


def _lengths(names: list[str]) -> Integers:
    return np.fromiter(map(len, names), np.int64, len(names))
