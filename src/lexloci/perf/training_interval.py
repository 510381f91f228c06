"""How far a predicted step may be off: 90 % intervals from the errors on sources that the fit had not seen.

``tools/fit_training.py`` leaves each family of sources out, fits the rest and predicts the family, with its stated
layouts and with the best layout that the search finds; and does so again leaving each generation of chips out. The
quantiles of those errors, a family weighing its rows up to a limit, are the interval: conformal prediction on
left-out families. A job outside the sizes that the rows cover, or on a chip of no measured generation, takes the
errors of generations left out, widened by how far whole generations are off (``left_out.between_generations``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log2
from typing import Any

from lexloci.model.estimate import Range
from lexloci.perf.calibration import Calibration
from lexloci.perf.efficiency import FIT_FILE
from lexloci.perf.machine import Generation

_FAR = 2.0

_LEFT_OUT = "interval of generations left out"
"""What is told where the interval is that of chips that the fit had not seen: wider than that of those seen."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Errors of a kind of prediction, in log of measured over predicted time: median, 5 and 95 % quantile."""

    middle: float
    low: float
    high: float

    def around(self, seconds: float) -> Range:
        """The step time with its interval."""
        point = seconds * exp(self.middle)
        return Range(point, min(point, seconds * exp(self.low)), max(point, seconds * exp(self.high)))


@dataclass(frozen=True, slots=True)
class Query:
    """What a prediction is asked for, as far as it decides how sure it is.

    ``unusual``: what of it the published runs hardly hold, in words.
    """

    generation: Generation
    is_mixture: bool
    parameters: float
    chips: float
    searched: bool = True
    unusual: str = ""


@dataclass(frozen=True, slots=True)
class CoveredRun:
    """One published run that the fit has seen, as far as it decides what the fit covers."""

    id: str
    source: str
    generation: int
    is_mixture: bool
    parameters: float
    chips: float


@dataclass(frozen=True, slots=True)
class Support:
    """The spread that a prediction takes, the published run that stands nearest, and why the interval is wider."""

    spread: Spread
    nearest: CoveredRun
    warnings: tuple[str, ...]
    calibrated: str = ""

    @property
    def told(self) -> str:
        """What the prediction rests on, for people."""
        return f"{self.calibrated}{self.nearest.id} ({self.nearest.source})"


@lru_cache(maxsize=1)
def _stored() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FIT_FILE.read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=1)
def spreads() -> dict[str, Spread]:
    """The spreads that ship, by ``dense`` or ``mixture``, ``stated`` or ``searched``, ``known`` or ``new``."""
    return {name: Spread(**values) for name, values in _stored()["spreads"].items()}


@lru_cache(maxsize=1)
def covered_runs() -> tuple[CoveredRun, ...]:
    """The published runs that the fit that ships has seen."""
    return tuple(CoveredRun(*values) for values in _stored()["runs"])


def support_of(query: Query, calibration: Calibration | None = None) -> Support:
    """How sure a prediction is, what stands nearest, and what lies outside; ``calibration``: a user's own runs.

    A calibration's errors are those of stated layouts; the search's own tendency to find layouts that are too good
    stays as published. Beyond what was published (sizes, chips, ``unusual``) it is no surer than without: the user's
    runs need not have been there either.
    """
    runs = [run for run in covered_runs() if run.is_mixture == query.is_mixture]
    own = [run for run in runs if run.generation == query.generation]
    warnings = []
    unmeasured = not own or query.generation == Generation.OTHER
    if unmeasured:
        warnings.append(f"no measurement of this chip's generation: {_LEFT_OUT}")
    if query.unusual:
        warnings.append(f"{query.unusual}: {_LEFT_OUT}")
    sizes = [run.parameters for run in own or runs]
    if not min(sizes) / _FAR <= query.parameters <= max(sizes) * _FAR:
        published = f"{min(sizes):.3g} to {max(sizes):.3g}"
        warnings.append(f"{query.parameters:.3g} parameters lie outside the published {published}: {_LEFT_OUT}")
    counts = [run.chips for run in own or runs]
    if query.chips > _FAR * max(counts):
        published = f"{min(counts):g} to {max(counts):g}"
        warnings.append(f"{query.chips:g} chips lie outside the published {published}: {_LEFT_OUT}")
    kind = "mixture" if query.is_mixture else "dense"
    name = f"{kind} {'searched' if query.searched else 'stated'} {'new' if warnings else 'known'}"
    nearest = min(own or runs, key=lambda run: _doublings(run, query))
    spread = spreads()[name]
    if calibration is None:
        return Support(spread, nearest, tuple(warnings))
    middle = spread.middle if query.searched else 0.0
    narrowed = Spread(middle + calibration.middle, middle + calibration.low, middle + calibration.high)
    if len(warnings) > unmeasured:
        narrowed = Spread(narrowed.middle, min(narrowed.low, spread.low), max(narrowed.high, spread.high))
    return Support(narrowed, nearest, tuple(warnings), f"{calibration.runs} runs of {calibration.name}, and ")


def _doublings(run: CoveredRun, query: Query) -> float:
    return abs(log2(run.parameters / query.parameters)) + abs(log2(run.chips / query.chips)) / 4.0
