"""Part a: one decision at a time, with what it rests on, at several sizes of the rulebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.law.arena import Process, in_turns, processes, refuse_difference
from benchmarks.law.report import Report, Table, figure, times
from benchmarks.law.roster import SINGLE, Contestant, asked_about
from benchmarks.law.rows import make_rows, write_rows

ROWS = 20_000  # one in five to check and warm up, the others for the clock, each decided once
MOST_P50_US = {32: 25.0, 320: 250.0}
LEAST_TIMES_FASTER = 5.0


@dataclass(frozen=True)
class Effort:
    """How long to check answers and to time decisions, and how often."""

    check_s: float
    round_s: float
    rounds: int


def run(report: Report, scratch: Path, sizes: Sequence[int], effort: Effort) -> None:
    """Times every contestant at every size."""
    folder = scratch / f"rows-{ROWS}"
    write_rows(make_rows(ROWS, seed=2), folder)
    found = {size: _at(report, folder, size, effort) for size in sizes}
    _growth(report, found)


def _at(report: Report, folder: Path, rules: int, effort: Effort) -> dict[str, dict[str, float]]:
    contestants = asked_about(SINGLE, rules)
    with processes("single", contestants, rules, folder) as started:
        checked = compared(started, effort.check_s)
        laps = in_turns(started, effort.rounds, "laps", effort.round_s, ROWS * 4 // 5 // effort.rounds)
    found = {name: _medians(rounds) | {"checked": checked[name]} for name, rounds in laps.items()}
    report.figures[f"single, {rules} rules"] = found
    report.add(_table(contestants, found, rules))
    report.add(_beside(contestants, found, rules))
    _targets(report, contestants, found, rules)
    return found


def compared(started: Sequence[Process], seconds: float) -> dict[str, int]:
    """How many answers of each contestant were compared with the first one's; BenchmarkError where one differs.

    The first one, ours, is compared with the reference, which is among them.
    """
    answers = {process.contestant.name: process.ask("answers", seconds) for process in started}
    ours = started[0].contestant.name
    for process in started:
        one = process.contestant
        theirs = answers[one.name]
        if not (one.tells and one.tells_all):
            theirs = [[outcome, mine[1]] for (outcome, _), mine in zip(theirs, answers[ours], strict=False)]
        refuse_difference(one.name, answers[ours], theirs, ours)
    return {name: min(len(found), len(answers[ours])) for name, found in answers.items()}


def _medians(rounds: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    return {key: median(one[key] for one in rounds) for key in ("p50_us", "p99_us", "cpu_us")}


def _table(contestants: Sequence[Contestant], found: Mapping[str, Mapping[str, float]], rules: int) -> Table:
    ours = found[contestants[0].name]
    rows = tuple(
        (
            one.name,
            times(found[one.name]["p50_us"] / ours["p50_us"]),
            times(found[one.name]["cpu_us"] / ours["cpu_us"]),
            figure(found[one.name]["p50_us"]),
            figure(found[one.name]["p99_us"]),
            figure(found[one.name]["cpu_us"]),
            f"{found[one.name]['checked']:,.0f}",
            one.tells or "outcome alone",
        )
        for one in contestants
    )
    header = ("engine", "ours is faster by", "per cpu-s", "p50 us", "p99 us", "cpu us", "checked", "tells")
    return Table(
        f"One decision, {rules} rules", "one pinned thread; the same answers on the rows checked", header, rows
    )


def _targets(
    report: Report, contestants: Sequence[Contestant], found: Mapping[str, Mapping[str, float]], rules: int
) -> None:
    ours = found[contestants[0].name]
    if rules in MOST_P50_US:
        most = MOST_P50_US[rules]
        what = f"explained decision at {rules} rules, p50"
        report.target(what, f"<= {most:.0f} us", f"{ours['p50_us']:.1f} us", is_met=ours["p50_us"] <= most)
    for engine, p50 in _best(contestants, found, shows_why=True).items():
        ratio = p50 / ours["p50_us"]
        what = f"explained decision at {rules} rules, p50 against {engine}, which shows why"
        report.target(what, f">= {LEAST_TIMES_FASTER:.0f} x", times(ratio), is_met=ratio >= LEAST_TIMES_FASTER)


def _best(
    contestants: Sequence[Contestant], found: Mapping[str, Mapping[str, float]], *, shows_why: bool
) -> dict[str, float]:
    """The p50 of the fastest form of each peer, of those forms that show why, or of the others."""
    best: dict[str, float] = {}
    for one in contestants:
        if one.shows_why is shows_why and not one.is_ours:
            best[one.engine] = min(best.get(one.engine, float("inf")), found[one.name]["p50_us"])
    return best


def _beside(contestants: Sequence[Contestant], found: Mapping[str, Mapping[str, float]], rules: int) -> Table:
    """Beside the targets: what does not show why, which no target is about."""
    ours = found[contestants[0].name]["p50_us"]
    best = _best(contestants, found, shows_why=False)
    rows = tuple((engine, times(p50 / ours), figure(p50)) for engine, p50 in best.items())
    return Table(
        f"Beside them, {rules} rules: what does not show why",
        "the fastest form that tells the outcome, or also which rules fired; no target is about these",
        ("engine", "explaining is faster by", "p50 us"),
        rows,
    )


def _growth(report: Report, found: Mapping[int, Mapping[str, Mapping[str, float]]]) -> None:
    """Part d: what a decision costs at each size against the smallest one."""
    sizes = sorted(found)
    names = [name for name in found[sizes[0]] if all(name in found[size] for size in sizes)]
    rows = tuple(
        (name, *(times(found[size][name]["cpu_us"] / found[sizes[0]][name]["cpu_us"]) for size in sizes))
        for name in names
    )
    header = ("engine", *(f"{size} rules" for size in sizes))
    report.add(
        Table("Growth of one decision", f"processor time as a multiple of that at {sizes[0]} rules", header, rows)
    )
    ours = SINGLE[0].name
    for small, large in pairwise(sizes):
        ratio = found[large][ours]["cpu_us"] / found[small][ours]["cpu_us"]
        what = f"cost of an explained decision, {small} to {large} rules"
        report.target(what, f"<= {times(large / small)}", times(ratio), is_met=ratio <= large / small)
