"""Reads what is dated beside the rules (definitions, parameters, sets), contested points and the vocabulary."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from lexloci.law.expression import ConditionError, parse
from lexloci.law.mistake import RuleMistake
from lexloci.law.node import Node
from lexloci.law.rule import Condition, Dated, FactType, Point, Timeline
from lexloci.model.act import Role
from lexloci.model.citation import Citation
from lexloci.model.errors import RulebookError

T = TypeVar("T")
FACT_TYPES = ("bool", "number", "text", "country")


def conditions(item: Node, key: str = "when") -> tuple[Condition, ...]:
    """The conditions in the list under a key; those outside the language are mistakes with a caret, and left out."""
    found: list[Condition] = []
    for place, text in enumerate(item.texts(key)):
        line = item.line(key, place)
        try:
            found.append(Condition(text, parse(text), line))
        except ConditionError as error:
            mend = "see docs/reference/rulebook.md"
            name = f"{item.name}: {key}"
            wrong = RuleMistake(item.source.file, line, name, error.why, mend, text, error.column + 1)
            if item.mistakes is None:
                raise RulebookError(str(wrong)) from None
            item.mistakes.append(wrong)
    return tuple(found)


def published(item: Node, released: date) -> date:
    """The day on which something could be known: a rulebook holds nothing that was published after it."""
    day = item.day("published")
    if day > released:
        mend = "mend the day, or the version in version.yaml"
        item.refuse(f"published {day} is later than the rulebook's version of {released}", mend, "published")
    return day


def definition(node: Node, released: date) -> Timeline[tuple[Condition, ...]]:
    """A named condition; a version without lines would always hold, and is refused."""

    def lines(item: Node) -> tuple[Condition, ...]:
        if not item.texts("when"):
            item.refuse("has no when", "give at least one condition")
        return conditions(item)

    return _timeline(node, lines, released)


def parameter(node: Node, released: date) -> Timeline[float]:
    """A limit."""
    return _timeline(node, lambda item: item.number("value"), released)


def dated_set(node: Node, released: date) -> Timeline[frozenset[str]]:
    """A set; a version gives ``members``, or ``add`` and ``remove`` against the one before."""
    members: frozenset[str] = frozenset()

    def value(item: Node) -> frozenset[str]:
        nonlocal members
        add, remove = frozenset(item.texts("add")), frozenset(item.texts("remove"))
        if item.has("members") is (item.has("add") or item.has("remove")):
            item.refuse("gives not just one of members, and add or remove", "give the whole set, or what changed")
        if item.has("members"):
            members = frozenset(item.texts("members"))
        if remove - members:
            absent = ", ".join(sorted(remove - members))
            item.refuse(f"removes {absent}, which the set did not hold", "mend the history", "remove")
        if add & members - remove and not item.has("members"):
            present = ", ".join(sorted(add & members))
            item.refuse(f"adds {present}, which the set held already", "mend the history", "add")
        members = (members | add) - remove
        return members

    return _timeline(node, value, released)


def point(node: Node) -> Point:
    """A contested point."""
    child = node.child("options")
    options = {name: child.text(name) for name in child.data}
    if len(options) < 2:
        node.refuse("has fewer than two options", "a contested point needs at least two")
    citation = Citation(node.text("citation"), node.optional("url"))
    found = Point(node.name, node.text("question"), options, citation, node.source.file)
    node.refuse_the_rest()
    return found


def vocabulary(node: Node) -> dict[str, FactType]:
    """The facts of a vocabulary; an attribute of parties is one of every role, and of ``party``."""
    found: dict[str, FactType] = {}
    for name, item in node.child("facts").items():
        found[name] = _fact_type(name, item, "")
    for attribute, item in node.child("party_attributes").items():
        for role in (*(role.value for role in Role), "party"):
            name = f"{role}.{attribute}"
            if name in found:
                item.refuse(f"{name} is given twice in the vocabulary", "rename one of them")
            found[name] = _fact_type(name, item, role)
    node.refuse_the_rest()
    return found


def _fact_type(name: str, item: Node, role: str) -> FactType:
    question = item.text("question").replace("{role}", role.replace("_", " "))
    kind = item.choice("type", {kind: kind for kind in FACT_TYPES})
    domain = item.texts("domain")
    if domain and kind != "text":
        item.refuse(f"{name} has a domain, and is no text", "remove its domain")
    item.refuse_the_rest()
    return FactType(name, kind, question, domain)


def _timeline(node: Node, value: Callable[[Node], T], released: date) -> Timeline[T]:
    versions: list[Dated[T]] = []
    for item in node.children("versions"):
        since = item.day("since")
        if versions and since <= versions[-1].since and since != date.min:
            item.refuse(
                f"since {since} does not come after {versions[-1].since}", "order the versions by date", "since"
            )
        citation = Citation(item.text("citation"), item.optional("url"))
        versions.append(Dated(since, published(item, released), value(item), citation))
        item.refuse_the_rest()
    if not versions:
        node.refuse("has no versions", "give at least one with since, published and citation")
    timeline = Timeline(node.name, node.text("meaning"), tuple(versions), node.optional("unit"), node.source.file)
    node.refuse_the_rest()
    return timeline
