"""How far the estimates of speed stray from published measurements, leaving each source out in turn.

    python benchmarks/perf_thin.py [more_training_runs.csv.gz]

Every source is predicted by a fit that has not seen it: mean absolute percentage error of tokens a second
averaged over sources, and the share of rows inside the 90 % interval (by row, and with sources weighing the
same). With a second table in the shipped form, its rows that are not shipped are predicted by the whole fit.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter

from lexloci.perf.serving import measured_serving
from lexloci.perf.table import _training_run, serving_runs, training_runs
from lexloci.perf.training import measured
from lexloci.perf.utilisation import Measured, Query, UtilisationFit, fit_utilisation

Score = tuple[str, float, bool]


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


def main(arguments: list[str]) -> int:
    """Print the benchmark."""
    start = perf_counter()
    training = tuple(measured(run) for run in training_runs())
    serving = tuple(measured_serving(run) for run in serving_runs())
    fits = fit_utilisation(training, with_decline=True), fit_utilisation(serving, with_decline=False)
    print(f"tables loaded and fitted in {(perf_counter() - start) * 1000:.0f} ms")
    print(f"training: {fits[0].decline:.4f} in log MFU for each doubling of chips")
    for title, runs, with_decline in (("training", training, True), ("serving", serving, False)):
        for kind, is_mixture in (("dense", False), ("mixture", True)):
            chosen = {run.id for run in runs if run.is_mixture == is_mixture}
            left_out = [
                one
                for run, one in zip(
                    sorted(runs, key=lambda run: run.family),
                    scores_left_out(tuple(sorted(runs, key=lambda run: run.family)), with_decline=with_decline),
                    strict=True,
                )
                if run.id in chosen
            ]
            report(f"{title}, {kind}, source left out", left_out)
    if arguments:
        rows = list(csv.DictReader(gzip.decompress(Path(arguments[0]).read_bytes()).decode("utf-8").splitlines()))
        shipped = {run.id for run in training}
        fresh = [measured(_training_run(row)) for row in rows if row["id"] not in shipped]
        for kind, is_mixture in (("dense", False), ("mixture", True)):
            report(
                f"training, {kind}, rows not shipped",
                (score(fits[0], run) for run in fresh if run.is_mixture == is_mixture),
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
