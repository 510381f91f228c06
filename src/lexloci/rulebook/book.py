"""The bundled rulebook, loaded once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from lexloci.law.load import load_rulebook
from lexloci.law.rule import Rulebook


@lru_cache(maxsize=1)
def bundled_rulebook() -> Rulebook:
    """The rulebook that the package ships."""
    return load_rulebook(Path(__file__).parent)
