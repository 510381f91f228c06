"""The formulas say of every act with known facts what the reference says of it."""

from __future__ import annotations

import pytest
import z3
from analysis_random import BEGIN, DAY, DAYS, DOMAIN, EARLY, MIDDLE, act_with, book, rules, total_facts
from hypothesis import given, settings
from hypothesis import strategies as st
from law_support import make_rule

from lexloci.law.analysis import clock
from lexloci.law.analysis.encode import Encoding
from lexloci.law.analysis.logic import conjunction
from lexloci.law.analysis.space import exact, space_of
from lexloci.law.decide import decide
from lexloci.law.rule import EffectKind
from lexloci.model.act import ActKind, Question
from lexloci.model.fact import ABSENT, UNKNOWN
from lexloci.model.outcome import Outcome
from lexloci.model.portfolio import Basis

KIND = ActKind.EXPORT
layers = st.sampled_from(Basis)
asked = st.sampled_from([("aa",), ("bb",), ("aa", "bb")])
days = st.sampled_from(DAYS)


def pinned(space, values):
    """That an act states exactly these facts, and has an end user."""
    terms = []
    for name, value in values.items():
        variable = space.variable(name)
        if value is ABSENT:
            terms.append(z3.Not(variable.has))
        else:
            same = variable.value == exact(value) if variable.type == "number" else variable.is_in((value,))
            terms += [variable.has, same]
    has_consignee = values["consignee.seat"] is not ABSENT
    return conjunction([*terms, space.role("end_user"), space.role("consignee") == has_consignee])


def outcomes(encoding, bodies, terms):
    """The outcomes that the formulas allow."""
    answer = encoding.answer(KIND, bodies)
    solver = z3.Solver()
    solver.add(*encoding.clock.within)
    found = set()
    for outcome in Outcome:
        is_it = answer.is_(outcome)
        facts = terms(encoding)
        solver.push()
        solver.add(*encoding.space.axioms, facts, is_it)
        if solver.check() == z3.sat:
            found.add(outcome)
        solver.pop()
    return found


def space_with(rulebook):
    """Every value of the domain can be pinned in it."""
    from lexloci.law.expression import Member

    texts = {name: options for name, options in DOMAIN.items() if any(isinstance(one, str) for one in options)}
    literals = [
        Member(name, tuple(one for one in options if isinstance(one, str))[:1]) for name, options in texts.items()
    ]
    singles = [Member(name, (one,)) for name, options in texts.items() for one in options if isinstance(one, str)]
    return space_of([rulebook], [*literals, *singles])


@settings(max_examples=150)
@given(rules(), total_facts, layers, asked, days, days)
def test_the_outcome_is_that_of_the_reference(drawn, values, layer, bodies, on, known_at):
    rulebook = book(drawn)
    encoding = Encoding(rulebook, space_with(rulebook), clock.fixed(on, known_at), layer)
    found = decide(rulebook, act_with(values, on, bodies), Question(on, known_at, layer), bodies=bodies)
    assert outcomes(encoding, bodies, lambda each: pinned(each.space, values)) == {found.outcome}


@settings(max_examples=60)
@given(rules(), total_facts, layers, days, days)
def test_the_day_may_be_a_variable(drawn, values, layer, on, known_at):
    rulebook = book(drawn)
    encoding = Encoding(rulebook, space_with(rulebook), clock.any_days(EARLY, DAY.replace(year=2031)), layer)
    found = decide(rulebook, act_with(values, on), Question(on, known_at, layer), bodies=("aa",))

    def terms(each):
        return conjunction((pinned(each.space, values), each.clock.pinned(on, known_at)))

    assert outcomes(encoding, ("aa",), terms) == {found.outcome}


@settings(max_examples=60)
@given(rules(), total_facts, layers, days)
def test_a_rule_fires_and_decides_where_the_reference_says_so(drawn, values, layer, on):
    rulebook = book(drawn)
    encoding = Encoding(rulebook, space_with(rulebook), clock.fixed(on, on), layer)
    found = decide(rulebook, act_with(values, on), Question(on, on, layer), bodies=("aa", "bb"))
    fired = {one.rule for one in found.findings if one.status.value == "fired"}
    for rule in drawn:
        if rule.kind is EffectKind.OUTCOME:
            goal = conjunction((encoding.is_certain(rule), pinned(encoding.space, values)))
            solver = z3.Solver()
            solver.add(*encoding.space.axioms, goal)
            assert (solver.check() == z3.sat) == (rule.id in fired)


def test_countries_that_no_condition_names_are_countries_and_can_differ():
    rulebook = book([make_rule("r", ["t.x == t.y", 'n.x in [1.0] || t.x in ["BB"]'])])
    values, allowed = space_of([rulebook]).values["t.x"]
    unnamed = [text for text in values.examples if text not in ("BB", "CC", "DD")]
    assert len(unnamed) == 2
    assert all(len(text) == 2 and text.isupper() for text in unnamed)
    assert len(allowed) == len(values.examples)


def test_texts_that_no_condition_tells_apart_share_an_example():
    rulebook = book([make_rule("r", ["consignee.seat in set.moved"])])
    values, _ = space_of([rulebook]).values["consignee.seat"]
    assert values.class_of["BB"] != values.class_of["DD"]
    assert len(values.examples) == 3


def test_a_closed_domain_has_no_other_value():
    rulebook = book([make_rule("r", ['s.class == "chip"'])])
    values, allowed = space_of([rulebook]).values["s.class"]
    assert sorted(values.examples[one] for one in allowed) == ["chip", "other", "tool"]


@pytest.mark.parametrize(
    ("on", "known_at", "value"), [(BEGIN, BEGIN, "BB"), (MIDDLE, BEGIN, "BB"), (MIDDLE, MIDDLE, "DD")]
)
def test_the_version_of_a_set_is_that_of_both_clocks(on, known_at, value):
    rulebook = book([make_rule("r", ["t.x in set.moved", 't.x in ["DD"]'])], far=("CC",))
    encoding = Encoding(rulebook, space_of([rulebook]), clock.fixed(on, known_at), Basis.TEXT)
    term = encoding.fires(rulebook.rules[0])
    solver = z3.Solver()
    solver.add(*encoding.space.axioms, term)
    assert (solver.check() == z3.sat) == (value == "DD")


def test_a_reading_that_is_not_adopted_is_unknown_and_a_fact_absent():
    rulebook = book([make_rule("r", ['reading.aa.reach == "wide"'])])
    space = space_of([rulebook])
    assert (space.variable("reading.aa.reach").lacks, space.variable("f.a").lacks) == (UNKNOWN, ABSENT)
