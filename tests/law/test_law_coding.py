"""Every value has the truth of the representative of its code, for every comparison that told codes apart."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from law_support import situation

from lexloci.law.coding import ABSENT_CODE, ODD_CODE, UNKNOWN_CODE, Attribute, Relation, atoms, literals_of, relation_of
from lexloci.law.evaluate import evaluate
from lexloci.law.expression import Compare, Flag, Member, Name, parse
from lexloci.model.fact import ABSENT, UNKNOWN

OPERATORS = ("==", "!=", "<", "<=", ">", ">=")
integers = st.integers(-(2**62), 2**62)
floats = st.floats(allow_nan=False, allow_infinity=False)
cuts = st.one_of(st.integers(-5, 5), st.sampled_from([0.5, 1e30, -1e30, 2**53, 2**53 + 1]), integers, floats)
numbers = st.one_of(cuts, st.floats())
texts = st.sampled_from(["AA", "BB", "", "another", "\0another"])
values = st.one_of(numbers, texts, st.booleans(), st.sampled_from([UNKNOWN, ABSENT, date(2030, 1, 1)]))


def judged(expression, value):
    return evaluate(expression, situation({"f.x": value}))[0]


@settings(max_examples=600)
@given(st.lists(cuts, min_size=1, max_size=4), values, st.sampled_from(OPERATORS))
def test_numbers(limits, value, operator):
    attribute = Attribute("f.x", limits, is_flag=False)
    same = attribute.value(attribute.code(value))
    for limit in limits:
        expression = Compare("f.x", operator, limit)
        assert judged(expression, value) == judged(expression, same)
    assert judged(Member("f.x", tuple(limits)), value) == judged(Member("f.x", tuple(limits)), same)


@settings(max_examples=300)
@given(st.lists(texts.filter(lambda text: "\0" not in text), max_size=3), values)
def test_texts(known, value):
    attribute = Attribute("f.x", known, is_flag=False)
    same = attribute.value(attribute.code(value))
    for expression in [Member("f.x", tuple(known)), *(Compare("f.x", "==", text) for text in known)]:
        assert judged(expression, value) == judged(expression, same)


@given(values, st.booleans())
def test_flags(value, compares):
    attribute = Attribute("f.x", [True] if compares else [], is_flag=not compares)
    same = attribute.value(attribute.code(value))
    expression = Compare("f.x", "==", True) if compares else Flag("f.x")
    assert judged(expression, value) == judged(expression, same)


@given(values, values, st.sampled_from(("==", "!=", "<")))
def test_relations(left, right, operator):
    if operator == "<" and not (isinstance(left, int | float) and isinstance(right, int | float)):
        return
    atom = Compare("f.x", operator, Name("f.y"))
    truth, unknown = evaluate(atom, situation({"f.x": left, "f.y": right}))
    relation = relation_of(atom)
    code = relation.code(left, right)
    assert relation.value(code) is (UNKNOWN if truth is None else truth)
    if truth is None:
        assert relation.unknown(code) == unknown


def test_what_no_condition_tells_apart_has_one_code():
    attribute = Attribute("f.x", ["AA", 5, 5.0], is_flag=False)
    assert attribute.code("ZZ") == attribute.code("YY") != attribute.code("AA")
    assert attribute.code(6) == attribute.code(1e9) == attribute.code(math.inf) != attribute.code(5)
    assert attribute.code(5) == attribute.code(5.0)
    assert len(attribute.representatives) == 3 + 2 + 3


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (UNKNOWN, UNKNOWN_CODE),
        (ABSENT, ABSENT_CODE),
        (date(2030, 1, 1), ODD_CODE),
        (math.nan, ODD_CODE),
        (True, ODD_CODE),
    ],
)
def test_codes_of_what_has_no_comparable_value(value, code):
    assert Attribute("f.x", [1, "AA"], is_flag=False).code(value) == code


def test_atoms_and_what_they_compare_with():
    found = list(atoms(parse('f.a && !(n.x >= 5 || t.x in ["AA"]) && t.x == t.y && n.x < parameter.limit')))
    assert [literals_of(atom) for atom in found] == [(), (5,), ("AA",), (), ()]
    assert [relation_of(atom) for atom in found] == [
        None,
        None,
        None,
        Relation(Compare("t.x", "==", Name("t.y")), "t.y"),
        None,
    ]
