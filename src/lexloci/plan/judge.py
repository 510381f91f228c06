"""What does the law say to a workload in a pool, day by day?

The judge asks ``rulebook`` for the acts, ``parties`` for the facts about parties, fills in what is on
record, lets ``law`` decide each act on its own date, and joins the legs. It remembers each act that
it has decided, since most workloads share their supply legs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from typing import Any, TypeVar

from lexloci.catalogue import table
from lexloci.law.calendar_days import stretches
from lexloci.law.decide import decide
from lexloci.law.legs import join_legs
from lexloci.law.levers import Lever, smallest_levers, with_smallest
from lexloci.law.rule import Rulebook
from lexloci.model.act import Act, ActKind, Question, Role
from lexloci.model.chip import Chip
from lexloci.model.determination import Determination, FactRead, Finding, Missing, MissingKind, NearMiss, SourceAge
from lexloci.model.fact import UNKNOWN, Fact
from lexloci.model.portfolio import Portfolio
from lexloci.model.site import Pool
from lexloci.model.workload import Workload
from lexloci.parties.facts import PartyFacts, Supposed, facts_about, listing_days
from lexloci.parties.listing import ListSet
from lexloci.plan.alike import Asking, asking_of
from lexloci.plan.records import with_records
from lexloci.plan.segments import Segment, Segments, asked_of, opened
from lexloci.plan.shares import KeptEstimates, chip_of
from lexloci.rulebook.acts import placement_acts
from lexloci.rulebook.placing import Placing
from lexloci.rulebook.weights_acts import weights_act

Told = TypeVar("Told", Finding, NearMiss)
_CHIP_TABLE = "chips"


@dataclass
class Judge:
    """Decides placements of one portfolio on one question, under listings that are supposed; keeps what it decided.

    ``lists`` are the lists of parties that it asks, by default those in use.
    """

    portfolio: Portfolio
    rulebook: Rulebook
    question: Question
    supposed: Supposed = field(default_factory=dict)
    lists: ListSet | None = None
    _party_facts: dict[tuple[str, date], PartyFacts] = field(default_factory=dict)
    _decided: dict[tuple[object, ...], Determination] = field(default_factory=dict)
    _by_role: dict[tuple[Role, str, date], Mapping[str, Fact]] = field(default_factory=dict)
    _askings: dict[str, int] = field(default_factory=dict)
    _numbers: dict[Asking, int] = field(default_factory=dict)
    openings: dict[tuple[object, ...], Any] = field(default_factory=dict)
    """What ``plan.options`` keeps of the answers for whole stretches of days."""
    _stretches: dict[tuple[date, date], list[tuple[date, date]]] = field(default_factory=dict)

    def about(self, portfolio: Portfolio) -> Judge:
        """A judge of another portfolio, on the same question, law, lists and supposed listings."""
        return Judge(portfolio, self.rulebook, self.question, self.supposed, self.lists)

    def chip(self, pool: Pool) -> Chip:
        """The chip of a pool: the portfolio's own row, else the catalogue's."""
        return chip_of(self.portfolio, pool)

    @cached_property
    def estimates(self) -> KeptEstimates:
        """What workloads take on the shares of pools, each worked out once."""
        return KeptEstimates(self.portfolio)

    def placing(self, workload: Workload, pool: Pool) -> Placing:
        """The workload in the pool, ready to be asked for its acts."""
        return Placing(self.portfolio, workload, pool, self.chip(pool), self.facts_of, self._by_role)

    def facts_of(self, party_id: str, on: date) -> Mapping[str, Fact]:
        """What is known of a party on a day, without a role before the names."""
        return self._facts_about(party_id, on).facts

    def _facts_about(self, party_id: str, on: date) -> PartyFacts:
        key = (party_id, on)
        if key not in self._party_facts:
            party = self.portfolio.party_by_id[party_id]
            known_at, supposed = self.question.known_at, self.supposed_on(on)
            self._party_facts[key] = facts_about(party, self.portfolio, on, known_at, self.lists, supposed=supposed)
        return self._party_facts[key]

    def supposed_on(self, on: date) -> Supposed:  # noqa: ARG002 -- other judges ask day by day
        """The supposed rows that are asked about a day; those that begin later say that nobody is listed before."""
        return self.supposed

    def placement(
        self, workload: Workload, pool: Pool, start: date, answer: Callable[[Act], Determination] | None = None
    ) -> Determination:
        """The determination of the workload in the pool for a start on that day; each act is asked of ``answer``."""
        placing = self.placing(workload, pool)
        ask = answer or self.act
        legs = [opened(ask(act), self.unstated(act, pool)) for act in placement_acts(placing, start)]
        return self.join(placing, legs)

    def join(self, placing: Placing, legs: Sequence[Determination]) -> Determination:
        """The determination of a placement from those of its legs."""
        workload, pool = placing.workload, placing.pool
        subject = f"{workload.name} at {placing.site.name} on {placing.chip.name}"
        return join_legs(f"{workload.id}@{pool.id}", subject, self.question, legs, self.rulebook.version)

    def unstated(self, act: Act, pool: Pool) -> list[Missing]:
        """What is not stated of an act and decides on which day or by which body of law it is judged."""
        is_lease = act.parties.get(Role.END_USER) != pool.holder
        day = ("leased_since", pool.leased_since) if is_lease else ("held_since", pool.held_since)
        found: list[Missing] = []
        if act.kind.is_supply and day[1] is None:
            question = f"on which day did the {'tenant' if is_lease else 'holder'} of {pool.id} get its chips?"
            found.append(Missing(MissingKind.FACT, f"supply.{day[0]}", f"{question} state {day[0]}", pool.id, act.leg))
        moves = act.kind.is_supply or act.kind is ActKind.WEIGHTS_TRANSFER
        place = "departure.country" if moves else "tenant.headquarters"
        if place in act.facts and act.facts[place].value is UNKNOWN:
            known = self.rulebook.vocabulary.get(place)
            question = known.question if known else f"{place} is not stated: whose law speaks depends on it"
            party = act.parties.get(Role.TENANT, "")
            found.append(Missing(MissingKind.FACT, place, question, party, act.leg))
        return found

    def weights_move(self, workload: Workload, pool: Pool, departure: str, arrival: str, on: date) -> Determination:
        """The determination of moving the workload's weights from one country to another on that day."""
        return self.act(weights_act(self.placing(workload, pool), departure, arrival, on))

    def act(self, act: Act) -> Determination:
        """The determination of one act, with what is on record for it."""
        decided, known = self._decision(act)
        return _retold(decided, known)

    def as_decided(self, act: Act) -> Determination:
        """The same under the name of the first act that asked it, with the origins of that one's facts."""
        return self._decision(act)[0]

    def _decision(self, act: Act) -> tuple[Determination, Act]:
        """What is decided of an act, and the act with what is on record for it."""
        known, record = with_records(self.portfolio, act, self.question)
        key = (act.on, *asked_of(known, record))
        if key not in self._decided:
            self._decided[key] = decide(self.rulebook, known, self.question, record, self.sources(act))
        return self._decided[key], known

    def act_with_levers(self, act: Act) -> Determination:
        """The determination of one act, with the smallest lawful change that would permit it: for one that is shown."""
        return with_smallest(self.act(act), self.levers(act))

    def levers(self, act: Act) -> tuple[Lever, ...]:
        """The smallest lawful changes after which the law would let an act be; empty where there is none."""
        known, record = with_records(self.portfolio, act, self.question)
        return smallest_levers(self.rulebook, known, self.question, record, sources=self.sources(act))

    def sources(self, act: Act) -> tuple[SourceAge, ...]:
        """The lists and tables behind the facts of an act, with their ages."""
        found: dict[str, SourceAge] = {}
        for party_id in act.parties.values():
            for source in self._facts_about(party_id, act.on).sources:
                found[source.name] = source
        if "chip.name" in act.facts:
            chips = table(_CHIP_TABLE)
            found[chips.name] = SourceAge.at(self.question.known_at, chips.title, chips.dated, chips.limit_days)
        return tuple(found.values())

    def segments(self, workload: Workload, pool: Pool, first: date, last: date) -> list[Segment]:
        """The answers for every start in ``[first, last)``: one segment between two days of change.

        Workloads that ask the same of a pool are answered once, and so are days between which nothing changes that
        they ask about.
        """
        return [
            replace(one, tell=partial(self.placement, workload, pool, one.start))
            for one in self.answered(workload, pool, first, last)
        ]

    def answered(self, workload: Workload, pool: Pool, first: date, last: date) -> tuple[Segment, ...]:
        """The same without each workload's own words: one for all workloads that ask the same."""
        return self._segments.of(self.asking(workload), workload, pool, first, last)

    def asking(self, workload: Workload) -> int:
        """A number for what a workload asks of the law: the same for workloads that ask the same."""
        found = self._askings.get(workload.id)
        if found is None:
            found = self._numbers.setdefault(asking_of(self.portfolio, workload), len(self._numbers))
            self._askings[workload.id] = found
        return found

    @property
    def asked(self) -> int:
        """How many acts the law was asked about: each once, however many workloads and days it is asked for."""
        return len(self._decided) + self._segments.decided

    @cached_property
    def _segments(self) -> Segments:
        return Segments(self)

    def stretches(self, first: date, last: date) -> list[tuple[date, date]]:
        """``[first, last)`` cut at the days of change: what is true on the first day of a stretch is true on each."""
        found = self._stretches.get((first, last))
        if found is None:
            found = self._stretches[first, last] = stretches(self.breakpoints, first, last)
        return found

    @cached_property
    def breakpoints(self) -> tuple[date, ...]:
        """Every day on which a rule, a set, a parameter, a listing or a record begins or ends, as known."""
        known_at = self.question.known_at
        days: set[date] = set()
        for rule in self.rulebook.rules:
            days |= {turn.on for turn in rule.turns if turn.published <= known_at}
        for timelines in (self.rulebook.definitions, self.rulebook.parameters, self.rulebook.sets):
            for timeline in timelines.values():
                days |= {version.since for version in timeline.versions if version.published <= known_at}
        return tuple(sorted(days | self.days_beside_the_rules))

    @cached_property
    def days_beside_the_rules(self) -> frozenset[date]:
        """The days of change that are no matter of the rulebook: of records, of lists and of who is on them."""
        return frozenset(self.record_days() | self.list_days())

    def record_days(self) -> set[date]:
        """Days on which something on record begins or ends to count."""
        portfolio = self.portfolio
        ends = [reading.until for reading in portfolio.readings]
        ends += [attestation.until for attestation in portfolio.attestations]
        ends += [held.until for held in portfolio.authorisations]
        return {held.granted for held in portfolio.authorisations} | {day for day in ends if day is not None}

    def list_days(self) -> set[date]:
        """Days on which the listing of a party, or of a row that it may be, begins or ends; and of the lists."""
        days: set[date] = set()
        for party in self.portfolio.parties:
            about = self._facts_about(party.id, self.question.as_of)
            days |= {source.dated for source in about.sources} | listing_days(party, self.lists) | party.stake_days
            days |= {day for row in self.supposed.get(party.id, ()) for event in row.events or () for day in event.days}
        return days


def _retold(decided: Determination, act: Act) -> Determination:
    """The determination of an act with the same facts, under this act's id and with the origins of its own facts."""
    if decided.id == act.id:
        return decided

    def own(told: tuple[Told, ...]) -> tuple[Told, ...]:
        return tuple(replace(one, facts=tuple(_own_origin(read, act) for read in one.facts)) for one in told)

    return replace(
        decided,
        id=act.id,
        findings=own(decided.findings),
        signals=own(decided.signals),
        exposures=own(decided.exposures),
        notes=own(decided.notes),
        near_misses=own(decided.near_misses),
    )


def _own_origin(read: FactRead, act: Act) -> FactRead:
    fact = act.facts.get(read.name)
    return read if fact is None else FactRead(read.name, read.value, fact.origin)
