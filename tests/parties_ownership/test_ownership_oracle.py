"""The cascade against oracles that share nothing with it: fractions in whole rounds, subsets, every truth of a graph.

Graphs are small and dense, with cycles, rings, own shares, several holdings of one pair, and bounds.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexloci.parties.ownership import cascade
from lexloci.parties.ownership.cascade import CAUGHT, CLEAR, REVIEW, Judgement, judge
from lexloci.parties.ownership.graph import Register, graph_of
from lexloci.parties.ownership.proof import needed, proof_of
from lexloci.parties.ownership.registers.native import register_of
from lexloci.parties.ownership.rules import EU, OFAC, UK

PARTIES = "ABCDEX"
Exact = list[tuple[str, str, str]]
EDGES = st.lists(
    st.tuples(
        st.sampled_from(PARTIES),
        st.sampled_from(PARTIES),
        st.sampled_from(["5", "10", "16.7", "20", "25", "30", "33.3", "40", "49.9", "50", "60", "100"]),
    ),
    max_size=12,
)
SEEDS = st.sets(st.sampled_from(PARTIES), max_size=2)


def judged(edges: list[Any], seeds: set[str], maybe: set[str] = frozenset(), **further: Any) -> Judgement:  # type: ignore[assignment]
    register = register_of({"edges": [list(edge) for edge in edges], "unit": "percent"}, "g")
    for party in PARTIES:
        register.party(party)
    return judge(graph_of(register), sorted(seeds), possible_seeds=sorted(maybe), **further)


def naive(edges: Exact, seeds: set[str]) -> set[str]:
    """The set grown in whole rounds with exact fractions until nothing is added."""
    members = set(seeds)
    while True:
        held = {
            party: sum(
                (Fraction(share) for owner, owned, share in edges if owner in members and owned == party != owner)
            )
            for party in PARTIES
        }
        added = {party for party, share in held.items() if share >= 50}
        if added <= members:
            return members
        members |= added


def smallest_closed_set(edges: Exact, seeds: set[str]) -> set[str]:
    """By definition: the intersection of all sets that hold the seeds and all of whom they own half."""
    rest = sorted(set(PARTIES) - seeds)
    smallest = set(PARTIES)
    for size in range(len(rest) + 1):
        for extra in combinations(rest, size):
            members = seeds | set(extra)
            if all(
                party in members
                or sum(Fraction(s) for o, p, s in edges if p == party and o in members and o != party) < 50
                for party in PARTIES
            ):
                smallest &= members
    return smallest


@pytest.mark.slow
@settings(deadline=None, max_examples=400)
@given(EDGES, SEEDS)
def test_on_stated_shares_it_is_the_least_fixed_point(edges: Exact, seeds: set[str]) -> None:
    result = judged([(o, p, float(s)) for o, p, s in edges], seeds)
    assert set(result.parties(CAUGHT)) == naive(edges, seeds) == smallest_closed_set(edges, seeds)
    assert result.parties(REVIEW) == []


BOUNDED = st.lists(
    st.tuples(
        st.sampled_from("ABC"),
        st.sampled_from("ABCX"),
        st.tuples(st.sampled_from([0, 20, 40, 50]), st.sampled_from([0, 20, 30, 60])),
    ),
    max_size=5,
)


def every_truth(edges: list[tuple[str, str, tuple[int, int]]]) -> list[Exact]:
    """All graphs in steps of ten whose shares lie within their bounds, and in which nobody is held above 100 %."""
    choices = [range(least, min(least + width, 100) + 1, 10) for _, _, (least, width) in edges]
    found = []
    for shares in product(*choices):
        exact = [(owner, owned, share) for (owned, owner, _), share in zip(edges, shares, strict=True)]
        totals = {party: sum(s for o, p, s in exact if p == party != o) for party in PARTIES}
        if max(totals.values()) <= 100:
            found.append([(o, p, str(s)) for o, p, s in exact])
    return found


@pytest.mark.slow
@settings(deadline=None, max_examples=200)
@given(BOUNDED, st.booleans())
def test_on_bounds_it_is_what_every_truth_and_what_some_truth_catches(
    edges: list[tuple[str, str, tuple[int, int]]], is_sure: bool
) -> None:
    truths = every_truth(edges)
    if not truths:
        return
    seeds, maybe = ({"X"}, set()) if is_sure else (set(), {"X"})
    given_edges = [(owner, owned, [least, min(least + width, 100)]) for owned, owner, (least, width) in edges]
    result = judged(given_edges, seeds, maybe)
    catches = [naive(truth, {"X"}) for truth in truths] + ([] if is_sure else [set()])
    always, ever = set.intersection(*catches), set.union(*catches)
    assert set(result.parties(CAUGHT)) == always
    assert set(result.parties(REVIEW)) == ever - always
    assert set(result.parties(CLEAR)) == set(PARTIES) - ever


@pytest.mark.slow
@settings(deadline=None, max_examples=300)
@given(EDGES, SEEDS)
def test_a_rule_that_adds_nothing_up_catches_what_one_listed_party_alone_would(edges: Exact, seeds: set[str]) -> None:
    numbers = [(o, p, float(s)) for o, p, s in edges]
    result = judged(numbers, seeds, rule=UK)
    alone = [set(judged(numbers, {seed}, rule=UK).parties(CAUGHT)) for seed in seeds]
    together = set(judged([(o, p, float(s) + (0.001 if s == "50" else 0)) for o, p, s in edges], seeds).parties(CAUGHT))
    assert set(result.parties(CAUGHT)) == set().union(*alone)
    assert set(result.parties(REVIEW)) <= together - set(result.parties(CAUGHT))


@pytest.mark.slow
@settings(deadline=None, max_examples=300)
@given(EDGES, SEEDS)
def test_more_than_half_never_catches_whom_half_does_not(edges: Exact, seeds: set[str]) -> None:
    numbers = [(o, p, float(s)) for o, p, s in edges]
    above = judged(numbers, seeds, rule=EU, as_of=EU.turns[0].on)
    assert set(above.parties(CAUGHT)) <= set(judged(numbers, seeds, rule=OFAC).parties(CAUGHT))


@pytest.mark.slow
@settings(deadline=None, max_examples=400)
@given(EDGES, SEEDS, st.sampled_from([OFAC, UK]))
def test_a_proof_of_the_caught_adds_up_and_ends_at_the_listed(edges: Exact, seeds: set[str], rule: Any) -> None:
    result = judged([(o, p, float(s)) for o, p, s in edges], seeds, rule=rule)
    for party in result.parties(CAUGHT):
        _follow(result, party, ())


def _follow(result: Judgement, party: Any, below: tuple[Any, ...]) -> None:
    proof = proof_of(result, party)
    assert party not in below, "a proof that leans on itself"
    assert proof.answer == "caught"
    if proof.is_listed:
        return
    assert sum(Fraction(str(round(one.least_percent, 6))) for one in proof.supports) >= 50
    for support in proof.supports:
        _follow(result, support.owner, (*below, party))


@pytest.mark.slow
@settings(deadline=None, max_examples=300)
@given(BOUNDED, st.sampled_from("ABC"))
def test_to_state_the_open_shares_of_a_review_settles_it(
    edges: list[tuple[str, str, tuple[int, int]]], party: str
) -> None:
    given_edges = [[owner, owned, [least, min(least + width, 100)]] for owned, owner, (least, width) in edges]
    result = judged(given_edges, {"X"})
    if party not in result.parties(REVIEW):
        return
    asked = {support.place for proof in needed(result, party) for support in proof.open_shares}
    assert asked
    for end in (0, 1):
        told = [[o, p, (b[end] if place in asked else b)] for place, (o, p, b) in enumerate(given_edges)]
        answer = proof_of(judged(told, {"X"}), party).answer
        if end == 0:
            assert answer == "clear"
        else:
            assert answer in {"caught", "review"}  # review where the most of all of them make more than 100 %


def test_the_sum_of_a_clear_party_is_the_most_that_the_listed_may_hold() -> None:
    result = judged([("X", "A", [10, 60]), ("B", "A", 65), ("X", "C", 20)], {"X"})
    assert (proof_of(result, "A").least_percent, proof_of(result, "A").most_percent) == (10, 35)
    assert (proof_of(result, "C").most_percent, proof_of(result, "C").unstated_percent) == (20, 80)


@pytest.mark.parametrize("seed", range(3))
def test_a_graph_of_ten_thousand_agrees_with_plain_python(seed: int) -> None:
    random = np.random.default_rng(seed)
    owner, owned = random.integers(0, 10_000, (2, 30_000)).tolist()
    share = random.choice([5, 10, 25, 30, 50, 75], 30_000).tolist()
    seeds = random.integers(0, 10_000, 100).tolist()
    register = register_of({"edges": [list(edge) for edge in zip(owner, owned, share, strict=True)]}, "g")
    for party in seeds:
        register.party(party)
    result = judge(graph_of(register), seeds)
    held_by: dict[int, list[tuple[int, int]]] = {}
    for one, other, percent in zip(owner, owned, share, strict=True):
        if one != other:
            held_by.setdefault(one, []).append((other, percent))
    members, held, front = set(seeds), dict.fromkeys(range(10_000), 0), list(set(seeds))
    while front:
        for party, percent in held_by.get(front.pop(), ()):
            held[party] += percent
            if held[party] >= 50 and party not in members:
                members.add(party)
                front.append(party)
    assert set(result.parties(CAUGHT)) == members
    assert len(members) > len(set(seeds)) + 50, "the graph is too thin to show anything"


def test_a_long_chain_is_followed_to_its_end() -> None:
    register = Register()
    for place in range(3_000):
        register.hold(place, place + 1, 50.0, 50.0)
    result = judge(graph_of(register), [0])
    assert len(result.parties(CAUGHT)) == 3_001
    assert len(needed(result, 3_000)) == 3_001


@pytest.mark.slow
@settings(deadline=None, max_examples=200)
@given(BOUNDED, EDGES)
def test_rounds_by_arrays_and_one_by_one_are_the_same(
    bounded: list[tuple[str, str, tuple[int, int]]], exact: Exact
) -> None:
    edges = [(owner, owned, [least, min(least + width, 100)]) for owned, owner, (least, width) in bounded]
    edges += [(o, p, [float(s), float(s)]) for o, p, s in exact]
    found = []
    for few in (0, 10_000):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(cascade, "FEW", few)
            result = judged(edges, {"X"}, {"A"})
        everybody = range(len(result.answer))
        found.append(
            [
                result.answer.tolist(),
                *(
                    [of(party) for party in everybody]
                    for one in (result.certain, result.possible)
                    for of in (one.joined_of, one.held_of)
                ),
                *(sorted(one.members.tolist()) for one in (result.certain, result.possible)),
            ]
        )
    assert found[0] == found[1]
