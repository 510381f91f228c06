"""Serving: every row of the table, by family, chip and kind, intervals, memory, sources left out, peer, power.

    python -m benchmarks.perf.part_inference [--inference FILE] [--quick]

Rows of ``trtllm_overview_held_out.csv`` (other configurations of the same release, and a later release) were never
fitted: they check the model on what it has not seen. ``--quick`` leaves out the left-out fits and the peer.
"""

# ruff: noqa: T201 - a benchmark speaks by printing

from __future__ import annotations

import argparse
import csv
import gzip
import io
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from benchmarks.perf import peer_aiconfigurator, power
from numpy.typing import NDArray

from lexloci.model.errors import LexlociError
from lexloci.perf.serving_efficiency import ServingEfficiency, fitted_efficiency, prior_values, slots
from lexloci.perf.serving_fitting import fit_values
from lexloci.perf.serving_interval import asked_of_row, support_of
from lexloci.perf.serving_prediction import predicted
from lexloci.perf.serving_rows import ServingRow, serving_row, shipped_serving_rows

HELD_OUT = Path(__file__).with_name("trtllm_overview_held_out.csv")
TARGET, PEER_TARGET = 0.15, 0.12
Vector = NDArray[np.float64]


def run(inference: Path | None, *, quick: bool) -> None:
    """Print the whole part."""
    shipped = shipped_serving_rows()
    refused: list[str] = []
    rows = _read(inference, refused) if inference else shipped
    for one in refused:
        print(f"not read: {one}")
    if not rows:
        print("SERVING: no row that can be read states what was measured (value_per_chip)")
        return
    speeds = predicted(rows, fitted_efficiency())
    known = {row.id for row in shipped}
    print(f"SERVING: {len(rows)} points, {len([row for row in rows if row.id not in known])} of them never fitted")
    _accuracy("the fit that ships", rows, speeds)
    fresh = [place for place, row in enumerate(rows) if row.id not in known]
    if fresh:
        unseen = [rows[place] for place in fresh]
        _accuracy("rows that the fit has not seen", unseen, speeds[fresh])
        _coverage("rows that the fit has not seen", unseen, speeds[fresh])
    _tables(rows, speeds)
    if len(fresh) < len(rows):
        _coverage("the fit that ships", rows, speeds, seen=True)
    _memory(rows, speeds)
    held = _read(HELD_OUT, refused)
    held_speeds = predicted(held, fitted_efficiency())
    _accuracy("configurations and releases never fitted", held, held_speeds)
    _tables(held, held_speeds)
    _coverage("configurations and releases never fitted", held, held_speeds)
    _naive(rows)
    if not quick:
        if not inference:
            _left_out(rows)
        _peer(rows, speeds)
    power.report()
    _speed(rows)


def _read(path: Path, refused: list[str]) -> tuple[ServingRow, ...]:
    """The measured rows of a file; what cannot be read is named in ``refused``, with the reason."""
    found = []
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8-sig")
        for row in csv.DictReader(io.StringIO(text)):
            try:
                found.append(serving_row(row))
            except LexlociError as error:
                refused.append(str(error))
    except (OSError, EOFError, UnicodeDecodeError, csv.Error, zlib.error) as error:
        refused.append(f"{path}: {error}; name a CSV file in UTF-8")
    return tuple(row for row in found if row.tokens_per_s_per_chip is not None)


def _measured(rows: Sequence[ServingRow]) -> Vector:
    return np.array([row.tokens_per_s_per_chip for row in rows], dtype=np.float64)


def _errors(rows: Sequence[ServingRow], speeds: Vector) -> Vector:
    return np.asarray(np.abs(speeds / _measured(rows) - 1.0))


def _means(rows: Sequence[ServingRow], off: Vector, key: Callable[[ServingRow], str]) -> dict[str, tuple[int, float]]:
    groups: dict[str, list[float]] = {}
    for row, error in zip(rows, off, strict=True):
        groups.setdefault(key(row), []).append(float(error))
    return {name: (len(found), float(np.mean(found))) for name, found in sorted(groups.items())}


def _accuracy(title: str, rows: Sequence[ServingRow], speeds: Vector) -> None:
    off = _errors(rows, speeds)
    families = _means(rows, off, lambda row: row.family)
    average = float(np.mean([mean for _, mean in families.values()]))
    print(
        f"{title}: {average:.1%} averaged over {len(families)} families, {np.mean(off):.1%} over rows, "
        f"90th percentile {np.quantile(off, 0.9):.1%}; target {TARGET:.0%} {_met(average <= TARGET)}"
    )
    points = off[[row.family.startswith("trtllm") for row in rows]]
    if len(points):
        mean = float(np.mean(points))
        met = _met(mean <= PEER_TARGET)
        print(f"{title}, TensorRT-LLM: {mean:.1%} over {len(points)} points; target {PEER_TARGET:.0%} {met}")


def _tables(rows: Sequence[ServingRow], speeds: Vector) -> None:
    off = _errors(rows, speeds)
    keys: tuple[tuple[str, Callable[[ServingRow], str]], ...] = (
        ("family", lambda row: row.family),
        ("chip", lambda row: row.chip.id),
        ("kind and way of loading", lambda row: f"{'mixture' if row.is_mixture else 'dense'}, {row.mode}"),
    )
    for name, key in keys:
        print(f"  by {name}:")
        for group, (count, mean) in _means(rows, off, key).items():
            print(f"    {group:<28} {count:4} rows {mean:6.1%}")


def _coverage(title: str, rows: Sequence[ServingRow], speeds: Vector, *, seen: bool = False) -> None:
    """Which share of rows the intervals hold; the target is one for rows that the fit has not ``seen``."""
    held = np.array(
        [
            support.low * speed <= measured <= support.high * speed
            for row, speed, measured in zip(rows, speeds, _measured(rows), strict=True)
            for support in [support_of(asked_of_row(row))]
        ]
    )
    kinds = np.array([row.is_mixture for row in rows])
    for kind, mixture in (("dense", False), ("mixtures", True)):
        own = held[kinds == mixture]
        if len(own):
            print(f"{title}, {kind}: 90 % intervals hold {own.mean():.1%} of {len(own)} rows")
    target = "seen by the fit" if seen else f"target 85 to 95 % {_met(0.85 <= held.mean() <= 0.95)}"
    print(f"{title}: 90 % intervals hold {held.mean():.1%}; {target}")


def _memory(rows: Sequence[ServingRow], speeds: Vector) -> None:
    refused = [row.id for row, speed in zip(rows, speeds, strict=True) if speed <= 0]
    said = f"{len(refused)} of {len(rows)} measured configurations declared impossible"
    print(f"memory: {said}; target 0 {_met(not refused)}")
    for name in refused[:20]:
        print(f"    {name}")


def _naive(rows: Sequence[ServingRow]) -> None:
    """The median share of the roofline of all chips, and of the chip in other families."""
    unlimited = ServingEfficiency.of(_ideal())
    ideal = predicted(rows, unlimited)
    share = _measured(rows) / ideal
    everything = float(np.median(share))
    off = np.abs(everything / share - 1.0)
    print(f"naive: {everything:.2f} of the roofline for everything: {np.mean(off):.1%} over rows")
    guesses = []
    for row in rows:
        others = [s for other, s in zip(rows, share, strict=True) if other.family != row.family]
        same = [
            s
            for other, s in zip(rows, share, strict=True)
            if other.family != row.family and other.chip.id == row.chip.id and other.is_mixture == row.is_mixture
        ]
        guesses.append(float(np.median(same or others)) if others else everything)
    off = np.abs(np.array(guesses) / share - 1.0)
    average = float(np.mean([mean for _, mean in _means(rows, off, lambda row: row.family).values()]))
    print(
        f"naive: median share of other families on the chip: {np.mean(off):.1%} over rows, {average:.1%} over families"
    )


def _ideal() -> Vector:
    """Figures of a perfect machine: all shares 1, no starts, no host time."""
    still = {"layer_us", "exchange_us", "step_ms", "token_us", "prompt_token_us", "request_us"}
    still |= {"tile", "queue", "traffic", "drain"}
    return np.array(
        [1e-9 if figure.name in still else 60.0 if figure.name == "roundness" else 1.0 for figure, _ in slots()]
    )


def _left_out(rows: Sequence[ServingRow]) -> None:
    begun = np.array([fitted_efficiency().figures[f.name][f.keys.index(key)] for f, key in slots()])
    speeds = np.zeros(len(rows))
    for family in sorted({row.family for row in rows}):
        seen = [row for row in rows if row.family != family]
        places = [place for place, row in enumerate(rows) if row.family == family]
        refitted = ServingEfficiency.of(fit_values(seen, prior_values(), start=begun))
        speeds[places] = predicted([rows[place] for place in places], refitted)
    _accuracy("its family left out", rows, speeds)
    for name, (count, mean) in _means(rows, _errors(rows, speeds), lambda row: row.family).items():
        print(f"    {name:<28} {count:4} rows {mean:6.1%}")


def _peer(rows: Sequence[ServingRow], speeds: Vector) -> None:
    try:
        other = peer_aiconfigurator.tokens_per_s_per_chip(rows)
    except subprocess.CalledProcessError as error:
        print(f"aiconfigurator: its process ended with {error.returncode} and gave no figures")
        return
    if other is None:
        print("aiconfigurator: not there; benchmarks/perf/setup.sh makes its environment")
        return
    places = np.flatnonzero(np.isfinite(other))
    if not len(places):
        print("aiconfigurator: takes none of the rows that it was asked")
        return
    chosen = [rows[place] for place in places]
    print(f"aiconfigurator: every {peer_aiconfigurator.EACH}th row of its models and chips, as it is slow")
    for name, said in (("aiconfigurator", other[places]), ("this model, the same rows", speeds[places])):
        off = _errors(chosen, said)
        print(f"{name}: {np.mean(off):.1%} over {len(places)} rows, median {np.median(off):.1%}")
        for kind, (count, mean) in _means(chosen, off, lambda row: "mixture" if row.is_mixture else "dense").items():
            print(f"    {kind:<10} {count:4} rows {mean:6.1%}")


def _speed(rows: Sequence[ServingRow]) -> None:
    begin = time.process_time()
    predicted(rows, fitted_efficiency())
    print(f"speed: {(time.process_time() - begin) / len(rows) * 1e6:.0f} us of CPU a row, all sizes of a copy searched")


def _met(answer: bool) -> str:  # noqa: FBT001 - a word for a truth value
    return "met" if answer else "NOT MET"


def main(arguments: list[str]) -> int:
    """Print the part; 0."""
    parser = argparse.ArgumentParser(prog="benchmarks/perf/part_inference.py")
    parser.add_argument("--inference", type=Path, help="a further table in the columns of the inference table")
    parser.add_argument("--quick", action="store_true", help="without the left-out fits and the peer")
    chosen = parser.parse_args(arguments)
    run(chosen.inference, quick=chosen.quick)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
