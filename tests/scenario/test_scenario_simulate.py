"""The simulation: right against enumeration and NumPy, the same whoever works it off, and no finished work lost."""

from __future__ import annotations

import itertools
import json
import math
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_support import serve, small, with_jobs
from scenario_support import BANNED, DEARER, LATE, LOST, all_futures, event, setup

from lexloci.model.errors import LexlociError
from lexloci.parties.lists import lists
from lexloci.scenario import workers
from lexloci.scenario.bench import Bench, Trial
from lexloci.scenario.code_digest import digest_of
from lexloci.scenario.event import Correlation, EventKind, Given
from lexloci.scenario.futures import NOTHING
from lexloci.scenario.keep import Kept
from lexloci.scenario.risk import cvar, hurt_by, risk_of, value_at_risk
from lexloci.scenario.sampling import factor_of, sample
from lexloci.scenario.simulate import PLANNED, Simulation, draw, simulate

TOP = Path(__file__).parents[2]
EVENTS = (LOST, DEARER, LATE, BANNED)
COSTS = st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), min_size=1, max_size=60)


def run(made, samples=200, **more) -> Simulation:
    with Kept(None, "") as kept:
        return simulate(made, samples, kept=kept, **more)


def test_the_samples_agree_with_plain_enumeration() -> None:
    made = setup(*EVENTS)
    bench = Bench(made)
    exact = {future: (odds, bench.work((PLANNED, future))) for future, odds in all_futures(made.scenario).items()}
    mean = math.fsum(odds * result.cost_usd for odds, result in exact.values())
    unplaced = math.fsum(odds for odds, result in exact.values() if result.unplaced)
    found = run(made, 3000, seed=7)
    assert abs(found.cost.mean - mean) < 4 * found.cost.standard_error
    assert abs(found.any_unplaced - unplaced) < 4 * math.sqrt(max(unplaced * (1 - unplaced), 1e-9) / 3000) + 1e-9
    assert {one.happened for one in found.futures} <= set(exact)
    assert all(one.result == exact[one.happened][1] for one in found.futures)
    assert sum(one.times for one in found.futures) == 3000


def test_the_difference_that_an_event_makes_is_that_of_the_enumeration() -> None:
    made = setup(LOST, DEARER)
    bench = Bench(made)
    exact = {
        future: (odds, bench.work((PLANNED, future)).cost_usd) for future, odds in all_futures(made.scenario).items()
    }

    def mean_where(*, lost: bool) -> float:
        chosen = [one for future, one in exact.items() if ("lost" in {name for name, _ in future}) is lost]
        return math.fsum(odds * cost for odds, cost in chosen) / math.fsum(odds for odds, _ in chosen)

    hurt = next(one for one in run(made, 3000).hurts if one.event == "lost")
    assert hurt.difference is not None
    assert hurt.standard_error is not None
    assert abs(hurt.difference - (mean_where(lost=True) - mean_where(lost=False))) < 4 * hurt.standard_error


def test_events_that_go_together_happen_together_as_often_as_the_copula_says() -> None:
    one, other = (event(name, EventKind.PRICE_MOVES, "is", date(2026, 2, 1), factor=2.0) for name in ("one", "other"))
    for rho in (-0.8, 0.0, 0.6, 1.0):
        made = setup(one, other, correlations=(Correlation(("one", "other"), rho),))
        drawn = draw(made, 8000, seed=3)
        both = sum(len(future) == 2 for future in drawn) / len(drawn)
        exact = 0.25 + math.asin(rho) / (2 * math.pi)  # W. F. Sheppard, 1899: both normals below their medians
        assert abs(both - exact) < 4 * math.sqrt(0.25 / len(drawn)), rho


def test_odds_that_hold_where_another_event_happens_are_kept() -> None:
    first = event("first", EventKind.PRICE_MOVES, "is", date(2026, 2, 1), odds=0.3, factor=2.0)
    then = replace(first, id="then", probability=0.1, given=(Given("first", 0.9),))
    drawn = draw(setup(first, then), 8000, seed=5)
    names = [{name for name, _ in future} for future in drawn]
    with_first = [one for one in names if "first" in one]
    without = [one for one in names if "first" not in one]
    for chosen, odds in ((with_first, 0.9), (without, 0.1)):
        share = sum("then" in one for one in chosen) / len(chosen)
        assert abs(share - odds) < 4 * math.sqrt(odds * (1 - odds) / len(chosen))


@pytest.mark.parametrize("odds", [0.0, 1.0])
def test_what_is_sure_is_sure(odds: float) -> None:
    sure = event("sure", EventKind.PRICE_MOVES, "is", date(2026, 2, 1), odds=odds, factor=2.0)
    assert {len(future) for future in draw(setup(sure), 200, seed=1)} == {int(odds)}


def test_every_day_of_an_event_is_as_likely() -> None:
    days = [date(2026, 2, 1) + timedelta(days=n) for n in range(4)]
    sure = event("sure", EventKind.PRICE_MOVES, "is", *days, odds=1.0, factor=2.0)
    drawn = draw(setup(sure), 4000, seed=2)
    counts = [sum(("sure", day) in future for future in drawn) for day in days]
    assert all(abs(count - 1000) < 4 * math.sqrt(4000 * 0.25 * 0.75) for count in counts)


def test_a_sample_is_the_same_whatever_was_drawn_before() -> None:
    scenario = setup(*EVENTS).scenario
    factor = factor_of(scenario)
    alone = [sample(scenario, 9, number, factor) for number in (5, 3, 8)]
    drawn = draw(setup(*EVENTS), 10, 9)
    assert alone == [drawn[number] for number in (5, 3, 8)]


def test_correlations_that_contradict_each_other_are_refused() -> None:
    names = ("a", "b", "c")
    events = [event(name, EventKind.PRICE_MOVES, "is", date(2026, 2, 1), factor=2.0) for name in names]
    pairs = [Correlation((one, other), -0.9) for one, other in itertools.combinations(names, 2)]
    with pytest.raises(LexlociError, match="contradict each other"):
        draw(setup(*events, correlations=tuple(pairs)), 1, 1)


@given(COSTS, st.floats(0.01, 0.99))
def test_value_at_risk_is_the_quantile_of_numpy(costs: list[float], level: float) -> None:
    level = round(level, 3)
    assert value_at_risk(costs, level) == np.quantile(costs, level, method="inverted_cdf")


@given(COSTS, st.floats(0.01, 0.99))
def test_cvar_is_the_least_of_rockafellar_and_uryasev(costs: list[float], level: float) -> None:
    level = round(level, 3)
    values = np.array(costs)
    least = min(edge + np.maximum(values - edge, 0).mean() / (1 - level) for edge in costs)
    assert cvar(costs, level) == pytest.approx(least, rel=1e-6, abs=1e-4)


@given(st.lists(st.floats(-1e6, 1e6), min_size=10, max_size=10), st.integers(1, 9))
def test_cvar_is_the_mean_of_the_worst_where_they_can_be_counted(costs: list[float], worst: int) -> None:
    exact = np.sort(costs)[-worst:].mean()
    assert cvar(costs, 1 - worst / 10) == pytest.approx(exact, rel=1e-6, abs=1e-4)


@given(COSTS)
def test_the_figures_of_a_sample_are_in_order(costs: list[float]) -> None:
    risk = risk_of(costs)
    assert risk.least <= risk.median <= risk.value_at_risk <= risk.most
    assert risk.value_at_risk <= risk.cvar + 1e-6
    assert risk.cvar <= risk.most + 1e-6
    assert risk.mean == pytest.approx(np.mean(costs), rel=1e-9, abs=1e-6)


def test_an_event_that_always_or_never_happens_makes_no_difference_that_could_be_told() -> None:
    assert hurt_by("x", [1.0, 2.0], [True, True]).difference is None
    assert hurt_by("x", [1.0, 2.0], [False, False]).difference is None
    assert hurt_by("x", [1.0, 5.0], [False, True]).difference == 4.0


# --- whoever works it off --------------------------------------------------------------------------


def test_samples_that_share_a_future_share_its_work() -> None:
    found = run(setup(LOST, DEARER), 500)
    assert found.worked_out <= 6 < found.cost.samples


def test_what_is_kept_is_not_worked_out_again_and_gives_the_same(tmp_path: Path) -> None:
    made, path = setup(*EVENTS), tmp_path / "kept.jsonl"
    with Kept(path, made.digest()) as kept:
        first = simulate(made, 40, kept=kept)
    with Kept(path, made.digest()) as kept:
        again = simulate(made, 40, kept=kept)
    assert again.worked_out == 0 < first.worked_out
    assert replace(again, worked_out=0) == replace(first, worked_out=0)
    with Kept(path, made.digest()) as kept:
        more = simulate(made, 80, kept=kept)
    assert replace(more, worked_out=0) == replace(run(made, 80), worked_out=0)


@pytest.mark.parametrize("cut", [1, 7, 40])
def test_a_line_that_was_cut_off_is_worked_out_again_and_the_rest_is_not(tmp_path: Path, cut: int) -> None:
    made, path = setup(*EVENTS), tmp_path / "kept.jsonl"
    with Kept(path, made.digest()) as kept:
        whole = simulate(made, 40, kept=kept)
    path.write_bytes(path.read_bytes()[:-cut])
    with Kept(path, made.digest()) as kept:
        again = simulate(made, 40, kept=kept)
    assert again.worked_out == 1
    assert replace(again, worked_out=0) == replace(whole, worked_out=0)
    assert [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_work_that_was_kept_for_another_question_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kept.jsonl"
    with Kept(path, setup(LOST).digest()):
        pass
    with pytest.raises(LexlociError, match="kept for another question"):
        Kept(path, setup(DEARER).digest())
    other = setup(LOST, portfolio=replace(small(), horizon_until=date(2026, 12, 1)))
    assert other.digest() != setup(LOST, portfolio=small()).digest()


@pytest.mark.parametrize("named", ["calibration", "lengths"])
def test_a_file_beside_the_portfolio_that_says_something_else_is_another_question(tmp_path: Path, named: str) -> None:
    path = tmp_path / "beside"
    service = serve("NO", lengths=str(path)) if named == "lengths" else serve("NO")
    portfolio = replace(with_jobs(small(), service), calibration=str(path) if named == "calibration" else None)
    digests = []
    for text in ("one", "another", "one"):
        path.write_text(text, encoding="utf-8")
        digests.append(setup(LOST, portfolio=portfolio).digest())
    assert digests[0] == digests[2] != digests[1]


def test_work_that_other_code_has_kept_is_refused_in_a_line(tmp_path: Path) -> None:
    path = tmp_path / "kept.jsonl"
    with Kept(path, "x"):
        pass
    first = json.loads(path.read_text(encoding="utf-8"))
    for other in ({**first, "code": "0" * 64}, {"question": "x"}):
        text = json.dumps(other) + "\n"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(LexlociError, match="kept by another version of lexloci"):
            Kept(path, "x")
        assert path.read_text(encoding="utf-8") == text


def test_the_digest_of_code_is_of_every_file_but_those_that_python_makes(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "one.py").write_text("1", encoding="utf-8")
    before = digest_of(tmp_path)
    (tmp_path / "__pycache__" / "one.pyc").write_text("2", encoding="utf-8")
    assert digest_of(tmp_path) == before
    (tmp_path / "table.csv").write_text("2", encoding="utf-8")
    assert digest_of(tmp_path) != before


def test_a_file_of_another_kind_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("my notes\n", encoding="utf-8")
    with pytest.raises(LexlociError, match="no file of finished work"):
        Kept(path, "x")
    assert path.read_text(encoding="utf-8") == "my notes\n"


@pytest.mark.slow
def test_a_crew_stays_for_its_next_lot_and_knows_trials_that_come_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    first = setup(*EVENTS)
    later = replace(first, trials={"all known": Trial(knows_all=True)})
    some = list(all_futures(first.scenario))[:3]
    lots = [(first, [(PLANNED, future) for future in some]), (later, [("all known", future) for future in some])]
    with workers.Crew(2) as crew:
        found, pids = {}, []
        for made, tasks in lots:
            found |= dict(workers.work_off(made, tasks, workers=2, crew=crew))
            pids.append({one.pid for one in multiprocessing.active_children()})
    assert pids[0] == pids[1] != set()
    assert found == {task: Bench(made).work(task) for made, tasks in lots for task in tasks}
    assert not multiprocessing.active_children()


@pytest.mark.slow
def test_two_processes_give_what_one_gives_though_one_of_them_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    made = setup(*EVENTS)
    tasks = [(PLANNED, future) for future in all_futures(made.scenario)]
    bench = Bench(made)
    expected = {task: bench.work(task) for task in tasks}
    found = {}
    for number, (task, result) in enumerate(workers.work_off(made, tasks, workers=2)):
        found[task] = result
        if number == 2:
            victim = next(iter(__import__("multiprocessing").active_children()))
            os.kill(victim.pid, signal.SIGKILL)
    assert found == expected


@pytest.mark.slow
def test_a_run_that_is_killed_loses_no_finished_future_and_ends_in_the_same(tmp_path: Path) -> None:
    events = [
        {"id": f"e{n}", "kind": "price moves", "thing": "johor-h100", "factor": 1.1 + n / 100, "probability": 0.5}
        | {"on": [(date(2025, 12, 2) + timedelta(days=n)).isoformat()], "source": "assumption: a test"}
        for n in range(12)
    ]
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(json.dumps({"lexloci_scenario": 1, "name": "many", "events": events}), encoding="utf-8")
    kept = tmp_path / "kept.jsonl"
    script = Path(sys.executable).parent / "lexloci"
    portfolio = TOP / "examples" / "records" / "on-record.yaml"
    command = [script, "simulate", portfolio, scenario, "--samples", "400", "--json"]
    process = subprocess.Popen([*command, "--keep", kept], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if kept.exists() and kept.read_bytes().count(b"\n") > 3:
            process.kill()
        time.sleep(0.002)
    assert process.wait() == -signal.SIGKILL, "it was killed while it worked"
    done = kept.read_bytes().count(b"\n") - 1
    assert done >= 3
    resumed = subprocess.run([*command, "--keep", kept], capture_output=True, text=True, check=False)
    fresh = subprocess.run(command, capture_output=True, text=True, check=False)
    assert resumed.stdout == fresh.stdout
    assert resumed.returncode == fresh.returncode
    assert json.loads(fresh.stdout)["samples"] == 400
    futures = len(json.loads(fresh.stdout)["futures"])
    lines = kept.read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(set(lines)), "no future was worked out twice"
    assert done < futures <= len(lines) - 1 <= futures + 1


@pytest.mark.ray
def test_a_ray_cluster_gives_what_one_process_gives_though_a_worker_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    made = setup(*EVENTS)
    tasks = [(PLANNED, future) for future in all_futures(made.scenario)]
    bench = Bench(made)
    expected = {task: bench.work(task) for task in tasks}
    found, killed = {}, 0
    for number, (task, result) in enumerate(workers.work_off(made, tasks, ray="local")):
        found[task] = result
        if number == 2:
            killed = kill_one_of_ours()
    assert killed == 1
    assert found == expected


def kill_one_of_ours() -> int:
    """Kills one worker of the cluster that this process started, and says how many it killed."""
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_text().split("\0")
        except OSError:
            continue
        if entry.name.isdigit() and words[0].startswith("ray::_work_far") and is_descendant(int(entry.name)):
            os.kill(int(entry.name), signal.SIGKILL)
            return 1
    return 0


def is_descendant(process: int) -> bool:
    """Whether a process was started by this one, at whatever remove."""
    while process > 1:
        if process == os.getpid():
            return True
        status = Path(f"/proc/{process}/stat").read_text()
        process = int(status.rpartition(")")[2].split()[1])
    return False


def test_the_plan_that_ignores_all_events_costs_what_the_plan_costs() -> None:
    found = run(setup(LOST), 5)
    assert found.undisturbed == Bench(setup(LOST)).work((PLANNED, NOTHING))


def test_what_was_kept_under_other_lists_is_of_another_question(monkeypatch: pytest.MonkeyPatch) -> None:
    made = setup(*EVENTS)
    before = made.digest()
    assert made.digest() == before
    newer = tuple(replace(one, dated=one.dated + timedelta(1)) for one in lists())
    monkeypatch.setattr("lexloci.scenario.bench.lists", lambda: newer)
    assert made.digest() != before
