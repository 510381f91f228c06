"""Instance files are read as their form says, and refused in one line where they are none."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from benchmarks.planning.grasp import grasp
from benchmarks.planning.philly import philly_instance
from benchmarks.planning.together import PARTS, together
from plan_instances import DATA

from lexloci.model.errors import PlanError
from lexloci.plan.check import violations
from lexloci.plan.instance import problem_of, read_instance
from lexloci.plan.problem import Problem, SolverStatus
from lexloci.plan.solve import solve


def raw(name: str = "w20-seed0") -> dict[str, Any]:
    with gzip.open(DATA / f"{name}.json.gz", "rt", encoding="utf-8") as file:
        return dict(json.load(file))


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.glob("*.json.gz")))
def test_each_fixed_instance_says_in_the_problem_what_it_says_in_the_file(name: str) -> None:
    instance, problem = raw(name.removesuffix(".json.gz")), read_instance(DATA / name)
    assert len(problem.jobs) == len(instance["workloads"])
    assert len(problem.options) == sum(len(work["options"]) for work in instance["workloads"])
    assert sum(pool.most_nodes for pool in problem.pools) == sum(pool["nodes"] for pool in instance["pools"])
    for job, work in zip(problem.jobs, instance["workloads"], strict=True):
        assert (job.id, job.release_h, job.due_h) == (work["name"], work["release_h"], work["due_h"])
        assert job.usd_per_hour_late * 24 == pytest.approx(work["weight"])
        assert [problem.jobs[place].id for place in work["predecessors"]] == list(job.after)
        for option, said in zip(problem.options_by_job[job.id], work["options"], strict=True):
            assert (option.nodes, option.hours, option.usd) == (said["nodes"], said["duration_h"], said["cost"])
            assert [list(window) for window in option.windows_h] == said["legal_windows_h"]
            assert option.site == instance["sites"][instance["pools"][said["pool"]]["site"]]["name"]


def test_a_file_may_be_plain_or_compressed(tmp_path: Path) -> None:
    plain = tmp_path / "one.json"
    plain.write_text(json.dumps(raw()), encoding="utf-8")
    assert read_instance(plain) == read_instance(DATA / "w20-seed0.json.gz")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "is no JSON"),
        (b"{}", "no field 'sites'"),
        (b"[]", "a field has no meaning"),
        (json.dumps({**raw(), "pools": [{"site": 99, "nodes": 1}]}).encode(), "place 99 of 10"),
        (json.dumps({**raw(), "horizon_h": "soon"}).encode(), "a field has no meaning"),
        (json.dumps({**raw(), "horizon_h": 24.5}).encode(), "24.5 where a whole number belongs"),
        (json.dumps({**raw(), "horizon_h": True}).encode(), "True where a whole number belongs"),
        (json.dumps({**raw(), "horizon_h": 1e999}).encode(), "a field has no meaning"),
        (json.dumps({**raw(), "horizon_h": 10**8}).encode(), "a horizon of 100000000 hours"),
        (json.dumps({**raw(), "pools": [{"site": 0, "nodes": 10**30}]}).encode(), "past what can be counted"),
        (json.dumps({**raw(), "sites": raw()["sites"][:1] * 10}).encode(), "two sites of one name"),
        (json.dumps({**raw(), "unplaced_penalty": float("nan")}).encode(), "usd_if_unplaced is nan"),
        (json.dumps({**raw(), "workloads": {"a": 1}}).encode(), "a field has no meaning"),
        (b"[" * 100_000, "is no JSON"),
    ],
)
def test_what_is_no_instance_is_refused_in_a_line(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    with pytest.raises(PlanError, match=said) as refused:
        read_instance(path)
    assert "\n" not in str(refused.value)
    assert "bad.json" in str(refused.value)


def test_a_horizon_of_no_hours_leaves_everything_out() -> None:
    problem = problem_of({**raw(), "horizon_h": 0}, "none")
    schedule = solve(problem, time_limit_s=0.2)
    assert schedule.slots == ()
    assert schedule.objective_usd == pytest.approx(len(problem.jobs) * raw()["unplaced_penalty"])


def test_a_file_that_is_not_there_or_not_compressed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="cannot be read"):
        read_instance(tmp_path / "none.json")
    path = tmp_path / "bad.json.gz"
    path.write_bytes(b"{}")
    with pytest.raises(PlanError, match=r"is no JSON|cannot be read"):
        read_instance(path)


@pytest.fixture(scope="module")
def philly() -> Problem:
    return problem_of(philly_instance(60), "philly:60")


def test_the_trace_gives_the_same_instance_each_time_with_split_windows_and_chains(philly: Problem) -> None:
    assert philly == problem_of(philly_instance(60), "philly:60")
    assert philly != problem_of(philly_instance(60, seed=1), "philly:60")
    assert any(job.after for job in philly.jobs)
    assert any(len(option.windows_h) == 2 for option in philly.options)
    releases = [job.release_h for job in philly.jobs]
    assert releases == sorted(releases)


def test_grasp_keeps_every_condition_and_grows_no_dearer(philly: Problem) -> None:
    last_usd = philly.objective(()).objective_usd
    for number, slots in enumerate(grasp(philly, seed=1)):
        schedule = philly.schedule(slots, 0.0, SolverStatus.STOPPED)
        assert violations(philly, schedule) == ()
        assert schedule.objective_usd <= last_usd
        last_usd = schedule.objective_usd
        if number == 25:
            break
    assert schedule.slots


def test_instances_side_by_side_keep_their_workloads_pools_and_delays() -> None:
    problem = problem_of(together(), "together")
    parts = {name: read_instance(DATA / f"{name}.json.gz") for name in PARTS}
    assert len(problem.jobs) == sum(len(part.jobs) for part in parts.values()) > 4_990
    for name, part in parts.items():
        for job in part.jobs:
            here = problem.job_by_id[f"{name}/{job.id}"]
            assert (here.release_h, here.due_h) == (job.release_h, job.due_h)
            assert here.after == tuple(f"{name}/{before}" for before in job.after)
            for option, own in zip(problem.options_by_job[here.id], part.options_by_job[job.id], strict=True):
                assert (option.site, option.nodes, option.usd) == (f"{name}/{own.site}", own.nodes, own.usd)
                assert problem.start_intervals(option) == part.start_intervals(own)
        for (one, other), hours in part.delay_h.items():
            assert problem.delay_h[f"{name}/{one}", f"{name}/{other}"] == hours
