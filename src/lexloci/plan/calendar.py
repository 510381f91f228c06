"""When does the answer change for a bare act, or for a workload that would start in a pool on another day?

A bare act is done on each day in turn: law and lists are those known by a fixed day or, where none is
given, those known on the day itself. A placement is judged as its portfolio asks it: as made on its
``as_of`` and known by its ``known_at``, with the start moving; so readings, attestations and
authorisations begin and end as they do in a plan.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from lexloci.case.acts_file import ActInput
from lexloci.law.calendar import Interval, calendar
from lexloci.law.calendar_days import Window, days_of_change, days_too_old
from lexloci.law.rule import Rulebook
from lexloci.model.act import Role
from lexloci.model.determination import Determination
from lexloci.model.errors import LexlociError
from lexloci.model.portfolio import Basis
from lexloci.model.site import Pool
from lexloci.model.workload import Workload
from lexloci.parties.facts import listing_days
from lexloci.parties.lists import lists
from lexloci.plan.judge import Judge
from lexloci.plan.options import earliest_start
from lexloci.plan.questions import CLOSED, determine_act, party_in_row


def window_of_act(given: ActInput, window: Window) -> Window:
    """The window with the day of knowledge and the layer that the act's own row states, where it names none."""
    return replace(window, known_at=window.known_at or given.known_at, basis=window.basis or given.basis)


def calendar_of_bare_act(given: ActInput, rulebook: Rulebook, window: Window) -> tuple[Interval, ...]:
    """The law's answers for the act, done on each day of the window, with what begins or ends each."""
    asked = window_of_act(given, window)

    def determine(day: date, layer: Basis) -> Determination:
        return determine_act(replace(given, on=day), rulebook, as_of=day, known_at=asked.known_at or day, basis=layer)

    days = {*days_of_change(rulebook, given.kind, asked), *_list_days(given, asked)}
    return calendar(rulebook, determine, days, asked)


def _list_days(given: ActInput, window: Window) -> set[date]:
    """The days on which the lists may say something else of a party that the act names, or are too old to say it."""
    if given.given == CLOSED:
        return set()
    parties = [party for role in Role if (party := party_in_row(role, given.facts)) is not None]
    days = {day for party in parties for day in listing_days(party)}
    if parties and window.known_at is None:
        days |= set(days_too_old(which.age_at(date.min) for which in lists()))
    return days


def window_of_placement(judge: Judge, workload: Workload, pool: Pool, first: date | None, until: date | None) -> Window:
    """From the earliest start that makes sense until the horizon or the end of the pool, or the days that are given.

    LexlociError where they lie outside the days on which the workload could start in the pool.
    """
    portfolio = judge.portfolio
    earliest = earliest_start(portfolio, workload, pool)
    last = min(portfolio.horizon_until, pool.available_until or portfolio.horizon_until)
    if first is not None and first < earliest:
        raise LexlociError(
            f"{workload.id} cannot start in {pool.id} on {first}, before {earliest}: "
            "its as_of, release or chips come later; move --from"
        )
    if until is not None and pool.available_until is not None and until > pool.available_until:
        raise LexlociError(f"{pool.id} is gone from {pool.available_until} on, before {until}; move --until")
    if (first or earliest) >= (until or last):
        raise LexlociError(
            f"{workload.id} can start in {pool.id} on no day from {first or earliest} until before {until or last}; "
            "move the horizon or the pool's days, or give --from and --until"
        )
    return Window(first or earliest, until or last, judge.question.known_at, judge.question.basis)


def calendar_of_placement(judge: Judge, workload: Workload, pool: Pool, window: Window) -> tuple[Interval, ...]:
    """The law's answers for every start of the workload in the pool within the window."""

    def determine(day: date, _layer: Basis) -> Determination:
        return judge.placement(workload, pool, day)

    return calendar(judge.rulebook, determine, judge.breakpoints, window)
