"""The compiled programs give what the reference gives, and are compiled and asked no more often than they must be."""

from __future__ import annotations

import gc
import itertools
import weakref
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from law_rulebooks import DAYS, bodies, days, randoms, rulebooks, some_acts, vouched
from law_support import BEGIN, DAY, held, make_act, make_rule, make_rulebook

from lexloci.law import reference, scan
from lexloci.law.decide import decide
from lexloci.law.explain import answers, explain
from lexloci.law.on_record import NOTHING_ON_RECORD
from lexloci.law.program import Program, program_of, publications
from lexloci.law.rule import Standing, Turn
from lexloci.model.act import ActKind, Question, Role
from lexloci.model.determination import MissingKind
from lexloci.model.fact import ABSENT, UNKNOWN, Fact
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis
from lexloci.rulebook.book import bundled_rulebook
from lexloci.rulebook.decided_cases import bundled_cases
from lexloci.rulebook.judge_cases import act_of, on_record_of

known = st.sampled_from((*DAYS, DAYS[-1] + timedelta(days=9)))
records = (NOTHING_ON_RECORD, held("aa_licence"))
ACTS = 12
loops = st.sampled_from((0, ACTS))
"""How many acts are looked up in a loop, before it is written out (``lexloci.law.straight``)."""


@settings(max_examples=100)
@given(rulebooks(), randoms, known)
def test_what_is_certain_in_a_scan_holds_and_what_is_possible_holds_or_may(rulebook, random, known_at):
    for act in some_acts(random, ACTS):
        found = scan.scan(program_of(rulebook, act.kind, known_at), act)
        truths = {(one.rule.id, one.role): one.verdict.truth for one in scan.asked_of(found)}
        certain = {(clause.rule.id, clause.role) for clause in found.clauses(found.certain)}
        possible = {(clause.rule.id, clause.role) for clause in found.clauses(found.possible)}
        assert {key for key, truth in truths.items() if truth is True} <= certain <= possible
        # Of a rule that holds for one role, no other role is told.
        assert {key for key, truth in truths.items() if truth is None} <= possible - certain


@settings(max_examples=200)
@given(rulebooks(), randoms, known, bodies, vouched, loops)
def test_a_program_says_what_the_reference_says(rulebook, random, known_at, asked_bodies, names, most_loops):
    with mock.patch("lexloci.law.lookups.LOOPS", most_loops):
        for act in some_acts(random, ACTS):
            expected = reference.ask_all(rulebook, act, known_at, asked_bodies, names)
            assert scan.ask_all(rulebook, act, known_at, asked_bodies, names) == expected


@pytest.mark.parametrize("most_entries", [1, 40])
@settings(max_examples=80)
@given(random=randoms, known_at=known, names=vouched, most_loops=loops, data=st.data())
def test_lines_that_are_split_say_what_whole_ones_say(most_entries, random, known_at, names, most_loops, data):
    """With room for few entries in a table, most lines are split into alternatives."""
    with mock.patch.multiple("lexloci.law.lookups", MOST_ENTRIES=most_entries, LOOPS=most_loops):
        rulebook = data.draw(rulebooks())
        for act in some_acts(random, ACTS):
            expected = reference.ask_all(rulebook, act, known_at, None, names)
            assert scan.ask_all(rulebook, act, known_at, None, names) == expected
            found = explain(rulebook, act, Question(act.on, known_at, Basis.TEXT))
            near = reference.near_misses(rulebook, act, found.question, None, found.here.certain, found.here.silent)
            assert list(found.near_misses) == near


def test_a_line_of_many_facts_keeps_its_tables_small():
    """Six numbers with three limits each would make 117,649 entries; the work is that of the alternatives."""
    numbers = [f"n.{letter}" for letter in "abcdef"]
    sides = [
        " && ".join(f"{name} >= {limit}" for name in numbers[place : place + 3])
        for place in (0, 3)
        for limit in (1, 5, 9)
    ]
    line = " || ".join(f"({side})" for side in sides)
    rulebook = make_rulebook([make_rule("wide", [line])])
    question = Question(DAY, DAY, Basis.TEXT)
    random = Random(1)
    for _ in range(300):
        explain(rulebook, make_act({name: random.choice((0, 1, 3, 5, 7, 9, 11)) for name in numbers}), question)
    program = program_of(rulebook, ActKind.EXPORT, DAY)
    assert len(program.lookups.split) == 1
    assert sum(len(line.verdicts) for line in program.lookups.parts.values()) <= 2 * 3 * 7**3
    assert not program.lines[0][0].verdicts


@settings(max_examples=100)
@given(rulebooks(), randoms, known, bodies, loops)
def test_near_misses_are_those_of_the_reference(rulebook, random, known_at, asked_bodies, most_loops):
    with mock.patch("lexloci.law.lookups.LOOPS", most_loops):
        for act in some_acts(random, ACTS):
            question = Question(act.on, known_at, random.choice(list(Basis)))
            found = explain(rulebook, act, question, random.choice(records), (), asked_bodies)
            here = found.here
            expected = reference.near_misses(rulebook, act, question, asked_bodies, here.certain, here.silent)
            assert list(found.near_misses) == expected


@settings(max_examples=100)
@given(rulebooks(), randoms, known, bodies, vouched)
def test_an_answer_is_the_one_that_the_reference_joins(rulebook, random, known_at, asked_bodies, names):
    """What is worked out beforehand of a rule that holds counts as if it were weighed for this act."""
    for act in some_acts(random, ACTS):
        question, record = Question(act.on, known_at, random.choice(list(Basis))), random.choice(records)
        found = explain(rulebook, act, question, record, (), asked_bodies)
        asked = reference.ask_all(rulebook, act, known_at, asked_bodies, names)
        expected = answers(rulebook, act, question, record, asked, found.ages, asked_bodies)
        assert (found.here, found.there) == expected


@settings(max_examples=50)
@given(rulebooks(), randoms, known)
def test_what_was_asked_before_changes_no_answer(rulebook, random, known_at):
    """Tables are filled as they are met: the same act twice, and after others, has the same answer."""
    several = some_acts(random, ACTS)
    first = [decide(rulebook, act, Question(act.on, known_at, Basis.TEXT)) for act in several]
    again = [decide(rulebook, act, Question(act.on, known_at, Basis.TEXT)) for act in reversed(several)]
    assert first == again[::-1]


@pytest.mark.parametrize(
    "line",
    [
        "f.a || t.x == t.y",
        "!(f.a || t.x != t.y)",
        "f.a || !(t.x == t.y && n.x < n.y)",
        "!(!(n.x >= n.y) || f.a) || t.x == t.y",
        "(f.a && t.x == t.y) || (!f.a && n.x < n.y)",
    ],
)
def test_two_facts_compared_within_a_line_are_asked_as_the_reference_asks_them(line):
    rulebook = make_rulebook([make_rule("r", [line]), make_rule("but", ["f.b"], unless=[line])])
    flags, texts, numbers = (True, False, UNKNOWN), ("AA", "BB", ABSENT, UNKNOWN), (1, 2, UNKNOWN)
    for a, x, y, low, high in itertools.product(flags, texts, texts[1:], numbers, numbers[1:]):
        act = make_act({"f.a": a, "f.b": True, "t.x": x, "t.y": y, "n.x": low, "n.y": high})
        assert scan.ask_all(rulebook, act, DAY, None) == reference.ask_all(rulebook, act, DAY, None)


def test_every_decided_case_of_the_rulebook_is_asked_alike():
    rulebook = bundled_rulebook()
    for case in bundled_cases():
        act, record = act_of(rulebook, case), on_record_of(case)
        names = frozenset((*record.attestations, *(name for name in act.facts if name.startswith("reading."))))
        for unknown in ("", *sorted(act.facts)[:3]):
            partly = replace(act, facts={**act.facts, **({unknown: Fact(UNKNOWN)} if unknown else {})})
            expected = reference.ask_all(rulebook, partly, case.known_at, case.bodies, names)
            assert scan.ask_all(rulebook, partly, case.known_at, case.bodies, names) == expected, case.id


def test_more_than_64_clauses_need_no_second_word():
    rules = [make_rule(f"r{number}", [f"n.x >= {number}"]) for number in range(200)]
    found = explain(make_rulebook(rules), make_act({"n.x": 150}), Question(DAY, DAY, Basis.TEXT))
    assert [one.rule.id for one in found.fired] == [f"aa.r{number}" for number in range(151)]


def test_a_rule_that_fails_by_one_line_is_a_near_miss_with_that_line():
    rules = [make_rule("both", ["f.a", "n.x >= 5"]), make_rule("but", ["f.a"], unless=["f.b"])]
    found = explain(
        make_rulebook(rules), make_act({"f.a": True, "f.b": True, "n.x": 4}), Question(DAY, DAY, Basis.TEXT)
    )
    assert [(one.rule.id, one.line, one.facts) for one in found.near_misses] == [
        ("aa.both", "n.x >= 5", ("n.x",)),
        ("aa.but", "unless: f.b", ("f.b",)),
    ]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"f.a": False, "n.x": 4}, "two lines fail"),
        ({"f.a": True, "n.x": UNKNOWN}, "it may hold"),
        ({"f.a": True, "n.x": 5}, "it holds"),
    ],
)
def test_what_is_no_near_miss(values, why):
    rules = [make_rule("both", ["f.a", "n.x >= 5"])]
    assert not explain(make_rulebook(rules), make_act(values), Question(DAY, DAY, Basis.TEXT)).near_misses, why


def test_a_rule_that_would_change_nothing_is_no_near_miss():
    milder = make_rule("milder", ["f.b"], Outcome.LICENCE_CASE_BY_CASE)
    rules = [make_rule("fired", ["f.a"]), milder]
    question = Question(DAY, DAY, Basis.TEXT)
    assert not explain(make_rulebook(rules), make_act({"f.a": True, "f.b": False}), question).near_misses
    assert explain(make_rulebook(rules), make_act({"f.a": False, "f.b": False}), question).near_misses


def test_a_program_is_compiled_once_between_two_publications():
    later = date(2029, 6, 1)
    turns = (Turn(BEGIN, Standing.IN_FORCE, BEGIN), Turn(later, Standing.STAYED, later))
    rulebook = make_rulebook([make_rule("r", ["f.a"], turns=turns)])
    assert publications(rulebook) == (BEGIN, later)
    programs = [program_of(rulebook, ActKind.EXPORT, later + timedelta(days=day)) for day in range(-2, 3)]
    assert programs[0] is programs[1]
    assert programs[2] is programs[3] is programs[4]
    assert programs[1] is not programs[2]
    assert not program_of(rulebook, ActKind.EXPORT, BEGIN - timedelta(days=1)).clauses


def test_programs_go_with_their_rulebook():
    rulebook = make_rulebook([make_rule("r", ["f.a"])])
    program = weakref.ref(program_of(rulebook, ActKind.EXPORT, DAY))
    assert program() is not None
    del rulebook
    gc.collect()
    assert program() is None


def test_stretches_in_which_nothing_changes_are_one_clause():
    days_of_turns = [BEGIN + timedelta(days=10 * number) for number in range(4)]
    again = tuple(Turn(day, Standing.IN_FORCE, BEGIN) for day in days_of_turns)
    program = Program(make_rulebook([make_rule("r", ["f.a"], turns=again)]), ActKind.EXPORT, DAY)
    assert [(clause.since, clause.until) for clause in program.clauses] == [(BEGIN, None)]


def test_roles_follow_the_parties_and_the_facts():
    rules = [make_rule("r", ["party.listed"], for_any=("consignee", "end_user"))]
    rulebook, question = make_rulebook(rules), Question(DAY, DAY, Basis.TEXT)
    nobody = make_act({})
    assert explain(rulebook, nobody, question).missing[0].kind is MissingKind.NOT_MODELLED
    named = replace(nobody, parties={Role.END_USER: "somebody"})
    assert [one.asked.role for one in explain(rulebook, named, question).here.weighed] == ["end_user"]
    stated = make_act({"consignee.listed": True})
    assert [one.asked.role for one in explain(rulebook, stated, question).fired] == ["consignee"]


@settings(max_examples=100)
@given(rulebooks(), st.sampled_from(DAYS), days)
def test_the_epochs_cover_every_day(rulebook, on, known_at):
    program = program_of(rulebook, ActKind.EXPORT, known_at)
    epoch = program.epoch_at(on)
    alive = [clause.since <= on and (clause.until is None or on < clause.until) for clause in program.clauses]
    assert alive == [bool(epoch.alive >> place & 1) for place in range(len(program.clauses))]
    for layer in Basis:
        stands = [clause.stands(layer) and one for clause, one in zip(program.clauses, alive, strict=True)]
        assert stands == [bool(epoch.standing[layer] >> place & 1) for place in range(len(stands))]
