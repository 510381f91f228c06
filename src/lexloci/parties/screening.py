"""Who on the lists may this name be: the rows that a name matches, best first, with a score.

Five ways to match, the first four on normal forms (``folding.normalise``):

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
  that a name in Latin letters meets has ``SHORTEST_SIMILAR`` letters or is read the same (SMlC: SMIC; not BYD: BID):
  possible. 1.9 % of ordinary companies reach it (words/false_positives.csv), the brands of ``brands`` among them.

Vessels and aircraft are not screened: a party of a portfolio is an organisation or a person. By the first four a name
in another script matches names in that script alone, which few lists hold.
Of 98 ordinary names of operators, clouds, funds and chip makers (tests/parties) none is confirmed on
the export and sanctions lists of 2026-07-31, and 8 are possible: Meta, Apple, AMD, stc, Dell
Technologies, center3, NTT, xAI (trade names of one word and initials; "Meta Platforms, Inc." is clear).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from lexloci.parties.compare import scored
from lexloci.parties.engine import Index
from lexloci.parties.findings import how_read, index_of
from lexloci.parties.folding import has_latin, normalise, readings
from lexloci.parties.listing import CRAFTS
from lexloci.parties.lists import ListedParty, ListSet, current_lists
from lexloci.parties.names_within import all_names
from lexloci.parties.sameness import DISTINCTIVE, SHORTEST_SIMILAR, SIMILAR_FROM, Match, brand_of, form_of, sameness
from lexloci.parties.scorer import probability
from lexloci.parties.words_of_names import parse

REVIEW_FROM: Final = 0.5  # more likely than not
NOT_SCREENED: Final = CRAFTS


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that a name may be: the row, 0-100, how it matches, which name matched which.

    ``how_read`` tells who says that a Chinese name is the listed one, or that it is from memory.
    """

    entry: ListedParty
    score: float
    match: Match
    screened_name: str
    listed_name: str
    how_read: tuple[str, ...] = ()

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
    index = index_of(lists)
    names = all_names((name, *aliases))
    best: dict[int, Candidate] = dict(_probable(index, names))
    for screened in names:
        for place, found in _by_rule(index, screened, country):
            held = best.get(place)  # a rule that fires says more than a probability
            if held is None or held.match is Match.PROBABLE or _order(found, country) < _order(held, country):
                best[place] = found
    ordered = sorted(best.items(), key=lambda item: (_order(item[1], country), item[0]))
    confirmed = [found for _, found in ordered if found.is_confirmed]
    possible = [found for _, found in ordered if not found.is_confirmed]
    return (*confirmed, *possible[:limit])


def _by_rule(index: Index, screened: str, country: str | None) -> Iterator[tuple[int, Candidate]]:
    """The rows that a name matches by a rule: place of the row, and the candidate."""
    asked = form_of(screened)
    if not asked.words:
        return
    words = [word for word in asked.distinct if index.rarity(word) >= DISTINCTIVE or word == brand_of([*asked.words])]
    for segment in index.segments:
        for number in segment.plain.around(asked.together, asked.ordered, words, SIMILAR_FROM):
            place = int(segment.owners[number])
            party, listed = index.parties[place], segment.listed[number]
            if index.alive[place] and (found := sameness(index, asked, party, form_of(listed), country)):
                yield place, Candidate(party, round(found[0], 1), found[1], screened, listed)


def _probable(index: Index, names: tuple[str, ...]) -> Iterator[tuple[int, Candidate]]:
    """The rows that one of the names probably is: place of the row, and the candidate."""
    found = scored(index, names)
    chances = probability(found.logits)
    likely = np.flatnonzero(chances >= REVIEW_FROM)
    for row in likely[np.argsort(chances[likely])].tolist():  # of a row's names the likeliest comes last, and stays
        place = int(found.parties[row])
        entry = index.parties[place]
        listed = index.segments[int(found.segments[row])].listed[int(found.listed[row])]
        name = names[int(found.names[row])]
        if entry.kind not in NOT_SCREENED and not _is_short(index, name, listed):
            chance = min(99.0, round(100 * float(chances[row]), 1))
            yield place, Candidate(entry, chance, Match.PROBABLE, name, listed, how_read(index, name, listed))


def _is_short(index: Index, name: str, listed: str) -> bool:
    """Whether a listed name is so short that another one in Latin letters, which only sounds like it, says nothing."""
    if not has_latin(name) or len(normalise(listed).replace(" ", "")) >= SHORTEST_SIMILAR:
        return False
    return not {parse(one).words for one in index.readings(name)} & {parse(one).words for one in readings(listed)}


def _order(found: Candidate, country: str | None) -> tuple[bool, float, bool]:
    return (not found.is_confirmed, -found.score, country not in found.entry.countries)
