"""What a list of parties is, what a row of it is, and a set of lists that an answer is asked of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from lexloci.model.determination import SourceAge
from lexloci.model.errors import CatalogueError
from lexloci.parties.events import ListEvent

CRAFTS: Final = ("Vessel", "Aircraft")
"""Kinds of rows that are no organisation and no person: parties are not screened against them."""


@dataclass(frozen=True, slots=True)
class PartyList:
    """A list of parties as one snapshot: its code, its law, its day, the age that it may reach.

    ``complete`` tells whether absence from it means not listed; an extract does not say so. ``scripts``
    are those in which its rows have names, as ISO 15924 codes ("Latn", "Hani" ...), ``scripts_throughout``
    those in which each of them has one: only there does no match mean anything. ``sha256`` is the sum of
    the file it was read from, ``recorded`` when it was taken up (empty: it came with lexloci).
    """

    code: str
    title: str
    dated: date
    limit_days: int
    complete: bool
    parties: int
    citation: str
    source: str
    scripts: tuple[str, ...] = ("Latn",)
    licence: str = ""
    sha256: str = ""
    recorded: str = ""
    scripts_throughout: tuple[str, ...] = ()

    def age_at(self, known_at: date) -> SourceAge:
        """The age of the snapshot on the day of knowledge, in days; 0 where the snapshot is later."""
        return SourceAge.at(known_at, self.title, self.dated, self.limit_days)


@dataclass(frozen=True, slots=True)
class ListedParty:
    """One row of a list: names in every script it gives, countries of its addresses, what it says of licences.

    ``kind`` is Entity, Individual, Vessel, Aircraft or empty (the list does not say). ``citation`` is
    the Federal Register citation as printed. ``key`` names the party within its list: its number there,
    else its name in plain letters; rows of one party share it. ``weak_names`` are those that the list
    itself calls weak. ``identifiers`` are (kind, number, country or ""), ``relations`` (kind, key of the
    other). ``events`` date the row; None where only the snapshot and the citations do. ``seen_on`` is the day of
    the first snapshot that has the row, None where that is the one in use.
    """

    list_code: str
    names: tuple[str, ...]
    kind: str = ""
    countries: tuple[str, ...] = ()
    licence_requirement: str = ""
    licence_policy: str = ""
    citation: str = ""
    key: str = ""
    programmes: tuple[str, ...] = ()
    weak_names: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str, str], ...] = ()
    relations: tuple[tuple[str, str], ...] = ()
    remarks: str = ""
    events: tuple[ListEvent, ...] | None = None
    seen_on: date | None = None

    @property
    def name(self) -> str:
        """The name under which the row stands."""
        return self.names[0]


@dataclass(frozen=True, slots=True, eq=False)
class ListSet:
    """The lists that an answer is asked of: each as its newest snapshot, its rows, and rows that it no longer has.

    ``past`` holds rows of earlier snapshots with the event that ended them. Two sets are the same only if
    they are one object, so that an index over one can be kept by it.
    """

    lists: tuple[PartyList, ...]
    parties: tuple[ListedParty, ...]
    past: tuple[ListedParty, ...] = ()

    def list_of(self, code: str) -> PartyList:
        """The list of a code such as EL. Raises CatalogueError, naming the codes there are."""
        for known in self.lists:
            if known.code == code:
                return known
        codes = ", ".join(known.code for known in self.lists)
        raise CatalogueError(f'parties: no list has the code "{code}"; the lists are {codes}')
