"""The fitted figures of serving: what each generation of chip, precision, host and epoch of software reaches.

Nothing here is keyed on a row, a publication or a model. ``tools/fit_serving.py`` fits the figures to the published
measurements and writes ``data/serving_fit.json`` with the number of rows that speak for each.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lexloci.model.errors import CatalogueError
from lexloci.perf.serving_machine import (
    GENERATION_PARENT,
    STACK_PARENT,
    Host,
    ServingGeneration,
    Stack,
    Tuning,
)
from lexloci.perf.shape import Numbers

FIT_FILE = Path(__file__).parent / "data" / "serving_fit.json"
ALL = ("all",)
KINDS = ("dense", "mixture")


def _names(kind: type[IntEnum]) -> tuple[str, ...]:
    return tuple(each.name.lower() for each in kind)


GENERATIONS = _names(ServingGeneration)


@dataclass(frozen=True, slots=True)
class Figure:
    """One kind of fitted figure: its keys, what is believed before any row, how firmly (in log), and what it means.

    ``most``: the value that no fit passes (1 for a share of a peak). ``parents``: the key that a key resembles, to
    within ``likeness`` in log (``spread`` where it is 0); a key without one is believed to be at ``prior``.
    """

    name: str
    keys: tuple[str, ...]
    prior: float
    spread: float
    meaning: str
    most: float = float("inf")
    parents: dict[str, str] = field(default_factory=dict)
    likeness: float = 0.0


def _named(parents: dict[IntEnum, IntEnum]) -> dict[str, str]:
    return {child.name.lower(): parent.name.lower() for child, parent in parents.items()}


_VENDORS = _named(GENERATION_PARENT)
_STACKS = _named(STACK_PARENT)

FIGURES: tuple[Figure, ...] = (
    Figure("bandwidth", GENERATIONS, 0.80, 0.12, "share of the memory bandwidth that a step reaches", 1.0, _VENDORS),
    Figure(
        "arithmetic8",
        GENERATIONS,
        0.60,
        0.20,
        "share of the 8-bit peak (16-bit likewise) of matrix products",
        1.0,
        _VENDORS,
    ),
    Figure("arithmetic4", GENERATIONS, 0.50, 0.20, "share of the 4-bit peak of matrix products", 1.0, _VENDORS),
    Figure(
        "experts",
        GENERATIONS,
        0.50,
        0.40,
        "share of that which grouped products of experts reach",
        1.0,
        _VENDORS,
        likeness=0.10,
    ),
    Figure("tile", ALL, 32.0, 0.50, "tokens that an expert computes for nothing in its last tile"),
    # CloudMatrix384 reads 18 % more prompts where experts are evenly asked (arXiv:2506.12708, section 5.2, as retold)
    Figure("busiest", ALL, 0.06, 0.50, "more tokens of the chip whose experts are asked most, a doubling of chips"),
    Figure("traffic", ALL, 0.7, 0.40, "bytes that pass between kernels over those of kernels that share nothing"),
    Figure("decode_scores", ALL, 0.50, 0.30, "share of the 16-bit peak of attention while generating", 1.0),
    Figure("prompt_scores", ALL, 0.40, 0.40, "share of the 16-bit peak of attention while reading a prompt", 1.0),
    Figure("prompt", ALL, 1.0, 0.15, "share of the matrix products' figure that long prompts reach", 1.0),
    Figure("imbalance", ALL, 1.4, 0.40, "time of prompts between steps over that were they spread evenly over chips"),
    Figure("exposed", ALL, 0.3, 0.40, "share of the exchanges that are waited for though half of the batch computes"),
    Figure("link", ALL, 0.60, 0.40, "share of the line rate that exchanges between chips reach", 1.0),
    Figure("layer_us", ALL, 5.0, 0.40, "start of the kernels of one layer, microseconds"),
    Figure("exchange_us", KINDS, 15.0, 0.50, "start of the exchanges of one layer, microseconds a doubling of chips"),
    Figure("step_ms", ALL, 1.0, 0.50, "scheduling of one step, milliseconds"),
    Figure("token_us", ALL, 5.0, 0.50, "host's time for one generated token, microseconds"),
    Figure("prompt_token_us", ALL, 0.5, 0.50, "host's time for one token of a prompt, microseconds"),
    Figure("request_us", ALL, 100.0, 0.50, "host's time to take in one request, microseconds"),
    Figure("host", _names(Host), 1.0, 0.40, "time of the host over that of x86"),
    Figure(
        "stack",
        _names(Stack),
        1.0,
        0.40,
        "starts of kernels and exchanges over those of NVIDIA's software",
        parents=_STACKS,
    ),
    Figure(
        "roundness", ALL, 1.5, 0.30, "exponent of the roofline's corner: 1 adds memory and arithmetic, more overlaps"
    ),
    Figure("last_wave", ALL, 1.3, 0.30, "time of the last, partial batch of a run over that of its size"),
    Figure("drain", ALL, 3.0, 0.40, "mean answers that a run with answers of many lengths waits for its last one"),
    Figure("tuning", _names(Tuning), 1.0, 0.15, "speed over that of default options"),
    Figure("limit_head", ALL, 0.75, 0.20, "mean time per token over the limit on its 99th percentile", 1.0),
    Figure("queue", ALL, 0.5, 0.50, "waiting for a place over that of Poisson arrivals"),
    Figure("speculation", ALL, 1.30, 0.15, "speed with drafted tokens over that without"),
)
FIXED = {("host", "x86"), ("stack", "nvidia"), ("tuning", "default"), ("tuning", "apart")}
"""Figures that the others are counted against: 1 by definition."""


def slots() -> list[tuple[Figure, str]]:
    """Each figure and key that the fit may move, in the order of its vector."""
    return [(figure, key) for figure in FIGURES for key in figure.keys if (figure.name, key) not in FIXED]


@dataclass(frozen=True, slots=True)
class ServingEfficiency:
    """The figures by name, each an array over its keys."""

    figures: dict[str, NDArray[np.float64]]

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> ServingEfficiency:
        """From a vector of values in the order of ``slots``; the fixed ones are 1."""
        moved = {(figure.name, key): value for (figure, key), value in zip(slots(), values, strict=True)}
        return cls(
            {
                figure.name: np.array(
                    [min(moved.get((figure.name, key), 1.0), figure.most) for key in figure.keys], dtype=np.float64
                )
                for figure in FIGURES
            }
        )

    def at(self, name: str, key: Numbers = 0.0) -> Numbers:
        """The figure for a key, or for each of many."""
        found: NDArray[np.float64] = self.figures[name][np.asarray(key, dtype=np.intp)]
        return found


def resemblance() -> NDArray[np.float64]:
    """What is believed of the figures among each other: R such that R @ (logs - believed) are deviations in spreads."""
    found = np.zeros((len(slots()), len(slots())))
    places = {(figure.name, key): place for place, (figure, key) in enumerate(slots())}
    for (name, key), place in places.items():
        figure = next(one for one in FIGURES if one.name == name)
        if key in figure.parents:
            found[place, place] = 1.0 / (figure.likeness or figure.spread)
            found[place, places[name, figure.parents[key]]] = -found[place, place]
        else:
            found[place, place] = 1.0 / figure.spread
    return found


def prior_values() -> NDArray[np.float64]:
    """What is believed before any row, in the order of ``slots``."""
    return np.array([figure.prior for figure, _ in slots()], dtype=np.float64)


@lru_cache(maxsize=1)
def prior_efficiency() -> ServingEfficiency:
    """What is believed before any row."""
    return ServingEfficiency.of(prior_values())


@lru_cache(maxsize=1)
def stored_fit() -> dict[str, Any]:
    """The content of ``data/serving_fit.json``. Raises CatalogueError where it is missing or malformed."""
    try:
        found: dict[str, Any] = json.loads(FIT_FILE.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CatalogueError(f"perf/data/{FIT_FILE.name}: cannot be read ({error}); reinstall lexloci") from error
    return found


@lru_cache(maxsize=1)
def fitted_efficiency() -> ServingEfficiency:
    """The figures that ship. Raises CatalogueError where the file lacks one."""
    stored = stored_fit()
    try:
        return ServingEfficiency.of(np.array([stored["figures"][f.name][key]["value"] for f, key in slots()]))
    except KeyError as error:
        raise CatalogueError(f"perf/data/{FIT_FILE.name}: lacks {error}; run tools/fit_serving.py") from error
