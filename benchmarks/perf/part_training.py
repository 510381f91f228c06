"""Training: every row of the table, by family and chip, intervals, memory, sources left out, peers, speed."""

# ruff: noqa: T201, E501 - a benchmark speaks by printing, and a line of its report is a line

from __future__ import annotations

import gzip
import sys
import time
from pathlib import Path

import numpy as np
from benchmarks.perf import peer_llm_analysis
from benchmarks.perf.baselines import forty_percent, median_of_others
from benchmarks.perf.score import Vector, by, errors, score, told

from lexloci.perf.efficiency import GENERATIONS, fitted
from lexloci.perf.layer import Task
from lexloci.perf.layout_search import best_layouts
from lexloci.perf.layout_space import space
from lexloci.perf.left_out import by_family, left_out_fits, stated_s
from lexloci.perf.machine import Machine
from lexloci.perf.shape import Shape
from lexloci.perf.step import StepModel
from lexloci.perf.training_interval import spreads
from lexloci.perf.training_rows import TrainingRow, read_training_rows, training_rows, used_bytes
from lexloci.perf.vtrain_rows import read_vtrain_rows, vtrain_rows

KINDS = (("dense", False, 0.12, 0.25), ("mixtures", True, 0.20, None))


def run(training: Path | None, vtrain: Path | None, *, quick: bool) -> None:
    """Print the whole part."""
    shipped = training_rows()
    seen = {row.id for row in shipped}
    refused: list[str] = []
    given = read_training_rows(_text(training), training.name, refused) if training else shipped
    for one in refused:
        print(f"not read: {one}")
    rows = [row for row in given if row.step_s]
    print(f"TRAINING: {len(given)} configurations, {len(rows)} with a step time or tokens a second")
    if not rows:
        return
    predicted = stated_s(rows, fitted())
    _accuracy("the fit that ships", rows, predicted)
    fresh = [place for place, row in enumerate(rows) if row.id not in seen]
    if training:
        _accuracy("rows that the fit has not seen", [rows[place] for place in fresh], predicted[fresh])
    _tables(rows, predicted)
    _coverage("the fit that ships", rows, predicted)
    _memory(given)
    points = read_vtrain_rows(_text(vtrain)) if vtrain else vtrain_rows()
    off = errors(points, stated_s(points, fitted()))
    print(f"vTrain, {len(points)} points: {np.mean(off):.1%}; target {0.15:.0%} {_met(float(np.mean(off)) <= 0.15)}")
    _naive(rows, shipped)
    if not quick:
        if not training:
            _left_out(rows)
        _peer(rows, predicted)
    _speed()


def _text(path: Path) -> str:
    raw = path.read_bytes()
    return (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8")


def _met(answer: bool) -> str:  # noqa: FBT001 - a word for a truth value
    return "met" if answer else "NOT MET"


def _accuracy(title: str, rows: list[TrainingRow], predicted: Vector) -> None:
    off = errors(rows, predicted)
    for kind, mixture, target, ninetieth in KINDS:
        for part in ("all", "core"):
            own = [n for n, row in enumerate(rows) if row.is_mixture is mixture and (part == "all" or row.core)]
            if own:
                found = score([rows[n] for n in own], off[own])
                print(told(f"{title}, {kind}, {part} rows", found, target, ninetieth))


def _tables(rows: list[TrainingRow], predicted: Vector) -> None:
    off = errors(rows, predicted)
    for kind, mixture, *_ in KINDS:
        own = [n for n, row in enumerate(rows) if row.is_mixture is mixture]
        chosen = [rows[n] for n in own]
        for name, key in (
            ("family", by_family),
            ("generation", lambda row: GENERATIONS[int(row.machine["generation"])]),
        ):
            print(f"  {kind}, by {name}:")
            for group, (count, mean) in by(chosen, off[own], key).items():
                print(f"    {group:<24} {count:4} rows {mean:6.1%}")


def _coverage(title: str, rows: list[TrainingRow], predicted: Vector) -> None:
    for kind, mixture, *_ in KINDS:
        own = [n for n, row in enumerate(rows) if row.is_mixture is mixture]
        if not own:
            continue
        spread = spreads()[f"{'mixture' if mixture else 'dense'} stated known"]
        ratio = np.log(np.array([rows[n].step_s for n in own]) / predicted[own])
        held = (spread.low <= ratio) & (ratio <= spread.high)
        families = {}
        for n, inside in zip(own, held, strict=True):
            families.setdefault(rows[n].family, []).append(float(inside))
        average = float(np.mean([np.mean(found) for found in families.values()]))
        share = float(held.mean())
        print(
            f"{title}, {kind}: interval x {np.exp(spread.low):.2f} to x {np.exp(spread.high):.2f} holds {share:.1%} of rows, "
            f"{average:.1%} averaged over families; target 85 to 95 % {_met(0.85 <= share <= 0.95)}"
        )


def _memory(rows: tuple[TrainingRow, ...]) -> None:
    refused = [r.id for r in rows if used_bytes(r.shape, r.layout, r.task) > r.machine["memory_bytes"]]
    print(
        f"memory: {len(refused)} of {len(rows)} measured configurations declared out of memory; target 0 {_met(not refused)}"
    )
    for name in refused[:20]:
        print(f"    {name}")


def _naive(rows: list[TrainingRow], known: tuple[TrainingRow, ...]) -> None:
    for kind, mixture, *_ in KINDS:
        own = [row for row in rows if row.is_mixture is mixture]
        if not own:
            continue
        print(told(f"40 % MFU for everything, {kind}", score(own, errors(own, forty_percent(own)))))
        median = median_of_others(own, known)
        print(told(f"median MFU of other families on the chip, {kind}", score(own, errors(own, median))))


def _left_out(rows: list[TrainingRow]) -> None:
    every = [*rows, *vtrain_rows()[::10]]
    predicted = np.full(len(rows), np.nan)
    for family, efficiency in left_out_fits(every, by_family, fitted().logs()):
        print(f"left out: {family}", file=sys.stderr)
        own = [n for n, row in enumerate(rows) if row.family == family]
        if own:
            predicted[own] = stated_s([rows[n] for n in own], efficiency)
        else:
            points = vtrain_rows()
            print(f"left out, vTrain: {np.mean(errors(points, stated_s(points, efficiency))):.1%}")
    _accuracy("its family left out", rows, predicted)
    found = score(rows, errors(rows, predicted))
    print(told("its family left out, all rows", found, 0.15))
    _coverage("its family left out", rows, predicted)


def _peer(rows: list[TrainingRow], predicted: Vector) -> None:
    other = peer_llm_analysis.step_s(rows)
    if other is None:
        print("llm-analysis: not there; benchmarks/perf/setup.sh makes its environment")
        return
    known = np.flatnonzero(np.isfinite(other)).tolist()
    for kind, mixture, *_ in KINDS:
        own = [n for n in known if rows[n].is_mixture is mixture]
        chosen = [rows[n] for n in own]
        if own:
            print(told(f"llm-analysis, {kind}, the rows that it takes", score(chosen, errors(chosen, other[own]))))
            print(told(f"this model, {kind}, the same rows", score(chosen, errors(chosen, predicted[own]))))
    print("Calculon: not on the package index under its name; it is not run here")


def _speed() -> None:
    machine = Machine(1.0, 312e12, 624e12, 85e9, 2039e9, 8.0, 300e9, 25e9, 108.0)
    shape = Shape(96.0, 12288.0, 96.0, 96.0, 128.0, 49152.0, 51200.0, gated=0.0, tied=1.0, value_dim=128.0)
    task = Task(2048.0, 1536.0, 0.0, 1.0)
    every = space(shape, machine, task, 1024).layouts
    count = len(np.asarray(every.tensor))
    begin = time.process_time()
    StepModel(shape, machine, every, task, fitted()).step()
    each = (time.process_time() - begin) / count
    begin = time.process_time()
    found = best_layouts(shape, machine, task, 1024, fitted())
    search = time.process_time() - begin
    print(
        f"speed: {each * 1e6:.2f} us of CPU a layout, target 50 us {_met(each <= 50e-6)}; best of {count} layouts of GPT-3 175B "
        f"on 1,024 A100 in {search:.3f} s of CPU ({found.computed} computed, the rest bounded), target 1 s {_met(search <= 1.0)}"
    )
    big = _repeated(every, 1_690_000)
    begin = time.process_time()
    for part in range(0, 1_690_000, 16384):
        piece = type(big)(*(column[part : part + 16384] for column in _fields(big)))
        StepModel(shape, machine, piece, task, fitted()).step()
    whole = time.process_time() - begin
    print(
        f"speed: 1.69 million layouts computed without pruning in {whole:.1f} s of CPU, target 60 s {_met(whole <= 60.0)}"
    )


def _fields(layouts):  # noqa: ANN001, ANN202 - columns of a table
    return [np.asarray(getattr(layouts, name)) for name in type(layouts).__slots__]


def _repeated(layouts, count: int):  # noqa: ANN001, ANN202 - columns of a table
    return type(layouts)(*(np.resize(column, count) for column in _fields(layouts)))
