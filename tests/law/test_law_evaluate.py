"""The reference evaluator: unknown decides nothing, absent decides as documented, and what it asks for suffices."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from law_random import completions, gappy_facts, named_conditions, partial_facts
from law_support import BEGIN, PERMIT, QUESTION, condition, make_act, make_rule, make_rulebook, situation

from lexloci.law.decide import decide
from lexloci.law.evaluate import Situation, ask, evaluate
from lexloci.law.expression import names, parse
from lexloci.model.fact import ABSENT, UNKNOWN, Fact
from lexloci.model.outcome import Outcome


def truth(text, values, on=None):
    return evaluate(parse(text), situation(values, on) if on else situation(values))


@settings(max_examples=250)
@given(named_conditions, partial_facts)
def test_a_decided_answer_is_the_answer_of_every_completion(text, values):
    found, unknown = truth(text, values)
    if found is None:
        assert unknown
        return
    assert unknown == frozenset()
    read = frozenset(names(parse(text))) | {"f.a", "f.b"}
    assert all(truth(text, completed) == (found, frozenset()) for completed in completions(values, read))


@settings(max_examples=250)
@given(named_conditions, partial_facts)
def test_stating_the_facts_that_are_asked_for_decides(text, values):
    found, unknown = truth(text, values)
    assert unknown <= {name for name, value in values.items() if value is UNKNOWN}
    if found is None:
        assert all(truth(text, completed)[0] is not None for completed in completions(values, unknown))


@settings(max_examples=150)
@given(named_conditions, gappy_facts)
def test_not_is_the_contrary_with_absent_facts_too(text, values):
    found, unknown = truth(text, values)
    contrary = (None if found is None else not found, unknown)
    assert truth(f"!({text})", values) == contrary


@settings(max_examples=150)
@given(named_conditions, named_conditions, gappy_facts)
def test_and_and_or_follow_kleenes_tables(left, right, values):
    one, other = truth(left, values)[0], truth(right, values)[0]
    rank = {False: 0, None: 1, True: 2}
    assert truth(f"({left}) && ({right})", values)[0] is min(one, other, key=rank.__getitem__)
    assert truth(f"({left}) || ({right})", values)[0] is max(one, other, key=rank.__getitem__)


@pytest.mark.parametrize("comparison", ["==", "<", "<=", ">", ">="])
def test_an_absent_fact_makes_every_comparison_false(comparison):
    assert truth(f"n.x {comparison} 5", {"n.x": ABSENT}) == (False, frozenset())
    assert truth(f"n.x {comparison} n.y", {"n.x": ABSENT}) == (False, frozenset())
    assert truth(f"n.y {comparison} n.x", {"n.x": ABSENT, "n.y": 5}) == (False, frozenset())


def test_an_absent_fact_is_unequal_not_flagged_and_no_member():
    assert truth("n.x != 5", {"n.x": ABSENT}) == (True, frozenset())
    assert truth("n.x != n.y", {"n.x": ABSENT, "n.y": ABSENT}) == (True, frozenset())
    assert truth("f.a", {"f.a": ABSENT}) == (False, frozenset())
    assert truth("!f.a", {"f.a": ABSENT}) == (True, frozenset())
    assert truth("t.x in set.far", {"t.x": ABSENT}) == (False, frozenset())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("f.a", "yes"),
        ("f.a", 1),
        ("!f.a", "no"),
        ("f.a == false", "false"),
        ("f.a != true", "true"),
        ("f.a", date(2030, 1, 1)),
        ("n.x >= 5", "many"),
        ("n.x != 5", "5"),
        ("n.x == 1", True),
        ("n.x in [1, 2]", True),
        ("n.x >= parameter.limit", "7"),
        ("t.x in set.far", 5),
        ('t.x in ["BB"]', False),
        ('t.x != "BB"', 3),
    ],
)
def test_a_value_of_another_kind_is_unknown_and_never_decides(text, value):
    name = text.strip("!").split()[0]
    assert truth(text, {name: value}) == (None, frozenset((name,)))


def test_whole_and_decimal_numbers_are_one_kind():
    assert truth("n.x == 5", {"n.x": 5.0}) == (True, frozenset())
    assert truth("n.x in [5.0]", {"n.x": 5}) == (True, frozenset())


def test_a_set_or_parameter_is_unknown_before_its_first_version_and_known_from_its_day_on():
    before = BEGIN - timedelta(days=1)
    assert truth("n.x >= parameter.limit", {"n.x": 7}, before) == (None, frozenset(("parameter.limit",)))
    assert truth("t.x in set.far", {"t.x": "BB"}, before) == (None, frozenset(("set.far",)))
    assert truth("t.x in set.far", {}, before) == (None, frozenset(("set.far", "t.x")))
    assert truth("n.x >= parameter.limit", {"n.x": 7}, BEGIN) == (True, frozenset())
    assert truth("t.x in set.far", {"t.x": "BB"}, BEGIN) == (True, frozenset())


def test_a_definition_is_all_its_lines_and_false_before_its_first_version():
    assert truth("defined.both", {"f.a": True, "f.b": True}) == (True, frozenset())
    assert truth("defined.both", {"f.a": True}) == (None, frozenset(("f.b",)))
    assert truth("defined.both", {"f.a": False}) == (False, frozenset())
    assert truth("defined.both", {"f.a": True, "f.b": True}, BEGIN - timedelta(days=1)) == (False, frozenset())


def rule_verdict(when, unless, values):
    return ask([condition(text) for text in when], [condition(text) for text in unless], situation(values))


def test_a_rule_holds_when_every_line_does_and_no_exception_does():
    assert rule_verdict([], [], {}).truth is True
    assert rule_verdict(["f.a"], ["f.b"], {"f.a": True, "f.b": False}).truth is True
    assert rule_verdict(["f.a"], ["f.b"], {"f.a": True, "f.b": True}).truth is False
    assert rule_verdict(["f.a"], ["f.b", "f.c"], {"f.a": True, "f.b": False, "f.c": True}).truth is False


def test_an_unknown_exception_leaves_the_rule_open_and_never_excuses():
    verdict = rule_verdict(["f.a"], ["f.b"], {"f.a": True})
    assert verdict.truth is None
    assert verdict.open_lines == (frozenset(("f.b",)),)


def test_each_open_line_is_told_apart():
    verdict = rule_verdict(["f.a", "f.b || n.x > 5"], ["t.x == t.y"], {})
    assert verdict.open_lines == (frozenset(("f.a",)), frozenset(("f.b", "n.x")), frozenset(("t.x", "t.y")))


def test_conditions_that_must_all_hold_are_told_apart_wherever_they_stand():
    verdict = rule_verdict(["f.c && !(n.x > 5 || n.y > 5)", "defined.both"], ["t.x == t.y || !(f.c)"], {"f.c": True})
    assert verdict.open_lines == tuple(map(frozenset, (["n.x"], ["n.y"], ["f.a"], ["f.b"], ["t.x", "t.y"])))


@pytest.mark.parametrize(
    "text", ["f.c && defined.both", "!(f.c == false || !(defined.both))", "!(!(f.c && defined.both))"]
)
def test_the_lines_of_a_definition_are_told_apart_within_a_line_too(text):
    assert rule_verdict([text], [], {"f.c": True}).open_lines == (frozenset(("f.a",)), frozenset(("f.b",)))


@settings(max_examples=150)
@given(named_conditions, named_conditions, gappy_facts)
def test_a_rule_is_its_when_and_not_its_unless(when, unless, values):
    assert rule_verdict([when], [unless], values).truth is truth(f"({when}) && !({unless})", values)[0]


def test_a_fact_is_looked_up_once_for_a_situation():
    looked_up = []

    def look_up(name):
        looked_up.append(name)
        return Fact(UNKNOWN)

    asked = Situation(situation({}).rulebook, look_up, BEGIN, BEGIN)
    ask([condition("f.a || f.a"), condition("f.a")], [condition("f.a")], asked)
    assert looked_up == ["f.a"]


def test_the_facts_read_are_noted_and_only_they():
    verdict = rule_verdict(["f.a", "f.b"], ["f.c"], {"f.a": True, "f.b": False, "f.c": True})
    assert list(verdict.read) == ["f.a", "f.b"]


@pytest.mark.parametrize(
    ("value", "truth"), [(10**26, True), (10**26 - 1, True), (9 * 10**25, False), (10**400, True), (-(10**400), False)]
)
def test_a_number_written_in_full_is_not_below_the_limit_that_it_states(value, truth):
    """As a double 1.0e26 is a little more than ten to the 26th, and as exact as a double can say it."""
    for text in ("n.x >= 1.0e26", "!(n.x < 1.0e26)"):
        assert evaluate(parse(text), situation({"n.x": value}))[0] is truth
    assert evaluate(parse("n.x in [1.0e26]"), situation({"n.x": 10**26}))[0] is True


def test_an_exception_of_a_rule_for_several_roles_is_asked_for_each_of_them():
    rule = make_rule("r", ["party.listed"], unless=["party.excused"], for_any=("consignee", "end_user"))
    facts = {"consignee.listed": True, "consignee.excused": True, "end_user.listed": True, "end_user.excused": True}
    assert decide(make_rulebook([PERMIT, rule]), make_act(facts), QUESTION).outcome is Outcome.PERMITTED
    for role in ("consignee", "end_user"):
        found = decide(make_rulebook([PERMIT, rule]), make_act({**facts, f"{role}.excused": False}), QUESTION)
        assert found.outcome is Outcome.PROHIBITED
