"""Lets the tests of this folder import the helper beside them (review_case)."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
