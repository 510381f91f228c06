"""In which days may a job run that stops where a lawful stretch ends and goes on in a later one?

A job that works ``h`` hours and pauses ``k`` times works ``h + k x restart_hours`` in all. Between two given stretches
the days without law are always the same, so its length from start to end does not depend on when it starts: each choice
of a first and a last stretch is a choice of its own, and occupies nothing while it is paused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from math import ceil

from lexloci.plan.options import Choice, PoolAnswer

MOST_PAUSES = 3
"""Pauses of one job; each more would make the choices more by the number of stretches."""


def with_pauses(answer: PoolAnswer) -> PoolAnswer:
    """The answer of a pool with the choices in which the job pauses."""
    paused = tuple(more for choice in answer.choices for more in paused_choices(choice))
    return replace(answer, choices=(*answer.choices, *paused)) if paused else answer


def paused_choices(choice: Choice) -> Iterator[Choice]:
    """The choices in which the job of a choice pauses between lawful stretches; none where it may not."""
    workload = choice.workload
    if not workload.may_pause:
        return
    windows = choice.windows
    for first in range(len(windows)):
        for last in range(first + 1, min(len(windows), first + 1 + MOST_PAUSES)):
            crossed = windows[first : last + 1]
            again_h = ceil(workload.restart_hours * (last - first))
            work_h = choice.hours + again_h
            gaps = tuple((one[1], other[0]) for one, other in pairwise(crossed))
            gaps_h = sum((end - start).days * 24 for start, end in gaps)
            inside_h = sum((end - start).days * 24 for start, end in crossed[1:-1])
            most_h = inside_h + sum((end - start).days * 24 for start, end in (crossed[0], crossed[-1]))
            if inside_h + 2 <= work_h <= most_h:
                yield replace(
                    choice,
                    hours=work_h + gaps_h,
                    usd=choice.usd + choice.estimate.cost_usd.point * again_h / choice.hours,
                    windows=((crossed[0][0], crossed[-1][1]),),
                    pauses=gaps,
                )
