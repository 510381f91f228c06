"""Lets these tests import the invented portfolio of the tests of the plan (plan_support), and what they share."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "plan"))
sys.path.insert(0, str(Path(__file__).parent))
