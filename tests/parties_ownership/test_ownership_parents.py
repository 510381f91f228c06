"""Where a party and its ultimate parent are at home: by the ids of a portfolio, and by the holdings of a register."""

from __future__ import annotations

from datetime import date

import pytest

from lexloci.model.fact import UNKNOWN
from lexloci.model.party import Party, Stake
from lexloci.model.portfolio import Basis, Portfolio
from lexloci.parties.ownership.graph import graph_of
from lexloci.parties.ownership.parents import ascend, headquarters, ultimate_parent_headquarters
from lexloci.parties.ownership.registers.native import register_of
from lexloci.parties.ownership.stakes import Holding, holdings_of, owners_above, portfolio_graph


def portfolio_of(*parties: Party) -> Portfolio:
    """A portfolio of parties only."""
    return Portfolio("test", date(2026, 8, 1), Basis.TEXT, date(2027, 1, 1), parties=parties)


def test_an_unstated_share_may_be_what_the_stated_ones_leave() -> None:
    party = Party("a", "A", owners=(Stake("x", 30.0), Stake("y"), Stake("z")))
    assert holdings_of(party) == (Holding("x", 30, 30), Holding("y", 0, 70), Holding("z", 0, 70))


@pytest.mark.parametrize(
    ("stakes", "bounds"),
    [
        ((Stake("x", least_percent=25.0, most_percent=50.0),), (25, 50)),
        ((Stake("x", least_percent=25.0),), (25, 100)),
        ((Stake("x", most_percent=30.0),), (0, 30)),
        ((Stake("x", least_percent=25.0, most_percent=75.0), Stake("y", 40.0)), (25, 60)),
        ((Stake("x", least_percent=25.0), Stake("y", least_percent=10.0)), (25, 90)),
    ],
)
def test_a_stake_lies_between_its_bounds_and_what_others_leave(
    stakes: tuple[Stake, ...], bounds: tuple[float, float]
) -> None:
    first = holdings_of(Party("a", "A", owners=stakes))[0]
    assert (first.least_percent, first.most_percent) == bounds


def test_a_stake_counts_on_the_days_on_which_it_is_held() -> None:
    stakes = (
        Stake("x", 60.0, held_until=date(2025, 3, 1)),
        Stake("x", 20.0, held_from=date(2025, 3, 1)),
        Stake("y", 40.0),
    )
    party = Party("a", "A", owners=stakes)
    assert holdings_of(party, date(2025, 2, 28)) == (Holding("x", 60, 60), Holding("y", 40, 40))
    assert holdings_of(party, date(2025, 3, 1)) == (Holding("x", 20, 20), Holding("y", 40, 40))
    world = portfolio_of(Party("x", "X"), Party("y", "Y"))
    for day, share in ((date(2025, 2, 28), 60e12), (date(2025, 3, 1), 20e12)):
        graph = portfolio_graph(world, party, day)
        assert graph.least[graph.index["x"] :].max() == max(share, 40e12)


def test_an_ultimate_parent_is_an_owner_even_where_its_share_is_not_stated() -> None:
    assert holdings_of(Party("a", "A", ultimate_parent="p")) == (Holding("p", 0, 100),)
    assert holdings_of(Party("a", "A", ultimate_parent="a")) == ()
    assert holdings_of(Party("a", "A", ultimate_parent="p", owners=(Stake("p", 51.0),))) == (Holding("p", 51, 51),)


def test_owners_are_followed_upward_through_circles() -> None:
    graph = graph_of(register_of({"edges": [["B", "A", 10], ["C", "B", 10], ["A", "B", 5], ["D", "C", 0]]}, "g"))
    assert owners_above(graph, "A", graph.least) == {"B", "C"}


def test_the_graph_of_a_portfolio_holds_every_party_and_the_one_that_is_asked() -> None:
    world = portfolio_of(Party("p", "P"), Party("q", "Q", owners=(Stake("p", 60.0),)))
    graph = portfolio_graph(world, Party("new", "N", owners=(Stake("q", 55.0),)))
    assert list(graph.ids) == ["p", "q", "new"]
    assert owners_above(graph, "new", graph.least) == {"p", "q"}


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


@pytest.mark.parametrize(
    ("edges", "path", "words"),
    [
        ([["P", "A", 51], ["T", "P", 100]], ("A", "P", "T"), ""),
        ([["P", "A", 50], ["Q", "A", 50]], ("A",), ""),  # a joint venture in halves has no parent
        ([["P", "A", None]], ("A",), "P"),
        ([["P", "A", [40, 60]], ["Q", "A", 40]], ("A",), "P"),
        ([["P", "A", 60], ["A", "P", 60]], ("A", "P"), "circle through A"),
        ([["P", "A", None, {"control": True}], ["T", "A", None, {"control": True}]], ("A",), "several control A"),
        (
            # accounts that consolidate in the direct and in the ultimate parent name one way up
            [
                ["P", "A", None, {"control": True}],
                ["T", "A", None, {"control": True}],
                ["T", "P", None, {"control": True}],
            ],
            ("A", "P", "T"),
            "",
        ),
    ],
)
def test_the_ultimate_parent_by_holdings(edges: list[object], path: tuple[str, ...], words: str) -> None:
    way = ascend(graph_of(register_of({"edges": edges}, "g")), "A")
    assert way.path == path
    assert way.is_certain == (not words)
    assert words in way.open_point
