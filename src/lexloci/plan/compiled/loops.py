"""Compiles a function of arrays by numba: kept on disk between runs, without Python's lock, floats as IEEE says."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The compiled form of a function; without ``fastmath``, so that sums keep their order."""
    return cast("Callable[P, R]", njit(cache=True, nogil=True)(function))
