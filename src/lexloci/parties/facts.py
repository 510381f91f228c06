"""What is known of a party on a day, with the lists that say so: the door of this room.

Names of facts carry no role; whoever builds an act puts the role before them. Attestations are not
read here. Three answers stay apart: listed, not listed, not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from lexloci.model.determination import SourceAge
from lexloci.model.fact import ABSENT, UNKNOWN, Fact
from lexloci.model.party import Party
from lexloci.model.portfolio import Portfolio
from lexloci.parties.entity_list import licence_facts
from lexloci.parties.events import EventKind
from lexloci.parties.importers.repair import scripts_of
from lexloci.parties.lists import ListedParty, ListSet, PartyList, current_lists
from lexloci.parties.ownership.cascade import judge
from lexloci.parties.ownership.graph import OwnershipGraph
from lexloci.parties.ownership.parents import headquarters, ultimate_parent_headquarters
from lexloci.parties.ownership.proof import proof_of, sentence
from lexloci.parties.ownership.stakes import owners_above, portfolio_graph
from lexloci.parties.sameness import Match
from lexloci.parties.screening import Candidate, candidates
from lexloci.parties.status import days_of_change, listed_since, status
from lexloci.parties.unread import is_read

LIST_OF_FACT: Final = {
    "entity_list": "EL",
    "military_end_user_list": "MEU",
    "denied_persons_list": "DPL",
    "unverified_list": "UVL",
    "sdn_list": "SDN",
    "cmic_list": "CMIC",
    "list_1260h": "1260H",
}
OWNING_LISTS: Final = ("entity_list", "military_end_user_list", "sdn_list")  # 15 CFR 744.11(a)(1), 90 FR 47201


@dataclass(frozen=True)
class PartyFacts:
    """The facts about a party, the lists that were used with their age, and the rows that its name may be."""

    facts: Mapping[str, Fact]
    sources: tuple[SourceAge, ...]
    evidence: tuple[Candidate, ...]


Supposed = Mapping[str, tuple[ListedParty, ...]]
"""Rows that are supposed to stand on the lists, by the id of the party whose rows they are, with their events."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The day that is asked about, the day of knowledge, the lists that are asked, and rows supposed beside them."""

    on: date
    known_at: date
    lists: ListSet
    supposed: Supposed = field(default_factory=dict)

    def status(self, entry: ListedParty | None, which: PartyList) -> Fact:
        """Whether a row of a list, or nobody, is listed."""
        return status(entry, which.code, self.on, self.known_at, which)


def facts_about(
    party: Party,
    portfolio: Portfolio,
    on: date,
    known_at: date,
    lists: ListSet | None = None,
    supposed: Supposed | None = None,
) -> PartyFacts:
    """What is known of a party on a day by what was published by ``known_at``, by the lists given or those in use.

    ``supposed`` rows count for their parties as confirmed, generic or not. Places are ISO codes; listings and
    shares True, False or UNKNOWN; the words of an entry ABSENT where the party is not listed. Raises
    CatalogueError if a bundled list is missing or altered.
    """
    lists = lists or current_lists()
    facts = {
        "headquarters": headquarters(party),
        "ultimate_parent_headquarters": ultimate_parent_headquarters(party, portfolio, on),
        "critical_infrastructure_operator": _stated(party),
    }
    asked = Asked(on, known_at, lists, supposed or {})
    evidence = () if party.generic else _candidates(party.name, party.aliases, party.headquarters, lists)
    evidence = (*_supposed(party, asked.supposed), *evidence)
    listings = _listings(party, asked)
    facts |= listings
    facts |= licence_facts(listings["entity_list"], _rows_in_force(evidence, "EL", asked))
    facts["list_1260h_since"] = _since(listings["list_1260h"], evidence, asked)
    facts |= _ownership(party, portfolio, asked)
    screened_nobody = party.generic and not party.owners and party.ultimate_parent in (None, party.id)
    used = () if screened_nobody else tuple(lists.list_of(code).age_at(known_at) for code in LIST_OF_FACT.values())
    return PartyFacts(facts, used, evidence)


def listing_days(party: Party, lists: ListSet | None = None) -> frozenset[date]:
    """The days on which what the lists say of a party may change: those of every row that its name may be."""
    lists = lists or current_lists()
    evidence = () if party.generic else _candidates(party.name, party.aliases, party.headquarters, lists)
    entries = (candidate.entry for candidate in evidence)
    return frozenset(day for entry in entries for day in days_of_change(entry, lists.list_of(entry.list_code)))


@lru_cache(maxsize=4096)
def _candidates(name: str, aliases: tuple[str, ...], country: str | None, lists: ListSet) -> tuple[Candidate, ...]:
    return candidates(name, aliases, country, limit=None, lists=lists)


def _supposed(party: Party, supposed: Supposed) -> tuple[Candidate, ...]:
    return tuple(Candidate(row, 100.0, Match.EXACT, party.name, row.name) for row in supposed.get(party.id, ()))


def _listings(party: Party, asked: Asked) -> dict[str, Fact]:
    """What each list says of a party; a list on which a row of it is supposed says no less than that row."""
    facts = _listings_by_name(party, asked)
    for row in asked.supposed.get(party.id, ()):
        fact = next(name for name, code in LIST_OF_FACT.items() if code == row.list_code)
        supposed = asked.status(row, asked.lists.list_of(row.list_code))
        if supposed.value is True or party.generic:
            facts[fact] = supposed
    return facts


def _listings_by_name(party: Party, asked: Asked) -> dict[str, Fact]:
    if party.generic:
        return dict.fromkeys(LIST_OF_FACT, Fact(UNKNOWN, "generic name, not screened: attest that it is not listed"))
    found = _candidates(party.name, party.aliases, party.headquarters, asked.lists)
    facts = {
        fact: _listing([c for c in found if c.entry.list_code == code], asked.lists.list_of(code), asked)
        for fact, code in LIST_OF_FACT.items()
    }
    named = [name for name in (party.name, *party.aliases) if scripts_of((name,))]
    return {
        fact: listed
        if listed.value is not False or any(is_read(name, which.scripts_throughout) for name in named)
        else _unreadable(which)
        for (fact, listed), which in zip(facts.items(), map(asked.lists.list_of, LIST_OF_FACT.values()), strict=True)
    }


def _unreadable(which: PartyList) -> Fact:
    """A name in a script in which not every entry of the list has a name says nothing about who is on it."""
    scripts = "in Latin script only" if which.scripts == ("Latn",) else "not all in the scripts of these names"
    return Fact(UNKNOWN, f"{which.title}: its names are {scripts}; state an alias in Latin script")


def _listing(found: Sequence[Candidate], which: PartyList, asked: Asked) -> Fact:
    """Joins the rows of one list: listed if one surely is, unknown if one may be, else not listed.

    A list that names the party itself tells it apart from the namesakes that stand beside it, so these count only
    without it, or where the row that named it has ended: it may stand there under another name since. A namesake whose
    own row has ended counts on the days of that row: the party may have stood there under its former name.
    """
    confirmed = [(c.entry, asked.status(c.entry, which)) for c in found if c.is_confirmed]
    facts = [fact for _, fact in confirmed]
    surely = next((fact for value in (True, UNKNOWN) for fact in facts if fact.value is value), None)
    if surely is not None:
        return surely
    stands = any(not _has_ended(entry, asked) for entry, _ in confirmed)
    for candidate in found:
        is_apart = stands and not _was_removed(candidate.entry)
        if not is_apart and asked.status(candidate.entry, which).value is not False:
            return Fact(UNKNOWN, _possible_text(candidate, which))
    return facts[0] if facts else asked.status(None, which)


def _has_ended(entry: ListedParty, asked: Asked) -> bool:
    """Whether a row was taken off its list by the day, or rewritten."""
    return any(event.kind is EventKind.REMOVED and event.first_day <= asked.on for event in entry.events or ())


def _was_removed(entry: ListedParty) -> bool:
    """Whether a row was taken off its list on any day, or rewritten."""
    return any(event.kind is EventKind.REMOVED for event in entry.events or ())


def _possible_text(candidate: Candidate, which: PartyList) -> str:
    return (
        f'{which.title} of {which.dated.isoformat()}: "{candidate.screened_name}" may be "{candidate.listed_name}" '
        f'(entry "{candidate.entry.name}", {candidate.match}, score {candidate.score:.0f} of 100'
        f"{''.join(f'; {one}' for one in candidate.how_read)}): "
        "settle who it is and attest it"
    )


def _rows_in_force(evidence: Iterable[Candidate], code: str, asked: Asked) -> list[ListedParty]:
    which = asked.lists.list_of(code)
    rows = (c.entry for c in evidence if c.is_confirmed and c.entry.list_code == code)
    return [row for row in rows if asked.status(row, which).value is True]


def _since(listed: Fact, evidence: Iterable[Candidate], asked: Asked) -> Fact:
    if listed.value is not True:
        return Fact(ABSENT if listed.value is False else UNKNOWN, listed.origin)
    rows = _rows_in_force(evidence, "1260H", asked)
    days = [day for row in rows if (day := listed_since(row, asked.on, asked.known_at)) is not None]
    return Fact(min(days), listed.origin)


def _stated(party: Party) -> Fact:
    value = party.critical_infrastructure_operator
    if value is None:
        return Fact(UNKNOWN, f"portfolio: {party.id} does not state whether it is one")
    return Fact(value, f"portfolio: critical_infrastructure_operator of {party.id}")


def _ownership(party: Party, portfolio: Portfolio, asked: Asked) -> dict[str, Fact]:
    """Whether listed parties of the portfolio hold half of it or more, or any share, alone or together."""
    names = ("owned_50_by_listed", "owned_minority_by_listed")
    graph = portfolio_graph(portfolio, party, asked.on)
    is_held = bool(len(graph.holdings_in(graph.index[party.id])))
    if party.generic and not is_held:
        return dict.fromkeys(names, Fact(UNKNOWN, "generic name, owners not stated: attest who owns it"))
    if not is_held and party.ultimate_parent is None:
        return dict.fromkeys(names, Fact(UNKNOWN, f"portfolio: it states neither owner nor parent of {party.id}"))
    if not is_held:
        origin = f"portfolio: {party.id} is its own ultimate parent, and no owner that is listed is stated"
        return dict.fromkeys(names, Fact(False, origin))
    listed, perhaps = _listed_owners(party, portfolio, graph, asked)
    judged = judge(graph, listed, possible_seeds=perhaps)
    origin = f"portfolio: {sentence(judged, party.id)}"
    by_shares = proof_of(judged, party.id).by_shares
    if by_shares == "caught":
        return {names[0]: Fact(True, origin), names[1]: Fact(False, f"{origin}; it is half or more")}
    if by_shares == "review":
        return dict.fromkeys(names, Fact(UNKNOWN, f"{origin}; shares or listings are not known"))
    surely = owners_above(graph, party.id, graph.least) & listed
    minority = True if surely else UNKNOWN if listed | perhaps else False
    return {names[0]: Fact(False, origin), names[1]: Fact(minority, origin)}


def _listed_owners(
    party: Party, portfolio: Portfolio, graph: OwnershipGraph, asked: Asked
) -> tuple[frozenset[str], frozenset[str]]:
    """The owners above a party that surely are on an owning list, and those of whom it is not known."""
    surely, perhaps = set(), set()
    for owner in owners_above(graph, party.id, graph.most):
        other = portfolio.party_by_id.get(owner)
        values = [UNKNOWN] if other is None else [_listings(other, asked)[name].value for name in OWNING_LISTS]
        if True in values:
            surely.add(owner)
        elif UNKNOWN in values:
            perhaps.add(owner)
    return frozenset(surely), frozenset(perhaps)
