"""The answers of the law for every start of a workload in a pool, worked out once for all that is alike.

Five things are answered once: workloads that ask the same of a pool (``lexloci.plan.alike``); parts of a placement,
such as its moves of data, for all workloads and pools that are the same in what the part is made from; acts that are
the same in all that the rules for their kind read; the days between which neither the law for a kind of act changes nor
what is known of a party or on record; and placements whose legs are answered the same.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from lexloci.law.asked import roles_of
from lexloci.law.calendar_days import Window, days_of_change
from lexloci.law.decide import decide
from lexloci.law.facts_told import facts_told
from lexloci.law.on_record import OnRecord
from lexloci.model.act import Act, ActKind
from lexloci.model.determination import Determination, Missing
from lexloci.model.fact import Fact
from lexloci.model.outcome import Outcome, settle
from lexloci.model.site import Pool
from lexloci.model.workload import Workload
from lexloci.plan.alike import named_in, pool_asking, workload_asking
from lexloci.plan.records import with_records
from lexloci.rulebook.acts import PARTS

if TYPE_CHECKING:
    from lexloci.plan.judge import Judge


@dataclass(frozen=True)
class Segment:
    """A stretch of days ``[start, end)`` in which the answer for a start does not change.

    ``alike`` is the answer for this workload and start or for others that ask the same (``lexloci.plan.alike``): all of
    it is the same but for the names of the workload and the pool, the day, and the places of the file from which facts
    come. ``tell`` gives the workload's own.
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


PartKey = tuple[int, object, object]
"""A part of a placement's acts (its place in ``PARTS``), and what it asks of the workload and of the pool."""


@dataclass(slots=True)
class Placed:
    """What is kept of a workload, or of all that ask the same, in a pool.

    ``days``: the days on which the answer for a start may change; ``alike``: the answer in each stretch between them.
    """

    parts: tuple[PartKey, ...]
    days: tuple[date, ...] | None = None
    alike: dict[int, Determination] = field(default_factory=dict)
    answered: dict[tuple[date, date], tuple[Segment, ...]] = field(default_factory=dict)


@dataclass
class Segments:
    """The answers of one judge for starts on or after the day of its question, each kept.

    ``decided`` counts the acts that the law was asked about.
    """

    judge: Judge
    decided: int = 0
    _placed: dict[tuple[int, str], Placed] = field(default_factory=dict)
    _joined: dict[tuple[object, ...], Determination] = field(default_factory=dict)
    _days: dict[frozenset[ActKind], tuple[date, ...]] = field(default_factory=dict)
    _legs: dict[tuple[PartKey, int], tuple[Leg, ...]] = field(default_factory=dict)
    _moves: dict[PartKey, tuple[bool, ...]] = field(default_factory=dict)
    _made: dict[tuple[object, ...], Leg] = field(default_factory=dict)
    _numbers: dict[tuple[object, ...], int] = field(default_factory=dict)
    _by_number: dict[tuple[int, object], Determination] = field(default_factory=dict)
    _kinds: dict[ActKind, tuple[date, ...]] = field(default_factory=dict)
    _of_workload: dict[str, tuple[object, ...]] = field(default_factory=dict)
    _of_pool: dict[str, tuple[object, ...]] = field(default_factory=dict)

    def of(self, asking: int, workload: Workload, pool: Pool, first: date, last: date) -> tuple[Segment, ...]:
        """The answers for starts in ``[first, last)``, the same for all workloads of one ``asking``."""
        placed = self._placed.get((asking, pool.id))
        if placed is None:
            placed = self._placed[asking, pool.id] = Placed(self._parts_of(workload, pool))
        found = placed.answered.get((first, last))
        if found is None:
            stretches = self.judge.stretches(first, last)
            found = tuple(Segment(day, end, self._alike(placed, workload, pool, day)) for day, end in stretches)
            placed.answered[first, last] = found
        return found

    def _alike(self, placed: Placed, workload: Workload, pool: Pool, start: date) -> Determination:
        if placed.days is None:
            placed.days = self._days_that_count(placed, workload, pool, start)
        stretch = bisect_right(placed.days, start)
        found = placed.alike.get(stretch)
        if found is None:
            found = placed.alike[stretch] = self._placement_alike(placed, workload, pool, start)
        return found

    def _placement_alike(self, placed: Placed, workload: Workload, pool: Pool, start: date) -> Determination:
        """The answer for a start, each leg decided once for all days between which nothing changes for it."""
        legs = self._legs_of(placed, workload, pool, start)
        decided = [self._leg(leg, start) for leg in legs]
        key = tuple((id(one), id(leg.unstated) if leg.unstated else 0) for one, leg in zip(decided, legs, strict=True))
        found = self._joined.get(key)
        if found is None:
            answered = [opened(one, leg.unstated) for one, leg in zip(decided, legs, strict=True)]
            found = self._joined[key] = self.judge.join(self.judge.placing(workload, pool), answered)
        return found

    def _parts_of(self, workload: Workload, pool: Pool) -> tuple[PartKey, ...]:
        """What each part of the acts of a placement asks."""
        portfolio = self.judge.portfolio
        jobs, pools = self._of_workload.get(workload.id), self._of_pool.get(pool.id)
        if jobs is None:
            of_jobs = (workload_asking(portfolio, workload, part.of_workload, self._named) for part in PARTS)
            jobs = self._of_workload[workload.id] = tuple(of_jobs)
        if pools is None:
            of_pools = (pool_asking(portfolio, pool, part.of_pool, self._named) for part in PARTS)
            pools = self._of_pool[pool.id] = tuple(of_pools)
        return tuple((place, jobs[place], pools[place]) for place in range(len(PARTS)))

    def _legs_of(self, placed: Placed, workload: Workload, pool: Pool, start: date) -> list[Leg]:
        """The legs of a placement: what is asked is the same until what is known of a party or on record changes."""
        stretch = bisect_right(self._days_of_parties_and_records, start)
        found: list[Leg] = []
        for key in placed.parts:
            legs = self._legs.get((key, stretch))
            if legs is None:
                legs = self._legs[key, stretch] = self._made_legs(key, workload, pool, start, stretch)
            found += legs
        return found

    def _made_legs(self, key: PartKey, workload: Workload, pool: Pool, start: date, stretch: int) -> tuple[Leg, ...]:
        placing, part = self.judge.placing(workload, pool), PARTS[key[0]]
        acts = part.acts(placing, start)
        moving = self._moves.get(key)
        if moving is None:  # which of the acts are done on the day of the start, whichever it is
            later = part.acts(placing, max((act.on for act in acts), default=start) + timedelta(1))
            moving = self._moves[key] = tuple(one.on != other.on for one, other in zip(acts, later, strict=True))
        return tuple(self._made_leg(act, pool, stretch, moves) for act, moves in zip(acts, moving, strict=True))

    def _made_leg(self, act: Act, pool: Pool, stretch: int, moves: bool) -> Leg:  # noqa: FBT001 -- by its name
        """The leg of an act; the same for acts of which the same is asked, whichever workload they are of."""
        job, where, *others = act.things
        read = self._read(act.kind)
        key = (
            act.kind,
            act.leg,
            act.asked,
            stretch if moves else act.on,
            tuple(act.parties.items()),
            roles_of(act),
            (job if job in self._named else None, where, *others),
            tuple([(name, fact.value) for name, fact in act.facts.items() if name in read]),
        )
        found = self._made.get(key)
        if found is None:
            known, record = with_records(self.judge.portfolio, act, self.judge.question)
            number = self._numbers.setdefault(asked_of(known, record, read), len(self._numbers))
            found = self._made[key] = Leg(known, record, number, moves, tuple(self.judge.unstated(act, pool)))
        return found

    def _read(self, kind: ActKind) -> frozenset[str]:
        """Every fact that an answer about a kind of act may rest on or tell."""
        return facts_told(self.judge.rulebook, kind, self.judge.question.known_at)

    @cached_property
    def _named(self) -> frozenset[str]:
        return named_in(self.judge.portfolio)

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

    def _days_that_count(self, placed: Placed, workload: Workload, pool: Pool, start: date) -> tuple[date, ...]:
        """The days on which the answer for a start in the pool may change, of those on which anything changes.

        An act that is not done on the day of the start is judged on its own day, whatever the start. Where a supply
        is, each day counts (``_leg``).
        """
        kinds = frozenset(leg.act.kind for leg in self._legs_of(placed, workload, pool, start) if leg.moves)
        if any(kind.is_supply for kind in kinds):
            return self.judge.breakpoints
        found = self._days.get(kinds)
        if found is None:
            days = self.judge.days_beside_the_rules.union(*map(self._days_of_kind, kinds))
            found = self._days[kinds] = tuple(sorted(days))
        return found

    def _days_of_kind(self, kind: ActKind) -> tuple[date, ...]:
        """The days on which the law for a kind of act changes, or what it is asked about, in order."""
        found = self._kinds.get(kind)
        if found is None:
            window = Window(known_at=self.judge.question.known_at, basis=self.judge.question.basis)
            days = {*days_of_change(self.judge.rulebook, kind, window), *self._days_of_parties_and_records}
            found = self._kinds[kind] = tuple(sorted(days))
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


def asked_of(known: Act, record: OnRecord, read: Container[str] | None = None) -> tuple[object, ...]:
    """All that is asked of an act with what is on record for it, but for its day; of its facts those ``read``."""
    return (
        known.kind,
        known.leg,
        known.asked,
        known.closed,
        roles_of(known),
        tuple(known.parties.items()),
        tuple([(name, fact.value) for name, fact in known.facts.items() if read is None or name in read]),
        tuple(record.readings.values()),
        tuple(record.attestations.items()),
        tuple(record.authorisations.values()),
        tuple(record.further.values()),
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
