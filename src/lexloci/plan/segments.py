"""The answers of the law for every start of a workload in a pool, worked out once for all that is alike.

Four things are answered once: workloads that ask the same of a pool (``lexloci.plan.alike``); acts of which the same is
asked, whichever workload they are of; the days between which neither the law for a kind of act changes nor what is
known of a party or on record; and placements whose legs are answered the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING

from lexloci.law.calendar_days import Window, days_of_change
from lexloci.law.decide import decide
from lexloci.law.on_record import OnRecord
from lexloci.model.act import Act, ActKind
from lexloci.model.determination import Determination, Missing
from lexloci.model.fact import Fact
from lexloci.model.outcome import Outcome, settle
from lexloci.model.site import Pool
from lexloci.model.workload import Workload
from lexloci.plan.alike import Asking, asking_of
from lexloci.plan.records import with_records
from lexloci.rulebook.acts import placement_acts

if TYPE_CHECKING:
    from lexloci.plan.judge import Judge


@dataclass(frozen=True)
class Segment:
    """A stretch of days ``[start, end)`` in which the answer for a start does not change.

    ``alike`` is the answer for this workload and start or for others that ask the same (``lexloci.plan.alike``): all of
    it is the same but for the names of the workload, the day, and the places of the file from which facts come.
    ``tell`` gives the workload's own.
    """

    start: date
    end: date
    alike: Determination
    tell: Callable[[], Determination] | None = field(default=None, compare=False, repr=False)

    @property
    def outcome(self) -> Outcome:
        """The outcome for a start in the stretch."""
        return self.alike.outcome

    @cached_property
    def determination(self) -> Determination:
        """The answer for a start in the stretch, in the workload's own words; worked out when it is asked."""
        return self.alike if self.tell is None else self.tell()


@dataclass(frozen=True, slots=True)
class Leg:
    """One act of a placement with what is on record for it, as it is asked on one day after another.

    ``number``: the same for acts of which the same is asked, whatever the day. ``moves``: whether it is done on the day
    of the start. ``unstated``: what is not stated and decides on which day or by which body of law it is judged.
    """

    act: Act
    record: OnRecord
    number: int
    moves: bool
    unstated: tuple[Missing, ...]


@dataclass
class Segments:
    """The answers of one judge for starts on or after the day of its question, each kept.

    ``decided`` counts the acts that the law was asked about.
    """

    judge: Judge
    decided: int = 0
    _askings: dict[str, Asking] = field(default_factory=dict)
    _alike: dict[tuple[Asking, str, int], Determination] = field(default_factory=dict)
    _joined: dict[tuple[object, ...], Determination] = field(default_factory=dict)
    _days: dict[tuple[Asking, str], tuple[date, ...]] = field(default_factory=dict)
    _legs: dict[tuple[Asking, str, int], tuple[Leg, ...]] = field(default_factory=dict)
    _moves: dict[tuple[Asking, str], tuple[bool, ...]] = field(default_factory=dict)
    _made: dict[tuple[object, ...], Leg] = field(default_factory=dict)
    _numbers: dict[tuple[object, ...], int] = field(default_factory=dict)
    _by_number: dict[tuple[int, object], Determination] = field(default_factory=dict)
    _kinds: dict[ActKind, tuple[date, ...]] = field(default_factory=dict)

    def of(self, workload: Workload, pool: Pool, stretches: Sequence[tuple[date, date]]) -> list[Segment]:
        """The answers for starts in each of the stretches, which lie between days of change."""
        asking = self._asking(workload)
        if (asking, pool.id) not in self._days and stretches:
            self._days[asking, pool.id] = self._days_that_count(asking, workload, pool, stretches[0][0])
        return [self._segment(asking, workload, pool, day, end) for day, end in stretches]

    def _segment(self, asking: Asking, workload: Workload, pool: Pool, start: date, end: date) -> Segment:
        days = self._days[asking, pool.id]
        key = (asking, pool.id, bisect_right(days, start))
        found = self._alike.get(key)
        if found is None:
            found = self._alike[key] = self._placement_alike(asking, workload, pool, start)
        return Segment(start, end, found, partial(self.judge.placement, workload, pool, start))

    def _placement_alike(self, asking: Asking, workload: Workload, pool: Pool, start: date) -> Determination:
        """The answer for a start, each leg decided once for all days between which nothing changes for it."""
        legs = self._legs_of(asking, workload, pool, start)
        decided = [self._leg(leg, start) for leg in legs]
        key = (asking, pool.id, *map(id, decided))
        found = self._joined.get(key)
        if found is None:
            answered = [opened(one, leg.unstated) for one, leg in zip(decided, legs, strict=True)]
            found = self._joined[key] = self.judge.join(self.judge.placing(workload, pool), answered)
        return found

    def _legs_of(self, asking: Asking, workload: Workload, pool: Pool, start: date) -> tuple[Leg, ...]:
        """The legs of a placement: what is asked is the same until what is known of a party or on record changes."""
        stretch = bisect_right(self._days_of_parties_and_records, start)
        found = self._legs.get((asking, pool.id, stretch))
        if found is None:
            acts = placement_acts(self.judge.placing(workload, pool), start)
            moving = self._moving(asking, workload, pool, acts)
            legs = (self._made_leg(act, pool, stretch, moves) for act, moves in zip(acts, moving, strict=True))
            found = self._legs[asking, pool.id, stretch] = tuple(legs)
        return found

    def _moving(self, asking: Asking, workload: Workload, pool: Pool, acts: Sequence[Act]) -> tuple[bool, ...]:
        """Which acts of a placement are done on the day of the start, whichever it is."""
        found = self._moves.get((asking, pool.id))
        if found is None:
            later = placement_acts(self.judge.placing(workload, pool), max(act.on for act in acts) + timedelta(1))
            pair = zip(acts, later, strict=True)
            found = self._moves[asking, pool.id] = tuple(one.on != other.on for one, other in pair)
        return found

    def _made_leg(self, act: Act, pool: Pool, stretch: int, moves: bool) -> Leg:  # noqa: FBT001 -- by its name
        """The leg of an act; the same for acts of which the same is asked, whichever workload they are of."""
        job, *others = act.things
        key = (
            act.kind,
            act.leg,
            act.asked,
            stretch if moves else act.on,
            tuple(act.parties.items()),
            (job if job in self._named else None, *others),
            tuple((name, fact.value) for name, fact in act.facts.items()),
        )
        found = self._made.get(key)
        if found is None:
            known, record = with_records(self.judge.portfolio, act, self.judge.question)
            number = self._numbers.setdefault(asked_of(known, record), len(self._numbers))
            found = self._made[key] = Leg(known, record, number, moves, tuple(self.judge.unstated(act, pool)))
        return found

    @cached_property
    def _named(self) -> frozenset[str]:
        """What a record of the portfolio names."""
        portfolio = self.judge.portfolio
        about = (one.about for one in portfolio.attestations)
        return frozenset(chain(*about, *(one.covers for one in portfolio.authorisations)))

    def _leg(self, leg: Leg, start: date) -> Determination:
        """What is decided of a leg for a start; of a day that counts alike where nothing changes for its kind of act.

        The day of a supply also decides how long a licence for it may take: there each day counts.
        """
        on = start if leg.moves else leg.act.on
        day = on if leg.act.kind.is_supply else bisect_right(self._days_of_kind(leg.act.kind), on)
        found = self._by_number.get((leg.number, day))
        if found is None:
            act = replace(leg.act, on=on)
            found = decide(self.judge.rulebook, act, self.judge.question, leg.record, self.judge.sources(act))
            self._by_number[leg.number, day] = found
            self.decided += 1
        return found

    def _days_that_count(self, asking: Asking, workload: Workload, pool: Pool, start: date) -> tuple[date, ...]:
        """The days on which the answer for a start in the pool may change, of those on which anything changes.

        An act that is not done on the day of the start is judged on its own day, whatever the start. Where a supply
        is, each day counts (``_leg``).
        """
        legs = self._legs_of(asking, workload, pool, start)
        kinds = {leg.act.kind for leg in legs if leg.moves}
        if any(kind.is_supply for kind in kinds):
            return self.judge.breakpoints
        days = set(self.judge.days_beside_the_rules)
        for kind in kinds:
            days |= set(self._days_of_kind(kind))
        return tuple(sorted(days))

    def _days_of_kind(self, kind: ActKind) -> tuple[date, ...]:
        """The days on which the law for a kind of act changes, or what it is asked about, in order."""
        found = self._kinds.get(kind)
        if found is None:
            window = Window(known_at=self.judge.question.known_at, basis=self.judge.question.basis)
            days = {*days_of_change(self.judge.rulebook, kind, window), *self._days_of_parties_and_records}
            found = self._kinds[kind] = tuple(sorted(days))
        return found

    def _asking(self, workload: Workload) -> Asking:
        found = self._askings.get(workload.id)
        if found is None:
            found = self._askings[workload.id] = asking_of(self.judge.portfolio, workload)
        return found

    @cached_property
    def _days_of_parties_and_records(self) -> tuple[date, ...]:
        """The days on which something else is known of a party than before, or what is on record changes, in order."""
        judge = self.judge
        first, last = judge.question.as_of, judge.portfolio.horizon_until
        known, found = self._known_of_parties(first), set(judge.record_days())
        for day in sorted(judge.days_beside_the_rules):
            if first < day < last:
                before, known = known, self._known_of_parties(day)
                if known != before:
                    found.add(day)
        return tuple(sorted(found))

    def _known_of_parties(self, on: date) -> list[Mapping[str, Fact]]:
        return [self.judge.facts_of(party.id, on) for party in self.judge.portfolio.parties]


def asked_of(known: Act, record: OnRecord) -> tuple[object, ...]:
    """All that is asked of an act with what is on record for it, but for its day."""
    return (
        known.kind,
        known.leg,
        known.asked,
        known.closed,
        tuple(known.parties.items()),
        tuple((name, fact.value) for name, fact in known.facts.items()),
        tuple(record.readings.values()),
        tuple(record.attestations.items()),
        tuple(record.authorisations.values()),
        tuple(record.not_subject.items()),
    )


def opened(leg: Determination, missing: Sequence[Missing]) -> Determination:
    """The leg with things that are not stated: the worst stays possible, since nobody can say what they would bring."""
    known = {(one.kind, one.name) for one in leg.missing}
    added = tuple(one for one in missing if (one.kind, one.name) not in known)
    if not missing:
        return leg
    possible = Outcome.PROHIBITED
    return replace(leg, possible=possible, outcome=settle(leg.certain, possible), missing=(*leg.missing, *added))
