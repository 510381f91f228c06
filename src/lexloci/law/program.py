"""The rules for one kind of act, compiled: clauses, their lines, and the codes of the facts that these read.

A *clause* is a rule, for one role, in one stretch of days in which its conditions and its standing
stay the same. Each clause is one bit of a mask. Each line of conditions is true, false or unknown by the
codes of the facts that it reads (``lexloci.law.coding``); lines that read the same facts form a *group*.

One act is looked up in the tables of ``lexloci.law.lookups``, many in those of ``lexloci.law.columns``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property

from lexloci.law.asked import role_in
from lexloci.law.clauses import Clause, Line, drafts, name_in_line, slots_of, without_relations
from lexloci.law.coding import Attribute, Relation, atoms
from lexloci.law.expression import Expression
from lexloci.law.lookups import Lookups
from lexloci.law.rule import Rule, Rulebook
from lexloci.law.tables import Epoch, grouped
from lexloci.model.act import ActKind
from lexloci.model.determination import SourceAge
from lexloci.model.portfolio import Basis

_COMPILED = "programs"


class Program:
    """The compiled rules of a rulebook for one kind of act, as known by a day (see the module)."""

    def __init__(self, rulebook: Rulebook, kind: ActKind, known_at: date) -> None:
        self.rulebook = rulebook
        self.kind = kind
        self.known_at = known_at
        self._lines: dict[Expression, Line] = {}
        self.slots: list[Attribute | Relation] = []
        self.clauses = tuple(self._clauses(rulebook.rules_by_act.get(kind, ())))
        self.lines = self._clauses_of_lines()
        self.groups = grouped(self.lines)
        self.days = self._days_of_change()
        self._epochs: dict[date, Epoch] = {}
        self._role_masks = self._masks(clause.role for clause in self.clauses)
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
            found = self._lines[expression] = Line(plain, self.slots_read(plain))
        return found

    def _clauses_of_lines(self) -> list[tuple[Line, int]]:
        clauses_of = dict.fromkeys(self._lines, 0)
        expression_of = {id(line): expression for expression, line in self._lines.items()}
        for place, clause in enumerate(self.clauses):
            for line in clause.lines:
                clauses_of[expression_of[id(line)]] |= 1 << place
        return [(self._lines[expression], clauses) for expression, clauses in clauses_of.items()]

    def slots_read(self, expression: Expression) -> tuple[int, ...]:
        """The places of the slots that a line reads, in the order in which it names them."""
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

    def mask_of_roles(self, roles: Iterable[str]) -> int:
        """The clauses that ask no role, or one of these."""
        mask = self._role_masks.get("", 0)
        for role in roles:
            mask |= self._role_masks.get(role, 0)
        return mask

    @cached_property
    def lookups(self) -> Lookups:
        """The tables in which one act is looked up."""
        return Lookups(self)

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


class Compiled:
    """What was compiled of one rulebook so far, and the days between which what is known stays the same."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.publications = publications(rulebook)
        self.programs: dict[tuple[str, date], Program] = {}
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
    name = kind._name_  # the hash of a member is worked out anew each time, that of its name is not
    found = compiled.programs.get((name, known_at))
    if found is None:
        place = bisect_right(compiled.publications, known_at)
        settled = compiled.publications[place - 1] if place else date.min
        found = compiled.programs.get((name, settled)) or Program(rulebook, kind, settled)
        compiled.programs[name, known_at] = compiled.programs[name, settled] = found
    return found


def publications(rulebook: Rulebook) -> tuple[date, ...]:
    """The days on which something in the rulebook was published, in order."""
    days = {turn.published for rule in rulebook.rules for turn in rule.turns}
    for timelines in (rulebook.definitions, rulebook.parameters, rulebook.sets):
        days |= {version.published for timeline in timelines.values() for version in timeline.versions}
    return tuple(sorted(days))
