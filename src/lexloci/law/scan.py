"""Which rules hold, may hold or fail by one line for an act: the same answers as the reference, by table look-ups."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from lexloci.law.asked import Asked, roles_of, silence
from lexloci.law.clauses import Clause, NearMiss
from lexloci.law.coding import UNKNOWN_CODE, Relation
from lexloci.law.evaluate import RuleVerdict, Unknown
from lexloci.law.program import Program, program_of
from lexloci.law.rule import Rulebook
from lexloci.law.tables import Course, Entry, Epoch, Wide
from lexloci.model.act import Act
from lexloci.model.fact import UNKNOWN, Fact, Value
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

_NO_ROLES: frozenset[str] = frozenset()


@dataclass(slots=True)
class Scan:
    """An act run through a program: the codes of its facts, and the clauses that hold, may hold, fail by one line.

    ``certain`` is within ``possible``; a bit is the place of a clause. ``asked`` are the clauses that
    are in their days, for a role that takes part, of a body of law that is asked. ``said`` is what
    the groups said, ``split`` are the lines of many facts that are false.
    """

    program: Program
    act: Act
    epoch: Epoch
    roles: frozenset[str]
    codes: Sequence[int]
    said: Sequence[Entry]
    split: Sequence[Wide]
    asked: int
    certain: int
    possible: int
    fail_by_one: int

    def clauses(self, mask: int) -> list[Clause]:
        """The clauses of a mask, in the order of the rulebook."""
        clauses = self.program.clauses
        return [clauses[place] for place in places_in(mask)]

    def fact(self, name: str) -> Fact:
        """A fact of the act, as the reference looks it up."""
        return self.act.facts.get(name) or silence(name, self.roles, is_closed=self.act.closed)


def places_in(mask: int) -> Iterator[int]:
    """The places of the bits of a mask, from the lowest."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def scan(program: Program, act: Act, bodies: Iterable[str] | None = None) -> Scan:
    """Runs an act through the tables of a program."""
    roles = roles_of(act) if program.asks_roles else _NO_ROLES
    epoch = program.epoch_at(act.on)
    course = program.course(epoch, roles)
    codes = list(course.silent[act.closed])
    said = _said_by_attributes(program, course, act, codes)
    if course.relations or course.several:
        said += _said_by_others(program, course, act, roles, codes)
    failed = failed_again = in_doubt = 0
    for entry in said:
        clauses = entry.failed
        if clauses:
            failed_again |= failed & clauses | entry.failed_again
            failed |= clauses
        in_doubt |= entry.in_doubt
    split: list[Wide] = []
    for wide in course.wide:
        left = wide.alternatives & ~failed
        if not left:
            split.append(wide)
            failed_again |= failed & wide.clauses
            failed |= wide.clauses
        elif not left & ~in_doubt:
            in_doubt |= wide.clauses
    asked = course.clauses if bodies is None else course.clauses & program.mask_of_bodies(bodies)
    possible = asked & ~failed
    just_failed = asked & failed & ~failed_again
    return Scan(program, act, epoch, roles, codes, said, split, asked, possible & ~in_doubt, possible, just_failed)


def _said_by_attributes(program: Program, course: Course, act: Act, codes: list[int]) -> list[Entry]:
    """What the groups of one fact say; ``codes`` gets the code of each fact that a clause in its days reads.

    Attribute.code, written out for each kind of fact: these are the innermost loops.
    """
    get = act.facts.get
    said: list[Entry] = []
    value: Any
    for place, name, known, other, by_code, attribute in course.texts:
        fact = get(name)
        if fact is not None:
            value = fact.value
            codes[place] = known.get(value, other) if value.__class__ is str else attribute.code(value)
        if by_code is not None:
            said.append(by_code[codes[place]] or program.look_alone(place, codes))
    for place, name, both, by_code, attribute in course.flags:
        fact = get(name)
        if fact is not None:
            value = fact.value
            codes[place] = both[value] if value.__class__ is bool else attribute.code(value)
        if by_code is not None:
            said.append(by_code[codes[place]] or program.look_alone(place, codes))
    for place, name, cuts, first, by_code, attribute in course.numbers:
        fact = get(name)
        if fact is not None:
            value = fact.value
            if value.__class__ is float and value == value:  # noqa: PLR0124 -- a number, and not one that is none
                codes[place] = first + bisect_left(cuts, value) + bisect_right(cuts, value)
            else:
                codes[place] = attribute.code(value)
        if by_code is not None:
            said.append(by_code[codes[place]] or program.look_alone(place, codes))
    return said


def _said_by_others(
    program: Program, course: Course, act: Act, roles: frozenset[str], codes: list[int]
) -> Iterator[Entry]:
    """What the groups of several facts say, and of facts that are compared with each other."""
    for place, relation, group in course.relations:
        codes[place] = relation.code(_value(act, relation.left, roles), _value(act, relation.right, roles))
        if group is not None:
            yield program.look_alone(place, codes)
    for group in course.several:
        yield program.look(group, codes)


def _value(act: Act, name: str, roles: frozenset[str]) -> Value:
    fact = act.facts.get(name)
    return silence(name, roles, is_closed=act.closed).value if fact is None else fact.value


def ask_all(
    rulebook: Rulebook,
    act: Act,
    known_at: date,
    bodies: Iterable[str] | None,
    vouched: frozenset[str] = frozenset(),
) -> list[Asked]:
    """What ``lexloci.law.reference.ask_all`` gives."""
    return asked_of(scan(program_of(rulebook, act.kind, known_at), act, bodies), vouched)


def asked_of(found: Scan, vouched: frozenset[str] = frozenset()) -> list[Asked]:
    """The rules that hold or may hold, and those that only what is ``vouched`` for rules out."""
    asked: list[Asked] = []
    for clause in found.clauses(found.possible):
        one = Asked(clause.rule, _verdict(found, clause), clause.role, clause.standing)
        if clause.role and asked and asked[-1].rule is clause.rule:
            # The clauses of a rule follow each other: one for which it is true stands for all its roles.
            if asked[-1].verdict.truth is True:
                continue
            while one.verdict.truth is True and asked and asked[-1].rule is clause.rule:
                asked.pop()
        asked.append(one)
    return _with_ruled_out(asked, found, vouched) if vouched else asked


def _with_ruled_out(asked: list[Asked], found: Scan, vouched: frozenset[str]) -> list[Asked]:
    met = {one.rule.id for one in asked}
    order = found.program.order
    ruled_out = [
        Asked(clause.rule, RuleVerdict(False, (), leaning), clause.role, clause.standing)
        for clause, leaning in _ruled_out(found, vouched)
        if clause.rule.id not in met
    ]
    return sorted([*asked, *ruled_out], key=lambda one: order[one.rule.id])


def _verdict(found: Scan, clause: Clause) -> RuleVerdict:
    codes, get, verdict_of = found.codes, found.act.facts.get, found.program.verdict
    read: dict[str, Fact] = {}
    open_lines: list[Unknown] = []
    for line in clause.lines:
        verdict = verdict_of(line, codes)
        for name in verdict.read:
            if name not in read:
                read[name] = get(name) or found.fact(name)
        if verdict.truth is None:
            open_lines.append(verdict.unknown)
    return RuleVerdict(None if open_lines else True, tuple(open_lines), read)


def _ruled_out(found: Scan, vouched: frozenset[str]) -> Iterator[tuple[Clause, dict[str, Fact]]]:
    """The false clauses of which every false line leans on what is vouched for, with those facts."""
    program = found.program
    bare = list(found.codes)
    for place in {place for name in vouched for place in program.slots_reading.get(name, ())}:
        slot = program.slots[place]
        if isinstance(slot, Relation):
            left, right = (UNKNOWN if name in vouched else found.fact(name).value for name in (slot.left, slot.right))
            bare[place] = slot.code(left, right)
        else:
            bare[place] = UNKNOWN_CODE
    touched = {place for place, code in enumerate(bare) if code != found.codes[place]}
    leaning = 0
    for line, clauses in program.lines:
        if not touched.isdisjoint(line.slots) and program.verdict(line, found.codes).truth is False:
            leaning |= clauses
    for clause in found.clauses(leaning & found.asked & ~found.possible):
        names = _leaning_names(program, clause, found.codes, bare)
        if names:
            yield clause, {name: found.fact(name) for name in names if name in vouched}


def _leaning_names(program: Program, clause: Clause, codes: Sequence[int], bare: Sequence[int]) -> list[str]:
    names: list[str] = []
    for line in clause.lines:
        verdict = program.verdict(line, codes)
        if verdict.truth is False:
            if program.verdict(line, bare).truth is False:
                return []
            names += verdict.read
    return names


_place = itemgetter(0)


def near_misses(found: Scan, layer: Basis, certain: Outcome, silent: Iterable[str]) -> tuple[NearMiss, ...]:
    """The rules that stand on a layer, fail by one line, and would change an answer if they held.

    They would make it more severe than is certain, or are a permission of a body of law that is
    ``silent``. A rule that may hold for one role is no near miss for another.
    """
    program = found.program
    changing = program.above[certain.severity] | program.permits & program.mask_of_bodies(silent)
    mask = found.fail_by_one & changing & found.epoch.standing[layer]
    near: list[tuple[int, NearMiss]] = []
    for entry in found.said if mask else ():
        hit = entry.failed & mask
        while hit:
            place = hit.bit_length() - 1
            hit ^= 1 << place
            near.append((place, entry.near.get(place) or program.near_miss(entry, place, found.codes)))
    for wide in found.split if mask else ():
        near += [(place, program.near_miss(wide, place, found.codes)) for place in places_in(wide.clauses & mask)]
    near.sort(key=_place)
    if not near or not program.asks_roles:
        return tuple([one for _, one in near])
    met = {clause.rule.id for clause in found.clauses(found.possible)}
    return tuple([one for _, one in near if one.rule.id not in met])
