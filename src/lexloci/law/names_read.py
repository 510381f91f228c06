"""Which names do conditions read, those of their named conditions included; and which of these are dated?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lexloci.law.expression import names
from lexloci.law.rule import Condition, Rule, Rulebook, Timeline


def names_read(rulebook: Rulebook, conditions: Iterable[Condition]) -> tuple[str, ...]:
    """Every name that the conditions read, in order of appearance, each named condition before what it reads itself."""
    found: dict[str, None] = {}

    def visit(read: Iterable[str]) -> None:
        for name in read:
            if name in found:
                continue
            found[name] = None
            if name.startswith("defined."):
                versions = rulebook.definitions[name.removeprefix("defined.")].versions
                visit(one for version in versions for line in version.value for one in names(line.expression))

    visit(one for line in conditions for one in names(line.expression))
    return tuple(found)


def dated_names(rulebook: Rulebook, rule: Rule) -> dict[str, Timeline[Any]]:
    """The dated names that a rule reads, with their versions."""
    return timelines_read(rulebook, (*rule.when, *rule.unless, *rule.not_subject_when))


def timelines_read(rulebook: Rulebook, conditions: Iterable[Condition]) -> dict[str, Timeline[Any]]:
    """The dated names that conditions read, with their versions: ``defined.x``, ``parameter.x``, ``set.x``."""
    found: dict[str, Timeline[Any]] = {}
    for name in names_read(rulebook, conditions):
        kind, _, term = name.partition(".")
        if kind == "defined":
            found[name] = rulebook.definitions[term]
        elif kind == "parameter":
            found[name] = rulebook.parameters[term]
        elif kind == "set":
            found[name] = rulebook.sets[term]
    return found
