"""Which few names of many are near a name: an inverted index of character trigrams, weighted by rarity.

A name is its words, as they sound, written together; its grams are the trigrams of that string, the first two letters
of each word and each word whole, so that typing errors, other spacing, another order and words added each leave many
grams in place; a short name (``SHORT``) has the pairs of its letters too. Nearness is the cosine of the vectors of
gram weights (log of names / names with the gram), over the rarest grams of the query: those whose postings together
reach ``MOST_POSTINGS``, and ``FEWEST_GRAMS`` at least. All of it is arrays: a batch of names is one sparse product.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

LETTERS: Final = 37  # 0: no letter; digits and a-z follow
SPELLED: Final = LETTERS**3 + 2 * LETTERS**2
WHOLE_WORDS: Final = 1 << 16  # places for whole words, by their checksum
GRAMS: Final = SPELLED + WHOLE_WORDS
SHORT: Final = 10  # letters
MOST_POSTINGS: Final = 8000
FEWEST_GRAMS: Final = 5
CODE: Final = np.zeros(256, np.int64)
CODE[np.arange(ord("0"), ord("9") + 1)] = np.arange(1, 11)
CODE[np.arange(ord("a"), ord("z") + 1)] = np.arange(11, 37)

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


def distinct(keys: Integers) -> Integers:
    """The values in order, each once. (numpy.unique hashes first, which takes ten times as long here.)"""
    keys = np.sort(keys)
    return keys[np.concatenate(([True], keys[1:] != keys[:-1]))] if len(keys) else keys


def gram_matrix(names: Sequence[Sequence[str]]) -> sparse.csr_matrix:
    """The grams of names, each given as its words: a matrix of names x GRAMS that holds 1 where a name has a gram."""
    spelled = "\0\0" + "\0\0".join(" ".join(words) for words in names) + "\0\0"
    letters = np.frombuffer(spelled.encode("ascii", "replace"), np.uint8)
    owner = np.cumsum((letters[1:] == 0) & (letters[:-1] == 0))  # the two zero bytes before each name end with a step
    owner = np.concatenate(([0], owner)) - 1
    starts = (letters[:-1] == 32) | (letters[:-1] == 0)
    written = letters != 32
    together, of = CODE[letters[written]], owner[written]
    triples = (together[:-2] * LETTERS + together[1:-1]) * LETTERS + together[2:]
    whole = (together[:-2] > 0) & (together[1:-1] > 0) & (together[2:] > 0)
    first = np.flatnonzero(starts[:-1] & (CODE[letters[1:-1]] > 0)) + 1
    pairs = LETTERS**3 + CODE[letters[first]] * LETTERS + CODE[letters[first + 1]]
    short = (np.bincount(of[together > 0], minlength=len(names))[of[:-1]] <= SHORT) & (together[:-1] * together[1:] > 0)
    inside = LETTERS**3 + LETTERS**2 + together[:-1][short] * LETTERS + together[1:][short]
    counts = np.array([len(words) for words in names], np.int64)
    place = {word: gram_of_word(word) for words in names for word in words}
    words_whole = np.array([place[word] for words in names for word in words], np.int64)
    rows = np.concatenate((of[:-2][whole], owner[first], of[:-1][short], np.repeat(np.arange(len(names)), counts)))
    columns = np.concatenate((triples[whole], pairs, inside, words_whole))
    keys = distinct(rows * GRAMS + columns)
    rows, columns = keys // GRAMS, keys % GRAMS
    indptr = np.searchsorted(rows, np.arange(len(names) + 1))
    return sparse.csr_matrix((np.ones(len(keys), np.float32), columns, indptr), shape=(len(names), GRAMS))


def gram_of_word(word: str) -> int:
    """The number of the gram that is a whole word; two words may share one."""
    return SPELLED + zlib.crc32(word.encode()) % WHOLE_WORDS


def gram_weights(grams: sparse.csr_matrix) -> Floats:
    """The weight of each gram: the log of names / names with it; a gram of no name weighs as one of a single name."""
    counts = np.bincount(grams.indices, minlength=GRAMS)
    return np.asarray(np.log((grams.shape[0] + 1) / np.maximum(counts, 1)), np.float32)


def unit_rows(grams: sparse.csr_matrix, weights: Floats) -> sparse.csr_matrix:
    """The matrix with weights in place of ones, each row of length 1."""
    data = weights[grams.indices]
    squares = np.add.reduceat(np.append(data**2, np.float32(0)), grams.indptr[:-1]) if len(data) else np.zeros(0)
    squares = np.where(np.diff(grams.indptr) > 0, squares, 1)
    lengths = np.sqrt(squares).astype(np.float32)
    data = data / np.repeat(lengths, np.diff(grams.indptr))
    return sparse.csr_matrix((data, grams.indices, grams.indptr), shape=grams.shape)


@dataclass(frozen=True)
class Postings:
    """The names that hold each gram, as GRAMS x names, and how many those are."""

    by_gram: sparse.csr_matrix
    counts: Integers

    @classmethod
    def of(cls, units: sparse.csr_matrix) -> Postings:
        """The postings of names given as unit rows."""
        by_gram = units.T.tocsr()
        return cls(by_gram, np.diff(by_gram.indptr).astype(np.int64))

    def with_word(self, word: str, most: int) -> list[int]:
        """The names that hold a word, or none where more than ``most`` do."""
        gram = gram_of_word(word)
        low, high = self.by_gram.indptr[gram : gram + 2].tolist()
        names: list[int] = self.by_gram.indices[low:high].tolist() if high - low <= most else []
        return names

    def _rarest(self, queries: sparse.csr_matrix) -> sparse.csr_matrix:
        """The queries without their commonest grams."""
        rows = np.repeat(np.arange(queries.shape[0]), np.diff(queries.indptr))
        counts = self.counts[queries.indices]
        order = np.lexsort((counts, rows))
        running = np.cumsum(counts[order])
        before = np.concatenate(([0], running))[queries.indptr[:-1]]
        place = np.arange(len(rows)) - queries.indptr[rows]
        kept = (running - before[rows] <= MOST_POSTINGS) | (place < FEWEST_GRAMS)
        indptr = np.concatenate(([0], np.cumsum(np.bincount(rows[kept], minlength=queries.shape[0]))))
        chosen = order[kept]
        return sparse.csr_matrix((queries.data[chosen], queries.indices[chosen], indptr), shape=queries.shape)

    def nearest(self, queries: sparse.csr_matrix, most: int) -> tuple[Integers, Integers, Floats]:
        """The ``most`` nearest names of each query: number of the query, number of the name, cosine."""
        product = (self._rarest(queries) @ self.by_gram).tocsr()
        rows, names, cosines = [], [], []
        for query in range(product.shape[0]):
            low, high = product.indptr[query], product.indptr[query + 1]
            data = product.data[low:high]
            if len(data) > most:
                kept = np.argpartition(data, len(data) - most)[len(data) - most :]
            else:
                kept = np.arange(len(data))
            rows.append(np.full(len(kept), query))
            names.append(product.indices[low:high][kept])
            cosines.append(data[kept])
        if not rows:
            return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32)
        return (
            np.concatenate(rows).astype(np.int64),
            np.concatenate(names).astype(np.int64),
            np.concatenate(cosines),
        )
