"""The index of the bundled lists, built once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lexloci.parties.engine import Index
from lexloci.parties.lists import listed_parties

ROOT = str(Path(__file__).resolve().parents[2])
if ROOT not in sys.path:
    sys.path.append(ROOT)  # benchmarks is no part of the package


@pytest.fixture(scope="session")
def index() -> Index:
    return Index.of(listed_parties())
