"""Where a body of law is silent, a gap is shown with the facts that make it one; where it always speaks, none."""

from __future__ import annotations

from analysis_random import book, encoding_of
from hypothesis import given, settings
from hypothesis import strategies as st
from law_random import named_conditions
from law_support import PERMIT, make_rule

from lexloci.law.analysis.gaps import gaps_of
from lexloci.law.expression import And, parse
from lexloci.law.rule import EffectKind
from lexloci.model.act import ActKind, Role
from lexloci.model.determination import MissingKind
from lexloci.model.outcome import Outcome
from lexloci.rulebook.asked_where import asked_when
from lexloci.rulebook.facts import bodies_asked

KIND = ActKind.EXPORT
ALWAYS = And(())


def gaps(rules, asked=ALWAYS, body="aa", most=1):
    rulebook = book(rules)
    return gaps_of(encoding_of(rulebook, conditions=[asked]), KIND, body, asked, most)


def stated(gap):
    return {name: fact.value for name, fact in gap.witness.act.facts.items()}


def permit(*lines, **more):
    return make_rule("permit", lines, Outcome.PERMITTED, kind=EffectKind.PERMIT, **more)


def test_a_gap_names_the_facts_that_make_it_one_and_no_others():
    rules = [permit('s.class == "chip"', "f.a"), make_rule("r", ['s.class == "tool"'])]
    (one,) = gaps(rules)
    assert stated(one) in ({"s.class": "other"}, {"s.class": "chip", "f.a": False})
    assert one.has_rules
    assert one.witness.determination.outcome is Outcome.HUMAN_REVIEW
    assert [missing.kind for missing in one.witness.determination.missing] == [MissingKind.NOT_MODELLED]


def test_each_gap_is_shown_once():
    rules = [permit('s.class == "chip"', "f.a"), make_rule("r", ['s.class == "tool"'])]
    found = [stated(one) for one in gaps(rules, most=9)]
    assert {one["s.class"] for one in found} == {"chip", "other"}
    assert {"s.class": "chip", "f.a": False} in found
    assert len(found) == 2


def test_countries_that_are_treated_alike_are_one_gap():
    rules = [permit('t.x == "BB"'), make_rule("r", ['t.x == "CC"', "f.a"])]
    found = [stated(one) for one in gaps(rules, most=9)]
    assert len(found) <= 3
    assert any(set(one) == {"t.x"} and one["t.x"] not in ("BB", "CC") for one in found)


def test_a_body_that_always_speaks_has_no_gap():
    assert gaps([PERMIT]) == ()
    assert gaps([permit("f.a"), make_rule("r", ["!(f.a)"], Outcome.PERMITTED_WITH_DUTIES)]) == ()


def test_a_body_is_silent_only_where_it_is_asked():
    assert gaps([permit("f.a")], parse("f.a")) == ()
    (one,) = gaps([permit("f.a")], parse("f.b"))
    assert stated(one) == {"f.a": False, "f.b": True}


def test_a_body_without_rules_is_one_gap():
    (one,) = gaps([PERMIT], parse("f.a"), body="bb")
    assert (one.has_rules, stated(one)) == (False, {"f.a": True})


def test_an_open_question_to_a_person_is_no_silence():
    assert gaps([permit(verification=PERMIT.verification), make_rule("r")]) == ()
    assert gaps([make_rule("r", ['reading.aa.reach == "wide" || f.a']), permit("f.a")]) != ()


@settings(max_examples=40)
@given(st.lists(named_conditions, min_size=1, max_size=2), named_conditions)
def test_a_rule_and_its_contrary_leave_no_gap(lines, other):
    text = " && ".join(f"({line})" for line in lines)
    assert gaps([permit(text), make_rule("r", [f"!({text})"]), make_rule("s", [other])]) == ()


SOME = ("US", "CN", "SG", "DE", "MY", "BR")


@settings(max_examples=150)
@given(
    st.sampled_from(ActKind),
    st.sampled_from(SOME),
    st.sampled_from(SOME),
    st.sampled_from(SOME),
    st.sampled_from(SOME),
    st.sampled_from(["us", "cn", "eu", "sg", "my", "ae"]),
)
def test_the_condition_of_being_asked_is_that_of_bare_acts(kind, departure, site, tenant, public, body):
    row = {
        "departure.country": departure,
        "site.country": site,
        "tenant.headquarters": tenant,
        "offering.country": public,
    }
    condition = asked_when(kind, body)
    holds = not getattr(condition, "parts", ()) or any(row[one.fact] in one.operand for one in condition.parts)
    assert holds == (body in bodies_asked(kind, row))


def test_a_gap_of_the_law_has_one_party_at_most_where_one_is_enough():
    (one,) = gaps([permit('party.seat == "BB"', for_any=("consignee", "end_user"))])
    assert len(one.witness.act.parties) == 1
    assert set(one.witness.act.parties) <= {Role.CONSIGNEE, Role.END_USER}
