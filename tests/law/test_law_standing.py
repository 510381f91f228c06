"""Standing of a rule: half-open days, two clocks, two layers, and the later of two turns on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_support import BEGIN, NO_CITATION, make_rule

from lexloci.law.rule import Dated, Standing, Timeline, Turn
from lexloci.law.standing import describe, standing_at, turn_at
from lexloci.model.portfolio import Basis

END = date(2029, 6, 1)
EARLIER = date(2028, 12, 1)
DAY = timedelta(days=1)
FAR = date(2040, 1, 1)
FROM_TO = (Turn(BEGIN, Standing.IN_FORCE, EARLIER), Turn(END, Standing.NOT_IN_FORCE, END))


def standing(turns, on, known_at=FAR, layer=Basis.TEXT):
    return standing_at(make_rule("r", turns=turns), on, known_at, layer)


@pytest.mark.parametrize("layer", list(Basis))
def test_a_rule_stands_from_its_first_day_until_the_day_on_which_it_ends(layer):
    assert standing(FROM_TO, BEGIN - DAY, layer=layer) is Standing.NOT_IN_FORCE
    assert standing(FROM_TO, BEGIN, layer=layer) is Standing.IN_FORCE
    assert standing(FROM_TO, END - DAY, layer=layer) is Standing.IN_FORCE
    assert standing(FROM_TO, END, layer=layer) is Standing.NOT_IN_FORCE


def test_what_was_not_published_by_the_day_of_knowledge_does_not_count():
    assert standing(FROM_TO, BEGIN, EARLIER - DAY) is Standing.NOT_IN_FORCE
    assert standing(FROM_TO, BEGIN, EARLIER) is Standing.IN_FORCE
    assert standing(FROM_TO, END, END - DAY) is Standing.IN_FORCE
    assert standing(FROM_TO, END, END) is Standing.NOT_IN_FORCE


def test_a_turn_of_one_layer_leaves_the_other_alone():
    turns = (Turn(BEGIN, Standing.IN_FORCE, EARLIER), Turn(END, Standing.NOT_ENFORCED, END, Basis.ENFORCEMENT))
    assert standing(turns, END) is Standing.IN_FORCE
    assert standing(turns, END, layer=Basis.ENFORCEMENT) is Standing.NOT_ENFORCED


def test_of_two_turns_on_a_day_the_later_in_the_file_wins():
    turns = (Turn(BEGIN, Standing.IN_FORCE, EARLIER), Turn(BEGIN, Standing.STAYED, EARLIER))
    assert standing(turns, BEGIN) is Standing.STAYED
    assert standing(turns[::-1], BEGIN) is Standing.IN_FORCE


def test_only_in_force_and_unsettled_apply():
    assert {one for one in Standing if one.applies} == {Standing.IN_FORCE, Standing.UNSETTLED}


def test_the_words_name_the_standing_the_day_the_layer_and_the_source():
    turns = (Turn(BEGIN, Standing.IN_FORCE, EARLIER), Turn(END, Standing.STAYED, END, Basis.TEXT, "the court"))
    rule = make_rule("r", turns=turns)
    assert describe(rule, BEGIN - DAY, FAR, Basis.TEXT) == "not yet in force"
    assert describe(rule, BEGIN, FAR, Basis.TEXT) == "in force since 2029-01-01"
    assert describe(rule, END, FAR, Basis.TEXT) == "stayed since 2029-06-01 (text), the court"


days = st.dates(date(2029, 1, 1), date(2029, 1, 9))
turn_lists = st.lists(
    st.builds(Turn, days, st.sampled_from(Standing), days, st.sampled_from([None, *Basis])), min_size=1, max_size=6
).map(lambda turns: tuple(sorted(turns, key=lambda turn: turn.on)))


@given(turn_lists, days, days, st.sampled_from(Basis))
def test_the_turn_that_counts_is_the_last_of_those_begun_published_and_of_the_layer(turns, on, known_at, layer):
    counting = [turn for turn in turns if turn.on <= on and turn.published <= known_at]
    counting = [turn for turn in counting if turn.layer is None or turn.layer is layer]
    assert turn_at(make_rule("r", turns=turns), on, known_at, layer) is (counting[-1] if counting else None)


def test_a_timeline_gives_the_version_begun_by_the_day_and_published_by_the_day_of_knowledge():
    first = Dated(BEGIN, EARLIER, 1.0, NO_CITATION)
    second = Dated(END, END + DAY, 2.0, NO_CITATION)
    timeline = Timeline("limit", "a limit", (first, second))
    assert timeline.at(BEGIN - DAY, FAR) is None
    assert timeline.at(BEGIN, EARLIER - DAY) is None
    assert timeline.at(BEGIN, FAR) is first
    assert timeline.at(END - DAY, FAR) is first
    assert timeline.at(END, END) is first
    assert timeline.at(END, END + DAY) is second
