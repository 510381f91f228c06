"""Collects what is wrong with a register, up to a number that somebody would read, and words it."""

from __future__ import annotations

from datetime import date

from lexloci.case.wording import shown
from lexloci.model.errors import InputError, Mistake

MOST_TOLD = 20


class Mistakes:
    """The mistakes of one file, told together; after ``MOST_TOLD`` the reading stops."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Mistake] = []

    def add(self, field: str, message: str, mend: str, line: int = 0) -> None:
        """Note one; InputError with all of them once there are too many."""
        self.found.append(Mistake(self.file, line, field, message, mend))
        if len(self.found) >= MOST_TOLD:
            self.raise_if_any()

    def raise_if_any(self) -> None:
        """InputError with all that was found; nothing where nothing was."""
        if self.found:
            raise InputError(self.found)

    def day(self, value: object, field: str, line: int = 0) -> date | None:
        """A day as YYYY-MM-DD (the date of a time stamp is enough); None where it is empty or no day."""
        if value is None or value == "":
            return None
        try:
            return date.fromisoformat(str(value)[:10])
        except ValueError:
            self.add(field, f"{shown(value)} is no day", "write YYYY-MM-DD", line)
            return None
