"""What does the law answer for every chip, at every site, for every headquarters, on every day of some years?

The question is that of ``atlas_question``; its combinations are decided as a cross product
(``lexloci.law.cross``), not one by one. Chips, countries and headquarters that have the same answers everywhere
and always are one group, and days between two breakpoints one interval; the groups are found from the
answers, not from any list. Each answer is that of ``lexloci.law.decide`` for the act of the combination.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from lexloci.law.calendar_days import Window, days_of_change
from lexloci.law.columns.tally import OUTCOMES
from lexloci.law.cross import CrossAnswer, decide_cross
from lexloci.law.rule import Rulebook
from lexloci.model.chip import Chip
from lexloci.model.errors import LexlociError
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis
from lexloci.rulebook.atlas_question import (
    ASKED,
    KINDS,
    buyer_columns,
    chip_columns,
    kind_of,
    site_columns,
)

FIRST, UNTIL = date(2022, 8, 1), date(2027, 1, 1)
Cube = NDArray[np.uint8]
Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """The days ``[since, until)`` with one answer."""

    since: date
    until: date
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Box:
    """Chips, sites and headquarters, all with all, that have the same answers at all times."""

    chips: Group
    sites: Group
    headquarters: Group
    intervals: tuple[Interval, ...]


@dataclass(frozen=True, eq=False)
class Atlas:
    """The answers: ``cube`` holds the place in ``OUTCOMES`` by group of chips, of sites, of headquarters, and day.

    ``days`` are the first day and the breakpoints after it; the last one counts to the day before ``until``.
    """

    rulebook: str
    basis: Basis
    known_at: date
    days: tuple[date, ...]
    until: date
    chips: tuple[Group, ...]
    sites: tuple[Group, ...]
    headquarters: tuple[Group, ...]
    cube: Cube

    @property
    def combinations(self) -> int:
        """How many combinations of a chip, a site, a headquarters and a breakpoint were decided."""
        sizes = [sum(map(len, groups)) for groups in (self.chips, self.sites, self.headquarters)]
        return int(np.prod(sizes)) * len(self.days)

    def counts(self) -> dict[Outcome, int]:
        """How many of them have each outcome."""
        sizes = [np.array([len(one) for one in groups]) for groups in (self.chips, self.sites, self.headquarters)]
        weights = np.einsum("i,j,k->ijk", *sizes).astype(np.int64)
        return {
            outcome: int(((self.cube == place) * weights[..., None]).sum()) for place, outcome in enumerate(OUTCOMES)
        }

    def timeline(self, chip: str, site: str, headquarters: str) -> tuple[Interval, ...]:
        """The answers for one chip at one site for one headquarters; LexlociError for a name that is not in it."""
        wanted = (chip, site, headquarters)
        places = [_place(known, name) for known, name in zip(self._places, wanted, strict=True)]
        return self._intervals(self.cube[tuple(places)].tobytes())

    def outcome(self, chip: str, site: str, headquarters: str, on: date) -> Outcome:
        """The answer on one day; LexlociError where the atlas does not reach it."""
        for interval in self.timeline(chip, site, headquarters):
            if interval.since <= on < interval.until:
                return interval.outcome
        raise LexlociError(f"atlas: {on} is not one of its days; ask for one from {self.days[0]} until {self.until}")

    def boxes(self) -> Iterator[Box]:
        """Every combination once, in few boxes: by chips, then sites, then headquarters."""
        found: dict[tuple[tuple[int, ...], bytes], dict[int, list[int]]] = {}
        for site, headquarters in np.ndindex(self.cube.shape[1:3]):
            alike: dict[bytes, list[int]] = {}
            for chip in range(len(self.chips)):
                alike.setdefault(self.cube[chip, site, headquarters].tobytes(), []).append(chip)
            for answers, chips in alike.items():
                found.setdefault((tuple(chips), answers), {}).setdefault(site, []).append(headquarters)
        for (alike_chips, answers), by_site in sorted(found.items()):
            rows: dict[tuple[int, ...], list[int]] = {}
            for site, seats in by_site.items():
                rows.setdefault(tuple(seats), []).append(site)
            for seats_alike, sites in rows.items():
                yield Box(
                    _members(self.chips, alike_chips),
                    _members(self.sites, sites),
                    _members(self.headquarters, seats_alike),
                    self._intervals(answers),
                )

    def _intervals(self, answers: bytes) -> tuple[Interval, ...]:
        ends = [*self.days[1:], self.until]
        return tuple(
            Interval(self.days[some[0]], ends[some[-1]], OUTCOMES[place])
            for place, some in ((place, list(part)) for place, part in groupby(range(len(ends)), answers.__getitem__))
        )

    @cached_property
    def _places(self) -> tuple[Mapping[str, int], ...]:
        axes = (self.chips, self.sites, self.headquarters)
        return tuple({name: place for place, group in enumerate(groups) for name in group} for groups in axes)


def draw_atlas(
    rulebook: Rulebook, chips: Sequence[Chip], countries: Sequence[str], basis: Basis, known_at: date
) -> Atlas:
    """The answers for all chips and all countries, as the law is known on one day (``known_at``)."""
    window = Window(FIRST, UNTIL, known_at, basis)
    days = tuple(sorted({FIRST, *(day for kind in KINDS for day in days_of_change(rulebook, kind, window))}))
    sites: list[Group] = []
    cubes: list[Cube] = []
    for kind in KINDS:
        there = [code for code in countries if kind_of(code) is kind]
        if not there:
            continue
        answer = decide_cross(
            rulebook,
            kind,
            {"chip": chip_columns(chips), "site": site_columns(there), "buyer": buyer_columns(countries, kind)},
            on=days,
            known_at=known_at,
            basis=basis,
            asked=ASKED,
        )
        for group, cube in _by_site_class(answer, there):
            sites.append(group)
            cubes.append(cube)
    full = np.stack(cubes, axis=1)
    return _grouped(
        Atlas(
            rulebook.version,
            basis,
            known_at,
            days,
            UNTIL,
            tuple((chip.id,) for chip in chips),
            tuple(sites),
            tuple((code,) for code in countries),
            full,
        )
    )


def _by_site_class(answer: CrossAnswer, countries: Sequence[str]) -> Iterator[tuple[Group, Cube]]:
    """The sites that no line tells apart, with the answers by chip, headquarters and day for one of them."""
    classes = answer.classes[1].tolist()
    for number in dict.fromkeys(classes):
        everything = slice(None)
        cube = answer.outcomes(everything, classes.index(number), everything, everything)
        members = tuple(code for code, other in zip(countries, classes, strict=True) if other == number)
        yield members, np.asarray(cube, np.uint8)


def _grouped(atlas: Atlas) -> Atlas:
    """The same answers with all that is alike along an axis in one group."""
    groups, cube = [atlas.chips, atlas.sites, atlas.headquarters], atlas.cube
    for axis, known in enumerate(groups):
        alike: dict[bytes, list[int]] = {}
        for place in range(cube.shape[axis]):
            alike.setdefault(cube.take(place, axis).tobytes(), []).append(place)
        groups[axis] = tuple(_members(known, places) for places in alike.values())
        cube = cube.take([places[0] for places in alike.values()], axis)
    return Atlas(
        atlas.rulebook, atlas.basis, atlas.known_at, atlas.days, atlas.until, groups[0], groups[1], groups[2], cube
    )


def _members(groups: Sequence[Group], places: Sequence[int]) -> Group:
    return tuple(name for place in places for name in groups[place])


def _place(known: Mapping[str, int], name: str) -> int:
    if name not in known:
        raise LexlociError(f"atlas: there is no {name!r} in it; name a chip of the catalogue or an ISO 3166 code")
    return known[name]
