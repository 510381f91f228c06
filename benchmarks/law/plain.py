"""The rules as every contestant's translation starts from: conditions over facts alone, a window of days, a severity.

Named limits and sets are replaced by their values, ``unless`` lines by their contrary. An answer is a number: the
place of its outcome in ``list(Outcome)``; a row on which no rule fires is 6, human review (not modelled), as the
reference has it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from benchmarks.law.workload import BY_NAME, KNOWN_AT

from lexloci.law.expression import And, Compare, Expression, Flag, Literal, Member, Name, Not, Or
from lexloci.law.rule import Rule, Rulebook, Standing
from lexloci.law.specialise import specialised_lines
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

T = TypeVar("T")
Leaf = Compare | Member | Flag
NO_RULE = list(Outcome).index(Outcome.HUMAN_REVIEW)
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class PlainRule:
    """One rule by the text of the law: it fires where ``condition`` holds on a day since ``begins`` before ``ends``.

    Days are counted from 1970-01-01; ``ends`` is None for a rule that stands still. ``severity`` is the number of
    its outcome.
    """

    id: str
    severity: int
    begins: int
    ends: int | None
    condition: And

    @property
    def conjunctions(self) -> tuple[tuple[Leaf | Not, ...], ...]:
        """The alternatives of the condition, each a conjunction of leaves and of contraries of leaves."""
        return tuple(_alternatives(self.condition))


def plain_rules(rulebook: Rulebook) -> tuple[PlainRule, ...]:
    """Every rule, in the order of the rulebook."""
    return tuple(_plain(rule, rulebook) for rule in rulebook.rules)


def by_severity(rules: Sequence[PlainRule]) -> list[tuple[int, list[PlainRule]]]:
    """The rules of each severity, the most severe first."""
    severities = sorted({rule.severity for rule in rules}, reverse=True)
    return [(severity, [rule for rule in rules if rule.severity == severity]) for severity in severities]


def most_severe(severities: Sequence[int]) -> int:
    """The answer where rules of these severities fire."""
    return max(severities, default=NO_RULE)


def fold(
    expression: Expression,
    leaf: Callable[[Leaf], T],
    both: Callable[[list[T]], T],
    either: Callable[[list[T]], T],
    contrary: Callable[[T], T],
) -> T:
    """A condition translated part by part."""
    match expression:
        case And(parts):
            return both([fold(part, leaf, both, either, contrary) for part in parts])
        case Or(parts):
            return either([fold(part, leaf, both, either, contrary) for part in parts])
        case Not(part):
            return contrary(fold(part, leaf, both, either, contrary))
        case Compare() | Member() | Flag():
            return leaf(expression)


def written(expression: Expression, leaf: Callable[[Leaf], str], both: str, either: str, contrary: str) -> str:
    """A condition as text in parentheses: ``both`` and ``either`` are operators, ``contrary`` stands before."""

    def joined(operator: str) -> Callable[[list[str]], str]:
        return lambda parts: f"({operator.join(parts)})" if len(parts) > 1 else parts[0]

    def denied(part: str) -> str:
        return f"{contrary}({part})"

    return fold(expression, leaf, joined(both), joined(either), denied)


def codes_of(fact: str, literals: Sequence[Literal]) -> list[int]:
    """The codes of some values of a text or country in the columns (``rows.py``)."""
    return sorted(BY_NAME[fact].values.index(literal) for literal in literals)


def is_coded(fact: str) -> bool:
    """Whether the column of a fact holds codes (texts and countries)."""
    return BY_NAME[fact].type in ("text", "country")


def underscored(name: str) -> str:
    """The name of a fact for languages in which a dot means something."""
    return name.replace(".", "_")


def _plain(rule: Rule, rulebook: Rulebook) -> PlainRule:
    turns = [turn for turn in rule.turns if turn.layer in (None, Basis.TEXT)]
    if turns[0].standing is not Standing.IN_FORCE or len(turns) > 2:
        raise ValueError(f"{rule.id}: the workload has rules with one window only")
    ends = _day(turns[1].on) if len(turns) == 2 else None
    parts = _flat(specialised_lines(rule.when, rule.unless, rulebook, KNOWN_AT, KNOWN_AT))
    severity = list(Outcome).index(rule.outcome)
    return PlainRule(rule.id, severity, _day(turns[0].on), ends, And(parts))


def _day(day: date) -> int:
    return (day - EPOCH).days


def _flat(lines: Sequence[Expression]) -> tuple[Expression, ...]:
    """Lines of which none is a conjunction, nor a contrary of a contrary."""
    flat: list[Expression] = []
    for line in lines:
        match line:
            case And(parts):
                flat.extend(_flat(parts))
            case Not(Not(part)):
                flat.extend(_flat((part,)))
            case _:
                flat.append(line)
    return tuple(flat)


def _alternatives(condition: And) -> list[tuple[Leaf | Not, ...]]:
    sides = [
        [side.parts if isinstance(side, And) else (side,) for side in part.parts] if isinstance(part, Or) else [(part,)]
        for part in condition.parts
    ]
    return [tuple(itertools.chain(*chosen)) for chosen in itertools.product(*sides)]  # type: ignore[arg-type]


def other_fact(operand: Literal | Name) -> str | None:
    """The fact that a comparison compares with; None where that is a value."""
    return operand.name if isinstance(operand, Name) else None


def value_of(operand: Literal | Name) -> Literal:
    """The value that a comparison compares with; TypeError where that is a fact."""
    if isinstance(operand, Name):
        raise TypeError(f"{operand.name}: is a fact and no value")
    return operand
