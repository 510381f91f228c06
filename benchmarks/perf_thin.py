"""How far the estimates of speed stray from published measurements, leaving each source out in turn.

    python benchmarks/perf_thin.py [more_training_runs.csv.gz]

Every source is predicted by a fit that has not seen it: mean absolute percentage error of tokens a second
averaged over sources, and the share of rows inside the 90 % interval (by row, and with sources weighing the
same). With a second table in the shipped form, its rows that are not shipped are predicted by the whole fit.
"""

# ruff: noqa: INP001, T201 - a script, which speaks by printing

from __future__ import annotations

import sys
from collections.abc import Iterable
from math import exp
from pathlib import Path

from lexloci.perf.serving import measured_serving
from lexloci.perf.table import read_training_runs, serving_runs, training_runs
from lexloci.perf.training import measured
from lexloci.perf.utilisation import Measured, Query, UtilisationFit, fit_utilisation

Score = tuple[str, float, bool]
KINDS = (("dense", False), ("mixture", True))
LEVEL_NAMES = ("family of the chip measured", "only its vendor measured", "vendor not measured")


def scores_left_out(runs: tuple[Measured, ...], *, with_decline: bool) -> list[Score]:
    """Family, error as a share and whether inside the interval, for every run whose source was left out."""
    found: list[Score] = []
    for family in sorted({run.family for run in runs}):
        fit = fit_utilisation((run for run in runs if run.family != family), with_decline=with_decline)
        found += [score(fit, run) for run in runs if run.family == family]
    return found


def score(fit: UtilisationFit, run: Measured) -> Score:
    """Family, error as a share of the measured speed, and whether it lies inside the interval."""
    query = Query(run.chip_family, run.vendor, run.is_mixture, run.parameters, run.chips or 332)
    share = fit.judge(query).share
    return run.family, abs(share.point / run.share - 1.0), share.low <= run.share <= share.high


def report(title: str, scores: Iterable[Score]) -> None:
    """Print rows, sources, error averaged over sources, and coverage of the interval."""
    by_family: dict[str, list[Score]] = {}
    for one in scores:
        by_family.setdefault(one[0], []).append(one)
    rows = sum(len(group) for group in by_family.values())
    if not rows:
        return
    mean_errors = [sum(error for _, error, _ in group) / len(group) for group in by_family.values()]
    inside = sum(held for group in by_family.values() for _, _, held in group) / rows
    shares = [sum(held for _, _, held in group) / len(group) for group in by_family.values()]
    print(
        f"{title:<42} {rows:>4} rows {len(by_family):>3} sources  error {sum(mean_errors) / len(mean_errors):6.1%}"
        f"  inside 90 % interval: {inside:6.1%} of rows, {sum(shares) / len(shares):6.1%} by source"
    )


def report_fit(title: str, fit: UtilisationFit) -> None:
    """Print the fitted figures: decline, median share of each chip family, and the spreads by level."""
    print(f"{title}: {fit.decline:+.4f} in the log of the share for each doubling of chips")
    for (level, is_mixture, name), group in sorted(fit.groups.items()):
        if level == 0:
            sources = len({run.family for run in group.runs})
            print(
                f"  {'mixture' if is_mixture else 'dense':<8} {name:<14} {exp(group.median):6.3f} at one chip"
                f"  {len(group.runs):>4} rows {sources:>3} sources"
            )
    for (level, is_mixture), (low, high) in sorted(fit.spreads.items(), key=lambda item: (item[0][1], item[0][0])):
        print(
            f"  {'mixture' if is_mixture else 'dense':<8} interval, {LEVEL_NAMES[level]:<28}"
            f" x {exp(low):.3f} to x {exp(high):.3f}"
        )


def main(arguments: list[str]) -> int:
    """Print the benchmark; 0."""
    training = tuple(sorted((measured(run) for run in training_runs()), key=lambda run: (run.family, run.id)))
    serving = tuple(sorted((measured_serving(run) for run in serving_runs()), key=lambda run: (run.family, run.id)))
    fit = fit_utilisation(training, with_decline=True)
    report_fit("training", fit)
    report_fit("serving", fit_utilisation(serving, with_decline=False))
    for title, runs, with_decline in (("training", training, True), ("serving", serving, False)):
        scores = list(zip(runs, scores_left_out(runs, with_decline=with_decline), strict=True))
        for kind, is_mixture in KINDS:
            report(f"{title}, {kind}, source left out", [one for run, one in scores if run.is_mixture is is_mixture])
    for argument in arguments:
        shipped = {run.id for run in training}
        fresh = [run for run in map(measured, read_training_runs(Path(argument))) if run.id not in shipped]
        for kind, is_mixture in KINDS:
            chosen = [score(fit, run) for run in fresh if run.is_mixture is is_mixture]
            report(f"training, {kind}, rows not shipped", chosen)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
