"""The calendar holds the answer of every day, begins an interval only where something changes, and says what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from law_rulebooks import DAYS, randoms, rulebooks, some_acts
from law_support import (
    BEGIN,
    DAY,
    NO_CITATION,
    PARAMETERS,
    PERMIT,
    SETS,
    condition,
    held,
    make_act,
    make_rule,
    make_rulebook,
    not_subject,
)

from lexloci.law.calendar import calendar, calendar_of_act
from lexloci.law.calendar_days import ALWAYS, FOREVER, Window, days_of_change, days_too_old, stretches
from lexloci.law.decide import decide
from lexloci.law.legs import both_layers
from lexloci.law.on_record import NOTHING_ON_RECORD
from lexloci.law.rule import Dated, EffectKind, Point, RulebookSource, Standing, Timeline, Turn
from lexloci.model.act import ActKind, Question
from lexloci.model.citation import Citation
from lexloci.model.determination import SourceAge
from lexloci.model.errors import LexlociError
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

SPRING, SUMMER, AUTUMN = date(2029, 4, 1), date(2029, 7, 1), date(2029, 10, 1)
ENFORCED = Basis.ENFORCEMENT
ACTS = 4


def begins_on(*days: tuple[date, Standing, date] | tuple[date, Standing, date, Basis]):
    return tuple(
        Turn(on, standing, published, *layer, by=f"order {number}")
        for number, (on, standing, published, *layer) in enumerate(days, 1)
    )


def shown(intervals):
    """Each interval: its days, its outcome, and what began or ended."""
    return [
        (one.since, one.until, one.determination.outcome, [(change.rule, change.what) for change in one.begins])
        for one in intervals
    ]


def key(determination):
    findings = frozenset((one.rule, one.status, one.party) for one in determination.findings)
    return determination.outcome, determination.certain, determination.possible, findings


def keys(layers):
    return [key(one) for one in layers]


def on_day(rulebook, act, day, window, record, sources):
    """The oracle: the answers of one day alone, on each layer that is asked."""
    known = window.known_at or day
    ages = [SourceAge.at(known, one.name, one.dated, one.limit_days) for one in sources]
    moved = replace(act, on=day)
    return [decide(rulebook, moved, Question(day, known, layer), record, ages) for layer in window.layers]


def every_day(window):
    return [window.first + timedelta(days=number) for number in range((window.until - window.first).days)]


windows = st.builds(
    lambda first, length, known_at, basis: Window(first, first + timedelta(days=length), known_at, basis),
    st.integers(-20, 240).map(lambda number: DAYS[0] + timedelta(days=number)),
    st.integers(1, 130),
    st.one_of(st.none(), st.none(), st.sampled_from(DAYS)),
    st.sampled_from((None, *Basis)),
)
records = st.sampled_from((NOTHING_ON_RECORD, held("aa_licence"), not_subject()))
lists = st.sampled_from(((), (SourceAge("list", DAYS[0], 0, 100), SourceAge("other list", DAYS[4], 0, 3))))


@settings(max_examples=80)
@given(rulebooks(), randoms, windows, records, lists, st.sampled_from((100_000, 45)))
def test_the_calendar_holds_the_answer_of_every_day(rulebook, random, window, record, sources, limit_days):
    rulebook = replace(rulebook, limit_days=limit_days)
    for act in some_acts(random, ACTS):
        answers = {day: on_day(rulebook, act, day, window, record, sources) for day in every_day(window)}
        found = calendar_of_act(rulebook, act, window, record, sources)
        assert (found[0].since, found[-1].until) == (window.first, window.until)
        assert all(before.until == after.since for before, after in pairwise(found))
        for one in found:
            first = answers[one.since]
            assert one.determination == (both_layers(*first) if len(first) == 2 else first[0])
            for day in every_day(Window(one.since, one.until)):
                assert keys(answers[day]) == keys(first), day
        for one in found[1:]:
            assert keys(answers[one.since - timedelta(days=1)]) != keys(answers[one.since])


@settings(max_examples=60)
@given(rulebooks(), randoms, windows)
def test_no_more_is_decided_than_there_are_days_of_change(rulebook, random, window):
    (act,) = some_acts(random, 1)
    asked = []

    def determine(day, layer):
        asked.append((day, layer))
        known = window.known_at or day
        return decide(rulebook, replace(act, on=day), Question(day, known, layer))

    days = days_of_change(rulebook, act.kind, window)
    assert all(window.first < day < window.until for day in days)
    found = calendar(rulebook, determine, days, window)
    assert len(asked) == len(set(asked)) == (len(days) + 1) * len(window.layers)
    assert len(found) <= len(days) + 1


def test_turns_begin_and_end_intervals_with_their_history():
    turns = begins_on(
        (SPRING, Standing.IN_FORCE, SPRING),
        (SUMMER, Standing.STAYED, SUMMER),
        (AUTUMN, Standing.UNSETTLED, AUTUMN),
        (DAY, Standing.NOT_IN_FORCE, DAY),
    )
    rulebook = make_rulebook([make_rule("ban", turns=turns), PERMIT])
    found = calendar_of_act(rulebook, make_act({}), Window(BEGIN, FOREVER, None, ENFORCED))
    assert shown(found)[:5] == [
        (BEGIN, SPRING, Outcome.PERMITTED, []),
        (SPRING, SUMMER, Outcome.PROHIBITED, [("aa.ban", "begins to count")]),
        (SUMMER, AUTUMN, Outcome.PERMITTED, [("aa.ban", "no longer counts")]),
        (AUTUMN, DAY, Outcome.HUMAN_REVIEW, [("aa.ban", "may count")]),
        (DAY, DAY + timedelta(days=181), Outcome.PERMITTED, [("aa.ban", "no longer counts")]),
    ]
    assert [one.begins[0].why for one in found[1:5]] == [
        "in force since 2029-04-01, order 1",
        "stayed since 2029-07-01, order 2",
        "unsettled since 2029-10-01, order 3",
        "not in force since 2030-01-01, order 4",
    ]


def test_the_answer_before_the_first_day_of_change_and_after_the_last_is_told():
    rulebook = make_rulebook([make_rule("ban", turns=begins_on((SUMMER, Standing.IN_FORCE, SUMMER))), PERMIT])
    found = calendar_of_act(rulebook, make_act({}), Window(known_at=DAY))
    assert [(one.since, one.until) for one in found] == [(ALWAYS, BEGIN), (BEGIN, SUMMER), (SUMMER, FOREVER)]
    assert [one.determination.outcome for one in found] == [
        Outcome.HUMAN_REVIEW,
        Outcome.PERMITTED,
        Outcome.PROHIBITED,
    ]


def test_what_reaches_back_counts_from_its_publication_where_each_day_knows_its_own():
    rulebook = make_rulebook([make_rule("ban", turns=begins_on((SPRING, Standing.IN_FORCE, SUMMER))), PERMIT])
    act, days = make_act({}), (BEGIN, DAY)
    on_the_day = calendar_of_act(rulebook, act, Window(*days, None, ENFORCED))
    later = calendar_of_act(rulebook, act, Window(*days, DAY, ENFORCED))
    before = calendar_of_act(rulebook, act, Window(*days, SPRING, ENFORCED))
    assert [one.since for one in on_the_day] == [BEGIN, SUMMER]
    assert on_the_day[1].begins[0].why == "in force since 2029-04-01, order 1"
    assert [one.since for one in later] == [BEGIN, SPRING]
    assert [one.since for one in before] == [BEGIN]


def test_a_limit_that_moves_is_named_with_its_citation():
    limit = Timeline(
        "limit",
        "a limit",
        (*PARAMETERS["limit"].versions, Dated(SUMMER, SUMMER, 1500.5, Citation("Order 7, art. 2"))),
        unit="points",
    )
    rulebook = replace(
        make_rulebook([make_rule("ban", ["n.x >= parameter.limit"]), PERMIT]), parameters={"limit": limit}
    )
    found = calendar_of_act(rulebook, make_act({"n.x": 7}), Window(BEGIN, DAY, DAY, ENFORCED))
    assert shown(found)[1:] == [(SUMMER, DAY, Outcome.PERMITTED, [("aa.ban", "no longer counts")])]
    assert found[1].begins[0].why == "parameter.limit is 1,500.5 points since 2029-07-01, Order 7, art. 2"


def test_a_limit_that_reaches_back_counts_from_its_publication_where_each_day_knows_its_own():
    later = Dated(SPRING, SUMMER, 9.0, NO_CITATION)
    limit = Timeline("limit", "a limit", (*PARAMETERS["limit"].versions, later))
    made = make_rulebook([make_rule("ban", ["n.x >= parameter.limit"]), PERMIT])
    rulebook, act = replace(made, parameters={"limit": limit}), make_act({"n.x": 7})
    for known_at, day in ((None, SUMMER), (DAY, SPRING)):
        found = calendar_of_act(rulebook, act, Window(BEGIN, DAY, known_at, ENFORCED))
        assert [one.since for one in found] == [BEGIN, day]


def test_a_set_says_who_came_and_who_left_also_within_a_definition():
    far = Timeline("far", "far", (*SETS["far"].versions, Dated(SUMMER, SUMMER, frozenset({"BB", "DD"}), NO_CITATION)))
    remote = Timeline("remote", "far", (Dated(BEGIN, BEGIN, (condition("t.x in set.far"),), NO_CITATION),))
    made = make_rulebook([make_rule("ban", ["defined.remote"]), PERMIT])
    rulebook = replace(made, sets={"far": far}, definitions={"remote": remote})
    found = calendar_of_act(rulebook, make_act({"t.x": "DD"}), Window(BEGIN, DAY, DAY, ENFORCED))
    assert [change.why for change in found[1].begins] == ["set.far with DD without CC since 2029-07-01, none"]


def test_a_definition_that_is_rewritten_is_named():
    versions = tuple(
        Dated(day, day, (condition(text),), Citation(f"Act of {day.year}"))
        for day, text in ((BEGIN, "f.a"), (SUMMER, "f.b"))
    )
    made = make_rulebook([make_rule("ban", ["defined.both"]), PERMIT])
    rulebook = replace(made, definitions={"both": Timeline("both", "both", versions)})
    act = make_act({"f.a": False, "f.b": True})
    found = calendar_of_act(rulebook, act, Window(BEGIN, DAY, DAY, ENFORCED))
    assert shown(found)[1:] == [(SUMMER, DAY, Outcome.PROHIBITED, [("aa.ban", "begins to count")])]
    assert found[1].begins[0].why == "defined.both reads otherwise since 2029-07-01, Act of 2029"


def test_a_layer_of_its_own_is_named_and_leaves_human_review():
    turns = begins_on((SPRING, Standing.IN_FORCE, SPRING), (SUMMER, Standing.NOT_ENFORCED, SUMMER, Basis.ENFORCEMENT))
    rulebook = make_rulebook([make_rule("ban", turns=turns), PERMIT])
    found = calendar_of_act(rulebook, make_act({}), Window(BEGIN, DAY, DAY))
    assert [one.determination.outcome for one in found] == [
        Outcome.PERMITTED,
        Outcome.PROHIBITED,
        Outcome.HUMAN_REVIEW,
    ]
    (began,), (ended,) = found[1].begins, found[2].begins
    assert (began.layer, began.what) == (None, "begins to count")
    assert (ended.layer, ended.what) == (Basis.ENFORCEMENT, "no longer counts")
    assert ended.why == "not enforced since 2029-07-01 (enforcement), order 2"
    by_text = calendar_of_act(rulebook, make_act({}), Window(BEGIN, DAY, DAY, Basis.TEXT))
    assert [one.since for one in by_text] == [BEGIN, SPRING]


def test_the_rulebook_and_a_list_are_too_old_from_the_day_after_their_limit():
    made = make_rulebook([PERMIT])
    rulebook = replace(made, limit_days=30, sources=(RulebookSource("other", "1", DAY, 60),))
    window = Window(DAY, DAY + timedelta(days=90), None, ENFORCED)
    listed = SourceAge.at(DAY, "list", DAY, 50)
    found = calendar_of_act(rulebook, make_act({}), window, sources=[listed])
    assert [(one.since - DAY).days for one in found] == [0, 31]
    assert [one.determination.outcome for one in found] == [Outcome.PERMITTED, Outcome.HUMAN_REVIEW]
    (stale,) = found[1].begins
    assert (stale.rule, stale.title, stale.what) == ("", "rulebook in memory", "is past its limit of age")
    assert stale.why == "of 2030-01-01, at most 30 days old"
    fresh = replace(made, limit_days=500)
    (list_alone,) = calendar_of_act(fresh, make_act({}), window, sources=[listed])[1:]
    assert ((list_alone.since - DAY).days, list_alone.begins[0].title) == (51, "list")
    known_early = replace(window, known_at=DAY)
    assert len(calendar_of_act(rulebook, make_act({}), known_early, sources=[listed])) == 1


def test_the_condition_for_being_not_subject_is_dated_too():
    limit = Timeline("limit", "a limit", (*PARAMETERS["limit"].versions, Dated(SUMMER, SUMMER, 9.0, NO_CITATION)))
    rule = replace(
        make_rule("ban", ["f.a"]),
        not_subject_point="aa.reach_abroad",
        not_subject_when=(condition("n.x >= parameter.limit"),),
    )
    point = Point("aa.reach_abroad", "?", {"not_subject": "so"}, NO_CITATION)
    rulebook = replace(make_rulebook([rule, PERMIT]), parameters={"limit": limit}, points={point.id: point})
    act = make_act({"f.a": True, "n.x": 7})
    record = not_subject(option="not_subject")
    for known_at in (None, DAY):
        found = calendar_of_act(rulebook, act, Window(BEGIN, DAY, known_at, ENFORCED), record)
        assert shown(found) == [
            (BEGIN, SUMMER, Outcome.PERMITTED_WITH_DUTIES, []),
            (SUMMER, DAY, Outcome.HUMAN_REVIEW, [("aa.ban", "becomes only possible")]),
        ]
        assert found[1].begins[0].why == "parameter.limit is 9 since 2029-07-01, none"


def test_a_conflict_of_laws_begins_with_the_counter_rule():
    ban = make_rule("ban", ["f.a"])
    counter = make_rule(
        "counter", kind=EffectKind.COUNTER, body="bb", turns=begins_on((SUMMER, Standing.IN_FORCE, SUMMER))
    )
    rulebook = make_rulebook([make_rule("licence", outcome=Outcome.LICENCE_CASE_BY_CASE), PERMIT])
    rulebook = replace(rulebook, rules=(*rulebook.rules, replace(counter, against=("aa.licence",)), ban))
    found = calendar_of_act(rulebook, make_act({"f.a": False}), Window(BEGIN, DAY, DAY, ENFORCED))
    assert shown(found)[1:] == [
        (SUMMER, DAY, Outcome.HUMAN_REVIEW, [("bb.counter", "pulls against aa.licence")]),
    ]
    assert found[1].begins[0].why == "in force since 2029-07-01, order 1"


def test_what_is_certain_and_severe_is_told_first():
    begins = begins_on((SUMMER, Standing.IN_FORCE, SUMMER))
    rules = [
        make_rule("open", ["f.b"], turns=begins),
        make_rule("mild", outcome=Outcome.LICENCE_PRESUMED_APPROVED, turns=begins),
        make_rule("severe", turns=begins),
        make_rule("gone", turns=begins_on((BEGIN, Standing.IN_FORCE, BEGIN), (SUMMER, Standing.STAYED, SUMMER))),
        PERMIT,
    ]
    found = calendar_of_act(make_rulebook(rules), make_act({}), Window(BEGIN, DAY, DAY, ENFORCED))
    assert [change.rule for change in found[1].begins] == ["aa.severe", "aa.mild", "aa.gone", "aa.open"]


def test_a_fact_that_changes_by_day_is_named_with_its_origin():
    rulebook = make_rulebook([make_rule("ban", ["f.a", "f.b"]), PERMIT])

    def determine(day, layer):
        act = make_act({"f.a": day >= SUMMER, "f.b": True})
        facts = {**act.facts, "f.a": replace(act.facts["f.a"], origin=f"list of {day.year}")}
        return decide(rulebook, replace(act, on=day, facts=facts), Question(day, DAY, layer))

    found = calendar(rulebook, determine, [SUMMER], Window(BEGIN, DAY, DAY, ENFORCED))
    assert [change.why for change in found[1].begins] == ["f.a is yes, was no (list of 2029)"]


@pytest.mark.parametrize("until", [BEGIN, BEGIN - timedelta(days=1)])
def test_a_window_without_a_day_is_refused_in_one_line(until):
    with pytest.raises(LexlociError) as error:
        Window(BEGIN, until)
    assert str(error.value) == f"no day lies from 2029-01-01 until before {until}; move one of them"


def test_days_outside_the_window_cut_nothing():
    days = [BEGIN, SPRING, SUMMER, SPRING, DAY, FOREVER]
    assert stretches(days, BEGIN, DAY) == [(BEGIN, SPRING), (SPRING, SUMMER), (SUMMER, DAY)]
    assert stretches([], BEGIN, DAY) == [(BEGIN, DAY)]


def test_only_the_rules_for_the_kind_of_act_cut():
    turns = begins_on((SUMMER, Standing.IN_FORCE, SUMMER))
    rulebook = make_rulebook([make_rule("ban", turns=turns)])
    assert SUMMER in days_of_change(rulebook, ActKind.EXPORT, Window())
    assert days_of_change(rulebook, ActKind.BUILD, Window(until=DAY)) == ()


def test_a_limit_of_age_beyond_all_days_is_never_passed():
    assert list(days_too_old([SourceAge.at(DAY, "list", DAY, 10_000_000)])) == []
    assert list(days_too_old([SourceAge.at(DAY, "list", DAY, 30)])) == [DAY + timedelta(days=31)]


def test_a_licence_and_a_reading_that_end_are_named():
    rule = replace(make_rule("ban", lifted_by=("aa_licence",)), not_subject_point="aa.reach_abroad")
    point = Point("aa.reach_abroad", "?", {"not_subject": "so"}, NO_CITATION)
    rulebook = replace(make_rulebook([rule, PERMIT]), points={point.id: point})

    def told(record):
        def determine(day, layer):
            on_record = record if day < SUMMER else replace(record, readings={}, authorisations={})
            return decide(rulebook, replace(make_act({}), on=day), Question(day, DAY, layer), on_record)

        (change,) = calendar(rulebook, determine, [SUMMER], Window(BEGIN, DAY, DAY, ENFORCED))[1].begins
        return change.what, change.why

    assert told(held("aa_licence")) == (
        "counts for certain",
        "aa_licence no. 1 of office no longer counts, held by consignee-party",
    )
    assert told(not_subject(option="not_subject")) == (
        "becomes only possible",
        "the reading of aa.reach_abroad is open, was not_subject",
    )
