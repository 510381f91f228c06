"""The reader of decided cases refuses what it would not judge as meant; the judge tells every difference."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from lexloci.model.act import ActKind
from lexloci.model.errors import InputError, RulebookError
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.decided_cases import bundled_cases, decided_cases_in, read_decided_cases
from lexloci.rulebook.judge_cases import agrees, judge, rules_met

RULEBOOK = bundled_rulebook()
CASES = {case.id: case for case in bundled_cases()}
ASCEND = {
    "id": "ascend",
    "on": "2025-06-01",
    "kind": "use",
    "bodies": ["us"],
    "facts": {"chip": "ascend-910c", "site.country": "MY"},
    "expect": {"text": "prohibited"},
    "citation": "15 CFR 736.2(b)(10)",
}


def read(*rows):
    return read_decided_cases(json.dumps({"cases": rows}), "mine.json", RULEBOOK)


def refusal(*rows):
    with pytest.raises(RulebookError) as caught:
        read(*rows)
    return str(caught.value)


def without(key):
    return {name: value for name, value in ASCEND.items() if name != key}


def test_a_case_is_closed_and_known_on_its_day_where_it_says_nothing_else():
    (case,) = read(ASCEND)
    assert (case.id, case.file, case.line) == ("ascend", "mine.json", 1)
    assert (case.on, case.known_at, case.closed) == (date(2025, 6, 1), date(2025, 6, 1), True)
    assert (case.kind, case.expect) == (ActKind.USE, {Basis.TEXT: "prohibited"})
    assert case.missing is None


def test_every_key_of_a_case_is_read():
    row = {
        **ASCEND,
        "known_at": "2025-07-01",
        "given": "open",
        "unknown": ["site.water_class"],
        "readings": {"us_ear.gp10_reach": "not_subject"},
        "authorisations": ["bis_licence"],
        "not_subject": ["us_bis"],
        "signals": ["cn_chips.h20_avoid"],
        "notes": ["us_ear.ongoing_use_relief"],
        "duties": ["us_ear.records"],
        "expect": {"text": "human review", "enforcement": "licence required"},
        "missing": ["basis"],
        "source": "https://example.org",
        "note": "a remark",
    }
    (case,) = read(row)
    assert (case.known_at, case.closed, case.unknown) == (date(2025, 7, 1), False, ("site.water_class",))
    assert (case.readings, case.authorisations) == ({"us_ear.gp10_reach": "not_subject"}, ("bis_licence",))
    assert (case.not_subject, case.signals) == (("us_bis",), ("cn_chips.h20_avoid",))
    assert (case.notes, case.duties) == (("us_ear.ongoing_use_relief",), ("us_ear.records",))
    assert case.expect == {Basis.TEXT: "human review", Basis.ENFORCEMENT: "licence required"}
    assert (case.missing, case.source, case.note) == (("basis",), "https://example.org", "a remark")


@pytest.mark.parametrize("key", ["id", "on", "kind", "bodies", "facts", "expect", "citation"])
def test_a_case_without_a_key_that_is_needed_is_refused(key):
    assert key in refusal(without(key))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"expcet": {}}, "expcet is no key here"),
        ({"expect": {"txt": "permitted"}}, "txt is no key here"),
        ({"expect": {"text": "permited"}}, "'permited' is none of its options; did you mean permitted?"),
        ({"expect": {"text": "licence"}}, "'licence' is none of its options; did you mean"),
        ({"kind": "exprot"}, "did you mean export?"),
        ({"on": "2025-6-1"}, "on is missing or no day"),
        ({"given": "closd"}, "did you mean closed?"),
        ({"bodies": ["usa"]}, 'bodies: there is no "usa"; did you mean us?'),
        ({"facts": {"chip": "ascend-910x"}}, 'the catalogue has no "ascend-910x"; did you mean ascend-910'),
        ({"facts": {"chip": 910}}, "the catalogue has no 910"),
        ({"facts": {"site.contry": "MY"}}, "is no fact of the vocabulary; did you mean site.country?"),
        ({"facts": {"site.country": "Malaysia"}}, "is no ISO 3166 code; did you mean MY?"),
        ({"facts": {"supply.tenure": "lease"}}, "did you mean leased?"),
        ({"facts": {"exporter.name": 5}}, "exporter.name: 5 is no text"),
        ({"facts": {"site.country": None}}, "nothing is no value; write one value, or name the fact under unknown"),
        ({"facts": {"party.headquarters": "CN"}}, "write the role, such as end_user.headquarters"),
        ({"facts": {"reading.us_ear.gp10_reach": "not_subject"}}, "is no fact of the vocabulary"),
        ({"unknown": ["site.contry"]}, "did you mean site.country?"),
        ({"readings": {"us_ear.gp10_reech": "x"}}, "did you mean us_ear.gp10_reach?"),
        ({"readings": {"us_ear.gp10_reach": "not_subjekt"}}, "did you mean not_subject?"),
        ({"authorisations": ["bis_license"]}, "did you mean bis_licence?"),
        ({"not_subject": ["us_bsi"]}, "did you mean us_bis?"),
        ({"signals": ["cn_chips.h20_avoidd"]}, "did you mean cn_chips.h20_avoid?"),
        ({"duties": ["us_ear.recods"]}, "did you mean us_ear.records?"),
        ({"missing": ["basis"]}, "expects no human review"),
    ],
    ids=str,
)
def test_what_would_not_be_judged_as_meant_is_refused_with_its_mend(change, words):
    said = refusal({**ASCEND, **change})
    assert said.startswith("mine.json:1 ")
    assert words in said
    assert len(said.splitlines()) == 1


def test_every_wrong_case_and_every_wrong_fact_of_it_is_told_on_its_own_line():
    text = """cases:
  - id: first
    on: 2025-06-01
    kind: use
    bodies: [us]
    facts:
      chip: ascend-910x
      site.contry: MY
    expect: {text: prohibited}
    citation: a
  - id: second
    on: 2025-06-01
    kind: use
    bodies: [us]
    facts: {}
    expect:
      text: perhaps
    citation: a
"""
    with pytest.raises(RulebookError) as caught:
        read_decided_cases(text, "mine.yaml", RULEBOOK)
    places = [line.partition(": ")[0] for line in str(caught.value).splitlines()]
    assert places == ["mine.yaml:7 first", "mine.yaml:8 first", "mine.yaml:17 second"]


@pytest.mark.parametrize("text", ["cases: []\n", "{}\n", "- id: a\n", "cases: 5\n", "lexloci: 1\n", "a\n"])
def test_a_file_without_cases_is_refused_since_it_would_agree_with_anything(text):
    with pytest.raises(RulebookError, match="mine"):
        read_decided_cases(text, "mine.yaml", RULEBOOK)


def test_an_id_given_twice_is_refused_in_one_file_and_in_two(tmp_path):
    one, two = tmp_path / "one.json", tmp_path / "two.json"
    for file in (one, two):
        file.write_text(json.dumps({"cases": [ASCEND]}), encoding="utf-8")
    with pytest.raises(RulebookError, match="ascend: the id stands twice, first at"):
        decided_cases_in([str(one), str(two)], RULEBOOK)
    one.write_text(json.dumps({"cases": [ASCEND, ASCEND]}), encoding="utf-8")
    with pytest.raises(RulebookError, match="the id stands twice"):
        decided_cases_in([str(one)], RULEBOOK)


def test_a_folder_stands_for_its_cases_and_not_for_the_rules_beside_them(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "rule.yaml").write_text("id: a rule\n", encoding="utf-8")
    (tmp_path / "version.yaml").write_text("version: '1'\n", encoding="utf-8")
    with pytest.raises(InputError, match="holds no file of cases"):
        decided_cases_in([str(tmp_path)], RULEBOOK)
    (tmp_path / "deep" / "cases").mkdir(parents=True)
    for place, name in (("deep/cases", "b.yaml"), (".", "a.yml")):
        text = json.dumps({"cases": [{**ASCEND, "id": name}]})
        (tmp_path / place / name).write_text(text, encoding="utf-8")
    assert [case.id for case in decided_cases_in([str(tmp_path)], RULEBOOK)] == ["a.yml", "b.yaml"]


def test_the_folders_of_the_package_give_the_cases_of_the_package():
    from lexloci.rulebook.decided_cases import RULEBOOK_FOLDER

    assert {case.id for case in decided_cases_in([str(RULEBOOK_FOLDER)], RULEBOOK)} == set(CASES)


def test_every_case_of_the_package_agrees_on_every_layer():
    assert [one.case.id for case in CASES.values() for one in judge(RULEBOOK, case) if one.differences] == []


@pytest.mark.parametrize("words", [outcome.value for outcome in Outcome if outcome is not Outcome.PROHIBITED])
def test_another_outcome_than_expected_is_a_difference(words):
    (case,) = read({**ASCEND, "expect": {"text": words}})
    (judged,) = judge(RULEBOOK, case)
    assert judged.differences == (f"expected {words}, came out prohibited",)


def test_licence_required_stands_for_any_policy_of_review_and_for_nothing_else():
    assert [outcome.value for outcome in Outcome if agrees(outcome, "licence required")] == [
        outcome.value for outcome in Outcome if outcome.value.startswith("licence required, ")
    ]


def test_each_thing_that_a_case_asks_to_be_shown_is_missed_where_it_is_not():
    (case,) = read({**ASCEND, "signals": ["cn_chips.h20_avoid"], "notes": ["us_ear.gp10_prc_chips"]})
    (judged,) = judge(RULEBOOK, replace(case, duties=("us_ear.records",)))
    assert judged.differences == (
        "expected cn_chips.h20_avoid as a signal, came out without it",
        "expected us_ear.gp10_prc_chips as a note, came out without it",
        "expected us_ear.records as a source of a duty, came out without it",
        "expected us_ear.gp10_prc_chips beside the answer, came out among its findings",
    )


def test_a_human_review_that_would_be_settled_by_something_else_is_a_difference():
    case = next(case for case in CASES.values() if case.missing)
    reviewed = [layer for layer, words in case.expect.items() if words == Outcome.HUMAN_REVIEW.value]
    judged = {one.layer: one for one in judge(RULEBOOK, replace(case, missing=("something else",)))}
    for layer in reviewed:
        (difference,) = judged[layer].differences
        assert difference.startswith("expected as missing something else, came out ")


def test_an_open_case_leaves_unknown_what_a_closed_one_makes_absent():
    outcomes = {
        closed: judge(RULEBOOK, replace(CASES["diffusion-eve"], closed=closed))[0].determination.outcome
        for closed in (True, False)
    }
    assert outcomes == {True: Outcome.PERMITTED, False: Outcome.HUMAN_REVIEW}


def test_a_case_meets_the_rules_that_hold_and_apart_those_that_may():
    hold, may = rules_met(RULEBOOK, CASES["rental-new-end-user"])
    assert "us_ear.rental_as_transfer" in hold
    assert not hold & may
    (unread,) = [replace(CASES["rental-new-end-user"], readings={})]
    hold, may = rules_met(RULEBOOK, unread)
    assert "us_ear.rental_as_transfer" in may - hold
