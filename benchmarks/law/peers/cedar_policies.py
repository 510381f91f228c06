"""Cedar (cedarpy): a forbid policy for each rule that is in the way, a permit policy for each that lets pass.

Cedar names the forbidding policies alone where any forbids, and the permitting ones where none does: the most severe
of those that it names is the outcome all the same.
"""

from __future__ import annotations

import json
from typing import Any

import cedarpy
from benchmarks.law.contestant import Answer, Single
from benchmarks.law.plain import Leaf, PlainRule, most_severe, other_fact, plain_rules, underscored, value_of, written
from benchmarks.law.rows import Rows, plain_values

from lexloci.law.expression import Compare, Flag, Literal, Member
from lexloci.law.rule import Rulebook
from lexloci.model.outcome import Outcome


def _literal(value: Literal) -> str:
    if isinstance(value, float):
        if not value.is_integer():
            raise ValueError(f"{value}: Cedar knows whole numbers alone")
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def _leaf(leaf: Leaf) -> str:
    name = f"context.{underscored(leaf.fact)}"
    match leaf:
        case Flag():
            return name
        case Member(_, tuple() as members):
            return f"[{', '.join(map(_literal, members))}].contains({name})"
        case Compare(_, symbol, operand):
            other = other_fact(operand)
            return f"{name} {symbol} {f'context.{underscored(other)}' if other else _literal(value_of(operand))}"
    raise ValueError(f"{leaf}: has a named set left in it")


def policy_of(rule: PlainRule) -> str:
    """The policy of a rule."""
    effect = "permit" if list(Outcome)[rule.severity].is_placeable else "forbid"
    window = f"context.day >= {rule.begins}" + (f" && context.day < {rule.ends}" if rule.ends is not None else "")
    condition = written(rule.condition, _leaf, " && ", " || ", "!")
    return f'@id("{rule.id}")\n{effect} (principal, action, resource) when {{ {window} && {condition} }};'


def _request(data: dict[str, Any]) -> dict[str, Any]:
    context = {name: int(value) if isinstance(value, float) else value for name, value in data.items()}
    return {"principal": 'Party::"a"', "action": 'Action::"export"', "resource": 'Thing::"a"', "context": context}


def single(rulebook: Rulebook, rows: Rows) -> Single:
    """Requests against policies and entities that are parsed once."""
    rules = plain_rules(rulebook)
    policies = cedarpy.PolicySet.from_str("\n".join(policy_of(rule) for rule in rules))
    entities = cedarpy.Entities.from_json_str("[]")
    by_name = {f"policy{place}": rule for place, rule in enumerate(rules)} | {rule.id: rule for rule in rules}

    def decide(request: dict[str, Any]) -> Answer:
        found = [by_name[name] for name in cedarpy.is_authorized(request, policies, entities).diagnostics.reasons]
        return Answer(most_severe([rule.severity for rule in found]), frozenset([rule.id for rule in found]))

    return Single([_request(data) for data in plain_values(rows)], decide, lambda answer: answer)


SINGLE = {"Cedar (cedarpy)": single}
