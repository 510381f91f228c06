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
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cached_property
from typing import Any

from lexloci.model.act import Act, ActKind
from lexloci.model.determination import Determination
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Pool, Tenure
from lexloci.model.workload import Workload, WorkloadKind
from lexloci.parties.facts import PartyFacts, Supposed
from lexloci.plan.alike import TIME_AND_PRICE, asking_of
from lexloci.plan.judge import Judge
from lexloci.plan.segments import Segment
from lexloci.plan.shares import KeptEstimates
from lexloci.scenario.states import listing_dates, record_dates, standings, too_old_days

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
    _states: dict[tuple[frozenset[ActKind], date], Hashable] = field(default_factory=dict)
    _begun: dict[date, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.memory.refuse_others(self.portfolio)

    def about(self, portfolio: Portfolio) -> RememberingJudge:
        """The same of another portfolio, with the same memory and supposed listings; ValueError as for the memory."""
        return RememberingJudge(portfolio, self.rulebook, self.question, self.supposed, self.lists, memory=self.memory)

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
        """The answers for every start in ``[first, last)``, each from the memory."""
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
        key = ("facts", party_id, self._listed(on), self._age, self._supposed(on))
        found: PartyFacts | None = self.memory.kept.get(key)
        if found is None:
            found = self.memory.kept[key] = ask(party_id, on)
        return found

    def supposed_on(self, on: date) -> Supposed:
        """The rows whose day has come: before it, who nobody screened is as unknown as without them."""
        begun = {
            party: tuple(row for row in rows if any(event.first_day <= on for event in row.events or ()))
            for party, rows in self.supposed.items()
        }
        return {party: rows for party, rows in begun.items() if rows}

    def _supposed(self, on: date) -> int:
        """A number for the supposed rows whose day has come."""
        found = self._begun.get(on)
        if found is None:
            found = self._begun[on] = self.memory.number_of(("supposed", *self.supposed_on(on).items()))
        return found

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
        key = ("parties", self._listed(day), self._age, self._supposed(day))
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
        """A number for all that is on record, with what a record may name or count of the pools."""
        portfolio = self.portfolio
        pools = tuple((one.id, one.chips, one.site, one.holder, one.supplier, one.users) for one in portfolio.pools)
        return self.memory.number_of((portfolio.readings, portfolio.attestations, portfolio.authorisations, pools))


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


def _content(thing: Workload | Pool, without: frozenset[str]) -> Hashable:
    return tuple(getattr(thing, one.name) for one in fields(thing) if one.name not in without)
