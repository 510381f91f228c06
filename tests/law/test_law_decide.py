"""Each way in which a rule can count in an answer, on the invented rulebook beside this file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from law_support import (
    DAY,
    PERMIT,
    QUESTION,
    act,
    ask_sample,
    finding,
    held,
    make_act,
    make_rule,
    make_rulebook,
    not_subject,
    sample,
    status,
)

from lexloci.law.decide import decide
from lexloci.law.finding import fill
from lexloci.law.on_record import OnRecord
from lexloci.model.act import ActKind, Question
from lexloci.model.determination import FindingStatus, MissingKind, SourceAge
from lexloci.model.fact import ABSENT, UNKNOWN, Fact
from lexloci.model.outcome import Outcome
from lexloci.model.party import NotSubject
from lexloci.model.portfolio import Basis
from lexloci.model.record import Attestation, Reading

STRONG = {"chip.power": 60, "site.country": "DD"}
ENFORCEMENT = Question(DAY, DAY, Basis.ENFORCEMENT)


def missing(determination):
    return {(one.kind, one.name) for one in determination.missing}


def outcomes(determination):
    return determination.outcome, determination.certain, determination.possible


def decided(outcome):
    return outcome, outcome, outcome


def reviewed(certain, possible=Outcome.PROHIBITED):
    return Outcome.HUMAN_REVIEW, certain, possible


def test_where_only_a_permission_speaks_the_act_is_permitted():
    found = ask_sample()
    assert outcomes(found) == decided(Outcome.PERMITTED)
    assert [one.rule for one in found.findings] == ["aa.permit_trade"]
    assert found.missing == found.duties == found.levers == ()


def test_a_rule_that_fires_decides_with_its_reason_text_duty_and_lever():
    found = ask_sample(STRONG)
    assert outcomes(found) == decided(Outcome.LICENCE_CASE_BY_CASE)
    one = finding(found, "aa.power_limit")
    assert (one.status, one.reason) == (FindingStatus.FIRED, "The chip has 60 points and goes to DD.")
    assert (one.text, one.citation.text) == ("Invented text of aa.power_limit.", "Order of aa.power_limit")
    assert {fact.name: fact.value for fact in one.facts} == {**STRONG, "deal.sealed": False}
    assert [duty.text for duty in found.duties] == ["keep the invoice"]
    assert found.levers == ("obtain aa licence (Order of aa.power_limit)", "a nearer site")


def test_an_unknown_fact_leaves_the_worst_possible_and_is_asked_for():
    found = ask_sample({**STRONG, "chip.power": UNKNOWN})
    assert outcomes(found) == reviewed(Outcome.PERMITTED, Outcome.LICENCE_CASE_BY_CASE)
    assert status(found, "aa.power_limit") is FindingStatus.POSSIBLE
    (one,) = found.missing
    assert (one.kind, one.name, one.rules) == (MissingKind.FACT, "chip.power", ("aa.power_limit",))
    assert one.question == "How strong is the chip?"


def test_an_unknown_exception_never_excuses():
    found = ask_sample({**STRONG, "deal.sealed": UNKNOWN})
    assert outcomes(found) == reviewed(Outcome.PERMITTED, Outcome.LICENCE_CASE_BY_CASE)
    assert missing(found) == {(MissingKind.FACT, "deal.sealed")}
    assert ask_sample({**STRONG, "deal.sealed": True}).outcome is Outcome.PERMITTED


def test_certainly_a_licence_and_possibly_a_prohibition_is_human_review():
    found = ask_sample({**STRONG, "consignee.listed": UNKNOWN})
    assert outcomes(found) == reviewed(Outcome.LICENCE_CASE_BY_CASE)
    assert [(one.name, one.about) for one in found.missing] == [("consignee.listed", "consignee-party")]


def test_what_could_not_make_it_worse_is_not_asked_for():
    found = ask_sample({"consignee.listed": True, "chip.power": UNKNOWN, "site.country": "DD"})
    assert outcomes(found) == decided(Outcome.PROHIBITED)
    assert found.missing == ()


def test_what_could_only_make_it_as_severe_as_it_is_is_not_asked_for_either():
    licence = Outcome.LICENCE_CASE_BY_CASE
    rules = [make_rule("certain", [], licence), make_rule("as_severe", ["f.a"], licence), make_rule("worse", ["f.b"])]
    found = decide(make_rulebook(rules), make_act({}), QUESTION)
    assert outcomes(found) == reviewed(licence)
    assert missing(found) == {(MissingKind.FACT, "f.b")}


def test_an_authorisation_lifts_a_rule_and_its_conditions_become_duties():
    found = ask_sample(STRONG, held("aa_licence", conditions=("count the chips",)))
    assert outcomes(found) == decided(Outcome.PERMITTED_WITH_DUTIES)
    assert status(found, "aa.power_limit") is FindingStatus.LIFTED
    assert [duty.text for duty in found.duties] == ["keep the invoice", "count the chips"]
    assert [(one.name, one.value) for one in found.vouched] == [("aa_licence", "no. 1")]
    assert found.levers == ()


def test_an_authorisation_without_conditions_is_kept_to():
    found = ask_sample(STRONG, held("aa_licence"))
    assert "keep to the terms of aa_licence no. 1" in [duty.text for duty in found.duties]


def test_another_kind_of_authorisation_lifts_nothing():
    assert ask_sample(STRONG, held("other_licence")).outcome is Outcome.LICENCE_CASE_BY_CASE


def test_an_authorisation_makes_no_open_rule_speak_for_its_body():
    open_rule = {"deal.sealed": UNKNOWN}
    found = ask_sample(open_rule, held("bb_leave"), kind=ActKind.REMOTE_ACCESS, asked=("bb",))
    assert outcomes(found) == reviewed(Outcome.PERMITTED)
    assert missing(found) == {(MissingKind.FACT, "deal.sealed")}
    sealed = ask_sample({"deal.sealed": True}, held("bb_leave"), kind=ActKind.REMOTE_ACCESS, asked=("bb",))
    assert outcomes(sealed) == decided(Outcome.PERMITTED_WITH_DUTIES)
    assert ask_sample({}, held("bb_leave"), kind=ActKind.REMOTE_ACCESS, asked=("bb",)).outcome is Outcome.HUMAN_REVIEW


def test_being_not_subject_makes_no_open_rule_speak_for_its_body():
    found = ask_sample({"deal.sealed": UNKNOWN}, not_subject("bb_office"), kind=ActKind.REMOTE_ACCESS, asked=("bb",))
    assert outcomes(found) == reviewed(Outcome.PERMITTED)


def test_a_rule_for_several_roles_fires_for_any_of_them_and_names_the_party():
    found = ask_sample({"end_user.listed": True, "end_user.headquarters": "CC"})
    one = finding(found, "aa.listed_party")
    assert outcomes(found) == decided(Outcome.PROHIBITED)
    assert (one.party, one.reason) == ("end-user-party", "A party at home in CC is listed.")


def test_one_role_that_is_true_decides_though_another_is_unknown():
    for facts in (
        {"consignee.listed": UNKNOWN, "end_user.listed": True},
        {"consignee.listed": True, "end_user.listed": UNKNOWN},
    ):
        assert outcomes(ask_sample(facts)) == decided(Outcome.PROHIBITED)


def test_every_role_that_is_unknown_is_asked_for():
    found = ask_sample({"consignee.listed": UNKNOWN, "end_user.listed": UNKNOWN})
    assert outcomes(found) == reviewed(Outcome.PERMITTED)
    assert [(one.name, one.about) for one in found.missing] == [
        ("consignee.listed", "consignee-party"),
        ("end_user.listed", "end-user-party"),
    ]


def test_a_role_that_the_act_does_not_have_is_absent_and_asks_nothing():
    bare = replace(act(), parties={}, facts={name: fact for name, fact in act().facts.items() if "listed" not in name})
    assert decide(sample(), bare, QUESTION).outcome is Outcome.PERMITTED


def test_a_role_with_any_fact_is_in_the_act_though_its_party_is_unknown():
    facts = {name: fact for name, fact in act().facts.items() if "listed" not in name}
    nameless = replace(act(), parties={}, facts={**facts, "end_user.name": Fact(UNKNOWN)})
    assert missing(decide(sample(), nameless, QUESTION)) == {(MissingKind.FACT, "end_user.listed")}


def test_a_recalled_rule_only_raises_a_question():
    found = ask_sample({"deal.recalled": True})
    assert outcomes(found) == reviewed(Outcome.PERMITTED, Outcome.LICENCE_PRESUMED_APPROVED)
    assert missing(found) == {(MissingKind.VERIFICATION, "aa.recalled_rule")}
    assert found.missing[0].question.startswith("read the primary text of Order of aa.recalled_rule")


def test_a_rule_that_asks_for_a_decision_is_possible_and_shows_its_question():
    found = ask_sample({"deal.odd": True})
    assert outcomes(found) == reviewed(Outcome.PERMITTED)
    assert [(one.kind, one.question) for one in found.missing] == [(MissingKind.DECISION, "Is the odd deal in order?")]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2029, 5, 31), Outcome.PROHIBITED),
        (date(2029, 6, 1), Outcome.HUMAN_REVIEW),
        (date(2030, 12, 31), Outcome.HUMAN_REVIEW),
        (date(2031, 1, 1), Outcome.PERMITTED),
    ],
)
def test_a_rule_whose_standing_is_unsettled_is_possible_and_never_certain(on, expected):
    courted = act({"deal.courted": True}, on=on, closed=True)
    assert decide(sample(), courted, Question(DAY, date(2031, 1, 1), Basis.TEXT)).outcome is expected


def test_an_unsettled_rule_asks_what_became_of_it_and_says_since_when():
    found = ask_sample({"deal.courted": True})
    assert missing(found) == {(MissingKind.VERIFICATION, "aa.court_case")}
    assert finding(found, "aa.court_case").history == "unsettled since 2029-06-01, the court"


def test_a_signal_is_shown_apart_and_changes_nothing():
    for rumoured in (True, UNKNOWN):
        found = ask_sample({"deal.rumoured": rumoured})
        assert outcomes(found) == decided(Outcome.PERMITTED)
        assert [(one.rule, one.outcome) for one in found.signals] == [("aa.press", Outcome.PROHIBITED)]
        assert "aa.press" not in [one.rule for one in found.findings]
    assert ask_sample().signals == ()


def test_a_note_is_shown_apart_and_changes_nothing():
    found = ask_sample({"deal.funded": True})
    assert outcomes(found) == decided(Outcome.PERMITTED)
    assert [one.rule for one in found.notes] == ["aa.elsewhere"]
    assert ask_sample().notes == ()


def test_a_duty_that_is_only_possible_is_decided_with_the_duty():
    for large in (True, UNKNOWN):
        found = ask_sample({"deal.large": large})
        assert found.outcome is found.possible is Outcome.PERMITTED_WITH_DUTIES
        assert found.missing == ()
        assert [(duty.text, duty.lead_time_days, duty.on_record) for duty in found.duties] == [
            ("notify the office", 10, "")
        ]


def test_a_duty_shows_the_record_that_it_was_done():
    (duty,) = ask_sample({"deal.large": True}, held("aa_notice")).duties
    assert duty.on_record == "aa_notice no. 1 of 2029-01-01"


# Not subject: item and data, against person.


def test_a_record_of_being_not_subject_leaves_a_rule_of_the_item_possible_with_its_exposure_shown():
    found = ask_sample({"chip.maker": "acme", "site.country": "CC"}, not_subject())
    assert outcomes(found) == reviewed(Outcome.PERMITTED)
    assert missing(found) == {(MissingKind.READING, "aa.reach_abroad")}
    assert [one.rule for one in found.exposures] == ["aa.reach"]
    assert [(one.point, one.reading) for one in found.contested] == [("aa.reach_abroad", "")]


def test_the_reading_named_for_the_rule_sets_it_aside_as_an_exposure():
    found = ask_sample({"chip.maker": "acme", "site.country": "CC"}, not_subject(option="not_subject"))
    assert outcomes(found) == decided(Outcome.PERMITTED_WITH_DUTIES)
    assert [(one.rule, one.status) for one in found.exposures] == [("aa.reach", FindingStatus.EXPOSURE)]
    assert [duty.text for duty in found.duties] == ["keep the advice behind the reading on record"]
    (point,) = found.contested
    assert (point.reading, point.adopted_by, point.adviser) == ("not_subject", "officer", "counsel")


def test_the_other_option_of_the_reading_sets_nothing_aside():
    found = ask_sample({"chip.maker": "acme", "site.country": "CC"}, not_subject(option="subject"))
    assert outcomes(found) == reviewed(Outcome.PERMITTED)


@pytest.mark.parametrize("place", ["AA", UNKNOWN])
def test_the_reading_counts_only_where_the_rules_own_condition_for_it_certainly_holds(place):
    found = ask_sample({"chip.maker": "acme", "site.country": place}, not_subject(option="not_subject"))
    assert outcomes(found) == reviewed(Outcome.PERMITTED)
    assert (MissingKind.DECISION, "aa.reach") in missing(found)


def test_the_reading_without_the_partys_record_sets_nothing_aside():
    reading_alone = replace(not_subject(option="not_subject"), not_subject={})
    found = ask_sample({"chip.maker": "acme", "site.country": "CC"}, reading_alone)
    assert outcomes(found) == decided(Outcome.PROHIBITED)


def test_a_rule_of_the_item_without_a_point_needs_a_persons_decision():
    found = ask_sample(STRONG, not_subject())
    assert outcomes(found) == reviewed(Outcome.PERMITTED, Outcome.LICENCE_CASE_BY_CASE)
    assert missing(found) == {(MissingKind.DECISION, "aa.power_limit")}


def test_a_rule_of_the_person_is_set_aside_by_the_record_alone():
    found = ask_sample({"deal.helped": True}, not_subject())
    assert outcomes(found) == decided(Outcome.PERMITTED_WITH_DUTIES)
    assert status(found, "aa.person_help") is FindingStatus.EXPOSURE
    assert ask_sample({"deal.helped": True}).outcome is Outcome.PROHIBITED


def test_a_record_for_another_authority_changes_nothing():
    found = ask_sample({"deal.helped": True}, not_subject("bb_office"))
    assert outcomes(found) == decided(Outcome.PROHIBITED)


def test_a_permission_is_not_weakened_by_a_record_of_being_not_subject():
    assert outcomes(ask_sample(on_record=not_subject())) == decided(Outcome.PERMITTED)


# Silence and permissions.


@pytest.mark.parametrize("asked", [("aa", "cc"), ("cc",)])
def test_a_body_of_law_that_is_silent_is_not_modelled(asked):
    found = ask_sample(asked=asked)
    assert outcomes(found) == reviewed(Outcome.PERMITTED)
    assert missing(found) == {(MissingKind.NOT_MODELLED, "cc: export")}


def test_an_act_for_which_no_body_is_asked_and_none_speaks_is_not_modelled():
    found = ask_sample(kind=ActKind.BUILD, asked=())
    assert outcomes(found) == reviewed(Outcome.PERMITTED)
    assert missing(found) == {(MissingKind.NOT_MODELLED, "build")}
    assert ask_sample(asked=()).outcome is Outcome.PERMITTED


def test_a_rule_that_is_ruled_out_does_not_speak_for_its_body():
    found = ask_sample(kind=ActKind.REMOTE_ACCESS, asked=("bb",))
    assert missing(found) == {(MissingKind.NOT_MODELLED, "bb: remote access")}


def test_an_open_permission_does_not_speak_and_what_it_needs_is_asked_for():
    found = ask_sample({"deal.sealed": UNKNOWN, "deal.large": UNKNOWN}, kind=ActKind.USE, asked=("bb",))
    assert outcomes(found) == reviewed(Outcome.PERMITTED)
    assert missing(found) == {(MissingKind.FACT, "deal.sealed"), (MissingKind.FACT, "deal.large")}
    yes = ask_sample({"deal.sealed": True, "deal.large": True}, kind=ActKind.USE, asked=("bb",))
    assert outcomes(yes) == decided(Outcome.PERMITTED)
    no = ask_sample({"deal.sealed": True}, kind=ActKind.USE, asked=("bb",))
    assert missing(no) == {(MissingKind.NOT_MODELLED, "bb: use")}


def test_a_recalled_permission_lets_its_body_speak_with_the_duty_to_confirm_it():
    found = ask_sample(kind=ActKind.IMPORT, asked=("bb",))
    assert outcomes(found) == decided(Outcome.PERMITTED_WITH_DUTIES)
    (duty,) = found.duties
    assert duty.text.startswith("confirm the source of bb.recalled_permit (recalled, unverified)")


def test_a_permission_that_asks_for_a_decision_permits_nothing_by_itself():
    found = ask_sample(kind=ActKind.SERVICE, asked=("bb",))
    assert outcomes(found) == reviewed(Outcome.PERMITTED)
    assert missing(found) == {(MissingKind.DECISION, "bb.asking_permit")}


def test_a_permission_whose_standing_is_unsettled_permits_nothing():
    found = ask_sample(kind=ActKind.INVESTMENT, asked=("bb",))
    assert outcomes(found) == reviewed(Outcome.PERMITTED)
    assert missing(found) == {(MissingKind.VERIFICATION, "bb.court_permit")}


def test_only_the_bodies_that_a_case_names_are_asked():
    far = act({**STRONG, "site.country": "BB", "chip.maker": "acme"})
    assert decide(sample(), far, QUESTION, bodies=("bb",)).outcome is Outcome.PERMITTED


# Two authorities.


def test_a_counter_rule_shows_a_conflict_that_a_person_must_decide():
    found = ask_sample({"chip.maker": "acme", "site.country": "BB"}, asked=("aa", "bb"))
    (conflict,) = found.conflicts
    assert conflict.rules == ("aa.reach", "bb.counter")
    assert conflict.text == "BB forbids to follow the ban."
    assert outcomes(found) == decided(Outcome.PROHIBITED)


def test_a_conflict_is_open_where_the_rule_is_only_possible():
    facts = {"chip.maker": "acme", "site.country": "BB"}
    found = ask_sample(facts, not_subject(), asked=("aa", "bb"))
    assert outcomes(found) == reviewed(Outcome.PERMITTED)
    assert missing(found) == {(MissingKind.READING, "aa.reach_abroad"), (MissingKind.DECISION, "bb.counter")}


def test_a_conflict_with_a_rule_that_a_reading_set_aside_is_shown_and_decided():
    facts = {"chip.maker": "acme", "site.country": "BB"}
    found = ask_sample(facts, not_subject(option="not_subject"), asked=("aa", "bb"))
    assert len(found.conflicts) == 1
    assert outcomes(found) == decided(Outcome.PERMITTED_WITH_DUTIES)


def test_leave_from_the_counter_rule_leaves_no_conflict():
    found = ask_sample({"chip.maker": "acme", "site.country": "BB"}, held("bb_leave"), asked=("aa", "bb"))
    assert found.conflicts == ()


def test_a_counter_rule_without_its_rule_is_no_conflict():
    found = ask_sample({"site.country": "BB"}, asked=("aa", "bb"))
    assert found.conflicts == ()
    assert outcomes(found) == decided(Outcome.PERMITTED)


# Layers, ages, clocks.


def test_a_rule_on_one_layer_decides_there_and_is_told_on_the_other():
    text, enforced = ask_sample({"deal.fast": True}), ask_sample({"deal.fast": True}, question=ENFORCEMENT)
    assert outcomes(text) == decided(Outcome.LICENCE_PRESUMED_DENIED)
    assert outcomes(enforced) == decided(Outcome.PERMITTED)
    assert text.other_layer.outcome is Outcome.PERMITTED
    assert enforced.other_layer.outcome is Outcome.LICENCE_PRESUMED_DENIED
    (line,) = enforced.other_layer.differences
    assert line.startswith("the leg: two layers (Order of aa.two_layers): licence required, presumption of denial by")
    assert "not enforced since 2029-01-01 (enforcement), the office's notice" in line


def test_layers_that_agree_list_no_differences():
    found = ask_sample()
    assert (found.other_layer.basis, found.other_layer.outcome) == (Basis.ENFORCEMENT, Outcome.PERMITTED)
    assert found.other_layer.differences == ()


@pytest.mark.parametrize(("age", "expected"), [(30, Outcome.PERMITTED), (31, Outcome.HUMAN_REVIEW)])
def test_a_list_past_its_limit_gives_human_review(age, expected):
    found = ask_sample(sources=[SourceAge("party list", DAY - timedelta(days=age), age, 30)])
    assert found.outcome is expected
    assert missing(found) == ({(MissingKind.STALE, "party list")} if age == 31 else set())


def test_a_rulebook_past_its_review_gives_human_review_by_the_day_of_knowledge():
    on_time, late = (Question(DAY, DAY + timedelta(days=days), Basis.TEXT) for days in (180, 181))
    assert ask_sample(question=on_time).outcome is Outcome.PERMITTED
    assert missing(ask_sample(question=late)) == {(MissingKind.STALE, "rulebook 2032.01.01")}
    assert decide(sample(), act(closed=True), late).outcome is Outcome.PERMITTED


def test_limits_and_sets_are_those_of_the_day_of_the_act_as_known():
    def found(on, known_at=DAY, **facts):
        values = {name.replace("__", "."): value for name, value in facts.items()}
        return ask_sample(values, on=on, question=Question(DAY, known_at, Basis.TEXT)).outcome

    assert found(date(2029, 6, 30), chip__power=60, site__country="BB") is Outcome.PERMITTED
    assert found(date(2029, 7, 1), chip__power=60, site__country="BB") is Outcome.LICENCE_CASE_BY_CASE
    assert found(date(2029, 7, 1), date(2029, 5, 31), chip__power=60, site__country="BB") is Outcome.PERMITTED
    assert found(date(2029, 6, 30), chip__power=100, site__country="CC") is Outcome.LICENCE_CASE_BY_CASE
    assert found(date(2029, 7, 1), chip__power=100, site__country="CC") is Outcome.PERMITTED


def test_in_a_closed_case_what_is_not_stated_is_absent():
    facts = {name: fact for name, fact in act().facts.items() if not name.startswith("deal.")}
    open_case, closed_case = replace(act(), facts=facts), replace(act(), facts=facts, closed=True)
    assert decide(sample(), open_case, QUESTION).outcome is Outcome.HUMAN_REVIEW
    assert decide(sample(), closed_case, QUESTION).outcome is Outcome.PERMITTED
    unknown = replace(closed_case, facts={**facts, "deal.odd": Fact(UNKNOWN)})
    assert decide(sample(), unknown, QUESTION).outcome is Outcome.HUMAN_REVIEW


# What the answer rests on.


def test_an_open_reading_is_asked_for_and_its_point_shown():
    found = ask_sample({"deal.shared": True})
    assert outcomes(found) == reviewed(Outcome.PERMITTED, Outcome.LICENCE_PRESUMED_DENIED)
    assert [(one.kind, one.name, one.question) for one in found.missing] == [
        (MissingKind.READING, "aa.route", "Is sharing a transfer?")
    ]
    assert [one.point for one in found.contested] == ["aa.route"]


def test_a_reading_that_rules_a_rule_out_is_shown_with_the_answer_that_rests_on_it():
    reading = Reading("aa.route", "service", "officer", DAY, "counsel")
    facts = {"deal.shared": True, "reading.aa.route": "service"}
    found = ask_sample(facts, OnRecord(readings={"aa.route": reading}))
    assert outcomes(found) == decided(Outcome.PERMITTED)
    assert [(one.point, one.reading, one.adopted_by) for one in found.contested] == [("aa.route", "service", "officer")]


def test_a_point_that_no_rule_reached_is_not_shown():
    assert ask_sample().contested == ()


def test_an_attestation_that_rules_a_rule_out_is_shown_with_the_answer_that_rests_on_it():
    vouched = Attestation("deal.odd", False, ("x",), "officer", DAY, "file 7")
    found = ask_sample(on_record=OnRecord(attestations={"deal.odd": vouched, "deal.unread": vouched}))
    assert outcomes(found) == decided(Outcome.PERMITTED)
    assert [(one.name, one.value, one.by, one.evidence) for one in found.vouched] == [
        ("deal.odd", False, "officer", "file 7")
    ]


def test_an_answer_names_its_rulebook_its_clocks_and_its_sources():
    question = Question(date(2030, 1, 2), date(2030, 1, 3), Basis.TEXT)
    age = SourceAge("chips", DAY, 2, 365)
    found = ask_sample(question=question, sources=[age])
    assert (found.rulebook, found.as_of, found.known_at, found.basis) == (
        "2032.01.01", date(2030, 1, 2), date(2030, 1, 3), Basis.TEXT,
    )  # fmt: skip
    assert found.sources == (age, SourceAge("rulebook 2032.01.01", DAY, 2, 180))


@pytest.mark.parametrize("wrong", ["yes", 1, "true"])
def test_a_flag_stated_in_another_kind_of_value_is_unknown_and_never_a_no(wrong):
    assert ask_sample({"deal.odd": wrong}).outcome is Outcome.HUMAN_REVIEW


def test_an_outcome_has_no_truth_value():
    for outcome in Outcome:
        with pytest.raises(TypeError, match="no truth value"):
            bool(outcome)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("{n.x} and {t.x}", "4,799.6 and BB"),
        ("{party.headquarters} of {user.headquarters}", "SG of SG"),
        ("{no.such} {absent}", "(not stated) (not stated)"),
        ("{big} {flag} {whole} {day}", "1e+26 yes 5,000 2030-01-01"),
        ("a } b { c", "a } b { c"),
        ("{}", "(not stated)"),
        ("{odd}", "{t.x}"),
        ("{nearly} {small}", "99.999 0.5"),
    ],
)
def test_a_reason_shows_each_fact_as_it_is_and_never_rounds_up_to_a_limit(reason, words):
    facts = {
        "n.x": 4799.6, "t.x": "BB", "user.headquarters": "SG", "absent": ABSENT, "big": 1e26, "flag": True,
        "whole": 5000, "day": date(2030, 1, 1), "odd": "{t.x}", "nearly": 99.999, "small": 0.50,
    }  # fmt: skip
    assert fill(reason, make_act(facts), "user") == words


def test_a_record_of_being_not_subject_never_lowers_a_decided_prohibition_of_another_rule():
    rulebook = make_rulebook((PERMIT, make_rule("other", ["f.a"], body="bb")))
    record = OnRecord(not_subject={"aa_office": NotSubject("aa_office", "r", "a", DAY)})
    assert decide(rulebook, make_act({"f.a": True}), QUESTION, record).outcome is Outcome.PROHIBITED
