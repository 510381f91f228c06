"""The lists that come with lexloci: of which day, from which source, and the parties on them.

The files in ``data/`` are named in ``data/index.json`` with their SHA-256 (``data/SOURCES.md`` tells
where they come from); a file that is missing or altered is refused. ``tools/build_party_lists.py``
writes them from the official snapshots. Nothing here asks what day it is.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from lexloci.model.errors import CatalogueError
from lexloci.parties.collector import collector_at_rest
from lexloci.parties.events import Confidence, EventKind, ListEvent
from lexloci.parties.importers.repair import party_key
from lexloci.parties.importers.section_1260h import row_of_1260h
from lexloci.parties.listing import ListedParty, ListSet, PartyList
from lexloci.parties.row_form import from_array, list_from_object

DATA: Final = Path(__file__).parent / "data"
SCREENING: Final = "screening-list.json.gz"
ROWS: Final = (SCREENING, "mofcom.json.gz", "meti.json.gz")
CODES_IN: Final = {
    "mofcom.json.gz": frozenset(("CN-ECL", "CN-UEL", "CN-AL")),
    "meti.json.gz": frozenset(("JP-EUL",)),
}  # the first file holds all lists of the Consolidated Screening List
CODE_1260H: Final = "1260H"
EXTRACT_1260H: Final = "us_1260h.csv"
EVENTS: Final = "list_events.csv"
CONSEQUENCES: Final = "list_consequences.csv"
DATES: Final = "federal_register_dates.csv"


@lru_cache(maxsize=1)
def bundled_lists() -> tuple[PartyList, ...]:
    """All bundled lists: the Consolidated Screening List by source list, 1260H, MOFCOM's and METI's."""
    return tuple(list_from_object(row) for row in _index()["lists"])


@lru_cache(maxsize=1)
def bundled() -> ListSet:
    """The bundled lists with every row of them. Raises CatalogueError if a file is missing or altered."""
    return _read_besides(frozenset())


def bundled_besides(codes: frozenset[str]) -> ListSet:
    """The bundled lists with the rows of those whose codes are not given; files that hold others alone are not read."""
    return _read_besides(codes)


@collector_at_rest()
def _read_besides(codes: frozenset[str]) -> ListSet:
    try:
        files = [name for name in ROWS if not _codes_in(name) <= codes]
        rows = [from_array(row) for name in files for row in json.loads(gzip.decompress(read(name)))]
        if CODE_1260H not in codes:
            rows += [row_of_1260h(row) for row in csv.DictReader(read(EXTRACT_1260H).decode().splitlines())]
        kept = [row for row in rows if row.list_code not in codes] if codes else rows
        return ListSet(bundled_lists(), tuple(with_known_events(kept)))
    except (ValueError, KeyError, IndexError, TypeError, OSError, EOFError) as error:
        raise CatalogueError(f"{DATA}: a party list is malformed ({error}); install lexloci again") from error


def _codes_in(name: str) -> frozenset[str]:
    """The codes of the lists whose rows a file holds."""
    others = frozenset(code for codes in CODES_IN.values() for code in codes) | {CODE_1260H}
    return CODES_IN.get(name) or frozenset(one.code for one in bundled_lists()) - others


def read(name: str) -> bytes:
    """The bytes of a bundled file, checked against its sum. Raises CatalogueError if missing or altered."""
    content = _bytes_of(name)
    if hashlib.sha256(content).hexdigest() != _index()["sha256"].get(name):
        raise CatalogueError(f"{DATA / name}: the file is not the one that was released; install lexloci again")
    return content


@lru_cache(maxsize=1)
def _known_events() -> dict[tuple[str, str], tuple[ListEvent, ...]]:
    """The dated events that the official files do not hold, by list and party."""
    found: dict[tuple[str, str], tuple[ListEvent, ...]] = {}
    for row in csv.DictReader(read(EVENTS).decode().splitlines()):
        key = (row["list"], row["party"])
        found[key] = (*found.get(key, ()), _event(row))
    return found


def with_known_events(rows: Sequence[ListedParty]) -> list[ListedParty]:
    """The rows with the dated events that their files do not hold; a party of their lists of events alone too.

    An event names a party, or all rows of its list that were added on a day ("added on 2025-04-04").
    """
    told = _known_events()
    codes = {code for code, _ in told}
    here = {row.list_code for row in rows}
    found = list(rows)
    met: set[tuple[str, str]] = set()
    for place, party in enumerate(rows):
        if party.list_code not in codes:
            continue
        own = party.events or ()
        days = (f"added on {event.effective_from}" for event in own if event.kind is EventKind.ADDED)
        keys = [(party.list_code, name) for name in (*party.names, *days) if (party.list_code, name) in told]
        if keys:
            met.update(keys)
            found[place] = replace(party, events=(*own, *(event for key in keys for event in told[key])))
    for code, name in told:
        if (code, name) not in met and code in here and not name.startswith("added on "):
            found.append(ListedParty(code, (name,), key=party_key(name), events=told[code, name]))
    return found


def _event(row: dict[str, str]) -> ListEvent:
    until = row["effective_until"]
    return ListEvent(
        EventKind(row["kind"]),
        date.fromisoformat(row["published"]),
        date.fromisoformat(row["effective_from"]),
        date.fromisoformat(until) if until else None,
        confidence=Confidence(row["confidence"]),
        citation=row["citation"],
        note=row["note"],
        source=row["source"],
    )


@lru_cache(maxsize=1)
def _index() -> dict[str, Any]:
    try:
        index: dict[str, Any] = json.loads(_bytes_of("index.json"))
    except ValueError as error:
        raise CatalogueError(f"{DATA / 'index.json'}: not JSON ({error}); install lexloci again") from error
    return index


def _bytes_of(name: str) -> bytes:
    try:
        return (DATA / name).read_bytes()
    except OSError as error:
        raise CatalogueError(f"{DATA / name}: a party list cannot be read ({error}); install lexloci again") from error
