"""The shortest list that would settle an answer is the shortest that full enumeration finds."""

from __future__ import annotations

import itertools

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
