"""Every rule is in good form: sourced, tried by a case, and the same in CEL as in our own language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest
from cel_expr_python import cel
from hypothesis import given, settings
from hypothesis import strategies as st

from lexloci.law.cel_check import cel_environment, cel_mistakes
from lexloci.law.evaluate import Situation, evaluate
from lexloci.law.expression import And, Compare, Expression, Member, Name, Not, Or, names, rename
from lexloci.law.on_record import NOTHING_ON_RECORD
from lexloci.law.reference import ask_all
from lexloci.law.rule import Condition, EffectKind, Rule, Rulebook
from lexloci.law.standing import standing_at
from lexloci.law.weigh import weigh
from lexloci.model.act import Act
from lexloci.model.citation import Verification
from lexloci.model.fact import UNKNOWN, Fact, Plain
from lexloci.model.outcome import Outcome, join, settle
from lexloci.model.portfolio import Basis
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.decided_cases import bundled_cases
from lexloci.rulebook.judge_cases import act_of

RULEBOOK = bundled_rulebook()
RULES = RULEBOOK.rules
LATE = date(2031, 1, 1)
ENVIRONMENT = cel_environment(RULEBOOK)
WITHOUT_CASE: dict[str, str] = {}
"""Rules that no case fires, each with the reason; empty is the aim."""

by_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])


@by_rule
def test_a_rule_cites_its_provision_and_where_it_was_read(rule: Rule):
    assert rule.citation.text
    assert re.fullmatch(r"https?://\S+", rule.citation.url)


@by_rule
def test_each_turn_of_a_rule_says_on_whose_word(rule: Rule):
    assert all(turn.by for turn in rule.turns)


@by_rule
def test_a_reason_names_only_facts_that_the_rulebook_knows(rule: Rule):
    named = re.findall(r"\{([^}]*)\}", rule.reason)
    assert [name for name in named if name not in RULEBOOK.vocabulary] == []
    assert rule.for_any or not [name for name in named if name.startswith("party.")]


@by_rule
def test_a_rule_stands_as_its_last_turn_of_the_day_says(rule: Rule):
    for layer in Basis:
        turns = [turn for turn in rule.turns if turn.layer in (None, layer)]
        for turn in turns:
            last = [one for one in turns if one.on == turn.on][-1]
            assert standing_at(rule, turn.on, LATE, layer) is last.standing
        first = rule.turns[0]
        assert not standing_at(rule, first.on - timedelta(days=1), LATE, layer).applies


@by_rule
def test_press_reports_decide_nothing(rule: Rule):
    if rule.verification is Verification.UNPUBLISHED:
        assert rule.kind in (EffectKind.SIGNAL, EffectKind.NOTE)


@cache
def _fired() -> frozenset[str]:
    fired: set[str] = set()
    for case in bundled_cases():
        asked = ask_all(RULEBOOK, act_of(RULEBOOK, case), case.known_at, case.bodies)
        fired |= {one.rule.id for one in asked if one.verdict.truth is True}
    return frozenset(fired)


@by_rule
def test_a_decided_case_fires_every_rule(rule: Rule):
    assert (rule.id in _fired()) is (rule.id not in WITHOUT_CASE)


# Conditions as CEL


def _facts_of(rulebook: Rulebook, conditions: tuple[Condition, ...]) -> Iterator[str]:
    """Every fact that conditions read, those of the definitions that they name included."""
    for condition in conditions:
        for name in names(condition.expression):
            if name.startswith("defined."):
                for version in rulebook.definitions[name[8:]].versions:
                    yield from _facts_of(rulebook, version.value)
            elif not name.startswith(("parameter.", "set.")):
                yield name


def _operands(rulebook: Rulebook, expression: Expression, fact: str) -> Iterator[Plain]:
    """The literals, limits and members that a fact is compared with anywhere in an expression."""
    match expression:
        case Not(part):
            yield from _operands(rulebook, part, fact)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _operands(rulebook, part, fact)
        case Compare(name, _, operand) if name == fact:
            if not isinstance(operand, Name):
                yield operand
            elif operand.name.startswith("parameter."):
                yield from (version.value for version in rulebook.parameters[operand.name[10:]].versions)
        case Member(name, operand) if name == fact:
            yield from rulebook.sets[operand.name[4:]].versions[-1].value if isinstance(operand, Name) else operand
        case _:
            return


@cache
def _all_expressions() -> tuple[Expression, ...]:
    versions = [version for timeline in RULEBOOK.definitions.values() for version in timeline.versions]
    lines = [condition for version in versions for condition in version.value]
    return tuple(one.expression for one in (*lines, *(line for rule in RULES for line in (*rule.when, *rule.unless))))


@cache
def _values(fact: str) -> st.SearchStrategy[Plain]:
    """Values of a fact on both sides of everything that any rule compares it with."""
    if fact.startswith("reading."):
        return st.sampled_from(sorted(RULEBOOK.points[fact[8:]].options))
    known = RULEBOOK.vocabulary[fact]
    if known.type == "bool":
        return st.booleans()
    attribute = fact.partition(".")[2]
    alike = {fact, f"party.{attribute}"}
    met = {value for one in _all_expressions() for name in alike for value in _operands(RULEBOOK, one, name)}
    if known.type == "number":
        limits = sorted({float(value) for value in met if not isinstance(value, bool)}) or [1.0]
        return st.sampled_from([0.0, *(limit * factor for limit in limits for factor in (0.999, 1.0, 1.001))])
    extra = known.domain or (
        ("CN", "HK", "MO", "SG", "MY", "US", "IR") if known.type == "country" else ("something else",)
    )
    return st.sampled_from(sorted({*(str(value) for value in met), *extra}))


@st.composite
def _total(draw: st.DrawFn, facts: tuple[str, ...]) -> dict[str, Plain]:
    return {fact: draw(_values(fact)) for fact in facts}


def _program(condition: Condition) -> tuple[cel.Expression, dict[str, object]]:
    """A condition compiled by CEL, and the values of its limits and sets on a late day."""
    program, values = _compiled(condition)
    return program, dict(values)


@cache
def _compiled(condition: Condition) -> tuple[cel.Expression, dict[str, object]]:
    values: dict[str, object] = {}
    for name in names(condition.expression):
        if name.startswith("parameter."):
            version = RULEBOOK.parameters[name[10:]].at(LATE, LATE)
            values[name] = version.value if version else 0.0
        elif name.startswith("set."):
            members = RULEBOOK.sets[name[4:]].at(LATE, LATE)
            values[name] = sorted(members.value) if members else []
    return ENVIRONMENT.compile(condition.text), values


def test_cel_reads_every_condition_of_the_package_as_we_do():
    assert cel_mistakes(RULEBOOK) == ()


@by_rule
@settings(max_examples=8)
@given(data=st.data())
def test_each_line_of_a_rule_is_cel_with_the_same_truth(rule: Rule, data: st.DataObject):
    lines = (*rule.when, *rule.unless)
    facts = data.draw(_total(tuple(dict.fromkeys(_facts_of(RULEBOOK, lines)))))
    situation = Situation(RULEBOOK, lambda name: Fact(facts[name]), LATE, LATE)
    for line in lines:
        program, values = _program(line)
        for name in names(line.expression):
            if name.startswith("defined."):
                values[name] = evaluate(_flag(name), situation)[0]
            elif name in facts:
                values[name] = facts[name]
        assert program.eval(data=values).value() is evaluate(line.expression, situation)[0], line.text


def _flag(name: str) -> Expression:
    return next(
        one for one in (part for expression in _all_expressions() for part in _flags(expression)) if _name(one) == name
    )


def _flags(expression: Expression) -> Iterator[Expression]:
    match expression:
        case Not(part):
            yield from _flags(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _flags(part)
        case _:
            yield expression


def _name(expression: Expression) -> str:
    return next(names(expression))


# Unknown facts never lower severity


def _alone(rule: Rule) -> Rulebook:
    return replace(RULEBOOK, rules=(rule,))


def _spelt(rule: Rule) -> tuple[str, ...]:
    """The facts that a rule reads, ``party.`` spelt out for each of its roles."""
    lines = (*rule.when, *rule.unless)
    if not rule.for_any:
        return tuple(dict.fromkeys(_facts_of(RULEBOOK, lines)))
    variants = [Condition(line.text, rename(line.expression, "party", role)) for role in rule.for_any for line in lines]
    return tuple(dict.fromkeys(_facts_of(RULEBOOK, tuple(variants))))


def _bounds(rule: Rule, act: Act, layer: Basis) -> tuple[Outcome, Outcome, bool]:
    """The outcome that is certain by one rule alone, the worst that is possible, and whether it certainly permits."""
    asked = ask_all(_alone(rule), act, LATE, None)
    weighed = [
        one
        for one in (weigh(_alone(rule), one, act, LATE, layer, NOTHING_ON_RECORD) for one in asked)
        if one is not None
    ]
    counting = [one for one in weighed if one.rule.kind is EffectKind.OUTCOME]
    certain = join(one.outcome for one in counting if one.is_certain)
    permits = any(one.rule.kind is EffectKind.PERMIT and one.is_certain for one in weighed)
    return certain, join(one.outcome for one in counting), permits


@by_rule
@settings(max_examples=8)
@given(data=st.data())
def test_an_unknown_fact_never_lowers_severity(rule: Rule, data: st.DataObject):
    facts = _spelt(rule)
    days = sorted({turn.on + timedelta(days=days) for turn in rule.turns for days in (-1, 0)} | {LATE})
    on, layer = data.draw(st.sampled_from(days)), data.draw(st.sampled_from(Basis))
    whole = {name: Fact(value) for name, value in data.draw(_total(facts)).items()}
    hidden = data.draw(st.sets(st.sampled_from(facts))) if facts else set()
    partly = {name: Fact(UNKNOWN) if name in hidden else fact for name, fact in whole.items()}
    kind = min(rule.acts)
    certain, possible, permits = _bounds(rule, Act("one", kind, "one", on, whole, ()), layer)
    certain_in_part, possible_in_part, permits_in_part = _bounds(rule, Act("one", kind, "one", on, partly, ()), layer)
    assert certain_in_part.severity <= certain.severity
    assert possible_in_part.severity >= possible.severity
    assert permits or not permits_in_part
    settled = settle(certain_in_part, possible_in_part)
    assert settled is Outcome.HUMAN_REVIEW or settled.severity >= certain.severity
