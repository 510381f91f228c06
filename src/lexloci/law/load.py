"""Reads a rulebook from its folders and refuses what does not compile.

Layout: ``version.yaml`` and ``vocabulary.yaml`` at the top; one folder an authority with ``rules/``
(one rule a file, its id is ``<folder>.<file>``), ``definitions/``, ``parameters/``, ``sets/`` and
``points/`` (a mapping of names a file). docs/reference/rulebook.md describes every key.

What fails here, never when asked: unknown keys, outcomes, facts, parameters, sets, definitions,
points and options; comparisons of unlike types; values outside a closed domain; dates that are
missing, malformed or out of order; cycles of definitions; names given twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from lexloci.law.check import check_rulebook
from lexloci.law.expression import parse
from lexloci.law.node import Node, read_node
from lexloci.law.rule import (
    Condition,
    Dated,
    DutyRule,
    EffectKind,
    FactType,
    Point,
    Rule,
    Rulebook,
    Scope,
    Standing,
    Timeline,
    Turn,
)
from lexloci.model.act import ActKind, Role
from lexloci.model.citation import Citation, Verification
from lexloci.model.errors import RulebookError
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

T = TypeVar("T")
FACT_TYPES = ("bool", "number", "text", "country")
_TOP_FILES = (("version.yaml",), ("vocabulary.yaml",))
_KINDS = ("rules", "definitions", "parameters", "sets", "points", "cases")
VERIFICATIONS = {level.name.lower(): level for level in Verification}


def load_rulebook(folder: Path) -> Rulebook:
    """The rulebook in a folder; RulebookError names the file, the line and the mend."""
    _refuse_strays(folder)
    version = read_node(folder / "version.yaml", folder)
    vocabulary = _vocabulary(read_node(folder / "vocabulary.yaml", folder))
    definitions = _named(folder, "definitions", lambda node: _timeline(node, _definition))
    parameters = _named(folder, "parameters", lambda node: _timeline(node, lambda item: item.number("value")))
    sets = _named(folder, "sets", _set)
    points = _named(folder, "points", _point)
    rules = tuple(_rule(read_node(path, folder), path, folder) for path in sorted(folder.glob("*/rules/*.yaml")))
    by_act = {kind: tuple(rule for rule in rules if kind in rule.acts) for kind in ActKind}
    rulebook = Rulebook(
        version=version.text("version"),
        reviewed=version.day("reviewed"),
        limit_days=int(version.number("limit_days")),
        rules=rules,
        definitions=definitions,
        parameters=parameters,
        sets=sets,
        points=points,
        vocabulary=vocabulary,
        rules_by_act=by_act,
    )
    version.refuse_the_rest()
    check_rulebook(rulebook)
    return rulebook


def _refuse_strays(folder: Path) -> None:
    """RulebookError for a file that nothing would read: a rule that is not loaded permits in silence."""
    for path in sorted((*folder.rglob("*.yaml"), *folder.rglob("*.yml"))):
        parts = path.relative_to(folder).parts
        is_read = parts in _TOP_FILES or (len(parts) == 3 and parts[1] in _KINDS and path.suffix == ".yaml")
        if not is_read:
            mend = f"move it to <authority>/<kind>/<name>.yaml, kind being one of {', '.join(_KINDS)}"
            raise RulebookError(f"{path.relative_to(folder)}: nothing reads this file; {mend}")


def _vocabulary(node: Node) -> dict[str, FactType]:
    """Facts by name; ``party_attributes`` are spelt out for every role."""
    found: dict[str, FactType] = {}
    for name, item in node.child("facts").items():
        found[name] = _fact_type(name, item, "")
    for attribute, item in node.child("party_attributes").items():
        for role in (*(role.value for role in Role), "party"):
            name = f"{role}.{attribute}"
            if name in found:
                raise item.error(f"{name} is given twice in the vocabulary", "rename one of them")
            found[name] = _fact_type(name, item, role)
    node.refuse_the_rest()
    return found


def _fact_type(name: str, item: Node, role: str) -> FactType:
    question = item.text("question").replace("{role}", role.replace("_", " "))
    kind = item.choice("type", {kind: kind for kind in FACT_TYPES})
    domain = item.texts("domain")
    if domain and kind != "text":
        raise item.error(f"{name} has a domain, and is no text", "remove its domain")
    item.refuse_the_rest()
    return FactType(name, kind, question, domain)


def _named(folder: Path, kind: str, build: Callable[[Node], T]) -> Mapping[str, T]:
    """Everything of one kind in all folders, by name; a name given twice is refused."""
    found: dict[str, T] = {}
    for path in sorted(folder.glob(f"*/{kind}/*.yaml")):
        for name, item in read_node(path, folder).items():
            full = f"{path.parent.parent.name}.{name}" if kind == "points" else name
            if full in found:
                raise item.error(f"{full} is given twice among the {kind}", "rename one of them")
            found[full] = build(item)
    return found


def _timeline(node: Node, value: Callable[[Node], T]) -> Timeline[T]:
    versions: list[Dated[T]] = []
    for item in node.children("versions"):
        since = item.day("since")
        if versions and since <= versions[-1].since:
            raise item.error(f"since {since} does not come after {versions[-1].since}", "order the versions by date")
        citation = Citation(item.text("citation"), item.optional("url"))
        versions.append(Dated(since, item.day("published"), value(item), citation))
        item.refuse_the_rest()
    if not versions:
        raise node.error("has no versions", "give at least one with since, published and citation")
    timeline = Timeline(node.name, node.text("meaning"), tuple(versions), node.optional("unit"), node.source.file)
    node.refuse_the_rest()
    return timeline


def _definition(item: Node) -> tuple[Condition, ...]:
    """The lines of a definition; one without lines would always hold."""
    if not item.texts("when"):
        raise item.error("has no when", "give at least one condition")
    return _conditions(item)


def _conditions(item: Node) -> tuple[Condition, ...]:
    return tuple(_condition(item, text) for text in item.texts("when"))


def _condition(item: Node, text: str) -> Condition:
    try:
        return Condition(text, parse(text))
    except RulebookError as error:
        raise item.error(str(error), "see docs/reference/rulebook.md") from None


def _set(node: Node) -> Timeline[frozenset[str]]:
    """A dated set; a version gives ``members``, or ``add`` and ``remove`` against the one before."""
    members: frozenset[str] = frozenset()

    def value(item: Node) -> frozenset[str]:
        nonlocal members
        members = frozenset(item.texts("members")) if item.has("members") else members
        absent = set(item.texts("remove")) - members
        if absent:
            raise item.error(f"removes {', '.join(sorted(absent))}, which the set did not hold", "mend the history")
        members = (members | frozenset(item.texts("add"))) - frozenset(item.texts("remove"))
        return members

    return _timeline(node, value)


def _point(node: Node) -> Point:
    options = {name: node.child("options").text(name) for name, _ in node.child("options").items()}
    if len(options) < 2:
        raise node.error("has fewer than two options", "a contested point needs at least two")
    point = Point(node.name, node.text("question"), options, Citation(node.text("citation"), node.optional("url")))
    node.refuse_the_rest()
    return point


def _rule(node: Node, path: Path, folder: Path) -> Rule:
    rule_id = f"{path.parent.parent.name}.{path.stem}"
    if node.text("id") != rule_id:
        raise node.error(f"id {node.text('id')} does not match its file", f"write {rule_id}")
    kind = node.choice("effect", {kind.value: kind for kind in EffectKind}, EffectKind.OUTCOME)
    outcomes = {outcome.value: outcome for outcome in Outcome if outcome is not Outcome.HUMAN_REVIEW}
    rule = Rule(
        id=rule_id,
        title=node.text("title"),
        authority=node.text("authority"),
        body=node.text("body"),
        scope=node.choice("scope", {scope.value: scope for scope in Scope}),
        verification=node.choice("verification", VERIFICATIONS),
        citation=Citation(node.text("citation"), node.text("url")),
        text=node.text("text"),
        acts=frozenset(node.choices("acts", {act.value: act for act in ActKind})),
        turns=tuple(_turn(item) for item in node.children("turns")),
        when=_conditions(node),
        unless=tuple(_condition(node, text) for text in node.texts("unless")),
        kind=kind,
        outcome=node.choice("outcome", outcomes, None if kind is EffectKind.OUTCOME else Outcome.PERMITTED),
        reason=node.text("reason"),
        for_any=tuple(role.value for role in node.choices("for_any", {role.value: role for role in Role})),
        lifted_by=node.texts("lifted_by"),
        duties=tuple(_duty(item) for item in node.children("duties")),
        levers=node.texts("levers"),
        review=node.optional("review"),
        not_subject_point=node.optional("not_subject_point"),
        not_subject_when=tuple(_condition(node, text) for text in node.texts("not_subject_when")),
        against=node.texts("against"),
        lead_time_days=int(node.number("lead_time_days", 0)),
        file=str(path.relative_to(folder)),
    )
    node.refuse_the_rest()
    _check_turns(rule, node)
    return rule


def _turn(item: Node) -> Turn:
    layer = item.choice("layer", {basis.value: basis for basis in Basis}) if item.has("layer") else None
    standing = item.choice("standing", {standing.value: standing for standing in Standing})
    turn = Turn(item.day("on"), standing, item.day("published"), layer, item.text("by"))
    item.refuse_the_rest()
    return turn


def _duty(item: Node) -> DutyRule:
    duty = DutyRule(item.text("text"), item.optional("evidence"), int(item.number("lead_time_days", 0)))
    item.refuse_the_rest()
    return duty


def _check_turns(rule: Rule, node: Node) -> None:
    days = [turn.on for turn in rule.turns]
    if not days:
        raise node.error("has no turns", "say since when it is in force, and when that was published")
    if days != sorted(days):
        raise node.error("has turns out of order", "order them by date")
    if rule.turns[0].standing is not Standing.IN_FORCE and rule.turns[0].standing is not Standing.UNSETTLED:
        raise node.error("ends before it begins", "the first turn says when it comes into force")
    if not rule.acts:
        raise node.error("names no kind of act", "list the acts that it speaks about")
    if rule.kind is EffectKind.PERMIT and not rule.outcome.is_placeable:
        raise node.error(f"permits, and has the outcome {rule.outcome.value}", "write effect: outcome")
