"""Compiles a function of arrays by numba: kept on disk between runs, without Python's lock, floats as IEEE says."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from numba import njit
from numba.core.options import DefaultOptions

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The compiled form of a function; without ``fastmath``, so that sums keep their order."""
    return cast("Callable[P, R]", njit(cache=True, nogil=True)(function))


def lent(function: Callable[P, R]) -> Callable[P, R]:
    """The same for a function that makes no arrays: it does not count who holds those that it is given, and is inlined.

    Measured: counting and passing arrays on took seven eighths of the time of the search. A numba that does not know
    how to leave the counting out counts.
    """
    uncounted = {"_nrt": False} if hasattr(DefaultOptions, "_nrt") else {}
    return cast("Callable[P, R]", njit(cache=True, nogil=True, forceinline=True, **uncounted)(function))
