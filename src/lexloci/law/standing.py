"""Does a rule stand on a day, on a layer of the law, as known by a day; since when and on whose word?"""

from __future__ import annotations

from datetime import date

from lexloci.law.rule import Rule, Standing, Turn
from lexloci.model.portfolio import Basis


def turn_at(rule: Rule, on: date, known_at: date, layer: Basis) -> Turn | None:
    """The last change of the rule's standing on a layer; None before its first.

    Changes published after ``known_at`` do not count. Of two on one day the later in the file wins.
    """
    found = None
    for turn in rule.turns:
        if turn.on <= on and turn.published <= known_at and turn.layer in (None, layer):
            found = turn
    return found


def standing_at(rule: Rule, on: date, known_at: date, layer: Basis) -> Standing:
    """What the rule is on that day and layer; not in force before its first change."""
    turn = turn_at(rule, on, known_at, layer)
    return Standing.NOT_IN_FORCE if turn is None else turn.standing


def describe(rule: Rule, on: date, known_at: date, layer: Basis) -> str:
    """The standing in words, with the day and the source of the change."""
    turn = turn_at(rule, on, known_at, layer)
    return "not yet in force" if turn is None else str(turn)
