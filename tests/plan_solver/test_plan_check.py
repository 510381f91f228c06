"""The checker finds each kind of planted violation, and finds nothing in a schedule that keeps the conditions."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from lexloci.plan import check
from lexloci.plan.check import violations
from lexloci.plan.problem import Job, Option, PoolCapacity, Problem, Schedule, SitePower, Slot, SolverStatus

PROBLEM = Problem(
    jobs=(
        Job("first", usd_if_unplaced=500.0, release_h=1, due_h=4, usd_per_hour_late=2.0),
        Job("second", usd_if_unplaced=500.0, after=("first",)),
        Job("third", usd_if_unplaced=300.0),
        Job("copy", usd_if_unplaced=90.0),
    ),
    options=(
        Option("first@a", "first", "a", "north", nodes=2, hours=4, usd=40.0, windows_h=((0, 6), (8, 20)), kw=6.0),
        Option("second@a", "second", "a", "north", nodes=2, hours=3, usd=30.0, windows_h=((0, 24),), kw=6.0),
        Option("second@b", "second", "b", "south", nodes=1, hours=3, usd=35.0, windows_h=((0, 24),)),
        Option("second@c", "second", "c", "far", nodes=1, hours=3, usd=35.0, windows_h=((0, 24),)),
        Option("third@a", "third", "a", "north", nodes=2, hours=2, usd=20.0, windows_h=((0, 30),), kw=5.0),
        Option("copy@north", "copy", None, "north", nodes=0, hours=1, usd=1.0, windows_h=((0, 24),)),
    ),
    pools=(
        PoolCapacity("a", "north", ((0, 10, 4), (10, 14, 1), (14, 24, 4))),
        PoolCapacity("b", "south", ((0, 24, 1),)),
        PoolCapacity("c", "far", ((0, 24, 1),)),
    ),
    horizon_h=24,
    delay_h={("north", "south"): 5},
    power=(SitePower("north", 11.0),),
)
SLOTS = {
    "first": Slot("first", "first@a", 1),
    "second": Slot("second", "second@b", 10),
    "third": Slot("third", "third@a", 1),
    "copy": Slot("copy", "copy@north", 2),
}


def schedule(*without: str, **changed: Slot) -> Schedule:
    """The sound schedule with slots changed or left out, with the sums that are right for it."""
    slots = {**SLOTS, **changed}
    return PROBLEM.schedule((slots[job] for job in slots if job not in without), 0.0, SolverStatus.STOPPED)


def only(found: tuple[str, ...], *said: str) -> None:
    """Exactly these violations were found, in any order."""
    assert len(found) == len(said), found
    for text in said:
        assert any(text in line for line in found), (text, found)


def test_a_sound_schedule_has_no_violation() -> None:
    assert violations(PROBLEM, schedule()) == ()
    assert violations(PROBLEM, schedule("first", "second", "third", "copy")) == ()
    assert violations(PROBLEM, schedule(second=Slot("second", "second@a", 5))) == ()


def test_a_run_across_the_gap_between_two_windows_is_found() -> None:
    only(violations(PROBLEM, schedule("second", first=Slot("first", "first@a", 5))), "runs [5, 9) outside every window")


def test_a_run_past_the_end_of_its_window_is_found() -> None:
    found = violations(PROBLEM, schedule("second", first=Slot("first", "first@a", 17)))
    only(found, "job first: runs [17, 21) outside every window of option first@a")


def test_a_run_past_the_horizon_is_found() -> None:
    found = violations(PROBLEM, schedule(third=Slot("third", "third@a", 23)))
    only(found, "job third: runs [23, 25) outside the horizon [0, 24)", "pool a: 2 nodes run at hour 24, it has 0")


def test_a_run_before_the_horizon_is_found() -> None:
    found = violations(PROBLEM, schedule(copy=Slot("copy", "copy@north", -1)))
    only(found, "outside every window", "job copy: runs [-1, 0) outside the horizon", "before its release at 0")


def test_a_start_before_the_release_is_found() -> None:
    found = violations(PROBLEM, schedule(first=Slot("first", "first@a", 0)))
    only(found, "job first: starts at 0, before its release at 1")


def test_more_nodes_than_a_pool_has_are_found_where_it_has_shrunk() -> None:
    found = violations(PROBLEM, schedule(third=Slot("third", "third@a", 9)))
    only(found, "pool a: 2 nodes run at hour 10, it has 1")


def test_more_nodes_than_a_pool_has_are_found_where_jobs_overlap() -> None:
    tight = replace(PROBLEM, pools=(replace(PROBLEM.pools[0], nodes_by_interval=((0, 24, 3),)), *PROBLEM.pools[1:]))
    only(violations(tight, schedule()), "pool a: 4 nodes run at hour 1, it has 3")


def test_more_power_than_a_site_has_is_found() -> None:
    tight = replace(PROBLEM, power=(SitePower("north", 10.5),))
    said = "site north: 11.0 kW drawn at hour 1, its limit is 10.5 kW"
    only(violations(tight, schedule("copy")), said)


def test_a_start_before_the_end_of_the_predecessor_is_found() -> None:
    found = violations(PROBLEM, schedule("third", second=Slot("second", "second@a", 4)))
    only(found, "its predecessor first lets it at 5", "site north: 12.0 kW")


def test_a_start_before_the_transfer_has_ended_is_found() -> None:
    found = violations(PROBLEM, schedule(second=Slot("second", "second@b", 9)))
    only(found, "job second: starts at 9, its predecessor first lets it at 10")


def test_a_transfer_where_no_way_is_stated_is_found() -> None:
    found = violations(PROBLEM, schedule(second=Slot("second", "second@c", 20)))
    only(found, "job second: nothing moves from north of first to far")


def test_the_own_delays_of_a_predecessor_replace_those_of_the_problem() -> None:
    first = replace(PROBLEM.jobs[0], delay_h={("north", "far"): 2})
    problem = replace(PROBLEM, jobs=(first, *PROBLEM.jobs[1:]))
    only(violations(problem, schedule()), "nothing moves from north of first to south")
    assert violations(problem, schedule(second=Slot("second", "second@c", 7))) == ()


def test_a_job_whose_predecessor_is_left_out_is_found() -> None:
    only(violations(PROBLEM, schedule("first")), "job second: placed although its predecessor first is left out")


def test_a_job_placed_twice_is_found() -> None:
    twice = replace(schedule(), slots=(*schedule().slots, Slot("copy", "copy@north", 20)))
    only(violations(PROBLEM, twice), "job copy: placed 2 times")


def test_the_option_of_another_job_is_found() -> None:
    found = violations(PROBLEM, schedule(copy=Slot("copy", "third@a", 20)))
    only(found, "job copy: option third@a belongs to job third")


@pytest.mark.parametrize(
    ("slots", "unplaced", "said"),
    [
        ((*SLOTS.values(), Slot("ghost", "third@a", 20)), (), "slot of ghost: no such job"),
        ((*SLOTS.values(),), ("ghost",), "unplaced ghost: no such job"),
        ((*SLOTS.values(),), ("copy",), "job copy: placed and also listed as unplaced"),
    ],
)
def test_slots_and_unplaced_that_do_not_match_the_jobs_are_found(
    slots: tuple[Slot, ...], unplaced: tuple[str, ...], said: str
) -> None:
    only(violations(PROBLEM, replace(schedule(), slots=slots, unplaced=unplaced)), said)


def test_a_job_that_is_nowhere_is_found() -> None:
    found = violations(PROBLEM, replace(schedule("copy"), unplaced=()))
    only(found, "job copy: not placed and listed 0 times as unplaced")


def test_an_option_that_does_not_exist_is_found() -> None:
    slots = (*(slot for slot in schedule().slots if slot.job != "copy"), Slot("copy", "copy@moon", 2))
    found = violations(PROBLEM, replace(schedule(), slots=slots))
    assert "job copy: no such option copy@moon" in found


@pytest.mark.parametrize(
    ("name", "field"), [("cost", "cost_usd"), ("lateness", "lateness_usd"), ("unplaced", "unplaced_usd")]
)
def test_a_part_of_the_objective_that_is_wrong_is_found(name: str, field: str) -> None:
    sound = schedule("third")
    parts = replace(sound.parts, **{field: getattr(sound.parts, field) - 0.01})
    only(violations(PROBLEM, replace(sound, parts=parts)), f"{name}: ")


def test_an_objective_that_is_not_the_sum_is_found() -> None:
    sound = schedule()
    only(violations(PROBLEM, replace(sound, objective_usd=50.0, gap_usd=50.0)), "objective: 50.0 USD stated, 98.0 USD")


def test_a_gap_that_is_not_the_difference_is_found() -> None:
    only(violations(PROBLEM, replace(schedule(), gap_usd=1.0)), "gap: 1.0 USD stated, 98.0 USD computed")


def test_a_bound_above_the_objective_is_found() -> None:
    only(violations(PROBLEM, replace(schedule(), bound_usd=99.0, gap_usd=-1.0)), "bound: 99.0 USD is above")


def test_the_checker_imports_and_calls_nothing_of_the_solver() -> None:
    tree = ast.parse(Path(check.__file__).read_text(encoding="utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert modules == {"__future__", "collections.abc", "lexloci.plan.problem"}
    of_problem = [
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "problem"
    ]
    assert set(of_problem) <= set(Problem.__dataclass_fields__)
    used = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert used & {"watts", "most_nodes", "intervals_with"} == set()
