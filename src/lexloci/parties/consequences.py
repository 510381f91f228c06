"""What it entails to be on a list, for which act, since when: sourced rows beside the lists, not rules of law.

The rulebook decides; these rows tell a reader of a screening what the list is for. An act of no row is not
touched by the list as far as these rows say.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from lexloci.model.citation import Verification
from lexloci.model.errors import CatalogueError
from lexloci.parties.bundled import CONSEQUENCES, read
from lexloci.parties.entity_list import footnotes_of
from lexloci.parties.listing import ListedParty

_LEVELS: Final = {
    "primary": Verification.PRIMARY,
    "quoted": Verification.QUOTED,
    "secondary": Verification.SECONDARY,
    "recalled": Verification.RECALLED,
}


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a list entails for the acts named: since and until when (None: not dated), and by which provision."""

    list_code: str
    acts: str
    since: date | None
    until: date | None
    text: str
    is_export_control: bool
    citation: str
    verification: Verification
    source: str

    def is_in_force(self, on: date) -> bool:
        """Whether it applies on a day; one without a day always does."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


@lru_cache(maxsize=1)
def _all() -> tuple[Consequence, ...]:
    try:
        rows = csv.DictReader(read(CONSEQUENCES).decode().splitlines())
        return tuple(
            Consequence(
                row["list"],
                row["acts"],
                date.fromisoformat(row["from"]) if row["from"] else None,
                date.fromisoformat(row["until"]) if row["until"] else None,
                row["consequence"],
                {"yes": True, "no": False}[row["export_control"]],
                row["citation"],
                _LEVELS[row["verification"]],
                row["source"],
            )
            for row in rows
        )
    except (KeyError, ValueError) as error:
        raise CatalogueError(f"parties/data/{CONSEQUENCES}: malformed ({error}); install lexloci again") from error


def consequences_of(list_code: str, on: date | None = None) -> tuple[Consequence, ...]:
    """What a list entails, on a day or on any; none where no row was sourced for it."""
    return tuple(one for one in _all() if one.list_code == list_code and (on is None or one.is_in_force(on)))


def consequences_for(row: ListedParty, on: date | None = None) -> tuple[Consequence, ...]:
    """What the list entails for one of its rows: of the footnotes of the Entity List those that the row has.

    All footnotes where the row cites a direct-product rule without saying which.
    """
    found = consequences_of(row.list_code, on)
    if row.list_code != "EL":
        return found
    notes = footnotes_of([row])
    if not isinstance(notes, str):
        return found
    return tuple(one for one in found if not one.text.startswith("Footnote ") or one.text[9] in notes.split(","))
