"""The smallest lawful change that makes an act placeable is found by asking again; facts are never moved."""

from __future__ import annotations

from dataclasses import replace

from analysis_random import DAY, act_with, book
from law_support import PERMIT, make_rule

from lexloci.law.decide import decide
from lexloci.law.levers import smallest_levers, with_smallest
from lexloci.law.on_record import NOTHING_ON_RECORD
from lexloci.law.rule import EffectKind
from lexloci.model.act import Question
from lexloci.model.fact import Fact
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

QUESTION = Question(DAY, DAY, Basis.TEXT)
LICENCE = make_rule("licence", ["f.a"], Outcome.LICENCE_PRESUMED_DENIED, lifted_by=("licence",))
FILING = make_rule("filing", ["f.b"], Outcome.LICENCE_CASE_BY_CASE, lifted_by=("contract", "assessment"))
BAN = make_rule("ban", ['t.x == "DD"'])
RULES = [LICENCE, FILING, BAN, PERMIT]


def levers(values, sites=None, rules=RULES, record=NOTHING_ON_RECORD):
    found = smallest_levers(book(rules), act_with(values), QUESTION, record, sites, ("aa",))
    assert all(one.determination.outcome.is_placeable for one in found)
    return [(one.authorisations, one.site) for one in found]


def test_one_authorisation_is_the_smallest_change():
    assert levers({"f.a": True}) == [(("licence",), "")]


def test_all_the_ways_of_the_smallest_size_are_named():
    assert levers({"f.b": True}) == [(("assessment",), ""), (("contract",), "")]


def test_two_rules_take_two_authorisations():
    assert levers({"f.a": True, "f.b": True}) == [(("assessment", "licence"), ""), (("contract", "licence"), "")]


def test_a_prohibition_that_nothing_lifts_has_no_lawful_lever():
    assert levers({"f.a": True, "t.x": "DD"}) == []


def test_another_site_is_a_lever_where_it_is_given():
    sites = {"far": {"t.x": Fact("BB")}, "near": {"t.x": Fact("DD")}}
    assert levers({"t.x": "DD"}, sites) == [((), "far")]
    assert levers({"t.x": "DD", "f.a": True}, sites) == [(("licence",), "far")]


def test_an_act_that_is_placeable_needs_nothing():
    assert levers({}) == []


def test_an_open_rule_is_lifted_too_and_a_question_to_a_person_is_not():
    asks = replace(make_rule("asks", ["f.c"]), review="ask")
    assert levers({"f.c": True}, rules=[asks, PERMIT]) == []
    assert levers({"f.c": True}, rules=[replace(asks, lifted_by=("approval",)), PERMIT]) == [(("approval",), "")]


def test_silence_has_no_lever():
    assert levers({"f.a": True}, rules=[make_rule("note", ["f.a"], kind=EffectKind.NOTE)]) == []


def test_the_answer_after_the_change_shows_what_it_rests_on():
    (found,) = smallest_levers(book(RULES), act_with({"f.a": True}), QUESTION, NOTHING_ON_RECORD, bodies=("aa",))
    assert found.determination.outcome is Outcome.PERMITTED_WITH_DUTIES
    assert [vouched.name for vouched in found.determination.vouched] == ["licence"]


def told(values, rules=RULES):
    """The first lever of the answer, with the smallest changes put into words."""
    whole = decide(book(rules), act_with(values), QUESTION, NOTHING_ON_RECORD, (), ("aa",))
    ways = smallest_levers(book(rules), act_with(values), QUESTION, NOTHING_ON_RECORD, None, ("aa",))
    found = with_smallest(whole, ways)
    assert replace(found, levers=whole.levers) == whole
    return found.levers[: len(found.levers) - len(whole.levers)]


def test_the_smallest_changes_stand_first_among_the_levers_in_words():
    begin = "the smallest lawful change that permits it, duties kept: "
    assert told({"f.a": True}) == (f"{begin}licence",)
    assert told({"f.a": True, "f.b": True}) == (f"{begin}assessment and licence; or contract and licence",)
    leave = replace(LICENCE, lifted_by=("re_export_licence",))
    assert told({"f.a": True}, [leave, PERMIT]) == (f"{begin}re export licence",)


def test_where_no_authorisation_helps_the_answer_says_so():
    assert told({"t.x": "DD"}) == ("no authorisation that the rules name permits this",)
    asks = replace(make_rule("asks", ["f.c"]), review="ask")
    assert told({"f.c": True}, [asks, PERMIT]) == ("no authorisation settles this by itself: see what is missing",)


def test_an_act_that_is_placeable_keeps_its_levers():
    assert told({}) == ()
    duty = make_rule("duty", ["f.a"], Outcome.PERMITTED_WITH_DUTIES, lifted_by=("licence",))
    assert told({"f.a": True}, [duty, PERMIT]) == ()


def test_what_stands_not_in_the_way_is_not_lifted():
    duty = make_rule("duty", ["f.a"], Outcome.PERMITTED_WITH_DUTIES, lifted_by=("notice",))
    assert levers({"f.a": True, "f.b": True}, rules=[duty, FILING, PERMIT]) == [
        (("assessment",), ""),
        (("contract",), ""),
    ]
