"""Lets the tests of this folder import the helpers beside them (plan_oracle, plan_problems, plan_instances)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
