"""What stands behind a plan: a rule costs what its absence saves, and a plan may begin at a former one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plan_support import copy_to, job, placement, planned, rulebook, small, with_jobs, with_pools

from lexloci.plan.insight import deciding_rules, insight_of, rule_cost
from lexloci.plan.objective import Measure, values
from lexloci.plan.planner import make_plan
from lexloci.plan.search_settings import SearchSettings, former_slots, measures_of
from lexloci.plan.solve import solve
from lexloci.plan.statement import state


def home_bound():
    """A job whose private data a rule keeps at home, where work is dearer."""
    return job(small(), "train", datasets=("clients",))


def test_a_rule_that_keeps_work_at_home_costs_what_the_cheaper_place_would_save() -> None:
    made = planned(home_bound())
    rules = deciding_rules(made)
    assert rules
    best = solve(state(made.judge, made.answers).problem)
    costs = {rule: rule_cost(made, best, rulebook(), rule, 2.0, lambda _text: None) for rule in rules}
    for rule, cost in costs.items():
        without = replace(rulebook(), rules=tuple(one for one in rulebook().rules if one.id != rule))
        other = make_plan(home_bound(), without, time_limit_s=2.0).plan
        assert cost.usd == pytest.approx(made.plan.objective - other.objective)
        assert cost.more_placed == len(made.plan.unplaced) - len(other.unplaced)
        assert cost.title == rulebook().rule(rule).title


def test_what_a_rule_costs_is_in_usd_whatever_the_plan_was_made_for() -> None:
    green = planned(home_bound(), settings=SearchSettings(weights={Measure.CARBON: 1.0}))
    found = insight_of(green, rulebook(), time_limit_s=2.0)
    assert found.rules
    assert found.rules == insight_of(planned(home_bound()), rulebook(), time_limit_s=2.0).rules


def test_a_rule_is_priced_with_licences_assumed_where_the_plan_assumes_them() -> None:
    made = planned(with_pools(home_bound(), "cl"), assume_granted=True)
    assert made.assume_granted
    rule = "small.personal_data_stays"
    best = solve(state(made.judge, made.answers).problem)
    assert best.unplaced == ("train",)
    assert rule_cost(made, best, rulebook(), rule, 2.0, lambda _text: None).more_placed == 1


def test_insight_tells_the_second_best_and_what_clashes() -> None:
    alone = with_pools(small(), "is")
    second = replace(small().workloads[0], id="second", name="another")
    made = planned(with_jobs(alone, second))
    found = insight_of(made, rulebook(), time_limit_s=2.0, most_rules=0)
    assert found.rules == ()
    assert found.second_usd is not None
    assert found.second_usd >= -1e-6
    assert found.second
    assert bool(found.clash) == bool(made.plan.unplaced)


def test_a_plan_begins_at_a_former_one_and_is_no_dearer() -> None:
    made = planned(with_jobs(small(), copy_to("wellington")))
    statement = state(made.judge, made.answers)
    slots = former_slots(statement, made.plan)
    assert {slot.job for slot in slots} == {placement.workload for placement in made.plan.placements}
    again = planned(with_jobs(small(), copy_to("wellington")), settings=SearchSettings(former=made.plan))
    assert again.plan.objective == pytest.approx(made.plan.objective)


def test_a_plan_for_carbon_has_no_more_of_it_than_the_cheapest_and_says_its_unit() -> None:
    cheapest = planned(small())
    green = planned(small(), settings=SearchSettings(weights={Measure.CARBON: 1.0}))
    assert (cheapest.plan.unit, green.plan.unit) == ("USD", "1 x carbon (kg)")
    taken = [placement(made) for made in (cheapest, green)]
    assert all(taken)
    cheap, clean = (one.estimate.carbon_kg.point for one in taken if one is not None)
    assert clean <= cheap
    statement = state(green.judge, green.answers)
    slots = former_slots(statement, green.plan)
    told = values(statement.problem, measures_of(statement, green.answers), slots)[Measure.CARBON]
    assert green.plan.objective == pytest.approx(told)
    assert green.plan.cost_usd == pytest.approx(sum(one.cost_usd for one in green.plan.placements))
