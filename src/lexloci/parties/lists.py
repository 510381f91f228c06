"""Which party lists are bundled, of which day, from which source; and the parties on them.

The files in ``data/`` are named in ``data/index.json`` with their SHA-256 (``data/SOURCES.md`` tells
where they come from); a file that is missing or altered is refused. ``tools/build_party_lists.py``
writes them from the official snapshots. Nothing here asks what day it is.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from lexloci.model.determination import SourceAge
from lexloci.model.errors import CatalogueError

DATA: Final = Path(__file__).parent / "data"
SCREENING: Final = "screening-list.json.gz"
EXTRACT_1260H: Final = "us_1260h.csv"
EDITIONS_1260H: Final = ("2024-01-31", "2025-01-07", "2026-06-08")


@dataclass(frozen=True, slots=True)
class PartyList:
    """A list of parties as one snapshot: its code, its law, its day, the age that it may reach.

    ``complete`` tells whether absence from it means not listed; an extract does not say so.
    """

    code: str
    title: str
    dated: date
    limit_days: int
    complete: bool
    parties: int
    citation: str
    source: str

    def age_at(self, known_at: date) -> SourceAge:
        """The age of the snapshot on the day of knowledge, in days; 0 where the snapshot is later."""
        return SourceAge.at(known_at, self.title, self.dated, self.limit_days)


@dataclass(frozen=True, slots=True)
class Change:
    """From a day on, whether a party is on a list; ``listed`` is None where the sources leave it open."""

    on: date
    listed: bool | None


@dataclass(frozen=True, slots=True)
class ListedParty:
    """One row of a list: names in Latin script, countries of its addresses, what the row says of licences.

    ``kind`` is Entity, Individual, Vessel, Aircraft or empty (the list does not say). ``citation`` is
    the Federal Register citation as printed. ``changes`` holds the editions of a list that is published
    by edition, and is None where only the snapshot and the citations date the row. ``notes`` tell what
    has no effect, each beginning with its day.
    """

    list_code: str
    names: tuple[str, ...]
    kind: str = ""
    countries: tuple[str, ...] = ()
    licence_requirement: str = ""
    licence_policy: str = ""
    citation: str = ""
    changes: tuple[Change, ...] | None = None
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name under which the row stands."""
        return self.names[0]


@lru_cache(maxsize=1)
def lists() -> tuple[PartyList, ...]:
    """All bundled lists: the Consolidated Screening List by source list, and 1260H."""
    rows = _index()["lists"]
    return tuple(PartyList(**{**row, "dated": date.fromisoformat(row["dated"])}) for row in rows)


def list_of(code: str) -> PartyList:
    """The bundled list of a code such as EL. Raises CatalogueError, naming the codes there are."""
    for known in lists():
        if known.code == code:
            return known
    codes = ", ".join(known.code for known in lists())
    raise CatalogueError(f'parties: no list has the code "{code}"; the bundled lists are {codes}')


@lru_cache(maxsize=1)
def listed_parties() -> tuple[ListedParty, ...]:
    """Every row of every bundled list. Raises CatalogueError if a file is missing or altered."""
    try:
        rows = json.loads(gzip.decompress(read(SCREENING)))
        screening = [
            ListedParty(code, tuple(names), kind, tuple(countries), requirement, policy, citation)
            for code, names, kind, countries, requirement, policy, citation in rows
        ]
        extract = csv.DictReader(read(EXTRACT_1260H).decode().splitlines())
        return (*screening, *(_row_1260h(row) for row in extract))
    except (ValueError, KeyError, OSError, EOFError) as error:
        raise CatalogueError(f"{DATA}: a party list is malformed ({error}); install lexloci again") from error


def read(name: str) -> bytes:
    """The bytes of a bundled file, checked against its sum. Raises CatalogueError if missing or altered."""
    content = _bytes_of(name)
    if hashlib.sha256(content).hexdigest() != _index()["sha256"].get(name):
        raise CatalogueError(f"{DATA / name}: the file is not the one that was released; install lexloci again")
    return content


def _row_1260h(row: Mapping[str, str]) -> ListedParty:
    changes = [Change(date.fromisoformat(row["first_listed"]), True)] if row["first_listed"] else []
    for edition in EDITIONS_1260H:
        listed = {"yes": True, "no": False, "": None}[row[edition]]
        changes.append(Change(date.fromisoformat(edition), listed))
    if row["unsettled_from"]:
        unsettled = date.fromisoformat(row["unsettled_from"])
        changes = [change for change in changes if change.on < unsettled] + [Change(unsettled, None)]
    changes.sort(key=lambda change: change.on)
    aliases = row["aliases"].split("|") if row["aliases"] else []
    notes = tuple(row["proposals"].split("|")) if row["proposals"] else ()
    return ListedParty("1260H", (row["name"], *aliases), changes=tuple(changes), notes=notes)


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
