"""A condition specialised to a day has the truth, and asks for the facts, of the condition on that day."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st
from law_random import gappy_facts, named_conditions
from law_rulebooks import DAYS, days, rulebooks
from law_support import condition

from lexloci.law.evaluate import Situation, evaluate
from lexloci.law.specialise import days_of_change, specialise, specialised_lines
from lexloci.model.fact import UNKNOWN, Fact


def on(rulebook, values, day, known_at):
    return Situation(rulebook, lambda name: Fact(values.get(name, UNKNOWN)), day, known_at)


@settings(max_examples=500)
@given(rulebooks(most=0), named_conditions, gappy_facts, days, days)
def test_the_truth_stays(rulebook, text, values, day, known_at):
    expression = condition(text).expression
    special = specialise(expression, rulebook, day, known_at)
    assert evaluate(special, on(rulebook, values, day, known_at)) == evaluate(
        expression, on(rulebook, values, day, known_at)
    )


@settings(max_examples=300)
@given(rulebooks(most=0), st.lists(named_conditions, max_size=2), st.lists(named_conditions, max_size=2), days)
def test_between_the_days_of_change_nothing_changes(rulebook, when, unless, known_at):
    lines, exceptions = tuple(map(condition, when)), tuple(map(condition, unless))
    changes = set(days_of_change((*lines, *exceptions), rulebook, known_at))
    for before, after in itertools.pairwise(DAYS):
        same = specialised_lines(lines, exceptions, rulebook, before, known_at) == specialised_lines(
            lines, exceptions, rulebook, after, known_at
        )
        assert same or after in changes


@given(rulebooks(most=0))
def test_an_exception_stands_negated_after_the_lines(rulebook):
    lines = specialised_lines((condition("f.a"),), (condition("f.b"),), rulebook, DAYS[0], DAYS[0])
    assert [evaluate(line, on(rulebook, {"f.a": True, "f.b": True}, DAYS[0], DAYS[0]))[0] for line in lines] == [
        True,
        False,
    ]
