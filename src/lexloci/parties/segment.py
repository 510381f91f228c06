"""Names of listed parties, indexed by what is exact of them: letters, sound, initials, words in whatever order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lexloci.parties.blocking import Integers, Postings
from lexloci.parties.collector import collector_at_rest
from lexloci.parties.features import ACRONYM_ENDS, LONGEST_ACRONYM_END
from lexloci.parties.folding import written
from lexloci.parties.listing import CRAFTS, ListedParty
from lexloci.parties.name_table import NameTable
from lexloci.parties.plain_names import PlainNames

MOST_ACRONYMS: Final = 4
MOST_WITHIN: Final = 4  # names that are the first or the last words of a name, of each cut
MOST_WORDS_CUT: Final = 6  # words of a name that is cut in two to find names within it
SHORTEST_WITHIN: Final = 3  # letters
MOST_OF_MISSPELT: Final = 6  # names with the mended word; a commoner word tells little
LONGEST_ACRONYM: Final = 8
MOST_SAME: Final = 20  # names that are the same written as one; 18 names of 2026-07-31 are


@dataclass(frozen=True)
class Segment:
    """Listed names, indexed: the place of the party of each, the name as listed, its table and postings.

    ``same`` has the names that are the same written together, ``heard`` those that sound the same, ``acronyms`` those
    that have the same initials; ``by_words`` one name of each set of words, whatever their order.
    """

    owners: Integers
    listed: tuple[str, ...]
    table: NameTable
    postings: Postings
    same: dict[str, list[int]]
    heard: dict[str, list[int]]
    acronyms: dict[str, list[int]]
    by_words: dict[str, int]
    are_craft: NDArray[np.bool_]

    @cached_property
    def plain(self) -> PlainNames:
        """The names as printed; made when a rule first asks for them."""
        return PlainNames.of(self.listed, self.owners.tolist(), self.are_craft.tolist())

    @cached_property
    @collector_at_rest()
    def written(self) -> dict[str, list[int]]:
        """The names by their letters alone; made when a name is first asked."""
        found: dict[str, list[int]] = {}
        for number, reading in enumerate(self.table.spelled):
            found.setdefault(written(reading), []).append(number)
        return found


def segment_of(
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
    heard: dict[str, list[int]] = {}
    by_words: dict[str, int] = {}
    for number, initials in enumerate(table.initials):
        by_words.setdefault(any_order(table.spelled[number]), number)
        same.setdefault(table.together[number], []).append(number)
        heard.setdefault(table.heard[number], []).append(number)
        if 2 < len(initials) <= LONGEST_ACRONYM:
            acronyms.setdefault(initials, []).append(number)
    craft = np.array([party.kind in CRAFTS for party in parties], np.bool_)
    return Segment(owners, listed, table, postings, same, heard, acronyms, by_words, craft[owners - first])


def any_order(reading: str) -> str:
    """The words of a reading in alphabetical order."""
    return " ".join(sorted(reading.split()))


def found_otherwise(
    segment: Segment, table: NameTable, misspelt: Sequence[tuple[int, str]]
) -> tuple[list[int], list[int]]:
    """Names that are the same written together, short for a name or long for it, or of a word put right: row, name."""
    rows: list[int] = []
    names: list[int] = []
    for row, (together, heard) in enumerate(zip(table.together, table.heard, strict=True)):
        found = [
            *segment.same.get(together, ())[:MOST_SAME],
            *segment.heard.get(heard, ())[:MOST_SAME],
            *_acronyms(segment, together, table.initials[row]),
            *_within(segment, table.sounds[row]),
        ]
        rows += [row] * len(found)
        names += found
    for row, word in misspelt:
        found = segment.postings.with_word(word, MOST_OF_MISSPELT)
        rows += [row] * len(found)
        names += found
    return rows, names


def _acronyms(segment: Segment, together: str, initials: str) -> list[int]:
    """The names that a name abbreviates, the legal form in its initials or not, and those that are its initials."""
    found: list[int] = []
    if len(together) <= LONGEST_ACRONYM + LONGEST_ACRONYM_END:
        for end in ACRONYM_ENDS:
            if together.endswith(end):
                found += segment.acronyms.get(together[: len(together) - len(end)], ())[:MOST_ACRONYMS]
    if 2 < len(initials) <= LONGEST_ACRONYM:
        found += segment.same.get(initials, ())[:MOST_ACRONYMS]
    return found


def _within(segment: Segment, sounds: Sequence[str]) -> list[int]:
    """The names that are the first words of a name, or its last, and nothing else ("Lyra Group": LYRA)."""
    found: list[int] = []
    for cut in range(1, len(sounds) if len(sounds) <= MOST_WORDS_CUT else 0):
        for part in ("".join(sounds[:cut]), "".join(sounds[cut:])):
            if len(part) >= SHORTEST_WITHIN:
                found += segment.heard.get(part, ())[:MOST_WITHIN]
    return found
