"""The bundled rulebook, loaded once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from lexloci.law.compiled import read_compiled
from lexloci.law.rule import Rulebook
from lexloci.rulebook.added import added_folders

FOLDER = Path(__file__).parent
COMPILED_FILE = "compiled.json"


@lru_cache(maxsize=1)
def bundled_rulebook() -> Rulebook:
    """The rulebook that the package ships, with those that other installed packages add to it.

    A wheel holds it compiled, which is used where none is added. A checkout does not: there its folders are read
    each time, so that a rule which was just edited is never hidden behind an older compiled file.
    """
    added = added_folders()
    compiled = FOLDER / COMPILED_FILE
    if compiled.exists() and not added:
        return read_compiled(compiled.read_bytes(), str(compiled))
    from lexloci.law.load import load_rulebook

    return load_rulebook(FOLDER, *added)


def supposed_rulebook(scenarios: Mapping[str, date]) -> Rulebook:
    """The rulebook in use with bills and drafts, each supposed to be law from a day on; its version names them.

    RulebookError where the rulebook has no such scenario.
    """
    from lexloci.law.load import load_rulebook

    return load_rulebook(FOLDER, *added_folders(), scenarios=scenarios)


def bills() -> tuple[str, ...]:
    """The ids of the bills and drafts that ``supposed_rulebook`` can suppose, in order."""
    folders = (FOLDER, *added_folders())
    return tuple(
        sorted(f"{file.parent.parent.name}.{file.stem}" for one in folders for file in one.glob("*/scenarios/*.yaml"))
    )
