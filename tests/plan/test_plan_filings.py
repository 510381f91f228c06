"""Work starts no earlier than what must be filed ahead of it can have been filed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from plan_support import AS_OF, placement, pool, rulebook, small, with_pools

from lexloci.law.rule import DutyRule, Rulebook, Standing, Turn
from lexloci.model.act import ActKind
from lexloci.model.portfolio import Portfolio
from lexloci.model.record import Authorisation
from lexloci.plan.planner import make_plan


def filing(lead_days: int) -> Rulebook:
    """The invented rulebook in which users of chips in New Zealand file so many days ahead."""
    turn = Turn(date(2025, 1, 1), Standing.IN_FORCE, date(2025, 1, 1), None, "invented")
    duty = DutyRule("file ahead", "filing", lead_days)
    rules = tuple(
        replace(rule, turns=(turn,), duties=(duty,)) if rule.id == "small.report_in_may" else rule
        for rule in rulebook().rules
    )
    return replace(rulebook(), rules=rules)


def started(portfolio: Portfolio, lead_days: int) -> date | None:
    found = placement(make_plan(portfolio, filing(lead_days)))
    return None if found is None else found.start


def test_a_start_waits_for_the_lead_time_of_a_filing() -> None:
    home = with_pools(small(), "nz")
    assert started(home, 0) == AS_OF
    assert started(home, 40) == AS_OF + timedelta(40)


def test_a_filing_on_record_holds_up_nothing() -> None:
    held = Authorisation("F", "filing", "New Zealand", "kiwi", ("nz",), date(2025, 6, 1))
    assert started(replace(with_pools(small(), "nz"), authorisations=(held,)), 40) == AS_OF


def test_a_filing_that_takes_longer_than_the_horizon_closes_the_pool() -> None:
    home = with_pools(small(), "nz")
    assert started(home, 400) is None
    (answer,) = make_plan(home, filing(400)).plan.unplaced[0].alternatives
    assert answer.why == "what must be filed ahead of a start takes longer than its days last"


def test_an_assumed_licence_waits_for_a_filing_that_takes_longer() -> None:
    book = filing(40)
    in_chile = book.rule("small.chile_operating_licence").when
    rules = tuple(replace(one, when=in_chile) if one.id == "small.report_in_may" else one for one in book.rules)
    made = make_plan(with_pools(small(), "cl"), replace(book, rules=rules), assume_granted=True)
    found = placement(made)
    assert found is not None
    assert found.conditional_on
    assert found.start == AS_OF + timedelta(40)


def supply_filing(lead_days: int) -> Rulebook:
    """The same for those who supply chips to Iceland."""
    book = filing(lead_days)
    rules = tuple(
        replace(one, acts=frozenset({ActKind.EXPORT}), when=book.rule("small.iceland_ends_training").when)
        if one.id == "small.report_in_may"
        else one
        for one in book.rules
    )
    return replace(book, rules=rules)


def test_a_filing_that_comes_after_the_day_of_a_supply_opens_nothing() -> None:
    """Chips that are bought come on their day, whether what must be filed ahead of it is filed by then or not."""
    iceland = with_pools(small(), "is")
    for day, expected in ((-1, AS_OF), (0, None), (39, None), (40, AS_OF + timedelta(40))):
        got = pool(iceland, "is", held_since=AS_OF + timedelta(day))
        found = placement(make_plan(got, supply_filing(40)))
        assert (found and found.start) == expected, day
