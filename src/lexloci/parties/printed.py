"""Chinese names of listed parties that another official list prints: further names of the rows, with who prints them.

The US lists print no Chinese name. Japan's foreign end user list and the lists of China's Ministry of Commerce print
names in Han characters beside English ones. Where a row of another list bears one of these English names (the same name
by ``folding.normalise``, of ``SHORTEST_SHARED`` letters or more, and no mere number: "13th Institute") and the two have
a country in common, the Chinese name is read as that English one. The link is found by this rule in the lists in use,
so that it is as old as they are. It never makes a match sure: two parties of one country may share an English name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lexloci.parties.folding import has_latin, normalise, readings, visible
from lexloci.parties.han import HAN, whole_form
from lexloci.parties.listing import ListedParty, ListSet, PartyList
from lexloci.parties.sameness import PARENT_COUNTRY
from lexloci.parties.words_of_names import SMALL_WORDS, general_words, parse

if TYPE_CHECKING:
    from lexloci.parties.engine import Index

SHORTEST_SHARED: Final = 8  # letters; a shorter name that two lists print may be of two parties
_ORDINALS: Final = frozenset(
    ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
)


@dataclass(frozen=True, slots=True)
class Printed:
    """A Chinese name, the listed name that it stands beside, and the list that prints both."""

    han: str
    latin: str
    by: PartyList

    def __str__(self) -> str:
        return f'{self.by.title} of {self.by.dated.isoformat()} prints "{self.han}" beside "{self.latin}"'


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A row that has names in Han characters and in Latin letters, and its list."""

    party: ListedParty
    by: PartyList


def bilingual_rows(lists: ListSet) -> tuple[Bilingual, ...]:
    """The rows of lists that have names in both scripts."""
    both = [row for row in lists.parties if any(map(HAN.search, row.names)) and any(map(has_latin, row.names))]
    return tuple(Bilingual(row, lists.list_of(row.list_code)) for row in both)


def printed_names(index: Index, rows: Iterable[Bilingual]) -> dict[str, tuple[Printed, ...]]:
    """The Chinese names of rows of the index that rows in both scripts print, by their form as a whole name."""
    found: dict[str, tuple[Printed, ...]] = {}
    for row in rows:
        shared = tuple(dict.fromkeys(_shared_names(index, row.party)))
        for han in row.party.names:
            if shared and HAN.search(han):
                form = whole_form(visible(han))
                found[form] = (*found.get(form, ()), *(Printed(han, latin, row.by) for latin in shared))
    return found


def _shared_names(index: Index, party: ListedParty) -> Iterator[str]:
    """The names of rows of other lists in the index that are a name of the party, where a country agrees."""
    countries = _with_parents(party.countries)
    for name in party.names:
        form = normalise(name).replace(" ", "")
        if HAN.search(name) or len(form) < SHORTEST_SHARED:
            continue
        words = parse(readings(name)[0]).words
        if _is_a_number(words):
            continue
        together = "".join(words)
        for segment in index.segments:
            for number in segment.same.get(together, ()):
                other = index.parties[int(segment.owners[number])]
                listed = segment.listed[number]
                is_same = other.list_code != party.list_code and normalise(listed).replace(" ", "") == form
                if is_same and countries & _with_parents(other.countries):
                    yield listed


def _is_a_number(words: Sequence[str]) -> bool:
    """Whether a name is a number and words that name nobody ("13th Institute", "Ninth Academy"): many may bear it."""
    numbers = {word for word in words if word.isdigit() or word in _ORDINALS}
    return bool(numbers) and numbers | general_words() | SMALL_WORDS >= set(words)


def _with_parents(countries: Iterable[str]) -> frozenset[str]:
    known = frozenset(countries)
    return known | {PARENT_COUNTRY[one] for one in known if one in PARENT_COUNTRY}
