"""When does an answer change, and what changes it? The exact list of intervals, from the days of change alone.

``calendar`` decides once for each stretch between two days of change, never day by day, and joins
neighbours whose answers do not differ. It is exact if the days hold every day of change: a day too
many costs a decision, and is no mistake. An interval is half-open; the first and the last reach to the
ends of the window.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lexloci.law.calendar_changes import Change, changes
from lexloci.law.calendar_days import Window, days_of_change, days_too_old, stretches
from lexloci.law.decide import decide
from lexloci.law.legs import both_layers
from lexloci.law.on_record import NOTHING_ON_RECORD, OnRecord
from lexloci.law.rule import Rulebook
from lexloci.model.act import Act, Question
from lexloci.model.determination import Determination, SourceAge
from lexloci.model.portfolio import Basis

Determine = Callable[[date, Basis], Determination]
"""The answer for a day, on a layer of the law."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The days ``[since, until)`` with one answer, and what began or ended on the first of them.

    ``determination`` is the answer on the first day: on the others its outcome and its findings are the same,
    while ages, words and the list of what is missing may differ. ``begins`` is empty where the window begins.
    """

    since: date
    until: date
    determination: Determination
    begins: tuple[Change, ...]


def calendar(rulebook: Rulebook, determine: Determine, days: Iterable[date], window: Window) -> tuple[Interval, ...]:
    """The intervals of a window with the answer of each, from ``days`` that hold every day of change.

    Where the window asks both layers, the answer is human review where they differ, and an interval ends where the
    findings of either change.
    """
    found: list[Interval] = []
    before: tuple[date, list[Determination]] | None = None
    for since, until in stretches(days, window.first, window.until):
        layers = [determine(since, layer) for layer in window.layers]
        if before is not None and _same(before[1]) == _same(layers):
            found[-1] = replace(found[-1], until=until)
        else:
            begins = () if before is None else changes(rulebook, before, (since, layers))
            shown = layers[0] if len(layers) == 1 else both_layers(*layers)
            found.append(Interval(since, until, shown, begins))
        before = since, layers
    return tuple(found)


def _same(layers: Sequence[Determination]) -> Hashable:
    """What neighbours must share to be one interval."""
    return tuple(
        (
            one.outcome,
            one.certain,
            one.possible,
            frozenset((finding.rule, finding.status, finding.party) for finding in one.findings),
        )
        for one in layers
    )


def calendar_of_act(
    rulebook: Rulebook,
    act: Act,
    window: Window,
    on_record: OnRecord = NOTHING_ON_RECORD,
    sources: Sequence[SourceAge] = (),
    bodies: Sequence[str] | None = None,
) -> tuple[Interval, ...]:
    """The calendar of one act that would be done on each day of the window, its facts and records staying as they are.

    Each day is its own ``as_of``. ``sources`` are the lists and tables that its facts came from; ``bodies``
    restricts the bodies of law that are asked.
    """

    def determine(day: date, layer: Basis) -> Determination:
        known_at = window.known_at or day
        aged = [SourceAge.at(known_at, one.name, one.dated, one.limit_days) for one in sources]
        question = Question(day, known_at, layer)
        return decide(rulebook, replace(act, on=day), question, on_record, aged, bodies)

    days = {*days_of_change(rulebook, act.kind, window), *days_too_old(sources)}
    return calendar(rulebook, determine, days, window)
