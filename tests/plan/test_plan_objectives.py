"""Objectives of a portfolio's plan beside cost: licences, points for review, concentration, and one after another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from plan_support import in_norway, job, placement, planned, small, with_jobs, with_pools

from lexloci.model.portfolio import Portfolio
from lexloci.model.record import Reading
from lexloci.plan.objective import USUAL, Measure, values
from lexloci.plan.search_settings import SearchSettings, former_slots, measures_of
from lexloci.plan.statement import state
from lexloci.report.json_form import plan_json

COST = {Measure.COST: 1.0}


def twins() -> Portfolio:
    """Two alike jobs for pools in two countries."""
    both = with_jobs(small(), replace(small().workloads[0], id="second", name="train another"))
    return with_pools(both, "nz", "is")


def countries(portfolio: Portfolio, **settings: object) -> set[str]:
    made = planned(portfolio, settings=SearchSettings(**settings))
    assert made.plan.unplaced == ()
    return {one.site for one in made.plan.placements}


def test_cost_puts_both_in_the_cheapest_country_and_concentration_spreads_them() -> None:
    assert countries(twins()) == {"reykjavik"}
    assert countries(twins(), weights={Measure.CONCENTRATION: 1.0}) == {"auckland", "reykjavik"}
    assert countries(twins(), weights={**USUAL, Measure.CONCENTRATION: 100.0}) == {"auckland", "reykjavik"}
    assert countries(twins(), weights=COST, then=({Measure.CONCENTRATION: 1.0},)) == {"reykjavik"}
    assert countries(twins(), weights={Measure.CONCENTRATION: 1.0}, then=(COST,)) == {"auckland", "reykjavik"}


def test_licences_come_first_where_the_order_says_so() -> None:
    cheap = planned(small(), assume_granted=True)
    assert placement(cheap).conditional_on
    order = SearchSettings(weights={Measure.LICENCES: 1.0}, then=(COST,))
    made = planned(small(), assume_granted=True, settings=order)
    assert placement(made).conditional_on == ()
    assert placement(made).pool == "is"
    assert made.plan.levels[0].value == 0.0
    assert made.plan.levels[-1].value == made.plan.objective
    assert [one["unit"] for one in plan_json(made.plan)["levels"]] == [one.unit for one in made.plan.levels]
    assert cheap.plan.levels == ()


def test_a_placement_that_rests_on_a_reading_counts_as_a_point_for_review() -> None:
    reading = Reading("small.meaning", "narrow", "counsel", date(2025, 1, 1), "adviser")
    portfolio = replace(with_pools(in_norway(small()), "is", "nz"), readings=(reading,))
    cheap = planned(portfolio)
    statement = state(cheap.judge, cheap.answers)
    measures = measures_of(statement, cheap.answers)
    told = values(statement.problem, measures, former_slots(statement, cheap.plan))[Measure.REVIEWS]
    assert placement(cheap).pool == "is"
    assert told == 1.0
    order = SearchSettings(weights={Measure.REVIEWS: 1.0}, then=(COST,))
    assert placement(planned(portfolio, settings=order)).pool == "nz"
    assert placement(planned(job(small(), "train"), settings=order)).pool == "is"
