"""The tables in which an act is looked up: what the lines that read the same facts say for the codes of these facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import prod

from lexloci.law.clauses import Line
from lexloci.model.portfolio import Basis


@dataclass(frozen=True, slots=True)
class Group:
    """The lines that read the same slots, each with a mask: of its clauses, or of its bits in their fields."""

    slots: tuple[int, ...]
    lines: list[tuple[Line, int]]


def grouped(lines: Iterable[tuple[Line, int]]) -> list[Group]:
    """The lines, each with a mask, put together where they read the same slots."""
    groups: dict[frozenset[int], Group] = {}
    for line, mask in lines:
        slots = frozenset(line.slots)
        if slots not in groups:
            groups[slots] = Group(tuple(sorted(slots)), [])
        groups[slots].lines.append((line, mask))
    return list(groups.values())


class Table:
    """What the lines of a group say: the bits of those that fail, and of those in doubt (``lexloci.law.fields``).

    ``entries`` are by one number for the codes of all slots: the sum of the codes, each times the weight of its slot.
    Of one slot it is its code. An entry is made when it is first met.
    """

    __slots__ = ("_said", "entries", "group", "weights")

    def __init__(self, group: Group, sizes: Sequence[int], said: Callable[[Group, Mapping[int, int]], int]) -> None:
        self.group = group
        self.weights = [prod(sizes[place + 1 :]) for place in range(len(sizes))]
        self.entries: dict[int, int] = {}
        self._said = said

    def look(self, codes: Mapping[int, int]) -> int:
        """What the lines say for the codes of all slots."""
        number = 0
        for slot, weight in zip(self.group.slots, self.weights, strict=True):
            number += codes[slot] * weight
        return self.entry(number)

    def entry(self, number: int) -> int:
        """The entry of a number."""
        found = self.entries.get(number)
        if found is None:
            codes: dict[int, int] = {}
            left = number
            for slot, weight in zip(self.group.slots, self.weights, strict=True):
                codes[slot], left = divmod(left, weight)
            found = self.entries[number] = self._said(self.group, codes)
        return found


@dataclass(frozen=True, slots=True)
class Epoch:
    """A stretch of days in which the same clauses are in their days: all of them, and those that stand on a layer."""

    since: date
    alive: int
    standing: Mapping[Basis, int]
    either: int


@dataclass(frozen=True, slots=True)
class Course:
    """The clauses in their days for the roles that take part: those that stand on the text, in enforcement, on either.

    A clause in these masks is its end (``lexloci.law.fields``).
    """

    text: int
    enforcement: int
    either: int

    def standing(self, layer: Basis) -> int:
        """The clauses that stand on a layer."""
        return self.text if layer is Basis.TEXT else self.enforcement
