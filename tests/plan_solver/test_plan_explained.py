"""Repairs keep what they can and say why the rest moves; clashes are minimal; the second best is the second best."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_instances import DATA, read_instance
from plan_oracle import least_objective_usd
from plan_problems import compound_problem, problems, quoted_problem, tiny_problem

from lexloci.plan.capacity_prices import capacity_prices
from lexloci.plan.check import violations
from lexloci.plan.clash import Requirement, RequirementKind, can_all_be_met, minimal_clash
from lexloci.plan.problem import Job, Option, PoolCapacity, Problem, Slot
from lexloci.plan.repair import repair, why_not_stay
from lexloci.plan.second_best import second_best
from lexloci.plan.solve import solve

POOL = PoolCapacity("a", "north", ((0, 20, 1),))


@cache
def instance(name: str) -> Problem:
    return read_instance(DATA / f"{name}.json.gz")


def run(job: str, hours: int, windows_h: tuple[tuple[int, int], ...] = ((0, 20),), usd: float = 10.0) -> Option:
    return Option(f"{job}@a", job, "a", "north", nodes=1, hours=hours, usd=usd, windows_h=windows_h)


@settings(max_examples=60)
@given(problems(), problems(), st.sampled_from([None, 0.0, 1e4]))
def test_a_repair_is_a_sound_plan_of_the_new_day(before: Problem, after: Problem, usd_per_move: float | None) -> None:
    former = solve(before)
    fixed = repair(after, former.slots, usd_per_move)
    assert violations(after, fixed.schedule) == ()
    assert fixed.stayed <= fixed.untouched
    now = {slot.job: slot for slot in fixed.schedule.slots}
    was = {slot.job: slot for slot in former.slots}
    assert {move.job for move in fixed.moves} == {job.id for job in after.jobs if was.get(job.id) != now.get(job.id)}
    assert all(move.why for move in fixed.moves)
    if usd_per_move == 0.0:
        assert fixed.schedule.objective_usd == pytest.approx(least_objective_usd(after), abs=1e-3)


@settings(max_examples=60)
@given(problems())
def test_without_an_event_nothing_moves(problem: Problem) -> None:
    best = solve(problem)
    fixed = repair(problem, best.slots, 1.0)
    assert fixed.moves == ()
    assert (fixed.schedule.slots, fixed.stayed) == (best.slots, fixed.untouched)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: replace(p, options=p.options[1:]), "no longer lawful"),
        (lambda p: replace(p, options=(replace(p.options[0], windows_h=((9, 20),)), *p.options[1:])), "lawful window"),
        (lambda p: replace(p, pools=(replace(POOL, nodes_by_interval=((4, 20, 1),)),)), "no longer has 1 nodes"),
        (lambda p: replace(p, jobs=(replace(p.jobs[0], release_h=2), *p.jobs[1:])), "its release"),
        (lambda p: replace(p, jobs=p.jobs[1:], options=p.options[1:]), "no longer there"),
    ],
)
def test_a_move_that_must_be_says_what_forced_it(change, said: str) -> None:
    problem = Problem((Job("x", 100.0), Job("y", 100.0)), (run("x", 3), run("y", 3)), (POOL,), 20)
    slot = Slot("x", "x@a", 0)
    assert why_not_stay(problem, slot) is None
    assert said in str(why_not_stay(change(problem), slot))


def test_a_repair_after_a_lost_window_moves_one_workload_of_twenty_and_says_why() -> None:
    problem = instance("w20-seed0")
    best = solve(problem)
    lost = next(slot for slot in best.slots if len(problem.options_by_job[slot.job]) > 3)
    option = problem.option_by_id[lost.option]
    cut = replace(option, windows_h=((0, lost.start_h + option.hours - 1),))
    after = replace(problem, options=tuple(cut if one.id == option.id else one for one in problem.options))
    fixed = repair(after, best.slots, 1e4)
    assert violations(after, fixed.schedule) == ()
    assert fixed.stayed >= 0.9 * fixed.untouched
    whys = {move.job: move.why for move in fixed.moves}
    assert whys[lost.job] == "its lawful window no longer holds it"


def test_two_jobs_in_the_place_of_one_clash_with_their_windows_and_the_pool() -> None:
    options = (run("x", 6, ((0, 10),)), run("y", 6, ((0, 10),)), run("z", 2))
    problem = Problem((Job("x", 9.0), Job("y", 9.0), Job("z", 9.0)), options, (POOL,), 20)
    clash = minimal_clash(problem)
    assert clash is not None
    assert {str(one) for one in clash} == {
        "x is placed",
        "y is placed",
        "x keeps to its lawful windows",
        "y keeps to its lawful windows",
        "a has no more than its nodes",
    } or len(clash) == 4  # one window alone may do where the other job could then run in it
    assert minimal_clash(problem, ["x", "z"]) == ()


def test_a_clash_is_minimal_and_is_found_exactly_where_not_all_can_be_placed() -> None:
    found = 0
    for seed in range(120):
        problem = tiny_problem(seed, most_jobs=3)
        dear = replace(problem, jobs=tuple(replace(job, usd_if_unplaced=1e4) for job in problem.jobs))
        all_fit = least_objective_usd(dear) < 1e4
        clash = minimal_clash(problem)
        assert clash is not None
        assert (clash == ()) == all_fit, seed
        if not clash:
            continue
        found += 1
        assert can_all_be_met(problem, clash) is False
        for one in clash:
            assert can_all_be_met(problem, [other for other in clash if other != one]) is True, (seed, one)
    assert found > 40


@pytest.mark.parametrize("make", [quoted_problem, compound_problem])
def test_a_clash_is_minimal_with_quotes_pauses_and_split_jobs_too(make) -> None:
    found = 0
    for seed in range(40):
        problem = make(seed, most_jobs=3)
        clash = minimal_clash(problem)
        assert clash is not None
        dear = replace(problem, jobs=tuple(replace(job, usd_if_unplaced=1e4) for job in problem.jobs))
        assert (clash == ()) == (least_objective_usd(dear) < 1e4), seed
        if clash:
            found += 1
            assert can_all_be_met(problem, clash) is False
            for one in clash:
                assert can_all_be_met(problem, [other for other in clash if other != one]) is True, (seed, one)
    assert found > 10


def test_a_workload_without_any_option_clashes_alone() -> None:
    problem = Problem((Job("x", 9.0), Job("y", 9.0)), (run("y", 3),), (POOL,), 20)
    assert minimal_clash(problem) == (Requirement(RequirementKind.PLACED, "x"),)


def _plans(problem: Problem) -> dict[tuple[str | None, ...], float]:
    """The least objective of each way to choose an option or none for each job, by full enumeration."""
    found = {}
    choices = [[None, *(option.id for option in problem.options_by_job[job.id])] for job in problem.jobs]
    out_usd = 1e6
    for chosen in product(*choices):
        fixed = replace(
            problem,
            options=tuple(option for option in problem.options if option.id in chosen),
            jobs=tuple(
                replace(job, usd_if_unplaced=job.usd_if_unplaced if option is None else out_usd)
                for job, option in zip(problem.jobs, chosen, strict=True)
            ),
        )
        usd = least_objective_usd(fixed)
        if usd < out_usd:
            found[chosen] = usd
    return found


def test_the_second_best_is_the_cheapest_of_all_other_plans() -> None:
    compared = 0
    for seed in range(40):
        problem = tiny_problem(seed, most_jobs=2)
        best = solve(problem)
        taken = {slot.job: slot.option for slot in best.slots}
        mine = tuple(taken.get(job.id) for job in problem.jobs)
        others = [usd for chosen, usd in _plans(problem).items() if chosen != mine]
        second = second_best(problem, best)
        if not others:
            assert second is None, seed
            continue
        compared += 1
        assert second is not None
        assert violations(problem, second) == ()
        assert second.objective_usd == pytest.approx(min(others), abs=1e-3), seed
        assert {slot.job: slot.option for slot in second.slots} != taken
    assert compared > 20


def test_a_scarce_pool_has_a_price_and_one_with_room_has_none() -> None:
    pools = (POOL, PoolCapacity("b", "north", ((0, 20, 9),)))
    cheap = [run(job, 20, usd=10.0) for job in "xy"]
    dear = [replace(run(job, 20, usd=50.0), id=f"{job}@b", pool="b") for job in "xy"]
    problem = Problem((Job("x", 900.0), Job("y", 900.0)), (*cheap, *dear), pools, 20)
    prices = {one.resource: one for one in capacity_prices(problem, solve(problem).objective_usd)}
    assert prices["a"].usd_per_unit == pytest.approx(40.0, rel=0.05)
    assert prices["a"].scarce_h is not None
    assert prices["b"].usd_per_unit == 0.0
    assert prices["b"].scarce_h is None
