"""Does a rulebook hold together: every name known and read, no cycle, nothing that contradicts its rule's effect?"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from lexloci.law.condition_check import Line, condition_mistakes, wrong_member
from lexloci.law.expression import And, Expression, Flag, Member, Name, Not, Or, leaves, names
from lexloci.law.mistake import RuleMistake, mend_of
from lexloci.law.rule import Condition, EffectKind, Rule, Rulebook

LineOf = Callable[..., int]
"""The line in a file, by its name, of what the keys and places lead to."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_MOST_LEVELS = 100  # and, or, not, named condition: the evaluator takes up to three frames of Python's 1,000 for each


def mistakes_of(rulebook: Rulebook, line_of: LineOf, read: Collection[RuleMistake] = ()) -> list[RuleMistake]:
    """Everything that does not hold together; ``read`` are the mistakes that were met when its files were read."""
    broken = {one.field.partition(":")[0] for one in read}
    found = [mistake for line in condition_lines(rulebook) for mistake in condition_mistakes(rulebook, line)]
    if not found:
        found += _wrong_members(rulebook, line_of)
    found += _cycles(rulebook, line_of)
    for rule in rulebook.rules:
        if rule.id not in broken:
            found += [
                RuleMistake(rule.file, line_of(rule.file, *steps), rule.id, what, mend)
                for steps, what, mend in _wrong_references(rulebook, rule)
            ]
    # What a broken rule would have read is not known, so that nothing can be said to be read by none.
    return found if found or read else list(_unread(rulebook, line_of))


def condition_lines(rulebook: Rulebook) -> Iterator[Line]:
    """Every condition of a rulebook with its place."""
    for name, timeline in rulebook.definitions.items():
        mend = "name the role, or write the line in the rule"
        for version in timeline.versions:
            yield from (Line(timeline.file, f"{name}: when", condition, mend) for condition in version.value)
    for rule in rulebook.rules:
        mend = "" if rule.for_any else "name the roles that it asks in for_any"
        keys: tuple[tuple[str, tuple[Condition, ...], str], ...] = (
            ("when", rule.when, mend),
            ("unless", rule.unless, mend),
            ("not_subject_when", rule.not_subject_when, "name the role"),
        )
        for key, conditions, no_party in keys:
            yield from (Line(rule.file, f"{rule.id}: {key}", condition, no_party) for condition in conditions)


def _wrong_members(rulebook: Rulebook, line_of: LineOf) -> Iterator[RuleMistake]:
    """Members of sets that a fact compared with the set can never have, where the set gains them.

    Asked once every condition holds together.
    """
    compared = {
        (leaf.operand.name.removeprefix("set."), leaf.fact)
        for line in condition_lines(rulebook)
        for leaf in leaves(line.condition.expression)
        if isinstance(leaf, Member) and isinstance(leaf.operand, Name)
    }
    for name, fact in sorted(compared):
        timeline = rulebook.sets[name]
        held: frozenset[str] = frozenset()
        for place, version in enumerate(timeline.versions):
            for member in sorted(version.value - held):
                wrong = wrong_member(rulebook, fact, member)
                if wrong is not None:
                    line = line_of(timeline.file, name, "versions", place)
                    yield RuleMistake(timeline.file, line, name, *wrong)
            held = version.value


def _wrong_references(rulebook: Rulebook, rule: Rule) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """What a rule names in vain: the keys and places that lead there, what is wrong, how to mend it."""
    known = {other.id for other in rulebook.rules}
    for place, other in enumerate(rule.against):
        if other not in known:
            yield ("against", place), f"against: no rule {other}", mend_of(other, known, "name the id of a rule")
    if rule.against and rule.kind is not EffectKind.COUNTER:
        yield ("against",), f"against: its effect is {rule.kind.value}, which is against none", "remove against"
    if rule.kind is EffectKind.COUNTER and not rule.against:
        yield ("effect",), "a counter-rule names the rules that it is against", "write against: [...]"
    yield from _wrong_point(rulebook, rule)
    for name in _PLACEHOLDER.findall(rule.reason):
        if name not in rulebook.vocabulary or (name.startswith("party.") and not rule.for_any):
            otherwise = "write a name of the vocabulary in the braces"
            mend = otherwise if name in rulebook.vocabulary else mend_of(name, rulebook.vocabulary, otherwise)
            yield ("reason",), f"reason: no fact {{{name}}}", mend


def _wrong_point(rulebook: Rulebook, rule: Rule) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    name = rule.not_subject_point
    point = rulebook.points.get(name)
    if not name and rule.not_subject_when:
        yield ("not_subject_when",), "has not_subject_when, and no not_subject_point", "name the point, or remove it"
    if name and point is None:
        mend = mend_of(name, rulebook.points, "give it in points/")
        yield ("not_subject_point",), f"not_subject_point: no contested point {name}", mend
    if point is not None and "not_subject" not in point.options:
        mend = "add the option to the point, or name another"
        yield ("not_subject_point",), f"not_subject_point: point {name} has no option not_subject", mend


def _cycles(rulebook: Rulebook, line_of: LineOf) -> list[RuleMistake]:
    """Each circle of definitions once, and each definition that nests too deep to be evaluated."""
    levels: dict[str, int] = {}
    path: list[str] = []
    found: list[RuleMistake] = []

    def mistake(name: str, what: str, mend: str) -> int:
        file = rulebook.definitions[name].file
        found.append(RuleMistake(file, line_of(file, name), name, what, mend))
        return 0

    def levels_of(name: str) -> int:
        """How deep a definition nests; 0 where that was told as a mistake, or its name is unknown."""
        if name not in rulebook.definitions or name in levels:
            return levels.get(name, 0)
        if name in path:
            circle = " -> ".join([*path[path.index(name) :], name])
            return mistake(name, f"definitions in a circle: {circle}", "take one of them out of it")
        if len(path) == _MOST_LEVELS:
            return mistake(name, f"is more than {_MOST_LEVELS} definitions deep", "write it flatter")
        path.append(name)
        lines = [line.expression for version in rulebook.definitions[name].versions for line in version.value]
        deepest = 1 + max((_levels(line, levels_of) for line in lines), default=0)
        path.pop()
        if deepest > _MOST_LEVELS:
            deepest = mistake(name, f"nests more than {_MOST_LEVELS} deep", "write it flatter")
        levels[name] = deepest
        return deepest

    for name in rulebook.definitions:
        levels_of(name)
    return found


def _levels(expression: Expression, of_definition: Callable[[str], int]) -> int:
    match expression:
        case Not(part):
            return 1 + _levels(part, of_definition)
        case And(parts) | Or(parts):
            return 1 + max(_levels(part, of_definition) for part in parts)
        case Flag(fact) if fact.startswith("defined."):
            return 1 + of_definition(fact.removeprefix("defined."))
        case _:
            return 1


def _unread(rulebook: Rulebook, line_of: LineOf) -> Iterator[RuleMistake]:
    """What no condition reads: it looks like law, and does nothing."""
    read = {name for line in condition_lines(rulebook) for name in names(line.condition.expression)}
    read |= {f"reading.{rule.not_subject_point}" for rule in rulebook.rules}
    given = {
        **{f"defined.{name}": (one.file, name) for name, one in rulebook.definitions.items()},
        **{f"parameter.{name}": (one.file, name) for name, one in rulebook.parameters.items()},
        **{f"set.{name}": (one.file, name) for name, one in rulebook.sets.items()},
        **{f"reading.{name}": (one.file, one.id) for name, one in rulebook.points.items()},
    }
    for full, (file, name) in given.items():
        if full not in read:
            yield RuleMistake(file, line_of(file, name), name, f"no rule reads {full}", "use it, or remove it")
