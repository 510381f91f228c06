"""A selection as CEL: named expressions, each of which reads the request and those before it.

Every expression reads ``variables``: the host sets ``variables.request`` (``lexloci.law.export.request``),
evaluates the list in its order and adds each result under its name, as Kubernetes does with the
variables of a ValidatingAdmissionPolicy. The last, ``outcome``, is the answer.

A fact's variable holds its value, null where the fact is absent, and an empty list where it is
unknown or of another type than the vocabulary declares: no test is true of an empty list. None of
the expressions fails on any JSON; a host must take a failure as human review.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from lexloci.law.asked import role_in
from lexloci.law.export.formula import Absent, AllOf, Among, AnyOf, Compared, Fact, Formula, HasRole, Pair, shared_parts
from lexloci.law.export.request import KEYS
from lexloci.law.export.selection import LEVELS, ExportedRule, Selection, identifiers
from lexloci.law.expression import Literal
from lexloci.model.act import Role
from lexloci.model.outcome import Outcome

FIRED, LIFTED, POSSIBLE, POSSIBLE_LIFTED, RULED_OUT = "fired", "lifted", "possible", "possible, lifted", "ruled out"
"""What a rule's variable says of it; only ``fired`` and ``lifted`` are certain."""
_TYPES = {"bool": "bool", "number": "double", "text": "string"}
_DUTY = Outcome.PERMITTED_WITH_DUTIES.severity


@dataclass(frozen=True, slots=True)
class Named:
    """One expression and its name; ``about`` is the fact or the rule behind it."""

    name: str
    expression: str
    about: str = ""


def cel_expressions(selection: Selection) -> tuple[Named, ...]:
    """The expressions of a selection in the order of their evaluation."""
    return tuple(_Cel(selection).all())


@dataclass(frozen=True)
class _Cel:
    selection: Selection

    @cached_property
    def rule_names(self) -> dict[str, str]:
        return dict(identifiers((one.id for one in self.selection.rules), "rule_"))

    @cached_property
    def fact_names(self) -> dict[str, str]:
        return dict(identifiers((fact.name for fact in self.selection.facts), "fact_"))

    @cached_property
    def part_names(self) -> dict[Formula, str]:
        formulas = (formula for one in self.selection.rules for formula in (one.holds, one.refuted))
        return {formula: f"part_{number}" for number, formula in enumerate(shared_parts(formulas), start=1)}

    def all(self) -> list[Named]:
        """The request's parts, the roles, the facts, the rules, and what they come to."""
        sound = "variables.sound ? variables.request.{0} : dyn({1})"
        parts = (("kind", '""'), ("asked", "[]"), ("roles", "[]"), ("authorisations", "[]"), ("facts", "{}"))
        return [
            Named("sound", self.sound()),
            *(Named(part, sound.format(part, otherwise)) for part, otherwise in parts),
            *(Named(f"role_{role}", _has_role(role)) for role in self.selection.roles),
            *(Named(self.fact_names[fact.name], _fact(fact), fact.name) for fact in self.selection.facts),
            *(Named(name, self.formula(part)) for part, name in self.part_names.items()),
            *(Named(self.rule_names[one.id], self.rule(one), one.id) for one in self.selection.rules),
            *self.sums(),
        ]

    def sound(self) -> str:
        """Whether the request is one that this export can answer."""
        epoch = self.selection.epoch
        request = "variables.request"
        keys = _list(KEYS)
        checks = [
            f"type({request}) == map",
            f"{request}.all(key, key in {keys})",
            f"{keys}.all(key, key in {request})",
            f"{request}.kind in {_list(kind.value for kind in self.selection.kinds)}",
            f"type({request}.on) == string",
            f'{request}.on.matches("^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$")',
            *([f'{request}.on >= "{epoch.begin.isoformat()}"'] if epoch.begin else []),
            *([f'{request}.on < "{epoch.end.isoformat()}"'] if epoch.end else []),
            f"type({request}.asked) == list",
            f"type({request}.roles) == list",
            f"{request}.roles.all(role, role in {_list(role.value for role in Role)})",
            f"type({request}.authorisations) == list",
            f"type({request}.facts) == map",
        ]
        return " && ".join(checks)

    def rule(self, one: ExportedRule) -> str:
        """What the rule is in this act: one of the five states."""
        silent = f"!(variables.kind in {_list(kind.value for kind in one.kinds)})"
        refuted = self.part(one.refuted)
        refuted = f"{silent} || {refuted}" if self.selection.of_other_kinds(one) else refuted
        lifted = " || ".join(f"{_text(kind)} in variables.authorisations" for kind in one.rule.lifted_by)
        fired = FIRED if one.decides else POSSIBLE
        certain = f'({lifted} ? "{LIFTED}" : "{fired}")' if lifted else f'"{fired}"'
        open_ = f'({lifted} ? "{POSSIBLE_LIFTED}" : "{POSSIBLE}")' if lifted else f'"{POSSIBLE}"'
        return f'({refuted}) ? "{RULED_OUT}" : {self.part(one.holds)} ? {certain} : {open_}'

    def sums(self) -> list[Named]:
        """The levels, the bodies that speak, what stands in the way, the outcome."""
        counting = self.selection.counting
        speaking = [
            f"({self.any_is(own, FIRED, LIFTED)} ? [{_text(body)}] : [])"
            for body in self.selection.bodies
            if (own := [one for one in counting if one.rule.body == body])
        ]
        levels = [(level, [one for one in counting if one.fired_level == level]) for level in range(len(LEVELS))]
        may = [(level, [one for one in counting if one.possible_level == level]) for level in range(len(LEVELS))]
        certain = "0"
        possible = "0"
        for level in range(1, len(LEVELS)):
            fired, open_ = self.any_is(levels[level][1], FIRED), self.any_is(may[level][1], POSSIBLE)
            duty = level == _DUTY
            certain = f"{_or(fired, *([self.any_is(counting, LIFTED)] if duty else []))} ? {level} : {certain}"
            duties = [self.any_is(counting, LIFTED, POSSIBLE_LIFTED)] if duty else []
            possible = f"{_or(fired, open_, *duties)} ? {level} : {possible}"
        worst = len(LEVELS) - 1
        in_doubt = "!variables.sound || size(variables.silent) > 0 || size(variables.conflicts) > 0"
        in_doubt = f"true || {in_doubt}" if self.selection.epoch.is_stale else in_doubt
        decided = f"variables.possible_level == variables.certain_level || variables.possible_level <= {_DUTY}"
        return [
            Named("speaking", " + ".join(speaking) or "[]"),
            Named("silent", self.silent()),
            Named("conflicts", self.conflicts()),
            Named("certain_level", certain),
            Named("possible_level", f"({in_doubt}) ? {worst} : {possible}"),
            Named("certain_outcome", f"{_words()}[variables.certain_level]"),
            Named("possible_outcome", f"{_words()}[variables.possible_level]"),
            Named("blocking", self.listed((one for one in counting if one.blocks), FIRED, POSSIBLE)),
            Named("duties", self.duties()),
            Named("outcome", f'variables.sound && ({decided}) ? variables.possible_outcome : "human review"'),
        ]

    def silent(self) -> str:
        """The bodies that were asked and say nothing certain; nobody asked and nothing certain is silence too."""
        nobody = "size(variables.asked) == 0 && size(variables.speaking) == 0"
        return f"{nobody} ? [dyn(variables.kind)] : variables.asked.filter(body, !(body in variables.speaking))"

    def conflicts(self) -> str:
        """The counter-rules that meet a rule that they are against, with nothing lifting either."""
        met = [
            f"(({self.any_is([counter], FIRED, POSSIBLE)}) && ({self.any_is(against, FIRED, POSSIBLE)})"
            f" ? [{_text(counter.id)}] : [])"
            for counter, against in self.selection.conflicts
        ]
        return " + ".join(met) or "[]"

    def duties(self) -> str:
        """The ids of the rules that bring or may bring a duty: by their own level, or because they are lifted."""
        own = [one for one in self.selection.counting if _DUTY in (one.fired_level, one.possible_level)]
        lifted = [one for one in self.selection.counting if one.rule.lifted_by and one not in own]
        by_level = self.listed(own, FIRED, POSSIBLE, LIFTED, POSSIBLE_LIFTED)
        return f"{by_level} + {self.listed(lifted, LIFTED, POSSIBLE_LIFTED)}"

    def listed(self, rules: Iterable[ExportedRule], *states: str) -> str:
        """The ids of those of the rules that are in one of the states."""
        pairs = ", ".join(f"[{_text(one.id)}, {self.named(one)}]" for one in rules)
        return f"[{pairs}].filter(rule, rule[1] in {_list(states)}).map(rule, rule[0])" if pairs else "[]"

    def named(self, one: ExportedRule) -> str:
        """The variable of a rule."""
        return f"variables.{self.rule_names[one.id]}"

    def any_is(self, rules: Iterable[ExportedRule], *states: str) -> str:
        """Whether any of the rules is in one of the states."""
        listed = ", ".join(self.named(one) for one in rules)
        return _or(*(f'"{state}" in [{listed}]' for state in states)) if listed else "false"

    def formula(self, formula: Formula) -> str:
        """A formula over the variables of facts and roles."""
        match formula:
            case AllOf(parts):
                return " && ".join(self.part(part) for part in parts) or "true"
            case AnyOf(parts):
                return " || ".join(self.part(part) for part in parts) or "false"
            case HasRole(role, lacks):
                return f"!variables.role_{role}" if lacks else f"variables.role_{role}"
            case Absent(fact):
                return f"{self.value(fact)} == null"
            case Among(fact, members, outside):
                inside = f"{self.value(fact)} in {_list(members)}"
                return f"{self.known(fact)} && !({inside})" if outside else inside
            case Pair(fact, operator, other):
                return f"{self.known(fact)} && {self.known(other)} && {self.value(fact)} {operator} {self.value(other)}"
            case Compared(fact, operator, literal):
                compared = f"{self.value(fact)} {operator} {_literal(literal)}"
                return compared if operator == "==" else f"{self.known(fact)} && {compared}"

    def part(self, formula: Formula) -> str:
        """A formula as a part of another."""
        if formula in self.part_names:
            return f"variables.{self.part_names[formula]}"
        text = self.formula(formula)
        return f"({text})" if " && " in text or " || " in text else text

    def value(self, fact: Fact) -> str:
        """The variable of a fact."""
        return f"variables.{self.fact_names[fact.name]}"

    def known(self, fact: Fact) -> str:
        """Whether the fact has a value."""
        return f"type({self.value(fact)}) == {_TYPES[fact.type]}"


def _has_role(role: str) -> str:
    return f'"{role}" in variables.roles || variables.facts.exists(name, name.startsWith("{role}."))'


def _fact(fact: Fact) -> str:
    """The value of a fact, null where it is absent, an empty list where it is unknown."""
    value = f"variables.facts[{_text(fact.name)}]"
    role = role_in(fact.name)
    unstated = f"(variables.role_{role} ? dyn([]) : dyn(null))" if role else "dyn([])"
    whole = f"type({value}) == int ? dyn(double({value})) : dyn([])" if fact.type == "number" else "dyn([])"
    stated = f"(type({value}) == {_TYPES[fact.type]} || {value} == null ? {value} : {whole})"
    return f"{_text(fact.name)} in variables.facts ? {stated} : {unstated}"


def _or(*parts: str) -> str:
    kept = [part for part in dict.fromkeys(parts) if part != "false"]
    return " || ".join(kept) or "false"


def _words() -> str:
    return _list(outcome.value for outcome in LEVELS)


def _list(items: Iterable[Literal]) -> str:
    return f"[{', '.join(_literal(item) for item in items)}]"


def _literal(literal: Literal) -> str:
    if isinstance(literal, bool):
        return "true" if literal else "false"
    return _text(literal) if isinstance(literal, str) else repr(float(literal))


def _text(text: str) -> str:
    """A text in double quotes; the escapes of JSON are among those of CEL."""
    return json.dumps(text, ensure_ascii=False)
