"""Lets these tests import the invented portfolio of the tests of the plan (plan_support)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "plan"))
