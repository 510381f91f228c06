"""Rows that stand on no list yet, but are supposed to: the words that they would have, and from which day on.

An entry of the Entity List that nobody wrote yet is supposed as most of those on Chinese companies read: all items
subject to the EAR, presumption of denial, no footnote. A judge takes such rows beside the lists (``Judge.supposed``):
shares of all listed owners count together, and an entry that stands already keeps its words.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from lexloci.parties.events import EventKind, ListEvent
from lexloci.parties.facts import LIST_OF_FACT, Supposed
from lexloci.parties.lists import ListedParty

if TYPE_CHECKING:
    from datetime import date

    from lexloci.model.party import Party
    from lexloci.model.portfolio import Portfolio
    from lexloci.scenario.world import Listing

ASSUMED_REQUIREMENT: Final = "All items subject to the EAR"
ASSUMED_POLICY: Final = "Presumption of denial"


def supposed_row(party: Party, list_code: str, on: date, portfolio: Portfolio) -> ListedParty:
    """The row that the listing would add; it is taken as known on the portfolio's day of knowledge."""
    event = ListEvent(EventKind.ADDED, min(on, portfolio.knowledge_date), on, note="supposed, not published")
    words = (ASSUMED_REQUIREMENT, ASSUMED_POLICY) if list_code == "EL" else ("", "")
    countries = (party.headquarters,) if party.headquarters else ()
    return ListedParty(list_code, (party.name,), "Entity", countries, *words, events=(event,))


def supposed_rows(portfolio: Portfolio, listings: Iterable[Listing]) -> Supposed:
    """The rows of supposed listings, by the id of the party, in their order."""
    found: dict[str, tuple[ListedParty, ...]] = {}
    for one in listings:
        row = supposed_row(portfolio.party_by_id[one.party], LIST_OF_FACT[one.list], one.since, portfolio)
        found[one.party] = (*found.get(one.party, ()), row)
    return found
