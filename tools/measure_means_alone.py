"""Says how much slower real requests are served than requests that all have their mean lengths.

    python tools/measure_means_alone.py

Every sample of lengths that ships is served by every model and chip below, on the copy within a node that serves most,
once as it is and once by its means, at 20 tokens/s for a user and 6 s to the first token. The 5th percentile of the
ratios is ``means_alone`` of ``serving_fit.json``, which ``tools/fit_serving.py`` writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from lexloci.catalogue import bundled_lengths
from lexloci.catalogue.chips import chips
from lexloci.perf.served_shape import ServedShape, shape_named
from lexloci.perf.serving_batch import Lengths, speed_under_limits
from lexloci.perf.serving_copies import FIRST_TOKEN_S
from lexloci.perf.serving_efficiency import ServingEfficiency, fitted_efficiency
from lexloci.perf.serving_machine import machine_of
from lexloci.perf.serving_step import Precision, Replica, Serving

MODELS: Final = {
    "Llama 3.1 8B": (8.0e9, 8.0e9),
    "Llama 3.3 70B": (70.6e9, 70.6e9),
    "Llama 3.1 405B": (405e9, 405e9),
    "Qwen3-235B-A22B": (235e9, 22e9),
    "DeepSeek-R1": (671e9, 37e9),
}
"""All parameters, and those that a token uses; held in 8 bits."""
CHIPS: Final = ("h100-sxm", "h200-sxm", "b200", "ascend-910b3")
COPIES: Final = (1.0, 2.0, 4.0, 8.0)
TOKENS_PER_S: Final = 20.0
FABRIC_GBPS: Final = 400.0
PERCENTILE: Final = 0.05


def pairs(efficiency: ServingEfficiency) -> Iterator[tuple[float, float]]:
    """Tokens a second and chip of each case, with its real lengths and with their means; 0 where it does not serve."""
    for sample in bundled_lengths().values():
        real = Lengths.of_requests(sample.prompts, sample.answers)
        for name, (parameters, used) in MODELS.items():
            shape = shape_named(name, parameters, used)[0]
            for chip in CHIPS:
                yield (
                    _most(shape, chip, real, efficiency),
                    _most(shape, chip, Lengths.fixed(real.prompt, real.output), efficiency),
                )


def _most(shape: ServedShape, chip: str, lengths: Lengths, efficiency: ServingEfficiency) -> float:
    """Tokens a second and chip on the copy that serves most."""
    machine = machine_of(chips()[chip], FABRIC_GBPS)
    tensor = np.array([*COPIES, *COPIES])
    by_users = np.repeat([0.0, float(np.asarray(shape.experts) > 0)], len(COPIES))
    serving = Serving(shape, Precision(1.0, 1.0, 1.0), machine, Replica(tensor, 1.0, by_users), efficiency)
    each_s = 1.0 / TOKENS_PER_S / float(np.asarray(efficiency.at("limit_head")))
    speed = speed_under_limits(serving, lengths, FIRST_TOKEN_S, each_s)
    return float((np.asarray(speed.tokens_per_s) / tensor).max())


def ratios(efficiency: ServingEfficiency) -> list[float]:
    """Speed with real lengths over that with their means, of the cases that serve both ways."""
    return [real / means for real, means in pairs(efficiency) if real > 0.0 and means > 0.0]


def means_alone(efficiency: ServingEfficiency) -> float:
    """The 5th percentile of the ratios."""
    return round(float(np.quantile(ratios(efficiency), PERCENTILE)), 2)


def main() -> None:
    """Print the figures."""
    efficiency = fitted_efficiency()
    found = ratios(efficiency)
    missed = sum(real == 0.0 < means for real, means in pairs(efficiency))
    print(f"{len(found)} cases that serve both ways, with real requests over with their means:")
    print(f"median {np.median(found):.2f}, 5th percentile {means_alone(efficiency):.2f}, most {max(found):.2f}")
    print(f"{missed} cases in which the means serve and real requests do not")


if __name__ == "__main__":
    main()
