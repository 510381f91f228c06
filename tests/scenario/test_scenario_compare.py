"""What another day changes: which answers, which work moves, where to, at what cost, and which rule is behind it."""

from __future__ import annotations

from datetime import date

from plan_support import AS_OF, copy_to, placement, planned, pool, small, with_jobs, with_pools

import lexloci
from lexloci.case import read_portfolio
from lexloci.case.template import template
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Portfolio
from lexloci.plan.planner import with_question
from lexloci.scenario.compare import compare
from lexloci.scenario.compare_types import Comparison, Move

SUMMER = date(2026, 7, 1)


def between(portfolio: Portfolio, before: date, after: date) -> Comparison:
    plans = [planned(with_question(portfolio, day, None, None)) for day in (before, after)]
    return compare(plans[0], plans[1], str(before), str(after))


def test_a_rule_that_begins_moves_the_work_and_is_named() -> None:
    found = between(small(), AS_OF, SUMMER)
    (move,) = found.moves
    assert (move.workload, move.before, move.after) == ("train", "is", "nz")
    assert move.why.startswith("prohibited: Iceland ends training")
    before, after = (placement(planned(with_question(small(), day, None, None))) for day in (AS_OF, SUMMER))
    assert before is not None
    assert after is not None
    assert (move.cost_before, move.cost_after) == (before.cost_usd, after.cost_usd)
    assert (found.before.cost_usd, found.after.cost_usd) == (before.cost_usd, after.cost_usd)
    assert (found.before_label, found.after_label) == ("2026-01-05", "2026-07-01")


def test_every_answer_that_changes_is_named_with_the_rule_behind_it() -> None:
    assert [(one.pool, one.before, one.after) for one in between(small(), AS_OF, SUMMER).outcome_changes] == [
        ("nz", Outcome.PERMITTED, Outcome.PERMITTED_WITH_DUTIES),
        ("is", Outcome.PERMITTED, Outcome.PROHIBITED),
    ]
    rules = {one.pool: one.rule for one in between(small(), AS_OF, SUMMER).outcome_changes}
    assert rules["is"].startswith("Iceland ends training, in force since 2026-06-01")
    assert rules["nz"].startswith("Users of chips in New Zealand report from May 2026")


def test_a_rule_that_ends_is_named_as_one_that_no_longer_counts() -> None:
    found = between(small(), SUMMER, AS_OF)
    (change,) = [one for one in found.outcome_changes if one.pool == "is"]
    assert (change.before, change.after) == (Outcome.PROHIBITED, Outcome.PERMITTED)
    assert change.rule.startswith("no longer counts: Iceland ends training")
    (move,) = found.moves
    assert (move.before, move.after) == ("nz", "is")
    assert move.why.startswith("is opens: no longer counts: Iceland ends training")
    assert move.rule == change.rule_id == "small.iceland_ends_training"


def test_two_equal_plans_differ_in_nothing() -> None:
    found = between(small(), AS_OF, AS_OF)
    assert (found.moves, found.outcome_changes) == ((), ())
    assert found.before.cost_usd == found.after.cost_usd > 0


def test_work_that_loses_its_only_place_moves_to_none() -> None:
    (move,) = between(with_pools(small(), "is"), AS_OF, SUMMER).moves
    assert (move.before, move.after, move.cost_after) == ("is", "", None)
    assert "Iceland ends training" in move.why


def test_work_that_gains_a_place_had_none_before() -> None:
    (move,) = between(with_pools(small(), "is"), SUMMER, AS_OF).moves
    assert (move.before, move.after, move.cost_before) == ("", "is", None)
    assert move.why.startswith("is opens: no longer counts: Iceland ends training")


def test_a_pool_that_closes_soon_after_names_the_day_and_the_rule() -> None:
    (move,) = between(small(), AS_OF, date(2026, 5, 25)).moves
    assert (move.before, move.after) == ("is", "nz")
    assert move.why.startswith("is is not lawful from 2026-06-01 until 2026-12-31: prohibited: Iceland ends training")


def test_a_pool_that_is_gone_is_said_to_be() -> None:
    (move,) = between(pool(small(), "is", available_until=date(2026, 5, 1)), AS_OF, date(2026, 5, 2)).moves
    assert move.why == "is is gone, or not yet there"


def test_a_copy_moves_because_the_work_before_it_did() -> None:
    moves = {one.workload: one for one in between(with_jobs(small(), copy_to("auckland")), AS_OF, SUMMER).moves}
    assert (moves["home"].before, moves["home"].after) == ("is", "nz")
    assert moves["home"].why == "it follows train"


def test_a_price_that_rises_moves_the_work_and_no_rule_is_blamed() -> None:
    dear = pool(small(), "is", usd_per_chip_hour=9.0)
    found = compare(planned(small()), planned(dear), "cheap", "dear")
    assert found.outcome_changes == ()
    why = "is stays lawful: price, capacity or dates decide"
    assert found.moves == (Move("train", "is", "nz", found.before.cost_usd, found.after.cost_usd, why),)


def test_the_public_functions_may_be_called_in_any_order_and_again() -> None:
    portfolio = read_portfolio("template.yaml", text=template())
    first = lexloci.plan(portfolio).plan
    assert lexloci.determine(portfolio)
    assert lexloci.plan(portfolio).plan == first
    found = lexloci.compare(portfolio, portfolio.as_of, date(2026, 9, 1))
    assert found.before_label == f"as of {portfolio.as_of}"
