"""The reference evaluator: is a condition true, false or unknown, and on which facts does that rest?

Three values (True, False, None for unknown), as Kleene has them: an unknown fact decides nothing
that the known ones do not already decide. This page is the specification; whatever is faster must
give the same answers.

- A fact that is absent (known not to exist) makes every comparison false but ``!=``, and its flag false.
- A set or parameter that has no version so early is unknown.
- A value of another kind than it is compared with (a text for a number, "yes" for true, a number that
  is none) is unknown.
- Numbers compare as doubles, as in every engine that reads JSON.
- A named condition is the conjunction of its lines in the version of the day; before the first, false.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from lexloci.law.expression import And, Compare, Expression, Flag, Literal, Member, Name, Not, Or
from lexloci.law.rule import Condition, Rulebook
from lexloci.model.fact import ABSENT, UNKNOWN, Fact, Value

Truth = bool | None
Unknown = frozenset[str]
Verdict = tuple[Truth, Unknown]

_EXACT = 2**53
_NOTHING: Unknown = frozenset()
_TRUE: Verdict = (True, _NOTHING)
_FALSE: Verdict = (False, _NOTHING)
COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass
class Situation:
    """The facts of an act on its day, and a note of every fact that was read."""

    rulebook: Rulebook
    lookup: Callable[[str], Fact]
    on: date
    known_at: date
    read: dict[str, Fact] = field(default_factory=dict)

    def value(self, name: str) -> Value:
        """The value of a fact; the reading is noted."""
        fact = self.read.get(name)
        if fact is None:
            fact = self.read[name] = self.lookup(name)
        return fact.value


def evaluate(expression: Expression, situation: Situation) -> Verdict:
    """Whether a condition holds, and when that is unknown, the facts that would decide it."""
    match expression:
        case Flag(fact):
            return _flag(fact, situation)
        case Not(part):
            truth, unknown = evaluate(part, situation)
            return (None, unknown) if truth is None else (not truth, _NOTHING)
        case And(parts):
            return conjunction(parts, situation)
        case Or(parts):
            return _disjunction(parts, situation)
        case Compare(fact, symbol, operand):
            return _compare(fact, symbol, operand, situation)
        case Member(fact, operand):
            return _member(fact, operand, situation)


def conjunction(parts: Iterable[Expression], situation: Situation) -> Verdict:
    """Whether all parts hold; stops at the first that does not."""
    unknown = _NOTHING
    for part in parts:
        truth, missing = evaluate(part, situation)
        if truth is False:
            return _FALSE
        if truth is None:
            unknown |= missing
    return (None, unknown) if unknown else _TRUE


def _disjunction(parts: Iterable[Expression], situation: Situation) -> Verdict:
    unknown = _NOTHING
    for part in parts:
        truth, missing = evaluate(part, situation)
        if truth is True:
            return _TRUE
        if truth is None:
            unknown |= missing
    return (None, unknown) if unknown else _FALSE


def _flag(name: str, situation: Situation) -> Verdict:
    if name.startswith("defined."):
        version = situation.rulebook.definitions[name[8:]].at(situation.on, situation.known_at)
        if version is None:
            return _FALSE
        return conjunction([condition.expression for condition in version.value], situation)
    value = situation.value(name)
    if value is ABSENT:
        return _FALSE
    return (value, _NOTHING) if isinstance(value, bool) else (None, frozenset((name,)))


def _compare(name: str, symbol: str, operand: Literal | Name, situation: Situation) -> Verdict:
    value = situation.value(name)
    if not isinstance(operand, Name):
        return compare_values(name, symbol, "", value, operand)
    if operand.name.startswith("parameter."):
        version = situation.rulebook.parameters[operand.name[10:]].at(situation.on, situation.known_at)
        return compare_values(name, symbol, operand.name, value, UNKNOWN if version is None else version.value)
    return compare_values(name, symbol, operand.name, value, situation.value(operand.name))


def compare_values(left: str, symbol: str, right: str, value: Value, other: Value) -> Verdict:
    """Whether two values compare so; where that is unknown, which of the names ``left`` and ``right`` would tell."""
    if value is ABSENT or other is ABSENT:
        return (symbol == "!=", _NOTHING)
    unknown = {left} if value is UNKNOWN else set()
    unknown |= {right} if other is UNKNOWN else set()
    if not unknown and _kind(value) != _kind(other):
        unknown = {left}
    if unknown:
        return None, frozenset(unknown)
    return (COMPARISONS[symbol](as_double(value), as_double(other)), _NOTHING)


def as_double(value: Any) -> Any:
    """A whole number beyond those that a double holds exactly, as the nearest double; anything else as it is.

    A limit is written as 1.0e26, which as a double is a little more than ten to the 26th: a fact that
    states that number in full must not come out below it.
    """
    if value.__class__ is not int or -_EXACT <= value <= _EXACT:
        return value
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _kind(value: object) -> type:
    """What a value may be compared with: truth values, numbers and texts stand apart, and not-a-number alone."""
    if value != value:  # noqa: PLR0124 -- the only value that is not itself
        return type(None)
    return float if isinstance(value, int | float) and not isinstance(value, bool) else type(value)


def _member(name: str, operand: tuple[Literal, ...] | Name, situation: Situation) -> Verdict:
    value = situation.value(name)
    if value is ABSENT:
        return _FALSE
    if isinstance(operand, Name):
        version = situation.rulebook.sets[operand.name[4:]].at(situation.on, situation.known_at)
        if version is None:
            return None, frozenset((operand.name, name) if value is UNKNOWN else (operand.name,))
        members: Collection[object] = version.value
    else:
        members = operand
    if value is UNKNOWN or not {_kind(value)} >= {_kind(member) for member in members}:
        return None, frozenset((name,))
    return (as_double(value) in {as_double(member) for member in members}, _NOTHING)


@dataclass(slots=True)
class RuleVerdict:
    """What a rule's conditions say: the truth, the unknown facts of each open line, the facts read."""

    truth: Truth
    open_lines: tuple[Unknown, ...]
    read: Mapping[str, Fact]


def lines_of(expression: Expression, situation: Situation | None = None) -> Iterator[Expression]:
    """The parts that must all hold, each by itself, so that what would settle any one of them can be told apart."""
    match expression:
        case And(parts):
            for part in parts:
                yield from lines_of(part, situation)
        case Not(Or(parts)):
            for part in parts:
                yield from lines_of(Not(part), situation)
        case Not(Not(part)):
            yield from lines_of(part, situation)
        case Flag(fact) if situation and fact.startswith("defined."):
            version = situation.rulebook.definitions[fact[8:]].at(situation.on, situation.known_at)
            if version is None:
                yield expression
            else:
                for condition in version.value:
                    yield from lines_of(condition.expression, situation)
        case _:
            yield expression


def ask(when: Iterable[Condition], unless: Iterable[Condition], situation: Situation) -> RuleVerdict:
    """Whether every ``when`` line holds and no ``unless`` line does; any open line could settle it."""
    open_lines: list[Unknown] = []
    conditions: list[Expression] = [condition.expression for condition in when]
    conditions += [Not(condition.expression) for condition in unless]
    for line in (line for condition in conditions for line in lines_of(condition, situation)):
        truth, unknown = evaluate(line, situation)
        if truth is False:
            return RuleVerdict(False, (), situation.read)
        if truth is None:
            open_lines.append(unknown)
    return RuleVerdict(None if open_lines else True, tuple(open_lines), situation.read)
