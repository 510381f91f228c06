"""Where the fixed instances lie, for the tests; the form is described in the README beside them."""

from __future__ import annotations

from pathlib import Path

from lexloci.plan.instance import read_instance

DATA = Path(__file__).parents[2] / "benchmarks" / "planning" / "instances"

__all__ = ["DATA", "read_instance"]
