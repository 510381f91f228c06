"""Between which days a Federal Register citation was published.

Three things date a citation, the surest first: a day checked against the document, the day printed
beside the citation, and the pages around it (pages of a volume rise with its days; volume 90 is the
year 2025, one volume a year). What is left is an interval, never a guess.

>>> citations("84 FR 54002; 85 FR 44159")[0].volume
84
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from lexloci.parties.bundled import DATES, read

YEAR_OF_VOLUME_ZERO: Final = 1935
REPAIRED: Final = {(87, 37423): 83}  # rows print 87 FR 37423 for 83 FR 37423, the rule of 2018-08-01
CITATION: Final = re.compile(
    r"(?P<volume>\d{2,3})[ .]*F\.? ?R\.?,? *(?:no\.? *\d+)?[ ,]*(?:pg\.? *)?(?P<page>\d{2,6}\b(?![/\d]))?"
    r"[ ,;(]*(?:no\. *\d+)?[ ),;(]*(?:dated *)?(?P<printed>\d{1,2}/{1,2}\d{1,2}/{1,2}(?:\d{4}|\d{2})\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RegisterCitation:
    """A citation: volume, page (None where the row does not print it), day printed beside it."""

    volume: int
    page: int | None
    printed: date | None


@dataclass(frozen=True, slots=True)
class Window:
    """First and last day on which something may have been published, both included."""

    earliest: date
    latest: date


def citations(text: str) -> tuple[RegisterCitation, ...]:
    """The Federal Register citations in the words of a row, in their order; none where there is none."""
    found = []
    for match in CITATION.finditer(text):
        page = int(match["page"]) if match["page"] else None
        volume = int(match["volume"])
        if page is not None:
            volume = REPAIRED.get((volume, page), volume)
        found.append(RegisterCitation(volume, page, _printed(match["printed"], volume)))
    return tuple(found)


def window_of(citation: RegisterCitation) -> Window:
    """Between which days a citation was published: one day where it is known, else what the pages leave."""
    year = YEAR_OF_VOLUME_ZERO + citation.volume
    earliest, latest = date(year, 1, 1), date(year, 12, 31)
    dates = _dates().get(citation.volume, {})
    if citation.page is not None and citation.page in dates:
        return Window(dates[citation.page], dates[citation.page])
    if citation.printed is not None:
        return Window(citation.printed, citation.printed)
    if citation.page is not None:
        earliest = max((day for page, day in dates.items() if page < citation.page), default=earliest)
        latest = min((day for page, day in dates.items() if page > citation.page), default=latest)
    return Window(earliest, latest)


def first_published(text: str) -> Window | None:
    """Between which days the first of several citations was published; None where there is none."""
    windows = [window_of(citation) for citation in citations(text)]
    if not windows:
        return None
    return Window(min(window.earliest for window in windows), min(window.latest for window in windows))


def _printed(text: str | None, volume: int) -> date | None:
    """The day printed beside a citation; None where it is no day or lies outside the volume's year."""
    if text is None:
        return None
    month, day, year = (int(part) for part in re.split("/+", text))
    if year < 100:
        year += 1900 if year >= 50 else 2000
    if year != YEAR_OF_VOLUME_ZERO + volume:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=1)
def _dates() -> dict[int, dict[int, date]]:
    """Checked days by volume and page; the pages of a volume rise with its days."""
    table: dict[int, dict[int, date]] = {}
    for line in read(DATES).decode().splitlines()[1:]:
        volume, page, day = line.split(",")
        table.setdefault(int(volume), {})[int(page)] = date.fromisoformat(day)
    return table
