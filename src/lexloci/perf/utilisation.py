"""Which share of a chip's peak a job reaches, judged from published measurements, with a 90 % interval.

The point is the median of the runs that stand nearest: of the chip's family, else of its vendor, else of
all chips; dense models and mixtures of experts apart; each source counts once, however many rows it has.
The interval is the spread of the errors that this very rule makes on the published runs when it may not
see the source (same family), the chip family (same vendor) or the vendor (all chips). A group of fewer than
three runs, or a job outside the sizes that the group covers, takes the spread of the next, wider level.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log, log2
from typing import NamedTuple

from lexloci.model.estimate import Range

_FEW_RUNS = 3
_LEVELS = ("its family", "other chips of its vendor", "chips of all vendors")


@dataclass(frozen=True, slots=True)
class Measured:
    """One published run, reduced to the share of the peak that it reached."""

    id: str
    family: str
    series: str
    chip_family: str
    vendor: str
    is_mixture: bool
    parameters: float
    chips: int | None
    share: float
    source: str
    steady: bool = True


class Query(NamedTuple):
    """What is asked for: a chip's family and vendor, the kind and size of the model, the number of chips."""

    chip_family: str
    vendor: str
    is_mixture: bool
    parameters: float
    chips: int


@dataclass(frozen=True, slots=True)
class Judged:
    """The share with its interval, the run that stands nearest, and what had to be assumed."""

    share: Range
    support: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Runs that speak together: their median at one chip (log share), and the sizes that they cover."""

    runs: tuple[Measured, ...]
    median: float
    parameters: tuple[float, float]
    chips: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class UtilisationFit:
    """The medians and spreads of a set of published runs.

    ``decline``: change of the log share with each doubling of chips. ``groups``: by level, mixture or not, and
    name of the chip family or vendor. ``spreads``: 5 and 95 % of the errors, in log, by level and kind.
    """

    decline: float
    groups: dict[tuple[int, bool, str], _Group]
    spreads: dict[tuple[int, bool], tuple[float, float]]

    def judge(self, query: Query) -> Judged:
        """The share of the peak for a job, with its 90 % interval, its nearest run and its assumptions."""
        level, group = self._group(query)
        warnings = []
        if level:
            warnings.append(f"no measurement of this chip's family: judged from {_LEVELS[level]}")
        spread_level = level
        outside = _outside(group, query)
        if len(group.runs) < _FEW_RUNS:
            warnings.append(f"only {len(group.runs)} published run(s) of this kind: interval widened")
        if outside:
            warnings.append(f"{outside}: interval widened")
        if outside or len(group.runs) < _FEW_RUNS:
            spread_level = min(level + 1, len(_LEVELS) - 1)
        low, high = self.spreads[spread_level, query.is_mixture]
        middle = group.median + self.decline * log2(query.chips)
        point = min(1.0, exp(middle))
        share = Range(point, min(point, exp(middle + low)), max(point, min(1.0, exp(middle + high))))
        nearest = min(group.runs, key=lambda run: _distance(run, query))
        return Judged(share, f"{nearest.id} ({nearest.source})", tuple(warnings))

    def _group(self, query: Query) -> tuple[int, _Group]:
        for level, name in enumerate((query.chip_family, query.vendor, "")):
            group = self.groups.get((level, query.is_mixture, name))
            if group is not None:
                return level, group
        raise KeyError("no published run of this kind of model")


def fit_utilisation(runs: Iterable[Measured], *, with_decline: bool) -> UtilisationFit:
    """Medians by group and spreads by level of a set of runs; ``with_decline``: let the share fall with the chips."""
    kept = tuple(runs)
    decline = fitted_decline(kept) if with_decline else 0.0
    levels: tuple[Callable[[Measured], str], ...] = (lambda run: run.chip_family, lambda run: run.vendor, lambda _: "")
    groups: dict[tuple[int, bool, str], _Group] = {}
    for level, name_of in enumerate(levels):
        for key in {(run.is_mixture, name_of(run)) for run in kept}:
            members = tuple(run for run in kept if (run.is_mixture, name_of(run)) == key)
            groups[level, *key] = _group_of(members, decline)
    return UtilisationFit(decline, groups, _spreads(kept, decline))


def fitted_decline(runs: Sequence[Measured]) -> float:
    """How much the log share changes with each doubling of chips, within series that differ in chips alone.

    Least squares with one level for each series; whole-run figures, which hold interruptions, stay out.
    """
    series: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for run in runs:
        if run.chips and run.steady:
            series.setdefault((run.family, run.series), []).append((log2(run.chips), log(run.share)))
    covariance = variance = 0.0
    for points in series.values():
        mean_x = sum(x for x, _ in points) / len(points)
        mean_y = sum(y for _, y in points) / len(points)
        covariance += sum((x - mean_x) * (y - mean_y) for x, y in points)
        variance += sum((x - mean_x) ** 2 for x, _ in points)
    return min(0.0, covariance / variance) if variance else 0.0


def weighted_quantile(values: Iterable[tuple[float, float]], share: float) -> float:
    """The value below which ``share`` of the weight lies; values are (value, weight), interpolated between."""
    ordered = sorted(values)
    total = sum(weight for _, weight in ordered)
    reached = 0.0
    places: list[tuple[float, float]] = []
    for value, weight in ordered:
        places.append(((reached + weight / 2.0) / total, value))
        reached += weight
    if share <= places[0][0]:
        return places[0][1]
    for (left, low), (right, high) in pairwise(places):
        if share <= right:
            return low + (high - low) * (share - left) / (right - left)
    return places[-1][1]


def _group_of(runs: tuple[Measured, ...], decline: float) -> _Group:
    chips = [run.chips for run in runs if run.chips]
    sizes = [run.parameters for run in runs]
    return _Group(runs, _median(runs, decline), (min(sizes), max(sizes)), (min(chips), max(chips)) if chips else None)


def _median(runs: Sequence[Measured], decline: float) -> float:
    """Median log share at one chip; each source family weighs the same."""
    return weighted_quantile(_weighted((run.family, _at_one_chip(run, decline)) for run in runs), 0.5)


def _weighted(values: Iterable[tuple[str, float]]) -> list[tuple[float, float]]:
    kept = list(values)
    counts: dict[str, int] = {}
    for family, _ in kept:
        counts[family] = counts.get(family, 0) + 1
    return [(value, 1.0 / counts[family]) for family, value in kept]


_UNSTATED_CHIPS = 332  # median of the shipped runs that state theirs; at 2 % a doubling the choice weighs little


def _at_one_chip(run: Measured, decline: float) -> float:
    return log(run.share) - decline * log2(run.chips or _UNSTATED_CHIPS)


def _spreads(runs: tuple[Measured, ...], decline: float) -> dict[tuple[int, bool], tuple[float, float]]:
    """5 and 95 % quantiles of the errors at each level, each at least as wide as the level before."""
    rules: tuple[Callable[[Measured, Measured], bool], ...] = (
        lambda run, other: run.chip_family == other.chip_family and run.family != other.family,
        lambda run, other: run.vendor == other.vendor and run.chip_family != other.chip_family,
        lambda run, other: run.vendor != other.vendor,
    )
    spreads: dict[tuple[int, bool], tuple[float, float]] = {}
    for is_mixture in (False, True):
        kind = [run for run in runs if run.is_mixture == is_mixture]
        low = high = 0.0
        for level, may_see in enumerate(rules):
            errors = _errors(kind, may_see, decline)
            if errors:
                low = min(low, weighted_quantile(errors, 0.05))
                high = max(high, weighted_quantile(errors, 0.95))
            spreads[level, is_mixture] = (low, high)
    return spreads


def _errors(
    runs: Sequence[Measured], may_see: Callable[[Measured, Measured], bool], decline: float
) -> list[tuple[float, float]]:
    """Log of measured over predicted for every run, predicted from the runs that it may see."""
    medians: dict[tuple[str, str, str], float | None] = {}
    errors: list[tuple[str, float]] = []
    for run in runs:
        key = (run.family, run.chip_family, run.vendor)
        if key not in medians:
            seen = [other for other in runs if may_see(run, other)]
            medians[key] = _median(seen, decline) if seen else None
        median = medians[key]
        if median is not None:
            errors.append((run.family, _at_one_chip(run, decline) - median))
    return _weighted(errors)


def _outside(group: _Group, query: Query) -> str:
    smallest, largest = group.parameters
    if not smallest <= query.parameters <= largest:
        return f"{query.parameters:.3g} parameters lie outside the published {smallest:.3g} to {largest:.3g}"
    if group.chips and not group.chips[0] <= query.chips <= group.chips[1]:
        return f"{query.chips} chips lie outside the published {group.chips[0]} to {group.chips[1]}"
    return ""


def _distance(run: Measured, query: Query) -> float:
    chips = abs(log2(query.chips / run.chips)) if run.chips else 8.0
    return abs(log2(query.parameters / run.parameters)) + chips / 4.0
