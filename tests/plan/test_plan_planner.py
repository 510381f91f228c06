"""What a plan promises: capacity and power, sums and bounds, reasons, the same answer twice, and nothing unlawful."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from plan_support import (
    AS_OF,
    HERE,
    changed,
    copy_to,
    determined,
    job,
    placement,
    planned,
    pool,
    rulebook,
    serve,
    small,
    unlawful_days,
    why_unplaced,
    with_jobs,
    with_pools,
)

import lexloci
from lexloci.model.errors import PlanError
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Portfolio
from lexloci.perf.energy import load_factor
from lexloci.plan.judge import Judge
from lexloci.plan.planner import answers_of, judge_for, plan_of
from lexloci.plan.questions import determine_portfolio
from lexloci.report.matrix_of import matrix_of_answers, matrix_of_plan
from lexloci.report.outcome_style import strictest


def busy() -> Portfolio:
    """Five jobs for three pools."""
    second = replace(small().workloads[0], id="second", name="train another", tokens=5e10)
    third = replace(small().workloads[0], id="third", name="tune on clients", datasets=("clients",), tokens=2e10)
    return with_jobs(small(), second, third, copy_to("wellington"), serve("NZ", "FR", after=("home",)))


def test_the_cheapest_lawful_pool_is_taken() -> None:
    found = placement(planned(small()))
    assert found is not None
    assert (found.pool, found.site, found.outcome) == ("is", "reykjavik", Outcome.PERMITTED)
    assert found.cost_usd == pytest.approx(found.estimate.cost_usd.point)


def test_private_data_keeps_the_work_at_home() -> None:
    found = placement(planned(job(small(), "train", datasets=("clients",))))
    assert found is not None
    assert found.pool == "nz"


def test_data_is_brought_at_the_price_of_the_link() -> None:
    made = planned(with_pools(job(small(), "train", datasets=("manuals",)), "is"))
    found = placement(made)
    assert found is not None
    assert found.cost_usd == pytest.approx(found.estimate.cost_usd.point + 1e12 / 1e9 * 0.05)


def test_data_without_a_link_cannot_be_brought() -> None:
    made = planned(replace(with_pools(job(small(), "train", datasets=("manuals",)), "is"), links=()))
    assert made.plan.unplaced[0].alternatives[0].why.startswith("manuals of Kiwi cannot be brought from auckland")


def test_the_sums_of_a_plan_are_those_of_its_placements() -> None:
    made = planned(busy())
    assert made.plan.cost_usd == pytest.approx(sum(one.cost_usd for one in made.plan.placements))
    assert made.plan.objective >= made.plan.bound
    assert made.plan.gap == pytest.approx(made.plan.objective - made.plan.bound)
    assert made.plan.objective >= made.plan.cost_usd
    placed = [one.workload for one in made.plan.placements] + [one.workload for one in made.plan.unplaced]
    assert sorted(placed) == sorted(one.id for one in made.portfolio.workloads)


def test_nothing_in_a_plan_is_unlawful_on_any_of_its_days() -> None:
    made = planned(busy())
    assert len(made.plan.placements) == 5
    assert unlawful_days(made, rulebook()) == []


def test_the_oracle_sees_an_unlawful_day() -> None:
    made = planned(small())
    place = replace(made.plan.placements[0], start=date(2026, 5, 31), end=date(2026, 6, 2))
    moved = replace(made, plan=replace(made.plan, placements=(place,)))
    assert unlawful_days(moved, rulebook()) == ["train in is on 2026-06-01: prohibited"]


def test_a_determination_in_a_plan_is_what_the_judge_answers_when_asked_directly() -> None:
    made = planned(busy())
    for place in made.plan.placements:
        if made.portfolio.workload_by_id[place.workload].to_site is not None:
            continue
        asked = determined(made.portfolio, place.pool, place.workload, place.start)
        assert place.determination.legs[: len(asked.legs)] == asked.legs
        assert place.determination == asked or len(place.determination.legs) > len(asked.legs)


def test_every_answer_names_its_own_workload_and_pool_whatever_was_asked_before() -> None:
    twin = replace(small().pool_by_id["is"], id="is-2")
    second = replace(small().workloads[0], id="second")
    portfolio = replace(with_jobs(small(), second), pools=(*small().pools, twin))
    judge = judge_for(portfolio, rulebook())
    for workload in portfolio.workloads:
        for one in portfolio.pools:
            asked = judge.placement(workload, one, AS_OF)
            assert asked == determined(portfolio, one.id, workload.id)
            assert all(leg.id.startswith(f"{workload.id}@{one.id}:") for leg in asked.legs)


def test_a_duty_that_begins_while_the_job_runs_is_in_the_plan() -> None:
    portfolio = job(with_pools(small(), "nz"), "train", release=date(2026, 4, 20))
    found = placement(planned(portfolio))
    assert found is not None
    assert found.start < date(2026, 5, 1) < found.end
    assert [duty.text for duty in found.determination.duties] == ["report each month"]
    assert found.outcome is Outcome.PERMITTED_WITH_DUTIES
    assert determined(portfolio, "nz", start=found.start).duties == ()


def test_a_duty_that_begins_after_the_job_is_not() -> None:
    found = placement(planned(with_pools(small(), "nz")))
    assert found is not None
    assert found.determination.duties == ()


def test_a_pool_never_runs_more_than_its_chips() -> None:
    second = replace(small().workloads[0], id="second")
    third = replace(small().workloads[0], id="third")
    made = planned(with_jobs(with_pools(small(), "nz"), second, third))
    assert len(made.plan.placements) == 3
    for offset in range((made.portfolio.horizon_until - AS_OF).days):
        day = AS_OF + timedelta(days=offset)
        # an end is the first day after a job's last hour: two jobs may share a day, never an hour
        inside = [one for one in made.plan.placements if one.start < day < one.end - timedelta(days=1)]
        assert sum(one.chips for one in inside) <= 16


def test_a_site_never_draws_more_than_its_power() -> None:
    chips = 8 * 0.5 * 1.8 * 1.3 / 1000  # MW of eight chips at the most, with servers and cooling
    portfolio = with_jobs(with_pools(small(), "nz"), replace(small().workloads[0], id="second"))
    limited = changed(portfolio, "sites", "auckland", power_mw=chips)
    both = planned(limited).plan.placements
    assert [one.chips for one in both] == [8, 8]
    assert both[1].start >= both[0].end - timedelta(days=1)
    dark = changed(portfolio, "sites", "auckland", power_mw=0.0001)
    assert planned(dark).plan.placements == ()


def test_a_service_with_quiet_hours_needs_the_power_of_its_full_load() -> None:
    portfolio = replace(with_pools(small(), "nz"), workloads=(serve("NZ", mean_share=0.05),))
    found = planned(portfolio).plan.placements[0]
    hours = found.estimate.duration_s.point / 3600
    mean_mw = found.estimate.energy_kwh.point / hours / 1000
    full_mw = mean_mw / load_factor(found.estimate.busy).point
    assert full_mw > 1.3 * mean_mw
    for limit, placed in ((1.2 * mean_mw, 0), (0.99 * full_mw, 0), (1.01 * full_mw, 1)):
        assert len(planned(changed(portfolio, "sites", "auckland", power_mw=limit)).plan.placements) == placed


def test_every_other_open_pool_is_an_alternative_with_its_reason() -> None:
    made = planned(small())
    found = placement(made)
    assert found is not None
    reasons = {one.pool: (one.outcome, one.why, one.cost_usd) for one in found.alternatives}
    assert set(reasons) == {"nz", "cl"}
    assert reasons["nz"][2] is not None
    dearer = reasons["nz"][2] - found.cost_usd
    assert dearer > 0
    assert reasons["nz"][1].startswith(f"lawful, dearer by {dearer:,.0f} USD")
    assert reasons["cl"][0] is Outcome.LICENCE_CASE_BY_CASE
    assert "Invented Act, chile_operating_licence" in reasons["cl"][1]
    assert reasons["cl"][2] is None


def test_a_pool_that_is_not_open_to_the_party_is_no_alternative() -> None:
    found = placement(planned(pool(small(), "cl", users=("frost",))))
    assert found is not None
    assert {one.pool for one in found.alternatives} == {"nz"}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"party": "maker"}, "no pool is open to maker in its time"),
        ({"military_or_weapons_use": True}, "no pool is lawful, large enough and near enough: 3 prohibited"),
        ({"military_or_weapons_use": None}, "no pool is lawful, large enough and near enough: 3 human review"),
        ({"max_chips": 1}, "no pool is lawful, large enough and near enough: 2 lawful, but unfit, 1 licence required"),
        ({"usd_if_unplaced": 1.0}, "its lawful pools are full, too slow or too dear: leaving it out costs less"),
        ({"tokens": 1e15}, "its lawful pools are full, too slow or too dear: leaving it out costs less"),
    ],
)
def test_a_workload_without_a_place_says_why(changes: dict[str, object], why: str) -> None:
    made = planned(job(small(), "train", **changes))
    assert why_unplaced(made).startswith(why)
    assert made.plan.cost_usd == 0.0
    assert made.plan.objective > 0


def test_a_human_review_names_what_is_missing() -> None:
    made = planned(job(small(), "train", military_or_weapons_use=None))
    (unplaced,) = made.plan.unplaced
    assert all(one.why == "human review: workload.military_or_weapons_use" for one in unplaced.alternatives[:2])


def test_electricity_without_a_price_is_refused_and_never_free() -> None:
    bare = changed(small(), "sites", "reykjavik", electricity_usd_per_kwh=None)
    free = planned(with_pools(pool(bare, "is", power_included=False), "is"))
    assert placement(free) is None
    assert "states no electricity_usd_per_kwh" in free.plan.unplaced[0].alternatives[0].why
    assert placement(planned(with_pools(bare, "is"))) is not None


def test_a_horizon_that_has_passed_is_an_error_in_one_line() -> None:
    with pytest.raises(PlanError, match=r"^horizon_until 2026-01-05 is not after as_of 2026-01-05; move one of them$"):
        planned(replace(small(), horizon_until=AS_OF))


def test_a_plan_of_nothing_is_empty() -> None:
    made = planned(replace(small(), workloads=()))
    assert (made.plan.placements, made.plan.unplaced, made.plan.objective) == ((), (), 0.0)
    assert strictest(one.outcome for one in made.plan.placements) is None


@pytest.mark.slow
def test_the_same_portfolio_has_the_same_plan_in_every_process() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(HERE)!r})\n"
        "from test_plan_planner import busy\n"
        "from plan_support import planned\n"
        "print([(p.workload, p.pool, p.chips, p.start, p.end, p.cost_usd) for p in planned(busy()).plan.placements])"
    )
    source = str(Path(lexloci.__file__).parents[1])
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": source},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


def test_the_matrix_has_a_cell_for_each_pool_that_was_asked() -> None:
    made = planned(busy())
    matrix = matrix_of_plan(made)
    assert set(matrix.rows) == {"train", "second", "third", "serve"}
    assert set(matrix.columns) == {"nz", "is", "cl"}
    for workload in matrix.rows:
        for answer in made.answers[workload]:
            cell = matrix.cell(workload, answer.pool.id)
            assert cell is not None
            assert cell.outcome is answer.first_outcome
            assert cell.determination == answer.segments[0].determination
            assert cell.reason
    prohibited = matrix.cell("third", "is")
    assert prohibited is not None
    assert "Personal data stays in New Zealand" in prohibited.reason


def test_the_matrix_of_answers_says_what_determine_says_and_asks_no_copy() -> None:
    answers = determine_portfolio(busy(), rulebook())
    matrix = matrix_of_answers(busy(), answers)
    assert set(matrix.rows) == {"train", "second", "third", "serve"}
    assert len(matrix.cells) == len(answers) == 12
    for answer in answers:
        cell = matrix.cell(answer.workload.id, answer.pool.id)
        assert cell is not None
        assert cell.determination is answer.determination
        assert answer.determination == determined(busy(), answer.pool.id, answer.workload.id, answer.start)


def test_determine_asks_only_the_pools_that_are_open_to_the_party() -> None:
    answers = determine_portfolio(pool(small(), "cl", users=("frost",)), rulebook())
    assert [answer.pool.id for answer in answers] == ["nz", "is"]


def test_days_of_change_are_those_of_rules_known_and_of_records() -> None:
    judge = judge_for(small(), rulebook())
    assert isinstance(judge, Judge)
    assert [day for day in judge.breakpoints if day > AS_OF] == [
        date(2026, 2, 1),
        date(2026, 5, 1),
        date(2026, 6, 1),
    ]


def test_a_placement_that_the_law_refuses_when_asked_anew_is_never_shown():
    """Windows that are wrong, whatever the reason, end in an error."""
    judge = judge_for(with_pools(small(), "cl"), rulebook())
    (answer,) = answers_of(judge, assume_granted=True)["train"]
    wrong = replace(answer, choices=tuple(replace(one, conditions=()) for one in answer.choices))
    with pytest.raises(PlanError, match="licence required"):
        plan_of(judge, {"train": (wrong,)})
