"""What an answer says in words is whole: each finding, duty, question, point and voucher with all that it holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from law_support import (
    DAY,
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
)

from lexloci.law.asked import look_up
from lexloci.law.decide import decide
from lexloci.law.finding import fill
from lexloci.law.legs import both_layers, join_legs
from lexloci.law.on_record import OnRecord
from lexloci.law.rule import DutyRule, EffectKind, Standing, Turn
from lexloci.model.act import ActKind, Question, Role
from lexloci.model.citation import Citation, Verification
from lexloci.model.determination import (
    Contested,
    Duty,
    FactRead,
    Finding,
    FindingStatus,
    Missing,
    MissingKind,
    Vouched,
)
from lexloci.model.fact import ABSENT, UNKNOWN, Fact
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis
from lexloci.model.record import Attestation, Authorisation, Reading

STRONG = {"chip.power": 60, "site.country": "DD"}
EARLY = date(2028, 1, 1)  # before the first version of everything


def order(name):
    return Citation(f"Order of {name}", f"https://example.org/{name}")


def test_a_finding_holds_all_that_its_rule_says_and_read():
    found = ask_sample({"end_user.listed": True, "end_user.headquarters": "CC"})
    assert found.findings == (
        Finding(
            rule="aa.listed_party",
            title="listed party",
            authority="aa_office",
            status=FindingStatus.FIRED,
            outcome=Outcome.PROHIBITED,
            reason="A party at home in CC is listed.",
            citation=order("aa.listed_party"),
            verification=Verification.PRIMARY,
            text="Invented text of aa.listed_party.",
            facts=(FactRead("end_user.listed", True, "case"),),
            leg="the leg",
            on=DAY,
            history="in force since 2029-01-01, Order 1",
            party="end-user-party",
        ),
        finding(found, "aa.permit_trade"),
    )
    permit = finding(found, "aa.permit_trade")
    assert (permit.party, permit.facts, permit.reason) == ("", (), "Trade is free otherwise.")


def test_a_finding_for_a_role_without_a_party_names_none():
    nameless = replace(act({"end_user.listed": True}), parties={})
    assert finding(decide(sample(), nameless, QUESTION), "aa.listed_party").party == ""


def test_the_history_of_a_finding_is_that_of_the_layer_that_was_asked():
    question = Question(DAY, DAY, Basis.ENFORCEMENT)
    turns = (
        Turn(date(2029, 1, 1), Standing.IN_FORCE, date(2029, 1, 1), by="the law"),
        Turn(date(2029, 5, 1), Standing.UNSETTLED, date(2029, 5, 1), Basis.ENFORCEMENT, "the office"),
    )
    rulebook = make_rulebook([make_rule("r", turns=turns)])
    text, enforced = (decide(rulebook, make_act({}), one).findings[0] for one in (QUESTION, question))
    assert text.history == "in force since 2029-01-01, the law"
    assert enforced.history == "unsettled since 2029-05-01 (enforcement), the office"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (False, "no"),
        (True, "yes"),
        (5000.0, "5,000"),
        (10.0, "10"),
        (0.00004, "0"),
        (1e15, "1e+15"),
        (-1e15, "-1e+15"),
        (999999999999999.0, "999,999,999,999,999"),
    ],
)
def test_a_value_is_put_into_words(value, words):
    assert fill("{x}", make_act({"x": value}), "") == words


def test_a_duty_names_its_rule_its_leg_and_the_record_that_shows_it_done():
    assert ask_sample({"deal.large": True}, held("aa_notice")).duties == (
        Duty("notify the office", "aa.duty_only", "the leg", "aa_notice no. 1 of 2029-01-01", 10),
    )
    assert ask_sample(STRONG, held("aa_licence", conditions=("count the chips",))).duties == (
        Duty("keep the invoice", "aa.power_limit", "the leg"),
        Duty("count the chips", "aa.power_limit", "the leg", "no. 1"),
    )
    assert ask_sample({"deal.helped": True}, not_subject()).duties == (
        Duty("keep the advice behind the reading on record", "aa.person_help", "the leg"),
    )
    assert ask_sample(kind=ActKind.IMPORT, asked=("bb",)).duties == (
        Duty(
            "confirm the source of bb.recalled_permit (recalled, unverified) before relying on it",
            "bb.recalled_permit",
            "the leg",
        ),
    )


def test_the_same_duty_of_a_rule_met_for_two_roles_is_listed_once():
    rule = replace(make_rule("r", ["party.listed"], for_any=("consignee", "end_user")), duties=(DutyRule("tell it"),))
    both = make_act({"consignee.listed": UNKNOWN, "end_user.listed": UNKNOWN})
    dutiful = replace(rule, outcome=Outcome.PERMITTED_WITH_DUTIES)
    assert [duty.text for duty in decide(make_rulebook([dutiful]), both, QUESTION).duties] == ["tell it"]


def test_a_rule_that_is_only_possible_brings_no_duty_unless_it_says_no_more_than_a_duty():
    assert ask_sample({**STRONG, "chip.power": UNKNOWN}).duties == ()


def test_what_is_missing_is_listed_facts_first_then_by_name_each_whole():
    found = ask_sample({"end_user.listed": UNKNOWN, "deal.recalled": True, "deal.odd": True, "deal.shared": True})
    assert found.missing == (
        Missing(
            MissingKind.FACT, "end_user.listed", "Is the end user listed?", "end-user-party", "the leg",
            ("aa.listed_party",),
        ),
        Missing(MissingKind.READING, "aa.route", "Is sharing a transfer?", "", "the leg", ("aa.route_rule",)),
        Missing(
            MissingKind.VERIFICATION, "aa.recalled_rule",
            "read the primary text of Order of aa.recalled_rule: it is on the level 'recalled, unverified' here",
            "", "the leg", ("aa.recalled_rule",),
        ),
        Missing(
            MissingKind.DECISION, "aa.review_rule", "Is the odd deal in order?", "", "the leg", ("aa.review_rule",),
        ),
    )  # fmt: skip


def test_facts_that_are_missing_are_asked_for_in_the_order_of_their_names():
    found = ask_sample({"deal.odd": UNKNOWN, "deal.fast": UNKNOWN, "consignee.listed": UNKNOWN})
    assert [one.name for one in found.missing] == ["consignee.listed", "deal.fast", "deal.odd"]


def test_a_fact_that_no_party_has_is_about_nobody():
    found = ask_sample({**STRONG, "chip.power": UNKNOWN})
    assert [(one.name, one.about) for one in found.missing] == [("chip.power", "")]


def test_a_limit_without_a_version_so_early_is_asked_for_by_its_history():
    rulebook = make_rulebook(
        [make_rule("r", ["n.x > parameter.limit"], turns=(Turn(EARLY, Standing.IN_FORCE, EARLY),))]
    )
    early = replace(make_act({"n.x": 7}), on=EARLY)
    found = decide(rulebook, early, Question(EARLY, DAY, Basis.TEXT))
    questions = {one.name: one.question for one in found.missing}
    assert questions["parameter.limit"] == "parameter.limit has no version for so early a day: find its history"


def test_a_decision_without_a_question_of_its_own_asks_how_the_rule_bears_on_the_case():
    found = ask_sample(STRONG, not_subject())
    assert [one.question for one in found.missing] == [
        "decide how power limit bears on this case, and record who decided"
    ]


def test_silence_and_age_say_what_to_do():
    silent = ask_sample(asked=("aa", "cc"))
    assert [one.question for one in silent.missing] == [
        "cc: export is not modelled: find the law, or record that it does not regulate this"
    ]
    late = Question(DAY, date(2031, 1, 1), Basis.TEXT)
    assert [(one.name, one.question) for one in ask_sample(question=late).missing] == [
        ("rulebook 2032.01.01", "rulebook 2032.01.01 is past its limit of age: fetch a newer one")
    ]


def test_a_contested_point_shows_its_options_and_the_reading_adopted_whole():
    options = (("transfer", "It is."), ("service", "It is none."))
    open_point = Contested("aa.route", "Is sharing a transfer?", options, "the leg")
    assert ask_sample({"deal.shared": True}).contested == (open_point,)
    reading = Reading("aa.route", "service", "officer", DAY, "counsel")
    facts = {"deal.shared": True, "reading.aa.route": "service"}
    assert ask_sample(facts, OnRecord(readings={"aa.route": reading})).contested == (
        replace(open_point, reading="service", adopted_by="officer", on=DAY, adviser="counsel"),
    )


def test_what_is_vouched_for_says_by_whom_on_what_day_and_on_what_evidence():
    until = date(2032, 1, 1)
    licence = Authorisation("no. 9", "aa_licence", "the office", "holder", ("x",), date(2029, 2, 3), until=until)
    attested = Attestation("deal.sealed", False, ("x",), "officer", DAY, "file 7")
    record = OnRecord(attestations={"deal.sealed": attested}, authorisations={"aa_licence": licence})
    assert ask_sample(STRONG, record).vouched == (
        Vouched("deal.sealed", False, "officer", DAY, "file 7"),
        Vouched("aa_licence", "no. 9", "the office", date(2029, 2, 3), "held by holder until 2032-01-01"),
    )
    assert ask_sample(STRONG, held("aa_licence")).vouched[0].evidence == "held by consignee-party"


def test_a_record_that_shows_a_duty_done_is_vouched_for_only_where_the_duty_binds():
    assert [one.name for one in ask_sample({"deal.large": True}, held("aa_notice")).vouched] == ["aa_notice"]
    assert ask_sample({}, held("aa_notice")).vouched == ()


def test_levers_are_those_of_the_rules_in_the_way_alone():
    levers = ("obtain aa licence (Order of aa.power_limit)", "a nearer site")
    assert ask_sample({**STRONG, "chip.power": UNKNOWN}).levers == levers
    mild = replace(make_rule("mild", outcome=Outcome.PERMITTED_WITH_DUTIES), levers=("do less",))
    assert decide(make_rulebook([mild]), make_act({}), QUESTION).levers == ()
    noted = replace(make_rule("noted", kind=EffectKind.NOTE), levers=("do less",))
    assert decide(make_rulebook([noted]), make_act({}), QUESTION).levers == ()


def test_a_licence_of_two_kinds_is_one_lever():
    rule = make_rule("r", lifted_by=("a_licence", "b_leave"))
    assert decide(make_rulebook([rule]), make_act({}), QUESTION).levers == ("obtain a licence or b leave (none)",)


def test_the_answer_for_a_placement_names_itself_its_clocks_and_its_sources():
    question = Question(date(2030, 1, 2), date(2030, 1, 3), Basis.ENFORCEMENT)
    legs = [ask_sample({"deal.rumoured": True, "deal.funded": True}, question=question) for _ in range(2)]
    whole = join_legs("w@p", "the placement", question, legs, "2032.01.01")
    assert (whole.id, whole.subject, whole.rulebook) == ("w@p", "the placement", "2032.01.01")
    assert (whole.as_of, whole.known_at, whole.basis) == (date(2030, 1, 2), date(2030, 1, 3), Basis.ENFORCEMENT)
    assert whole.sources == legs[0].sources
    assert [one.rule for one in whole.signals] == ["aa.press", "aa.press"]
    assert [one.rule for one in whole.notes] == ["aa.elsewhere"]
    assert whole.other_layer.basis is Basis.TEXT


def test_a_placement_shows_the_points_exposures_and_conflicts_of_its_legs():
    facts = {"chip.maker": "acme", "site.country": "BB"}
    leg = ask_sample(facts, not_subject(), asked=("aa", "bb"))
    whole = join_legs("w@p", "the placement", QUESTION, [leg, leg], "2032.01.01")
    assert whole.contested == leg.contested
    assert whole.exposures == (*leg.exposures, *leg.exposures)
    assert whole.conflicts == leg.conflicts


def test_which_layer_governs_is_asked_about_the_act():
    text, enforced = ask_sample({"deal.fast": True}), ask_sample()
    question = "which layer governs: by the text licence required, presumption of denial, as enforced permitted?"
    assert both_layers(text, enforced).missing == (Missing(MissingKind.DECISION, "basis", question, leg="the leg"),)


def test_a_contested_point_stays_open_in_a_closed_case():
    found = decide(sample(), act({"deal.shared": True}, closed=True), QUESTION)
    assert [(one.kind, one.name) for one in found.missing] == [(MissingKind.READING, "aa.route")]


@pytest.mark.parametrize(
    ("name", "closed", "expected"),
    [
        ("deal.unsaid", False, Fact(UNKNOWN, "not stated")),
        ("deal.unsaid", True, Fact(ABSENT, "closed case")),
        ("end_user.listed", False, Fact(ABSENT, "the act has no end user")),
        ("end_user.listed", True, Fact(ABSENT, "the act has no end user")),
        ("consignee.listed", False, Fact(UNKNOWN, "not stated")),
        ("reading.aa.route", False, Fact(UNKNOWN, "no reading adopted")),
        ("reading.aa.route", True, Fact(UNKNOWN, "no reading adopted")),
    ],
)
def test_a_fact_that_nobody_states_says_why_it_is_unknown_or_absent(name, closed, expected):
    bare = replace(make_act({}), parties={Role.CONSIGNEE: "somebody"}, closed=closed)
    assert look_up(bare, name) == expected
