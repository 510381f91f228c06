"""The look-up of one act, written out as Python: a few lines for each fact, with all that is known beforehand in them.

A loop over the facts spends more on going round and on finding out what each of them is compared with than on the
look-up itself. Written out, a fact that is compared with texts, and that a table reads alone, is ::

    fact = get("site.country")
    if fact is None:
        said |= silent_3[closed]
    else:
        value = fact.value
        said |= entries_3(value, entry_3_7) if value.__class__ is str else look_3(value)

where ``silent_3`` is what the table says where nobody states it, ``entries_3`` what it says for a text, ``entry_3_7``
for one that no condition names, and ``look_3`` for any value, by its code (``lexloci.law.coding``). Numbers are
compared with the limits one by one, in the order of a binary search. A table of several facts is asked by the number
of their codes (``lexloci.law.tables``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import inf
from typing import Any

from lexloci.law.asked import silence
from lexloci.law.coding import ODD_CODE, Attribute, Relation
from lexloci.law.tables import Table
from lexloci.law.verdicts import Slot
from lexloci.model.fact import Fact, Value

Look = Callable[[Callable[[str], Fact | None], bool], int]
"""What all tables say, for what looks a fact up and for whether the case is closed."""
MOST_PREPARED = 64
"""Of a fact with more codes, the entries of its table are not made beforehand."""


def written_out(slots: Sequence[Slot], tables: Iterable[Table], said: int, roles: frozenset[str]) -> Look:
    """The function that says what ``said`` and all tables say of an act with these roles."""
    writing = _Writing(slots, tables, roles)
    text = "\n".join(["def look(get, closed):", "    said = start", *writing.lines(), "    return said"])
    namespace = writing.namespace | {"start": said, "inf": inf}
    exec(text, namespace)  # noqa: S102 -- written above, from the names of facts and from numbers alone
    look: Look = namespace["look"]
    return look


class _Writing:
    """The lines of the function, and what the names in them stand for; the first number in a name is that of a slot."""

    def __init__(self, slots: Sequence[Slot], tables: Iterable[Table], roles: frozenset[str]) -> None:
        self.roles = roles
        self.namespace: dict[str, Any] = {}
        self.several = [table for table in tables if len(table.group.slots) != 1]
        self.alone = {table.group.slots[0]: table for table in tables if len(table.group.slots) == 1}
        self.coded = {place for table in self.several for place in table.group.slots}
        read = [(place, slots[place]) for place in sorted({*self.alone, *self.coded})]
        self.relations = [(place, slot) for place, slot in read if isinstance(slot, Relation)]
        self.attributes = {slot.name: (place, slot) for place, slot in read if isinstance(slot, Attribute)}
        compared = dict.fromkeys(name for _, slot in self.relations for name in slot.facts)
        self.values = {name: f"value_of_{number}" for number, name in enumerate(compared)}

    def lines(self) -> list[str]:
        """The lines between the first and the last."""
        found: list[str] = []
        for name in dict.fromkeys((*self.attributes, *self.values)):
            found += self._fact(name)
        for place, slot in self.relations:
            found += self._relation(place, slot)
        for number, table in enumerate(self.several):
            found += self._several(number, table)
        return [f"    {line}" for line in found]

    def _named(self, name: str, value: Any) -> str:
        self.namespace[name] = value
        return name

    def _fact(self, name: str) -> list[str]:
        """Reads a fact, keeps its value where it is compared with another, and looks it up where it is a slot."""
        silent = [silence(name, self.roles, is_closed=is_closed).value for is_closed in (False, True)]
        kept = self.values.get(name)
        value = kept or "value"
        stated, unstated = [f"{value} = fact.value"], []
        if kept:
            unstated.append(f"{kept} = {self._named(f'silent_{kept}', silent)}[closed]")
        if name in self.attributes:
            place, slot = self.attributes[name]
            unstated += self._silent(place, [slot.code(one) for one in silent])
            stated += self._stated(place, slot, value)
        indented = [[f"    {line}" for line in lines] for lines in (unstated, stated)]
        return [f"fact = get({name!r})", "if fact is None:", *indented[0], "else:", *indented[1]]

    def _silent(self, place: int, codes: Sequence[int]) -> list[str]:
        """The lines for a fact that nobody states."""
        found: list[str] = []
        if place in self.coded:
            found.append(f"code_{place} = {self._named(f'silent_code_{place}', codes)}[closed]")
        if place in self.alone:
            entries = [self.alone[place].entry(code) for code in codes]
            found.append(f"said |= {self._named(f'silent_{place}', entries)}[closed]")
        return found

    def _stated(self, place: int, slot: Attribute, value: str) -> list[str]:
        """The lines for a fact that is stated."""
        is_prepared = len(slot.representatives) <= MOST_PREPARED
        if place in self.alone and place not in self.coded and is_prepared:
            return [f"said |= {self._entry(place, slot, value)}"]
        texts = self._named(f"texts_{place}", slot.texts.get)
        other = self._named(f"code_of_{place}", slot.code)
        found = [f"code_{place} = {_by_kind(slot, value, str, texts, other)}"]
        if place in self.alone and is_prepared:
            entries = [self.alone[place].entry(code) for code in range(len(slot.representatives))]
            found.append(f"said |= {self._named(f'entries_{place}', entries)}[code_{place}]")
        elif place in self.alone:
            found += self._look(f"{place}", self.alone[place], f"code_{place}")
        return found

    def _entry(self, place: int, slot: Attribute, value: str) -> str:
        """What the table that reads a slot alone says of a value, without its code."""
        entries = [self.alone[place].entry(code) for code in range(len(slot.representatives))]
        for code, entry in enumerate(entries):
            self._named(f"entry_{place}_{code}", entry)
        texts = self._named(f"entries_{place}", {text: entries[code] for text, code in slot.texts.items()}.get)

        def other(given: Value) -> int:
            return entries[slot.code(given)]

        return _by_kind(slot, value, f"entry_{place}_{{}}".format, texts, self._named(f"look_{place}", other))

    def _relation(self, place: int, slot: Relation) -> list[str]:
        """Compares two facts with each other."""
        left, right = (self.values[name] for name in slot.facts)
        is_number = f"kind is float and {left} == {left} and {right} == {right}"
        found = [
            f"kind = {left}.__class__",
            f"if kind is {right}.__class__ and (kind is str or {is_number}):",
            f"    code_{place} = 4 if {left} {slot.atom.operator} {right} else 3",
            "else:",
            f"    code_{place} = {self._named(f'code_of_{place}', slot.code)}({left}, {right})",
        ]
        if place in self.alone:
            entries = [self.alone[place].entry(code) for code in range(len(slot.representatives))]
            found.append(f"said |= {self._named(f'entries_{place}', entries)}[code_{place}]")
        return found

    def _several(self, number: int, table: Table) -> list[str]:
        """Looks into a table of several slots."""
        terms = [
            f"code_{place} * {weight}" if weight > 1 else f"code_{place}"
            for place, weight in zip(table.group.slots, table.weights, strict=True)
        ]
        return self._look(f"several_{number}", table, " + ".join(terms) or "0")

    def _look(self, name: str, table: Table, number: str) -> list[str]:
        """Looks up a number in a table, whose entry is made where it is not there yet."""
        return [
            f"number = {number}",
            f"found = {self._named(f'found_{name}', table.entries.get)}(number)",
            f"said |= {self._named(f'made_{name}', table.entry)}(number) if found is None else found",
        ]


def _by_kind(slot: Attribute, value: str, shown: Callable[[int], str], texts: str, other: str) -> str:
    """What is ``shown`` for the code of a value, as an expression.

    ``texts`` names what finds that of a text, ``other`` what finds it for a value of another kind.
    """
    if slot.cuts:
        found = _search(slot.cuts, slot.first_number, value, shown)
        return f"{found} if {value}.__class__ is float and {value} == {value} else {other}({value})"
    if slot.flags[0] != ODD_CODE:
        false, true = map(shown, slot.flags)
        return f"{true} if {value} is True else {false} if {value} is False else {other}({value})"
    return f"{texts}({value}, {shown(slot.other_text)}) if {value}.__class__ is str else {other}({value})"


def _search(cuts: Sequence[float], below: int, value: str, shown: Callable[[int], str]) -> str:
    """What is ``shown`` for the code of a number: ``below`` all ``cuts``, then two for each (at it, above it)."""
    if not cuts:
        return shown(below)
    middle = len(cuts) // 2
    cut, at = repr(cuts[middle]), below + 2 * middle + 1
    low, high = _search(cuts[:middle], below, value, shown), _search(cuts[middle + 1 :], at + 1, value, shown)
    return f"({low} if {value} < {cut} else {shown(at)} if {value} == {cut} else {high})"
