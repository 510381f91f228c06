"""How sure a figure of serving is: a 90 % interval, what it rests on, and the nearest published measurement.

The intervals are the 5th and 95th percentile of measured over predicted where the fit had not seen what it predicts:

    level 0   a chip and a software that were measured: rows and whole models left out, in equal parts
    level 1   a measured chip under other software, or software that is not stated: whole sources left out
    level 2   a chip that is known from its data sheet alone, of a measured family (H800): chips left out
    level 3   no chip of its generation was measured, or none whose arithmetic is cut likewise (H20): generations and
              vendors left out

``tools/fit_serving.py`` computes them by refitting without the rows in question; each level is at least as wide as the
one before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, log, log2
from typing import Any

import numpy as np

from lexloci.model.estimate import Range
from lexloci.perf.chip_family import chip_family
from lexloci.perf.serving_efficiency import stored_fit
from lexloci.perf.serving_rows import ServingRow, shipped_serving_rows

LEVELS = (
    "chip and software measured",
    "chip measured under other software",
    "chip known from its data sheet alone",
    "no chip of its kind measured",
)
_FEW_ROWS = 3
_BEYOND = 2.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, as far as measurements are compared with it; ``software`` is empty where it is not stated."""

    chip: str
    generation: int
    vendor: str
    software: str
    is_mixture: bool
    mode: str
    parameters: float
    weight_bytes: float
    prompt_tokens: float
    output_tokens: float


@dataclass(frozen=True, slots=True)
class Support:
    """The interval as factors of the point, the run that stands nearest, and what had to be assumed."""

    low: float
    high: float
    nearest: str
    warnings: tuple[str, ...]

    def around(self, point: float, most: float = float("inf")) -> Range:
        """The interval around a point, its high end at most ``most``."""
        high = max(point, min(point * self.high, most))
        return Range(point, min(point, point * self.low), high)


def means_alone() -> float:
    """Speed with lengths as real requests have them over that of their means, at the 5th percentile.

    Of the cases of ``tools/measure_means_alone.py`` that serve both ways.
    """
    return float(stored_fit()["means_alone"])


def with_means_alone(support: Support) -> Support:
    """The support where only means of the lengths are stated: its low end is lower, by both errors together."""
    share = means_alone()
    low = exp(-((log(support.low) ** 2 + log(share) ** 2) ** 0.5))
    told = (
        f"only means of the lengths of requests are stated: real ones are up to {1.0 - share:.0%} slower, "
        "and long prompts may miss the limit on the first token: low end widened; name a sample with `lengths`"
    )
    return replace(support, low=low, warnings=(*support.warnings, told))


def asked_of_row(row: ServingRow) -> Asked:
    """What a measurement asks."""
    return Asked(
        chip=row.chip.id,
        software=row.software,
        generation=int(np.asarray(row.machine.generation)),
        vendor=chip_family(row.chip.id, row.chip.designer).vendor,
        is_mixture=row.is_mixture,
        mode=row.mode,
        parameters=float(np.asarray(row.shape.parameters)),
        weight_bytes=float(np.asarray(row.precision.expert_bytes)),
        prompt_tokens=row.prompt_tokens,
        output_tokens=row.output_tokens,
    )


@lru_cache(maxsize=4096)
def support_of(asked: Asked) -> Support:
    """How sure the model is of what is asked."""
    evidence = _evidence()
    of_generation = [one for one in evidence if one[0].generation == asked.generation]
    level, warnings = _level(asked, [one[0] for one in of_generation])
    kind = "mixtures of experts" if asked.is_mixture else "dense models"
    if len(of_generation) > 0 and len([o for o in of_generation if o[0].is_mixture == asked.is_mixture]) < _FEW_ROWS:
        level = min(level + 1, len(LEVELS) - 1)
        warnings.append(f"fewer than {_FEW_ROWS} measurements of {kind} on this generation: interval widened")
    beyond = _outside([one[0] for one in of_generation] or [one[0] for one in evidence], asked)
    if beyond:
        level = min(level + 1, len(LEVELS) - 1)
        warnings.append(f"{beyond}: interval widened")
    low, high = interval(stored_fit()["intervals"], level, asked.mode, is_mixture=asked.is_mixture)
    nearest = min(evidence, key=lambda one: _distance(one[0], asked))
    return Support(low, high, f"{nearest[1].id} ({nearest[1].source})", tuple(warnings))


def _level(asked: Asked, of_generation: list[Asked]) -> tuple[int, list[str]]:
    """The level of what is asked among the measurements of its generation, and what it lacks, in words."""
    if not of_generation:
        return 3, [f"no measurement of this chip's generation ({LEVELS[3]}): interval widened"]
    families = {chip_family(one.chip).name for one in of_generation}
    if chip_family(asked.chip).name not in families:
        only = "only of chips of its generation whose arithmetic is not cut likewise"
        return 3, [f"no measurement of this chip, {only}: interval widened"]
    if asked.chip not in {one.chip for one in of_generation}:
        return 2, [f"no measurement of this chip, only of its generation ({LEVELS[2]}): interval widened"]
    if asked.software not in {one.software for one in of_generation}:
        said = [f"no measurement of {asked.software} on this generation: interval widened"] if asked.software else []
        return 1, said
    return 0, []


def unstated_interval(generation: int, family: str, *, is_mixture: bool) -> tuple[float, float]:
    """The interval of a demand on a family of chips under software that is not stated, as factors of the point."""
    measured = {chip_family(one.chip).name for one, _ in _evidence() if one.generation == generation}
    level = 1 if family in measured else 3
    return interval(stored_fit()["intervals"], level, "limits", is_mixture=is_mixture)


def interval(stored: dict[str, Any], level: int, mode: str, *, is_mixture: bool) -> tuple[float, float]:
    """5th and 95th percentile of measured over predicted at a level, for a way of loading and a kind of model."""
    low, high = stored[str(level)][f"{mode} {'mixture' if is_mixture else 'dense'}"]
    return exp(low), exp(high)


@lru_cache(maxsize=1)
def _evidence() -> tuple[tuple[Asked, ServingRow], ...]:
    return tuple((asked_of_row(row), row) for row in shipped_serving_rows())


def _outside(seen: list[Asked], asked: Asked) -> str:
    """What of the job lies more than twice beyond what was measured, in words; empty where nothing does."""
    for name, text, value in (
        ("parameters", "parameters", asked.parameters),
        ("prompt_tokens", "tokens of prompt", asked.prompt_tokens),
        ("output_tokens", "tokens of answer", asked.output_tokens),
    ):
        values = [getattr(one, name) for one in seen]
        if not min(values) / _BEYOND <= value <= max(values) * _BEYOND:
            return f"{value:.3g} {text} lie outside the published {min(values):.3g} to {max(values):.3g}"
    return ""


def _distance(one: Asked, asked: Asked) -> float:
    apart = 8.0 * (one.generation != asked.generation) + 4.0 * (one.vendor != asked.vendor)
    apart += 2.0 * (one.is_mixture != asked.is_mixture) + 1.0 * (one.mode != asked.mode)
    apart += abs(log2(one.parameters / asked.parameters)) + abs(log2(one.weight_bytes / asked.weight_bytes))
    lengths = abs(log((one.prompt_tokens + 1.0) / (asked.prompt_tokens + 1.0)))
    return apart + 0.5 * (lengths + abs(log((one.output_tokens + 1.0) / (asked.output_tokens + 1.0))))
