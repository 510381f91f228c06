"""The tables of one program in which an act is looked up, and what is known beforehand of its clauses.

Lines that read the same facts share a table. It says, for the codes of those facts, which bits of the fields of
clauses fail or are in doubt (``lexloci.law.fields``); what all tables say is joined by OR. A table is filled by the
reference evaluator, an entry when it is first met, so that it says what that says.

A line that reads too many facts for a table is split into alternatives (``lexloci.law.wide``), each with a bit of its
own: the line is false where all of them fail.

For the first acts with some roles, the tables are gone through in a loop. Where more follow, the loop is written out
(``lexloci.law.straight``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import prod
from typing import TYPE_CHECKING, Any

from lexloci.law.asked import role_in, silence
from lexloci.law.clauses import Clause, Line, NearMiss
from lexloci.law.coding import Relation
from lexloci.law.expression import Expression
from lexloci.law.fields import Fields, places_in
from lexloci.law.rule import EffectKind
from lexloci.law.straight import Look, written_out
from lexloci.law.tables import Course, Group, Table, grouped
from lexloci.law.verdicts import Codes, Slot, Verdicts
from lexloci.law.weigh import Weights, weights_of
from lexloci.law.wide import alternatives, joined
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

if TYPE_CHECKING:
    from lexloci.law.program import Program

MOST_ENTRIES = 4096
LOOPS = 32
"""Acts with the same roles after which the loop is written out."""
_SEVERITIES = range(Outcome.PROHIBITED.severity + 1)


@dataclass(slots=True)
class Roles:
    """What is looked up for acts with the same roles: the tables, what is said whatever they state, and how often.

    ``courses`` are by the number of days of change up to then, made when one is first asked.
    """

    tables: tuple[Table, ...]
    said: int
    courses: list[Course | None]
    asked: int = 0
    look: Look | None = None


class NearMisses(dict[int, NearMiss]):
    """By which line a clause fails, for the bit of the one line that fails; made when it is first met."""

    def __init__(self, clause: Clause, fields: Fields, verdicts: Verdicts) -> None:
        super().__init__()
        self._clause = clause
        self._fields = fields
        self._verdicts = verdicts

    def __missing__(self, bit: int) -> NearMiss:
        line = next(line for line in self._clause.lines if self._fields.bits_of(line) & bit)
        found = self[bit] = self._verdicts.near_miss(self._clause, line)
        return found


@dataclass(slots=True)
class Known:
    """A clause, its end, the bits of its lines, and what is known of it before an act is.

    ``reads`` are the facts that it reads where it holds; None where that depends on the facts. ``weights`` are how it
    counts on each layer where it holds and nothing is on record, worked out when that is first asked.
    """

    clause: Clause
    end: int
    of_lines: int
    near: NearMisses
    reads: tuple[str, ...] | None
    weights: Weights | None = None

    def weighed(self) -> Weights:
        """Its weights, which are kept."""
        self.weights = weights_of(self.clause.rule, self.clause.standing)
        return self.weights


class Lookups:
    """The tables of a program. Clauses in a mask are their ends (``lexloci.law.fields``).

    ``days`` are those of change, as ordinals. ``above`` are, by severity, the clauses of outcomes that are more severe;
    ``permits`` those of permissions.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.clauses = program.clauses
        self.verdicts = Verdicts(program.rulebook, program.slots)
        self.parts: dict[Expression, Line] = {}
        self.split = self._split()
        self.fields = Fields(program.clauses, {id(line): len(found) for line, found in self.split})
        sizes = [len(slot.representatives) for slot in program.slots]
        self.tables = [Table(group, [sizes[slot] for slot in group.slots], self._said) for group in self._groups()]
        self.days = [day.toordinal() for day in program.days]
        self.roles: dict[frozenset[str], Roles] = {}
        self._at: list[Any] = [None] * (self.fields.size + 1)
        for place, clause in enumerate(program.clauses):
            end = self.fields.ends[place]
            near = NearMisses(clause, self.fields, self.verdicts)
            reads = self.verdicts.always_read(clause)
            self._at[end.bit_length()] = Known(clause, end, self.fields.of_lines[place], near, reads)
        self._bodies: dict[str, int] = {}
        for clause, end in zip(program.clauses, self.fields.ends, strict=True):
            self._bodies[clause.rule.body] = self._bodies.get(clause.rule.body, 0) | end
        self.permits = self._ends(lambda clause: clause.rule.kind is EffectKind.PERMIT)
        self.above = tuple(self._ends(lambda clause: _is_above(clause, place)) for place in _SEVERITIES)  # noqa: B023

    def _ends(self, holds: Callable[[Clause], bool]) -> int:
        return self.fields.mask(place for place, clause in enumerate(self.clauses) if holds(clause))

    def _split(self) -> list[tuple[Line, tuple[tuple[Line, ...], ...]]]:
        """The lines that read too many facts for a table, with the parts of each of their alternatives."""
        found: list[tuple[Line, tuple[tuple[Line, ...], ...]]] = []
        for line, _ in self.program.lines:
            split = None if self._is_narrow(line.expression) else alternatives(line.expression, self._is_narrow)
            if split is not None:
                line.joined = joined(line.expression, self._is_narrow, self._part)
                found.append((line, tuple(tuple(map(self._part, alternative)) for alternative in split)))
        return found

    def _groups(self) -> list[Group]:
        """The groups of the lines that are not split, and of the parts of the alternatives, with their bits."""
        fields = self.fields
        bits: dict[int, int] = {}
        for line, split in self.split:
            for number, alternative in enumerate(split):
                own = fields.bits_of_alternative(line, number, len(split))
                for part in alternative:
                    bits[id(part)] = bits.get(id(part), 0) | own
        narrow = [(line, fields.bits_of(line)) for line, _ in self.program.lines if line.joined is None]
        return grouped([*narrow, *((part, bits[id(part)]) for part in self.parts.values() if id(part) in bits)])

    def _part(self, expression: Expression) -> Line:
        """The line of a narrow part of a line that is split."""
        found = self.parts.get(expression)
        if found is None:
            found = self.parts[expression] = Line(expression, self.program.slots_read(expression))
        return found

    def _is_narrow(self, expression: Expression) -> bool:
        """Whether a table for all codes of its facts is small enough."""
        slots = self.program.slots
        return prod(len(slots[slot].representatives) for slot in self.program.slots_read(expression)) <= MOST_ENTRIES

    def _said(self, group: Group, codes: Mapping[int, int]) -> int:
        said = 0
        for line, bits in group.lines:
            truth = self.verdicts.verdict(line, codes).truth
            if truth is not True:
                said |= bits if truth is False else self.fields.doubted(bits)
        return said

    def bodies(self, names: Iterable[str]) -> int:
        """The clauses of some bodies of law."""
        mask = 0
        for name in names:
            mask |= self._bodies.get(name, 0)
        return mask

    def made_roles(self, roles: frozenset[str]) -> Roles:
        """What is looked up for acts with some roles; kept in ``roles``."""
        fields, slots = self.fields, self.program.slots
        admitted = self.program.mask_of_roles(roles)
        of_clauses = sum(fields.fields[place] for place in places_in(admitted))
        tables = [table for table in self.tables if any(bits & of_clauses for _, bits in table.group.lines)]
        absent = {place for place, slot in enumerate(slots) if _is_of_another(slot, roles)}
        codes = Codes(slots, lambda name: silence(name, roles, is_closed=False).value)
        said, still_open = 0, []
        for table in tables:
            if absent.issuperset(table.group.slots):
                said |= table.look(codes)
            else:
                still_open.append(table)
        made = self.roles[roles] = Roles(tuple(still_open), said, [None] * (len(self.days) + 1))
        return made

    def made_course(self, own: Roles, on: date, roles: frozenset[str]) -> Course:
        """The clauses that a question on a day looks at, for an act with some roles; kept in its ``courses``."""
        epoch, admitted = self.program.epoch_at(on), self.program.mask_of_roles(roles)
        masks = (epoch.standing[Basis.TEXT], epoch.standing[Basis.ENFORCEMENT], epoch.either)
        made = Course(*(self.fields.mask(places_in(mask & admitted)) for mask in masks))
        own.courses[bisect_right(self.days, on.toordinal())] = made
        return made

    def look(self, own: Roles, codes: Codes, roles: frozenset[str]) -> int:
        """What all tables say for the codes of an act; the loop is written out where more acts follow."""
        own.asked += 1
        if own.asked > LOOPS:
            own.look = written_out(self.program.slots, own.tables, own.said, roles)
        said = own.said
        for table in own.tables:
            said |= table.look(codes)
        return said

    def known(self, mask: int) -> list[Known]:
        """The clauses of a mask in order, with what is known of them beforehand."""
        at: list[Known] = self._at
        found: list[Known] = []
        while mask:
            one = at[mask.bit_length()]
            mask ^= one.end
            found.append(one)
        found.reverse()
        return found

    def near_misses(self, mask: int, lines: int) -> list[NearMiss]:
        """By which line each of some clauses fails, in order; of all ``lines`` that fail each has one alone."""
        at: list[Known] = self._at
        found: list[NearMiss] = []
        while mask:
            one = at[mask.bit_length()]
            mask ^= one.end
            found.append(one.near[lines & one.of_lines])
        found.reverse()
        return found


def _is_above(clause: Clause, severity: int) -> bool:
    return clause.rule.kind is EffectKind.OUTCOME and clause.rule.outcome.severity > severity


def _is_of_another(slot: Slot, roles: frozenset[str]) -> bool:
    """Whether the slot is about a role that takes no part, so that its fact is absent."""
    role = "" if isinstance(slot, Relation) else role_in(slot.name)
    return bool(role) and role not in roles
