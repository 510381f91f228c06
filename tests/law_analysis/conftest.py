"""Lets the tests of this folder import the helper beside them, and the random rulebooks of tests/law."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("z3", reason="the analysis needs the extra: pip install 'lexloci[analysis]'")
FOLDER = Path(__file__).parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent / "law")]
