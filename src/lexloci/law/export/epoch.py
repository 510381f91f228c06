"""From which day to which is a rulebook the same, and on which days must an export be issued again?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from lexloci.law.rule import Rule, Rulebook
from lexloci.law.specialise import days_of_change
from lexloci.model.portfolio import Basis


@dataclass(frozen=True, slots=True)
class Epoch:
    """The days from ``begin`` (None: since ever) to before ``end`` (None: open), by the law known at ``known_at``.

    ``changes`` are the later days on which the law changes, as published by ``known_at``; ``review_by``
    is the last day on which the rulebook, and each that was added to it, is within its limit of age.
    The epoch ends with the first of them after ``on``: an export that nobody issues again answers human
    review by itself.
    """

    on: date
    known_at: date
    basis: Basis
    begin: date | None
    end: date | None
    changes: tuple[date, ...]
    review_by: date

    @property
    def is_stale(self) -> bool:
        """Whether the rulebook is past its limit of age already at ``known_at``."""
        return self.known_at > self.review_by

    @property
    def issue_again_on(self) -> tuple[date, ...]:
        """Every day on which the export must be issued again, the day after ``review_by`` among them."""
        return tuple(sorted({*self.changes, self.review_by + timedelta(days=1)}))

    def holds(self, on: date) -> bool:
        """Whether a day lies in the epoch."""
        return (self.begin is None or self.begin <= on) and (self.end is None or on < self.end)


def epoch_of(rulebook: Rulebook, rules: Iterable[Rule], on: date, known_at: date, basis: Basis) -> Epoch:
    """The epoch of the rules that holds ``on``."""
    days = sorted({day for rule in rules for day in _changes(rulebook, rule, known_at, basis)})
    ages = [(rulebook.reviewed, rulebook.limit_days)]
    ages += [(added.reviewed, added.limit_days) for added in rulebook.sources]
    review_by = min(reviewed + timedelta(days=limit_days) for reviewed, limit_days in ages)
    later = tuple(day for day in days if day > on)
    ends = [*later, *([review_by + timedelta(days=1)] if review_by >= on else [])]
    return Epoch(
        on=on,
        known_at=known_at,
        basis=basis,
        begin=max((day for day in days if day <= on), default=None),
        end=min(ends, default=None),
        changes=later,
        review_by=review_by,
    )


def _changes(rulebook: Rulebook, rule: Rule, known_at: date, basis: Basis) -> Iterator[date]:
    """The days on which the standing of a rule or a version of a name that it reads changes."""
    for turn in rule.turns:
        if turn.published <= known_at and turn.layer in (None, basis):
            yield turn.on
    yield from days_of_change((*rule.when, *rule.unless), rulebook, known_at)
