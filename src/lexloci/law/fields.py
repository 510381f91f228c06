"""The lines of all clauses as bits of one whole number: which clauses fail, and which fail by one line alone?

Each clause of a program has a *field*: a bit for each of its lines, the first one lowest, and above them a
bit that no line has, its *end*, which also stands for the clause in a mask. Where a line of several clauses
fails, its bit is set in the field of each. For one field of three lines, with its end written first::

    said            0 000    no line fails         0 100    the third fails       0 101    two fail
    said + spread   0 111                          1 011                          1 100
    its end:        it holds                       it fails                       it fails
    said & that     0 000                          0 000                          0 100
    + spread        0 111                          0 111    by one line           1 011    by several

``spread`` is, in each field, the end less the lowest bit. A sum never leaves its field, so that one
addition answers for all clauses at once.

A line that is split (``lexloci.law.wide``) has a bit for each of its alternatives below its own. One is
added to the lowest of them, and where all of them fail, that carries into the bit of the line.

What is in doubt has the same bits in a second stretch, ``size`` bits further up, so that one OR joins both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from lexloci.law.clauses import Clause, Line

Judged = tuple[int, int, int, int]
"""The bits of the lines that fail; the clauses that hold, that hold or may, and that fail by one line alone."""


class Fields:
    """The fields of some clauses, in their order; ``alternatives`` says how many a line has that is split.

    ``ends``, ``of_lines`` and ``fields`` are, by the place of a clause, its end, the bits of its lines, and all bits
    below its end.
    """

    def __init__(self, clauses: Sequence[Clause], alternatives: Mapping[int, int]) -> None:
        self.size = 0
        self.spread = 0
        self.ends: list[int] = []
        self.of_lines: list[int] = []
        self.fields: list[int] = []
        self._bits: dict[int, int] = {}
        self._place_at: dict[int, int] = {}
        self._carry = 0
        self._alternatives = 0
        for clause in clauses:
            self._add(clause, alternatives)
        self._lines = ~self._alternatives & (1 << self.size) - 1
        self._first_doubt = 1 << self.size

    def _add(self, clause: Clause, alternatives: Mapping[int, int]) -> None:
        lowest, of_lines = self.size, 0
        for line in {id(line): line for line in clause.lines}.values():
            count = alternatives.get(id(line))
            if count is not None:
                self._carry |= 1 << self.size
                self._alternatives |= (1 << count) - 1 << self.size
                self.size += count
            self._bits[id(line)] = self._bits.get(id(line), 0) | 1 << self.size
            of_lines |= 1 << self.size
            self.size += 1
        self.ends.append(1 << self.size)
        self.of_lines.append(of_lines)
        self.fields.append((1 << self.size) - (1 << lowest))
        self.spread += self.fields[-1]
        self.size += 1
        self._place_at[self.size] = len(self.ends) - 1

    def bits_of(self, line: Line) -> int:
        """The bits of a line, one in the field of each clause that has it."""
        return self._bits[id(line)]

    def bits_of_alternative(self, line: Line, number: int, count: int) -> int:
        """The bits of one of the alternatives of a line."""
        return self._bits[id(line)] >> count - number

    def doubted(self, bits: int) -> int:
        """What is said of lines that are in doubt."""
        return bits << self.size

    def judged(self, said: int, asked: int) -> Judged:
        """Which of the clauses ``asked`` hold, may hold, and fail by one line, for what is said of all lines."""
        lines = said + self._carry & self._lines
        once = lines + self.spread
        failing = once & asked
        by_several = (lines & once) + self.spread & asked
        possible = certain = asked ^ failing
        if said >= self._first_doubt:
            doubted = (said | said >> self.size) + self._carry & self._lines
            certain ^= doubted + self.spread & possible
        return lines, certain, possible, failing ^ by_several

    def mask(self, places: Iterable[int]) -> int:
        """The clauses at some places."""
        return sum(self.ends[place] for place in places)

    def places(self, mask: int) -> list[int]:
        """The places of the clauses in a mask, in order."""
        found: list[int] = []
        while mask:
            place = self._place_at[mask.bit_length()]
            mask ^= self.ends[place]
            found.append(place)
        found.reverse()
        return found


def places_in(mask: int) -> Iterator[int]:
    """The places of the bits of a mask, from the lowest."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
