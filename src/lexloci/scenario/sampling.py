"""Which events happen in a sample, and on which days: seeded, each sample by itself, so that no order matters.

Every event has a standard normal variable; the correlations join them (a Gaussian copula: A. Sklar, 1959; D. X. Li,
2000). In the order of the file an event happens where its variable lies below the quantile of its odds, which are those
of the last of ``given`` whose event happened, else its ``probability``. Its day is one of its days, equally likely,
drawn apart.
"""

from __future__ import annotations

from collections.abc import Container
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from lexloci.model.errors import LexlociError
from lexloci.scenario.event import Event, Happened, Scenario

_NEGATIVE = -1e-9  # an eigenvalue below it is no rounding


def sample(scenario: Scenario, seed: int, number: int, factor: NDArray[np.float64]) -> Happened:
    """The events of one sample; the same for the same seed and number, whatever was drawn before."""
    random = np.random.default_rng([seed, number])
    normals = factor @ random.standard_normal(len(scenario.events))
    picks = random.random(len(scenario.events))
    happened: dict[str, int] = {}
    for place, event in enumerate(scenario.events):
        odds = odds_of(event, happened.keys())
        if odds > 0 and (odds >= 1 or normals[place] < NormalDist().inv_cdf(odds)):
            happened[event.id] = int(picks[place] * len(event.on))
    return frozenset((event.id, event.on[happened[event.id]]) for event in scenario.events if event.id in happened)


def odds_of(event: Event, happened: Container[str]) -> float:
    """The odds of an event where those before it happened that did."""
    odds = event.probability
    for one in event.given:
        if one.event in happened:
            odds = one.probability
    return odds


def factor_of(scenario: Scenario) -> NDArray[np.float64]:
    """The matrix that makes independent normals go together as the scenario says; LexlociError where nothing can."""
    place = {event.id: at for at, event in enumerate(scenario.events)}
    matrix = np.eye(len(place))
    for one in scenario.correlations:
        first, second = (place[name] for name in one.between)
        matrix[first, second] = matrix[second, first] = one.correlation
    values, vectors = np.linalg.eigh(matrix)
    if len(values) and values.min() < _NEGATIVE:
        raise LexlociError(
            f"the correlations of the scenario contradict each other (least eigenvalue {values.min():.3g}); "
            "bring some of them nearer to 0"
        )
    found: NDArray[np.float64] = vectors * np.sqrt(np.clip(values, 0.0, None))
    return found
