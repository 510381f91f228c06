"""Rules that can never fire, rules that are never needed, and rules that overlap are found, and only those."""

from __future__ import annotations

from dataclasses import replace

import pytest
from analysis_random import BEGIN, DAY, EARLY, MIDDLE, POINT, act_with, book, encoding_of, every_act
from hypothesis import given, settings
from hypothesis import strategies as st
from law_random import OUTCOMES, named_conditions
from law_support import PERMIT, held, make_rule

from lexloci.law.analysis import clock
from lexloci.law.analysis.firing import fired
from lexloci.law.analysis.overlaps import overlap, pairs
from lexloci.law.analysis.rule_states import NEVER_STANDS, dead_rule, redundant_rule
from lexloci.law.decide import decide
from lexloci.law.on_record import NOTHING_ON_RECORD
from lexloci.law.rule import DutyRule, EffectKind, Standing, Turn
from lexloci.model.act import Question
from lexloci.model.citation import Verification
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

ANY_DAY = clock.any_day(EARLY, DAY.replace(year=2032), DAY)
READ = ("f.a", "f.b", "n.x", "t.x")
_small = named_conditions.filter(lambda text: not any(name in text for name in ("f.c", "n.y", "t.y")))


def dead(rule, *others):
    return dead_rule(encoding_of(book([rule, *others]), ANY_DAY), rule)


def redundant(rule, *others):
    return redundant_rule(encoding_of(book([rule, *others]), ANY_DAY), rule)


@pytest.mark.parametrize(
    ("lines", "contradiction"),
    [
        (["f.b", "n.x > 5.0", 't.x == "BB"', "n.x < 4.0"], {"n.x > 5.0", "n.x < 4.0"}),
        (['s.class in ["chip"]', 's.class != "chip"', "f.a"], {'s.class in ["chip"]', 's.class != "chip"'}),
        (["defined.both", "!(f.b)"], {"defined.both", "!(f.b)"}),
        (["n.x >= parameter.limit", "n.x < 5.0"], {"n.x >= parameter.limit", "n.x < 5.0"}),
        (["t.x in set.far", '!(t.x in ["BB", "CC"])'], {"t.x in set.far", '!(t.x in ["BB", "CC"])'}),
        (["f.a == true", "f.a == false"], {"f.a == true", "f.a == false"}),
        (["n.x in []"], {"n.x in []"}),
    ],
)
def test_a_dead_rule_is_shown_with_the_lines_that_contradict_each_other(lines, contradiction):
    assert set(dead(make_rule("r", lines)).contradiction) == contradiction


def test_a_line_of_unless_is_named_as_one():
    found = dead(make_rule("r", ["f.a"], unless=["f.a || f.b"]))
    assert set(found.contradiction) == {"f.a", "unless f.a || f.b"}


def test_a_rule_for_several_roles_is_dead_only_for_all_of_them():
    roles = ("consignee", "end_user")
    assert dead(make_rule("r", ['party.seat == "BB"', 'consignee.seat == "CC"'], for_any=roles)) is None
    assert dead(make_rule("r", ['party.seat == "BB"', 'party.seat == "CC"'], for_any=roles)) is not None


def test_a_rule_that_stands_on_no_day_is_dead_for_that():
    late = (Turn(DAY.replace(year=2050), Standing.IN_FORCE, BEGIN),)
    assert dead(make_rule("r", ["f.a"], turns=late)).contradiction == (NEVER_STANDS,)


def test_a_rule_that_held_only_before_a_limit_moved_is_alive():
    lines = ["n.x > parameter.moved", "n.x < 6.0"]
    assert dead(make_rule("r", lines)) is None
    assert dead(make_rule("r", lines, turns=(Turn(MIDDLE, Standing.IN_FORCE, BEGIN),))) is not None


def test_a_rule_that_waits_for_a_reading_is_alive():
    assert dead(make_rule("r", [f'reading.{POINT.id} == "wide"'])) is None


@settings(max_examples=40)
@given(st.lists(_small, min_size=1, max_size=3))
def test_a_dead_rule_fires_on_no_act_that_can_be_written_down(lines):
    rule = make_rule("r", lines)
    found = dead_rule(encoding_of(book([rule])), rule)
    fires = any(fired(book([rule]), act, DAY, Basis.TEXT, "aa") for act in every_act(READ))
    assert not (fires and found)
    if found is not None:
        assert set(found.contradiction) <= set(lines)


def test_a_rule_that_another_always_covers_is_redundant():
    rule, wider = make_rule("r", ["f.a", "f.b"]), make_rule("wider", ["f.a"])
    assert redundant(rule, wider).by == ("aa.wider",)
    assert redundant(wider, rule) is None


def test_several_rules_may_cover_one_together():
    rule = make_rule("r", ["f.a"])
    assert redundant(rule, make_rule("s", ["f.a", "f.b"]), make_rule("t", ["!(f.b)"])).by == ("aa.s", "aa.t")


def test_of_the_rules_that_cover_one_only_as_many_are_named_as_are_needed():
    assert len(redundant(make_rule("r", ["f.a"]), make_rule("s", ["f.a"]), make_rule("t", ["f.a"])).by) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": Outcome.LICENCE_CASE_BY_CASE},
        {"body": "bb"},
        {"authority": "another"},
        {"lifted_by": ("licence",)},
        {"verification": Verification.RECALLED},
        {"review": "ask"},
        {"turns": (Turn(MIDDLE, Standing.IN_FORCE, BEGIN),)},
        {"turns": (Turn(BEGIN, Standing.IN_FORCE, BEGIN), Turn(MIDDLE, Standing.UNSETTLED, BEGIN))},
        {"kind": EffectKind.NOTE},
        {"not_subject_point": POINT.id},
    ],
    ids=str,
)
def test_a_rule_that_says_less_covers_no_other(changes):
    rule = make_rule("r", ["f.a", "f.b"])
    assert redundant(rule, replace(make_rule("wider", ["f.a"]), **changes)) is None


def test_a_rule_with_a_duty_of_its_own_is_needed():
    rule = replace(make_rule("r", ["f.a"]), duties=(DutyRule("file it"),))
    assert redundant(rule, make_rule("wider")) is None


@settings(max_examples=30)
@given(st.lists(st.tuples(_small, OUTCOMES, st.sampled_from([(), ("aa_licence",)])), min_size=2, max_size=3))
def test_without_a_redundant_rule_every_answer_is_the_same(drawn):
    rules = [
        make_rule(f"r{place}", [line], outcome, lifted_by=lifted_by)
        for place, (line, outcome, lifted_by) in enumerate(drawn)
    ]
    first = rules[0]
    if redundant_rule(encoding_of(book(rules)), first) is None:
        return
    whole, rest = book([*rules, PERMIT]), book([*rules[1:], PERMIT])
    question = Question(DAY, DAY, Basis.TEXT)
    for record in (NOTHING_ON_RECORD, held("aa_licence")):
        for act in every_act(READ):
            one, two = (decide(each, act, question, record, bodies=("aa",)) for each in (whole, rest))
            assert (one.outcome, one.certain, one.possible) == (two.outcome, two.certain, two.possible)


def test_a_permission_and_a_prohibition_that_meet_are_shown_with_an_act():
    permit = make_rule("permit", ["f.a"], Outcome.PERMITTED, kind=EffectKind.PERMIT)
    ban = make_rule("ban", ["f.b"], body="bb")
    encoding = encoding_of(book([permit, ban]))
    assert pairs(encoding) == ((permit, ban),)
    found = overlap(encoding, permit, ban)
    assert (found.rules, found.bodies, found.is_conflict) == (("aa.permit", "bb.ban"), ("aa", "bb"), False)
    assert {name: fact.value for name, fact in found.witness.act.facts.items()} == {"f.a": True, "f.b": True}
    assert found.witness.determination.outcome is Outcome.PROHIBITED


def test_a_permission_and_a_prohibition_that_cannot_meet_do_not_overlap():
    permit = make_rule("permit", ["f.a"], Outcome.PERMITTED, kind=EffectKind.PERMIT)
    ban = make_rule("ban", ["!(f.a)"])
    assert overlap(encoding_of(book([permit, ban])), permit, ban) is None


def test_a_licence_is_no_prohibition_and_a_duty_no_permission():
    rules = [
        make_rule("a", outcome=Outcome.LICENCE_PRESUMED_DENIED),
        make_rule("b"),
        make_rule("c", outcome=Outcome.PERMITTED),
    ]
    assert pairs(encoding_of(book(rules))) == ()


def test_a_conflict_of_laws_that_can_be_reached_is_shown():
    ban = make_rule("ban", ["f.a"])
    counter = replace(
        make_rule("counter", ["f.b"], Outcome.PERMITTED, kind=EffectKind.COUNTER, body="bb"), against=(ban.id,)
    )
    found = overlap(encoding_of(book([ban, counter])), counter, ban)
    assert found.is_conflict
    assert found.witness.determination.conflicts[0].rules == (ban.id, counter.id)
    act = act_with({"f.a": True, "f.b": True})
    assert {name: fact.value for name, fact in found.witness.act.facts.items()} == {
        name: fact.value for name, fact in act.facts.items()
    }
