"""The shortest list that would settle an answer is the shortest that full enumeration finds."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lexloci.law import settle
from lexloci.law.settle import shortest
from lexloci.model.determination import MissingKind

ATOMS = [(MissingKind.FACT, letter) for letter in "abcdefg"]
alternatives = st.frozensets(st.sampled_from(ATOMS), min_size=1, max_size=3)
open_rules = st.lists(st.lists(alternatives, min_size=1, max_size=4), max_size=5)


def settles(chosen, rules):
    return all(any(alternative <= chosen for alternative in rule) for rule in rules)


def least_size(rules):
    sizes = range(len(ATOMS) + 1)
    return next(
        size
        for size in sizes
        if any(settles(frozenset(chosen), rules) for chosen in itertools.combinations(ATOMS, size))
    )


@given(open_rules)
def test_the_list_settles_every_open_rule_and_none_is_shorter(rules):
    found = shortest(rules)
    assert settles(found, rules)
    assert len(found) == least_size(rules)


def test_nothing_open_asks_for_nothing():
    assert shortest([]) == frozenset()


def test_a_tie_goes_to_the_alternative_that_is_listed_first():
    one, other = frozenset(ATOMS[:1]), frozenset(ATOMS[1:2])
    assert shortest([[one, other]]) == one
    assert shortest([[other, one]]) == other


@given(open_rules)
def test_beyond_the_limit_of_steps_the_list_still_settles(rules):
    before = settle.MOST_STEPS
    settle.MOST_STEPS = 0
    try:
        assert settles(shortest(rules), rules)
    finally:
        settle.MOST_STEPS = before


@pytest.fixture
def no_search(monkeypatch):
    monkeypatch.setattr(settle, "MOST_STEPS", 0)


def test_beyond_the_limit_of_steps_each_rule_takes_what_adds_least_and_those_without_a_choice_come_first(no_search):
    a, b, c, d = ATOMS[:4]
    choice = [frozenset((b, c)), frozenset((a, d))]
    assert shortest([[frozenset((a,))], choice]) == {a, d}
    assert shortest([choice, [frozenset((a,))]]) == {a, d}


def test_a_case_too_large_to_search_whole_is_answered_all_the_same():
    names = [(MissingKind.FACT, f"{place}.{letter}") for place in range(25) for letter in "abc"]
    rules = [[frozenset((name,)) for name in names[start : start + 3]] for start in range(0, len(names), 3)]
    found = shortest(rules)
    assert settles(found, rules)
    assert len(found) == len(rules)
