"""The answers of the law for every combination of some entities (sites, chips, parties ...) and days, unenumerated.

An entity is a table of its own: each of its rows has values for some facts, and every fact belongs to
one entity. Lines of the rules that read one entity alone are looked up once a row; rows of equal words
are one *class*. Only classes are combined, and combined ones of equal words again are one class
(``cross_factor``): a product of 10^12 combinations is answered over some millions of classes. Every
combination has the answer that ``lexloci.law.explain`` gives for its act.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import prod

import numpy as np
from numpy.typing import NDArray

from lexloci.law.coding import Relation
from lexloci.law.columns.axis import Axis, Places, RelationAxis, TruthAxis, places_type
from lexloci.law.columns.decide import Asking, asking_of
from lexloci.law.columns.input import (
    MOST_VALUES,
    Coded,
    Column,
    checked_columns,
    checked_days,
    is_array,
    rows_of,
    value_at,
)
from lexloci.law.columns.layout import Words
from lexloci.law.columns.plan import Draft, Plan, draft_of
from lexloci.law.columns.run import BLOCK, Worker
from lexloci.law.columns.slots import SlotCodes
from lexloci.law.columns.table import MOST_ENTRIES, Table, Tables, places_read, tables_of
from lexloci.law.columns.tally import OUTCOMES, Severities, Tally
from lexloci.law.columns.terms import MOST_PLACES
from lexloci.law.columns.truth import OpenLine
from lexloci.law.cross_factor import Factor, Lookups, collapsed, combined, merged
from lexloci.law.explain import Explanation
from lexloci.law.on_record import NOTHING_ON_RECORD, OnRecord
from lexloci.law.program import Program
from lexloci.law.rule import Rulebook
from lexloci.model.act import Act, ActKind
from lexloci.model.errors import LexlociError
from lexloci.model.fact import UNKNOWN, Fact
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

Entity = Mapping[str, Column]
"""Columns of some facts; a row is one entity. One value for all rows may stand beside them."""

MOST_PAIRS = 1 << 22
"""Combinations of values that one comparison between entities may have."""
MOST_CLASSES = 10**11
"""Combinations of classes beyond which a product is refused."""


@dataclass(frozen=True, eq=False)
class CrossAnswer:
    """The outcome of every combination of a row of each entity and a day (see the module).

    ``classes`` hold for each entity, and then for the days, the number of the class of each row.
    """

    asking: Asking
    entities: Mapping[str, Entity]
    on: Sequence[date]
    classes: Sequence[NDArray[np.intp]]
    factors: Sequence[Factor]
    lookups: Lookups

    @property
    def shape(self) -> tuple[int, ...]:
        """How many rows each entity has, and how many days there are."""
        return tuple(len(one) for one in self.classes)

    def counts(self) -> dict[Outcome, int]:
        """How many combinations have each outcome."""
        factors = merged(self.factors, self.lookups)
        _check_classes(prod(factor.classes for factor in factors))
        found = dict.fromkeys(OUTCOMES, 0)
        for block in combined(factors, self.lookups):
            for place, count in block.counts():
                found[OUTCOMES[place]] += count
        return found

    def outcomes(self, *places: slice | int) -> Severities:
        """The outcomes of a part of the product, as places in ``OUTCOMES``; an axis for each slice."""
        wanted = [self.classes[axis][_at(places[axis])] for axis in range(len(self.classes))]
        used = [np.unique(one, return_inverse=True) for one in wanted]
        chosen = [factor.only(some) for factor, (some, _) in zip(self.factors, used, strict=True)]
        cube = np.empty([len(some) for some, _ in used], np.uint8)
        for block in combined(chosen, self.lookups):
            cube[block.slices] = block.cube
        full = cube[np.ix_(*(inverse.reshape(-1) for _, inverse in used))]
        return full[tuple(0 if isinstance(place, int) else slice(None) for place in places)]

    def outcome(self, *place: int) -> Outcome:
        """The outcome of one combination: the row of each entity, and of the day."""
        return OUTCOMES[int(self.outcomes(*place))]

    def blocks(self) -> Iterator[tuple[tuple[NDArray[np.intp], ...], Outcome]]:
        """Every combination once, in blocks of one outcome: the rows of each entity and of the days, all with all."""
        _check_classes(prod(factor.classes for factor in self.factors))
        members = [_members(one) for one in self.classes]
        for block in combined(self.factors, self.lookups):
            starts = [part.start for part in block.slices]
            for place, outcome in np.ndenumerate(block.cube):
                rows = (some[start + at] for some, start, at in zip(members, starts, place, strict=True))
                yield tuple(rows), OUTCOMES[outcome]

    def where(self, outcome: Outcome) -> Iterator[tuple[NDArray[np.intp], ...]]:
        """The combinations with an outcome, in blocks: the rows of each entity and of the days, all with all."""
        return (rows for rows, found in self.blocks() if found is outcome)

    def act(self, *place: int) -> Act:
        """The act of one combination."""
        rows = [range(count)[at] for count, at in zip(self.shape, place, strict=True)]
        facts = {
            name: Fact(value_at(column, row), f"{entity} {row}")
            for (entity, columns), row in zip(self.entities.items(), rows, strict=False)
            for name, column in columns.items()
        }
        return self.asking.act(f"combination {', '.join(map(str, rows))}", self.on[rows[-1]], facts)

    def explain(self, *place: int) -> Explanation:
        """The explained answer for one combination."""
        return self.asking.explain(self.act(*place))


def _at(place: slice | int) -> slice | list[int]:
    return place if isinstance(place, slice) else [place]


def _members(classes: NDArray[np.intp]) -> list[NDArray[np.intp]]:
    """The rows of each class."""
    order = np.argsort(classes, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(classes[order])) + 1)


def _check_classes(classes: int) -> None:
    if classes > MOST_CLASSES:
        raise LexlociError(
            f"cross: {classes:.2g} combinations of unlike rows are too many (over {MOST_CLASSES:.0e}); ask for a part"
            " (outcomes of slices), or give fewer unlike rows"
        )


def decide_cross(  # noqa: PLR0913 -- all of it is the question, by name
    rulebook: Rulebook,
    kind: ActKind,
    entities: Mapping[str, Entity],
    *,
    on: Sequence[date],
    known_at: date,
    basis: Basis,
    asked: Sequence[str],
    parties: Collection[str] = frozenset(),
    closed: bool = False,
    on_record: OnRecord = NOTHING_ON_RECORD,
) -> CrossAnswer:
    """The outcome of every combination of the rows of some entities and days, as ``lexloci.law.explain`` gives it.

    ``entities`` by name, each with columns by fact as ``decide_columns`` takes them; ``on`` the days. The other
    parameters are those of ``decide_columns``. LexlociError for tables that do not fit together.
    """
    owner = _owners(entities)
    asking = asking_of(
        rulebook,
        kind,
        owner,
        known_at=known_at,
        basis=basis,
        asked=asked,
        parties=parties,
        closed=closed,
        on_record=on_record,
    )
    if not on:
        raise LexlociError("on: there is no day; give at least one date")
    for day in on:
        checked_days(day)
    given = {entity: checked_columns(rulebook, columns) for entity, columns in entities.items()}
    rows = {entity: rows_of(columns, on[0]) for entity, columns in given.items()}
    columns = {name: column for some in given.values() for name, column in some.items()}
    owner = {name: entity for name, entity in owner.items() if is_array(columns[name])}
    _code_compared(asking.program, columns, owner)
    draft = _draft(asking, columns, on, owner)
    return _answer(asking, given, on, rows, draft, owner)


def _owners(entities: Mapping[str, Entity]) -> dict[str, str]:
    """The entity of each fact; LexlociError for a fact of two."""
    owner: dict[str, str] = {}
    for entity, columns in entities.items():
        for name in columns:
            if owner.setdefault(name, entity) != entity:
                raise LexlociError(f"cross: {name} is a fact of {owner[name]} and of {entity}; give it in one of them")
    return owner


def _code_compared(program: Program, columns: dict[str, Column], owner: Mapping[str, str]) -> None:
    """Gives numbers that are compared with a fact of another entity as codes of their values."""
    for slot in program.slots:
        if not isinstance(slot, Relation) or owner.get(slot.left, "") == owner.get(slot.right, ""):
            continue
        if slot.left not in owner or slot.right not in owner:
            continue
        left, right = (_coded(name, columns[name]) for name in (slot.left, slot.right))
        columns |= {slot.left: left, slot.right: right}
        pairs = prod(len(one.values) for one in (left, right) if isinstance(one, Coded))
        if pairs > MOST_PAIRS:
            raise LexlociError(
                f"cross: {slot.name} compares {pairs} pairs of values; give at most {MOST_PAIRS}, or both facts in one"
                " entity"
            )


def _coded(name: str, column: Column) -> Column:
    if not isinstance(column, np.ndarray) or column.dtype == np.bool_:
        return column
    values, codes = np.unique(column, return_inverse=True)
    if len(values) > MOST_VALUES:
        raise LexlociError(
            f"column {name}: has {len(values)} different values and is compared with another entity's;"
            f" give at most {MOST_VALUES}"
        )
    known = [UNKNOWN if value != value else value for value in values.tolist()]  # noqa: PLR0124 -- not a number
    return Coded(codes.reshape(-1), tuple(known))


def _draft(asking: Asking, columns: Mapping[str, Column], on: Sequence[date], owner: Mapping[str, str]) -> Draft:
    """The draft of the plan; a line that reads two entities is taken apart where that can be."""

    def places(line: OpenLine, settled: Mapping[int, SlotCodes]) -> int:
        read = places_read(line, settled)
        return read if len(_entities_of(line, asking.program, owner)) < 2 else max(read, MOST_PLACES + 1)

    program = asking.program
    days = sorted({program.epoch_at(day).since for day in on})
    epochs = [program.epoch_at(day) for day in program.days if days[0] <= day <= days[-1]]
    slots = asking.slots(columns, MOST_PAIRS)
    return draft_of(program, slots, epochs, asking.roles, asking.weighing(firing=False), places)


def _entities_of(line: OpenLine, program: Program, owner: Mapping[str, str]) -> frozenset[str]:
    """The entities whose rows a line reads."""
    slots = [program.slots[place] for place in line.slots.values()]
    read = [(slot.left, slot.right) if isinstance(slot, Relation) else (slot.name,) for slot in slots]
    return frozenset(owner[name] for names in read for name in names if name in owner)


def _answer(
    asking: Asking,
    entities: Mapping[str, Entity],
    on: Sequence[date],
    rows: Mapping[str, int],
    draft: Draft,
    owner: Mapping[str, str],
) -> CrossAnswer:
    """Looks up what each row decides alone, and puts rows of equal words in classes."""
    of_entities: dict[frozenset[str], list[OpenLine]] = {frozenset((entity,)): [] for entity in entities}
    for line in draft.lines:
        of_entities.setdefault(_entities_of(line, asking.program, owner), []).append(line)
    made = {
        some: tables_of(lines, draft.settled, draft.layout, draft.certain, MOST_ENTRIES, MOST_PAIRS)
        for some, lines in of_entities.items()
    }
    spanning = _Spanning(owner)
    possible, certain = draft.possible, draft.certain
    for some, tables in made.items():
        possible, certain = possible & tables.possible, certain & tables.certain
        if len(some) > 1:
            spanning.add(tables)
    tally = Tally(draft.layout, possible, certain, BLOCK)
    factors = [_factor(entity, made[frozenset((entity,))], draft, rows[entity], spanning) for entity in entities]
    factors.append(_day_factor(draft, on, possible))
    found = [collapsed(factor, tally.certain) for factor in factors]
    lookups = Lookups(spanning.tables, spanning.parts, tally)
    return CrossAnswer(asking, entities, tuple(on), [one for _, one in found], [one for one, _ in found], lookups)


class _Spanning:
    """The tables that several entities index: for each its axes by entity, with what a place of the axis adds."""

    def __init__(self, owner: Mapping[str, str]) -> None:
        self.owner = owner
        self.tables: list[Table] = []
        self.axes: list[dict[str, list[tuple[Axis, int]]]] = []

    @property
    def parts(self) -> list[int]:
        """How many entities index each table."""
        return [len(axes) for axes in self.axes]

    def add(self, tables: Tables) -> None:
        """Adds the tables of some lines; LexlociError where a line is too large for one."""
        for table in tables.tables:
            step = 1
            by_entity: dict[str, list[tuple[Axis, int]]] = {}
            for axis in (tables.axes[place] for place in reversed(table.axes)):
                if isinstance(axis, TruthAxis | RelationAxis):
                    raise LexlociError(
                        f"cross: a condition on {axis.name} reads more than {MOST_PAIRS} combinations of values of"
                        " several entities; give its facts in one entity, or with fewer values"
                    )
                by_entity.setdefault(self.owner[axis.name], []).append((axis, step))
                step *= axis.radix
            self.tables.append(table)
            self.axes.append(by_entity)

    def entries(self, entity: str, rows: int) -> dict[int, NDArray[np.int64]]:
        """What the rows of an entity add to the entry of each table that it indexes."""
        found: dict[int, NDArray[np.int64]] = {}
        for table, axes in enumerate(self.axes):
            for axis, step in axes.get(entity, ()):
                out: Places = np.empty(rows, places_type(axis.radix))
                places = axis.places(0, rows, out, np.empty(rows, np.bool_)).astype(np.int64)
                found[table] = found.get(table, np.zeros(rows, np.int64)) + places * step
        return found


def _factor(entity: str, tables: Tables, draft: Draft, rows: int, spanning: _Spanning) -> Factor:
    """The words of each row of an entity, by the lines that read it alone."""
    everything = np.full(draft.layout.words, ~np.uint64(0))
    worker = Worker(Plan(draft.layout, tables.axes, tables.tables, None, everything, everything), None)
    shape = (draft.layout.words, rows)
    possible, certain = np.empty(shape, np.uint64), np.empty(shape, np.uint64)
    for start in range(0, rows, BLOCK):
        stop = min(start + BLOCK, rows)
        found = worker.masks(start, stop)
        for place in range(draft.layout.words):
            possible[place, start:stop], certain[place, start:stop] = found[0][place], found[1][place]
    entries = spanning.entries(entity, rows)
    return Factor(possible, certain, np.ones(rows, np.int64), entries, dict.fromkeys(entries, 1))


def _day_factor(draft: Draft, on: Sequence[date], base: Words) -> Factor:
    """The words of the clauses that stand on each day."""
    if draft.days is None:
        words = np.repeat(base[:, None], len(on), axis=1)
    else:
        place = np.array(on, "datetime64[D]").astype(np.int64) - draft.days.first
        words = np.stack([word.take(place, mode="clip") for word in draft.days.standing]) & base[:, None]
    return Factor(words, words, np.ones(len(on), np.int64), {}, {})
