"""Which party lists are in use, of which day, from which source; and the parties on them.

In use is the newest good snapshot of each list: those that ``lexloci lists update`` took up, else those
that come with lexloci.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from lexloci.parties.bundled import bundled, bundled_besides, bundled_lists
from lexloci.parties.listing import ListedParty, ListSet, PartyList
from lexloci.parties.store import in_use, lists_in_use, replaced_in, store_folder

__all__ = ["ListSet", "ListedParty", "PartyList", "current_lists", "forget", "list_of", "listed_parties", "lists"]


def current_lists() -> ListSet:
    """The lists in use, with every row. Raises CatalogueError if a file is missing or altered."""
    return _in_use(store_folder())


@lru_cache(maxsize=1)
def _in_use(folder: Path) -> ListSet:
    """Read once a process, so that all answers of a run are of the same lists; ``forget`` reads them again."""
    replaced = replaced_in(folder, bundled_lists())
    return in_use(folder, bundled_besides(replaced) if replaced else bundled())


def forget() -> None:
    """Lets the lists be read again, after one was renewed."""
    _in_use.cache_clear()


def lists() -> tuple[PartyList, ...]:
    """All lists in use; their rows are not read."""
    return lists_in_use(store_folder(), bundled_lists())


def list_of(code: str) -> PartyList:
    """The list in use of a code such as EL. Raises CatalogueError, naming the codes there are."""
    return current_lists().list_of(code)


def listed_parties() -> tuple[ListedParty, ...]:
    """Every row of every list in use. Raises CatalogueError if a file is missing or altered."""
    return current_lists().parties
