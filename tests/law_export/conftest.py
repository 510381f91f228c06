"""Lets the tests of this folder import the helpers beside them, and those of the tests of the law."""

import ctypes
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "law")]

if sys.version_info < (3, 12):
    # cel-expr-python 0.1.3 gives back a reference to None that it never took, for every null that it returns.
    ctypes.c_ssize_t.from_address(id(None)).value += 2**40
