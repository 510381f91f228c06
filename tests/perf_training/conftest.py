"""The jobs of tests/perf, for the tests of training."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("perf_jobs", Path(__file__).parents[1] / "perf" / "conftest.py")
_JOBS = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_JOBS)


@pytest.fixture(scope="session")
def make_job():
    return _JOBS._make
