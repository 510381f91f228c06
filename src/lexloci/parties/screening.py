"""Who on the lists may this name be: the rows that a name matches, best first, with a score.

Five ways to match, the first four on normal forms (``names.normalise``):

- *exact*: a name or alias is the same, spaces aside: a confirmed match; an abbreviation of up to
  ``LONGEST_ABBREVIATION`` letters with addresses in other countries only is possible, not confirmed;
- *similar*: the words, sorted, differ by a few letters (rapidfuzz ``ratio`` of at least
  ``SIMILAR_FROM``; names of fewer than ``SHORTEST_SIMILAR`` letters match only exactly): possible;
- *contains*: all words of one name stand in the other, and the shared words are rare enough on the
  lists to name somebody (``DISTINCTIVE``): possible;
- *same brand word*: on the lists of companies (``BRAND_LISTS``) the first word that is no place
  and no common word is the same, and it is rare or a whole name there ("Huawei Cloud Malaysia"): possible;
- *probable*: the names, read in Latin letters whatever their script, are of one party with a calibrated probability
  of at least ``REVIEW_FROM`` (``compare.scored``; docs/explanation/screening.md), and a listed name in Latin letters
  that a name in Latin letters meets has ``SHORTEST_SIMILAR`` letters: possible. 2.4 % of ordinary companies
  reach it (words/false_positives.csv).

Vessels and aircraft are not screened: a party of a portfolio is an organisation or a person. The
lists hold Latin script only; a name in another script matches nothing (``names.has_latin`` tells).
Of 98 ordinary names of operators, clouds, funds and chip makers (tests/parties) none is confirmed on
the export and sanctions lists of 2026-07-31, and 6 are possible: Meta, Apple, AMD, stc, Dell
Technologies, center3 (trade names of one word; "Meta Platforms, Inc." is clear).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

import numpy as np
from rapidfuzz import fuzz, process

from lexloci.parties.compare import scored
from lexloci.parties.findings import index_of
from lexloci.parties.lists import ListedParty, ListSet, current_lists
from lexloci.parties.names import brand_of, has_latin, normalise
from lexloci.parties.scorer import probability

REVIEW_FROM: Final = 0.5  # more likely than not
SIMILAR_FROM: Final = 88.0  # 0-100; two letters off in a name of seventeen
SHORTEST_SIMILAR: Final = 5
DISTINCTIVE: Final = 6.5  # ln(rows / rows with the word): in fewer than 40 of 25,951 rows
SHORTEST_BRAND: Final = 3
LONGEST_ABBREVIATION: Final = 4
BRAND_LISTS: Final = ("EL", "MEU", "UVL", "CMIC", "1260H")
PARENT_COUNTRY: Final = {"HK": "CN", "MO": "CN"}
NOT_SCREENED: Final = ("Vessel", "Aircraft")


class Match(StrEnum):
    """How a name matches a row of a list."""

    EXACT = "exact"
    ABBREVIATION = "same abbreviation, other country"
    SIMILAR = "similar"
    CONTAINS = "contains"
    BRAND = "same brand word"
    PROBABLE = "probable"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that a name may be: the row, 0-100, how it matches, which name matched which."""

    entry: ListedParty
    score: float
    match: Match
    screened_name: str
    listed_name: str

    @property
    def is_confirmed(self) -> bool:
        """Whether the names are the same, not merely alike."""
        return self.match is Match.EXACT


def candidates(
    name: str,
    aliases: tuple[str, ...] = (),
    country: str | None = None,
    limit: int | None = 20,
    lists: ListSet | None = None,
) -> tuple[Candidate, ...]:
    """The rows that a party of these names may be, best first, one a row; at most ``limit`` possible ones (None: all).

    Confirmed matches are all returned. ``country`` (ISO code) orders equal scores and guards
    abbreviations; an address in another country clears no name. ``lists`` are those that are asked, by default
    those in use.
    """
    lists = lists or current_lists()
    best: dict[int, Candidate] = dict(_probable((name, *aliases), lists))
    for screened in (name, *aliases):
        for place, found in _index(lists).matches(screened, country):
            held = best.get(place)  # a rule that fires says more than a probability
            if held is None or held.match is Match.PROBABLE or _order(found, country) < _order(held, country):
                best[place] = found
    ordered = sorted(best.items(), key=lambda item: (_order(item[1], country), item[0]))
    confirmed = [found for _, found in ordered if found.is_confirmed]
    possible = [found for _, found in ordered if not found.is_confirmed]
    return (*confirmed, *possible[:limit])


def _probable(names: tuple[str, ...], lists: ListSet) -> Iterator[tuple[int, Candidate]]:
    """The rows that one of the names probably is: place of the row, and the candidate."""
    index = index_of(lists)
    found = scored(index, names)
    chances = probability(found.logits)
    likely = np.flatnonzero(chances >= REVIEW_FROM)
    for row in likely[np.argsort(chances[likely])].tolist():  # of a row's names the likeliest comes last, and stays
        place = int(found.parties[row])
        entry = index.parties[place]
        listed = index.segments[int(found.segments[row])].listed[int(found.listed[row])]
        name = names[int(found.names[row])]
        is_short = has_latin(name) and len(normalise(listed).replace(" ", "")) < SHORTEST_SIMILAR
        if entry.kind not in NOT_SCREENED and not is_short:
            chance = min(99.0, round(100 * float(chances[row]), 1))
            yield place, Candidate(entry, chance, Match.PROBABLE, name, listed)


def _order(found: Candidate, country: str | None) -> tuple[bool, float, bool]:
    return (not found.is_confirmed, -found.score, country not in found.entry.countries)


class _Index:
    """All screened names in normal form, and how rare each word is."""

    def __init__(self, parties: tuple[ListedParty, ...]) -> None:
        self.parties = parties
        self.names: list[tuple[int, str]] = []
        self.sorted_forms: list[str] = []
        self.exact: dict[str, list[int]] = {}
        self.by_word: dict[str, list[int]] = {}
        self.words: list[frozenset[str]] = []
        self.by_brand: dict[str, list[int]] = {}
        self.sole_names: set[str] = set()
        rows_of_word: Counter[str] = Counter()
        for place, party in enumerate(parties):
            if party.kind in NOT_SCREENED:
                continue
            words_of_row: set[str] = set()
            for listed in party.names:
                words_of_row |= self._add(place, listed)
            rows_of_word.update(words_of_row)
        rows = len(parties)
        self.rarity = {word: math.log(rows / count) for word, count in rows_of_word.items()}
        self.rarest = math.log(rows)

    def _add(self, place: int, listed: str) -> frozenset[str]:
        form = normalise(listed)
        words = frozenset(form.split())
        if words:
            number = len(self.names)
            self.names.append((place, listed))
            self.sorted_forms.append(" ".join(sorted(form.split())))
            self.words.append(words)
            self.exact.setdefault(form.replace(" ", ""), []).append(number)
            party = self.parties[place]
            if party.list_code in BRAND_LISTS and party.kind != "Individual":
                brand = brand_of(form.split())
                self.by_brand.setdefault(brand, []).append(number)
                if form == brand:
                    self.sole_names.add(brand)
            if party.kind != "Individual":
                for word in words:
                    self.by_word.setdefault(word, []).append(number)
        return words

    def matches(self, screened: str, country: str | None) -> list[tuple[int, Candidate]]:
        """Every match of one name: place of the row, and the candidate."""
        form = normalise(screened)
        if not form:
            return []
        compact = form.replace(" ", "")
        found = [(number, 100.0, self._sameness(number, compact, country)) for number in self.exact.get(compact, ())]
        if len(form) >= SHORTEST_SIMILAR:
            query = " ".join(sorted(form.split()))
            similar = process.extract(
                query, self.sorted_forms, scorer=fuzz.ratio, score_cutoff=SIMILAR_FROM, limit=None
            )
            found += [(number, min(99.0, score), Match.SIMILAR) for _, score, number in similar]
        found += self._containing(frozenset(form.split()))
        found += self._same_brand(form.split())
        return [(self.names[number][0], self._candidate(number, score, how, screened)) for number, score, how in found]

    def _sameness(self, number: int, compact: str, country: str | None) -> Match:
        countries = self.parties[self.names[number][0]].countries
        elsewhere = country is not None and countries and not {country, PARENT_COUNTRY.get(country)} & set(countries)
        return Match.ABBREVIATION if elsewhere and len(compact) <= LONGEST_ABBREVIATION else Match.EXACT

    def _containing(self, query: frozenset[str]) -> list[tuple[int, float, Match]]:
        found = []
        numbers = {number for word in query if self._rarity(word) >= 3 for number in self.by_word.get(word, ())}
        for number in numbers:
            words = self.words[number]
            if not (words <= query or query <= words):
                continue
            shared = words & query
            if max(self._rarity(word) for word in shared) >= DISTINCTIVE:
                found.append((number, 98.0 * self._overlap(shared, words, query), Match.CONTAINS))
        return found

    def _same_brand(self, query: list[str]) -> list[tuple[int, float, Match]]:
        """Rows of BRAND_LISTS with the query's brand word, where that word names somebody."""
        brand = brand_of(query)
        if len(brand) < SHORTEST_BRAND or (self._rarity(brand) < DISTINCTIVE and brand not in self.sole_names):
            return []
        asked = frozenset(query)
        return [
            (number, 97.0 * self._overlap(self.words[number] & asked, self.words[number], asked), Match.BRAND)
            for number in self.by_brand.get(brand, ())
        ]

    def _overlap(self, shared: frozenset[str], words: frozenset[str], query: frozenset[str]) -> float:
        return 2 * self._weight(shared) / (self._weight(words) + self._weight(query))

    def _weight(self, words: frozenset[str]) -> float:
        return sum(self._rarity(word) for word in words)

    def _rarity(self, word: str) -> float:
        return self.rarity.get(word, self.rarest)

    def _candidate(self, number: int, score: float, how: Match, screened: str) -> Candidate:
        place, listed = self.names[number]
        return Candidate(self.parties[place], round(score, 1), how, screened, listed)


@lru_cache(maxsize=2)
def _index(lists: ListSet) -> _Index:
    """The index over the rows of a set of lists, those that an earlier snapshot had included (about a second)."""
    return _Index((*lists.parties, *lists.past))
