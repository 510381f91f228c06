"""The two formulas of a condition are positive, disjoint, and say true and false where the reference does."""

from __future__ import annotations

import pytest
from export_random import VOCABULARY, rulebook_of
from hypothesis import given, settings
from law_random import gappy_facts, named_conditions
from law_support import DAY, situation

from lexloci.law.evaluate import evaluate
from lexloci.law.export.formula import (
    ALWAYS,
    CONTRARY,
    NEVER,
    Absent,
    AllOf,
    Among,
    AnyOf,
    Compared,
    Fact,
    Pair,
    Writer,
    both,
    either,
    facts_of,
    shared_parts,
)
from lexloci.law.export.selection import identifiers
from lexloci.law.expression import parse
from lexloci.law.specialise import specialise
from lexloci.model.errors import RulebookError
from lexloci.model.fact import ABSENT, UNKNOWN

WRITER = Writer(VOCABULARY)
A, B, C = (Absent(Fact(name, "bool")) for name in "abc")
COMPARE = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def is_true(formula, values):
    """A formula over facts as a page of Python; a second writing of what the engines are told."""

    def known(fact):
        return values.get(fact.name, UNKNOWN) not in (ABSENT, UNKNOWN)

    match formula:
        case AllOf(parts):
            return all(is_true(part, values) for part in parts)
        case AnyOf(parts):
            return any(is_true(part, values) for part in parts)
        case Absent(fact):
            return values.get(fact.name) is ABSENT
        case Compared(fact, operator, literal):
            return known(fact) and COMPARE[operator](values[fact.name], literal)
        case Pair(fact, operator, other):
            return known(fact) and known(other) and COMPARE[operator](values[fact.name], values[other.name])
        case Among(fact, members, outside):
            return known(fact) and (values[fact.name] in members) is not outside
    raise AssertionError(formula)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(named_conditions, gappy_facts)
def test_holds_is_true_and_refuted_is_false(text, values):
    expression = specialise(parse(text), rulebook_of([]), DAY, DAY)
    truth = evaluate(parse(text), situation(values))[0]
    assert is_true(WRITER.holds(expression), values) is (truth is True)
    assert is_true(WRITER.refuted(expression), values) is (truth is False)


def formulas(text):
    expression = specialise(parse(text), rulebook_of([]), DAY, DAY)
    return WRITER.holds(expression), WRITER.refuted(expression)


def test_a_name_without_a_version_so_early_is_unknown_but_of_an_absent_fact():
    x, t = Fact("n.x", "number"), Fact("t.x", "text")
    assert formulas("n.x < parameter.late") == (NEVER, Absent(x))
    assert formulas("n.x != parameter.late") == (Absent(x), NEVER)
    assert formulas("t.x in set.late") == (NEVER, Absent(t))
    assert formulas("defined.late") == (NEVER, ALWAYS)


def test_a_country_is_a_text_and_a_reading_is_one():
    assert formulas('consignee.at == "BB"')[0] == Compared(Fact("consignee.at", "text"), "==", "BB")
    assert formulas('reading.point == "strict"')[0] == Compared(Fact("reading.point", "text"), "==", "strict")


def test_the_contrary_of_the_contrary_is_the_operator():
    assert all(CONTRARY[CONTRARY[operator]] == operator for operator in COMPARE)


def test_parts_are_flattened_and_what_decides_alone_stands_alone():
    assert both([A, both([B, A])]) == AllOf((A, B))
    assert both([A, NEVER]) == NEVER
    assert both([A, ALWAYS]) == A
    assert both([]) == ALWAYS
    assert either([A, either([B, A])]) == AnyOf((A, B))
    assert either([A, ALWAYS]) == ALWAYS
    assert either([A, NEVER]) == A
    assert either([]) == NEVER


def test_a_part_that_occurs_twice_is_shared_after_the_parts_within_it():
    inner = AllOf((A, B))
    outer = AnyOf((inner, C))
    assert shared_parts([outer, AllOf((outer, A)), AllOf((inner, C))]) == (inner, outer)
    assert shared_parts([outer, NEVER, NEVER]) == ()


def test_the_facts_of_a_formula_are_told():
    x, y = Fact("n.x", "number"), Fact("n.y", "number")
    assert list(facts_of(both([Pair(x, "<", y), either([Absent(x), Among(y, (1.0,))])]))) == [x, y, x, y]


def test_a_number_that_no_double_holds_is_refused():
    with pytest.raises(RulebookError, match=r"n\.x is compared with 9007199254740993, which no double holds"):
        formulas("n.x >= 9007199254740993")


def test_identifiers_differ_where_names_do():
    found = identifiers(["a.b", "a_b", "a-b"], "rule_")
    assert list(found.values()) == ["rule_a_b", "rule_a_b_2", "rule_a_b_3"]
