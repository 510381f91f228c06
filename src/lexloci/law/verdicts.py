"""What does a line say for the codes of its facts, and why? Asked of the reference evaluator once, then kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from lexloci.law.clauses import Clause, Joined, Line, LineVerdict, NearMiss, name_in_line
from lexloci.law.coding import Attribute, Relation
from lexloci.law.evaluate import Situation, Truth, evaluate
from lexloci.law.expression import Compare, Expression, Flag, Member, Not, Or
from lexloci.law.rule import Rulebook
from lexloci.law.wide import verdict_of
from lexloci.model.fact import Fact, Value

Slot = Attribute | Relation


def code_of(slot: Slot, value: Callable[[str], Value]) -> int:
    """The code of a slot, for the ``value`` of each fact."""
    if isinstance(slot, Relation):
        return slot.code(value(slot.left), value(slot.right))
    return slot.code(value(slot.name))


class Codes(dict[int, int]):
    """The code of each slot by its place, for the ``value`` of each fact; worked out when it is first asked."""

    def __init__(self, slots: Sequence[Slot], value: Callable[[str], Value]) -> None:
        super().__init__()
        self._slots = slots
        self._value = value

    def __missing__(self, place: int) -> int:
        found = self[place] = code_of(self._slots[place], self._value)
        return found


class Verdicts:
    """The verdicts of lines on some slots; codes are by the place of a slot."""

    def __init__(self, rulebook: Rulebook, slots: Sequence[Slot]) -> None:
        self.rulebook = rulebook
        self.slots = slots

    def verdict(self, line: Line, codes: Mapping[int, int]) -> LineVerdict:
        """What a line says for the codes of all facts, with the reason."""
        if line.joined is not None:
            return verdict_of(line.joined, lambda part: self.verdict(part, codes))
        slots = line.slots
        key = codes[slots[0]] if len(slots) == 1 else tuple([codes[slot] for slot in slots])
        found = line.verdicts.get(key)
        if found is None:
            found = line.verdicts[key] = self._judge(line, codes)
        return found

    def _judge(self, line: Line, codes: Mapping[int, int]) -> LineVerdict:
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

    def note_read(self, part: Joined | Line, codes: Mapping[int, int], read: dict[str, None]) -> Truth:
        """The truth of a line or of a part of one; the facts that are read for it are noted in ``read``.

        ``verdict`` tells both too, and what would settle the line, which of one that is split takes longer.
        """
        if isinstance(part, Line):
            if part.joined is not None:
                return self.note_read(part.joined, codes, read)
            verdict = self.verdict(part, codes)
            for name in verdict.read:
                read[name] = None
            return verdict.truth
        if part.kind is Not:
            inner = self.note_read(part.parts[0], codes, read)
            return None if inner is None else not inner
        ends = part.kind is Or
        truth: Truth = not ends
        for one in part.parts:
            found = self.note_read(one, codes, read)
            if found is ends:
                return ends
            truth = None if found is None else truth
        return truth

    def near_miss(self, clause: Clause, line: Line) -> NearMiss:
        """That a clause fails by a line alone."""
        text = next(text for one, text in zip(clause.lines, clause.texts, strict=True) if one is line)
        return NearMiss(clause.rule, clause.role, text, self._facts_named(line))

    def _facts_named(self, line: Line) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for place in line.slots for name in self.slots[place].facts))

    def always_read(self, clause: Clause) -> tuple[str, ...] | None:
        """The facts that are read where a clause holds; None where that depends on what they are.

        A comparison reads its facts whatever they are; what joins several may stop at the first.
        """
        if all(map(_is_atom, clause.lines)):
            return tuple(dict.fromkeys(name for line in clause.lines for name in self._facts_named(line)))
        return None


def _is_atom(line: Line) -> bool:
    found: Expression = line.expression
    while isinstance(found, Not):
        found = found.part
    return isinstance(found, Flag | Compare | Member)
