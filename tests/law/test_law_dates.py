"""Days, turns, versions and numbers that cannot be true are refused when a rulebook is read, never when it is asked."""

from __future__ import annotations

import shutil
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from law_support import SAMPLE, make_rule

from lexloci.law.load import load_rulebook
from lexloci.law.mistake import UnsoundRulebookError
from lexloci.law.rule import Standing, Turn
from lexloci.law.standing import standing_at
from lexloci.law.turn_check import contradictions
from lexloci.model.portfolio import Basis
from lexloci.rulebook.book import bundled_rulebook

REACH = "aa/rules/reach.yaml"
NUMBERS = "aa/parameters/limits.yaml"
PLACES = "aa/sets/places.yaml"
DUTY = "aa/rules/duty_only.yaml"
VERSION = "version.yaml"
DAY = date(2030, 1, 1)
IN, OUT, STAYED, LAX, OPEN = (
    Standing.IN_FORCE,
    Standing.NOT_IN_FORCE,
    Standing.STAYED,
    Standing.NOT_ENFORCED,
    Standing.UNSETTLED,
)
TEXT, ENFORCEMENT = Basis.TEXT, Basis.ENFORCEMENT


def turn(on, standing, layer=None, published=0):
    return Turn(DAY + timedelta(days=on), standing, DAY + timedelta(days=published), layer, "Order")


# Turns that a rule may have: a stay that a court lifts, a posture against the text, a postponement known later.
SOUND = {
    "in force": [turn(0, IN)],
    "begins and ends": [turn(0, IN), turn(9, OUT)],
    "begins again": [turn(0, IN), turn(9, OUT), turn(20, IN)],
    "stayed and back": [turn(0, IN), turn(3, STAYED), turn(9, IN)],
    "repealed while stayed": [turn(0, IN), turn(3, STAYED), turn(9, OUT)],
    "unsettled and stayed": [turn(0, OPEN), turn(3, STAYED)],
    "not enforced from the first day": [turn(0, IN), turn(0, LAX, ENFORCEMENT)],
    "text alone, then not enforced": [turn(0, IN, TEXT), turn(0, LAX, ENFORCEMENT)],
    "text, then its enforcement": [turn(0, IN, TEXT), turn(5, IN, ENFORCEMENT)],
    "enforced again by a turn of both layers": [turn(0, IN), turn(3, LAX, ENFORCEMENT), turn(9, IN)],
    "postponed once that was published": [turn(0, IN, None, -50), turn(0, OUT, None, -10), turn(30, IN, None, -10)],
    "stay withdrawn before its day": [turn(0, IN), turn(9, STAYED, None, 1), turn(9, IN, None, 5)],
}
# Turns that contradict one another: the place of the first that does, and words of the reason.
CONTRADICTORY = {
    "out of order": ([turn(5, IN), turn(0, OUT)], 1, "out of order"),
    "ends before it begins": ([turn(0, OUT), turn(5, IN)], 0, "ends before it begins"),
    "stayed before it begins": ([turn(0, STAYED), turn(5, IN)], 0, "ends before it begins"),
    "not enforced before it begins": ([turn(0, LAX, ENFORCEMENT)], 0, "before its text begins"),
    "enforced before its text": ([turn(0, IN, ENFORCEMENT), turn(5, IN, TEXT)], 0, "before its text begins"),
    "the same turn twice": ([turn(0, IN), turn(0, IN)], 1, "what it is already"),
    "in force already": ([turn(0, IN), turn(5, IN)], 1, "what it is already"),
    "in force already on the layer": ([turn(0, IN), turn(5, IN, TEXT)], 1, "what it is already"),
    "not enforced already": ([turn(0, IN), turn(1, LAX, ENFORCEMENT), turn(5, LAX, ENFORCEMENT)], 2, "is already"),
    "stayed when it has ended": ([turn(0, IN), turn(5, OUT), turn(9, STAYED)], 2, "while it is not in force"),
    "stayed on a layer that is not in force": ([turn(0, IN, TEXT), turn(5, STAYED)], 1, "while it is not in force"),
    "ended on a layer that never began": ([turn(0, IN, TEXT), turn(5, OUT)], 1, "ends before it begins"),
    "text not enforced": ([turn(0, IN), turn(5, LAX, TEXT)], 1, "cannot be not enforced"),
    "both layers not enforced": ([turn(0, IN), turn(5, LAX)], 1, "cannot be not enforced"),
    "two standings on one day": ([turn(0, IN), turn(0, OPEN)], 0, "always takes its place"),
    "one hidden by both of its layers": (
        [turn(0, IN), turn(5, STAYED), turn(5, IN, TEXT), turn(5, LAX, ENFORCEMENT)],
        1,
        "always takes its place",
    ),
}

# file, what stands there, what is written instead, words of the mistake
WRONG = {
    "turn twice": (
        REACH,
        "by: Order 1}",
        "by: Order 1}\n  - {on: 2029-01-01, standing: in force, published: 2028-12-01, by: x}",
        "it is already",
    ),
    "published after the release": (
        REACH,
        "published: 2028-12-01",
        "published: 2032-01-02",
        "later than the rulebook's version",
    ),
    "version published after the release": (
        NUMBERS,
        "published: 2029-06-01",
        "published: 2033-06-01",
        "later than the rulebook's version",
    ),
    "version without a day": (VERSION, "2032.01.01", "sample 1", "is no calendar version"),
    "version with a month too many": (VERSION, "2032.01.01", "2032.13.01", "is no calendar version"),
    "version with a day too many": (VERSION, "2032.01.01", "2031.02.29", "is no calendar version"),
    "version in another form": (VERSION, "2032.01.01", "2032-01-01", "is no calendar version"),
    "version that says that more was added": (VERSION, "2032.01.01", "2032.01.01+x", "is no calendar version"),
    "reviewed after the release": (VERSION, "reviewed: 2030-01-01", "reviewed: 2032-01-02", "later than the version"),
    "limit of no days": (VERSION, "limit_days: 180", "limit_days: 0", "no whole number from 1"),
    "limit below nought": (VERSION, "limit_days: 180", "limit_days: -1", "no whole number from 1"),
    "limit of part of a day": (VERSION, "limit_days: 180", "limit_days: 0.5", "no whole number from 1"),
    "lead time below nought": (DUTY, "lead_time_days: 10", "lead_time_days: -1", "no whole number from 0"),
    "lead time of part of a day": (DUTY, "lead_time_days: 10", "lead_time_days: 1.5", "no whole number from 0"),
    "lead time as truth": (DUTY, "lead_time_days: 10", "lead_time_days: true", "no whole number from 0"),
    "lead time beyond the calendar": (
        DUTY,
        "lead_time_days: 10",
        "lead_time_days: 4000000",
        "no whole number from 0 to",
    ),
    "lead time of a rule": (REACH, "scope: item", "scope: item\nlead_time_days: 1e400", "is no finite number"),
    "infinite limit": (NUMBERS, "value: 50", "value: .inf", "is no finite number"),
    "limit that is no number": (NUMBERS, "value: 50", "value: .nan", "is no finite number"),
    "limit beyond a float": (NUMBERS, "value: 50", "value: 1e400", "is no finite number"),
    "hexadecimal limit beyond a float": (NUMBERS, "value: 50", f"value: 0x{'f' * 290}", "too many digits"),
    "limit that a float would change": (NUMBERS, "value: 50", "value: 9007199254740993", "too many digits"),
    "literal beyond a float": (REACH, 'chip.maker == "acme"', "chip.power > 1e400", "has too large a number"),
    "set that is given and changed": (PLACES, "add: [DD]", "members: [BB], add: [DD]", "gives not just one of members"),
    "version of a set that says nothing": (PLACES, "add: [DD], remove: [CC], ", "", "gives not just one of members"),
    "member that was there": (PLACES, "add: [DD], remove: [CC]", "add: [BB]", "adds BB, which the set held already"),
    "not_subject_when without a point": (
        REACH,
        "not_subject_point: aa.reach_abroad",
        "levers: [x]",
        "and no not_subject_point",
    ),
    "against of a rule that counts": (
        REACH,
        "outcome: prohibited",
        "outcome: prohibited\nagainst: [aa.press]",
        "which is against none",
    ),
    "text that was changed": (REACH, "Invented text", "Invented texts", "the quoted text was changed"),
    "text without a seal": (REACH, 'text_sha256: "60153d832eb9a3be"\n', "", "text_sha256 is missing"),
}
CALENDAR = "write the day of its release as YYYY.MM.DD, and .1 after it for another one on that day"
# the line of the mistake, and how to mend it
MENDS = {
    "turn twice": (14, "remove the turn, or mend its day"),
    "published after the release": (13, "mend the day, or the version in version.yaml"),
    "version published after the release": (6, "mend the day, or the version in version.yaml"),
    "version without a day": (1, CALENDAR),
    "version with a month too many": (1, CALENDAR),
    "version with a day too many": (1, CALENDAR),
    "version in another form": (1, CALENDAR),
    "version that says that more was added": (1, CALENDAR),
    "reviewed after the release": (2, "a source cannot be read after the release: mend one of them"),
    "limit of no days": (3, "write limit_days: 30"),
    "limit below nought": (3, "write limit_days: 30"),
    "limit of part of a day": (3, "write limit_days: 30"),
    "lead time below nought": (18, "write lead_time_days: 30"),
    "lead time of part of a day": (18, "write lead_time_days: 30"),
    "lead time as truth": (18, "write lead_time_days: 30"),
    "lead time beyond the calendar": (18, "write lead_time_days: 30"),
    "lead time of a rule": (6, "write a finite number, or put text in quotation marks"),
    "infinite limit": (6, "write a finite number, or put text in quotation marks"),
    "limit that is no number": (6, "write a finite number, or put text in quotation marks"),
    "limit beyond a float": (6, "write a finite number, or put text in quotation marks"),
    "hexadecimal limit beyond a float": (6, "write value: 1.0e30"),
    "limit that a float would change": (6, "write value: 1.0e30"),
    "literal beyond a float": (15, "see docs/reference/rulebook.md"),
    "set that is given and changed": (5, "give the whole set, or what changed"),
    "version of a set that says nothing": (5, "give the whole set, or what changed"),
    "member that was there": (5, "mend the history"),
    "not_subject_when without a point": (18, "name the point, or remove it"),
    "against of a rule that counts": (17, "remove against"),
    "text that was changed": (9, "check it against the source, then run tools/seal_texts.py"),
    "text without a seal": (1, "write text_sha256: ..."),
}  # fmt: skip
TURN_MENDS = {
    "out of order": "order them by date",
    "ends before it begins": "the first turn says when it comes into force",
    "stayed before it begins": "the turn before it says since when it is in force",
    "not enforced before it begins": "write the turn of the text before it",
    "the same turn twice": "remove the turn, or mend its day",
    "stayed when it has ended": "the turn before it says since when it is in force",
    "text not enforced": "write layer: enforcement",
    "two standings on one day": "remove the one that is wrong, or say when each was published",
}


@pytest.mark.parametrize("turns", SOUND.values(), ids=SOUND)
def test_turns_that_can_all_be_true_are_accepted(turns):
    assert list(contradictions(turns)) == []


@pytest.mark.parametrize(("turns", "place", "words"), CONTRADICTORY.values(), ids=CONTRADICTORY)
def test_turns_that_contradict_one_another_are_refused_at_the_one_that_does(turns, place, words):
    found = list(contradictions(turns))
    assert found[0][0] == place
    assert words in found[0][1]


@pytest.mark.parametrize("case", TURN_MENDS)
def test_a_turn_that_contradicts_another_says_how_to_mend_it(case):
    ((_, _, mend), *_) = contradictions(CONTRADICTORY[case][0])
    assert mend == TURN_MENDS[case]


def test_what_contradicts_is_told_with_the_day_and_the_standing():
    ((_, same, _),) = contradictions([turn(0, IN), turn(5, IN)])
    ((_, hidden, _),) = contradictions([turn(0, IN), turn(0, OPEN)])
    ((_, first, _), *_) = contradictions([turn(0, LAX)])
    ((_, later, _),) = contradictions([turn(0, IN), turn(5, LAX)])
    ((_, stayed, _),) = contradictions([turn(0, IN), turn(5, OUT), turn(9, STAYED)])
    ((_, disorder, _),) = contradictions([turn(5, IN), turn(0, OUT)])
    assert first == "ends before it begins: its text cannot be not enforced"
    assert later == "its text cannot be not enforced"
    assert stayed == "is stayed while it is not in force"
    assert same == "turns on 2030-01-06 to what it is already: in force"
    assert hidden == ("turns on 2030-01-01 to in force, and another turn of that day and layer always takes its place")
    assert disorder == "has turns out of order: 2030-01-01 after 2030-01-06"


def test_the_turns_of_the_packages_rules_contradict_nowhere():
    assert [rule.id for rule in bundled_rulebook().rules if list(contradictions(rule.turns))] == []


turns_of_any_kind = st.lists(
    st.builds(turn, st.integers(0, 4), st.sampled_from(Standing), st.sampled_from([None, *Basis]), st.integers(-2, 2)),
    max_size=4,
).map(lambda turns: sorted(turns, key=lambda one: one.on))


@given(turns_of_any_kind)
def test_every_turn_that_is_accepted_is_what_some_day_of_knowledge_shows(turns):
    if list(contradictions(turns)):
        return
    rule = make_rule("any", turns=tuple(turns))
    for one in turns:
        layers = [one.layer] if one.layer else list(Basis)
        assert any(
            standing_at(rule, one.on, DAY + timedelta(days=known), layer) is one.standing
            for known in range(-2, 5)
            for layer in layers
        )


@given(turns_of_any_kind)
def test_taking_a_turn_to_what_it_is_already_away_changes_no_standing(turns):
    again = [place for place, what, _ in contradictions(turns) if "is already" in what]
    if len(again) != 1 or len(list(contradictions(turns))) != 1:
        return
    without = [one for place, one in enumerate(turns) if place not in again]
    days = [DAY + timedelta(days=day) for day in range(-1, 6)]
    late = DAY + timedelta(days=9)
    for layer in Basis:
        before, after = (make_rule("any", turns=tuple(one)) for one in (turns, without))
        assert [standing_at(before, on, late, layer) for on in days] == [
            standing_at(after, on, late, layer) for on in days
        ]


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(SAMPLE, tmp_path / "rulebook")


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_true_is_refused_with_its_file_and_line(folder, case):
    file, old, new, words = WRONG[case]
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UnsoundRulebookError) as caught:
        load_rulebook(folder)
    told = [one for one in caught.value.mistakes if words in one.message]
    assert [(one.file, one.line, one.mend) for one in told] == [(file, *MENDS[case])]


@pytest.mark.parametrize("version", ["2032.1.1", "2032.01.01.2"])
def test_a_calendar_version_may_be_short_or_the_second_of_its_day(folder, version):
    path = folder / VERSION
    path.write_text(path.read_text(encoding="utf-8").replace("2032.01.01", version), encoding="utf-8")
    assert load_rulebook(folder).version == version
