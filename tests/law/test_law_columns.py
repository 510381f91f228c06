"""Tables of acts: every row has the answer of the explanation of its act, by every engine, and is cheap."""

from __future__ import annotations

import gc
import sys
import tracemalloc
import weakref
from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from law_columns import (
    explained,
    in_vocabulary,
    random_columns,
    random_days,
    random_question,
    real_columns,
    rules_that_hold,
    said,
)
from law_rulebooks import randoms, rulebooks
from law_support import BEGIN, DAY, make_rule, make_rulebook, not_subject

from lexloci.law.columns import OUTCOMES, Coded, decide_columns
from lexloci.law.columns import plan as columns_plan
from lexloci.law.columns.axis import least
from lexloci.law.columns.run import BLOCK
from lexloci.law.on_record import OnRecord
from lexloci.law.rule import EffectKind, FactType, Point, Standing, Turn
from lexloci.model.act import ActKind, Role
from lexloci.model.citation import Citation, Verification
from lexloci.model.errors import LexlociError
from lexloci.model.fact import ABSENT, UNKNOWN
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis
from lexloci.rulebook.book import bundled_rulebook

ROWS = 24
ENGINES = ("numpy", "numba")
DRAFT_OF = columns_plan.draft_of
TYPES = {"f": "bool", "n": "number", "t": "text"}


def book(*rules, **types):
    """A rulebook whose facts are named by their kind: f.x is a truth value, n.x a number, t.x a text."""
    names = [f"{kind}.{letter}" for kind in TYPES for letter in "abcdefghijklmnopqrstuvwxyz"]
    vocabulary = {name: FactType(name, TYPES[name[0]], "?") for name in names}
    return make_rulebook(rules, {**vocabulary, **types})


def decide(rulebook, columns, **changed):
    question = {"on": DAY, "known_at": DAY, "basis": Basis.TEXT, "asked": ("aa",), **changed}
    return decide_columns(rulebook, ActKind.EXPORT, columns, **question)


def assert_explained(answer, rows, *, firing=False):
    for row in rows:
        found = answer.explain_row(row)
        assert said(answer, row) == explained(found), row
        if firing:
            assert set(answer.rules(row)) == rules_that_hold(found), row


@settings(max_examples=100)
@given(rulebooks(), randoms, st.booleans())
def test_every_row_has_the_answer_of_its_act(rulebook, random, firing):
    columns, parties = random_columns(random, ROWS)
    columns.setdefault("f.a", np.arange(ROWS) % 2 == 0)
    columns["f.b"] = np.arange(ROWS) % 3 == 0
    answer = decide_columns(
        in_vocabulary(rulebook),
        ActKind.EXPORT,
        columns,
        on=random_days(random, ROWS),
        parties=parties,
        firing=firing,
        **random_question(random),
    )
    assert_explained(answer, range(ROWS), firing=firing)


@settings(max_examples=60)
@given(rulebooks(), randoms)
def test_numba_and_numpy_answer_alike_bit_by_bit(rulebook, random):
    columns, parties = random_columns(random, ROWS)
    columns["f.b"] = np.arange(ROWS) % 3 == 0
    question = {"on": random_days(random, ROWS), "parties": parties, **random_question(random)}
    firing = random.random() < 0.5
    one, other = (
        decide_columns(in_vocabulary(rulebook), ActKind.EXPORT, columns, engine=engine, firing=firing, **question)
        for engine in ENGINES
    )
    for name in ("outcome", "certain", "possible", "certain_clauses", "possible_clauses"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "kind", [ActKind.EXPORT, ActKind.REMOTE_ACCESS, ActKind.USE, ActKind.DATA_EXPORT, ActKind.OFFERING, ActKind.RECORDS]
)
def test_random_rows_of_the_rulebook_have_the_answers_of_their_acts(kind, engine):
    rulebook, rows = bundled_rulebook(), 2_000
    for seed, share in enumerate((0.3, 0.95)):
        random = Random(f"{kind}/{seed}")
        columns = real_columns(random, kind, rows, share)
        days = np.datetime64("2022-01-01") + np.random.default_rng(seed).integers(0, 1800, rows).astype("m8[D]")
        bodies = sorted({rule.body for rule in rulebook.rules_by_act[kind]})
        answer = decide_columns(
            rulebook,
            kind,
            columns,
            on=days if share > 0.5 else np.full(rows, np.datetime64("2025-06-01")),
            known_at=rulebook.reviewed,
            basis=random.choice(list(Basis)),
            asked=random.sample(bodies, 1),
            parties=[role.value for role in Role if random.random() < 0.3],
            firing=True,
            engine=engine,
        )
        assert_explained(answer, random.sample(range(rows), 25), firing=True)


def test_a_row_states_what_the_columns_say():
    rulebook = book(make_rule("r", ["f.a", "n.x >= 5"]))
    columns = {
        "f.a": np.array([True, False]),
        "n.x": np.array([np.nan, 6]),
        "t.x": Coded(np.array([1, 0]), ("BB", ABSENT)),
    }
    answer = decide(rulebook, columns, on=np.array(["2030-01-01", "2031-02-03"], "M8[D]"), parties=["consignee"])
    one, other = answer.row(0), answer.row(1)
    assert {name: fact.value for name, fact in one.facts.items()} == {"f.a": True, "n.x": UNKNOWN, "t.x": ABSENT}
    assert {name: fact.value for name, fact in other.facts.items()} == {"f.a": False, "n.x": 6.0, "t.x": "BB"}
    assert (one.on, other.on) == (date(2030, 1, 1), date(2031, 2, 3))
    assert (set(one.parties), one.asked, len(answer)) == ({Role.CONSIGNEE}, ("aa",), 2)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("count", [62, 63, 64, 65, 130, 200])
def test_any_number_of_clauses_fits(count, engine):
    outcomes = [outcome for outcome in Outcome if outcome is not Outcome.HUMAN_REVIEW]
    rules = [make_rule(f"r{place}", [f"n.x == {place}"], outcomes[place % 6]) for place in range(count)]
    numbers = np.array([*range(count), -1.0, np.nan])
    answer = decide(book(*rules), {"n.x": numbers}, firing=True, engine=engine)
    assert answer.certain[:count].tolist() == [place % 6 for place in range(count)]
    assert [answer.rules(place) for place in range(count)] == [(f"aa.r{place}",) for place in range(count)]
    assert answer.outcome[count:].tolist() == [OUTCOMES.index(Outcome.HUMAN_REVIEW)] * 2
    assert (answer.rules(count), answer.rules(count + 1)) == ((), ())


@pytest.mark.parametrize("engine", ENGINES)
def test_a_rule_of_many_alternatives_is_one_rule_in_the_answer(engine):
    """Alternatives are taken as terms of their own, and as one row of truth values where there are too many."""
    letters = "abcdefghijklmnopqrst"
    few = " || ".join(
        f"(n.{letter} >= 1 && n.{letter} < 9 && t.{letter} == 'BB')".replace("'", '"') for letter in "abc"
    )
    many = " || ".join(f"f.{letter}" for letter in letters)
    rulebook = book(make_rule("few", [few]), make_rule("many", [many], Outcome.LICENCE_CASE_BY_CASE))
    generator = np.random.default_rng(0)
    columns = {f"n.{letter}": generator.choice([0, 1, 5, 9, np.nan], 500) for letter in "abc"}
    columns |= {f"t.{letter}": Coded(generator.integers(0, 3, 500), ("BB", "CC", UNKNOWN)) for letter in "abc"}
    columns |= {
        f"f.{letter}": Coded(generator.choice(3, 500, p=[0.9, 0.04, 0.06]), (False, True, UNKNOWN))
        for letter in letters
    }
    answer = decide(rulebook, columns, firing=True, engine=engine)
    assert {OUTCOMES[place] for place in np.unique(answer.certain)} >= {Outcome.PROHIBITED, Outcome.PERMITTED}
    assert_explained(answer, range(500), firing=True)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("operator", ["==", "!=", "<", "<=", ">", ">="])
def test_two_columns_are_compared_as_two_facts_are(operator, engine):
    generator = np.random.default_rng(1)
    sides = [
        generator.choice([1.0, 2.0, np.nan, np.inf], 60),
        generator.choice([2.5, 1.0, np.nan], 60).astype(np.float32),
        generator.integers(0, 3, 60),
        generator.choice(np.array([2**53, 2**53 + 1, 1]), 60),
        Coded(generator.integers(0, 8, 60), (1, 2.0, 2**53 + 1, "1", True, UNKNOWN, ABSENT, date(2030, 1, 1))),
        generator.random(60) < 0.5,
        2,
        UNKNOWN,
    ]
    rulebook = book(make_rule("r", [f"n.x {operator} n.y"]))
    for left in sides:
        for right in sides:
            if isinstance(left, np.ndarray | Coded) or isinstance(right, np.ndarray | Coded):
                answer = decide(
                    rulebook, {"n.x": left, "n.y": right, "f.a": np.full(60, fill_value=True)}, engine=engine
                )
                assert_explained(answer, range(0, 60, 3))


LIMITS = (
    0,
    5,
    5.5,
    -3,
    127,
    128,
    -128,
    -129,
    0.1,
    2**53 + 1,
    2**63,
    -(2**63),
    1e300,
    1e-300,
    float("inf"),
    float("-inf"),
)
DTYPES = ("int8", "uint8", "int16", "int64", "uint64", "float16", "float32", "float64")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("above", [False, True])
def test_a_limit_is_compared_exactly_with_every_type_of_number(dtype, above):
    kind = np.dtype(dtype)
    is_float = kind.kind == "f"
    for limit in LIMITS:
        bound = least(kind, limit, above=above)
        if bound is None:
            most = float("inf") if is_float else int(np.iinfo(kind).max)
            assert not (most > limit if above else most >= limit)
            continue
        assert bound.dtype == kind
        reached = bound.item()
        assert reached > limit if above else reached >= limit
        with np.errstate(over="ignore"):
            below = np.nextafter(bound, kind.type(-np.inf)).item() if is_float else reached - 1
        is_least = below == reached or (not is_float and below < np.iinfo(kind).min)
        assert is_least or not (below > limit if above else below >= limit)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_columns_of_any_type_of_number_answer_as_their_values(dtype, engine):
    rules = [
        make_rule(f"r{place}", [f"n.x {text}"]) for place, text in enumerate(("> 5", "<= 5.5", "== 127", "!= 0.1"))
    ]
    numbers = np.array([0, 1, 5, 6, 100, 127], dtype)
    numbers = np.append(numbers, np.array([0.1, 5.5, np.nan], dtype)) if numbers.dtype.kind == "f" else numbers
    for rule in rules:
        for column in (numbers, numbers[::-1], np.repeat(numbers, 2)[::2]):
            assert_explained(decide(book(rule), {"n.x": column}, engine=engine), range(len(column)))


def test_many_limits_are_told_apart():
    rules = [make_rule(f"r{place}", [f"n.x >= {place}", f"n.y < {3 * place}"], body="aa") for place in range(300)]
    generator = np.random.default_rng(2)
    columns = {"n.x": generator.integers(-1, 301, 400), "n.y": generator.choice([*range(-3, 900, 7), np.nan], 400)}
    answer = decide(book(*rules), columns, firing=True)
    for row in range(0, 400, 7):
        x, y = columns["n.x"][row], columns["n.y"][row]
        assert answer.rules(row) == tuple(f"aa.r{place}" for place in range(300) if x >= place and y < 3 * place)


PERMIT = make_rule("permit", [], Outcome.PERMITTED, kind=EffectKind.PERMIT)
RECALLED = make_rule("old", ["f.a"], Outcome.PERMITTED, kind=EffectKind.PERMIT, verification=Verification.RECALLED)
UNSETTLED = (Turn(BEGIN, Standing.IN_FORCE, BEGIN), Turn(BEGIN, Standing.UNSETTLED, BEGIN))
COUNTER = replace(make_rule("counter", ["f.b"], kind=EffectKind.COUNTER, body="bb"), against=("aa.r",))
HELD = OnRecord(authorisations={"aa_licence": None})


@pytest.mark.parametrize(
    ("rules", "changed", "expected"),
    [
        ([], {}, "human review"),
        ([PERMIT], {}, "permitted"),
        ([PERMIT], {"asked": ("aa", "bb")}, "human review"),
        ([], {"asked": ()}, "human review"),
        ([PERMIT], {"asked": ()}, "permitted"),
        ([make_rule("r", ["f.a"])], {}, "prohibited"),
        ([make_rule("r", ["f.a"], lifted_by=("aa_licence",))], {"on_record": HELD}, "permitted with duties"),
        ([PERMIT, make_rule("r", ["f.u"], lifted_by=("aa_licence",))], {"on_record": HELD}, "permitted with duties"),
        ([PERMIT, make_rule("r", ["f.u"])], {}, "human review"),
        ([PERMIT, make_rule("r", ["f.u"])], {"closed": True}, "permitted"),
        ([PERMIT, make_rule("r", ["f.a"], verification=Verification.RECALLED)], {}, "human review"),
        ([PERMIT, replace(make_rule("r", ["f.a"]), review="ask")], {}, "human review"),
        ([PERMIT, make_rule("r", ["f.a"], turns=UNSETTLED)], {}, "human review"),
        ([RECALLED], {}, "permitted with duties"),
        ([PERMIT, make_rule("r", ["f.a"], kind=EffectKind.SIGNAL)], {}, "permitted"),
        ([PERMIT, make_rule("r", ["f.a"], kind=EffectKind.NOTE)], {}, "permitted"),
        ([make_rule("r", ["f.a"], Outcome.PERMITTED_WITH_DUTIES), COUNTER], {}, "human review"),
        ([make_rule("r", ["f.u"], Outcome.PERMITTED), PERMIT, COUNTER], {}, "human review"),
        ([PERMIT, COUNTER], {}, "permitted"),
        ([PERMIT], {"known_at": date(2031, 1, 1)}, "human review"),
        ([PERMIT], {"known_at": date(2031, 1, 1), "closed": True}, "permitted"),
        ([make_rule("r", ["f.a"])], {"on": date(2028, 1, 1)}, "human review"),
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_rules_count_as_in_a_single_decision(rules, changed, expected, engine):
    columns = {"f.a": np.ones(3, bool), "f.b": np.ones(3, bool)}
    answer = decide(book(*rules), columns, engine=engine, **changed)
    assert [OUTCOMES[place].value for place in answer.outcome] == [expected] * 3
    assert_explained(answer, range(3))


def test_an_unknown_fact_counts_in_its_row_alone():
    rulebook = book(PERMIT, make_rule("r", ["f.a", "n.x >= 5"]))
    known = Coded(np.zeros(BLOCK + 3, np.uint8), (True, UNKNOWN))
    known.codes[[2, BLOCK + 1]] = 1
    numbers = np.full(BLOCK + 3, 7.0)
    numbers[2] = 4
    numbers[5] = np.nan
    answer = decide(rulebook, {"f.a": known, "n.x": numbers})
    review = np.flatnonzero(answer.outcome == OUTCOMES.index(Outcome.HUMAN_REVIEW))
    assert review.tolist() == [5, BLOCK + 1]
    assert (OUTCOMES[answer.outcome[2]], OUTCOMES[answer.outcome[0]]) == (Outcome.PERMITTED, Outcome.PROHIBITED)


@pytest.mark.parametrize("engine", ENGINES)
def test_any_number_of_threads_gives_the_same_answer(engine):
    generator = np.random.default_rng(3)
    rows = 3 * BLOCK + 17
    columns = {"f.a": generator.random(rows) < 0.5, "n.x": generator.choice([1.0, 5.0, np.nan], rows)}
    rulebook = book(PERMIT, make_rule("r", ["f.a", "n.x >= 5"]))
    one, *others = (decide(rulebook, columns, engine=engine, threads=threads, firing=True) for threads in (1, 2, 7))
    for other in others:
        assert np.array_equal(one.outcome, other.outcome)
        assert np.array_equal(one.certain_clauses, other.certain_clauses)


def tables_of_one_form(seed):
    generator = np.random.default_rng(seed)
    columns = {f"f.{letter}": generator.random(50) < 0.1 for letter in "abcdefghijklmnopqrst"}
    columns |= {"n.x": generator.choice([1.0, 5.0, np.nan], 50), "n.y": generator.integers(0, 9, 50)}
    return columns | {"t.x": Coded(generator.integers(0, 3, 50).astype(np.uint8), ("BB", "CC", UNKNOWN))}


def test_a_plan_is_made_once_for_tables_of_one_form_and_keeps_none_of_them(monkeypatch):
    many = " || ".join(f"f.{letter}" for letter in "abcdefghijklmnopqrst")
    rulebook = book(PERMIT, make_rule("many", [many]), make_rule("r", ["n.x >= n.y"], Outcome.LICENCE_CASE_BY_CASE))
    made = []
    monkeypatch.setattr(columns_plan, "draft_of", lambda *given: made.append(1) or DRAFT_OF(*given))
    held = []
    for seed in range(4):
        columns = tables_of_one_form(seed)
        answer = decide(rulebook, columns)
        assert_explained(answer, range(50))
        held.append(weakref.ref(columns["n.x"]))
    decide(rulebook, {**columns, "n.y": columns["n.y"].astype(np.float32)})
    del columns, answer
    gc.collect()
    assert len(made) == 2
    assert [one() for one in held] == [None] * 4


def test_only_the_columns_that_a_rule_reads_are_touched():
    """A column that decides nothing may hold anything; here codes that have no value."""
    rulebook = book(PERMIT, make_rule("r", ["f.a", "f.b"]))
    wrong = Coded(np.array([9, 9]), (True, False))
    answer = decide(rulebook, {"f.a": False, "f.b": wrong, "t.x": wrong, "f.c": np.ones(2, bool)})
    assert answer.outcome.tolist() == [0, 0]


@pytest.mark.parametrize("engine", ENGINES)
def test_memory_does_not_grow_with_the_rows_but_for_the_answer(engine):
    rulebook = book(PERMIT, make_rule("r", ["f.a", "n.x >= 5"]), make_rule("s", ["n.x < n.y", "t.x != t.y"]))
    decide(rulebook, {"f.a": np.ones(9, bool)}, engine=engine)

    def peak(rows):
        generator = np.random.default_rng(4)
        columns = {"f.a": generator.random(rows) < 0.5, "n.x": generator.random(rows) * 9, "n.y": np.full(rows, 4.0)}
        columns |= {
            name: Coded(generator.integers(0, 3, rows).astype(np.uint8), ("a", "b", "c")) for name in ("t.x", "t.y")
        }
        days = np.full(rows, np.datetime64(DAY))
        tracemalloc.start()
        decide(rulebook, columns, on=days, engine=engine)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most - 3 * rows

    assert peak(400_000) - peak(100_000) < 100_000


def test_no_rows_have_no_answers():
    answer = decide(book(PERMIT), {"f.a": np.empty(0, bool)}, on=np.empty(0, "M8[D]"))
    assert len(answer) == 0


TEXT_FACT = FactType("t.closed", "text", "?", ("one", "two"))


@pytest.mark.parametrize(
    ("columns", "changed", "message"),
    [
        ({"f.aa": np.ones(2, bool)}, {}, "column f.aa: the vocabulary has no such fact; did you mean f.a?"),
        ({"f.a": np.ones(2, bool), "n.x": np.ones(3)}, {}, "columns: n.x has 3 rows and f.a has 2; "),
        ({"f.a": True}, {}, "columns: no column says how many rows there are; "),
        ({"t.x": np.array(["a"])}, {}, "column t.x: is an array of <U1 in 1 dimension; give truth values or numbers"),
        ({"n.x": np.ones((2, 2))}, {}, "column n.x: is an array of float64 in 2 dimensions; "),
        ({"t.x": Coded(np.ones(2), ("a", "b"))}, {}, "column t.x: its codes are an array of float64 in 1 dimension; "),
        ({"t.x": Coded(np.ones(2, int), ())}, {}, "column t.x: has 0 values; "),
        ({"t.x": Coded(np.ones(2, int), ("a", ["b"]))}, {}, "column t.x: ['b'] is no value of a fact; "),
        ({"f.a": Coded(np.array([0, 2]), (False, True))}, {}, "column f.a: code 2 in row 1 has no value; "),
        ({"f.a": Coded(np.array([0, -1], np.int8), (False, True))}, {}, "column f.a: code -1 in row 1 has no value; "),
        ({"t.x": Coded(np.array([0, 9], np.uint8), (*"abcdefghi",))}, {}, "column t.x: code 9 in row 1 has no value; "),
        (
            {"t.x": Coded(np.array([0, -1], np.int8), (*"abcdefghi",))},
            {},
            "column t.x: code -1 in row 1 has no value; ",
        ),
        ({"f.a": np.array([0, 2], np.uint8).view(bool)}, {}, "column f.a: holds other bytes than 0 and 1; "),
        ({"t.closed": Coded(np.ones(2, int), ("one", "twq"))}, {}, "column t.closed: 'twq' is none of its values; did"),
        (
            {"reading.aa.p": Coded(np.ones(2, int), ("x", "y"))},
            {},
            "column reading.aa.p: 'x' is none of its values; give",
        ),
        ({"f.a": np.ones(2, bool)}, {"on": "2030-01-01"}, "on: '2030-01-01' is no date; "),
        ({"f.a": np.ones(2, bool)}, {"on": np.ones(2)}, "on: is an array of float64 in 1 dimension; "),
        ({"f.a": np.ones(1, bool)}, {"on": np.array(["NaT"], "M8[D]")}, "on: row 0 has no day from 0001-01-01 to"),
        ({"f.a": np.ones(1, bool)}, {"on": np.array([9_000_000], "M8[D]")}, "on: row 0 has no day from 0001-01-01 to"),
        (
            {"f.a": np.ones(2, bool)},
            {"parties": ["consigne"]},
            "parties: 'consigne' is no role; did you mean consignee?",
        ),
        (
            {"f.a": np.ones(2, bool)},
            {"on_record": not_subject()},
            "columns: a record of being not subject to aa_office ",
        ),
        ({"f.a": np.ones(2, bool)}, {"engine": "polars"}, "engine: 'polars' is none; give numpy or numba"),
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_what_cannot_be_decided_is_refused_in_one_line(columns, changed, message, engine):
    rules = [make_rule("r", ["f.a", "n.x >= 5"]), make_rule("s", ['t.x == "a"'])]
    rulebook = book(*rules, **{"t.closed": TEXT_FACT})
    rulebook = replace(rulebook, points={"aa.p": Point("aa.p", "?", {"w": "wide"}, Citation("none"))})
    with pytest.raises(LexlociError) as found:
        decide(rulebook, columns, **{"engine": engine, **changed})
    assert str(found.value).startswith(message)
    assert "\n" not in str(found.value)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("values", [9, 200, 300])
def test_codes_of_many_values_of_which_few_matter_are_decided_as_their_values(values, engine):
    column = Coded(np.arange(min(values, 256), dtype=np.uint8), tuple(f"value {place}" for place in range(values)))
    answer = decide(book(make_rule("r", ['t.x == "value 7"'])), {"t.x": column}, engine=engine)
    assert_explained(answer, range(len(column)))


def test_rules_are_named_only_where_they_were_asked_for():
    answer = decide(book(PERMIT), {"f.a": np.ones(2, bool)})
    with pytest.raises(LexlociError, match=r"firing=True"):
        answer.rules(0)


def test_numba_is_asked_for_by_name_where_it_is_missing(monkeypatch):
    for name in ("columns.just_in_time", "columns.kernel"):
        monkeypatch.delitem(sys.modules, f"lexloci.law.{name}", raising=False)
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(LexlociError, match=r"install lexloci\[fast\]"):
        decide(book(PERMIT), {"f.a": np.ones(2, bool)}, engine="numba")
