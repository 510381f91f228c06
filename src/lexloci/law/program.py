"""The rules for one kind of act, compiled: which of them hold, may hold, or fail by one line, by table look-ups.

A *clause* is a rule, for one role, in one stretch of days in which its conditions and its standing
stay the same. Each clause is one bit. Each line of conditions is true, false or unknown by the codes
of the facts that it reads (``lexloci.law.coding``); lines that read the same facts form a *group*,
whose table says, for the codes of those facts, which clauses stay certain, which stay possible, and
which fail by exactly one line. A decision is an AND over the groups. Any number of clauses fits.

A line that reads too many facts for a table is split into alternatives (``lexloci.law.wide``), each a
bit of its own above those of the clauses: the line is false where all of them fail.

The tables are filled by the reference evaluator, an entry when it is first met, so that they say what
it says. ``tests/law/test_law_program.py`` holds both to the same answers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from math import prod

from lexloci.law.asked import role_in, silence
from lexloci.law.clauses import (
    Clause,
    Line,
    LineVerdict,
    NearMiss,
    drafts,
    name_in_line,
    slots_of,
    without_relations,
)
from lexloci.law.coding import ABSENT_CODE, UNKNOWN_CODE, Attribute, Relation, atoms
from lexloci.law.evaluate import Situation, evaluate
from lexloci.law.expression import Expression
from lexloci.law.rule import EffectKind, Rule, Rulebook
from lexloci.law.tables import Course, Entry, Epoch, FlagRead, Group, NumberRead, Read, TextRead, Wide, read_of
from lexloci.law.wide import alternatives, joined, verdict_of
from lexloci.model.act import ActKind
from lexloci.model.determination import SourceAge
from lexloci.model.fact import UNKNOWN, Fact
from lexloci.model.portfolio import Basis

_COMPILED = "programs"
MOST_ENTRIES = 4096


class Program:
    """The compiled rules of a rulebook for one kind of act, as known by a day (see the module)."""

    def __init__(self, rulebook: Rulebook, kind: ActKind, known_at: date) -> None:
        self.rulebook = rulebook
        self.kind = kind
        self.known_at = known_at
        self._lines: dict[Expression, Line] = {}
        self._parts: dict[Expression, Line] = {}
        self.slots: list[Attribute | Relation] = []
        self.clauses = tuple(self._clauses(rulebook.rules_by_act.get(kind, ())))
        self.lines = self._clauses_of_lines()
        self.groups = self._groups(self.lines)
        self.wide, self._scanned = self._split()
        self._alone = {group.slots[0]: group for group in self._scanned if len(group.slots) == 1}
        self.days = self._days_of_change()
        self._epochs: dict[date, Epoch] = {}
        self._role_masks = self._masks(clause.role for clause in self.clauses)
        self._body_masks = self._masks(clause.rule.body for clause in self.clauses)
        self._reads: dict[tuple[int, bool], Read] = {}
        self._courses: dict[tuple[date, frozenset[str]], Course] = {}
        self.permits = self._mask_of(lambda clause: clause.rule.kind is EffectKind.PERMIT)
        self.above = tuple(self._mask_of(lambda clause: _is_above(clause.rule, place)) for place in range(6))  # noqa: B023
        self.readings = tuple(name for name in self.names if name.startswith("reading."))
        self.asks_roles = any(map(role_in, self.names)) or self.mask_of_roles(()) != (1 << len(self.clauses)) - 1
        self.order = {clause.rule.id: place for place, clause in enumerate(self.clauses)}

    def _clauses(self, rules: Iterable[Rule]) -> Iterator[Clause]:
        found = [draft for rule in rules for draft in drafts(rule, self.rulebook, self.known_at)]
        self.slots = slots_of([line for draft in found for line in draft.lines])
        self._places = {name_in_line(slot): place for place, slot in enumerate(self.slots)}
        for draft in found:
            lines = tuple(self._line(line) for line in draft.lines)
            yield Clause(draft.rule, draft.role, draft.since, draft.until, draft.standing, lines, draft.texts)

    def _line(self, expression: Expression) -> Line:
        found = self._lines.get(expression)
        if found is None:
            plain = without_relations(expression)
            found = self._lines[expression] = Line(plain, self._slots_read(plain))
        return found

    def _clauses_of_lines(self) -> list[tuple[Line, int]]:
        clauses_of = dict.fromkeys(self._lines, 0)
        expression_of = {id(line): expression for expression, line in self._lines.items()}
        for place, clause in enumerate(self.clauses):
            for line in clause.lines:
                clauses_of[expression_of[id(line)]] |= 1 << place
        return [(self._lines[expression], clauses) for expression, clauses in clauses_of.items()]

    def _groups(self, lines: Iterable[tuple[Line, int]]) -> list[Group]:
        groups: dict[frozenset[int], Group] = {}
        for line, clauses in lines:
            group = groups.get(frozenset(line.slots))
            if group is None:
                codes = len(self.slots[line.slots[0]].representatives) if len(line.slots) == 1 else 0
                group = groups[frozenset(line.slots)] = Group(tuple(sorted(line.slots)), [], [None] * codes)
            group.lines.append((line, clauses))
        return list(groups.values())

    def _split(self) -> tuple[tuple[Wide, ...], list[Group]]:
        """The lines that are split, and the groups of what is left and of the parts of the alternatives."""
        wide: list[Wide] = []
        narrow: list[tuple[Line, int]] = []
        parts: dict[int, int] = {}
        place = len(self.clauses)
        for line, clauses in self.lines:
            found = None if self._is_narrow(line.expression) else alternatives(line.expression, self._is_narrow)
            if found is None:
                narrow.append((line, clauses))
                continue
            for number, alternative in enumerate(found):
                for part in map(self._part, alternative):
                    parts[id(part)] = parts.get(id(part), 0) | 1 << place + number
            wide.append(Wide(line, (1 << len(found)) - 1 << place, clauses))
            line.joined = joined(line.expression, self._is_narrow, self._part)
            place += len(found)
        made = [(part, parts[id(part)]) for part in self._parts.values() if id(part) in parts]
        return tuple(wide), self._groups([*narrow, *made])

    def _part(self, expression: Expression) -> Line:
        """The line of a narrow part of a line that is split."""
        found = self._parts.get(expression)
        if found is None:
            found = self._parts[expression] = Line(expression, self._slots_read(expression))
        return found

    def _is_narrow(self, expression: Expression) -> bool:
        """Whether a table for all codes of its facts is small enough."""
        return prod(len(self.slots[slot].representatives) for slot in self._slots_read(expression)) <= MOST_ENTRIES

    def _slots_read(self, expression: Expression) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self._places[atom.fact] for atom in atoms(expression)))

    def _days_of_change(self) -> tuple[date, ...]:
        ends = {clause.until for clause in self.clauses if clause.until is not None}
        return (date.min, *sorted(ends | {clause.since for clause in self.clauses}))

    @property
    def epochs(self) -> tuple[Epoch, ...]:
        """All stretches of days between two days of change."""
        return tuple(map(self.epoch_at, self.days))

    def _mask_of(self, holds: Callable[[Clause], bool]) -> int:
        return sum(1 << place for place, clause in enumerate(self.clauses) if holds(clause))

    def _masks(self, keys: Iterable[str]) -> dict[str, int]:
        masks: dict[str, int] = {}
        for place, key in enumerate(keys):
            masks[key] = masks.get(key, 0) | 1 << place
        return masks

    def epoch_at(self, on: date) -> Epoch:
        """The stretch of days in which a day lies."""
        since = self.days[bisect_right(self.days, on) - 1]
        return self._epochs.get(since) or self._epoch(since)

    def _epoch(self, day: date) -> Epoch:
        alive = self._mask_of(lambda clause: clause.since <= day and (clause.until is None or day < clause.until))
        standing = {layer: alive & self._mask_of(lambda clause: clause.stands(layer)) for layer in Basis}  # noqa: B023
        found = Epoch(day, alive, standing, standing[Basis.TEXT] | standing[Basis.ENFORCEMENT])
        self._epochs[day] = found
        return found

    def mask_of_bodies(self, bodies: Iterable[str]) -> int:
        """The clauses of some bodies of law."""
        mask = 0
        for body in bodies:
            mask |= self._body_masks.get(body, 0)
        return mask

    def mask_of_roles(self, roles: Iterable[str]) -> int:
        """The clauses that ask no role, or one of these."""
        mask = self._role_masks.get("", 0)
        for role in roles:
            mask |= self._role_masks.get(role, 0)
        return mask

    def course(self, epoch: Epoch, roles: frozenset[str]) -> Course:
        """What a question on a day of the epoch has to look at, for an act with these roles."""
        found = self._courses.get((epoch.since, roles))
        if found is None:
            clauses = epoch.either & self.mask_of_roles(roles)
            wide = tuple(one for one in self.wide if one.clauses & clauses)
            looked_at = clauses | sum(one.alternatives for one in wide)
            groups = [group for group in self._scanned if any(mask & looked_at for _, mask in group.lines)]
            alone = {group.slots[0]: group for group in groups if len(group.slots) == 1}
            slots = [(place, self.slots[place]) for place in sorted({slot for group in groups for slot in group.slots})]
            reads = [self._read(at, slot, alone.get(at)) for at, slot in slots if isinstance(slot, Attribute)]
            found = self._courses[epoch.since, roles] = Course(
                clauses,
                tuple(read for read in reads if isinstance(read, TextRead)),
                tuple(read for read in reads if isinstance(read, FlagRead)),
                tuple(read for read in reads if isinstance(read, NumberRead)),
                tuple((place, slot, alone.get(place)) for place, slot in slots if isinstance(slot, Relation)),
                tuple(group for group in groups if len(group.slots) != 1),
                wide,
                {is_closed: self._silent(roles, is_closed=is_closed) for is_closed in (False, True)},
            )
        return found

    def _read(self, place: int, slot: Attribute, group: Group | None) -> Read:
        """The same one for all courses, so that what is read all day stays near the processor."""
        key = (place, group is None)
        found = self._reads.get(key)
        if found is None:
            found = self._reads[key] = read_of(place, slot, group)
        return found

    def _silent(self, roles: frozenset[str], *, is_closed: bool) -> tuple[int, ...]:
        codes = []
        for slot in self.slots:
            is_unknown = isinstance(slot, Relation) or silence(slot.name, roles, is_closed=is_closed).value is UNKNOWN
            codes.append(UNKNOWN_CODE if is_unknown else ABSENT_CODE)
        return tuple(codes)

    def verdict(self, line: Line, codes: Sequence[int]) -> LineVerdict:
        """What a line says for the codes of all facts, with the reason."""
        if line.joined is not None:
            return verdict_of(line.joined, lambda part: self.verdict(part, codes))
        slots = line.slots
        key = codes[slots[0]] if len(slots) == 1 else tuple([codes[slot] for slot in slots])
        found = line.verdicts.get(key)
        if found is None:
            found = line.verdicts[key] = self._judge(line, codes)
        return found

    def _judge(self, line: Line, codes: Sequence[int]) -> LineVerdict:
        code_of = {name_in_line(self.slots[slot]): codes[slot] for slot in line.slots}
        slot_of = {name_in_line(self.slots[slot]): self.slots[slot] for slot in line.slots}
        read: dict[str, None] = {}

        def look_up(name: str) -> Fact:
            slot = slot_of[name]
            read.update(dict.fromkeys(slot.facts))
            return Fact(slot.value(code_of[name]))  # type: ignore[arg-type]

        situation = Situation(self.rulebook, look_up, date.min, date.min)
        truth, unknown = evaluate(line.expression, situation)
        named: set[str] = set()
        for name in unknown:
            slot = slot_of.get(name)
            named |= slot.unknown(code_of[name]) if isinstance(slot, Relation) else {name}
        return LineVerdict(truth, frozenset(named), tuple(read))

    def look(self, group: Group, codes: Sequence[int]) -> Entry:
        """What a group says for the codes of all facts."""
        if len(group.slots) == 1:
            return self.look_alone(group.slots[0], codes)
        key = tuple([codes[slot] for slot in group.slots])
        found = group.entries.get(key)
        if found is None:
            found = group.entries[key] = self._entry(group, codes)
        return found

    def look_alone(self, place: int, codes: Sequence[int]) -> Entry:
        """What the group says that reads one fact alone."""
        group, code = self._alone[place], codes[place]
        found = group.by_code[code]
        if found is None:
            found = group.by_code[code] = self._entry(group, codes)
        return found

    def _entry(self, group: Group, codes: Sequence[int]) -> Entry:
        failed = failed_again = in_doubt = 0
        for line, clauses in group.lines:
            truth = self.verdict(line, codes).truth
            if truth is False:
                failed_again |= failed & clauses
                failed |= clauses
            elif truth is None:
                in_doubt |= clauses
        return Entry(failed, failed_again, in_doubt)

    def near_miss(self, said: Entry | Wide, place: int, codes: Sequence[int]) -> NearMiss:
        """The line by which the clause at a place fails, where it is one line alone, and this is what said so."""
        found = said.near.get(place)
        if found is None:
            found = said.near[place] = self._failing(place, codes)
        return found

    def _failing(self, place: int, codes: Sequence[int]) -> NearMiss:
        clause = self.clauses[place]
        for line, text in zip(clause.lines, clause.texts, strict=True):
            if self.verdict(line, codes).truth is False:
                return NearMiss(clause.rule, clause.role, text, self._facts_named(line))
        raise AssertionError(f"no line of {clause.rule.id} fails")

    def _facts_named(self, line: Line) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for place in line.slots for name in self.slots[place].facts))

    @cached_property
    def slots_reading(self) -> Mapping[str, tuple[int, ...]]:
        """The places of the slots that read each fact."""
        found: dict[str, tuple[int, ...]] = {}
        for place, slot in enumerate(self.slots):
            for name in slot.facts:
                found[name] = (*found.get(name, ()), place)
        return found

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every fact that a line reads."""
        return tuple(self.slots_reading)


def _is_above(rule: Rule, severity: int) -> bool:
    return rule.kind is EffectKind.OUTCOME and rule.outcome.severity > severity


class Compiled:
    """What was compiled of one rulebook so far, and the days between which what is known stays the same."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.publications = publications(rulebook)
        self.programs: dict[tuple[ActKind, date], Program] = {}
        self.ages: dict[date, tuple[SourceAge, ...]] = {}


def compiled_of(rulebook: Rulebook) -> Compiled:
    """What was compiled of a rulebook so far."""
    found: Compiled | None = rulebook.kept.get(_COMPILED)
    if found is None:
        found = rulebook.kept[_COMPILED] = Compiled(rulebook)
    return found


def program_of(rulebook: Rulebook, kind: ActKind, known_at: date) -> Program:
    """The compiled rules of a rulebook for a kind of act, as known by a day; compiled once."""
    compiled = compiled_of(rulebook)
    found = compiled.programs.get((kind, known_at))
    if found is None:
        place = bisect_right(compiled.publications, known_at)
        settled = compiled.publications[place - 1] if place else date.min
        found = compiled.programs.get((kind, settled)) or Program(rulebook, kind, settled)
        compiled.programs[kind, known_at] = compiled.programs[kind, settled] = found
    return found


def publications(rulebook: Rulebook) -> tuple[date, ...]:
    """The days on which something in the rulebook was published, in order."""
    days = {turn.published for rule in rulebook.rules for turn in rule.turns}
    for timelines in (rulebook.definitions, rulebook.parameters, rulebook.sets):
        days |= {version.published for timeline in timelines.values() for version in timeline.versions}
    return tuple(sorted(days))
