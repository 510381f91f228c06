"""OpenFisca-core: a variable for each rule, with a NumPy formula, and one for the answer.

OpenFisca-core is under the AGPL: it is installed into the environment of the benchmark alone, is asked from a process
of its own, and nothing of it is copied.
"""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import Any

import numpy as np
from benchmarks.law.contestant import Answer, Answers, Single, Vector
from benchmarks.law.plain import (
    NO_RULE,
    Leaf,
    PlainRule,
    codes_of,
    fold,
    is_coded,
    other_fact,
    plain_rules,
    underscored,
    value_of,
)
from benchmarks.law.rows import Rows
from benchmarks.law.workload import ATTRIBUTES, Attribute
from openfisca_core.entities import Entity
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from lexloci.law.expression import Compare, Flag, Member
from lexloci.law.rule import Rulebook

PERIOD = "2027-01"
_FEW = 3
_COMPARE = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def _variable(name: str, entity: Entity, **members: Any) -> type[Variable]:
    return type(name, (Variable,), {"entity": entity, "definition_period": DateUnit.MONTH, **members})


def _input(attribute: Attribute, entity: Entity, enums: dict[str, Any]) -> type[Variable]:
    name = underscored(attribute.name)
    if attribute.type == "bool":
        return _variable(name, entity, value_type=bool)
    if attribute.type == "number":
        return _variable(name, entity, value_type=float)
    members = {f"v{place}": str(value) for place, value in enumerate(attribute.values)}
    enums[attribute.name] = enum = Enum(name, members)
    return _variable(name, entity, value_type=Enum, possible_values=enum, default_value=enum.v0)


def _leaf(leaf: Leaf, act: Any, period: Any) -> Any:
    column = np.asarray(act(underscored(leaf.fact), period))
    match leaf:
        case Flag():
            return column
        case Member(fact, tuple() as members):
            codes = codes_of(fact, members)
            if len(codes) <= _FEW:
                return reduce(or_, [column == code for code in codes])
            table = np.zeros(256, dtype=np.bool_)
            table[codes] = True
            return table[column]
        case Compare(fact, symbol, operand):
            other = other_fact(operand)
            if other is not None:
                return _COMPARE[symbol](column, np.asarray(act(underscored(other), period)))
            value = value_of(operand)
            return _COMPARE[symbol](column, codes_of(fact, [value])[0] if is_coded(fact) else value)
    raise ValueError(f"{leaf}: has a named set left in it")


def _name(rule: PlainRule) -> str:
    return underscored(rule.id)


def _rule(rule: PlainRule, entity: Entity) -> type[Variable]:
    def formula(act: Any, period: Any) -> Any:
        day = act("day", period)
        window = day >= rule.begins
        if rule.ends is not None:
            window = window & (day < rule.ends)
        condition = fold(
            rule.condition,
            lambda leaf: _leaf(leaf, act, period),
            lambda parts: reduce(and_, parts),
            lambda parts: reduce(or_, parts),
            np.logical_not,
        )
        return window & condition

    return _variable(_name(rule), entity, value_type=bool, formula=formula)


def _answer(rules: tuple[PlainRule, ...], entity: Entity) -> type[Variable]:
    def formula(act: Any, period: Any) -> Any:
        answer = np.full(act.count, NO_RULE, dtype=np.int32)
        for rule in sorted(rules, key=lambda rule: rule.severity):
            answer[act(_name(rule), period)] = rule.severity
        return answer

    return _variable("answer", entity, value_type=int, formula=formula)


def system_of(rules: tuple[PlainRule, ...]) -> tuple[TaxBenefitSystem, dict[str, Any]]:
    """The system of variables, and the enumeration of each text."""
    entity = Entity("act", "acts", "An act", "")
    enums: dict[str, Any] = {}
    system = TaxBenefitSystem([entity])
    inputs = [_input(attribute, entity, enums) for attribute in ATTRIBUTES]
    inputs.append(_variable("day", entity, value_type=int))
    for variable in (*inputs, *(_rule(rule, entity) for rule in rules), _answer(rules, entity)):
        system.add_variable(variable)
    return system, enums


def _inputs(rows: Rows, enums: dict[str, Any]) -> dict[str, Any]:
    inputs: dict[str, Any] = {"day": rows.on.astype(np.int32)}
    for name, column in rows.columns.items():
        is_enum = name in enums
        inputs[underscored(name)] = EnumArray(column.astype(np.uint8), enums[name]) if is_enum else column
    return inputs


def _simulation(system: TaxBenefitSystem, inputs: dict[str, Any], count: int) -> Simulation:
    simulation = SimulationBuilder.build_default_simulation(system, count)
    for name, column in inputs.items():
        simulation.set_input(name, PERIOD, column)
    return simulation


def vector(rulebook: Rulebook, rows: Rows, threads: int) -> Vector:
    """The calculation alone is timed; the simulation with its inputs is made before. One thread."""
    del threads
    system, enums = system_of(plain_rules(rulebook))
    inputs = _inputs(rows, enums)
    simulation: list[Simulation] = []

    def prepare() -> None:
        simulation[:] = [_simulation(system, inputs, len(rows))]

    def run() -> Answers:
        answers: Answers = simulation[0].calculate("answer", PERIOD).astype(np.uint8)
        return answers

    return Vector(run, prepare)


def single(rulebook: Rulebook, rows: Rows) -> Single:
    """A simulation of one act with its trace, which holds every variable that was calculated."""
    rules = plain_rules(rulebook)
    system, enums = system_of(rules)
    whole = _inputs(rows, enums)
    inputs = [{name: column[place : place + 1] for name, column in whole.items()} for place in range(len(rows))]

    def decide(one: dict[str, Any]) -> tuple[int, Simulation]:
        simulation = _simulation(system, one, 1)
        simulation.trace = True
        return int(simulation.calculate("answer", PERIOD)[0]), simulation

    def read(found: tuple[int, Simulation]) -> Answer:
        outcome, simulation = found
        return Answer(outcome, frozenset(rule.id for rule in rules if simulation.calculate(_name(rule), PERIOD)[0]))

    return Single(inputs, decide, read)


SINGLE = {"OpenFisca-core, with trace": single}
VECTOR = {"OpenFisca-core": vector}
