"""Cross products: every combination has the answer of its act, counted exactly and without being enumerated."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from math import prod
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from law_columns import VALUES, explained, in_vocabulary, random_column, random_question, real_columns
from law_rulebooks import DAYS, ROLES, randoms, rulebooks
from law_support import DAY, make_rule, make_rulebook, not_subject

from lexloci.law import cross
from lexloci.law.columns import OUTCOMES, Coded, decide_columns
from lexloci.law.cross import decide_cross
from lexloci.law.cross_factor import combined
from lexloci.law.rule import EffectKind, FactType
from lexloci.model.act import ActKind
from lexloci.model.errors import LexlociError
from lexloci.model.fact import UNKNOWN
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis
from lexloci.rulebook.book import bundled_rulebook

SIZES = {"sites": 5, "chips": 4, "parties": 3}
FACTS = {
    name: FactType(name, "number" if name[0] == "n" else "bool", "?") for name in ("f.a", "f.b", "n.x", "n.y", "n.z")
}
PERMIT = make_rule("permit", [], Outcome.PERMITTED, kind=EffectKind.PERMIT)


def decide(rulebook, entities, *, on=(DAY,), **changed):
    question = {"known_at": DAY, "basis": Basis.TEXT, "asked": ("aa",), **changed}
    return decide_cross(rulebook, ActKind.EXPORT, entities, on=on, **question)


def enumerated(answer):
    """The same product as a table of acts: a row for each combination, in the order of the axes."""
    places = np.indices(answer.shape).reshape(len(answer.shape), -1)
    columns = {}
    for rows, some in zip(places, answer.entities.values(), strict=False):
        for name, column in some.items():
            if isinstance(column, Coded):
                columns[name] = Coded(column.codes[rows], column.values)
            else:
                columns[name] = column[rows] if isinstance(column, np.ndarray) else column
    return columns, np.array(answer.on, "M8[D]")[places[-1]]


@st.composite
def entity_tables(draw):
    """Three entities that share the facts of the random rulebooks among them."""
    random = draw(randoms)
    roles = [role for role in ROLES if random.random() < 0.7]
    tables = {entity: {"f.c": np.arange(size) % 2 == 0} if entity == "chips" else {} for entity, size in SIZES.items()}
    for name in VALUES:
        is_absent = name.partition(".")[0] in {*ROLES} - {*roles}
        if name != "f.c" and not is_absent and random.random() < 0.85:
            entity = random.choice(list(SIZES))
            tables[entity][name] = random_column(random, name, SIZES[entity])
    tables["sites"].setdefault("f.a", np.arange(5) % 2 == 0)
    tables = {
        entity: some
        for entity, some in tables.items()
        if any(isinstance(one, np.ndarray | Coded) for one in some.values())
    }
    names = [name for some in tables.values() for name in some]
    return tables if len(names) == len(set(names)) else {"chips": {"f.a": np.array([True, False])}}


@settings(max_examples=80)
@given(rulebooks(), entity_tables(), st.lists(st.sampled_from(DAYS), min_size=1, max_size=4), randoms)
def test_every_combination_has_the_answer_of_its_row(rulebook, tables, on, random):
    question = random_question(random)
    answer = decide_cross(in_vocabulary(rulebook), ActKind.EXPORT, tables, on=on, **question)
    columns, days = enumerated(answer)
    expected = decide_columns(in_vocabulary(rulebook), ActKind.EXPORT, columns, on=days, **question).outcome
    everything = answer.outcomes(*(slice(None) for _ in answer.shape))
    assert np.array_equal(everything.ravel(), expected)
    counted = Counter(OUTCOMES[place] for place in expected.tolist())
    assert {outcome: count for outcome, count in answer.counts().items() if count} == counted
    place = tuple(random.randrange(count) for count in answer.shape)
    assert answer.outcome(*place) is explained(answer.explain(*place))[0]


def sample(count=(6, 5, 4)):
    """Three entities, one fact of each, and a rule that reads two of them together."""
    rules = [
        PERMIT,
        make_rule("listed", ["f.a", "n.x >= n.y"]),
        make_rule("either", ["f.b || n.x >= 8"], Outcome.LICENCE_CASE_BY_CASE),
        make_rule("later", ["n.y > 2"], Outcome.PERMITTED_WITH_DUTIES),
    ]
    generator = np.random.default_rng(7)
    sites = {"n.x": generator.integers(0, 10, count[0]), "f.b": generator.random(count[0]) < 0.3}
    chips = {"n.y": generator.choice([1.0, 3.0, 6.0, np.nan], count[1])}
    parties = {"f.a": Coded(generator.integers(0, 3, count[2]), (False, True, UNKNOWN))}
    return make_rulebook(rules, FACTS), {"sites": sites, "chips": chips, "parties": parties}


def test_blocks_cover_every_combination_once():
    answer = decide(*sample(), on=[DAY, date(2028, 1, 1), DAY])
    seen = np.full(answer.shape, -1)
    for rows, outcome in answer.blocks():
        assert (seen[np.ix_(*rows)] == -1).all()
        seen[np.ix_(*rows)] = OUTCOMES.index(outcome)
    assert np.array_equal(seen, answer.outcomes(*(slice(None),) * 4))
    assert len({*np.unique(seen).tolist()}) > 3


def test_where_names_the_combinations_of_an_outcome():
    answer = decide(*sample())
    everything = answer.outcomes(*(slice(None),) * 4)
    for outcome in OUTCOMES:
        found = {
            place for rows in answer.where(outcome) for place in itertools.product(*(one.tolist() for one in rows))
        }
        assert found == {*map(tuple, np.argwhere(everything == OUTCOMES.index(outcome)).tolist())}


def test_parts_of_the_product_are_parts_of_the_whole():
    answer = decide(*sample(), on=[DAY, date(2028, 1, 1)])
    everything = answer.outcomes(*(slice(None),) * 4)
    assert answer.shape == (6, 5, 4, 2)
    for part in [(slice(1, 4), slice(None), 2, 0), (0, slice(None, None, 2), slice(2), slice(None)), (-1, -1, -1, -1)]:
        assert np.array_equal(answer.outcomes(*part), everything[part])
    assert OUTCOMES[everything[5, 4, 3, 1]] is answer.outcome(5, 4, 3, 1)


def test_every_combination_can_be_explained():
    answer = decide(*sample())
    for place in itertools.product(*(range(count) for count in answer.shape)):
        assert answer.explain(*place).outcome is answer.outcome(*place)
    act = answer.act(2, 1, 0, 0)
    assert act.facts["n.x"].value == int(answer.entities["sites"]["n.x"][2])
    assert (set(act.facts), act.on) == ({"n.x", "f.b", "n.y", "f.a"}, DAY)


@pytest.mark.parametrize("most", [1, 40, 1 << 20])
def test_merging_alike_classes_changes_no_count(monkeypatch, most):
    expected = decide(*sample((9, 8, 7)), on=[DAY, date(2028, 1, 1)]).counts()
    monkeypatch.setattr("lexloci.law.cross_factor._MOST_MERGED", most)
    answer = decide(*sample((9, 8, 7)), on=[DAY, date(2028, 1, 1)])
    assert answer.counts() == expected
    assert sum(expected.values()) == prod(answer.shape)


@pytest.mark.parametrize("block", [1, 7, 64])
def test_blocks_of_any_size_give_the_same_answer(monkeypatch, block):
    answer = decide(*sample((9, 8, 7)))
    expected, counts = answer.outcomes(*(slice(None),) * 4), answer.counts()
    monkeypatch.setattr("lexloci.law.cross_factor.BLOCK", block)
    assert max(len(one.outcomes) for one in combined(answer.factors, answer.lookups)) <= block
    assert np.array_equal(answer.outcomes(*(slice(None),) * 4), expected)
    assert answer.counts() == counts


def test_rows_that_no_rule_tells_apart_are_one_class():
    rulebook, tables = sample()
    tables["sites"] = {"n.x": np.arange(100_000) % 10, "f.b": np.zeros(100_000, bool)}
    answer = decide(rulebook, tables, on=[DAY + timedelta(days=day) for day in range(1000)])
    assert len(answer.factors[0].rows) <= 10
    assert (answer.factors[-1].classes, answer.shape[-1]) == (1, 1000)
    assert sum(answer.counts().values()) == 100_000 * 5 * 4 * 1000


def test_more_combinations_than_a_float_counts_are_counted_exactly():
    rulebook, tables = sample()
    answer = decide(rulebook, tables)
    many = 10**9 + 7
    grown = [replace(factor, rows=factor.rows * many) for factor in answer.factors]
    found = replace(answer, factors=grown).counts()
    assert found == {outcome: count * many**4 for outcome, count in answer.counts().items()}


def test_a_thousand_million_combinations_are_few_classes():
    """The work is counted in classes: the promise of speed does not hang on the machine."""
    rulebook, tables = sample((1000, 1000, 1000))
    answer = decide(rulebook, tables, on=[DAY + timedelta(days=day) for day in range(10)])
    assert prod(answer.shape) == 10**10
    assert prod(factor.classes for factor in answer.factors) < 10_000
    assert sum(answer.counts().values()) == 10**10


def test_unknown_facts_stay_unknown_in_the_product():
    rulebook = make_rulebook([PERMIT, make_rule("r", ["f.a", "n.x >= 5"])], FACTS)
    parties = {"f.a": Coded(np.array([0, 1, 2]), (False, True, UNKNOWN))}
    answer = decide(rulebook, {"parties": parties, "sites": {"n.x": np.array([1.0, 9.0, np.nan])}})
    shown = [[OUTCOMES[place].value for place in row] for row in answer.outcomes(slice(None), slice(None), 0)]
    review = "human review"
    assert shown == [["permitted"] * 3, ["permitted", "prohibited", review], ["permitted", review, review]]


@pytest.mark.parametrize(
    ("entities", "changed", "message"),
    [
        ({"a": {"f.a": np.ones(2, bool)}, "b": {"f.a": np.ones(3, bool)}}, {}, "cross: f.a is a fact of a and of b; "),
        ({"a": {"f.a": True}}, {}, "columns: no column says how many rows there are; "),
        ({"a": {"f.a": np.ones(2, bool), "n.x": np.ones(3)}}, {}, "columns: n.x has 3 rows and f.a has 2; "),
        ({"a": {"f.z": np.ones(2, bool)}}, {}, "column f.z: the vocabulary has no such fact; "),
        ({"a": {"f.a": np.ones(2, bool)}}, {"on": ()}, "on: there is no day; "),
        ({"a": {"f.a": np.ones(2, bool)}}, {"on": ("2030-01-01",)}, "on: '2030-01-01' is no date; "),
        ({"a": {"f.a": np.ones(2, bool)}}, {"on_record": not_subject()}, "columns: a record of being not subject to"),
        (
            {"a": {"n.x": np.arange(3000)}, "b": {"n.y": np.arange(2000)}},
            {},
            "cross: n.x >= n.y compares 6000000 pairs",
        ),
        (
            {"a": {"n.x": np.arange(70_000)}, "b": {"n.y": np.arange(2)}},
            {},
            "column n.x: has 70000 different values and",
        ),
    ],
)
def test_what_cannot_be_crossed_is_refused_in_one_line(entities, changed, message):
    rulebook, _ = sample()
    with pytest.raises(LexlociError) as found:
        decide(rulebook, entities, **changed)
    assert str(found.value).startswith(message)
    assert "\n" not in str(found.value)


def test_too_many_classes_are_refused_before_any_work(monkeypatch):
    monkeypatch.setattr(cross, "MOST_CLASSES", 10)
    answer = decide(*sample())
    with pytest.raises(LexlociError, match="ask for a part"):
        next(answer.blocks())
    assert answer.outcomes(0, 0, 0, 0) in range(len(OUTCOMES))


def test_a_condition_on_too_many_values_of_two_entities_is_refused(monkeypatch):
    letters = "abcdefghijklmnopqrst"
    facts = {f"f.{letter}": FactType(f"f.{letter}", "bool", "?") for letter in letters}
    rulebook = make_rulebook([PERMIT, make_rule("r", [" || ".join(facts)])], facts)
    flags = np.array([False, False, True])
    entities = {place: {name: flags for name in facts if ord(name[-1]) % 2 is place % 2} for place in (0, 1)}
    entities = {f"entity {place}": some for place, some in entities.items()}
    answer = decide(rulebook, entities)
    assert answer.counts()[Outcome.PERMITTED] == 4
    monkeypatch.setattr(cross, "MOST_PAIRS", 1000)
    with pytest.raises(LexlociError, match="reads more than 1000 combinations of values of several entities"):
        decide(rulebook, entities)


@pytest.mark.parametrize("kind", [ActKind.EXPORT, ActKind.DATA_EXPORT, ActKind.USE])
def test_the_rulebook_is_crossed_as_it_is_asked_row_by_row(kind):
    rulebook, random = bundled_rulebook(), Random(kind.value)
    tables = {"sites": {}, "chips": {}, "parties": {}}
    for (entity, some), rows in zip(tables.items(), (4, 3, 3), strict=True):
        given = real_columns(random, kind, rows, 0.9)
        taken = {name for other in tables.values() for name in other}
        some |= {name: column for name, column in given.items() if name not in taken and random.random() < 0.5}
        assert some, entity
    question = {"known_at": rulebook.reviewed, "basis": Basis.TEXT, "asked": (), "closed": True}
    answer = decide_cross(rulebook, kind, tables, on=[date(2023, 1, 1), date(2025, 6, 1)], **question)
    columns, days = enumerated(answer)
    expected = decide_columns(rulebook, kind, columns, on=days, **question).outcome
    assert np.array_equal(answer.outcomes(*(slice(None),) * 4).ravel(), expected)
    assert sum(answer.counts().values()) == len(expected)
