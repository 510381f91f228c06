"""Prints a table or a tree to standard output, as wide as the terminal; in a pipe 160 columns, or COLUMNS."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType

PIPE_COLUMNS = 160


def show(thing: RenderableType) -> None:
    """Print one thing."""
    from rich.console import Console

    is_width_known = sys.stdout.isatty() or "COLUMNS" in os.environ
    Console(width=None if is_width_known else PIPE_COLUMNS, highlight=False).print(thing)


def print_json(value: object) -> None:
    """Print one value as JSON."""
    import json

    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
