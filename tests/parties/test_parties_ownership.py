"""The fifty-per-cent cascade against two independent oracles, and the headquarters of the ultimate parent."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lexloci.model.fact import UNKNOWN
from lexloci.model.party import Party, Stake
from lexloci.model.portfolio import Basis, Portfolio
from lexloci.parties.ownership import (
    Cascade,
    Holding,
    cascade,
    headquarters,
    holdings_of,
    owners_upward,
    ultimate_parent_headquarters,
)

Shares = dict[str, dict[str, float]]


def exact(shares: Shares) -> dict[str, list[Holding]]:
    """Holdings with both bounds equal."""
    return {party: [Holding(o, p, p) for o, p in held.items()] for party, held in shares.items()}


def portfolio_of(*parties: Party) -> Portfolio:
    """A portfolio of parties only."""
    return Portfolio("test", date(2026, 8, 1), Basis.TEXT, date(2027, 1, 1), parties=parties)


@pytest.mark.parametrize(
    ("shares", "caught"),
    [
        ({"A": {"X": 50}, "B": {"A": 50}}, "AB"),
        ({"A": {"X": 50}, "B": {"X": 50}, "C": {"A": 25, "B": 25}}, "ABC"),
        ({"A": {"X": 50}, "B": {"X": 10, "A": 40}}, "AB"),
        ({"A": {"X": 50}, "B": {"X": 25}, "C": {"A": 25, "B": 25}}, "A"),
        ({"A": {"X": 25}, "B": {"X": 25}, "C": {"A": 50, "B": 50}}, ""),
    ],
)
def test_the_examples_of_ofac_faq_401(shares: Shares, caught: str) -> None:
    result = cascade(exact(shares), {"X"})
    assert result.caught == set(caught) | {"X"}
    assert not result.review
    assert result.clear == {"A", "B", "C"} & set(shares) - set(caught)


def test_stakes_of_several_listed_owners_add_up() -> None:
    assert "A" in cascade(exact({"A": {"X": 25, "Y": 25}}), {"X", "Y"}).caught
    assert "A" in cascade(exact({"A": {"X": 33.3, "Y": 16.7}}), {"X", "Y"}).caught
    assert "A" in cascade(exact({"A": {"X": 25, "Y": 24.9}}), {"X", "Y"}).clear


def test_nobody_is_caught_by_its_own_shares_or_by_a_circle() -> None:
    assert cascade(exact({"A": {"A": 60, "X": 10}}), {"X"}).clear == {"A"}
    assert cascade(exact({"A": {"B": 60}, "B": {"A": 60}}), {"X"}).caught == {"X"}
    assert cascade(exact({"A": {"B": 60, "X": 10}, "B": {"A": 60, "X": 50}}), {"X"}).caught == {"A", "B", "X"}


def test_an_open_share_is_for_review_and_so_is_what_hangs_on_it() -> None:
    stakes = {"A": [Holding("X", 0, 60)], "B": [Holding("A", 50, 50)], "C": [Holding("X", 0, 40)]}
    assert cascade(stakes, {"X"}) == Cascade(frozenset("X"), frozenset("C"), frozenset("AB"))


def test_a_possible_seed_is_for_review() -> None:
    assert cascade(exact({"A": {"X": 50}}), (), possible_seeds={"X"}).review == {"A", "X"}


def test_another_threshold() -> None:
    assert "A" in cascade(exact({"A": {"X": 25}}), {"X"}, threshold=25.0).caught


PARTIES = "ABCDEX"
SHARES = st.dictionaries(
    st.sampled_from("ABCDE"),
    st.dictionaries(st.sampled_from(PARTIES), st.sampled_from([5, 10, 20, 25, 30, 40, 50, 60, 100]), max_size=4),
    max_size=5,
)
SEEDS = st.sets(st.sampled_from(PARTIES), max_size=2)


def naive(shares: Shares, seeds: set[str]) -> set[str]:
    """The set grown in whole rounds with exact fractions until nothing is added."""
    members = set(seeds)
    while True:
        added = {
            party
            for party, held in shares.items()
            if sum(Fraction(p) for o, p in held.items() if o in members and o != party) >= 50
        }
        if added <= members:
            return members
        members |= added


def smallest_closed_set(shares: Shares, seeds: set[str]) -> set[str]:
    """The intersection of all sets that hold the seeds and every party that they own by half: by definition."""
    rest = sorted(set(PARTIES) - seeds)
    smallest = set(PARTIES)
    for size in range(len(rest) + 1):
        for extra in combinations(rest, size):
            members = seeds | set(extra)
            if all(
                party in members or sum(p for o, p in held.items() if o in members and o != party) < 50
                for party, held in shares.items()
            ):
                smallest &= members
    return smallest


@settings(deadline=None)
@given(SHARES, SEEDS)
def test_the_cascade_is_the_least_fixed_point_on_any_graph(shares: Shares, seeds: set[str]) -> None:
    caught = cascade(exact(shares), seeds).caught
    assert caught == naive(shares, seeds) == smallest_closed_set(shares, seeds)


@given(SHARES, SEEDS, st.data())
def test_caught_clear_and_review_bracket_every_true_share(shares: Shares, seeds: set[str], data: st.DataObject) -> None:
    open_shares = {
        party: [
            Holding(o, p if data.draw(st.booleans()) else 0, p if data.draw(st.booleans()) else 100)
            for o, p in held.items()
        ]
        for party, held in shares.items()
    }
    result = cascade(open_shares, seeds)
    truth = cascade(exact(shares), seeds).caught
    assert result.caught <= truth
    assert not result.clear & truth
    assert len(result.caught) + len(result.clear) + len(result.review) == len(
        result.caught | result.clear | result.review
    )


def test_an_unstated_share_may_be_what_the_stated_ones_leave() -> None:
    party = Party("a", "A", owners=(Stake("x", 30.0), Stake("y"), Stake("z")))
    assert holdings_of(party) == (Holding("x", 30, 30), Holding("y", 0, 70), Holding("z", 0, 70))


def test_an_ultimate_parent_is_an_owner_even_where_its_share_is_not_stated() -> None:
    assert holdings_of(Party("a", "A", ultimate_parent="p")) == (Holding("p", 0, 100),)
    assert holdings_of(Party("a", "A", ultimate_parent="a")) == ()
    assert holdings_of(Party("a", "A", ultimate_parent="p", owners=(Stake("p", 51.0),))) == (Holding("p", 51, 51),)


def test_owners_are_followed_upward_through_circles() -> None:
    stakes = exact({"A": {"B": 10}, "B": {"C": 10, "A": 5}, "C": {"D": 0}})
    assert owners_upward(stakes, "A", lambda holding: holding.least_percent) == {"B", "C"}


def test_headquarters_of_the_ultimate_parent_follow_the_ids() -> None:
    parent = Party("p", "P", headquarters="CN", ultimate_parent="p", sources={"headquarters": "annual report 2025"})
    middle = Party("m", "M", headquarters="HK", ultimate_parent="p")
    party = Party("a", "A", headquarters="SG", ultimate_parent="m")
    world = portfolio_of(parent, middle, party)
    fact = ultimate_parent_headquarters(party, world)
    assert fact.value == "CN"
    assert "a > m > p" in fact.origin
    assert "annual report 2025" in fact.origin
    assert ultimate_parent_headquarters(parent, world).value == "CN"
    assert headquarters(party).value == "SG"


@pytest.mark.parametrize(
    ("parties", "words"),
    [
        ((Party("a", "A", headquarters="SG"),), "states no ultimate parent"),
        ((Party("a", "A", ultimate_parent="b"),), "is no party"),
        ((Party("a", "A", ultimate_parent="b"), Party("b", "B", ultimate_parent="a")), "circle, a > b > a"),
        ((Party("a", "A", ultimate_parent="b"), Party("b", "B")), "headquarters of b are not stated"),
        ((Party("a", "A", ultimate_parent="a"),), "headquarters of a are not stated"),
    ],
)
def test_an_open_ultimate_parent_is_unknown_with_its_reason(parties: tuple[Party, ...], words: str) -> None:
    fact = ultimate_parent_headquarters(parties[0], portfolio_of(*parties))
    assert fact.value is UNKNOWN
    assert words in fact.origin


def test_headquarters_not_stated_are_unknown() -> None:
    assert headquarters(Party("a", "A")).value is UNKNOWN
