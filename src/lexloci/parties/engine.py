"""The index of the listed names: which of them may be a name, near ones first, ready to be compared.

An index is one or more segments: the lists of the day, and a small one for each later change, so that a daily change
costs what changed. The weights of words and grams are counts over the first segment. A party that left the lists
is dead: its names stay where they are and are passed over.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from lexloci.parties.blocking import Floats, Integers, Postings, distinct, gram_matrix, gram_weights, unit_rows
from lexloci.parties.collector import collector_at_rest
from lexloci.parties.folding import LONGEST_NAME, has_latin, readings, visible, written
from lexloci.parties.han import HAN, whole_form
from lexloci.parties.lists import ListedParty
from lexloci.parties.name_table import NameTable, Vocabulary
from lexloci.parties.printed import Bilingual, Printed, printed_names
from lexloci.parties.segment import MOST_SAME, Segment, any_order, found_otherwise, segment_of
from lexloci.parties.spelling import NearWords, Outlines
from lexloci.parties.words_of_names import Words, mended, parse

MOST_NEAR: Final = 60
MOST_BY_GRAMS: Final = 7
MOST_BY_LETTERS: Final = 5
RARE: Final = 5.0  # weight from which a word is looked up with an error mended; a word of one listed party in 150


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
    near_words: NearWords
    bilingual: tuple[
        Bilingual, ...
    ] = ()  # rows that print Chinese names; not among ``parties`` where they are not asked

    @classmethod
    @collector_at_rest()
    def of(cls, parties: Sequence[ListedParty]) -> Index:
        """The index over parties, with the weights that their names give."""
        owners, listed, spelled, words = _names_of(parties, 0)
        vocabulary = _vocabulary(owners, words, len(parties))
        table = NameTable.of(spelled, words, vocabulary)
        grams = gram_matrix(table.sounds)
        weights = gram_weights(grams)
        segment = segment_of(parties, 0, owners, listed, table, Postings.of(unit_rows(grams, weights)))
        near_words = NearWords.of(sorted(set(vocabulary.sounds)))
        return cls(tuple(parties), np.ones(len(parties), np.bool_), (segment,), vocabulary, weights, near_words)

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
            segments=(*self.segments, segment_of(added, len(self.parties), owners, listed, table, Postings.of(units))),
        )

    @cached_property
    def _printed(self) -> dict[str, tuple[Printed, ...]]:
        """Chinese names of the parties that other lists print; made when a Chinese name is first asked."""
        return printed_names(self, self.bilingual)

    def printed(self, name: str) -> tuple[Printed, ...]:
        """The listed names beside which a list prints a name, where it is Chinese."""
        is_han = self.bilingual and not name.isascii() and HAN.search(name)
        return self._printed.get(whole_form(visible(name)), ()) if is_han else ()

    def readings(self, name: str) -> tuple[str, ...]:
        """How a name may be read in Latin words: as the listed names that it is printed beside, then by itself.

        Words of a listed name in another order are read in its order too, for phrases of several words count as one; a
        listed name that is spaced otherwise, or in which a letter gave way to one that looks like it, as it is listed.
        """
        own = readings(name)  # refuses what is no name
        beside = [reading for one in self.printed(name) for reading in readings(one.latin)]
        seen = (*own, *(self._outlines.listed(one) for one in own))
        ordered = [reading for one in seen for reading in self._in_listed_order(one)]
        spaced = self._as_spaced(own)
        return tuple(dict.fromkeys((*beside, *seen, *ordered, *spaced)))

    def _in_listed_order(self, reading: str) -> Iterator[str]:
        words = any_order(reading)
        for segment in self.segments:
            number = segment.by_words.get(words)
            if number is not None:
                yield segment.table.spelled[number]

    def _as_spaced(self, own: Sequence[str]) -> tuple[str, ...]:
        """The listed names that readings are but for spaces and legal forms ("Hua wei Technologies").

        None where a listed name has the words of a reading already: it comes first.
        """
        found = [
            segment.table.spelled[number]
            for segment in self.segments
            for reading in own
            for number in segment.written.get(written(reading), ())[:MOST_SAME]
        ]
        if not found:
            return ()
        read = {parse(reading).words for reading in own}
        return () if any(parse(one).words in read for one in found) else tuple(found)

    def places_of_the_same_name(self, name: str) -> set[int]:
        """The places of the parties that bear a name, spaces and legal forms aside."""
        return {
            int(segment.owners[number])
            for segment in self.segments
            for reading in readings(name)
            for number in segment.written.get(written(reading), ())
        }

    @cached_property
    def _outlines(self) -> Outlines:
        """The words of the lists by how they look; made when a name is first asked."""
        return Outlines.of(self.vocabulary.words)

    def queries(self, names: Sequence[str]) -> Queries:
        """Names made ready: their readings, legal forms mended, as a table over the words of the lists."""
        vocabulary = self.vocabulary.extended()
        owners, spelled, other_script = [], [], []
        for number, name in enumerate(names):
            is_other = not (name.isascii() or has_latin(name))
            for reading in self.readings(name):
                owners.append(number)
                other_script.append(is_other)
                spelled.append(mended(reading, self.vocabulary.number))
        table = NameTable.of(spelled, [parse(reading) for reading in spelled], vocabulary, other_script)
        return Queries(np.array(owners, np.int64), table, vocabulary)

    def near(self, queries: Queries) -> list[Near]:
        """For each segment, the pairs of query rows and names to compare, each once, names of dead parties left out."""
        misspelt = self._misspelt(queries)
        units = unit_rows(gram_matrix(queries.table.sounds), self.gram_weights)
        return [self._near_in(segment, queries.table, units, misspelt) for segment in self.segments]

    def rarity(self, word: str) -> float:
        """How rare a word of a normal form is: the log of parties / parties of the first segment with it as printed."""
        return self.vocabulary.rarest - math.log(self.segments[0].plain.parties_with.get(word, 1))

    def _misspelt(self, queries: Queries) -> list[tuple[int, str]]:
        """The listed words that a rare or unlisted word of each row may be with an error mended: row and word."""
        weights, table = queries.vocabulary.weights(), queries.table
        rows, places = np.nonzero((table.numbers >= 0) & (weights[table.numbers] >= RARE))
        asked = [table.sounds[row][place] for row, place in zip(rows.tolist(), places.tolist(), strict=True)]
        owners, words = self.near_words.near(asked)
        return list(zip(rows[owners].tolist(), words, strict=True))

    def _near_in(self, segment: Segment, table: NameTable, units: object, misspelt: Sequence[tuple[int, str]]) -> Near:
        rows, names = _worth_comparing(table, segment.table, *segment.postings.nearest(units, MOST_NEAR))
        more_rows, more_names = found_otherwise(segment, table, misspelt)
        size = len(segment.listed)
        keys = distinct(
            np.concatenate((rows, np.array(more_rows, np.int64))) * size
            + np.concatenate((names, np.array(more_names, np.int64)))
        )
        rows, names = keys // size, keys % size
        living = self.alive[segment.owners[names]]
        return Near(rows[living], names[living])


def _worth_comparing(
    table: NameTable, listed: NameTable, rows: Integers, names: Integers, cosines: Floats
) -> tuple[Integers, Integers]:
    """Of the near names of each row those worth a comparison: the nearest by grams, and the most alike by letters."""
    one, other = table.taken("heard", rows), listed.taken("heard", names)
    ratios = process.cpdist(one, other, scorer=fuzz.ratio, dtype=np.float32)
    by_cosine = _place_in_row(rows, cosines) < MOST_BY_GRAMS
    kept = by_cosine | (_place_in_row(rows, np.where(by_cosine, -1, ratios)) < MOST_BY_LETTERS)
    return rows[kept], names[kept]


def _place_in_row(rows: Integers, values: Floats) -> Integers:
    """The place of each value among those of its row, the highest first; ``rows`` ascend."""
    order = np.lexsort((-values, rows))
    place = np.empty(len(rows), np.int64)
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    place[order] = np.arange(len(rows)) - np.repeat(starts, np.diff(starts, append=len(rows)))
    return place


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
