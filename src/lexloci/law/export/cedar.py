"""A selection as Cedar: a schema, and policies that permit an act only where it may be placed.

Kinds of act are actions, the request is the context (``lexloci.law.export.bands.cedar_request``). A
policy that fails is skipped in Cedar, so that a failing ``forbid`` would let an act pass: each
``permit`` therefore repeats the whole condition, and the ``forbid`` policies, one for each rule that
stands in the way, say why. With the schema nothing fails; without it a failure still permits nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lexloci.law.export.bands import NAMESPACE, action, band_of, bands_of
from lexloci.law.export.formula import Absent, AllOf, Among, AnyOf, Compared, Fact, Formula, HasRole, Pair
from lexloci.law.export.selection import ExportedRule, Selection
from lexloci.law.expression import Literal
from lexloci.model.act import ActKind

_TYPES = {"bool": "Bool", "number": "Long", "text": "String"}


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy: its id (of a rule, or of another thing in the way), whether it permits, its text."""

    id: str
    permits: bool
    text: str


def cedar_schema(selection: Selection) -> str:
    """The schema: a party acts at a site; each kind of act is an action."""
    facts = "".join(f"\n    {_text(fact.name)}?: {_TYPES[fact.type]}," for fact in selection.facts)
    actions = ", ".join(_text(kind.value) for kind in selection.kinds)
    return f"""// A fact that is not in the context is unknown; one whose name is in `absent` is known not to exist.
// A number is told as its band: bands.json. `on` is the day of the act as the number YYYYMMDD.
namespace {NAMESPACE} {{
  entity Party, Site;
  type Facts = {{{facts}
  }};
  type Request = {{
    on: Long,
    asked: Set<String>,
    roles: Set<String>,
    authorisations: Set<String>,
    absent: Set<String>,
    facts: Facts,
  }};
  action {actions} appliesTo {{ principal: [Party], resource: [Site], context: Request }};
}}
"""


def cedar_policies(selection: Selection) -> tuple[Policy, ...]:
    """The policies: first one permit for each kind of act, then a forbid for each thing that can stand in its way."""
    return tuple(_Cedar(selection).policies())


@dataclass(frozen=True)
class _Cedar:
    selection: Selection

    @cached_property
    def cuts(self) -> dict[str, Sequence[float]]:
        found: dict[str, Sequence[float]] = bands_of(self.selection)["cuts"]
        return found

    def policies(self) -> Iterator[Policy]:
        """Every policy in order."""
        for kind in self.selection.kinds:
            if not self.selection.epoch.is_stale:
                yield _policy("permit", f"permit.{kind.value}", [kind], self.placeable(kind))
        for one in self.selection.rules:
            if one.blocks:
                note = f"// {one.rule.title} ({one.rule.citation.text})"
                yield _policy("forbid", one.id, one.kinds, self.in_the_way(one), note)
        kinds = self.selection.kinds
        for body in self.selection.bodies:
            own = [one for one in self.selection.counting if one.rule.body == body]
            silent = f"context.asked.contains({_text(body)}) && !{_group(self.speaks(own))}"
            yield _policy("forbid", f"silent.{body}", kinds, silent)
        yield _policy("forbid", "silent", kinds, f"!{self.known_bodies()}")
        nobody = f"context.asked.isEmpty() && !{_group(self.speaks(self.selection.counting))}"
        yield _policy("forbid", "silent.nobody-asked", kinds, nobody)
        for counter, against in self.selection.conflicts:
            yield _policy("forbid", f"conflict.{counter.id}", counter.kinds, self.conflict(counter, against))
        yield _policy("forbid", "epoch", kinds, f"!{_group(self.in_epoch())}")
        if self.selection.epoch.is_stale:
            yield _policy("forbid", "stale", kinds, "true")

    def placeable(self, kind: ActKind) -> str:
        """Whether nothing can stand in the way of an act of the kind: the contrary of every forbid."""
        rules = [one for one in self.selection.rules if kind in one.kinds]
        counting = [one for one in rules if one.counts]
        parts = [self.in_epoch(), self.known_bodies()]
        for body in self.selection.bodies:
            speaks = self.speaks([one for one in counting if one.rule.body == body], kind)
            parts.append(f"!context.asked.contains({_text(body)}) || {_group(speaks)}")
        parts.append(f"!context.asked.isEmpty() || {_group(self.speaks(counting, kind))}")
        parts += [self.out_of_the_way(one) for one in rules if one.blocks]
        for counter, against in self.selection.conflicts:
            if kind in counter.kinds:
                free = [self.out_of_the_way(one) for one in against if kind in one.kinds]
                parts.append(_any([self.out_of_the_way(counter), _all(free)]))
        return _all(parts)

    def in_the_way(self, one: ExportedRule) -> str:
        """Whether a rule of the act's kind may hold, and nothing lifts it."""
        return f"!{_group(self.out_of_the_way(one))}"

    def out_of_the_way(self, one: ExportedRule) -> str:
        """Whether a rule of the act's kind is ruled out, or an authorisation lifts it."""
        return _any([self.formula(one.refuted), *_held(one)])

    def speaks(self, rules: Iterable[ExportedRule], kind: ActKind | None = None) -> str:
        """Whether one of the rules is certain, for acts of one kind or, with none given, of the kinds of each."""
        return _any([self.certain(one, kind) for one in rules])

    def certain(self, one: ExportedRule, kind: ActKind | None) -> str:
        """Whether a rule counts as certain."""
        decides = [] if one.decides else [_any(_held(one))]
        of_kind = [] if kind or not self.selection.of_other_kinds(one) else [f"action in {_actions(one.kinds)}"]
        return _all([*of_kind, self.formula(one.holds), *decides])

    def conflict(self, counter: ExportedRule, against: Sequence[ExportedRule]) -> str:
        """Whether a counter-rule meets a rule that it is against."""
        met = [_all([f"action in {_actions(one.kinds)}", self.in_the_way(one)]) for one in against]
        return _all([self.in_the_way(counter), _any(met)])

    def known_bodies(self) -> str:
        """Whether every body that is asked is one of the export."""
        bodies = self.selection.bodies
        return f"{_set(bodies)}.containsAll(context.asked)" if bodies else "context.asked.isEmpty()"

    def in_epoch(self) -> str:
        """Whether the day of the act lies in the epoch."""
        epoch = self.selection.epoch
        begin = [f"context.on >= {epoch.begin:%Y%m%d}"] if epoch.begin else []
        return _all([*begin, *([f"context.on < {epoch.end:%Y%m%d}"] if epoch.end else [])])

    def formula(self, formula: Formula) -> str:
        """A formula over the context."""
        match formula:
            case AllOf(parts):
                return _all([self.formula(part) for part in parts])
            case AnyOf(parts):
                return _any([self.formula(part) for part in parts])
            case HasRole(role, lacks):
                return f"{'!' if lacks else ''}context.roles.contains({_text(role)})"
            case Absent(fact):
                return f"context.absent.contains({_text(fact.name)})"
            case Among(fact, members, outside) if members:
                inside = f"{_set([self.literal(fact, member) for member in members])}.contains({_value(fact)})"
                return f"{_known(fact)} && {'!' if outside else ''}{inside}"
            case Among(fact):
                return _known(fact)
            case Pair(fact, operator, other):
                return f"{_known(fact)} && {_known(other)} && {_value(fact)} {operator} {_value(other)}"
            case Compared(fact, operator, literal):
                return f"{_known(fact)} && {_value(fact)} {operator} {_word(self.literal(fact, literal))}"

    def literal(self, fact: Fact, literal: Any) -> Literal:
        """A literal as Cedar is told it: a number as the band of its cut."""
        return band_of(self.cuts[fact.name], literal) if fact.type == "number" else literal


def _policy(effect: str, name: str, kinds: Sequence[ActKind], condition: str, note: str = "") -> Policy:
    head = f"{note}\n" if note else ""
    scope = f"{effect} (principal, action in {_actions(kinds)}, resource)"
    return Policy(name, effect == "permit", f"{head}@id({_text(name)})\n{scope}\nwhen {{\n  {condition}\n}};\n")


def _held(one: ExportedRule) -> list[str]:
    return [f"context.authorisations.contains({_text(kind)})" for kind in one.rule.lifted_by]


def _known(fact: Fact) -> str:
    return f"context.facts has {_text(fact.name)}"


def _value(fact: Fact) -> str:
    return f"context.facts[{_text(fact.name)}]"


def _actions(kinds: Iterable[ActKind]) -> str:
    return f"[{', '.join(action(kind.value) for kind in kinds)}]"


def _all(parts: Sequence[str]) -> str:
    return " && ".join(map(_group, parts)) or "true"


def _any(parts: Sequence[str]) -> str:
    return " || ".join(map(_group, parts)) or "false"


def _group(text: str) -> str:
    """The text in parentheses, but for a lone test."""
    return f"({text})" if " && " in text or " || " in text else text


def _set(items: Iterable[Literal]) -> str:
    return f"[{', '.join(map(_word, items))}]"


def _word(literal: Literal) -> str:
    if isinstance(literal, bool):
        return "true" if literal else "false"
    return _text(literal) if isinstance(literal, str) else str(int(literal))


def _text(text: str) -> str:
    """A text in double quotes with Cedar's escapes."""
    escaped = re.sub(r'[\\"]', r"\\\g<0>", text)
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\u{{{ord(found.group()):x}}}", escaped) + '"'
