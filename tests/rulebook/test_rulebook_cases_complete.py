"""Every rule has its own decided cases: yes, no, at its limit, with a fact missing, before, on and after its turns.

What a case shows is worked out from the case, never from its name. It shows something of a rule only where the case
would no longer agree if the rule said otherwise: if it were left out, if it fired, or if its turn came a day earlier,
a day later or not at all. A limit is met by equality alone, and the day after a turn by any later day before the
next one. A rule without conditions is never false nor open, and one that compares no number has no limit; beyond
that, ``case_exceptions.yaml`` names what no case can show, each with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
import yaml

from lexloci.law.asked import Asked, look_up, roles_of
from lexloci.law.evaluate import RuleVerdict, Situation, ask, evaluate, lines_of
from lexloci.law.explain import LayerAnswer, answers
from lexloci.law.expression import Compare, Expression, Name, leaves, names
from lexloci.law.reference import ask_all
from lexloci.law.rule import Condition, EffectKind, Rule, Standing
from lexloci.law.settle import shortest
from lexloci.law.specialise import specialised_lines
from lexloci.law.standing import standing_at
from lexloci.law.wording import duties_of
from lexloci.model.act import Act, Question
from lexloci.model.determination import FindingStatus
from lexloci.model.fact import Fact
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.decided_cases import DecidedCase, bundled_cases
from lexloci.rulebook.judge_cases import act_of, agrees, on_record_of

RULEBOOK = bundled_rulebook()
EXCEPTIONS: dict[str, dict[str, str]] = yaml.safe_load(
    (Path(__file__).parent / "case_exceptions.yaml").read_text(encoding="utf-8")
)
LATE = date(2040, 1, 1)
DAY = timedelta(days=1)
YES, NO, MISSING = "yes", "no", "missing fact"
_NOTHING_READ = RuleVerdict(True, (), {})
Limit = tuple[str, float]  # a fact, and the number with which a rule compares it


# What a case asserts, and whether it still agrees when a rule says something else


@cache
def asked_in(case_id: str) -> tuple[Act, tuple[Asked, ...]]:
    """The act of a case and what every rule says about it."""
    case = CASES[case_id]
    act = act_of(RULEBOOK, case)
    return act, tuple(ask_all(RULEBOOK, act, case.known_at, case.bodies))


def still_agrees(case: DecidedCase, rule: Rule, instead: Asked | None) -> bool:
    """Whether a case agrees where a rule says this instead; None: where there is no such rule."""
    act, asked = asked_in(case.id)
    said = [one for one in asked if one.rule.id != rule.id] + ([] if instead is None else [instead])
    return all(_agrees_on(case, act, layer, said) for layer in case.expect)


def _agrees_on(case: DecidedCase, act: Act, layer: Basis, said: Sequence[Asked]) -> bool:
    question, on_record = Question(case.on, case.known_at, layer), on_record_of(case)
    found, _ = answers(RULEBOOK, act, question, on_record, said, (), case.bodies)
    shown = {(one.status, one.rule.id) for one in found.weighed}
    return (
        agrees(found.outcome, case.expect[layer])
        and (case.missing is None or found.outcome is not Outcome.HUMAN_REVIEW or _named(found) == set(case.missing))
        and {(FindingStatus.SIGNAL, rule) for rule in case.signals} <= shown
        and {(FindingStatus.NOTE, rule) for rule in case.notes} <= shown
        and set(case.duties) <= {duty.rule for duty in duties_of(found.weighed, act, on_record)}
    )


def _named(found: LayerAnswer) -> set[str]:
    decided = max(found.certain.severity, Outcome.PERMITTED_WITH_DUTIES.severity)
    return {name for _, name in shortest([ways for outcome, ways in found.open_atoms if outcome.severity > decided])}


def fires(rule: Rule, case: DecidedCase, role: str) -> Asked:
    """The rule as it would count in a case if its conditions held."""
    return Asked(rule, _NOTHING_READ, role, _standing(rule, case))


def _standing(rule: Rule, case: DecidedCase) -> dict[Basis, Standing]:
    return {layer: standing_at(rule, case.on, case.known_at, layer) for layer in Basis}


def stands(rule: Rule, case: DecidedCase) -> bool:
    """Whether a rule applies on either layer on the day of a case."""
    return any(standing_at(rule, case.on, case.known_at, layer).applies for layer in Basis)


def is_beside(rule: Rule) -> bool:
    """Whether it is a signal or a note: a case can ask that one is shown, and cannot ask that none is."""
    return rule.kind in (EffectKind.SIGNAL, EffectKind.NOTE)


# What a rule's conditions say about an act


def variants(rule: Rule, act: Act) -> Iterator[tuple[str, tuple[Condition, ...], tuple[Condition, ...]]]:
    """The lines of a rule for each role of the act that it is asked for."""
    if not rule.for_any:
        yield "", rule.when, rule.unless
    for role in rule.for_any:
        if role in roles_of(act):
            yield role, *rule.variants[role]


def truths(rule: Rule, act: Act, known_at: date) -> dict[str, bool | None]:
    """What the conditions say for each role, whether the rule stands or not."""
    return {role: ask(when, unless, _situation(act, known_at)).truth for role, when, unless in variants(rule, act)}


def truth(rule: Rule, act: Act, known_at: date) -> bool | None:
    """What the conditions say for the role that meets the rule best."""
    found = set(truths(rule, act, known_at).values())
    return True if True in found else None if None in found else False


def _situation(act: Act, known_at: date) -> Situation:
    return Situation(RULEBOOK, lambda name: look_up(act, name), act.on, known_at)


def one_line_away(rule: Rule, act: Act, known_at: date) -> Iterator[str]:
    """The roles for which all lines of a rule hold but one, which is false."""
    for role, when, unless in variants(rule, act):
        lines = specialised_lines(when, unless, RULEBOOK, act.on, known_at)
        found = [evaluate(part, _situation(act, known_at))[0] for line in lines for part in lines_of(line)]
        if found.count(False) == 1 and None not in found:
            yield role


def facts_missing(rule: Rule, act: Act, known_at: date) -> bool:
    """Whether the rule is open for want of a fact, and not of a reading alone."""
    return any(
        not name.startswith("reading.")
        for _, when, unless in variants(rule, act)
        for line in ask(when, unless, _situation(act, known_at)).open_lines
        for name in line
    )


# The limits of a rule


def limits_of(conditions: Iterable[Condition], *, through_definitions: bool) -> set[Limit]:
    """Each fact with each number that it is compared with in conditions, and in the definitions that they name."""
    found: set[Limit] = set()
    for condition in conditions:
        for leaf in leaves(condition.expression):
            found |= {(leaf.fact, limit) for limit in _numbers(leaf)} if isinstance(leaf, Compare) else set()
        if through_definitions:
            for name in names(condition.expression):
                for version in RULEBOOK.definitions[name[8:]].versions if name.startswith("defined.") else ():
                    found |= limits_of(version.value, through_definitions=True)
    return found


def _numbers(leaf: Compare) -> Iterator[float]:
    match leaf.operand:
        case Name(name) if name.startswith("parameter."):
            yield from (float(version.value) for version in RULEBOOK.parameters[name[10:]].versions)
        case bool() | str() | Name():
            return
        case number:
            yield float(number)


def at_limit(rule: Rule, case: DecidedCase) -> Iterator[Limit]:
    """The limits at which a case lies exactly, and beyond which the rule and the answer would be others."""
    act, _ = asked_in(case.id)
    here = truth(rule, act, case.known_at)
    for name, fact in act.facts.items():
        limit = fact.value
        if isinstance(limit, bool) or not isinstance(limit, int | float) or here is None:
            continue
        for beyond in (limit * (1 - 1e-9), limit * (1 + 1e-9)):
            moved = replace(act, facts={**act.facts, name: Fact(beyond)})
            there = truth(rule, moved, case.known_at)
            if {here, there} == {True, False}:
                role = next(role for role, one in truths(rule, moved if there else act, case.known_at).items() if one)
                if is_beside(rule) or not still_agrees(case, rule, fires(rule, case, role) if there else None):
                    yield name, float(limit)


# The turns of a rule


def turn_days(rule: Rule) -> list[date]:
    """The days on which the standing of a rule changes on a layer."""
    return [
        day
        for day in sorted({turn.on for turn in rule.turns})
        if any(standing_at(rule, day, LATE, one) is not standing_at(rule, day - DAY, LATE, one) for one in Basis)
    ]


def shifted(rule: Rule, day: date, days: int | None) -> Rule:
    """The rule with the turns of a day so many days later; None: without them."""
    if days is None:
        return replace(rule, turns=tuple(turn for turn in rule.turns if turn.on != day))
    move = timedelta(days=days)
    return replace(rule, turns=tuple(replace(turn, on=day + move) if turn.on == day else turn for turn in rule.turns))


def shows_turn(rule: Rule, case: DecidedCase, day: date, days: int | None) -> bool:
    """Whether the conditions hold on the day of the turn, and the case would not agree were the turn shifted so."""
    if case.known_at < max(turn.published for turn in rule.turns if turn.on == day):
        return False
    act, _ = asked_in(case.id)
    roles = [role for role, one in truths(rule, replace(act, on=max(day, case.on)), case.known_at).items() if one]
    other = shifted(rule, day, days)
    if not roles or _standing(other, case) == _standing(rule, case):
        return False
    instead = fires(other, case, roles[0]) if stands(other, case) else None
    return (is_beside(rule) and instead is not None) or not still_agrees(case, rule, instead)


# Each rule against its cases

CASES = {case.id: case for case in bundled_cases()}


def wanted(rule: Rule) -> Iterator[str]:
    """What the cases of a rule must show."""
    yield YES
    conditions = (*rule.when, *rule.unless)
    if conditions:
        yield from (NO, MISSING)
    own = limits_of(conditions, through_definitions=False)
    yield from sorted(_limit(one) for one in own)
    if not own and limits_of(conditions, through_definitions=True):
        yield "at a limit"
    for day in turn_days(rule):
        yield from (f"day before {day}", f"day of {day}", f"day after {day}")


def _limit(limit: Limit) -> str:
    return f"at the limit {limit[0]} = {limit[1]:.15g}"


def shown(rule: Rule, case: DecidedCase) -> Iterator[str]:
    """What a case shows of a rule."""
    act, _ = asked_in(case.id)
    if stands(rule, case):
        here = truth(rule, act, case.known_at)
        if here is True and not still_agrees(case, rule, None):
            yield YES
        matters = rule.kind is EffectKind.NOTE or not still_agrees(case, rule, None)
        if here is None and matters and facts_missing(rule, act, case.known_at):
            yield MISSING
        for role in one_line_away(rule, act, case.known_at) if here is False else ():
            if is_beside(rule) or not still_agrees(case, rule, fires(rule, case, role)):
                yield NO
        for limit in at_limit(rule, case):
            yield from (_limit(limit), "at a limit")
    days = turn_days(rule)
    for day, following in zip(days, [*days[1:], LATE], strict=True):
        if case.on == day - DAY and shows_turn(rule, case, day, -1):
            yield f"day before {day}"
        if case.on == day and shows_turn(rule, case, day, 1):
            yield f"day of {day}"
        if day < case.on < following and shows_turn(rule, case, day, None):
            yield f"day after {day}"


@cache
def shown_of(rule_id: str) -> frozenset[str]:
    """What all cases together show of a rule."""
    rule = RULEBOOK.rule(rule_id)
    asking = [case for case in CASES.values() if case.kind in rule.acts and rule.body in case.bodies]
    return frozenset(what for case in asking for what in shown(rule, case))


@pytest.mark.parametrize("rule", RULEBOOK.rules, ids=[rule.id for rule in RULEBOOK.rules])
def test_the_cases_of_a_rule_show_it_from_every_side(rule: Rule):
    excepted = EXCEPTIONS.get(rule.id, {})
    assert [what for what in wanted(rule) if what not in shown_of(rule.id) and what not in excepted] == []


@pytest.mark.parametrize("rule_id", sorted(EXCEPTIONS))
def test_an_exception_is_one_that_is_wanted_and_not_shown(rule_id: str):
    needless = set(EXCEPTIONS[rule_id]) - (set(wanted(RULEBOOK.rule(rule_id))) - shown_of(rule_id))
    assert needless == set()
    assert all(reason for reason in EXCEPTIONS[rule_id].values())


@pytest.mark.parametrize("name", sorted(RULEBOOK.definitions))
def test_a_case_lies_at_each_limit_of_a_definition(name: str):
    lines = [line for version in RULEBOOK.definitions[name].versions for line in version.value]
    reading = [rule for rule in RULEBOOK.rules if f"defined.{name}" in _names_read(rule)]
    met = {what for rule in reading for what in shown_of(rule.id)}
    excepted = EXCEPTIONS.get(f"defined.{name}", {})
    limits = {_limit(limit) for limit in limits_of(lines, through_definitions=False)}
    assert sorted(limits - met - set(excepted)) == []


# What counts as shown, on cases that are known


@pytest.mark.parametrize(
    ("rule_id", "case_id", "what", "is_shown"),
    [
        ("us_ear.h200_rule", "h200-other-exporter", YES, True),
        ("us_ear.h200_rule", "C067", YES, False),  # NVIDIA's own letter gives the same answer
        ("us_ear.us_person_support", "foreign-engineer", NO, True),
        ("us_ear.us_person_support", "C066", NO, False),
        ("us_ear.ai_diffusion_weights", "weights-compute-not-known", MISSING, True),
        ("us_ear.ai_diffusion_weights", "weights-at-limit", MISSING, False),
        ("us_ear.ai_diffusion_weights", "weights-at-limit", "at the limit model.training_flop = 1e+26", True),
        ("us_ear.ai_diffusion_weights", "weights-below", "at the limit model.training_flop = 1e+26", False),
        ("us_ear.gp10_prc_chips", "ascend-eve-as-known-the-day-after", "day before 2025-05-13", True),
        ("us_ear.gp10_prc_chips", "ascend-eve", "day before 2025-05-13", False),  # nobody could know of the turn
        ("us_ear.gp10_prc_chips", "ascend-day", "day of 2025-05-13", True),
        ("us_ear.gp10_prc_chips", "C090", "day of 2025-05-13", False),
        ("us_ear.gp10_prc_chips", "C090", "day after 2025-05-13", True),
    ],
)
def test_a_case_shows_a_rule_only_where_it_would_fail_without_it(rule_id, case_id, what, is_shown):
    assert (what in shown(RULEBOOK.rule(rule_id), CASES[case_id])) is is_shown


def _names_read(rule: Rule) -> set[str]:
    found: set[str] = set()
    todo: list[Expression] = [line.expression for line in (*rule.when, *rule.unless)]
    while todo:
        for name in names(todo.pop()):
            if name.startswith("defined.") and name not in found:
                versions = RULEBOOK.definitions[name[8:]].versions
                todo += [line.expression for version in versions for line in version.value]
            found.add(name)
    return found
