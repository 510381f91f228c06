"""Which day a rulebook's version names: the calendar version YYYY.MM.DD, and .N after it for another of that day."""

from __future__ import annotations

import re
from datetime import date

_CALVER = re.compile(r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})(\.[0-9]+)?")


def release_day(version: str) -> date | None:
    """The day of a calendar version, None where it is none; a + and what was added to the rulebook may follow it."""
    found = _CALVER.fullmatch(version.partition("+")[0])
    try:
        return date(*(int(part) for part in found.groups()[:3])) if found else None
    except ValueError:
        return None
