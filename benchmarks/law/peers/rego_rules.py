"""Rego (gordon-to-regorus, a build of Microsoft's regorus): the set of the rules that fire, a body a conjunction."""

from __future__ import annotations

import json
from typing import Any

import regorus
from benchmarks.law.contestant import Answer, Single
from benchmarks.law.plain import PlainRule, most_severe, other_fact, plain_rules, underscored, value_of
from benchmarks.law.rows import Rows, plain_values

from lexloci.law.expression import Compare, Expression, Flag, Literal, Member, Not
from lexloci.law.rule import Rulebook


def _literal(value: Literal) -> str:
    return json.dumps(value, ensure_ascii=False)


def _leaf(leaf: Expression) -> str:
    match leaf:
        case Not(part):
            return f"not {_leaf(part)}"
        case Flag(fact):
            return f"input.{underscored(fact)}"
        case Member(fact, tuple() as members):
            return f"input.{underscored(fact)} in {{{', '.join(map(_literal, members))}}}"
        case Compare(fact, symbol, operand):
            other = other_fact(operand)
            right = f"input.{underscored(other)}" if other else _literal(value_of(operand))
            return f"input.{underscored(fact)} {symbol} {right}"
    raise ValueError(f"{leaf}: is no leaf of plain values")


def _bodies(rule: PlainRule) -> list[str]:
    window = [f"input.day >= {rule.begins}"] + ([f"input.day < {rule.ends}"] if rule.ends is not None else [])
    return [
        f'fired contains "{rule.id}" if {{\n  ' + "\n  ".join((*window, *map(_leaf, conjunction))) + "\n}"
        for conjunction in rule.conjunctions
    ]


def module_of(rules: tuple[PlainRule, ...]) -> str:
    """The Rego module."""
    return "package law\nimport rego.v1\n\n" + "\n".join(body for rule in rules for body in _bodies(rule))


def engine(rulebook: Rulebook, rows: Rows) -> Single:
    """The interpreter, asked for the set on a JSON input."""
    rules = plain_rules(rulebook)
    severity = {rule.id: rule.severity for rule in rules}
    asked = regorus.Engine()
    asked.add_policy("law.rego", module_of(rules))

    def decide(text: str) -> Answer:
        asked.set_input_json(text)
        found = asked.eval_rule("data.law.fired")
        return Answer(most_severe([severity[rule] for rule in found]), frozenset(found))

    return Single([json.dumps(data) for data in plain_values(rows)], decide, lambda answer: answer)


def compiled(rulebook: Rulebook, rows: Rows) -> Single:
    """The virtual machine that runs the compiled module."""
    rules = plain_rules(rulebook)
    severity = {rule.id: rule.severity for rule in rules}
    module = ("law.rego", module_of(rules))
    program: Any = regorus.Program.compile_from_modules("{}", [module], ["data.law.fired"])
    machine = regorus.Rvm()
    machine.load_program(program)

    def decide(text: str) -> Answer:
        machine.set_input_json(text)
        found = json.loads(machine.execute())
        return Answer(most_severe([severity[rule] for rule in found]), frozenset(found))

    return Single([json.dumps(data) for data in plain_values(rows)], decide, lambda answer: answer)


SINGLE = {
    "Rego (regorus)": engine,
    "Rego (regorus), compiled": compiled,
}
