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

OF_LINE: Final = 0.02  # of the line beside the trees
OF_SAME_SPELLING: Final = 1.0  # log-odds, so that of namesakes the one that is spelled the same goes first
OF_SAME_NAME: Final = 1.5  # log-odds, so that a name in another order or legal form goes before names alike
ALL_ALIKE: Final = 100  # of a ratio
AT_ONCE: Final = 256  # rows; few enough that what is held of them stays near the processor
MODEL: Final = Path(__file__).parent / "words" / "scorer.npz"


@dataclass(frozen=True)
class Scorer:
    """Trees as arrays over nodes; beside ``left`` stands the node on the right; a leaf leads to itself."""

    feature: NDArray[np.intp]
    threshold: Floats
    left: NDArray[np.intp]
    value: Floats
    roots: NDArray[np.intp]
    depth: int
    bias: float
    slopes: Floats
    means: Floats
    calibration: Floats  # scores, and the log-odds that each means

    def logits(self, features: Floats) -> Floats:
        """The calibrated log-odds of each row of features."""
        trees = np.empty(len(features), np.float32)
        for start in range(0, len(features), AT_ONCE):
            trees[start : start + AT_ONCE] = self._of_trees(features[start : start + AT_ONCE])
        line = (features - self.means) @ self.slopes
        same = features[:, list(FEATURES).index("same_spelled")] * OF_SAME_SPELLING
        same = same + (features[:, list(FEATURES).index("ratio_given")] >= ALL_ALIKE) * OF_SAME_NAME
        return np.asarray(calibrated(trees + OF_LINE * line, self.calibration) + same, np.float32)

    def _of_trees(self, features: Floats) -> Floats:
        numbers = features.ravel()
        rows = np.arange(0, numbers.size, features.shape[1])[:, None]
        node = np.broadcast_to(self.roots, (len(features), len(self.roots)))
        for _ in range(self.depth):
            goes_right = numbers.take(self.feature.take(node) + rows) > self.threshold.take(node)
            node = self.left.take(node) + goes_right
        total: Floats = self.bias + self.value.take(node).sum(axis=1)
        return total


def calibrated(scores: NDArray[np.floating], calibration: Floats) -> Floats:
    """The log-odds of scores: between two scores of the calibration by the line that joins them, beyond it in step."""
    at, odds = calibration
    inside = np.interp(scores, at, odds)
    return np.asarray(inside + np.minimum(scores - at[0], 0) + np.maximum(scores - at[-1], 0), np.float32)


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
    for name in ("feature", "left", "roots"):
        columns[name] = columns[name].astype(np.intp)  # what an index becomes anyway, else at each step again
    return Scorer(depth=depth, bias=bias, **columns)
