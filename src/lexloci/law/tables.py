"""The tables of a program: what a group of lines says for the codes of its facts, and what a question looks at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from lexloci.law.clauses import Line, NearMiss
from lexloci.law.coding import ODD_CODE, Attribute, Relation
from lexloci.model.portfolio import Basis


@dataclass(slots=True)
class Entry:
    """What a group says for some codes, as masks of clauses: which it fails, fails by several lines, leaves in doubt.

    ``in_doubt`` are those with a line that is unknown. ``near`` keeps, for the place of a clause that fails
    by one line, which one it is.
    """

    failed: int
    failed_again: int
    in_doubt: int
    near: dict[int, NearMiss] = field(default_factory=dict)


@dataclass
class Group:
    """The lines that read the same facts, with the clauses of each.

    ``entries`` by the codes of those facts; ``by_code`` instead where it is one fact.
    """

    slots: tuple[int, ...]
    lines: list[tuple[Line, int]]
    by_code: list[Entry | None]
    entries: dict[tuple[int, ...], Entry] = field(default_factory=dict)


class TextRead(NamedTuple):
    """How a fact is read that is compared with texts alone: its codes, and what the group says that reads it alone."""

    place: int
    name: str
    codes: Mapping[str, int]
    other: int
    by_code: list[Entry | None] | None
    attribute: Attribute


class FlagRead(NamedTuple):
    """How a fact is read that is true or false: its codes for both."""

    place: int
    name: str
    codes: tuple[int, int]
    by_code: list[Entry | None] | None
    attribute: Attribute


class NumberRead(NamedTuple):
    """How a fact is read that is compared with numbers alone: the numbers, and the code below them all."""

    place: int
    name: str
    cuts: Sequence[float]
    first: int
    by_code: list[Entry | None] | None
    attribute: Attribute


@dataclass(frozen=True, slots=True)
class Wide:
    """A line that is split: the bits of its alternatives, the clauses that have the line; ``near`` as in an entry."""

    line: Line
    alternatives: int
    clauses: int
    near: dict[int, NearMiss] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Course:
    """What a question has to look at: the clauses in their days for the roles that take part, and what they read.

    A relation comes with the group that reads it alone, if one does. ``silent``
    holds, for an open and for a closed case, the code of each slot whose fact nobody states.
    """

    clauses: int
    texts: tuple[TextRead, ...]
    flags: tuple[FlagRead, ...]
    numbers: tuple[NumberRead, ...]
    relations: tuple[tuple[int, Relation, Group | None], ...]
    several: tuple[Group, ...]
    wide: tuple[Wide, ...]
    silent: Mapping[bool, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Epoch:
    """A stretch of days in which the same clauses are in their days: all of them, and those that stand on a layer."""

    since: date
    alive: int
    standing: Mapping[Basis, int]
    either: int


Read = TextRead | FlagRead | NumberRead


def read_of(place: int, slot: Attribute, group: Group | None) -> Read:
    """How an attribute at a place is read, with the group that reads it alone; other kinds are told apart."""
    by_code = None if group is None else group.by_code
    if slot.cuts:
        return NumberRead(place, slot.name, slot.cuts, slot.first_number, by_code, slot)
    if slot.flags[0] != ODD_CODE:
        return FlagRead(place, slot.name, slot.flags, by_code, slot)
    return TextRead(place, slot.name, slot.texts, slot.other_text, by_code, slot)
