"""Reads the rulebook that a command is given: a folder, a compiled file, or the one in use with bills supposed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from lexloci.law.rule import Rulebook
from lexloci.model.errors import LexlociError
from lexloci.rulebook.book import bundled_rulebook, supposed_rulebook


def rulebook_at(place: Path | None) -> Rulebook:
    """The rulebook in a folder or a compiled file; None: the one in use."""
    if place is None:
        return bundled_rulebook()
    if not place.is_dir():
        from lexloci.law.compiled import load_compiled

        return load_compiled(place)
    from lexloci.law.load import load_rulebook

    return load_rulebook(place)


def supposed(stated: Sequence[str], by_default: date) -> Rulebook:
    """The rulebook in use with the bills and drafts that are supposed: ``SCENARIO`` or ``SCENARIO=DAY`` each."""
    days: dict[str, date] = {}
    for text in stated:
        name, _, day = text.partition("=")
        try:
            days[name] = date.fromisoformat(day) if day else by_default
        except ValueError:
            raise LexlociError(f"--suppose {text}: {day!r} is no day; write {name}=YYYY-MM-DD") from None
    return supposed_rulebook(days)
