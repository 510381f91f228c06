"""Random rows for the rules that the package ships: for each fact, every value that some rule tells apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lexloci.law.expression import Compare, Expression, Flag, Member, Name, leaves
from lexloci.law.rule import Condition, Rulebook
from lexloci.model.act import Act, ActKind
from lexloci.model.fact import ABSENT, UNKNOWN, Fact, Plain, Value

UNKNOWN_SHARE = 0.10
ABSENT_SHARE = 0.05
FIRST_DAY = date(2022, 1, 1)
_MOST_MEMBERS = 8  # of a set, so that a row is in it about as often as not


@dataclass(frozen=True)
class RealRows:
    """For each fact its values (unknown first, absent second) and a code a row; ``on`` is the day of each row."""

    kind: ActKind
    values: Mapping[str, tuple[Value, ...]]
    codes: Mapping[str, NDArray[np.uint8]]
    on: NDArray[np.datetime64]

    def acts(self, places: Iterable[int], asked: tuple[str, ...]) -> Iterator[Act]:
        """The acts of some rows, every fact stated as known, unknown or absent."""
        for place in places:
            facts = {name: Fact(values[self.codes[name][place]], "row") for name, values in self.values.items()}
            day: date = self.on[place].astype(object)
            yield Act(f"row {place}", self.kind, "the act", day, facts, asked)


def make_real_rows(rulebook: Rulebook, kind: ActKind, count: int, seed: int = 4) -> RealRows:
    """Random rows for a kind of act, until the day on which the rulebook was reviewed; the same for the same seed."""
    generator = np.random.default_rng(seed)
    values = values_told_apart(rulebook, kind)
    codes = {name: _codes(len(values[name]), count, generator) for name in values}
    days = generator.integers(0, (rulebook.reviewed - FIRST_DAY).days + 1, count)
    return RealRows(kind, values, codes, np.datetime64(FIRST_DAY, "D") + days.astype("timedelta64[D]"))


def _codes(values: int, count: int, generator: np.random.Generator) -> NDArray[np.uint8]:
    shares = [UNKNOWN_SHARE, ABSENT_SHARE, *[(1.0 - UNKNOWN_SHARE - ABSENT_SHARE) / (values - 2)] * (values - 2)]
    return np.searchsorted(np.cumsum(shares)[:-1], generator.random(count), side="right").astype(np.uint8)


def values_told_apart(rulebook: Rulebook, kind: ActKind) -> dict[str, tuple[Value, ...]]:
    """For each fact that a rule for the kind of act reads: unknown, absent, and the values that conditions name."""
    found: dict[str, set[tuple[type, Plain]]] = {}
    pairs: list[tuple[str, str]] = []
    for expression in _expressions(rulebook, kind):
        for leaf in leaves(expression):
            if leaf.fact.startswith("defined."):
                continue
            known = found.setdefault(leaf.fact, set())
            if isinstance(leaf, Compare) and isinstance(leaf.operand, Name) and _is_fact(leaf.operand.name):
                found.setdefault(leaf.operand.name, set())
                pairs.append((leaf.fact, leaf.operand.name))
                continue
            known.update((_kind(value), value) for value in _values(leaf, rulebook))
    for left, right in pairs:
        found[left] |= found[right]
        found[right] |= found[left]
    return {name: _ordered(rulebook, name, known) for name, known in found.items()}


def _is_fact(name: str) -> bool:
    return not name.startswith("parameter.")


def _kind(value: Plain) -> type:
    return float if isinstance(value, int | float) and not isinstance(value, bool) else type(value)


def _ordered(rulebook: Rulebook, name: str, known: set[tuple[type, Plain]]) -> tuple[Value, ...]:
    fact = rulebook.vocabulary.get(name)
    others: dict[str, Plain] = {"bool": True, "number": 1.0, "country": "ZZ"}
    other = others.get(fact.type if fact else "text", "another")
    every = {*known, (_kind(other), other)}
    domain = rulebook.points[name[8:]].options if name.startswith("reading.") else fact.domain if fact else ()
    if domain:
        every = {(str, value) for value in domain}
    return UNKNOWN, ABSENT, *(value for _, value in sorted(every, key=_order))


def _order(pair: tuple[type, Plain]) -> tuple[str, Any]:
    return pair[0].__name__, pair[1]


def _values(leaf: Flag | Compare | Member, rulebook: Rulebook) -> Sequence[Plain]:
    """The values that a leaf tells apart, with a number below and above each limit."""
    match leaf:
        case Flag():
            return (False, True)
        case Member(_, Name(name)):
            members = {member for version in rulebook.sets[name[4:]].versions for member in version.value}
            return sorted(members)[:_MOST_MEMBERS]
        case Member(_, tuple() as listed):
            return listed
        case Compare(_, _, Name(name)):
            limits = [version.value for version in rulebook.parameters[name[10:]].versions]
            return [value for limit in limits for value in (limit - 1, limit, limit + 1)]
        case Compare(_, _, bool() | str() as value):
            return (value,)
        case Compare(_, _, int() | float() as limit):
            return (limit - 1, limit, limit + 1)
    raise ValueError(f"{leaf}: tells no values apart")


def _expressions(rulebook: Rulebook, kind: ActKind) -> Iterator[Expression]:
    for rule in rulebook.rules_by_act.get(kind, ()):
        for when, unless in rule.variants.values() if rule.for_any else [(rule.when, rule.unless)]:
            yield from _with_definitions(rulebook, (*when, *unless))


def _with_definitions(rulebook: Rulebook, conditions: Iterable[Condition]) -> Iterator[Expression]:
    for condition in conditions:
        yield condition.expression
        for leaf in leaves(condition.expression):
            if leaf.fact.startswith("defined."):
                for version in rulebook.definitions[leaf.fact[8:]].versions:
                    yield from _with_definitions(rulebook, version.value)
