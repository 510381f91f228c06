"""Which party lists are in use, of which day, from which source; and the parties on them.

In use is the newest good snapshot of each list: those that ``lexloci lists update`` took up, else those
that come with lexloci.
"""

from __future__ import annotations

from functools import lru_cache

from lexloci.parties.bundled import bundled
from lexloci.parties.listing import ListedParty, ListSet, PartyList

__all__ = ["ListSet", "ListedParty", "PartyList", "current_lists", "list_of", "listed_parties", "lists"]


@lru_cache(maxsize=1)
def current_lists() -> ListSet:
    """The lists in use, with every row. Raises CatalogueError if a file is missing or altered."""
    return bundled()


def lists() -> tuple[PartyList, ...]:
    """All lists in use."""
    return current_lists().lists


def list_of(code: str) -> PartyList:
    """The list in use of a code such as EL. Raises CatalogueError, naming the codes there are."""
    return current_lists().list_of(code)


def listed_parties() -> tuple[ListedParty, ...]:
    """Every row of every list in use. Raises CatalogueError if a file is missing or altered."""
    return current_lists().parties
