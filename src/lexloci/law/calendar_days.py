"""On which days can the answer for a kind of act change? Every such day, and no day between two of them.

Known by a fixed day, the law changes on the days that the compiled program holds. Where each day is
judged by what was known on that day itself, a turn of a rule or a version of a limit, set or
definition counts from the later of its own day and its publication; and what is past its limit of age
on a day was not so the day before, so the day after the limit is one too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lexloci.law.names_read import dated_names
from lexloci.law.program import program_of
from lexloci.law.rule import Rule, Rulebook
from lexloci.law.specialise import days_of_change as days_of_versions
from lexloci.model.act import ActKind
from lexloci.model.determination import SourceAge
from lexloci.model.errors import LexlociError
from lexloci.model.portfolio import Basis

ALWAYS, FOREVER = date.min, date.max


@dataclass(frozen=True, slots=True)
class Window:
    """What a calendar is asked: from which day until which, known by which day, on which layer of the law.

    ``known_at`` None: each day is judged by what was known on that day. ``basis`` None: on both layers,
    human review where they differ. ``first`` ``ALWAYS`` and ``until`` ``FOREVER`` leave an end open.
    LexlociError where no day lies in it.
    """

    first: date = ALWAYS
    until: date = FOREVER
    known_at: date | None = None
    basis: Basis | None = None

    def __post_init__(self) -> None:
        if self.until <= self.first:
            raise LexlociError(f"no day lies from {self.first} until before {self.until}; move one of them")

    @property
    def layers(self) -> tuple[Basis, ...]:
        """The layers that are asked."""
        return tuple(Basis) if self.basis is None else (self.basis,)


def stretches(days: Iterable[date], first: date, until: date) -> list[tuple[date, date]]:
    """The days ``[first, until)`` cut at those of ``days`` that lie within: half-open stretches that touch."""
    cuts = [first, *sorted({day for day in days if first < day < until})]
    return list(zip(cuts, [*cuts[1:], until], strict=True))


def days_of_change(rulebook: Rulebook, kind: ActKind, window: Window) -> tuple[date, ...]:
    """The days within the window on which some rule for a kind of act may answer otherwise than the day before."""
    rules = rulebook.rules_by_act.get(kind, ())
    if window.known_at is None:
        days = {day for rule in rules for day in _days_as_they_were_known(rulebook, rule)}
        own = SourceAge.at(ALWAYS, rulebook.version, rulebook.reviewed, rulebook.limit_days)
        added = [SourceAge.at(ALWAYS, one.name, one.reviewed, one.limit_days) for one in rulebook.sources]
        days |= set(days_too_old((own, *added)))
    else:
        days = {epoch.since for epoch in program_of(rulebook, kind, window.known_at).epochs}
        for rule in rules:
            days |= set(days_of_versions(rule.not_subject_when, rulebook, window.known_at))
    return tuple(since for since, _ in stretches(days, window.first, window.until)[1:])


def _days_as_they_were_known(rulebook: Rulebook, rule: Rule) -> Iterator[date]:
    yield from (max(turn.on, turn.published) for turn in rule.turns)
    for timeline in dated_names(rulebook, rule).values():
        yield from (max(version.since, version.published) for version in timeline.versions)


def days_too_old(sources: Iterable[SourceAge]) -> Iterator[date]:
    """The first day on which each list or table is past its limit of age, where the calendar reaches so far."""
    for source in sources:
        if (FOREVER - source.dated).days > source.limit_days:
            yield source.dated + timedelta(days=source.limit_days + 1)
