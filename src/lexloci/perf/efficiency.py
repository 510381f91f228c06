"""The fitted figures: what each generation of chip, precision and epoch of software reaches.

Nothing here is keyed on a row, a publication, a code base or a model. ``tools/fit_training.py`` fits them to the
published runs and writes ``data/training_fit.json``, with the rows that speak for each.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lexloci.perf.machine import Generation, Precision
from lexloci.perf.shape import Numbers

FIT_FILE = Path(__file__).parent / "data" / "training_fit.json"


_UNMOVED = 1e-4


class Epoch(IntEnum):
    """When the software was released; attention is fused from the second on (FlashAttention, June 2022)."""

    UNFUSED = 0
    FUSED = 1
    OVERLAPPED = 2
    MATURE = 3
    BLACKWELL_READY = 4
    GROUPED = 5


EPOCH_BEGINS = ("0000-00", "2022-06", "2023-07", "2024-03", "2025-08", "2026-05")
"""First month of each epoch, as it was published."""


def epoch_of(dated: str) -> Epoch:
    """The epoch of a month such as 2024-05."""
    return Epoch(sum(dated >= begin for begin in EPOCH_BEGINS) - 1)


@dataclass(frozen=True, slots=True)
class Figure:
    """One kind of fitted figure: its place in the vector, what is believed before any row, and how firmly (in log)."""

    name: str
    keys: tuple[str, ...]
    prior: tuple[float, ...]
    spread: float
    smooth: float = 0.0


GENERATIONS = tuple(each.name.lower() for each in Generation)
EPOCHS = tuple(each.name.lower() for each in Epoch)

FIGURES: tuple[Figure, ...] = (
    # TPU: XLA on v5e takes 0.827 ms for a product of 4,096 and 6.047 ms for one of 8,192 (JAX's documentation,
    # docs/pallas/tpu/matmul): 0.936 of the peak between the two, and the ramp of short inner products beside it.
    Figure("gemm", GENERATIONS, (0.72, 0.85, 0.72, 0.75, 0.95, 0.80, 0.75), 0.15),
    Figure("gemm_fp8", GENERATIONS, (0.60, 0.60, 0.60, 0.68, 0.70, 0.60, 0.68), 0.15),
    Figure("gemm_fp4", GENERATIONS, (0.50, 0.50, 0.50, 0.50, 0.50, 0.50, 0.50), 0.2),
    Figure("attention", GENERATIONS, (0.60, 0.65, 0.62, 0.55, 0.60, 0.60, 0.55), 0.20),
    Figure("domain", GENERATIONS, (0.70, 0.78, 0.80, 0.80, 0.80, 0.70, 0.80), 0.1),
    Figure("fabric", ("all",), (0.70,), 0.2),
    Figure("fabric_doubling", ("all",), (0.03,), 0.6),
    Figure("elementwise", EPOCHS, (1.8, 1.6, 1.4, 1.2, 1.1, 1.1), 0.3, 0.15),
    Figure("layer_s", EPOCHS, (2e-3, 1.2e-3, 8e-4, 5e-4, 3e-4, 2e-4), 0.4, 0.5),
    Figure("tensor_exposed", EPOCHS, (1.0, 0.9, 0.7, 0.5, 0.5, 0.5), 0.3, 0.2),
    Figure("data_exposed", EPOCHS, (0.6, 0.4, 0.3, 0.2, 0.2, 0.2), 0.5, 0.3),
    Figure("pipeline_exposed", EPOCHS, (0.6, 0.4, 0.3, 0.2, 0.2, 0.2), 0.5, 0.3),
    Figure("cast", ("all",), (1.0,), 0.4),
    Figure("expert_gemm", GENERATIONS, (0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8), 0.3),
    Figure("expert_exposed", EPOCHS, (1.0, 1.0, 1.0, 0.8, 0.7, 0.7), 0.4, 0.2),
    Figure("expert_bytes", EPOCHS, (4.0, 4.0, 4.0, 3.0, 2.5, 2.5), 0.5, 0.3),
    Figure("expert_s", EPOCHS, (3e-4, 3e-4, 3e-4, 3e-4, 3e-4, 1.5e-4), 0.5, 0.4),
    Figure("rank_launch", ("all",), (0.05,), 0.5),
    Figure("doubling", ("all",), (0.010,), 0.5),
    # Below its design power a chip's memory, links and leakage go on: what is left to the clock falls faster than the
    # square root of the limit, by which alone dynamic power would have it. No source.
    Figure("clock", ("all",), (0.8,), 0.3),
    Figure("whole_run", ("all",), (1.10,), 0.08),
    Figure("young_gemm", ("all",), (0.12,), 0.6),
    Figure("young_attention", GENERATIONS, (0.5,) * 7, 0.8),
    Figure("step_s", ("all",), (0.02,), 0.5),
)


def priors() -> NDArray[np.float64]:
    """Logs of what is believed before any row, in the order of FIGURES."""
    logs: NDArray[np.float64] = np.log(np.array([value for figure in FIGURES for value in figure.prior]))
    return logs


def places() -> list[tuple[Figure, slice]]:
    """Each kind of figure with its place in the vector."""
    found, begin = [], 0
    for figure in FIGURES:
        found.append((figure, slice(begin, begin + len(figure.keys))))
        begin += len(figure.keys)
    return found


@dataclass(frozen=True, slots=True)
class Efficiency:
    """The figures by name, each an array over its keys."""

    figures: dict[str, NDArray[np.float64]]

    @classmethod
    def of(cls, logs: NDArray[np.float64]) -> Efficiency:
        """From a vector of logs in the order of FIGURES."""
        values = np.exp(logs)
        return cls({figure.name: values[place] for figure, place in places()})

    def logs(self) -> NDArray[np.float64]:
        """The figures as a vector of logs in the order of FIGURES."""
        found: NDArray[np.float64] = np.log(np.concatenate([self.figures[figure.name] for figure in FIGURES]))
        return found

    def at(self, name: str, key: Numbers = 0.0) -> Numbers:
        """The figure for a generation or an epoch, or for each of many."""
        found: NDArray[np.float64] = self.figures[name][np.asarray(key, dtype=np.intp)]
        return found

    def gemm(self, generation: Numbers, precision: Numbers) -> Numbers:
        """Share of the peak of a precision that large matrix products reach."""
        fp8, fp4 = self.at("gemm_fp8", generation), self.at("gemm_fp4", generation)
        low = np.where(np.asarray(precision) == Precision.FP4, fp4, fp8)
        return np.where(np.asarray(precision) == Precision.BF16, self.at("gemm", generation), low)


@lru_cache(maxsize=1)
def _stored() -> dict[str, dict[str, dict[str, float]]]:
    found: dict[str, dict[str, dict[str, float]]] = json.loads(FIT_FILE.read_text(encoding="utf-8"))["figures"]
    return found


def moved_by_rows(name: str, key: str) -> bool:
    """Whether any published run moved a figure from what was believed before."""
    held = _stored()[name][key]
    return abs(held["value"] / held["before"] - 1.0) > _UNMOVED


@lru_cache(maxsize=1)
def fitted() -> Efficiency:
    """The figures that ship, as ``tools/fit_training.py`` wrote them."""
    stored = _stored()
    return Efficiency(
        {figure.name: np.array([stored[figure.name][key]["value"] for key in figure.keys]) for figure in FIGURES}
    )
