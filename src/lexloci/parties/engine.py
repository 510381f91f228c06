"""The index of the listed names: which of them may be a name, near ones first, ready to be compared.

An index is one or more segments: the lists of the day, and a small one for each later change, so that a daily change
costs what changed. The weights of words and grams are counts over the first segment. A party that left the lists
is dead: its names stay where they are and are passed over.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lexloci.parties.blocking import Floats, Integers, Postings, distinct, gram_matrix, gram_weights, unit_rows
from lexloci.parties.folding import LONGEST_NAME, readings
from lexloci.parties.lists import ListedParty
from lexloci.parties.name_table import NameTable, Vocabulary
from lexloci.parties.words_of_names import Words, mended, parse

MOST_NEAR: Final = 20
MOST_COMPARED: Final = 12
MOST_SAME: Final = 12  # names that are the same written as one; 11 rows of 2026-07-31 share one
MOST_ACRONYMS: Final = 4
LONGEST_ACRONYM: Final = 8
CRAFT: Final = frozenset(("Vessel", "Aircraft"))


@dataclass(frozen=True)
class Segment:
    """Listed names, indexed: the place of the party of each, the name as listed, its table and postings."""

    owners: Integers
    listed: tuple[str, ...]
    table: NameTable
    postings: Postings
    same: dict[str, list[int]]
    acronyms: dict[str, list[int]]
    are_craft: NDArray[np.bool_]


@dataclass(frozen=True)
class Queries:
    """Names to screen, a row for each reading: the number of the name that it reads, and the table."""

    names: Integers
    table: NameTable
    vocabulary: Vocabulary


@dataclass(frozen=True)
class Near:
    """Pairs to compare: rows of the queries, names of a segment, the cosine of their grams (0: found otherwise)."""

    rows: Integers
    names: Integers


@dataclass(frozen=True)
class Index:
    """All listed parties and their names, as segments; ``alive`` tells which parties are still on a list."""

    parties: tuple[ListedParty, ...]
    alive: NDArray[np.bool_]
    segments: tuple[Segment, ...]
    vocabulary: Vocabulary
    gram_weights: Floats

    @classmethod
    def of(cls, parties: Sequence[ListedParty]) -> Index:
        """The index over parties, with the weights that their names give."""
        owners, listed, spelled, words = _names_of(parties, 0)
        vocabulary = _vocabulary(owners, words, len(parties))
        table = NameTable.of(spelled, words, vocabulary)
        grams = gram_matrix(table.sounds)
        weights = gram_weights(grams)
        segment = _segment(parties, 0, owners, listed, table, Postings.of(unit_rows(grams, weights)))
        return cls(tuple(parties), np.ones(len(parties), np.bool_), (segment,), vocabulary, weights)

    def changed(self, added: Sequence[ListedParty], removed: Iterable[ListedParty] = ()) -> Index:
        """The index after a change of the lists; the weights stay those of the first segment."""
        alive = self.alive.copy()
        gone = set(removed)
        if gone:
            alive[[place for place, party in enumerate(self.parties) if party in gone]] = False
        if not added:
            return replace(self, alive=alive)
        owners, listed, spelled, words = _names_of(added, len(self.parties))
        table = NameTable.of(spelled, words, self.vocabulary)
        units = unit_rows(gram_matrix(table.sounds), self.gram_weights)
        return replace(
            self,
            parties=(*self.parties, *added),
            alive=np.concatenate((alive, np.ones(len(added), np.bool_))),
            segments=(*self.segments, _segment(added, len(self.parties), owners, listed, table, Postings.of(units))),
        )

    def queries(self, names: Sequence[str]) -> Queries:
        """Names made ready: their readings, legal forms mended, as a table over the words of the lists."""
        vocabulary = self.vocabulary.extended()
        owners, spelled = [], []
        for number, name in enumerate(names):
            for reading in readings(name):
                owners.append(number)
                spelled.append(mended(reading, self.vocabulary.number))
        table = NameTable.of(spelled, [parse(reading) for reading in spelled], vocabulary)
        return Queries(np.array(owners, np.int64), table, vocabulary)

    def near(self, queries: Queries) -> list[Near]:
        """For each segment, the pairs of query rows and names to compare, each once, names of dead parties left out."""
        units = unit_rows(gram_matrix(queries.table.sounds), self.gram_weights)
        return [self._near_in(segment, queries.table, units) for segment in self.segments]

    def _near_in(self, segment: Segment, table: NameTable, units: object) -> Near:
        rows, names = _nearest_first(*segment.postings.nearest(units, MOST_NEAR))
        more_rows: list[int] = []
        more_names: list[int] = []
        for row, together in enumerate(table.together):
            found = segment.same.get(together, ())[:MOST_SAME]
            if len(together) <= LONGEST_ACRONYM:
                found = [*found, *segment.acronyms.get(together, ())[:MOST_ACRONYMS]]
            if 2 < len(table.initials[row]) <= LONGEST_ACRONYM:
                found = [*found, *segment.same.get(table.initials[row], ())[:MOST_ACRONYMS]]
            more_rows += [row] * len(found)
            more_names += found
        size = len(segment.listed)
        keys = distinct(
            np.concatenate((rows, np.array(more_rows, np.int64))) * size
            + np.concatenate((names, np.array(more_names, np.int64)))
        )
        rows, names = keys // size, keys % size
        living = self.alive[segment.owners[names]]
        return Near(rows[living], names[living])


def _nearest_first(rows: Integers, names: Integers, cosines: Floats) -> tuple[Integers, Integers]:
    """Of the near names of each row those that are worth a comparison: the ``MOST_COMPARED`` nearest."""
    order = np.lexsort((-cosines, rows))
    place = np.arange(len(rows)) - np.searchsorted(rows, rows)
    kept = order[place < MOST_COMPARED]
    return rows[kept], names[kept]


def _names_of(parties: Sequence[ListedParty], first: int) -> tuple[Integers, tuple[str, ...], list[str], list[Words]]:
    owners, listed, spelled = [], [], []
    for place, party in enumerate(parties, first):
        for name in party.names:
            for reading in readings(name[:LONGEST_NAME])[:2]:
                owners.append(place)
                listed.append(name)
                spelled.append(reading)
    return np.array(owners, np.int64), tuple(listed), spelled, [parse(reading) for reading in spelled]


def _vocabulary(owners: Integers, words: Sequence[Words], parties: int) -> Vocabulary:
    met: Counter[str] = Counter()
    of_party: set[str] = set()
    last = -1
    for owner, name in zip(owners.tolist(), words, strict=True):
        if owner != last:
            met.update(of_party)
            of_party, last = set(), owner
        of_party.update(name.words)
    met.update(of_party)
    rarest = math.log(max(parties, 2))
    return Vocabulary({word: math.log(parties / count) + 0.01 for word, count in met.items()}, rarest)


def _segment(
    parties: Sequence[ListedParty],
    first: int,
    owners: Integers,
    listed: tuple[str, ...],
    table: NameTable,
    postings: Postings,
) -> Segment:
    """The segment of parties of which the first stands at place ``first``."""
    same: dict[str, list[int]] = {}
    acronyms: dict[str, list[int]] = {}
    for number, (together, initials) in enumerate(zip(table.together, table.initials, strict=True)):
        same.setdefault(together, []).append(number)
        if 2 < len(initials) <= LONGEST_ACRONYM:
            acronyms.setdefault(initials, []).append(number)
    craft = np.array([party.kind in CRAFT for party in parties], np.bool_)
    return Segment(owners, listed, table, postings, same, acronyms, craft[owners - first])
