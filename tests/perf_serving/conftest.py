"""What the tests of serving ask: real shapes, chips of the catalogue, rows of the tables."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from lexloci.perf.serving_efficiency import fitted_efficiency
from lexloci.perf.serving_prediction import predicted
from lexloci.perf.serving_rows import serving_row, shipped_serving_rows

ROOT = Path(__file__).parents[2]
HELD_OUT = ROOT / "benchmarks" / "perf" / "trtllm_overview_held_out.csv"


@pytest.fixture(scope="session")
def shipped():
    return shipped_serving_rows()


@pytest.fixture(scope="session")
def held_out():
    with HELD_OUT.open(encoding="utf-8", newline="") as file:
        return tuple(serving_row(row) for row in csv.DictReader(file))


@pytest.fixture(scope="session")
def errors_of():
    """Predicted over measured, less one, of each row."""

    def errors(rows):
        measured = np.array([row.tokens_per_s_per_chip for row in rows])
        return predicted(rows, fitted_efficiency()) / measured - 1.0

    return errors
