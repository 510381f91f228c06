"""A judge that keeps its answers for other days and other worlds: the law is asked once about each state of things.

The answer for a workload in a pool is a function of what is written here as its key:

- the workload (without its dates), the pool (without its price), the layer of the law that governs;
- the standing of every rule, and the version of every dated name, on each day on which one of its acts is done, as
  known on the day of the question. Supply is done when the chips were got, possession when the tenant got it,
  everything else at the start (``lexloci.rulebook.acts``);
- what the lists say of the parties, between two days on which a listing or a list begins;
- the records of the portfolio, and which of them count;
- which lists, tables and rules are past their limit of age.

Invariants: two questions with the same key get the same outcome, findings and duties
(``tests/scenario/test_scenario_remembering.py`` asks both ways). The words of a kept answer are those of the day on
which it was asked: its ``as_of``, ``known_at`` and ages. A memory serves one set of parties, sites, chips, data, models
and workloads, and rulebooks whose rules differ in their turns alone; it refuses other things.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from typing import Any

from lexloci.catalogue import table
from lexloci.law.calendar_days import days_too_old
from lexloci.law.names_read import dated_names
from lexloci.law.rule import Rule, Rulebook, Timeline
from lexloci.law.standing import standing_at, turn_at
from lexloci.model.act import Act, ActKind
from lexloci.model.determination import Determination, SourceAge
from lexloci.model.fact import Fact
from lexloci.model.portfolio import Basis, Portfolio
from lexloci.model.site import Pool, Tenure
from lexloci.model.workload import Workload, WorkloadKind
from lexloci.parties.facts import OWNING_LISTS, PartyFacts, listing_days
from lexloci.parties.lists import lists
from lexloci.plan.alike import TIME_AND_PRICE, asking_of
from lexloci.plan.judge import Judge
from lexloci.plan.segments import Segment
from lexloci.plan.shares import KeptEstimates
from lexloci.scenario.world import Listing

_SUPPLY = frozenset(kind for kind in ActKind if kind.is_supply)
_WEIGHTS = frozenset({ActKind.WEIGHTS_TRANSFER})
_PRICE_OF_POOL = frozenset(
    [
        "sources",
        "usd_per_chip_hour",
        "price_steps",
        "closed",
        "quotes",
        "power_included",
        "available_from",
        "available_until",
        "internode_gbps_per_chip",
    ]
)
_CHIPS_TABLE = "chips"
_HALF = 50.0  # 15 CFR 744.11(a)(1), 90 FR 47201


@dataclass
class Memory:
    """Answers by their key; how many were asked of the law, and how many were at hand.

    ``words_matter``: the day since which a rule stands is part of the key, so that an answer tells it right. Where
    outcomes alone are asked for, an answer serves whatever the day was.
    """

    words_matter: bool = True
    kept: dict[Hashable, Any] = field(default_factory=dict)
    asked: int = 0
    at_hand: int = 0
    _numbers: dict[Hashable, int] = field(default_factory=dict)
    _things: object = None

    def number_of(self, state: Hashable) -> int:
        """A small number for a state: the same for the same state."""
        return self._numbers.setdefault(state, len(self._numbers))

    def refuse_others(self, portfolio: Portfolio) -> None:
        """Raises ValueError where a portfolio has other parties, sites, chips, data, models or workloads."""
        things = (
            portfolio.parties,
            portfolio.sites,
            portfolio.chips,
            portfolio.datasets,
            portfolio.models,
            [_content(workload, TIME_AND_PRICE) for workload in portfolio.workloads],
        )
        if self._things is None:
            self._things = things
        elif self._things != things:
            raise ValueError("a memory serves one set of parties, sites, chips, data, models and workloads")


@dataclass
class RememberingJudge(Judge):
    """A judge whose answers about placements and moves of weights are kept in a memory that other judges share."""

    memory: Memory = field(default_factory=Memory)
    listings: tuple[Listing, ...] = ()
    _states: dict[tuple[frozenset[ActKind], date], Hashable] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.memory.refuse_others(self.portfolio)

    def about(self, portfolio: Portfolio) -> RememberingJudge:
        """The same of another portfolio, with the same memory and supposed listings; ValueError as for the memory."""
        return RememberingJudge(
            portfolio,
            self.rulebook,
            self.question,
            self.supposed,
            self.lists,
            memory=self.memory,
            listings=self.listings,
        )

    def placement(
        self, workload: Workload, pool: Pool, start: date, answer: Callable[[Act], Determination] | None = None
    ) -> Determination:
        """The determination of the workload in the pool for a start on that day; kept, unless ``answer`` gives it."""
        ask = super().placement
        if answer is not None:
            return ask(workload, pool, start, answer)
        return self._kept(
            ("placement", workload.id, *self._asked_in(workload, pool, start)), lambda: ask(workload, pool, start)
        )

    def _asked_in(self, workload: Workload, pool: Pool, start: date) -> tuple[Hashable, ...]:
        """The pool, and the state of things on each day on which an act of the placement is done."""
        state = self._state(kinds_at_start(workload, pool), start)
        return _content(pool, _PRICE_OF_POOL), self._on_supply(pool, start), state

    def answered(self, workload: Workload, pool: Pool, first: date, last: date) -> tuple[Segment, ...]:
        """The answers for every start in ``[first, last)``, each from the memory; supposed listings cut them too."""
        asking = self.memory.number_of(("asking", asking_of(self.portfolio, workload)))
        stretches = self.stretches(first, last)
        return tuple(Segment(day, end, self._alike(asking, workload, pool, day)) for day, end in stretches)

    def _alike(self, asking: int, workload: Workload, pool: Pool, start: date) -> Determination:
        """The answer for this workload or another that asks the same of the pool (``lexloci.plan.alike``); kept."""
        ask = super().placement
        return self._kept(
            ("alike", asking, *self._asked_in(workload, pool, start)),
            lambda: ask(workload, pool, start, self.as_decided),
        )

    @cached_property
    def estimates(self) -> KeptEstimates:
        """What workloads take on the shares of pools, kept in the memory: it depends on no day and no law."""
        found: KeptEstimates = self.memory.kept.setdefault("estimates", KeptEstimates(self.portfolio))
        return found

    def weights_move(self, workload: Workload, pool: Pool, departure: str, arrival: str, on: date) -> Determination:
        """The determination of moving the workload's weights from one country to another on that day; kept."""
        ask = super().weights_move
        key = ("weights", workload.id, _content(pool, _PRICE_OF_POOL), departure, arrival, self._state(_WEIGHTS, on))
        return self._kept(key, lambda: ask(workload, pool, departure, arrival, on))

    def _facts_about(self, party_id: str, on: date) -> PartyFacts:
        ask = super()._facts_about
        key = ("facts", party_id, self._listed(on), self._age)
        found: PartyFacts = self.memory.kept.get(key) or ask(party_id, on)
        self.memory.kept[key] = found
        supposed = self._supposed(on)
        return supposed_facts(found, party_id, supposed, self.portfolio) if supposed else found

    def _supposed(self, on: date) -> tuple[Listing, ...]:
        return tuple(one for one in self.listings if one.since <= on)

    @cached_property
    def breakpoints(self) -> tuple[date, ...]:
        """Every day of change, those of supposed listings among them."""
        known: tuple[date, ...] = super().breakpoints
        return tuple(sorted({*known, *(one.since for one in self.listings)}))

    def _kept(self, key: Hashable, ask: Callable[[], Determination]) -> Determination:
        found: Determination | None = self.memory.kept.get(key)
        if found is None:
            found = self.memory.kept[key] = ask()
            self.memory.asked += 1
        else:
            self.memory.at_hand += 1
        return found

    def _on_supply(self, pool: Pool, start: date) -> Hashable:
        """The state on the days on which the chips were got: by the holder, and by the tenant of a lease."""
        held = pool.held_since or start
        days = [held]
        if pool.tenure is Tenure.LEASED:
            stated = pool.held_since or date.min
            days.append(max(pool.leased_since, stated) if pool.leased_since else start)
        return tuple(self._state(_SUPPLY, day) for day in days)

    def _state(self, kinds: frozenset[ActKind], day: date) -> Hashable:
        """A number for all that acts of these kinds on a day depend on."""
        found = self._states.get((kinds, day))
        if found is None:
            state = (
                standings(self.rulebook, kinds, day, self.question.known_at, words_matter=self.memory.words_matter),
                self._said_of_parties(day),
                self._records,
                bisect_right(self._record_dates, self.question.as_of),
                bisect_right(self._record_dates, day),
                self._age,
                self.question.basis,
            )
            found = self._states[kinds, day] = self.memory.number_of(state)
        return found

    def _said_of_parties(self, day: date) -> int:
        """A number for the facts about all parties on a day: the values, not where they are from."""
        listed = tuple((one.party, one.list, one.since) for one in self._supposed(day))
        key = ("parties", self._listed(day), self._age, listed)
        found: int | None = self.memory.kept.get(key)
        if found is None:
            facts = [self._facts_about(party.id, day).facts for party in self.portfolio.parties]
            values = tuple((name, fact.value) for one in facts for name, fact in one.items())
            found = self.memory.kept[key] = self.memory.number_of(values)
        return found

    def _listed(self, day: date) -> tuple[int, int]:
        known = min(day, self.question.known_at)
        return bisect_right(self._listing_dates, known), bisect_right(self._listing_dates, day)

    @cached_property
    def _age(self) -> int:
        return bisect_right(too_old_days(self.rulebook), self.question.known_at)

    @cached_property
    def _listing_dates(self) -> tuple[date, ...]:
        found: tuple[date, ...] | None = self.memory.kept.get("listing dates")
        if found is None:
            found = self.memory.kept["listing dates"] = listing_dates(self.portfolio)
        return found

    @cached_property
    def _record_dates(self) -> tuple[date, ...]:
        return record_dates(self.portfolio)

    @cached_property
    def _records(self) -> int:
        portfolio = self.portfolio
        return self.memory.number_of((portfolio.readings, portfolio.attestations, portfolio.authorisations))


def kinds_at_start(workload: Workload, pool: Pool) -> frozenset[ActKind]:
    """The kinds of acts, other than supply, that the workload in the pool may entail."""
    kinds = {ActKind.USE}
    if workload.kind is not WorkloadKind.PRE_TRAIN:
        kinds.add(ActKind.WEIGHTS_TRANSFER)
    if workload.party != pool.holder:
        kinds.add(ActKind.REMOTE_ACCESS)
    if workload.demand is not None:
        kinds.add(ActKind.OFFERING)
    if workload.datasets or workload.demand is not None:
        kinds.add(ActKind.DATA_EXPORT)
    return frozenset(kinds)


def supposed_facts(found: PartyFacts, party_id: str, listings: Sequence[Listing], portfolio: Portfolio) -> PartyFacts:
    """The facts about a party with supposed listings: of itself, or of one that holds shares in it, or parents it.

    The words of an entry that nobody wrote yet are the severe ones: all items, presumption of denial.
    """
    facts = dict(found.facts)
    for one in listings:
        origin = f"supposed by a scenario: {one.party} on the {one.list} from {one.since}"
        if one.party == party_id:
            facts[one.list] = Fact(True, origin)
            if one.list == "entity_list":
                facts["entity_list_policy"] = Fact("presumption of denial", origin)
                facts["entity_list_scope"] = Fact("all items", origin)
                facts["entity_list_footnotes"] = Fact("", origin)
            if one.list == "list_1260h":
                facts["list_1260h_since"] = Fact(one.since, origin)
        elif (share := _share_held(portfolio, party_id, one.party)) is not None:
            name = "owned_50_by_listed" if share >= _HALF else "owned_minority_by_listed"
            if one.list in OWNING_LISTS:
                facts[name] = Fact(True, origin)
    return replace(found, facts=facts)


def _share_held(portfolio: Portfolio, party_id: str, owner: str) -> float | None:
    """The percentage that an owner holds in a party, from above: an ultimate parent and an unknown share count whole.

    None where it holds none.
    """
    held: dict[str, float] = {owner: 100.0}
    for _ in portfolio.parties:
        for party in portfolio.parties:
            if party.id == owner:
                continue
            shares = [100.0 if one.percent is None else one.percent for one in party.owners if one.owner in held]
            if party.ultimate_parent in held and party.ultimate_parent != party.id:
                shares.append(100.0)
            if shares:
                held[party.id] = max(held.get(party.id, 0.0), min(100.0, sum(shares)))
    return held.get(party_id)


def standings(
    rulebook: Rulebook, kinds: frozenset[ActKind], on: date, known_at: date, *, words_matter: bool = True
) -> Hashable:
    """The turn of each rule for some kinds of acts, and the version of each dated name, on a day as known by a day."""
    kept: dict[Hashable, Hashable] = rulebook.kept.setdefault("scenario.standings", {})
    days = law_dates(rulebook)
    key = (kinds, bisect_right(days, on), bisect_right(days, known_at), words_matter)
    found = kept.get(key)
    if found is None:
        rules, names = _asked_about(rulebook, kinds)
        say = turn_at if words_matter else standing_at
        turns = tuple((rule.id, *(say(rule, on, known_at, layer) for layer in Basis)) for rule in rules)
        versions = [(name, line.at(on, known_at)) for name, line in names.items()]
        since = tuple((name, version.since if version else None) for name, version in versions)
        found = kept[key] = (turns, since)
    return found


def _asked_about(rulebook: Rulebook, kinds: frozenset[ActKind]) -> tuple[tuple[Rule, ...], Mapping[str, Timeline[Any]]]:
    """The rules for some kinds of acts, and the dated names that they read."""
    kept: dict[frozenset[ActKind], Any] = rulebook.kept.setdefault("scenario.rules", {})
    if kinds not in kept:
        rules = tuple(rule for rule in rulebook.rules if not kinds.isdisjoint(rule.acts))
        kept[kinds] = rules, {name: line for rule in rules for name, line in dated_names(rulebook, rule).items()}
    found: tuple[tuple[Rule, ...], Mapping[str, Timeline[Any]]] = kept[kinds]
    return found


def law_dates(rulebook: Rulebook) -> tuple[date, ...]:
    """Every day on which a turn or a version of the rulebook begins or is published, in order."""
    found: tuple[date, ...] | None = rulebook.kept.get("scenario.dates")
    if found is None:
        days = {day for rule in rulebook.rules for turn in rule.turns for day in (turn.on, turn.published)}
        for timelines in (rulebook.definitions, rulebook.parameters, rulebook.sets):
            days |= {
                day
                for line in timelines.values()
                for version in line.versions
                for day in (version.since, version.published)
            }
        found = rulebook.kept["scenario.dates"] = tuple(sorted(days))
    return found


def listing_dates(portfolio: Portfolio) -> tuple[date, ...]:
    """Every day on which what lists or shares say of a party may change, and the days of the lists, in order."""
    days = {day for party in portfolio.parties for day in listing_days(party) | party.stake_days}
    return tuple(sorted(days | {which.dated for which in lists()}))


def record_dates(portfolio: Portfolio) -> tuple[date, ...]:
    """Every day on which something on record begins or ends to count, in order."""
    days: set[date | None] = set()
    days |= {day for reading in portfolio.readings for day in (reading.on, reading.until)}
    days |= {day for attestation in portfolio.attestations for day in (attestation.on, attestation.until)}
    days |= {day for held in portfolio.authorisations for day in (held.granted, held.until)}
    days |= {record.on for party in portfolio.parties for record in party.not_subject_to}
    return tuple(sorted(day for day in days if day is not None))


def too_old_days(rulebook: Rulebook) -> tuple[date, ...]:
    """The first day on which each list, the table of chips and each rulebook is past its limit of age, in order."""
    chips = table(_CHIPS_TABLE)
    sources = [which.age_at(which.dated) for which in lists()]
    sources.append(SourceAge.at(chips.dated, chips.title, chips.dated, chips.limit_days))
    sources.append(SourceAge.at(rulebook.reviewed, rulebook.version, rulebook.reviewed, rulebook.limit_days))
    sources += [SourceAge.at(one.reviewed, one.name, one.reviewed, one.limit_days) for one in rulebook.sources]
    return tuple(sorted(set(days_too_old(sources))))


def _content(thing: Workload | Pool, without: frozenset[str]) -> Hashable:
    return tuple(getattr(thing, one.name) for one in fields(thing) if one.name not in without)
