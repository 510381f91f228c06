"""CEL (Google's cel-expr-python): an expression for each rule, or all rules as the bits of a few whole numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from benchmarks.law.contestant import Answer, Single
from benchmarks.law.plain import (
    NO_RULE,
    Leaf,
    PlainRule,
    by_severity,
    most_severe,
    other_fact,
    plain_rules,
    underscored,
    value_of,
    written,
)
from benchmarks.law.rows import Rows, plain_values
from benchmarks.law.workload import ATTRIBUTES
from cel_expr_python import cel

from lexloci.law.expression import Compare, Flag, Literal, Member
from lexloci.law.rule import Rulebook

BITS = 60  # rules a number: CEL's whole numbers have 63 bits
_TYPES = {"bool": cel.Type.BOOL, "number": cel.Type.DOUBLE, "text": cel.Type.STRING, "country": cel.Type.STRING}


def _literal(value: Literal) -> str:
    return json.dumps(value, ensure_ascii=False)


def _leaf(leaf: Leaf) -> str:
    name = underscored(leaf.fact)
    match leaf:
        case Flag():
            return name
        case Member(_, tuple() as members):
            return f"{name} in [{', '.join(map(_literal, members))}]"
        case Compare(_, symbol, operand):
            other = other_fact(operand)
            return f"{name} {symbol} {underscored(other) if other else _literal(value_of(operand))}"
    raise ValueError(f"{leaf}: has a named set left in it")


def fires(rule: PlainRule) -> str:
    """The expression that says whether a rule fires."""
    window = f"day >= {rule.begins}" + (f" && day < {rule.ends}" if rule.ends is not None else "")
    return f"{window} && {written(rule.condition, _leaf, ' && ', ' || ', '!')}"


def environment() -> Any:
    """CEL's environment with the type of every fact."""
    variables = {underscored(one.name): _TYPES[one.type] for one in ATTRIBUTES}
    return cel.NewEnv(variables={**variables, "day": cel.Type.INT})


def one_for_each(rulebook: Rulebook, rows: Rows) -> Single:
    """Every rule is an expression of its own, evaluated on one activation."""
    rules = plain_rules(rulebook)
    env = environment()
    asked = [(rule, env.compile(fires(rule))) for rule in rules]

    def decide(data: dict[str, Any]) -> Answer:
        activation = env.Activation(data)
        found = [rule for rule, expression in asked if expression.eval(activation).value()]
        return Answer(most_severe([rule.severity for rule in found]), frozenset([rule.id for rule in found]))

    return Single(plain_values(rows), decide, lambda answer: answer)


def bits(rulebook: Rulebook, rows: Rows) -> Single:
    """All rules in one expression (of a few numbers): a rule that fires sets its bit."""
    rules = plain_rules(rulebook)
    groups = [rules[start : start + BITS] for start in range(0, len(rules), BITS)]
    sums = [_sum([f"({fires(rule)} ? {1 << place} : 0)" for place, rule in enumerate(group)]) for group in groups]
    env = environment()
    asked = [(group, env.compile(text)) for group, text in zip(groups, sums, strict=True)]

    def decide(data: dict[str, Any]) -> Answer:
        activation = env.Activation(data)
        found: list[PlainRule] = []
        for group, expression in asked:
            number = expression.eval(activation).value()
            found += [rule for place, rule in enumerate(group) if number >> place & 1] if number else []
        return Answer(most_severe([rule.severity for rule in found]), frozenset([rule.id for rule in found]))

    return Single(plain_values(rows), decide, lambda answer: answer)


def _sum(parts: Sequence[str]) -> str:
    """A sum in balanced parentheses: CEL's parser allows no deep nesting."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return f"({_sum(parts[:middle])} + {_sum(parts[middle:])})"


def outcome_alone(rulebook: Rulebook, rows: Rows) -> Single:
    """An expression for each severity, asked from the most severe on until one is true; no rule is named."""
    env = environment()
    asked = [
        (severity, env.compile(" || ".join(f"({fires(rule)})" for rule in rules)))
        for severity, rules in by_severity(plain_rules(rulebook))
    ]

    def decide(data: dict[str, Any]) -> int:
        activation = env.Activation(data)
        for severity, expression in asked:
            if expression.eval(activation).value():
                return severity
        return NO_RULE

    return Single(plain_values(rows), decide, Answer)


SINGLE = {
    "CEL, an expression a rule": one_for_each,
    "CEL, a bit a rule": bits,
    "CEL, outcome alone": outcome_alone,
}
