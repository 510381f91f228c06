"""Prints a table or a tree to standard output, as wide as the terminal; 160 columns where it is none."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType

PIPE_COLUMNS = 160


def show(thing: RenderableType) -> None:
    """Print one thing."""
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else PIPE_COLUMNS).print(thing)
