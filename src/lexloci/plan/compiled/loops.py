"""Compiles a function of arrays by numba: kept on disk between runs, without Python's lock, floats as IEEE says."""

from __future__ import annotations

from pathlib import Path

from numba.core.options import DefaultOptions

from lexloci.law.columns.machine_code import compiler

_SOURCES = tuple(Path(__file__).parent.glob("*.py"))

compiled = compiler(_SOURCES)
"""The compiled form of a function; without ``fastmath``, so that sums keep their order."""

_UNCOUNTED = {"_nrt": False} if hasattr(DefaultOptions, "_nrt") else {}

lent = compiler(_SOURCES, forceinline=True, **_UNCOUNTED)
"""The same for a function that makes no arrays: it does not count who holds those that it is given, and is inlined.

Measured: counting and passing arrays on took seven eighths of the time of the search. A numba that does not know how to
leave the counting out counts.
"""
