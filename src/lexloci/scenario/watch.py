"""What does a new list change for a portfolio: which parties, which pools, which answers?

Both sides are asked about one day, with one knowledge of the law, and differ in the lists alone: those in use, and
the same with the new file in their place. The day is the later of the portfolio's and the file's, so that the
new entries count; an old list may be past its limit of age by then, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from lexloci.law.rule import Rulebook
from lexloci.model.determination import Determination, FindingStatus
from lexloci.model.fact import ABSENT, UNKNOWN, Fact, NoValue, Value
from lexloci.model.party import Party
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Pool
from lexloci.parties.facts import LIST_OF_FACT, facts_about
from lexloci.parties.listing import ListSet, PartyList
from lexloci.parties.screening import candidates
from lexloci.parties.status import status
from lexloci.plan.questions import PlacementAnswer, determine_portfolio
from lexloci.scenario.compare_types import OutcomeChange

_FACTS: Final = (
    *LIST_OF_FACT,
    "owned_50_by_listed",
    "owned_minority_by_listed",
    "entity_list_policy",
    "entity_list_scope",
    "entity_list_footnotes",
)
_SAYS: Final = {False: 0, UNKNOWN: 1, True: 2}


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact about a party that the new list changes: its values, who says so now, and whether it got worse."""

    party: str
    fact: str
    before: Value
    after: Value
    why: str
    is_worse: bool


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that a party may be and that came (or went) with the new list, on any list, asked by a rule or not."""

    party: str
    list_code: str
    listed_name: str
    key: str
    is_confirmed: bool
    came: bool


@dataclass(frozen=True, slots=True)
class PoolTouched:
    """A pool in which a changed party has a part, in which parts, and whether any of its answers changed."""

    pool: str
    tenure: str
    parts: tuple[str, ...]
    is_changed: bool


@dataclass(frozen=True)
class Watched:
    """What the new list changes: the lists before and after, facts, rows, pools, answers, and those that got worse."""

    on: date
    lists: tuple[tuple[PartyList | None, PartyList], ...]
    facts: tuple[FactChange, ...]
    rows: tuple[RowChange, ...]
    pools: tuple[PoolTouched, ...]
    outcomes: tuple[OutcomeChange, ...]
    worse: tuple[OutcomeChange, ...]

    @property
    def got_worse(self) -> bool:
        """Whether a party came nearer to a list, or an answer became more severe or open."""
        return bool(self.worse) or any(one.is_worse for one in self.facts) or any(one.came for one in self.rows)


def watch(portfolio: Portfolio, rulebook: Rulebook, before: ListSet, after: ListSet, on: date) -> Watched:
    """What replacing the lists ``before`` by ``after`` changes for the portfolio, asked on a day and known then."""
    asked = replace(portfolio, as_of=on, known_at=on)
    facts = tuple(change for party in portfolio.parties for change in _facts(party, asked, before, after))
    rows = tuple(change for party in portfolio.parties for change in _rows(party, on, before, after))
    was = {_pair(one): one for one in determine_portfolio(asked, rulebook, before)}
    now = {_pair(one): one for one in determine_portfolio(asked, rulebook, after)}
    pairs = [pair for pair in now if _answer_of(was[pair]) != _answer_of(now[pair])]
    changes = {pair: _change(was[pair], now[pair]) for pair in pairs}
    worse = tuple(changes[pair] for pair in pairs if _is_worse(was[pair].determination, now[pair].determination))
    touched = {change.party for change in facts} | {change.party for change in rows}
    pools = _pools(portfolio, touched, {pool for _, pool in pairs})
    return Watched(on, _lists(before, after), facts, rows, pools, tuple(changes.values()), worse)


def _facts(party: Party, portfolio: Portfolio, before: ListSet, after: ListSet) -> Iterable[FactChange]:
    day = portfolio.as_of
    was = facts_about(party, portfolio, day, day, before).facts
    now = facts_about(party, portfolio, day, day, after).facts
    for name in _FACTS:
        if was[name].value != now[name].value:
            yield FactChange(
                party.id, name, was[name].value, now[name].value, now[name].origin, _says_more(was[name], now[name])
            )


def _says_more(was: Fact, now: Fact) -> bool:
    """Whether a fact went from no to open or yes, from open to yes, or tells other terms of an entry."""
    old, new = was.value, now.value
    if isinstance(new, bool | NoValue) and isinstance(old, bool | NoValue) and ABSENT not in (old, new):
        return _SAYS[new] > _SAYS[old]
    return new is not ABSENT


def _rows(party: Party, on: date, before: ListSet, after: ListSet) -> Iterable[RowChange]:
    """Rows that the party may be, listed or open on the day, of any list, which the other side has not."""
    if party.generic:
        return
    was, now = _found(party, on, before), _found(party, on, after)
    for key in (*(key for key in now if key not in was), *(key for key in was if key not in now)):
        name, is_confirmed = now.get(key) or was[key]
        yield RowChange(party.id, key[0], name, key[1], is_confirmed, key in now)


def _found(party: Party, on: date, lists: ListSet) -> Mapping[tuple[str, str], tuple[str, bool]]:
    found: dict[tuple[str, str], tuple[str, bool]] = {}
    for one in candidates(party.name, party.aliases, party.headquarters, limit=None, lists=lists):
        row = one.entry
        if status(row, row.list_code, on, on, lists.list_of(row.list_code)).value is not False:
            found.setdefault((row.list_code, row.key), (one.listed_name, one.is_confirmed))
    return found


def _pools(portfolio: Portfolio, touched: set[str], changed: set[str]) -> tuple[PoolTouched, ...]:
    found = []
    for pool in portfolio.pools:
        parts = tuple(f"{party} ({part})" for part, party in _parts(portfolio, pool) if party in touched)
        if parts or pool.id in changed:
            found.append(PoolTouched(pool.id, pool.tenure.value, parts, pool.id in changed))
    return tuple(found)


def _parts(portfolio: Portfolio, pool: Pool) -> list[tuple[str, str]]:
    """Who has which part in a pool: holder, supplier, users, operator and owner of its site."""
    site = portfolio.site_by_id[pool.site]
    parts = [("holder", pool.holder), *(("user", user) for user in pool.users), ("operator", site.operator)]
    parts += [("supplier", pool.supplier)] if pool.supplier else []
    parts += [("owner of the site", site.owner)] if site.owner else []
    return parts


def _pair(answer: PlacementAnswer) -> tuple[str, str]:
    return answer.workload.id, answer.pool.id


def _answer_of(answer: PlacementAnswer) -> tuple[object, ...]:
    told = answer.determination
    return told.outcome, told.certain, told.possible


def _is_worse(was: Determination, now: Determination) -> bool:
    """Whether what is certain, or the worst that is possible, became more severe."""
    return now.certain.severity > was.certain.severity or now.possible.severity > was.possible.severity


def _change(was: PlacementAnswer, now: PlacementAnswer) -> OutcomeChange:
    old, new = was.determination, now.determination
    return OutcomeChange(now.workload.id, now.pool.id, old.outcome, new.outcome, _behind(old, new))


def _behind(was: Determination, now: Determination) -> str:
    """The rule that decides now and did not before, or no longer does; else what is missing now."""
    deciding = (FindingStatus.FIRED, FindingStatus.POSSIBLE)
    old = {(one.rule, one.status) for one in was.findings if one.status in deciding}
    new = {(one.rule, one.status) for one in now.findings if one.status in deciding}
    differs = sorted(rule for rule, _ in (new - old) or (old - new))
    missing = [one.name for one in now.missing if one not in was.missing]
    return next(iter(differs or missing), "")


def _lists(before: ListSet, after: ListSet) -> tuple[tuple[PartyList | None, PartyList], ...]:
    old = {one.code: one for one in before.lists}
    return tuple((old.get(one.code), one) for one in after.lists if old.get(one.code) != one)
