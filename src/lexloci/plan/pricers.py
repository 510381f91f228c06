"""Which pricer there is: compiled loops where numba is installed, else NumPy alone."""

from __future__ import annotations

import importlib.util

from lexloci.plan.grid import Grid
from lexloci.plan.lagrange import PlainPricer, Pricer


def has_numba() -> bool:
    """Whether the extra ``fast`` is installed."""
    return importlib.util.find_spec("numba") is not None


def best_pricer(grid: Grid) -> Pricer:
    """The fastest pricer that there is."""
    if not has_numba():
        return PlainPricer(grid)
    from lexloci.plan.compiled.engine import CompiledPricer

    return CompiledPricer(grid)
