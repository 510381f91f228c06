"""Who on the lists a party may be: candidates with a calibrated probability, evidence per word, what is not certain.

A probability says, of pairs that look like this, how many were of one party in the mix the scorer was fitted to (one
in seven of the names asked was listed: docs/explanation/screening.md). It is never 1 by name alone: two parties may
bear one name. A name that bears the brand of a listed company has even odds or more (``brands``). An identifier that
the list has for the entry counts as certain but for typing errors in it.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np

from lexloci.parties.brands import of_the_brand
from lexloci.parties.compare import Scored, scored
from lexloci.parties.engine import Index
from lexloci.parties.evidence import How, Meeting, meetings
from lexloci.parties.folding import readings, visible
from lexloci.parties.han import HAN, recalled_in
from lexloci.parties.kept import kept
from lexloci.parties.listing import CRAFTS
from lexloci.parties.lists import ListedParty, ListSet, current_lists
from lexloci.parties.name_table import Integers
from lexloci.parties.names_within import all_names
from lexloci.parties.printed import bilingual_rows
from lexloci.parties.scorer import probability

BATCH: Final = 256
MOST: Final = 10
BY_IDENTIFIER: Final = 0.999
SHORTEST_IDENTIFIER: Final = 5
SHORT_NAME: Final = 6  # letters; so short a name is borne by many
FOR_A_SPACE: Final = np.float32(0.001)  # log-odds; so little the entries that are spaced as asked go first
OF_A_BRAND: Final = 0.02  # log-odds of a name that bears the brand of a company and is not likely of it otherwise
AGREES: Final = 0.5  # log-odds by which a country in common goes first among candidates; the probability is not moved
RATES: Final = Path(__file__).parent / "words" / "false_positives.csv"


@dataclass(frozen=True, slots=True)
class Question:
    """A party to screen: its name, and, where known, aliases, country (ISO code) and registration numbers."""

    name: str
    aliases: tuple[str, ...] = ()
    country: str | None = None
    identifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """An entry that a party may be: how probable, which name met which, word by word, and why it is not certain."""

    entry: ListedParty
    probability: float
    screened_name: str
    listed_name: str
    meetings: tuple[Meeting, ...]
    doubts: tuple[str, ...]


@lru_cache(maxsize=2)
def index_of(lists: ListSet) -> Index:
    """The index over the rows of a set of lists, those of earlier snapshots included."""
    return replace(Index.of((*lists.parties, *lists.past)), bilingual=bilingual_rows(lists))


def find(
    questions: Sequence[Question], *, lists: ListSet | None = None, at_least: float = 0.0, most: int | None = MOST
) -> list[tuple[Finding, ...]]:
    """For each party, the entries that it may be, likeliest first: those of probability ``at_least``, ``most`` a party.

    ``most`` None: all of them. Raises ScreeningError for a name that is too long.
    """
    index = index_of(lists or current_lists())
    found: list[tuple[Finding, ...]] = []
    for start in range(0, len(questions), BATCH):
        found += _find(index, questions[start : start + BATCH], at_least, most)
    return found


def _find(
    index: Index, questions: Sequence[Question], at_least: float, most: int | None
) -> Iterator[tuple[Finding, ...]]:
    own = [all_names((one.name, *one.aliases)) for one in questions]
    names = [(number, name) for number, of_question in enumerate(own) for name in of_question]
    answer = scored(index, [name for _, name in names])
    asked = np.array([number for number, _ in names], np.int64)[answer.names]
    for number, question in enumerate(questions):
        rows = np.flatnonzero(asked == number)
        _no_less_for_a_space(index, own[number], answer, rows)
        _at_least_possible_by_brand(index, own[number], answer, rows)
        rows = rows[probability(answer.logits[rows]) >= at_least]
        best: dict[int, int] = {}
        for row in rows[np.argsort(-answer.logits[rows], kind="stable")].tolist():
            best.setdefault(int(answer.parties[row]), row)
        known = _by_identifier(index, question)
        order = sorted(
            best, key=lambda place: (place not in known, -_rank(index, question, answer, best[place]), place)
        )
        findings = [
            _finding(index, question, answer, best[place], names, is_identified=place in known)
            for place in order[:most]
        ]
        findings[:0] = [_identified(index.parties[place], question) for place in sorted(known - set(best))]
        yield tuple(findings[:most])


def _no_less_for_a_space(index: Index, names: Sequence[str], answer: Scored, rows: Integers) -> None:
    """Gives the parties whose names are the one asked, spaces aside, the log-odds of the likeliest of them."""
    for name in names:
        same = index.places_of_the_same_name(name)
        if len(same) > 1:
            those = rows[np.isin(answer.parties[rows], list(same))]
            if len(those):
                answer.logits[those] = np.maximum(answer.logits[those], answer.logits[those].max() - FOR_A_SPACE)


def _at_least_possible_by_brand(index: Index, names: Sequence[str], answer: Scored, rows: Integers) -> None:
    """Gives the companies whose brand the name bears even odds or more: it may be a branch of theirs."""
    for name in names:
        if bearers := of_the_brand(index, name):
            those = rows[np.isin(answer.parties[rows], list(bearers))]
            odds = answer.logits[those]
            answer.logits[those] = np.where(odds < 0, OF_A_BRAND * 2 ** (odds / 4), odds)


def _rank(index: Index, question: Question, answer: Scored, row: int) -> float:
    countries = index.parties[int(answer.parties[row])].countries
    return float(answer.logits[row]) + (AGREES if question.country in countries else 0)


def _finding(
    index: Index, question: Question, answer: Scored, row: int, names: Sequence[tuple[int, str]], *, is_identified: bool
) -> Finding:
    entry = index.parties[int(answer.parties[row])]
    segment, number = index.segments[int(answer.segments[row])], int(answer.listed[row])
    name = names[int(answer.names[row])][1]
    spelled = segment.table.spelled[number]
    met = min(
        (meetings(reading, spelled) for reading in index.readings(name)),
        key=lambda met: sum(meeting.how in {How.UNMET, How.GENERAL} for meeting in met),
    )
    chance = float(probability(answer.logits[row : row + 1])[0])
    if is_identified:
        chance = max(chance, BY_IDENTIFIER)
    namesakes = len({int(segment.owners[same]) for same in segment.same.get(segment.table.together[number], ())})
    doubts = () if is_identified else _doubts(question, entry, met, segment.table.together[number], namesakes)
    doubts = (*how_read(index, name, segment.listed[number]), *doubts)
    return Finding(entry, chance, name, segment.listed[number], met, doubts)


def how_read(index: Index, name: str, listed: str) -> tuple[str, ...]:
    """Who says that a Chinese name is the listed one: a list that prints both, or nobody but memory; else nothing."""
    if name.isascii() or not HAN.search(name) or HAN.search(listed):
        return ()
    if beside := [one for one in index.printed(name) if one.latin == listed]:
        return tuple(dict.fromkeys(f"{one}; the entry itself has no Chinese name" for one in beside))
    words = {word for reading in readings(listed) for word in reading.split()}
    return tuple(
        f'"{han}" is read as {" or ".join(english)} from memory, not from a document'
        for han, english in recalled_in(visible(name))
        if any(words.intersection(reading.split()) for one in english for reading in readings(one))
    )


def _doubts(
    question: Question, entry: ListedParty, met: Sequence[Meeting], together: str, namesakes: int
) -> tuple[str, ...]:
    """Why the finding is not certain, in words."""
    doubts = []
    unmet = [meeting for meeting in met if meeting.how in {How.UNMET, How.GENERAL}]
    if asked := [meeting.asked for meeting in unmet if meeting.asked]:
        doubts.append(f"the entry has no {', '.join(asked)}")
    if listed := [meeting.listed for meeting in unmet if meeting.listed]:
        doubts.append(f"the name has no {', '.join(listed)}")
    if changed := [meeting.asked for meeting in met if meeting.how in {How.TYPO, How.SAME_SOUND, How.BEGINNING}]:
        doubts.append(f"spelled otherwise: {', '.join(changed)}")
    if short := [meeting.asked for meeting in met if meeting.how in {How.ACRONYM, How.INITIAL}]:
        doubts.append(f"initials alone: {', '.join(short)}")
    if len(together) < SHORT_NAME:
        doubts.append(f"a name of {len(together)} letters, which many may bear")
    if namesakes > 1:
        doubts.append(f"{namesakes} entries bear this name")
    if question.country and entry.countries and question.country not in entry.countries:
        doubts.append(f"the list gives addresses in {', '.join(entry.countries)} only")
    if entry.kind in CRAFTS:
        doubts.append(f"the entry is a {entry.kind.lower()}")
    return tuple(doubts) or ("the names are the same, but nothing else is known to be",)


def _by_identifier(index: Index, question: Question) -> set[int]:
    if not question.identifiers:
        return set()
    numbers = _numbers(index)
    return {place for given in question.identifiers for place in numbers.get(_bare(given), ()) if index.alive[place]}


def _identified(entry: ListedParty, question: Question) -> Finding:
    return Finding(entry, BY_IDENTIFIER, question.name, entry.name, (), ("its number is the entry's; its name is not",))


def _bare(number: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", number).upper() if letter.isalnum())


@kept
def _numbers(index: Index) -> dict[str, list[int]]:
    """The places of the parties of each identifier."""
    numbers: dict[str, list[int]] = {}
    for place, party in enumerate(index.parties):
        for _, number, _ in party.identifiers:
            if len(_bare(number)) >= SHORTEST_IDENTIFIER:
                numbers.setdefault(_bare(number), []).append(place)
    return numbers


@dataclass(frozen=True, slots=True)
class FalsePositives:
    """Of how many ordinary names what share has a candidate of at least a probability."""

    rate: float
    names: int
    source: str


def false_positives(at_least: float) -> FalsePositives:
    """What share of ordinary companies' names has a candidate of that probability: measured, to the next lower step."""
    rows = _rates()
    chosen = [row for row in rows if float(row["at_least"]) <= at_least + 1e-9] or rows[:1]
    return FalsePositives(float(chosen[-1]["share"]), int(chosen[-1]["names"]), chosen[-1]["source"])


@lru_cache(maxsize=1)
def _rates() -> list[dict[str, str]]:
    with RATES.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
