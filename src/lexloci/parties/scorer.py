"""How probable it is that two names are of one party: boosted trees over the features, calibrated.

The trees and the calibration are numbers in ``words/scorer.npz``, written by tools/train_screening.py; what was
trained on what stands in docs/explanation/screening.md. The trees may only move one way with a feature that has one
direction (``FEATURES``), so that more noise never raises a probability through it. A small linear term
tells apart what the trees' steps leave equal, so that scores can be ranked.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lexloci.model.errors import CatalogueError
from lexloci.parties.features import FEATURES
from lexloci.parties.name_table import Floats

OF_SAME_SPELLING: Final = 1.0  # log-odds, so that of namesakes the one that is spelled the same goes first
MODEL: Final = Path(__file__).parent / "words" / "scorer.npz"


@dataclass(frozen=True)
class Scorer:
    """Trees as arrays: nodes x (feature, threshold, left, right, value); a leaf leads to itself."""

    feature: NDArray[np.int64]
    threshold: Floats
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: Floats
    roots: NDArray[np.int64]
    depth: int
    bias: float
    slopes: Floats
    means: Floats
    calibration: Floats  # of the trees' sum, of the linear sum, and the constant

    def logits(self, features: Floats) -> Floats:
        """The calibrated log-odds of each row of features."""
        rows = np.arange(len(features))[:, None]
        node = np.broadcast_to(self.roots, (len(features), len(self.roots)))
        for _ in range(self.depth):
            goes_left = features[rows, self.feature[node]] <= self.threshold[node]
            node = np.where(goes_left, self.left[node], self.right[node])
        trees = self.bias + self.value[node].sum(axis=1)
        line = (features - self.means) @ self.slopes
        of_trees, of_line, constant = self.calibration
        same = features[:, list(FEATURES).index("same_spelled")] * OF_SAME_SPELLING
        return np.asarray(of_trees * trees + of_line * line + constant + same, np.float32)


def probability(logits: Floats) -> NDArray[np.float64]:
    """The probabilities of log-odds."""
    return 1 / (1 + np.exp(-logits.astype(np.float64)))


@lru_cache(maxsize=1)
def scorer() -> Scorer:
    """The bundled scorer. Raises CatalogueError if it is missing or was made for other features."""
    try:
        with np.load(MODEL) as stored:
            columns = dict(stored)
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{MODEL}: the scorer cannot be read ({error}); install lexloci again") from error
    if columns.pop("features").tolist() != list(FEATURES):
        raise CatalogueError(f"{MODEL}: the scorer was made for other features; run tools/train_screening.py")
    depth, bias = int(columns.pop("depth")), float(columns.pop("bias"))
    return Scorer(depth=depth, bias=bias, **columns)
