"""What does a condition say on one day: dated names replaced by their versions, so that it reads facts alone?

The three values of the reference evaluator stay as they are (tests/law/test_law_specialise.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from lexloci.law.expression import And, Compare, Expression, Flag, Member, Name, Not, Or
from lexloci.law.names_read import timelines_read
from lexloci.law.rule import Condition, Dated, Rulebook

NEVER = Or(())


def specialise(expression: Expression, rulebook: Rulebook, on: date, known_at: date) -> Expression:
    """The condition with the versions of the day in it; a name without a version so early stays, and is unknown."""
    match expression:
        case Flag(fact) if fact.startswith("defined."):
            version = rulebook.definitions[fact[8:]].at(on, known_at)
            return NEVER if version is None else And(specialised_lines(version.value, (), rulebook, on, known_at))
        case Not(part):
            return Not(specialise(part, rulebook, on, known_at))
        case And(parts):
            return And(tuple(specialise(part, rulebook, on, known_at) for part in parts))
        case Or(parts):
            return Or(tuple(specialise(part, rulebook, on, known_at) for part in parts))
        case Compare(fact, symbol, Name(name)) if name.startswith("parameter."):
            limit = rulebook.parameters[name[10:]].at(on, known_at)
            return expression if limit is None else Compare(fact, symbol, limit.value)
        case Member(fact, Name(name)):
            members = rulebook.sets[name[4:]].at(on, known_at)
            return expression if members is None else Member(fact, tuple(sorted(members.value)))
    return expression


def specialised_lines(
    when: Iterable[Condition], unless: Iterable[Condition], rulebook: Rulebook, on: date, known_at: date
) -> tuple[Expression, ...]:
    """The conditions that must all hold: every ``when`` line, and the contrary of every ``unless`` line."""
    hold = [specialise(line.expression, rulebook, on, known_at) for line in when]
    return (*hold, *(Not(specialise(line.expression, rulebook, on, known_at)) for line in unless))


def days_of_change(conditions: Iterable[Condition], rulebook: Rulebook, known_at: date) -> Iterator[date]:
    """The days from which the conditions read another version of a parameter, set or definition."""
    return (version.since for version in _versions(conditions, rulebook) if version.published <= known_at)


def publications_of(conditions: Iterable[Condition], rulebook: Rulebook) -> Iterator[date]:
    """The days on which a version that the conditions read was published."""
    return (version.published for version in _versions(conditions, rulebook))


def _versions(conditions: Iterable[Condition], rulebook: Rulebook) -> Iterator[Dated[Any]]:
    return (version for timeline in timelines_read(rulebook, conditions).values() for version in timeline.versions)
