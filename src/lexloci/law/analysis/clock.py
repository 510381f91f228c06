"""The day of the act and the day by which the law is known: each fixed, or a variable of the solver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import z3

from lexloci.law.analysis.logic import Term, conjunction, disjunction, negation
from lexloci.law.rule import Rulebook

EARLIEST = date(1, 1, 1)


@dataclass(frozen=True)
class Clock:
    """``on`` and ``known_at`` are days, or integer variables of z3 that stand for their ordinals.

    ``within`` holds what is asked of the variables.
    """

    on: Any
    known_at: Any
    within: tuple[Term, ...] = ()

    def reached(self, since: date, published: date) -> Term:
        """Whether what counts from ``since`` and was ``published`` then is there."""
        return conjunction((_not_before(self.on, since), _not_before(self.known_at, published)))

    def actives(self, dated: Sequence[tuple[date, date]]) -> tuple[list[Term], Term]:
        """For each (since, published) in order whether it is the one that counts, and whether there is none.

        The last that is reached counts.
        """
        actives: list[Term] = []
        none_later: Term = True
        for since, published in reversed(dated):
            reached = self.reached(since, published)
            actives.append(conjunction((none_later, reached)))
            none_later = conjunction((none_later, negation(reached)))
        return actives[::-1], none_later

    def pinned(self, on: date, known_at: date) -> Term:
        """That the variables stand for these days."""
        pins = [
            side == day.toordinal()
            for side, day in ((self.on, on), (self.known_at, known_at))
            if not isinstance(side, date)
        ]
        return conjunction(pins)

    def days(self, model: Any) -> tuple[date, date]:
        """The day of the act and the day of knowledge in a model."""
        return _day(self.on, model), _day(self.known_at, model)


def fixed(on: date, known_at: date) -> Clock:
    """Both days given."""
    return Clock(on, known_at)


def any_day(first: date, until: date, known_at: date) -> Clock:
    """Any day of the act from ``first`` to before ``until``, by the law known at a given day."""
    on = z3.Int("day of the act")
    return Clock(on, known_at, (on >= first.toordinal(), on < until.toordinal()))


def any_days(first: date, until: date) -> Clock:
    """Any day of the act from ``first`` to before ``until``, by the law known on any day from ``first`` on."""
    on, known_at = z3.Int("day of the act"), z3.Int("day of knowledge")
    days = (on >= first.toordinal(), on < until.toordinal(), known_at >= first.toordinal())
    return Clock(on, known_at, (*days, known_at <= date.max.toordinal()))


def one_day(first: date, until: date) -> Clock:
    """Any day from ``first`` to before ``until``, on which the act is done and the law is known."""
    on = z3.Int("day of the act")
    return Clock(on, on, (on >= first.toordinal(), on < until.toordinal()))


def breaks_of(rulebook: Rulebook) -> list[date]:
    """Every day on which something of the rulebook begins to count, or was published; in order."""
    return sorted(set(_dates(rulebook)))


def last_published(rulebook: Rulebook) -> date:
    """The day on which the newest part of the rulebook was published; the earliest day where it has no part."""
    published = [turn.published for rule in rulebook.rules for turn in rule.turns]
    published += [version.published for timeline in _timelines(rulebook) for version in timeline.versions]
    return max(published, default=EARLIEST)


def _dates(rulebook: Rulebook) -> Iterator[date]:
    for rule in rulebook.rules:
        for turn in rule.turns:
            yield from (turn.on, turn.published)
    for timeline in _timelines(rulebook):
        for version in timeline.versions:
            yield from (version.since, version.published)


def _timelines(rulebook: Rulebook) -> Iterable[Any]:
    return (*rulebook.parameters.values(), *rulebook.sets.values(), *rulebook.definitions.values())


def _not_before(side: Any, day: date) -> Term:
    return side >= day if isinstance(side, date) else side >= day.toordinal()


def _day(side: Any, model: Any) -> date:
    if isinstance(side, date):
        return side
    return date.fromordinal(model.eval(side, model_completion=True).as_long())


def any_active(actives: Iterable[Term], wanted: Iterable[bool]) -> Term:
    """Whether one of those that are wanted counts."""
    return disjunction(active for active, is_wanted in zip(actives, wanted, strict=True) if is_wanted)
