"""What an answer says of a rule that it sets aside, lifts or only notes: its own outcome, beside how it counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from law_support import (
    BEGIN,
    DAY,
    PERMIT,
    QUESTION,
    ask_sample,
    finding,
    held,
    make_act,
    make_rule,
    make_rulebook,
    not_subject,
)

from lexloci.law.decide import decide
from lexloci.law.rule import EffectKind, Point, Scope, Standing, Timeline, Turn
from lexloci.model.act import Question
from lexloci.model.citation import Citation
from lexloci.model.determination import FactRead, FindingStatus
from lexloci.model.fact import UNKNOWN
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

STRONG = {"chip.power": 60, "site.country": "DD"}


def ask(rules, values, record):
    return decide(make_rulebook((PERMIT, *rules)), make_act(values), QUESTION, record)


def test_a_rule_that_a_licence_lifts_still_shows_what_it_says_itself():
    one = finding(ask_sample(STRONG, held("aa_licence")), "aa.power_limit")
    assert (one.status, one.outcome) == (FindingStatus.LIFTED, Outcome.LICENCE_CASE_BY_CASE)


def test_an_exposure_shows_what_the_rule_says_though_it_counts_as_a_duty():
    found = ask([make_rule("r", ["f.a"], scope=Scope.PERSON)], {"f.a": True}, not_subject())
    (one,) = found.exposures
    assert (one.status, one.outcome) == (FindingStatus.EXPOSURE, Outcome.PROHIBITED)
    assert found.outcome is Outcome.PERMITTED_WITH_DUTIES


def test_a_note_shows_its_outcome_and_stays_away_where_its_conditions_are_open():
    note = make_rule("note", ["f.a"], kind=EffectKind.NOTE)
    (one,) = ask([note], {"f.a": True}, not_subject()).notes
    assert (one.status, one.outcome) == (FindingStatus.NOTE, Outcome.PROHIBITED)
    assert ask([note], {"f.a": UNKNOWN}, not_subject()).notes == ()


def test_a_point_without_a_condition_of_its_own_is_settled_by_its_reading_everywhere():
    rule = replace(make_rule("reach", ["f.a"]), not_subject_point="aa.reach_abroad")
    point = Point("aa.reach_abroad", "Does it reach abroad?", {"subject": "yes", "not_subject": "no"}, PERMIT.citation)
    rulebook = replace(make_rulebook((PERMIT, rule)), points={point.id: point})
    found = decide(rulebook, make_act({"f.a": True}), QUESTION, not_subject(option="not_subject"))
    assert [one.status for one in found.exposures] == [FindingStatus.EXPOSURE]
    assert found.outcome is Outcome.PERMITTED_WITH_DUTIES


@pytest.mark.parametrize("record", [held("aa_licence"), not_subject()])
def test_a_rule_that_is_open_and_set_aside_asks_nothing_that_only_a_duty_depends_on(record):
    rule = make_rule("r", ["f.a"], scope=Scope.PERSON, lifted_by=("aa_licence",))
    found = ask([rule], {"f.a": UNKNOWN}, record)
    assert found.outcome is Outcome.PERMITTED_WITH_DUTIES
    assert found.missing == ()


def test_nothing_is_an_exposure_where_no_party_is_recorded_as_not_subject():
    assert ask_sample(STRONG).exposures == ()
    assert ask_sample({**STRONG, "chip.power": UNKNOWN}).exposures == ()
    assert ask_sample({**STRONG, "deal.rumoured": True}, not_subject("bb_office")).exposures == ()


def test_a_signal_of_an_authority_to_which_a_party_is_not_subject_is_no_exposure():
    found = ask_sample({"deal.rumoured": True, "deal.funded": True}, not_subject())
    assert found.exposures == ()


def test_a_conflict_names_the_party_for_whom_the_counter_rule_was_met():
    rule = make_rule("ban", ["f.a"])
    counter = replace(
        make_rule("counter", ["party.listed"], kind=EffectKind.COUNTER, for_any=("consignee",), body="bb"),
        against=(rule.id,),
        reason="{party.headquarters} forbids it",
    )
    values = {"f.a": True, "consignee.listed": True, "consignee.headquarters": "CC"}
    (conflict,) = ask([rule, counter], values, not_subject("dd_office")).conflicts
    assert (conflict.rules, conflict.text) == (("aa.ban", "bb.counter"), "CC forbids it")
    assert conflict.citations == (rule.citation, counter.citation)


def test_a_near_miss_says_which_rule_by_which_line_and_fact_and_for_which_party():
    found = {(one.rule, one.party): one for one in ask_sample({"end_user.listed": False}).near_misses}
    near = found["aa.listed_party", "end-user-party"]
    assert (near.title, near.outcome, near.line) == ("listed party", Outcome.PROHIBITED, "party.listed")
    assert near.citation == Citation("Order of aa.listed_party", "https://example.org/aa.listed_party")
    assert near.facts == (FactRead("end_user.listed", False, "case"),)
    assert found["aa.reach", ""].line == 'chip.maker == "acme"'


def test_a_rule_with_a_turn_for_each_layer_alone_is_judged_on_each():
    turns = (Turn(BEGIN, Standing.IN_FORCE, BEGIN, Basis.TEXT), Turn(DAY, Standing.IN_FORCE, DAY, Basis.ENFORCEMENT))
    rulebook = make_rulebook([make_rule("r", turns=turns)])
    eve = DAY - timedelta(days=1)
    found = decide(rulebook, replace(make_act({}), on=eve), Question(eve, DAY, Basis.TEXT))
    assert found.certain is Outcome.PROHIBITED
    assert found.other_layer.outcome is Outcome.HUMAN_REVIEW


def test_what_a_rulebook_is_made_of_cannot_be_changed():
    limits = {"limit": Timeline("limit", "a limit", ())}
    rulebook = replace(make_rulebook([]), parameters=limits)
    with pytest.raises(TypeError):
        rulebook.parameters["limit"] = None
    limits.clear()
    assert list(rulebook.parameters) == ["limit"]
    options = {"wide": "yes", "narrow": "no"}
    point = Point("aa.point", "How wide?", options, PERMIT.citation)
    options.clear()
    assert list(point.options) == ["wide", "narrow"]


def test_a_counter_rule_is_no_conflict_with_what_only_reports_or_permits():
    for kind in (EffectKind.SIGNAL, EffectKind.NOTE, EffectKind.PERMIT):
        rule = make_rule("said", ["f.a"], Outcome.PERMITTED, kind=kind)
        counter = replace(make_rule("counter", kind=EffectKind.COUNTER, body="bb"), against=(rule.id,))
        assert ask([rule, counter], {"f.a": True}, not_subject("dd_office")).conflicts == ()


def test_a_reading_that_rules_out_what_does_not_stand_on_the_layer_is_not_shown_there():
    turns = (Turn(BEGIN, Standing.IN_FORCE, BEGIN), Turn(DAY, Standing.NOT_ENFORCED, DAY, Basis.ENFORCEMENT))
    rule = make_rule("r", ['reading.aa.point == "wide"'], turns=turns)
    point = Point("aa.point", "How wide?", {"wide": "yes", "narrow": "no"}, PERMIT.citation)
    rulebook = replace(make_rulebook([PERMIT, rule]), points={point.id: point})
    act = make_act({"reading.aa.point": "narrow"})
    on_text, enforced = (decide(rulebook, act, Question(DAY, DAY, basis)) for basis in Basis)
    assert [one.point for one in on_text.contested] == ["aa.point"]
    assert enforced.contested == ()
