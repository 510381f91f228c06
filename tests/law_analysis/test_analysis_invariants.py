"""Invariants are read with every mistake told, proved of every act and day, or broken by an act that is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from analysis_random import BEGIN, DAY, MIDDLE, book
from hypothesis import given, settings
from hypothesis import strategies as st
from law_random import OUTCOMES, named_conditions
from law_support import PERMIT, condition, make_rule

import lexloci.rulebook
from lexloci.law.analysis.declared import Invariant, Promise, read_invariants
from lexloci.law.analysis.invariants import prove
from lexloci.law.decide import decide
from lexloci.law.mistake import UnsoundRulebookError
from lexloci.law.rule import Standing, Turn
from lexloci.model.act import ActKind
from lexloci.model.citation import Citation
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis
from lexloci.rulebook.book import bundled_rulebook

FOLDER = Path(lexloci.rulebook.__file__).parent
GOOD = """\
id: aa.never
title: Never
why: the law says so
citation: Act 1, s. 1
acts: [export]
bodies: [aa]
given: [f.a]
not_placeable: true
from: 2029-01-01
"""


def invariant(*given, promise=Promise.NOT_PLACEABLE, outcome=None, since=BEGIN, until=None, layers=tuple(Basis)):
    lines = tuple(condition(text) for text in given)
    kinds = (ActKind.EXPORT,)
    citation = Citation("Act 1")
    return Invariant(
        "aa.x",
        "x",
        "why",
        citation,
        kinds,
        ("aa",),
        lines,
        promise,
        outcome,
        since,
        until,
        layers,
        "aa/invariants/x.yaml",
    )


def proof(rules, *given, **more):
    (found,) = prove(book(rules), [invariant(*given, **more)])
    return found


def broken_by(found):
    return {name: fact.value for name, fact in found.counterexample.act.facts.items()}


@pytest.fixture
def read(tmp_path):
    def reading(text, name="never"):
        folder = tmp_path / "aa" / "invariants"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        return read_invariants(tmp_path, book([PERMIT]))

    return reading


def test_an_invariant_that_holds_is_proved():
    found = proof([make_rule("r", ["f.a"]), PERMIT], "f.a")
    assert found.holds
    assert found.counterexample is None
    assert found.seconds > 0


def test_a_broken_invariant_is_shown_with_the_facts_that_break_it():
    found = proof([make_rule("r", ["f.a", "!(f.b)"]), PERMIT], "f.a")
    assert not found.holds
    assert broken_by(found) == {"f.a": True, "f.b": True}
    assert found.counterexample.determination.outcome is Outcome.PERMITTED


def test_silence_is_not_placeable():
    assert proof([make_rule("r", ["f.b"])], "f.a").holds


def test_an_absent_fact_breaks_an_invariant_too():
    found = proof([make_rule("r", ['t.x == "BB"']), PERMIT], 't.x != "CC"', 't.x != "DD"')
    assert not found.holds


def test_a_day_on_which_the_rule_is_stayed_breaks_it():
    turns = (Turn(BEGIN, Standing.IN_FORCE, BEGIN), Turn(MIDDLE, Standing.STAYED, MIDDLE))
    rules = [make_rule("r", ["f.a"], turns=turns), PERMIT]
    assert proof(rules, "f.a").counterexample.act.on >= MIDDLE
    assert proof(rules, "f.a", until=MIDDLE).holds


def test_law_that_is_published_later_than_the_invariant_begins_breaks_it():
    rules = [make_rule("r", ["f.a"], turns=(Turn(BEGIN, Standing.IN_FORCE, MIDDLE),)), PERMIT]
    assert proof(rules, "f.a").counterexample.question.known_at < MIDDLE
    assert proof(rules, "f.a", since=MIDDLE).holds


def test_an_invariant_is_proved_on_each_layer():
    turns = (Turn(BEGIN, Standing.IN_FORCE, BEGIN), Turn(BEGIN, Standing.NOT_ENFORCED, BEGIN, Basis.ENFORCEMENT))
    rules = [make_rule("r", ["f.a"], turns=turns), PERMIT]
    assert proof(rules, "f.a").counterexample.question.basis is Basis.ENFORCEMENT
    assert proof(rules, "f.a", layers=(Basis.TEXT,)).holds


@pytest.mark.parametrize(
    ("promise", "outcome", "holds"),
    [
        (Promise.AT_LEAST, Outcome.LICENCE_CASE_BY_CASE, True),
        (Promise.AT_LEAST, Outcome.LICENCE_PRESUMED_DENIED, False),
        (Promise.NEVER, Outcome.PERMITTED, True),
        (Promise.NEVER, Outcome.LICENCE_CASE_BY_CASE, False),
        (Promise.NEVER, Outcome.HUMAN_REVIEW, True),
    ],
)
def test_each_promise_is_weighed_by_what_it_says(promise, outcome, holds):
    rules = [make_rule("r", ["f.a"], Outcome.LICENCE_CASE_BY_CASE), PERMIT]
    assert proof(rules, "f.a", promise=promise, outcome=outcome).holds is holds


def test_what_a_person_must_decide_is_not_certain():
    rules = [replace(make_rule("r", ["f.a"]), review="ask"), PERMIT]
    assert not proof(rules, "f.a", promise=Promise.AT_LEAST, outcome=Outcome.PROHIBITED).holds
    assert proof(rules, "f.a").holds


def test_an_invariant_of_acts_that_cannot_be_is_not_called_proved():
    found = proof([make_rule("r")], "f.a", "!(f.a)")
    assert (found.is_empty, found.holds, found.counterexample) == (True, False, None)


@settings(max_examples=40)
@given(st.lists(st.tuples(named_conditions, OUTCOMES), max_size=3), named_conditions)
def test_a_counterexample_is_one_for_the_reference_too(drawn, given_line):
    rules = [make_rule(f"r{place}", [line], outcome) for place, (line, outcome) in enumerate(drawn)]
    found = proof([*rules, PERMIT], given_line, since=MIDDLE)
    if found.counterexample is not None:
        one = found.counterexample
        again = decide(book([*rules, PERMIT]), one.act, one.question, bodies=("aa",))
        assert again.outcome.is_placeable


def test_a_file_is_read_with_all_that_it_says(read):
    (one,) = read(GOOD)
    assert (one.id, one.acts, one.bodies, one.promise) == (
        "aa.never",
        (ActKind.EXPORT,),
        ("aa",),
        Promise.NOT_PLACEABLE,
    )
    assert (one.since, one.until, one.layers) == (date(2029, 1, 1), None, tuple(Basis))
    assert one.says == "never permitted, nor permitted with duties"
    (one,) = read(GOOD.replace("not_placeable: true", "at_least: prohibited\nbasis: text\nuntil: 2030-01-01"))
    assert (one.says, one.layers, one.until) == ("at least prohibited", (Basis.TEXT,), date(2030, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("id: aa.never", "id: aa.nevr", "does not match its file; write aa.never"),
        ("given: [f.a]", "given: [f.zz]", "no fact f.zz in the vocabulary"),
        ("given: [f.a]", 'given: ["f.a &&"]', "condition"),
        ("given: [f.a]", "given: []", "given names nothing"),
        ("given: [f.a]", 'given: ["party.seat == \\"BB\\""]', "no role is asked"),
        ("not_placeable: true", "not_placeable: false", "not_placeable is not true"),
        ("not_placeable: true", "", "makes 0 promises"),
        ("not_placeable: true", "not_placeable: true\nnever: permitted", "makes 2 promises"),
        ("not_placeable: true", "never: allowed", "'allowed' is none of its options"),
        ("not_placeable: true", "at_least: human review", "none of its options"),
        ("acts: [export]", "acts: [eksport]", "did you mean export?"),
        ("bodies: [aa]", "bodies: [zz]", "none of its options"),
        ("from: 2029-01-01", "from: soon", "from is missing or no day"),
        ("from: 2029-01-01", "from: 2029-01-01\nuntil: 2029-01-01", "until is not after from"),
        ("from: 2029-01-01", "from: 2029-01-01\nform: 1", "form is no key here"),
        ("why: the law says so", "", "why is missing"),
    ],
)
def test_a_mistake_is_told_by_file_and_what_it_is(read, old, new, words):
    with pytest.raises(UnsoundRulebookError) as error:
        read(GOOD.replace(old, new))
    assert "aa/invariants/never.yaml:" in str(error.value)
    assert words in str(error.value)


def test_all_mistakes_are_told_at_once(read):
    with pytest.raises(UnsoundRulebookError) as error:
        read(GOOD.replace("f.a", "f.zz").replace("2029-01-01", "soon"))
    assert len(error.value.mistakes) == 2


@pytest.fixture(scope="module")
def bundled():
    rulebook = bundled_rulebook()
    return rulebook, read_invariants(FOLDER, rulebook)


@pytest.mark.slow
def test_every_invariant_of_the_rulebook_is_proved(bundled):
    rulebook, invariants = bundled
    assert len(invariants) >= 12
    assert [found.invariant.id for found in prove(rulebook, invariants) if not found.holds] == []


def test_every_invariant_names_its_source(bundled):
    for one in bundled[1]:
        assert one.citation.url.startswith("http"), one.id


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule", "invariant_id"),
    [
        ("cn_data.core_data", "cn_data.core_data_never_leaves"),
        ("us_ear.headquarters_d5", "us_ear.accelerators_to_chinese_party_need_licence"),
        ("us_lists.sdn", "us_lists.blocked_party_prohibited"),
    ],
)
def test_a_rulebook_without_the_rule_breaks_its_invariant(bundled, rule, invariant_id):
    rulebook, invariants = bundled
    mutilated = replace(rulebook, rules=tuple(one for one in rulebook.rules if one.id != rule))
    (found,) = prove(mutilated, [one for one in invariants if one.id == invariant_id])
    assert not found.holds
    assert found.counterexample is not None


@pytest.mark.slow
@pytest.mark.parametrize("since", [date(2023, 11, 16), date(2023, 10, 16)])
def test_an_invariant_that_begins_too_early_is_broken_before_its_rule(bundled, since):
    rulebook, invariants = bundled
    (one,) = (each for each in invariants if each.id == "us_ear.accelerators_to_d5_need_licence")
    (found,) = prove(rulebook, [replace(one, since=since)])
    assert found.counterexample is not None
    assert found.counterexample.act.on < one.since or found.counterexample.question.known_at < one.since


def test_the_days_of_a_rulebook_in_memory_are_its_own():
    assert proof([make_rule("r", ["f.a"]), PERMIT], "f.a", since=date(2020, 1, 1)).counterexample is None
    assert proof([PERMIT], "f.a", since=DAY).counterexample.act.on >= DAY
