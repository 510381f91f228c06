"""A placement is judged by its worst leg, and a bare act on both layers."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from law_support import QUESTION, ask_sample, held

from lexloci.law.legs import both_layers, join_legs
from lexloci.model.determination import MissingKind, OtherLayer
from lexloci.model.fact import UNKNOWN
from lexloci.model.outcome import Outcome, join, settle
from lexloci.model.portfolio import Basis

PERMITTED = ask_sample()
DUTY = ask_sample({"deal.large": True})
LICENCE = ask_sample({"chip.power": 60, "site.country": "BB"})
PROHIBITED = ask_sample({"consignee.listed": True})
MAYBE_LICENCE = ask_sample({"chip.power": UNKNOWN, "site.country": "BB"})
MAYBE_PROHIBITED = ask_sample({"consignee.listed": UNKNOWN})
LEGS = (PERMITTED, DUTY, LICENCE, PROHIBITED, MAYBE_LICENCE, MAYBE_PROHIBITED)


def joined(*legs):
    return join_legs("w@p", "the placement", QUESTION, legs, "sample 1")


def asked_for(determination):
    return [one.name for one in determination.missing]


@pytest.mark.parametrize("legs", list(itertools.product(LEGS, repeat=2)))
def test_a_placement_is_as_severe_as_its_worst_leg(legs):
    found = joined(*legs)
    assert found.certain is join(leg.certain for leg in legs)
    assert found.possible is join(leg.possible for leg in legs)
    assert found.outcome is settle(found.certain, found.possible)
    assert (found.outcome is Outcome.HUMAN_REVIEW) == bool(found.missing)
    assert found.legs == legs
    assert set(found.findings) == {one for leg in legs for one in leg.findings}
    assert set(found.duties) == {duty for leg in legs for duty in leg.duties}


def test_what_is_missing_is_united_and_each_thing_asked_for_once():
    found = joined(MAYBE_LICENCE, MAYBE_PROHIBITED, MAYBE_PROHIBITED)
    assert asked_for(found) == ["chip.power", "consignee.listed"]


def test_rules_that_wait_for_the_same_thing_are_listed_together():
    other = replace(MAYBE_LICENCE, missing=(replace(MAYBE_LICENCE.missing[0], rules=("aa.other",)),))
    assert joined(MAYBE_LICENCE, other).missing[0].rules == ("aa.power_limit", "aa.other")


def test_nothing_is_asked_for_where_another_leg_is_prohibited():
    found = joined(MAYBE_PROHIBITED, PROHIBITED)
    assert (found.outcome, asked_for(found)) == (Outcome.PROHIBITED, [])


def test_only_what_could_make_the_placement_worse_is_asked_for():
    found = joined(LICENCE, MAYBE_LICENCE, MAYBE_PROHIBITED)
    assert (found.certain, found.possible) == (Outcome.LICENCE_CASE_BY_CASE, Outcome.PROHIBITED)
    assert asked_for(found) == ["consignee.listed"]


def test_the_other_layer_of_a_placement_is_joined_too():
    def layer(outcome, *lines):
        return replace(PERMITTED, other_layer=OtherLayer(Basis.ENFORCEMENT, outcome, lines))

    def other(*outcomes):
        return joined(*(layer(outcome) for outcome in outcomes)).other_layer.outcome

    assert other(Outcome.PERMITTED, Outcome.LICENCE_CASE_BY_CASE) is Outcome.LICENCE_CASE_BY_CASE
    assert other(Outcome.LICENCE_CASE_BY_CASE, Outcome.HUMAN_REVIEW) is Outcome.HUMAN_REVIEW
    assert other(Outcome.PROHIBITED, Outcome.HUMAN_REVIEW) is Outcome.PROHIBITED
    both = joined(layer(Outcome.PERMITTED, "one"), layer(Outcome.PERMITTED, "two"))
    assert both.other_layer.differences == ("one", "two")


def test_vouchers_and_levers_are_listed_once():
    lifted = ask_sample({"chip.power": 60, "site.country": "BB"}, held("aa_licence"))
    assert len(joined(lifted, lifted).vouched) == 1
    assert joined(LICENCE, LICENCE).levers == LICENCE.levers


def test_a_bare_act_on_which_the_layers_agree_has_that_answer():
    assert both_layers(LICENCE, LICENCE) is LICENCE


def test_a_bare_act_on_which_the_layers_differ_is_for_a_person():
    for text, enforced in ((LICENCE, PERMITTED), (PERMITTED, LICENCE)):
        found = both_layers(text, enforced)
        assert (found.outcome, found.certain, found.possible) == (
            Outcome.HUMAN_REVIEW,
            Outcome.PERMITTED,
            Outcome.LICENCE_CASE_BY_CASE,
        )
        assert [(one.kind, one.name) for one in found.missing] == [(MissingKind.DECISION, "basis")]
    assert "by the text permitted, as enforced licence required, case by case" in found.missing[0].question
