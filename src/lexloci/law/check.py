"""Does a rulebook hold together: every name known, every comparison of like with like, no cycle?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lexloci.law.expression import And, Compare, Expression, Flag, Literal, Member, Name, Not, Or, names
from lexloci.law.rule import Condition, EffectKind, Rule, Rulebook
from lexloci.model.errors import RulebookError

_NUMERIC = {"<", "<=", ">", ">="}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def check_rulebook(rulebook: Rulebook) -> None:
    """RulebookError for the first thing that does not hold."""
    for name, timeline in rulebook.definitions.items():
        where = f"{timeline.file} {name}"
        for version in timeline.versions:
            _check_conditions(rulebook, version.value, where)
            if _reads_party(version.value):
                raise RulebookError(f"{where}: reads party.*; name the role, or write the line in the rule")
    _refuse_cycles(rulebook)
    for rule in rulebook.rules:
        where = f"{rule.file} {rule.id}"
        _check_conditions(rulebook, (*rule.when, *rule.unless, *rule.not_subject_when), where)
        _check_references(rulebook, rule, where)


def _check_references(rulebook: Rulebook, rule: Rule, where: str) -> None:
    known = {other.id for other in rulebook.rules}
    for other in rule.against:
        if other not in known:
            raise RulebookError(f"{where}: against: no rule {other}")
    if rule.not_subject_point and "not_subject" not in _options(rulebook, rule.not_subject_point, where):
        raise RulebookError(f"{where}: point {rule.not_subject_point} has no option not_subject")
    if rule.kind is EffectKind.COUNTER and not rule.against:
        raise RulebookError(f"{where}: a counter-rule names the rules that it is against")
    if _reads_party((*rule.when, *rule.unless)) and not rule.for_any:
        raise RulebookError(f"{where}: reads party.* without for_any; name the roles that it asks")
    if _reads_party(rule.not_subject_when):
        raise RulebookError(f"{where}: not_subject_when reads party.*; name the role")
    for name in _PLACEHOLDER.findall(rule.reason):
        if name not in rulebook.vocabulary or (name.startswith("party.") and not rule.for_any):
            raise RulebookError(f"{where}: reason: no fact {{{name}}}; write a name of the vocabulary in the braces")


def _reads_party(conditions: Iterable[Condition]) -> bool:
    return any(name.startswith("party.") for condition in conditions for name in names(condition.expression))


def _options(rulebook: Rulebook, point: str, where: str) -> Iterable[str]:
    found = rulebook.points.get(point)
    if found is None:
        raise RulebookError(f"{where}: no contested point {point}")
    return found.options


def _check_conditions(rulebook: Rulebook, conditions: Iterable[Condition], where: str) -> None:
    for condition in conditions:
        for part in _parts(condition.expression):
            _check_part(rulebook, part, f"{where}: {condition.text}")


def _parts(expression: Expression) -> Iterator[Flag | Compare | Member]:
    match expression:
        case Not(part):
            yield from _parts(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _parts(part)
        case Flag() | Compare() | Member():
            yield expression


def _check_part(rulebook: Rulebook, part: Flag | Compare | Member, where: str) -> None:
    match part:
        case Flag(fact):
            if fact.startswith("defined."):
                if fact[8:] not in rulebook.definitions:
                    raise RulebookError(f"{where}: no definition {fact[8:]}")
            elif _type(rulebook, fact, where) != "bool":
                raise RulebookError(f"{where}: {fact} is not true or false by itself")
        case Compare(fact, operator, operand):
            _check_compare(rulebook, fact, operator, operand, where)
        case Member(fact, operand):
            _check_member(rulebook, fact, operand, where)


def _check_compare(rulebook: Rulebook, fact: str, operator: str, operand: Literal | Name, where: str) -> None:
    kind = _type(rulebook, fact, where)
    if isinstance(operand, Name):
        other = "number" if operand.name.startswith("parameter.") else _type(rulebook, operand.name, where)
        if operand.name.startswith("parameter.") and operand.name[10:] not in rulebook.parameters:
            raise RulebookError(f"{where}: no parameter {operand.name[10:]}")
        if other != kind:
            raise RulebookError(f"{where}: compares {fact} ({kind}) with {operand.name} ({other})")
    else:
        _check_literal(rulebook, fact, kind, operand, where)
    if operator in _NUMERIC and kind != "number":
        raise RulebookError(f"{where}: orders {fact}, which is no number")


def _check_member(rulebook: Rulebook, fact: str, operand: tuple[Literal, ...] | Name, where: str) -> None:
    kind = _type(rulebook, fact, where)
    if isinstance(operand, Name):
        if not operand.name.startswith("set.") or operand.name[4:] not in rulebook.sets:
            raise RulebookError(f"{where}: no set {operand.name}")
        if kind not in ("country", "text"):
            raise RulebookError(f"{where}: {fact} ({kind}) cannot be in a set")
        timeline = rulebook.sets[operand.name[4:]]
        for version in timeline.versions:
            for member in sorted(version.value):
                place = f"{where}: {operand.name} ({timeline.file}) since {version.since}"
                _check_literal(rulebook, fact, kind, member, place)
        return
    for literal in operand:
        _check_literal(rulebook, fact, kind, literal, where)


def _check_literal(rulebook: Rulebook, fact: str, kind: str, literal: Literal, where: str) -> None:
    if fact.startswith("reading."):
        if literal not in set(_options(rulebook, fact[8:], where)):
            raise RulebookError(f"{where}: {literal!r} is no option of {fact[8:]}")
        return
    python_types = {"bool": bool, "number": (int, float), "text": str, "country": str}
    expected = python_types[kind]
    if not isinstance(literal, expected) or (kind == "number" and isinstance(literal, bool)):  # type: ignore[arg-type]
        raise RulebookError(f"{where}: compares {fact} ({kind}) with {literal!r}")
    if kind == "country" and not (isinstance(literal, str) and len(literal) == 2 and literal.isupper()):
        raise RulebookError(f"{where}: {literal!r} is no ISO 3166 code")
    domain = rulebook.vocabulary[fact].domain
    if domain and literal not in domain:
        raise RulebookError(f"{where}: {literal!r} is none of the values of {fact}: {', '.join(domain)}")


def _type(rulebook: Rulebook, fact: str, where: str) -> str:
    if fact.startswith("reading."):
        _options(rulebook, fact[8:], where)
        return "text"
    known = rulebook.vocabulary.get(fact)
    if known is None:
        raise RulebookError(f"{where}: no fact {fact} in the vocabulary")
    return known.type


def _refuse_cycles(rulebook: Rulebook) -> None:
    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            file = rulebook.definitions[name].file
            raise RulebookError(f"{file}: definitions in a circle: {' -> '.join((*path, name))}")
        for version in rulebook.definitions[name].versions:
            for condition in version.value:
                for used in names(condition.expression):
                    if used.startswith("defined."):
                        visit(used[8:], (*path, name))

    for name in rulebook.definitions:
        visit(name, ())
