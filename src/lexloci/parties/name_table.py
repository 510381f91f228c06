"""Names ready to be compared: their words as numbers into a vocabulary that weighs each word.

A word weighs the log of (parties / parties with it) on the lists: "technology" little, "biren" much. A word that no
listed name has weighs as one of a single party. A general word ("overseas", "Dubai") never weighs more than
``MOST_OF_GENERAL``, and a small one ("of") ``SMALL_WEIGHT`` of its weight. No word weighs more than it would if names
held it a hundred times as often as English text does: "vodka" is on the lists once, and no brand for that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lexloci.parties.sound import sound, stem
from lexloci.parties.spelling import Letters
from lexloci.parties.words_of_names import (
    MOST_WORDS,
    SMALL_WORDS,
    Words,
    common_words,
    general_words,
    words_of_legal_forms,
)

LEGAL_KINDS: Final = ("limited", "joint stock", "partnership", "incorporated", "state", "association")
SMALL_WEIGHT: Final = 0.3
MOST_OF_GENERAL: Final = 4.0  # as a word of one listed party in 55
IN_EVERY_NAME: Final = 7.0  # on the Zipf scale: one word of a hundred in text, so that every name would hold it
LEAST_OF_COMMON: Final = 1.0
MOST_UNCOMMON: Final = 8.0  # the commonest words are at 7.7 on the Zipf scale
Integers = NDArray[np.int64]
Floats = NDArray[np.float32]


class Vocabulary:
    """Words by number, each with its weight and sound; ``base`` has the words of the lists, under those of a batch.

    What is told of every word is an array by number, with one more place at the end, which the number -1 of no word
    reads.
    """

    def __init__(self, weight_of: Mapping[str, float], rarest: float, base: Vocabulary | None = None) -> None:
        self.base = base
        self.offset = len(base) if base else 0
        self.number: dict[str, int] = {}
        self.words: list[str] = []
        self.sounds: list[str] = []
        self._weights: list[float] = []
        self._names_nobody: list[bool] = []
        self._weight_of = weight_of
        self.rarest = rarest
        self._general = general_words()
        self._legal = words_of_legal_forms()
        self._common = common_words()
        self._letters: Letters | None = None
        self._columns: dict[str, NDArray[Any]] = {}

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
            is_small = word in SMALL_WORDS or word in self._legal
            self._weights.append(self._weight(word) * (SMALL_WEIGHT if is_small else 1))
            self._names_nobody.append(is_small or word in self._general)
            self._columns.clear()
        return number

    def _weight(self, word: str) -> float:
        weight = self._weight_of.get(word, self.rarest)
        if word in self._general:
            return min(weight, MOST_OF_GENERAL)
        of_text = math.log(10) * (IN_EVERY_NAME - self._common.get(word, 0.0))
        return min(weight, max(of_text, LEAST_OF_COMMON))

    def sounds_of(self, numbers: Iterable[int]) -> list[str]:
        """The sound of each word by number."""
        own, offset = self.sounds, self.offset
        if self.base is None:
            return [own[number] for number in numbers]
        listed = self.base.sounds
        return [listed[number] if number < offset else own[number - offset] for number in numbers]

    def _column(self, name: str, of_words: Callable[[], Iterable[Any]], kind: type) -> NDArray[Any]:
        """What the method of a name tells of the words of the base, then of the own words, then 0."""
        column = self._columns.get(name)
        if column is None:
            column = np.array([*of_words(), 0], kind)
            if self.base is not None:
                column = np.concatenate((getattr(self.base, name)()[:-1], column))
            self._columns[name] = column
        return column

    def weights(self) -> Floats:
        """The weight of every word."""
        return self._column("weights", lambda: self._weights, np.float32)

    def names_nobody(self) -> NDArray[np.bool_]:
        """Whether a word names nobody: a general or a small one."""
        return self._column("names_nobody", lambda: self._names_nobody, np.bool_)

    def holds_digit(self) -> NDArray[np.bool_]:
        """Whether a word holds a digit."""
        return self._column("holds_digit", lambda: (any(map(str.isdigit, word)) for word in self.words), np.bool_)

    def letters_heard(self) -> Integers:
        """How many letters every word has as it sounds."""
        return self._column("letters_heard", lambda: map(len, self.sounds), np.int64)

    def first_heard(self) -> Integers:
        """The first letter of every word as it sounds, as a number."""
        return self._column("first_heard", lambda: (ord(word[0]) if word else 0 for word in self.sounds), np.int64)

    def adjectives(self) -> NDArray[np.bool_]:
        """Whether a word is a Russian adjective of another word."""
        return self._column("adjectives", lambda: (bool(stem(heard)) for heard in self.sounds), np.bool_)

    def oddness(self) -> Floats:
        """How rare the rarest three letters of every word are among the words of the lists."""
        return self._column("oddness", lambda: self.letters().oddness(self.words), np.float32)

    def letters_of(self) -> Floats:
        """How many letters every word has."""
        return self._column("letters_of", lambda: map(len, self.words), np.float32)

    def common(self) -> Floats:
        """How common every word is in English text, on the Zipf scale; 0 for one that is not in the table."""
        return self._column("common", lambda: (self._common.get(word, 0.0) for word in self.words), np.float32)

    def uncommon(self) -> Floats:
        """How much it says that a name holds a word: more the less common it is in text, little if it names nobody."""
        return self._column("uncommon", self._uncommon, np.float32)

    def _uncommon(self) -> Iterator[float]:
        for word, is_general in zip(self.words, self._names_nobody, strict=True):
            share = SMALL_WEIGHT if is_general else 1
            yield share * (MOST_UNCOMMON - self._common.get(word, 0.0))

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
    given, as they sound, without legal forms, in alphabetical order of their letters, ``plain`` the same as spelled, in
    their own order; ``other_script`` tells which names were in no Latin letters.
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
    plain: list[str]
    other_script: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.together)

    def taken(self, column: str, rows: Integers) -> list[str]:
        """The strings of a column, by name, in rows."""
        found: list[str] = self._objects[column][rows].tolist()
        return found

    @cached_property
    def _objects(self) -> dict[str, NDArray[np.object_]]:
        """The columns of strings as arrays, of which many rows are taken three times as fast as of lists."""
        columns = ("together", "heard", "heard_ordered", "given", "plain", "spelled", "initials")
        return {column: np.array(getattr(self, column), np.object_) for column in columns}

    @cached_property
    def lengths_together(self) -> Integers:
        """Letters of each name written as one."""
        return _lengths(self.together)

    @cached_property
    def lengths_plain(self) -> Integers:
        """Letters of each name as spelled without legal forms, spaces counted."""
        return _lengths(self.plain)

    @cached_property
    def lengths_initials(self) -> Integers:
        """Initials of each name."""
        return _lengths(self.initials)

    @classmethod
    def of(
        cls,
        readings: Sequence[str],
        words: Sequence[Words],
        vocabulary: Vocabulary,
        other_script: Sequence[bool] = (),
    ) -> NameTable:
        """The table of names given as readings and their words; new words are added to the vocabulary.

        ``other_script`` tells which names were in no Latin letters (empty: none of them).
        """
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
            [" ".join(map(sound, sorted(name.given.split()))) for name in words],
            [name.given for name in words],
            np.array(other_script or [False] * len(words), np.bool_),
        )


def _lengths(names: list[str]) -> Integers:
    return np.fromiter(map(len, names), np.int64, len(names))
