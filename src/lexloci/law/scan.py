"""Which rules hold, may hold or fail by one line for an act: the same answers as the reference, by table look-ups."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from lexloci.law.asked import Asked, roles_of, silence
from lexloci.law.clauses import Clause, NearMiss
from lexloci.law.evaluate import RuleVerdict, Unknown
from lexloci.law.fields import places_in
from lexloci.law.lookups import Known
from lexloci.law.program import Program, program_of
from lexloci.law.rule import Rulebook
from lexloci.law.tables import Course
from lexloci.law.verdicts import Codes
from lexloci.model.act import Act
from lexloci.model.fact import UNKNOWN, Fact
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

_NO_ROLES: frozenset[str] = frozenset()


@dataclass(slots=True)
class Scan:
    """An act run through a program: the clauses that hold, may hold, fail by one line.

    A clause in a mask is its end (``lexloci.law.fields``). ``certain`` is within ``possible``. ``asked`` are the
    clauses of ``course`` of a body of law that is asked. ``lines`` are the bits of the lines that fail.
    """

    program: Program
    act: Act
    roles: frozenset[str]
    course: Course
    lines: int
    asked: int
    certain: int
    possible: int
    fail_by_one: int
    _codes: Codes | None = None

    @property
    def codes(self) -> Codes:
        """The codes of the facts of the act."""
        if self._codes is None:
            self._codes = codes_of(self.program, self.act, self.roles)
        return self._codes

    def clauses(self, mask: int) -> list[Clause]:
        """The clauses of a mask, in the order of the rulebook."""
        clauses = self.program.clauses
        return [clauses[place] for place in self.program.lookups.fields.places(mask)]

    def fact(self, name: str) -> Fact:
        """A fact of the act, as the reference looks it up."""
        return self.act.facts.get(name) or silence(name, self.roles, is_closed=self.act.closed)


def codes_of(program: Program, act: Act, roles: frozenset[str]) -> Codes:
    """The codes of the facts of an act in which some roles take part."""
    get, is_closed = act.facts.get, act.closed
    return Codes(program.slots, lambda name: (get(name) or silence(name, roles, is_closed=is_closed)).value)


def scan(program: Program, act: Act, bodies: Iterable[str] | None = None) -> Scan:
    """Runs an act through the tables of a program."""
    lookups = program.lookups
    roles = roles_of(act) if program.asks_roles else _NO_ROLES
    own = lookups.roles.get(roles) or lookups.made_roles(roles)
    course = own.courses[bisect_right(lookups.days, act.on.toordinal())] or lookups.made_course(own, act.on, roles)
    if own.look is None:
        said = lookups.look(own, codes_of(program, act, roles), roles)
    else:
        said = own.look(act.facts.get, act.closed)
    asked = course.either if bodies is None else course.either & lookups.bodies(bodies)
    lines, certain, possible, fail_by_one = lookups.fields.judged(said, asked)
    return Scan(program, act, roles, course, lines, asked, certain, possible, fail_by_one)


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
    certain = found.certain
    asked: list[Asked] = []
    for known in found.program.lookups.known(found.possible):
        clause = known.clause
        verdict = _held(found, known) if certain & known.end else _verdict(found, clause)
        one = Asked(clause.rule, verdict, clause.role, clause.standing, known.weights or known.weighed())
        if clause.role and asked and asked[-1].rule is clause.rule:
            # The clauses of a rule follow each other: one for which it is true stands for all its roles.
            if asked[-1].verdict.truth is True:
                continue
            while one.verdict.truth is True and asked and asked[-1].rule is clause.rule:
                asked.pop()
        asked.append(one)
    return _with_ruled_out(asked, found, vouched) if vouched else asked


def _held(found: Scan, known: Known) -> RuleVerdict:
    """The verdict of a clause that holds."""
    facts, names = found.act.facts, known.reads
    if names is None:
        noted: dict[str, None] = {}
        for line in known.clause.lines:
            found.program.lookups.verdicts.note_read(line, found.codes, noted)
        names = tuple(noted)
    read: dict[str, Fact] = {}
    for name in names:
        read[name] = facts.get(name) or found.fact(name)
    return RuleVerdict(True, (), read)


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
    codes, get, verdict_of = found.codes, found.act.facts.get, found.program.lookups.verdicts.verdict
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
    program, verdict_of = found.program, found.program.lookups.verdicts.verdict
    bare = Codes(program.slots, lambda name: UNKNOWN if name in vouched else found.fact(name).value)
    leant_on = {place for name in vouched for place in program.slots_reading.get(name, ())}
    touched = {place for place in leant_on if bare[place] != found.codes[place]}
    leaning = 0
    for line, clauses in program.lines:
        if not touched.isdisjoint(line.slots) and verdict_of(line, found.codes).truth is False:
            leaning |= clauses
    fails, ends = found.asked & ~found.possible, program.lookups.fields.ends
    for clause in (program.clauses[place] for place in places_in(leaning) if fails & ends[place]):
        names = _leaning_names(program, clause, found.codes, bare)
        if names:
            yield clause, {name: found.fact(name) for name in names if name in vouched}


def _leaning_names(program: Program, clause: Clause, codes: Codes, bare: Codes) -> list[str]:
    names: list[str] = []
    verdict_of = program.lookups.verdicts.verdict
    for line in clause.lines:
        verdict = verdict_of(line, codes)
        if verdict.truth is False:
            if verdict_of(line, bare).truth is False:
                return []
            names += verdict.read
    return names


def near_misses(found: Scan, layer: Basis, certain: Outcome, silent: Iterable[str]) -> tuple[NearMiss, ...]:
    """The rules that stand on a layer, fail by one line, and would change an answer if they held.

    They would make it more severe than is certain, or are a permission of a body of law that is
    ``silent``. A rule that may hold for one role is no near miss for another.
    """
    lookups = found.program.lookups
    changing = lookups.above[certain.severity]
    if silent:
        changing |= lookups.permits & lookups.bodies(silent)
    mask = found.fail_by_one & changing & found.course.standing(layer)
    if not mask:
        return ()
    near = lookups.near_misses(mask, found.lines)
    if found.program.asks_roles:
        met = {clause.rule.id for clause in found.clauses(found.possible)}
        near = [one for one in near if one.rule.id not in met]
    return tuple(near)
