"""Part b: whole tables of rows, every fact known; and this engine alone with some facts unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from benchmarks.law.arena import BenchmarkError, Process, in_turns, processes
from benchmarks.law.contestant import Answers
from benchmarks.law.plain import EPOCH
from benchmarks.law.report import Report, Table, figure, times
from benchmarks.law.roster import VECTOR, Contestant, asked_about
from benchmarks.law.rows import acts_of, make_rows, read_rows, write_rows
from benchmarks.law.workload import make_rulebook

UNKNOWN_SHARE = 0.05
FLAT_BYTES = 64 * 2**20
BYTES_OF_ANSWERS = 3  # a row: outcome, certain and possible
PER_CPU_S, PER_S = "per_cpu_s", "per_s"
# Threads allowed to all, and what is compared: decisions a processor-second, or a second on the clock.
LEAST_TIMES = (
    ("lexloci NumPy", "OpenFisca-core", 8.0, 1, PER_CPU_S),
    ("lexloci NumPy", "Polars", 2.5, 1, PER_CPU_S),
    ("lexloci Numba", "OpenFisca-core", 25.0, 2, PER_S),
)
IN_WORDS = {PER_CPU_S: "", PER_S: " a second on the clock, 2 threads allowed to all"}
MILLION = 1e6
Found = Mapping[str, Mapping[str, Any]]


def run(
    report: Report, scratch: Path, rows: int, rules: int, rounds: int, sample: int, *, is_final: bool
) -> dict[int, Found]:
    """Every contestant on one table: with one pinned thread, and with two. ``is_final`` judges the targets by it."""
    folder = scratch / f"rows-{rows}"
    write_rows(make_rows(rows), folder)
    contestants = asked_about(VECTOR, rules)
    found: dict[int, Found] = {}
    for threads in (1, 2):
        with processes("vector", contestants, rules, folder, threads) as started:
            _refuse_differences(started, scratch)
            if threads == 1:
                _refuse_reference(scratch / f"answers-{contestants[0].name}.npy", folder, rules, sample)
            laps = in_turns(started, rounds, "run")
        found[threads] = {name: _medians(several, rows) for name, several in laps.items()}
        report.add(_table(contestants, found[threads], rows, rules, threads))
    report.figures[f"table, {rows} rows, {rules} rules"] = found
    if is_final:
        _targets(report, contestants, found, rows)
    return found


def run_unknown(report: Report, scratch: Path, rows: int, rules: int, rounds: int, sample: int) -> None:
    """This engine on a table of which some facts are not stated."""
    folder = scratch / f"rows-{rows}-unknown"
    write_rows(make_rows(rows, seed=3, unknown_share=UNKNOWN_SHARE), folder)
    contestants = [one for one in asked_about(VECTOR, rules) if one.is_ours]
    with processes("vector", contestants, rules, folder) as started:
        _refuse_differences(started, scratch)
        _refuse_reference(scratch / f"answers-{contestants[0].name}.npy", folder, rules, sample)
        laps = in_turns(started, rounds, "run")
    found = {name: _medians(several, rows) for name, several in laps.items()}
    report.figures[f"table with unknown facts, {rows} rows, {rules} rules"] = found
    lines = tuple(
        (name, figure(one["per_cpu_s"] / MILLION), figure(one["per_s"] / MILLION)) for name, one in found.items()
    )
    title = f"Table of {rows:,} rows with {UNKNOWN_SHARE:.0%} of all facts unknown, {rules} rules"
    note = f"the peers have no unknown fact; {sample:,} rows compared with the reference"
    report.add(Table(title, note, ("engine", "M decisions per cpu-s", "M per s"), lines))


def grow(report: Report, scratch: Path, rows: int, sizes: Sequence[int], rounds: int, sample: int) -> None:
    """Part d: processor time of a decision in a table at each size of the rulebook."""
    folder = scratch / f"rows-{rows}"
    write_rows(make_rows(rows), folder)
    found: dict[int, Found] = {}
    for rules in sizes:
        with processes("vector", asked_about(VECTOR, rules), rules, folder) as started:
            _refuse_differences(started, scratch)
            _refuse_reference(scratch / f"answers-{started[0].contestant.name}.npy", folder, rules, sample)
            laps = in_turns(started, rounds, "run")
        found[rules] = {name: _medians(several, rows) for name, several in laps.items()}
    report.figures[f"growth of a table, {rows} rows"] = found
    names = [one.name for one in asked_about(VECTOR, max(sizes))]
    lines = tuple((name, *(figure(1e9 / found[size][name]["per_cpu_s"]) for size in sizes)) for name in names)
    header = ("engine", *(f"{size} rules" for size in sizes))
    report.add(Table(f"Growth in a table of {rows:,} rows", "processor ns of a decision, one thread", header, lines))
    for name in (one.name for one in VECTOR if one.is_ours):
        ratio = found[sizes[0]][name]["per_cpu_s"] / found[sizes[-1]][name]["per_cpu_s"]
        most = sizes[-1] / sizes[0]
        what = f"{name}: cost of a decision in a table, {sizes[0]} to {sizes[-1]} rules"
        report.target(what, f"<= {times(most)}", times(ratio), is_met=ratio <= most)


def _refuse_differences(started: Sequence[Process], scratch: Path) -> None:
    """Runs each once, untimed, and compares all of its answers with the first one's."""
    first: Answers | None = None
    for process in started:
        name = process.contestant.name
        file = scratch / f"answers-{name}.npy"
        process.ask("run", str(file))
        answers: Answers = np.load(file)
        first = answers if first is None else first
        different = np.flatnonzero(answers != first)
        if len(different):
            place = int(different[0])
            raise BenchmarkError(
                f"{name} answers {len(different):,} of {len(first):,} rows otherwise than {started[0].contestant.name}:"
                f" row {place} is {answers[place]} and not {first[place]}; no ratio is printed"
            )


def _refuse_reference(file: Path, folder: Path, rules: int, sample: int) -> None:
    """Compares answers with the reference evaluator on a sample spread over the table."""
    from benchmarks.law.peers.lexloci_engine import by_reference, read

    answers, rows, rulebook = np.load(file), read_rows(folder), make_rulebook(rules)
    places = np.linspace(0, len(rows) - 1, min(sample, len(rows))).astype(int).tolist()
    for place, act in zip(places, acts_of(rows, places), strict=True):
        outcome = read(by_reference(rulebook, act)).outcome
        if outcome != answers[place]:
            day = (act.on - EPOCH).days
            raise BenchmarkError(
                f"row {place} (day {day}): the reference answers {outcome}, {file.stem} {answers[place]}"
            )


def _medians(several: Sequence[Mapping[str, Any]], rows: int) -> dict[str, Any]:
    peaks = [one["peak_bytes"] for one in several if one["peak_bytes"] is not None]
    wall, cpu = median(one["wall_s"] for one in several), median(one["cpu_s"] for one in several)
    peak = max(peaks) if peaks else None
    return {"wall_s": wall, "cpu_s": cpu, "per_s": rows / wall, "per_cpu_s": rows / cpu, "peak_bytes": peak}


def _table(contestants: Sequence[Contestant], found: Found, rows: int, rules: int, threads: int) -> Table:
    ours = [one.name for one in contestants if one.is_ours]
    lines = tuple(
        (
            one.name,
            *(times(found[mine][key] / found[one.name][key]) for mine in ours for key in ("per_cpu_s", "per_s")),
            figure(found[one.name]["per_cpu_s"] / MILLION),
            figure(found[one.name]["per_s"] / MILLION),
            _mebibytes(found[one.name]["peak_bytes"]),
        )
        for one in contestants
    )
    ratios = [f"{mine.removeprefix('lexloci ')} faster {by}" for mine in ours for by in ("/cpu-s", "/s")]
    header = ("engine", *ratios, "M/cpu-s", "M/s", "peak MiB")
    limit = "one pinned thread" if threads == 1 else f"{threads} threads allowed"
    title = f"Table of {rows:,} rows, {rules} rules, {limit}"
    return Table(
        title, "decisions; the peak is memory beyond the columns; the same answers on every row", header, lines
    )


def _mebibytes(value: int | None) -> str:
    return "unknown" if value is None else f"{value / 2**20:,.0f}"


def _targets(report: Report, contestants: Sequence[Contestant], found: Mapping[int, Found], rows: int) -> None:
    """The targets; ``found`` by the threads allowed."""
    for mine, engine, least, threads, key in LEAST_TIMES:
        theirs = max(found[threads][one.name][key] for one in contestants if one.engine == engine)
        ratio = found[threads][mine][key] / theirs
        what = f"{mine} against {engine}, {rows:,} rows{IN_WORDS[key]}"
        report.target(what, f">= {least:g} x", times(ratio), is_met=ratio >= least)
    for name in (one.name for one in contestants if one.is_ours):
        peak = found[1][name]["peak_bytes"]
        if peak is not None:
            most = BYTES_OF_ANSWERS * rows + FLAT_BYTES
            what = f"{name}: memory beyond the columns flat, {rows:,} rows"
            report.target(what, f"<= {most / 2**20:,.0f} MiB", f"{_mebibytes(peak)} MiB", is_met=peak <= most)
